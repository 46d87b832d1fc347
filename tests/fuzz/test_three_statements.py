"""No changed byte of a bundle of three statements is VALID, whatever the attacker makes fit to it."""

import io
from collections.abc import Iterable
from functools import cache
from itertools import islice

import pytest

from tests.fuzz.flips import SEED, Contents, Flip, archive, every_byte
from tests.verifier.stories import NOBODY, Story, smallest
from traceability.verifier.checks import all_checks, run_file
from traceability.verifier.report import Asked, Verdict

pytestmark = pytest.mark.fuzz
PARTS = range(16)
"""The bytes are dealt out to so many tests, which run side by side."""
CHECKS = all_checks()
SOFTER = {"checkpoints": (Verdict.VALID_WITH_WARNINGS,)}
"""A note line under a changed name or key id is one of a key that the reader does not know: it counts for nothing."""


@cache
def story() -> Story:
    return smallest()


@cache
def contents() -> Contents:
    return Contents.of(story().log.members(), story().target, story().custody_hash)


def verdict_of(content: bytes) -> Verdict:
    return run_file(io.BytesIO(content), NOBODY, story().log.policy(), asked=Asked(), checks=CHECKS).verdict


def dealt(flips: Iterable[Flip], part: int) -> Iterable[Flip]:
    return islice(flips, part, None, len(PARTS))


def test_the_bundle_itself_is_valid():
    assert verdict_of(archive(contents().whole)) is Verdict.VALID
    assert sum(name.startswith("statements/") for name in contents().members) == 3


@pytest.mark.parametrize("part", PARTS)
def test_no_changed_byte_is_valid_when_everything_else_is_made_to_fit(part):
    for flip in dealt(every_byte(contents().whole), part):
        verdict = verdict_of(archive(contents().after(flip)))
        assert verdict in (Verdict.INVALID, *SOFTER.get(flip.member.split("/")[0], ())), (flip, SEED)


@pytest.mark.parametrize("part", PARTS)
def test_no_changed_byte_of_the_archive_is_anything_but_invalid(part):
    whole = archive(contents().whole)
    for flip in dealt(every_byte({"": whole}), part):
        assert verdict_of(flip.of(whole)) is Verdict.INVALID, (flip, SEED)
