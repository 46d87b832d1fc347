"""JSON of other people: numbers exactly as they are written, names once, and bounds for hostile texts."""

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from traceability.ledger.errors import RecordError

_LONGEST_NUMBER: Final = 80


class NotJson(RecordError):
    """The text is no JSON, or JSON that two programs read differently."""

    code = "not_json"


def load(content: bytes) -> object:
    """What a JSON text in UTF-8 says, its numbers as Decimal."""
    try:
        return json.loads(
            content.decode("utf-8-sig"),
            parse_float=_number,
            parse_int=_number,
            parse_constant=_no_constant,
            object_pairs_hook=_once,
        )
    except RecursionError:
        raise NotJson("This JSON is nested more deeply than any declaration. It was not read.") from None
    except UnicodeDecodeError:
        raise NotJson("This text is not in UTF-8. Save it so.") from None
    except json.JSONDecodeError as error:
        raise NotJson("This is no JSON.", path=f"line {error.lineno}, column {error.colno}") from None


def _number(written: str) -> Decimal:
    if len(written) > _LONGEST_NUMBER:
        raise NotJson(f"A number has more than {_LONGEST_NUMBER} characters. The file was not read.")
    return Decimal(written)


def _no_constant(written: str) -> object:
    raise NotJson("NaN and Infinity are no numbers of JSON. The file was not read.", path=written)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotJson("A name stands twice in one object, so programs would read different values.")
    return found


class Node:
    """A JSON value that is asked for what lies below it; what is not there, or is of another type, is nothing."""

    def __init__(self, value: object) -> None:
        self.value = value

    def __getitem__(self, name: str) -> "Node":
        return Node(self.value.get(name) if isinstance(self.value, Mapping) else None)

    def __bool__(self) -> bool:
        return self.value is not None

    def at(self, *path: str) -> "Node":
        """The value at the end of a path of names."""
        found = self
        for name in path:
            found = found[name]
        return found

    @property
    def text(self) -> str:
        """A text, or a number as it is written."""
        return str(self.value).strip() if isinstance(self.value, str | Decimal) else ""

    def items(self) -> Iterator[tuple[str, "Node"]]:
        """The members of an object."""
        if isinstance(self.value, Mapping):
            yield from ((str(name), Node(one)) for name, one in self.value.items())

    def each(self) -> Iterator["Node"]:
        """The elements of an array."""
        if isinstance(self.value, Sequence) and not isinstance(self.value, str):
            yield from (Node(one) for one in self.value)
