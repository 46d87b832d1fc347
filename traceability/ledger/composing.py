"""From what an organisation says to the statement that it would sign: which values are closed, each under a fresh salt.

Pure and without keys, so that a statement can be composed ahead of its signature, in another process.
"""

import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from traceability.ledger import closed, groups, identifiers
from traceability.ledger.errors import RecordError
from traceability.ledger.kinds import kind_of
from traceability.ledger.shapes import NOTHING_DISCLOSED, Marking, marking_at
from traceability.ledger.statement import Chain, Cosigner, ProcessStep, Seen, Statement, build_statement

CLAIMED = "/body/as/body"
_DOCUMENT = re.compile(r"(/body/as)?/evidence/[0-9]+")
Plan = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Told:
    """All that a statement says, still open, and what its issuer lets anybody read of it."""

    kind: str
    id: str
    issuer: str
    key: str
    cosigners: tuple[Cosigner, ...]
    occurred: tuple[datetime, datetime]
    utc_offset: str
    issued_at: datetime
    seen: Seen
    chains: tuple[Chain, ...]
    process: tuple[ProcessStep, ...]
    evidence: tuple[Mapping[str, object], ...]
    body: Mapping[str, object]
    shown: frozenset[str]  # groups of values
    opened: frozenset[str]  # places beyond them


@dataclass(frozen=True, slots=True)
class Composed:
    """A statement as it would be signed, the keys that would sign it in order, and what discloses its closed values."""

    statement: Statement
    keys: tuple[str, ...]
    disclosures: Mapping[str, closed.Disclosure]


def compose(
    told: Told, closes: Plan | None, *, kept: Mapping[str, closed.Disclosure] = MappingProxyType({})
) -> Composed:
    """The statement of all this; nothing is signed yet.

    `closes` says which places are closed (None: all of it is open), `kept` how such a place was disclosed before.
    """
    signed: dict[str, Any] = {"body": dict(told.body)}
    if told.evidence:
        signed["evidence"] = [dict(row) for row in told.evidence]
    disclosures: Sequence[closed.Disclosure] = ()
    if closes is not None:
        signed, disclosures = closed.close_fields(signed, closes, salts(), kept=kept)
    statement = build_statement(
        id=told.id,
        nonce=identifiers.b64url_encode(secrets.token_bytes(16)),
        kind=told.kind,
        issuer=told.issuer,
        key=told.key,
        occurred=told.occurred,
        utc_offset=told.utc_offset,
        issued_at=told.issued_at,
        seen=told.seen,
        chains=told.chains,
        body=signed["body"],
        cosigners=told.cosigners,
        process=told.process,
        evidence=signed.get("evidence"),
    )
    keys = (told.key, *(cosigner.key for cosigner in told.cosigners))
    return Composed(statement, keys, {one.digest: one for one in disclosures})


def composer() -> Callable[[Sequence[Told | None]], list[Composed | None]]:
    """What composes many at once; None for what cannot be composed as it stands."""
    return lambda many: [None if told is None else _if_right(told) for told in many]


def _if_right(told: Told) -> Composed | None:
    try:
        kind_of(told.kind).body.check(told.body, "/body", NOTHING_DISCLOSED)
        return compose(told, plan_of(told))
    except RecordError:
        return None


def plan_of(told: Told, *, corrected: str = "", repeats: Plan = lambda _: False) -> Plan:
    """Which places are closed: what the schema calls closable, unless the issuer opens the place or its whole group.

    `corrected` is the kind of what a correction replaces; what it `repeats` as it stood is not closed.
    """

    def closes(place: str) -> bool:
        if _DOCUMENT.fullmatch(place):
            return groups.EVIDENCE not in told.shown
        if place in told.opened:
            return False
        group = closable_group(corrected or told.kind, place, claimed=bool(corrected))
        return group is not None and group not in told.shown and not repeats(place)

    return closes


@lru_cache(maxsize=4096)
def closable_group(kind: str, place: str, *, claimed: bool) -> str | None:
    """The group of a place that the schema calls closable, in a body or in one that a correction claims; else None."""
    start = CLAIMED if claimed else "/body"
    closable = place.startswith(start) and marking_at(kind_of(kind).body, place[len(start) :]) is Marking.CLOSABLE
    return groups.group_of(kind, place) if closable else None


def salts() -> Iterator[bytes]:
    """Fresh ones, without end."""
    while True:
        yield secrets.token_bytes(closed.SALT_BYTES)
