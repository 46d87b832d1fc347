"""Tables of data in memory and as files: sorted, narrowed, linked, written."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpRequest
from django.template import Context, Template
from django.test import RequestFactory

from traceability.web import csv_files, tables
from traceability.web.tables import Column, Shown, Table, buttons, figures

LINES = (("b", Decimal("2.50"), None), ("A", Decimal("-10"), date(2026, 2, 1)), ("c", None, date(2026, 1, 1)))
TABLE = Table(
    "things",
    "Things",
    (
        Column("name", "Name", lambda line: line[0]),
        figures("mass", "Mass", lambda line: line[1], unit="kg"),
        Column("day", "Day", lambda line: line[2]),
        Column("note", "Note", lambda line: "=1+1", seen=False),
        buttons("Actions"),
    ),
    usual="name",
    find=("name",),
)


def asked(query: str = "") -> HttpRequest:
    return RequestFactory().get(f"/things/?{query}")


def shown(query: str = "", table: Table = TABLE) -> Shown:
    return table.of(asked(query), LINES)


def names(query: str) -> str:
    return "".join(line[0] for line in shown(query).lines)


@pytest.mark.parametrize(
    ("query", "order"),
    [("", "Abc"), ("sort=-name", "cbA"), ("sort=mass", "Abc"), ("sort=-mass", "bAc"), ("sort=day", "cAb"),
     ("sort=-day", "Acb"), ("sort=acts", "Abc"), ("sort=pk", "Abc"), ("q=B", "b"), ("q=zz", ""), ("q=%00b", "b")],
)  # fmt: skip
def test_lines_are_sorted_and_narrowed_as_asked_and_gaps_stand_last(query: str, order: str) -> None:
    assert names(query) == order


def draw(query: str, table: Table = TABLE) -> str:
    context = {"request": asked(query), "things": shown(query, table)}
    return Template("{% load lodestone %}{% rows things %}{% endrows %}").render(Context(context))


@pytest.mark.parametrize(
    ("query", "said", "link"),
    [
        ("", "", "?sort=mass"),
        ("sort=mass&state=on&page=3", ' aria-sort="ascending"', "?sort=-mass&amp;state=on"),
        ("sort=-mass&state=on", ' aria-sort="descending"', "?sort=mass&amp;state=on"),
        ("state=on&q=b", "", "?state=on&amp;q=b&amp;sort=mass"),
    ],
)
def test_the_head_of_a_column_sorts_keeps_the_filters_and_goes_to_the_first_page(
    query: str, said: str, link: str
) -> None:
    head = next(one for one in draw(query).split("<th ") if "Mass" in one)
    assert head.startswith(f'scope="col" class="r"{said}>')
    assert sorted(head.partition('href="?')[2].partition('"')[0].split("&amp;")) == sorted(link[1:].split("&amp;"))


def test_a_second_table_of_a_page_has_an_address_and_a_place_of_its_own() -> None:
    second = Table(TABLE.name, TABLE.title, TABLE.columns, find=("name",), part="second")
    page = draw("sort=-mass&second-sort=name&second-q=b", second)
    assert 'id="table-second"' in page
    assert 'name="second-q" value="b"' in page
    assert 'href="?sort=-mass&amp;second-q=b&amp;second-sort=-name#table-second"' in page
    assert 'href="?sort=-mass&amp;second-sort=name&amp;second-q=b&amp;second-format=csv"' in page


def test_a_search_that_finds_nothing_says_so_and_leads_back() -> None:
    page = draw("q=zz&sort=-name")
    assert "Nothing in this list matches." in page
    assert 'href="?sort=-name"' in page
    assert "format=csv" not in page


def rows(query: str) -> list[str]:
    answer: Any = tables.answer(asked(query), "no template", {"things": shown(query)})
    assert answer["Content-Disposition"] == 'attachment; filename="things.csv"'
    return b"".join(answer.streaming_content).decode().split("\r\n")


def test_the_file_has_the_rows_of_the_page_with_plain_numbers_and_no_formula() -> None:
    assert rows("format=csv&sort=-mass") == [
        "Name,Mass kg,Day,Note", "b,2.50,,'=1+1", "A,-10,2026-02-01,'=1+1", "c,,2026-01-01,'=1+1", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("+1", "'+1"), ("-1", "'-1"), ("@a", "'@a"), ("\ta", "'\ta"), (Decimal("-1E+3"), "-1000"), (-2, "-2"),
        (True, "yes"), (False, "no"), (None, ""), (["a", "b"], "a; b"), (["=a"], "'=a"),
        (datetime(2026, 11, 22, 8, 0, tzinfo=UTC), "2026-11-22T08:00:00Z"),
    ],
)  # fmt: skip
def test_a_cell_of_a_file_is_for_machines_and_starts_no_formula(value: csv_files.Cell, written: str) -> None:
    assert csv_files.written(value) == written
