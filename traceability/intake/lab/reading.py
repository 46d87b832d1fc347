"""Lab sheets and mill test reports to proposed values, by deterministic rules (docs/lab-sheets.md).

Nothing here is guessed in silence: what can be read in two ways is doubtful, what does not stand there is not found.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from traceability.intake.countries import UnknownCountry, read_country
from traceability.intake.lab import words
from traceability.intake.lab.lines import Cell, Line, Place
from traceability.intake.lab.values import NOT_FOUND, Doubt, State, Value, has_number, number_of, style_of, text_of
from traceability.intake.numbers import NumberStyle
from traceability.intake.units import MASS, UnknownUnit, unit_of
from traceability.ledger.quantity import computing, format_computed
from traceability.material.composition import ROUNDING_PCT_PER_ROW
from traceability.material.elements import SPECIES

OF_DOCUMENT: Final = (words.METHOD, words.LABORATORY, words.REPORT, words.ORIGIN)
"""What a later lot of the same document inherits from the first."""
_FEWEST_IN_HEADING: Final = 2


@dataclass(frozen=True, slots=True)
class Content:
    """The content of one species, in per cent."""

    species: str
    value: Value


@dataclass(frozen=True, slots=True)
class LabLot:
    """What a document says of one lot. Masses are in kg, as weighed; contents are per cent of `basis`."""

    lot_number: Value = NOT_FOUND
    mass_kg: Value = NOT_FOUND
    moisture_pct: Value = NOT_FOUND
    country: Value = NOT_FOUND
    method: Value = NOT_FOUND
    laboratory: Value = NOT_FOUND
    report: Value = NOT_FOUND
    basis: Value = NOT_FOUND
    treo_pct: Value = NOT_FOUND
    contents: tuple[Content, ...] = ()


@dataclass(slots=True)
class _Amount:
    """A cell with an amount, its line, the unit that its surroundings name, and what is doubtful about it already."""

    text: str
    line: Line
    unit: str = ""
    of_treo: bool = False
    doubts: tuple[Doubt, ...] = ()


@dataclass(slots=True)
class _Gathered:
    """The cells that speak of one lot, before their numbers are read."""

    said: dict[str, list[_Amount]] = field(default_factory=dict)
    contents: dict[str, list[_Amount]] = field(default_factory=dict)

    def say(self, role: str, amount: _Amount) -> None:
        self.said.setdefault(role, []).append(amount)

    @property
    def number(self) -> str:
        return self.said[words.NUMBER][0].text if words.NUMBER in self.said else ""


@dataclass(slots=True)
class _Table:
    """The heading of the table that is being read: what its columns hold."""

    line: Line
    columns: list[tuple[Cell, str, str]]
    """Heading, its role (`species`, or one of words), and its unit."""
    species: list[tuple[Cell, words.Named]]

    def of(self, role: str) -> list[tuple[Cell, str]]:
        return [(cell, unit) for cell, found, unit in self.columns if found == role]


@dataclass(frozen=True, slots=True)
class LabSheet:
    """The lots that a document speaks of, in its order, and lines that look like contents but were not understood."""

    lots: tuple[LabLot, ...]
    passed_over: tuple[Place, ...]


def read_lab_lines(lines: Sequence[Line]) -> LabSheet:
    """What a document says of lots; no lots where it says nothing of any."""
    reader = _Reader(lines)
    for line in lines:
        reader.take(line)
    return LabSheet(reader.lots(), tuple(reader.passed_over))


class _Reader:
    """Goes through the lines once and keeps what each says."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._style: NumberStyle | None = style_of(cell.text for line in lines for cell in line.cells)
        self._sections = [_Gathered()]
        self._rows: dict[str, _Gathered] = {}
        self._table: _Table | None = None
        self._unit = ""
        self._of_treo = False
        self.passed_over: list[Place] = []

    def take(self, line: Line) -> None:
        """What one line says: a heading, a row under it, labels with their values, or a remark about the units."""
        table = _heading(line)
        if table:
            self._table = table
        elif self._table and self._table.species and self._row_of_lot(line, self._table):
            return
        elif not (self._row_of_species(line) or self._row_of_label(line) or self._labels(line)) and (
            _looks_like_content(line)
        ):
            self.passed_over.append(line.place)

    # --- tables ----------------------------------------------------------------------------------------------------
    def _row_of_lot(self, line: Line, table: _Table) -> bool:
        """A row under headings of species: one lot."""
        found = [(named, cell, under) for cell, named in table.species if (under := line.under(cell))]
        found = [one for one in found if has_number(one[2].text)]
        first = words.heading_of(line.cells[0].text)
        if not found or (first and first[0] in (words.LIMIT, words.UNIT, words.SPREAD)):
            return bool(first)
        lot = _Gathered()
        for named, _, cell in found:
            lot.contents[named.species] = [_Amount(cell.text, line, named.unit or self._unit, named.of_treo)]
        for heading, role, unit in table.columns:
            under = line.under(heading)
            if under and role in words.LABELS:
                lot.say(role, _Amount(under.text, line, unit))
        if words.NUMBER not in lot.said and not words.species_in(line.cells[0].text):
            first_heading = min((cell.start for cell, _ in table.species), default=0)
            if line.cells[0].end <= first_heading and not has_only_number(line.cells[0].text):
                lot.say(words.NUMBER, _Amount(line.cells[0].text, line))
        self._merge(lot)
        return True

    def _merge(self, lot: _Gathered) -> None:
        """Rows of two tables with one lot number speak of one lot."""
        key = lot.number or f"\0{len(self._rows)}"
        known = self._rows.setdefault(key, lot)
        if known is lot:
            return
        for species, amounts in lot.contents.items():
            known.contents.setdefault(species, []).extend(amounts)
        for role, amounts in lot.said.items():
            known.said.setdefault(role, []).extend(amounts)

    def _row_of_species(self, line: Line) -> bool:
        """A row that begins with a species: its content in one lot, or in several side by side."""
        named_at = next((at for at, cell in enumerate(line.cells[:2]) if words.species_in(cell.text)), None)
        if named_at is None or (named_at == 1 and not line.cells[0].text.strip(".)").isdigit()):
            return False
        named_cell = line.cells[named_at]
        named = words.species_in(named_cell.text)
        values = [cell for cell in line.cells[named_at + 1 :] if has_number(cell.text)]
        if named is None or not values:
            return False
        table = self._table if self._table and not self._table.species else None
        unit = named.unit or self._unit_of_row(line, table)
        lots = [heading for heading, _ in table.of(words.NUMBER) if heading.start > named_cell.start] if table else []
        for heading in lots:
            under = line.under(heading)
            if under and has_number(under.text):
                amount = _Amount(under.text, line, unit or self._unit, named.of_treo)
                self._of_lot(heading.text, line).contents.setdefault(named.species, []).append(amount)
        if lots:
            return True
        cell, doubts, of_column = _result(line, values, table)
        if cell is not None:
            amount = _Amount(cell.text, line, unit or of_column or self._unit, named.of_treo, doubts)
            self._sections[-1].contents.setdefault(named.species, []).append(amount)
        return True

    def _row_of_label(self, line: Line) -> bool:
        """A row of a list of analytes that is none, such as moisture: what was measured stands where theirs does."""
        table, label = self._table, words.label_of(line.cells[0].text)
        values = [cell for cell in line.cells[1:] if has_number(cell.text)]
        if not table or table.species or not label or label[0] not in (words.MOISTURE, words.TREO) or not values:
            return False
        cell, doubts, unit = _result(line, values, table)
        if cell is not None:
            unit = label[1] or self._unit_of_row(line, table) or unit
            self._say(label[0], _Amount(cell.text, line, unit, doubts=doubts))
        return True

    def _unit_of_row(self, line: Line, table: _Table | None) -> str:
        for heading, _ in table.of(words.UNIT) if table else ():
            under = line.under(heading)
            if under:
                return under.text
        return next((cell.text for cell in line.cells[1:] if words.is_unit(cell.text)), "")

    def _of_lot(self, number: str, line: Line) -> _Gathered:
        if number not in self._rows:
            self._rows[number] = _Gathered({words.NUMBER: [_Amount(number, line)]})
        return self._rows[number]

    # --- labels ----------------------------------------------------------------------------------------------------
    def _labels(self, line: Line) -> bool:
        """Whether the line has a label with its value."""
        at, known = 0, False
        while at < len(line.cells):
            label = words.label_of(line.cells[at].text)
            at += 1
            if label is None:
                continue
            role, unit, behind = label
            if not behind and at < len(line.cells) and not words.label_of(line.cells[at].text):
                behind = line.cells[at].text.lstrip(": ")
                at += 1
            if behind:
                known = True
                self._say(role, _Amount(behind, line, unit))
        whole = line.place.text
        if not any(has_number(cell.text) for cell in line.cells):
            self._of_treo = self._of_treo or words.says_of_treo(whole)
            self._unit = words.unit_in(whole) or self._unit
        return known

    def _say(self, role: str, amount: _Amount) -> None:
        section = self._sections[-1]
        if role == words.NUMBER and section.number and section.number != amount.text and section.contents:
            section = _Gathered()
            self._sections.append(section)
            self._table = None
        section.say(role, amount)

    # --- the end ---------------------------------------------------------------------------------------------------
    def lots(self) -> tuple[LabLot, ...]:
        """The lots, each with what the document says of all."""
        first = self._sections[0]
        whole = {role: first.said[role] for role in OF_DOCUMENT if role in first.said}
        gathered = [*self._rows.values(), *(one for one in self._sections if one.contents)]
        if not gathered:
            return tuple(self._lot(one, whole) for one in self._sections if one.said)[:1]
        if len(gathered) == 1 and not gathered[0].contents.keys() & first.contents.keys():
            whole = first.said
        return tuple(self._lot(one, whole) for one in gathered)

    def _lot(self, one: _Gathered, whole: Mapping[str, list[_Amount]]) -> LabLot:
        said = {**whole, **one.said}
        treo = self._number(said.get(words.TREO, ()))
        basis, contents = self._contents(one.contents, treo)
        return LabLot(
            lot_number=_text(said.get(words.NUMBER, ())), mass_kg=self._mass(said.get(words.MASS, ())),
            moisture_pct=self._number(said.get(words.MOISTURE, ())), country=_country(said.get(words.ORIGIN, ())),
            method=_text(said.get(words.METHOD, ())), laboratory=_text(said.get(words.LABORATORY, ())), 
            report=_text(said.get(words.REPORT, ())),
            basis=basis, treo_pct=treo if basis.value != "dry_mass" else NOT_FOUND, contents=contents,
        )  # fmt: skip

    def _number(self, amounts: Sequence[_Amount]) -> Value:
        """An amount in per cent."""
        return _one([_in_per_cent(number_of(one.text, self._style, one.line.place), one) for one in amounts])

    def _mass(self, amounts: Sequence[_Amount]) -> Value:
        return _one([_in_kg(number_of(one.text, self._style, one.line.place), one) for one in amounts])

    def _contents(self, gathered: Mapping[str, list[_Amount]], treo: Value) -> tuple[Value, tuple[Content, ...]]:
        """The contents and what they are per cent of; those on another basis than the rare earths are doubtful."""
        values = {species: self._number(amounts) for species, amounts in gathered.items()}
        of_treo = {
            species: any(one.of_treo for one in amounts) or self._of_treo for species, amounts in gathered.items()
        }
        basis = _basis(values, of_treo, treo)
        if basis.value == "treo":
            values = {
                species: value if of_treo[species] else value.doubted(Doubt.OTHER_BASIS)
                for species, value in values.items()
            }
        elements = [SPECIES[species].element for species in values]
        total = sum((Decimal(one.value) for one in values.values() if one.value), Decimal(0))
        over = total > 100 + ROUNDING_PCT_PER_ROW * len(values)
        found = [
            Content(
                species,
                value.doubted(
                    *([Doubt.ELEMENT_TWICE] if elements.count(SPECIES[species].element) > 1 else []),
                    *([Doubt.OVER_HUNDRED] if over else []),
                ),
            )
            for species, value in values.items()
        ]
        return basis, tuple(found)


