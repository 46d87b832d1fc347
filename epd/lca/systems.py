"""Systems of unit processes that feed each other, solved without rounding the loops: `lodestone-systems/1`.

Lots need none of this: each is made before it is used. A mean over a period does, where what a step gives off goes back
into an earlier step of the same site.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Final

from epd.lca.loops import inverse, loops
from traceability.ledger.errors import RecordError
from traceability.ledger.quantity import computing

ALGORITHM: Final = "lodestone-systems/1"
LARGEST_LOOP: Final = 60
"""Processes in one loop: their exact inverse takes a second or two, that of a hundred half a minute."""

Amounts = Mapping[str, Decimal]


class ProcessTwice(RecordError):
    """Two processes have one name."""

    code = "process_twice"


class NoProducer(RecordError):
    """A product is used or asked for, and no process makes it."""

    code = "no_producer"


class TwoProducers(RecordError):
    """Two processes make one product."""

    code = "two_producers"


class NothingMade(RecordError):
    """A process makes as much of its product as it uses."""

    code = "nothing_made"


class SingularSystem(RecordError):
    """A loop has no solution, or any number of them."""

    code = "singular_system"


class LoopTakesMore(RecordError):
    """A loop uses more of its own products than it makes."""

    code = "loop_takes_more"


class LoopTooLarge(RecordError):
    """More processes feed each other than are solved exactly."""

    code = "loop_too_large"


@dataclass(frozen=True, slots=True)
class UnitProcess:
    """One run of a process with one product, or with one waste that it treats."""

    name: str
    product: str
    products: Amounts
    """By product: made above 0, used below 0. Treated waste is used; what makes waste has it above 0."""
    flows: Amounts = field(default_factory=dict)
    """Exchanges with nature, by flow."""

    def shared(self, shares: Mapping[str, Fraction | Decimal]) -> tuple["UnitProcess", ...]:
        """A process of several products as one for each, named by it; `shares` are weights of any sum."""
        whole = sum((Fraction(share) for share in shares.values()), Fraction(0))
        return tuple(
            UnitProcess(
                f"{self.name}, {product}",
                product,
                {product: self.products[product]}
                | {name: _part(amount, share, whole) for name, amount in self.products.items() if name not in shares},
                {name: _part(amount, share, whole) for name, amount in self.flows.items()},
            )
            for product, share in sorted(shares.items())
        )


@dataclass(frozen=True, slots=True)
class Solution:
    """How often each process runs for a demand, and what that exchanges with nature and causes."""

    runs: Amounts
    flows: Amounts
    scores: Amounts
    """By indicator: the sum over the flows that it has a factor for."""
    missing: Mapping[str, tuple[str, ...]]
    """By indicator: flows of this demand that it has no factor for. They are not declared, never 0."""
    intensities: Mapping[str, Amounts]
    """By indicator and product: what one unit of the product causes, upstream and all."""
    direct: Mapping[str, Amounts]
    """By indicator and process: its own part. The parts sum to the score."""
    totals: Mapping[str, Amounts]
    """By indicator and process: its own part and all that stands behind it, a loop through it counted once. None for
    the rare process that a demand for its own product does not run."""
    residual: Decimal
    """Largest gap between demand and what the runs give, over all products, relative to what is made and used of it."""


@computing()
def solve(processes: Iterable[UnitProcess], demand: Amounts, factors: Mapping[str, Amounts] | None = None) -> Solution:
    """The one answer of a system to a demand by product; `factors` by indicator and flow."""
    system = _System.of(processes)
    for product in demand:
        if product not in system.makers:
            raise NoProducer(f"No process makes {product}, which is asked for. Add its producer.")
    runs = system.runs(demand)
    flows = _sums((flow, amount * runs[one.name]) for one in system.processes for flow, amount in one.flows.items())
    given = factors or {}
    own = {indicator: _own(system.processes, of_flow) for indicator, of_flow in given.items()}
    intensities = {indicator: system.intensities(per_run) for indicator, per_run in own.items()}
    direct = {
        indicator: {name: value * runs[name] for name, value in per_run.items()} for indicator, per_run in own.items()
    }
    return Solution(
        runs=runs,
        flows=flows,
        scores={indicator: sum(parts.values(), Decimal(0)) for indicator, parts in direct.items()},
        missing={
            indicator: tuple(sorted(flow for flow, amount in flows.items() if amount and flow not in of_flow))
            for indicator, of_flow in given.items()
        },
        intensities=intensities,
        direct=direct,
        totals={
            indicator: {
                one.name: per_unit[one.product] * runs[one.name] / system.loop_factor[one.name]
                for one in system.processes
                if system.loop_factor[one.name]
            }
            for indicator, per_unit in intensities.items()
        },
        residual=system.residual(runs, demand),
    )


@dataclass(frozen=True, slots=True)
class _Block:
    """Processes that feed each other, or one alone."""

    processes: tuple[UnitProcess, ...]
    inverse: Sequence[Sequence[Decimal]]
    """Runs of each process (row) per unit of the product of each (column)."""


@dataclass(frozen=True, slots=True)
class _System:
    processes: tuple[UnitProcess, ...]
    makers: Mapping[str, UnitProcess]
    blocks: tuple[_Block, ...]
    """Suppliers first."""
    loop_factor: Amounts
    """By process: its runs per unit of its product, the loop through it included."""

    @staticmethod
    def of(given: Iterable[UnitProcess]) -> "_System":
        processes = tuple(sorted(given, key=lambda one: one.name))
        by_name = {one.name: one for one in processes}
        if len(by_name) < len(processes):
            raise ProcessTwice("Give each process a name of its own.")
        makers = _makers(processes)
        suppliers = {
            one.name: sorted({_maker(makers, name, one.name).name for name in one.products}) for one in processes
        }
        blocks = tuple(_block(tuple(by_name[name] for name in names)) for names in loops(suppliers))
        factors = {one.name: block.inverse[at][at] for block in blocks for at, one in enumerate(block.processes)}
        return _System(processes, makers, blocks, factors)

    def runs(self, demand: Amounts) -> dict[str, Decimal]:
        """From what is asked for to what that needs."""
        needed = dict(demand)
        runs: dict[str, Decimal] = {}
        for block in reversed(self.blocks):
            wanted = [needed.get(one.product, Decimal(0)) for one in block.processes]
            inside = {one.product for one in block.processes}
            for one, row in zip(block.processes, block.inverse, strict=True):
                runs[one.name] = times = sum((a * b for a, b in zip(row, wanted, strict=True) if b), Decimal(0))
                if times:
                    for product, amount in one.products.items():
                        if product not in inside:
                            needed[product] = needed.get(product, Decimal(0)) - amount * times
        return runs

    def intensities(self, per_run: Amounts) -> dict[str, Decimal]:
        """From suppliers to those who use them: what a unit of each product carries."""
        carried: dict[str, Decimal] = {}
        for block in self.blocks:
            inside = {one.product for one in block.processes}
            brought = [
                per_run[one.name]
                - sum((n * carried[name] for name, n in one.products.items() if name not in inside), Decimal(0))
                for one in block.processes
            ]
            for at, one in enumerate(block.processes):
                carried[one.product] = sum(
                    (row[at] * value for row, value in zip(block.inverse, brought, strict=True)), Decimal(0)
                )
        return carried

    def residual(self, runs: Amounts, demand: Amounts) -> Decimal:
        gap = {product: -asked for product, asked in demand.items()}
        turned = {product: abs(asked) for product, asked in demand.items()}
        for one in self.processes:
            for product, amount in one.products.items():
                gap[product] = gap.get(product, Decimal(0)) + amount * runs[one.name]
                turned[product] = turned.get(product, Decimal(0)) + abs(amount * runs[one.name])
        return max((abs(gap[product]) / whole for product, whole in turned.items() if whole), default=Decimal(0))


def _makers(processes: Sequence[UnitProcess]) -> dict[str, UnitProcess]:
    makers: dict[str, UnitProcess] = {}
    for one in processes:
        if one.product in makers:
            raise TwoProducers(
                f"{one.product} is made by {makers[one.product].name} and by {one.name}. Name a mix of the two as its "
                "one producer."
            )
        if not one.products.get(one.product):
            raise NothingMade(f"{one.name} makes nothing of {one.product} over what it uses. Check its amounts.")
        makers[one.product] = one
    return makers


def _maker(makers: Mapping[str, UnitProcess], product: str, user: str) -> UnitProcess:
    if product not in makers:
        raise NoProducer(f"No process makes {product}, which {user} uses. Add its producer, or take it out.")
    return makers[product]


def _block(processes: tuple[UnitProcess, ...]) -> _Block:
    """The processes of one loop with their inverse; refuses a loop that cannot run."""
    if len(processes) == 1:
        return _Block(processes, ((1 / processes[0].products[processes[0].product],),))
    name, count = processes[0].name, len(processes)
    if count > LARGEST_LOOP:
        raise LoopTooLarge(f"{name} is in a loop of {count} processes. Up to {LARGEST_LOOP} are solved.")
    matrix = [[Fraction(user.products.get(one.product, 0)) for user in processes] for one in processes]
    found = inverse(matrix)
    if found is None:
        raise SingularSystem(
            f"{name} and the others of its loop use exactly what they make, so nothing can be asked of them. Check "
            "their amounts."
        )
    usual = all(
        (value > 0) if at == n else (value <= 0) for at, row in enumerate(matrix) for n, value in enumerate(row)
    )
    if usual and any(value < 0 for row in found for value in row):
        raise LoopTakesMore(
            f"{name} and the others of its loop use more of their products than they make. Check their amounts."
        )
    return _Block(processes, tuple(tuple(_decimal(value) for value in row) for row in found))


def _own(processes: Iterable[UnitProcess], of_flow: Amounts) -> dict[str, Decimal]:
    """What one run of each process causes itself."""
    return {
        one.name: sum((amount * of_flow[flow] for flow, amount in one.flows.items() if flow in of_flow), Decimal(0))
        for one in processes
    }


def _sums(parts: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for name, value in parts:
        found[name] = found.get(name, Decimal(0)) + value
    return found


@computing()
def _part(amount: Decimal, share: Fraction | Decimal, whole: Fraction) -> Decimal:
    return _decimal(Fraction(amount) * Fraction(share) / whole)


def _decimal(value: Fraction) -> Decimal:
    """To 50 digits."""
    return Decimal(value.numerator) / Decimal(value.denominator)
