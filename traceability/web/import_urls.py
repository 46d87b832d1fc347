"""Addresses of lots of other records: bundles that were brought, imports of them, and second signatures."""

from django.urls import path

from traceability.web import import_views

urlpatterns = [
    path("imports/", import_views.show_all, name="imports"),
    path("imports/countersign/", import_views.countersign, name="countersign"),
    path("imports/countersigned/<int:signature_id>", import_views.countersigned, name="countersigned"),
    path("imports/<uuid:bundle_id>/", import_views.show, name="import"),
    path("imports/<uuid:bundle_id>/file", import_views.file, name="import_file"),
]
