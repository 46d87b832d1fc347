"""Every table of every list page: heads sort, CSV holds the rows, the search narrows, all with few questions."""

from __future__ import annotations

import csv
import html
import io
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.more_rows import MANY, nothing
from tests.web.test_query_budget import PAGES, ListPage, without_what_is_kept

if TYPE_CHECKING:
    from django.test import Client

    from tests.demo_chain import Demo
    from tests.project.site import Site

WITHOUT_ROWS_TO_SORT = ("log", "record")
"""Pages without a table: the public page of the log, and the drafts, each of which is a task."""
NOTHING = "zzzz-nothing"
FOR_A_FILE = 8
"""What a file of few rows asks beside what its page does: their order, and the rows once more."""
STILL = {
    "about/formats.html": "documentation: a list of formats that never grows",
    "about/verifier.html": "documentation: the exit codes",
    "accounts/numbers.html": "examples of how the reader's numbers are understood, in the order of the choice",
    "allauth/elements/table.html": "the frame of tables of the library for accounts",
    "components/rows.html": "the one place where tables that sort are drawn",
    "design/gallery.html": "an example",
    "lab/sheet.html": "a form: the values of a document in its order, each with a box",
    "notices/preferences.html": "a form: a box for each kind of notice and each way",
    "rules/sets.html": "documentation: the versions of a rule set, in the order of their days",
    "traceability/record/check.html": "the answers of one draft, in the order of its questions, before a form",
}
"""The templates that write a table of their own, and why; every other one hands its rows to `{% rows %}`."""


@dataclass
class Drawn:
    """A table as it was drawn: where its heads lead, what each row says, and how many rows there are of all."""

    sorts: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    directions: list[str] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)


@dataclass
class Reader(HTMLParser):
    """The tables of a page, the links to their files, and the names of their searches."""

    page: str
    tables: list[Drawn] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    searches: list[str] = field(default_factory=list)
    inside: list[str] = field(default_factory=list)
    still: list[Drawn] = field(default_factory=list)
    """Tables whose heads do not sort."""

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.page)
        self.still = [one for one in self.tables if one.rows and not one.sorts]
        self.tables = [one for one in self.tables if one.rows and one.sorts]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("thead", "tbody"):
            self.inside.append(tag)
        elif tag == "table":
            self.tables.append(Drawn())
        elif tag == "tr" and self.inside == ["tbody"]:
            self.tables[-1].rows.append("")
        elif tag == "th" and self.inside == ["thead"] and "aria-sort" in given:
            self.tables[-1].directions.append(given["aria-sort"])
        elif tag == "a" and given.get("class") == "sort":
            name = re.findall(r"[?&](?:[a-z0-9-]+-)?sort=-?([a-z0-9]+)", given["href"])[-1]
            self.tables[-1].sorts[name] = given["href"]
        elif tag == "a" and "format=csv" in given.get("href", ""):
            self.files.append(given["href"])
        elif tag == "input" and given.get("id", "").startswith("find-"):
            self.searches.append(given["name"])
        if self.inside == ["tbody"] and "data-copy" in given:
            self.tables[-1].rows[-1] += given["data-copy"]

    def handle_endtag(self, tag: str) -> None:
        if tag in ("thead", "tbody"):
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if self.inside == ["tbody"] and self.tables[-1].rows:
            self.tables[-1].rows[-1] += data


@dataclass
class Visit:
    """A list page as its actor walks it."""

    client: Client
    page: ListPage
    address: str
    query: str

    def read(self, href: str = "") -> Reader:
        """The page, which asks no more than it may however it is sorted."""
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as caught:
            answer: Any = self.client.get(self._to(href))
        assert answer.status_code == 200
        asked = without_what_is_kept(caught)
        assert len(asked) <= self.page.most, "\n".join(asked)
        return Reader(b"".join(answer).decode())

    def file(self, href: str) -> list[dict[str, str]]:
        """The rows of a file, for which no more is asked than for the page, and their order."""
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as caught:
            answer: Any = self.client.get(self._to(href))
            content = b"".join(answer).decode()
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        assert len(without_what_is_kept(caught)) <= self.page.most + FOR_A_FILE
        return list(csv.DictReader(io.StringIO(content)))

    def _to(self, href: str) -> str:
        href = html.unescape(href).partition("#")[0]
        if href.startswith("/"):
            return href
        return self.address + (href or (f"?{self.query}" if self.query else ""))


