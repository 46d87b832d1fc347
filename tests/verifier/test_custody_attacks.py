"""Attacks on custody, chains and matter: each is one statement too many in a true story, logged as if it were right."""

from datetime import timedelta

import pytest

from tests.verifier.builder import START, Log, codes, signer, urn
from tests.verifier.stories import Story, assay, attest, correct, draws, lot, mine_to_metal, void
from traceability.verifier.report import Verdict
from traceability.verifier.trust import Trust

SPLIT = {"lot": urn("con/1"), "material": "con", "stage": "concentrate", "class": "product"}


def said_too_much(say):
    """The report on the story with what `say` adds before the heads are signed."""
    story = mine_to_metal(commit=False)
    say(story)
    story.log.outside |= {urn("alloy")}
    story.log.commit()
    return story.report()


def by(party, kind, body, **more):
    return lambda story: story.log.say(story.parties[party], kind, body(story) if callable(body) else body, **more)


def metal(**more):
    return {"lot": urn("metal"), **more}


def reduce_again(metal_kg="1.3", nd="99", drawn="20", slag="18.7", **more):
    """What the buyer might have claimed instead of his true step, on the other part of the concentrate."""
    return {
        "inputs": draws(**{"con/2": drawn}),
        "outputs": [lot("more metal", metal_kg, stage="metal", **{"class": "product"}, assay=assay(Nd=nd))],
        "losses": [{"kind": "slag", "mass_kg": slag}],
        **more,
    }


ATTACKS = {
    "an outsider appends": (by("operator", "lot.hold", metal(reason="mine now")), "not_holder"),
    "the maker acts after the sale": (by("a", "lot.adjust", {"lot": urn("con/1"), "change_kg": "-1", "reason": "x"}),
                                      "not_holder"),
    "a second dispatch of what is gone": (
        by("a", "lot.dispatch", lambda s: {"lot": urn("con/1"), "to": s.parties["b"].urn, "mass_kg": "20",
                                           "tolerance_pct": "0.05"}), "not_holder"),
    "a receipt of what was never sent": (
        by("b", "lot.receive", lambda s: metal(dispatch=s.said["dispatch"].digest, difference="within",
                                               weighed_mass_kg="1.3")), "wrong_custody_state"),
    "a lot made twice": (
        by("b", "lot.source", lot("metal", "5", stage="metal", origin="mined", country="EE"),
           links={urn("metal"): (0, None)}), "chain_fork"),
    "a statement on a wrong link": (
        by("b", "lot.hold", metal(reason="x"), links={urn("metal"): (1, "sha256:" + "0" * 64)}), "chain_broken"),
    "a statement after a gap": (
        by("b", "lot.hold", metal(reason="x"), links={urn("metal"): (7, "sha256:" + "0" * 64)}), "chain_gap"),
    "a release of what is not on hold": (by("b", "lot.release", metal()), "wrong_custody_state"),
    "a recall by the holder": (by("b", "lot.recall", {"lot": urn("con/1"), "reason": "x"}), "not_maker"),
    "a dispatch of more than there is": (
        by("b", "lot.dispatch", metal(to="outside", mass_kg="2", tolerance_pct="0.05")), "not_all_that_remains"),
    "an adjustment that makes matter": (
        by("b", "lot.adjust", metal(change_kg="0.5", reason="found")), "adjust_gains_matter"),
    "a disposal of more than there is": (
        by("b", "lot.dispose", metal(mass_kg="2", route="landfill"), partial=[urn("metal")]), "overdrawn"),
    "a draw before the lot was made": (
        by("b", "lot.dispose", metal(mass_kg="1", route="landfill"), partial=[urn("metal")],
           occurred=START - timedelta(days=9)), "used_before_made"),
    "a dispatch before the lot was made": (
        by("b", "lot.dispatch", metal(to="outside", mass_kg="1.3", tolerance_pct="0.05"),
           occurred=START - timedelta(days=9)), "used_before_made"),
    "an assay before the lot was made": (
        by("b", "lot.assay", metal(assay=assay(Nd="99")), occurred=START - timedelta(days=9)), "assayed_before_made"),
    "a step in a facility of somebody else": (
        by("b", "lot.transform",
           {"facility": urn("mine"), "inputs": draws(metal="1.3"),
            "outputs": [lot("alloy", "1.3", stage="alloy", **{"class": "product"}, assay=assay(Nd="99"))]},
           process=[("melt", "EE")]), "facility_not_yours"),
    "a correction by somebody else": (
        lambda s: correct(s, "source", lot("ore", "9000", stage="ore", origin="mined", country="US",
                                           facility=urn("mine"), assay=assay(Nd2O3="0.66")), by="b"),
        "not_issuer_of_original"),
    "a correction of a correction's ancestor": (
        lambda s: [correct(s, "mine", {"facility": urn("mine"), "country": "US", "name": name}) for name in "xy"],
        "not_newest_version"),
    "a correction that changes a country of mining into another facility": (
        lambda s: correct(s, "mine", {"facility": urn("another"), "country": "US", "name": "x"}), "never_changed"),
    "a correction of a dispatch": (
        lambda s: correct(s, "dispatch", {"lot": urn("con/1"), "to": s.parties["b"].urn, "mass_kg": "25",
                                          "tolerance_pct": "0.05"}), "kind_not_correctable"),
    "a void of what was sold": (lambda s: void(s, "split"), "not_voidable"),
    "a void of a dispatch": (lambda s: void(s, "dispatch"), "kind_not_voidable"),
    "an attestation of what was never said": (
        by("operator", "statement.attest",
           lambda s: {"attestation": urn("x"), "statements": [s.said["source"].digest, FUTURE], "scope": ["matter"],
                      "opinion": "conforms"}), None),
}  # fmt: skip
FUTURE = "sha256:" + "f" * 64


