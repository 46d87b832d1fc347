"""What a statement does to masses and elements: the accounts of its lots and the balance of its step.

Where a reader may not see a mass or an assay, the accounts that rest on it are unknown (None) and the rule counts as
not established; the door always sees them.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from traceability.acceptance import custody_models, rebuilding
from traceability.acceptance.accounts import Past
from traceability.acceptance.accounts import accounts_before as accounts_before
from traceability.acceptance.accounts import change_of as change_of
from traceability.acceptance.accounts import made_then as made_then
from traceability.acceptance.custody_models import WEAKEST, model_of
from traceability.acceptance.errors import DisclosureRequired, ValueWithheld
from traceability.acceptance.making import check_first_assay, lot_rows, made_by
from traceability.acceptance.world import Body, LotRecord, World
from traceability.ledger import groups
from traceability.ledger.custody import LotCustody
from traceability.ledger.kinds.accounts import CREDIT
from traceability.ledger.kinds.declarations import DECLARING
from traceability.ledger.statement import Statement
from traceability.material import stock
from traceability.material.balance import Balance
from traceability.material.findings import Finding
from traceability.material.stock import StockState

_NEEDED = (groups.MASS, groups.ASSAY)
_ALSO_NEEDED = ("/losses/", "/wip_change/")
_FIGURES = ("lot.result", *DECLARING)


@dataclass(frozen=True, slots=True)
class Step:
    """The lots after a statement, and what should be looked at; not established where values were withheld."""

    lots: Mapping[str, LotRecord]
    findings: tuple[Finding, ...] = ()
    established: bool = True
    balance: Balance | None = None  # of a transform with process


def withheld_for_rules(kind: str, withheld: Iterable[str]) -> tuple[str, ...]:
    """Of the withheld places, those that the rules of matter need."""
    return tuple(
        place
        for place in withheld
        if kind.startswith(("lot.", "account.", "statement.correct"))
        and kind != "lot.result"
        and (
            groups.group_of(kind, place) in _NEEDED
            or place.endswith("/elements")
            or _is_inventory_row(place)
            or any(part in place for part in _ALSO_NEEDED)
        )
    )


def _is_inventory_row(place: str) -> bool:
    """A row that is withheld whole may bear elements; of an open one it shows."""
    *_, name, number = place.split("/")
    return name == "inventory" and number.isdigit()


def require_disclosed(kind: str, withheld: Iterable[str]) -> None:
    """Refuses a statement that comes to the door without the values that its rules need.

    `kind` is that of the original where a statement corrects one.
    """
    withheld = [place for place in withheld if "/evidence/" not in place]
    needed = withheld if kind in _FIGURES else withheld_for_rules(kind, withheld)
    if needed:
        raise DisclosureRequired("Send the disclosure of this value beside the envelope.", path=needed[0])


def advance(
    statement: Statement,
    opened: Body,
    lots: Mapping[str, LotCustody],
    world: World,
    *,
    withheld: Collection[str] = (),
) -> Step:
    """The records of the lots that custody changed, with their accounts; a RecordError where matter forbids it.

    `opened` holds every value that the rules need, but for those at the places `withheld`.
    """
    if statement.kind in ("statement.correct", "statement.void"):
        rebuilt = rebuilding.rebuild(statement, opened, lots, world)
        return Step(rebuilt.lots, tuple(rebuilt.findings), rebuilt.established)
    whole = not withheld_for_rules(statement.kind, withheld)
    made = made_by(statement, opened, world, whole=whole)
    accounts, established = made.accounts(), made.established
    stages = {str(row["lot"]): str(row["stage"]) for row in lot_rows(statement, opened)}
    after: dict[str, LotRecord] = {}
    for urn, custody in lots.items():
        known = world.lot(urn)
        if known is None:
            account = accounts.get(urn)
            model = model_of(statement, opened, world)
            after[urn] = LotRecord(custody, stages[urn], statement.occurred_to, account, account, model)
            established &= account is not None
        else:
            account, seen = _changed(statement, opened, known, world)
            model = WEAKEST if statement.kind == CREDIT else known.model
            after[urn] = replace(known, custody=custody, stock=account, model=model)
            established &= seen
    findings = (*made.findings, *custody_models.findings(statement, opened, world))
    return Step(after, findings, established, made.balance)


def _changed(statement: Statement, opened: Body, known: LotRecord, world: World) -> tuple[StockState | None, bool]:
    """The account after a statement, and whether it could be judged."""
    try:
        change = change_of(statement, opened, known.custody.urn)
        if change is None:
            return known.stock, True
        if known.stock is None:
            return None, False
        if isinstance(change, stock.Reassay) and known.stock.composition is None:
            check_first_assay(known, change.composition, Past(world))
    except ValueWithheld:
        return None, False
    return stock.apply(known.stock, change), True
