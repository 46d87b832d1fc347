"""Rows of energy, reagents and emissions: the usual fields first, the rare ones folded away, all of them signed."""

import re

import pytest

from tests.web.pages import Page
from tests.web.suppliers import ORE, People, begin, beside, fill, sign
from traceability.selectors.slots import SLOTS, FactorChoice
from traceability.services.stored import effective_versions, read_statement_opened

ROW = {"inventory-0-flow": "nitrogen oxides", "inventory-0-role": "emission", "inventory-0-amount": "2.5",
       "inventory-0-unit": "kg", "inventory-0-basis": "apportioned", "inventory-0-factors-0": "",
       "inventory-0-factors-1": ""}  # fmt: skip
MORE = {
    "inventory-0-compartment": "air, urban, near ground",
    "inventory-0-apportionment-key": "mass of all products",
    "inventory-0-apportionment-period": "2026-02",
    "inventory-0-elements-0-species": "Nd",
    "inventory-0-elements-0-content_pct": "0.1",
    "inventory-0-factors-0": "a.1",
    "inventory-0-factors-1": "a.2",
    "inventory-0-factors-2": "a.3",
    "inventory-0-factors-3": "a.4",
}


@pytest.fixture
def factors(monkeypatch):
    """Four factors for any flow, and one for emissions to fresh water."""
    rows = [FactorChoice(f"a.{number}", f"Factor {number}", "kg", "GLO", False) for number in range(1, 5)]
    water = FactorChoice("emission.nox.water", "nitrate", "kg", "GLO", False, "fresh water")
    monkeypatch.setattr(SLOTS, "factors", lambda organisation: (*rows, water))


def energy(people: People, draft, **changes: str):
    return people.owner.post(f"/record/{draft.pk}/energy/", ROW | changes | {"save": ""})


def folded(page: str) -> bool:
    """Whether the rare fields of the first row are folded away."""
    return re.search(r'<details class="more-d"( open)?><summary>More about this row', page)[1] is None


def test_every_field_of_a_row_is_signed(people, factors):
    draft = fill(people.owner, begin(people.owner, "source"), ORE | {"energy": ROW | MORE})
    page = people.owner.get(f"/record/{draft.pk}/check/").content.decode()
    for words in ("Air, urban, near the ground", "mass of all products, 2026-02", "Nd 0.1", "Factor 4"):
        assert words in page
    (row,) = read_statement_opened(effective_versions([sign(people.owner, draft)])[0])["inventory"]
    assert row == {
        "flow": "nitrogen oxides",
        "role": "emission",
        "amount": "2.5",
        "unit": "kg",
        "basis": "apportioned",
        "factors": ["a.1", "a.2", "a.3", "a.4"],
        "compartment": "air, urban, near ground",
        "apportionment": {"key": "mass of all products", "period": "2026-02"},
        "elements": [{"species": "Nd", "content_pct": "0.1"}],
    }


def test_the_simple_row_needs_none_of_them(people, factors):
    draft = fill(people.owner, begin(people.owner, "source"), ORE | {"energy": ROW})
    page = people.owner.get(f"/record/{draft.pk}/energy/")
    assert folded(page.content.decode())
    assert Page(page.content.decode()).faults == []
    (row,) = read_statement_opened(effective_versions([sign(people.owner, draft)])[0])["inventory"]
    assert set(row) == {"flow", "role", "amount", "unit", "basis"}


@pytest.mark.parametrize("name", ["compartment", "concentration", "factors-2", "apportionment-period",
                                  "elements-0-content_pct"])  # fmt: skip
def test_what_was_filled_in_is_not_folded_away(people, factors, name):
    draft = begin(people.owner, "source")
    value = "a.1" if "factors" in name else "air" if name == "compartment" else "1"
    energy(people, draft, **{f"inventory-0-{name}": value})
    assert not folded(people.owner.get(f"/record/{draft.pk}/energy/").content.decode())


@pytest.mark.parametrize(
    ("changes", "name", "sentence"),
    [
        ({"inventory-0-apportionment-period": "2026-02"}, "inventory-0-apportionment-key",
         "Say by what it was apportioned, for example by mass of products."),
        ({"inventory-0-apportionment-key": "mass"}, "inventory-0-apportionment-period",
         "Enter the period of the larger total, for example 2026-10."),
        ({"inventory-0-elements-0-content_pct": "101", "inventory-0-elements-0-species": "Nd"},
         "inventory-0-elements-0-content_pct", "Enter a percentage from 0 to 100."),
        ({"inventory-0-factors-0": "emission.nox.water"}, "inventory-0-compartment",
         "The factor is for fresh water. Choose this compartment, or another factor."),
    ],
)  # fmt: skip
def test_a_mistake_in_a_rare_field_is_shown_beside_it(people, factors, changes, name, sentence):
    found = energy(people, begin(people.owner, "source"), **changes)
    assert found.status_code == 200
    assert beside(found, name) == sentence
    assert not folded(found.content.decode())


def test_a_factor_that_fits_its_compartment_is_taken(people, factors):
    changes = {"inventory-0-factors-0": "emission.nox.water", "inventory-0-compartment": "fresh water"}
    assert energy(people, begin(people.owner, "source"), **changes).status_code == 302


def test_one_factor_twice_is_refused(people, factors):
    found = energy(people, begin(people.owner, "source"), **{"inventory-0-factors-0": "a.1",
                                                             "inventory-0-factors-2": "a.1"})  # fmt: skip
    assert found.status_code == 200
    assert beside(found, "inventory-0-factors-0") == "One factor stands here twice. Choose another one, or none."


def test_contents_are_added_and_removed_without_script(people):
    draft = begin(people.owner, "source")
    people.owner.post(f"/record/{draft.pk}/energy/", ROW | MORE | {"add_row": "inventory-0-elements"})
    page = people.owner.get(f"/record/{draft.pk}/energy/").content.decode()
    assert 'name="inventory-0-elements-1-species"' in page
    people.owner.post(f"/record/{draft.pk}/energy/", {"remove_row": "inventory-0-elements-0"})
    draft.refresh_from_db()
    assert draft.typed["fields"]["inventory"][0]["elements"] == [{}]