@pytest.mark.parametrize("name", sorted(ATTACKS))
def test_an_attack_has_its_code(name):
    """Section 2, who appends, and the table of section 5: an outsider, a former holder, a wrong state or link."""
    say, code = ATTACKS[name]
    report = said_too_much(say)
    if code is None:
        assert report.verdict is Verdict.VALID
        return
    assert report.verdict is Verdict.INVALID
    assert code in codes(report)


@pytest.mark.parametrize(
    "name", ["an outsider appends", "the maker acts after the sale", "a release of what is not on hold"]
)
def test_what_the_log_left_aside_is_a_refused_leaf(name):
    """An error of the operator that had no effect: shown, but no reason to distrust the lot."""
    say, _ = ATTACKS[name]
    story = mine_to_metal(commit=False)
    before = dict(story.log.heads)
    say(story)
    story.log.heads = before
    story.log.commit()
    report = story.report()
    assert report.verdict is Verdict.VALID_WITH_WARNINGS
    assert codes(report) == {"refused_leaf"}


def sell(story):
    to = {"to": story.parties["a"].urn, "mass_kg": "1.3", "tolerance_pct": "0.05"}
    return story.log.say(story.parties["b"], "lot.dispatch", metal(**to))


def test_a_draw_in_transit_is_refused():
    """Section 5, table of custody states: only what is held is drawn."""
    story = mine_to_metal(commit=False)
    sell(story)
    story.log.say(story.parties["b"], "lot.dispose", {"lot": urn("metal"), "mass_kg": "1.3", "route": "sold twice"})
    story.log.commit()
    report = story.report()
    assert report.verdict is Verdict.INVALID
    assert "wrong_custody_state" in codes(report)


def test_a_lot_on_its_way_is_a_warning():
    story = mine_to_metal(commit=False)
    sell(story)
    story.log.commit()
    assert codes(story.report()) == {"in_transit"}


