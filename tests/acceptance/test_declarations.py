"""A declaration from its publication to its end: who may say what on it, in which order, and which people."""

from typing import Any

import pytest

from tests.acceptance.town import AUDITOR, MINE, OPERATOR, WORKS, Town
from tests.ledger.statements import body_of, digest, urn
from traceability.acceptance.declarations import Stage, course_in
from traceability.ledger.errors import RecordError
from traceability.ledger.statement import Statement

ANN, BEN, CLAIRE, DORA = (urn(name) for name in ("Ann", "Ben", "Claire", "Dora"))


class Desk:
    """A declaration of the mine, before its verifier (the auditor) and a programme operator (the works)."""

    def __init__(self, name: str = "first", town: Town | None = None) -> None:
        self.town = town or Town()
        self.urn = urn(name)
        self.town.say(MINE, "declaration.publish", body_of("declaration.publish", declaration=self.urn))

    def build(self, by: str, kind: str, **changes: Any) -> Statement:
        known = {
            "submit": {"to": AUDITOR, "entered_by": ANN, "approved_by": BEN},
            "verify": {"publication": self.course.publication.digest, "verified_by": CLAIRE, "sampled": None},
            "refuse": {"successor": None},
            "register": {"registered_by": DORA, "verification": self.verification},
        }.get(kind, {})
        full = f"declaration.{kind}"
        return self.town.build(by, full, body_of(full, **({"declaration": self.urn} | known | changes)))

    def say(self, by: str, kind: str, **changes: Any) -> Statement:
        found = self.build(by, kind, **changes)
        self.town.take(found)
        return found

    def code(self, by: str, kind: str, **changes: Any) -> str:
        with pytest.raises(RecordError) as caught:
            self.town.decide(self.build(by, kind, **changes))
        return caught.value.code

    @property
    def course(self) -> Any:
        return course_in(self.town.world, self.urn)

    @property
    def verification(self) -> str:
        stands = self.course.verification
        return digest("none") if stands is None else str(stands.digest)

    def to_verified(self) -> "Desk":
        self.say(MINE, "submit")
        self.say(AUDITOR, "verify")
        return self

    def to_registered(self) -> "Desk":
        self.to_verified().say(MINE, "submit", to=WORKS, asks="registration")
        self.say(WORKS, "register")
        return self


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_from_publication_to_the_register(desk: Desk) -> None:
    stages = [desk.course.stage]
    for by, kind, changes in (
        (MINE, "submit", {}),
        (AUDITOR, "verify", {}),
        (MINE, "submit", {"to": WORKS, "asks": "registration"}),
        (WORKS, "register", {}),
        (MINE, "withdraw", {}),
    ):
        desk.say(by, kind, **changes)
        stages.append(desk.course.stage)
    assert stages == ["checked", "submitted", "verified", "submitted", "registered", "withdrawn"]


def test_only_the_declarant_submits_and_never_to_himself(desk: Desk) -> None:
    assert desk.code(WORKS, "submit") == "not_your_subject"
    assert desk.code(MINE, "submit", to=MINE) == "not_independent"
    assert desk.code(MINE, "submit", to=urn("nobody")) == "unknown_organisation"
    assert desk.code(MINE, "submit", declaration=urn("nothing")) == "not_your_subject"


def test_only_who_was_asked_last_answers(desk: Desk) -> None:
    for kind in ("verify", "refuse", "register"):
        assert desk.code(AUDITOR, kind) == "not_submitted"
    desk.say(MINE, "submit", to=WORKS)
    desk.say(MINE, "submit")
    for by in (MINE, WORKS, OPERATOR):
        assert desk.code(by, "verify") == "not_submitted"
        assert desk.code(by, "refuse") == "not_submitted"
    assert desk.code(AUDITOR, "register") == "not_submitted"
    desk.say(AUDITOR, "verify")
    assert desk.code(AUDITOR, "verify") == "not_submitted"


def test_registered_is_only_what_was_verified(desk: Desk) -> None:
    assert desk.code(MINE, "submit", to=WORKS, asks="registration") == "not_verified"
    desk.say(MINE, "submit")
    desk.say(AUDITOR, "refuse")
    assert desk.course.stage is Stage.REFUSED
    assert desk.code(AUDITOR, "refuse") == "not_submitted"
    assert desk.code(MINE, "submit", to=WORKS, asks="registration") == "not_verified"


