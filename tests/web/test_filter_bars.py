"""The bar above a list: the same words at the same place on every page, a label that is seen, a count, a way back."""

import re

import pytest

from tests.demo_chain import Demo
from tests.web.pages import Page

LISTS = (
    ("isarmagnet", "/stock/"), ("isarmagnet", "/lots/"), ("isarmagnet", "/partners/"), ("isarmagnet", "/requests/"),
    ("isarmagnet", "/notices/"), ("isarmagnet", "/notes/"), ("isarmagnet", "/audit/"), ("", "/declarations/"),
    ("operator", "/operator/organisations/"), ("baltika", "/outgoing/?state=delivered"),
)  # fmt: skip


def _bar(html: str) -> str:
    found = re.search(r'<div class="bar-tools"><form class="row" method="get" role="search".*?</form>.*?</div>', html)
    assert found, "no bar"
    return found.group(0)


def _html(demo: Demo, who: str, address: str) -> str:
    html = str(demo.client(who).get(address).content.decode())
    assert Page(html).faults == []
    return html


@pytest.mark.parametrize(("who", "address"), LISTS)
def test_every_list_has_the_same_bar(demo: Demo, who: str, address: str) -> None:
    bar = _bar(_html(demo, who, address))
    assert re.search(r'<div class="field"><label for="find-[a-z-]+">Search', bar)
    assert len(re.findall(r"<label", bar)) >= len(re.findall(r"<(?:select|input (?!type=\"hidden\"))", bar))
    assert "vh" not in bar
    assert re.search(r"<button[^>]*>.*Filter</button>", bar)
    assert re.search(r'<span class="results-n">[0-9]+ results?</span>', bar)
    assert "Clear" not in bar


@pytest.mark.parametrize(
    ("who", "address", "back"),
    [
        ("isarmagnet", "/stock/?q=MAG&sort=-mass", "?sort=-mass"),
        ("isarmagnet", "/stock/?state=all", "?"),
        ("auditor", "/lots/?stage=alloy", "?"),
        ("baltika", "/outgoing/?state=delivered&q=none", "?state=delivered"),
        ("", "/declarations/?country=DE", "?"),
        ("isarmagnet", "/partners/?q=balt&sort=-name", "?sort=-name"),
    ],
)
def test_what_narrows_a_list_is_cleared_at_once(demo: Demo, who: str, address: str, back: str) -> None:
    bar = _bar(_html(demo, who, address))
    assert f'<a class="btn btn-q" href="{back}">Clear</a>' in bar


def test_the_count_is_of_what_was_asked_for(demo: Demo) -> None:
    assert "23 results" in _bar(_html(demo, "auditor", "/lots/"))
    assert "1 result<" in _bar(_html(demo, "auditor", "/lots/?q=MAG-1"))
    assert "0 results" in _bar(_html(demo, "auditor", "/lots/?q=nothing-is-called-so"))


def test_what_was_typed_stays(demo: Demo) -> None:
    bar = _bar(_html(demo, "", "/declarations/?q=%22magnets&status=published"))
    assert 'value="&quot;magnets"' in bar
    assert '<option value="published" selected>' in bar


def test_many_filters_stand_behind_a_line_that_counts_them(demo: Demo) -> None:
    def folded(query: str) -> tuple[str, str]:
        found = re.search(r'<details class="more-d folded"( open)?><summary>(.*?)</summary>', _html(demo, "", query))
        assert found
        return found[1] or "", found[2]

    assert folded("/declarations/?q=magnet&status=&sort=-published") == ("", "More filters")
    assert folded("/declarations/?status=published&country=") == ("", "More filters, 1 in use")
    assert folded("/declarations/?status=published&country=XX") == (" open", "More filters, 2 in use")
