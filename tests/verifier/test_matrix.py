"""The omission matrix: each thing that a bundle carries, dropped, swapped or doubled, and the code by which it shows.

Three attackers: one changes members and makes the manifest fit; one makes the inclusion proof anew, too; the last is
the operator, who logs a statement twice. What remains when the heads proof is made anew is in test_omission.py.
"""

import json

import pytest

from tests.verifier.builder import codes
from tests.verifier.test_omission import whole
from traceability.ledger import bundle, canonical
from traceability.verifier.report import Verdict

BY_ACTION = {"dropped": "statement_missing", "swapped": "root_mismatch", "doubled": "statement_without_proof"}
"""The code of each action on a statement; none of them is ever said of another action."""
FREE_INDEX = 1  # the index of an earlier log.heads, which no bundle carries
STATEMENTS = {
    # What the chain or the rules miss when the statement is dropped and the inclusion proof is made anew.
    "register operator": "heads_issuer",
    "register a": "unknown_organisation",
    "register b": "unknown_organisation",
    "register auditor": "key_unknown",
    "attest a": "spare_hash",
    "mine": "facility_not_yours",
    "source": "source_missing",
    "beneficiate": "chain_gap",
    "split": "chain_gap",
    "dispatch": "chain_gap",
    "receive": "chain_gap",
    "reduce": "target_missing",
    "correct": "chain_gap",
    "attest": "spare_member",
    "withdraw": "chain_cut",
    "rotate": "key_unknown",
    "revoke": "chain_cut",
    "hold": "custody_hash_mismatch",
    "recall": "chain_cut",
    "heads": "heads_not_last_leaf",
}


def statements():
    """Every statement of the bundle, by its name in the story."""
    story = whole()
    registers = {
        f"register {name}": next(one for one in story.log.said if one.subjects == (party.urn,))
        for name, party in story.parties.items()
    }
    return {**story.said, **registers, "heads": story.log.said[-1]}


def changed(action, said):
    """The members after a statement was dropped, swapped with another one, or doubled at a free place."""
    members = whole().log.members()
    if action == "dropped":
        del members[said.name]
    elif action == "swapped":
        other = statements()["receive" if said is statements()["dispatch"] else "dispatch"]
        members[said.name], members[other.name] = members[other.name], members[said.name]
    else:
        members[bundle.statement_name(FREE_INDEX)] = said.envelope
    return members


def test_the_matrix_has_a_row_for_every_statement_of_the_bundle():
    carried = {name for name in whole().log.members() if name.startswith("statements/")}
    assert {one.name for one in statements().values()} == carried
    assert statements().keys() == STATEMENTS.keys()


@pytest.mark.parametrize("action", BY_ACTION)
@pytest.mark.parametrize("name", STATEMENTS)
def test_each_action_on_a_statement_has_its_own_code(name, action):
    report = whole().report(changed(action, statements()[name]))
    assert report.verdict is Verdict.INVALID
    assert codes(report) & set(BY_ACTION.values()) == {BY_ACTION[action]}


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_dropped_statement_is_missed_when_the_inclusion_proof_is_made_anew(name):
    story = whole()
    subjects = {one for said in story.log.said for one in said.subjects} - story.log.outside
    report = story.report(story.log.members(without=[statements()[name]], subjects=subjects))
    assert report.verdict is Verdict.INVALID
    assert STATEMENTS[name] in codes(report)
    assert not codes(report) & set(BY_ACTION.values())


@pytest.mark.parametrize("built_on", [True, False], ids=["and builds on it", "and leaves it aside"])
@pytest.mark.parametrize("name", ["source", "dispatch", "correct", "withdraw", "revoke", "hold", "recall"])
def test_a_statement_that_the_operator_logs_twice_has_a_taken_id(name, built_on):
    """Section 2: (issuer, id) is bound at acceptance."""
    whole.cache_clear()
    story = whole()
    whole.cache_clear()
    said = story.said[name]
    story.log.log(said.envelope, counts=built_on)
    story.log.said[-1].disclosures = said.disclosures
    story.log.commit()
    report = story.report()
    assert report.verdict is Verdict.INVALID
    assert "id_taken" in codes(report)


