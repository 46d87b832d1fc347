"""Private keys that the platform holds, sealed under the master key (services/vault.py)."""

from django.db import models

from traceability.ledger.notes import ED25519, ED25519_COSIGNATURE, MLDSA44_COSIGNATURE, VerifierKey

# Reserved names, in the order in which they sign a checkpoint: the note key's name after the origin, and its type.
LOG_KEYS = {
    "log/ed25519": ("", ED25519),
    "log/ml-dsa-44": ("", MLDSA44_COSIGNATURE),
    "time/ed25519": ("/time", ED25519_COSIGNATURE),
}


class PlatformKey(models.Model):
    """An Ed25519 key that signs statements for an organisation."""

    id = models.BigAutoField(primary_key=True)
    organisation = models.UUIDField(db_index=True)
    key_id = models.BinaryField(max_length=32, unique=True)
    public_key = models.BinaryField(max_length=32)
    sealed_private = models.BinaryField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"key of {self.organisation} since {self.created_at:%Y-%m-%d}"


class LogKey(models.Model):
    """A key of the log itself, by its reserved name. It never signs a statement, an issuer's key never a checkpoint."""

    name = models.CharField(primary_key=True, max_length=40)
    key_id = models.BinaryField(max_length=32, unique=True)
    public_key = models.BinaryField()
    sealed_private = models.BinaryField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    def verifier_key(self, origin: str) -> VerifierKey:
        """The key with which the checkpoints of the log of this origin are checked."""
        suffix, type_ = LOG_KEYS[self.name]
        return VerifierKey(origin + suffix, type_, bytes(self.public_key))
