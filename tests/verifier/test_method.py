"""Results and declarations in a bundle: computed again to the last digit, and said for what they are."""

import io
import json
from datetime import timedelta

import pytest

from epd.factors import shipped_factors
from epd.lca import algorithms
from epd.lca.assembly import assemble, result_of
from epd.lca.bodies import figures_to_body, result_to_body
from epd.lca.rollup import roll_up
from epd.rules.declared import declared
from epd.rules.profiles import INTERNATIONAL_EPD_DEFAULT
from epd.verifier.checks import ALL_CHECKS
from epd.verifier.factors import member_name, write_member
from tests.verifier.builder import codes, pack, urn
from tests.verifier.stories import Story, assay, correct, draws, lot, mine_to_metal
from traceability.ledger import bundle, canonical
from traceability.verifier.checks import gather
from traceability.verifier.facts import Facts
from traceability.verifier.report import Asked, Verdict
from traceability.verifier.trust import LeastVerification, Trust

FACTORS = shipped_factors()
ELECTRICITY = {
    "flow": "electricity",
    "role": "electricity",
    "amount": "100",
    "unit": "kWh",
    "basis": "metered",
    "factors": ["grid.us.2023"],
}
LOTS = (("ore", "a"), ("con", "a"), ("con/1", "a"), ("metal", "b"))


class Figured(Story):
    """A story whose makers state the results of their lots."""

    def members(self, **more):
        """The members of its bundle, with the factor that was used."""
        stored = {name: factor.canonical for name, factor in FACTORS.factors.items()}
        used = {member_name(self.said["factors"].digest): write_member(stored, ["grid.us.2023"])}
        return self.log.members(**more) | used

    def report(self, members=None, **more):
        more.setdefault("trust", self.trust())
        return super().report(self.members() if members is None else members, checks=ALL_CHECKS, **more)

    def trust(self, **more):
        return Trust(factor_publishers={self.log.operator.urn: ""}, **more)

    def result_body(self, name, **changes):
        """The opened body of the result of a lot, from what was said so far."""
        self.log.commit()
        self.target = urn(name)
        found = bundle.read_bundle(io.BytesIO(pack(self.log.members(), self.target, "sha256:" + "0" * 64)))
        facts = gather(Facts(found, self.log.policy(), Trust(), Asked()))
        assembled = assemble(urn(name), facts.world.with_siblings(), lambda one: self.results.get(one))
        result = roll_up(assembled.step, FACTORS).results[urn(name)]
        return {
            **result_to_body(result),
            "computed_from": assembled.computed_from(),
            "factors": self.said["factors"].digest,
            "algorithms": algorithms.references(),
        } | changes

    def state(self, name, party, **changes):
        """Signs the result of a lot."""
        body = self.result_body(name, **changes)
        said = self.log.say(self.parties[party], "lot.result", body)
        self.said[f"result {name}"] = said
        self.results[urn(name)] = (said.digest, result_of(body))

    def declare(self, **changes):
        """The maker of the metal declares it, with the figures of its result."""
        digest, result = self.results[urn("metal")]
        body = {
            **figures_to_body(declared(result, INTERNATIONAL_EPD_DEFAULT)),
            "declaration": urn("declaration"),
            "lot": urn("metal"),
            "custody_hash": self.log.heads[urn("metal")].custody_hash,
            "result": digest,
            "title": "EPD-style declaration, not verified",
            "product": "neodymium",
            "declarant": "baltika",
            "country": "EE",
            "profile": INTERNATIONAL_EPD_DEFAULT.id,
            "declared_unit": {"amount": "1", "unit": "kg"},
            "illustrative": False,
            "factors": self.said["factors"].digest,
            "algorithms": algorithms.references(),
        } | changes
        self.said["declaration"] = self.log.say(self.parties["b"], "declaration.publish", body)


def figured(*, results=LOTS, without_inventory=False, **changes):
    """Ore to metal with electricity in its first step, a published factor set, and results of all lots."""
    told = mine_to_metal(commit=False)
    log = told.log
    # The step with its inventory takes the place of the one in the story.
    story = rebuilt(log.seed, without_inventory=without_inventory)
    story.said["factors"] = story.log.say(
        story.log.operator, "factors.publish",
        {"subject": urn("factors"), "name": FACTORS.name, "version": FACTORS.version,
         "count": len(FACTORS.factors), "root": "sha256:" + FACTORS.root.hex()},
    )  # fmt: skip
    for name, party in results:
        story.state(name, party, **changes.get(name, {}))
    story.target = urn("metal")
    story.log.commit()
    return story


