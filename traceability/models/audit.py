"""The audit log: who read confidential values of an organisation, who signed in for it, who changed its rights."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from traceability.models.organisations import Organisation


class AuditEvent(models.Model):
    """Something that `organisation` may want to look at later. Repetitions within an hour are counted, not listed."""

    class Kind(models.TextChoices):
        READ = "read", _("Confidential values were read")
        LOGIN = "login", _("Signed in")
        LOGIN_FAILED = "login_failed", _("Sign-in failed")
        SECOND_FACTOR = "second_factor", _("Second factor changed")
        PASSWORD = "password", _("Password changed")
        TOKEN_MADE = "token_made", _("Token made")
        TOKEN_REVOKED = "token_revoked", _("Token revoked")
        MANDATE_GIVEN = "mandate_given", _("Mandate given")
        MANDATE_ENDED = "mandate_ended", _("Mandate ended")
        MEMBER = "member", _("Member or role changed")
        ACCOUNT = "account", _("Account of the organisation changed")
        REQUEST = "request", _("Request to or from a partner")
        OPENED = "opened", _("Confidential values were opened")
        CLOSED = "closed", _("Confidential values were closed again")
        APPROVAL = "approval", _("Signed by a second person")
        KEY = "key", _("Key changed")
        WEBHOOK = "webhook", _("Webhook changed")
        TRUSTED_LOG = "trusted_log", _("Trust in another record changed")
        FOREIGN = "foreign", _("Lot of another record")

    once = models.CharField(max_length=64, unique=True)  # what makes an event a repetition
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="audit_events")
    kind = models.CharField(max_length=16, choices=Kind)
    at = models.DateTimeField()  # of the first time
    last_at = models.DateTimeField()
    times = models.IntegerField(default=1)
    actor_organisation = models.ForeignKey(Organisation, null=True, on_delete=models.SET_NULL, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    values_read = models.IntegerField(default=0)
    statements = models.JSONField(default=list)  # digests of own statements that were read, the first of them
    note = models.CharField(max_length=200, blank=True)
    address = models.GenericIPAddressField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "-last_at"])]

    def __str__(self) -> str:
        return f"{self.kind} of {self.organisation_id}"
