"""Sheets on the pages: a template is taken, filled in, uploaded, put right, signed."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.formats.workbooks import workbook
from tests.intake.test_sheets import SOURCE, changed
from tests.web.pages import Page

if TYPE_CHECKING:
    from tests.web.suppliers import People


def row(number: str, **cells: Any) -> list[Any]:
    return changed(A=number, G="2026-03-05 08:00", **cells)


def upload(client: Any, rows: list[list[Any]], act: str = "source", **more: Any) -> Any:
    file = SimpleUploadedFile("lots.xlsx", workbook(rows))
    return client.post("/sheets/", {"act": act, "file": file, "utc_offset": "+00:00", **more})


def page(client: Any, address: str) -> str:
    found = client.get(address)
    assert found.status_code == 200
    text = str(found.content.decode())
    assert Page(text).faults == []
    return text


def test_a_template_is_a_file(people: "People") -> None:
    assert "Take a template" in page(people.owner, "/sheets/")
    book = people.owner.get("/sheets/templates/source?stage=magnet")
    assert book.content.startswith(b"PK")
    assert "lodestone-source.xlsx" in book["Content-Disposition"]
    table = people.owner.get("/sheets/templates/transform?format=csv").content.decode("utf-8-sig")
    assert table.startswith("Remark")
    assert people.owner.get("/sheets/templates/recall").status_code == 404


def test_a_sheet_is_uploaded_put_right_and_signed(people: "People") -> None:
    from traceability.models import Lot

    made = upload(people.owner, [SOURCE, row("A-1"), row("A-2", D="12 t", C="oxyde")])
    address = made["Location"]
    text = page(people.owner, address)
    assert "2 places have to be put right" in text
    assert 'name="cell-3-4" value="12 t"' in text
    assert "The text says t, but kg was chosen." in text
    assert "Sign and record" not in text
    people.owner.post(address, {"right": "", "cell-3-3": "oxide", "cell-3-4": "12000"})
    text = page(people.owner, address)
    assert "2 statements are signed" in text
    assert "NdPr oxide" in text
    unread = people.owner.post(address, {"sign": "", "revision": "1"})
    assert "Tick the box" in unread.content.decode()
    assert not Lot.objects.exists()
    signed = people.owner.post(address, {"sign": "", "agreed": "on", "revision": "1"}, follow=True)
    assert "Receipts" in signed.content.decode()
    assert Lot.objects.count() == 2
    assert Page(signed.content.decode()).faults == []
    receipts = b"".join(people.owner.get(f"{address}?receipts-format=csv").streaming_content).decode()
    assert receipts.splitlines()[0] == "Row,Lot,Identifier of the lot,Statement,Digest"
    assert len(receipts.splitlines()) == 3
    assert "lots.xlsx" in page(people.owner, "/sheets/")


def test_mistakes_can_be_taken_away_as_a_table(people: "People") -> None:
    address = upload(people.owner, [SOURCE, row("A-1", D="12 t")])["Location"]
    table = b"".join(people.owner.get(f"{address}?format=csv").streaming_content).decode()
    assert 'D2 Dry mass (kg),2,D,12 t,"The text says t, but kg was chosen. Keep one of them.",,unit_twice,yes' in table


def test_proposals_are_taken_one_by_one_or_all_at_once(people: "People") -> None:
    rows = [SOURCE, row("A-1"), row("A-2", F="Austalia"), row("A-3")]
    for one, day in zip(rows[1:], ("16/11/2026", "17/11/2026", "18/11/2026"), strict=True):
        one[6] = day
    address = upload(people.owner, rows)["Location"]
    assert "Take “2026-11-16 00:00”" in page(people.owner, address)
    people.owner.post(address, {"take": "cell-2-7", "right": ""})
    assert "3 places have to be put right" in page(people.owner, address)
    people.owner.post(address, {"take_all": "", "cell-3-7": "17/11/2026"})
    assert "3 statements are signed" in page(people.owner, address)


def test_a_row_is_left_out_and_a_sheet_thrown_away(people: "People") -> None:
    address = upload(people.owner, [SOURCE, row("A-1"), row("A-1")])["Location"]
    people.owner.post(address, {"drop": "3", "right": ""})
    assert "1 statement is signed" in page(people.owner, address)
    assert "Throw this sheet away?" in page(people.owner, f"{address}discard/")
    assert people.owner.post(f"{address}discard/")["Location"] == "/sheets/"
    assert people.owner.get(address).status_code == 404


def test_what_cannot_be_read_is_said_beside_the_file(people: "People") -> None:
    found = people.owner.post("/sheets/", {"act": "source", "utc_offset": "+00:00",
                                           "file": SimpleUploadedFile("x.pdf", b"%PDF-1.7")})  # fmt: skip
    assert "This is neither a workbook nor a table as text." in found.content.decode()
    assert "has the headings of this sheet" in upload(people.owner, [["a"], ["b"]]).content.decode()


def test_documents_come_beside_the_sheet_or_after_it(people: "People") -> None:
    head, note = [*SOURCE, "Documents"], SimpleUploadedFile("note.txt", b"1000 kg")
    rows = [head, [*row("A-1"), "note.txt"], [*row("A-2"), "lab.txt"]]
    address = upload(people.owner, rows, documents=[note])["Location"]
    text = page(people.owner, address)
    assert "1 place has to be put right" in text
    assert "Upload it beside the sheet" in text
    people.owner.post(address, {"again": "", "documents": [SimpleUploadedFile("lab.txt", b"Nd2O3 0.66 %")]})
    assert "2 statements are signed" in page(people.owner, address)
    refused = upload(people.owner, rows, documents=[SimpleUploadedFile("x.exe", b"MZ\x00\x00")])
    assert "Choose a file of one of these kinds" in refused.content.decode()
    refused = people.owner.post(address, {"again": "", "documents": [SimpleUploadedFile("x.exe", b"MZ\x00\x00")]})
    assert "Choose a file of one of these kinds" in refused.content.decode()


def test_who_has_nothing_to_do_with_it_does_not_see_it(people: "People") -> None:
    address = upload(people.owner, [SOURCE, row("A-1")])["Location"]
    assert UUID(address.split("/")[2])
    for client, status in ((people.partner, 404), (people.outsider, 404), (people.viewer, 403), (people.anybody, 302)):
        assert client.get(address).status_code == status
        assert client.post(address, {"sign": "", "agreed": "on", "revision": "0"}).status_code == status
        assert client.post(f"{address}discard/").status_code == status
    assert people.viewer.get("/sheets/").status_code == 403


def test_a_large_sheet_says_how_far_it_is(people: "People", monkeypatch: pytest.MonkeyPatch) -> None:
    from traceability.services import sheet_work

    monkeypatch.setattr(sheet_work, "AT_ONCE", 0)
    address = upload(people.owner, [SOURCE, row("A-1")])["Location"]
    assert "It begins within seconds." in page(people.owner, address)
    sheet_work._tell(UUID(address.split("/")[2]), 1, 4)
    assert "1 of 4 rows checked" in page(people.owner, address)
    assert sheet_work.work() == 1
    people.owner.post(address, {"sign": "", "agreed": "on", "revision": "0"})
    assert "All rows are signed, or none." in page(people.owner, address)
    assert sheet_work.work() == 1
    assert "Receipts" in page(people.owner, address)


def test_a_colleague_signs_where_approval_is_wanted(people: "People") -> None:
    from tests.web.suppliers import person
    from traceability.models import Membership

    own = people.market.mine.organisation
    own.approval_wanted = True
    own.save()
    writer = person(own, Membership.Role.SUBMITTER)
    address = upload(writer, [SOURCE, row("A-1")])["Location"]
    assert "Send for approval" in page(writer, address)
    writer.post(address, {"ask": "", "agreed": "on"})
    assert "Take it back" in page(writer, address)
    assert "Sign and record" in page(people.owner, address)
    people.owner.post(address, {"send_back": "", "reason": "Which smelter?"})
    assert "Which smelter?" in page(writer, address)
    writer.post(address, {"ask": "", "agreed": "on"})
    people.owner.post(address, {"sign": "", "agreed": "on", "revision": "0"})
    assert "Receipts" in page(writer, address)
