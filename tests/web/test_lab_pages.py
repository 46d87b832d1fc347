"""Lab sheets: read, confirmed value by value, and put into drafts that name document and page."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from reportlab.pdfgen.canvas import Canvas

from tests.web.suppliers import People, begin
from traceability.models import Draft, Evidence

ROWS = [
    ("Heat No.", "Net weight (kg)", "Nd (wt.%)", "Pr (wt.%)"),
    ("H-1", "1,250.5", "22.45", "6.81"),
    ("H-2", "1,248.0", "22.51", "<0.05"),
]


def report() -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file)
    canvas.drawString(60, 750, "Certificate No.: 815")
    canvas.drawString(60, 730, "Country of origin: Estonia")
    for row, cells in enumerate(ROWS):
        for column, text in enumerate(cells):
            canvas.drawString(60 + 110 * column, 700 - 20 * row, text)
    canvas.save()
    return file.getvalue()


def upload(people: People, content: bytes | None = None, name: str = "mill.pdf") -> str:
    """The address to which an upload leads."""
    file = SimpleUploadedFile(name, report() if content is None else content)
    return people.owner.post("/lab/", {"file": file}).headers.get("Location", "")


def ticked(lot: int, target: str, **values: str) -> dict[str, str]:
    """The fields of one lot of the page, each ticked."""
    given = {f"lot{lot}-target": target}
    for name, text in values.items():
        name = name.replace("__", "-")
        given |= {f"lot{lot}-take-{name}": "on", f"lot{lot}-value-{name}": text}
    return given


ONE = ticked(0, "source", lot_number="H-1", mass_kg="1250.5", country="EE", basis="dry_mass", content__Nd="22.45",
             content__Pr="6.81")  # fmt: skip
LEFT_OUT = {"lot1-target": ""}


def test_every_value_stands_beside_its_place(people: People) -> None:
    page = people.owner.get(upload(people)).content.decode()
    assert "Page 1, line 4" in page
    assert "H-1  1,250.5  22.45  6.81" in page
    assert "Below what the laboratory can tell" in page
    assert page.count("Not found") >= 2
    assert " checked" not in page  # a person confirms each


def test_a_text_with_columns_under_each_other_is_read_as_such(people: People) -> None:
    text = "Heat No.   Net weight (kg)   Nd (wt.%)   Pr (wt.%)\nH-1        1,250.5           22.45       6.81\n"
    page = people.owner.get(upload(people, text.encode(), "mill.txt")).content.decode()
    assert "22.45" in page
    assert "Line 2" in page


def test_what_was_ticked_begins_a_draft_that_names_document_and_page(people: People) -> None:
    address = upload(people)
    answer = people.owner.post(address, ONE | LEFT_OUT)
    draft = Draft.objects.get()
    assert answer.headers["Location"] == f"/record/{draft.pk}/"
    fields = draft.typed["fields"]
    assert (draft.kind, fields["lot_number"], fields["mass_kg"], fields["country"]) == ("source", "H-1", "1250.5", "EE")
    assert fields["assay"]["rows"] == [
        {"species": "Nd", "content_pct": "22.45"},
        {"species": "Pr", "content_pct": "6.81"},
    ]
    assert fields["assay"]["report"] == "mill.pdf, p. 1"
    assert [one["name"] for one in draft.typed["documents"]] == ["mill.pdf"]


def test_the_number_of_the_report_is_named_too(people: People) -> None:
    people.owner.post(upload(people), ONE | LEFT_OUT | ticked(0, "source", report="815"))
    assert Draft.objects.get().typed["fields"]["assay"]["report"] == "815; mill.pdf, p. 1"


def test_several_heats_make_several_drafts_and_twice_makes_no_more(people: People) -> None:
    address = upload(people)
    both = ONE | ticked(1, "source", lot_number="H-2", content__Nd="22.51")
    for _ in range(2):
        assert people.owner.post(address, both).headers["Location"] == "/record/"
    assert sorted(one.typed["fields"]["lot_number"] for one in Draft.objects.all()) == ["H-1", "H-2"]


def test_a_lot_of_ones_own_is_proposed_by_its_number(people: People) -> None:
    lot = people.lot(lot_number="H-2")
    address = upload(people)
    assert f'value="assay:{lot.urn}" selected' in people.owner.get(address).content.decode()
    people.owner.post(address, {"lot0-target": ""} | ticked(1, f"assay:{lot.urn}", content__Nd="22.51"))
    draft = Draft.objects.get()
    assert (draft.kind, draft.typed["fields"]["lot"]) == ("assay", lot.urn)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (ticked(0, "source", lot_number="H-1") | LEFT_OUT, "Tick each content that you have compared"),
        (ticked(0, "source", content__Nd="") | LEFT_OUT, "enter a value, or do not take it"),
        ({"lot0-target": ""} | LEFT_OUT, "Choose at least one lot"),
    ],
)
def test_what_is_missing_is_said_and_what_was_ticked_stays(
    people: People, given: dict[str, str], sentence: str
) -> None:
    page = people.owner.post(upload(people), given).content.decode()
    assert sentence in page
    assert page.count(" checked") == sum(name.startswith("lot0-take") for name in given)
    assert not Draft.objects.exists()


def test_a_document_of_a_draft_fills_it(people: People) -> None:
    draft = begin(people.owner, "source")
    file = SimpleUploadedFile("mill.pdf", report())
    people.owner.post(f"/record/{draft.pk}/documents/", {"document": file, "add": ""})
    row = Evidence.objects.get()
    address = f"/lab/{bytes(row.sha256).hex()}/?draft={draft.pk}"
    assert address.replace("&", "&amp;") in people.owner.get(f"/record/{draft.pk}/documents/").content.decode()
    given = ONE | {"lot0-target": "source"} | LEFT_OUT
    assert people.owner.post(address, given).headers["Location"] == f"/record/{draft.pk}/check/"
    draft.refresh_from_db()
    assert draft.typed["fields"]["assay"]["rows"][0] == {"species": "Nd", "content_pct": "22.45", "sdev_rel_pct": ""}
    assert people.outsider.get(address).status_code == 404


def test_a_scan_is_said_to_be_unreadable_and_is_kept(people: People) -> None:
    file = io.BytesIO()
    canvas = Canvas(file)
    canvas.rect(10, 10, 400, 600, fill=1)
    canvas.save()
    page = people.owner.post("/lab/", {"file": SimpleUploadedFile("scan.pdf", file.getvalue())}).content.decode()
    assert "This is a scan without text: it cannot be read here." in page
    row = Evidence.objects.get()
    assert "This document cannot be read" in people.owner.get(f"/lab/{bytes(row.sha256).hex()}/").content.decode()


def test_a_table_as_text_is_read_with_its_own_decimal_sign(people: People) -> None:
    address = upload(people, b"Charge;Nd (%);Pr (%)\nS-1;29,8;0,5\n", "werte.csv")
    page = people.owner.get(address).content.decode()
    assert 'value="29.8"' in page
    assert "S-1  29,8  0,5" in page


def test_a_letter_says_nothing_and_leads_on(people: People) -> None:
    assert "Nothing was found" in people.owner.get(upload(people, b"Dear Sirs", "letter.txt")).content.decode()


def test_nobody_else_sees_it(people: People) -> None:
    address = upload(people)
    assert people.outsider.get(address).status_code == 404
    assert people.outsider.post(address, ONE | LEFT_OUT).status_code == 404
    assert not Draft.objects.exists()
