"""The kinds of statement of format version 1: those in use, and those reserved (record-format.md section 5)."""

from traceability.ledger.errors import RecordError
from traceability.ledger.kinds.accounts import ACCOUNT_KINDS
from traceability.ledger.kinds.declarations import DECLARATION_KINDS
from traceability.ledger.kinds.kind import Body, Kind
from traceability.ledger.kinds.lots import LOT_KINDS
from traceability.ledger.kinds.organisations import LOG_KINDS, ORGANISATION_KINDS, STATEMENT_KINDS
from traceability.ledger.kinds.verification import VERIFICATION_KINDS

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kinds in (
        ORGANISATION_KINDS, LOT_KINDS, ACCOUNT_KINDS, STATEMENT_KINDS, DECLARATION_KINDS, VERIFICATION_KINDS, LOG_KINDS,
    )
    for kind in kinds
}  # fmt: skip
RESERVED = frozenset({"lot.pack", "lot.unpack", "log.successor"})


class UnknownKind(RecordError):
    code = "unknown_kind"


class ReservedKind(UnknownKind):
    code = "reserved_kind"


def kind_of(name: str) -> Kind:
    """The kind of that name; UnknownKind for a name that this version does not know or only reserves."""
    if name in KINDS:
        return KINDS[name]
    if name in RESERVED:
        raise ReservedKind(f"{name} is reserved for a later version and is not accepted yet.", path="/kind")
    raise UnknownKind(f"There is no kind {name[:80]}.", path="/kind")


__all__ = ["KINDS", "RESERVED", "Body", "Kind", "ReservedKind", "UnknownKind", "kind_of"]
