"""What a lot is made of: assays, dry mass, and element masses (record-format.md section 9 "Mass"; algorithms.md).

Everything here reads opened bodies: a caller with withheld values says "not established" before he comes here.
Oxide and element totals (TREO, TREE) are never added: each row counts as the element that it holds.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from traceability.ledger.errors import RecordError
from traceability.ledger.immutable import immutable
from traceability.ledger.kinds.lots import STAGES
from traceability.ledger.quantity import computing, parse_quantity, round_places
from traceability.ledger.shapes import NOTHING_DISCLOSED, MissingField, Word, WrongType
from traceability.material.elements import Species, species_of

MASS_PLACES: Final = 3
ROUNDING_PCT_PER_ROW: Final = Decimal("0.005")
"""Laboratories write contents with at least two decimals: each row may stand half of the second decimal too high."""


class ContentOutOfRange(RecordError):
    """A content is not between 0 and 100 %."""

    code = "content_out_of_range"


class AssayOverHundred(RecordError):
    """The rows of an assay sum to more than the whole."""

    code = "assay_over_100"


class ElementTwice(RecordError):
    """Two rows of an assay count the same element."""

    code = "element_twice"


class TreoMissing(RecordError):
    """The assay is stated in % of total oxides, without the total."""

    code = "treo_missing"


class TreoNotExpected(RecordError):
    """The assay is stated in % of dry mass and names a total of oxides beside it."""

    code = "treo_not_expected"


class TreoNeedsOxides(RecordError):
    """A row in % of total rare-earth oxides is not an oxide."""

    code = "treo_needs_oxides"


class MassOutOfRange(RecordError):
    """A mass is not above 0, or finer than 0.001 kg."""

    code = "mass_out_of_range"


class DryMassMismatch(RecordError):
    """The dry mass does not follow from wet mass and moisture."""

    code = "dry_mass_mismatch"


class Basis(StrEnum):
    """What the contents of an assay are percent of."""

    DRY_MASS = "dry_mass"
    TREO = "treo"


@immutable
class Content:
    """How much of one element a lot holds."""

    element_pct: Decimal
    """kg of the element in 100 kg of dry lot, unrounded."""
    written_pct: Decimal
    """kg of the stated species in 100 kg of dry lot: what the uncertainty class is chosen by."""
    sdev_rel_pct: Decimal | None = None
    """Stated relative sDev in % of the value."""


Composition = Mapping[str, Content]
"""Contents by element symbol, in the order of the assay."""


@immutable
class AssayRow:
    """One measured content, in wt % of the assay's basis."""

    species: Species
    content_pct: Decimal
    sdev_rel_pct: Decimal | None


@dataclass(frozen=True, slots=True)
class Assay:
    """A valid assay; `treo_pct` (wt % of dry mass) stands exactly where the basis is TREO."""

    basis: Basis
    treo_pct: Decimal | None
    rows: tuple[AssayRow, ...]

    @computing()
    def composition(self) -> Composition:
        """The contents of the dry mass, by element."""
        of_dry_mass = Decimal(1) if self.treo_pct is None else self.treo_pct / 100
        return {
            row.species.element: Content(
                element_pct=row.content_pct * of_dry_mass * row.species.element_per_kg,
                written_pct=row.content_pct * of_dry_mass,
                sdev_rel_pct=row.sdev_rel_pct,
            )
            for row in self.rows
        }


@immutable
class LotMatter:
    """The matter of one lot as a statement gives it; without assay there is no composition."""

    lot: str
    material: str
    stage: str
    mass_kg: Decimal
    composition: Composition | None


def parse_assay(body: Mapping[str, object], *, path: str = "") -> Assay:
    """The assay of an opened body; refuses contents that no matter can have."""
    basis = Basis(word(body, "basis", path, among=tuple(Basis)))
    rows = parse_rows(rows_of(body, "rows", path), path=f"{path}/rows")
    if not rows:
        raise MissingField("Enter at least one content.", path=f"{path}/rows")
    return Assay(basis, _parse_treo(body, basis, rows, path=path), rows)


def _parse_treo(body: Mapping[str, object], basis: Basis, rows: Sequence[AssayRow], *, path: str) -> Decimal | None:
    place = f"{path}/treo_pct"
    if basis is Basis.DRY_MASS:
        if "treo_pct" in body:
            raise TreoNotExpected("Leave TREO out, or state the contents as % of TREO.", path=place)
        return None
    if "treo_pct" not in body:
        raise TreoMissing("Enter the total rare-earth oxides in % of dry mass.", path=place)
    for number, row in enumerate(rows):
        if not row.species.is_oxide:
            raise TreoNeedsOxides(
                "State oxides such as Nd2O3 where the contents are % of TREO.", path=f"{path}/rows/{number}/species"
            )
    return _percent(body["treo_pct"], place)


