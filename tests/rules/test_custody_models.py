"""ISO 22095: the model of a chain only becomes weaker."""

import pytest

from tests.rules.chains import answer, chain, facts_of, made
from traceability.rules.answers import Outcome

IP, SG, CB, MB = "identity_preserved", "segregated", "controlled_blending", "mass_balance"


def asked(ore: str, metal: str, magnet: str, *, second: str | None = None):
    """Ore, metal and magnet with these models; a second ore with its own, where one is given."""
    lots = [made("ore", country="US", stage="ore", custody_model=ore)]
    lots += [made("second", country="AU", stage="ore", custody_model=second)] if second is not None else []
    lots.append(made("metal", *(one.label for one in lots), steps=(("electrolysis", "EE"),), custody_model=metal))
    lots.append(made("magnet", "metal", steps=(("sintering", "DE"),), custody_model=magnet))
    return answer(facts_of(chain(*lots), "magnet"), "iso-22095")


@pytest.mark.parametrize("models", [(IP, IP, IP), (IP, SG, SG), (SG, CB, MB), (MB, MB, MB)])
def test_the_same_or_weaker_passes(models):
    found = asked(*models)
    assert found.outcome is Outcome.PASS
    assert models[-1].replace("_", " ") in found.reasons[0]


@pytest.mark.parametrize("models", [(MB, IP, MB), (SG, CB, SG), (SG, MB, CB)])
def test_a_stronger_one_fails_and_is_named(models):
    found = asked(*models)
    assert found.outcome is Outcome.FAIL
    assert len(found.trail) == 1
    assert "but what went into it was" in found.reasons[0]


def test_what_was_weaker_once_stays_so_behind_a_step_that_says_nothing():
    assert asked(MB, "", SG).outcome is Outcome.FAIL


def test_a_step_that_says_nothing_is_missing():
    found = asked(SG, "", SG)
    assert found.outcome is Outcome.INSUFFICIENT
    assert [one.label for one in found.missing] == ["metal"]


def test_one_identity_has_one_source():
    found = asked(IP, IP, IP, second=IP)
    assert found.outcome is Outcome.FAIL
    assert {one.label for one in found.trail} == {"metal", "magnet"}
    assert asked(IP, CB, CB, second=IP).outcome is Outcome.PASS


def test_the_weakest_of_several_inputs_counts():
    assert asked(IP, SG, SG, second=MB).outcome is Outcome.FAIL


def test_what_was_credited_to_an_account_is_mass_balance_from_then_on():
    lots = [made("ore", country="US", stage="ore", custody_model=SG, is_credited=True)]
    for model, outcome in ((SG, Outcome.FAIL), (MB, Outcome.PASS)):
        metal = made("metal", "ore", steps=(("electrolysis", "EE"),), custody_model=model)
        found = answer(facts_of(chain(*lots, metal), "metal"), "iso-22095")
        assert found.outcome is outcome


def test_a_claim_on_the_lot_is_said_and_decides_nothing():
    plain = made("ore", country="US", stage="ore", custody_model=SG)
    claimed = made("ore", country="US", stage="ore", custody_model=SG, claims=1)
    found = answer(facts_of(chain(claimed), "ore"), "iso-22095")
    assert found.outcome is answer(facts_of(chain(plain), "ore"), "iso-22095").outcome is Outcome.PASS
    assert "no share of what it physically holds" in found.reasons[-1]
    assert answer(facts_of(chain(claimed), "ore"), "eu-crma-29") == answer(facts_of(chain(plain), "ore"), "eu-crma-29")


def test_a_chain_without_models_is_not_asked():
    assert asked("", "", "").outcome is Outcome.NOT_APPLICABLE
