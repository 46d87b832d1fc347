"""Addresses of the pages that follow lots: parents and children, recall, where an element is from."""

from django.urls import path

from traceability.web import origin_views, recall_views, relatives_views

urlpatterns = [
    path("lineage/", relatives_views.show, name="lineage"),
    path("lots/<uuid:lot_id>/recall/", recall_views.show, name="lot_recall"),
    path("lots/<uuid:lot_id>/origin/", origin_views.show_origin, name="lot_origin"),
    path("lots/<uuid:lot_id>/whereabouts/", origin_views.show_whereabouts, name="lot_whereabouts"),
]
