"""The smallest writer of SVG that the pictures need, and what a picture hands over: drawing, legend, table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from html import escape

from django.utils.translation import gettext as _

from traceability.web.numbers import Number

Attribute = str | float | int | None


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column of a table twin; `figures` stand at the right, their unit in the head."""

    words: str
    unit: str = ""
    figures: bool = False


@dataclass(frozen=True, slots=True)
class Twin:
    """The same as a picture, as a table: for ears, for CSV, for those who want to check.

    `name` is that of the picture on its page; in a column of figures a text says why there is none.
    """

    name: str
    title: str
    head: tuple[Column, ...]
    cells: tuple[tuple[str | Decimal, ...], ...]


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of a legend: a small drawing, words, and the value (or share, 0 to 1) where the legend carries it."""

    svg: str
    words: str
    value: Number | None = None
    is_share: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing with its legend and table; `narrow` is a second drawing for phones, `wide` asks for a scroll region."""

    title: str
    svg: str
    legend: tuple[Key, ...] = ()
    twin: Twin | None = None
    narrow: str = ""
    wide: bool = False


def element(tag: str, *inner: str, **attributes: Attribute) -> str:
    """Return an element; `cls` becomes `class`, `view_box` `viewBox`, other underscores hyphens; None is left out.

    The inner parts are markup; text goes through `text` or `words`.
    """
    spelled = {"cls": "class", "view_box": "viewBox", "ratio": "preserveAspectRatio"}
    written = "".join(
        f' {spelled.get(name) or name.replace("_", "-")}="{escape(_written(value))}"'
        for name, value in attributes.items()
        if value is not None and value != ""
    )
    body = "".join(inner)
    return f"<{tag}{written}>{body}</{tag}>" if body else f"<{tag}{written}/>"


def words(content: str) -> str:
    """Return text as markup."""
    return escape(content, quote=False)


def text(x: Attribute, y: Attribute, content: str, cls: str = "", **attributes: Attribute) -> str:
    """Return a line of text at x, y."""
    return element("text", words(content), x=x, y=y, cls=cls, **attributes)


def rect(
    x: Attribute, y: Attribute, width: Attribute, height: Attribute, cls: str, about: str = "", **rest: Attribute
) -> str:
    """Return a rectangle with an optional title that shows on hover."""
    inner = (element("title", words(about)),) if about else ()
    return element("rect", *inner, cls=cls, x=x, y=y, width=width, height=height, **rest)


def drawing(*inner: str, name: str, title: str, about: str, cls: str, links: bool = False, **size: Attribute) -> str:
    """Return the outermost element with title and description; a drawing with links in it is a group, not an image."""
    return element(
        "svg",
        element("title", words(title), id=f"{name}-t"),
        element("desc", words(about), id=f"{name}-d"),
        *inner,
        cls=f"chart {cls}".strip(),
        role="group" if links else "img",
        aria_labelledby=f"{name}-t {name}-d",
        **size,
    )


def hatch(name: str) -> str:
    """Return the pattern that means lost; paint with `fill=url(#<name>-hatch)`."""
    line = element("path", cls="hatch-ln", d="M2 0v5")
    pattern = element(
        "pattern", line, id=f"{name}-hatch", width=5, height=5, patternUnits="userSpaceOnUse",
        patternTransform="rotate(30)",
    )  # fmt: skip
    return element("defs", pattern)


def key(inner: str, word: str, value: Number | None = None, *, is_share: bool = False) -> Key:
    """Return an entry of a legend whose drawing is 16 by 16."""
    return Key(element("svg", inner, cls="key", view_box="0 0 16 16", aria_hidden="true"), word, value, is_share)


def standalone(svg: str, stylesheet: str) -> str:
    """Return the drawing as a file of its own, painted by `stylesheet` (tokens.css and charts.css)."""
    opened = svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    style = f"<style>{words(stylesheet)}</style>"
    return re.sub(r"(</desc>)", rf"\g<1>{style.replace(chr(92), chr(92) * 2)}", opened, count=1)


def share(part: float, whole: float) -> str:
    """Return `part` of `whole` as a length in per cent, at most three decimals."""
    return f"{_written(100 * part / whole if whole else 0.0)}%"


def _written(value: Attribute) -> str:
    if isinstance(value, float):
        return f"{value + 0.0:z.2f}".rstrip("0").rstrip(".")
    return str(value)


def lost() -> Key:
    """The key of what is lost, hatched."""
    return key(element("path", cls="hatch-ln", d="M0 12 5 4M4 14 11 2M11 12l5-8"), _("Lost"))
