"""Addresses of sheets: templates to fill in, what was uploaded, one of them on its way to the signature."""

from django.urls import path

from traceability.web import sheet_views

urlpatterns = [
    path("sheets/", sheet_views.show_all, name="sheets"),
    path("sheets/templates/<slug:act>", sheet_views.template, name="sheet_template"),
    path("sheets/<uuid:sheet_id>/", sheet_views.show, name="sheet"),
    path("sheets/<uuid:sheet_id>/discard/", sheet_views.discard, name="sheet_discard"),
]
