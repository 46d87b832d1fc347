"""Split and merge: a transform without `process` moves matter between lots and changes nothing (record-format.md 5)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_DOWN, Decimal
from typing import Final

from traceability.ledger.errors import RecordError
from traceability.ledger.quantity import computing
from traceability.material.composition import Composition, Content, LotMatter, parse_lot, parse_mass, rows_of, word
from traceability.material.step import InputUnknown

MEAN_STEP: Final = Decimal("0.000001")
"""Contents of a merged lot are written in wt % with 6 decimals."""


class MassNotConserved(RecordError):
    """The masses of a split or merge differ between inputs and outputs."""

    code = "mass_not_conserved"


class MaterialChanged(RecordError):
    """A split or merge changes the material or the stage."""

    code = "material_changed"


Drawn = tuple[LotMatter, Decimal]
"""A lot, with what may be drawn of it, and the dry kg drawn."""


def parse_division(body: Mapping[str, object], drawn: Mapping[str, LotMatter]) -> tuple[LotMatter, ...]:
    """The output lots of an opened `lot.transform` body without `process`, with the composition that they inherit.

    That it is a split or a merge, and states nothing else, custody has checked from open fields.
    """
    inputs = _inputs(body, drawn)
    outputs = tuple(
        parse_lot(row, path=f"/outputs/{number}") for number, row in enumerate(rows_of(body, "outputs", ""))
    )
    _check_division(inputs, outputs)
    composition = inputs[0][0].composition if len(inputs) == 1 else merged_composition(inputs)
    return tuple(replace(output, composition=composition) for output in outputs)


def _inputs(body: Mapping[str, object], drawn: Mapping[str, LotMatter]) -> tuple[Drawn, ...]:
    found = []
    for number, row in enumerate(rows_of(body, "inputs", "")):
        lot = drawn.get(word(row, "lot", f"/inputs/{number}"))
        if lot is None:
            raise InputUnknown("Name a lot of the record as input.", path=f"/inputs/{number}/lot")
        found.append((lot, parse_mass(row.get("mass_kg"), path=f"/inputs/{number}/mass_kg")))
    return tuple(found)


@computing()
def _check_division(inputs: Sequence[Drawn], outputs: Sequence[LotMatter]) -> None:
    in_kg = sum((mass_kg for _, mass_kg in inputs), Decimal(0))
    out_kg = sum((lot.mass_kg for lot in outputs), Decimal(0))
    if in_kg != out_kg:
        raise MassNotConserved(
            f"{in_kg} kg go in and {out_kg} kg come out. A split or merge loses and gains nothing.", path="/outputs"
        )
    first = inputs[0][0]
    for place, lot in [("/inputs", lot) for lot, _ in inputs] + [("/outputs", lot) for lot in outputs]:
        if (lot.material, lot.stage) != (first.material, first.stage):
            raise MaterialChanged("All lots of a split or merge are of one material and stage.", path=place)


@computing()
def merged_composition(parts: Sequence[Drawn]) -> Composition | None:
    """The mass-weighted mean in wt % as element, to 6 decimals toward zero; None where a part has no assay.

    Toward zero, because a mean that is rounded up would make matter. An element that a part does not list counts there
    as 0. The sDev is the largest stated one, or none where a part states none.
    """
    compositions = [(lot.composition, mass_kg) for lot, mass_kg in parts if lot.composition is not None]
    if len(compositions) < len(parts):
        return None
    whole_kg = sum((mass_kg for _, mass_kg in compositions), Decimal(0))
    elements = sorted({element for composition, _ in compositions for element in composition})
    return {
        element: _mean([(row[element], kg) for row, kg in compositions if element in row], whole_kg)
        for element in elements
    }


def _mean(parts: Sequence[tuple[Content, Decimal]], whole_kg: Decimal) -> Content:
    element_pct = sum((content.element_pct * mass_kg for content, mass_kg in parts), Decimal(0)) / whole_kg
    written = element_pct.quantize(MEAN_STEP, rounding=ROUND_DOWN)
    stated = [content.sdev_rel_pct for content, _ in parts if content.sdev_rel_pct is not None]
    return Content(written, written, max(stated) if len(stated) == len(parts) else None)
