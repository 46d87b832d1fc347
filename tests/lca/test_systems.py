"""Systems of unit processes with loops, against published systems and against what each answer must satisfy."""

import json
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from epd.factors.build import FILE
from epd.lca.allocation import Output, OutputClass, Price, printed_shares, weights
from epd.lca.exchanges import Role
from epd.lca.indicators import Basis
from epd.lca.inputs import ResultSource, Step, StepInput
from epd.lca.rollup import roll_up
from epd.lca.systems import (
    LARGEST_LOOP,
    LoopTakesMore,
    LoopTooLarge,
    NoProducer,
    NothingMade,
    ProcessTwice,
    SingularSystem,
    Solution,
    TwoProducers,
    UnitProcess,
    solve,
)
from tests.lca.example import FACTORS, SCRAP, row
from tests.standards import standards_path
from traceability.ledger.quantity import computing, format_computed, r12

VECTORS: dict[str, Any] = {one["id"]: one for one in json.loads(standards_path("lca/tv_lca_matrix.json").read_text())}
TEXT = " ".join((Path(__file__).parents[2] / "docs/algorithms/lodestone-systems-1.md").read_text("utf-8").split())
TOLERANCE = Decimal("1e-9")


def number(value: float) -> Decimal:
    return Decimal(repr(value))


def process(name: str, products: dict[str, str], flows: dict[str, str] | None = None, of: str = "") -> UnitProcess:
    """A process that makes what it is named after, unless `of` says what."""
    amounts = {product: Decimal(amount) for product, amount in products.items()}
    return UnitProcess(name, of or name, amounts, {flow: Decimal(amount) for flow, amount in (flows or {}).items()})


def of_matrices(a: list[list[float]], b: list[list[float]]) -> list[UnitProcess]:
    """Processes are columns, products and flows are rows; the product of a process stands in the diagonal."""
    return [
        UnitProcess(
            f"p{column}",
            f"p{column}",
            {f"p{at}": number(line[column]) for at, line in enumerate(a) if line[column]},
            {f"f{at}": number(line[column]) for at, line in enumerate(b) if line[column]},
        )
        for column in range(len(a))
    ]


def solved(vector: dict[str, Any]) -> Solution:
    demand = {f"p{at}": number(value) for at, value in enumerate(vector["f"]) if value}
    factors = {f"f{at}": {f"f{at}": Decimal(1)} for at in range(len(vector["B"]))}
    return solve(of_matrices(vector["A"], vector["B"]), demand, factors)


def near(found: Decimal, expected: float) -> bool:
    return abs(found - number(expected)) <= TOLERANCE * max(abs(number(expected)), Decimal(1))


def all_near(found: Any, expected: list[float]) -> bool:
    return len(found) == len(expected) and all(near(a, b) for a, b in zip(found, expected, strict=True))


@pytest.mark.parametrize("name", sorted(name for name, one in VECTORS.items() if "A" in one))
def test_published_systems(name: str) -> None:
    expected, found = VECTORS[name]["expected"], solved(VECTORS[name])
    assert all_near(found.runs.values(), expected.get("s", expected.get("scaling", list(found.runs.values()))))
    assert all_near(found.scores.values(), expected["g"])
    for flow, per_unit in zip(found.intensities.values(), expected.get("intensity", []), strict=False):
        assert all_near([flow[f"p{at}"] for at in range(len(per_unit))], per_unit)
    assert found.residual <= Decimal("1e-45")


def test_a_cycle_is_counted_once_in_the_total_of_each_process() -> None:
    expected, found = VECTORS["olca_sankey_cycle"]["expected"], solved(VECTORS["olca_sankey_cycle"])
    assert [r12(value) for value in found.totals["f0"].values()] == [11, 10, 8] == expected["node_total"]
    assert all_near(found.direct["f0"].values(), expected["node_direct"])
    assert all_near([one / found.scores["f0"] for one in found.totals["f0"].values()], expected["node_share"])


