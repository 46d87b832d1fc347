"""Reading typed values field by field: each mistake is noted at its place, and reading goes on.

A draft is a tree of texts in the shape of the body that it becomes, under the same names, so that one path (JSON
pointer) names a field in form, sheet, API and record. A unit stands behind its number or in `<name>_unit`.
"""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Final, TypeVar

from traceability.intake.countries import NAMES, read_country
from traceability.intake.moments import read_day
from traceability.intake.notes import (
    BadText,
    Missing,
    NotAUrn,
    Notes,
    NotText,
    OutOfBounds,
    TooFine,
    UnknownChoice,
    is_blank,
)
from traceability.intake.numbers import NumberStyle, shown
from traceability.intake.units import MASS, PERCENT, Amount, Unit, read_amount, split_unit, unit_of
from traceability.ledger.errors import RecordError
from traceability.ledger.identifiers import is_urn
from traceability.ledger.quantity import format_quantity, round_places
from traceability.ledger.unicode14 import refused_character
from traceability.material.composition import MASS_PLACES

Found = TypeVar("Found")

MOST_KG: Final = Decimal("1000000000")
MOST: Final = "999999999999"
MOST_PLACES: Final = 9
EXAMPLE_KG: Final = "12878.168"
MOST_TEXT: Final = 500
_DIGITS: Final = 10


