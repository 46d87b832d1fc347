"""How far a declaration has come, and who may say the next word on it (record-format.md section 2, Subjects; ADR 34).

Published by its declarant it is `checked`; `submit` asks a verifier or a programme operator, who answers: `verify`,
`refuse`, `register`. An answer is taken from the organisation of the last submit alone, and never from a person who
entered, approved or verified the same declaration. Whether a validity is over depends on the reader's moment, so it is
no state of the record.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Final

from traceability.acceptance.errors import (
    AnotherVersion,
    NotASuccessor,
    NotIndependent,
    NotSubmitted,
    NotVerified,
    NotYourSubject,
    SubjectEnded,
    WrongValidity,
)
from traceability.acceptance.world import World
from traceability.ledger.immutable import immutable
from traceability.ledger.kinds.declarations import DECLARING
from traceability.ledger.kinds.verification import (
    REFUSE,
    REGISTER,
    REGISTRATION,
    SUBMIT,
    VERIFICATION,
    VERIFY,
    SamePerson,
)
from traceability.ledger.statement import Statement

KINDS: Final = frozenset({SUBMIT, VERIFY, REFUSE, REGISTER})
LONGEST_YEARS: Final = 5


class Stage(StrEnum):
    """How far a declaration has come."""

    CHECKED = "checked"
    SUBMITTED = "submitted"
    VERIFIED = "verified"
    REFUSED = "refused"
    REGISTERED = "registered"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


ENDED: Final = frozenset({Stage.WITHDRAWN, Stage.SUPERSEDED})


@immutable
class Course:
    """What was said of a declaration so far, as far as it counts now."""

    publication: Statement
    stage: Stage = Stage.CHECKED
    submission: Statement | None = None  # the last one
    verification: Statement | None = None  # that stands
    registration: Statement | None = None  # that stands
    answer: Statement | None = None  # the newest refusal or end

    @property
    def people(self) -> frozenset[str]:
        """Who had a part in it so far: entered, approved, verified."""
        said = (self.submission, "entered_by"), (self.submission, "approved_by"), (self.verification, "verified_by")
        return frozenset(str(one.body[name]) for one, name in said if one is not None)

    def asks(self, what: str) -> bool:
        """Whether this is asked and not yet answered."""
        return self.stage is Stage.SUBMITTED and self.submission is not None and self.submission.body["asks"] == what


def course_of(statements: Iterable[Statement]) -> Course | None:
    """How far a declaration has come by all that was said on its chain, in order; None before it is published."""
    course: Course | None = None
    for one in statements:
        course = Course(one) if course is None else _after(course, one)
    return course


def _after(course: Course, said: Statement) -> Course:
    match said.kind:
        case "declaration.submit":
            stands = course.verification if said.body["asks"] == REGISTRATION else None
            return replace(course, stage=Stage.SUBMITTED, submission=said, verification=stands, answer=None)
        case "declaration.verify":
            return replace(course, stage=Stage.VERIFIED, verification=said)
        case "declaration.register":
            return replace(course, stage=Stage.REGISTERED, registration=said)
        case "declaration.refuse":
            return _refused(course, said)
        case "declaration.supersede":
            return replace(course, stage=Stage.SUPERSEDED, answer=said)
        case _:
            return replace(course, stage=Stage.WITHDRAWN, answer=said)


def _refused(course: Course, said: Statement) -> Course:
    """A refusal of what was asked; after it was given: what was given is taken back."""
    if course.stage is Stage.REGISTERED:
        ended = Stage.SUPERSEDED if "successor" in said.body else Stage.WITHDRAWN
        return replace(course, stage=ended, registration=None, answer=said)
    if course.asks(REGISTRATION):
        return replace(course, stage=Stage.VERIFIED, answer=said)
    return replace(course, stage=Stage.REFUSED, verification=None, answer=said)


def check(statement: Statement, world: World) -> None:
    """Refuses a submission or an answer that is not its issuer's to give, or that comes out of turn."""
    course = course_in(world, str(statement.body["declaration"]))
    if course is None or course.publication.kind not in DECLARING:
        raise NotYourSubject("There is no such declaration in this log.", path="/chains")
    if course.stage in ENDED:
        raise SubjectEnded("This declaration was withdrawn or superseded already.", path="/chains")
    if statement.kind == SUBMIT:
        _check_submission(statement, course, world)
    elif course.submission is None or course.submission.body["to"] != statement.issuer:
        raise NotSubmitted("Only the organisation to which it was submitted last may answer.", path="/issuer")
    elif statement.kind == VERIFY:
        _check_verification(statement, course)
    elif statement.kind == REGISTER:
        _check_registration(statement, course)
    else:
        _check_refusal(statement, course, world)


