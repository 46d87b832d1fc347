"""Accounts of lots made again from their histories, in the newest versions (record-format.md section 5, "Matter").

Whatever was corrected or withdrawn, an account is what the making of its lot gave, and every change since in log order.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from traceability.acceptance.errors import ValueWithheld
from traceability.acceptance.world import Body, Effective, LotRecord, World
from traceability.ledger.quantity import parse_quantity
from traceability.ledger.statement import Statement
from traceability.material import stock
from traceability.material.balance import in_process_after
from traceability.material.composition import Composition, LotMatter, parse_assay, rows_of
from traceability.material.step import Step, parse_step
from traceability.material.stock import Change, StockState

Changes = list[tuple[str, Change]]
"""Changes of an account with the digest of the original statement that made each."""


def change_of(statement: Statement, opened: Body, lot: str) -> Change | None:
    """What a statement does to the account of one of its lots; None for what leaves it alone."""
    chain = statement.chain(lot)
    rest = chain is not None and chain.role == "input_rest"
    match statement.kind:
        case "lot.transform":
            drawn = [row for row in rows_of(opened, "inputs", "/body") if row["lot"] == lot]
            return stock.Draw(_kg(drawn[0], "mass_kg"), rest) if drawn else None
        case "lot.dispose":
            return stock.Disposal(_kg(opened, "mass_kg"), rest)
        case "lot.assay":
            return stock.Reassay(_assay(opened))
        case "lot.adjust":
            return stock.Adjustment(_kg(opened, "change_kg"))
        case "lot.dispatch":
            return stock.Dispatch(_kg(opened, "mass_kg"), _kg(opened, "tolerance_pct"))
        case "lot.receive":
            return stock.Receipt(_kg(opened, "weighed_mass_kg"), _difference(opened))
        case "lot.reject" | "lot.dispatch_cancel":
            return stock.Return()
        case "lot.settle":
            return stock.Settlement(_kg(opened, "mass_kg"), alone=not statement.cosigners)
    return None


def _kg(body: Body, name: str) -> Decimal:
    require(body, name)
    return parse_quantity(body.get(name), negative=name == "change_kg", path=f"/body/{name}")


def require(body: Body, name: str) -> None:
    """Raises ValueWithheld where a value that a rule needs is not here."""
    if name not in body:
        raise ValueWithheld("This value is withheld here.", path=f"/body/{name}")


def require_assay(assay: Body) -> None:
    """Raises ValueWithheld where contents of an assay are not here."""
    require(assay, "rows")
    if assay["basis"] == "treo":
        require(assay, "treo_pct")


def _difference(opened: Body) -> Literal["within", "beyond"]:
    return "within" if opened["difference"] == "within" else "beyond"


def _assay(opened: Body) -> Composition:
    assay = opened["assay"]
    body = assay if isinstance(assay, dict) else {}
    require_assay(body)
    return parse_assay(body, path="/body/assay").composition()


def made_then(creator: Effective, urn: str, world: World) -> StockState:
    """The account of a lot as its source or transform, in its newest version, makes it."""
    known = world.lot(urn)
    if known is None or known.made is None:
        raise ValueWithheld("The matter of this lot is withheld here.", lot=urn, statement=creator.newest)
    return known.made


@dataclass(frozen=True, slots=True)
class Past:
    """Accounts as they stood before a statement; `anew` holds the makings of lots that were just corrected."""

    world: World
    anew: Mapping[str, StockState] = field(default_factory=dict)

    def account(self, urn: str, before: str = "") -> tuple[StockState | None, Changes]:
        """The account of a lot as it was made, and all changes to it before the statement `before`."""
        account: StockState | None = None
        changes: Changes = []
        for one in self.world.history(urn):
            if one.original.digest == before:
                break
            if one.withdrawn:
                continue
            chain = one.original.chain(urn)
            if chain is not None and chain.role == "output":
                account = self.anew.get(urn) or made_then(one, urn, self.world)
            elif (change := change_of(one.original, one.body, urn)) is not None:
                changes.append((one.original.digest, change))
        return account, changes

    def accounts(self, creator: Effective) -> Mapping[str, StockState]:
        """The account of each input lot of a transform as it stood before the transform."""
        found: dict[str, StockState] = {}
        for row in rows_of(creator.body, "inputs", "/body"):
            urn = str(row["lot"])
            account, changes = self.account(urn, creator.original.digest)
            if account is not None:
                found[urn], _ = stock.replay(account, [change for _, change in changes])
        return found

    def drawn(self, creator: Effective) -> Mapping[str, LotMatter]:
        """Each input lot of a transform with what could be drawn of it then."""
        accounts = self.accounts(creator)
        found: dict[str, LotMatter] = {}
        for row in rows_of(creator.body, "inputs", "/body"):
            urn = str(row["lot"])
            lot = self.world.lot(urn)
            if lot is None or urn not in accounts:
                raise ValueWithheld("The matter of an input is withheld here.", path="/body/inputs", lot=urn)
            found[urn] = drawable(lot, accounts[urn])
        return found

    def in_process_kg(self, creator: Effective) -> Mapping[str, Decimal] | None:
        """Element kg in process at the facility of a transform before it; None where that is not known here."""
        return in_process_kg(creator.body, self.world, before=creator.original.digest)


def accounts_before(creator: Effective, world: World) -> Mapping[str, StockState]:
    """The account of each input lot of a transform as it stood before the transform, in the newest versions."""
    return Past(world).accounts(creator)


def drawable(lot: LotRecord, account: StockState) -> LotMatter:
    """A lot with what may be drawn of it: never more of an element than any of its assays gave."""
    return LotMatter(account.lot, lot.custody.material, lot.stage, account.custody_kg, account.drawable)


def in_process_kg(body: Body, world: World, *, before: str = "") -> Mapping[str, Decimal] | None:
    """Element kg that earlier steps left in process at the facility of this transform; None: not known here.

    Only a step that takes from it asks for it.
    """
    facility = body.get("facility")
    if facility is None or not takes_from_process(body):
        return {}
    steps = world.steps_in_process(str(facility))
    if steps is None:
        return None
    found: Mapping[str, Decimal] = {}
    for step in steps:
        if step.original.digest == before:
            break
        if not step.withdrawn and step.body.get("facility") == facility:
            found = in_process_after(found, _in_process_of(step.body))
    return found


def takes_from_process(body: Body) -> bool:
    """Whether a transform takes out matter that stayed in process."""
    rows = rows_of(body, "wip_change", "/body")
    for row in rows:
        require(row, "mass_kg")
    return any(str(row["mass_kg"]).startswith("-") for row in rows)


def _in_process_of(body: Body) -> Step:
    """The change of work in progress alone, as a step."""
    return parse_step({name: body[name] for name in ("wip_change",) if name in body}, (), {})
