"""What was found while a draft was read: mistakes at their places, and how numbers were understood."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from traceability.intake.numbers import NumberStyle
from traceability.ledger.errors import RecordError


class Missing(RecordError):
    """A value that must be there is not."""

    code = "missing"


class NotText(RecordError):
    """A draft holds something that nobody typed into a field: no text where one belongs, or no row."""

    code = "not_text"


class UnknownField(RecordError):
    """A draft holds a field that its kind does not have."""

    code = "unknown_field"


class UnknownChoice(RecordError):
    """The value is none of those to choose from."""

    code = "unknown_choice"


class BadText(RecordError):
    """A text is too long, or holds a character that the record does not take."""

    code = "bad_text"


class NotAUrn(RecordError):
    """The value does not name a lot, an organisation or a facility."""

    code = "not_a_urn"


class OutOfBounds(RecordError):
    """A number is below or above what can be."""

    code = "out_of_bounds"


class TooFine(RecordError):
    """A number has more decimals than the record holds."""

    code = "too_fine"


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a draft: its place (JSON pointer into the draft), a stable code, and what to do about it."""

    path: str
    code: str
    sentence: str


class Reader(Protocol):
    """One object of a draft as far as it was read; `place` is where it stands in the body."""

    raw: Mapping[str, object]
    read: set[str]
    path: str
    place: str


@dataclass(slots=True)
class Notes:
    """The findings of one reading, under the reader's number style."""

    style: NumberStyle
    mistakes: list[Mistake] = field(default_factory=list)
    understood: dict[str, str] = field(default_factory=dict)
    readers: list[Reader] = field(default_factory=list)

    def mistake(self, path: str, error: RecordError) -> None:
        """Notes an error at a place of the draft."""
        self.mistakes.append(Mistake(path, error.code, error.sentence))

    def draft_path(self, body_path: str) -> str:
        """Where in the draft a place of the body was typed; they differ where blank rows were left out."""
        around = [one for one in self.readers if f"{body_path}/".startswith(f"{one.place}/")]
        if not around:
            return body_path
        nearest = max(around, key=lambda one: len(one.place))
        return nearest.path + body_path[len(nearest.place) :]

    def note_unknown_fields(self) -> None:
        """Notes every typed value that nothing has read."""
        for reader in self.readers:
            for name, value in reader.raw.items():
                if name not in reader.read and not is_blank(value):
                    error = UnknownField(f"There is no field {str(name)[:80]} here. Remove it.")
                    self.mistake(f"{reader.path}/{name}", error)


def is_blank(value: object) -> bool:
    """Whether nothing was typed: blank texts, and rows and lists of them; a unit alone says nothing."""
    if isinstance(value, str):  # most are
        return not value.strip()
    if value is None:
        return True
    if isinstance(value, Mapping):
        return all(is_blank(inner) for name, inner in value.items() if not str(name).endswith("unit"))
    if isinstance(value, list):
        return all(is_blank(inner) for inner in value)
    return False
