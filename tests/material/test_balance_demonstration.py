"""Element balance of the demonstration chain, row by row as published."""

import copy
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.material import demo
from tests.material.melting import D, rounded
from traceability.ledger.quantity import computing, format_quantity, round_places
from traceability.material.balance import (
    MatterCreated,
    Verdict,
    balance_of,
    require_conserved,
)
from traceability.material.plausibility import findings_of
from traceability.material.step import (
    parse_step,
)

EVENTS = [f"EV-{number:02d}" for number in range(1, 11)]


def published_rows():
    return [pytest.param(row, id=f"{row['event']} {row['element']}") for row in demo.chain()["balance"]]


@computing()
def masses_as_published(event):
    """The step with the published element masses, not rounded through assays."""
    step = demo.step_of(event)
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
    found = balance_of(demo.step_of(demo.event(row["event"]))).elements[row["element"]]
    for kg, published in (
        (found.in_kg, row["in_kg"]),
        (found.out_kg, row["out_kg"]),
        (found.unexplained_kg, row["loss_kg"]),
    ):
        assert abs(kg - D(published)) <= D("0.02")


@pytest.mark.parametrize("name", EVENTS)
def test_the_chain_creates_no_matter_and_gives_no_finding(name):
    step = demo.step_of(demo.event(name))
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
    balance = balance_of(demo.step_of(event, body))
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
        require_conserved(balance_of(demo.step_of(event, body)))
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
    step = demo.step_of(event, body)
    findings = findings_of(step, balance_of(step))
    assert [finding.code for finding in findings if finding.path == "/outputs/1"] == ["fingerprint_broken"]


def test_swapped_elements_that_create_matter_are_refused_and_found():
    event = demo.event("EV-06")
    body = demo.transform(event)
    for row in body["outputs"][0]["assay"]["rows"]:
        row["species"] = {"Nd2O3": "Pr6O11", "Pr6O11": "Nd2O3"}[row["species"]]
    step = demo.step_of(event, body)
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
    assert [(row.element, shown(row)) for row in balance_of(demo.step_of(event)).elements.values()] == printed
    contents = {"Nd": "23.112", "Pr": "7.1765", "Dy": "1.2115"}
    elements = [{"species": element, "content_pct": content} for element, content in contents.items()]
    loss = {"kind": "melt loss", "mass_kg": "196.114", "elements": elements}
    explained = balance_of(demo.step_of(event, demo.transform(event) | {"losses": [loss]}))
    assert {row.verdict for row in explained.elements.values()} == {Verdict.OK}


def shown(row):
    masses = (row.in_kg, row.out_kg, row.unexplained_kg, row.u_c_kg)
    return " | ".join([*(str(rounded(kg)) for kg in masses), f"`{row.verdict}`"])
