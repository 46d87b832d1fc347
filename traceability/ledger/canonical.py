"""Canonical JSON of the record: RFC 8785 with the stricter profile of record-format.md section 1.

What breaks the profile is refused with a named error and never repaired. `parse` and `encode` know the profile;
`encode_rfc8785` is the whole of RFC 8785, floats included, and serves foreign vectors and foreign formats.
"""

import json
import math
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final, NoReturn

from traceability.ledger.errors import RecordError
from traceability.ledger.pointers import Place, located, pointer, pointer_of
from traceability.ledger.unicode14 import is_nfc, refused_character

MAX_BYTES = 256 * 1024
MAX_DEPTH = 12
# The longest string that the schema of any kind allows. The 500 of all others stand in the schemas: shapes.Text.
MAX_STRING = 2000
MAX_INTEGER = 2**53 - 1
# `chains` of log.heads is the one empty container of a statement.
MAY_BE_EMPTY = frozenset({"chains"})

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
EXTENSION_NAME = rf"{_LABEL}(?:\.{_LABEL})+/[a-z][a-z0-9_]{{0,63}}"
_EXT_NAME = re.compile(EXTENSION_NAME, re.ASCII)
# A string without end swallows the rest: the scan stays linear, and the parser refuses it anyway.
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_ONE_BRACKET = bytes.maketrans(b"{}", b"[]")
_ALL_BUT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_OPEN = ord("[")
_LONGEST_INTEGER = len(str(-MAX_INTEGER))


class TooLarge(RecordError):
    """More bytes than the format allows."""

    code = "too_large"


class NotUtf8(RecordError):
    """The bytes are no UTF-8."""

    code = "not_utf8"


class TooDeep(RecordError):
    """Values nest deeper than the format allows."""

    code = "too_deep"


class NotJson(RecordError):
    """The text is no JSON."""

    code = "not_json"


class NotAnObject(RecordError):
    """The top value is no object."""

    code = "not_an_object"


class DuplicateField(RecordError):
    """A name stands twice in one object."""

    code = "duplicate_field"


class FloatRefused(RecordError):
    """A number with a fraction or an exponent."""

    code = "float_refused"


class NullRefused(RecordError):
    """A null."""

    code = "null_refused"


class IntegerOutOfRange(RecordError):
    """An integer that a JSON number does not hold exactly."""

    code = "integer_out_of_range"


class BadFieldName(RecordError):
    """A field name outside the profile."""

    code = "bad_field_name"


class EmptyContainer(RecordError):
    """An object or list without members."""

    code = "empty_container"


class StringTooLong(RecordError):
    """A string of more code points than the format allows."""

    code = "string_too_long"


class RefusedCharacter(RecordError):
    """A control, private, unassigned or invisible character."""

    code = "unassigned_or_refused_character"


class NotNfc(RecordError):
    """A string that is not in normalisation form C."""

    code = "not_nfc"


class NotCanonical(RecordError):
    """JSON within the profile, but not its one RFC 8785 writing."""

    code = "not_canonical"


class BadType(RecordError):
    """A value of a type that JSON or the profile does not know."""

    code = "bad_type"


def parse(
    data: bytes,
    *,
    max_bytes: int = MAX_BYTES,
    max_depth: int = MAX_DEPTH,
    may_be_empty: frozenset[str] = MAY_BE_EMPTY,
) -> dict[str, Any]:
    """The object of canonical bytes (section 1); `may_be_empty` names the top-level fields that may hold nothing."""
    value = _load(data, max_bytes, max_depth)
    if not isinstance(value, dict):
        raise BadType("The outermost value is an object.")
    _demand(value, data, _Profile(max_depth, may_be_empty))
    return value


