"""The sixteen answers to a buyer: one change in what is true changes the one that names it."""

import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from epd.verifier import __main__ as program
from epd.verifier.checks import ALL_CHECKS
from epd.verifier.purchase import parse_purchase, purchase_of
from epd.verifier.sixteen import NAMED, OFFLINE, answer, answers
from tests.ledger.log_keys import WITNESSES
from tests.verifier.builder import Log, pack, urn
from tests.verifier.stories import assay, draws, lot
from tests.verifier.test_imports import two
from tests.verifier.test_verification import Desk
from traceability.ledger import bundle
from traceability.ledger.errors import RecordError
from traceability.verifier import command
from traceability.verifier.checks import examine_file
from traceability.verifier.report import Asked, Word
from traceability.verifier.trust import LeastVerification, Trust

DFARS = "us-dfars-252-225-7052"
BOUGHT = {"lot": urn("metal"), "mass_kg": "1.3", "product": "neodymium", "rules": [DFARS]}
IDS = [one.id for one in (*NAMED, OFFLINE)]


class Buyer:
    """A registered declaration, and a buyer who knows everybody in it."""

    def __init__(self, **changes):
        self.desk = Desk(**changes).registered()
        self.story, self.log = self.desk.story, self.desk.log
        self.listed = {one.urn: "" for one in (*self.story.parties.values(), self.desk.verifier, self.desk.programme)}
        self.more = {}

    def trust(self):
        given = {
            "organisations": self.listed,
            "verifiers": {urn("verifier"): "Verifier GmbH"},
            "programme_operators": {urn("programme"): ""},
            "least_verification": LeastVerification.VERIFIED,
        }
        return replace(self.story.trust(), **given | self.more)

    def answer(self, bought=BOUGHT, *, members=None, days=1, policy=None, expect=None):
        self.log.commit()
        members = self.story.members() if members is None else members(self.story)
        content = pack(members, self.story.target, self.story.custody_hash)
        asked = Asked(self.log.now + timedelta(days=days), expect)
        policy = policy or self.log.policy()
        examined = examine_file(io.BytesIO(content), self.trust(), policy, asked=asked, checks=ALL_CHECKS)
        return answer(examined, purchase_of(bought))


def words(found):
    return {one.named.id: one.word for one in found.checks}


def changed(found):
    """What does not pass, with its word and code."""
    return {one.named.id: (one.word, one.code) for one in found.checks if one.word is not Word.PASS}


def test_what_is_true_passes_every_check():
    found = Buyer().answer()
    assert changed(found) == {}
    assert (found.verdict, found.exit_code) == (Word.PASS, 0)
    assert [one.number for one in found.checks] == list(range(1, 17))
    assert [one.named.id for one in found.checks] == IDS
    origin = next(one for one in found.checks if one.named.id == "origin")
    assert origin.sentence.startswith(
        "Countries where it was mined: US. Countries where it was refined: EE. Passes rule set us-dfars-252-225-7052,"
    )


def recalled(buyer):
    buyer.log.say(buyer.story.parties["b"], "lot.recall", {"lot": urn("metal"), "reason": "cracks"})


def unlisted_issuer(buyer):
    buyer.listed.pop(buyer.story.parties["a"].urn)


def no_verifier(buyer):
    buyer.more = {"verifiers": {}, "least_verification": LeastVerification.NONE}


def no_factors(buyer):
    buyer.more = {"factor_publishers": {}}


def holder_keys(buyer):
    buyer.more = {"holder_keys_required": True}


@pytest.mark.parametrize(
    ("change", "id", "word", "code"),
    [
        (holder_keys, "keys", Word.NOT_ESTABLISHED, "platform_keys"),
        (unlisted_issuer, "issuer", Word.NOT_ESTABLISHED, "organisation_not_accepted"),
        (recalled, "current", Word.WARNING, "recall"),
        (no_verifier, "verified", Word.WARNING, "verifier_not_listed"),
        (no_factors, "method", Word.NOT_ESTABLISHED, "factors_not_accepted"),
    ],
)
def test_a_change_is_told_under_its_name(change, id, word, code):
    buyer = Buyer()
    change(buyer)
    assert changed(buyer.answer()) == {id: (word, code)}