@pytest.mark.parametrize("to", ["outside", {"origin": "log.example/other", "organisation": urn("somebody")}])
def test_goods_that_left_the_record_are_a_note(to):
    """Who buys them verifies the bundle: nothing in it is open."""
    story = mine_to_metal(commit=False)
    body = {"lot": urn("metal"), "to": to, "mass_kg": "1.3", "tolerance_pct": "0.05"}
    story.log.say(story.parties["b"], "lot.dispatch", body)
    story.log.now += timedelta(days=20)
    story.log.commit()
    report = story.report()
    assert report.verdict is Verdict.VALID
    notes = [one for check in report.checks for one in check.findings if one.code == "left_record"]
    assert [one.where for one in notes] == [urn("metal")]
    assert not [one for check in report.checks for one in check.findings if one.code == "exception_open_transfer"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"metal_kg": "3.2"}, "element_created"),
        ({"nd": "99.99", "metal_kg": "1.42"}, "element_created"),
        ({"drawn": "50"}, "overdrawn"),
    ],
)
def test_matter_is_never_made(body, code):
    """The seller makes metal of the other part himself, for a lot that is looked at on its own."""
    story = mine_to_metal(commit=False)
    story.log.outside.clear()
    story.log.say(story.parties["a"], "lot.transform", reduce_again(**body), process=[("reduce", "US")])
    story.log.commit()
    story.target = urn("more metal")
    story.log.outside = {urn("con/1"), urn("metal")}
    only = [story.said[name] for name in ("receive", "reduce")]
    baltika = [one for one in story.log.said if one.subjects == (story.parties["b"].urn,)]
    without = [*only, story.said["dispatch"], *baltika]
    subjects = {one for said in story.log.said if said not in without for one in said.subjects} - story.log.outside
    report = story.report(story.log.members(without=without, subjects=subjects))
    assert report.verdict is Verdict.INVALID
    assert code in codes(report)


def test_dust_does_not_add_up_to_matter():
    """Section 5, split and merge conserve mass exactly: dust splits do not use up the least uncertainty of a row.

    Two hundred parts of a lot, each with its own, weigh together not a gram more than the lot.
    """
    story = mine_to_metal(commit=False)
    parts = [lot(f"dust {n}", "0.2", material="con", stage="concentrate", **{"class": "product"}) for n in range(200)]
    parts[7]["mass_kg"] = "0.201"
    story.log.say(story.parties["a"], "lot.transform", {"inputs": draws(**{"con/2": "40"}), "outputs": parts})
    story.target = urn("dust 7")
    story.log.outside = {urn(f"dust {n}") for n in range(200) if n != 7} | {urn("con/1"), urn("metal")}
    story.log.commit()
    without = [story.said[name] for name in ("dispatch", "receive", "reduce")]
    without += [one for one in story.log.said if one.subjects == (story.parties["b"].urn,)]
    report = story.report(story.log.members(without=without))
    assert report.verdict is Verdict.INVALID
    assert codes(report) == {"mass_not_conserved"}


def drawn_back(*, sold: bool):
    """Half of the concentrate goes into a lot that nobody here looks at; then the draw is declared void."""
    story = mine_to_metal(commit=False)
    log, a, b = story.log, story.parties["a"], story.parties["b"]
    log.say(a, "lot.transform",
            {"inputs": draws(**{"con/2": "30"}),
             "outputs": [lot("secret", "30", material="con", stage="concentrate", **{"class": "product"})]},
            partial=[urn("con/2")])  # fmt: skip
    story.said["secret"] = log.said[-1]
    if sold:
        log.say(a, "lot.dispatch", {"lot": urn("secret"), "to": b.urn, "mass_kg": "30", "tolerance_pct": "0.05"})
    void(story, "secret")
    log.say(a, "lot.transform", reduce_again(metal_kg="2.7", drawn="40", slag="37.3"), process=[("reduce", "US")])
    log.commit()
    story.target = urn("more metal")
    log.outside = {urn("con/1"), urn("metal")}
    story.said["others"] = log.said[0]
    return story


def about_more_metal(story):
    without = [story.said[name] for name in ("dispatch", "receive", "reduce")]
    without += [one for one in story.log.said if one.subjects == (story.parties["b"].urn,)]
    return story.report(story.log.members(without=without))


def test_mass_comes_back_from_a_draw_that_was_never_used():
    assert about_more_metal(drawn_back(sold=False)).verdict is Verdict.VALID


def test_mass_does_not_come_back_after_the_sale():
    """Section 5, void: drawn mass returns only while the outputs are quiet."""
    report = about_more_metal(drawn_back(sold=True))
    assert report.verdict is Verdict.INVALID
    assert "not_voidable" in codes(report)


