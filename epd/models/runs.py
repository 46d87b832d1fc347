"""Declarations of many lots at once: what was asked, and how far each lot is."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class DeclarationRun(models.Model):
    """Lots that somebody wants declared, one after the other; `said` is what he says of each of them."""

    class State(models.TextChoices):
        WAITING = "waiting", _("At work")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Stopped")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    organisation = models.ForeignKey("traceability.Organisation", on_delete=models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_program = models.BooleanField()
    said = models.JSONField(default=dict)
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)
    seen_at = models.DateTimeField(null=True)  # when its worker was last heard of

    class Meta:
        ordering = ["-asked_at", "pk"]
        indexes = [
            models.Index(fields=["organisation"]),
            models.Index(fields=["asked_at"], condition=Q(state="waiting"), name="declaration_runs_waiting"),
        ]

    def __str__(self) -> str:
        return str(self.said.get("product") or "") or str(self.pk)[-8:]


class DeclarationRunLot(models.Model):
    """One lot of a run."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DECLARED = "declared", _("Declared")
        ASKED = "asked", _("Waits for approval")
        FAILED = "failed", _("Not declared")

    run = models.ForeignKey(DeclarationRun, on_delete=models.CASCADE, related_name="lots")
    lot = models.ForeignKey("traceability.Lot", on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    declaration = models.ForeignKey("epd.Declaration", null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    tries = models.IntegerField(default=0)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["run", "lot"], name="one_lot_in_a_run")]
        indexes = [models.Index(fields=["run", "state"], name="declaration_run_lots")]

    def __str__(self) -> str:
        return f"{self.lot_id} in {self.run_id}"
