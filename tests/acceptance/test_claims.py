"""Claims accounts at the door: who may enter what of which lot, once, and never below zero."""

from datetime import timedelta
from typing import Any

import pytest

from tests.acceptance.town import AUDITOR, MINE, ROAST, WORKS, Town, assay, codes, concentrate
from tests.ledger.statements import body_of, digest, urn
from traceability.ledger.errors import RecordError
from traceability.ledger.statement import Statement

TERMS = {
    "model": "mass_balance",
    "method": "credit",
    "materials_in": ["scrap"],
    "materials_out": ["metal"],
    "element": "Nd",
    "characteristic": {"source": "post_consumer"},
    "conversion_factor": "0.9",
    "period_months": 12,
}


@pytest.fixture
def town() -> Town:
    """The works have an account of recycled neodymium, 100 kg of scrap with 30 % Nd, and 200 kg of metal with 50 %."""
    found = Town()
    open_account(found, "account")
    scrap(found, "scrap")
    metal(found, "metal")
    return found


def open_account(town: Town, account: str, owner: str = WORKS, **changes: Any) -> Statement:
    terms = {key: value for key, value in (TERMS | changes).items() if value is not None}
    return town.say(owner, "account.open", {"account": urn(account), **terms})


def scrap(town: Town, name: str, issuer: str = WORKS, mass_kg: str = "100", **changes: Any) -> Statement:
    row = {"material": "scrap", "stage": "eol_magnet", "origin": "post_consumer", "assay": assay("30", "Nd")}
    return town.say(issuer, "lot.source", town.source_body(name, mass_kg, **(row | changes)))


def metal(town: Town, name: str, issuer: str = WORKS, **changes: Any) -> Statement:
    ore = {"material": "ore of the works", "assay": assay("50", "Nd")}
    town.say(issuer, "lot.source", town.source_body(f"ore of {name}", "400", **ore))
    made = {"material": "metal", "stage": "metal", "assay": assay("50", "Nd")}
    return town.transform({f"ore of {name}": "400"}, [concentrate(name, "200", None, **made)], issuer=issuer,
                          rest=[f"ore of {name}"], **changes)  # fmt: skip


def credit(town: Town, lot: str = "scrap", account: str = "account", *, issuer: str = WORKS, at: Any = None,
           **changes: Any) -> Statement:  # fmt: skip
    body = {"account": urn(account), "lot": urn(lot), "content_kg": "30", "share": "1", "amount_kg": "27"} | changes
    return town.build(issuer, "account.credit", body, at=at)


def claim(town: Town, lot: str | None = "metal", amount_kg: str = "20", account: str = "account", *,
          issuer: str = WORKS, at: Any = None, **changes: Any) -> Statement:  # fmt: skip
    of_lot = {} if lot is None else {"lot": urn(lot), "content_kg": "100"}
    body = {"account": urn(account), "amount_kg": amount_kg} | of_lot | changes
    return town.build(issuer, "account.claim", body, at=at)


def refused(town: Town, statement: Statement) -> str:
    with pytest.raises(RecordError) as caught:
        town.decide(statement)
    assert caught.value.sentence
    return caught.value.code


def left(town: Town, account: str = "account") -> str:
    state = town.world.accounts[urn(account)].state
    assert state is not None
    return str(sum(one.left_kg for one in state.credits))


def test_what_is_credited_may_be_claimed_and_no_more(town: Town) -> None:
    assert refused(town, claim(town)) == "account_overdrawn"
    town.take(credit(town))
    town.take(claim(town))
    assert left(town) == "7"
    metal(town, "more metal")
    assert refused(town, claim(town, "more metal", "7.001")) == "account_overdrawn"
    town.take(claim(town, "more metal", "7"))
    assert left(town) == "0"


