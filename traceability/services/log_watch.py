"""How the log is doing, judged for its operator: rhythm, queue, guard, signatures, and the last check of the whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from traceability.ledger import checkpoint
from traceability.ledger.errors import RecordError
from traceability.ledger.notes import ED25519, ED25519_COSIGNATURE, MLDSA44_COSIGNATURE
from traceability.models import Checkpoint, LedgerCheck
from traceability.selectors import log, operating
from traceability.selectors.access import Actor
from traceability.services.guard import configured_guard
from traceability.services.ledger_checkpoints import Difference, check_guard

Outcome = Literal["pass", "warn", "fail", "none"]
OLDEST_CHECK: Final = timedelta(days=8)
"""The whole ledger is to be checked once a week; a day more is patience."""
KINDS: Final[Mapping[int, str | Promise]] = {
    ED25519: "Ed25519",
    ED25519_COSIGNATURE: _("Ed25519, with the time"),
    MLDSA44_COSIGNATURE: "ML-DSA-44",
}


@dataclass(frozen=True, slots=True)
class Signature:
    """One line of the newest checkpoint; the kind is empty where this log does not know the key."""

    name: str
    key_id: str
    kind: str | Promise


@dataclass(frozen=True, slots=True)
class LogWatch:
    """What was found, at one moment."""

    at: datetime
    health: log.LogHealth
    checkpoint: Checkpoint | None
    signatures: tuple[Signature, ...]
    wrong_signature: str
    guard: tuple[Difference, ...]
    check: LedgerCheck | None

    @property
    def rhythm(self) -> Outcome:
        """Whether the newest checkpoint is as young as was promised."""
        age = self.health.checkpoint_age
        if age is None:
            return "none"
        if age > log.OLDEST_CHECKPOINT:
            return "fail"
        return "pass" if age <= log.PROMISED_RHYTHM else "warn"

    @property
    def waited(self) -> timedelta | None:
        """How long the oldest waiting statement has waited."""
        return self.at - self.health.waiting_since if self.health.waiting_since else None

    @property
    def queue(self) -> Outcome:
        """Whether somebody gives waiting statements their places."""
        return "fail" if self.waited and self.waited > log.LONGEST_WAIT else "pass"

    @property
    def signed(self) -> Outcome:
        """Whether all keys of this log signed the newest checkpoint."""
        if self.checkpoint is None:
            return "none"
        ours = [one for one in self.signatures if one.kind]
        return "pass" if not self.wrong_signature and len(ours) == len(KINDS) else "fail"

    @property
    def witnesses(self) -> list[Signature]:
        """Lines of keys that are not of this log."""
        return [one for one in self.signatures if not one.kind]

    @property
    def guarded(self) -> Outcome:
        """Whether the checkpoint outside the database is the newest that was published."""
        if self.checkpoint is None:
            return "none"
        return "fail" if self.guard else "pass"

    @property
    def checked(self) -> Outcome:
        """Whether the whole ledger was checked lately, and stood."""
        if self.check is None:
            return "none"
        if self.check.differences:
            return "fail"
        return "warn" if self.at - self.check.ended_at > OLDEST_CHECK else "pass"


def watch(*, actor: Actor) -> LogWatch:
    """What the operator has to know of the log now."""
    check = operating.newest_check(actor)
    held = configured_guard().read()  # before the rows: what the guard holds is then never newer
    health = log.log_health()
    if health.newest is None:
        return LogWatch(timezone.now(), health, None, (), "", (), check)
    signatures, wrong = _signatures(health.newest)
    return LogWatch(timezone.now(), health, health.newest, signatures, wrong, tuple(check_guard(held)), check)


def _signatures(newest: Checkpoint) -> tuple[tuple[Signature, ...], str]:
    """The checked lines of a checkpoint, ours first; else why it cannot be believed."""
    keys = log.verifier_keys()
    try:
        found = checkpoint.verify_checkpoint(log.cosigned_note(newest), log_keys=keys[:2], cosigner_keys=keys[2:])
    except RecordError as error:
        return (), error.sentence
    ours = [Signature(one.key.name, one.key.key_id.hex(), KINDS[one.key.type]) for one in found.signatures]
    return (*ours, *(Signature(one.name, one.key_id.hex(), "") for one in found.unknown)), ""
