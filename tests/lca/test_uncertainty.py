"""Monte Carlo of headlines: the worked example, shared draws, paired runs, and a published case."""

import json
import math
import re
from decimal import Decimal
from pathlib import Path
from statistics import fmean, pvariance, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epd.lca.factors import BadFactor, Factor, Quality, parse_factor
from epd.lca.indicators import HEADLINE, Basis
from epd.lca.systems import UnitProcess, solve
from epd.lca.uncertainty import (
    PERCENTILES,
    RUNS,
    Bands,
    Deviation,
    Draws,
    Origin,
    Part,
    bands,
    normals,
    of_factor,
    of_marks,
    part_of,
    seed_of,
    share_below,
)
from tests.lca.demo_run import run
from tests.standards import standards_path

TEXT = " ".join((Path(__file__).parents[2] / "docs/algorithms/lodestone-uncertainty-1.md").read_text("utf-8").split())
ZEROS = bytes(32)
A = of_marks(Quality(3, 3, 4))
M = Part("M", {"a": 8.0}, 2.0, 6.0)
N = Part("N", {"a": 7.9}, 2.0, 6.0)


def draws(seed: bytes = ZEROS) -> Draws:
    return Draws(seed, {"a": A})


def factor(**changed: object) -> Factor:
    body = {
        "id": "grid.xx", "name": "Grid", "flow": "electricity", "unit": "kWh", "year": "2023", "geography": "XX",
        "source": "somebody", "licence": "CC0", "includes": "life_cycle", "gwp_vintage": "AR6",
        "quality": {"te": 3, "ge": 3, "ti": 4}, "illustrative": False, "second_hand": False,
        "indicators": [{"indicator": HEADLINE, "unit": "kg CO2 eq", "value": "0.5"}],
    }  # fmt: skip
    return parse_factor({**body, **changed})


class TestWorkedExample:
    def test_draws(self):
        written = re.search(r"first three runs: ([-\d.]+), ([-\d.]+), ([-\d.]+)\.", TEXT)
        assert written is not None

        assert normals(ZEROS, "factor a", 3) == pytest.approx([float(one) for one in written.groups()], rel=1e-11)

    def test_percentiles(self):
        found = bands([M], draws())

        said = ", ".join(f"{percent} {value}" for percent, value in found.percentiles.items())
        assert f"Percentiles: {said}. By factor {found.by_factor}." in TEXT
        assert f"GSD2 of `a` is {A.printed}." in TEXT

    def test_shares_of_the_variance(self):
        said = ", ".join(f"{'`a`' if one.name == 'a' else one.name} {one.share}" for one in bands([M], draws()).moved)

        parts = {one.split()[0]: one.split()[1] for one in said.split(", ")}
        assert all(f"{name} {share}" in TEXT for name, share in parts.items())
        assert sum(map(Decimal, parts.values())) == pytest.approx(Decimal(1), abs=Decimal("1e-5"))

    def test_share_below(self):
        same = draws()

        assert f"N is below M is {share_below(same.headlines([N]), same.headlines([M]))}." in TEXT


class TestSharedDraws:
    def test_a_thousand_lots_on_one_factor_keep_its_deviation(self):
        drawn = draws()
        lots = [Part("M", {"a": 0.008}, 0.0, 0.0) for _ in range(1000)]

        one, many = drawn.headlines([Part("M", {"a": 8.0}, 0.0, 0.0)]), drawn.headlines(lots)

        assert many == pytest.approx(one, rel=1e-9)
        assert stdev(math.log(value) for value in drawn.of("factor a", A)) == pytest.approx(A.sigma, rel=0.1)

    def test_one_factor_moves_two_makers_together_and_their_amounts_do_not(self):
        together = Draws(ZEROS, {"a": Deviation(4.0, Origin.STATED)})
        first, second = (together.headlines([Part(maker, {"a": 1.0}, 0.0, 1.0)]) for maker in ("M", "N"))

        assert first != second
        assert _correlation(first, second) > 0.99
        rests = [together.headlines([Part(maker, {}, 1.0, 1.0)]) for maker in ("M", "N")]
        assert abs(_correlation(*rests)) < 0.2

    def test_the_order_of_parts_changes_nothing(self):
        assert bands([M, N], draws()).percentiles == bands([N, M], draws()).percentiles

    def test_another_seed_is_another_sample_of_the_same_spread(self):
        one, other = bands([M], draws()), bands([M], draws(seed_of([b"another"])))

        assert one.percentiles != other.percentiles
        assert one.high / one.low == pytest.approx(other.high / other.low, rel=Decimal("0.2"))


