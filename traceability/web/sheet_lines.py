"""What the page of a sheet shows: each mistake at its cell, what will be signed in sum, what was signed."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from traceability.intake.sheets.mistakes import CellMistake
from traceability.models import SheetImport, Statement
from traceability.services import epcis_sheets, sheets
from traceability.web import words
from traceability.web.spoken import spoken
from traceability.web.tables import Column, Table, figures


@dataclass(frozen=True, slots=True)
class Wrong:
    """One mistake as a line: its cell with the heading, what stands there now, what is wrong, what would be right."""

    found: CellMistake
    heading: str

    @property
    def name(self) -> str:
        """The name of the field that puts it right."""
        return f"cell-{self.found.row}-{self.found.column}"

    @property
    def is_event(self) -> bool:
        """Whether it is about an event; what stands there is its place in the document then."""
        return not self.found.column and self.found.value.startswith("/")

    @property
    def place(self) -> str:
        return f"{self.found.letters}{self.found.row}" if self.found.column else str(self.found.row)

    @property
    def sentence(self) -> str:
        return spoken(self.found.sentence)

    @property
    def right(self) -> str:
        """What would be right, in the reader's language; empty where it cannot be told."""
        return spoken(self.found.right)


MISTAKES: Final = Table(
    "findings",
    _("What is wrong"),
    (
        Column("cell", _("Cell"), lambda line: f"{line.place} {line.heading}".strip()),
        figures("row", _("Row"), lambda line: line.found.row, seen=False),
        Column("column", _("Column"), lambda line: line.found.letters, seen=False),
        Column("value", _("What stands there"), lambda line: line.found.value),
        Column("wrong", _("What is wrong"), lambda line: line.sentence),
        Column("right", _("What would be right"), lambda line: line.right),
        Column("code", _("Code"), lambda line: line.found.code, seen=False),
        Column("blocks", _("Must be put right"), lambda line: line.found.blocks, seen=False),
    ),
    what=_("places"),
)
DOUBTS: Final = Table(
    "marks",
    _("What will be marked"),
    (
        figures("row", _("Row"), lambda line: line.found.row),
        Column("wrong", _("Finding"), lambda line: line.sentence),
    ),
    part="marks",
    what=_("places"),
    wide=False,
)
SUMMARY: Final = Table(
    "summary",
    _("What will be signed"),
    (
        Column("material", _("Material"), lambda line: line.material),
        Column("stage", _("Stage"), lambda line: line.stage),
        figures("lots", _("Lots"), lambda line: line.lots),
        figures("mass", _("Dry mass"), lambda line: line.mass_kg, unit="kg"),
    ),
    part="summary",
    wide=False,
)
EVENTS: Final = Table(
    "events",
    _("What becomes of each event"),
    (
        figures("number", _("Event"), lambda line: line.number),
        Column("becomes", _("Becomes"), lambda line: line.becomes),
        Column("step", _("Business step"), lambda line: line.step),
        Column("type", _("Type"), lambda line: line.type),
        Column("when", _("When"), lambda line: line.when),
        Column("pointer", _("Place in the document"), lambda line: line.pointer, seen=False),
    ),
    part="events",
    what=_("events"),
    wide=False,
)
RECEIPTS: Final = Table(
    "receipts",
    _("Receipts"),
    (
        figures("row", _("Row"), lambda line: line.row),
        Column("lot", _("Lot"), lambda line: line.lot),
        Column("lot_urn", _("Identifier of the lot"), lambda line: line.urn, seen=False),
        Column("statement", _("Statement"), lambda line: line.statement),
        Column("digest", _("Digest"), lambda line: line.digest, seen=False),
    ),
    part="receipts",
    what=_("statements"),
    wide=False,
)


@dataclass(frozen=True, slots=True)
class Sum:
    """Lots of one material and stage that will be made."""

    material: str
    stage: str
    lots: int
    mass_kg: Decimal


