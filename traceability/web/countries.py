"""Names of countries by their ISO 3166-1 alpha-2 code, for labels and choices."""

from traceability.intake.countries import NAMES

__all__ = ["NAMES", "name"]


def name(code: str) -> str:
    """Return the English name of the country, or the code itself when it is none of ISO 3166-1."""
    return NAMES.get(code, code)
