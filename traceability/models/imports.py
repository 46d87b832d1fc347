"""Lots of other records: whose logs are trusted, which bundles came from them, and who was asked to sign what."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from traceability.models.organisations import Organisation


class TrustedLog(models.Model):
    """The log of another record as the operator trusts it; a change of its keys is a new row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    origin = models.CharField(max_length=200)
    name = models.CharField(max_length=120)  # of who runs it
    policy = models.TextField()  # tlog-policy: keys of the log and of its witnesses
    trust = models.TextField(blank=True)  # trust.json: whom of it the operator accepts
    trusted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    trusted_at = models.DateTimeField()
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)  # why it is no longer trusted

    class Meta:
        constraints = [models.UniqueConstraint(fields=["origin"], condition=Q(revoked_at=None), name="one_trusted_log")]
        ordering = ["-trusted_at", "pk"]

    def __str__(self) -> str:
        return self.origin


class ForeignBundle(models.Model):
    """The bundle of a lot of another record that an organisation brought; its file lies among its documents."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Being verified")
        VERIFIED = "verified", _("Verified")
        REFUSED = "refused", _("Refused")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="foreign_bundles")
    sha256 = models.BinaryField(max_length=32)
    name = models.CharField(max_length=200)  # of the file
    octets = models.BigIntegerField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    uploaded_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    tries = models.IntegerField(default=0)
    seen_at = models.DateTimeField(null=True)  # when its worker was last heard of
    checked_at = models.DateTimeField(null=True)
    origin = models.CharField(max_length=200, blank=True)  # of the log that it is from
    code = models.CharField(max_length=40, blank=True)  # why it was refused
    sentence = models.CharField(max_length=500, blank=True)
    report = models.JSONField(null=True)  # what the verifier says of it
    lot = models.UUIDField(null=True)
    proven = models.JSONField(null=True)  # the lot that it proves
    changes = models.JSONField(null=True)  # of a later bundle of a lot that is here: what was said since its dispatch

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "sha256"], name="one_foreign_bundle")]
        indexes = [models.Index(fields=["uploaded_at"], condition=Q(state="waiting"), name="foreign_bundles_waiting")]
        ordering = ["-uploaded_at", "pk"]

    def __str__(self) -> str:
        return f"{self.name}: {self.state}"


class ImportRequest(models.Model):
    """An import that its importer signed and that waits for the signature of the sender, who keeps another record."""

    id = models.UUIDField(primary_key=True)  # of the statement
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="import_requests")
    bundle = models.ForeignKey(ForeignBundle, on_delete=models.PROTECT, related_name="requests")
    lot = models.UUIDField()
    envelope = models.BinaryField()  # with the signature of the importer alone
    disclosures = models.JSONField()
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    signed_at = models.DateTimeField()
    statement = models.OneToOneField("traceability.Statement", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "lot"], name="one_import_request_of_a_lot")]
        ordering = ["-signed_at", "pk"]

    def __str__(self) -> str:
        return f"import of {self.lot}"


class Countersignature(models.Model):
    """An import into another record that an organisation signed second, for a lot that it dispatched there."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="countersignatures")
    lot = models.UUIDField()
    origin = models.CharField(max_length=200)  # of the log that takes the lot in
    importer = models.UUIDField()
    digest = models.BinaryField(max_length=32)  # of the statement
    envelope = models.BinaryField()  # with both signatures
    disclosures = models.JSONField()
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "digest"], name="one_countersignature")]
        ordering = ["-signed_at", "pk"]

    def __str__(self) -> str:
        return f"import of {self.lot} into {self.origin}"
