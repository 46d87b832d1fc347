"""Shapes of single values: texts, numbers, names, moments (record-format.md section 1)."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from traceability.ledger import identifiers, moments, quantity
from traceability.ledger.shapes.base import Disclosed, OutOfRange, WrongType, object_of, text_of


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


@dataclass(frozen=True, slots=True)
class Text:
    """A text of 1 to `longest` code points, not of blanks alone; `pattern` must match the whole of it."""

    longest: int = 500
    pattern: str = ""
    example: str = ""

    def check(self, value: object, path: str, disclosed: Disclosed) -> None:
        text = value if isinstance(value, str) else text_of(value, path)
        if not 1 <= len(text) <= self.longest:
            raise OutOfRange(f"Use 1 to {self.longest} characters.", path=path)
        if text.isspace():
            raise OutOfRange("Write more than blanks.", path=path)
        if self.pattern and not _compiled(self.pattern).fullmatch(text):
            raise WrongType(f"Write it like {self.example or self.pattern}.", path=path)

    def schema(self) -> dict[str, object]:
        found: dict[str, object] = {"type": "string", "minLength": 1, "maxLength": self.longest}
        found["pattern"] = f"^(?:{self.pattern})$" if self.pattern else r"\S"
        return found


@dataclass(frozen=True, slots=True)
class Word:
    """One of a closed list of words."""

    words: tuple[str, ...]

    def check(self, value: object, path: str, disclosed: Disclosed) -> None:
        if value not in self.words:
            text_of(value, path)
            raise OutOfRange(f"Use one of: {', '.join(self.words)}.", path=path)

    def schema(self) -> dict[str, object]:
        return {"type": "string", "enum": list(self.words)}


_decimal = cache(Decimal)  # few limits serve all quantities


@dataclass(frozen=True, slots=True)
class Quantity:
    """A decimal string in the unit that the field's name ends with."""

    least: str = "0"
    most: str = "999999999999.999999999"
    places: int = 9
    above_zero: bool = False

    def check(self, value: object, path: str, disclosed: Disclosed) -> None:
        text = text_of(value, path)
        number = quantity.parse_quantity(text, negative=self.least.startswith("-"), path=path)
        if not _decimal(self.least) <= number <= _decimal(self.most):
            raise OutOfRange(f"Use a number from {self.least} to {self.most}.", path=path)
        if self.above_zero and number == 0:
            raise OutOfRange("Use a number above 0.", path=path)
        if len(text.partition(".")[2]) > self.places:
            raise OutOfRange(f"Use at most {self.places} decimals.", path=path)

    def schema(self) -> dict[str, object]:
        sign = "(?!-0$)-?" if self.least.startswith("-") else ""
        not_zero = "(?!0$)" if self.above_zero else ""
        decimals = rf"(\.[0-9]{{0,{self.places - 1}}}[1-9])?"
        pattern = rf"^{not_zero}{sign}(0|[1-9][0-9]{{0,11}}){decimals}$"
        return {"type": "string", "pattern": pattern, "description": f"A number from {self.least} to {self.most}."}


MASS_KG = Quantity(places=3, most="100000000000", above_zero=True)
PERCENT = Quantity(most="100")


