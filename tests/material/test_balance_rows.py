"""Element balance: what losses, waste, reagents and work in progress bring in and take out."""

import pytest

from tests.material import demo
from tests.material.melting import D, inventory, melt, metal, rounded, verdict
from traceability.material.balance import (
    Verdict,
    balance_of,
    in_process_after,
)
from traceability.material.plausibility import findings_of
from traceability.material.step import (
    ElementsNeedKilograms,
    ElementsNotHere,
    InputUnknown,
    parse_step,
)


def test_declared_losses_and_waste_explain_what_is_missing():
    step = melt(
        metal(Nd="50"),
        {"Nd": "49"},
        losses=[{"kind": "melt loss", "mass_kg": "10", "elements": [{"species": "Nd", "content_pct": "50"}]}],
        inventory=[inventory("slag", "waste", elements=[{"species": "Nd2O3", "content_pct": "50"}])],
    )
    row = balance_of(step).elements["Nd"]
    assert (row.in_kg, row.out_kg, rounded(row.loss_kg)) == (D(500), D(490), D("9.287"))
    assert row.verdict is Verdict.OK


def test_what_leaves_in_waste_counts_as_leaving():
    step = melt(
        metal(Nd="50"),
        {"Nd": "50"},
        inventory=[inventory("slag", "waste", elements=[{"species": "Nd", "content_pct": "50"}])],
    )
    assert verdict(step, "Nd") is Verdict.REFUSED


def test_a_bearing_reagent_brings_its_elements_in():
    cobalt = [{"species": "Co", "content_pct": "99.9"}]
    step = melt(
        metal(Nd="50", Co="0"),
        {"Nd": "50", "Co": "0.999"},
        inventory=[inventory("cobalt", "constituent", elements=cobalt)],
    )
    assert verdict(step, "Co") is Verdict.OK


def test_a_constituent_without_contents_leaves_other_elements_open_but_never_a_rare_earth():
    step = melt(
        metal(Nd="50", Fe="1", Dy="0"),
        {"Nd": "50", "Fe": "40", "Dy": "1"},
        inventory=[inventory("iron", "constituent", amount="900")],
    )
    balance = balance_of(step)
    assert balance.elements["Fe"].because == ("/inventory/0",)
    assert balance.elements["Dy"].verdict is Verdict.REFUSED


@pytest.mark.parametrize(
    ("row", "error"),
    [
        (inventory("grid", "electricity", elements=[{"species": "Nd", "content_pct": "1"}]), ElementsNotHere),
        (
            inventory("brine", "ancillary", unit="m3", elements=[{"species": "Nd", "content_pct": "1"}]),
            ElementsNeedKilograms,
        ),
    ],
)
def test_contents_stand_only_on_rows_of_matter_in_kg(row, error):
    with pytest.raises(error) as refusal:
        melt(metal(Nd="50"), {"Nd": "50"}, inventory=[row])
    assert refusal.value.path.startswith("/inventory/0/")


def test_an_input_lot_that_is_not_given_is_refused():
    with pytest.raises(InputUnknown):
        parse_step({"inputs": [{"lot": "urn:uuid:x", "mass_kg": "1"}], "outputs": []}, ["melt"], {})


def test_work_in_progress_stays_in_the_balance():
    kept = melt(metal(Nd="50"), {"Nd": "40"}, wip_change=[{"species": "Nd", "mass_kg": "100"}])
    assert verdict(kept, "Nd") is Verdict.OK
    taken = melt(metal(Nd="50"), {"Nd": "60"}, wip_change=[{"species": "Nd", "mass_kg": "-100"}])
    assert verdict(taken, "Nd") is Verdict.NOT_EVALUATED
    assert balance_of(taken).elements["Nd"].because == ("/wip_change",)
    in_process_kg = in_process_after({}, kept)
    assert verdict(taken, "Nd", in_process_kg=in_process_kg) is Verdict.OK
    assert verdict(taken, "Nd", in_process_kg={}) is Verdict.REFUSED
    assert in_process_after(in_process_kg, taken) == {"Nd": D(0)}


def test_more_mass_out_than_lots_and_reagents_in_is_a_finding():
    bare = melt(metal(Nd="50"), {"Nd": "25"}, mass_kg="2000")
    [finding] = findings_of(bare, balance_of(bare))
    assert finding.code == "mass_gain"
    assert finding.sentence.startswith("2000 kg leave, but the lots that came in weigh only 1000 kg, and no reagent")
    level = melt(metal(Nd="50"), {"Nd": "49.8"}, mass_kg="1004")
    assert "mass_gain" not in [finding.code for finding in findings_of(level, balance_of(level))]
    declared = melt(
        metal(Nd="50"), {"Nd": "25"}, mass_kg="2000", inventory=[inventory("iron", "constituent", amount="900")]
    )
    assert [finding.code for finding in findings_of(declared, balance_of(declared))] == ["mass_gain"]


def test_anode_gas_may_weigh_more_than_the_anode():
    event = demo.event("EV-07")
    rows = [
        inventory("graphite", "ancillary", amount="700"),
        inventory("lithium fluoride", "ancillary", amount="60"),
        inventory("carbon dioxide", "emission", amount="2000"),
        inventory("slag", "waste", amount="360"),
    ]
    step = demo.step_of(event, demo.transform(event) | {"inventory": rows})
    assert findings_of(step, balance_of(step)) == ()
