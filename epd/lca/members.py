"""Members of an opened body, each of the type that its reader needs; a body of another shape is refused by place."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from traceability.ledger.errors import RecordError
from traceability.ledger.quantity import parse_computed

Body = Mapping[str, object]
Row = dict[str, object]
Words = TypeVar("Words", bound=StrEnum)


class BadResult(RecordError):
    """A body that is no result: a member is missing or of another shape."""

    code = "bad_result"


def text(body: Body, name: str) -> str:
    """A text that must be there."""
    value = body.get(name)
    if not isinstance(value, str):
        raise BadResult(f"{name} must be a text.", path=f"/{name}")
    return value


def word(words: type[Words], body: Body, name: str) -> Words:
    """One of these words, which must be there."""
    stated = text(body, name)
    if stated not in set(words):
        raise BadResult(f"{name} must be one of {', '.join(words)}.", path=f"/{name}")
    return words(stated)


def number(body: Body, name: str) -> Decimal:
    """A computed number that must be there."""
    return parse_computed(body.get(name), path=f"/{name}")


def member(body: Body, name: str) -> Body:
    """An object that must be there."""
    value = body.get(name)
    if not isinstance(value, dict):
        raise BadResult(f"{name} must be an object.", path=f"/{name}")
    return value


def rows(body: Body, name: str) -> Sequence[Body]:
    """The objects of a list; an absent list has none."""
    value = body.get(name, [])
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise BadResult(f"{name} must be a list of objects.", path=f"/{name}")
    return value


def texts(body: Body, name: str) -> Sequence[str]:
    """The texts of a list; an absent list has none."""
    value = body.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise BadResult(f"{name} must be a list of texts.", path=f"/{name}")
    return value
