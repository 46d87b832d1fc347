"""Tables: the region in which one scrolls, its rows, heads, filters and pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.core.paginator import Page
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe

from traceability.web.components import part
from traceability.web.tables import Shown

register = template.Library()


@register.simple_block_tag
def table(content: str, title: str, keep: bool = False) -> SafeString:
    """The named region in which a wide table scrolls; `keep` lets it scroll on wide screens too."""
    return part("table", content=content, title=title, keep=keep)


@register.simple_block_tag(takes_context=True)
def rows(
    context: template.Context, content: str, shown: Shown, tools: bool = True, keep: bool = False, **more: str
) -> SafeString:
    """A table of data with heads that sort, a search, CSV and pages; the matter of the tag are its rows.

    Without `tools` the page has filters of its own, which hand on `{% kept table.kept_sort %}`. Of `more`, `kind` is a
    class, and `about` tells the table from others of its name.
    """
    found = {"content": content, "shown": shown, "tools": tools and shown.asked.sortable, "keep": keep, **more}
    return mark_safe(render_to_string("components/rows.html", found, context.get("request")))  # noqa: S308


@register.simple_block_tag
def filters(
    content: str, shown: Shown, about: str = "", switch: bool = False, tab: str = "", fold: bool = False
) -> SafeString:
    """The bar above a table that has filters of its own: search, the fields of the tag, count, CSV.

    `about` says what is searched, `switch` adds the box for all digits; `tab` is the state that the page is about.
    `fold` is for many fields: on a phone they stand behind a line that says how many of them are in use.
    """
    kept = [*shown.kept_sort, *([("state", tab)] if tab else [])]
    narrowed = shown.narrowed(["state"] if tab else [])
    found = {"content": content, "shown": shown, "about": about, "switch": switch, "kept": kept, "narrowed": narrowed,
             "fold": fold, "active": len(set(narrowed) - {shown.find_name})}  # fmt: skip
    return part("filters", **found, clear_href=f"?{urlencode(kept)}")


@register.simple_tag
def choice(name: str, label: str, options: Iterable[tuple[Any, Any]], chosen: Any = "", every: str = "") -> SafeString:
    """A field of a bar of filters that offers values with their words; `every` are the words for all of them."""
    return part("choice", field=name, label=label, options=options, chosen=str(chosen or ""), every=every)


@register.simple_tag
def kept(pairs: Iterable[tuple[str, str]]) -> SafeString:
    """What a form hands on of the address beside its own fields."""
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)


@register.simple_tag
def head(words: str, unit: str = "", kind: str = "") -> SafeString:
    """The head of a column of a table that holds no data to sort; `kind="r"` for figures."""
    return part("head", words=words, unit=unit, kind=kind)


@register.simple_tag(takes_context=True)
def pagination(context: template.Context, page: Page[Any], what: str, name: str = "page") -> SafeString:
    """`1 to 50 of 214 lots` and the pages; keeps filter and order."""
    query = _query(context)
    query.pop(name, None)
    before = f"?{query.urlencode()}&{name}=" if query else f"?{name}="
    numbers_shown = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return part("pagination", page=page, what=what, before=before, shown=list(numbers_shown))


def _query(context: template.Context) -> QueryDict:
    """The query of the request, to change; empty where there is no request."""
    request = context.get("request")
    return request.GET.copy() if request else QueryDict(mutable=True)
