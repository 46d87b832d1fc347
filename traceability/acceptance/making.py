"""What a source or transform makes: the matter of its lots, once the balance of the step holds (section 5, Matter)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from traceability.acceptance.accounts import Past, drawable, in_process_kg, require, require_assay
from traceability.acceptance.errors import AssayBeforeSplit, ValueWithheld
from traceability.acceptance.world import Body, Effective, LotRecord, World
from traceability.ledger.immutable import immutable
from traceability.ledger.statement import ProcessStep, Statement
from traceability.material import stock
from traceability.material.balance import WIP_PLACE, Balance, balance_of, require_conserved
from traceability.material.composition import Composition, LotMatter, parse_lot, rows_of
from traceability.material.division import parse_division
from traceability.material.findings import Finding
from traceability.material.plausibility import findings_of
from traceability.material.step import MatterRow, Side, Step, parse_step, unstated_of
from traceability.material.stock import StockState

_COMES_IN = ("lot.source", "lot.import")
_WEIGHING = ("wet_mass_kg", "moisture_pct")
_ABOUT_REAGENTS = frozenset({
    "mass_gain", "co2_over_carbon", "concentration_unstated", "acid_left_over", "base_left_over", "sulfur_over_inputs",
    "fluorine_over_inputs",
})  # fmt: skip
"""Findings that need the amounts of all reagents."""


@immutable
class Made:
    """The matter of each output lot, the balance of the step and its findings; not established where values lack."""

    lots: Mapping[str, LotMatter]
    findings: tuple[Finding, ...] = ()
    balance: Balance | None = None  # of a transform with process
    established: bool = True

    def accounts(self) -> dict[str, StockState]:
        """The account of each lot as it was made."""
        return {urn: stock.created(urn, lot.mass_kg, lot.composition) for urn, lot in self.lots.items()}


def lot_rows(statement: Statement, body: Body) -> Sequence[Body]:
    """The rows of a body that describe new lots."""
    if statement.kind in _COMES_IN:
        return [body]
    return rows_of(body, "outputs", "/body") if statement.kind == "lot.transform" else []


def made_by(statement: Statement, opened: Body, world: World, *, whole: bool) -> Made:
    """What a source or transform makes; `whole`: no value that its rules need is withheld."""
    rows = lot_rows(statement, opened)
    if statement.kind != "lot.transform":
        return Made(_known_lots(rows), established=whole)
    inputs = [world.lot(str(row["lot"])) for row in rows_of(opened, "inputs", "/body")]
    drawn = [drawable(lot, lot.stock) for lot in inputs if lot is not None and lot.stock is not None]
    if whole and len(drawn) == len(inputs):
        in_process = in_process_kg(opened, world)
        return transformed(opened, statement.process, {lot.lot: lot for lot in drawn}, in_process=in_process)
    # A step that made nothing of what is looked at here only draws from it.
    judged = not any(world.sees(str(row["lot"])) for row in rows)
    return Made(_known_lots(rows if statement.process else []), established=judged)


def made_again(creator: Effective, past: Past) -> Made:
    """What the newest version of a source or transform makes, out of its inputs as they stood then."""
    require_whole(creator)
    if creator.original.kind in _COMES_IN:
        lot = parse_lot(creator.body, path="/body")
        return Made({lot.lot: lot})
    in_process = past.in_process_kg(creator)
    return transformed(creator.body, creator.process, past.drawn(creator), in_process=in_process)


def balance_again(creator: Effective, past: Past) -> Balance:
    """The balance of a transform with process in its newest version, whatever it says.

    An output that was made without assay has its first one, where that is at hand.
    """
    require_whole(creator)
    step = parse_process_step(creator.body, creator.process, past.drawn(creator))
    step = replace(step, rows=tuple(_first_assayed(row, past) for row in step.rows))
    return balance_of(step, in_process_kg=past.in_process_kg(creator))


def _first_assayed(row: MatterRow, past: Past) -> MatterRow:
    if row.side is not Side.OUTPUT or row.composition is not None or not past.world.sees(row.name):
        return row
    return replace(row, composition=first_assay(row.name, past))


def transformed(
    opened: Body,
    process: Sequence[ProcessStep],
    drawn: Mapping[str, LotMatter],
    *,
    in_process: Mapping[str, Decimal] | None,
) -> Made:
    """What a transform makes, after its balance held; `drawn` is what may be drawn of each input."""
    if not process:
        return Made({lot.lot: lot for lot in parse_division(opened, drawn)})
    step = parse_process_step(opened, process, drawn)
    balance = balance_of(step, in_process_kg=in_process)
    require_conserved(balance)
    outputs = [parse_lot(row, path=f"/body/outputs/{n}") for n, row in enumerate(rows_of(opened, "outputs", "/body"))]
    known = _reagents_known(opened)
    findings = tuple(one for one in findings_of(step, balance) if known or one.code not in _ABOUT_REAGENTS)
    unknown = {place for row in balance.elements.values() for place in row.because}
    return Made({lot.lot: lot for lot in outputs}, findings, balance, WIP_PLACE not in unknown)


def parse_process_step(opened: Body, process: Sequence[ProcessStep], drawn: Mapping[str, LotMatter]) -> Step:
    """The step, without inventory rows whose amounts are withheld: the balance needs those that bear elements."""
    rows = rows_of(opened, "inventory", "/body")
    bearing = [row for row in rows if "elements" in row]
    for row in bearing:
        require(row, "amount")
    inventory = rows if _reagents_known(opened) else bearing
    body = {**opened, "inventory": inventory} if "inventory" in opened else opened
    return replace(parse_step(body, [one.step for one in process], drawn), unstated=unstated_of(rows))


def _reagents_known(opened: Body) -> bool:
    return all("amount" in row for row in rows_of(opened, "inventory", "/body"))


def check_first_assay(known: LotRecord, composition: Composition, past: Past) -> None:
    """The first assay of a lot that was made without one: the balance of the step that made it must hold with it."""
    creator = past.world.effective(known.custody.created_by)
    if creator is None or creator.original.kind != "lot.transform":
        return
    require_whole(creator)
    if not creator.original.process:
        raise AssayBeforeSplit("Its parent was never assayed. Correct the statement that made the parent.",
                               path="/body/assay", lot=known.custody.urn)  # fmt: skip
    outputs = [str(row["lot"]) for row in rows_of(creator.body, "outputs", "/body")]
    first = {lot: composition if lot == known.custody.urn else first_assay(lot, past) for lot in outputs}
    step = parse_process_step(creator.body, creator.process, past.drawn(creator))
    rows = tuple(replace(row, composition=first[row.name]) if row.name in first else row for row in step.rows)
    require_conserved(balance_of(replace(step, rows=rows), in_process_kg=past.in_process_kg(creator)))


def first_assay(urn: str, past: Past) -> Composition | None:
    """The composition that a lot was made with, else that of its first assay."""
    account, changes = past.account(urn)
    if account is None or account.composition is not None:
        return None if account is None else account.composition
    return next((change.composition for _, change in changes if isinstance(change, stock.Reassay)), None)


def require_whole(version: Effective) -> None:
    """Raises ValueWithheld where values that the rules of a statement need are withheld."""
    if not version.whole:
        raise ValueWithheld("Values of this statement are withheld here.", path="/body")


def _known_lots(rows: Sequence[Body]) -> Mapping[str, LotMatter]:
    """The matter that rows state, of those whose mass and assay are not withheld."""
    lots = (known_lot(row) for row in rows)
    return {lot.lot: lot for lot in lots if lot is not None}


def known_lot(row: Body) -> LotMatter | None:
    assay = row.get("assay")
    try:
        require(row, "mass_kg")
        if isinstance(assay, dict):
            require_assay(assay)
    except ValueWithheld:
        return None
    half_weighed = ("wet_mass_kg" in row) != ("moisture_pct" in row)  # the other half is withheld here
    return parse_lot({name: row[name] for name in row if not (half_weighed and name in _WEIGHING)}, path="/body")
