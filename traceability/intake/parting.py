"""What a split or a merge need not be asked: its parts are of the matter of the lots, and masses follow from masses."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from traceability.intake.notes import Mistake
from traceability.intake.numbers import NumberStyle, shown
from traceability.intake.units import MASS, read_amount
from traceability.ledger.errors import RecordError
from traceability.ledger.quantity import computing

_FOLLOWS: Final[Mapping[str, re.Pattern[str]]] = {
    "split": re.compile(r"/inputs/0/mass_kg|/outputs/[0-9]+/(material|stage|class)"),
    "merge": re.compile(r"/outputs.*(?<!lot_number)"),
}
PARTINGS: Final = tuple(_FOLLOWS)


def filled(
    act: str, fields: Mapping[str, Any], lots: Mapping[str, Mapping[str, str]], style: NumberStyle
) -> dict[str, Any]:
    """The tree with the material of its parts and the mass of the whole; `lots` gives material and stage by urn."""
    inputs, outputs = rows(fields, "inputs"), rows(fields, "outputs")
    inherited = {**next((lots[row["lot"]] for row in inputs if row.get("lot") in lots), {}), "class": "product"}
    if act == "split":
        inputs = [{**row, "mass_kg": _total(outputs, style)} for row in inputs[:1]]
        outputs = [row and {**row, **inherited} for row in outputs]
    else:
        outputs = [{**row, **inherited, "mass_kg": _total(inputs, style)} for row in outputs[:1]]
    return {**fields, "inputs": inputs, "outputs": outputs}


def without_what_follows(act: str, mistakes: Sequence[Mistake]) -> tuple[Mistake, ...]:
    """The mistakes in what was typed; those in what follows from it only where there are no others."""
    typed = tuple(one for one in mistakes if not _FOLLOWS[act].fullmatch(one.path))
    return typed or tuple(mistakes)


def rows(fields: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """The rows of a list of the tree."""
    found = fields.get(name)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def _total(typed: list[dict[str, Any]], style: NumberStyle) -> str:
    return shown(sum_kg(typed, style), style) if any(row.get("mass_kg") for row in typed) else ""


@computing()
def sum_kg(typed: Iterable[Mapping[str, Any]], style: NumberStyle) -> Decimal:
    """kg of all masses that can be read."""
    total = Decimal(0)
    for row in typed:
        try:
            total += read_amount(
                str(row.get("mass_kg", "")), MASS, style, chosen=str(row.get("mass_kg_unit", ""))
            ).value
        except RecordError:
            continue
    return total
