"""Sheets that people and programs upload: what was read of them, and how far they are."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from traceability.models.organisations import Organisation

AT_WORK = ("waiting", "signing")


class SheetImport(models.Model):
    """One uploaded sheet on its way from checking to the signature of all its acts at once."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Being checked")
        CHECKED = "checked", _("Checked")
        SIGNING = "signing", _("Being signed")
        SIGNED = "signed", _("Signed")
        FAILED = "failed", _("Failed")

    id = models.UUIDField(primary_key=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="sheet_imports")
    act = models.CharField(max_length=20)
    name = models.CharField(max_length=200)  # of the file
    sha256 = models.BinaryField(max_length=32)
    style = models.CharField(max_length=5)  # how decimals are written in it
    utc_offset = models.CharField(max_length=6)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    revision = models.IntegerField(default=0)  # grows with each change of its cells
    tries = models.IntegerField(default=0)  # how often the work at hand was begun
    seen_at = models.DateTimeField(null=True)  # when who works at it was last heard of
    rows = models.IntegerField(default=0)
    acts = models.IntegerField(default=0)
    mistakes = models.IntegerField(default=0)  # what keeps it from being signed
    doubts = models.IntegerField(default=0)  # what somebody should look at
    error = models.CharField(max_length=500, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    signed_role = models.CharField(max_length=12, blank=True)  # of who asked to sign
    signed_by_program = models.BooleanField(default=False)
    signed_at = models.DateTimeField(null=True)
    # Who uploaded or changed it: where approval is wanted, none of them signs it.
    writers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=1000, blank=True)  # why a colleague sent it back

    class Meta:
        ordering = ["-made_at", "pk"]
        indexes = [models.Index(fields=["made_at"], condition=Q(state__in=AT_WORK), name="sheets_at_work")]

    def __str__(self) -> str:
        return f"{self.act} sheet {self.name}: {self.state}"

    @property
    def is_at_work(self) -> bool:
        """Whether it is being checked or signed."""
        return self.state in AT_WORK

    @property
    def can_be_signed(self) -> bool:
        """Whether nothing in it is wrong; events may all be kept as what they are."""
        has_some = self.acts > 0 or (self.act == "epcis" and self.rows > 0)
        return self.state == self.State.CHECKED and not self.mistakes and has_some


class SheetContent(models.Model):
    """What was read of a sheet: its cells, what is wrong with them, and the acts that it becomes; packed JSON."""

    sheet = models.OneToOneField(SheetImport, primary_key=True, on_delete=models.CASCADE, related_name="content")
    cells = models.BinaryField()
    findings = models.BinaryField(default=b"")
    acts = models.BinaryField(default=b"")

    def __str__(self) -> str:
        return f"content of {self.sheet_id}"
