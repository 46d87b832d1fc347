"""The check list of a verifier with what the record holds on each point, as far as its reader may see it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from epd.models import Declaration
from traceability.ledger.kinds.verification import POINTS
from traceability.models import Lot, Statement
from traceability.selectors import access, statements
from traceability.selectors.access import Actor
from traceability.selectors.statements import Told

MOST: Final = 500
"""Lots that are looked at for a page; a longer history is sampled, or verified offline."""
MOST_ROWS: Final = 40
"""Rows that a point shows."""
_FLOWS: Final[Mapping[str, re.Pattern[str]]] = {
    point: re.compile(words)
    for point, words in {
        "neutralisation": r"lime|caustic|soda|hydroxide|carbonate|ammoni|gypsum|sul[fp]h?ur|acid",
        "calcination": r"carbon dioxide|co2|co₂|carbonate|oxalate|calcin|roast",
        "pfc": r"cf4|c2f6|tetrafluoromethane|hexafluoroethane|perfluor|pfc|fluoride",
        "swarf": r"swarf|grinding|sludge|turnings",
        "residues": r"tailing|residue|slag|thorium|uranium|radium|radioactive|norm\b|waste",
    }.items()
}
_PROCESSES: Final[Mapping[str, re.Pattern[str]]] = {
    "calcination": re.compile(r"calcin|roast"),
    "pfc": re.compile(r"electroly|reduc"),
    "swarf": re.compile(r"grind|machin|cut"),
}
_FINDINGS: Final[Mapping[str, frozenset[str]]] = {
    "neutralisation": frozenset({"acid_left_over", "base_left_over", "concentration_unstated", "sulfur_over_inputs"}),
    "calcination": frozenset({"co2_over_carbon", "fuel_counted_twice"}),
    "pfc": frozenset({"fluorine_over_inputs"}),
    "energy": frozenset({"electricity_unusual", "heat_unusual", "electricity_short", "fuel_unit"}),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row of the record: where it stands, and what it says. An amount that is empty is withheld."""

    digest: str
    lot: str
    what: str
    amount: str = ""
    unit: str = ""
    note: str = ""
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """One point with its evidence; none at all is what a verifier asks about first."""

    id: str
    rows: tuple[Evidence, ...]
    more: int
    findings: tuple[str, ...]

    @property
    def withheld(self) -> int:
        return sum(1 for one in self.rows if one.withheld)


@dataclass(frozen=True, slots=True)
class CheckList:
    """The points, and how much of the history the reader may see."""

    points: tuple[Point, ...]
    seen: int
    behind: int

    @property
    def unseen(self) -> int:
        """Lots that are not open to the reader: their makers have given him no mandate."""
        return self.behind - self.seen


def check_list(actor: Actor, declaration: Declaration, body: Mapping[str, Any], today: date) -> CheckList:
    """The check list of a declaration with this opened body."""
    named = _lots(declaration, body)
    behind = {*named, *(one for lot in named for one in access.cone(lot, "ancestors"))}
    lots = list(access.lots(actor, today).filter(pk__among=behind).order_by("pk")[:MOST])
    made = Statement.objects.filter(pk__in={lot.made_by_id for lot in lots}).order_by("pk")
    told = statements.told(actor, made, today)
    number = {lot.made_by_id: str(lot) for lot in reversed(lots)}
    found: dict[str, list[Evidence]] = {point: [] for point in POINTS}
    for pk, one in told.items():
        for point, row in _of_step(number[pk], one):
            found[point].append(row)
    for point, row in _of_body(declaration, body):
        found[point].append(row)
    for row in _shipped(actor, lots, today):
        found["production"].append(row)
    noted = statements.findings(made)
    sentences = [(one.code, one.sentence) for rows in noted.values() for one in rows]
    points = tuple(_point(point, found[point], sentences) for point in POINTS)
    return CheckList(points, len(lots), len(behind))


def _lots(declaration: Declaration, body: Mapping[str, Any]) -> list[UUID]:
    """The lot that was declared, or those of which a reference is the mean."""
    if declaration.lot_id is not None:
        return [declaration.lot_id]
    rows = body.get("computed_from", {}).get("results", ())
    return [UUID(str(row["lot"]).removeprefix("urn:uuid:")) for row in rows]


def _point(point: str, rows: list[Evidence], findings: Iterable[tuple[str, str]]) -> Point:
    said = tuple(dict.fromkeys(words for code, words in findings if code in _FINDINGS.get(point, ())))
    return Point(point, tuple(rows[:MOST_ROWS]), max(0, len(rows) - MOST_ROWS), said)


