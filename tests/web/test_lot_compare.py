"""Two lots side by side: what is said of both, to whom, and that a gap is never a zero."""

import csv
import io
import re
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.demo_chain import Demo
from tests.web.more_rows import FEW, MANY, magnets_of_one_alloy
from tests.web.test_lot_pages import read, words
from tests.web.test_query_budget import without_what_is_kept
from traceability.rules.facts import SourceShare
from traceability.selectors import lot_comparison
from traceability.selectors.lot_comparison import Source, _source, difference

PLACE = "/lots/compare/"
MOST_QUESTIONS = 14


def pair(demo: Demo, first: str, second: str) -> str:
    return f"{PLACE}?a={demo.ids[first]}&b={demo.ids[second]}"


def rows(demo: Demo, who: str, address: str, part: str) -> list[dict[str, str]]:
    answer = demo.client(who).get(f"{address}&{part}-format=csv")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_facts_of_both_stand_beside_each_other(demo: Demo) -> None:
    found = {row["What"]: row for row in rows(demo, "auditor", pair(demo, "ALLOY-1", "MAG-1"), "facts")}
    assert (found["Stage"]["ALLOY-1"], found["Stage"]["MAG-1"]) == ("Alloy", "Magnet")
    masses = [demo.lot(one).mass_kg for one in ("ALLOY-1", "MAG-1")]
    assert [Decimal(found["Dry mass"][one]) for one in ("ALLOY-1", "MAG-1")] == masses
    assert Decimal(found["Dry mass"]["Difference"]) == masses[1] - masses[0]
    assert "Australia" in found["Countries of its history"]["MAG-1"]
    assert demo.declaration.reference in found["Declarations"]["MAG-1"]
    assert found["Declarations"]["ALLOY-1"] != ""


def test_contents_have_their_difference_and_what_an_assay_does_not_name_is_not_declared(demo: Demo) -> None:
    found = {row["Element"]: row for row in rows(demo, "auditor", pair(demo, "MET-NDPR", "MAG-1"), "contents")}
    held = demo.lot("MAG-1").record["stock"]["composition"]
    nd, first = found["Neodymium"], demo.lot("MET-NDPR").record["stock"]["composition"]
    assert Decimal(nd["MAG-1 %"]) == Decimal(held["Nd"][0]).quantize(Decimal("1e-6"))
    assert abs(Decimal(nd["Difference %"]) - (Decimal(held["Nd"][0]) - Decimal(first["Nd"][0]))) < Decimal("1e-5")
    assert "Dy" not in first
    assert found["Dysprosium"]["MET-NDPR %"] == "not declared"
    assert found["Dysprosium"]["Difference %"] == ""


def test_the_shares_of_an_element_make_up_all_of_it(demo: Demo) -> None:
    found = rows(demo, "auditor", pair(demo, "ALLOY-1", "MAG-1"), "origins")
    for column in ("ALLOY-1 %", "MAG-1 %"):
        shares = [Decimal(row[column]) for row in found if row["Element"] == "Dysprosium"]
        assert abs(sum(shares) - 100) < Decimal("0.001")
    assert {row["Source"] for row in found if row["Element"] == "Dysprosium"} >= {"mined, Australia"}


def test_a_result_that_nobody_signed_is_no_zero(demo: Demo) -> None:
    found = {row["What"]: row for row in rows(demo, "auditor", pair(demo, "SCRAP-EOL", "MAG-1"), "facts")}
    post = found["Recycled, post-consumer"]
    assert post["SCRAP-EOL"] == "not established"
    assert Decimal(post["MAG-1"]) > 0
    assert post["Difference"] == ""


def test_rules_answer_of_both_in_one_line(demo: Demo) -> None:
    found = rows(demo, "isarmagnet", pair(demo, "ALLOY-1", "MAG-1"), "rules")
    said = {row["Rule set"]: (row["ALLOY-1"], row["MAG-1"]) for row in found if row["Version"] == "1"}
    name = "EU Critical Raw Materials Act, article 29: recycled content of magnets"
    assert said[name] == ("Not applicable", "Not enough data")
    assert ("Passes", "Passes") in said.values()


def test_what_a_reader_may_not_see_is_withheld(demo: Demo) -> None:
    """The last customer sees of what stands behind his supplier what is open, and nothing else."""
    html = read(demo, "isarmagnet", pair(demo, "MET-NDPR", "ORE-MW"))
    text = words(html)
    assert "withheld by Baltika Metals" in text
    assert "withheld by its issuer in Australia" in text
    for secret in ("Redgum", "Juniper", "Selat", "4 464", "MET-NDPR", "ORE-MW", "OX-NDPR"):
        assert secret not in text
    known = demo.lot("MET-NDPR").record["stock"]["composition"]
    assert not any(str(row[0]) in html for row in known.values())


