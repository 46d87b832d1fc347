"""Lists of lots: found by words and state, ordered, paged, taken away."""

import csv
import io

import pytest

from tests.web.suppliers import People, begin
from traceability.models import Lot, Organisation


def numbers(page: str) -> list[str]:
    """The numbers of the lots of a table, in order."""
    return [part.partition("</a>")[0].rpartition(">")[2] for part in page.split('<th scope="row">')[1:]]


def listed(people: People, query: str = "") -> list[str]:
    return numbers(people.owner.get(f"/stock/{query}").content.decode())


def test_the_list_is_narrowed_by_words_state_and_order(people):
    people.lot(lot_number="A-1", mass_kg="300")
    people.lot(lot_number="B-2", mass_kg="100", material="monazite ore")
    people.sent(lot_number="C-3", mass_kg="1000")
    assert listed(people) == ["C-3", "B-2", "A-1"]
    assert listed(people, "?q=monazite") == ["B-2"]
    assert listed(people, "?q=a-1") == ["A-1"]
    assert listed(people, "?state=outgoing") == ["C-3"]
    assert listed(people, "?state=on_hand&sort=mass") == ["B-2", "A-1"]
    assert listed(people, "?state=on_hand&sort=-mass") == ["A-1", "B-2"]
    assert listed(people, "?state=nonsense&sort=nonsense") == ["C-3", "B-2", "A-1"]


def test_a_lot_is_found_by_its_urn_and_the_search_box_opens_it(people):
    lot = people.lot()
    assert listed(people, f"?q={lot.urn}") == ["ORE-1"]
    assert people.owner.get(f"/search/?q={lot.urn}")["Location"].endswith(f"/{lot.pk}/")
    assert "Nothing that you may see matches." in people.outsider.get(f"/search/?q={lot.urn}").content.decode()


def test_a_number_that_its_maker_keeps_to_himself_is_neither_shown_nor_found(people):
    from traceability.models import OpeningRule

    people.sent(lot_number="SECRET-1")
    rule = {"organisation": people.market.mine.organisation, "group": "names"}
    assert "SECRET-1" in people.partner.get("/incoming/").content.decode()
    OpeningRule.objects.create(**rule, audience="nobody")
    assert "SECRET-1" not in people.partner.get("/incoming/").content.decode()
    assert "bastnaesite ore" not in people.partner.get("/incoming/?q=secret").content.decode()


def test_a_mass_that_its_sender_keeps_to_himself_is_withheld_from_the_receiver(people):
    from traceability.models import OpeningRule

    people.sent()
    assert '<data value="1000">' in people.partner.get("/incoming/").content.decode()
    OpeningRule.objects.create(organisation=people.market.mine.organisation, group="mass", audience="auditor")
    page = people.partner.get("/incoming/").content.decode()
    assert '<data value="1000">' not in page
    assert '<span class="nd">withheld</span>' in page
    draft = begin(people.partner, "receive", Lot.objects.get())
    assert draft.typed["fields"]["dispatched_mass_kg"] == ""
    weighing = people.partner.get(f"/record/{draft.pk}/weighing/").content.decode()
    assert "Is it within the tolerance of the dispatch?" in weighing


@pytest.mark.parametrize(("group", "sort"), [("mass", "mass"), ("names", "lot")])
def test_no_order_tells_what_is_withheld(people, group, sort):
    from traceability.models import OpeningRule

    first, second = people.lot(lot_number="B", mass_kg="300"), people.lot(lot_number="A", mass_kg="100")
    people.market.send(first.urn, "300")
    people.market.send(second.urn, "100")

    def order() -> list[str]:
        page = people.partner.get(f"/incoming/?sort={sort}").content.decode()
        return sorted((str(one.pk) for one in (first, second)), key=lambda pk: page.index(f"/lots/{pk}/"))

    assert order() == [str(second.pk), str(first.pk)]
    OpeningRule.objects.create(organisation=people.market.mine.organisation, group=group, audience="nobody")
    assert order() == sorted([str(first.pk), str(second.pk)])


def test_partners_are_those_whose_names_one_knows(people):
    assert "Baltika Metals" not in people.owner.get("/partners/").content.decode()
    people.sent()
    page = people.owner.get("/partners/").content.decode()
    assert "Baltika Metals" in page
    assert "Elsewhere" not in page
    Organisation.objects.filter(name="Baltika Metals").update(standing=Organisation.Standing.SUSPENDED)
    assert "Baltika Metals" not in people.owner.get("/partners/").content.decode()


def test_the_csv_holds_all_pages_with_all_digits_and_no_formula(people):
    people.lot(lot_number="=1+1", mass_kg="1000.125")
    people.lot(lot_number="B-2")
    found = people.owner.get("/stock/?format=csv&sort=lot")
    assert found["Content-Disposition"] == 'attachment; filename="stock.csv"'
    rows = list(csv.DictReader(io.StringIO(b"".join(found.streaming_content).decode())))
    assert [row["Lot"] for row in rows] == ["'=1+1", "B-2"]
    assert rows[0]["Mass kg"] == "1000.125"
    assert rows[0]["Nd kg"].startswith("5.65")


def test_a_long_list_is_paged_and_keeps_its_filter(people, monkeypatch):
    from traceability.web import tables

    monkeypatch.setattr(tables, "PAGE", 2)
    for number in range(3):
        people.lot(lot_number=f"L-{number}")
    first = people.owner.get("/stock/?state=on_hand").content.decode()
    assert numbers(first) == ["L-2", "L-1"]
    assert 'href="?state=on_hand&amp;page=2"' in first
    assert listed(people, "?state=on_hand&page=2") == ["L-0"]


def test_the_overview_of_a_large_organisation_costs_few_queries(people, django_assert_max_num_queries):
    """Lots in every state, findings, drafts: all lots of the page are looked up at once."""
    for number in range(12):
        people.lot(lot_number=f"L-{number}")
        lot = people.sent(lot_number=f"S-{number}")
        if number < 7:
            dispatch = f"sha256:{bytes(lot.newest.digest).hex()}"
            people.market.take(lot.urn, dispatch, "990", "beyond")
        begin(people.partner, "source")
    settle = {"lot": lot_on_hand(people), "mass_kg": "990"}
    people.market.say(people.market.separator, "lot.settle", settle)
    for client in (people.owner, people.partner):
        with django_assert_max_num_queries(44):
            page = client.get("/").content.decode()
    assert "S-11" in page
    assert page.count("you weighed 990 kg") == 5  # of six open differences the newest five


def lot_on_hand(people: People) -> str:
    """A lot that the separator received and whose difference is open."""
    return Lot.objects.filter(state="blocked").latest("newest_id").urn


def test_empty_lists_teach_the_next_step(people):
    assert "Your stock is empty." in people.outsider.get("/stock/").content.decode()
    assert "Nothing is on its way to you." in people.outsider.get("/incoming/").content.decode()
    assert "Nothing is on its way to a buyer." in people.outsider.get("/outgoing/").content.decode()
    assert "No facility is registered." in people.outsider.get("/facilities/").content.decode()
    assert "No lot matches." in people.owner.get("/stock/?q=nothing-like-it").content.decode()


@pytest.mark.parametrize("asked", ["9" * 20, "9" * 5000, "-1", "0", "x", "1e3"])
def test_a_page_that_cannot_be_is_the_nearest_one(people, asked):
    people.lot(lot_number="A-1")
    for path in ("/stock/", "/lots/", "/receipts/", "/audit/", "/notices/", "/declarations/"):
        assert people.owner.get(path, {"page": asked}).status_code == 200
    assert listed(people, f"?page={asked}") == ["A-1"]