class Fields:
    """The fields of one object of a draft. `path` is its place in the draft, `place` the one in the body."""

    def __init__(self, raw: Mapping[str, object], notes: Notes, *, path: str = "", place: str = "") -> None:
        self.raw = raw
        self.notes = notes
        self.path = path
        self.place = place
        self.read: set[str] = set()
        notes.readers.append(self)

    def text(self, name: str, *, longest: int = MOST_TEXT, required: bool = True, missing: str = "") -> str | None:
        """A text of at most `longest` characters; line breaks become commas."""
        sentence = missing or f"Enter the {_label(name)}."
        return self.value(name, lambda typed: _text(typed, longest), sentence if required else "")

    def texts(self, name: str) -> list[str]:
        """Texts typed as a list, or in one field with commas or line breaks between them."""
        self.read.add(name)
        value = self.raw.get(name)
        parts = value.replace("\n", ",").split(",") if isinstance(value, str) else value
        if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
            if not is_blank(value):
                self.mistake(name, NotText("Enter texts with commas between them."))
            return []
        try:
            return [_text(part, MOST_TEXT) for part in parts if part.strip()]
        except RecordError as error:
            self.mistake(name, error)
            return []

    def word(self, name: str, words: Iterable[str], *, required: bool = True, missing: str = "") -> str | None:
        """One of a closed list of words."""
        allowed = tuple(words)
        sentence = f"Choose one of: {', '.join(allowed)}."

        def choose(typed: str) -> str:
            if typed not in allowed:
                raise UnknownChoice(sentence)
            return typed

        return self.value(name, choose, (missing or f"Choose the {_label(name)}.") if required else "")

    def urn(self, name: str, *, required: bool = True, missing: str = "") -> str | None:
        """The urn of a lot, an organisation or a facility."""
        return self.value(name, _urn, (missing or f"Choose the {_label(name)}.") if required else "")

    def country(self, name: str, *, required: bool = True) -> str | None:
        """The code of a country."""
        code = self.value(name, read_country, "Choose a country, for example DE." if required else "")
        if code is not None:
            self.heard(name, f"{NAMES[code]} ({code})")
        return code

    def day(self, name: str) -> str | None:
        """A day as YYYY-MM-DD."""
        return self.value(name, read_day, "Enter a day, for example 2026-11-16.")

    def mass(self, name: str, *, required: bool = True, signed: bool = False, zero: bool = False) -> str | None:
        """Kilograms with at most 3 decimals, above 0 unless `signed` or `zero` says otherwise."""

        def check(amount: Amount) -> Amount:
            return _mass(amount, signed=signed, zero=zero)

        missing = f"Enter a mass, for example {self.shown(EXAMPLE_KG)}."
        return self._amount(name, MASS, check, missing if required else "")

    def percent(self, name: str, *, most: str = "100", required: bool = True) -> str | None:
        """A percentage from 0 to `most`."""
        sentence = f"Enter a percentage from 0 to {self.shown(most)}."
        return self._amount(name, PERCENT, _between("0", most, sentence), sentence if required else "")

    def amount(
        self, name: str, units: tuple[Unit, ...], *, most: str, least: str = "0", required: bool = True
    ) -> str | None:
        """A number from `least` to `most` in the unit of the record."""
        sentence = f"Enter a number from {self.shown(least)} to {self.shown(most)}."
        return self._amount(name, units, _between(least, most, sentence), sentence if required else "")

    def amount_and_unit(self, units: tuple[Unit, ...]) -> tuple[str | None, str | None]:
        """An `amount` from 0 and its `unit` of the record; the unit may stand behind the number too."""
        typed = self.raw.get("amount")
        behind = split_unit(typed)[1] if isinstance(typed, str) else ""
        sentence = f"Choose a unit: {', '.join(unit.symbol for unit in units)}."
        name = "amount" if behind and is_blank(self.raw.get("unit")) else "unit"
        unit = self.value(name, lambda text: unit_of(behind or text, units).record_unit, sentence)
        self.read |= {"amount", "unit"}
        if unit is None:
            return None, None
        missing = f"Enter an amount, for example {self.shown(EXAMPLE_KG)}."
        return self._amount("amount", units, _between("0", MOST, missing), missing, beside="unit"), unit

    def row(self, name: str, *, required: bool = False) -> "Fields | None":
        """The fields of an object in the draft; None where nothing was typed into it."""
        self.read.add(name)
        value = self.raw.get(name)
        if is_blank(value):
            if required:
                self.mistake(name, Missing(f"Enter the {_label(name)}."))
            return None
        return self._inner(value, name, name)

    def rows(self, name: str, *, missing: str = "") -> list["Fields"]:
        """The rows of a list in the draft, without the blank ones; `missing` is empty where there may be none."""
        self.read.add(name)
        value = self.raw.get(name)
        if not isinstance(value, list) and not is_blank(value):
            self.mistake(name, NotText("Enter these values row by row."))
            return []
        rows = value if isinstance(value, list) else []
        typed = [number for number, row in enumerate(rows) if not is_blank(row)]
        if missing and not typed:
            self.mistake(name, Missing(missing))
        inner = [self._inner(rows[number], f"{name}/{number}", f"{name}/{place}") for place, number in enumerate(typed)]
        return [fields for fields in inner if fields is not None]

    def _inner(self, value: object, name: str, place: str) -> "Fields | None":
        if not isinstance(value, Mapping):
            self.mistake(name, NotText("Enter this in its own fields."))
            return None
        return Fields(value, self.notes, path=f"{self.path}/{name}", place=f"{self.place}/{place}")

    def mistake(self, name: str, error: RecordError) -> None:
        """Notes an error at one of the fields."""
        self.notes.mistake(f"{self.path}/{name}", error)

    def shown(self, quantity: str) -> str:
        """A quantity string in the reader's own style."""
        return _shown(quantity, self.notes.style)

    def heard(self, name: str, understood: str) -> None:
        """Notes what was understood of one of the fields."""
        self.notes.understood[f"{self.path}/{name}"] = understood

    def check(self, check: Callable[[], object]) -> None:
        """Notes the error of a check of the body; skipped where something under these fields is wrong already."""
        if any(mistake.path.startswith(f"{self.path}/") for mistake in self.notes.mistakes):
            return
        try:
            check()
        except RecordError as error:
            self.notes.mistake(self.notes.draft_path(error.path), error)

    def _amount(
        self,
        name: str,
        units: tuple[Unit, ...],
        check: Callable[[Amount], Amount],
        missing: str,
        *,
        beside: str = "",
    ) -> str | None:
        """The quantity string of a checked amount; `missing` is empty where it need not be there."""
        unit_field = beside or f"{name}_unit"
        self.read.add(unit_field)
        chosen = self.raw.get(unit_field)

        def read(typed: str) -> Amount:
            chosen_unit = chosen.strip() if isinstance(chosen, str) else ""
            return _fine_enough(check(read_amount(typed, units, self.notes.style, chosen=chosen_unit)))

        amount = self.value(name, read, missing)
        if amount is None:
            return None
        self.heard(name, amount.shown(self.notes.style))
        return format_quantity(amount.value)

    def value(self, name: str, read: Callable[[str], Found], missing: str) -> Found | None:
        """What `read` makes of the typed text; `missing` says what to do where it is blank, empty where it may be."""
        self.read.add(name)
        value = self.raw.get(name)
        try:
            if is_blank(value):
                if missing:
                    raise Missing(missing)
                return None
            if not isinstance(value, str):
                raise NotText("Enter this as a text; numbers are texts too.")
            return read(value.strip())
        except RecordError as error:
            self.mistake(name, error)
            return None

    def whole(self, name: str, least: int, most: int, sentence: str) -> int | None:
        """A count typed in digits, or the number itself from a program; `sentence` says what to enter instead."""
        self.read.add(name)
        sent = self.raw.get(name)
        digits = str(sent).strip() if type(sent) is int or isinstance(sent, str) else ""
        if digits.isascii() and digits.isdecimal() and len(digits) <= _DIGITS and least <= int(digits) <= most:
            return int(digits)
        self.mistake(name, Missing(sentence) if is_blank(sent) else OutOfBounds(sentence))
        return None


