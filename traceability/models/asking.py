"""What partners ask of each other, and single confidential values that an issuer opened to one of them."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from traceability.models.organisations import Organisation
from traceability.models.records import Disclosure


class PartnerRequest(models.Model):
    """A buyer asks a supplier for a declaration, or to open confidential values; nobody but the two of them sees it."""

    class What(models.TextChoices):
        DECLARATION = "declaration", _("A declaration")
        OPENING = "opening", _("Opening of values")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ANSWERED = "answered", _("Answered")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    what = models.CharField(max_length=11, choices=What)
    asker = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="requests_made")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    to = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="requests_to_answer")
    lot = models.ForeignKey("traceability.Lot", null=True, on_delete=models.PROTECT, related_name="+")
    product = models.CharField(max_length=200, blank=True)
    statement = models.ForeignKey("traceability.Statement", null=True, on_delete=models.PROTECT, related_name="+")
    places = models.JSONField(default=list)  # JSON pointers into the payload of the statement
    message = models.CharField(max_length=1000, blank=True)
    due_on = models.DateField(null=True)
    same = models.CharField(max_length=64)  # what two requests have in common that ask for the same
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    reason = models.CharField(max_length=1000, blank=True)  # what was said with the answer
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    declaration = models.UUIDField(null=True)  # the answer to a request for one
    opened = models.JSONField(default=list)  # those of the places that were opened

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["same"], condition=models.Q(state="open"), name="one_open_request")
        ]
        indexes = [
            models.Index(fields=["to", "state", "-asked_at"], name="requests_to"),
            models.Index(fields=["asker", "-asked_at"], name="requests_of"),
            models.Index(fields=["same"], name="requests_alike"),
        ]

    def __str__(self) -> str:
        return f"{self.asker_id} asks {self.to_id}: {self.what}"


class Opening(models.Model):
    """The issuer of a confidential value opened it to one organisation, beyond his standing rules."""

    disclosure = models.ForeignKey(Disclosure, on_delete=models.CASCADE, related_name="openings")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "disclosure"], name="one_opening")]

    def __str__(self) -> str:
        return f"{self.disclosure_id} to {self.organisation_id}"
