"""Material accounts over the demonstration: the page, what stands behind a number, the file, the call, and who may."""

import csv
import io
import re
from datetime import date
from decimal import Decimal
from typing import Any

from tests.demo_chain import Demo
from tests.web.pages import Page
from traceability.ledger.bundle import read_bundle
from traceability.material.accounting import Movement
from traceability.selectors import accounts
from traceability.services import export
from traceability.verifier.books import held_by, of_organisation
from traceability.verifier.checks import gather
from traceability.verifier.facts import Facts
from traceability.verifier.report import Asked

MONTH = {"month": "2026-05"}


def show(demo: Demo, who: str = "juniper-flat", **asked: Any) -> str:
    answer = demo.client(who).get("/material-accounts/", MONTH | asked)
    assert answer.status_code == 200
    page = str(answer.content.decode())
    assert Page(page).faults == []
    return page


def file_of(demo: Demo, who: str, address: str = "/material-accounts/", **asked: Any) -> list[dict[str, str]]:
    answer: Any = demo.client(who).get(address, MONTH | asked | {"format": "csv"})
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))


def test_the_account_of_a_month_as_worked_by_hand(demo: Demo) -> None:
    """Juniper Flat separated 34,778.711 kg of oxide in February; in May 3,000 kg of it were split off and sent."""
    [oxide] = [row for row in file_of(demo, "juniper-flat") if row["Stage"] == "Oxide"]
    assert oxide["Opening stock kg"] == "34778.711"
    assert oxide["Split or merged kg"] == "0"
    assert oxide["Dispatched kg"] == "-3000"
    assert oxide["Closing stock kg"] == oxide["Stock of the lots kg"] == "31778.711"
    assert oxide["Unexplained kg"] == "0"
    assert "Each closing stock is what the lots hold" in show(demo)


def test_every_month_of_everybody_closes_on_what_the_lots_hold(demo: Demo) -> None:
    for who in ("juniper-flat", "redgum", "selat", "rheinkreis", "baltika", "isarmagnet"):
        months = re.findall(r'<option value="(2026-\d\d)"', show(demo, who))
        closing: dict[tuple[str, ...], str] = {}
        assert len(months) > 1
        for month in sorted(set(months)):
            lines = file_of(demo, who, month=month, substance="all")
            key = {(row["Site"], row["Stage"], row["Substance"]): row for row in lines}
            assert all(row["Unexplained kg"] == "0" for row in lines)
            for place, row in key.items():
                assert Decimal(row["Opening stock kg"]) == Decimal(closing.get(place, "0"))
            closing = {place: row["Closing stock kg"] for place, row in key.items()}


def test_every_number_leads_to_the_statements_behind_it(demo: Demo) -> None:
    page = show(demo)
    [href] = re.findall(r'<a href="([^"]*flow=dispatched)"', page)
    client = demo.client("juniper-flat")
    behind = client.get(href.replace("&amp;", "&")).content.decode()
    assert Page(behind).faults == []
    digests = re.findall(r'href="/statements/([0-9a-f]{64})/"', behind.partition("<h2>Closing")[0])
    assert digests
    assert all(client.get(f"/statements/{one}/").status_code == 200 for one in digests)
    rows = file_of(demo, "juniper-flat", "/material-accounts/behind/", flow="dispatched")
    assert sum(Decimal(row["Dry mass kg"]) for row in rows) == -3000


def test_an_auditor_reads_the_books_of_who_gave_him_a_mandate(demo: Demo) -> None:
    theirs = file_of(demo, "auditor", of=demo.ids["juniper-flat"])
    assert theirs == file_of(demo, "juniper-flat")
    assert Page(show(demo, "auditor", of=demo.ids["juniper-flat"])).faults == []


def test_nobody_else_does(demo: Demo) -> None:
    for address in ("/material-accounts/", "/material-accounts/behind/"):
        assert demo.client("redgum").get(address, {"of": demo.ids["juniper-flat"]}).status_code == 404
        assert demo.client("redgum").get(address, {"of": "nobody"}).status_code == 404
    for call in ("material-accounts", "material-accounts/movements"):
        asked = {"organisation": demo.ids["juniper-flat"], **MONTH}
        assert demo.client("redgum").get(f"/api/v1/{call}", asked).status_code == 404


def test_an_organisation_without_stock_is_told_how_an_account_begins(demo: Demo) -> None:
    assert "There is nothing to account for yet." in show(demo, "auditor")


def test_the_call_says_what_the_file_says(demo: Demo) -> None:
    client = demo.client("juniper-flat")
    document = client.get("/api/v1/material-accounts", MONTH).json()
    lines = {(one["stage"], one["substance"]): one for one in document["lines"]}
    oxide = lines["oxide", "mass"]
    assert oxide["opening_kg"] == "34778.711"
    assert oxide["flows_kg"]["dispatched"] == "-3000"
    assert oxide["closing_kg"] == oxide["from_lots_kg"] == "31778.711"
    assert lines["oxide", "Nd"]["difference_kg"] == "0"
    assert document["withheld"] == []
    moves = client.get("/api/v1/material-accounts/movements", MONTH | {"limit": 2}).json()
    assert len(moves["results"]) == 2
    rest = client.get(moves["next"]).json()
    assert len(moves["results"] + rest["results"]) == len(file_of(demo, "juniper-flat", "/material-accounts/behind/"))
    assert client.get("/api/v1/material-accounts", {"month": "May"}).json()["code"] == "bad_parameter"


def test_the_offline_verifier_reads_the_same_movements(demo: Demo, changing: None) -> None:
    """Of the lots in a bundle, for each organisation that had them."""
    auditor = demo.actor("auditor")
    file = io.BytesIO()
    export.export_bundle(actor=auditor, lot=demo.lot("MAG-1").pk, file=file)
    file.seek(0)
    facts = gather(Facts(read_bundle(file), None, None, Asked()))
    compared = 0
    for who in ("juniper-flat", "baltika", "isarmagnet"):
        organisation = demo.organisation(who)
        shown = accounts.books(auditor, organisation, date(2026, 11, 22)).movements
        moves, _, withheld = of_organisation(facts, organisation.urn, held_by(facts)[organisation.urn])
        assert not withheld
        here = {move.lot for move in moves}
        mine, theirs = set(map(str, map(_key, moves))), {str(_key(one)) for one in shown if one.lot in here}
        assert mine - theirs == theirs - mine == set(), (who, sorted(mine - theirs)[:2], sorted(theirs - mine)[:2])
        compared += len(moves)
    assert compared > 20


def _key(move: Movement) -> tuple[object, ...]:
    return (move.statement, move.lot, move.flow.value, move.at, move.site, sorted(move.change_kg.items()))
