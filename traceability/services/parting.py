"""A part of a lot is dispatched: it is split off in the same act, and what is left stays in the lot."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import count
from typing import Any, Final

from traceability.acceptance.world import LotRecord
from traceability.intake.fields import Fields
from traceability.intake.notes import Mistake, Notes
from traceability.intake.numbers import NumberStyle
from traceability.ledger.quantity import computing
from traceability.material.stock import StockState
from traceability.services import clock, sealing
from traceability.services.submissions import Act

PART_NUMBER: Final = "part_number"
"""Where a draft keeps how the part is called; without it a lot goes whole."""
_LONGEST_NUMBER: Final = 80


@dataclass(frozen=True, slots=True)
class Part:
    """What is split off a lot to be dispatched, and the dry kg that stay in the lot."""

    number: str
    mass_kg: str
    left_kg: Decimal
    whole: LotRecord


def is_part(account: StockState, mass_kg: Decimal) -> bool:
    """Whether this mass takes a split before it is dispatched: less than remains, or of a lot that was drawn."""
    return account.was_drawn or mass_kg < account.remaining_kg


def next_number(whole: str, taken: Collection[str]) -> str:
    """What the next part of a lot is called: its number, a slash and the first count that is free."""
    return next(name for number in count(1) if (name := f"{whole}/{number}") not in taken)


@computing()
def read(
    fields: Mapping[str, Any], body: Mapping[str, Any], lots: Mapping[str, LotRecord], style: NumberStyle
) -> tuple[Part | None, Sequence[Mistake]]:
    """The part that a dispatch splits off; None where the lot goes whole."""
    notes = Notes(style)
    number = Fields(fields, notes).text(PART_NUMBER, longest=_LONGEST_NUMBER, required=False)
    whole = lots.get(str(body.get("lot")))
    if number is None or whole is None or whole.stock is None or "mass_kg" not in body:
        return None, notes.mistakes
    mass_kg = Decimal(str(body["mass_kg"]))
    if not is_part(whole.stock, mass_kg):
        return None, notes.mistakes
    return Part(number, str(body["mass_kg"]), whole.stock.remaining_kg - mass_kg, whole), notes.mistakes


def acts(dispatch: Act, part: Part, made: str = "") -> tuple[Act, Act]:
    """The split, and the dispatch of the lot that it makes, `made` or a new one: both are signed, or none."""
    made = made or sealing.urn(sealing.new_id(clock.now()))
    whole = part.whole.custody
    output = {"lot": made, "material": whole.material, "stage": part.whole.stage, "class": "product"}
    body = {
        "inputs": [{"lot": whole.urn, "mass_kg": part.mass_kg}],
        "outputs": [{**output, "mass_kg": part.mass_kg, "lot_number": part.number}],
    }
    split = Act("lot.transform", dispatch.issuer, body, dispatch.occurred, dispatch.utc_offset)
    return split, replace(dispatch, body={**dispatch.body, "lot": made})
