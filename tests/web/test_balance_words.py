"""The balance after a step, in words: on the receipt, on the page of the lot, by the API."""

from tests.demo_chain import Demo
from tests.web.pages import Page
from traceability.models import Statement


def test_the_lot_says_its_balance_and_yield_in_words(demo: Demo) -> None:
    html = demo.client("auditor").get(f"/lots/{demo.lot('ALLOY-1').pk}/").content.decode()
    assert Page(html).faults == []
    assert "The balance of dysprosium closes: 158.400 kg in" in html
    assert "Usual for this process is" in html


def test_the_receipt_of_a_step_says_it_too(demo: Demo) -> None:
    step: Statement = demo.lot("ALLOY-1").made_by
    html = demo.client("baltika").get(f"/receipts/{step.urn}/").content.decode()
    assert Page(html).faults == []
    assert "of the dysprosium that came in is in the lots made" in html
    source = demo.lot("ORE-MP").made_by
    assert "that came in" not in demo.client("juniper-flat").get(f"/receipts/{source.urn}/").content.decode()


def test_the_words_are_those_of_the_reader(demo: Demo) -> None:
    client = demo.client("auditor")
    client.cookies["django_language"] = "de"
    html = client.get(f"/lots/{demo.lot('ALLOY-1').pk}/", headers={"Accept-Language": "de"}).content.decode()
    assert "Bei diesem Prozess sind" in html


def test_the_api_gives_numbers_and_words(demo: Demo) -> None:
    document = demo.client("auditor").get(f"/api/v1/lots/{demo.lot('ALLOY-1').pk}/balance").json()
    assert document["established"]
    rows = {one["element"]: one for one in document["elements"]}
    assert rows["Dy"]["in_kg"] == "158.4"
    assert rows["Dy"]["verdict"] in ("warning", "ok")
    assert rows["Dy"]["yield_pct"] == "98.5"
    assert "dysprosium" in rows["Dy"]["sentence"]
    assert document["usual"]["sources"]
    ore = demo.client("auditor").get(f"/api/v1/lots/{demo.lot('ORE-MP').pk}/balance").json()
    assert not ore["established"]
    assert demo.client("redgum").get(f"/api/v1/lots/{demo.lot('ALLOY-1').pk}/balance").status_code == 404
