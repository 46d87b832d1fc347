"""New statements name countries that there are; what was signed before stays as it is, also for the verifier."""

from collections.abc import Iterator
from typing import Final

from traceability.intake.countries import NAMES, UnknownCountry
from traceability.ledger.kinds.kind import Body, rows_at
from traceability.ledger.statement import Statement
from traceability.services.judging import corrected_kind
from traceability.services.rows_world import RowsWorld

WITH_COUNTRY: Final = frozenset({"organisation.register", "facility.register", "lot.source"})


def require_countries(statement: Statement, world: RowsWorld) -> None:
    """Refuses two letters that are no ISO 3166-1 alpha-2 code in force."""
    corrects = statement.kind == "statement.correct"
    claim, root = (_object(statement.body.get("as")), "/body/as") if corrects else (statement.content, "")
    for path, code in _countries(claim, corrected_kind(statement, world)):
        if isinstance(code, str) and code not in NAMES:
            raise UnknownCountry(
                "Choose a country, or enter its code of two letters, for example DE.", path=f"{root}{path}"
            )


def _countries(claim: Body, kind: str) -> Iterator[tuple[str, object]]:
    """What stands where a country belongs; whether something stands there at all is for the shape to say."""
    body = claim.get("body")
    if kind in WITH_COUNTRY and isinstance(body, dict):
        yield "/body/country", body.get("country")
    about = body.get("characteristic") if isinstance(body, dict) else None
    if isinstance(about, dict) and "country" in about:
        yield "/body/characteristic/country", about["country"]
    for number, step in enumerate(rows_at(claim, "process")):
        yield f"/process/{number}/country", step.get("country")


def _object(value: object) -> Body:
    return value if isinstance(value, dict) else {}
