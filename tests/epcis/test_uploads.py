"""An EPCIS document on the page of sheets: what becomes of each event is shown, then all are kept and signed."""

import json
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.epcis.asking import capture, document, event
from tests.epcis.test_lots_in import ASSAYED, ORE, concentrated, lot_event, lots

if TYPE_CHECKING:
    from tests.web.suppliers import People
    from traceability.models import SheetImport


def uploaded(people: "People", *events: Any) -> "SheetImport":
    from traceability.models import SheetImport

    file = SimpleUploadedFile("events.jsonld", json.dumps(document(*events)).encode())
    made = people.owner.post("/sheets/", {"act": "epcis", "file": file, "utc_offset": "+00:00"})
    assert made.status_code == 302, made.content.decode()
    return SheetImport.objects.get(pk=made["Location"].split("/")[2])


def page(people: "People", sheet: "SheetImport") -> str:
    from tests.web.pages import Page

    found = people.owner.get(f"/sheets/{sheet.pk}/")
    assert Page(found.content.decode()).faults == []
    return str(found.content.decode())


def kept() -> int:
    from traceability.models import EpcisEvent

    return int(EpcisEvent.objects.count())


PACKED = event(5, type="AggregationEvent", action="ADD", epcList=None, disposition=None, bizStep="packing",
               parentID="urn:epc:id:sscc:4012345.1111111111", childQuantityList=[{"epcClass": ORE}])  # fmt: skip


def test_each_event_is_shown_then_all_are_kept_and_signed_in_one_act(people: "People") -> None:
    from traceability.models import EpcisCapture

    sheet = uploaded(people, ASSAYED, concentrated(), PACKED)
    assert (sheet.rows, sheet.acts, sheet.mistakes) == (3, 2, 0)
    text = page(people, sheet)
    assert "Source lot" in text
    assert "Packing changes neither a lot nor who has it." in text
    assert "3 events are kept as they were sent." in text
    assert "2 statements are signed" in text
    assert kept() == 0
    people.owner.post(f"/sheets/{sheet.pk}/", {"sign": "", "agreed": "on", "revision": "0"})
    assert "Receipts" in page(people, sheet)
    assert kept() == 3
    assert set(lots()) == {"ORE-77", "C-1"}
    became = [one["became"].partition(":")[0] for one in EpcisCapture.objects.get().notes]
    assert became == ["statement sha256", "statement sha256", "kept"]
    again = uploaded(people, ASSAYED, lot_event(9, ORE, bizStep="storing"))
    assert "This event was kept before." in page(people, again)
    assert (again.acts, again.mistakes) == (0, 1)  # it is not on hold


def test_events_that_are_wrong_stand_at_their_place_and_nothing_is_kept(people: "People") -> None:
    wrong = ASSAYED | {"action": "MAKE"}
    sheet = uploaded(people, wrong, ASSAYED, event(3) | {"eventTime": "yesterday"})
    assert (sheet.acts, sheet.mistakes) == (1, 2)
    text = page(people, sheet)
    assert "Source lot" in text
    assert "/epcisBody/eventList/0/action" in text
    assert "/epcisBody/eventList/2/eventTime" in text
    assert "Sign and record" not in text
    people.owner.post(f"/sheets/{sheet.pk}/", {"drop": ["1", "3"], "right": ""})
    sheet.refresh_from_db()
    assert (sheet.rows, sheet.acts, sheet.mistakes, sheet.revision) == (1, 1, 0, 1)
    assert kept() == 0


def test_what_the_door_refuses_is_wrong_and_what_rests_on_it_is_left_in_peace(people: "People") -> None:
    much = concentrated(outputQuantityList=[
        {"epcClass": "https://mine.example/lots/C-1", "quantity": 2000, "uom": "KGM"}
    ])  # fmt: skip
    gone = lot_event(6, "https://mine.example/lots/C-1", 5, bizStep="destroying", **{"lodestone:route": "landfill"})
    sheet = uploaded(people, ASSAYED, much, gone)
    from traceability.services import sheets

    found = [(one.row, one.value, one.code) for one in sheets.findings_of(sheet) if one.blocks]
    assert found == [(2, "/epcisBody/eventList/1", "element_created")]


def test_another_event_of_the_same_name_is_refused_before_the_signature(people: "People") -> None:
    named = {"eventID": "urn:uuid:00000000-0000-4000-8000-000000000001"}
    capture(people.owner, document(event(1) | named))
    sheet = uploaded(people, event(2) | named)
    assert sheet.mistakes == 1
    assert "There is another event" in page(people, sheet)


def test_events_that_come_meanwhile_are_seen_at_the_signature(people: "People") -> None:
    from traceability.models import SheetImport

    named = {"eventID": "urn:uuid:00000000-0000-4000-8000-000000000001"}
    sheet = uploaded(people, ASSAYED, event(2) | named)
    capture(people.owner, document(event(1) | named))
    people.owner.post(f"/sheets/{sheet.pk}/", {"sign": "", "agreed": "on", "revision": "0"})
    sheet.refresh_from_db()
    assert sheet.state == SheetImport.State.WAITING
    assert "There is another event" in sheet.error
    assert lots() == {}


def test_what_is_no_document_is_said_beside_the_file(people: "People") -> None:
    for content, sentence in (
        (b"{", "This cannot be read as JSON"),
        (b'{"type": "EPCISDocument"}', "@context"),
        ("caf\u00e9".encode("cp1252"), "This cannot be read as JSON"),
    ):
        file = SimpleUploadedFile("events.json", content)
        found = people.owner.post("/sheets/", {"act": "epcis", "file": file, "utc_offset": "+00:00"})
        assert sentence in found.content.decode()
    marked = b"\xef\xbb\xbf" + json.dumps(document(ASSAYED)).encode()
    file = SimpleUploadedFile("events.json", marked)
    assert people.owner.post("/sheets/", {"act": "epcis", "file": file, "utc_offset": "+00:00"}).status_code == 302


def test_programs_upload_documents_the_same_way(people: "People") -> None:
    address = "/api/v1/sheets?act=epcis&name=events.jsonld"
    body = json.dumps(document(ASSAYED, PACKED))
    made = people.owner.post(address, body, content_type="application/ld+json")
    assert made.status_code == 201, made.content
    sheet = json.loads(made.content)
    assert (sheet["rows"], sheet["statements"], sheet["mistakes"]) == (2, 1, 0)
    found = json.loads(people.owner.get(f"{sheet['links']['self']}/findings").content)["results"]
    assert [(one["row"], one["value"], one["blocks"]) for one in found] == [(2, "/epcisBody/eventList/1", False)]
    signed = people.owner.post(
        f"{sheet['links']['self']}/sign", json.dumps({"revision": 0}), content_type="application/json"
    )
    assert json.loads(signed.content)["state"] == "signed"
    receipts = json.loads(people.owner.get(f"{sheet['links']['self']}/receipts").content)["results"]
    assert [one["row"] for one in receipts] == [1]
