"""What enters a step, and the one source that each kg of it has (algorithms.md, Inputs; rollup steps 3 and 4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from epd.lca.allocation import Output
from epd.lca.exchanges import Exchange
from epd.lca.indicators import LifeCycleModule
from epd.lca.result import LotResult
from epd.lca.shares import LotShares
from traceability.ledger.errors import RecordError
from traceability.ledger.quantity import computing, parse_quantity, round_places
from traceability.material.shares import ElementMasses, Source

GROSS_PLACES = 3


class TwoSources(RecordError):
    """One input has more than one source, so its burden would count twice."""

    code = "two_sources"


class InputTwice(RecordError):
    """A step names one lot as two of its inputs."""

    code = "input_twice"


class TransportTwice(RecordError):
    """A result that holds the delivery already, beside the receiver's own transport."""

    code = "transport_twice"


class ReagentIsLot(RecordError):
    """A row of the inventory is an input lot, which brings its own result."""

    code = "reagent_is_lot"


class NothingLeft(RecordError):
    """The adjustments of a lot leave nothing of it."""

    code = "nothing_left"


class WrongMoisture(RecordError):
    """A moisture that leaves no dry matter."""

    code = "wrong_moisture"


@dataclass(frozen=True, slots=True)
class ResultSource:
    """(a) `lot.result` by digest. `delivered` says that it holds the way to the receiver, which ours never do.

    A signed result never takes over causes and sensitivities of a supplier: his customer would read them out of his
    own result. `detail_open` does, for a view of somebody who may read every step.
    """

    result: LotResult
    delivered: bool = False
    detail_open: bool = False


@dataclass(frozen=True, slots=True)
class DeclarationSource:
    """(b) A declaration whose lots contain the lot."""

    result: LotResult
    delivered: bool = False


@dataclass(frozen=True, slots=True)
class BackgroundSource:
    """(c) A background data set, named as factors per kg."""

    factor_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CutOff:
    """(d) Secondary matter: burden 0 at the gate of its last owner."""


@dataclass(frozen=True, slots=True)
class Uncovered:
    """(e) Nothing is known: the kg count as not covered and the lot as missing."""


InputSource = ResultSource | DeclarationSource | BackgroundSource | CutOff | Uncovered


def input_source(
    *,
    result: LotResult | None = None,
    declaration: LotResult | None = None,
    background: Sequence[str] = (),
    cut_off: bool = False,
    delivered: bool = False,
) -> InputSource:
    """The one source out of what is at hand; more than one is refused, none is `Uncovered`."""
    found: list[InputSource] = []
    if result is not None:
        found.append(ResultSource(result, delivered))
    if declaration is not None:
        found.append(DeclarationSource(declaration, delivered))
    if background:
        found.append(BackgroundSource(tuple(background)))
    if cut_off:
        found.append(CutOff())
    if len(found) > 1:
        raise TwoSources("Name one source for this input: each kg counts once.")
    return found[0] if found else Uncovered()


@dataclass(frozen=True, slots=True)
class Leg:
    """One part of the way, with its factors per t km."""

    mode: str
    distance_km: Decimal
    factor_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """How a consignment came: dispatched dry kg, packaging of all of it, moisture of the goods."""

    mass_kg: Decimal
    legs: tuple[Leg, ...] = ()
    packaging_kg: Decimal = Decimal(0)
    moisture_pct: Decimal = Decimal(0)

    @computing()
    def gross_kg(self, drawn_kg: Decimal) -> Decimal:
        """Gross kg of a draw to 0.001: wet mass plus its part of the packaging (step 3)."""
        if not self.moisture_pct < 100:
            raise WrongMoisture("Moisture is below 100 % of the wet mass.")
        wet_kg = drawn_kg * 100 / (100 - self.moisture_pct)
        return round_places(wet_kg + self.packaging_kg * drawn_kg / self.mass_kg, GROSS_PLACES)


