"""Templates of sheets in the reader's language: headings with units, drop-downs, an example, what belongs where."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO, StringIO
from typing import Any, Final

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from traceability.formats.grid import letters
from traceability.intake.numbers import NumberStyle
from traceability.intake.sheets.columns import Asks, Column, SheetPlan
from traceability.ledger.kinds.lots import STAGES
from traceability.selectors import drafts as reading
from traceability.selectors.access import Actor
from traceability.selectors.slots import SLOTS, FactorChoice
from traceability.services import sheet_words
from traceability.services.drafts import require_role
from traceability.services.sheet_book import LOTS

OXIDES: Final = ("La2O3", "CeO2", "Pr6O11", "Nd2O3", "Tb4O7", "Dy2O3")
METALS: Final = ("Nd", "Pr", "Dy", "Tb", "Fe", "B", "Co")
OF_METALS: Final = ("metal", "alloy", "powder", "magnet", "swarf", "eol_magnet")
"""Stages whose assays name elements; before them they name oxides."""
ROWS: Final = 10_000
"""So many rows have drop-downs."""
MOST_LISTED: Final = 5_000
_FOLDED: Final = ("inventory/", "exclusions/", "legs/", "export/", "wip_change/", "outputs/#/price/")
"""Columns that a spreadsheet can fold away, by where their paths begin."""
_LONGEST_TITLE, _LONGEST_MESSAGE = 32, 255


@dataclass(frozen=True, slots=True)
class Wanted:
    """A template that somebody wants: of which sheet, for which stage, how decimals are written."""

    plan: SheetPlan
    stage: str = "oxide"
    style: NumberStyle = NumberStyle.POINT

    @property
    def species(self) -> Sequence[str]:
        """The elements or oxides that get a column."""
        if not self.plan.contents:
            return ()
        return METALS if self.stage in OF_METALS else OXIDES


def workbook(*, actor: Actor, wanted: Wanted, today: date) -> bytes:
    """The template as a workbook, with the actor's own lots, sites and partners to choose from."""
    require_role(actor)
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    factors = SLOTS.factors(actor.organisation.pk)
    _Writer(book, wanted, _offers(actor, wanted.plan, today), factors).write()
    book.close()
    return file.getvalue()


def table(wanted: Wanted) -> bytes:
    """The headings and the example as CSV, with the delimiter that spreadsheets of this style expect."""
    file = StringIO()
    delimiter = ";" if wanted.style is NumberStyle.COMMA else ","
    writer = csv.writer(file, delimiter=delimiter)
    writer.writerow([*map(sheet_words.heading, wanted.plan.columns), *(f"{one} (%)" for one in wanted.species)])
    writer.writerow([_example(one, wanted) for one in wanted.plan.columns] + [""] * len(wanted.species))
    return file.getvalue().encode("utf-8-sig")


def stage_of(asked: str) -> str:
    """A stage of the record; oxide where it is none."""
    return asked if asked in STAGES else "oxide"


def _offers(actor: Actor, plan: SheetPlan, today: date) -> Mapping[str, Sequence[str]]:
    """What the drop-downs offer, by the key of the column."""
    found: dict[str, Sequence[str]] = {}
    for one in plan.columns:
        match one.asks:
            case Asks.WORD:
                found[one.key] = list(sheet_words.choices(one).values())
            case Asks.COUNTRY:
                found[one.key] = sorted(sheet_words.countries().values())
            case Asks.LOT:
                numbers = reading.lots_in_state(actor, today, *LOTS[plan.act]).values_list("number_here", flat=True)
                found[one.key] = [number for number in numbers[:MOST_LISTED] if number]
            case Asks.FACILITY:
                found[one.key] = [row.name for row in reading.facilities(actor)]
            case Asks.FACTORS:
                found[one.key] = [factor.id for factor in SLOTS.factors(actor.organisation.pk)]
            case Asks.PARTNER:
                found[one.key] = [row.name for row in reading.partners(actor, today)] + [sheet_words.outside()]
    return {key: offered for key, offered in found.items() if offered}


def _example(column: Column, wanted: Wanted) -> str:
    """What the example says in a column."""
    match column.asks:
        case Asks.REMARK:
            return sheet_words.example()
        case Asks.WORD if column.key == "stage":
            return sheet_words.choices(column)[wanted.stage]
        case Asks.WORD if column.example:
            return sheet_words.choices(column)[column.example]
        case Asks.COUNTRY if column.example:
            return sheet_words.countries()[column.example]
        case Asks.FIGURE:
            return column.example.replace(".", wanted.style.decimal_sign)
    return column.example


