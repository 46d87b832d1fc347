"""What stands beside a signed statement: confidential values, documents, newer versions, withdrawals, references."""

from django.db import models

from traceability.models.organisations import OpeningRule, Organisation


class Disclosure(models.Model):
    """One confidential place. Erasing `text` (salt and value) erases the value for ever; the digest stays, so that it
    occurs once in the log, and the signature stays valid."""

    statement = models.ForeignKey("traceability.Statement", on_delete=models.PROTECT, related_name="disclosures")
    digest = models.CharField(max_length=43, unique=True)  # a digest occurs once in a log
    path = models.CharField(max_length=200)  # JSON pointer into the payload
    group = models.CharField(max_length=10, choices=OpeningRule.Group)
    lot = models.UUIDField(null=True)  # the lot that the value speaks of, where it is one
    text = models.TextField(null=True)  # None: erased, or never given to the log

    class Meta:
        indexes = [models.Index(fields=["statement"])]

    def __str__(self) -> str:
        return f"{self.statement_id}{self.path}"


class Version(models.Model):
    """A correction of a statement, or its withdrawal: effective data are the newest row's."""

    original = models.ForeignKey("traceability.Statement", on_delete=models.PROTECT, related_name="versions")
    statement = models.OneToOneField("traceability.Statement", on_delete=models.PROTECT, related_name="version_of")
    withdrawn = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["original", "statement"])]

    def __str__(self) -> str:
        return f"{self.statement_id} of {self.original_id}"


class Finding(models.Model):
    """Something about a statement or lot that a person should look at; never an error at the door."""

    statement = models.ForeignKey("traceability.Statement", on_delete=models.CASCADE, related_name="findings")
    lot = models.UUIDField(null=True)
    code = models.CharField(max_length=60)
    sentence = models.CharField(max_length=500)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["lot"]), models.Index(fields=["statement"])]

    def __str__(self) -> str:
        return self.code


class Attested(models.Model):
    """A statement.attest names this statement."""

    attestation = models.ForeignKey("traceability.Statement", on_delete=models.PROTECT, related_name="attests")
    statement = models.ForeignKey("traceability.Statement", on_delete=models.PROTECT, related_name="attested_by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attestation", "statement"], name="attested_once")]

    def __str__(self) -> str:
        return f"{self.attestation_id} attests {self.statement_id}"


class Evidence(models.Model):
    """A document, stored by its content outside the database, one copy per organisation."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="evidence")
    sha256 = models.BinaryField(max_length=32)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size_bytes = models.BigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "sha256"], name="evidence_once")]

    def __str__(self) -> str:
        return self.name
