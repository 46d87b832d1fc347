"""Webhooks: where an organisation wants its notices sent, with which key they are signed, and what became of each."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from traceability.models.notifications import Notice
from traceability.models.organisations import Organisation


class WebhookKey(models.Model):
    """The Ed25519 key that signs the webhooks of an organisation; it speaks for nobody in the record."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="webhook_key")
    public_key = models.BinaryField(max_length=32)
    sealed_private = models.BinaryField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"webhook key of {self.organisation_id}"


class Webhook(models.Model):
    """An address that gets the notices of an organisation."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="webhooks")
    url = models.CharField(max_length=500)
    kinds = models.JSONField(default=list)  # of notices; empty: all
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    failing_since = models.DateTimeField(null=True)  # the first failure after the last success
    disabled_at = models.DateTimeField(null=True)
    disabled_because = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.url


class WebhookDelivery(models.Model):
    """One message to one address. Its id is the webhook-id: the receiver knows a repetition by it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    notice = models.ForeignKey(Notice, null=True, on_delete=models.CASCADE, related_name="+")  # None: a test
    kind = models.CharField(max_length=30)
    body = models.TextField()  # what is signed, byte for byte
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["webhook", "notice"], name="one_delivery")]
        indexes = [models.Index(fields=["webhook", "-created_at"])]

    def __str__(self) -> str:
        return self.message_id

    @property
    def message_id(self) -> str:
        """What stands in the header webhook-id."""
        return f"msg_{self.id.hex}"


class WebhookAttempt(models.Model):
    """One try to deliver, with the beginning of the answer, or why there was none."""

    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    took_ms = models.IntegerField()
    status = models.IntegerField(null=True)
    excerpt = models.CharField(max_length=500, blank=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.status or self.error}"
