"""The species table against the published factors and against the atomic weights."""

import csv
from decimal import Decimal

import pytest

from tests.standards import standards_path
from traceability.material.elements import (
    ALTERNATIVE_OXIDES,
    OTHER_WEIGHTS,
    OXYGEN_WEIGHT,
    RARE_EARTH_WEIGHTS,
    SPECIES,
    TRADE_OXIDE,
    TRADE_OXIDES,
    UnknownSpecies,
    species_of,
)

OXIDES = (*TRADE_OXIDES, *ALTERNATIVE_OXIDES)


def test_table_equals_the_published_factors():
    with standards_path("epcis/chain-demo/oxide_factors.csv").open() as file:
        published = list(csv.DictReader(file))
    assert {row["oxide"] for row in published} == {oxide.formula for oxide in OXIDES}
    for row in published:
        species = species_of(row["oxide"])
        assert species.element == row["element"]
        assert species.element_per_kg == Decimal(row["metal_per_oxide"])
        assert RARE_EARTH_WEIGHTS[species.element] == Decimal(row["atomic_weight"])


@pytest.mark.parametrize("oxide", OXIDES, ids=lambda oxide: oxide.formula)
def test_factor_follows_from_the_atomic_weights(oxide):
    metal = oxide.metal_atoms * RARE_EARTH_WEIGHTS[oxide.element]
    factor = metal / (metal + oxide.oxygen_atoms * OXYGEN_WEIGHT)
    assert abs(factor - oxide.element_per_kg) <= Decimal("0.0000005")
    assert -oxide.element_per_kg.as_tuple().exponent == 6


def test_every_rare_earth_has_one_trade_oxide_and_other_elements_none():
    assert set(TRADE_OXIDE) == set(RARE_EARTH_WEIGHTS)
    assert {oxide.element for oxide in OXIDES}.isdisjoint(OTHER_WEIGHTS)
    assert not SPECIES["Fe"].is_oxide
    assert not SPECIES["Fe"].is_rare_earth


def test_alternative_stoichiometry_is_never_the_default():
    assert {oxide.element: TRADE_OXIDE[oxide.element].formula for oxide in ALTERNATIVE_OXIDES} == {
        "Pr": "Pr6O11",
        "Tb": "Tb4O7",
        "Ce": "CeO2",
    }


@pytest.mark.parametrize("formula", ["", "nd", "Pm", "Nd2o3", "Fe2O3", "NdFeB", "Nd "])
def test_unknown_species_is_refused(formula):
    with pytest.raises(UnknownSpecies) as refusal:
        species_of(formula, path="/assay/rows/0/species")
    assert refusal.value.path == "/assay/rows/0/species"
