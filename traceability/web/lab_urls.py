"""Addresses of lab sheets: documents of laboratories, read by rules and confirmed by a person."""

from django.urls import path, re_path

from traceability.web import lab_views

urlpatterns = [
    path("lab/", lab_views.show_all, name="lab_sheets"),
    re_path(r"^lab/(?P<sha256>[0-9a-f]{64})/$", lab_views.show, name="lab_sheet"),
]