def parse_rows(rows: Sequence[Mapping[str, object]], *, path: str = "") -> tuple[AssayRow, ...]:
    """The content rows of an assay, a loss or an inventory row; each element once, at most 100 % in all."""
    parsed = tuple(_parse_row(row, f"{path}/{number}") for number, row in enumerate(rows))
    seen: set[str] = set()
    for number, row in enumerate(parsed):
        if row.species.element in seen:
            raise ElementTwice(
                f"{row.species.element} is counted twice, as element or as oxide. Keep one of the rows.",
                path=f"{path}/{number}/species",
            )
        seen.add(row.species.element)
    total = sum((row.content_pct for row in parsed), Decimal(0))
    if total > 100 + ROUNDING_PCT_PER_ROW * len(parsed):
        raise AssayOverHundred(f"The contents sum to {total} %. Check them: the whole is 100 %.", path=path)
    return parsed


def _parse_row(row: Mapping[str, object], path: str) -> AssayRow:
    sdev = row.get("sdev_rel_pct")
    return AssayRow(
        species=species_of(word(row, "species", path), path=f"{path}/species"),
        content_pct=_percent(row.get("content_pct"), f"{path}/content_pct"),
        sdev_rel_pct=None if sdev is None else _percent(sdev, f"{path}/sdev_rel_pct"),
    )


def _percent(value: object, path: str) -> Decimal:
    content = parse_quantity(value, path=path)
    if content > 100:
        raise ContentOutOfRange("Enter a content from 0 to 100 %.", path=path)
    return content


def composition_of_rows(rows: Iterable[AssayRow]) -> Composition:
    """The composition of something whose rows are wt % of its mass: a loss, a waste, a bearing reagent."""
    return Assay(Basis.DRY_MASS, None, tuple(rows)).composition()


@computing()
def element_masses(mass_kg: Decimal, composition: Composition) -> Mapping[str, Decimal]:
    """kg of each element in a dry mass, unrounded (algorithms.md, `lodestone-shares/1`)."""
    return {element: mass_kg * content.element_pct / 100 for element, content in composition.items()}


@computing()
def dry_mass(wet_mass_kg: Decimal, moisture_pct: Decimal) -> Decimal:
    """Dry kg: wet x (1 - moisture/100) to 0.001, half-even (section 9, Mass)."""
    return round_places(wet_mass_kg * (1 - moisture_pct / 100), MASS_PLACES)


def parse_mass(value: object, *, path: str = "") -> Decimal:
    """A dry mass in kg, above 0, with at most 3 decimals."""
    mass_kg = parse_quantity(value, path=path)
    if mass_kg == 0 or mass_kg != round_places(mass_kg, MASS_PLACES):
        raise MassOutOfRange("Enter a mass above 0 with at most 3 decimals of a kilogram.", path=path)
    return mass_kg


def require_weighed(fields: Mapping[str, object], *, path: str = "") -> Decimal:
    """The dry mass of the opened lot fields; a wet weighing must give exactly that."""
    mass_kg = parse_mass(fields.get("mass_kg"), path=f"{path}/mass_kg")
    if "wet_mass_kg" in fields or "moisture_pct" in fields:
        wet_kg = parse_quantity(fields.get("wet_mass_kg"), path=f"{path}/wet_mass_kg")
        moisture_pct = _percent(fields.get("moisture_pct"), f"{path}/moisture_pct")
        if dry_mass(wet_kg, moisture_pct) != mass_kg:
            raise DryMassMismatch(
                f"{wet_kg} kg wet with {moisture_pct} % moisture are {dry_mass(wet_kg, moisture_pct)} kg dry. "
                "Correct whichever of the three is wrong.",
                path=f"{path}/mass_kg",
            )
    return mass_kg


def parse_lot(fields: Mapping[str, object], *, path: str = "") -> LotMatter:
    """The matter of a lot from the opened lot fields; a wet weighing must give exactly the dry mass."""
    mass_kg = require_weighed(fields, path=path)
    assay = fields.get("assay")
    if assay is not None and not isinstance(assay, dict):
        raise WrongType("Give the assay as an object.", path=f"{path}/assay")
    return LotMatter(
        lot=word(fields, "lot", path),
        material=word(fields, "material", path),
        stage=word(fields, "stage", path, among=STAGES),
        mass_kg=mass_kg,
        composition=None if assay is None else parse_assay(assay, path=f"{path}/assay").composition(),
    )


def word(body: Mapping[str, object], name: str, path: str, *, among: tuple[str, ...] = ()) -> str:
    """The text of a field, one of `among` where that is not empty."""
    found = body.get(name)
    if not isinstance(found, str):
        raise MissingField(f"{name} is missing.", path=f"{path}/{name}")
    if among and found not in among:
        Word(among).check(found, f"{path}/{name}", NOTHING_DISCLOSED)
    return found


def rows_of(body: Mapping[str, object], name: str, path: str) -> Sequence[Mapping[str, object]]:
    """The objects of a list field; an absent list has none."""
    found = body.get(name, [])
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise WrongType("Use a list of objects.", path=f"{path}/{name}")
    return found
