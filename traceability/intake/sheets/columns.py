"""The columns of the sheets that people fill in, one sheet for each act; each names a place of the draft.

Nothing here knows a rule: what stands in a cell goes to that place of a draft as it was typed, and
`traceability.intake.drafts` reads it as it reads a form or what a program sends.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from traceability.intake.units import DISTANCE, INVENTORY, MASS, PERCENT, SHARE, Unit
from traceability.ledger.kinds.lots import (
    BASES,
    CUSTODY_MODELS,
    MODES,
    ORIGINS,
    OUTPUT_CLASSES,
    ROLES,
    STAGES,
)
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
    FACTORS = "factors"
    DOCUMENTS = "documents"
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
    def adds_row(self) -> bool:
        """Whether what stands in it is one of several of its act, such as an input or a flow."""
        return "#" in self.path

    @property
    def unit(self) -> str:
        """The unit that its heading names; empty where it has none."""
        return self.units[0].symbol if self.units else ""


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """The columns of the sheet of one act. `contents` is where the columns of elements and oxides stand in a draft:
    the first of these places to which a row adds something.

    Rows that say the same in the column `together` are one act. In a sheet without such a column each row is one, and
    a row that only adds to lists, such as a further flow, goes on with the one above.
    """

    act: str
    kind: str
    columns: tuple[Column, ...]
    contents: tuple[str, ...] = ()
    together: str = ""
    lists: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """Lists of the draft to which each row adds one, such as its inputs."""
    by_key: Mapping[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", {one.key: one for one in self.columns})
        lists = {one.path.partition("/")[0]: None for one in self.columns if one.adds_row}
        object.__setattr__(self, "lists", tuple(lists))


COMPARTMENTS: Final = (
    "air", "air, urban, near ground", "air, urban, high stack", "air, non-urban, near ground",
    "air, non-urban, high stack", "air, non-urban or high stack", "fresh water", "sea water", "soil",
)  # fmt: skip
"""Where emissions go, as the factors name it."""
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
DOCUMENTS: Final = Column("documents", "Documents", "", Asks.DOCUMENTS)
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


FLOWS: Final = (
    Column("flow", "Energy, reagent, emission or water", "inventory/#/flow", example="electricity"),
    Column("role", "Role of the flow", "inventory/#/role", Asks.WORD, words=ROLES, example="electricity"),
    Column("amount", "Amount of the flow", "inventory/#/amount", Asks.FIGURE, example="4200"),
    Column(
        "unit",
        "Unit of the amount",
        "inventory/#/unit",
        Asks.WORD,
        words=tuple(one.symbol for one in INVENTORY),
        example="kWh",
    ),
    Column("known", "How it is known", "inventory/#/basis", Asks.WORD, words=BASES, example="metered"),
    Column("factors", "Factors of the flow", "inventory/#/factors", Asks.FACTORS),
    Column("compartment", "Compartment", "inventory/#/compartment", Asks.WORD, words=COMPARTMENTS),
    Column("concentration", "Concentration", "inventory/#/concentration", Asks.FIGURE, units=SHARE),
    Column("apportioned_by", "By what it was apportioned", "inventory/#/apportionment/key"),
    Column("apportioned_over", "Over which period", "inventory/#/apportionment/period"),
    Column("left_out", "What is left out", "exclusions/#/flow"),
    Column("left_out_why", "Why it is left out", "exclusions/#/reason"),
)
"""What a step took and gave off; one flow a row."""
PRICE: Final = (
    Column("price_per_kg", "Price per kg", "outputs/#/price/value_per_kg", Asks.FIGURE),
    Column("currency", "Currency", "outputs/#/price/currency"),
    Column("price_period", "Period of the price", "outputs/#/price/period"),
    Column("price_date", "Day of the price", "outputs/#/price/date"),
    Column("price_source", "Source of the price", "outputs/#/price/source"),
)
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
        DOCUMENTS,
        *FLOWS,
    ),
    contents=("assay/rows", "inventory/#/elements"),
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
        *PRICE,
        Column("loss", "What was lost", "losses/#/kind", example="dust"),
        Column("loss_mass_kg", "Mass lost", "losses/#/mass_kg", Asks.FIGURE, units=MASS, example="3.5"),
        Column("in_process", "Element in process", "wip_change/#/species"),
        Column("in_process_kg", "Left in process", "wip_change/#/mass_kg", Asks.FIGURE, units=MASS),
        DOCUMENTS,
        *FLOWS,
    ),
    contents=("outputs/#/assay/rows", "losses/#/elements", "inventory/#/elements"),
    together="step",
)
SPLIT: Final = SheetPlan(
    "split",
    "lot.transform",
    (
        REMARK,
        Column("lot", "Lot that is split", "inputs/0/lot", Asks.LOT, True, example="26-0417"),
        Column(
            "lot_number", "Lot number of the part", "outputs/#/lot_number", Asks.NEW_NUMBER, True, example="26-0417/1"
        ),
        Column("mass_kg", "Dry mass of the part", "outputs/#/mass_kg", Asks.FIGURE, True, MASS, example="500"),
        *ONCE,
        CLOCK,
        DOCUMENTS,
    ),
    together="lot",
)
MERGE: Final = SheetPlan(
    "merge",
    "lot.transform",
    (
        REMARK,
        Column(
            "lot_number", "Lot number of the whole", "outputs/0/lot_number", Asks.NEW_NUMBER, True, example="26-0500"
        ),
        Column("lot", "Lot that goes in", "inputs/#/lot", Asks.LOT, True, example="26-0417"),
        Column("mass_kg", "Draw", "inputs/#/mass_kg", Asks.FIGURE, True, MASS, example="500"),
        *ONCE,
        CLOCK,
        DOCUMENTS,
    ),
    together="lot_number",
)
ASSAY: Final = SheetPlan(
    "assay",
    "lot.assay",
    (
        REMARK,
        Column("lot", "Lot", "lot", Asks.LOT, True, example="26-0417"),
        *ONCE,
        CLOCK,
        *_assay("assay/"),
        DOCUMENTS,
    ),
    contents=("assay/rows",),
)
EXPORT: Final = (
    Column("destination", "Country to which the goods go", "export/destination", Asks.COUNTRY),
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
        DOCUMENTS,
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
        Column("packaging_kg", "Packaging", "packaging_kg", Asks.FIGURE, units=MASS),
        DOCUMENTS,
        Column("mode", "Transport by", "legs/#/mode", Asks.WORD, words=MODES, example="road"),
        Column("distance_km", "Distance", "legs/#/distance_km", Asks.FIGURE, units=DISTANCE, example="320"),
        Column("leg_factors", "Factors of the transport", "legs/#/factors", Asks.FACTORS),
    ),
)  # fmt: skip

PLANS: Final[Mapping[str, SheetPlan]] = {
    one.act: one for one in (SOURCE, TRANSFORM, SPLIT, MERGE, ASSAY, DISPATCH, RECEIVE)
}