@pytest.mark.parametrize(
    ("asked", "id", "word", "code"),
    [
        ({"mass_kg": "1.4"}, "purchase", Word.FAIL, "mass_kg_differs"),
        ({"product": "iron"}, "purchase", Word.FAIL, "product_differs"),
        ({"lot": urn("ore")}, "purchase", Word.FAIL, "lot_differs"),
        ({"lot_number": "M-1"}, "purchase", Word.NOT_ESTABLISHED, "lot_number_not_shown"),
        ({"delivery_note": "D-1"}, "purchase", Word.NOT_ESTABLISHED, "delivery_note_not_shown"),
        ({"max_gwp_ghg": "0.000001"}, "purchase", Word.FAIL, "gwp_above_limit"),
        ({"max_gwp_ghg": "1000", "basis": "mass"}, "purchase", None, ""),
        ({"min_recycled_pct": "10"}, "recycled", Word.FAIL, "recycled_content_too_low"),
        ({"rules": ["house-rules"]}, "origin", Word.NOT_ESTABLISHED, "unknown_rule_set"),
    ],
)
def test_what_a_buyer_asks_for(asked, id, word, code):
    found = changed(Buyer().answer(asked))
    assert found == ({id: (word, code)} if word else {})


def test_who_does_not_say_what_he_bought_is_not_answered_on_it():
    assert changed(Buyer().answer({})) == {"purchase": (Word.NOT_APPLICABLE, "not_applicable")}


def test_another_lot_than_the_custody_hash_says():
    found = Buyer().answer(expect="sha256:" + "1" * 64)
    assert changed(found) == {"purchase": (Word.FAIL, "not_expected_hash")}


@pytest.mark.parametrize(
    ("days", "code"), [(40, "stale"), (1400, "registration_expired")], ids=["stale", "registration"]
)
def test_what_is_over_is_not_valid(days, code):
    buyer = Buyer()
    buyer.more = {"greatest_age": timedelta(days=36500 if code != "stale" else 31)}
    assert changed(buyer.answer({"lot": urn("metal")}, days=days)) == {"valid": (Word.WARNING, code)}


def test_a_declaration_ends_on_its_day():
    found = Buyer(valid_until="2026-11-03").answer(days=3)
    assert changed(found) == {"valid": (Word.FAIL, "declaration_expired")}


def test_a_wrong_number_does_not_recompute():
    buyer = Buyer()
    body = buyer.story.result_body("metal")
    body["bases"][0]["indicators"][0]["a1"] = "0.000001"
    buyer.log.say(buyer.story.parties["b"], "lot.result", body)
    found = words(buyer.answer())
    assert [id for id, word in found.items() if word is Word.FAIL] == ["figures"]


def test_a_witness_whom_the_policy_asks_for_and_who_is_silent():
    buyer = Buyer()
    found = buyer.answer(policy=buyer.log.policy(witnesses=WITNESSES[:1], quorum="w0"))
    assert changed(found) == {"log": (Word.NOT_ESTABLISHED, "quorum_not_reached")}


def test_a_chain_that_went_through_a_covered_country():
    log = Log()
    said = lot("ore", "10", stage="ore", origin="mined", country="CN", assay=assay(Nd2O3="0.66"))
    log.say(log.operator, "lot.source", said)
    log.commit()
    content = pack(log.members(), urn("ore"), log.heads[urn("ore")].custody_hash)
    for at, word in ((datetime(2026, 12, 1, tzinfo=UTC), Word.PASS), (datetime(2027, 2, 1, tzinfo=UTC), Word.FAIL)):
        examined = examine_file(io.BytesIO(content), Trust(), log.policy(), asked=Asked(at), checks=ALL_CHECKS)
        assert words(answer(examined, purchase_of({"rules": [DFARS]})))["origin"] is word


