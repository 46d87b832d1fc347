"""Published factor sets: the objects whose root a factors.publish signs."""

from django.db import models


class FactorSetRow(models.Model):
    """A set of factors that its publisher signed."""

    statement = models.OneToOneField("traceability.Statement", on_delete=models.PROTECT, related_name="factor_set")
    name = models.CharField(max_length=120)
    version = models.CharField(max_length=60)
    owner = models.ForeignKey("traceability.Organisation", null=True, on_delete=models.PROTECT, related_name="+")
    """Whose own set it is; None for the sets of everybody."""
    base = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    """The set of everybody that an own set was made from."""

    class Meta:
        ordering = ["-statement_id"]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class FactorRow(models.Model):
    """One factor of a set, as its canonical bytes."""

    factor_set = models.ForeignKey(FactorSetRow, on_delete=models.PROTECT, related_name="factors")
    factor_id = models.CharField(max_length=120)
    canonical = models.BinaryField()

    class Meta:
        ordering = ["factor_id"]
        constraints = [models.UniqueConstraint(fields=["factor_set", "factor_id"], name="one_factor")]

    def __str__(self) -> str:
        return self.factor_id
