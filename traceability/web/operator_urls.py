"""Addresses of the operator's pages of the installation itself."""

from django.urls import path

from traceability.web import operator_views, trusted_log_views

urlpatterns = [
    path("operator/log/", operator_views.log_health, name="operator_log"),
    path("operator/tasks/", operator_views.jobs, name="operator_jobs"),
    path("operator/mail/", operator_views.mail, name="operator_mail"),
    path("operator/mail/<int:entry_id>/again", operator_views.send_again, name="operator_mail_again"),
    path("operator/keys/", operator_views.keys, name="operator_keys"),
    path("operator/records/", trusted_log_views.show_all, name="operator_records"),
    path("operator/records/<uuid:log_id>/revoke", trusted_log_views.revoke, name="operator_record_revoke"),
]
