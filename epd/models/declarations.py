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
    """A published declaration. Everything in it is open but its causes and sources."""

    class Status(models.TextChoices):
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        SUPERSEDED = "superseded", _("Superseded")

    id = models.UUIDField(primary_key=True)
    lot = models.ForeignKey("traceability.Lot", on_delete=models.PROTECT, related_name="declarations")
    declarant = models.ForeignKey("traceability.Organisation", on_delete=models.PROTECT, related_name="declarations")
    statement = models.OneToOneField("traceability.Statement", on_delete=models.PROTECT, related_name="declaration")
    reference = models.CharField(max_length=12, unique=True)  # short, for people and QR codes
    product = models.CharField(max_length=200)
    country = models.CharField(max_length=2)
    gwp_ghg = models.DecimalField(max_digits=30, decimal_places=12, null=True)  # economic, A1-A3, for sorting only
    illustrative = models.BooleanField()
    status = models.CharField(max_length=10, choices=Status, default=Status.PUBLISHED)
    successor = models.UUIDField(null=True)
    reason = models.CharField(max_length=1000, blank=True)
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["-published_at", "pk"]
        indexes = [models.Index(fields=["lot"]), models.Index(fields=["declarant"])]

    def __str__(self) -> str:
        return f"{self.reference} {self.product}"

    @property
    def urn(self) -> str:
        return f"urn:uuid:{self.id}"