@pytest.fixture
def visit(request: pytest.FixtureRequest, site: Site, demo: Demo, changing: None) -> Visit:
    page: ListPage = request.param
    site.browsers["auditor"] = demo.client("auditor")
    page.grow(demo, MANY[:7])
    address = site.address(page.route)
    query = (page.longer or page.query).replace("OWNER", str(site.things["organisation"]))
    client = site.browsers[page.actor]
    client.get(address)  # makes the key of webhooks, and what a session needs
    return Visit(client, page, address, query)


SORTED = [one for one in PAGES if one.route not in WITHOUT_ROWS_TO_SORT]
DETAIL_OF = {"lot": "owner", "statement": "owner", "declaration": "owner", "figures": "owner", "tenant": "operator"}
DETAILS = [
    ListPage(route, nothing, actor=actor, most=120, because="no list, but all that is known of one thing")
    for route, actor in DETAIL_OF.items()
]
QUICK = ("stock", "register", "members", "operator_jobs")
each_page = pytest.mark.parametrize(
    "visit",
    [one if one.route in QUICK else pytest.param(one, marks=pytest.mark.slow) for one in (*SORTED, *DETAILS)],
    ids=str,
    indirect=True,
)


@each_page
def test_every_head_sorts_both_ways_and_the_order_changes(visit: Visit) -> None:
    page = visit.read()
    assert page.tables
    assert not page.still
    for number, table in enumerate(page.tables):
        changed = len(set(table.rows)) < 2
        for name, href in table.sorts.items():
            once = visit.read(href).tables[number]
            again = visit.read(once.sorts[name]).tables[number]
            assert sorted((once.directions[-1], again.directions[-1])) == ["ascending", "descending"]
            changed = changed or once.rows != again.rows
        assert changed


@each_page
def test_every_table_has_a_file_with_its_rows_in_their_order_and_a_search_that_narrows_it(visit: Visit) -> None:
    page = visit.read()
    assert len(page.files) == len(page.tables)
    for number, table in enumerate(page.tables):
        for href in list(table.sorts.values())[:2]:
            there = visit.read(href)
            rows = visit.file(there.files[number])
            drawn = there.tables[number].rows
            assert len(rows) >= len(drawn)
            firsts = [next(iter(row.values())).removeprefix("sha256:") for row in rows[: len(drawn)]]
            if "stock" not in there.files[number]:  # the file of the overview is that of the page of stock
                assert all(bare(first) in bare(said) for first, said in zip(firsts, drawn, strict=True)), (
                    firsts,
                    drawn,
                )


@each_page
def test_a_word_that_stands_nowhere_leaves_nothing(visit: Visit) -> None:
    page = visit.read()
    for name in page.searches:
        there = visit.read(f"?{visit.query}&{name}={NOTHING}")
        assert len(there.tables) == len(page.tables) - 1
        assert name in there.searches


def bare(text: str) -> str:
    """A text without what parts its characters, and without the apostrophe against formulas."""
    return re.sub(r"\s", "", text).removeprefix("'").casefold()


def test_only_tables_that_say_why_are_written_without_heads_that_sort() -> None:
    from django.conf import settings

    folders = [settings.BASE_DIR / one / "web/templates" for one in ("traceability", "epd")]
    files = {str(file.relative_to(folder)): file for folder in folders for file in folder.rglob("*.html")}
    assert {name for name, file in files.items() if "<table" in file.read_text()} == set(STILL)
