"""No bundle that was cut, mixed or filled with junk is VALID, and none makes the verifier stumble.

Every single byte of a bundle is changed in tests/fuzz.
"""

import io
import random
from functools import cache

import pytest

from tests.verifier.builder import pack
from tests.verifier.stories import NOBODY, Story, mine_to_metal, smallest
from traceability.ledger import bundle
from traceability.verifier.checks import all_checks, run_file
from traceability.verifier.report import Asked, Verdict

CHECKS = all_checks()
SEED = 20261121


@cache
def story() -> Story:
    return smallest()


@cache
def members() -> dict[str, bytes]:
    return story().log.members()


def verdict_of(content: bytes) -> Verdict:
    policy = story().log.policy()
    return run_file(io.BytesIO(content), NOBODY, policy, asked=Asked(), checks=CHECKS).verdict


def with_byte(content: bytes, place: int, value: int) -> bytes:
    return content[:place] + bytes([value]) + content[place + 1 :]


def test_a_bundle_that_was_cut_anywhere_is_invalid():
    whole = pack(members(), story().target, story().custody_hash)
    for length in range(0, len(whole), 97):
        assert verdict_of(whole[:length]) is Verdict.INVALID
    assert verdict_of(whole + b"\0") is Verdict.INVALID


@pytest.mark.parametrize("name", sorted(mine_to_metal().log.members()))
def test_no_member_of_a_longer_story_may_be_changed_at_random(name):
    chance = random.Random(f"{SEED} {name}")
    longer = mine_to_metal()
    content = longer.log.members()[name]
    for _ in range(6):
        place = chance.randrange(len(content))
        changed = with_byte(content, place, content[place] ^ chance.randrange(1, 256))
        report = longer.report(longer.log.members() | {name: changed})
        assert report.verdict is not Verdict.VALID


JUNK = (b"", b"{}", b"[]", b"null", b"\xff", b"0", b"{" * 40, b"[" * 9000, b'{"a":' * 2000, b"\n\n", b'{"size":1e9}')


@pytest.mark.parametrize("junk", JUNK, ids=range(len(JUNK)))
def test_junk_in_any_member_is_never_valid(junk):
    for name in members():
        packed = pack(members() | {name: junk}, story().target, story().custody_hash)
        assert verdict_of(packed) is not Verdict.VALID


def test_members_mixed_from_two_bundles_are_never_valid():
    longer = mine_to_metal()
    theirs = longer.log.members()
    for name in members().keys() & theirs.keys():
        if members()[name] != theirs[name]:
            packed = pack(members() | {name: theirs[name]}, story().target, story().custody_hash)
            assert verdict_of(packed) is not Verdict.VALID


def test_dropping_any_member_but_the_disclosure_of_a_name_is_never_valid():
    name_of_operator = bundle.disclosure_name(*story().log.said[0].places.values())
    for name in members().keys() - {name_of_operator}:
        rest = {one: content for one, content in members().items() if one != name}
        assert verdict_of(pack(rest, story().target, story().custody_hash)) is not Verdict.VALID


def test_another_target_is_never_valid():
    packed = pack(members(), bundle.check_urn(story().parties["operator"].urn), story().custody_hash)
    assert verdict_of(packed) is Verdict.INVALID
