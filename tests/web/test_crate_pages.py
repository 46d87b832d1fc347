"""Labels of crates, what anybody sees who scans one, and declarations side by side."""

import re
import uuid

import pytest

from tests.demo_chain import Demo
from tests.web.test_lot_pages import read, words


def crate(demo: Demo, name: str) -> str:
    return f"/c/{demo.ids[name]}"


def test_anybody_sees_where_a_declared_lot_is_from(demo: Demo) -> None:
    text = words(read(demo, "", crate(demo, "MAG-1")))
    for said in ("Mined, United States", "52.4", "Recycled", "20.1", "No independent verifier has signed"):
        assert said in text
    assert f"/d/{demo.declaration.reference}" in read(demo, "", crate(demo, "MAG-1"))
    for secret in ("MAG-1", "9272", "9 272"):
        assert secret not in text


def test_the_holder_sees_the_number_to_compare(demo: Demo) -> None:
    assert "You scanned lot MAG-1" in words(read(demo, "isarmagnet", crate(demo, "MAG-1")))


def test_of_a_lot_without_declaration_it_says_what_there_is(demo: Demo) -> None:
    text = words(read(demo, "", crate(demo, "ORE-MP")))
    assert "What was said of this lot is signed, and stands in the log" in text
    assert "No environmental declaration was published for this lot" in text
    assert "Its lot number is not open to you" in text


def test_a_recall_is_seen_by_who_scans(demo: Demo, changing: None) -> None:
    from traceability.services import acceptance, clock
    from traceability.services.submissions import Act

    maker, now = demo.actor("isarmagnet"), clock.now()
    body = {"lot": demo.lot("MAG-1").urn, "reason": "wrong composition"}
    acceptance.accept(actor=maker, submissions=[Act("lot.recall", maker.organisation.pk, body, (now, now))])
    assert "Recalled." in words(read(demo, "", crate(demo, "MAG-1")))


def test_an_unknown_crate_is_not_found(demo: Demo) -> None:
    assert demo.client().get(f"/c/{uuid.uuid4()}").status_code == 404


def test_the_label_leads_to_that_page(demo: Demo) -> None:
    page = read(demo, "isarmagnet", f"/lots/{demo.ids['MAG-1']}/label/")
    assert crate(demo, "MAG-1") in page
    answer = demo.client("isarmagnet").get(f"/lots/{demo.ids['MAG-1']}/label.svg")
    svg = answer.content.decode()
    assert answer["Content-Type"] == "image/svg+xml"
    assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    assert "MAG-1" in svg
    assert re.search(r"127\.0\.0\.1\S*/c/" + demo.ids["MAG-1"], svg) or crate(demo, "MAG-1") in svg


@pytest.mark.parametrize(("who", "status"), [("", 302), ("nordwind", 404), ("redgum", 404), ("isarmagnet", 200)])
def test_only_who_sees_the_lot_gets_its_label(demo: Demo, who: str, status: int) -> None:
    for name in ("label/", "label.svg", "label.pdf"):
        assert demo.client(who).get(f"/lots/{demo.ids['MAG-1']}/{name}").status_code == status


def test_two_declarations_stand_side_by_side(demo: Demo, changing: None) -> None:
    from epd.services import declarations, results

    baltika = demo.actor("baltika")
    results.publish_result(actor=baltika, lot=demo.lot("ALLOY-1"))
    other, _ = declarations.publish(actor=baltika, lot=demo.lot("ALLOY-1"), product="Alloy", illustrative=True)
    address = f"/declarations/compare/?with={demo.declaration.reference}&with={other.reference}"
    text = words(read(demo, "", address))
    assert "These figures are not comparable. They are of products of different stages." in text
    assert "27.4" in text
    assert "not declared" in text


@pytest.mark.parametrize("asked", ["", "with=AAAA-BBBB", "with={0}", "with={0}&with={0}", "with=<script>&with={0}"])
def test_less_than_two_cannot_be_compared(demo: Demo, asked: str) -> None:
    text = words(read(demo, "", f"/declarations/compare/?{asked.format(demo.declaration.reference)}"))
    assert "Choose two to four declarations." in text


@pytest.mark.parametrize(("kind", "begins"), [("svg", b"<svg xmlns"), ("pdf", b"%PDF-")])
def test_programs_get_the_same_label_as_the_page(demo: Demo, kind: str, begins: bytes) -> None:
    lot = demo.ids["MAG-1"]
    client = demo.client("isarmagnet")
    drawn = client.get(f"/api/v1/lots/{lot}/label.{kind}")
    assert drawn.status_code == 200
    assert drawn.content.startswith(begins)
    assert drawn.content == client.get(f"/lots/{lot}/label.{kind}").content
    assert demo.client("juniper-flat").get(f"/api/v1/lots/{lot}/label.{kind}").status_code == 404
    german = client.get(f"/api/v1/lots/{lot}/label.svg?language=de").content.decode()
    assert "Deutschland" in german
    assert client.get(f"/api/v1/lots/{lot}/label.{kind}?language=tlh").status_code == 400