def small(*said, target, at=datetime(2026, 12, 1, tzinfo=UTC), bought=None, hidden=()):
    """The answer on a lot of a small log in which the operator says these acts."""
    log = Log()
    for kind, body, more in said:
        log.say(log.operator, kind, body, **more)
    log.commit()
    closed = [digest for one in log.said for place, digest in one.places.items() if place.endswith(tuple(hidden))]
    content = pack(log.members(hidden=closed if hidden else []), urn(target), log.heads[urn(target)].custody_hash)
    trust = Trust(organisations={log.operator.urn: ""})
    asked = Asked(at)
    return answer(examine_file(io.BytesIO(content), trust, log.policy(), asked=asked, checks=ALL_CHECKS),
                  purchase_of(bought or {}))  # fmt: skip


def ore(origin="mined", **more):
    return "lot.source", lot("ore", "10", stage="ore", origin=origin, country="US", assay=assay(Nd2O3="50"), **more), {}


def reduced(name="metal", drawn="10", nd="95"):
    outputs = [lot(name, "4", stage="metal", **{"class": "product"}, assay=assay(Nd=nd))]
    body = {"inputs": draws(ore=drawn), "outputs": outputs, "losses": [{"kind": "slag", "mass_kg": "6"}]}
    return "lot.transform", body, {"process": [("reduce", "EE")]}


def test_what_nobody_traces_is_a_gap_that_is_counted():
    complete = next(one for one in small(ore("purchased"), target="ore").checks if one.named.id == "complete")
    assert complete.word is Word.WARNING
    assert {"origin_not_proven", "not_traced"} <= {one.code for one in complete.findings}
    assert "Traced to a mine or to scrap: 0.0 % of the rare earths." in complete.sentence


def test_a_lot_that_is_used_twice_does_not_close():
    once, twice = small(ore(), reduced(), target="metal"), small(ore(), reduced(), reduced("again"), target="again")
    assert words(once)["balance"] is Word.PASS
    assert twice.verdict is Word.FAIL
    failed = {one.named.id: one.sentence for one in twice.checks if one.word is Word.FAIL}
    assert failed.keys() == {"balance", "log"}  # the log of such a bundle is wrong, too: it let it in
    assert failed["balance"] == "The lot is used up, so this is not possible now."


def test_a_model_of_custody_is_not_raised_on_the_way():
    kind, body, more = reduced()
    raised = kind, {**body, "custody_model": "segregated"}, more
    found = small(ore(custody_model="mass_balance"), raised, target="metal")
    assert words(found)["recycled"] is Word.WARNING
    assert words(found)["balance"] is Word.PASS


def test_matter_that_nobody_brought_in_does_not_close():
    found = small(ore(), reduced(nd="99", drawn="7"), target="metal")
    assert (words(found)["balance"], words(found)["figures"]) == (Word.FAIL, Word.NOT_APPLICABLE)


def test_what_is_withheld_is_not_established():
    found = small(ore(), reduced(), target="metal", hidden=["/inputs/0/mass_kg"])
    not_established = {id for id, word in words(found).items() if word is Word.NOT_ESTABLISHED}
    assert {"balance", "complete", "recycled"} <= not_established
    assert found.verdict is Word.NOT_ESTABLISHED


def test_the_delivery_note_is_that_of_a_dispatch_of_the_lot():
    sent = {"lot": urn("ore"), "to": {"origin": "elsewhere.example/log", "organisation": urn("x")}, "mass_kg": "10",
            "tolerance_pct": "0.05", "reference": "DN 1"}  # fmt: skip
    said = (ore(), ("lot.dispatch", sent, {}))
    assert words(small(*said, target="ore", bought={"delivery_note": "DN 1"}))["purchase"] is Word.PASS
    assert words(small(*said, target="ore", bought={"delivery_note": "DN 2"}))["purchase"] is Word.FAIL


