"""Signed statements about lots come out as events, and events about lots come in as drafts and statements."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.epcis.asking import ask, capture, document, escaped, event, events_in, job_of
from traceability.epcis.documents import check_document, check_event

if TYPE_CHECKING:
    from tests.api.clients import Clients


def name_of(lot: str) -> str:
    from traceability.selectors.epcis_lots import name_of

    return name_of(lot)


def kinds(found: Any) -> list[str]:
    return [one["lodestone:kind"] for one in events_in(found)]


@pytest.fixture
def chain(api: "Clients") -> dict[str, Any]:
    """Ore is made, concentrated, sent and received."""
    from tests.services.market import BENEFICIATION, urn

    market = api.market
    ore, concentrate = market.source(), urn()
    market.say(market.mine, "lot.transform", market.transform_body({ore: "900"}, concentrate), process=BENEFICIATION)
    sent = market.send(concentrate, mass="60")
    market.take(concentrate, sent.digest, weighed="60")
    return {"ore": ore, "concentrate": concentrate}


def test_the_statements_of_a_lot_come_out_as_events(api: "Clients", chain: dict[str, Any]) -> None:
    found = ask(api.owner, "events", orderDirection="ASC")
    assert not check_document(found)
    assert kinds(found) == ["lot.source", "lot.transform", "lot.dispatch", "lot.receive"]
    source, transform, dispatch, receive = events_in(found)
    assert source["quantityList"] == [{"epcClass": name_of(chain["ore"]), "quantity": 1000, "uom": "KGM"}]
    assert (source["action"], source["bizStep"]) == ("ADD", "commissioning")
    assert source["ilmd"]["lodestone:country"] == "US"
    assert transform["type"] == "TransformationEvent"
    assert transform["inputQuantityList"][0]["quantity"] == 900
    assert transform["outputQuantityList"] == [
        {"epcClass": name_of(chain["concentrate"]), "quantity": 60, "uom": "KGM"}
    ]
    receiver = api.market.separator.organisation.urn
    assert dispatch["bizStep"] == "shipping"
    assert dispatch["destinationList"] == [{"type": "possessing_party", "destination": receiver}]
    assert receive["bizStep"] == "receiving"
    assert all(one["lodestone:statement"].startswith("sha256:") for one in events_in(found))


def test_who_may_not_read_a_mass_gets_the_event_without_it(api: "Clients", chain: dict[str, Any]) -> None:
    """The customer sees what went into his lot; how much ore it was is the maker's own: unknown, and no zero."""
    path = f"epcs/{escaped(name_of(chain['ore']))}/events"
    [transform, source] = events_in(ask(api.customer, path, "/epcs/{epc}/events"))
    assert source["lodestone:kind"] == "lot.source"
    assert source["quantityList"] == [{"epcClass": name_of(chain["ore"])}]
    assert not check_event(transform)
    assert transform["outputQuantityList"][0]["quantity"] == 60
    assert events_in(ask(api.outsider, "events")) == []
    assert api.outsider.get(f"/epcis/v2/{path}").status_code == 404


def test_events_of_lots_are_asked_for_as_all_others(api: "Clients", chain: dict[str, Any]) -> None:
    def found(**query: str) -> list[str]:
        return kinds(ask(api.owner, "events", **query))

    assert found(EQ_bizStep="shipping|receiving") == ["lot.receive", "lot.dispatch"]
    assert found(eventType="TransformationEvent", EQ_action="ADD") == []
    assert found(MATCH_inputEPCClass=chain["ore"]) == ["lot.transform"]
    assert found(MATCH_epcClass=name_of(chain["ore"])) == ["lot.source"]
    assert found(MATCH_anyEPCClass=name_of(chain["ore"]), orderDirection="ASC") == ["lot.source", "lot.transform"]
    assert found(EQ_readPoint="https://example.com/x") == []
    first = events_in(ask(api.owner, "events"))[0]["eventID"]
    assert kinds(ask(api.owner, f"events/{escaped(first)}", "/events/{eventID}")) == ["lot.receive"]
    capture(api.owner, document(event(1)))
    both = api.owner.get("/epcis/v2/events?perPage=2&orderDirection=ASC")
    rest = api.owner.get(both["Link"][1:].partition(">")[0])
    ids = [one["eventID"] for answer in (both, rest) for one in events_in(json.loads(answer.content))]
    assert len(set(ids)) == 4
    assert {"commissioning", "shipping"} <= set(ask(api.owner, "bizSteps")["member"])
    assert name_of(chain["ore"]) in ask(api.owner, "epcs")["member"]


