"""The columns of the sheets that people fill in, one sheet for each act; each names a place of the draft.

Nothing here knows a rule: what stands in a cell goes to that place of a draft as it was typed, and
`traceability.intake.drafts` reads it as it reads a form or what a program sends.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from traceability.intake.units import MASS, PERCENT, Unit
from traceability.ledger.kinds.lots import CUSTODY_MODELS, ORIGINS, OUTPUT_CLASSES, STAGES
from traceability.rules.hs_codes import CATEGORIES


class Asks(StrEnum):
    """What a cell holds."""

    TEXT = "text"
    FIGURE = "figure"
    MOMENT = "moment"
    WORD = "word"
    COUNTRY = "country"
    NEW_NUMBER = "new_number"
    LOT = "lot"
    FACILITY = "facility"
    PARTNER = "partner"
    STEP = "step"
    REMARK = "remark"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `path` is its place in the draft of its row; programs head it with its `key`."""

    key: str
    name: str
    path: str
    asks: Asks = Asks.TEXT
    required: bool = False
    units: tuple[Unit, ...] = ()
    words: tuple[str, ...] = ()
    example: str = ""

    @property
    def unit(self) -> str:
        """The unit that its heading names; empty where it has none."""
        return self.units[0].symbol if self.units else ""


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """The columns of the sheet of one act. `contents` is where the columns of elements and oxides stand in a draft.

    Rows with the same `STEP` are one act; without such a column every row is one.
    """

    act: str
    kind: str
    columns: tuple[Column, ...]
    contents: str = ""
    lists: tuple[str, ...] = ()
    """Lists of the draft to which each row of a step adds one, such as its inputs."""
    by_key: Mapping[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", {one.key: one for one in self.columns})

    @property
    def has_steps(self) -> bool:
        """Whether several rows may make one act."""
        return bool(self.lists)


EXAMPLE_WORDS: Final = ("example", "beispiel", "示例")
"""A row whose remark begins with one of these is an example and is passed over."""
REMARK: Final = Column("remark", "Remark", "", Asks.REMARK)
WHEN: Final = (
    Column("occurred_from", "When it began", "occurred_from", Asks.MOMENT, True, example="2026-11-16 06:10"),
    Column("occurred_to", "When it ended", "occurred_to", Asks.MOMENT, example="2026-11-16 14:30"),
)
ONCE: Final = (Column("occurred_from", "When", "occurred_from", Asks.MOMENT, True, example="2026-11-16 06:10"),)
CLOCK: Final = Column("utc_offset", "Clock, as offset from UTC", "utc_offset", example="+01:00")
FACILITY: Final = Column("facility", "Facility", "facility", Asks.FACILITY)
CUSTODY: Final = Column("custody_model", "Chain of custody", "custody_model", Asks.WORD, words=CUSTODY_MODELS)


def _lot(path: str, *, required: bool = True) -> tuple[Column, ...]:
    """The columns of a lot that a statement makes; all of them are blank in a row of a step that makes none."""
    return (
        Column("lot_number", "Lot number", f"{path}lot_number", Asks.NEW_NUMBER, True, example="26-0417"),
        Column("material", "Material", f"{path}material", required=required, example="NdPr oxide"),
        Column("stage", "Stage", f"{path}stage", Asks.WORD, required, words=STAGES, example="oxide"),
        Column("mass_kg", "Dry mass", f"{path}mass_kg", Asks.FIGURE, required, MASS, example="12878.168"),
        Column("wet_mass_kg", "Wet mass", f"{path}wet_mass_kg", Asks.FIGURE, units=MASS),
        Column("moisture_pct", "Moisture", f"{path}moisture_pct", Asks.FIGURE, units=PERCENT),
    )


def _assay(path: str) -> tuple[Column, ...]:
    return (
        Column("basis", "The contents are per cent of", f"{path}basis", Asks.WORD, words=("dry_mass", "treo"),
               example="dry_mass"),
        Column("treo_pct", "Rare-earth oxides in all", f"{path}treo_pct", Asks.FIGURE, units=PERCENT),
        Column("laboratory", "Laboratory", f"{path}laboratory"),
        Column("report", "Number of the report", f"{path}report", example="ICP-2026-331"),
        Column("method", "Method", f"{path}method", example="ICP-OES"),
    )  # fmt: skip


SOURCE: Final = SheetPlan(
    "source",
    "lot.source",
    (
        REMARK,
        *_lot(""),
        Column("origin", "Origin", "origin", Asks.WORD, True, words=ORIGINS, example="mined"),
        Column("country", "Country", "country", Asks.COUNTRY, True, example="AU"),
        Column("supplier", "Supplier outside this record", "supplier"),
        FACILITY,
        *WHEN,
        CLOCK,
        CUSTODY,
        *_assay("assay/"),
    ),
    contents="assay/rows",
)
TRANSFORM: Final = SheetPlan(
    "transform",
    "lot.transform",
    (
        REMARK,
        Column("step", "Step", "", Asks.STEP, True, example="1"),
        Column("process", "What was done", "process/0/step", required=True, example="calcining"),
        Column("country", "Country", "process/0/country", Asks.COUNTRY, True, example="AU"),
        *WHEN,
        CLOCK,
        FACILITY,
        CUSTODY,
        Column("input_lot", "Input lot", "inputs/#/lot", Asks.LOT, example="26-0391"),
        Column("input_mass_kg", "Draw", "inputs/#/mass_kg", Asks.FIGURE, units=MASS, example="14000"),
        *_lot("outputs/#/", required=False),
        Column("class", "What it is to you", "outputs/#/class", Asks.WORD, words=OUTPUT_CLASSES, example="product"),
        *_assay("outputs/#/assay/"),
        Column("loss", "What was lost", "losses/#/kind", example="dust"),
        Column("loss_mass_kg", "Mass lost", "losses/#/mass_kg", Asks.FIGURE, units=MASS, example="3.5"),
    ),
    contents="outputs/#/assay/rows",
    lists=("inputs", "outputs", "losses"),
)
ASSAY: Final = SheetPlan(
    "assay",
    "lot.assay",
    (REMARK, Column("lot", "Lot", "lot", Asks.LOT, True, example="26-0417"), *ONCE, CLOCK, *_assay("assay/")),
    contents="assay/rows",
)
EXPORT: Final = (
    Column("hs_code", "HS code", "export/hs_code"),
    Column("export_category", "Category of the export licence", "export/category", Asks.WORD, words=CATEGORIES),
    Column("licence_number", "Number of the export licence", "export/licence_number"),
    Column("licence_authority", "Authority of the export licence", "export/authority"),
    Column("licence_from", "Export licence valid from", "export/valid_from"),
    Column("licence_until", "Export licence valid until", "export/valid_until"),
    Column("licence_quota_kg", "Quota of the export licence", "export/quota_kg", Asks.FIGURE, units=MASS),
)
"""Open to everybody who sees the lot."""
DISPATCH: Final = SheetPlan(
    "dispatch",
    "lot.dispatch",
    (
        REMARK,
        Column("lot", "Lot", "lot", Asks.LOT, True, example="26-0417"),
        Column("to", "To whom", "to", Asks.PARTNER, True),
        Column("mass_kg", "Dry mass handed over", "mass_kg", Asks.FIGURE, units=MASS),
        Column("tolerance_pct", "Tolerance of the weighing", "tolerance_pct", Asks.FIGURE, units=PERCENT),
        Column("reference", "Reference", "reference", example="DN-1182"),
        *EXPORT,
        *ONCE,
        CLOCK,
    ),
)
RECEIVE: Final = SheetPlan(
    "receive",
    "lot.receive",
    (
        REMARK,
        Column("lot", "Lot", "lot", Asks.LOT, True, example="26-0417"),
        Column("weighed_mass_kg", "Dry mass weighed", "weighed_mass_kg", Asks.FIGURE, False, MASS, example="12878.1"),
        Column("weighed_wet_mass_kg", "Wet mass weighed", "weighed_wet_mass_kg", Asks.FIGURE, units=MASS),
        Column("moisture_pct", "Moisture", "moisture_pct", Asks.FIGURE, units=PERCENT),
        Column("difference", "Is it within the tolerance of the dispatch?", "difference", Asks.WORD,
               words=("within", "beyond")),
        FACILITY,
        *ONCE,
        CLOCK,
    ),
)  # fmt: skip

PLANS: Final[Mapping[str, SheetPlan]] = {one.act: one for one in (SOURCE, TRANSFORM, ASSAY, DISPATCH, RECEIVE)}
