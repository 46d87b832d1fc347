"""The opened body of a statement as a person reads it: names and values, lists of objects as tables, gaps as words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeGuard
from uuid import UUID

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from traceability.ledger.pointers import pointer
from traceability.web import codes, figures, words
from traceability.web.lot_words import Vocabulary
from traceability.web.spoken import spoken

UNITS: Final = {"kg": "kg", "pct": "%", "km": "km", "mj": "MJ", "deg": "°"}
NAMES: Final = {
    "a1_a3": gettext_lazy("A1 to A3"),
    "a1": "A1",
    "a2": "A2",
    "a3": "A3",
    "gwp": "GWP-GHG",
    "treo_pct": gettext_lazy("TREO, %"),
    "wip_change": gettext_lazy("Work in progress"),
    "lei": "LEI",
    "did": "DID",
}


FIRST: Final = ("lot", "flow", "species", "element", "indicator", "cause", "step", "country", "kind", "source",
                "material", "stage", "class", "lot_number", "mass_kg", "amount", "unit", "share")  # fmt: skip
"""Columns that stand first, in this order."""
MOST_IN_A_CELL: Final = 16
MOST_MEMBERS: Final = 4


@dataclass(frozen=True, slots=True)
class Table:
    """A list of objects: one row each, the columns in the order in which they first occur."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[SafeString, ...], ...]
    withheld: int
    """Rows that are withheld whole."""


@dataclass(frozen=True, slots=True)
class Block:
    """An object: its plain values, its tables, and the objects inside it."""

    title: str
    pairs: tuple[tuple[str, SafeString], ...]
    tables: tuple[Table, ...]
    inner: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader knows: names, which places are withheld, which are gone. The page says once by whom."""

    vocabulary: Vocabulary
    withheld: frozenset[str]
    erased: frozenset[str]

    def gap(self, place: str) -> SafeString:
        return figures.gap("erased" if place in self.erased else "withheld")

    def under(self, path: str) -> list[str]:
        """The names or positions right below a place that are withheld."""
        start = f"{path}/"
        return [place.removeprefix(start) for place in sorted(self.withheld)
                if place.startswith(start) and "/" not in place.removeprefix(start)]  # fmt: skip


def block(title: str, value: Mapping[str, Any], path: str, reading: Reading) -> Block:
    """An object with everything in it."""
    pairs: list[tuple[str, SafeString]] = []
    tables: list[Table] = []
    inner: list[Block] = []
    for name, one in value.items():
        place, label = pointer(path, name), words_of(name)
        if isinstance(one, dict):
            inner.append(block(label, one, place, reading))
        elif _is_rows(one) or (isinstance(one, list) and reading.under(place)):
            rows = _places(one, place, reading)
            if any(_is_long(member) for row, _ in rows for member in row.values()):
                inner += [block(f"{label} {number}", row, at, reading) for number, (row, at) in enumerate(rows, 1)]
                withheld = len(reading.under(place))
                tables += [Table(label, (), (), withheld)] if withheld else []
            else:
                tables.append(_table(label, rows, len(reading.under(place)), reading))
        else:
            pairs.append((label, shown(one, place, reading)))
    pairs += [(words_of(name), reading.gap(pointer(path, name))) for name in reading.under(path)]
    return Block(title, tuple(pairs), tuple(tables), tuple(inner))


def _places(rows: Sequence[Mapping[str, Any]], path: str, reading: Reading) -> list[tuple[Mapping[str, Any], str]]:
    """Each row that is there with its place: rows that are withheld whole take numbers too."""
    gone = set(reading.under(path))
    numbers = (number for number in range(len(rows) + len(gone)) if str(number) not in gone)
    return [(row, f"{path}/{number}") for row, number in zip(rows, numbers, strict=True)]


def _is_rows(value: object) -> TypeGuard[list[dict[str, Any]]]:
    return isinstance(value, list) and any(isinstance(one, dict) for one in value)


def _is_long(value: object) -> bool:
    """Whether a member of a row is too much for a cell: a table of its own."""
    if isinstance(value, dict):
        return any(_is_long(one) for one in value.values())
    return _is_rows(value) and (len(value) > MOST_IN_A_CELL or any(len(row) > MOST_MEMBERS for row in value))


def _table(label: str, places: Sequence[tuple[Mapping[str, Any], str]], withheld: int, reading: Reading) -> Table:
    missing = {place: reading.under(place) for _, place in places}
    named = dict.fromkeys(name for row, place in places for name in (*row, *missing[place]))
    columns = sorted(named, key=lambda name: FIRST.index(name) if name in FIRST else len(FIRST))
    rows = tuple(
        tuple(
            shown(row[name], pointer(place, name), reading) if name in row
            else reading.gap(pointer(place, name)) if name in missing[place] else SafeString("")
            for name in columns
        )
        for row, place in places
    )  # fmt: skip
    return Table(label, tuple(words_of(name) for name in columns), rows, withheld)


def words_of(name: str) -> str:
    """A field's name as a person reads it, with its unit."""
    if name in NAMES:
        return str(NAMES[name])
    stem, _sign, last = name.rpartition("_")
    if stem and last in UNITS:
        return f"{spoken(plain(stem))}, {UNITS[last]}"
    return spoken(plain(name))