@pytest.mark.parametrize(("who", "status"), [("isarmagnet", 200), ("auditor", 200), ("nordwind", 404), ("selat", 404)])
def test_a_lot_of_others_is_not_there(demo: Demo, who: str, status: int) -> None:
    client = demo.client(who)
    assert client.get(pair(demo, "ALLOY-1", "MAG-1")).status_code == status
    assert client.get(f"{PLACE}?a={demo.ids['MAG-1']}").status_code == status


@pytest.mark.parametrize("wrong", ["a=x", "a=01a20000-0000-7000-8000-000000000001"])
def test_what_names_no_lot_is_not_there(demo: Demo, wrong: str) -> None:
    assert demo.client("isarmagnet").get(f"{PLACE}?{wrong}").status_code == 404


def test_anybody_is_asked_to_sign_in(demo: Demo) -> None:
    assert demo.client().get(pair(demo, "ALLOY-1", "MAG-1"))["Location"].startswith("/accounts/login/")


def test_the_page_of_a_lot_leads_to_the_choice_of_the_other(demo: Demo) -> None:
    first, second = demo.ids["MAG-1"], demo.ids["ALLOY-1"]
    assert f'href="{PLACE}?a={first}"' in read(demo, "isarmagnet", f"/lots/{first}/")
    html = read(demo, "isarmagnet", f"{PLACE}?a={first}&q=ALLOY-1")
    assert "MAG-1 is the first." in words(html)
    assert re.findall(r'<th scope="row"><a href="(\?a=[^"]+)"', html.replace("&amp;", "&")) == [
        f"?a={first}&b={second}"
    ]
    assert "Nothing in this list matches." in read(demo, "isarmagnet", f"{PLACE}?a={first}&q=nothing-such")


def test_two_ticked_lots_are_compared_and_one_is_not(demo: Demo) -> None:
    first, second = demo.ids["MAG-1"], demo.ids["ALLOY-1"]
    client = demo.client("isarmagnet")
    assert f'name="lot" value="{first}"' in read(demo, "isarmagnet", "/lots/?q=MAG-1")
    there = urlsplit(client.get(f"{PLACE}?lot={first}&lot={second}")["Location"])
    assert (there.path, parse_qs(there.query)) == (PLACE, {"a": [first], "b": [second]})
    assert "Tick two lots" in read(demo, "isarmagnet", f"{PLACE}?lot={first}")


def test_a_difference_needs_both_and_a_country_only_where_matter_entered() -> None:
    assert difference((Decimal("1.5"), Decimal(2))) == Decimal("0.5")
    assert difference((None, Decimal(2))) is None
    assert difference((Decimal(2), None)) is None
    assert _source(SourceShare("mined", (("mined", "AU"), ("separated", "MY")), Decimal(1))) == Source("mined", "AU")
    assert _source(SourceShare("unproven", (("separated", "MY"),), Decimal(1))) == Source("unproven", "")
    assert _source(SourceShare("unknown", (), Decimal(1))) == Source("unknown", "")


def test_behind_too_many_lots_nothing_is_followed_and_it_is_said(
    demo: Demo, changing: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows(demo, "auditor", pair(demo, "ALLOY-1", "MAG-1"), "facts")
    monkeypatch.setattr(lot_comparison, "MOST_FOLLOWED", 3)
    place = pair(demo, "ALLOY-1", "MAG-1")
    assert rows(demo, "auditor", place, "facts") == before
    assert rows(demo, "auditor", place, "rules") == []
    assert "More than 3 lots stand behind one of them." in words(read(demo, "auditor", place))
    origins = rows(demo, "auditor", place, "origins")
    assert {row["Source"] for row in origins if row["Element"] == "Dysprosium"} >= {"mined, Australia"}
    found = demo.client("auditor").get("/api/v1" + place.replace("/?", "?")).json()
    assert (found["followed"], found["rules"], found["origins_signed"]) == (False, [], [True, True])


def test_it_asks_as_many_questions_whatever_else_there_is(demo: Demo, changing: None) -> None:
    client, address = demo.client("isarmagnet"), pair(demo, "ALLOY-1", "MAG-1")
    client.get(address)
    asked = []
    for numbers in (FEW, MANY):
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        asked.append(len(without_what_is_kept(caught)))
        magnets_of_one_alloy(demo, numbers)
    assert asked[0] == asked[1] <= MOST_QUESTIONS
