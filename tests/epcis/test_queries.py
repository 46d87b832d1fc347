"""Events are asked for: parameters, order, pages, top-level resources, named queries."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.epcis.asking import ask, capture, document, escaped, event, events_in, held, job_of
from tests.standards import standards_path
from traceability.epcis.queries import KNOWN, read_query

if TYPE_CHECKING:
    from tests.api.clients import Clients

LOT = "urn:epc:class:lgtin:4012345.012345.Lot987"
LINK = "https://example.com/some/01/04012345123456/10/Lot987"


@pytest.fixture
def some(api: "Clients") -> "Clients":
    """Five events, from the first to the fifth of November."""
    events = [event(number) for number in (1, 2)]
    events.append(
        event(3, epcList=None, quantityList=[{"epcClass": LOT, "quantity": 5, "uom": "KGM"}], bizStep="receiving")
    )
    events.append(event(4, bizStep="cbv:BizStep-storing", disposition="https://ref.gs1.org/cbv/Disp-active"))
    events.append(
        {
            "type": "TransformationEvent",
            "eventTime": "2026-11-05T10:00:00Z",
            "eventTimeZoneOffset": "+00:00",
            "inputQuantityList": [{"epcClass": LOT, "quantity": 2, "uom": "KGM"}],
            "outputEPCList": ["urn:epc:id:sgtin:4012345.011111.99"],
            "transformationID": "urn:epc:id:gdti:4012345.55555.1234",
            "bizLocation": {"id": "https://example.com/works"},
        }
    )
    assert job_of(api.owner, capture(api.owner, document(*events)))["success"]
    return api


SENSED = [{
    "sensorMetadata": {"deviceID": "urn:epc:id:giai:4000001.111", "startTime": "2026-11-06T08:00:00Z",
                       "endTime": "2026-11-06T09:00:00+01:00", "dataProcessingMethod": "https://example.com/mean"},
    "sensorReport": [
        {"type": "Temperature", "value": 26.5, "uom": "CEL", "minValue": -3, "sDev": 0.1},
        {"type": "gs1:RelativeHumidity", "stringValue": "wet", "booleanValue": True, "hexBinaryValue": "F0",
         "chemicalSubstance": "https://identifiers.org/inchikey:CZMRCDWAGMRECN-UGDNZRGBSA-N"},
    ],
}]  # fmt: skip
OF_PAGES = {"nextPageToken", "perPage", "dayOfMonth", "dayOfWeek", "hour", "minute", "month", "second", "stream",
            "initialRecordTime", "reportIfEmpty"}  # fmt: skip
"""Parameters of pages and of subscriptions."""


@pytest.fixture
def told(some: "Clients") -> "Clients":
    """Two more events: what sensors told, and one that was wrong."""
    sensed = event(
        6, sensorElementList=SENSED, readPoint={"id": "urn:epc:id:sgln:4012345.00005.17"},
        bizTransactionList=[{"type": "po", "bizTransaction": "urn:epc:id:gdti:0614141.00001.1618034"},
                            {"bizTransaction": "https://example.com/pack/5"}],
        sourceList=[{"type": "https://ref.gs1.org/cbv/SDT-owning_party", "source": "urn:epc:id:pgln:4012345.00225"}],
        persistentDisposition={"set": ["completeness_verified"], "unset": ["completeness_inferred"]},
    )  # fmt: skip
    wrong = event(7, epcList=None, quantityList=[{"epcClass": LOT, "quantity": 0.25}], readPoint={
        "id": "https://example.com/works/hall-2"}, errorDeclaration={
            "declarationTime": "2026-11-08T00:00:00Z", "reason": "incorrect_data",
            "correctiveEventIDs": ["urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8"]})  # fmt: skip
    assert job_of(some.owner, capture(some.owner, document(sensed, wrong)))["success"]
    return some


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"EQ_quantity": "5"}, [3]),
        ({"GE_quantity": "0.25", "LT_quantity": "5"}, [7, 5]),
        ({"GT_quantity": "0.25", "LE_quantity": "5"}, [5, 3]),
        ({"EXISTS_sensorElementList": "true"}, [6]),
        ({"EXISTS_sensorElementList": "false"}, [7, 5, 4, 3, 2, 1]),
        ({"EXISTS_ilmd": ""}, []),
        ({"EQ_type": "Temperature|Mass"}, [6]),
        ({"EQ_type": "RelativeHumidity"}, [6]),
        ({"GE_value_CEL": "26.5"}, [6]),
        ({"GT_value_CEL": "26.5"}, []),
        ({"LT_minValue_CEL": "0", "EQ_sDev_CEL": "0.1"}, [6]),
        ({"GE_value_FAH": "0"}, []),
        ({"EQ_stringValue": "wet", "EQ_booleanValue": "true", "EQ_hexBinaryValue": "F0"}, [6]),
        ({"EQ_booleanValue": "false"}, []),
        ({"EQ_chemicalSubstance": "https://identifiers.org/inchikey:CZMRCDWAGMRECN-UGDNZRGBSA-N"}, [6]),
        ({"EQ_deviceID": "https://id.gs1.org/8004/4000001111"}, [6]),
        ({"EQ_dataProcessingMethod": "https://example.com/mean"}, [6]),
        ({"GE_startTime": "2026-11-06T08:00:00Z", "LT_endTime": "2026-11-06T08:00:01Z"}, [6]),
        ({"LT_startTime": "2026-11-06T08:00:00Z"}, []),
        ({"EQ_bizTransaction_po": "urn:epc:id:gdti:0614141.00001.1618034"}, [6]),
        ({"EQ_bizTransaction_inv": "urn:epc:id:gdti:0614141.00001.1618034"}, []),
        ({"EQ_source_owning_party": "https://id.gs1.org/417/4012345002256"}, [6]),
        ({"EQ_destination_owning_party": "https://id.gs1.org/417/4012345002256"}, []),
        ({"EQ_persistentDisposition_set": "completeness_verified"}, [6]),
        ({"EQ_persistentDisposition_unset": "completeness_verified"}, []),
        ({"EQ_errorReason": "incorrect_data", "GE_errorDeclarationTime": "2026-11-08T00:00:00Z"}, [7]),
        ({"EQ_correctiveEventID": "urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8"}, [7]),
        ({"WD_readPoint": "https://id.gs1.org/414/4012345000054", "GE_eventTime": "2026-11-04T00:00:00Z"}, [6, 4]),
        ({"WD_readPoint": "urn:epc:id:sgln:4012345.00005.17"}, [6]),
        ({"WD_readPoint": "https://example.com/works"}, [7]),
        ({"WD_bizLocation": "https://example.com/works", "EQ_quantity": "2"}, [5]),
        ({"WD_readPoint": "https://example.com/work"}, []),
    ],
)
def test_facts_of_events_are_asked_for(told: "Clients", query: dict[str, str], found: list[int]) -> None:
    assert days(ask(told.owner, "events", **query)) == found


def test_events_of_before_are_found_by_their_facts_too(told: "Clients") -> None:
    from importlib import import_module

    from django.apps import apps

    from traceability.models import EpcisFact

    before = set(EpcisFact.objects.values_list("event", "field", "text", "number"))
    EpcisFact.objects.all().delete()
    import_module("traceability.migrations.0036_facts_of_epcis_events").fill(apps, None)
    assert set(EpcisFact.objects.values_list("event", "field", "text", "number")) == before
    assert len(before) > 20


def test_a_mass_that_a_reader_may_not_see_is_not_found_by_trying(api: "Clients") -> None:
    api.market.source()
    assert events_in(ask(api.owner, "events", GE_quantity="0")) == []
    assert len(events_in(ask(api.owner, "events"))) == 1


def days(found: Any) -> list[int]:
    return [int(one["eventTime"][8:10]) for one in events_in(found)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, [5, 4, 3, 2, 1]),
        ({"orderDirection": "ASC"}, [1, 2, 3, 4, 5]),
        ({"orderBy": "recordTime", "orderDirection": "ASC", "eventCountLimit": "2"}, [1, 2]),
        ({"eventType": "TransformationEvent|AggregationEvent"}, [5]),
        ({"EQ_bizStep": "receiving|storing"}, [4, 3]),
        ({"EQ_bizStep": "https://ref.gs1.org/cbv/BizStep-storing"}, [4]),
        ({"EQ_disposition": "active"}, [4]),
        ({"EQ_action": "OBSERVE", "LT_eventTime": "2026-11-03T00:00:00Z"}, [2, 1]),
        ({"GE_eventTime": "2026-11-03T10:00:00+01:00"}, [5, 4, 3]),
        ({"GE_recordTime": "2999-01-01T00:00:00Z"}, []),
        ({"MATCH_epc": "urn:epc:id:sgtin:4012345.011111.2"}, [2]),
        ({"MATCH_epc": "https://shop.example/01/04012345111118/21/2?x=1"}, [2]),
        ({"MATCH_epcClass": LINK}, [3]),
        ({"MATCH_inputEPCClass": LINK}, [5]),
        ({"MATCH_anyEPCClass": LOT}, [5, 3]),
        ({"MATCH_outputEPC": "urn:epc:id:sgtin:4012345.011111.99"}, [5]),
        ({"MATCH_anyEPC": "urn:epc:id:sgtin:4012345.011111.99|urn:epc:id:sgtin:4012345.011111.1"}, [5, 1]),
        ({"MATCH_anyEPCClass": LOT, "eventType": "ObjectEvent"}, [3]),
        ({"EQ_readPoint": "https://id.gs1.org/414/4012345000054", "EQ_bizStep": "shipping"}, [2, 1]),
        ({"EQ_bizLocation": "https://example.com/works"}, [5]),
        ({"EQ_transformationID": "urn:epc:id:gdti:4012345.55555.1234"}, [5]),
        ({"EQ_eventID": "urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8"}, []),
        ({"EXISTS_errorDeclaration": "true"}, []),
        ({"EXISTS_errorDeclaration": "false", "maxEventCount": "5"}, [5, 4, 3, 2, 1]),
    ],
)
def test_what_a_query_finds(some: "Clients", query: dict[str, str], found: list[int]) -> None:
    assert days(ask(some.owner, "events", **query)) == found


@pytest.mark.parametrize(
    ("query", "status", "problem"),
    [
        ({"GE_eventTime": "not-a-date"}, 400, "QueryParameterException"),
        ({"EQ_action": "SHIPPED"}, 400, "QueryParameterException"),
        ({"orderDirection": "SIDEWAYS"}, 400, "QueryParameterException"),
        ({"orderBy": "weight"}, 400, "QueryParameterException"),
        ({"GE_eventDate": "2026-01-01T00:00:00Z"}, 400, "QueryParameterException"),
        ({"MATCH_epc": "no uri"}, 400, "QueryParameterException"),
        ({"EQ_bizStep": "transforming"}, 400, "QueryParameterException"),
        ({"eventCountLimit": "0"}, 400, "QueryParameterException"),
        ({"eventCountLimit": "2", "maxEventCount": "2"}, 400, "QueryParameterException"),
        ({"perPage": "-1"}, 400, "QueryParameterException"),
        ({"nextPageToken": "forged"}, 400, "QueryParameterException"),
        ({"EXISTS_errorDeclaration": "perhaps"}, 400, "QueryParameterException"),
        ({"maxEventCount": "4"}, 413, "QueryTooLargeException"),
        ({"EQATTR_readPoint_color": "red"}, 413, "QueryTooComplexException"),
        ({"GE_quantity": "much"}, 400, "QueryParameterException"),
        ({"GE_value": "5"}, 400, "QueryParameterException"),
        ({"EQ_bizTransaction_": "urn:x:1"}, 400, "QueryParameterException"),
        ({"GE_startTime": "today"}, 400, "QueryParameterException"),
        ({"WD_readPoint": "no uri"}, 400, "QueryParameterException"),
        ({"EQ_ex:field": "1"}, 413, "QueryTooComplexException"),
    ],
)
def test_what_a_query_cannot_ask(some: "Clients", query: dict[str, str], status: int, problem: str) -> None:
    answer = some.owner.get("/epcis/v2/events", query)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content)["type"] == f"epcisException:{problem}"


def test_each_parameter_that_we_answer_is_one_of_the_standard() -> None:
    from tests.epcis.asking import description

    found = [one for one in description()["components"]["parameters"].values() if one["in"] == "query"]
    kinds = {one["name"]: one["schema"].get("type") for one in found}
    assert KNOWN - kinds.keys() == {"MATCH_any", "@context"}
    values = {"number": "5", "boolean": "true", "array": "https://example.com/x", "string": "2026-11-01T00:00:00Z"}
    for name in kinds.keys() - KNOWN - OF_PAGES:
        assert read_query({name: values[kinds[name]]}).asked, name


def test_pages_lead_through_all_events_once(some: "Clients") -> None:
    seen, address = [], "/epcis/v2/events?perPage=2&orderDirection=ASC"
    while address:
        answer = some.owner.get(address)
        held(answer, "/events", "get")
        seen += days(json.loads(answer.content))
        link = answer.headers.get("Link", "")
        assert not link or (link.endswith('>; rel="next"') and answer["GS1-Next-Page-Token-Expires"])
        address = link[1:].partition(">")[0]
    assert seen == [1, 2, 3, 4, 5]


def test_a_token_is_good_for_its_own_question_and_asker(some: "Clients") -> None:
    link = some.owner.get("/epcis/v2/events?perPage=2")["Link"][1:].partition(">")[0]
    assert some.customer.get(link).status_code == 400
    assert some.owner.get(link + "&EQ_action=ADD").status_code == 400
    token = link.partition("nextPageToken=")[2].partition("&")[0]
    assert some.owner.get(link).status_code == 200
    assert some.owner.delete(f"/epcis/v2/nextPageToken/{token}").status_code == 204
    assert some.owner.get(link).status_code == 400


def test_top_level_resources(some: "Clients") -> None:
    client = some.owner
    assert "queries" in ask(client, "", "/")["member"]
    assert "TransformationEvent" in ask(client, "eventTypes")["member"]
    assert {"shipping", "receiving", "storing"} <= set(ask(client, "bizSteps")["member"])
    assert {"in_transit", "active"} <= set(ask(client, "dispositions")["member"])
    assert ask(client, "bizLocations")["member"] == ["https://example.com/works"]
    assert ask(client, "readPoints")["member"] == ["https://id.gs1.org/414/4012345000054"]
    epcs = ask(client, "epcs", perPage="100")["member"]
    assert "https://id.gs1.org/01/04012345123456/10/Lot987" in epcs
    lot = escaped(LINK)
    assert ask(client, f"epcs/{lot}", "/epcs/{epc}")["member"] == ["events"]
    assert days(ask(client, f"epcs/{lot}/events", "/epcs/{epc}/events")) == [5, 3]
    assert days(ask(client, "bizSteps/receiving/events", "/bizSteps/{bizStep}/events")) == [3]
    assert days(ask(client, "eventTypes/TransformationEvent/events", "/eventTypes/{eventType}/events")) == [5]
    works = escaped("https://example.com/works")
    assert days(ask(client, f"bizLocations/{works}/events", "/bizLocations/{bizLocation}/events")) == [5]
    answer = client.get("/epcis/v2/dispositions/recalled")
    held(answer, "/dispositions/{disposition}", "get")
    assert answer.status_code == 404
    assert client.get("/epcis/v2/bizSteps/receiving/events?EQ_bizStep=storing").status_code == 400


def test_names_come_in_pages(some: "Clients") -> None:
    answer = some.owner.get("/epcis/v2/epcs?perPage=2")
    first = json.loads(answer.content)["member"]
    rest = json.loads(some.owner.get(answer["Link"][1:].partition(">")[0].replace("perPage=2", "perPage=2")).content)
    assert len(first) == 2
    assert min(rest["member"]) > max(first)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "capture",
        "events",
        "eventTypes",
        "epcs",
        "bizSteps",
        "bizLocations",
        "readPoints",
        "dispositions",
        "queries",
    ],
)
def test_each_address_says_what_it_can(some: "Clients", path: str) -> None:
    answer = some.owner.options(f"/epcis/v2/{path}")
    assert answer.status_code == 204
    held(answer, f"/{path}", "options")
    assert answer["GS1-EPCIS-Version"] == answer["GS1-CBV-Max"] == "2.0.0"


def test_other_versions_and_forms_are_not_acceptable(some: "Clients") -> None:
    for headers in ({"GS1-EPCIS-Min": "2.1"}, {"GS1-CBV-Max": "1.2.2"}, {"Accept": "application/xml"}):
        answer = some.owner.get("/epcis/v2/events", headers=headers)
        held(answer, "/events", "get")
        assert answer.status_code == 406
        assert json.loads(answer.content)["type"] == "epcisException:NotAcceptableException"


def test_named_queries(some: "Clients") -> None:
    asked = {"name": "received", "query": {"EQ_bizStep": ["receiving"], "eventType": ["ObjectEvent"]}}

    def create(body: Any) -> int:
        answer = some.owner.post("/epcis/v2/queries", json.dumps(body), content_type="application/json")
        if answer.status_code != 400:
            held(answer, "/queries", "post")
        return answer.status_code

    assert create(asked) == 201
    assert create(asked) == 409
    assert ask(some.owner, "queries") == [asked]
    assert ask(some.owner, "queries/received", "/queries/{queryName}") == [asked]
    found = ask(some.owner, "queries/received/events", "/queries/{queryName}/events")
    assert days(found) == [3]
    assert found["epcisBody"]["queryResults"]["queryName"] == "received"
    assert ask(some.customer, "queries") == []
    assert some.customer.delete("/epcis/v2/queries/received").status_code == 404
    assert some.owner.delete("/epcis/v2/queries/received").status_code == 204
    held(some.owner.get("/epcis/v2/queries/received"), "/queries/{queryName}", "get")
    for wrong in ({"name": "a"}, {"name": "a/b", "query": {}}, {"name": "a", "query": {"EQ_x": ["1"]}}, []):
        assert create(wrong) == 400


def test_the_wrong_queries_of_others_are_refused_and_the_right_one_is_answered(some: "Clients") -> None:
    folder = standards_path("epcis/openepcis-test-resources/2.0/EPCIS/JSON/Query/Queries")
    for path in (folder / "Invalid").glob("*.json"):
        body = {"name": "theirs", "query": json.loads(path.read_text())}
        answer = some.owner.post("/epcis/v2/queries", json.dumps(body), content_type="application/json")
        assert answer.status_code == 400
        assert json.loads(answer.content)["type"] == "epcisException:QueryParameterException"
    query = json.loads((folder / "SimpleEventQuery.json").read_text())
    body = {"name": "theirs", "query": query}
    assert some.owner.post("/epcis/v2/queries", json.dumps(body), content_type="application/json").status_code == 201