def test_a_claim_is_no_physical_share(town: Town) -> None:
    before = town.lot("metal").stock
    town.take(credit(town))
    town.take(claim(town))
    assert town.lot("metal").stock == before
    assert town.lot("metal").model == ""


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount_kg": "27.001"}, "credit_too_large"),
        ({"content_kg": "31"}, "account_refused"),
        ({"account": urn("nothing")}, "not_your_subject"),
        ({"result": digest("nothing")}, "share_not_shown"),
        ({"claim": digest("nothing")}, "share_not_shown"),
    ],
)
def test_a_credit_is_what_the_lot_brings(town: Town, changes: dict[str, Any], code: str) -> None:
    assert refused(town, credit(town, **changes)) == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"material": "other scrap"}, "account_refused"),
        ({"origin": "pre_consumer"}, "share_not_shown"),
        ({"origin": "purchased"}, "share_not_shown"),
        ({"assay": None}, "account_refused"),
        ({"custody_model": "mass_balance"}, "credited_twice"),
    ],
)
def test_lots_that_are_not_credited(town: Town, changes: dict[str, Any], code: str) -> None:
    scrap(town, "other", **changes)
    assert refused(town, credit(town, "other")) == code


def test_a_country_is_part_of_what_is_claimed(town: Town) -> None:
    for name, country in (("here", "US"), ("elsewhere", "AU")):
        open_account(town, name, characteristic={"source": "mined", "country": country}, materials_in=["ore"])
    town.say(WORKS, "lot.source", town.source_body("ore", "100", assay=assay("30", "Nd")))
    assert refused(town, credit(town, "ore", "elsewhere")) == "share_not_shown"
    assert town.decide(credit(town, "ore", "here")).accounts


def test_a_lot_is_credited_once(town: Town) -> None:
    town.take(credit(town))
    assert refused(town, credit(town)) == "credited_twice"
    open_account(town, "same again", element="rare_earths")
    assert refused(town, credit(town, account="same again")) == "credited_twice"


def test_what_is_made_of_a_credited_lot_is_not_credited_by_who_buys_it(town: Town) -> None:
    """The claim on it is, and no more than was claimed, all entries together."""
    town.take(credit(town))
    made = [concentrate("magnet", "100", None, material="metal", stage="metal", assay=assay("30", "Nd"))]
    town.transform({"scrap": "100"}, made, issuer=WORKS, rest=["scrap"])
    assert town.lot("magnet").model == "mass_balance"
    claimed = claim(town, "magnet", "12", content_kg="30")
    town.take(claimed)
    town.receive("magnet", town.send("magnet", "100", sender=WORKS, to=MINE), "100", by=MINE)
    open_account(town, "of the mine", MINE, materials_in=["metal"])
    mine = {"account": "of the mine", "issuer": MINE, "lot": "magnet"}
    assert refused(town, credit(town, **mine)) == "credited_twice"
    too_much = {"claim": claimed.digest, "share": "0.5", "amount_kg": "10"}
    assert refused(town, credit(town, **mine, **too_much)) == "credited_twice"
    town.take(credit(town, **mine, claim=claimed.digest, share="0.4", amount_kg="10.8"))
    assert left(town, "of the mine") == "10.8"


def test_nobody_credits_his_own_claims_or_products(town: Town) -> None:
    town.take(credit(town))
    claimed = claim(town, "metal", "12")
    town.take(claimed)
    open_account(town, "again", materials_in=["metal", "scrap"], characteristic={"source": "post_consumer"})
    assert refused(town, credit(town, "metal", "again", content_kg="100", share="0.12", amount_kg="10",
                                claim=claimed.digest)) == "account_refused"  # fmt: skip
    town.transform({"scrap": "100"}, [concentrate("part", "100", None, material="scrap", stage="eol_magnet")],
                   issuer=WORKS, rest=["scrap"], process=())  # fmt: skip
    assert refused(town, credit(town, "part", "again")) == "account_refused"


def test_only_whole_lots_in_ones_own_hands_are_entered(town: Town) -> None:
    scrap(town, "of the mine", MINE)
    assert refused(town, credit(town, "of the mine")) == "not_holder"
    assert refused(town, credit(town, issuer=MINE)) == "not_your_subject"
    town.transform({"scrap": "1"}, [concentrate("a bit", "1", None, assay=assay("30", "Nd"))], issuer=WORKS)
    assert refused(town, credit(town)) == "already_drawn"
    town.send("metal", "200", sender=WORKS, to=MINE)
    assert refused(town, claim(town)) == "wrong_custody_state"


