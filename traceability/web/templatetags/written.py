"""How values are written: filters and tags that every template knows without `{% load %}`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django import template
from django.utils.formats import date_format

from traceability.web import figures, numbers
from traceability.web.spoken import spoken
from traceability.web.words import organisation_role, role

register = template.Library()
register.filter(spoken)
register.filter(role)
register.simple_tag(figures.number)
register.simple_tag(figures.percent)
register.simple_tag(figures.cell)
register.simple_tag(figures.mass, name="mass")
register.simple_tag(figures.mass_cell, name="cell_kg")


@register.filter
def hex(value: bytes) -> str:
    """Stored bytes as digits, for an address."""
    return bytes(value).hex()


@register.filter
def hash_groups(value: str) -> str:
    """A whole digest in groups of eight digits, to read aloud."""
    digits = value.rpartition(":")[2]
    return " ".join(digits[i : i + 8] for i in range(0, len(digits), 8))


@register.filter
def organisation_roles(keys: Iterable[str]) -> str:
    """What an organisation is here for, in a word each."""
    return ", ".join(str(organisation_role(one)) for one in keys)


@register.filter
def n3(value: numbers.Number) -> str:
    """Three significant digits, for running text."""
    return numbers.n3(value)


@register.filter
def digits(value: numbers.Number) -> str:
    """All digits in groups of three; where something is signed."""
    return numbers.all_digits(value)


@register.filter
def filesize(octets: int) -> str:
    """A file size such as `48 kB`."""
    return numbers.size(octets)


@register.filter
def moment(value: datetime) -> str:
    """A moment as `21 Nov 2026, 20:04 UTC`; the value is in UTC."""
    return f"{date_format(value, 'SHORT_DATETIME_FORMAT')} UTC"
