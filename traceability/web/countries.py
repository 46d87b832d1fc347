"""Names of countries by their ISO 3166-1 alpha-2 code, for labels and choices."""

from traceability.intake.countries import NAMES
from traceability.web.spoken import spoken

__all__ = ["NAMES", "choices", "name"]


def name(code: str) -> str:
    """Return the name of the country for the reader, or the code itself when it is none of ISO 3166-1."""
    return spoken(NAMES[code]) if code in NAMES else code


def choices() -> list[tuple[str, str]]:
    """Every code with its name, in the order of the names."""
    return sorted(((code, name(code)) for code in NAMES), key=lambda one: one[1])
