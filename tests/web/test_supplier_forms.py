"""Forms: what people type is kept as typed, shown back as understood, and complained of beside its field."""

import pytest

from tests.services.market import START
from tests.web.suppliers import ORE, WHEN, begin, beside, complaints, fill, record, typed
from traceability.selectors.access import Actor
from traceability.web.forms.offers import Offers


def post(people, draft, key, answers):
    return people.owner.post(f"/record/{draft.pk}/{key}/", answers | {"save": ""})


@pytest.mark.parametrize(
    ("typed_mass", "sentence"),
    [
        ("", "Enter a mass, for example 12\u202f878.168."),
        ("much", "Enter a number, for example 12\u202f878.168."),
        ("-5", "A mass is never below 0. Leave the sign out."),
        ("0", "Enter a mass above 0."),
        ("1.0001", "Enter at most 3 decimals of a kilogram."),
        ("1e3", "Enter a number, for example 12\u202f878.168."),
        ("5 ounces", "Use one of these units: kg, t, g, lb."),
        ("99999999999", "This is more than a million tonnes. Check the number and its unit."),
    ],
)
def test_a_bad_mass_is_complained_of_beside_its_field_and_kept(people, typed_mass, sentence):
    draft = begin(people.owner, "source")
    found = post(people, draft, "lot", ORE["lot"] | {"mass_kg": typed_mass})
    assert found.status_code == 200
    assert beside(found, "mass_kg") == sentence
    assert complaints(found) == [sentence]
    assert typed(found, "mass_kg") == typed_mass
    assert typed(found, "lot_number") == "ORE-7"
    assert "Your draft is safe. Nothing has been signed." in found.content.decode()
    assert "<title>Error: The lot and its mass" in found.content.decode()
    draft.refresh_from_db()
    assert draft.typed["fields"]["mass_kg"] == typed_mass


def test_what_has_not_happened_yet_is_not_taken(people):
    draft = begin(people.owner, "source")
    found = post(people, draft, "origin", ORE["origin"] | {"occurred_from": "2062-03-20 06:10"})
    assert complaints(found) == ["This is still to come by our clock. Enter when it happened."]
    assert typed(found, "occurred_from") == "2062-03-20 06:10"


def test_two_lots_of_one_maker_have_two_numbers(people):
    record(people.owner, "source", ORE)
    draft = begin(people.owner, "source")
    taken = post(people, draft, "lot", ORE["lot"])
    assert beside(taken, "lot_number").startswith("A lot of yours has this number already.")
    assert post(people, draft, "lot", ORE["lot"] | {"lot_number": "ORE-8"}).status_code == 302
    step = begin(people.owner, "transform")
    outputs = {f"outputs-{row}-{name}": text for row in (0, 1) for name, text in ORE["lot"].items()}
    found = post(people, step, "outputs", outputs | {"outputs-0-lot_number": "X", "outputs-1-lot_number": "X"})
    assert beside(found, "outputs-1-lot_number").startswith("A lot of yours has this number already.")
    assert not beside(found, "outputs-0-lot_number")


def test_every_mistake_of_a_page_is_named_with_a_link_to_its_field(people):
    draft = begin(people.owner, "source")
    found = post(people, draft, "origin", {"origin": "", "country": "ZZ", "occurred_from": "yesterday",
                                           "utc_offset": "+00:00"})  # fmt: skip
    page = found.content.decode()
    for name in ("origin", "country", "occurred_from"):
        assert f'href="#id_{name}"' in page
        assert beside(found, name)
    assert "Three things to put right" in page


def test_numbers_are_read_as_their_writer_writes_them_and_shown_back(people):
    german = people.owner.post("/record/begin", {"act": "source"}, headers={"Accept-Language": "de-DE,de;q=0.9"})
    section = german["Location"].replace("origin", "lot")
    people.owner.post(section, ORE["lot"] | {"mass_kg": "1.234,5", "save": ""})
    assert "Understood: 1\u202f234,5\u202fkg." in people.owner.get(section).content.decode()


def test_a_weighing_in_pounds_is_converted_and_both_are_shown(people):
    draft = begin(people.owner, "source")
    post(people, draft, "lot", ORE["lot"] | {"mass_kg": "2 000", "mass_kg_unit": "lb"})
    page = people.owner.get(f"/record/{draft.pk}/lot/").content.decode()
    assert "Understood: 2\u202f000\u202flb = 907.185\u202fkg." in page


