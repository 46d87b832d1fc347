"""What was found, in three states that are never one: found, found but doubtful, not found."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Final

from traceability.intake.lab.lines import Place
from traceability.intake.numbers import NotANumber, NumberStyle, read_number


class State(StrEnum):
    """How sure a value is."""

    FOUND = "found"
    DOUBTFUL = "doubtful"
    NOT_FOUND = "not_found"


class Doubt(StrEnum):
    """Why a person must look before a value is taken."""

    UNIT_NOT_SAID = "unit_not_said"
    TWO_READINGS = "two_readings"
    BELOW_LIMIT = "below_limit"
    SEVERAL_NUMBERS = "several_numbers"
    SAID_TWICE = "said_twice"
    THE_REST = "the_rest"
    NO_NUMBER = "no_number"
    OTHER_BASIS = "other_basis"
    BASIS_NOT_SAID = "basis_not_said"
    OVER_HUNDRED = "over_hundred"
    ELEMENT_TWICE = "element_twice"
    NO_COUNTRY = "no_country"


@dataclass(frozen=True, slots=True)
class Value:
    """A proposed value; `written` is what stands in the document at `place`. An empty value cannot be taken."""

    state: State
    value: str = ""
    written: str = ""
    place: Place | None = None
    doubts: tuple[Doubt, ...] = ()

    def doubted(self, *doubts: Doubt) -> "Value":
        """The same value, to be looked at for these reasons too."""
        if self.state is State.NOT_FOUND or not doubts:
            return self
        return replace(self, state=State.DOUBTFUL, doubts=tuple(dict.fromkeys((*self.doubts, *doubts))))


NOT_FOUND: Final = Value(State.NOT_FOUND)
_NUMBER: Final = re.compile(r"[<≤£>≥~]?\s*[-−]?\d[\d.,'’\u202f\u00a0]*(?: \d{3}(?!\d)[\d.,]*)*")
# In the character set of old symbol fonts the sign for "at most" has the place of the pound.
_BELOW: Final = re.compile(
    r"[<≤£]|(?:n\.? ?d\.?|not detected|nicht nachweisbar|未检出|bdl|b\.?d\.?l\.?)\b", re.IGNORECASE
)
_REST: Final = re.compile(r"(?:bal(?:ance)?|rest|remainder|余量?|基体?)\.?", re.IGNORECASE)


def has_number(text: str) -> bool:
    """Whether a cell says an amount, or that there is too little to say one."""
    return _NUMBER.search(text) is not None or _BELOW.match(text) is not None or _REST.fullmatch(text) is not None


def number_of(text: str, style: NumberStyle | None, place: Place) -> Value:
    """The number of a cell; `style` is that of the document, None where the document leaves it open."""
    if _REST.fullmatch(text.strip()):
        return Value(State.DOUBTFUL, "", text, place, (Doubt.THE_REST,))
    if _BELOW.match(text.strip()):
        return Value(State.DOUBTFUL, "", text, place, (Doubt.BELOW_LIMIT,))
    numbers = _NUMBER.findall(text.partition("±")[0])
    if not numbers:
        return Value(State.DOUBTFUL, "", text, place, (Doubt.NO_NUMBER,))
    readings = _readings(numbers[0], style)
    if not readings:
        return Value(State.DOUBTFUL, "", text, place, (Doubt.NO_NUMBER,))
    found = Value(State.FOUND, str(readings[0]), text, place)
    return found.doubted(
        *([Doubt.TWO_READINGS] if len(readings) > 1 else []), *([Doubt.SEVERAL_NUMBERS] if len(numbers) > 1 else [])
    )


def text_of(text: str, place: Place) -> Value:
    """A text as it stands."""
    return Value(State.FOUND, text, text, place)


def style_of(texts: Iterable[str]) -> NumberStyle | None:
    """The number style of a document: that of its numbers that can be read in one way only, if they all agree."""
    found = {style for text in texts for one in _NUMBER.findall(text) if (style := _only_style(one.strip()))}
    return found.pop() if len(found) == 1 else None


def _only_style(number: str) -> NumberStyle | None:
    points, commas = number.count("."), number.count(",")
    if points and commas:
        return NumberStyle.POINT if number.rindex(".") > number.rindex(",") else NumberStyle.COMMA
    if points + commas != 1 or len(_readings(number, None)) != 1:
        return None
    return NumberStyle.POINT if points else NumberStyle.COMMA


def _readings(number: str, style: NumberStyle | None) -> list[Decimal]:
    """What a number may mean, in the style of the document or in either."""
    found: list[Decimal] = []
    for one in (style,) if style else tuple(NumberStyle):
        try:
            read = read_number(number.strip("<≤£>≥~ .,"), one)
        except NotANumber:
            continue
        if read not in found:
            found.append(read)
    return found