def test_two_processes_that_feed_each_other() -> None:
    expected, found = VECTORS["olca_self_loop"]["expected"], solved(VECTORS["olca_self_loop"])
    for flow in ("f1", "f2"):
        assert all_near(found.direct[f"f{int(flow[1]) - 1}"].values(), expected[f"direct_{flow}"])
        assert all_near(found.totals[f"f{int(flow[1]) - 1}"].values(), expected[f"upstream_{flow}"])


def test_contributions_as_a_tree() -> None:
    expected, found = VECTORS["olca_contribution_tree"]["expected"], solved(VECTORS["olca_contribution_tree"])
    assert all_near(found.totals["f0"].values(), [expected["root"], *expected["children"]])


@computing()
def test_derivatives_of_the_electricity_example_are_those_of_a_small_change() -> None:
    vector = VECTORS["heijungs_electricity_groen"]
    base, step = solved(vector).scores["f0"], Decimal("1e-12")
    for at, line in enumerate(vector["A"]):
        for column in range(len(line)):
            processes = of_matrices(vector["A"], vector["B"])
            one = processes[column]
            products = {**one.products, f"p{at}": one.products.get(f"p{at}", Decimal(0)) + step}
            processes[column] = replace(one, products=products)
            moved = solve(processes, {"p0": Decimal(1000)}, {"f0": {"f0": Decimal(1)}}).scores["f0"]
            assert near((moved - base) / step, vector["expected"]["dgdA"][at][column])


def test_allocation_of_several_products() -> None:
    physical = VECTORS["olca_allocation_physical"]
    products = {name: number(value) for name, value in physical["process"]["products"].items()}
    shares = {name: number(value) for name, value in physical["process"]["factors"].items()}
    both = UnitProcess("P", "p1", products, {"CO2": Decimal(2)}).shared(shares)
    per_unit = solve(both, {"p1": Decimal(1)}, {"co2": {"CO2": Decimal(1)}}).intensities["co2"]
    assert per_unit["p1"] == per_unit["p2"] == number(physical["expected"]["CO2_per_p1"])

    def share_of(product: Output, waste: Output, basis: Basis) -> tuple[Decimal, Decimal]:
        weight = weights([product, waste], basis)
        assert weight is not None
        found = printed_shares(weight)
        return found["product"], found["waste"]

    def output(name: str, kg: str, price: str = "0") -> Output:
        return Output(name, Decimal(kg), OutputClass.CO_PRODUCT, Price(Decimal(price), "USD", "2026", "2026", "test"))

    mass, money = VECTORS["olca_allocation_mass_property"], VECTORS["olca_allocation_economic"]
    found = share_of(output("product", "159.375"), output("waste", "200"), Basis.MASS)  # 255 x 500 x 0.001 / 0.8 kg
    assert all(
        abs(a - number(mass["expected"][b])) < Decimal("1e-12")
        for a, b in zip(found, ("product", "waste"), strict=True)
    )
    found = share_of(output("product", "1", "24"), output("waste", "1", "10"), Basis.ECONOMIC)
    assert all(
        abs(a - number(money["expected"][b])) < Decimal("1e-12")
        for a, b in zip(found, ("product", "waste"), strict=True)
    )


def test_an_avoided_product_and_a_waste_that_is_treated() -> None:
    one = process("P", {"p": "1", "q": "1", "a": "0.5"}, {"e": "2"}, of="p")
    processes = [*one.shared({"p": Decimal("0.75"), "q": Decimal("0.25")}), process("A", {"a": "1"}, {"e": "1.5"}, "a")]
    found = solve(processes, {"p": Decimal(1)}, {"e": {"e": Decimal(1)}})
    assert near(found.scores["e"], VECTORS["olca_allocate_avoided"]["expected"])
    treated = [process("p", {"p": "1", "w": "2"}), process("treatment", {"w": "-1"}, {"elem": "2"}, of="w")]
    found = solve(treated, {"p": Decimal(1)}, {"e": {"elem": Decimal(1)}})
    assert near(found.scores["e"], VECTORS["olca_waste_treatment_sign"]["expected"])
    assert found.runs["treatment"] == 2