def test_a_share_is_that_of_the_signed_result_of_the_lot(town: Town) -> None:
    made = [concentrate("mixed", "100", None, material="scrap", stage="metal", assay=assay("30", "Nd"))]
    scrap(town, "feed", MINE)
    town.transform({"feed": "100"}, made, issuer=MINE, rest=["feed"])
    shares = {"basis": "total_rare_earths", "elements": [{"element": "Nd", "source": urn("s"), "share": "0.25"}],
              "sources": [{"source": urn("s"), "class": "post_consumer", "country": "DE"}]}  # fmt: skip
    result = town.say(MINE, "lot.result", body_of("lot.result", lot=urn("mixed"), shares=shares))
    town.receive("mixed", town.send("mixed", "100"), "100")
    assert refused(town, credit(town, "mixed")) == "share_not_shown"
    quarter = {"share": "0.25", "amount_kg": "6.75"}
    assert refused(town, credit(town, "mixed", share="0.251", amount_kg="6.75", result=result.digest)) == (
        "share_not_shown"
    )
    town.take(credit(town, "mixed", result=result.digest, **quarter))
    assert left(town) == "6.75"


def test_the_site_of_an_account(town: Town) -> None:
    for site in ("site", "other site"):
        town.say(WORKS, "facility.register", {"facility": urn(site), "country": "DE", "name": site})
    open_account(town, "of the site", facility=urn("site"))
    scrap(town, "there", facility=urn("other site"))
    assert refused(town, credit(town, "there", "of the site")) == "account_refused"
    assert refused(town, credit(town, account="of the site")) == "account_refused"
    scrap(town, "here", facility=urn("site"))
    town.take(credit(town, "here", "of the site"))
    metal(town, "made here", facility=urn("site"))
    town.transform({"made here": "200"}, [concentrate("half", "200", None, material="metal", stage="metal")],
                   issuer=WORKS, rest=["made here"], process=())  # fmt: skip
    town.take(claim(town, "half", "20", "of the site"))
    assert left(town, "of the site") == "7"


def test_entries_follow_each_other_in_time(town: Town) -> None:
    entered = credit(town)
    town.take(entered)
    assert refused(town, claim(town, at=entered.occurred_to - timedelta(seconds=1))) == "account_refused"
    assert town.decide(claim(town, at=entered.occurred_to)).accounts


def test_credits_expire(town: Town) -> None:
    entered = credit(town)
    town.take(entered)
    assert refused(town, claim(town, at=entered.occurred_to + timedelta(days=366))) == "account_overdrawn"
    assert town.decide(claim(town, at=entered.occurred_to + timedelta(days=364))).accounts
    body = {"account": urn("account"), "credit": entered.digest, "amount_kg": "20", "reason": "certificate withdrawn"}
    town.say(WORKS, "account.expire", body)
    assert left(town) == "7"
    assert refused(town, town.build(WORKS, "account.expire", body)) == "nothing_to_expire"


def test_one_account_claims_a_lot_once_and_all_together_no_more_than_it_holds(town: Town) -> None:
    town.take(credit(town))
    town.take(claim(town, amount_kg="20"))
    assert refused(town, claim(town, amount_kg="1")) == "claimed_twice"
    open_account(town, "other", characteristic={"source": "pre_consumer"}, conversion_factor="1")
    scrap(town, "production scrap", origin="pre_consumer", mass_kg="300")
    town.take(credit(town, "production scrap", "other", content_kg="90", amount_kg="90"))
    assert refused(town, claim(town, amount_kg="81", account="other")) == "claimed_twice"
    assert town.decide(claim(town, amount_kg="80", account="other")).accounts


def test_book_and_claim_names_no_lot(town: Town) -> None:
    open_account(town, "book", model="book_and_claim")
    town.take(credit(town, account="book"))
    assert refused(town, claim(town, account="book")) == "account_refused"
    assert refused(town, claim(town, None)) == "account_refused"
    town.take(claim(town, None, "20", "book", claimant="Rotor Works"))
    assert left(town, "book") == "7"
    assert refused(town, claim(town, None, "7.5", "book")) == "account_overdrawn"


def test_book_and_claim_has_no_rolling_average(town: Town) -> None:
    with pytest.raises(RecordError) as caught:
        open_account(town, "book", model="book_and_claim", method="rolling_average")
    assert caught.value.code == "no_rolling_average"


