"""What figures of long chains cost: Monte Carlo, contributions over 10,000 ancestors, results tier by tier."""

import random
import time
from collections.abc import Callable
from decimal import Decimal

from epd.factors import shipped_factors
from epd.lca.allocation import Output
from epd.lca.contributions import Part, SolvedStep, over_chain
from epd.lca.exchanges import AmountBasis, Exchange, Role
from epd.lca.indicators import Basis
from epd.lca.inputs import ResultSource, Step, StepInput
from epd.lca.rollup import roll_up
from epd.lca.uncertainty import Draws, bands, of_factor, part_of
from epd.lca.uncertainty import Part as Brought

FACTORS = shipped_factors()
GRIDS = sorted(name for name in FACTORS.factors if name.startswith("grid."))
RNG = random.Random(1)


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds of one go."""
    start = time.process_time()
    work()
    return time.process_time() - start


def chain(lots: int) -> list[SolvedStep]:
    """Each lot takes from up to three of the 40 before it, and half a dozen rows of its own."""
    solved: list[SolvedStep] = []
    for at in range(lots):
        before = RNG.sample(range(max(0, at - 40), at), k=min(at, RNG.randint(1, 3)))
        inputs = tuple(
            StepInput(
                f"lot {one:06}", Decimal(RNG.randint(1, 50)), ResultSource(solved[one].result.results[f"lot {one:06}"])
            )
            for one in {*before, *({at - 1} if at else ())}
        )
        rows = tuple(
            Exchange(number, "electricity", Role.ELECTRICITY, Decimal(RNG.randint(1, 999)), "kWh", AmountBasis.METERED,
                     factor_ids=(RNG.choice(GRIDS),))
            for number in range(6)
        )  # fmt: skip
        step = Step(inputs, (Output(f"lot {at:06}", Decimal(100)),), rows)
        solved.append(SolvedStep(f"step {at:06}", step, roll_up(step, FACTORS)))
    return solved


def test_a_thousand_runs_on_a_thousand_lots() -> None:
    """Asked for: at most 5 s."""
    deviations = {name: of_factor(one) for name, one in FACTORS.factors.items()}
    solved = chain(1000)
    results = [one.result.results[f"lot {at:06}"].bases[Basis.ECONOMIC] for at, one in enumerate(solved)]
    one_maker_each = [part_of(f"maker {at}", stated) for at, stated in enumerate(results)]
    one_maker = [Brought("maker", one.by_factor, one.rest, one.measured, one.rest_marks) for one in one_maker_each[-1:]]
    short = seconds(lambda: bands(one_maker, Draws(bytes(32), deviations)))
    long = seconds(lambda: bands(one_maker_each, Draws(bytes(32), deviations)))
    print(f"\n1,000 runs: one result {short:.3f} s; 1,000 results, a maker each, {long:.2f} s; {long / short:.0f} x")


def test_contributions_over_ten_thousand_ancestors() -> None:
    """One weight per lot from the product up, beside the bare weights; and what the tier-by-tier results took."""
    start = time.process_time()
    solved = chain(10_000)
    forward = time.process_time() - start
    lot = solved[-1].step.outputs[0].lot
    adjoint = seconds(lambda: [over_chain(solved, lot, basis, Part.STEP) for basis in Basis])
    bare = seconds(lambda: _plain(solved))
    print(f"\n10,000 lots: tier by tier {forward:.1f} s ({forward / 10:.2f} ms a lot)")
    print(f"GWP over the chain, both bases {adjoint:.2f} s; bare weights {bare:.3f} s: {adjoint / bare:.1f} x")


def _plain(solved: list[SolvedStep]) -> dict[str, Decimal]:
    """The plain roll-up of provenance: one number handed from each lot to those it was made of."""
    needed = {solved[-1].step.outputs[0].lot: Decimal(1)}
    for entry in reversed(solved):
        output = entry.step.outputs[0]
        kg = needed.get(output.lot)
        if kg:
            for drawn in entry.step.inputs:
                needed[drawn.lot] = needed.get(drawn.lot, Decimal(0)) + kg * drawn.drawn_kg / output.mass_kg
    return needed
