"""Addresses of requests between partners."""

from django.urls import path, re_path

from traceability.web import asking_views
from traceability.web.lot_urls import STATEMENT

urlpatterns = [
    path("requests/", asking_views.show, name="requests"),
    path("requests/new/", asking_views.ask_for_product, name="request_product"),
    path("requests/<uuid:request_id>/", asking_views.one, name="request"),
    path("lots/<uuid:lot_id>/ask/", asking_views.ask_for_declaration, name="request_declaration"),
    re_path(rf"{STATEMENT}/ask/$", asking_views.ask_for_opening, name="request_opening"),
]
