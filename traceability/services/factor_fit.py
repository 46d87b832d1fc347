"""Whether the flows of a draft fit their factors: an emission goes where its factor says (docs/algorithms)."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import UUID

from traceability.intake.notes import Mistake
from traceability.selectors.slots import SLOTS


def compartments(organisation: UUID) -> Mapping[str, str]:
    """Where the emissions go that factors are for, by their ids."""
    return {one.id: one.compartment for one in SLOTS.factors(organisation) if one.compartment}


def compartment_mistakes(
    body: Mapping[str, Any],
    known: Callable[[], Mapping[str, str]],
    at: Callable[[int], int] = lambda place: place,
) -> Iterator[Mistake]:
    """Rows whose factor is for another place than the row names; `at` gives the draft's number of a row of the body.

    Said here, because a result cannot be computed from them once they are signed.
    """
    if not any(row.get("factors") for row in body.get("inventory", ())):
        return
    places = known()
    for place, row in enumerate(body.get("inventory", ())):
        wanted = next((places[one] for one in row.get("factors", ()) if one in places), "")
        if wanted and row.get("compartment") != wanted:
            sentence = f"The factor is for {wanted}. Choose this compartment, or another factor."
            yield Mistake(f"/inventory/{at(place)}/compartment", "compartment_mismatch", sentence)
