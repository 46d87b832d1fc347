"""Assays and dry masses: one valid body, one mutation per refusal."""

import copy
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.material import demo
from traceability.ledger.errors import RecordError
from traceability.ledger.shapes import MissingField, OutOfRange, WrongType
from traceability.material.composition import (
    AssayOverHundred,
    ContentOutOfRange,
    DryMassMismatch,
    ElementTwice,
    MassOutOfRange,
    TreoMissing,
    TreoNeedsOxides,
    TreoNotExpected,
    dry_mass,
    element_masses,
    parse_assay,
    parse_lot,
    parse_rows,
)
from traceability.material.elements import UnknownSpecies

D = Decimal
LOT = "urn:uuid:01930000-0000-7000-8000-000000000001"
OXIDE = {
    "basis": "dry_mass",
    "rows": [
        {"species": "Nd2O3", "content_pct": "72.5", "sdev_rel_pct": "0.1"},
        {"species": "Pr6O11", "content_pct": "27"},
    ],
}
TREO = {
    "basis": "treo",
    "treo_pct": "60",
    "rows": [{"species": "La2O3", "content_pct": "32.3"}, {"species": "CeO2", "content_pct": "50.2"}],
}
CONCENTRATE = {
    "lot": LOT,
    "material": "bastnaesite concentrate",
    "stage": "concentrate",
    "mass_kg": "122168.022",
    "wet_mass_kg": "129966",
    "moisture_pct": "6",
    "assay": TREO,
}


def changed(body, path, value):
    found = copy.deepcopy(body)
    *parents, last = path
    place = found
    for name in parents:
        place = place[name]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return found


def test_contents_count_as_element_of_dry_mass():
    composition = parse_assay(OXIDE).composition()
    assert composition["Nd"].element_pct == D("72.5") * D("0.857356")
    assert composition["Nd"].written_pct == D("72.5")
    assert composition["Nd"].sdev_rel_pct == D("0.1")
    assert composition["Pr"].sdev_rel_pct is None


def test_percent_of_treo_counts_as_percent_of_treo():
    composition = parse_assay(TREO).composition()
    assert composition["Ce"].written_pct == D("30.12")
    assert element_masses(D(1000), composition)["Ce"] == D("301.2") * D("0.814088")


def test_alternative_stoichiometry_counts_where_it_is_named():
    assay = changed(OXIDE, ["rows", 1, "species"], "Pr2O3")
    assert parse_assay(assay).composition()["Pr"].element_pct == D("27") * D("0.854472")


@pytest.mark.parametrize(
    ("path", "value", "error", "place"),
    [
        (["basis"], None, MissingField, "/assay/basis"),
        (["basis"], "wet_mass", OutOfRange, "/assay/basis"),
        (["rows"], None, MissingField, "/assay/rows"),
        (["rows"], {}, WrongType, "/assay/rows"),
        (["rows"], ["Nd"], WrongType, "/assay/rows"),
        (["rows", 0, "species"], None, MissingField, "/assay/rows/0/species"),
        (["rows", 0, "species"], "Nd2O4", UnknownSpecies, "/assay/rows/0/species"),
        (["rows", 0, "content_pct"], "100.1", ContentOutOfRange, "/assay/rows/0/content_pct"),
        (["rows", 0, "sdev_rel_pct"], "101", ContentOutOfRange, "/assay/rows/0/sdev_rel_pct"),
        (["rows", 0, "content_pct"], "73.011", AssayOverHundred, "/assay/rows"),
        (["rows", 1, "species"], "Nd2O3", ElementTwice, "/assay/rows/1/species"),
        (["rows", 1, "species"], "Nd", ElementTwice, "/assay/rows/1/species"),
        (["treo_pct"], "99", TreoNotExpected, "/assay/treo_pct"),
    ],
)
def test_an_assay_that_no_matter_can_have_is_refused(path, value, error, place):
    with pytest.raises(error) as refusal:
        parse_assay(changed(OXIDE, path, value), path="/assay")
    assert refusal.value.path == place


@pytest.mark.parametrize(
    ("path", "value", "error"),
    [
        (["treo_pct"], None, TreoMissing),
        (["treo_pct"], "100.5", ContentOutOfRange),
        (["rows", 0, "species"], "La", TreoNeedsOxides),
    ],
)
def test_percent_of_treo_needs_the_total_and_oxides(path, value, error):
    with pytest.raises(error):
        parse_assay(changed(TREO, path, value))


def test_rounding_of_a_laboratory_may_pass_the_whole_by_half_a_second_decimal_per_row():
    assert parse_assay(changed(OXIDE, ["rows", 0, "content_pct"], "73.01"))


def test_a_wet_weighing_gives_the_dry_mass():
    lot = parse_lot(changed(CONCENTRATE, ["mass_kg"], "122168.04"))
    assert lot.mass_kg == dry_mass(D("129966"), D("6")) == D("122168.04")
    assert lot.stage == "concentrate"
    assert set(lot.composition or {}) == {"La", "Ce"}


@pytest.mark.parametrize(
    ("path", "value", "error", "place"),
    [
        (["mass_kg"], "122168.022", DryMassMismatch, "/outputs/0/mass_kg"),
        (["mass_kg"], "122168.0401", MassOutOfRange, "/outputs/0/mass_kg"),
        (["mass_kg"], "0", MassOutOfRange, "/outputs/0/mass_kg"),
        (["moisture_pct"], None, RecordError, "/outputs/0/moisture_pct"),
        (["moisture_pct"], "101", ContentOutOfRange, "/outputs/0/moisture_pct"),
        (["stage"], "dust", OutOfRange, "/outputs/0/stage"),
        (["assay"], "99 %", WrongType, "/outputs/0/assay"),
        (["assay", "rows", 0, "content_pct"], "-1", RecordError, "/outputs/0/assay/rows/0/content_pct"),
    ],
)
def test_lot_fields_that_contradict_each_other_are_refused(path, value, error, place):
    valid = changed(CONCENTRATE, ["mass_kg"], "122168.04")
    with pytest.raises(error) as refusal:
        parse_lot(changed(valid, path, value), path="/outputs/0")
    assert refusal.value.path == place


def test_a_lot_without_assay_has_no_composition():
    bare = {name: CONCENTRATE[name] for name in ("lot", "material", "stage")} | {"mass_kg": "1"}
    assert parse_lot(bare).composition is None


def test_element_masses_of_the_demonstration_lots_come_back_through_their_assays():
    for lot in demo.lots().values():
        masses = element_masses(lot.mass_kg, parse_assay(lot.assay()).composition())
        for element, kg in lot.element_kg.items():
            # 6 decimals of a content in wt % are 0.01 kg in 1000 t
            assert abs(masses[element] - kg) <= D("0.0005") + lot.mass_kg * D("0.000000005")


shares_pct = st.decimals(min_value="0", max_value="50", places=6)


@given(st.decimals(min_value="0.001", max_value="99999999", places=3), shares_pct, shares_pct)
def test_a_lot_never_holds_more_element_than_mass(mass_kg, neodymium_pct, dysprosium_pct):
    rows = parse_rows(
        [
            {"species": "Nd2O3", "content_pct": f"{neodymium_pct.normalize():f}"},
            {"species": "Dy", "content_pct": f"{dysprosium_pct.normalize():f}"},
        ]
    )
    assert sum(row.content_pct * row.species.element_per_kg for row in rows) * mass_kg <= 100 * mass_kg
