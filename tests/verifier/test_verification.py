"""Submission, verification and registration of a declaration in a bundle: counted only for who is listed."""

from datetime import UTC, datetime
from functools import cached_property

import pytest

from tests.ledger.statements import POINTS
from tests.verifier.builder import codes, urn
from tests.verifier.test_method import declaring, sentence
from traceability.verifier.report import Verdict
from traceability.verifier.trust import LeastVerification

NAME = "Independent verification"


class Desk:
    """A declaration, its verifier and a programme operator."""

    def __init__(self, **changes):
        self.story = declaring(**changes)
        self.log = self.story.log
        self.owner = self.story.parties["b"]

    @cached_property
    def verifier(self):
        return self.log.register("verifier", roles=["verifier"])

    @cached_property
    def programme(self):
        return self.log.register("programme", roles=["programme_operator"])

    def say(self, party, kind, **body):
        said = self.log.say(party, f"declaration.{kind}", {"declaration": urn("declaration"), **body})
        self.story.said[kind] = said
        return said

    def submit(self, to=None, asks="verification", **changes):
        people = {"entered_by": urn("Ann"), "approved_by": urn("Ben")} | changes
        return self.say(self.owner, "submit", to=(to or self.verifier).urn, asks=asks, **people)

    def verify(self, by=None, **changes):
        body = {
            "publication": self.story.said["declaration"].digest,
            "verified_by": urn("Claire"),
            "scope": "declaration",
            "level": "limited",
            "standards": ["ISO 14025:2026"],
            "valid_until": "2030-12-31",
            "points": [{"point": one, "answer": "conforms"} for one in POINTS],
        }
        return self.say(by or self.verifier, "verify", **body | changes)

    def register(self, **changes):
        body = {
            "verification": self.story.said["verify"].digest,
            "registered_by": urn("Dora"),
            "programme": "A programme",
            "number": "N-1",
            "pcr": {"name": "Rare-earth products"},
            "published": "2026-12-01",
            "valid_until": "2030-06-30",
        }
        return self.say(self.programme, "register", **body | changes)

    def registered(self):
        self.submit()
        self.verify()
        self.submit(self.programme, "registration")
        self.register()
        return self

    def report(self, listed=("verifier", "programme"), members=None, **asked):
        self.log.commit()
        trust = self.story.trust(
            verifiers={urn("verifier"): "Verifier GmbH"} if "verifier" in listed else {},
            programme_operators={urn("programme"): "The programme"} if "programme" in listed else {},
            least_verification=LeastVerification.VERIFIED if "verifier" in listed else LeastVerification.NONE,
        )
        return self.story.report(members, trust=trust, **asked)


def test_who_is_listed_has_verified_and_registered():
    report = Desk().registered().report()
    assert (report.verdict, codes(report)) == (Verdict.VALID, set())
    assert sentence(report, NAME) == (
        "Verified by Verifier GmbH. Limited assurance by ISO 14025:2026, until 2030-12-31. "
        "Registered by The programme as N-1, until 2030-06-30."
    )


def test_who_is_not_listed_only_claims_to_be_independent():
    report = Desk().registered().report(listed=())
    assert report.verdict is Verdict.VALID_WITH_WARNINGS
    assert codes(report) == {"verifier_not_listed", "programme_not_listed"}
    assert sentence(report, NAME).startswith("Nobody whom you accept but the declarant")


def test_what_is_over_counts_no_more():
    desk = Desk().registered()
    assert codes(desk.report(at=datetime(2030, 7, 1, tzinfo=UTC))) == {"registration_expired", "stale"}
    both = {"verification_expired", "registration_expired", "verification_below_least", "stale"}
    assert codes(desk.report(at=datetime(2031, 1, 1, tzinfo=UTC))) == both


def test_a_refusal_is_shown_with_its_reason():
    desk = Desk()
    desk.submit()
    desk.say(desk.verifier, "refuse", reason="no gypsum")
    report = desk.report(listed=("programme",))
    assert codes(report) == {"verification_refused"}
    assert any("no gypsum" in one.sentence for one in report.findings())


def test_a_verifier_with_lots_in_the_chain_is_not_independent():
    desk = Desk()
    maker = desk.story.parties["a"]
    desk.submit(maker)
    desk.verify(maker)
    assert codes(desk.report(listed=())) == {"verifier_not_listed", "verifier_took_part"}


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("verify", {"verified_by": urn("Ann")}),
        ("verify", {"publication": "sha256:" + "0" * 64}),
        ("verify", {"valid_until": "2040-01-01"}),
        ("register", {"registered_by": urn("Claire")}),
        ("register", {"valid_until": "2031-01-01"}),
    ],
)
def test_what_the_door_refuses_has_no_effect_here_either(kind, changes):
    """A log that let it in, and built on it, is caught."""
    desk = Desk()
    desk.submit()
    if kind == "verify":
        desk.verify(**changes)
    else:
        desk.verify()
        desk.submit(desk.programme, "registration")
        desk.register(**changes)
    report = desk.report(listed=())
    assert report.verdict is Verdict.INVALID


@pytest.mark.parametrize("kind", ["submit", "verify", "register"])
def test_a_dropped_step_is_missed(kind):
    desk = Desk().registered()
    desk.log.commit()
    members = desk.log.members()
    del members[desk.story.said[kind].name]
    report = desk.report(members=members)
    assert report.verdict is Verdict.INVALID
    assert "statement_missing" in codes(report)


def test_a_flipped_byte_of_the_verification_is_named():
    desk = Desk().registered()
    desk.log.commit()
    members, name = desk.log.members(), desk.story.said["verify"].name
    for place in range(0, len(members[name]), 97):
        flipped = bytearray(members[name])
        flipped[place] ^= 1
        report = desk.report(members={**members, name: bytes(flipped)})
        assert report.verdict is Verdict.INVALID, place


def test_a_withdrawn_registration_is_no_longer_one():
    desk = Desk().registered()
    desk.say(desk.programme, "refuse", reason="a wrong meter")
    report = desk.report(listed=("verifier",))
    assert "Registered" not in sentence(report, NAME)
    assert "registration_withdrawn" in codes(report)
