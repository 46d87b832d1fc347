"""Bounds hold whatever really lies in the lots; what left, what is left and what was lost is what entered."""

import random
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import networkx
from hypothesis import given
from hypothesis import strategies as st

from traceability.material.shares import UNKNOWN
from traceability.material.tracing import Account, Draw, Range, TracedStep, drawn_range, ranges_of, whereabouts

NEARLY = Decimal("1e-24")
Bag = dict[str, int]
"""Grams of the element by the source that they are really of."""


class World:
    """A random chain in which nothing mixes as it should: each gram knows its source, and goes where chance wants."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.bags: dict[str, list[str]] = {}
        self.made: dict[str, int] = {}
        self.truth: dict[str, Bag] = {}
        self.steps: list[TracedStep] = []
        self.sources = [self.lot([f"S{n}"] * self.chance.randint(1, 30), f"S{n}") for n in range(3)]
        for number in range(self.chance.randint(1, 7)):
            self.step(number)

    def lot(self, grams: list[str], urn: str) -> str:
        self.bags[urn], self.made[urn] = list(grams), len(grams)
        self.truth[urn] = {source: grams.count(source) for source in set(grams)}
        return urn

    def step(self, number: int) -> None:
        full = [urn for urn, grams in self.bags.items() if grams]
        if not full:
            return
        pool, draws = [], []
        for urn in self.chance.sample(full, k=self.chance.randint(1, min(3, len(full)))):
            grams = self.bags[urn]
            if self.chance.random() < 0.5:
                grams.sort()  # the worst case: one source first
            else:
                self.chance.shuffle(grams)
            taken = self.chance.choice([len(grams), self.chance.randint(1, len(grams))])
            draws.append(Draw(urn, Decimal(taken), Decimal(taken) / self.made[urn]))
            pool += grams[:taken]
            del grams[:taken]
        self.chance.shuffle(pool) if self.chance.random() < 0.5 else pool.sort()
        lost = self.chance.randint(0, len(pool) // 3)
        kept = pool[lost:]
        cut = self.chance.randint(0, len(kept))
        outputs = {f"L{number}a": kept[:cut], f"L{number}b": kept[cut:]}
        for urn, grams in outputs.items():
            self.lot(grams, urn)
        self.steps.append(TracedStep(f"T{number}", draws, {urn: Decimal(len(one)) for urn, one in outputs.items()}))


seeds = st.integers(0, 10**9)


@given(seeds)
def test_what_really_is_in_a_lot_lies_between_the_bounds(seed: int) -> None:
    world = World(seed)
    found = ranges_of(world.sources, world.steps)
    for urn, bag in world.truth.items():
        whole = sum(bag.values())
        for source, grams in bag.items():
            one = found[urn][source]
            assert one.least - NEARLY <= Decimal(grams) / whole <= one.most + NEARLY
        assert not whole or set(bag) <= set(found[urn])


@given(seeds)
def test_bounds_hold_the_expected_share_and_expected_shares_are_one(seed: int) -> None:
    world = World(seed)
    for urn, ranges in ranges_of(world.sources, world.steps).items():
        for one in ranges.values():
            assert one.expected is not None
            assert 0 <= one.least <= one.most <= 1
            assert one.least - NEARLY <= one.expected <= one.most + NEARLY
        total = sum((one.expected or Decimal(0) for one in ranges.values()), Decimal(0))
        assert not ranges or abs(total - 1) < NEARLY, urn


@given(seeds)
def test_expected_shares_are_those_of_all_paths_by_networkx(seed: int) -> None:
    world = World(seed)
    graph = networkx.DiGraph()
    for step in world.steps:
        whole = sum(int(draw.element_kg or 0) for draw in step.draws)
        for draw in step.draws:
            graph.add_edge(draw.lot, step.name, part=Fraction(int(draw.element_kg or 0), whole))
        graph.add_edges_from((step.name, urn, {"part": Fraction(1)}) for urn, kg in step.made_kg.items() if kg)
    found = ranges_of(world.sources, world.steps)
    for urn in set(found) & set(graph) - set(world.sources):
        wanted: defaultdict[str, Fraction] = defaultdict(Fraction)
        for source in set(world.sources) & set(graph):
            for path in networkx.all_simple_edge_paths(graph, source, urn):
                part = Fraction(1)
                for edge in path:
                    part *= graph.edges[edge]["part"]
                wanted[source] += part
        for source, one in found[urn].items():
            assert abs(Fraction(one.expected or 0) - wanted[source]) < Fraction(NEARLY)


@given(seeds)
def test_neither_the_order_of_draws_nor_that_of_sources_changes_anything(seed: int) -> None:
    world = World(seed)
    turned = [replace(step, draws=step.draws[::-1]) for step in world.steps]
    one, other = ranges_of(world.sources, world.steps), ranges_of(world.sources[::-1], turned)
    assert one.keys() == other.keys()
    for urn, ranges in one.items():
        for source, found in ranges.items():
            assert abs((found.expected or 0) - (other[urn][source].expected or 0)) < NEARLY
            assert abs(found.most - other[urn][source].most) < NEARLY


@given(seeds)
def test_a_split_that_is_merged_again_changes_no_expected_share(seed: int) -> None:
    world = World(seed)
    last = world.steps[-1]
    urn = next((one for one, kg in last.made_kg.items() if kg), None)
    if urn is None:
        return
    kg = last.made_kg[urn] or Decimal(0)
    parts = {f"{urn}/{n}": kg / 2 for n in (1, 2)}
    split = TracedStep("split", [Draw(urn, kg)], parts)
    merge = TracedStep("merge", [Draw(part, kg / 2) for part in parts], {f"{urn}=": kg})
    found = ranges_of(world.sources, [*world.steps, split, merge])
    for source, one in found[urn].items():
        assert abs((one.expected or 0) - (found[f"{urn}="][source].expected or 0)) < NEARLY


@given(seeds, st.booleans())
def test_all_that_entered_is_somewhere(seed: int, withhold: bool) -> None:
    world = World(seed)
    steps = list(world.steps)
    accounts: dict[str, Account] = {
        urn: Account(Decimal(world.made[urn]), Decimal(len(grams))) for urn, grams in world.bags.items()
    }
    if withhold:
        place = world.chance.randrange(len(steps))
        draws = [replace_mass(draw) for draw in steps[place].draws]
        steps[place] = replace(steps[place], draws=draws)
        hidden = world.chance.choice(list(accounts))
        accounts[hidden] = Account(accounts[hidden].made_kg, None)
    for source in world.sources:
        found = whereabouts(source, accounts, steps)
        assert abs(found.total_kg - world.made[source]) < NEARLY
        if not withhold:
            assert not found.untold
            assert all(abs(kg) < NEARLY for kg in found.gone.values())


def replace_mass(draw: Draw) -> Draw:
    return Draw(draw.lot, None, draw.part)


@given(seeds)
def test_all_sources_together_are_all_that_is_there(seed: int) -> None:
    world = World(seed)
    accounts: Mapping[str, Account] = {
        urn: Account(Decimal(world.made[urn]), Decimal(len(grams))) for urn, grams in world.bags.items()
    }
    there: defaultdict[str, Decimal] = defaultdict(Decimal)
    for source in world.sources:
        for urn, kg in whereabouts(source, accounts, world.steps).now.items():
            there[urn] += kg
    for urn, grams in world.bags.items():
        assert abs(there[urn] - len(grams)) < NEARLY


def test_a_step_that_cannot_be_followed_leaves_everything_open() -> None:
    step = TracedStep("T", [Draw("A", None), Draw("B", Decimal(2))], {"C": Decimal(3)})
    open_range = Range(Decimal(0), Decimal(1), None)
    assert ranges_of(["A", "B"], [step])["C"] == {"A": open_range, "B": open_range}
    alone = TracedStep("T", [Draw("A", None)], {"C": Decimal(3)})
    assert ranges_of(["A"], [alone])["C"] == {"A": Range(Decimal(1), Decimal(1), Decimal(1))}


def test_matter_without_a_source_in_the_record_is_unknown() -> None:
    step = TracedStep("T", [Draw("A", Decimal(3))], {"C": Decimal(4)}, unknown_kg=Decimal(1))
    found = ranges_of(["A"], [step])["C"]
    assert found["A"].expected == Decimal("0.75")
    assert found[UNKNOWN].expected == Decimal("0.25")
    stranger = TracedStep("T", [Draw("X", Decimal(3))], {"C": Decimal(3)})
    assert ranges_of([], [stranger])["C"] == {UNKNOWN: Range(Decimal(1), Decimal(1), Decimal(1))}


def test_scrap_of_one_process_in_another_is_a_source_of_its_own() -> None:
    first = TracedStep("T", [Draw("A", Decimal(4))], {"P": Decimal(3), "W": Decimal(1)})
    again = TracedStep("U", [Draw("W", Decimal(1), is_source=True)], {"Q": Decimal(1)})
    assert set(ranges_of(["A"], [first, again])["Q"]) == {"W"}


def test_the_worked_example() -> None:
    """docs/algorithms/lodestone-tracing-1.md."""
    blend = TracedStep("blend", [Draw("A", Decimal(30)), Draw("B", Decimal(70))], {"C": Decimal(100)})
    melt = TracedStep("melt", [Draw("C", Decimal(80), Decimal("0.8"))], {"D": Decimal(60), "E": Decimal(16)})
    found = ranges_of(["A", "B"], [blend, melt])
    assert found["C"]["A"] == Range(Decimal("0.3"), Decimal("0.3"), Decimal("0.3"))
    assert drawn_range(found["C"]["A"], Decimal("0.8")) == Range(Decimal("0.125"), Decimal("0.375"), Decimal("0.3"))
    assert found["D"]["A"] == Range(Decimal(0), Decimal("0.5"), Decimal("0.3"))
    assert found["D"]["B"] == Range(Decimal("0.5"), Decimal(1), Decimal("0.7"))
    left = {"A": 0, "B": 0, "C": 20, "D": 60, "E": 0}
    made = {"A": 30, "B": 70, "C": 100, "D": 60, "E": 16}
    accounts = {urn: Account(Decimal(made[urn]), Decimal(left[urn])) for urn in made}
    where = whereabouts("A", accounts, [blend, melt])
    assert where.now == {"C": Decimal(6), "D": Decimal(18)}
    assert where.gone == {"E": Decimal("4.8")}
    assert where.lost == {"melt": Decimal("1.2")}
    assert where.total_kg == Decimal(30)
