"""The numbers that a draft gives to lots: no two lots of a maker have the same, or people could not tell them apart."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from traceability.intake.notes import Mistake
from traceability.ledger.custody import CustodyState
from traceability.ledger.identifiers import digest_bytes
from traceability.models import Draft, Lot

_SENTENCE: Final = (
    "A lot of yours has this number already. Give this one another, or throw the draft away if it is recorded."
)


def taken(fields: Mapping[str, Any], draft: Draft) -> Iterator[Mistake]:
    """The places at which a draft gives a number that another lot of its maker has, or a row above.

    A correction names the lots of what it corrects again.
    """
    given = {place: number for place, typed in _given(fields) if (number := str(typed or "").strip())}
    before: set[str] = set()
    if given:
        made = Lot.objects.filter(maker=draft.organisation, number__in=list(given.values()))
        made = made.exclude(state=CustodyState.VOID)
        if corrects := draft.typed.get("corrects"):
            made = made.exclude(made_by__digest=digest_bytes(corrects["replaces"]))
        before = set(made.values_list("number", flat=True))
    for place, number in given.items():
        if number in before:
            yield Mistake(place, "lot_number_taken", _SENTENCE)
        before.add(number)


def _given(fields: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    yield "/lot_number", fields.get("lot_number")
    outputs = fields.get("outputs")
    for row, output in enumerate(outputs if isinstance(outputs, list) else []):
        if isinstance(output, Mapping):
            yield f"/outputs/{row}/lot_number", output.get("lot_number")
