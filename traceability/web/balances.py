"""The element balance of a draft or a step, as bars."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from traceability.ledger.quantity import computing, round_places
from traceability.material.balance import Balance, ElementBalance, Verdict
from traceability.material.elements import RARE_EARTHS
from traceability.material.steps import usual_process
from traceability.material.wording import ElementSaid, said_of
from traceability.web.pictures import balance as picture
from traceability.web.spoken import spoken
from traceability.web.words import Words

COVERAGE: Final = 2
"""How many standard uncertainties the bracket shows."""
MOST_SHOWN: Final = 12

Outcome = Literal["pass", "warn", "fail", "none", "na"]
_WORDS: Final[Mapping[Verdict, tuple[Outcome, Words]]] = {
    Verdict.OK: ("pass", gettext_lazy("Closes")),
    Verdict.WARNING: ("warn", gettext_lazy("Warning")),
    Verdict.REFUSED: ("fail", gettext_lazy("More out than in")),
    Verdict.NOT_EVALUATED: ("none", gettext_lazy("Not evaluated")),
}


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of one element, in the language of the reader."""

    outcome: Outcome
    word: str
    sentence: str
    yield_sentence: str
    is_unusual: bool


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


def context(found: Balance | None, body: Any, process: Sequence[str] = ()) -> dict[str, Any]:
    """What a page needs to show the balance of a body that may not be complete yet."""
    losses = body.get("losses") or ()
    return {
        "balances": drawn(found, losses_stated=any("elements" in row for row in losses)),
        "balance_words": said(found, process),
    }


def said(found: Balance | None, process: Sequence[str]) -> list[Said]:
    """The same in words, with the yield beside what is usual for the process."""
    rows = said_of(found, usual_process(process)) if found else ()
    return [_said(one) for one in rows[:MOST_SHOWN]]


def _said(one: ElementSaid) -> Said:
    outcome, word = _WORDS[one.row.verdict]
    return Said(outcome, str(word), spoken(one.sentence), spoken(one.yield_sentence), one.is_usual is False)