def _looks_like_content(line: Line) -> bool:
    """Whether a line begins with a formula that the record does not know, or that stands among other words."""
    return words.is_formula(line.cells[0].text) and any(has_number(cell.text) for cell in line.cells[1:])


def has_only_number(text: str) -> bool:
    """Whether a cell is a bare number, as the number of a row is."""
    return text.strip(". )").isdigit()


def _heading(line: Line) -> _Table | None:
    """The heading of a table: two species without amounts, or the words of a list of analytes."""
    if any(words.label_of(cell.text) and words.label_of(cell.text)[2] for cell in line.cells):  # type: ignore[index]
        return None
    species = [(cell, named) for cell in line.cells if (named := words.species_in(cell.text))]
    columns: list[tuple[Cell, str, str]] = []
    for cell in line.cells:
        if any(cell is one for one, _ in species):
            continue
        label, heading = words.label_of(cell.text), words.heading_of(cell.text)
        if heading:
            columns.append((cell, *heading))
        elif label:
            columns.append((cell, label[0], label[1]))
        else:
            columns.append((cell, "", ""))
    if len(species) >= _FEWEST_IN_HEADING:
        return _Table(line, columns, species)
    roles = [
        role for _, role, _ in columns if role in (words.RESULT, words.UNIT, words.LIMIT, words.ITEM, words.SPREAD)
    ]
    if species or len(line.cells) < _FEWEST_IN_HEADING or not roles:
        return _lots_side_by_side(line, columns) if not species else None
    if columns[0][1] == words.ITEM and not {words.RESULT, words.LIMIT} & set(roles):
        columns = [columns[0], *((cell, role or words.NUMBER, unit) for cell, role, unit in columns[1:])]
    return _Table(line, columns, []) if len(roles) > 1 or columns[0][1] == words.ITEM else None


