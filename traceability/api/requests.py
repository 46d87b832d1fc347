"""What a request brings: its body as bytes, as a JSON object of a known shape, its query. Wrong ones are named."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final

from rest_framework.exceptions import ParseError, UnsupportedMediaType
from rest_framework.parsers import JSONParser
from rest_framework.request import Request

from traceability.api.problems import BodyCutOff
from traceability.ledger import canonical
from traceability.ledger.canonical import TooLarge
from traceability.ledger.errors import RecordError
from traceability.ledger.shapes import NOTHING_DISCLOSED, Object

JSON: Final = "application/json"
ENVELOPE: Final = "application/vnd.dsse+json"
NDJSON: Final = "application/x-ndjson"
_DAY_WRITTEN: Final = re.compile("[12][0-9]{3}-[0-9]{2}-[0-9]{2}")
MAX_JSON_BYTES: Final = 1024 * 1024
MAX_JSON_DEPTH: Final = canonical.MAX_DEPTH


class UnknownParameter(RecordError):
    """A query parameter that this address does not have."""

    code = "unknown_parameter"


class BadParameter(RecordError):
    """A query parameter with a value that it cannot have."""

    code = "bad_parameter"


class JsonParser(JSONParser):
    """What the framework reads on its own, to look for the token of a form."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().parse(*args, **kwargs)
        except RecursionError:
            raise ParseError("The JSON is nested too deeply.") from None


def media_type(request: Request, *accepted: str) -> str:
    """The media type of the body, which must be one of these."""
    found = str(request.META.get("CONTENT_TYPE", "")).partition(";")[0].strip().lower()
    if found not in accepted:
        raise UnsupportedMediaType(found, f"Send the body as {' or '.join(accepted)}.")
    return found


def read_bytes(request: Request, *, max_bytes: int) -> bytes:
    """The whole body; refuses one that is too large before it is read, and one that was cut off."""
    announced = int(request.META.get("CONTENT_LENGTH") or 0)
    if announced > max_bytes:
        raise TooLarge(f"Send at most {max_bytes} bytes at once. Nothing was saved.")
    body = bytes(request._request.body)
    if len(body) != announced:
        raise BodyCutOff(f"The body has {len(body)} of {announced} bytes. Nothing was saved; send it again.")
    return body


def read_object(request: Request, shape: Object, *, may_be_absent: bool = False) -> Mapping[str, Any]:
    """The JSON object of this shape in the body; `{}` without a body where it may be absent."""
    if may_be_absent and not int(request.META.get("CONTENT_LENGTH") or 0):
        return {}
    media_type(request, JSON)
    found = parse_object(read_bytes(request, max_bytes=MAX_JSON_BYTES))
    shape.check(found, "", NOTHING_DISCLOSED)
    return found


def parse_object(body: bytes) -> dict[str, Any]:
    """The JSON object in these bytes, whatever its writing; names once, no fractions."""
    return canonical.read(body, max_bytes=MAX_JSON_BYTES, max_depth=MAX_JSON_DEPTH)


def query(request: Request, allowed: Collection[str]) -> Mapping[str, str]:
    """The parameters of the query, each once and each one that this address has."""
    found: dict[str, str] = {}
    for name, values in request._request.GET.lists():
        if name not in allowed:
            names = ", ".join(sorted(allowed)) or "none"
            raise UnknownParameter(f"There is no parameter {name[:60]} here. Known: {names}.", parameter=name[:60])
        if len(values) != 1:
            raise BadParameter("Name the parameter once.", parameter=name)
        if not values[0]:
            raise BadParameter("Leave out a parameter that has no value.", parameter=name)
        if not values[0].isprintable():
            raise BadParameter("The value holds a character that cannot be shown.", parameter=name)
        found[name] = values[0]
    return found


def day(given: Mapping[str, str], name: str) -> date:
    """The day of a parameter."""
    try:
        if _DAY_WRITTEN.fullmatch(given[name]):
            return date.fromisoformat(given[name])
    except ValueError:
        pass
    raise BadParameter("Write a day as 2026-11-22.", parameter=name)


def one_of(given: Mapping[str, str], name: str, words: Sequence[str]) -> str:
    """The word of a parameter, by default the first of these."""
    found = given.get(name, words[0])
    if found not in words:
        raise BadParameter(f"Use one of: {', '.join(words)}.", parameter=name)
    return found


def whole_number(given: Mapping[str, str], name: str, *, least: int, most: int, default: int) -> int:
    """The whole number of a parameter."""
    text = given.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most):
        raise BadParameter(f"Use a whole number from {least} to {most}.", parameter=name)
    return int(text)
