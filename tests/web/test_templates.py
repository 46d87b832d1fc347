"""Templates for recurring production: what stays is kept, what is measured anew is asked, nobody else sees them."""

import pytest

from tests.services.market import BENEFICIATION, urn
from tests.web.pages import Page
from tests.web.suppliers import ORE, WHEN, People, begin, complaints, fill, record, typed
from tests.web.test_supplier_proposals import text
from traceability.intake.numbers import NumberStyle
from traceability.models import Draft, DraftTemplate
from traceability.services import previous

FLOW = {"inventory-0-flow": "nitric acid", "inventory-0-role": "ancillary", "inventory-0-amount": "12",
        "inventory-0-unit": "kg", "inventory-0-basis": "metered", "inventory-0-concentration": "0.375",
        "exclusions-0-flow": "lighting", "exclusions-0-reason": "not metered"}  # fmt: skip


@pytest.fixture
def source(people: People) -> Draft:
    return fill(people.owner, begin(people.owner, "source"), {**ORE, "energy": FLOW})


def keep(client, address: str, name: str = "pit 7"):
    return client.post(f"{address}keep/", {"name": name})


def begun(client, template: DraftTemplate, **headers: str) -> Draft:
    found = client.post(f"/templates/{template.pk}/", {"begin": ""}, headers=headers)
    return Draft.objects.get(pk=found["Location"].split("/")[2])


def test_a_source_begins_from_a_template_of_a_draft(people, source):
    assert keep(people.owner, f"/record/{source.pk}/")["Location"] == "/templates/"
    template = DraftTemplate.objects.get()
    fields = begun(people.owner, template).typed["fields"]
    assert fields["material"] == "bastnaesite ore"
    assert (fields["origin"], fields["country"], fields["stage"]) == ("mined", "US", "ore")
    [row] = fields["inventory"]
    assert (row["flow"], row["unit"], row["concentration"]) == ("nitric acid", "kg", "0.375")
    assert fields["exclusions"][0]["flow"] == "lighting"
    assert "amount" not in row
    assert not {"assay", "mass_kg", "lot_number", "occurred_from", "occurred_to"} & fields.keys()
    assert fields["lot"] != source.typed["fields"]["lot"]  # another lot


def test_a_figure_that_stays_is_written_as_its_reader_writes(people, source):
    keep(people.owner, f"/record/{source.pk}/")
    draft = begun(people.owner, DraftTemplate.objects.get(), **{"Accept-Language": "de"})
    assert draft.typed["style"] == NumberStyle.COMMA
    assert draft.typed["fields"]["inventory"][0]["concentration"] == "0,375"
    assert previous.in_style({"concentration": "0,375"}, NumberStyle.COMMA, NumberStyle.POINT) == {
        "concentration": "0.375"
    }


def test_a_step_begins_from_a_template_of_its_receipt(people):
    market, made = people.market, urn()
    body = market.transform_body({people.lot().urn: "1000"}, made)
    market.say(market.mine, "lot.transform", body, process=BENEFICIATION)
    statement = market.lot(made).made_by
    address = f"/receipts/{statement.urn}/"
    assert "Keep as a template" in text(people.owner.get(address))
    assert [keep(one, address).status_code for one in (people.outsider, people.viewer)] == [404, 403]
    assert keep(people.owner, address).status_code == 302
    fields = begun(people.owner, DraftTemplate.objects.get()).typed["fields"]
    assert [row["step"] for row in fields["process"]] == ["beneficiation"]
    assert "inputs" not in fields
    [output] = fields["outputs"]
    assert (output["material"], output["lot"] != made) == ("concentrate", True)
    assert fields["facility"] == market.facility
    assert not {"mass_kg", "assay", "lot_number"} & output.keys()


def test_only_a_source_or_a_step_is_kept(people):
    lot = people.lot()
    statement = record(people.owner, "hold", {"details": {"lot": lot.urn, "reason": "wet", **WHEN}}, lot)
    assert "Keep as a template" not in text(people.owner.get(f"/receipts/{statement.urn}/"))
    assert complaints(keep(people.owner, f"/receipts/{statement.urn}/")) == [
        "A template is made of a source or a step."
    ]
    assert not DraftTemplate.objects.exists()


def test_names_are_there_short_and_once(people, source):
    address = f"/record/{source.pk}/"
    assert typed(people.owner.get(f"{address}keep/"), "name") == "ORE-7"
    for bad in (" ", "x" * 81):
        found = keep(people.owner, address, bad)
        assert complaints(found) == ["Enter a name of at most 80 characters."]
        assert Page(found.content.decode()).faults == []
    keep(people.owner, address)
    keep(people.owner, address)  # a double click
    assert DraftTemplate.objects.count() == 1
    fill(people.owner, source, {"lot": ORE["lot"] | {"material": "monazite"}})
    found = keep(people.owner, address)
    assert complaints(found) == ["There is a template of this name already. Choose another one."]
    assert typed(found, "name") == "pit 7"


def test_it_is_listed_renamed_and_deleted(people, source):
    assert "No template yet" in text(people.owner.get("/templates/"))
    keep(people.owner, f"/record/{source.pk}/", "<b>pit</b>")
    template = DraftTemplate.objects.get()
    address = f"/templates/{template.pk}/"
    for page in (people.owner.get("/templates/"), people.owner.get(address)):
        assert "&lt;b&gt;pit" in page.content.decode()
        assert Page(page.content.decode()).faults == []
    assert people.owner.post(address, {"rename": "", "name": "pit 9"})["Location"] == "/templates/"
    assert "pit 9" in text(people.owner.get("/templates/"))
    draft = begun(people.owner, template)
    asked = people.owner.get(f"{address}delete/").content.decode()
    assert "Drafts that began from it" in asked
    assert Page(asked).faults == []
    assert DraftTemplate.objects.exists()
    assert people.owner.post(f"{address}delete/")["Location"] == "/templates/"
    assert not DraftTemplate.objects.exists()
    assert Draft.objects.filter(pk=draft.pk).exists()


@pytest.mark.parametrize(("end", "button"), [("", "begin"), ("", "rename"), ("delete/", "delete")])
def test_another_organisation_has_no_part_in_it(people, source, end, button):
    keep(people.owner, f"/record/{source.pk}/")
    template = DraftTemplate.objects.get()
    address = f"/templates/{template.pk}/{end}"
    assert people.outsider.get(address).status_code == 404
    assert people.outsider.post(address, {button: "", "name": "mine"}).status_code == 404
    assert people.viewer.post(address, {button: "", "name": "mine"}).status_code == 403
    assert keep(people.outsider, f"/record/{source.pk}/").status_code == 404
    assert "pit 7" not in text(people.outsider.get("/templates/"))
    assert DraftTemplate.objects.get().name == "pit 7"
    assert Draft.objects.count() == 1
