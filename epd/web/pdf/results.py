"""Sections of a printed declaration with its figures: the modules, and the tables of both allocations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from epd.documents.document import Document, Result
from epd.documents.fulfilment import Word
from epd.documents.indicators import Group
from epd.documents.own import CODES
from epd.documents.stages import PRODUCTION, Stage
from epd.lca.indicators import Basis
from epd.services.exchange import Export
from epd.web import words
from epd.web.declaration_page import DeclarationPage
from epd.web.pdf import charts
from epd.web.pdf.blocks import Block, heading, paragraph, picture, section, table
from epd.web.spread_page import Uncertain
from traceability.web.numbers import n3

ND: Final = "ND"
_A1_A3: Final = Stage("A1-A3")
_STAGES: Final = (*map(Stage, PRODUCTION), _A1_A3)
TABLES: Final[tuple[tuple[str, tuple[Group, ...]], ...]] = (
    ("Core environmental impact, and GWP-GHG", (Group.NATIONAL, Group.CORE)),
    ("Additional environmental impact", (Group.ADDITIONAL,)),
    ("Use of resources", (Group.RESOURCE,)),
    ("Waste", (Group.WASTE,)),
    ("Output flows", (Group.OUTPUT,)),
)
"""The tables of EN 15804, with the groups of their indicators."""
_MODULES: Final = ("A1", "A2", "A3", "A4", "A5", "B1", "B2", "B3", "B4", "B5", "B6", "B7", "C1", "C2", "C3", "C4", "D")


def sections(export: Export, page: DeclarationPage) -> Iterator[Block]:
    """The modules, then each allocation, the one that was asked for first and with all its tables."""
    yield _modules()
    first = export.stated.basis
    for basis in (first, *(one for one in Basis if one is not first)):
        yield _figures(export, basis, TABLES if basis is first else TABLES[:2])
    yield _programmes(export)
    if (drawn := charts.two_bars(_headlines(page), "kg CO₂e per kg")) is not None:
        yield section(
            "Both allocations",
            paragraph("How the burden of a plant is shared among its products moves the result most. The inventory and "
                      "the factors are the same."),
            picture(drawn, "GWP-GHG, A1 to A3, kg CO₂e per kg, by allocation."),
        )  # fmt: skip
    if page.uncertain is not None:
        yield _uncertainty(page.uncertain)


def _uncertainty(found: Uncertain) -> Block:
    rows = [(f"{name} %", *(ND if one is None else n3(one) for one in values)) for name, values in found.percentiles]
    return section(
        "Uncertainty of the headline",
        table(("Runs below", "GWP-GHG by economic value", "GWP-GHG by mass"), rows, (0, 120, 120), (1, 2)),
        paragraph(
            f"kg CO2e per kg, {found.runs} runs seeded by the digest of the declaration ({found.algorithm}). The "
            "deviations of factors and amounts are assumed where no source states them; what is not open to anybody by "
            "factor is drawn as one. It does not cover what was left out, or the choice of allocation."
        ),
    )


def _modules() -> Block:
    return section(
        "Modules",
        table(_MODULES, [["X" if one in PRODUCTION else ND for one in _MODULES]], [0] * len(_MODULES), ()),
        paragraph("X: declared. ND: not declared. A cell is a number or ND; ND is not zero, and 0 is a zero that was "
                  "computed. Values have three significant digits; the attached original has all of them."),
    )  # fmt: skip


def _figures(export: Export, basis: Basis, tables: Sequence[tuple[str, tuple[Group, ...]]]) -> Block:
    document = export.document(basis)
    reasons = {CODES[one.indicator]: str(words.REASONS[one.reasons[0]])
               for one in export.cells if one.basis is basis and one.reasons}  # fmt: skip
    blocks: list[Block] = []
    for title, groups in tables:
        found = [one for group in groups for one in _of_group(document, group)]
        blocks += [heading(title), _table(found, reasons)]
    drawn = charts.shares_of_modules([(one.code, _parts(one)) for one in document.results])
    if drawn is not None:
        blocks.append(picture(drawn, "What each module is of each declared indicator. The tables have the figures."))
    title = str(words.BASES[basis])
    return section(f"Results per kg, {title[:1].lower()}{title[1:]}", *blocks)


def _programmes(export: Export) -> Block:
    rows = []
    for one in export.programmes():
        required = f"{one.declared} of {len(one.required)}" if one.required else "Not confirmed"
        missing = "; ".join(point.sentence for point in one.points if point.word is not Word.FULFILLED)
        rows.append(
            [f"{one.programme.name}\n{one.programme.id}", required, str(words.FULFILMENT[one.word][1]), missing]
        )
    return section(
        "Lists of programmes",
        paragraph("What programmes and category rules ask for, and how much of it this declaration states with the "
                  "figures of the first allocation. It is registered under none of them."),
        table(("List", "Indicators", "Outcome", "What else is missing"), rows, (0, 62, 62, 210), ()),
    )  # fmt: skip


def _of_group(document: Document, group: Group) -> list[Result]:
    return [one for one in document.results if one.indicator is not None and one.indicator.group is group]


def _table(found: Sequence[Result], reasons: Mapping[str, str]) -> Block:
    rows = []
    for one in found:
        values = one.values()
        why = "" if values else reasons.get(one.code, str(words.NOT_COMPUTED))
        about = str(words.NAMES[one.code])
        rows.append([f"{one.code}\n{about}", one.unit, *(_written(values.get(stage)) for stage in _STAGES), why])
    head = ("Indicator", "Unit", *map(str, _STAGES), "Why not declared")
    return table(head, rows, (0, 76, 46, 46, 46, 50, 84), (2, 3, 4, 5))


def _written(value: Decimal | None) -> str:
    return ND if value is None else n3(value)


def _parts(result: Result) -> list[tuple[str, Decimal]]:
    values = result.values()
    return [(module, values[Stage(module)]) for module in PRODUCTION if Stage(module) in values]


def _headlines(page: DeclarationPage) -> list[tuple[str, Decimal]]:
    return [(one.title, one.value) for one in page.figures.headlines if one.value is not None]