def parse_receipt(body: Mapping[str, object], mass_kg: Decimal, *, path: str = "") -> Receipt:
    """The receipt of an opened `lot.receive`; `mass_kg` is the dispatched custody mass."""
    legs = body.get("legs")
    return Receipt(
        mass_kg=mass_kg,
        legs=tuple(_parse_leg(leg, f"{path}/legs") for leg in legs) if isinstance(legs, list) else (),
        packaging_kg=parse_quantity(body.get("packaging_kg", "0"), path=f"{path}/packaging_kg"),
        moisture_pct=parse_quantity(body.get("moisture_pct", "0"), path=f"{path}/moisture_pct"),
    )


def _parse_leg(leg: Mapping[str, object], path: str) -> Leg:
    factors = leg.get("factors")
    return Leg(
        mode=str(leg["mode"]),
        distance_km=parse_quantity(leg["distance_km"], path=f"{path}/distance_km"),
        factor_ids=tuple(str(item) for item in factors) if isinstance(factors, list) else (),
    )


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What was written off a lot before this draw, of the mass that was created or received."""

    written_off_kg: Decimal
    mass_kg: Decimal

    def __post_init__(self) -> None:
        if not self.written_off_kg < self.mass_kg:
            raise NothingLeft("More was written off this lot than there was, so nothing can be drawn from it.")


@dataclass(frozen=True, slots=True)
class StepInput:
    """One lot that a step draws from, in dry kg of custody mass."""

    lot: str
    drawn_kg: Decimal
    source: InputSource
    receipt: Receipt | None = None
    """None: made by the issuer of this step and never dispatched, so its modules stay as they are."""
    adjustment: Adjustment | None = None
    material: str = ""
    element_kg: ElementMasses | None = None
    """Elements of the draw (assay in force at the draw)."""
    shares: LotShares | None = None
    """Written shares of the lot; those of its result where it has one."""

    def __post_init__(self) -> None:
        delivered = isinstance(self.source, ResultSource | DeclarationSource) and self.source.delivered
        if delivered and self.receipt is not None and self.receipt.legs:
            raise TransportTwice("The result of this input holds its delivery: leave the legs out.", lot=self.lot)

    @property
    @computing()
    def burden_kg(self) -> Decimal:
        """kg whose burden the draw takes: its part of what was written off is added (step 4)."""
        if self.adjustment is None:
            return self.drawn_kg
        mass_kg = self.adjustment.mass_kg
        return self.drawn_kg * mass_kg / (mass_kg - self.adjustment.written_off_kg)

    @property
    def stated_shares(self) -> LotShares | None:
        """The written shares of the lot that is drawn; None where nobody stated any."""
        if self.shares is None and isinstance(self.source, ResultSource | DeclarationSource):
            return self.source.result.shares
        return self.shares


@dataclass(frozen=True, slots=True)
class Step:
    """One step as the roll-up sees it: its inputs by urn, its outputs, its inventory."""

    inputs: tuple[StepInput, ...]
    outputs: tuple[Output, ...]
    exchanges: tuple[Exchange, ...] = ()
    country: str = "ZZ"
    """Where the step stands (ISO 3166-1); ZZ: nowhere in particular."""
    conserving: bool = False
    """A split or merge: no inventory, the weight is dry kg."""
    exclusions: Mapping[str, str] = field(default_factory=dict)
    """Reason by flow for what was left out."""
    electricity_module: LifeCycleModule = LifeCycleModule.A3
    origin: Source | None = None
    """What the lot is that a `lot.source` creates: a step without inputs and with one output."""

    def __post_init__(self) -> None:
        if len({entry.lot for entry in self.inputs}) < len(self.inputs):
            raise InputTwice("Name each input once.")
        named = {word.casefold() for entry in self.inputs for word in (entry.lot, entry.material) if word}
        for exchange in self.exchanges:
            if exchange.flow.casefold() in named:
                raise ReagentIsLot(
                    "This row is an input lot, which brings its own result: take the row out.",
                    path=f"/inventory/{exchange.row}",
                    flow=exchange.flow,
                )