def test_a_rolling_average(town: Town) -> None:
    """30 of 60 kg in have the characteristic: of 100 kg out half may be claimed."""
    open_account(town, "average", method="rolling_average", materials_in=["scrap"])
    town.take(credit(town, account="average", amount_kg="30"))
    scrap(town, "bought", origin="purchased")
    town.take(credit(town, "bought", "average", share="0", amount_kg="0"))
    assert refused(town, claim(town, amount_kg="50.001", account="average")) == "account_overdrawn"
    town.take(claim(town, amount_kg="50", account="average"))
    given_up = {"account": urn("average"), "credit": digest("credit"), "amount_kg": "1", "reason": "x"}
    assert refused(town, town.build(WORKS, "account.expire", given_up)) == "account_refused"


# Corrections


def test_a_credit_that_shrinks_below_what_was_claimed_is_a_finding(town: Town) -> None:
    entered = credit(town)
    town.take(entered)
    town.take(claim(town))
    assert codes(town.correct(entered, amount_kg="25")) == []
    assert left(town) == "5"
    assert codes(town.correct(entered, amount_kg="12")) == ["account_short"]
    state = town.world.accounts[urn("account")].state
    assert state is not None
    assert state.short_kg == 8
    scrap(town, "second")
    metal(town, "second metal")
    assert refused(town, claim(town, "second metal", "1")) == "account_overdrawn"
    town.take(credit(town, "second"))
    assert left(town) == "19"


def test_what_a_correction_never_changes(town: Town) -> None:
    entered = credit(town)
    town.take(entered)
    claimed = claim(town)
    town.take(claimed)
    for original, changes in (
        (claimed, {"amount_kg": "21"}),
        (claimed, {"lot": urn("ore of metal")}),
        (entered, {"result": digest("result")}),
    ):
        with pytest.raises(RecordError) as caught:
            town.correct(original, **changes)
        assert caught.value.code == "never_changed"
    with pytest.raises(RecordError) as caught:
        town.correct(entered, amount_kg="28")
    assert caught.value.code == "credit_too_large"
    town.correct(claimed, amount_kg="19")
    assert left(town) == "8"
    later = town.correction(
        entered,
        claim={
            "occurred_from": "2026-11-02T12:00:00Z",
            "occurred_to": "2026-11-03T12:00:00Z",
            "body": dict(entered.body),
        },
    )
    assert refused(town, later) == "never_changed"


def test_the_terms_of_an_account_never_change(town: Town) -> None:
    opened = open_account(town, "another", name="A")
    town.correct(opened, name="B")
    for changes in ({"conversion_factor": "1"}, {"period_months": 6}, {"element": "Dy"}, {"materials_in": ["all"]}):
        with pytest.raises(RecordError) as caught:
            town.correct(opened, **changes)
        assert caught.value.code == "never_changed"


def test_a_source_that_was_credited_is_not_withdrawn(town: Town) -> None:
    source = scrap(town, "short-lived")
    town.take(credit(town, "short-lived"))
    assert refused(town, town.voiding(source)) == "not_voidable"


# Models only become weaker


@pytest.mark.parametrize(
    ("went_in", "claimed", "model", "raised"),
    [
        ("segregated", "segregated", "segregated", False),
        ("segregated", "controlled_blending", "controlled_blending", False),
        ("segregated", None, "segregated", False),
        ("controlled_blending", "segregated", "controlled_blending", True),
        (None, "identity_preserved", "identity_preserved", False),
        ("mass_balance", "segregated", "mass_balance", True),
    ],
)
def test_a_stronger_model_than_what_went_in_is_a_finding(
    town: Town, went_in: str | None, claimed: str | None, model: str, raised: bool
) -> None:
    scrap(town, "modelled", custody_model=went_in)
    body = {"inputs": [{"lot": urn("modelled"), "mass_kg": "100"}],
            "outputs": [concentrate("product", "100", None, assay=assay("30", "Nd"))]}  # fmt: skip
    said = body if claimed is None else body | {"custody_model": claimed}
    step = town.build(WORKS, "lot.transform", said, process=ROAST, rest=[urn("modelled")])
    assert ("model_raised" in codes(town.take(step))) is raised
    assert town.lot("product").model == model
    if claimed:
        town.correct(step, custody_model="mass_balance")
        assert town.lot("product").model == "mass_balance"


def test_who_sees_no_account_has_none(town: Town) -> None:
    assert refused(town, credit(town, issuer=AUDITOR)) == "not_your_subject"
