"""Element balance: its verdicts, and each way in which matter could be created."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.material.melting import OUTPUT, D, inventory, melt, metal, verdict
from traceability.ledger.quantity import format_quantity, round_places
from traceability.material.balance import (
    MatterCreated,
    Verdict,
    balance_of,
    require_conserved,
)
from traceability.material.composition import LotMatter, composition_of_rows, parse_rows
from traceability.material.plausibility import findings_of
from traceability.material.step import (
    parse_step,
)


@pytest.mark.parametrize(
    ("out_pct", "expected"),
    [
        ("50", Verdict.OK),
        ("50.15", Verdict.OK),
        ("50.2", Verdict.WARNING),
        ("50.25", Verdict.REFUSED),
        ("49.8", Verdict.WARNING),
        ("30", Verdict.WARNING),
    ],
)
def test_verdict_by_multiples_of_the_uncertainty(out_pct, expected):
    step = melt(metal(Nd="50"), {"Nd": out_pct})
    assert verdict(step, "Nd") is expected


def test_a_gain_within_the_uncertainty_is_a_finding():
    step = melt(metal(Nd="50"), {"Nd": "50.2"})
    findings = findings_of(step, balance_of(step))
    assert [finding.code for finding in findings] == ["gain_within_uncertainty"]
    assert findings[0].sentence.startswith("2.000 kg more neodymium leaves than came in; measured uncertainty 0.79")


def test_a_rare_earth_that_no_input_lists_is_created():
    assert verdict(melt(metal(Nd="50"), {"Nd": "50", "Tb": "0.001"}), "Tb") is Verdict.REFUSED


def test_iron_that_no_input_lists_is_not_evaluated_and_says_why():
    row = balance_of(melt(metal(Nd="50"), {"Nd": "50", "Fe": "40"})).elements["Fe"]
    assert row.verdict is Verdict.NOT_EVALUATED
    assert row.because == ("/inputs/0",)


def test_a_large_stated_sdev_excuses_at_most_twice_the_default():
    generous = parse_rows([{"species": "Nd", "content_pct": "50", "sdev_rel_pct": "90"}])
    lot = LotMatter(
        "urn:uuid:01930000-0000-7000-8000-0000000000aa", "m", "metal", D(1000), composition_of_rows(generous)
    )
    assert verdict(melt(lot, {"Nd": "51.01"}), "Nd") is Verdict.REFUSED
    assert verdict(melt(lot, {"Nd": "50.99"}), "Nd") is not Verdict.REFUSED


def test_an_output_without_assay_is_not_evaluated_but_cannot_hide_what_the_others_hold():
    bare = {"lot": OUTPUT.replace("bb", "cc"), "material": "slag", "stage": "other", "mass_kg": "1", "class": "waste"}
    lot = metal(Nd="50")
    for contents, expected in (({"Nd": "49"}, Verdict.NOT_EVALUATED), ({"Nd": "51"}, Verdict.REFUSED)):
        step = melt(lot, contents)
        outputs = [fields_of_output(contents), bare]
        step = parse_step(
            {"inputs": [{"lot": lot.lot, "mass_kg": "1000"}], "outputs": outputs}, ["melt"], {lot.lot: lot}
        )
        balance = balance_of(step)
        assert balance.unassayed == ("/outputs/1",)
        assert balance.elements["Nd"].verdict is expected


def fields_of_output(contents):
    rows = [{"species": e, "content_pct": pct, "sdev_rel_pct": "0.1"} for e, pct in contents.items()]
    return {
        "lot": OUTPUT,
        "material": "alloy",
        "stage": "alloy",
        "mass_kg": "1000",
        "class": "product",
        "assay": {"basis": "dry_mass", "rows": rows},
    }


def test_an_input_without_assay_leaves_its_elements_open():
    lot = replace(metal(Nd="50"), composition=None)
    row = balance_of(melt(lot, {"Nd": "50"})).elements["Nd"]
    assert (row.verdict, row.because) == (Verdict.NOT_EVALUATED, ("/inputs/0",))


def test_an_input_without_assay_bears_at_most_its_whole_mass_of_an_element():
    lot = replace(metal(Nd="50", mass_kg="100"), composition=None)
    step = melt(lot, {"Nd": "100"}, mass_kg="1000000")
    with pytest.raises(MatterCreated) as refusal:
        require_conserved(balance_of(step))
    assert refusal.value.sentence.startswith(
        "999900.000 kg more neodymium leaves the step than can have come in: 1000000.000 kg out, "
        "at most 100.000 kg in. Of that, 100.000 kg came in without assay of it "
        "and counted as if all of it were neodymium."
    )
    assert (refusal.value.fields["in_kg"], refusal.value.fields["out_kg"]) == ("100.000", "1000000.000")


@given(st.integers(1, 5000), st.integers(0, 5000), st.integers(1, 10000), st.integers(1, 99))
def test_what_leaves_never_exceeds_what_is_known_and_the_whole_of_what_is_not(unseen_kg, known_kg, out_kg, pct):
    """Section 5: refused exactly where even the most that can have come in, and 3 u_c, do not explain what leaves."""
    bare = replace(metal(mass_kg=str(unseen_kg)), composition=None)
    known = metal(lot=bare.lot.replace("aa", "dd"), mass_kg="10000", Nd=format_quantity(D(known_kg) / 100))
    body = {
        "inputs": [{"lot": bare.lot, "mass_kg": str(unseen_kg)}, {"lot": known.lot, "mass_kg": "10000"}],
        "outputs": [fields_of_output({"Nd": str(pct)}) | {"mass_kg": str(out_kg)}],
    }
    row = balance_of(parse_step(body, ["melt"], {bare.lot: bare, known.lot: known})).elements["Nd"]
    most_kg = D(unseen_kg) + D(known_kg)
    assert row.unseen_kg == unseen_kg
    refused = D(out_kg) * pct / 100 > most_kg + 3 * row.u_c_kg
    assert row.verdict is (Verdict.REFUSED if refused else Verdict.NOT_EVALUATED)
    assert 3 * row.u_c_kg <= D("0.02") * most_kg or most_kg < D("0.01") * (10000 + unseen_kg)


def test_what_came_in_without_assay_is_not_all_of_it_this_and_all_of_it_that():
    """Each element for itself would fit into 100 kg; together they must, but for what their uncertainty excuses."""
    bare = replace(metal(mass_kg="100"), composition=None)
    require_conserved(balance_of(melt(bare, {"Nd": "45", "Dy": "45"}, mass_kg="111")))
    for mass_kg in ("112", "200"):
        step = melt(bare, {"Nd": "45", "Dy": "45"}, mass_kg=mass_kg)
        assert verdict(step, "Nd") is verdict(step, "Dy") is Verdict.NOT_EVALUATED
        with pytest.raises(MatterCreated) as refusal:
            require_conserved(balance_of(step))
        assert "kg of Dy, Nd together must have come in with inputs without assay" in refusal.value.sentence


def test_what_other_inputs_may_bear_is_not_asked_of_those_without_assay():
    bare, steel = replace(metal(mass_kg="100"), composition=None), metal(OUTPUT.replace("bb", "dd"), "100", Nd="1")
    body = {"inputs": [{"lot": one.lot, "mass_kg": "100"} for one in (bare, steel)]}

    def step(mass_kg):
        output = fields_of_output({"Dy": "45", "Fe": "50"}) | {"mass_kg": mass_kg}
        return parse_step(body | {"outputs": [output]}, ["melt"], {bare.lot: bare, steel.lot: steel})

    require_conserved(balance_of(step("210")))  # 94.5 kg Dy and 5 kg Fe in the one, 100 kg Fe in the other
    with pytest.raises(MatterCreated):
        require_conserved(balance_of(step("215")))  # 7.5 kg Fe beside 96.75 kg Dy do not fit into 100 kg


def test_an_unlisted_element_is_bounded_by_everything_that_may_bring_it():
    def iron(**row):
        step = melt(metal(Nd="50"), {"Nd": "1", "Fe": "98"}, mass_kg="3000", inventory=[inventory(**row)])
        return balance_of(step).elements["Fe"].verdict

    assert iron(flow="iron", role="constituent", amount="1000") is Verdict.REFUSED
    assert iron(flow="iron", role="constituent", amount="2000") is Verdict.NOT_EVALUATED
    assert iron(flow="iron", role="constituent", amount="1", unit="t") is Verdict.NOT_EVALUATED


@given(
    st.decimals(min_value="0.001", max_value="1000000", places=3),
    st.decimals(min_value="0.5", max_value="99", places=4),
    st.decimals(min_value="1.0201", max_value="50", places=4),
)
def test_two_percent_more_of_a_major_element_is_always_refused(mass_kg, content_pct, factor):
    if content_pct < 1:
        content_pct += 1
    lot = metal(mass_kg=str(mass_kg), Nd=f"{content_pct.normalize():f}")
    out_kg = max(round_places(mass_kg * factor, 3), mass_kg + D("0.001"))
    if out_kg <= mass_kg * D("1.02"):
        return
    step = melt(lot, {"Nd": f"{content_pct.normalize():f}"}, mass_kg=format_quantity(out_kg))
    assert verdict(step, "Nd") is Verdict.REFUSED
