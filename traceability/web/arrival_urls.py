"""Addresses of deliveries that arrive in parts."""

from django.urls import path

from traceability.web import arrival_views

urlpatterns = [
    path("arrivals/", arrival_views.show_all, name="arrivals"),
    path("arrivals/<uuid:arrival_id>/", arrival_views.show, name="arrival"),
]
