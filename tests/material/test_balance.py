"""Element balance: the demonstration chain row by row, and each way in which matter could be created."""

import copy
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.material import demo
from traceability.ledger.quantity import computing, format_quantity, round_places
from traceability.material.balance import (
    MatterCreated,
    Verdict,
    balance_of,
    in_process_after,
    require_conserved,
)
from traceability.material.composition import LotMatter, composition_of_rows, parse_rows
from traceability.material.plausibility import findings_of
from traceability.material.step import (
    ElementsNeedKilograms,
    ElementsNotHere,
    InputUnknown,
    parse_step,
)

D = Decimal
EVENTS = [f"EV-{number:02d}" for number in range(1, 11)]


def step_of(event, body=None, **changes):
    return parse_step(body or demo.transform(event), demo.process(event), demo.drawn(event) | changes)


def rounded(kg):
    return round_places(kg, 3)


def published_rows():
    return [pytest.param(row, id=f"{row['event']} {row['element']}") for row in demo.chain()["balance"]]


def metal(lot="urn:uuid:01930000-0000-7000-8000-0000000000aa", mass_kg="1000", **contents):
    """An input lot of metal with element contents in wt %, sDev 0.1 %."""
    rows = parse_rows([{"species": e, "content_pct": pct, "sdev_rel_pct": "0.1"} for e, pct in contents.items()])
    return LotMatter(lot, "metal", "metal", D(mass_kg), composition_of_rows(rows))


OUTPUT = "urn:uuid:01930000-0000-7000-8000-0000000000bb"


def melt(lot, contents, mass_kg="1000", **body):
    """A melting step of one lot of metal into one lot of alloy."""
    assay = {
        "basis": "dry_mass",
        "rows": [{"species": e, "content_pct": pct, "sdev_rel_pct": "0.1"} for e, pct in contents.items()],
    }
    output = {"lot": OUTPUT, "material": "alloy", "stage": "alloy", "mass_kg": mass_kg, "class": "product"}
    return parse_step(
        {
            "inputs": [{"lot": lot.lot, "mass_kg": format_quantity(lot.mass_kg)}],
            "outputs": [output | ({"assay": assay} if contents else {})],
        }
        | body,
        ["melt"],
        {lot.lot: lot},
    )


def verdict(step, element, **known):
    return balance_of(step, **known).elements[element].verdict


# -- the demonstration chain -------------------------------------------------------------------------------------------


@computing()
def masses_as_published(event):
    """The step with the published element masses, not rounded through assays."""
    step = step_of(event)
    names = {demo.urn(name): lot for name, lot in demo.lots().items()}
    rows = []
    for row in step.rows:
        lot = names[row.name]
        contents = {
            element: replace(row.composition[element], element_pct=lot.element_kg[element] * 100 / lot.mass_kg)
            for element in row.composition
        }
        rows.append(replace(row, composition=contents))
    return replace(step, rows=tuple(rows))


def test_the_chain_has_48_rows():
    assert len(demo.chain()["balance"]) == 48


@pytest.mark.parametrize("row", published_rows())
def test_balance_equals_the_published_row_from_element_masses(row):
    found = balance_of(masses_as_published(demo.event(row["event"]))).elements[row["element"]]
    in_kg, out_kg, loss_kg = (D(row[name]) for name in ("in_kg", "out_kg", "loss_kg"))
    assert abs(found.in_kg - in_kg) <= D("0.001")
    assert abs(found.out_kg - out_kg) <= D("0.001")
    assert abs(found.unexplained_kg - loss_kg) <= D("0.001")
    assert abs(found.out_kg / found.in_kg - D(row["recovery"])) <= D("0.000001")


@pytest.mark.parametrize("row", published_rows())
def test_balance_equals_the_published_row_through_oxide_assays(row):
    found = balance_of(step_of(demo.event(row["event"]))).elements[row["element"]]
    for kg, published in (
        (found.in_kg, row["in_kg"]),
        (found.out_kg, row["out_kg"]),
        (found.unexplained_kg, row["loss_kg"]),
    ):
        assert abs(kg - D(published)) <= D("0.02")


@pytest.mark.parametrize("name", EVENTS)
def test_the_chain_creates_no_matter_and_gives_no_finding(name):
    step = step_of(demo.event(name))
    balance = balance_of(step)
    require_conserved(balance)
    assert balance.unassayed == ()
    assert balance.is_evaluated
    # EV-09 adds iron and boron, which these plain values do not state.
    assert [finding.code for finding in findings_of(step, balance)] == (["mass_gain"] if name == "EV-09" else [])


@pytest.mark.parametrize("row", published_rows())
def test_one_percent_more_out_than_in_is_refused(row):
    event = demo.event(row["event"])
    body = demo.transform(event)
    body["outputs"] = [output_with(body["outputs"][0], row["element"], D(row["in_kg"]) * D("1.01"))] + [
        without(output, row["element"]) for output in body["outputs"][1:]
    ]
    balance = balance_of(step_of(event, body))
    assert balance.elements[row["element"]].verdict is Verdict.REFUSED
    with pytest.raises(MatterCreated):
        require_conserved(balance)