class TestPairs:
    def test_the_same_thing_is_never_below_itself(self):
        drawn = draws()

        assert share_below(drawn.headlines([M]), drawn.headlines([M])) == 0

    def test_less_of_the_same_is_always_below(self):
        drawn = draws()
        less = Part("M", {"a": 7.99}, 2.0, 6.0 * 9.99 / 10)

        assert share_below(drawn.headlines([less]), drawn.headlines([M])) == 1

    def test_the_seed_does_not_depend_on_who_is_named_first(self):
        assert seed_of([b"a", b"b"]) == seed_of([b"b", b"a"]) != seed_of([b"a"])


class TestDeviations:
    def test_what_a_source_states_counts(self):
        assert of_factor(factor(gsd2="1.8")) == Deviation(1.8, Origin.STATED)

    @pytest.mark.parametrize("gsd2", ["0.9", "101", "-1.2"])
    def test_what_cannot_be_one_is_refused(self, gsd2):
        with pytest.raises(BadFactor):
            factor(gsd2=gsd2)

    def test_transport_is_wider_than_electricity(self):
        assert of_factor(factor(unit="tkm")).gsd2 > of_factor(factor()).gsd2 == A.gsd2

    def test_characterisation_is_held(self):
        held = of_factor(factor(includes="direct", compartment="air", unit="kg"))

        assert held == Deviation(1.0, Origin.CONVENTION)
        assert set(draws().of("any", held)) == {1.0}

    def test_a_factor_that_is_not_at_hand_has_the_worst_marks(self):
        assert of_factor(None) == of_marks(Quality(5, 5, 5))


@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=4), st.floats(0.5, 2))
def test_bands_scale_and_rise(values, times):
    """Twice the burden is twice the band, and percentiles rise."""
    drawn = Draws(ZEROS, {}, runs=40)
    part = Part("M", {str(at): value for at, value in enumerate(values)}, 1.0, 0.5)
    scaled = Part("M", {name: value * times for name, value in part.by_factor.items()}, times, 0.5 * times)

    one, other = _percentiles(bands([part], drawn)), _percentiles(bands([scaled], drawn))

    assert one == sorted(one)
    assert other == pytest.approx([value * times for value in one], rel=1e-4)


def test_the_electricity_of_heijungs_has_the_variance_of_groen():
    """Parameters that deviate by 5 %: first-order variance 64 (standards/lca/tv_lca_matrix.json)."""
    with standards_path("lca/tv_lca_matrix.json").open(encoding="utf-8") as file:
        case = next(one for one in json.load(file) if one["id"] == "heijungs_electricity_groen")
    z = {name: normals(ZEROS, name, RUNS) for name in ("a00", "a10", "a11", "b0", "b1")}

    def off(name: str, value: float, at: int) -> Decimal:
        return Decimal(value * (1 + case["expected"]["cv"] * z[name][at]))

    co2 = []
    for at in range(RUNS):
        fuel = {"fuel": off("a11", 100.0, at)}
        power = {"power": off("a00", 10.0, at), "fuel": off("a10", -2.0, at)}
        found = solve(
            [
                UnitProcess("power", "power", power, {"co2": off("b0", 1.0, at)}),
                UnitProcess("fuel", "fuel", fuel, {"co2": off("b1", 10.0, at)}),
            ],
            {"power": Decimal(1000)},
        )
        co2.append(float(found.flows["co2"]))

    assert fmean(co2) == pytest.approx(120, rel=0.02)
    assert pvariance(co2) == pytest.approx(case["expected"]["var_first_order"], rel=0.15)


class TestDemonstration:
    def test_a_closed_chain_is_one_wide_draw_an_open_one_is_narrower(self):
        chain, opened = run(), run(detail_open=True)
        deviations = {name: of_factor(found) for name, found in chain.factors.factors.items()}
        drawn = Draws(ZEROS, deviations)
        stated = [one.results["MAG-1"].bases[Basis.ECONOMIC] for one in (chain, opened)]

        anybody = bands([part_of("M", stated[0].without_detail())], drawn)
        open_to_all = bands([part_of("M", stated[1])], drawn)

        assert anybody.by_factor == 0
        assert open_to_all.by_factor > Decimal("0.9")
        assert open_to_all.high - open_to_all.low < anybody.high - anybody.low
        for found in (anybody, open_to_all):
            assert found.low < (stated[0].a1_a3(HEADLINE) or 0) < found.high


def _percentiles(found: Bands) -> list[float]:
    return [float(found.percentiles[one]) for one in PERCENTILES]


def _correlation(ours: list[float], theirs: list[float]) -> float:
    mine, yours = fmean(ours), fmean(theirs)
    both = fmean((one - mine) * (other - yours) for one, other in zip(ours, theirs, strict=True))
    return both / math.sqrt(pvariance(ours) * pvariance(theirs))
