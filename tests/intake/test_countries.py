"""Countries by code or name."""

import pytest

from traceability.intake.countries import NAMES, UnknownCountry, read_country


def test_the_list_has_the_codes_in_force():
    assert len(NAMES) == 249
    assert {"AU", "DE", "EE", "MY", "US"} < set(NAMES)
    assert not {"XX", "UK", "EU", "AN", "SU"} & set(NAMES)
    assert len({name.casefold() for name in NAMES.values()}) == 249


@pytest.mark.parametrize(("typed", "code"), [("DE", "DE"), ("de", "DE"), ("Estonia", "EE"), (" estonia ", "EE")])
def test_a_code_or_a_name_is_understood(typed, code):
    assert read_country(typed) == code


@pytest.mark.parametrize("typed", ["", "XX", "UK", "Ruritania", "D", "DEU"])
def test_anything_else_is_refused(typed):
    with pytest.raises(UnknownCountry):
        read_country(typed)
