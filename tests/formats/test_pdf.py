"""Pages of PDFs: lines and pieces at their places, and files that cannot be read."""

import json
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from traceability.formats import pdf
from traceability.intake.lab.lines import lines_of_pages
from traceability.intake.lab.reading import read_lab_lines

ROWS = [("Heat No.", "Nd (wt.%)", "Pr (wt.%)"), ("H-1001", "22.45", "6.81"), ("H-1002", "22.51", "")]


def make(draw: Callable[[Canvas], None], **options: object) -> bytes:
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4, **options)
    draw(canvas)
    canvas.save()
    return file.getvalue()


def table(canvas: Canvas) -> None:
    for row, cells in enumerate(ROWS):
        for column, text in enumerate(cells):
            canvas.drawString(60 + 90 * column, 700 - 20 * row, text)


def subscripts(canvas: Canvas) -> None:
    canvas.drawString(60, 700, "Nd")
    canvas.setFont("Helvetica", 8)
    canvas.drawString(75.5, 698, "2")
    canvas.setFont("Helvetica", 12)
    canvas.drawString(80, 700, "O")
    canvas.setFont("Helvetica", 8)
    canvas.drawString(89.5, 698, "3")


def test_pieces_stand_where_the_eye_sees_them() -> None:
    [page] = pdf.read_pdf(make(table))
    assert [[piece.text for piece in line] for line in page] == [[one for one in row if one] for row in ROWS]
    assert [line[1].start for line in page] == [150, 150, 150]


def test_columns_are_read_by_their_places() -> None:
    sheet = read_lab_lines(list(lines_of_pages(pdf.read_pdf(make(table)))))
    assert [[(one.species, one.value.value) for one in lot.contents] for lot in sheet.lots] == [
        [("Nd", "22.45"), ("Pr", "6.81")],
        [("Nd", "22.51")],
    ]


def test_a_subscript_belongs_to_its_line() -> None:
    [[[piece]]] = pdf.read_pdf(make(subscripts))
    assert piece.text == "Nd2O3"


def test_a_scan_is_said_to_be_unreadable() -> None:
    with pytest.raises(pdf.NoText, match="scan without text"):
        pdf.read_pdf(make(lambda canvas: canvas.rect(10, 10, 500, 700, fill=1)))


def test_a_password_is_told() -> None:
    with pytest.raises(pdf.NotReadable, match="password"):
        pdf.read_pdf(make(table, encrypt=StandardEncryption("secret", "owner")))


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\nnothing", b"PK\x03\x04", make(table)[:400]])
def test_what_is_no_pdf_is_refused(content: bytes) -> None:
    with pytest.raises((pdf.NotReadable, pdf.NoText)):
        pdf.read_pdf(content)


def test_too_many_pages_are_refused() -> None:
    def pages(canvas: Canvas) -> None:
        for _ in range(pdf.MOST_PAGES + 1):
            canvas.drawString(60, 700, "one")
            canvas.showPage()

    with pytest.raises(pdf.TooLong):
        pdf.read_pdf(make(pages))


@pytest.mark.parametrize(("content", "member"), [(make(table), "pages"), (b"%PDF-1.7", "code")])
def test_a_process_of_its_own_writes_json(content: bytes, member: str) -> None:
    done = subprocess.run([sys.executable, "-m", pdf.__name__], input=content, capture_output=True, check=True)
    assert member in json.loads(done.stdout)
