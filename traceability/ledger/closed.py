"""Confidential values: salted digests in the signed form, disclosures beside it (record-format.md section 3).

A confidential field stands under `closed` in the object that would hold it, a confidential row at its place in the list
as `closed_row`. The name is bound in the open and again inside the disclosure, so one signature never shows one value
to one reader and another value to the next. A place is the JSON pointer that the value has once it is opened.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from traceability.ledger import canonical
from traceability.ledger.errors import RecordError
from traceability.ledger.identifiers import b64url_decode, b64url_encode
from traceability.ledger.immutable import immutable
from traceability.ledger.pointers import pointer

MAX_DISCLOSURE_BYTES = 16 * 1024
MAX_DISCLOSURE_DEPTH = 6
SALT_BYTES = 16
CLOSED = "closed"
CLOSED_ROW = "closed_row"
# Most values are short texts of plain ASCII. They are a regular language whose every word is canonical: the salt, too,
# is 16 bytes in base64url, whose last four bits are zero.
_PLAIN = re.compile(rb'\["[A-Za-z0-9_-]{21}[AQgw]",(?:"([a-z][a-z0-9_]{0,63})",)?"([ !#-\[\]-~]{0,500})"\]')
_PLAIN_TEXT = re.compile(r"[ !#-\[\]-~]{0,500}")  # a text of which canonical JSON is the text in quotes
_DIGEST = re.compile(r"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")  # 32 bytes in base64url; the last two bits are zero


class BadDisclosure(RecordError):
    """A disclosure that is not base64url of [salt, name, value] or [salt, value] within the rules."""

    code = "bad_disclosure"


class BadClosed(RecordError):
    """A `closed` or `closed_row` of another form than names to digests, or one digest in a list."""

    code = "bad_closed"


class ClosedInsideValue(RecordError):
    """A disclosed value that itself hides something."""

    code = "closed_inside_value"


class NameOpenAndClosed(RecordError):
    """A field that stands in the open and under `closed` too."""

    code = "name_open_and_closed"


class DigestTwice(RecordError):
    """A digest that occurs twice."""

    code = "digest_twice"


class DisclosureMismatch(RecordError):
    """A disclosure of another name than the field it is to open, or a row for a field."""

    code = "disclosure_mismatch"


@immutable
class Disclosure:
    """A value and the proof that it is the one that was signed; `name` is None for a row of a list."""

    digest: str
    name: str | None
    value: Any
    text: str


def disclose(salt: bytes, value: object, *, name: str | None = None) -> Disclosure:
    """The disclosure of a field's value, or without a name of a row, under a fresh salt of 16 bytes (section 3)."""
    parts = [b64url_encode(_check_salt(salt))]
    if name is not None:
        parts.append(_check_name(name))
    if isinstance(value, str) and _PLAIN_TEXT.fullmatch(value):
        content = ('["' + '","'.join([*parts, value]) + '"]').encode("ascii")
    else:
        content = canonical.encode([*parts, value], max_depth=MAX_DISCLOSURE_DEPTH)
        _refuse_closed_inside(value)
    text = b64url_encode(content)
    if len(text) > MAX_DISCLOSURE_BYTES:
        raise canonical.TooLarge(f"A confidential value takes at most {MAX_DISCLOSURE_BYTES} bytes with its salt.")
    return Disclosure(digest_of_text(text), name, value, text)


def parse_disclosure(text: str) -> Disclosure:
    """The disclosure of a base64url text; refuses what breaks section 1 or 3."""
    if len(text) > MAX_DISCLOSURE_BYTES:
        raise canonical.TooLarge(f"A disclosure has at most {MAX_DISCLOSURE_BYTES} bytes.")
    content = b64url_decode(text)
    plain = _PLAIN.fullmatch(content)
    if plain is not None:
        name = None if plain[1] is None else _check_name(plain[1].decode("ascii"))
        return Disclosure(digest_of_text(text), name, plain[2].decode("ascii"), text)
    parts = canonical.parse_list(content, max_depth=MAX_DISCLOSURE_DEPTH)
    if len(parts) not in (2, 3):
        raise BadDisclosure("A disclosure holds a salt, the name of the field unless it is a row, and the value.")
    b64url_decode(parts[0], size=SALT_BYTES)
    _refuse_closed_inside(parts[-1])
    return Disclosure(digest_of_text(text), _check_name(parts[1]) if len(parts) == 3 else None, parts[-1], text)