def test_steps_before_an_import_count():
    case = two()
    case.take_in()
    for without, word, said in ((False, Word.PASS, "mined: AU"), (True, Word.NOT_ESTABLISHED, "refined: EE")):
        members = case.here.members() | ({} if without else {bundle.evidence_name(case.digest): case.content})
        content = pack(members, urn("metal"), case.here.heads[urn("metal")].custody_hash)
        asked = Asked(datetime(2026, 12, 1, tzinfo=UTC))
        examined = examine_file(io.BytesIO(content), Trust(), case.policy(), asked=asked, checks=ALL_CHECKS)
        found = answer(examined, purchase_of({"rules": ["oecd-cahra"]}))
        complete = next(one for one in found.checks if one.named.id == "complete")
        origin = next(one for one in found.checks if one.named.id == "origin")
        assert (complete.word, said in origin.sentence) == (word, True)
        assert ("AU" in origin.sentence) is not without


@pytest.mark.parametrize("broken", ["archive", "signature"])
def test_of_wrong_bytes_nothing_else_is_said(broken):
    buyer = Buyer()
    buyer.log.commit()
    members = buyer.story.members()
    if broken == "signature":
        name = buyer.story.said["source"].name
        value = json.loads(members[name])
        first = "B" if value["signatures"][0]["sig"][0] == "A" else "A"
        value["signatures"][0]["sig"] = first + value["signatures"][0]["sig"][1:]
        members[name] = json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
    content = pack(members, buyer.story.target, buyer.story.custody_hash)
    if broken == "archive":
        content = content[:-30]
    examined = examine_file(
        io.BytesIO(content), buyer.trust(), buyer.log.policy(), asked=Asked(buyer.log.now), checks=ALL_CHECKS
    )
    found = answer(examined)
    assert words(found) == {"signed": Word.FAIL} | dict.fromkeys(IDS[1:], Word.NOT_ESTABLISHED)
    assert found.exit_code == 1


def test_without_files_of_his_own_nobody_gets_a_pass():
    buyer = Buyer()
    buyer.log.commit()
    content = pack(buyer.story.members(), buyer.story.target, buyer.story.custody_hash)
    found = answer(examine_file(io.BytesIO(content), None, None, asked=Asked(), checks=ALL_CHECKS))
    assert found.verdict is Word.NOT_ESTABLISHED
    assert changed(found)["anchors"] == (Word.NOT_ESTABLISHED, "trust_self_asserted")
    assert "Not established are the checks 3, 4, " in found.checks[-1].sentence


def test_the_answer_as_value_and_as_text():
    value = Buyer().answer().to_value()
    assert (value["format"], value["verdict"], value["exit_code"]) == ("lodestone-answer/1", "pass", 0)
    check = value["checks"][1]
    assert (check["number"], check["id"], check["result"], check["code"]) == (2, "keys", "pass", "pass")
    assert {"message", "rule", "checked_at", "evidence", "name"} <= check.keys()
    assert check["evidence"][0]["code"] == "platform_keys"
    assert Buyer().answer().to_text().splitlines()[-1].startswith("ANSWER: pass (16 pass")


def test_the_program_answers_too(tmp_path, capsys):
    buyer = Buyer()
    buyer.log.commit()
    content = pack(buyer.story.members(), buyer.story.target, buyer.story.custody_hash)
    (tmp_path / "bundle.zip").write_bytes(content)
    (tmp_path / "purchase.json").write_text(json.dumps(BOUGHT))
    asked = [str(tmp_path / "bundle.zip"), "--purchase", str(tmp_path / "purchase.json"), "--json"]
    assert command.main(asked, program.ALL_CHECKS, answers) == 3
    assert json.loads(capsys.readouterr().out)["format"] == "lodestone-answer/1"
    (tmp_path / "purchase.json").write_text('{"colour": "red"}')
    assert command.main(asked, program.ALL_CHECKS, answers) == command.USAGE
    assert "purchase.json" in capsys.readouterr().err


@pytest.mark.parametrize("written", ["[]", "{", '{"mass_kg": 1.5}', '{"lot": "x"}', '{"basis": "weight"}'])
def test_a_purchase_that_cannot_be_read(written):
    with pytest.raises(RecordError):
        parse_purchase(written.encode())
