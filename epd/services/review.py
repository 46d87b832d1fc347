"""What speaks against submitting a declaration: errors of our own rules, before anybody else finds them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from epd.documents.checking import Word
from epd.models import Declaration
from epd.selectors import declarations
from epd.services import references
from epd.verifier.review import answers_of, errors_of
from traceability.ledger.errors import RecordError
from traceability.ledger.statement import Statement
from traceability.models import Finding
from traceability.selectors import access
from traceability.services import clock
from traceability.services.rows_world import RowsWorld, uuid_of

BLOCKING: Final = frozenset(
    {
        "fuel_unit", "co2_over_carbon", "fuel_counted_twice", "n2o_like_nox", "concentration_unstated",
        "sulfur_over_inputs", "fluorine_over_inputs",
    }
)  # fmt: skip
"""Findings on an inventory by which its figures are wrong, not only unusual."""


class HasErrors(RecordError):
    """A submission of figures in which our own rules find errors."""

    code = "has_errors"


@dataclass(frozen=True, slots=True)
class Noted:
    """Something that a rule says of a declaration; `rule` is that of the documents, or the code of a finding."""

    rule: str
    sentence: str
    blocks: bool


def review_of(declaration: Declaration) -> tuple[Noted, ...]:
    """All that speaks against submitting it, then what a verifier will ask about."""
    body = declarations.told(declaration, None, clock.now().date()).body
    found = _of_rules(body, declaration.published_at.date()) + _of_inventories(declaration)
    return tuple(sorted(dict.fromkeys(found), key=lambda one: not one.blocks))


def _of_rules(body: Mapping[str, Any], published: date) -> list[Noted]:
    return [
        Noted(answer.rule.id, finding.sentence, answer.word is Word.ERROR)
        for answer in answers_of(body, published)
        for finding in answer.findings
    ]


def _of_inventories(declaration: Declaration) -> list[Noted]:
    lots = [one.pk for one in references.lots_of(declaration)]
    behind = {*lots, *(one for lot in lots for one in access.cone(lot, "ancestors"))}
    rows = Finding.objects.filter(lot__among=behind, code__in=BLOCKING).order_by("pk")
    return [Noted(one.code, one.sentence, True) for one in rows]


def check_submission(statement: Statement, body: Mapping[str, Any], world: RowsWorld) -> None:
    """Refuses to submit what has errors; the door asks it of platform and holder keys alike."""
    row = Declaration.objects.select_related("lot", "statement").filter(pk=uuid_of(str(body["declaration"]))).first()
    if row is None:
        return
    published = declarations.told(row, None, clock.now().date()).body
    errors = [f"{rule}: {one.sentence}" for rule, one in errors_of(published, row.published_at.date())]
    errors += [f"{one.rule}: {one.sentence}" for one in _of_inventories(row)]
    if errors:
        raise HasErrors(f"Correct this first, then publish again. {errors[0]}", path="/body/declaration")
