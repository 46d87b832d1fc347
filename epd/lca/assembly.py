"""A step of the roll-up out of signed statements: what a maker computes from, and what a verifier computes again.

Both read the same world of accepted statements; here stands what of it a step takes (algorithms.md, Inputs).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from epd.lca.allocation import BURDENED, Output, OutputClass, parse_outputs
from epd.lca.bodies import result_from_body
from epd.lca.exchanges import parse_exchanges
from epd.lca.inputs import (
    Adjustment,
    CutOff,
    InputSource,
    Receipt,
    ResultSource,
    Step,
    StepInput,
    Uncovered,
    parse_receipt,
)
from epd.lca.result import LotResult
from epd.lca.share_tables import Tables
from epd.lca.shares import LotShares, shares_of_lot, shares_of_source
from traceability.acceptance import matter
from traceability.acceptance.world import Effective, World
from traceability.ledger.errors import RecordError
from traceability.ledger.quantity import parse_quantity
from traceability.material.composition import element_masses, parse_lot, rows_of
from traceability.material.shares import (
    ElementMasses,
    Feed,
    Process,
    Source,
    SourceClass,
    drawn_element_kg,
    source_of_origin,
)
from traceability.material.stock import StockState

MINED = "mined"
SECONDARY_ORIGINS = ("post_consumer", "pre_consumer")
NOWHERE = "ZZ"

ReadResult = Callable[[str], tuple[str, LotResult] | None]
"""The digest of the version that is used, and the figures, of the result of a lot; None where there is none."""


class NotComputable(RecordError):
    """A lot whose step cannot be computed: its maker's values are not all at hand."""

    code = "not_computable"


@dataclass(frozen=True, slots=True)
class Assembled:
    """A step with what it was taken from, as `computed_from` of its results names it."""

    step: Step
    statements: tuple[str, ...]
    results: tuple[tuple[str, str], ...]
    receipts: tuple[tuple[str, str], ...]

    def computed_from(self) -> dict[str, object]:
        """The member `computed_from` of the bodies of its results."""
        body: dict[str, object] = {"statements": list(self.statements)}
        named = {"results": self.results, "receipts": self.receipts}
        return body | {
            name: [{"lot": lot, "statement": digest} for lot, digest in pairs] for name, pairs in named.items() if pairs
        }


def assemble(lot: str, world: World, read_result: ReadResult) -> Assembled:
    """The step that made a lot, in the newest versions of its statements."""
    known = world.lot(lot)
    creator = None if known is None else world.effective(known.custody.created_by)
    if creator is None:
        raise NotComputable("The statement that made this lot is not at hand.", lot=lot)
    if creator.original.kind == "lot.import":
        raise NotComputable("The lot came from another log: its figures are those of its bundle.", lot=lot)
    return _of_source(creator) if creator.original.kind == "lot.source" else _of_transform(creator, world, read_result)


def _of_source(creator: Effective) -> Assembled:
    body = creator.body
    made = parse_lot(body)
    elements = None if made.composition is None else element_masses(made.mass_kg, made.composition)
    country = str(body["country"])
    step = Step(
        inputs=(),
        outputs=(Output(made.lot, made.mass_kg, element_kg=elements),),
        exchanges=parse_exchanges(rows_of(body, "inventory", "")),
        country=country,
        exclusions=_exclusions(creator),
        origin=source_of_origin(made.lot, str(body["origin"]), country),
    )
    return Assembled(step, (creator.newest,), (), ())


def _exclusions(creator: Effective) -> Mapping[str, str]:
    return {str(row["flow"]): str(row["reason"]) for row in rows_of(creator.body, "exclusions", "")}


def _of_transform(creator: Effective, world: World, read_result: ReadResult) -> Assembled:
    accounts = matter.accounts_before(creator, world)
    inputs: list[StepInput] = []
    results: list[tuple[str, str]] = []
    receipts: list[tuple[str, str]] = []
    for row in rows_of(creator.body, "inputs", ""):
        lot = str(row["lot"])
        if lot not in accounts:
            raise NotComputable("The matter of an input is not at hand.", lot=lot)
        found = read_result(lot)
        arrival = _receipt(lot, creator, world)
        inputs.append(_input(_Draw(lot, parse_quantity(row["mass_kg"]), accounts[lot]), found, arrival, creator, world))
        results += [(lot, found[0])] if found else []
        receipts += [(lot, arrival[0])] if arrival else []
    step = Step(
        inputs=tuple(inputs),
        outputs=_outputs(creator, world),
        exchanges=parse_exchanges(rows_of(creator.body, "inventory", "")),
        country=_country(creator),
        conserving=not creator.original.process,
        exclusions=_exclusions(creator),
    )
    return Assembled(step, (creator.newest,), tuple(results), tuple(receipts))


def _country(creator: Effective) -> str:
    return creator.process[-1].country if creator.process else NOWHERE


