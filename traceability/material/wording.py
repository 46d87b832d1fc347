"""The balance of a step in words: what was found of each element, and how much of it is in the lots made."""

from dataclasses import dataclass
from decimal import Decimal

from traceability.ledger.quantity import computing, round_places
from traceability.material.balance import WIP_PLACE, Balance, ElementBalance, Verdict
from traceability.material.composition import MASS_PLACES
from traceability.material.elements import RARE_EARTHS, element_name
from traceability.material.steps import UsualProcess

_PLACES = {"inputs": "input", "outputs": "output", "inventory": "inventory row", "losses": "loss"}


@dataclass(frozen=True, slots=True)
class ElementSaid:
    """What is said of one element; `yield_sentence` is empty where there is none to speak of."""

    row: ElementBalance
    sentence: str
    yield_pct: Decimal | None
    yield_sentence: str
    is_usual: bool | None
    """Whether the yield is what is usual for the process; None where that is not known."""


def said_of(balance: Balance, usual: UsualProcess | None) -> tuple[ElementSaid, ...]:
    """Every element that came in or went out, rare earths first, then by mass."""
    rows = [one for one in balance.elements.values() if one.in_kg or one.out_kg]
    rows.sort(key=lambda one: (one.element not in RARE_EARTHS, -max(one.in_kg, one.out_kg)))
    return tuple(_said(row, usual) for row in rows)


@computing()
def _said(row: ElementBalance, usual: UsualProcess | None) -> ElementSaid:
    counted = row.element in RARE_EARTHS and row.in_kg > 0 and row.verdict is not Verdict.NOT_EVALUATED
    if not counted:
        return ElementSaid(row, sentence_of(row), None, "", None)
    yield_pct = round_places(row.out_kg / row.in_kg * 100, 1)
    is_usual = None if usual is None else row.out_kg + 2 * row.u_c_kg >= usual.least_yield * row.in_kg
    return ElementSaid(row, sentence_of(row), yield_pct, _yield(row, yield_pct, usual), is_usual)


def sentence_of(row: ElementBalance) -> str:
    """What the balance found of one element."""
    match row.verdict:
        case Verdict.NOT_EVALUATED:
            return _not_evaluated(row)
        case Verdict.OK:
            return _closes(row)
    return gained(row) if row.unexplained_kg < 0 else _missing(row)


@computing()
def gained(row: ElementBalance) -> str:
    """More out than in, beyond twice the uncertainty."""
    more = _kg(-row.unexplained_kg - row.unseen_kg)
    measured, element = _kg(row.u_c_kg), element_name(row.element)
    if row.verdict is Verdict.REFUSED:
        return (
            f"{more} kg more {element} leaves than came in; measured uncertainty {measured} kg. That is more than "
            "three times the uncertainty: matter is never made."
        )
    return (
        f"{more} kg more {element} leaves than came in; measured uncertainty {measured} kg. That is between two and "
        "three times the uncertainty: check the assays."
    )


@computing()
def _missing(row: ElementBalance) -> str:
    less, measured, element = _kg(row.unexplained_kg), _kg(row.u_c_kg), element_name(row.element)
    return (
        f"{less} kg of the {element} that came in is in no lot and no stated loss; measured uncertainty {measured} kg. "
        "State what was lost, or check masses and assays."
    )


@computing()
def _closes(row: ElementBalance) -> str:
    element, in_kg, out_kg = element_name(row.element), _kg(row.in_kg), _kg(row.out_kg)
    stated, left, twice = _kg(row.loss_kg + row.wip_change_kg), _kg(abs(row.unexplained_kg)), _kg(2 * row.u_c_kg)
    return (
        f"The balance of {element} closes: {in_kg} kg in, {out_kg} kg out, {stated} kg in stated losses and work in "
        f"process. The rest of {left} kg is within twice the measured uncertainty ({twice} kg)."
    )


def _not_evaluated(row: ElementBalance) -> str:
    places = ", ".join(map(_place, row.because))
    element = element_name(row.element)
    return f"The balance of {element} was not evaluated: its content is not known of {places}."


def _place(pointer: str) -> str:
    """A place of the body as people call it."""
    if pointer == WIP_PLACE:
        return "the work in process"
    name, _, number = pointer.strip("/").partition("/")
    return f"{_PLACES.get(name, name)} {int(number) + 1}" if number.isdigit() else _PLACES.get(name, name)


def _yield(row: ElementBalance, yield_pct: Decimal, usual: UsualProcess | None) -> str:
    element = element_name(row.element)
    if usual is None:
        return (
            f"{yield_pct} % of the {element} that came in is in the lots made. What is usual for this process is not "
            "known here."
        )
    least_pct, source = usual.least_pct, "; ".join(usual.sources)
    return (
        f"{yield_pct} % of the {element} that came in is in the lots made. Usual for this process is {least_pct} % or "
        f"more (source: {source})."
    )


def _kg(value: Decimal) -> Decimal:
    return round_places(value, MASS_PLACES)
