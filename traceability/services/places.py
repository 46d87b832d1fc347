"""What the value at a place of a statement speaks of."""

from uuid import UUID

from traceability.acceptance.world import Body
from traceability.ledger.kinds.kind import corrected_body, rows_at
from traceability.services.stored import uuid_of


def lot_at(body: Body, place: str) -> UUID | None:
    """The lot that the value at this place speaks of; None for draws, inventories and what is about no lot."""
    if place.startswith("/body/as/body/"):
        body, place = corrected_body(body), place.replace("/as/body", "", 1)
    parts = place.split("/")
    if len(parts) > 3 and parts[2] == "outputs":
        return uuid_of(str(rows_at(body, "outputs")[int(parts[3])]["lot"]))
    lot = body.get("lot")
    return uuid_of(lot) if isinstance(lot, str) else None
