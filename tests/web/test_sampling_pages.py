"""The auditor's sampling list over the demonstration: drawn by a seed, with probabilities, inside his mandates."""

import csv
import html
import io
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.demo_chain import Demo
from tests.web.pages import Page

PERIOD = {"since": "2020-01-01", "until": "2100-01-01"}


def draw(demo: Demo, who: str = "auditor", **asked: Any) -> str:
    given = {"of": demo.ids["isarmagnet"], "size": "6", "seed": "spring"} | PERIOD | asked
    found = demo.client(who).get("/sampling/", given)
    assert found.status_code == 200
    page = str(found.content.decode())
    assert Page(page).faults == []
    return page


def digests(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/statements/([0-9a-f]{64})/">', page)


def test_the_form_proposes_a_seed_and_the_givers(demo: Demo) -> None:
    page = demo.client("auditor").get("/sampling/").content.decode()
    assert Page(page).faults == []
    assert re.search(r'name="seed" value="[0-9a-f]{8}"', page)
    assert "Isarmagnet</option>" in page
    assert "Nordwind" not in page.partition("<main")[2]


def test_the_same_seed_draws_the_same_and_another_does_not(demo: Demo) -> None:
    first = digests(draw(demo))
    assert len(first) == len(set(first)) == 6
    assert digests(draw(demo)) == first
    assert any(digests(draw(demo, seed=str(number))) != first for number in range(5))


def test_every_row_leads_to_a_statement_that_the_auditor_sees(demo: Demo) -> None:
    auditor = demo.client("auditor")
    for digest in digests(draw(demo)):
        assert auditor.get(f"/statements/{digest}/").status_code == 200


def test_probabilities_are_stated_and_true(demo: Demo) -> None:
    from traceability.models import Statement
    from traceability.selectors.sampling import NOT_DRAWN

    page = draw(demo, size="500")
    all_of_them = Statement.objects.filter(issuer=demo.ids["isarmagnet"]).exclude(kind__in=NOT_DRAWN)
    assert len(digests(page)) == all_of_them.count()
    for drawn, of in re.findall(r"(\d+) of (\d+)<span", page):
        assert drawn == of
    stated = {(int(drawn), int(of)) for drawn, of in re.findall(r"(\d+) of (\d+)<span", draw(demo, size="5"))}
    assert sum(drawn for drawn, _ in stated) == 5
    assert sum(of for _, of in stated) == all_of_them.count()


def test_a_lot_is_sampled_with_its_history(demo: Demo) -> None:
    page = draw(demo, of="", lot=f"http://127.0.0.1:8000/lots/{demo.ids['MAG-1']}/", size="30")
    assert "MAG-1" in page
    from traceability.models import Statement

    issuers = {Statement.objects.get(digest=bytes.fromhex(one)).issuer for one in digests(page)}
    assert len(issuers) > 3


def test_a_period_without_statements_says_so(demo: Demo) -> None:
    assert "Nothing could be drawn" in draw(demo, since="2001-01-01", until="2001-12-31")


def test_an_address_draws_the_same_after_the_log_grew(demo: Demo) -> None:
    page = draw(demo)
    [address] = [html.unescape(one) for one in re.findall(r'<a href="(/sampling/\?[^"]+)">This address', page)]
    tree = int(parse_qs(urlsplit(address).query)["tree"][0])
    assert tree > 100
    again = demo.client("auditor").get(html.unescape(address)).content.decode()
    assert digests(again) == digests(page)
    smaller = draw(demo, tree=str(tree - 100), size="500")
    assert set(digests(smaller)) < set(digests(draw(demo, size="500")))


def test_who_has_no_mandate_draws_nothing(demo: Demo) -> None:
    page = draw(demo, who="nordwind")
    assert digests(page) == []
    assert "Select a valid choice" in page
    foreign = draw(demo, who="redgum", of="", lot=demo.ids["MAG-1"])
    assert "There is no such lot with you" in foreign
    assert digests(foreign) == []


def test_an_ended_mandate_opens_no_sample(demo: Demo, changing: None) -> None:
    from traceability.models import Mandate

    Mandate.objects.filter(giver=demo.ids["isarmagnet"]).delete()
    assert digests(draw(demo)) == []


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"of": "", "lot": ""}, "Choose an organisation, or name a lot."),
        ({"of": "", "lot": "MAG-1"}, "This is not the id of a lot."),
        ({"since": "2026-05-01", "until": "2026-04-01"}, "It ends before it begins."),
        ({"size": "0"}, "greater than or equal to 1"),
        ({"size": "501"}, "less than or equal to 500"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(demo: Demo, wrong: dict[str, str], sentence: str) -> None:
    page = draw(demo, **wrong)
    assert sentence in page
    assert 'value="spring"' in page
    assert digests(page) == []


def test_the_csv_holds_what_draws_it_again(demo: Demo) -> None:
    page = draw(demo, seed="=1+1")
    [address] = re.findall(r'href="(\?[^"]+format=csv)"', page)
    found = demo.client("auditor").get(f"/sampling/{html.unescape(address)}")
    rows = list(csv.DictReader(io.StringIO(b"".join(found.streaming_content).decode())))  # type: ignore[attr-defined]
    assert [row["Digest"].removeprefix("sha256:") for row in rows] == digests(page)
    assert {row["Algorithm"] for row in rows} == {"lodestone-sample/1"}
    assert {row["Seed"] for row in rows} == {"'=1+1"}
    assert all(int(row["Drawn"]) <= int(row["Of"]) for row in rows)


def test_findings_and_corrections_are_named_beside_what_they_mark(demo: Demo, changing: None) -> None:
    from traceability.models import Finding, Statement

    row = Statement.objects.filter(issuer=demo.ids["isarmagnet"], kind="lot.transform").latest("pk")
    Finding.objects.create(statement=row, code="x", sentence="More <out> than in.")
    page = draw(demo, size="2")
    assert bytes(row.digest).hex() in digests(page)
    assert "More &lt;out&gt; than in." in page
