"""Random systems with loops: plain elimination finds the same, both ends meet, and two thousand processes are fast."""

import random
import time
from decimal import Decimal
from fractions import Fraction

import pytest

from epd.lca.systems import UnitProcess, solve
from traceability.ledger.quantity import computing


def random_system(seed: int, size: int) -> list[UnitProcess]:
    """Processes that use earlier ones, with loops of up to twelve here and there."""
    chance = random.Random(seed)
    found = []
    for at in range(size):
        uses = chance.sample(range(max(0, at - 8), at), min(at, chance.randint(1, 3)))
        back = [at + 1 + chance.randrange(5)] if at % 12 < 6 and chance.random() < 0.5 else []
        products = {f"p{other}": -Decimal(chance.randint(1, 2000)) / 10**4 for other in (*uses, *back) if other < size}
        made = Decimal(chance.randint(500, 2000)) / 1000
        flows = {name: Decimal(chance.randint(0, 10**6)) / 10**5 for name in ("co2", "ch4")}
        found.append(UnitProcess(f"p{at}", f"p{at}", {f"p{at}": made, **products}, flows))
    return found


GWP = {"gwp": {"co2": Decimal(1), "ch4": Decimal("29.8")}}


def by_elimination(processes: list[UnitProcess], demand: dict[str, Decimal]) -> dict[str, Fraction]:
    """Runs by plain Gaussian elimination of the whole system in fractions, blocks unseen."""
    names = [one.name for one in processes]
    rows = [
        [*(Fraction(one.products.get(name, 0)) for one in processes), Fraction(demand.get(name, 0))] for name in names
    ]
    for column in range(len(names)):
        pivot = next(at for at in range(column, len(names)) if rows[at][column])
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for at in range(len(names)):
            if at != column and rows[at][column]:
                rows[at] = [a - rows[at][column] * b for a, b in zip(rows[at], rows[column], strict=True)]
    return {name: line[-1] for name, line in zip(names, rows, strict=True)}


@pytest.mark.parametrize(("seed", "size"), [(1, 10), (2, 10), (3, 25), (4, 40)])
def test_random_systems_have_the_answer_of_plain_elimination(seed: int, size: int) -> None:
    processes = random_system(seed, size)
    demand = {f"p{size - 1}": Decimal(3), "p4": Decimal("-0.5")}
    found, expected = solve(processes, demand, GWP), by_elimination(processes, demand)
    assert any(expected.values())
    for name, runs in expected.items():
        assert abs(Fraction(found.runs[name]) - runs) <= abs(runs) / 10**40


@pytest.mark.parametrize("size", [100, 500, 2000])
@computing()
def test_large_systems_close_from_both_ends_and_stay_fast(size: int) -> None:
    processes, demand = random_system(size, size), {f"p{size - 1}": Decimal(1), f"p{size // 2}": Decimal(2)}
    started = time.process_time()
    found = solve(processes, demand, GWP)
    assert time.process_time() - started < 5
    assert found.residual <= Decimal("1e-40")
    score = found.scores["gwp"]
    of_flows = sum((amount * GWP["gwp"][flow] for flow, amount in found.flows.items()), Decimal(0))
    of_demand = sum((found.intensities["gwp"][product] * asked for product, asked in demand.items()), Decimal(0))
    assert score > 0
    assert abs(of_flows - score) <= score / 10**40
    assert abs(of_demand - score) <= score / 10**40


def test_order_of_processes_changes_no_digit() -> None:
    processes = random_system(7, 60)
    shuffled = random.Random(1).sample(processes, len(processes))
    demand = {"p59": Decimal(1)}
    assert solve(processes, demand, GWP) == solve(shuffled, demand, GWP)
