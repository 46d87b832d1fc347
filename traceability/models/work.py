"""Work in progress: drafts, and answers already given to a request."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from traceability.models.organisations import Organisation


class Draft(models.Model):
    """What a person typed so far, as typed; nothing of it is signed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=40)
    typed = models.JSONField(default=dict)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    # Who typed any of it: where approval is wanted, none of them signs it.
    writers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-updated_at"]

    def __str__(self) -> str:
        return f"{self.kind} draft {self.id}"


class DraftTemplate(models.Model):
    """What stays the same from one production to the next, kept by an organisation to begin drafts from."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="draft_templates")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)  # the act, as of a draft
    fields = models.JSONField(default=dict)  # figures among them are written with a decimal point
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="one_template_of_a_name")]

    def __str__(self) -> str:
        return self.name


class Approval(models.Model):
    """A draft that waits for the signature of a colleague, or was sent back by one.

    It is made anew each time it is asked for, so its id names what the colleague read. Another answer ends it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    draft = models.OneToOneField(Draft, on_delete=models.CASCADE, related_name="approval")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    sent_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    sent_back_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=1000, blank=True)  # why it was sent back

    class Meta:
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return f"approval of draft {self.draft_id}"


class Proposal(models.Model):
    """A draft that waits for the signature of the other party; nobody but the two of them sees it.

    It is made anew each time it is proposed, so its id names what the other party read. Once both have signed it names
    the statement, and the draft is gone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    draft = models.OneToOneField(Draft, null=True, on_delete=models.CASCADE, related_name="proposal")
    statement = models.OneToOneField("traceability.Statement", null=True, on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="proposals")
    lot = models.UUIDField()
    custody_hash = models.BinaryField(max_length=32)  # the head of the lot's chain when it was proposed
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    proposed_at = models.DateTimeField()
    declined_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=1000, blank=True)  # why it was declined

    class Meta:
        ordering = ["-proposed_at"]

    def __str__(self) -> str:
        return f"proposal of draft {self.draft_id}"


class FiguresApproval(models.Model):
    """A result or declaration of a lot, or the submission or end of a declaration, that waits for the signature of a
    colleague, or was sent back by one.

    The figures are computed when they are read and once more when they are signed: `said` holds what a person typed.
    """

    class What(models.TextChoices):
        RESULT = "result", _("Result")
        DECLARATION = "declaration", _("Declaration")
        WITHDRAW = "withdraw", _("Withdrawal of a declaration")
        SUPERSEDE = "supersede", _("Newer declaration in the place of another")
        SUBMIT = "submit", _("Submission of a declaration")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)  # of the declaration that it becomes
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="figures_approvals")
    lot = models.ForeignKey("traceability.Lot", on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=11, choices=What)
    declaration = models.UUIDField(null=True)  # that it submits or ends
    said = models.JSONField(default=dict)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField()
    sent_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    sent_back_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "lot", "what"],
                condition=models.Q(declaration=None),
                name="one_approval_of_lot",
            ),
            models.UniqueConstraint(fields=["organisation", "declaration"], name="one_approval_of_an_end"),
        ]

    def __str__(self) -> str:
        return f"{self.what} of {self.lot_id}"


class GivenApproval(models.Model):
    """An approval that was given: who gave it is told the same again when he signs a second time."""

    id = models.UUIDField(primary_key=True)  # of the approval, which is gone
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    signed = models.UUIDField()  # the draft, or the urn of the statement that it became
    given_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"approval {self.pk} of {self.signed}"


class RequestAnswer(models.Model):
    """The answer given to an Idempotency-Key: the same request gets it again, another request is refused."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    request_sha256 = models.BinaryField(max_length=32)
    status = models.IntegerField()
    body = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "key"], name="one_answer")]

    def __str__(self) -> str:
        return self.key