def test_rows_are_added_and_removed_without_script_and_keep_what_was_typed(people):
    draft = begin(people.owner, "transform")
    address = f"/record/{draft.pk}/where/"
    answers = {"process-0-step": "leaching", "process-0-country": "MY", **WHEN}
    added = people.owner.post(address, answers | {"add_row": "process"})
    assert added["Location"] == f"{address}?at=process-1#process-1"
    page = people.owner.get(added["Location"])
    assert typed(page, "process-0-step") == "leaching"
    assert "autofocus" in page.content.decode()
    people.owner.post(address, {"process-1-step": "separation", "remove_row": "process-0"})
    assert typed(people.owner.get(address), "process-0-step") == "separation"


def test_rows_of_rows_are_added_where_they_belong(people):
    lot = people.lot()
    draft = begin(people.owner, "transform", lot)
    address = f"/record/{draft.pk}/outputs/"
    people.owner.post(address, {"outputs-0-material": "concentrate", "add_row": "outputs-0-assay-rows"})
    page = people.owner.get(address)
    assert typed(page, "outputs-0-material") == "concentrate"
    assert 'name="outputs-0-assay-rows-0-content_pct"' in page.content.decode()
    assert people.owner.post(address, {"add_row": "inventory"}).status_code == 404


def test_a_row_that_holds_only_what_the_form_filled_in_is_no_row(people):
    draft = fill(people.owner, begin(people.owner, "source"), ORE)
    energy = {"inventory-0-flow": "", "inventory-0-role": "fuel", "inventory-0-basis": "metered",
              "inventory-0-amount": "", "inventory-0-unit": "kg"}  # fmt: skip
    fill(people.owner, draft, {"energy": energy})
    assert complaints(people.owner.get(f"/record/{draft.pk}/check/")) != ["Enter the flow."]
    assert "Who will see what" in people.owner.get(f"/record/{draft.pk}/check/").content.decode()


def test_a_draw_beyond_what_remains_is_named_on_its_page(people):
    lot = people.lot()
    draft = begin(people.owner, "transform", lot)
    found = post(people, draft, "inputs", {"inputs-0-lot": lot.urn, "inputs-0-mass_kg": "1000.1"})
    assert beside(found, "inputs-0-mass_kg") == "Only 1000 kg of this lot remain. Enter that or less."


def test_a_preview_says_what_is_understood_and_keeps_nothing(people):
    lot = people.lot()
    draft = begin(people.owner, "transform", lot)
    found = people.owner.post(f"/record/{draft.pk}/inputs/preview",
                              {"inputs-0-lot": lot.urn, "inputs-0-mass_kg": "400,5"})  # fmt: skip
    page = found.content.decode()
    assert "Understood: 400.5\u202fkg. 599.5\u202fkg stays in stock." in page
    assert 'id="balance" hx-swap-oob="true"' in page
    assert "In 2.266" in page
    draft.refresh_from_db()
    assert "mass_kg" not in draft.typed["fields"]["inputs"][0]


def test_a_mistake_of_a_section_is_shown_again_when_one_comes_back_to_it(people):
    draft = begin(people.owner, "source")
    post(people, draft, "lot", ORE["lot"] | {"mass_kg": "much"})
    check = people.owner.get(f"/record/{draft.pk}/check/").content.decode()
    assert f'href="/record/{draft.pk}/lot/#id_mass_kg"' in check
    assert (
        beside(people.owner.get(f"/record/{draft.pk}/lot/"), "mass_kg")
        == "Enter a number, for example 12\u202f878.168."
    )
    assert not complaints(people.owner.get(f"/record/{draft.pk}/origin/"))[0].startswith("Choose")


def test_a_draft_is_left_and_taken_up_where_it_stands(people):
    draft = begin(people.owner, "source")
    left = people.owner.post(f"/record/{draft.pk}/origin/", ORE["origin"] | {"later": ""}, follow=True)
    assert "Your draft is safe. Nothing has been signed." in left.content.decode()
    assert people.owner.get(f"/record/{draft.pk}/")["Location"] == f"/record/{draft.pk}/lot/"


def test_a_draft_is_thrown_away_after_asking(people):
    draft = begin(people.owner, "source")
    assert "Throw this draft away?" in people.owner.get(f"/record/{draft.pk}/discard/").content.decode()
    gone = people.owner.post(f"/record/{draft.pk}/discard/", follow=True)
    assert "Nothing of it was signed." in gone.content.decode()
    assert people.owner.get(f"/record/{draft.pk}/").status_code == 404


