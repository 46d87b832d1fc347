"""Factor tables of practitioners as text (CSV): a row for each factor, a column for each indicator.

An empty cell is "not declared"; it is never zero.
"""

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from io import StringIO
from typing import Any, Final

from epd.documents.background import LIMITS, PER, Allocated, Candidate, Terms, with_id
from epd.documents.checks.plausible import MAY_BE_NEGATIVE
from epd.documents.finding import Finding, Severity
from epd.documents.own import CODES
from epd.documents.units import unit_key
from epd.formats.defects import day, number
from epd.lca.factors import Scope
from epd.lca.indicators import INDICATORS, VINTAGES
from epd.lca.result import written
from traceability.formats.delimited import read_delimited
from traceability.ledger.errors import RecordError
from traceability.ledger.quantity import format_computed

MOST_ROWS: Final = 2_000
NEEDED: Final = ("name", "unit", "geography", "year")
UNITS: Final = (*dict.fromkeys(unit for unit, _size in PER.values()), "tkm")
_HEAD: Final = re.compile(r"([a-z0-9_]+)\s*(?:\[(.*)\])?")
_MARKS: Final = ("te", "ge", "ti")
_YES: Final = {"yes": True, "no": False, "": False}
_NOT_DECLARED: Final = frozenset({"", "ND", "MND"})


class NotAFactorTable(RecordError):
    """A table whose columns are not those of the template."""

    code = "not_a_factor_table"


def _among(words: tuple[str, ...], usual: str = "") -> Callable[[str], str | None]:
    return lambda text: (text or usual) if (text or usual) in words else None


_COLUMNS: Final[Mapping[str, Callable[[str], Any]]] = {
    "name": lambda text: text[:200] or None,
    "unit": lambda text: text if text in UNITS else None,
    "geography": lambda text: text[:80] or None,
    "year": lambda text: text if re.fullmatch(r"[12][0-9]{3}", text) else None,
    "source": lambda text: text[:500],
    "licence": lambda text: text[:200],
    "includes": _among(tuple(Scope), Scope.LIFE_CYCLE),
    "gwp_vintage": _among(VINTAGES, "not_stated"),
    "allocation": _among(tuple(Allocated), ""),
    "compartment": lambda text: text[:80],
    "valid_until": lambda text: "" if not text else found.isoformat() if (found := day(text)) else None,
    "second_hand": lambda text: _YES.get(text.lower()),
    **{mark: lambda text: 3 if not text else int(text) if text in set("12345") else None for mark in _MARKS},
}
"""What a column means: None where a cell says nothing that can be."""
_EMPTY: Final = {"allocation"}


def template() -> bytes:
    """The table to fill in, with one row as an example."""
    said = StringIO()
    writer = csv.writer(said, lineterminator="\r\n")
    writer.writerow([*_COLUMNS, *(f"{name} [{unit}]" for name, unit in INDICATORS.items())])
    row = {"name": "example: ferrosilicon", "unit": "kg", "geography": "NO", "year": "2024", "gwp_vintage": "AR6",
           "source": "where the numbers stand", "licence": "who may use them", "includes": Scope.LIFE_CYCLE,
           "allocation": Allocated.UNKNOWN, "second_hand": "no", "te": "3", "ge": "2", "ti": "1",
           "gwp_ghg": "4.5", "gwp_fossil": "4.48"}  # fmt: skip
    writer.writerow([row.get(name, "") for name in (*_COLUMNS, *INDICATORS)])
    return b"\xef\xbb\xbf" + said.getvalue().encode()


def read_table(content: bytes, terms: Terms, file_digest: str) -> tuple[Candidate, ...]:
    """A candidate for each row; refuses a table without the columns that every factor needs."""
    grid = read_delimited(content)
    if len(grid.rows) < 2:
        raise NotAFactorTable("The table has no row. Take the template and fill it in.")
    if len(grid.rows) > MOST_ROWS + 1:
        raise NotAFactorTable(f"Bring at most {MOST_ROWS} factors in one table. Nothing was read.")
    head, *rows = sorted(grid.rows)
    columns = _columns(grid.rows[head])
    return tuple(_candidate(place, grid.rows[place], columns, terms, file_digest) for place in rows)


