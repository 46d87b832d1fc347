"""What a site made and used in a period, read from its signed steps: what `lodestone-period/1` rests on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Final, Protocol

from epd.lca.allocation import BURDENED, OutputClass
from epd.lca.assembly import NotComputable
from epd.lca.exchanges import Exchange, parse_exchanges
from epd.lca.members import Body
from epd.lca.reference import Period
from traceability.acceptance.world import Effective, World
from traceability.ledger.errors import RecordError
from traceability.ledger.quantity import computing, parse_quantity, r12
from traceability.material.composition import rows_of

_ZERO: Final = Decimal(0)


class StepElsewhere(RecordError):
    """A step of another site, organisation or time."""

    code = "step_elsewhere"


class Versions(World, Protocol):
    """A world that knows a statement by the digest of its newest version."""

    def effective_version(self, digest: str) -> Effective | None:
        """None for a version that was replaced or withdrawn."""


@dataclass(frozen=True, slots=True)
class Made:
    """A lot that came out of a step of the site."""

    urn: str
    material: str
    stage: str
    made_on: date
    made_kg: Decimal
    disposed_kg: Decimal
    drawn_kg: Decimal
    """What other steps of the site took of it in the period."""
    price: Mapping[str, object] | None

    @property
    def left_kg(self) -> Decimal:
        return self.made_kg - self.disposed_kg

    @property
    def kind(self) -> tuple[str, str]:
        """What one product of a site is told from another by."""
        return self.material, self.stage


@dataclass(frozen=True, slots=True)
class Flow:
    """What the inventories of the steps state of a flow in a unit: its active amount in all, and its factors."""

    exchange: Exchange
    stated: Decimal

    @property
    def key(self) -> tuple[str, str]:
        return self.exchange.flow, self.exchange.unit


@dataclass(frozen=True, slots=True)
class SiteYear:
    """A site over a period, as its signed statements tell it."""

    period: Period
    steps: tuple[Effective, ...]
    made: tuple[Made, ...]
    """Products and co-products, by urn."""
    flows: tuple[Flow, ...]
    country: str

    @property
    def products(self) -> Mapping[tuple[str, str], tuple[Made, ...]]:
        """The lots of each product, by material and stage."""
        ordered = sorted(self.made, key=lambda one: (one.kind, one.urn))
        return {kind: tuple(found) for kind, found in groupby(ordered, key=lambda one: one.kind)}

    def sharing(self, own: tuple[str, str]) -> Mapping[tuple[str, str], Decimal]:
        """The kg of each product that shares what the site adds; what its own steps took again is no product of it."""
        found = {
            kind: sum((one.left_kg - (_ZERO if kind == own else min(one.drawn_kg, one.left_kg)) for one in lots), _ZERO)
            for kind, lots in self.products.items()
        }
        return {kind: kg for kind, kg in found.items() if kg or kind == own}


@computing()
def site_year(issuer: str, facility: str, period: Period, digests: Sequence[str], world: Versions) -> SiteYear:
    """What these steps made and used; refuses one that is not of this site and period."""
    steps = tuple(_step(digest, issuer, facility, period, world) for digest in digests)
    drawn: dict[str, Decimal] = {}
    for row in (row for step in steps for row in rows_of(step.body, "inputs", "")):
        drawn[str(row["lot"])] = drawn.get(str(row["lot"]), _ZERO) + _kg(row)
    made = sorted((one for step in steps for one in _made(step, drawn, world)), key=lambda one: one.urn)
    country = next((step.process[-1].country for step in steps if step.process), "ZZ")
    return SiteYear(period, steps, tuple(made), tuple(_flows(steps)), country)


def belongs(step: Effective, issuer: str, facility: str, period: Period) -> bool:
    """Whether a statement is a step of the site in the period."""
    return (
        step.original.kind == "lot.transform"
        and step.original.issuer == issuer
        and not step.withdrawn
        and bool(step.process)
        and step.body.get("facility") == facility
        and period.first <= step.occurred_to.date() <= period.last
    )


def _step(digest: str, issuer: str, facility: str, period: Period, world: Versions) -> Effective:
    found = world.effective_version(digest)
    if found is None or not belongs(found, issuer, facility, period):
        raise StepElsewhere("This is no step of the site in the period, or it was corrected since.",
                            path="/body/computed_from/statements", statement=digest)  # fmt: skip
    return found


def _kg(row: Body) -> Decimal:
    if "mass_kg" not in row:
        raise NotComputable("The mass of a lot of the site is not open to you, so nothing can be computed.")
    return parse_quantity(row["mass_kg"])


def _made(step: Effective, drawn: Mapping[str, Decimal], world: Versions) -> Iterator[Made]:
    for row in rows_of(step.body, "outputs", ""):
        if OutputClass(str(row["class"])) not in BURDENED:
            continue
        urn, price = str(row["lot"]), row.get("price")
        yield Made(
            urn=urn,
            material=str(row["material"]),
            stage=str(row["stage"]),
            made_on=step.occurred_to.date(),
            made_kg=_kg(row),
            disposed_kg=_disposed(urn, step.original.issuer, world),
            drawn_kg=drawn.get(urn, _ZERO),
            price=price if isinstance(price, dict) else None,
        )


def _disposed(lot: str, maker: str, world: Versions) -> Decimal:
    """What its maker disposed of it, kg."""
    found = (one for one in world.history(lot) if one.original.kind == "lot.dispose" and one.original.issuer == maker)
    return sum((_kg(one.body) for one in found if not one.withdrawn), _ZERO)


def _flows(steps: Sequence[Effective]) -> Iterator[Flow]:
    found: dict[tuple[str, str], tuple[Exchange, Decimal]] = {}
    for step in steps:
        for one in parse_exchanges(rows_of(step.body, "inventory", "")):
            first, stated = found.get((one.flow, one.unit), (one, _ZERO))
            found[one.flow, one.unit] = (first, stated + one.active)
    for key in sorted(found):
        exchange, stated = found[key]
        yield Flow(_bare(exchange), r12(stated))


def _bare(one: Exchange) -> Exchange:
    """The flow of a row without its amount: what stays of it is of active substance."""
    share = None if one.concentration is None else Decimal(1)
    return replace(one, row=0, amount=_ZERO, concentration=share, element_kg=None)
