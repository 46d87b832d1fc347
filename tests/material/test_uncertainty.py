"""The class table of section 9 and the limits that keep a large stated sDev from excusing anything."""

from decimal import Decimal

import pytest

from traceability.ledger.kinds.lots import STAGES
from traceability.material.uncertainty import (
    TABLE,
    combined_u_kg,
    counted_sdev_rel_pct,
    default_sdev_rel_pct,
    row_u_kg,
)

D = Decimal


@pytest.mark.parametrize(
    ("content_pct", "sdev_rel_pct"),
    [
        ("100", "0.5"),
        ("10", "0.5"),
        ("9.999999", "1"),
        ("1", "1"),
        ("0.999999", "3"),
        ("0.1", "3"),
        ("0.099999", "10"),
        ("0", "10"),
    ],
)
def test_class_defaults_of_the_first_table(content_pct, sdev_rel_pct):
    for stage in STAGES:
        assert default_sdev_rel_pct(stage, D(content_pct)) == D(sdev_rel_pct)


def test_the_table_says_that_it_is_an_assumption():
    assert (TABLE.version, TABLE.status, TABLE.scale_rel_pct) == ("2026-11", "assumption", D("0.05"))


@pytest.mark.parametrize(
    ("stated", "counted"), [(None, "0.5"), ("0", "0"), ("0.1", "0.1"), ("1", "1"), ("1.1", "1"), ("50", "1")]
)
def test_a_stated_sdev_counts_up_to_twice_the_default(stated, counted):
    assert counted_sdev_rel_pct("metal", D(75), D(stated) if stated else None) == D(counted)


def test_assay_and_scale_combine_and_never_fall_below_a_gram():
    assert row_u_kg(D(1000), D("0.12")) == D("1.3")
    assert row_u_kg(D("0.5"), D("0.12")) == D("0.001")
    assert row_u_kg(D(-1000), D("0.12")) == D("1.3")


def test_three_u_of_a_major_element_never_exceed_two_percent_of_its_input():
    major = combined_u_kg([D(3), D(4)], element_in_kg=D(100), input_mass_kg=D(10000))
    minor = combined_u_kg([D(3), D(4)], element_in_kg=D("99.9"), input_mass_kg=D(10000))
    assert (major * 3).quantize(D("0.000001")) == D(2)
    assert minor == D(5)