def test_mobility_example() -> None:
    vector = json.loads(standards_path("lca/tv_bw2io_mobility_example.json").read_text())
    products: dict[str, dict[str, Decimal]] = {}
    flows: dict[str, dict[str, Decimal]] = {}
    for product, user, amount in vector["technosphere"]:
        products.setdefault(str(user), {})[str(product)] = number(amount)
    for flow, user, amount in vector["biosphere"]:
        flows.setdefault(str(user), {})[str(flow)] = number(amount)
    processes = [UnitProcess(one, one, amounts, flows.get(one, {})) for one, amounts in products.items()]
    factors = {"gwp": {str(flow): number(value) for flow, value, _ in vector["characterization"]}}
    expected = vector["expected_scores_per_unit"]
    assert len(expected) == 8
    for activity, one in expected.items():
        found = solve(processes, {activity: Decimal(1)}, factors)
        assert near(found.scores["gwp"], one["score"])
        assert near(found.intensities["gwp"][activity], one["score"])


RING = [process("alloy", {"alloy": "1", "swarf": "-0.2"}), process("swarf", {"swarf": "1", "alloy": "-0.5"})]


@pytest.mark.parametrize(
    ("processes", "demand", "error", "named"),
    [
        ([process("alloy", {"alloy": "1", "metal": "-1"})], "alloy", NoProducer, "makes metal, which alloy uses"),
        (RING, "magnet", NoProducer, "makes magnet, which is asked for"),
        ([*RING, process("second", {"alloy": "1"}, of="alloy")], "alloy", TwoProducers, "by alloy and by second"),
        ([*RING, process("swarf", {"grit": "1"}, of="grit")], "alloy", ProcessTwice, "a name of its own"),
        ([process("alloy", {"alloy": "0"})], "alloy", NothingMade, "alloy makes nothing"),
        ([process("alloy", {"metal": "-1"})], "alloy", NothingMade, "alloy makes nothing"),
        (
            [process("a", {"a": "1", "b": "-2"}), process("b", {"b": "1", "a": "-0.5"})],
            "a",
            SingularSystem,
            "a and the others of its loop use exactly what they make",
        ),
        (
            [process("a", {"a": "1", "b": "-2"}), process("b", {"b": "1", "a": "-0.6"})],
            "a",
            LoopTakesMore,
            "a and the others of its loop use more",
        ),
        (
            [
                process(f"p{n:02}", {f"p{n:02}": "1", f"p{(n + 1) % (LARGEST_LOOP + 1):02}": "-0.5"})
                for n in range(LARGEST_LOOP + 1)
            ],
            "p00",
            LoopTooLarge,
            f"p00 is in a loop of {LARGEST_LOOP + 1} processes",
        ),
    ],
)
def test_what_cannot_be_solved_says_why(
    processes: list[UnitProcess], demand: str, error: type[Exception], named: str
) -> None:
    with pytest.raises(error, match=re.escape(named)):
        solve(processes, {demand: Decimal(1)})


def test_a_flow_without_factor_is_named_and_not_zero() -> None:
    metal = process("metal", {"metal": "1"}, {"CF4": "0.00012", "C2F6": "0.000012", "dust": "0"})
    found = solve([metal], {"metal": Decimal(1000)}, {"gwp": {"CF4": Decimal(7380)}})
    assert found.scores["gwp"] == Decimal("885.6")
    assert found.missing["gwp"] == ("C2F6",)


