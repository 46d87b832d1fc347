"""The worked example of the algorithms, to the last digit (docs/algorithms)."""

from typing import Any

import pytest

from epd.demo import demonstration
from epd.lca.bodies import result_from_body, result_to_body
from epd.lca.completeness import completeness
from epd.lca.indicators import HEADLINE, Basis, LifeCycleModule
from epd.lca.result import value_key
from tests.lca.demo_run import DemoRun, run, with_swarf_as_co_product
from traceability.ledger.quantity import format_computed, r12

EXPECTED: Any = demonstration().expected


@pytest.fixture(scope="module")
def chain() -> DemoRun:
    return run()


def modules(chain: DemoRun, lot: str, basis: str) -> dict[str, str]:
    result = chain.results[lot].bases[Basis(basis)]
    return {
        module.value: format_computed(value)
        for module in LifeCycleModule
        if (value := result.value(HEADLINE, module)) is not None
    }


def headline(chain: DemoRun, basis: str) -> str:
    value = chain.results["MAG-1"].headline(Basis(basis))
    assert value is not None
    return format_computed(value)


@pytest.mark.parametrize("basis", ["economic", "mass"])
class TestHeadline:
    def test_magnet_by_module_and_in_all(self, chain, basis):
        expected = EXPECTED["gwp_ghg"][basis]

        assert (
            modules(chain, "MAG-1", basis) | {"a1_a3": format_computed(chain.results["MAG-1"].headline(Basis(basis)))}
            == expected
        )

    def test_swarf_as_co_product(self, basis):
        sensitivity = run(with_swarf_as_co_product(demonstration()))

        assert headline(sensitivity, basis) == EXPECTED["gwp_ghg_swarf_as_co_product"][basis]

    def test_separation_gives_each_oxide_its_part(self, chain, basis):
        expected = EXPECTED["steps"]["EV-02"]

        h_a3 = chain.solved["EV-02"].sums[Basis(basis)][value_key(HEADLINE, LifeCycleModule.A3)]

        assert format_computed(r12(h_a3)) == expected["h_a3"]
        assert {lot: modules(chain, lot, basis)["a3"] for lot in expected[basis]} == expected[basis]

    def test_electrolysis_after_custody_transfer(self, chain, basis):
        assert modules(chain, "MET-NDPR", basis) == EXPECTED["steps"]["EV-07"][basis]


def test_blend_as_the_electrolysis_receives_it(chain):
    assert modules(chain, "OX-NDPR-BLEND", "economic") == {
        "a1": "30.1002154363",
        "a2": "0.328097454545",
        "a3": "0.0113636454545",
    }
    assert modules(chain, "OX-NDPR-BLEND", "mass")["a1"] == "7.98915983958"


def test_concentrate_before_separation(chain):
    assert modules(chain, "CON-MP", "economic")["a3"] == "0.548821630284"


def test_shares_of_the_magnet(chain: DemoRun) -> None:
    shares = chain.results["MAG-1"].shares
    assert shares is not None

    found = {
        element: {source: format_computed(share) for source, share in by_source.items()}
        for element, by_source in shares.elements.items()
    }

    assert found == EXPECTED["shares"]
    assert {source: format_computed(share) for source, share in shares.totals.items()} == EXPECTED["totals"]


def test_what_is_written_is_read_again(chain):
    for lot, solved in ((lot, step.results[lot]) for step in chain.solved.values() for lot in step.results):
        body = result_to_body(solved)

        assert result_from_body(body) == chain.results[lot]
        assert result_to_body(chain.results[lot]) == body


@pytest.mark.parametrize("basis", list(Basis))
def test_completeness_of_the_magnet(chain: DemoRun, basis: Basis) -> None:
    found = completeness(chain.results["MAG-1"], basis, HEADLINE)
    expected = EXPECTED["completeness"][basis.value]

    assert found is not None
    assert (format_computed(found.mass), format_computed(found.energy)) == (expected["mass"], expected["energy"])
    assert found.missing_upstream == ()