def rebuilt(seed, *, without_inventory=False):
    """The story again, its beneficiation with 100 kWh of electricity, all else with none, or with nothing recorded."""
    from tests.verifier import stories

    whole = stories.Log.say

    def say(self, party, kind, body, **more):
        if kind == "lot.transform" and "losses" in body and body["losses"][0]["kind"] == "tailings":
            body = body | {"inventory": [ELECTRICITY]}
        elif kind == "lot.transform" and more.get("process") and not without_inventory:
            body = body | {"inventory": [ELECTRICITY | {"amount": "0"}]}
        return whole(self, party, kind, body, **more)

    stories.Log.say = say
    try:
        told = mine_to_metal(commit=False)
    finally:
        stories.Log.say = whole
    story = Figured(told.log, told.target, told.parties, told.said)
    story.results = {}
    return story


def sentence(report, name="Declared figures"):
    return next(check.sentence for check in report.checks if check.name == name)


def test_every_result_is_recomputed_to_the_last_digit():
    report = figured().report()
    assert (report.verdict, codes(report)) == (Verdict.VALID, set())
    assert sentence(report) == ("4 results compared. The figures of the lot are recomputed (100.0 % recomputed).")


def test_a_wrong_number_is_invalid():
    story = figured(results=LOTS[:3])
    body = story.result_body("metal")
    body["bases"][0]["indicators"][0]["a1"] = "0.000001"
    story.log.say(story.parties["b"], "lot.result", body)
    story.log.commit()
    report = story.report()
    assert report.verdict is Verdict.INVALID
    assert {one.where.rsplit("/", 1)[1] for one in report.findings() if one.code == "result_mismatch"} == {"bases"}


def test_a_result_on_a_wrong_number_is_still_found():
    """A supplier's wrong figure flows on: his own result is the one that differs."""
    story = figured(results=LOTS[:1])
    wrong = story.result_body("con")
    wrong["bases"][0]["indicators"][0]["a3"] = "0.000001"
    said = story.log.say(story.parties["a"], "lot.result", wrong)
    story.results[urn("con")] = (said.digest, result_of(wrong))
    for name, party in LOTS[2:]:
        story.state(name, party)
    story.log.commit()
    report = story.report()
    assert report.verdict is Verdict.INVALID
    assert {one.where.split("/body")[0] for one in report.findings() if one.code == "result_mismatch"} == {said.name}


def withheld(story, *places, of):
    """The members without the values at these places of a statement."""
    said = story.said[of]
    return story.members(hidden=[digest for place, digest in said.places.items() if place.endswith(places)])


def test_what_rests_on_withheld_values_is_self_stated_until_an_auditor_attests_it():
    story = figured()
    members = withheld(story, "/inventory/0/amount", of="beneficiate")
    report = story.report(members)
    assert report.verdict is Verdict.INCOMPLETE
    assert codes(report) == {"result_self_stated"}
    assert "are self-stated (100.0 % self-stated)" in sentence(report)
    auditor = story.log.register("auditor", roles=["auditor"])
    body = {
        "attestation": urn("audit"),
        "statements": [story.said["result con"].digest],
        "scope": ["result"],
        "opinion": "conforms",
    }
    story.log.say(auditor, "statement.attest", body)
    story.log.commit()
    members = withheld(story, "/inventory/0/amount", of="beneficiate")
    report = story.report(members, trust=story.trust(auditors={auditor.urn: "Auditor"}))
    assert (report.verdict, codes(report)) == (Verdict.VALID, set())
    assert "are attested (100.0 % attested)" in sentence(report)


def test_withheld_figures_are_not_established():
    story = figured()
    report = story.report(withheld(story, "/bases/0", "/bases/1", of="result metal"))
    assert report.verdict is Verdict.INCOMPLETE
    assert "result_not_established" in codes(report)


def test_figures_that_rest_on_a_correction_are_stale():
    story = figured()
    body = {
        "facility": urn("mine"),
        "inputs": draws(ore="1000"),
        "outputs": [lot("con", "60", stage="concentrate", **{"class": "product"}, assay=assay(Nd2O3="8"))],
        "losses": [{"kind": "tailings", "mass_kg": "940"}],
        "inventory": [{**ELECTRICITY, "amount": "200"}],
    }
    correct(story, "beneficiate", body)
    story.log.commit()
    report = story.report()
    assert report.verdict is Verdict.VALID_WITH_WARNINGS
    assert codes(report) == {"figures_stale"}


