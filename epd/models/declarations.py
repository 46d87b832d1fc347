"""Results and declarations: an index of their signed statements."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LotResultRow(models.Model):
    """A lot.result: by its maker, newest last."""

    statement = models.OneToOneField("traceability.Statement", on_delete=models.PROTECT, related_name="lot_result")
    lot = models.ForeignKey("traceability.Lot", on_delete=models.PROTECT, related_name="results")

    class Meta:
        ordering = ["statement_id"]

    def __str__(self) -> str:
        return f"result of {self.lot_id}"


class ShareTable(models.Model):
    """A table of shares that a lot.result, or a correction of one, states by its root alone.

    Whoever erases the value that holds the root erases this row too.
    """

    statement = models.ForeignKey("traceability.Statement", on_delete=models.PROTECT, related_name="share_tables")
    root = models.BinaryField(max_length=32)
    content = models.BinaryField()  # canonical bytes

    class Meta:
        constraints = [models.UniqueConstraint(fields=["statement", "root"], name="one_share_table")]
        indexes = [models.Index(fields=["root"])]

    def __str__(self) -> str:
        return f"table {bytes(self.root).hex()}"


class Declaration(models.Model):
    """A published declaration: of a lot, or without one a reference, of a product of a site over twelve months."""

    class Status(models.TextChoices):
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        SUPERSEDED = "superseded", _("Superseded")

    class Stage(models.TextChoices):
        """How far the verification of a declaration has come; `status` says whether it still stands."""

        CHECKED = "checked", _("Not verified")
        SUBMITTED = "submitted", _("Submitted")
        REFUSED = "refused", _("Refused")
        VERIFIED = "verified", _("Verified")
        REGISTERED = "registered", _("Registered")

    id = models.UUIDField(primary_key=True)
    lot = models.ForeignKey("traceability.Lot", null=True, on_delete=models.PROTECT, related_name="declarations")
    declarant = models.ForeignKey("traceability.Organisation", on_delete=models.PROTECT, related_name="declarations")
    statement = models.OneToOneField("traceability.Statement", on_delete=models.PROTECT, related_name="declaration")
    reference = models.CharField(max_length=12, unique=True)  # short, for people and QR codes
    product = models.CharField(max_length=200)
    country = models.CharField(max_length=2)
    gwp_ghg = models.DecimalField(max_digits=30, decimal_places=12, null=True)  # economic, A1-A3, for sorting only
    illustrative = models.BooleanField()
    material = models.CharField(max_length=120, blank=True, default="", db_default="")  # of a reference
    lot_stage = models.CharField(max_length=20, blank=True, default="", db_default="")  # of a reference
    status = models.CharField(max_length=10, choices=Status, default=Status.PUBLISHED)
    successor = models.UUIDField(null=True)
    reason = models.CharField(max_length=1000, blank=True)
    published_at = models.DateTimeField()
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.CHECKED, db_default=Stage.CHECKED)
    submitted_to = models.UUIDField(null=True)  # the organisation that was asked last
    asks = models.CharField(max_length=12, blank=True, default="", db_default="")  # of it: verification or registration
    verifier = models.UUIDField(null=True)  # whose verification stands
    verified_until = models.DateField(null=True)
    registrar = models.UUIDField(null=True)  # whose registration stands, or was taken back
    number = models.CharField(max_length=60, blank=True, default="", db_default="")
    registered_until = models.DateField(null=True)

    class Meta:
        ordering = ["-published_at", "pk"]
        indexes = [
            models.Index(fields=["lot"]),
            models.Index(fields=["declarant"]),
            models.Index(fields=["submitted_to"], name="declarations_submitted"),
            models.Index(fields=["registrar", "number"], name="declarations_registered"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.product}"

    @property
    def is_reference(self) -> bool:
        return self.lot_id is None

    @property
    def urn(self) -> str:
        return f"urn:uuid:{self.id}"