def _label(name: str) -> str:
    return name.replace("_", " ")


def _text(typed: str, longest: int) -> str:
    text = unicodedata.normalize("NFC", ", ".join(line.strip() for line in typed.splitlines() if line.strip()))
    if len(text) > longest:
        raise BadText(f"Use at most {longest} characters.")
    if (character := refused_character(text)) is not None:
        raise BadText(f"Remove the character U+{ord(character):04X}: it is invisible, private or not assigned.")
    return text


def _urn(typed: str) -> str:
    if not is_urn(typed):
        raise NotAUrn("Choose it from the list, or enter its urn:uuid: in lower case.")
    return typed


@lru_cache(maxsize=256)
def _shown(quantity: str, style: NumberStyle) -> str:
    """A quantity string in a style; the bounds that sentences name are the same for every field of a sheet."""
    return shown(Decimal(quantity), style)


@lru_cache(maxsize=256)
def _between(least: str, most: str, sentence: str) -> Callable[[Amount], Amount]:
    low, high = Decimal(least), Decimal(most)

    def check(amount: Amount) -> Amount:
        if not low <= amount.value <= high:
            raise OutOfBounds(sentence)
        return amount

    return check


def _mass(amount: Amount, *, signed: bool, zero: bool) -> Amount:
    rounded_kg = round_places(amount.value, MASS_PLACES)
    if amount.unit.is_decimal and rounded_kg != amount.value:
        raise TooFine("Enter at most 3 decimals of a kilogram.")
    if abs(rounded_kg) > MOST_KG:
        raise OutOfBounds("This is more than a million tonnes. Check the number and its unit.")
    if rounded_kg < 0 and not signed:
        raise OutOfBounds("A mass is never below 0. Leave the sign out.")
    if rounded_kg == 0 and not zero:
        raise OutOfBounds("Enter a change other than 0." if signed else "Enter a mass above 0.")
    return replace(amount, value=rounded_kg)


def _fine_enough(amount: Amount) -> Amount:
    if amount.value != round_places(amount.value, MOST_PLACES):
        raise TooFine(f"Enter at most {MOST_PLACES} decimals.")
    return amount
