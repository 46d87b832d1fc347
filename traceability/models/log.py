"""Rows of the log: what was accepted, what waits, what has its place, what was signed over it.

Statement, ChainLink, LogEntry and Checkpoint are append-only: triggers refuse UPDATE, DELETE and TRUNCATE.
"""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from traceability.ledger.keys import KEY_KINDS


def _hashes(*names: str) -> models.CheckConstraint:
    """The constraint that each of these columns holds 32 bytes."""
    condition = Q()
    for name in names:
        condition &= Q(Exact(Length(name), 32))
    return models.CheckConstraint(condition=condition, name="%(app_label)s_%(class)s_hashes_of_32_bytes")


def _hash_field(*, unique: bool = False) -> "models.BinaryField[bytes, bytes]":
    return models.BinaryField(max_length=32, unique=unique)


class Statement(models.Model):
    """An accepted statement; its id is the order of acceptance. The columns are an index of the signed bytes."""

    id = models.BigAutoField(primary_key=True)
    urn = models.UUIDField()
    issuer = models.UUIDField()
    kind = models.CharField(max_length=60)
    digest = _hash_field(unique=True)
    envelope = models.BinaryField()
    leaf_hash = _hash_field()
    key_id = _hash_field()
    accepted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "urn"], name="one_statement_per_issuer_and_urn"),
            _hashes("digest", "leaf_hash", "key_id"),
        ]
        indexes = [
            models.Index(fields=["issuer", "id"], condition=Q(kind__in=sorted(KEY_KINDS)), name="statement_about_keys")
        ]


class ChainLink(models.Model):
    """One subject that a statement advances, with the custody hash that it makes."""

    id = models.BigAutoField(primary_key=True)
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="links")
    subject = models.UUIDField()
    seq = models.PositiveBigIntegerField()
    role = models.CharField(max_length=10)
    custody_hash = _hash_field()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "seq"], name="one_statement_per_subject_and_seq"),
            _hashes("custody_hash"),
        ]


class QueueEntry(models.Model):
    """An accepted statement that has no place in the log yet."""

    statement = models.OneToOneField(Statement, models.PROTECT, primary_key=True, related_name="waiting")


class LogEntry(models.Model):
    """The place of a statement in the log. Only the integrator gives indexes: a sequence would leave gaps."""

    index = models.BigIntegerField(primary_key=True)
    statement = models.OneToOneField(Statement, models.PROTECT, related_name="entry")
    leaf_hash = _hash_field()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(index__gte=0), name="log_index_not_negative"),
            _hashes("leaf_hash"),
        ]


class Checkpoint(models.Model):
    """A signed note on the tree of one size. A row newer than LogState.published is staged: nobody has seen it."""

    id = models.BigAutoField(primary_key=True)
    size = models.BigIntegerField()
    root = _hash_field()
    note = models.TextField()
    cosigned_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(size__gte=0), name="checkpoint_size_not_negative"),
            _hashes("root"),
        ]
        indexes = [models.Index(fields=["size", "id"], name="checkpoint_by_size")]


INDEX_VERSION = 1
"""Goes up, with a migration, when code writes other rows of the same signed bytes: `migrate` then makes them anew."""


class Cosignature(models.Model):
    """The line of a foreign witness under a published checkpoint: it comes later, so it stands beside the note."""

    id = models.BigAutoField(primary_key=True)
    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="cosignatures")
    name = models.CharField(max_length=200)
    key_id = models.BinaryField(max_length=4)
    line = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["checkpoint", "name", "key_id"], name="one_cosignature_per_witness")
        ]


class Witness(models.Model):
    """How a witness that this log asks has answered last."""

    vkey = models.TextField(primary_key=True)
    size = models.BigIntegerField(default=0)  # of the newest tree that it cosigned
    asked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.vkey.partition("+")[0]


class LogState(models.Model):
    """The one row that the integrator locks: the tree so far, and the newest checkpoint that was published."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    size = models.BigIntegerField(default=0)
    frontier = models.BinaryField()
    published = models.ForeignKey(Checkpoint, models.PROTECT, null=True, related_name="+")
    index_version = models.SmallIntegerField(default=INDEX_VERSION)  # by which the index of the record was made

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_log_state")]