def test_an_unknown_algorithm_is_incomplete():
    story = figured(metal={"algorithms": [{"id": "lodestone-rollup/2", "text": "sha256:" + "0" * 64}]})
    report = story.report()
    assert report.verdict is Verdict.INCOMPLETE
    assert "unknown_algorithm" in codes(report)


def test_factors_count_as_far_as_the_reader_lists_their_publisher():
    story = figured()
    assert codes(story.report(trust=Trust())) == {"factors_not_accepted"}


def test_another_factor_is_not_the_one_that_was_signed():
    story = figured()
    name = member_name(story.said["factors"].digest)
    value = json.loads(story.members()[name])
    [row] = value["factors"][0]["indicators"][:1]
    row["value"] = "0.1"
    report = story.report(story.members() | {name: canonical.encode(value)})
    assert report.verdict is Verdict.INVALID
    assert "factors_mismatch" in codes(report)


def test_without_its_factors_a_result_is_only_stated():
    story = figured()
    report = story.report(story.log.members())
    assert report.verdict is Verdict.INCOMPLETE
    assert codes(report) == {"result_self_stated"}


# Declarations


def declaring(**changes):
    story = figured()
    story.declare(**changes)
    story.log.commit()
    return story


def test_a_declaration_repeats_its_result():
    report = declaring().report()
    assert (report.verdict, codes(report)) == (Verdict.VALID, set())
    assert "international-epd-default/1" in sentence(report, "Product category rules")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"electricity_module": "a1"}, "result_mismatch"),
        ({"factors": "sha256:" + "0" * 64}, "result_mismatch"),
        ({"custody_hash": "sha256:" + "0" * 64}, "custody_hash_differs"),
        ({"declared_unit": {"amount": "1000", "unit": "kg"}}, "result_mismatch"),
    ],
)
def test_a_declaration_that_says_otherwise_is_invalid(changes, code):
    report = declaring(**changes).report()
    assert report.verdict is Verdict.INVALID
    assert code in codes(report)


def test_a_declaration_under_unknown_rules_is_incomplete():
    report = declaring(profile="house-rules/1").report()
    assert report.verdict is Verdict.INCOMPLETE
    assert {"unknown_profile", "declaration_not_established"} <= codes(report)


def test_a_declaration_of_an_unknown_result_is_not_established():
    report = declaring(result="sha256:" + "0" * 64).report()
    assert report.verdict is Verdict.INCOMPLETE
    assert "declaration_not_established" in codes(report)


def test_a_withdrawn_declaration_is_no_longer_current():
    story = declaring()
    story.log.say(story.parties["b"], "declaration.withdraw", {"declaration": urn("declaration"), "reason": "x"})
    story.log.commit()
    assert codes(story.report()) == {"declaration_withdrawn"}


def attested(story, party, scope="result"):
    body = {
        "attestation": urn(f"{scope} by {party.name}"),
        "statements": [story.said["declaration"].digest],
        "scope": [scope],
        "opinion": "conforms",
    }
    story.log.say(party, "statement.attest", body)
    story.log.commit()
    return story


def test_independent_verification_is_by_a_verifier_of_the_trust_file():
    story = declaring()
    report = story.report()
    assert sentence(report, "Independent verification").startswith("Nobody whom you accept but the declarant")
    asked = story.trust(least_verification=LeastVerification.VERIFIED)
    assert codes(story.report(trust=asked)) == {"verification_below_least"}
    verifier = story.log.register("verifier", roles=["verifier"])
    attested(story, verifier)
    known = story.trust(least_verification=LeastVerification.VERIFIED, verifiers={verifier.urn: "Verifier GmbH"})
    report = story.report(trust=known)
    assert report.verdict is Verdict.VALID
    assert sentence(report, "Independent verification") == "Verified by Verifier GmbH."
    as_auditor = story.trust(least_verification=LeastVerification.VERIFIED, auditors={verifier.urn: ""})
    assert codes(story.report(trust=as_auditor)) == {"verification_below_least"}


def test_an_older_bundle_keeps_its_figures():
    story = figured()
    at = story.log.now + timedelta(days=1)
    assert story.report(at=at).verdict is Verdict.VALID


def test_a_step_without_an_inventory_is_never_recomputed():
    """Nothing of it was recorded: its figures would be those of its inputs, shown as complete."""
    report = figured(without_inventory=True).report()
    assert report.verdict is Verdict.INCOMPLETE
    assert {"no_inventory", "result_self_stated"} <= codes(report)
    assert "The figures of the lot are self-stated" in sentence(report)
