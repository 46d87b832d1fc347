"""Element balance of a step with uncertainty: `lodestone-balance/1` (docs/algorithms/lodestone-balance-1.md).

More of an element out than came in, beyond three times the uncertainty, is refused: matter is never created
(record-format.md section 5, "Matter"). Everything else is shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from traceability.ledger.errors import RecordError
from traceability.ledger.quantity import computing, round_places
from traceability.material.composition import MASS_PLACES
from traceability.material.elements import RARE_EARTHS, element_name
from traceability.material.step import OTHER_STAGE, Side, Step
from traceability.material.uncertainty import (
    OK_FACTOR,
    REFUSAL_FACTOR,
    TABLE,
    combined_u_kg,
    counted_sdev_rel_pct,
    row_u_kg,
)

ALGORITHM: Final = "lodestone-balance/1"
WIP_PLACE: Final = "/wip_change"
WIP_CONTENT_PCT: Final = Decimal(100)
"""Work in progress is stated as kg of a species: it takes the uncertainty of a high content."""


class MatterCreated(RecordError):
    """More of an element leaves the step than came in, beyond the uncertainty."""

    code = "element_created"


class Verdict(StrEnum):
    """What the balance says of one element."""

    OK = "ok"
    WARNING = "warning"
    REFUSED = "refused"
    NOT_EVALUATED = "not_evaluated"


@dataclass(frozen=True, slots=True)
class ElementBalance:
    """The balance of one element in kg, unrounded: in = out + loss + work in progress + unexplained."""

    element: str
    in_kg: Decimal
    out_kg: Decimal
    """In output lots of every class."""
    loss_kg: Decimal
    """In declared losses, waste and emissions."""
    wip_change_kg: Decimal
    unexplained_kg: Decimal
    u_c_kg: Decimal
    """Combined standard uncertainty."""
    verdict: Verdict
    because: tuple[str, ...] = ()
    """Places (JSON pointers) whose matter is not known, where the verdict is `not_evaluated`."""
    unseen_kg: Decimal = Decimal(0)
    """Mass of what may bring the element in unseen: at most all of it is the element, so that much is excused."""


@dataclass(frozen=True, slots=True)
class Balance:
    """The balances of a step by element symbol, with the uncertainty table that they were judged by."""

    elements: Mapping[str, ElementBalance]
    unassayed: tuple[str, ...]
    """Places of the lots without assay: with one of them no element is fully evaluated."""
    unassayed_in_kg: Decimal = Decimal(0)
    """Dry mass of the inputs without assay: the elements that came in with them weigh no more together."""
    table_version: str = TABLE.version

    @property
    def is_evaluated(self) -> bool:
        """Whether every lot of the step has an assay, and no element that was seen to come in is left open."""
        open_ = (row for row in self.elements.values() if row.verdict is Verdict.NOT_EVALUATED)
        return not self.unassayed and not any(row.in_kg > 0 or row.element in RARE_EARTHS for row in open_)


def balance_of(step: Step, *, in_process_kg: Mapping[str, Decimal] | None = None) -> Balance:
    """The element balances of a step.

    `in_process_kg`: element kg that earlier steps of the same facility left in process; what is taken out beyond it
    does not count. None: not known here, a step that takes from it is not evaluated.
    """
    found = {element for row in step.rows for element in row.composition or ()} | set(step.wip_change_kg)
    unassayed = tuple(row.place for row in step.rows if row.composition is None)
    elements = {element: _element(step, element, in_process_kg) for element in sorted(found)}
    return Balance(elements, unassayed, _unassayed_in_kg(step))


@computing()
def _unassayed_in_kg(step: Step) -> Decimal:
    return sum((row.mass_kg for row in step.on(Side.INPUT) if row.composition is None), Decimal(0))


@computing()
def _element(step: Step, element: str, in_process_kg: Mapping[str, Decimal] | None) -> ElementBalance:
    sums = {side: sum((row.element_kg(element) for row in step.on(side)), Decimal(0)) for side in Side}
    wip_kg = step.wip_change_kg.get(element, Decimal(0))
    if in_process_kg is not None:
        wip_kg = max(wip_kg, -in_process_kg.get(element, Decimal(0)))
    unexplained_kg = sums[Side.INPUT] - sums[Side.OUTPUT] - sums[Side.LOSS] - wip_kg
    unknown = _unknown_inputs(step, element)
    unseen_kg = _total_kg(unknown)  # without work in process: that counts as it is stated, and there is never more
    in_unknown = (*(place for place, _ in unknown), *((WIP_PLACE,) if wip_kg < 0 and in_process_kg is None else ()))
    out_unknown = tuple(row.place for row in step.on(Side.OUTPUT) if row.composition is None)
    u_c_kg = combined_u_kg(
        [*(row.u_kg(element) for row in step.rows), *([_wip_u_kg(wip_kg)] if wip_kg else [])],
        element_in_kg=sums[Side.INPUT] + (unseen_kg or Decimal(0)),
        input_mass_kg=sum((row.mass_kg for row in step.on(Side.INPUT)), Decimal(0)),
    )
    verdict = _verdict(unexplained_kg, u_c_kg, unseen_kg, bool(in_unknown), bool(out_unknown))
    return ElementBalance(
        element,
        sums[Side.INPUT],
        sums[Side.OUTPUT],
        sums[Side.LOSS],
        wip_kg,
        unexplained_kg,
        u_c_kg,
        verdict,
        in_unknown + out_unknown if verdict is Verdict.NOT_EVALUATED else (),
        unseen_kg or Decimal(0),
    )


def _wip_u_kg(wip_kg: Decimal) -> Decimal:
    return row_u_kg(wip_kg, counted_sdev_rel_pct(OTHER_STAGE, WIP_CONTENT_PCT, None))


def _unknown_inputs(step: Step, element: str) -> tuple[tuple[str, Decimal | None], ...]:
    """Place and kg of what may bear the element unseen; None where its mass is not known.

    An assay lists every rare earth that counts, but need not list iron.
    """
    inputs = step.on(Side.INPUT)
    if element in RARE_EARTHS:
        return tuple((row.place, row.mass_kg) for row in inputs if row.composition is None)
    unlisted = tuple((row.place, row.mass_kg) for row in inputs if element not in (row.composition or {}))
    return unlisted + tuple(step.unstated.items())


def _total_kg(unknown: tuple[tuple[str, Decimal | None], ...]) -> Decimal | None:
    known = [kg for _, kg in unknown if kg is not None]
    return sum(known, Decimal(0)) if len(known) == len(unknown) else None


def _verdict(
    unexplained_kg: Decimal, u_c_kg: Decimal, unseen_kg: Decimal | None, in_unknown: bool, out_unknown: bool
) -> Verdict:
    if unseen_kg is None:
        return Verdict.NOT_EVALUATED
    if -unexplained_kg - unseen_kg > REFUSAL_FACTOR * u_c_kg:
        return Verdict.REFUSED
    if in_unknown or out_unknown:
        return Verdict.NOT_EVALUATED
    return Verdict.OK if abs(unexplained_kg) <= OK_FACTOR * u_c_kg else Verdict.WARNING


def require_conserved(balance: Balance) -> None:
    """Refuses a step that creates matter; the first element by symbol is named."""
    for row in balance.elements.values():
        if row.verdict is Verdict.REFUSED:
            raise _created(row)
    _require_room(balance)


@computing()
def _require_room(balance: Balance) -> None:
    """Refuses a step of whose inputs without assay more must be this and that element than they weigh (ADR 30).

    For each element counted is what must have come in with them at least: what is in excess beyond 3 u_c, less what
    other inputs may bear of it. Whose unseen mass is not known excuses any amount of its element, and is left out.
    """
    room_kg = balance.unassayed_in_kg
    least = {
        row.element: -row.unexplained_kg - REFUSAL_FACTOR * row.u_c_kg - (row.unseen_kg - room_kg)
        for row in balance.elements.values()
        if row.unseen_kg >= room_kg > 0
    }
    demanded = {element: kg for element, kg in least.items() if kg > 0}
    needed_kg = sum(demanded.values(), Decimal(0))
    if needed_kg > room_kg:
        elements = ", ".join(demanded)
        raise MatterCreated(
            f"At least {round_places(needed_kg, MASS_PLACES)} kg of {elements} together must have come in with inputs "
            f"without assay, but these weigh {round_places(room_kg, MASS_PLACES)} kg. Check the masses, and state the "
            "assays of the inputs.",
            path="/outputs",
            element=max(demanded, key=lambda element: demanded[element]),
        )


@computing()
def _created(row: ElementBalance) -> MatterCreated:
    most_kg = row.in_kg + row.unseen_kg
    return MatterCreated(
        _created_sentence(row),
        path="/outputs",
        element=row.element,
        in_kg=str(round_places(most_kg, MASS_PLACES)),
        out_kg=str(round_places(row.in_kg - row.unexplained_kg, MASS_PLACES)),
        uncertainty_kg=str(round_places(REFUSAL_FACTOR * row.u_c_kg, MASS_PLACES)),
    )


@computing()
def _created_sentence(row: ElementBalance) -> str:
    out_kg = round_places(row.in_kg - row.unexplained_kg, MASS_PLACES)
    in_kg = round_places(row.in_kg + row.unseen_kg, MASS_PLACES)
    unseen_kg = round_places(row.unseen_kg, MASS_PLACES)
    more_kg = out_kg - in_kg
    measured_kg = round_places(row.u_c_kg, MASS_PLACES)
    if row.unseen_kg:
        return (
            f"{more_kg} kg more {element_name(row.element)} leaves the step than can have come in: {out_kg} kg out, at "
            f"most {in_kg} kg in. Of that, {unseen_kg} kg came in without assay of it and counted as if all of it were "
            f"{element_name(row.element)}. The measured uncertainty is {measured_kg} kg, and three times that is "
            "allowed. Check the masses, and state the assays of the inputs."
        )
    return (
        f"{more_kg} kg more {element_name(row.element)} leaves the step than came in: {out_kg} kg out, {in_kg} kg in. "
        f"The measured uncertainty is {measured_kg} kg, and three times that is allowed. Check the masses and the "
        f"{row.element} contents of inputs, outputs and losses."
    )


@computing()
def in_process_after(in_process_kg: Mapping[str, Decimal], step: Step) -> Mapping[str, Decimal]:
    """Element kg left in process at a facility after a step; never below 0."""
    elements = sorted({*in_process_kg, *step.wip_change_kg})
    return {
        element: max(Decimal(0), in_process_kg.get(element, Decimal(0)) + step.wip_change_kg.get(element, Decimal(0)))
        for element in elements
    }