class _Writer:
    """Writes the sheet to fill in, the one that explains it, and a hidden one with what is offered."""

    def __init__(
        self,
        book: Workbook,
        wanted: Wanted,
        offers: Mapping[str, Sequence[str]],
        factors: Sequence[FactorChoice],
    ) -> None:
        self.book, self.wanted, self.offers, self.factors = book, wanted, offers, factors
        self.sheet: Worksheet = book.add_worksheet(_("To fill in"))
        self.about: Worksheet = book.add_worksheet(_("How to fill it in"))
        self.lists: Worksheet = book.add_worksheet("lists")
        self.lists.hide()
        self.head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.needed = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1,
                                       "bg_color": "#E8EEF4"})  # fmt: skip
        self.grey = book.add_format({"italic": True, "font_color": "#6B7280"})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self.text = book.add_format({"num_format": "@"})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})

    def write(self) -> None:
        """All three sheets."""
        columns = self.wanted.plan.columns
        for number, one in enumerate(columns):
            self._column(number, one)
        for place, species in enumerate(self.wanted.species, len(columns)):
            self.sheet.write_string(0, place, f"{species} (%)", self.head)
            self.sheet.set_column(place, place, 11)
        self.sheet.freeze_panes(1, 0)
        self.sheet.set_row(0, 32)
        self._explain()
        if any(one.asks is Asks.FACTORS for one in columns):
            self._factors()

    def _column(self, number: int, column: Column) -> None:
        heading = sheet_words.heading(column)
        mark = " *" if column.required else ""
        self.sheet.write_string(0, number, f"{heading}{mark}", self.needed if column.required else self.head)
        self.sheet.write_string(1, number, _example(column, self.wanted), self.grey)
        format_ = {Asks.MOMENT: self.moment, Asks.FIGURE: None}.get(column.asks, self.text)
        folds = {"level": 1} if column.path.startswith(_FOLDED) else {}
        self.sheet.set_column(number, number, max(12, min(28, len(heading) + 2)), format_, folds)
        rule: dict[str, Any] = {
            "validate": "any",
            "input_title": heading[:_LONGEST_TITLE],
            "input_message": sheet_words.help_of(column)[:_LONGEST_MESSAGE],
        }
        if offered := self.offers.get(column.key):
            for row, word in enumerate(offered):
                self.lists.write_string(row, number, word)
            letter = letters(number + 1)
            rule |= {"validate": "list", "source": f"=lists!${letter}$1:${letter}${len(offered)}", "show_error": False}
        self.sheet.data_validation(1, number, ROWS, number, rule)

    def _explain(self) -> None:
        heads = [_("Column"), _("Needed"), _("What belongs there"), _("Example")]
        for number, words in enumerate(heads):
            self.about.write_string(0, number, words, self.head)
        self.about.set_column(0, 0, 30)
        self.about.set_column(1, 1, 10)
        self.about.set_column(2, 2, 70)
        self.about.set_column(3, 3, 28)
        rows = [
            [sheet_words.heading(one), _("yes") if one.required else "", sheet_words.help_of(one),
             _example(one, self.wanted)]
            for one in self.wanted.plan.columns
        ]  # fmt: skip
        if self.wanted.plan.contents:
            said = _("The content of an element or oxide in per cent: of the lot that the row makes, or else of what "
                     "was lost, or of the flow. Any other one gets a column with its formula as heading; a column "
                     "“Nd2O3 sDev (%)” takes its relative standard deviation.")  # fmt: skip
            rows.append([", ".join(self.wanted.species), "", said, ""])
        for number, row in enumerate(rows, 1):
            for column, words in enumerate(row):
                self.about.write_string(number, column, words, self.wrapped)

    def _factors(self) -> None:
        """The factors that a flow can name."""
        sheet = self.book.add_worksheet(_("Factors"))
        for number, (words, width) in enumerate(
            ((_("Id"), 38), (_("Name"), 60), (_("Per"), 8), (_("Place"), 12), (_("Compartment"), 30))
        ):
            sheet.write_string(0, number, words, self.head)
            sheet.set_column(number, number, width)
        for number, one in enumerate(self.factors, 1):
            note = _(", illustrative") if one.illustrative else ""
            for column, words in enumerate((one.id, one.name, one.unit, f"{one.geography}{note}", one.compartment)):
                sheet.write_string(number, column, words)
        sheet.freeze_panes(1, 0)