def test_four_eyes_three_actors(desk: Desk) -> None:
    assert desk.code(MINE, "submit", approved_by=ANN) == "same_person"
    desk.say(MINE, "submit")
    assert desk.code(AUDITOR, "verify", verified_by=ANN) == "same_person"
    assert desk.code(AUDITOR, "verify", verified_by=BEN) == "same_person"
    desk.say(AUDITOR, "verify")
    desk.say(MINE, "submit", to=WORKS, asks="registration", entered_by=BEN, approved_by=ANN)
    assert desk.code(WORKS, "register", registered_by=CLAIRE) == "same_person"
    assert desk.code(WORKS, "register", registered_by=ANN) == "same_person"


def test_an_answer_names_the_bytes_that_it_is_about(desk: Desk) -> None:
    desk.say(MINE, "submit")
    assert desk.code(AUDITOR, "verify", publication=digest("other")) == "another_version"
    desk.town.world.carried = frozenset({digest("nowhere")})
    assert desk.code(AUDITOR, "verify", sampled=[digest("nowhere")]) == "missing_reference"
    desk.say(AUDITOR, "verify", sampled=[desk.course.publication.digest])
    desk.say(MINE, "submit", to=WORKS, asks="registration")
    assert desk.code(WORKS, "register", verification=digest("other")) == "another_version"


def test_days_that_cannot_be(desk: Desk) -> None:
    desk.say(MINE, "submit")
    assert desk.code(AUDITOR, "verify", valid_until="2020-01-01") == "wrong_validity"
    assert desk.code(AUDITOR, "verify", valid_until="2040-01-01") == "wrong_validity"
    desk.say(AUDITOR, "verify")
    desk.say(MINE, "submit", to=WORKS, asks="registration")
    assert desk.code(WORKS, "register", valid_until="2031-11-01") == "wrong_validity"
    assert desk.code(WORKS, "register", valid_until="2026-11-01") == "wrong_validity"
    old = {"name": "Rare-earth products", "valid_until": "2026-11-01"}
    assert desk.code(WORKS, "register", pcr=old) == "wrong_validity"


def test_a_refused_registration_leaves_the_verification(desk: Desk) -> None:
    desk.to_verified().say(MINE, "submit", to=WORKS, asks="registration")
    desk.say(WORKS, "refuse")
    assert (desk.course.stage, desk.course.verification is None) == (Stage.VERIFIED, False)


def test_a_verifier_takes_back_what_he_signed(desk: Desk) -> None:
    desk.to_verified().say(AUDITOR, "refuse")
    assert (desk.course.stage, desk.course.verification) == (Stage.REFUSED, None)


def test_who_asks_again_has_no_verification_until_the_answer(desk: Desk) -> None:
    desk.to_verified().say(MINE, "submit")
    assert (desk.course.stage, desk.course.verification) == (Stage.SUBMITTED, None)


def test_the_register_withdraws_and_supersedes_what_it_registered(desk: Desk) -> None:
    desk.to_registered()
    assert desk.code(MINE, "submit") == "not_submitted"
    other = Desk("second", desk.town).to_verified()
    assert desk.code(WORKS, "refuse", successor=other.urn) == "not_a_successor"
    assert desk.code(WORKS, "refuse", successor=urn("nothing")) == "not_a_successor"
    assert other.code(AUDITOR, "refuse", successor=desk.urn) == "not_a_successor"
    other.say(MINE, "submit", to=WORKS, asks="registration")
    other.say(WORKS, "register", number="DEMO-0002")
    desk.say(WORKS, "refuse", successor=other.urn)
    assert desk.course.stage is Stage.SUPERSEDED
    other.say(WORKS, "refuse")
    assert other.course.stage is Stage.WITHDRAWN
    assert other.code(MINE, "submit") == "subject_ended"


def test_nothing_is_said_after_the_end(desk: Desk) -> None:
    desk.say(MINE, "submit")
    desk.say(MINE, "withdraw")
    for by, kind in ((MINE, "submit"), (AUDITOR, "verify"), (AUDITOR, "refuse")):
        assert desk.code(by, kind) == "subject_ended"
