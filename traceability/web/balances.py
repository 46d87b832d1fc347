"""The element balance of a draft or a step, as bars."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final, Literal

from django.utils.translation import gettext as _

from traceability.ledger.quantity import computing, round_places
from traceability.material.balance import Balance, ElementBalance, Verdict
from traceability.material.elements import RARE_EARTHS
from traceability.web.pictures import balance as picture

COVERAGE: Final = 2
"""How many standard uncertainties the bracket shows."""
MOST_SHOWN: Final = 12

Outcome = Literal["pass", "warn", "fail", "none", "na"]


def drawn(found: Balance | None, *, losses_stated: bool = True) -> picture.Balances | None:
    """Bars of the elements that came in, rare earths first; None where there is nothing to draw.

    `losses_stated`: somebody said what a loss was made of; without that a lost mass is unknown, and never 0.
    """
    rows = _in_order(found) if found else []
    if not rows:
        return None
    return picture.draw([_bar(one, losses_stated) for one in rows[:MOST_SHOWN]], name="balance")


def _in_order(found: Balance) -> Sequence[ElementBalance]:
    """Elements that came in or go out, rare earths first, then by mass."""
    rows = [one for one in found.elements.values() if one.in_kg or one.out_kg]
    return sorted(rows, key=lambda one: (one.element not in RARE_EARTHS, -max(one.in_kg, one.out_kg)))


@computing()
def _bar(one: ElementBalance, losses_stated: bool) -> picture.Balance:
    outcome, words = _verdict(one, losses_stated)
    return picture.Balance(
        element=one.element,
        in_kg=_kg(one.in_kg),
        out_kg=_kg(one.out_kg + max(one.wip_change_kg, Decimal(0))),
        lost_kg=_kg(one.loss_kg) if losses_stated else None,
        unexplained_kg=_kg(one.unexplained_kg),
        uncertainty_kg=_kg(COVERAGE * one.u_c_kg),
        outcome=outcome,
        words=words,
    )


def _verdict(one: ElementBalance, losses_stated: bool) -> tuple[Outcome, str]:
    if one.verdict is Verdict.REFUSED:
        return "fail", _("More out than in")
    if one.verdict is Verdict.OK:
        return "pass", _("Closes")
    if one.verdict is Verdict.NOT_EVALUATED or (not losses_stated and one.unexplained_kg > 0):
        return "none", _("Not closed")
    return ("warn", _("Unexplained loss")) if one.unexplained_kg > 0 else ("warn", _("A little too much"))


def _kg(value: Decimal) -> Decimal:
    """kg with the three decimals of the record."""
    rounded = round_places(value, 3).quantize(Decimal("0.001"))
    return rounded or rounded.copy_abs()  # a difference of nothing has no sign


def context(found: Balance | None, body: Any) -> dict[str, Any]:
    """What a page needs to show the balance of a body that may not be complete yet."""
    losses = body.get("losses") or ()
    return {"balances": drawn(found, losses_stated=any("elements" in row for row in losses))}
