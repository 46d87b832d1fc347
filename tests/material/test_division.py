"""Split and merge: mass is conserved exactly, and no element appears by dividing or rounding."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability.ledger.quantity import computing, format_quantity
from traceability.material.composition import (
    LotMatter,
    composition_of_rows,
    element_masses,
    parse_rows,
)
from traceability.material.division import (
    MassNotConserved,
    MaterialChanged,
    merged_composition,
    parse_division,
)
from traceability.material.step import InputUnknown

D = Decimal


def urn(number):
    return f"urn:uuid:01930000-0000-7000-8000-{number:012d}"


def lot(number, mass_kg="10", sdev="0.1", **contents):
    rows = [{"species": e, "content_pct": pct, "sdev_rel_pct": sdev} for e, pct in contents.items()]
    return LotMatter(urn(number), "oxide", "oxide", D(mass_kg), composition_of_rows(parse_rows(rows)))


def body(inputs, outputs):
    """Draws and outputs as (number, kg)."""
    return {
        "inputs": [{"lot": urn(number), "mass_kg": kg} for number, kg in inputs],
        "outputs": [
            {"lot": urn(number), "material": "oxide", "stage": "oxide", "mass_kg": kg, "class": "product"}
            for number, kg in outputs
        ],
    }


PARENT = lot(1, Nd2O3="73", Pr6O11="26")
OTHER = lot(2, Nd="60")
HELD = {PARENT.lot: PARENT, OTHER.lot: OTHER}
SPLIT = body([(1, "10")], [(11, "4"), (12, "6")])
MERGE = body([(1, "2.5"), (2, "7.5")], [(13, "10")])


def test_parts_inherit_the_assay_of_the_parent():
    parts = parse_division(SPLIT, HELD)
    assert [part.mass_kg for part in parts] == [D(4), D(6)]
    assert all(part.composition is PARENT.composition for part in parts)


def test_a_merged_lot_has_the_mean_by_mass_as_element_rounded_toward_zero():
    (merged,) = parse_division(MERGE, HELD)
    composition = merged.composition or {}
    # (2.5 x 73 x 0.857356 + 7.5 x 60) / 10 = 60.646747
    assert composition["Nd"].element_pct == composition["Nd"].written_pct == D("60.646747")
    # 2.5 x 26 x 0.827704 / 10 = 5.380076: the other part does not list praseodymium
    assert composition["Pr"].element_pct == D("5.380076")
    assert composition["Nd"].sdev_rel_pct == D("0.1")


def test_a_mean_of_parts_without_sdev_takes_the_class_default():
    merged = merged_composition([(lot(1, Nd="50"), D(1)), (lot(2, sdev=None, Nd="50"), D(1))]) or {}
    assert merged["Nd"].sdev_rel_pct is None


def test_a_part_without_assay_leaves_the_merged_lot_without():
    bare = LotMatter(urn(3), "oxide", "oxide", D(1), None)
    assert merged_composition([(PARENT, D(1)), (bare, D(1))]) is None


@pytest.mark.parametrize(
    ("change", "error", "place"),
    [
        (body([(1, "10")], [(11, "4"), (12, "6.001")]), MassNotConserved, "/outputs"),
        (body([(1, "10")], [(11, "4"), (12, "5.999")]), MassNotConserved, "/outputs"),
        (body([(9, "10")], [(11, "10")]), InputUnknown, "/inputs/0/lot"),
    ],
)
def test_what_does_not_conserve_mass_is_refused(change, error, place):
    with pytest.raises(error) as refusal:
        parse_division(change, HELD)
    assert refusal.value.path == place


@pytest.mark.parametrize(("field", "value"), [("material", "metal"), ("stage", "metal")])
def test_a_split_changes_neither_material_nor_stage(field, value):
    change = body([(1, "10")], [(11, "10")])
    change["outputs"][0][field] = value
    with pytest.raises(MaterialChanged):
        parse_division(change, HELD)


def test_a_part_gains_nothing_by_an_assay_of_its_own():
    change = body([(1, "10")], [(11, "10")])
    change["outputs"][0]["assay"] = {"basis": "dry_mass", "rows": [{"species": "Nd", "content_pct": "99"}]}
    assert parse_division(change, HELD)[0].composition is PARENT.composition


def test_dust_makes_no_matter():
    """999 parts of 0.001 kg, merged again and again: never more element than before."""
    parent = lot(1, mass_kg="0.999", Nd2O3="73.123457", Pr6O11="26.000001")
    dust = [(100 + number, "0.001") for number in range(999)]
    parts = parse_division(body([(1, "0.999")], dust), {parent.lot: parent})
    assert sum(part.mass_kg for part in parts) == D("0.999")
    for _ in range(20):
        merged = merged_composition([(part, part.mass_kg) for part in parts])
        parts = tuple(LotMatter(part.lot, "oxide", "oxide", part.mass_kg, merged) for part in parts)
    before, after = (element_masses(D("0.999"), row) for row in (parent.composition or {}, parts[0].composition or {}))
    for element, kg in before.items():
        assert after[element] <= kg
        assert kg - after[element] <= D("0.00000001")


kilograms = st.integers(1, 10**9).map(lambda grams: D(grams) / 1000)
contents = st.integers(0, 50 * 10**6).map(lambda millionths: D(millionths) / 10**6)
parts = st.lists(st.tuples(kilograms, contents, contents), min_size=2, max_size=12)


@given(parts)
@computing()
def test_merging_and_splitting_again_conserves_mass_and_loses_at_most_a_rounding(rows):
    lots = [
        lot(number, mass_kg=str(kg), Nd=format_quantity(nd), Dy2O3=format_quantity(dy))
        for number, (kg, nd, dy) in enumerate(rows, start=1)
    ]
    whole_kg = sum(kg for kg, _, _ in rows)
    merge = body([(number, format_quantity(kg)) for number, (kg, _, _) in enumerate(rows, start=1)], [])
    merge["outputs"] = body([], [(500, format_quantity(whole_kg))])["outputs"]
    (merged,) = parse_division(merge, {lot.lot: lot for lot in lots})
    masses = [(number, format_quantity(kg)) for number, (kg, _, _) in enumerate(rows)]
    split = body([(500, format_quantity(whole_kg))], masses)
    children = parse_division(split, {merged.lot: merged})
    for element in ("Nd", "Dy"):
        before = sum(element_masses(lot.mass_kg, lot.composition or {})[element] for lot in lots)
        after = sum(element_masses(child.mass_kg, child.composition or {})[element] for child in children)
        assert 0 <= before - after <= whole_kg * D("0.00000001")
