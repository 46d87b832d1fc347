"""What every shape shares: its two questions, and the errors with which it refuses a value."""

from collections.abc import Mapping
from typing import Protocol

from traceability.ledger.errors import RecordError

Disclosed = Mapping[str, object]
"""Values by the digest of their disclosure: what of the closed fields is known here."""

NOTHING_DISCLOSED: Disclosed = {}


class ShapeError(RecordError):
    """A value that is not of the shape of its place."""

    code = "wrong_shape"


class UnknownField(ShapeError):
    """A field that the shape does not have."""

    code = "unknown_field"


class MissingField(ShapeError):
    """A field that the shape demands."""

    code = "missing_field"


class WrongType(ShapeError):
    """A value of another JSON type or form."""

    code = "wrong_type"


class OutOfRange(ShapeError):
    """A value of the right type, but not among those that are allowed."""

    code = "out_of_range"


class NotClosable(ShapeError):
    """An open field that stands closed."""

    code = "not_closable"


class OpenAndClosed(ShapeError):
    """A field that stands open and closed."""

    code = "open_and_closed"


class Shape(Protocol):
    """A description of values: it checks one, and it gives its JSON schema."""

    def check(self, value: object, path: str, disclosed: Disclosed) -> None:
        """Raises a RecordError that names the place when the value does not have this shape."""

    def schema(self) -> dict[str, object]:
        """The JSON schema (2020-12) of the signed form; what it cannot say stands in its description."""


def text_of(value: object, path: str) -> str:
    """The text itself."""
    if not isinstance(value, str):
        raise WrongType('Use a text; quantities are texts too, as in "12.5".', path=path)
    return value


def object_of(value: object, path: str) -> Mapping[str, object]:
    """The object itself."""
    if not isinstance(value, dict):
        raise WrongType("Use an object.", path=path)
    return value
