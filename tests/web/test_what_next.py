"""What a reader meets first, and what the pages offer next."""

from tests.demo_chain import Demo
from tests.web.pages import Page
from tests.web.suppliers import begin
from traceability.models import Lot, Statement


def read(demo: Demo, who: str, address: str) -> str:
    html = str(demo.client(who).get(address).content.decode())
    assert Page(html).faults == []
    return html


def test_the_overview_answers_what_each_came_with(demo: Demo) -> None:
    supplier, buyer = read(demo, "baltika", "/"), read(demo, "nordwind", "/")
    auditor, operator = read(demo, "auditor", "/"), read(demo, "operator", "/")
    stock, check, mandates, health = (
        "Record a step",
        "Is a declaration true",
        "Whose record you may read",
        "Health of the log",
    )
    found = [
        [words in page for words in (stock, check, mandates, health)] for page in (supplier, buyer, auditor, operator)
    ]
    assert found == [
        [True, False, False, False],
        [False, True, False, False],
        [False, False, True, False],
        [False, False, False, True],
    ]
    assert auditor.count("until 31 Dec 2029") == 6
    assert "Incoming goods" in buyer
    assert "Incoming goods" not in auditor


def test_what_remains_of_a_lot_that_was_drawn_from_is_split_off_when_it_is_dispatched(demo: Demo) -> None:
    client, lot = demo.client("baltika"), Lot.objects.get(pk=demo.ids["MET-DY"])
    draft = begin(client, "dispatch", lot)
    typed = {"lot": lot.urn, "to": f"urn:uuid:{demo.ids['isarmagnet']}", "mass_kg": "", "save": ""}
    moment = {"occurred_from": "2026-11-22 10:00", "utc_offset": "+00:00", "tolerance_pct": "", "reference": ""}
    assert client.post(f"/record/{draft.pk}/details/", typed | moment).status_code == 302
    assert f"Nothing stays in {lot.number}." in client.get(f"/record/{draft.pk}/check/").content.decode()


def test_the_list_of_what_was_signed_names_the_lots(demo: Demo) -> None:
    page = read(demo, "baltika", "/receipts/")
    assert '<td><span class="nowrap">ALLOY-1</span>, <span class="nowrap">MET-' in page  # what was made first


def test_a_receipt_says_what_may_come_next(demo: Demo) -> None:
    made = Lot.objects.get(pk=demo.ids["MET-NDPR"]).made_by
    page = read(demo, "baltika", f"/receipts/{made.urn}/")
    assert 'name="act" value="dispatch"' in page
    assert f"/lots/{demo.ids['MET-NDPR']}/label/" in page
    sent = Statement.objects.get(kind="lot.dispatch", issuer=demo.ids["baltika"])
    page = read(demo, "baltika", f"/receipts/{sent.urn}/")
    assert 'name="act" value="cancel"' not in page  # it was received


def test_what_was_made_of_a_lot_is_called_by_its_name(demo: Demo) -> None:
    assert "Went into ALLOY-1" in read(demo, "baltika", f"/lots/{demo.ids['MET-DY']}/")


def test_a_form_begins_with_the_clock_of_the_place_and_then_with_ones_own(demo: Demo) -> None:
    client = demo.client("baltika")
    first = begin(client, "facility")
    assert first.typed["fields"]["utc_offset"] in ("+02:00", "+03:00")  # Estonia
    client.post(f"/record/{first.pk}/details/", {"utc_offset": "-07:00", "save": ""})
    assert begin(client, "facility").typed["fields"]["utc_offset"] == "-07:00"


def test_a_draft_that_is_about_a_lot_bears_its_name(demo: Demo) -> None:
    client, lot = demo.client("baltika"), Lot.objects.get(pk=demo.ids["MET-DY"])
    begin(client, "dispatch", lot)
    for page in ("/record/", "/"):
        assert f"Dispatch a lot: {lot.number}" in client.get(page).content.decode()


def test_who_does_not_trade_has_no_menu_entries_of_goods(demo: Demo) -> None:
    assert '<a href="/incoming/"' in read(demo, "baltika", "/requests/")
    page = read(demo, "auditor", "/requests/")
    assert '<a href="/incoming/"' not in page
    assert '<a href="/requests/"' in page