@dataclass(frozen=True, slots=True)
class Signed:
    """A lot and the statement that speaks of it, with the row of the sheet."""

    row: int
    lot: str
    urn: str
    statement: str
    digest: str


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event of a document, and what becomes of it."""

    number: int
    type: str
    step: str
    when: str
    outcome: str
    becomes: str
    pointer: str


def events(row: SheetImport) -> list[EventLine]:
    """The events of a document in their order, each with what becomes of it."""
    document = epcis_sheets.document_of(row)
    acts = {act["rows"][0]: act for act in sheets.acts_of(row)}
    found = {one.row: one for one in reversed(sheets.findings_of(row)) if one.blocks or one.row not in acts}
    lines = []
    for number, event in enumerate(document.events, 1):
        if (act := acts.get(number)) is not None:
            outcome, becomes = "pass", str(words.kind(act["kind"]))
        elif (one := found.get(number)) is not None:
            outcome, becomes = ("fail" if one.blocks else "na"), spoken(one.sentence)
        else:
            outcome, becomes = "na", gettext("Rests on an event that is wrong")
        step = str(event.get("bizStep", "")).rpartition("/")[2].removeprefix("BizStep-")
        pointer = f"{document.place}/{number - 1}"
        when = str(event.get("eventTime", ""))
        lines.append(EventLine(number, str(event.get("type", "")), step, when, outcome, becomes, pointer))
    return lines


def wrong(row: SheetImport) -> tuple[list[Wrong], list[Wrong]]:
    """What must be put right, and what is only marked."""
    heads: Mapping[int, str] = {}
    if row.act != sheets.EPCIS:
        layout = sheets.layout_of(row)
        heads = layout.grid.row(layout.row)
    findings = [one for one in sheets.findings_of(row) if one.code != epcis_sheets.KEPT]
    lines = [Wrong(one, heads.get(one.column, "")) for one in findings]
    return [one for one in lines if one.found.blocks], [one for one in lines if not one.found.blocks]


def proposals(row: SheetImport, wanted: Collection[str], *, every: bool) -> dict[tuple[int, int], str]:
    """What would be right in the cells whose fields are wanted, or in every cell where it can be told."""
    lines = [one for one in wrong(row)[0] if one.right and one.found.column and (every or one.name in wanted)]
    return {(one.found.row, one.found.column): one.right for one in lines}


def sums(row: SheetImport) -> list[Sum]:
    """What the lots that will be made are, and how much."""
    found: dict[tuple[str, str], tuple[int, Decimal]] = {}
    for act in sheets.acts_of(row):
        for lot in _lots(act["body"]):
            if "material" in lot:
                key = str(lot["material"]), str(words.stage(lot["stage"]))
                count, mass = found.get(key, (0, Decimal(0)))
                found[key] = count + 1, mass + Decimal(lot["mass_kg"])
    return [Sum(*key, *value) for key, value in sorted(found.items())]


def receipts(row: SheetImport) -> list[Signed]:
    """What was signed, in the order of the rows."""
    acts = sheets.acts_of(row)
    ids = [UUID(act["id"]) for act in acts]
    signed = dict(Statement.objects.filter(issuer=row.organisation_id, urn__in=ids).values_list("urn", "digest"))
    return [one for act in acts for one in _signed(act, bytes(signed[UUID(act["id"])]).hex())]


def _signed(act: dict[str, Any], digest: str) -> Iterator[Signed]:
    statement = act["id"].removeprefix("urn:uuid:")
    for lot in _lots(act["body"]):
        name = str(lot.get("lot_number", "")) or str(lot["lot"])[-8:]
        yield Signed(act["rows"][0], name, str(lot["lot"]), statement, f"sha256:{digest}")


def _lots(body: dict[str, Any]) -> Sequence[dict[str, Any]]:
    """The lots that an act makes, or the one that it is about."""
    made: Sequence[dict[str, Any]] = body.get("outputs", [body])
    return made