@dataclass(frozen=True, slots=True)
class Computed:
    """A computed number as a decimal string (shares, factors, indicators)."""

    def check(self, value: object, path: str, disclosed: Disclosed) -> None:
        quantity.parse_computed(text_of(value, path), path=path)

    def schema(self) -> dict[str, object]:
        return {"type": "string", "pattern": r"^(?!-0$)-?(0|[1-9][0-9]{0,14})(\.[0-9]{0,35}[1-9])?$"}


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number."""

    least: int = 0
    most: int = 2**53 - 1

    def check(self, value: object, path: str, disclosed: Disclosed) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            raise WrongType("Use a whole number.", path=path)
        if not self.least <= value <= self.most:
            raise OutOfRange(f"Use a whole number from {self.least} to {self.most}.", path=path)

    def schema(self) -> dict[str, object]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""

    def check(self, value: object, path: str, disclosed: Disclosed) -> None:
        if not isinstance(value, bool):
            raise WrongType("Use true or false.", path=path)

    def schema(self) -> dict[str, object]:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Urn:
    """A `urn:uuid:` in lower case."""

    def check(self, value: object, path: str, disclosed: Disclosed) -> None:
        if not identifiers.is_urn(text_of(value, path)):
            raise WrongType("Use a urn:uuid: in lower case.", path=path)

    def schema(self) -> dict[str, object]:
        return {"type": "string", "pattern": "^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"}


@dataclass(frozen=True, slots=True)
class NewUrn:
    """A `urn:uuid:` with a UUID of version 7, as the id of a statement is."""

    def check(self, value: object, path: str, disclosed: Disclosed) -> None:
        if not identifiers.is_new_urn(text_of(value, path)):
            raise WrongType("Use a urn:uuid: in lower case with a UUID of version 7.", path=path)

    def schema(self) -> dict[str, object]:
        pattern = "^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
        return {"type": "string", "pattern": pattern}


@dataclass(frozen=True, slots=True)
class Digest:
    """`sha256:` and 64 lower-case hex digits."""

    def check(self, value: object, path: str, disclosed: Disclosed) -> None:
        if not identifiers.is_digest(text_of(value, path)):
            raise WrongType("Use sha256: and 64 lower-case hex digits.", path=path)

    def schema(self) -> dict[str, object]:
        return {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"}


_LAST_OF_REST = {1: "AQgw", 2: "AEIMQUYcgkosw048"}
"""By the bytes after the last three: the characters that end a base64url text whose spare bits are 0."""


@dataclass(frozen=True, slots=True)
class Binary:
    """Bytes in base64url without padding, in their one writing."""

    size: int

    def check(self, value: object, path: str, disclosed: Disclosed) -> None:
        identifiers.b64url_decode(text_of(value, path), size=self.size, path=path)

    def schema(self) -> dict[str, object]:
        full, rest = divmod(self.size, 3)
        end = f"[A-Za-z0-9_-]{{{rest}}}[{_LAST_OF_REST[rest]}]" if rest else ""
        return {"type": "string", "pattern": f"^[A-Za-z0-9_-]{{{full * 4}}}{end}$"}


@dataclass(frozen=True, slots=True)
class Moment:
    """`YYYY-MM-DDThh:mm:ssZ`, 2000 to 2099."""

    def check(self, value: object, path: str, disclosed: Disclosed) -> None:
        moments.parse_moment(text_of(value, path), path=path)

    def schema(self) -> dict[str, object]:
        pattern = rf"^{_DAY}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z$"
        return {"type": "string", "pattern": pattern, "description": "A moment in UTC, on a day that the calendar has."}


@dataclass(frozen=True, slots=True)
class UtcOffset:
    """`+hh:mm` or `-hh:mm`, from -13:59 to +14:00; UTC itself is +00:00."""

    def check(self, value: object, path: str, disclosed: Disclosed) -> None:
        moments.check_utc_offset(text_of(value, path), path=path)

    def schema(self) -> dict[str, object]:
        return {"type": "string", "pattern": "^(?!-00:00)[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00)$"}


@dataclass(frozen=True, slots=True)
class Later:
    """An object whose shape depends on another statement: whoever knows that statement checks it."""

    def check(self, value: object, path: str, disclosed: Disclosed) -> None:
        object_of(value, path)

    def schema(self) -> dict[str, object]:
        description = "The body of the statement that is corrected, in the shape of its kind."
        return {"type": "object", "minProperties": 1, "description": description}


@dataclass(frozen=True, slots=True)
class Date:
    """`YYYY-MM-DD`, 2000 to 2099."""

    def check(self, value: object, path: str, disclosed: Disclosed) -> None:
        text = text_of(value, path)
        if not re.fullmatch(_DAY, text, re.ASCII) or not _is_day(text):
            raise WrongType("Write the day as 2026-06-30, in the years 2000 to 2099.", path=path)

    def schema(self) -> dict[str, object]:
        return {"type": "string", "pattern": f"^{_DAY}$", "description": "A day that the calendar has."}


_DAY = "20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text) is not None
    except ValueError:
        return False


COUNTRY = Text(2, "[A-Z]{2}", "DE (ISO 3166-1 alpha-2)")