def digest_of_text(text: str) -> str:
    """The digest of a disclosure: base64url(SHA-256(ascii(text)))."""
    return b64url_encode(hashlib.sha256(text.encode("ascii")).digest())


def is_digest_text(text: str) -> bool:
    """Whether a text has the form of such a digest."""
    return _DIGEST.fullmatch(text) is not None


def closed_digests(payload: Mapping[str, Any]) -> dict[str, str]:
    """The digest at each confidential place of a signed form, in the order of the payload."""
    walk = _Opening({})
    walk.open(payload, "")
    return walk.digests


def open_payload(
    payload: Mapping[str, Any], disclosures: Mapping[str, Disclosure]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The payload with every disclosed value at its place, and the places that stay withheld (and are left out).

    `disclosures` maps digests to disclosures; what it holds beyond this payload is not looked at.
    """
    opened, withheld, _ = open_places(payload, disclosures)
    return opened, withheld


def open_places(
    payload: Mapping[str, Any], disclosures: Mapping[str, Disclosure]
) -> tuple[dict[str, Any], tuple[str, ...], dict[str, str]]:
    """What `open_payload` gives, and the digest at each confidential place."""
    walk = _Opening(disclosures)
    opened = walk.open(payload, "")
    return opened, tuple(walk.withheld), walk.digests


def close_fields(
    value: Mapping[str, Any],
    plan: Callable[[str], bool],
    salts: Iterator[bytes],
    *,
    kept: Mapping[str, Disclosure] = MappingProxyType({}),
) -> tuple[dict[str, Any], tuple[Disclosure, ...]]:
    """The signed form of a value, and a disclosure for each place that `plan` closes.

    `plan` is asked for the JSON pointer of every field and row, from the outside in; what it closes is closed whole.
    Each closed place takes one salt of 16 fresh random bytes, unless `kept` holds a disclosure of the same name and
    value for it: a correction keeps the digests of what it does not change.
    """
    walk = _Closing(plan, salts, kept)
    signed = walk.close(value, "")
    return signed, tuple(walk.disclosures)


class _Opening:
    """One walk over a signed form."""

    def __init__(self, disclosures: Mapping[str, Disclosure]) -> None:
        self.disclosures = disclosures
        self.digests: dict[str, str] = {}
        self.withheld: list[str] = []
        self._seen: set[str] = set()

    def open(self, members: Mapping[str, Any], path: str) -> dict[str, Any]:
        """The object at `path` with what `closed` holds at its place."""
        if CLOSED_ROW in members:
            raise BadClosed("`closed_row` stands alone in an object of a list.", path=path)
        opened = {
            name: self._value(value, pointer(path, name)) if isinstance(value, dict | list) else value
            for name, value in members.items()
            if name != CLOSED
        }
        for name, disclosure in self._closed_fields(members, path):
            if disclosure.name != name:
                raise DisclosureMismatch("The disclosure is for another field.", path=pointer(path, name))
            opened[name] = disclosure.value
        return opened

    def _value(self, value: Any, path: str) -> Any:
        if isinstance(value, dict):
            return self.open(value, path)
        if isinstance(value, list):
            return list(self._rows(value, path))
        return value

    def _closed_fields(self, members: Mapping[str, Any], path: str) -> Iterator[tuple[str, Disclosure]]:
        hidden = members.get(CLOSED, {})
        if not isinstance(hidden, dict):
            raise BadClosed("`closed` is an object of names and digests.", path=path)
        for name, digest in hidden.items():
            place = pointer(path, name)
            if name in (CLOSED, CLOSED_ROW):
                raise BadClosed(f"No field is called {name}.", path=place)
            if name in members:
                raise NameOpenAndClosed("The field stands in the open and under `closed` too.", path=place)
            disclosure = self._take(digest, place)
            if disclosure is not None:
                yield name, disclosure

    def _rows(self, rows: list[Any], path: str) -> Iterator[Any]:
        for index, row in enumerate(rows):
            place = pointer(path, index)
            if not isinstance(row, dict) or CLOSED_ROW not in row:
                yield self._value(row, place)
                continue
            if len(row) > 1:
                raise BadClosed("`closed_row` stands alone in its object.", path=place)
            disclosure = self._take(row[CLOSED_ROW], place)
            if disclosure is None:
                continue
            if disclosure.name is not None:
                raise DisclosureMismatch("The disclosure is for a field, not for a row.", path=place)
            yield disclosure.value

    def _take(self, digest: object, place: str) -> Disclosure | None:
        """The disclosure for a place, or None where it is withheld."""
        if not isinstance(digest, str) or not is_digest_text(digest):
            if isinstance(digest, str):
                b64url_decode(digest, path=place)
            raise BadClosed("A digest is base64url of 32 bytes.", path=place)
        if digest in self._seen:
            raise DigestTwice("The digest occurs twice in this payload.", path=place)
        self._seen.add(digest)
        self.digests[place] = digest
        disclosure = self.disclosures.get(digest)
        if disclosure is None:
            self.withheld.append(place)
        elif disclosure.digest != digest:
            raise DisclosureMismatch("The disclosure has another digest.", path=place)
        return disclosure


class _Closing:
    """One walk over an open value."""

    def __init__(self, plan: Callable[[str], bool], salts: Iterator[bytes], kept: Mapping[str, Disclosure]) -> None:
        self.plan = plan
        self.salts = salts
        self.kept = kept
        self.disclosures: list[Disclosure] = []

    def close(self, members: Mapping[str, Any], path: str) -> dict[str, Any]:
        """The object at `path` with the fields that the plan closes under `closed`."""
        if CLOSED in members or CLOSED_ROW in members:
            raise ClosedInsideValue("The value is closed already.", path=path)
        signed: dict[str, Any] = {}
        hidden: dict[str, str] = {}
        for name, value in members.items():
            place = pointer(path, name)
            if self.plan(place):
                hidden[name] = self._hide(value, place, name)
            else:
                signed[name] = self._value(value, place)
        return {**signed, CLOSED: hidden} if hidden else signed

    def _value(self, value: Any, path: str) -> Any:
        if isinstance(value, dict):
            return self.close(value, path)
        if isinstance(value, list):
            return [self._row(row, pointer(path, index)) for index, row in enumerate(value)]
        return value

    def _row(self, row: Any, place: str) -> Any:
        return {CLOSED_ROW: self._hide(row, place, None)} if self.plan(place) else self._value(row, place)

    def _hide(self, value: object, place: str, name: str | None) -> str:
        disclosure = self.kept.get(place)
        if disclosure is None or disclosure.name != name or not _same(disclosure.value, value):
            disclosure = self._disclose(value, place, name)
        self.disclosures.append(disclosure)
        return disclosure.digest

    def _disclose(self, value: object, place: str, name: str | None) -> Disclosure:
        try:
            return disclose(next(self.salts), value, name=name)
        except RecordError as error:
            error.path = place + error.path[len("/2") :]  # there it led into [salt, name, value]
            raise


def _check_salt(salt: bytes) -> bytes:
    if len(salt) != SALT_BYTES:
        raise BadDisclosure(f"A salt has {SALT_BYTES} bytes.")
    return salt


def _check_name(name: object) -> str:
    if not isinstance(name, str) or not canonical.is_field_name(name) or name in (CLOSED, CLOSED_ROW):
        raise BadDisclosure("A disclosure names a field of the record.")
    return name


def _same(one: object, other: object) -> bool:
    """Whether two values are the same to the record, which tells 1 from true."""
    return canonical.encode([one]) == canonical.encode([other])


def _refuse_closed_inside(value: object) -> None:
    if isinstance(value, dict):
        if CLOSED in value or CLOSED_ROW in value:
            raise ClosedInsideValue("A confidential value is closed whole: nothing inside it is closed again.")
        value = list(value.values())
    if isinstance(value, list):
        for member in value:
            _refuse_closed_inside(member)
