"""Events that name lots of others tell their sender nothing of them: neither how much is left nor how they stand."""

import json
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from tests.epcis.asking import document
from tests.epcis.test_lots import became, name_of
from tests.epcis.test_lots_in import lot_event
from tests.web.test_lots_of_others import figures

if TYPE_CHECKING:
    from tests.api.clients import Clients

DRAWN, LEFT = "17.125", "42.875"
REASON = {"lodestone:reason": "counted"}


@pytest.fixture
def gone(api: "Clients") -> tuple[str, str]:
    """The ore that the customer sees behind his lot, and the concentrate that the mine sold, of which he used some."""
    from tests.services.market import BENEFICIATION, urn

    market = api.market
    ore, concentrate = market.source(mass_kg="1234.567"), urn()
    market.say(market.mine, "lot.transform", market.transform_body({ore: "900"}, concentrate), process=BENEFICIATION)
    sent = market.send(concentrate, mass="60")
    market.take(concentrate, sent.digest, weighed="60")
    market.say(market.separator, "lot.dispose", {"lot": concentrate, "mass_kg": DRAWN, "route": "landfill"})
    return ore, concentrate


def about(lot: str) -> list[dict[str, Any]]:
    """Events that have the site reckon with what is left of a lot, and one that guesses it."""
    name = name_of(lot)
    return [
        lot_event(5, name, 1000, bizStep="stock_taking", **REASON),
        lot_event(6, name, float(LEFT), bizStep="stock_taking", **REASON),
        lot_event(7, name, 334.567, bizStep="stock_taking", **REASON),
        lot_event(8, name, bizStep="destroying", **{"lodestone:route": "landfill"}),
    ]


def said_by(client: Client, lot: str) -> str:
    """All that the site answers where these events are captured as drafts, and where they are uploaded."""
    drafts = client.get("/api/v1/drafts").content.decode()
    sheet = client.post(
        "/api/v1/sheets?act=epcis&name=e.jsonld", json.dumps(document(*about(lot))), content_type="application/ld+json"
    )
    assert sheet.status_code == 201, sheet.content
    found = client.get(f"{sheet.json()['links']['self']}/findings").content.decode()
    return "\n".join((drafts, sheet.content.decode(), found))


@pytest.mark.parametrize(("who", "which"), [("owner", 1), ("customer", 0)])
def test_nothing_is_reckoned_from_a_lot_that_one_does_not_hold(
    api: "Clients", gone: tuple[str, str], who: str, which: int
) -> None:
    """The mine sold the concentrate; its buyer sees that there was ore, and not how much of it is left."""
    client, lot = getattr(api, who), gone[which]
    told = became(api, client, "draft", *about(lot))
    assert all(one.startswith("kept: ") for one in told), told
    assert len(set(told)) == 1, "a right guess is answered as a wrong one is"
    said = said_by(client, lot) + "\n".join(told)
    assert figures(said) & {LEFT, DRAWN, "957.125", "334.567", "665.433", "1234.567"} == set()


def test_a_receipt_does_not_tell_how_a_lot_stands_that_one_sold(api: "Clients", gone: tuple[str, str]) -> None:
    dispatch = "sha256:" + "0" * 64
    body = {"lot": gone[1], "dispatch": dispatch, "weighed_mass_kg": "60", "difference": "within"}
    first = api.owner.say("lot.receive", body)
    api.market.say(api.market.separator, "lot.hold", {"lot": gone[1], "reason": "wet"})
    second = api.owner.say("lot.receive", body)
    assert first.status_code == second.status_code == 403
    assert first.json() == second.json()
    assert (first.json()["code"], first.json()["detail"]) == ("not_receiver", "This lot is not on its way to you.")