def members_of(folder):
    return sorted(name for name in whole().log.members() if name.startswith(folder))


CHECKPOINTS, CONSISTENCY = members_of("checkpoints/"), members_of("consistency/")
NEWEST = CHECKPOINTS[-1]
LIST_OF = {bundle.INCLUSION_NAME: "hashes", bundle.HEADS_NAME: "nodes"}


@pytest.mark.parametrize(
    ("name", "code", "verdict"),
    [
        (bundle.INCLUSION_NAME, "missing_member", Verdict.INVALID),
        (bundle.HEADS_NAME, "completeness_not_established", Verdict.INCOMPLETE),
        (NEWEST, "bad_multiproof", Verdict.INVALID),
        *((name, "first_checkpoint_missing", Verdict.INCOMPLETE) for name in CHECKPOINTS[:-1]),
        *((name, "consistency_not_established", Verdict.INCOMPLETE) for name in CONSISTENCY),
    ],
)
def test_each_proof_that_is_dropped_is_missed(name, code, verdict):
    members = whole().log.members()
    del members[name]
    report = whole().report(members)
    assert report.verdict is verdict
    assert code in codes(report)


@pytest.mark.parametrize(
    ("name", "other", "code"),
    [
        (bundle.INCLUSION_NAME, bundle.HEADS_NAME, "bad_multiproof"),
        (CHECKPOINTS[0], CHECKPOINTS[1], "bad_checkpoint"),
        (CHECKPOINTS[0], NEWEST, "bad_checkpoint"),
        (CONSISTENCY[0], CONSISTENCY[1], "wrong_path_length"),
    ],
)
def test_proofs_that_change_places_are_refused(name, other, code):
    members = whole().log.members()
    members[name], members[other] = members[other], members[name]
    report = whole().report(members)
    assert report.verdict is Verdict.INVALID
    assert code in codes(report)


@pytest.mark.parametrize(
    ("name", "copy"),
    [(CHECKPOINTS[0], bundle.checkpoint_name(4)), (CONSISTENCY[0], bundle.consistency_name(4))],
)
def test_a_proof_in_two_places_is_spare(name, copy):
    members = whole().log.members()
    report = whole().report(members | {copy: members[name]})
    assert report.verdict is Verdict.INVALID
    assert "spare_member" in codes(report)


@pytest.mark.parametrize("name", LIST_OF)
def test_a_hash_that_stands_twice_in_a_proof_is_spare(name):
    members = whole().log.members()
    value = json.loads(members[name])
    value[LIST_OF[name]].append(value[LIST_OF[name]][-1])
    report = whole().report(members | {name: canonical.encode(value)})
    assert report.verdict is Verdict.INVALID
    assert "spare_hash" in codes(report)


DISCLOSURES = members_of("disclosures/")


@pytest.mark.parametrize("place", range(len(DISCLOSURES)))
def test_a_disclosure_swapped_or_doubled_is_refused_and_a_dropped_one_shows_as_withheld(place):
    members = whole().log.members()
    name, other = DISCLOSURES[place], DISCLOSURES[place - 1]
    swapped = whole().report(members | {name: members[other], other: members[name]})
    assert (swapped.verdict, "disclosure_mismatch" in codes(swapped)) == (Verdict.INVALID, True)
    doubled = whole().report(members | {bundle.disclosure_name("A" * 43): members[name]})
    assert (doubled.verdict, "spare_member" in codes(doubled)) == (Verdict.INVALID, True)
    dropped = whole().report({one: content for one, content in members.items() if one != name})
    withheld = next(check.sentence for check in dropped.checks if check.name == "Withheld values")
    assert "not_established" in codes(dropped) or withheld == "1 values are withheld."
