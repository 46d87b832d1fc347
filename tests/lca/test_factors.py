"""Factors, their set, and the set that ships."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from epd.factors import FILE, shipped_factors
from epd.factors.build import build
from epd.factors.countries import ALPHA_2
from epd.lca.factors import BadFactor, FactorTwice, factor_set, parse_factor, parse_factor_set
from epd.lca.indicators import HEADLINE
from tests.standards import ROOT, standards_path
from traceability.ledger.canonical import encode
from traceability.ledger.errors import RecordError
from traceability.ledger.merkle import leaf_hash, node_hash

BODY: dict[str, Any] = {
    "id": "grid.ee.2023",
    "name": "Electricity",
    "flow": "electricity",
    "unit": "kWh",
    "indicators": [{"indicator": "gwp_ghg", "value": "0.416667", "unit": "kg CO2 eq"}],
    "year": "2023",
    "geography": "EE",
    "gwp_vintage": "not_stated",
    "quality": {"te": 2, "ge": 1, "ti": 2},
    "includes": "life_cycle",
    "illustrative": False,
    "second_hand": True,
    "source": "somewhere",
    "licence": "CC BY 4.0",
}


class TestParsing:
    def test_factor_of_its_object(self):
        factor = parse_factor(BODY)

        assert factor.values == {HEADLINE: Decimal("0.416667")}
        assert factor.canonical == encode(BODY)

    @pytest.mark.parametrize(
        "change",
        [
            {"indicators": []},
            {"indicators": BODY["indicators"] * 2},
            {"indicators": [{"indicator": "gwp_ghg", "value": "0.4", "unit": "g"}]},
            {"indicators": [{"indicator": "warmth", "value": "0.4", "unit": "kg CO2 eq"}]},
            {"indicators": [{"indicator": "gwp_ghg", "value": "4e-1", "unit": "kg CO2 eq"}]},
            {"gwp_vintage": "AR7"},
            {"includes": "everything"},
            {"quality": {"te": 2, "ge": 1, "ti": 6}},
            {"quality": {"te": 2, "ge": 1}},
            {"illustrative": "no"},
            {"source": ""},
            {"compartment": 3},
            {"limits": "none"},
        ],
    )
    def test_what_a_factor_must_say(self, change):
        with pytest.raises(RecordError) as caught:
            parse_factor(BODY | change)

        assert caught.value.code in ("bad_factor", "bad_quantity")

    def test_missing_word(self):
        with pytest.raises(BadFactor) as caught:
            parse_factor({name: value for name, value in BODY.items() if name != "licence"})

        assert caught.value.path == "/licence"


class TestSet:
    def test_root_over_canonical_bytes_by_id(self):
        first, second = parse_factor(BODY | {"id": "a"}), parse_factor(BODY | {"id": "b"})

        root = factor_set("x", "1", [second, first]).root

        assert root == node_hash(leaf_hash(first.canonical), leaf_hash(second.canonical))

    def test_one_id_names_one_factor(self):
        with pytest.raises(FactorTwice):
            factor_set("x", "1", [parse_factor(BODY), replace(parse_factor(BODY), name="other")])


class TestShipped:
    def test_file_is_what_the_script_makes(self):
        assert build(standards_path("lca").parent) == FILE.read_text(encoding="utf-8")

    def test_every_country_and_province(self):
        ids = set(shipped_factors().factors)

        assert len([name for name in ids if name.startswith("grid.") and not name.startswith("grid.cn-")]) == 213
        assert len([name for name in ids if name.startswith("grid.cn-")]) == 30
        assert len(set(ALPHA_2.values())) == len(ALPHA_2) == 213

    @pytest.mark.parametrize(
        ("factor_id", "indicator", "value"),
        [
            ("grid.ee.2023", "gwp_ghg", "0.416667"),
            ("grid.us.2023", "gwp_ghg", "0.369473"),
            ("grid.cn-nm.2023", "gwp_ghg", "0.6479"),
            ("fuel.natural-gas.ipcc-2006", "gwp_ghg", "0.0561571"),
            ("fuel.diesel.ipcc-2006", "gwp_ghg", "0.0743532"),
            ("wtt.natural-gas.desnz-2025", "gwp_ghg", "0.03347"),
            ("wtt.diesel.desnz-2025", "gwp_ghg", "0.06291"),
            ("freight.road-hgv.desnz-2025", "gwp_ghg", "0.10163"),
            ("wtt.road-hgv.desnz-2025", "gwp_ghg", "0.02359"),
            ("freight.sea-container.desnz-2025", "gwp_ghg", "0.01612"),
            ("wtt.sea-container.desnz-2025", "gwp_ghg", "0.00365"),
            ("freight.rail.desnz-2025", "gwp_ghg", "0.02779"),
            ("reagent.sulfuric-acid.uslci", "gwp_ghg", "0.3664"),
            ("reagent.hydrochloric-acid.uslci", "gwp_ghg", "1.7"),
            ("emission.cf4.air.ef31", "gwp_ghg", "7380"),
            ("emission.c2f6.air.ef31", "gwp_ghg", "12400"),
            ("emission.ch4-fossil.air.ef31", "gwp_ghg", "29.8"),
            ("emission.n2o.air.ef31", "gwp_ghg", "273"),
            ("emission.nh3.air-non-urban.ef31", "ap", "3.02"),
            ("emission.nh3.air-non-urban.ef31", "ep_ter", "13.47"),
            ("emission.nh3.air-non-urban.ef31", "pm", "0.000021"),
            ("emission.so2.air-non-urban.ef31", "ap", "1.31"),
            ("emission.phosphate.water.ef31", "ep_fw", "0.33"),
            ("emission.pm2.5.air-urban-ground.ef31", "pm", "0.000238497"),
            ("emission.pm2.5.air-non-urban-high.ef31", "pm", "0.00000301757"),
            ("water.consumption.ef31", "wdp", "42.95"),
        ],
    )
    def test_digits_of_the_sources(self, factor_id, indicator, value):
        assert shipped_factors().factors[factor_id].values[indicator] == Decimal(value)

    def test_each_says_what_one_must_know(self):
        for factor in shipped_factors().factors.values():
            assert factor.source
            assert factor.licence
            assert factor.year
            assert factor.illustrative == factor.id.startswith("illustrative.")
            assert not (factor.illustrative and factor.second_hand)
            if factor.id.startswith("grid.cn-"):
                assert factor.limits == ("carbon_dioxide_only", "no_upstream")

    def test_acids_and_bases_ask_for_their_concentration(self):
        asking = {factor.flow for factor in shipped_factors().factors.values() if factor.concentration_required}

        assert asking == {"sulfuric acid", "hydrochloric acid", "sodium hydroxide"}

    def test_gaps_of_the_method_stay_gaps(self):
        flows = {factor.flow for factor in shipped_factors().factors.values()}

        assert not flows & {"hydrogen fluoride", "hydrogen chloride", "hydrofluoric acid", "neodymium", "thorium"}

    def test_ids_fit_the_record(self):
        from traceability.ledger.kinds.lots import FACTOR_IDS

        for factor_id in shipped_factors().factors:
            FACTOR_IDS.check([factor_id], "", {})

    def test_set_is_read_from_its_file(self):
        assert parse_factor_set(json.loads(FILE.read_text(encoding="utf-8"))).root == shipped_factors().root


@pytest.mark.skipif(not ROOT.exists(), reason=f"No tables at {ROOT}. Set LODESTONE_STANDARDS to the folder.")
def test_ar6_column_equals_the_table_of_the_report():
    import csv

    with standards_path("lca/ipcc_gwp.csv").open(encoding="utf-8", newline="") as file:
        ar6 = {row["formula"]: row["AR6_GWP100"] for row in csv.DictReader(file)}

    for formula, stem in (("CF4", "cf4"), ("C2F6", "c2f6"), ("SF6", "sf6"), ("NF3", "nf3"), ("N2O", "n2o")):
        assert shipped_factors().factors[f"emission.{stem}.air.ef31"].values[HEADLINE] == Decimal(ar6[formula])