@pytest.mark.parametrize("name", ["outputs-9999999-mass_kg", "mass_kg-0-1-2-3-4-5-6-7", "typed", "__class__"])
def test_names_that_no_form_has_are_not_taken(people, name):
    draft = begin(people.owner, "transform")
    found = people.owner.post(f"/record/{draft.pk}/outputs/", {name: "1", "save": ""})
    assert found.status_code in (200, 404)
    draft.refresh_from_db()
    assert len(draft.typed["fields"]["outputs"]) == 1
    assert name not in draft.typed["fields"]


def test_the_next_source_begins_like_the_last_one_without_its_figures(people):
    record(people.owner, "source", ORE)
    found = people.owner.post("/record/begin", {"act": "source", "like_last": "yes"})
    page = people.owner.get(found["Location"].replace("origin", "lot"))
    assert typed(page, "material") == "bastnaesite ore"
    assert typed(page, "mass_kg") == ""
    assert typed(page, "lot_number") == ""
    assay = people.owner.get(found["Location"].replace("origin", "assay"))
    assert '<option value="Nd2O3" selected>' in assay.content.decode()
    assert typed(assay, "assay-rows-0-content_pct") == ""
    assert people.owner.post("/record/begin", {"act": "transform", "like_last": "yes"}).status_code == 302
    choices = people.owner.get("/record/").content.decode()
    assert choices.count("Like the last one") == 1


def test_a_loss_takes_the_contents_of_what_was_made(people):
    draft = begin(people.owner, "transform", people.lot())
    made = {"outputs-0-assay-rows-0-species": "Nd2O3", "outputs-0-assay-rows-0-content_pct": "10"}
    post(people, draft, "outputs", made)
    address = f"/record/{draft.pk}/losses/"
    people.owner.post(address, {"losses-0-kind": "dust", "like_output": "losses-0"})
    page = people.owner.get(address)
    assert typed(page, "losses-0-kind") == "dust"
    assert typed(page, "losses-0-elements-0-content_pct") == "10"


def test_an_empty_merge_asks_for_its_lots_alone(people):
    draft = begin(people.owner, "merge")
    found = post(people, draft, "whole", {"inputs-0-mass_kg_unit": "kg", "outputs-0-lot_number": "", **WHEN})
    assert complaints(found) == ["Choose at least one lot that went in."]


def test_a_merged_lot_needs_no_number(people):
    first, second = people.lot(lot_number="A"), people.lot(lot_number="B")
    whole = {"inputs-0-lot": first.urn, "inputs-0-mass_kg": "1000", "inputs-1-lot": second.urn,
             "inputs-1-mass_kg": "1000", "outputs-0-lot_number": "", **WHEN}  # fmt: skip
    record(people.owner, "merge", {"whole": whole, "documents": {}})


def test_a_leg_that_nobody_filled_in_is_no_leg(people):
    draft = begin(people.partner, "receive", people.sent())
    leg = {"legs-0-mode": "road", "legs-0-distance_km": "", "legs-0-distance_km_unit": "km", "legs-0-factors-0": ""}
    fill(people.partner, draft, {"transport": leg})


@pytest.mark.parametrize(
    ("act", "sentences"),
    [
        ("dispatch", ["Choose the lot.", "Choose to whom it goes.", "Enter a mass, for example 12\u202f878.168."]),
        ("assay", ["Choose the lot.", "Enter the content of at least one element."]),
    ],
)
def test_what_is_missing_is_said_in_the_words_of_people(people, act, sentences):
    assert complaints(post(people, begin(people.owner, act), "details", {**WHEN})) == sentences


def test_what_is_not_offered_any_more_keeps_its_name_for_those_who_know_it(people):
    lot, market = people.sent(lot_number="ORE-9"), people.market
    there = market.separator.organisation

    def called(reader: Actor, value: str) -> str:
        return Offers(reader, START.date()).called(value)

    assert called(market.mine, lot.urn) == f"ORE-9, {lot.material}"
    assert called(market.mine, there.urn) == there.name
    assert called(market.mine, "mined") == "mined"
    assert [called(market.operator, one.urn) for one in (lot, there)] == [lot.urn, there.urn]