def _outputs(creator: Effective, world: World) -> tuple[Output, ...]:
    """The outputs with the elements that the newest version of their making gives them."""
    rows = rows_of(creator.body, "outputs", "")
    outputs = parse_outputs(rows)
    accounts = {output.lot: matter.made_then(creator, output.lot, world) for output in outputs}
    return tuple(replace(output, element_kg=_elements(accounts[output.lot])) for output in outputs)


def _elements(account: StockState) -> ElementMasses | None:
    return None if account.composition is None else element_masses(account.custody_kg, account.composition)


@dataclass(frozen=True, slots=True)
class _Draw:
    """What a step takes of one lot."""

    lot: str
    drawn_kg: Decimal
    account: StockState


def _input(
    draw: _Draw,
    found: tuple[str, LotResult] | None,
    arrival: tuple[str, Receipt] | None,
    user: Effective,
    world: World,
) -> StepInput:
    account, elements = draw.account, _elements(draw.account)
    maker = _maker(draw.lot, world)
    return StepInput(
        lot=draw.lot,
        drawn_kg=draw.drawn_kg,
        source=_source(draw.lot, maker, found),
        receipt=arrival[1] if arrival else None,
        adjustment=Adjustment(-account.adjusted_kg, account.custody_kg) if account.adjusted_kg else None,
        element_kg=None if elements is None else drawn_element_kg(draw.drawn_kg, account.custody_kg, elements),
        shares=_stated_shares(draw.lot, maker, user, found, world),
    )


def _maker(lot: str, world: World) -> Effective:
    """The statement that made a lot."""
    known = world.lot(lot)
    maker = None if known is None else world.effective(known.custody.created_by)
    if maker is None:
        raise NotComputable("The statement that made an input is not at hand.", lot=lot)
    return maker


def _source(lot: str, maker: Effective, found: tuple[str, LotResult] | None) -> InputSource:
    """The one source of an input: secondary matter is cut off, what was bought outside the record has none."""
    if maker.original.kind == "lot.import":
        return Uncovered()
    if maker.original.kind == "lot.source" and maker.body["origin"] != MINED:
        return CutOff() if maker.body["origin"] in SECONDARY_ORIGINS else Uncovered()
    if _takes_no_burden(lot, maker):
        return CutOff()
    return Uncovered() if found is None else ResultSource(found[1])


def _takes_no_burden(lot: str, maker: Effective) -> bool:
    classes = {row["lot"]: OutputClass(str(row["class"])) for row in rows_of(maker.body, "outputs", "")}
    return lot in classes and classes[lot] not in BURDENED


def _stated_shares(
    lot: str, maker: Effective, user: Effective, found: tuple[str, LotResult] | None, world: World
) -> LotShares | None:
    """The shares of an input, where they are not those of its result (`lodestone-shares/1`)."""
    if maker.original.kind == "lot.import":
        return _imported_shares(lot, maker, world)
    if maker.original.kind == "lot.source":
        source = source_of_origin(lot, str(maker.body["origin"]), str(maker.body["country"]))
    elif _takes_no_burden(lot, maker) and user.original.process and not _process(maker).is_same(_process(user)):
        source = Source(lot, SourceClass.PRE_CONSUMER, _country(maker))
    else:
        return None if found is None else found[1].shares
    elements = _elements(matter.made_then(maker, lot, world))
    return None if elements is None else shares_of_source(source, elements)


def _imported_shares(lot: str, maker: Effective, world: World) -> LotShares | None:
    """The sources that the bundle of the other log proves; where it proves none they are not known."""
    elements = _elements(matter.made_then(maker, lot, world))
    if elements is None:
        return None
    proven = world.foreign(str(maker.body["bundle"]), maker.original.issuer)
    if proven is None or proven.shares is None:
        return shares_of_source(Source(lot, SourceClass.UNKNOWN, ""), elements)
    return shares_of_lot((Feed(lot, elements, proven.shares),), elements, proven.sources)[0]


def _process(creator: Effective) -> Process:
    facility = creator.body.get("facility")
    steps = frozenset(step.step for step in creator.process)
    return Process(creator.original.issuer, None if facility is None else str(facility), steps)


def _receipt(lot: str, creator: Effective, world: World) -> tuple[str, Receipt] | None:
    """The newest receipt of a lot before the step, with the dispatched or settled mass; None for a lot of one's own."""
    found: tuple[str, Receipt] | None = None
    dispatched = Decimal(0)
    for one in world.history(lot):
        if one.original.digest == creator.original.digest:
            break
        if one.original.kind == "lot.dispatch":
            dispatched = parse_quantity(one.body["mass_kg"])
        elif one.original.kind == "lot.receive":
            found = (one.newest, parse_receipt(one.body, dispatched))
        elif one.original.kind == "lot.settle" and found is not None:
            found = (found[0], replace(found[1], mass_kg=parse_quantity(one.body["mass_kg"])))
    return found


def result_of(body: Mapping[str, object], tables: Tables | None = None) -> LotResult:
    """The figures of an opened `lot.result`; `tables` are those that stand outside it."""
    return result_from_body(body, tables=tables)