def course_in(world: World, declaration: str) -> Course | None:
    """How far a declaration has come in this picture."""
    return course_of(one.original for one in world.history(declaration))


def _check_submission(statement: Statement, course: Course, world: World) -> None:
    declarant, to = course.publication.issuer, str(statement.body["to"])
    if statement.issuer != declarant:
        raise NotYourSubject("Only the declarant submits a declaration.", path="/chains")
    if course.stage is Stage.REGISTERED:
        raise NotSubmitted("This declaration is registered. Publish a new one in its place.", path="/body/declaration")
    if to == declarant:
        raise NotIndependent("Nobody verifies or registers his own declaration.", path="/body/to")
    if statement.body["asks"] == REGISTRATION and course.verification is None:
        raise NotVerified("Have it verified first: only what was verified is registered.", path="/body/asks")


def _check_verification(statement: Statement, course: Course) -> None:
    if not course.asks(VERIFICATION):
        raise NotSubmitted("Nobody asks you to verify this declaration now.", path="/body/declaration")
    if statement.body["publication"] != course.publication.digest:
        raise AnotherVersion("Name the declaration as it was published.", path="/body/publication")
    _check_person(statement, "verified_by", course)
    _check_validity(statement, "valid_until", statement.occurred_to.date())


def _check_registration(statement: Statement, course: Course) -> None:
    verification = course.verification
    if not course.asks(REGISTRATION) or verification is None:
        raise NotSubmitted("Nobody asks you to register this declaration now.", path="/body/declaration")
    if statement.body["verification"] != verification.digest:
        raise AnotherVersion("Name the verification that stands.", path="/body/verification")
    _check_person(statement, "registered_by", course)
    _check_validity(statement, "valid_until", date.fromisoformat(str(statement.body["published"])))
    if str(statement.body["valid_until"]) > str(verification.body["valid_until"]):
        raise WrongValidity("A registration ends no later than its verification.", path="/body/valid_until")
    pcr = statement.body["pcr"]
    ends = pcr.get("valid_until") if isinstance(pcr, dict) else None
    if ends is not None and str(ends) < str(statement.body["published"]):
        raise WrongValidity("These product category rules are out of date.", path="/body/pcr/valid_until")


def _check_refusal(statement: Statement, course: Course, world: World) -> None:
    if course.stage is Stage.REFUSED:
        raise NotSubmitted("You refused it already.", path="/body/declaration")
    if "successor" not in statement.body:
        return
    if course.stage is not Stage.REGISTERED:
        raise NotASuccessor("Only what is registered is superseded.", path="/body/successor")
    successor = str(statement.body["successor"])
    if not world.sees(successor):
        return
    after = course_in(world, successor)
    if after is None or after.registration is None or after.registration.issuer != statement.issuer:
        raise NotASuccessor("Name a declaration that you registered and that still stands.", path="/body/successor")


def _check_person(statement: Statement, name: str, course: Course) -> None:
    if statement.body[name] in course.people:
        raise SamePerson("Who signs is another person than who entered, approved or verified.", path=f"/body/{name}")


def _check_validity(statement: Statement, name: str, first: date) -> None:
    last = date.fromisoformat(str(statement.body[name]))
    if last < first:
        raise WrongValidity("It ends before it begins.", path=f"/body/{name}")
    if (last.year - LONGEST_YEARS, last.month, last.day) > (first.year, first.month, first.day):
        raise WrongValidity(f"It holds at most {LONGEST_YEARS} years.", path=f"/body/{name}")
