"""How the burden of a step is shared among its outputs: `lodestone-allocation/1`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from epd.lca.indicators import Basis
from traceability.ledger.errors import RecordError
from traceability.ledger.quantity import computing, parse_quantity, round_places
from traceability.material.composition import element_masses as masses_of_elements
from traceability.material.composition import parse_lot
from traceability.material.shares import ElementMasses

ALGORITHM: Final = "lodestone-allocation/1"
PLACES: Final = 12
LOW_PRICE_SPREAD: Final = Decimal("0.25")
"""Up to this spread of prices the physical basis is chosen (EN 15804: more than 25 % is a high difference)."""


class OutputClass(StrEnum):
    """What an output is; only the first two take burden."""

    PRODUCT = "product"
    CO_PRODUCT = "co_product"
    SECONDARY = "secondary"
    WASTE = "waste"


BURDENED: Final = frozenset({OutputClass.PRODUCT, OutputClass.CO_PRODUCT})


class ZeroWeight(RecordError):
    """The weights of all outputs sum to nothing, so nothing can be divided by them."""

    code = "zero_weight"


class MixedCurrencies(RecordError):
    """The prices of one step stand in more than one currency."""

    code = "mixed_currencies"


class OutputTwice(RecordError):
    """A step names one lot as two of its outputs."""

    code = "output_twice"


class OutputWithheld(RecordError):
    """The mass of an output is closed to the reader."""

    code = "output_withheld"


@dataclass(frozen=True, slots=True)
class Price:
    """What one kg of dry lot mass is worth, and where that stands."""

    value_per_kg: Decimal
    currency: str
    period: str
    date: str
    source: str

    @property
    def is_spot(self) -> bool:
        """Whether the price is of one moment or month, no mean over a period `from/to`."""
        return "/" not in self.period


@dataclass(frozen=True, slots=True)
class Output:
    """One lot that leaves a step, in dry kg; without assay there are no element masses."""

    lot: str
    mass_kg: Decimal
    output_class: OutputClass = OutputClass.PRODUCT
    price: Price | None = None
    element_kg: ElementMasses | None = None


class Choice(StrEnum):
    """Which basis the order of choice leads to; both are computed all the same."""

    ONE_OUTPUT = "one_output"
    PHYSICAL = "physical"
    ECONOMIC = "economic"
    NO_PRICES = "no_prices"


def parse_outputs(rows: Sequence[Mapping[str, object]], *, path: str = "") -> tuple[Output, ...]:
    """The outputs of an opened `lot.transform`, by urn."""
    outputs = tuple(_parse_output(row, f"{path}/{number}") for number, row in enumerate(rows))
    if len({output.lot for output in outputs}) < len(outputs):
        raise OutputTwice("Name each output once.", path=path)
    return tuple(sorted(outputs, key=lambda output: output.lot))


def _parse_output(row: Mapping[str, object], path: str) -> Output:
    if "mass_kg" not in row:
        raise OutputWithheld("The mass of this output is not open to you, so nothing can be computed.", path=path)
    matter = parse_lot(row, path=path)
    price = row.get("price")
    return Output(
        lot=matter.lot,
        mass_kg=matter.mass_kg,
        output_class=OutputClass(str(row["class"])),
        price=_parse_price(price, path) if isinstance(price, dict) else None,
        element_kg=None if matter.composition is None else masses_of_elements(matter.mass_kg, matter.composition),
    )


def _parse_price(row: Mapping[str, object], path: str) -> Price:
    value = parse_quantity(row["value_per_kg"], path=f"{path}/price/value_per_kg")
    return Price(value, *(str(row[name]) for name in ("currency", "period", "date", "source")))


def burdened(outputs: Sequence[Output]) -> tuple[Output, ...]:
    """The outputs that take burden, by urn; `secondary` and `waste` have weight 0 and do not count."""
    return tuple(sorted((o for o in outputs if o.output_class in BURDENED), key=lambda output: output.lot))


@computing()
def weights(outputs: Sequence[Output], basis: Basis, *, conserving: bool = False) -> Mapping[str, Decimal] | None:
    """Weight of each burdened output by urn, unrounded; None where a price is missing, so the basis has no value.

    One output has weight 1; in a split or merge (`conserving`) the weight is dry kg in both chains.
    """
    sharing = burdened(outputs)
    if len(sharing) == 1:
        return {sharing[0].lot: Decimal(1)}
    if conserving or basis is Basis.MASS:
        found: dict[str, Decimal] = {output.lot: output.mass_kg for output in sharing}
    elif any(output.price is None for output in sharing):
        return None
    else:
        _check_currency(sharing)
        found = {o.lot: o.mass_kg * o.price.value_per_kg for o in sharing if o.price is not None}
    if sharing and not sum(found.values()):
        raise ZeroWeight("The outputs weigh nothing together: state a price above 0 for one of them.", basis=basis)
    return found


def _check_currency(outputs: Sequence[Output]) -> None:
    if len({output.price.currency for output in outputs if output.price is not None}) > 1:
        raise MixedCurrencies("State all prices of a step in one currency.")


@computing()
def choice(outputs: Sequence[Output]) -> Choice:
    """What the order of choice leads to: physical where prices differ by at most 25 % of the highest, else economic."""
    sharing = burdened(outputs)
    if len(sharing) < 2:
        return Choice.ONE_OUTPUT
    prices = [output.price.value_per_kg for output in sharing if output.price is not None]
    if len(prices) < len(sharing) or not max(prices):
        return Choice.NO_PRICES
    spread = (max(prices) - min(prices)) / max(prices)
    return Choice.PHYSICAL if spread <= LOW_PRICE_SPREAD else Choice.ECONOMIC


@computing()
def printed_shares(weight_of: Mapping[str, Decimal]) -> Mapping[str, Decimal]:
    """Share of each output to 12 decimals, for display only; the largest (tie: greatest urn) takes 1 - the others."""
    whole = sum(weight_of.values(), Decimal(0))
    shares = {lot: round_places(weight_of[lot] / whole, PLACES) for lot in sorted(weight_of)}
    largest = max(shares, key=lambda lot: (shares[lot], lot))
    shares[largest] = 1 - sum((share for lot, share in shares.items() if lot != largest), Decimal(0))
    return shares