def test_official_factors_of_our_set() -> None:
    factors = {one["id"]: one for one in json.loads(FILE.read_text("utf-8"))["factors"]}

    def value(factor: str, indicator: str) -> Decimal | None:
        rows = {row["indicator"]: Decimal(row["value"]) for row in factors[factor]["indicators"]}
        return rows.get(indicator)

    spots = {
        ("emission.cf4.air.ef31", "gwp_ghg"): "7380",
        ("emission.c2f6.air.ef31", "gwp_ghg"): "12400",
        ("emission.ch4-fossil.air.ef31", "gwp_ghg"): "29.8",
        ("emission.nh3.air-non-urban.ef31", "ap"): "3.02",
        ("emission.nh3.air-non-urban.ef31", "ep_mar"): "0.092",
        ("emission.nh3.air-non-urban.ef31", "ep_ter"): "13.47",
        ("emission.nh3.air-non-urban.ef31", "pm"): "0.000021",
        ("emission.phosphate.water.ef31", "ep_fw"): "0.33",
        ("water.consumption.ef31", "wdp"): "42.95",
    }
    flows = {factor: Decimal(1) for factor, _ in spots}
    by_indicator = {
        indicator: {factor: found for factor in flows if (found := value(factor, indicator)) is not None}
        for _, indicator in spots
    }
    for (factor, indicator), expected in spots.items():
        found = solve([process("p", {"p": "1"}, {factor: "1"})], {"p": Decimal(1)}, by_indicator)
        assert found.scores[indicator] == Decimal(expected), factor
    neodymium = solve([process("p", {"p": "1"}, {"neodymium, in ground": "1"})], {"p": Decimal(1)}, by_indicator)
    assert neodymium.missing["ap"] == ("neodymium, in ground",)
    assert not [name for name, one in factors.items() if "neodymium" in one["flow"] and value(name, "adpe") is not None]


def magnet_site() -> list[UnitProcess]:
    """What a period of melting and machining was: 80 kg of metal and 20 kg of swarf, 70 kg of magnets out of them."""
    melting = process("melting", {"alloy": "100", "swarf": "-20"}, {"metal": "80", "electricity": "150"}, of="alloy")
    machining = process("machining", {"magnet": "70", "swarf": "20", "alloy": "-100"}, {"electricity": "300"}, "magnet")
    return [melting, *machining.shared({"magnet": Decimal(70), "swarf": Decimal(20)})]


CAUSED = {"gwp": {"metal": Decimal(30), "electricity": Decimal("0.5")}}


@computing()
def test_worked_example_of_the_published_text() -> None:
    found = solve(magnet_site(), {"magnet": Decimal(1)}, CAUSED)
    per_kg = found.intensities["gwp"]
    for name in ("alloy", "magnet", "swarf"):
        assert f"{name} {format_computed(r12(per_kg[name]))}" in TEXT
    for name, runs in found.runs.items():
        assert f"{name} {format_computed(r12(runs))}" in TEXT
    for name, total in found.totals["gwp"].items():
        assert f"{name} {format_computed(r12(total))} in all" in TEXT
    assert f"up to {LARGEST_LOOP} processes" in TEXT


def test_lots_that_go_round_and_round_come_to_the_answer_of_the_system() -> None:
    """Each batch of the site takes the swarf of the batch before: lots need no loop, and their mean is the loop's."""
    expected = solve(magnet_site(), {"magnet": Decimal(1)}, CAUSED).intensities["gwp"]
    alloy, magnet = ("urn:uuid:00000000-0000-7000-8000-0000000000a1", "urn:uuid:00000000-0000-7000-8000-0000000000a2")
    metal = row(0, "metal", Role.CONSTITUENT, "1200", "kg", "iron")  # 80 kg x 30 = 1200 kg x 2

    def batch(swarf: tuple[StepInput, ...]) -> dict[str, Any]:
        power = row(1, "electricity", Role.ELECTRICITY, "150", "kWh", "grid")
        melted = roll_up(Step(swarf, (Output(alloy, Decimal(100)),), (metal, power), country="DE"), FACTORS).results
        drawn = (StepInput(alloy, Decimal(100), ResultSource(melted[alloy])),)
        cut = (
            Output(magnet, Decimal(70), OutputClass.PRODUCT),
            Output(SCRAP, Decimal(20), OutputClass.CO_PRODUCT),
        )
        power = row(0, "electricity", Role.ELECTRICITY, "300", "kWh", "grid")
        return {**melted, **roll_up(Step(drawn, cut, (power,), country="DE"), FACTORS).results}

    made = batch(())
    for _ in range(20):
        made = batch((StepInput(SCRAP, Decimal(20), ResultSource(made[SCRAP])),))
    for name, lot in (("alloy", alloy), ("magnet", magnet), ("swarf", SCRAP)):
        headline = made[lot].headline(Basis.MASS)
        assert headline is not None
        assert abs(headline - expected[name]) <= TOLERANCE * expected[name]
