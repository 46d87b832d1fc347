"""Claims accounts: an index of the signed statements, which can be rebuilt from them."""

from django.db import models

from traceability.models.organisations import Organisation


class ClaimsAccount(models.Model):
    """One claims account. `record` is the whole AccountRecord of acceptance/world.py."""

    id = models.UUIDField(primary_key=True)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="claims_accounts")
    name = models.CharField(max_length=200, blank=True)
    facility = models.UUIDField(null=True)
    opened = models.ForeignKey("traceability.Statement", on_delete=models.PROTECT, related_name="+")
    newest = models.ForeignKey("traceability.Statement", on_delete=models.PROTECT, related_name="+")
    record = models.JSONField()

    def __str__(self) -> str:
        return self.name or str(self.id)

    @property
    def urn(self) -> str:
        return f"urn:uuid:{self.id}"
