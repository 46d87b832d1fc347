"""What surrounds a verification and is not signed: who the people behind meaningless urns are, and what they wrote."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Person(models.Model):
    """The urn under which a person took part in one declaration; without the row nobody knows who it was."""

    declaration = models.UUIDField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    urn = models.UUIDField(unique=True, default=uuid.uuid4)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["declaration", "user"], name="one_urn_of_a_person")]

    def __str__(self) -> str:
        return f"{self.urn} on {self.declaration}"


class Remark(models.Model):
    """What declarant and verifier write to each other about a declaration; nothing of it is signed."""

    class Kind(models.TextChoices):
        COMMENT = "comment", _("Comment")
        CHANGE = "change", _("Request for change")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    declaration = models.UUIDField()
    organisation = models.ForeignKey("traceability.Organisation", on_delete=models.CASCADE, related_name="+")
    partner = models.ForeignKey("traceability.Organisation", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=7, choices=Kind)
    point = models.CharField(max_length=20, blank=True)  # of the check list
    text = models.CharField(max_length=2000)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["declaration"], name="remarks_on")]

    def __str__(self) -> str:
        return f"{self.kind} on {self.declaration}"
