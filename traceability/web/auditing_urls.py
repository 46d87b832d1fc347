"""Addresses of what an auditor works with: samples."""

from django.urls import path

from traceability.web import sampling_views

urlpatterns = [
    path("sampling/", sampling_views.show, name="sampling"),
    path("sampling.csv", sampling_views.as_csv, name="sampling_csv"),
]
