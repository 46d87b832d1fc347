"""The file that goes between two records: an import, signed by its importer, and by the sender on the way back."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from traceability.acceptance.imports import KIND
from traceability.acceptance.world import Body
from traceability.ledger import closed
from traceability.ledger.closed import MAX_DISCLOSURE_BYTES
from traceability.ledger.envelope import Envelope, parse_envelope
from traceability.ledger.errors import RecordError
from traceability.ledger.shapes import NOTHING_DISCLOSED, Later, ListOf, Object, Text, Word, optional
from traceability.ledger.statement import Statement, parse_statement
from traceability.services.errors import Refusal

FORMAT: Final = "lodestone-import/1"
MOST_BYTES: Final = 2**20
SHAPE: Final = Object(
    {
        "format": Word((FORMAT,)),
        "envelope": Later(),
        "disclosures": optional(ListOf(Text(MAX_DISCLOSURE_BYTES), most=5000, distinct=True)),
    }
)


class NotAnImport(Refusal):
    """A file that holds no import."""

    code = "not_an_import"


@dataclass(frozen=True, slots=True)
class ImportFile:
    """An import as it was read: its statement is well-formed; no signature was looked at."""

    envelope: Envelope
    disclosures: tuple[str, ...]
    statement: Statement
    opened: Body


def write(envelope: bytes, disclosures: Sequence[str]) -> bytes:
    """The bytes of the file."""
    return _json({"format": FORMAT, "envelope": json.loads(envelope), "disclosures": list(disclosures)})


def read(content: bytes) -> ImportFile:
    """The import in these bytes."""
    try:
        return _read(content)
    except NotAnImport:
        raise
    except RecordError as error:
        raise NotAnImport("This file is no import of a lot: what is in it cannot be read.", path="/file") from error


def _read(content: bytes) -> ImportFile:
    if len(content) > MOST_BYTES:
        raise NotAnImport("This file is no import of a lot: it is too large.", path="/file")
    try:
        value: Any = json.loads(content)
    except (ValueError, RecursionError):
        raise NotAnImport("This file is no import of a lot: it is not JSON.", path="/file") from None
    SHAPE.check(value, "", NOTHING_DISCLOSED)
    return of(_json(value["envelope"]), value.get("disclosures", ()))


def of(envelope: bytes, disclosures: Sequence[str]) -> ImportFile:
    """The import in this envelope."""
    sealed = parse_envelope(envelope)
    shown = {one.digest: one for one in map(closed.parse_disclosure, disclosures)}
    statement = parse_statement(sealed.payload, {digest: one.value for digest, one in shown.items()})
    if statement.kind != KIND:
        raise NotAnImport("The statement in it is another one.", path="/file")
    opened = closed.open_places(statement.content, shown)[0]["body"]
    return ImportFile(sealed, tuple(disclosures), statement, opened if isinstance(opened, dict) else {})


def _json(value: object) -> bytes:
    """The JSON of ASCII texts in the one form of RFC 8785."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