def _lots_side_by_side(line: Line, columns: list[tuple[Cell, str, str]]) -> _Table | None:
    """A heading such as "Heat No.  H-1001  H-1002": lots beside each other, their contents below."""
    if len(columns) <= _FEWEST_IN_HEADING or columns[0][1] != words.NUMBER or any(role for _, role, _ in columns[1:]):
        return None
    return _Table(line, [(cell, words.NUMBER, "") for cell, _, _ in columns], [])


def _result(line: Line, values: Sequence[Cell], table: _Table | None) -> tuple[Cell | None, tuple[Doubt, ...], str]:
    """The cell of a row that holds what was measured, what is doubtful about it, and the unit of its column."""
    if table:
        under = [(line.under(heading), unit) for heading, unit in table.of(words.RESULT)]
        results = [(cell, unit) for cell, unit in under if cell and has_number(cell.text)]
        if results:
            return results[0][0], (Doubt.SEVERAL_NUMBERS,) if len(results) > 1 else (), results[0][1]
        if table.of(words.RESULT):
            return None, (), ""
        others = [line.under(heading) for role in (words.LIMIT, words.SPREAD) for heading, _ in table.of(role)]
        values = [cell for cell in values if not any(cell is other for other in others)]
    if not values:
        return None, (), ""
    return values[0], (Doubt.SEVERAL_NUMBERS,) if len(values) > 1 else (), ""