def _of_step(lot: str, told: Told) -> Iterator[tuple[str, Evidence]]:
    """What one statement that made a lot says on each point."""
    digest = bytes(told.original.row.digest).hex()
    for row in _rows(told.body, "inventory"):
        made = Evidence(
            digest, lot, str(row.get("flow", "")), str(row.get("amount", "")), str(row.get("unit", "")), _note(row),
            "amount" not in row,
        )  # fmt: skip
        for point in _points_of(row):
            yield point, made
    for step in told.claim.get("process", ()):
        for point, words in _PROCESSES.items():
            if words.search(str(step["step"]).lower()):
                yield point, Evidence(digest, lot, str(step["step"]), note=str(step["country"]))
    for row in _rows(told.body, "outputs"):
        yield from _of_output(digest, row)
    for row in _rows(told.body, "losses"):
        mass = str(row.get("mass_kg", ""))
        made = Evidence(digest, lot, str(row.get("kind", "")), mass, "kg", withheld=not mass)
        yield ("swarf" if _FLOWS["swarf"].search(made.what.lower()) else "residues"), made
    for row in _rows(told.body, "exclusions"):
        yield "exclusions", Evidence(digest, lot, str(row["flow"]), note=str(row["reason"]))


def _of_output(digest: str, row: Mapping[str, Any]) -> Iterator[tuple[str, Evidence]]:
    name, mass = str(row.get("material", "")), str(row.get("mass_kg", ""))
    made = Evidence(digest, str(row.get("lot_number", "")), name, mass, "kg", str(row.get("class", "")), not mass)
    yield "production", made
    if row.get("class") in ("secondary", "waste"):
        yield ("swarf" if _FLOWS["swarf"].search(name.lower()) else "residues"), made
    price = row.get("price")
    if isinstance(price, dict):
        note = f"{price.get('period', '')}, {price.get('source', '')}"
        unit = f"{price.get('currency', '')}/kg"
        yield "prices", Evidence(digest, made.lot, name, str(price.get("value_per_kg", "")), unit, note)


def _points_of(row: Mapping[str, Any]) -> Iterator[str]:
    words, role = str(row.get("flow", "")).lower(), row.get("role")
    yield from (point for point, pattern in _FLOWS.items() if pattern.search(words) and point != "residues")
    if role == "waste" or _FLOWS["residues"].search(words):
        yield "residues"
    if role in ("electricity", "heat", "fuel") and (row.get("basis") == "apportioned" or "apportionment" in row):
        yield "energy"
    if role == "electricity":
        yield "electricity"


def _note(row: Mapping[str, Any]) -> str:
    """How an amount was found, from which factor, and how it was apportioned."""
    shared = row.get("apportionment")
    said = [str(row.get("basis", "")), *map(str, row.get("factors", ()))]
    said += [f"{shared.get('key', '')}, {shared.get('period', '')}"] if isinstance(shared, dict) else []
    said += [f"{row['concentration']} of it active"] if "concentration" in row else []
    return "; ".join(one for one in said if one)


def _of_body(declaration: Declaration, body: Mapping[str, Any]) -> Iterator[tuple[str, Evidence]]:
    digest = bytes(declaration.statement.digest).hex()
    for row in body.get("exclusions", ()):
        yield "exclusions", Evidence(digest, "", str(row["flow"]), note=str(row["reason"]))
    for row in body.get("allocation", {}).get("shares", ()):
        yield (
            "prices",
            Evidence(digest, "", str(row["basis"]), str(row["share"]), "", str(body["allocation"]["choice"])),
        )


def _shipped(actor: Actor, lots: list[Lot], today: date) -> Iterator[Evidence]:
    """What was dispatched of these lots, beside what was made."""
    ids = [lot.pk for lot in lots]
    names = {lot.urn: str(lot) for lot in lots}
    sent = Statement.objects.filter(kind="lot.dispatch", links__subject__among=ids).order_by("pk").distinct()
    for one in statements.told(actor, sent, today).values():
        mass = str(one.body.get("mass_kg", ""))
        digest = bytes(one.original.row.digest).hex()
        yield Evidence(digest, names.get(str(one.body["lot"]), ""), "lot.dispatch", mass, "kg", withheld=not mass)


def _rows(body: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The rows of a list that are open to the reader."""
    found = body.get(name, ())
    return [row for row in found if isinstance(row, dict) and "closed_row" not in row]