def parse_list(data: bytes, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> list[Any]:
    """The list of canonical bytes, by the rules of `parse`: a disclosure is one (section 3)."""
    value = _load(data, max_bytes, max_depth)
    if not isinstance(value, list):
        raise BadType("The outermost value is a list.")
    _demand(value, data, _Profile(max_depth, frozenset()))
    return value


def read(data: bytes, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> dict[str, Any]:
    """The object of JSON bytes in any writing, for what is not signed as it stands.

    Refused is what a value in memory would not show: a name that stands twice, a fraction, nesting without end.
    """
    value = _load(data, max_bytes, max_depth)
    if not isinstance(value, dict):
        raise BadType("The outermost value is an object.")
    return value


def read_rfc8785(data: bytes, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> Any:
    """Any JSON value of which `encode_rfc8785` can write the bytes: fractions and nulls included, nothing twice.

    Depth is counted as if no container were empty.
    """
    value = _load(data, max_bytes, max_depth, _ANY_HOOKS)
    if b"\\u" in data:
        encode_rfc8785(value)  # an escape may write half of a surrogate pair
    return value


def encode(
    value: object,
    *,
    max_depth: int = MAX_DEPTH,
    may_be_empty: frozenset[str] = MAY_BE_EMPTY,
) -> bytes:
    """The RFC 8785 bytes of a value within the profile; refuses any other value (section 1)."""
    _Profile(max_depth, may_be_empty).check(value, (), 1)
    return _write(value)


def is_field_name(name: object) -> bool:
    """Whether a name is one that a field outside `ext` may have (section 1)."""
    return isinstance(name, str) and _NAME.fullmatch(name) is not None


def is_extension_name(name: object) -> bool:
    """Whether a name is a `domain/name`, as the one member of `ext` has it (section 2)."""
    return isinstance(name, str) and _EXT_NAME.fullmatch(name) is not None


def encode_rfc8785(value: object) -> bytes:
    """The RFC 8785 bytes of any JSON value, floats, nulls and all names included; not the profile of the record."""
    try:
        return "".join(_rfc8785(value)).encode("utf-8")
    except UnicodeEncodeError:
        raise RefusedCharacter("A string holds half of a surrogate pair.") from None


class _Profile:
    """The rules of section 1, on a value that is already in memory."""

    __slots__ = ("max_depth", "may_be_empty")

    def __init__(self, max_depth: int, may_be_empty: frozenset[str]) -> None:
        self.max_depth = max_depth
        self.may_be_empty = may_be_empty

    def check(self, value: object, place: Place, depth: int) -> None:
        """Refuses what breaks the profile in the value at `place`, which is `depth` levels deep."""
        if isinstance(value, str):
            self._check_string(value, place)
        elif isinstance(value, dict):
            self._check_object(value, place, depth)
        elif isinstance(value, list):
            self._check_list(value, place, depth)
        elif isinstance(value, int):  # true and false are ints to Python
            if not -MAX_INTEGER <= value <= MAX_INTEGER:
                raise IntegerOutOfRange("An integer lies within 2^53 - 1 of zero.", path=pointer_of(place))
        else:
            _refuse_type(value, place)

    def _check_string(self, text: str, place: Place) -> None:
        if len(text) > MAX_STRING:
            raise StringTooLong(f"A string has at most {MAX_STRING} characters.", path=pointer_of(place))
        if text.isascii() and text.isprintable():
            return
        character = refused_character(text)
        if character is not None:
            sentence = f"The character U+{ord(character):04X} is not allowed: it is invisible, private or not assigned."
            raise RefusedCharacter(sentence, path=pointer_of(place))
        if not is_nfc(text):
            raise NotNfc("Write the string in Unicode normalisation form C.", path=pointer_of(place))

    def _check_object(self, members: dict[Any, Any], place: Place, depth: int) -> None:
        self._check_container(members, place, depth)
        names = _EXT_NAME if place and place[1] == "ext" else _NAME
        for name, value in members.items():
            if not isinstance(name, str) or not names.fullmatch(name):
                raise BadFieldName(f"The field name {ascii(name)[:80]} is not allowed here.", path=pointer_of(place))
            # Most values are short ASCII strings; passing over them here makes the whole check a third faster.
            if type(value) is not str or len(value) > MAX_STRING or not (value.isascii() and value.isprintable()):
                self.check(value, (place, name), depth + 1)

    def _check_list(self, members: list[Any], place: Place, depth: int) -> None:
        self._check_container(members, place, depth)
        for index, value in enumerate(members):
            self.check(value, (place, index), depth + 1)

    def _check_container(self, members: dict[Any, Any] | list[Any], place: Place, depth: int) -> None:
        if depth >= self.max_depth:
            raise TooDeep(f"Values nest at most {self.max_depth} deep.", path=pointer_of(place))
        if not members and not (len(place) == 2 and place[0] == () and place[1] in self.may_be_empty):
            raise EmptyContainer("Leave out an object or list that holds nothing.", path=pointer_of(place))


def _refuse_type(value: object, place: Place) -> NoReturn:
    if value is None:
        raise NullRefused("Leave out a field that has no value.", path=pointer_of(place))
    if isinstance(value, float):
        raise FloatRefused("Write a number with a fraction as a decimal string.", path=pointer_of(place))
    raise BadType(f"A {type(value).__name__} is no JSON value.", path=pointer_of(place))


def _load(data: bytes, max_bytes: int, max_depth: int, hooks: dict[str, Any] | None = None) -> Any:
    """The JSON value of the bytes, with the refusals that a value in memory no longer shows."""
    if len(data) > max_bytes:
        raise TooLarge(f"At most {max_bytes} bytes are allowed here.")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotUtf8(f"The bytes are not UTF-8 from byte {error.start} on.") from None
    _check_depth(data, max_depth)
    try:
        return (json.JSONDecoder(**hooks) if hooks else _DECODER).decode(text)
    except json.JSONDecodeError as error:
        raise NotJson(f"This is not JSON: {error.msg} at character {error.pos}.") from None
    except RecordError as error:
        raise located(text, error, hooks or _HOOKS) from None


def _check_depth(data: bytes, max_depth: int) -> None:
    """Refuses nesting before a parser sees it; a container counts with the value inside it, for none is empty."""
    if data.count(b"[") + data.count(b"{") < max_depth:
        return
    bare = _STRING.sub(b"", data) if b"\\" in data else b"".join(data.split(b'"')[::2])
    depth = 1
    for bracket in bare.translate(_ONE_BRACKET, _ALL_BUT_BRACKETS):
        depth += 1 if bracket == _OPEN else -1
        if depth > max_depth:
            raise TooDeep(f"Values nest at most {max_depth} deep.")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            raise DuplicateField(f"The field {ascii(name)[:80]} stands twice in one object.", path=pointer("", name))
        seen.add(name)
    return members


def _integer(text: str) -> int:
    if len(text) > _LONGEST_INTEGER:
        raise IntegerOutOfRange("An integer lies within 2^53 - 1 of zero.")
    return int(text)


def _float(text: str) -> NoReturn:
    raise FloatRefused(f"Write {text[:40]} as a decimal string.")


def _exact_integer(text: str) -> int:
    number = _integer(text)
    if not -MAX_INTEGER <= number <= MAX_INTEGER:
        raise IntegerOutOfRange("An integer lies within 2^53 - 1 of zero.")
    return number


def _double(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise FloatRefused(f"No JSON number is as large as {text[:40]}.")
    return number


_HOOKS: Final[dict[str, Any]] = {
    "object_pairs_hook": _unique,
    "parse_int": _integer,
    "parse_float": _float,
    "parse_constant": _float,
}
_ANY_HOOKS: Final = {**_HOOKS, "parse_int": _exact_integer, "parse_float": _double}
_DECODER = json.JSONDecoder(**_HOOKS)
# ASCII names sort the same by code point as by UTF-16, and strings and integers have one writing: so the library's
# encoder gives RFC 8785 bytes for every value within the profile.
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False)


def _write(value: object) -> bytes:
    return _ENCODER.encode(value).encode("utf-8")


def _demand(value: object, data: bytes, profile: _Profile) -> None:
    """Refuses a value that breaks the profile, and bytes that are not its one writing."""
    profile.check(value, (), 1)
    if _write(value) != data:
        raise NotCanonical("Write the JSON as RFC 8785 says: sorted fields, no spaces, the shortest escapes.")


def _rfc8785(value: object) -> Iterator[str]:
    if value is None or isinstance(value, bool | str):
        yield json.dumps(value, ensure_ascii=False)
    elif isinstance(value, int):
        if not -MAX_INTEGER <= value <= MAX_INTEGER:
            raise IntegerOutOfRange("An integer lies within 2^53 - 1 of zero.")
        yield str(value)
    elif isinstance(value, float):
        yield _es6(value)
    elif isinstance(value, list | tuple):
        yield from _rfc8785_list(value)
    elif isinstance(value, dict):
        yield from _rfc8785_object(value)
    else:
        raise BadType(f"A {type(value).__name__} is no JSON value.")


def _rfc8785_list(members: Sequence[object]) -> Iterator[str]:
    yield "["
    for index, member in enumerate(members):
        yield "," if index else ""
        yield from _rfc8785(member)
    yield "]"


def _rfc8785_object(members: dict[object, object]) -> Iterator[str]:
    yield "{"
    for index, name in enumerate(sorted(members, key=_utf16)):
        yield f"{',' if index else ''}{json.dumps(name, ensure_ascii=False)}:"
        yield from _rfc8785(members[name])
    yield "}"


def _utf16(name: object) -> bytes:
    if not isinstance(name, str):
        raise BadType("A field name is a string.")
    return name.encode("utf-16-be")


def _es6(number: float) -> str:
    """The text of a double as ECMAScript writes it (RFC 8785 section 3.2.2.3), from the shortest digits of `repr`."""
    if not math.isfinite(number):
        raise FloatRefused("JSON has no infinity and no NaN.")
    if not number:
        return "0"
    sign, all_digits, exponent = Decimal(repr(number)).as_tuple()
    digits = "".join(map(str, all_digits)).rstrip("0")
    point = len(all_digits) + int(exponent)
    return f"{'-' if sign else ''}{_place_point(digits, point)}"


def _place_point(digits: str, point: int) -> str:
    """The digits with a decimal point before digit number `point`, as Number::toString of ECMAScript places it."""
    if len(digits) <= point <= 21:
        return digits.ljust(point, "0")
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"0.{'0' * -point}{digits}"
    mantissa = f"{digits[0]}.{digits[1:]}" if len(digits) > 1 else digits
    return f"{mantissa}e{point - 1:+d}"