def test_a_correction_declares_the_first_event_wrong_and_names_the_right_one(api: "Clients") -> None:
    from tests.services.market import urn
    from tests.services.test_door import correction_body

    market, lot = api.market, urn()
    body = market.source_body(lot)
    first = market.say(market.mine, "lot.source", body)
    market.say(market.mine, "statement.correct", correction_body(first, body | {"lot_number": "ORE-2"}))
    wrong, corrective = events_in(ask(api.owner, "events", orderBy="recordTime", orderDirection="ASC"))
    assert wrong["errorDeclaration"]["reason"] == "incorrect_data"
    assert wrong["errorDeclaration"]["correctiveEventIDs"] == [corrective["eventID"]]
    assert wrong["ilmd"]["lodestone:lotNumber"] == "ORE-1"
    assert corrective["ilmd"]["lodestone:lotNumber"] == "ORE-2"
    assert len(events_in(ask(api.owner, "events", EXISTS_errorDeclaration="true"))) == 1


COMMISSIONED = event(
    2, action="ADD", bizStep="commissioning", epcList=None, disposition=None,
    quantityList=[{"epcClass": "https://mine.example/lots/ORE-77", "quantity": 1.5, "uom": "TNE"}],
    ilmd={
        "lodestone:material": "bastnaesite ore", "lodestone:stage": "ore", "lodestone:origin": "mined",
        "lodestone:country": "US",
    },
)  # fmt: skip


def became(api: "Clients", client: Any, wish: str, *events: Any) -> list[str]:
    job = job_of(client, capture(client, document(*events), **{"Lodestone-Lots": wish}))
    assert job["success"], job
    return [one["became"] for one in job["lodestone:lots"]]


def test_a_commissioned_lot_becomes_a_draft(api: "Clients") -> None:
    from traceability.models import Draft, Lot

    [told] = became(api, api.owner, "draft", COMMISSIONED)
    draft = Draft.objects.get(pk=told.removeprefix("draft "))
    assert draft.kind == "source"
    assert draft.typed["fields"]["mass_kg"] == "1500"
    assert draft.typed["fields"]["lot_number"] == "ORE-77"
    assert not Lot.objects.exists()


def test_or_a_signed_statement_and_the_hand_over_with_it(api: "Clients") -> None:
    from traceability.models import Lot

    [told] = became(api, api.owner, "sign", COMMISSIONED)
    assert told.startswith("statement sha256:")
    lot = Lot.objects.get()
    assert (str(lot.mass_kg), lot.number, lot.state) == ("1500.000", "ORE-77", "held")
    named = [{"epcClass": name_of(lot.urn), "quantity": 1500, "uom": "KGM"}]
    receiver = api.market.separator.organisation.urn
    shipped = event(3, bizStep="shipping", epcList=None, quantityList=named,
                    destinationList=[{"type": "possessing_party", "destination": receiver}])  # fmt: skip
    assert became(api, api.owner, "sign", shipped)[0].startswith("statement ")
    received = event(4, bizStep="receiving", epcList=None, disposition=None, quantityList=named)
    assert became(api, api.customer, "sign", received)[0].startswith("statement ")
    lot.refresh_from_db()
    assert lot.holder_id == api.market.separator.organisation.pk


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"bizStep": "inspecting"}, "Of this step no statement is made"),
        ({"quantityList": [{"epcClass": "https://mine.example/1"}]}, "Say how much"),
        ({"ilmd": {}}, "lodestone:material"),
        ({"quantityList": None, "epcList": ["https://mine.example/1"]}, "exactly one lot"),
        ({"bizStep": "receiving", "ilmd": None, "action": "OBSERVE"}, "No lot of this record"),
        ({"eventTime": "2999-01-01T00:00:00Z"}, "kept: "),
    ],
)
def test_what_is_not_understood_stays_an_event_and_the_reason_is_told(
    api: "Clients", changes: dict[str, Any], reason: str
) -> None:
    from traceability.models import Draft, EpcisEvent, Statement

    before = Statement.objects.count()
    changed = {name: value for name, value in (COMMISSIONED | changes).items() if value is not None}
    [told] = became(api, api.owner, "sign", changed)
    assert told.startswith("kept: ")
    assert reason in told
    assert EpcisEvent.objects.count() == 1
    assert not Draft.objects.exists()
    assert Statement.objects.count() == before


