"""Addresses of notices, watches, webhooks, the audit log and the outbox."""

from django.urls import path

from traceability.web import audit_views, notice_views, webhook_views

urlpatterns = [
    path("notices/", notice_views.show, name="notices"),
    path("notices/read", notice_views.read_all, name="notices_read"),
    path("notices/preferences/", notice_views.preferences, name="notice_preferences"),
    path("notices/<uuid:notice_id>/", notice_views.follow, name="notice"),
    path("watches/", notice_views.watches, name="watches"),
    path("watches/add", notice_views.watch, name="watch"),
    path("watches/<uuid:watch_id>/stop", notice_views.stop, name="watch_stop"),
    path("webhooks/", webhook_views.show, name="webhooks"),
    path("webhooks/key", webhook_views.replace_key, name="webhook_key"),
    path("webhooks/<uuid:webhook_id>/", webhook_views.one, name="webhook"),
    path("webhooks/<uuid:webhook_id>/remove", webhook_views.remove, name="webhook_remove"),
    path("webhooks/<uuid:webhook_id>/test", webhook_views.test, name="webhook_test"),
    path(
        "webhooks/<uuid:webhook_id>/deliveries/<uuid:delivery_id>/again", webhook_views.again, name="webhook_redeliver"
    ),
    path("audit/", audit_views.show, name="audit"),
    path("outbox/", audit_views.outbox, name="outbox"),
    path("outbox/<int:task_id>/again", audit_views.try_again, name="outbox_again"),
]
