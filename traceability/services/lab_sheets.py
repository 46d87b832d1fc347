"""Lab sheets: a document is read in a process of its own, and what a person confirmed of it begins drafts."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from traceability.formats import pdf
from traceability.formats.delimited import read_delimited, read_text
from traceability.formats.grid import NotASheet
from traceability.formats.xlsx import read_workbook
from traceability.intake.lab import words
from traceability.intake.lab.lines import Line, lines_of_grid, lines_of_pages, lines_of_text
from traceability.intake.lab.reading import LabLot, LabSheet, read_lab_lines
from traceability.intake.lab.values import Value
from traceability.intake.numbers import NumberStyle, shown
from traceability.ledger.errors import RecordError
from traceability.models import Draft, Evidence
from traceability.selectors.access import Actor
from traceability.services import beginnings, drafts, evidence
from traceability.services.beginnings import Beginning
from traceability.services.draft_reading import typed_fields
from traceability.services.errors import Refusal

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
READABLE: Final = ("application/pdf", XLSX, "text/csv", "text/plain")
SECONDS: Final = 30
_PARTED: Final = re.compile(r"[;|\t][^\n]*[;|\t]")
"""A line whose cells are parted by signs; without one a text has its columns under each other."""
ACTS: Final = ("assay", "source")
"""What may begin with a lab sheet."""
VALUES: Final = (
    words.NUMBER, "mass_kg", words.MOISTURE, words.ORIGIN, "basis", words.TREO, words.METHOD, words.LABORATORY,
    words.REPORT,
)  # fmt: skip
"""What a document may say of a lot beside its contents, by the name of the field."""
OF_ASSAY: Final = ("basis", "treo_pct", words.METHOD, words.LABORATORY)
LONGEST_REPORT: Final = 200


class NotALabSheet(Refusal):
    """A document that cannot be read as a lab sheet."""

    code = "not_a_lab_sheet"


def read(row: Evidence) -> LabSheet:
    """What a document says of lots; refuses what has no text, with the reason."""
    if row.media_type not in READABLE:
        raise NotALabSheet("Choose a PDF with text, an .xlsx or a .csv: other documents are kept, but not read.")
    content = evidence.path_of(row.organisation_id, bytes(row.sha256)).read_bytes()
    try:
        return read_lab_lines(_lines(row.media_type, content))
    except RecordError as error:
        raise NotALabSheet(error.sentence) from None


def _lines(media_type: str, content: bytes) -> list[Line]:
    if media_type == "application/pdf":
        return list(lines_of_pages(_pages(content)))
    if media_type == "text/plain" and not _PARTED.search(text := read_text(content)[0]):
        return list(lines_of_text("", text))
    grids = read_workbook(content, NumberStyle.POINT) if media_type == XLSX else [read_delimited(content)]
    return [line for grid in grids for line in lines_of_grid(grid)]


def _pages(content: bytes) -> list[pdf.Page]:
    """The text of a PDF, read where a file that was made to do harm can do none: limits stand in that process."""
    try:
        done = subprocess.run(  # noqa: S603  our own module and nothing from outside in the command
            [sys.executable, "-m", pdf.__name__],
            input=content,
            capture_output=True,
            timeout=SECONDS,
            cwd=settings.BASE_DIR,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        raise NotASheet("This PDF takes too long to read. Save its pages anew, or type its values.") from None
    answer = json.loads(done.stdout)
    if "pages" not in answer:
        raise NotASheet(answer["sentence"])
    return [[[pdf.Piece(*piece) for piece in line] for line in page] for page in answer["pages"]]


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a person takes of one lot of a document: fields by name, as he typed or left them, and contents."""

    act: str
    fields: Mapping[str, str]
    contents: Mapping[str, str]
    lot: str = ""
    """The urn of the lot that an assay is of, where it is known already."""


def values_of(lot: LabLot) -> dict[str, Value]:
    """The values of a lot beside its contents, by the name of their field."""
    return {name: getattr(lot, name) for name in VALUES}


def report_of(row: Evidence, lot: LabLot, number: str) -> str:
    """What the signed assay says of its document: the number of the report, the name of the file, the pages."""
    places = [one.value.place for one in lot.contents if one.value.place]
    pages = list(dict.fromkeys(place.page for place in places if place.page))
    of_pages = f", {'p. ' if row.media_type == 'application/pdf' else ''}{', '.join(pages)}" if pages else ""
    room = LONGEST_REPORT - len(of_pages)
    return (f"{number}; {row.name}" if number else row.name)[:room] + of_pages


def begin(
    *, actor: Actor, row: Evidence, confirmed: Sequence[Confirmed], style: NumberStyle, utc_offset: str
) -> list[Draft]:
    """A draft for each lot, the document in its evidence; all or none. The same again gives the same drafts."""
    with transaction.atomic():
        return [_begun(actor, row, one, style, utc_offset) for one in confirmed]


def _begun(actor: Actor, row: Evidence, one: Confirmed, style: NumberStyle, utc_offset: str) -> Draft:
    fields = draft_fields(one)
    document = _document(row)
    for draft in Draft.objects.filter(organisation=actor.organisation, kind=one.act):
        if document in draft.typed["documents"] and fields.items() <= typed_fields(draft).items():
            return draft
    beginning = Beginning(one.act, fields=fields, documents=(document,), style=style, utc_offset=utc_offset)
    return beginnings.begin(actor=actor, beginning=beginning)


def fill(*, actor: Actor, draft: Draft, row: Evidence, confirmed: Confirmed) -> Draft:
    """A draft of an assay or of a source lot with what was confirmed in it; contents replace those that it had."""
    fields = draft_fields(confirmed)
    before = typed_fields(draft).get("assay", {}).get("rows", ())
    blank = {"species": "", "content_pct": "", "sdev_rel_pct": ""}
    assay: dict[str, Any] = fields["assay"]
    assay["rows"] = [blank | one for one in assay["rows"]] + [blank] * (len(before) - len(assay["rows"]))
    if draft.kind != "source":
        fields = {"assay": assay}
    return drafts.save(actor=actor, draft=draft, typed=fields)


def draft_fields(one: Confirmed) -> dict[str, Any]:
    """The typed fields of a draft: a mass beside a moisture is wet."""
    said = {name: text for name, text in one.fields.items() if text}
    assay: dict[str, Any] = {name: said[name] for name in (*OF_ASSAY, words.REPORT) if name in said}
    assay["rows"] = [{"species": species, "content_pct": text} for species, text in one.contents.items()]
    fields: dict[str, Any] = {"assay": assay}
    if one.act == "assay":
        return fields | ({"lot": one.lot} if one.lot else {})
    weighed = "wet_mass_kg" if "moisture_pct" in said else "mass_kg"
    fields |= {name: said[name] for name in ("lot_number", "moisture_pct", "country") if name in said}
    if "mass_kg" in said:
        fields |= {weighed: said["mass_kg"], f"{weighed}_unit": "kg"}
    return fields


def in_style(value: Value, name: str, style: NumberStyle) -> str:
    """A proposed value as the reader would type it."""
    if not value.value or name not in ("mass_kg", "moisture_pct", "treo_pct", "content"):
        return value.value
    return shown(Decimal(value.value), style)


def _document(row: Evidence) -> dict[str, Any]:
    digest = "sha256:" + bytes(row.sha256).hex()
    return {"name": row.name, "media_type": row.media_type, "bytes": row.size_bytes, "sha256": digest}
