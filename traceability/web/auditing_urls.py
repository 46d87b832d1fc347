"""Addresses of what an auditor works with: samples and notes."""

from django.urls import path, re_path

from traceability.web import audit_note_views, sampling_views

urlpatterns = [
    path("sampling/", sampling_views.show, name="sampling"),
    path("notes/", audit_note_views.show, name="audit_notes"),
    re_path(
        r"^notes/on/(?P<about>lot|statement|declaration)/(?P<subject>[0-9a-f-]{36}|[0-9a-f]{64})/$",
        audit_note_views.write,
        name="audit_note_write",
    ),
    path("notes/<uuid:note_id>/done", audit_note_views.done, name="audit_note_done"),
    path("notes/<uuid:note_id>/remove", audit_note_views.remove, name="audit_note_remove"),
]