def test_nothing_becomes_of_events_unless_it_is_wanted(api: "Clients") -> None:
    from traceability.models import Draft

    job = job_of(api.owner, capture(api.owner, document(COMMISSIONED)))
    assert "lodestone:lots" not in job
    assert not Draft.objects.exists()
    answer = capture(api.owner, document(COMMISSIONED), **{"Lodestone-Lots": "perhaps"})
    assert answer.status_code == 400


def test_nobody_draws_on_the_lot_of_another_by_an_event(api: "Clients", chain: dict[str, Any]) -> None:
    named = [{"epcClass": name_of(chain["ore"]), "quantity": 10, "uom": "KGM"}]
    receiver = api.market.separator.organisation.urn
    shipped = event(3, bizStep="shipping", epcList=None, quantityList=named,
                    destinationList=[{"type": "possessing_party", "destination": receiver}])  # fmt: skip
    assert became(api, api.outsider, "sign", shipped)[0].startswith("kept: ")
    assert became(api, api.customer, "sign", shipped)[0].startswith("kept: ")


def test_all_events_of_the_demonstration_are_right_and_each_sees_his_own(demo: Any) -> None:
    """Six organisations, twenty lots: whatever one of them may read is a right document in pages."""
    seen: dict[str, set[str]] = {}
    for name in ("juniper-flat", "redgum", "isarmagnet", "nordwind"):
        client, address, ids = demo.client(name), "/epcis/v2/events?perPage=20&orderDirection=ASC", []
        while address:
            answer = client.get(address)
            found = json.loads(answer.content)
            assert not check_document(found)
            ids += [one["eventID"] for one in events_in(found)]
            address = answer.headers.get("Link", "")[1:].partition(">")[0]
        assert len(ids) == len(set(ids))
        seen[name] = set(ids)
        epcs = ask(client, "epcs", perPage="1000")["member"]
        pages, address = [], "/epcis/v2/epcs?perPage=3"
        while address:
            answer = client.get(address)
            pages += json.loads(answer.content)["member"]
            address = answer.headers.get("Link", "")[1:].partition(">")[0]
        assert pages == epcs == sorted(set(epcs))
    assert len(seen["isarmagnet"]) > len(seen["juniper-flat"]) > 0
    assert not seen["juniper-flat"] & seen["redgum"]


def test_captured_events_go_along_with_all_data_of_an_organisation(api: "Clients") -> None:
    import io
    import zipfile

    from traceability.models import Membership
    from traceability.selectors.access import Actor
    from traceability.services import takeout

    sent = document(event(1), event(2))
    capture(api.owner, sent)
    actor = Actor(0, api.owner.actor.organisation, Membership.Role.ADMIN)
    with zipfile.ZipFile(io.BytesIO(b"".join(takeout.archive(actor=actor)))) as archive:
        [name] = [one for one in archive.namelist() if one.startswith("epcis/")]
        found = json.loads(archive.read(name))
    assert not check_document(found)
    assert found["epcisBody"] == sent["epcisBody"]


def test_for_who_has_left_nothing_is_signed_any_more(api: "Clients", monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.api.people import Person
    from traceability.models import Statement
    from traceability.services import epcis_capture

    monkeypatch.setattr(epcis_capture, "AT_ONCE", 0)
    person = Person(api.owner.actor.organisation, "submitter", "leaver")
    answer = capture(person, document(COMMISSIONED), **{"Lodestone-Lots": "sign"})
    before = Statement.objects.count()
    person.member.delete()
    assert epcis_capture.work() == 1
    assert job_of(api.owner, answer)["success"]
    assert Statement.objects.count() == before


def test_where_a_second_person_signs_an_event_signs_nothing(api: "Clients") -> None:
    from traceability.models import Statement

    own = api.owner.actor.organisation
    own.approval_wanted, own.programs_sign = True, False
    own.save()
    before = Statement.objects.count()
    [told] = became(api, api.owner, "sign", COMMISSIONED)
    assert told.startswith("kept: ")
    assert Statement.objects.count() == before
    assert became(api, api.owner, "draft", COMMISSIONED | {"eventTime": "2026-11-07T10:00:00+01:00"})[0].startswith(
        "draft "
    )
