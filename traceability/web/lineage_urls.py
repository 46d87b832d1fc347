"""Addresses of the pages that follow lots: parents and children, recall, where an element is from."""

from django.urls import path

from traceability.web import relatives_views

urlpatterns = [
    path("lineage/", relatives_views.show, name="lineage"),
]
