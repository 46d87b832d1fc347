"""Reference declarations that are being prepared: what was typed, and what was computed from it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ReferenceDraft(models.Model):
    """What people of an organisation typed for a reference declaration, word by word, valid or not.

    `body` is the opened body that was computed from it last, for the revision `computed`.
    """

    class State(models.TextChoices):
        TYPED = "typed", _("Being filled in")
        WAITING = "waiting", _("Being computed")
        COMPUTED = "computed", _("Computed")
        FAILED = "failed", _("Not computed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)  # of the declaration that it becomes
    organisation = models.ForeignKey("traceability.Organisation", on_delete=models.CASCADE, related_name="+")
    typed = models.JSONField(default=dict)
    typed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    revision = models.IntegerField(default=0)
    state = models.CharField(max_length=8, choices=State, default=State.TYPED)
    body = models.JSONField(null=True)
    error = models.CharField(max_length=500, blank=True)
    tries = models.IntegerField(default=0)
    seen_at = models.DateTimeField(null=True)  # when its worker was last heard of

    class Meta:
        ordering = ["-changed_at", "pk"]
        indexes = [
            models.Index(fields=["organisation"]),
            models.Index(fields=["changed_at"], condition=Q(state="waiting"), name="reference_drafts_waiting"),
        ]

    def __str__(self) -> str:
        return str(self.typed.get("product") or "") or str(self.pk)[-8:]
