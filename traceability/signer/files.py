"""The two files between a site and a signer: what is to be signed, and what was signed (docs/formats/signing.md)."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from traceability.ledger import canonical, identifiers
from traceability.ledger.envelope import (
    PAYLOAD_TYPE,
    Envelope,
    Signature,
    encode_envelope,
    parse_envelope,
)
from traceability.ledger.errors import RecordError
from traceability.ledger.immutable import immutable

TO_SIGN: Final = "lodestone-to-sign/1"
HAS_SIGNED: Final = "lodestone-signed/1"
MAX_BYTES: Final = 2 * 1024 * 1024
MOST_AT_ONCE: Final = 2


class BadSigningFile(RecordError):
    """A file that is not of the form that a signer or a site expects."""

    code = "bad_signing_file"


@immutable
class ToSign:
    """A statement that lacks a signature: its payload, the signatures that are there, what discloses its values."""

    payload: bytes
    signatures: tuple[Signature, ...] = ()
    disclosures: tuple[str, ...] = ()


@immutable
class Task:
    """What somebody is asked to sign; `send_to` is the path to which a program sends it."""

    send_to: str
    statements: tuple[ToSign, ...]


@immutable
class Signed:
    """A signed statement: the envelope in its one form, and what discloses its values."""

    envelope: bytes
    disclosures: tuple[str, ...]


def task_value(statements: Iterable[ToSign], *, send_to: str) -> dict[str, Any]:
    """The file of what is to be signed, as an object to be written as JSON."""
    rows = [{"envelope": envelope_value(one), "disclosures": [*one.disclosures]} for one in statements]
    return {"format": TO_SIGN, "send_to": send_to, "statements": rows}


def envelope_value(one: ToSign) -> dict[str, Any]:
    """An envelope with the signatures that are there."""
    signatures = [{"keyid": row.keyid, "sig": identifiers.b64_encode(row.sig)} for row in one.signatures]
    return {"payload": identifiers.b64_encode(one.payload), "payloadType": PAYLOAD_TYPE, "signatures": signatures}


def read_task(data: bytes) -> Task:
    """What is asked for in a file of that format; raises BadSigningFile with the place."""
    found = _read(data, TO_SIGN)
    send_to = found.get("send_to")
    if not isinstance(send_to, str) or not send_to.startswith("/api/v1/"):
        raise BadSigningFile("It names no address of the API to send to.", path="/send_to")
    return Task(send_to, tuple(_to_sign(row, number) for number, row in enumerate(_rows(found))))


def signed_bytes(statements: Iterable[tuple[Envelope, tuple[str, ...]]]) -> bytes:
    """The file of what was signed, as the site takes it."""
    rows = [
        {"envelope": json.loads(encode_envelope(signed)), "disclosures": [*disclosures]}
        for signed, disclosures in statements
    ]
    return json.dumps({"format": HAS_SIGNED, "statements": rows}, indent=1).encode() + b"\n"


def read_signed(data: bytes) -> list[Signed]:
    """The signed statements in a file of that format; raises BadSigningFile or the fault of an envelope."""
    found: list[Signed] = []
    for number, row in enumerate(_rows(_read(data, HAS_SIGNED))):
        path = f"/statements/{number}"
        written = json.dumps(row.get("envelope"), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode(
            "utf-8", "replace"
        )
        try:
            parse_envelope(written)
        except RecordError as error:
            error.path = f"{path}/envelope{error.path}"
            raise
        found.append(Signed(written, _disclosures(row, path)))
    return found


def _read(data: bytes, format: str) -> dict[str, Any]:
    found = canonical.read(data, max_bytes=MAX_BYTES)
    if found.get("format") != format:
        raise BadSigningFile(f"This is no file of the format {format}.", path="/format")
    return found


def _rows(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = found.get("statements")
    if (
        not isinstance(rows, list)
        or not 1 <= len(rows) <= MOST_AT_ONCE
        or not all(isinstance(one, dict) for one in rows)
    ):
        raise BadSigningFile(f"It holds 1 to {MOST_AT_ONCE} statements.", path="/statements")
    return rows


def _to_sign(row: Mapping[str, Any], number: int) -> ToSign:
    path = f"/statements/{number}"
    envelope = row.get("envelope")
    if not isinstance(envelope, dict) or envelope.get("payloadType") != PAYLOAD_TYPE:
        raise BadSigningFile("It holds no statement of this record.", path=f"{path}/envelope")
    payload = identifiers.b64_decode(str(envelope.get("payload")), path=f"{path}/envelope/payload")
    given = envelope.get("signatures")
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise BadSigningFile("It has no list of signatures.", path=f"{path}/envelope/signatures")
    there = tuple(
        Signature(
            identifiers.check_digest(one.get("keyid"), path=f"{path}/envelope/signatures"),
            identifiers.b64_decode(str(one.get("sig")), path=f"{path}/envelope/signatures"),
        )
        for one in given
    )
    return ToSign(payload, there, _disclosures(row, path))


def _disclosures(row: Mapping[str, Any], path: str) -> tuple[str, ...]:
    given = row.get("disclosures", [])
    if not isinstance(given, list) or not all(isinstance(one, str) and one.isascii() for one in given):
        raise BadSigningFile("Disclosures are a list of texts.", path=f"{path}/disclosures")
    return tuple(given)
