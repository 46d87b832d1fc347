"""Whom a reader trusts beside the policy: the file `trust.json` (record-format.md section 8; docs/formats/trust.md).

It comes from the reader and never from the bundle. People write it by hand, so its white space is free; everything else
obeys the profile of the record.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from traceability.ledger import canonical
from traceability.ledger.errors import RecordError
from traceability.ledger.shapes import NOTHING_DISCLOSED, Flag, ListOf, Object, Text, Urn, Whole, Word, optional

FORMAT = "lodestone-trust/1"
MAX_BYTES = 1 << 20
GREATEST_AGE_DAYS = 31


class BadTrust(RecordError):
    """A trust file that cannot be read."""

    code = "bad_trust"


class LeastVerification(StrEnum):
    """Who must stand behind the figures of a declaration, beside its declarant."""

    NONE = "none"
    ATTESTED = "attested"  # an auditor or verifier of the lists
    VERIFIED = "verified"  # a verifier of the list


_MEMBERS = ListOf(Object({"urn": Urn(), "name": optional(Text(200))}), most=10_000)
_SHAPE = Object(
    {
        "format": Word((FORMAT,)),
        "organisations": optional(_MEMBERS),
        "auditors": optional(_MEMBERS),
        "verifiers": optional(_MEMBERS),
        "factor_publishers": optional(_MEMBERS),
        "operators": optional(_MEMBERS),
        "programme_operators": optional(_MEMBERS),
        "greatest_age_days": optional(Whole(1, 36_500)),
        "holder_keys_required": optional(Flag()),
        "least_verification": optional(Word(tuple(LeastVerification))),
    }
)

Names = Mapping[str, str]
"""Accepted organisations by urn, each with the name that the reader gives it (or "")."""


@dataclass(frozen=True, slots=True)
class Trust:
    """What a reader accepts; a list that is None was not given, and then nobody is asked for."""

    organisations: Names | None = None
    auditors: Names | None = None
    verifiers: Names | None = None
    factor_publishers: Names | None = None
    operators: Names | None = None
    programme_operators: Names | None = None
    greatest_age: timedelta = timedelta(days=GREATEST_AGE_DAYS)
    holder_keys_required: bool = False
    least_verification: LeastVerification = LeastVerification.NONE

    def lists(self, organisation: str) -> bool:
        """Whether any list names the organisation."""
        return any(organisation in names for names in self._lists())

    def is_auditor(self, organisation: str) -> bool:
        """Whether an attestation of this organisation stands in for values that are withheld."""
        return organisation in (self.auditors or {})

    def is_verifier(self, organisation: str) -> bool:
        """Whether this organisation counts as an independent verifier."""
        return organisation in (self.verifiers or {})

    def name(self, organisation: str) -> str:
        """The reader's name for an organisation, or its urn."""
        return next((names[organisation] for names in self._lists() if names.get(organisation)), organisation)

    def _lists(self) -> tuple[Names, ...]:
        listed = (
            self.organisations, self.auditors, self.verifiers, self.factor_publishers, self.operators,
            self.programme_operators,
        )  # fmt: skip
        return tuple(names for names in listed if names is not None)


NO_TRUST = Trust()


def parse_trust(content: bytes) -> Trust:
    """The trust file in these bytes."""
    value = _load(content)
    _SHAPE.check(value, "", NOTHING_DISCLOSED)
    return Trust(
        organisations=_names(value, "organisations"),
        auditors=_names(value, "auditors"),
        verifiers=_names(value, "verifiers"),
        factor_publishers=_names(value, "factor_publishers"),
        operators=_names(value, "operators"),
        programme_operators=_names(value, "programme_operators"),
        greatest_age=timedelta(days=_integer(value.get("greatest_age_days", GREATEST_AGE_DAYS))),
        holder_keys_required=value.get("holder_keys_required", False) is True,
        least_verification=LeastVerification(str(value.get("least_verification", LeastVerification.NONE))),
    )


def _load(content: bytes) -> dict[str, object]:
    if len(content) > MAX_BYTES:
        raise BadTrust(f"A trust file has at most {MAX_BYTES} bytes.")
    try:
        value = json.loads(content, object_pairs_hook=_unique)
    except BadTrust:
        raise
    except (ValueError, RecursionError):
        raise BadTrust("The trust file is not JSON.") from None
    if not isinstance(value, dict):
        raise BadTrust("The trust file is an object.")
    canonical.encode(value)
    return value


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise BadTrust("A name stands twice in one object of the trust file.")
    return members


def _names(value: Mapping[str, object], field: str) -> Names | None:
    rows = value.get(field)
    if not isinstance(rows, list):
        return None
    return {str(row["urn"]): str(row.get("name", "")) for row in rows}


def _integer(value: object) -> int:
    return value if isinstance(value, int) else GREATEST_AGE_DAYS
