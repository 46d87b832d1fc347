"""Tables as workbooks: figures as numbers, moments as moments, all else as text, written row by row to a file."""

import tempfile
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import IO, Any, Final

import xlsxwriter
from django.http import FileResponse
from django.utils.translation import gettext as _

from traceability.web.csv_files import Cell, plain

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS: Final = 1_048_570
"""A sheet has 1,048,576 rows, of which one says what was left out."""
_WIDTH: Final = 18
_OPTIONS: Final = {
    "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "remove_timezone": True,
}  # fmt: skip


def answer(name: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> FileResponse:
    """A download."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  (the response closes it)
    write(file, heads, rows)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def write(file: IO[bytes], heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Writes the one sheet; what does not fit is said in its last row."""
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        bold, moment = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet = book.add_worksheet()
        sheet.set_column(0, len(heads) - 1, _WIDTH)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, list(heads), bold)
        for place, row in enumerate(rows, start=1):
            if place > MOST_ROWS:
                sheet.write_string(place, 0, _("A sheet holds no more rows. The CSV has all of them."))
                break
            for column, cell in enumerate(row):
                _write(sheet, (place, column), cell, moment)


def _write(sheet: Any, where: tuple[int, int], cell: Cell, moment: Any) -> None:
    if isinstance(cell, Decimal | int) and not isinstance(cell, bool):
        sheet.write_number(*where, cell)
    elif isinstance(cell, datetime):
        sheet.write_datetime(*where, cell.astimezone(UTC), moment)
    elif isinstance(cell, date):
        sheet.write_datetime(*where, cell, moment)
    elif text := plain(cell):
        sheet.write_string(*where, text)
