"""Lots and the heads of all chains: an index of the signed statements, which can be rebuilt from them."""

from django.db import models

from traceability.models.organisations import Organisation


class SubjectHead(models.Model):
    """The newest accepted link of a chain; its row is the lock under which the chain grows."""

    subject = models.UUIDField(primary_key=True)
    owner = models.UUIDField()  # the organisation that may append, where that never changes; else its maker
    opened_by = models.CharField(max_length=40)  # the kind of the first statement
    seq = models.BigIntegerField()
    custody_hash = models.BinaryField(max_length=32)
    ended = models.BooleanField(default=False)  # a declaration that was withdrawn or superseded
    statement = models.ForeignKey("traceability.Statement", on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"urn:uuid:{self.subject} after {self.seq}"


class Lot(models.Model):
    """One lot. `record` is the whole LotRecord of acceptance/world.py; the columns are what pages ask for."""

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=80, blank=True)
    material = models.CharField(max_length=120)
    stage = models.CharField(max_length=20)
    output_class = models.CharField(max_length=12, blank=True)
    origin = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, blank=True)  # of the mine, or of the last process step
    maker = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="lots_made")
    holder = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="lots_held")
    receiver = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="lots_coming")
    state = models.CharField(max_length=12)
    mass_kg = models.DecimalField(max_digits=15, decimal_places=3)  # custody mass when made or received
    remaining_kg = models.DecimalField(max_digits=15, decimal_places=3)
    made_by = models.ForeignKey("traceability.Statement", on_delete=models.PROTECT, related_name="lots_made")
    newest = models.ForeignKey("traceability.Statement", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    record = models.JSONField()

    class Meta:
        indexes = [
            models.Index(fields=["holder", "state"]),
            models.Index(fields=["receiver", "state"]),
            models.Index(fields=["maker"]),
        ]

    def __str__(self) -> str:
        return self.number or str(self.id)

    @property
    def urn(self) -> str:
        return f"urn:uuid:{self.id}"


class LotEdge(models.Model):
    """Matter of `parent` went into `child` in this statement."""

    parent = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="edges_down")
    child = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="edges_up")
    statement = models.ForeignKey("traceability.Statement", on_delete=models.PROTECT, related_name="+")
    mass_kg = models.DecimalField(max_digits=15, decimal_places=3)  # drawn from parent by the whole step
    division = models.BooleanField(default=False)  # a split or merge: the assay is inherited
    voided = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["child", "parent"], name="one_edge")]
        indexes = [models.Index(fields=["parent", "child"])]

    def __str__(self) -> str:
        return f"{self.parent_id} to {self.child_id}"


class LotAccess(models.Model):
    """Why an organisation sees a lot: the door of selectors/access.py."""

    class Sees(models.TextChoices):
        PARTY = "party", "made it or held it"
        CUSTOMER = "customer", "received it or is to receive it"
        ASSAY = "assay", "bought a part of it, so that its assay counts for him"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    lot = models.ForeignKey(Lot, on_delete=models.CASCADE, related_name="+")
    sees = models.CharField(max_length=8, choices=Sees)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "lot", "sees"], name="one_access")]
        indexes = [models.Index(fields=["lot"])]

    def __str__(self) -> str:
        return f"{self.organisation_id} sees {self.lot_id}: {self.sees}"


class StepInProcess(models.Model):
    """A transform that leaves matter in process at a facility, or takes it out, in one of its versions."""

    statement = models.ForeignKey("traceability.Statement", on_delete=models.PROTECT, related_name="steps_in_process")
    facility = models.UUIDField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["statement", "facility"], name="one_step_in_process")]

    def __str__(self) -> str:
        return f"{self.statement_id} at {self.facility}"
