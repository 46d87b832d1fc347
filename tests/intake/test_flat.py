"""Flat names of forms and sheets."""

import pytest

from traceability.intake.flat import BadFieldName, nested


def test_numbers_make_lists_and_missing_rows_are_blank():
    assert nested({"lot": "a", "outputs/0/mass_kg": "1", "/outputs/2/assay/rows/0/species": "Nd"}) == {
        "lot": "a",
        "outputs": [{"mass_kg": "1"}, {}, {"assay": {"rows": [{"species": "Nd"}]}}],
    }


@pytest.mark.parametrize(
    "flat", [{"a": "1", "a/b": "2"}, {"a//b": "1"}, {"": "1"}, {"a/500/b": "1"}, {"/".join("abcdefgh"): "1"}]
)
def test_names_that_make_no_tree_are_refused(flat):
    with pytest.raises(BadFieldName):
        nested(flat)
