"""What a step once drew stays drawn, and what it once gave stays given, however often it is corrected (ADR 20).

Its lots may be sold or used up meanwhile, on chains that the reader of another lot never sees. So a correction that
takes from one output to add to another, or that returns matter to an input, would let the same matter be used twice.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from traceability.acceptance.accounts import Past, require
from traceability.acceptance.errors import DrawLowered, GivenTwice, ValueWithheld
from traceability.acceptance.making import known_lot, parse_process_step
from traceability.acceptance.world import Body, Effective
from traceability.ledger.quantity import computing, parse_quantity
from traceability.material.balance import MatterCreated, balance_of, require_conserved
from traceability.material.composition import Composition, Content, LotMatter, rows_of
from traceability.material.step import MatterRow, Side


def require_nothing_back(version: Effective, past: Past) -> None:
    """Refuses a corrected transform that draws less than any earlier version, or gives more than it has in all."""
    if not version.earlier:
        return
    require_drawn(version, {chain.subject for chain in version.original.chains})
    given = [_greatest(lots) for lots in _outputs_by_lot((*version.earlier, version.body))]
    if version.process:
        _check_elements(version, given, past)
    else:
        _check_masses(version, given)


def require_drawn(version: Effective, lots: Collection[str]) -> None:
    """Refuses a corrected transform that draws less of these lots than any earlier version did."""
    drawn = _drawn_kg(version.body, lots) if version.earlier else {}
    for earlier in version.earlier:
        for lot, mass_kg in _drawn_kg(earlier, lots).items():
            if drawn[lot] < mass_kg:
                raise DrawLowered(
                    "What was drawn does not come back by a correction. Withdraw the step while its lots are "
                    "untouched, and say it again.",
                    path="/body/as/body/inputs",
                    lot=lot,
                )


def _drawn_kg(body: Body, lots: Collection[str]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for row in rows_of(body, "inputs", "/body"):
        if row["lot"] in lots:
            require(row, "mass_kg")
            found[str(row["lot"])] = parse_quantity(row["mass_kg"])
    return found


def _outputs_by_lot(bodies: Iterable[Body]) -> Iterable[Sequence[LotMatter]]:
    """The versions of each output."""
    found: dict[str, list[LotMatter]] = {}
    for body in bodies:
        for row in rows_of(body, "outputs", "/body"):
            lot = known_lot(row)
            if lot is None:
                raise ValueWithheld("Values of an earlier version are withheld here.", path="/body/outputs")
            found.setdefault(lot.lot, []).append(lot)
    return found.values()


@computing()
def _greatest(versions: Sequence[LotMatter]) -> LotMatter:
    """A lot with the greatest mass, and of each element the greatest mass, that any version gave it."""
    mass_kg = max(lot.mass_kg for lot in versions)
    contents: dict[str, Content] = {}
    for lot in versions:
        for element, content in (lot.composition or {}).items():
            element_pct = content.element_pct * lot.mass_kg / mass_kg
            if element not in contents or element_pct > contents[element].element_pct:
                contents[element] = replace(content, element_pct=element_pct)
    assayed = any(lot.composition is not None for lot in versions)
    composition: Composition | None = contents if assayed else None
    return replace(versions[-1], mass_kg=mass_kg, composition=composition)


def _check_masses(version: Effective, given: Sequence[LotMatter]) -> None:
    """A split or merge gave, in all its versions, no more than it draws."""
    drawn = _drawn_kg(version.body, {chain.subject for chain in version.original.chains})
    with computing():
        too_much = sum((lot.mass_kg for lot in given), Decimal(0)) > sum(drawn.values(), Decimal(0))
    if too_much:
        raise _given_twice()


def _check_elements(version: Effective, given: Sequence[LotMatter], past: Past) -> None:
    """A step gave, in all its versions, no more of any element than its balance allows."""
    step = parse_process_step(version.body, version.process, past.drawn(version))
    by_lot: Mapping[str, LotMatter] = {lot.lot: lot for lot in given}
    rows = tuple(_as_given(row, by_lot) for row in step.rows)
    balance = balance_of(replace(step, rows=rows), in_process_kg=past.in_process_kg(version))
    try:
        require_conserved(balance)
    except MatterCreated as error:
        raise _given_twice() from error


def _as_given(row: MatterRow, given: Mapping[str, LotMatter]) -> MatterRow:
    if row.side is not Side.OUTPUT:
        return row
    return replace(row, mass_kg=given[row.name].mass_kg, composition=given[row.name].composition)


def _given_twice() -> GivenTwice:
    return GivenTwice(
        "A lot that was larger in an earlier version may be sold or used by now: what is taken from it is not given to "
        "another one. Withdraw the step while its lots are untouched, and say it again.",
        path="/body/as/body/outputs",
    )