def _columns(head: Mapping[int, str]) -> Mapping[int, str]:
    found: dict[int, str] = {}
    for place, text in head.items():
        match = _HEAD.fullmatch(text.strip().lower() if "[" not in text else text.strip())
        name = match[1] if match else ""
        if name not in _COLUMNS and name not in INDICATORS:
            raise NotAFactorTable("A column is none of the template. Take it out, or name it as there.", path=text[:80])
        if name in found.values():
            raise NotAFactorTable("A column stands twice. Keep one.", path=text[:80])
        unit = match[2] if match else None
        if name in INDICATORS and unit is not None and not _same(INDICATORS[name], unit):
            raise NotAFactorTable(f"State {name} in {INDICATORS[name]}, per unit of the flow.", path=text[:80])
        found[place] = name
    missing = [name for name in NEEDED if name not in found.values()]
    if missing:
        raise NotAFactorTable("A column is missing that every factor needs. Take the template.", path=missing[0])
    return found


def _same(unit: str, text: str) -> bool:
    return text.strip() == unit or (unit_key(text) is not None and unit_key(text) == unit_key(unit))


def _candidate(
    row_number: int, row: Mapping[int, str], columns: Mapping[int, str], terms: Terms, file_digest: str
) -> Candidate:
    cells = {name: row.get(place, "").strip() for place, name in columns.items()}
    findings: list[Finding] = []
    said: dict[str, Any] = {}
    for name, meaning in _COLUMNS.items():
        value = meaning(cells.get(name, ""))
        if value is None and not (name in _EMPTY and not cells.get(name)):
            findings.append(_wrong(name, cells.get(name, "")))
        said[name] = value
    indicators = list(_indicators(cells, findings))
    if not indicators and not findings:
        findings.append(Finding("nothing_declared", Severity.ERROR, "The row states no indicator. Fill one in."))
    licence, source = said["licence"] or terms.licence, said["source"] or terms.source
    findings += [_wrong(name, "") for name, text in (("source", source), ("licence", licence)) if not text]
    name = cells.get("name", "")
    if any(one.severity is Severity.ERROR for one in findings):
        return Candidate(name, tuple(findings), place=str(row_number))
    allocation = Allocated(said["allocation"] or terms.allocation)
    body: dict[str, Any] = {
        "name": said["name"], "flow": said["name"], "unit": said["unit"], "indicators": indicators,
        "includes": said["includes"], "year": said["year"], "geography": said["geography"],
        "gwp_vintage": said["gwp_vintage"], "quality": {mark: said[mark] for mark in _MARKS},
        "illustrative": False, "second_hand": said["second_hand"], "source": source, "licence": licence,
        "document": {"format": "factor table", "file": file_digest, "allocation": allocation.value,
                     **({"valid_until": said["valid_until"]} if said["valid_until"] else {})},
    }  # fmt: skip
    body |= {"compartment": said["compartment"]} if said["compartment"] else {}
    body |= {"limits": list(LIMITS[allocation])} if LIMITS[allocation] else {}
    return Candidate(name, tuple(findings), with_id(body), str(row_number))


def _indicators(cells: Mapping[str, str], findings: list[Finding]) -> Iterator[Mapping[str, str]]:
    for name, unit in INDICATORS.items():
        text = cells.get(name, "")
        if text.upper() in _NOT_DECLARED:
            continue
        value = number(text)
        if value is None:
            findings.append(_wrong(name, text))
        elif value < 0 and CODES[name] not in MAY_BE_NEGATIVE:
            sentence = "This figure cannot be negative. Correct it."
            findings.append(Finding("negative", Severity.ERROR, sentence, name, values={"written": text[:80]}))
        else:
            try:
                yield {"indicator": name, "unit": unit, "value": format_computed(written(value))}
            except RecordError:
                findings.append(_wrong(name, text))


def _wrong(column: str, text: str) -> Finding:
    sentence = "This cell is empty or cannot be read. Fill it in as in the template, numbers with a point."
    return Finding("cell_unreadable", Severity.ERROR, sentence, column, values={"written": text[:80] or "-"})