def plain(name: str) -> str:
    """A field's name in English words, as the catalogue knows it."""
    said = name.replace("_", " ")
    return said[:1].upper() + said[1:]


def shown(value: object, place: str, reading: Reading) -> SafeString:
    """A value with all its digits; subjects by the name that the reader knows; small objects in one line."""
    if isinstance(value, dict):
        return _in_line(value, place, reading)
    if _is_rows(value):
        rows = _places(value, place, reading)
        return format_html_join("; ", "{}", ((_in_line(row, at, reading),) for row, at in rows))
    if isinstance(value, list):
        return format_html_join(", ", "{}", ((shown(one, place, reading),) for one in value))
    if isinstance(value, bool):
        return format_html("{}", _("yes") if value else _("no"))
    if isinstance(value, str) and value.startswith("urn:uuid:"):
        return _subject(value, reading.vocabulary)
    if isinstance(value, str) and value.startswith("sha256:"):
        return format_html('<code class="full-hash">{}</code>', value)
    return format_html("{}", codes.said(value, place.rpartition("/")[2]) if isinstance(value, str) else value)


def _in_line(row: Mapping[str, Any], place: str, reading: Reading) -> SafeString:
    if "species" in row and "content_pct" in row:
        more = (_(" (± %(row)s %% of it)") % {"row": row["sdev_rel_pct"]}) if "sdev_rel_pct" in row else ""
        return format_html("{} {} %{}", row["species"], row["content_pct"], more)
    said = [(words.inside(words_of(name)), shown(one, pointer(place, name), reading)) for name, one in row.items()]
    said += [(words.inside(words_of(name)), reading.gap(pointer(place, name))) for name in reading.under(place)]
    return format_html_join(", ", "{} {}", said)


def _subject(urn: str, vocabulary: Vocabulary) -> SafeString:
    one = UUID(urn[9:])
    if one in vocabulary.labels:
        return format_html('<a href="{}">{}</a>', reverse("lot", args=[one]), vocabulary.labels[one])
    if one in vocabulary.names:
        return format_html("{}", vocabulary.names.of(one))
    return format_html('<code class="full-hash">{}</code>', urn)


def flat(value: object, path: str = "") -> dict[str, str]:
    """Every value of a body by its place in words, for the comparison of two versions."""
    if isinstance(value, dict):
        return {k: v for name, one in value.items() for k, v in flat(one, f"{path}, {words_of(name)}").items()}
    if isinstance(value, list) and any(isinstance(one, dict) for one in value):
        return {k: v for number, one in enumerate(value, start=1) for k, v in flat(one, f"{path} {number}").items()}
    said = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return {path.removeprefix(", "): said}


def differences(before: object, after: object) -> list[tuple[str, str, str]]:
    """Place, old and new value of everything that two versions say differently; an absent value is a gap in words."""
    old, new = flat(before), flat(after)
    return [
        (place, old.get(place, _("not stated")), new.get(place, _("not stated")))
        for place in dict.fromkeys((*old, *new))
        if old.get(place) != new.get(place)
    ]
