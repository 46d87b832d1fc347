"""Figures that a maker, a declarant or an attestor would like to be taken for more than they are."""

import json

import pytest

from epd.lca.bodies import figures_to_body
from tests.verifier.builder import codes, urn
from tests.verifier.stories import correct, void
from tests.verifier.test_method import LOTS, Figured, declaring, figured
from traceability.ledger.closed import parse_disclosure
from traceability.verifier.report import Verdict
from traceability.verifier.trust import LeastVerification


def attested(story: Figured, *names: str, party=None):
    """An auditor who attests these statements, and the trust file that lists him."""
    auditor = party or story.log.register("auditor", roles=["auditor"])
    story.log.say(
        auditor,
        "statement.attest",
        {
            "attestation": urn("audit"),
            "statements": [story.said[name].digest for name in names],
            "scope": ["result"],
            "opinion": "conforms",
        },
    )
    story.log.commit()
    return story.trust(auditors={auditor.urn: "Auditor"})


def hiding(story: Figured, part: str, *, of: tuple[str, ...]):
    """The members without the values of these statements whose place holds this part."""
    digests = [digest for name in of for place, digest in story.said[name].places.items() if part in place]
    assert digests
    return story.members(hidden=digests)


def test_an_input_has_the_result_of_its_own_lot():
    """`computed_from` names the result of another lot of the bundle for the input."""
    story = figured(results=LOTS[:3])
    story.results[urn("con/1")] = story.results[urn("con")]
    story.state("metal", "b")
    story.target = urn("metal")
    story.log.commit()
    report = story.report()
    assert report.verdict is Verdict.INVALID
    assert "result_mismatch" in codes(report)


def test_shares_that_rest_on_withheld_shares_are_not_established():
    story = figured()
    trust = attested(story, "result con")
    hidden = ("/inventory/0/amount", "/shares")
    digests = [
        digest
        for name in ("beneficiate", "result con")
        for place, digest in story.said[name].places.items()
        if any(part in place for part in hidden)
    ]
    report = story.report(story.members(hidden=digests), trust=trust)
    assert report.verdict is Verdict.INCOMPLETE
    where = {one.where for one in report.findings() if one.code == "result_not_established"}
    assert f"{story.said['result con/1'].name}/body/shares" in where
    assert f"{story.said['result metal'].name}/body/shares" in where


def test_with_the_shares_of_the_input_they_are():
    story = figured()
    trust = attested(story, "result con")
    report = story.report(hiding(story, "/inventory/0/amount", of=("beneficiate",)), trust=trust)
    assert (report.verdict, codes(report)) == (Verdict.VALID, set())


@pytest.mark.parametrize("of", [("result metal",), ("result metal", "result con/1")])
def test_a_declaration_is_not_established_by_a_result_that_is_withheld(of):
    """An auditor vouches for the result, and the declaration of it states other figures."""
    story = figured()
    trust = attested(story, *of)
    story.declare(bases=[wrong(story.said["result metal"])])
    story.log.commit()
    report = story.report(hiding(story, "/bases/", of=of), trust=trust)
    assert report.verdict is Verdict.INCOMPLETE
    assert "declaration_not_established" in codes(report)


def wrong(said):
    """The first basis of a result with another number."""
    texts = [said.disclosures[digest] for place, digest in said.places.items() if place == "/body/bases/0"]
    row = json.loads(json.dumps(parse_disclosure(texts[0]).value))
    return row | {"indicators": [{**row["indicators"][0], "a1_a3": "0.000001"}, *row["indicators"][1:]]}


def test_only_the_maker_of_a_lot_declares_it():
    story = figured()
    story.parties["b"], maker = story.parties["a"], story.parties["b"]
    story.declare()
    story.parties["b"] = maker
    story.log.commit()
    report = story.report()
    assert report.verdict is Verdict.INVALID
    assert "not_the_declarant" in codes(report)


def test_nobody_verifies_his_own_declaration():
    story = declaring()
    maker = story.parties["b"]
    attested(story, "declaration", party=maker)
    asked = story.trust(least_verification=LeastVerification.VERIFIED, verifiers={maker.urn: "Baltika"})
    assert codes(story.report(trust=asked)) == {"verification_below_least"}


def test_nobody_vouches_for_what_he_withholds_himself():
    story = figured()
    attested(story, "result con", party=story.parties["a"])
    trust = story.trust(auditors={story.parties["a"].urn: "Juniper"})
    report = story.report(hiding(story, "/inventory/0/amount", of=("beneficiate",)), trust=trust)
    assert codes(report) == {"result_self_stated"}


def renamed(story: Figured) -> None:
    body = json.loads(story.said["factors"].payload)["body"]
    story.parties["operator"] = story.log.operator
    correct(story, "factors", body | {"version": "named again"}, by="operator")


def test_a_factor_set_that_is_named_again_is_the_same_set():
    story = figured(results=LOTS[:3])
    renamed(story)
    story.state("metal", "b")
    story.target = urn("metal")
    story.log.commit()
    report = story.report()
    assert (report.verdict, codes(report)) == (Verdict.VALID, set())


def test_figures_on_factors_that_were_withdrawn_are_stale():
    story = figured()
    story.parties["operator"] = story.log.operator
    void(story, "factors", by="operator")
    story.log.commit()
    assert codes(story.report()) == {"figures_stale"}


def test_what_is_computed_from_a_received_input_needs_no_causes_of_it():
    """The maker of the magnets reads the figures of his supplier, and not what they come from."""
    story = declaring()
    report = story.report(hiding(story, "/body/causes", of=("result con/1",)))
    assert (report.verdict, codes(report)) == (Verdict.VALID, set())


def test_other_causes_than_those_of_the_result_are_found_all_the_same():
    story = figured()
    causes = [*declared_member(story, "causes")]
    story.declare(causes=[{**causes[0], "by_cause": [{"cause": "water", "gwp": "1"}]}, *causes[1:]])
    story.log.commit()
    report = story.report(hiding(story, "/body/causes", of=("result con/1",)))
    assert report.verdict is Verdict.INVALID
    assert "result_mismatch" in codes(report)


@pytest.mark.parametrize(("same", "verdict"), [(True, Verdict.VALID), (False, Verdict.INVALID)])
def test_a_declaration_repeats_what_an_attested_result_states_where_it_cannot_be_computed_here(same, verdict):
    """The shares rest on withheld ones, an auditor vouches for them, and the declaration repeats them or not."""
    story = figured()
    trust = attested(story, "result con", "result con/1", "result metal")
    other = {**declared_member(story, "shares"), "recycled": {"post_consumer": "1", "pre_consumer": "0"}}
    story.declare(**({} if same else {"shares": other}))
    story.log.commit()
    hidden = {
        digest
        for name in ("beneficiate", "result con", "result con/1")
        for place, digest in story.said[name].places.items()
        if "/shares" in place or (name == "beneficiate" and "/inventory/0/amount" in place)
    }
    report = story.report(story.members(hidden=sorted(hidden)), trust=trust)
    assert (report.verdict, codes(report)) == (verdict, set() if same else {"result_mismatch"})


def test_the_sentence_names_what_is_not_shown():
    story = declaring()
    report = story.report(hiding(story, "/bases/", of=("result metal",)))
    [found] = [one for one in report.findings() if one.code == "declaration_not_established"]
    assert found.sentence.endswith("these members are not shown here: bases.")


def declared_member(story, name):
    return figures_to_body(story.results[urn("metal")][1])[name]