def test_leaving_the_sold_lot_out_does_not_hide_it():
    story = drawn_back(sold=True)
    sale = next(one for one in story.log.said if one.kind == "lot.dispatch" and urn("secret") in one.subjects)
    story.log.outside.add(urn("secret"))
    without = [story.said[name] for name in ("dispatch", "receive", "reduce")]
    without += [one for one in story.log.said if one.subjects == (story.parties["b"].urn,)]
    report = story.report(story.log.members(without=[*without, sale]))
    assert report.verdict in (Verdict.INVALID, Verdict.INCOMPLETE)
    assert codes(report) & {"chain_gap", "completeness_not_established"}


def beyond(settle):
    """A delivery that weighs too little, blocked until it is settled."""
    story = mine_to_metal(commit=False)
    log, a, b = story.log, story.parties["a"], story.parties["b"]
    story.said["sell"] = log.say(
        b, "lot.dispatch", {"lot": urn("metal"), "to": a.urn, "mass_kg": "1.3", "tolerance_pct": "0.05"}
    )
    log.say(a, "lot.receive", {"lot": urn("metal"), "dispatch": story.said["sell"].digest, "difference": "beyond",
                               "weighed_mass_kg": "1.2"})  # fmt: skip
    settle(story, log, a, b)
    log.commit()
    return story


def test_a_settlement_with_both_signatures_is_valid_and_one_alone_is_shown():
    both = beyond(lambda s, log, a, b: log.say(a, "lot.settle", {"lot": urn("metal"), "mass_kg": "1.25"},
                                               cosigned=[(b, b.key)]))  # fmt: skip
    assert both.report().verdict is Verdict.VALID
    alone = beyond(lambda s, log, a, b: log.say(a, "lot.settle", {"lot": urn("metal"), "mass_kg": "1.2"}))
    assert codes(alone.report()) == {"settled_alone"}


@pytest.mark.parametrize(("mass_kg", "cosigned"), [("1.25", False), ("1.31", True)])
def test_a_settlement_never_gains(mass_kg, cosigned):
    story = beyond(lambda s, log, a, b: log.say(a, "lot.settle", {"lot": urn("metal"), "mass_kg": mass_kg},
                                                cosigned=[(b, b.key)] if cosigned else []))  # fmt: skip
    assert codes(story.report()) == {"settled_too_high"}


def test_a_settlement_that_both_signed_is_never_rewritten():
    """Section 5, Corrections: settle is not correctable, so what two signed is not rewritten by one."""

    def settle(story, log, a, b):
        story.said["settle"] = log.say(a, "lot.settle", {"lot": urn("metal"), "mass_kg": "1.25"}, cosigned=[(b, b.key)])
        correct(story, "settle", {"lot": urn("metal"), "mass_kg": "1.3"})

    report = beyond(settle).report()
    assert report.verdict is Verdict.INVALID
    assert "kind_not_correctable" in codes(report)


def test_a_settlement_that_claims_a_cosigner_without_his_signature_is_broken():
    def settle(story, log, a, b):
        log.say(a, "lot.settle", {"lot": urn("metal"), "mass_kg": "1.25"}, cosigned=[(b, signer("not his key"))])

    report = beyond(settle).report()
    assert report.verdict is Verdict.INVALID
    assert "key_unknown" in codes(report)


def test_a_difference_is_not_called_small():
    story = mine_to_metal(commit=False)
    log, a, b = story.log, story.parties["a"], story.parties["b"]
    sale = log.say(b, "lot.dispatch", {"lot": urn("metal"), "to": a.urn, "mass_kg": "1.3", "tolerance_pct": "0.05"})
    log.say(a, "lot.receive", {"lot": urn("metal"), "dispatch": sale.digest, "difference": "within",
                               "weighed_mass_kg": "1.2"})  # fmt: skip
    log.commit()
    assert codes(story.report()) == {"difference_misstated"}


def test_a_cancellation_without_the_receiver_is_shown():
    story = mine_to_metal(commit=False)
    log, a, b = story.log, story.parties["a"], story.parties["b"]
    log.say(b, "lot.dispatch", {"lot": urn("metal"), "to": a.urn, "mass_kg": "1.3", "tolerance_pct": "0.05"})
    log.say(b, "lot.dispatch_cancel", {"lot": urn("metal"), "reason": "wrong lot"})
    log.commit()
    assert codes(story.report()) == {"cancelled_alone"}


