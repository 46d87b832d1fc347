"""Claimed times beside those of earlier statements on the same lots (record-format.md section 7, Order).

The log alone decides about order. A use that ended before its lot was made is refused all the same, and a receipt that
ended before the goods were sent is shown: one of the two claims must be wrong.
"""

from collections.abc import Iterator
from datetime import datetime

from traceability.acceptance.errors import UsedBeforeMade
from traceability.acceptance.world import World
from traceability.ledger.kinds.kind import DRAW
from traceability.ledger.statement import Statement
from traceability.material.findings import Finding

_ANSWERS = ("lot.receive", "lot.reject")


def uses(statement: Statement, lot: str) -> bool:
    """Whether a statement draws from a lot or hands it over."""
    chain = statement.chain(lot)
    return chain is not None and (chain.role in DRAW or statement.kind == "lot.dispatch")


def require_made(statement: Statement, ended: datetime, world: World, *, path: str) -> None:
    """Raises UsedBeforeMade where a draw or dispatch ended, as its newest version claims, before its lot was made."""
    for chain in statement.chains:
        lot = world.lot(chain.subject)
        if lot is not None and uses(statement, chain.subject) and ended < lot.made_at:
            raise UsedBeforeMade("This ended before the lot was made. Check the dates.", path=path, lot=chain.subject)


def back_dated(statement: Statement, ended: datetime, world: World, *, path: str) -> Iterator[Finding]:
    """The finding on a receipt or rejection that ended, as its newest version claims, before the goods were sent."""
    if statement.kind not in _ANSWERS:
        return
    sent = world.effective(str(statement.body["dispatch"]))
    if sent is not None and ended < sent.occurred_to:
        yield Finding("back_dated", "The goods arrived, as claimed, before they were sent.", path)
