"""What chemistry allows of electrolysis and reduction, against published stoichiometry; and the balance in words."""

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.material.melting import OUTPUT, melt, metal
from tests.standards import standards_path
from traceability.ledger.quantity import round_places
from traceability.material.balance import Verdict, balance_of
from traceability.material.composition import LotMatter, composition_of_rows, parse_rows
from traceability.material.elements import TRADE_OXIDE
from traceability.material.plausibility import findings_of
from traceability.material.reduction import charge_kah_per_kg
from traceability.material.step import Step, parse_step
from traceability.material.steps import usual_process
from traceability.material.wording import said_of, sentence_of

OXIDE = "urn:uuid:01930000-0000-7000-8000-0000000000cc"
ND2O3 = [{"species": "Nd2O3", "content_pct": "100"}]


def electrolysis(oxide_kg: str, metal_kg: str, *, kwh: str = "", assayed: bool = True, **body: Any) -> Step:
    """A step of neodymium oxide to metal."""
    composition = composition_of_rows(parse_rows(ND2O3)) if assayed else None
    lot = LotMatter(OXIDE, "neodymium oxide", "oxide", Decimal(oxide_kg), composition)
    assay = {"assay": {"basis": "dry_mass", "rows": [{"species": "Nd", "content_pct": "100"}]}}
    made = {"lot": OUTPUT, "material": "Nd metal", "stage": "metal", "mass_kg": metal_kg, "class": "product"}
    power = [{"flow": "electricity", "role": "electricity", "amount": kwh, "unit": "kWh", "basis": "metered"}]
    said = {"inputs": [{"lot": OXIDE, "mass_kg": oxide_kg}], "outputs": [made | (assay if assayed else {})]}
    return parse_step(said | ({"inventory": power} if kwh else {}) | body, ["electrolysis"], {OXIDE: lot})


def codes(step: Step) -> list[str]:
    return [one.code for one in findings_of(step, balance_of(step))]


def anchors() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(standards_path("lca/anchors_stoichiometry.json").read_text())
    found: dict[str, Any] = document["stoichiometry"]
    return found


def test_charges_and_oxides_are_the_published_ones() -> None:
    for element, row in anchors().items():
        assert abs(charge_kah_per_kg(element) - Decimal(str(row["kAh_per_kg_metal_min_3e"]))) < Decimal("0.0001")
        assert abs(TRADE_OXIDE[element].element_per_kg - Decimal(str(row["kg_metal_per_kg_oxide"]))) < Decimal(
            "0.00001"
        )


def test_a_plausible_electrolysis_gives_no_finding() -> None:
    assert codes(electrolysis("1000", "820", kwh="7000")) == []
    assert codes(electrolysis("1000", "820")) == []


@pytest.mark.parametrize(("metal_kg", "found"), [("879", []), ("880", []), ("890", ["oxide_short"])])
def test_more_metal_than_any_oxide_holds_is_found_without_an_assay(metal_kg: str, found: list[str]) -> None:
    assert codes(electrolysis("1000", metal_kg, assayed=False)) == found


def test_the_sentence_names_the_masses() -> None:
    step = electrolysis("1000", "900", assayed=False)
    [finding] = findings_of(step, balance_of(step))
    assert finding.sentence.startswith(
        "900.000 kg of metal leave, but 1000.000 kg of oxide can give 879.383 kg at most"
    )


def test_with_an_assay_the_oxide_of_its_element_counts() -> None:
    step = electrolysis("1000", "870")
    assert balance_of(step).elements["Nd"].verdict is not Verdict.REFUSED
    assert "oxide_short" in codes(step)


@pytest.mark.parametrize(("kwh", "found"), [("685", ["electricity_short"]), ("687", [])])
def test_electricity_below_the_charge_at_the_least_voltage_is_found(kwh: str, found: list[str]) -> None:
    assert round_places(820 * charge_kah_per_kg("Nd") * Decimal("1.5"), 0) == Decimal(686)
    assert codes(electrolysis("1000", "820", kwh=kwh)) == found


def test_metal_of_another_feed_than_oxide_is_not_judged() -> None:
    fluoride = metal(mass_kg="100", Nd="70")
    step = electrolysis("1000", "890", assayed=False)
    rows = [{"lot": OXIDE, "mass_kg": "1000"}, {"lot": fluoride.lot, "mass_kg": "100"}]
    lot = LotMatter(OXIDE, "neodymium oxide", "oxide", Decimal(1000), None)
    made = {"lot": OUTPUT, "material": "Nd metal", "stage": "metal", "mass_kg": "890", "class": "product"}
    both = parse_step({"inputs": rows, "outputs": [made]}, ["electrolysis"], {OXIDE: lot, fluoride.lot: fluoride})
    assert "oxide_short" in codes(step)
    assert "oxide_short" not in codes(both)


# -- in words


@pytest.mark.parametrize(
    ("out_pct", "beginning", "end"),
    [
        ("50", "The balance of neodymium closes: 500.000 kg in, 500.000 kg out", "kg)."),
        ("50.2", "2.000 kg more neodymium leaves than came in; measured uncertainty 0.7", "check the assays."),
        ("50.25", "2.500 kg more neodymium leaves than came in; measured uncertainty 0.7", "matter is never made."),
        ("49.8", "2.000 kg of the neodymium that came in is in no lot and no stated loss", "check masses and assays."),
    ],
)
def test_each_verdict_says_by_how_much(out_pct: str, beginning: str, end: str) -> None:
    row = balance_of(melt(metal(Nd="50"), {"Nd": out_pct})).elements["Nd"]
    assert sentence_of(row).startswith(beginning)
    assert sentence_of(row).endswith(end)


def test_what_is_not_evaluated_says_for_want_of_what() -> None:
    row = balance_of(melt(metal(Nd="50"), {"Nd": "50", "Fe": "40"})).elements["Fe"]
    assert sentence_of(row) == "The balance of iron was not evaluated: its content is not known of input 1."
    unassayed = balance_of(melt(metal(Nd="50"), {})).elements["Nd"]
    assert sentence_of(unassayed).endswith("its content is not known of output 1.")


def test_the_yield_stands_beside_what_is_usual_with_its_source() -> None:
    step = melt(metal(Nd="50"), {"Nd": "30"})
    [said] = said_of(balance_of(step), usual_process(["melt"]))
    assert said.yield_pct == Decimal("60.0")
    assert said.is_usual is False
    assert said.yield_sentence == (
        "60.0 % of the neodymium that came in is in the lots made. Usual for this process is 95.0 % or more "
        "(source: assumption)."
    )
    [unknown] = said_of(balance_of(step), usual_process(["our own step"]))
    assert unknown.is_usual is None
    assert "not known here" in unknown.yield_sentence
