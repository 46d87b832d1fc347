"""Background data of an organisation: upstream declarations and factor tables that it brought."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class BackgroundUpload(models.Model):
    """A file that somebody brought and nobody confirmed yet."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    organisation = models.ForeignKey("traceability.Organisation", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    brought_at = models.DateTimeField()

    class Meta:
        ordering = ["-brought_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["organisation", "sha256"], name="one_background_upload")]

    def __str__(self) -> str:
        return self.name


class BackgroundData(models.Model):
    """A data set that an organisation took over: one factor of its own set, whose values never change."""

    class State(models.TextChoices):
        OFFERED = "offered", _("In use")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    organisation = models.ForeignKey("traceability.Organisation", on_delete=models.CASCADE, related_name="+")
    factor_id = models.CharField(max_length=120)
    canonical = models.BinaryField()  # of the factor, as it stands in the signed set
    name = models.CharField(max_length=200)
    document = models.CharField(max_length=200, blank=True)  # the identifier of the declaration that it comes from
    file_name = models.CharField(max_length=200)
    state = models.CharField(max_length=9, choices=State, default=State.OFFERED)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    taken_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-taken_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["organisation", "factor_id"], name="one_background_factor")]
        indexes = [models.Index(fields=["organisation", "document"])]

    def __str__(self) -> str:
        return self.name
