"""Audit bundles that are packed in the background, because they are too large for one answer."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from traceability.models.organisations import Organisation

OPEN = ("waiting", "running")


class BundleJob(models.Model):
    """The export of one lot's bundle for one reader, who alone may fetch it while he may see all that is in it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Being packed")
        DONE = "done", _("Ready")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="bundle_jobs")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    lot = models.UUIDField()
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    requested_at = models.DateTimeField()
    tries = models.IntegerField(default=0)
    seen_at = models.DateTimeField(null=True)  # when its worker was last heard of
    found = models.IntegerField(default=0)  # statements that were found so far
    packed = models.IntegerField(default=0)
    total = models.IntegerField(null=True)  # statements to pack, once all are found
    ended_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)  # a sentence for who asked
    octets = models.BigIntegerField(null=True)
    custody_hash = models.CharField(max_length=71, blank=True)
    statements = models.JSONField(default=list)  # the ids of those that are in it
    values_sha256 = models.CharField(max_length=64, blank=True)  # over the digests of the values that are in it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user", "lot"],
                condition=Q(state__in=OPEN),
                name="one_open_bundle_job",
            )
        ]
        indexes = [models.Index(fields=["requested_at"], condition=Q(state__in=OPEN), name="bundle_jobs_open")]
        ordering = ["-requested_at", "pk"]

    def __str__(self) -> str:
        return f"bundle of {self.lot}: {self.state}"

    @property
    def is_open(self) -> bool:
        """Whether it waits or is being packed."""
        return self.state in OPEN