@computing()
def output_with(output, element, kg):
    """The output with this element mass, stated as element."""
    found = without(output, element)
    found["mass_kg"] = format_quantity(max(D(output["mass_kg"]), round_places(kg * 2, 3)))
    content = format_quantity(round_places(kg / D(found["mass_kg"]) * 100, 6))
    found["assay"]["rows"] = [{"species": element, "content_pct": content, "sdev_rel_pct": "0.1"}]
    return found


def without(output, element):
    found = copy.deepcopy(output)
    found["assay"]["rows"] = [row for row in found["assay"]["rows"] if not row["species"].startswith(element)]
    found["assay"]["rows"] = found["assay"]["rows"] or [{"species": "Zr", "content_pct": "0"}]
    return found


def test_the_refusal_names_element_masses_and_uncertainty():
    event = demo.event("EV-09")
    body = demo.transform(event)
    row = next(row for row in body["outputs"][0]["assay"]["rows"] if row["species"] == "Dy")
    row["content_pct"] = "1.245"
    with pytest.raises(MatterCreated) as refusal:
        require_conserved(balance_of(step_of(event, body)))
    assert refusal.value.code == "element_created"
    assert refusal.value.fields["element"] == "Dy"
    assert refusal.value.sentence.startswith(
        "1.933 kg more dysprosium leaves the step than came in: 160.333 kg out, 158.400 kg in. "
        "The measured uncertainty is 0.252 kg"
    )


def test_swapped_neodymium_and_praseodymium_break_the_fingerprint():
    event = demo.event("EV-10")
    body = demo.transform(event)
    for row in body["outputs"][1]["assay"]["rows"]:
        row["species"] = {"Nd": "Pr", "Pr": "Nd"}.get(row["species"], row["species"])
    step = step_of(event, body)
    findings = findings_of(step, balance_of(step))
    assert [finding.code for finding in findings if finding.path == "/outputs/1"] == ["fingerprint_broken"]


def test_swapped_elements_that_create_matter_are_refused_and_found():
    event = demo.event("EV-06")
    body = demo.transform(event)
    for row in body["outputs"][0]["assay"]["rows"]:
        row["species"] = {"Nd2O3": "Pr6O11", "Pr6O11": "Nd2O3"}[row["species"]]
    step = step_of(event, body)
    balance = balance_of(step)
    assert balance.elements["Pr"].verdict is Verdict.REFUSED
    assert "fingerprint_broken" in [finding.code for finding in findings_of(step, balance)]


def test_separating_steps_have_no_fingerprint_and_unknown_steps_no_usual_yield():
    event = demo.event("EV-02")
    lanthanum_only = demo.transform(event) | {"outputs": demo.transform(event)["outputs"][1:2]}
    step = parse_step(lanthanum_only, ["leach", "separate"], demo.drawn(event))
    assert [finding.code for finding in findings_of(step, balance_of(step))] == ["yield_unusual"]
    unknown = parse_step(lanthanum_only, ["leach", "our own step"], demo.drawn(event))
    assert findings_of(unknown, balance_of(unknown)) == ()


def test_the_worked_example_of_the_published_text():
    text = (Path(__file__).parents[2] / "docs/algorithms/lodestone-balance-1.md").read_text()
    printed = re.findall(r"^\| (Dy|Nd|Pr) \| (.*?) \|$", text, re.MULTILINE)
    event = demo.event("EV-09")
    assert [(row.element, shown(row)) for row in balance_of(step_of(event)).elements.values()] == printed
    contents = {"Nd": "23.112", "Pr": "7.1765", "Dy": "1.2115"}
    elements = [{"species": element, "content_pct": content} for element, content in contents.items()]
    loss = {"kind": "melt loss", "mass_kg": "196.114", "elements": elements}
    explained = balance_of(step_of(event, demo.transform(event) | {"losses": [loss]}))
    assert {row.verdict for row in explained.elements.values()} == {Verdict.OK}


def shown(row):
    masses = (row.in_kg, row.out_kg, row.unexplained_kg, row.u_c_kg)
    return " | ".join([*(str(rounded(kg)) for kg in masses), f"`{row.verdict}`"])


# -- verdicts ----------------------------------------------------------------------------------------------------------


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


def test_an_unlisted_element_is_bounded_by_everything_that_may_bring_it():
    def iron(**row):
        step = melt(metal(Nd="50"), {"Nd": "1", "Fe": "98"}, mass_kg="3000", inventory=[inventory(**row)])
        return balance_of(step).elements["Fe"].verdict

    assert iron(flow="iron", role="constituent", amount="1000") is Verdict.REFUSED
    assert iron(flow="iron", role="constituent", amount="2000") is Verdict.NOT_EVALUATED
    assert iron(flow="iron", role="constituent", amount="1", unit="t") is Verdict.NOT_EVALUATED


# -- losses, waste, reagents, work in progress -------------------------------------------------------------------------


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


def inventory(flow, role, amount="10", unit="kg", **fields):
    return {"flow": flow, "role": role, "amount": amount, "unit": unit, "basis": "metered"} | fields


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
    step = step_of(event, demo.transform(event) | {"inventory": rows})
    assert findings_of(step, balance_of(step)) == ()


# -- what must hold for any step ---------------------------------------------------------------------------------------


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
