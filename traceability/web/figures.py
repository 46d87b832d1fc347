"""Numbers and gaps as HTML: one way to write a figure, wherever it stands."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from traceability.web import numbers

Value = numbers.Number | numbers.Gap | None


def number(value: Value, unit: str = "", in_table: bool = False) -> SafeString:
    """A figure: three digits to read, all on hover, focus, request and paper. None and gaps are words, never 0.

    Beside kg stands the unit in which its reader thinks, where he has chosen one.
    """
    if value is None or isinstance(value, numbers.Gap):
        return gap(value or numbers.NOT_DECLARED)
    drawn = _figure(numbers.plain(value), numbers.n3(value), numbers.all_digits(value), unit, in_table)
    own = numbers.own_mass(value) if unit == "kg" else ""
    return format_html('{} <span class="own-unit">({})</span>', drawn, own) if own else drawn


def mass(value: Value) -> SafeString:
    """The kg of a table whose head says so, and below them the unit in which the reader thinks."""
    drawn = number(value, in_table=True)
    own = "" if value is None or isinstance(value, numbers.Gap) else numbers.own_mass(value)
    return format_html('{}<span class="sub own-unit">{}</span>', drawn, own) if own else drawn


def percent(share: Value, in_table: bool = False) -> SafeString:
    """A share (0 to 1) in per cent; the data value stays the share."""
    if share is None or isinstance(share, numbers.Gap):
        return gap(share or numbers.NOT_DECLARED)
    value = numbers.percent(share)
    short, full = numbers.n3(value), numbers.all_digits(value.normalize() if value else 0)
    return _figure(numbers.plain(share), short, full, "%", in_table)


def mass_cell(value: Value) -> SafeString:
    """A table cell with kg, right-aligned."""
    return format_html('<td class="r">{}</td>', mass(value))


def cell(value: Value, kind: str = "") -> SafeString:
    """A table cell with a figure, right-aligned; `kind="tot"` for a total."""
    return format_html('<td class="{}">{}</td>', f"r {kind}".strip(), number(value, in_table=True))


def gap(words: object) -> SafeString:
    """A gap in words, quiet and in italics."""
    return format_html('<span class="nd">{}</span>', words)


def _figure(value: str, short: str, full: str, unit: str, in_table: bool) -> SafeString:
    after = format_html('\u202f<span class="unit">{}</span>', unit) if unit else ""
    if short == full:
        return format_html('<data value="{}">{}</data>{}', value, short, after)
    # Inside a table the box "All digits" serves the keyboard: a hundred stops of the tab key would not.
    stop = "" if in_table else mark_safe(' tabindex="0"')
    return format_html(
        '<data value="{}"{}><span class="n3">{}</span><span class="nf">{}</span></data>{}',
        value, stop, short, full, after,
    )  # fmt: skip
