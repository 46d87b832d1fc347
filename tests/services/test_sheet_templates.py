"""Templates of sheets: what one downloads, fills in and uploads is understood, in each language."""

import zipfile
from datetime import date
from io import BytesIO

import pytest
from django.conf import settings
from django.utils import translation

from tests.intake.test_sheets import new_urn
from tests.services.market import Market
from traceability.formats.delimited import read_delimited
from traceability.formats.grid import Grid
from traceability.formats.xlsx import read_workbook
from traceability.intake.numbers import NumberStyle
from traceability.intake.sheets.columns import PLANS
from traceability.intake.sheets.headings import Layout, lay_out
from traceability.intake.sheets.reading import SheetReader
from traceability.services import sheet_templates, sheet_words
from traceability.services.sheet_book import book_of
from traceability.services.sheet_templates import Wanted

TODAY = date(2026, 11, 22)
LANGUAGES = [code for code, _name in settings.LANGUAGES]


def laid(grids: list[Grid], act: str) -> Layout:
    plan = PLANS[act]
    layout = lay_out(grids, plan, sheet_words.headings_of(plan))
    assert layout is not None
    return layout


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("act", PLANS)
def test_each_template_is_understood_and_its_example_passed_over(market: Market, act: str, language: str) -> None:
    wanted = Wanted(PLANS[act], "magnet")
    with translation.override(language):
        files = [sheet_templates.workbook(actor=market.mine, wanted=wanted, today=TODAY), sheet_templates.table(wanted)]
    for grids in (read_workbook(files[0], NumberStyle.POINT), [read_delimited(files[1])]):
        layout = laid(grids, act)
        assert layout.mistakes == ()
        assert len(layout.columns) == len(PLANS[act].columns) + len(wanted.species)
        book = book_of(market.mine, PLANS[act], NumberStyle.POINT, "+00:00", TODAY)
        reader = SheetReader(layout, PLANS[act], book, lambda row: f"urn:{row}")
        assert (reader.examples, reader.rows) == (1, [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_itself_would_be_read(market: Market, language: str) -> None:
    """What stands there as an example is right: only its remark keeps it out."""
    with translation.override(language):
        content = sheet_templates.table(Wanted(PLANS["source"], style=NumberStyle.COMMA))
    layout = laid([read_delimited(content)], "source")
    layout.grid.rows[2].pop(layout.column_of("remark"))
    layout.grid.rows[2][max(layout.columns)] = "0,5"
    book = book_of(market.mine, PLANS["source"], NumberStyle.COMMA, "+00:00", TODAY)
    (act,) = SheetReader(layout, PLANS["source"], book, new_urn).acts()
    assert [one.sentence for one in act.mistakes] == []
    assert act.body is not None
    assert (act.body["stage"], act.body["mass_kg"]) == ("oxide", "12878.168")


def test_lots_sites_and_partners_are_offered(market: Market) -> None:
    market.source(lot_number="OFFERED-1")
    content = sheet_templates.workbook(actor=market.mine, wanted=Wanted(PLANS["transform"]), today=TODAY)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        written = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml"))
    assert "OFFERED-1" in written
    assert "Juniper Flat mine" in written
    assert "lists!$" in written


def test_every_choice_has_a_word_and_no_word_has_two_meanings(market: Market) -> None:
    for plan in PLANS.values():
        for column in plan.columns:
            if column.words:
                assert set(sheet_words.choices(column)) == set(column.words)
        words = sheet_words.words_of(plan)
        told = [f"{one.key}:{word}" for one in plan.columns for word in one.words]
        known = {word for one in plan.columns for word in one.words}
        assert {words.get(one, one.partition(":")[2]) for one in told} <= known