@pytest.mark.parametrize(
    ("kind", "more"),
    [("lot.receive", {"difference": "within", "weighed_mass_kg": "1.3"}), ("lot.reject", {"reason": "broken"})],
)
def test_an_answer_before_the_goods_were_sent_is_shown(kind, more):
    story = mine_to_metal(commit=False)
    log, a, b = story.log, story.parties["a"], story.parties["b"]
    sale = log.say(b, "lot.dispatch", {"lot": urn("metal"), "to": a.urn, "mass_kg": "1.3", "tolerance_pct": "0.05"})
    log.say(a, kind, {"lot": urn("metal"), "dispatch": sale.digest, **more}, occurred=START)
    log.commit()
    report = story.report()
    assert report.verdict is Verdict.VALID_WITH_WARNINGS
    assert codes(report) == {"back_dated"}


def test_what_rests_on_a_correction_is_shown():
    report = said_too_much(
        lambda s: correct(
            s, "source", lot("ore", "990", stage="ore", origin="mined", country="US", facility=urn("mine"),
                             assay=assay(Nd2O3="0.66")),
        )
    )  # fmt: skip
    assert report.verdict is Verdict.VALID_WITH_WARNINGS
    assert codes(report) == {"built_on_corrected"}


def test_a_void_lot_is_not_valid():
    report = said_too_much(lambda s: void(s, "reduce", by="b"))
    assert report.verdict is Verdict.INVALID
    assert "lot_void" in codes(report)


def test_what_was_in_stock_proves_no_origin():
    log = Log()
    log.say(log.operator, "lot.source", lot("stock", "5", origin="opening_stock", country="EE"))
    log.commit()
    report = Story(log, urn("stock")).report()
    assert (report.verdict, codes(report)) == (Verdict.VALID_WITH_WARNINGS, {"origin_not_proven"})


def test_an_auditor_of_the_trust_file_stands_in_for_withheld_masses():
    story = mine_to_metal(commit=False)
    auditor = story.log.register("auditor", roles=["auditor"])
    steps = ("source", "beneficiate", "split", "dispatch", "receive", "reduce")
    attest(story, auditor, *steps)
    story.log.commit()
    hidden = [digest for name in steps for digest in story.said[name].places.values()]
    members = story.log.members(hidden=hidden)
    assert story.report(members).verdict is Verdict.INCOMPLETE
    trusted = story.report(members, trust=Trust(auditors={auditor.urn: "Auditor"}))
    assert (trusted.verdict, codes(trusted)) == (Verdict.VALID, set())
    other = story.report(members, trust=Trust(auditors={urn("another"): ""}))
    assert codes(other) == {"not_established"}


@pytest.mark.parametrize(("scope", "opinion"), [(("custody",), "conforms"), (("matter",), "does_not_conform")])
def test_an_attestation_counts_within_its_scope_and_opinion(scope, opinion):
    story = mine_to_metal(commit=False)
    auditor = story.log.register("auditor", roles=["auditor"])
    attest(story, auditor, "source", scope=scope, opinion=opinion)
    story.log.commit()
    trust = Trust(auditors={auditor.urn: ""})
    report = story.report(story.log.members(hidden=story.said["source"].places.values()), trust=trust)
    assert report.verdict is Verdict.INCOMPLETE
    assert "not_established" in codes(report)
    assert ("auditor_objects" in codes(report)) == (opinion == "does_not_conform")


def test_a_withdrawn_attestation_counts_for_nothing():
    story = mine_to_metal(commit=False)
    auditor = story.log.register("auditor", roles=["auditor"])
    story.said["attest"] = attest(story, auditor, "source")
    story.log.say(auditor, "statement.void", {"voids": story.said["attest"].digest, "reason": "x"})
    story.log.commit()
    members = story.log.members(hidden=story.said["source"].places.values())
    assert "not_established" in codes(story.report(members, trust=Trust(auditors={auditor.urn: ""})))
