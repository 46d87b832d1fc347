"""Claimed times beside those of earlier statements on the same lots (record-format.md section 7, Order).

The log alone decides about order. A use or an assay that ended before its lot was made is refused all the same, and a
receipt that ended before the goods were sent is shown: one of the two claims must be wrong.
"""

from collections.abc import Iterator
from datetime import datetime

from traceability.acceptance.errors import AssayedBeforeMade, UsedBeforeMade
from traceability.acceptance.world import World
from traceability.ledger.errors import RecordError
from traceability.ledger.kinds.kind import DRAW
from traceability.ledger.statement import Statement
from traceability.material.findings import Finding

_ANSWERS = ("lot.receive", "lot.reject")


def rests_on(statement: Statement, lot: str) -> bool:
    """Whether a statement draws from a lot, hands it over or assays it: the lot is there already."""
    chain = statement.chain(lot)
    return chain is not None and (chain.role in DRAW or statement.kind in ("lot.dispatch", "lot.assay"))


def require_made(statement: Statement, ended: datetime, world: World, *, path: str) -> None:
    """Raises where a draw, dispatch or assay ended, as its newest version claims, before its lot was made."""
    for chain in statement.chains:
        lot = world.lot(chain.subject)
        if lot is not None and rests_on(statement, chain.subject) and ended < lot.made_at:
            raise before_made(statement, path, lot=chain.subject)


def before_made(statement: Statement, path: str, **fields: str) -> RecordError:
    """The refusal of a statement that ended before a lot was made that it rests on."""
    if statement.kind == "lot.assay":
        return AssayedBeforeMade("This assay ended before the lot was made. Check the dates.", path=path, **fields)
    return UsedBeforeMade("This ended before the lot was made. Check the dates.", path=path, **fields)


def back_dated(statement: Statement, ended: datetime, world: World, *, path: str) -> Iterator[Finding]:
    """The finding on a receipt or rejection that ended, as its newest version claims, before the goods were sent."""
    if statement.kind not in _ANSWERS:
        return
    sent = world.effective(str(statement.body["dispatch"]))
    if sent is not None and ended < sent.occurred_to:
        yield Finding("back_dated", "The goods arrived, as claimed, before they were sent.", path)