def _basis(values: Mapping[str, Value], of_treo: Mapping[str, bool], treo: Value) -> Value:
    """What the contents are per cent of, where the document says so or no other reading is possible."""
    if not values:
        return NOT_FOUND
    first = next(iter(values.values()))
    marked = next((value for species, value in values.items() if of_treo[species] and SPECIES[species].is_oxide), None)
    if marked:
        return Value(State.FOUND, "treo", marked.written, marked.place)
    if not any(SPECIES[species].is_oxide for species in values):
        return Value(State.FOUND, "dry_mass", "", first.place)
    oxides = sum(
        (Decimal(one.value) for species, one in values.items() if one.value and SPECIES[species].is_oxide), Decimal(0)
    )
    if treo.value and abs(oxides - Decimal(treo.value)) <= ROUNDING_PCT_PER_ROW * len(values):
        return Value(State.FOUND, "dry_mass", treo.written, treo.place)  # the oxides sum to TREO itself
    return Value(State.DOUBTFUL, "dry_mass", "", first.place, (Doubt.BASIS_NOT_SAID,))


def _one(values: Sequence[Value]) -> Value:
    """The value of all that was said; doubtful where it was said in two ways."""
    if not values:
        return NOT_FOUND
    first = next((one for one in values if one.value), values[0])
    return first.doubted(Doubt.SAID_TWICE) if any(one.value not in ("", first.value) for one in values) else first


def _text(amounts: Iterable[_Amount]) -> Value:
    return _one([text_of(one.text, one.line.place) for one in amounts])


@computing()
def _in_per_cent(value: Value, amount: _Amount) -> Value:
    value = value.doubted(*amount.doubts)
    unit = words.unit_in(amount.text) or amount.unit
    if not value.value:
        return value
    scaled = replace(value, value=format_computed(Decimal(value.value) * words.per_cent(unit)))
    return scaled if unit else scaled.doubted(Doubt.UNIT_NOT_SAID)


@computing()
def _in_kg(value: Value, amount: _Amount) -> Value:
    if not value.value:
        return value
    behind = amount.text.rsplit(maxsplit=1)[-1].lstrip("0123456789.,'")
    try:
        unit = unit_of(behind or amount.unit, MASS) if behind or amount.unit else None
    except UnknownUnit:
        unit = None
    if unit is None:
        return value.doubted(Doubt.UNIT_NOT_SAID)
    return replace(value, value=format_computed((Decimal(value.value) * unit.factor).quantize(Decimal("0.001"))))


def _country(amounts: Sequence[_Amount]) -> Value:
    found = _text(amounts)
    if found.state is State.NOT_FOUND:
        return found
    try:
        return replace(found, value=read_country(found.value))
    except UnknownCountry:
        return replace(found, value="").doubted(Doubt.NO_COUNTRY)
