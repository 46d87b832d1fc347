"""Who stands behind declared figures beside the one who declares them: attested, verified, registered (ADR 34).

The order of submission, verification and registration, and that their people are different ones, is judged when the log
is replayed (acceptance/declarations.py). Here stands what a reader makes of it: whom he accepts, and what is over.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from epd.documents.finding import Finding as Broken
from epd.verifier.figures import Declared, Figures, current, current_result
from epd.verifier.review import errors_of
from traceability.acceptance.declarations import Course, Stage, course_in
from traceability.ledger.errors import RecordError
from traceability.ledger.statement import Statement
from traceability.verifier.attestations import Attestations
from traceability.verifier.doubts import is_doubtful
from traceability.verifier.facts import Facts, incomplete, warning
from traceability.verifier.report import Finding, Outcome, Word, moment_of
from traceability.verifier.trust import NO_TRUST, LeastVerification, Trust

_NOBODY = "Nobody whom you accept but the declarant has signed. Without it this is not an EPD."

_TAKEN = {
    Stage.REFUSED: ("verification_refused", "refused to verify it, or took its verification back"),
    Stage.WITHDRAWN: ("registration_withdrawn", "took its registration back"),
    Stage.SUPERSEDED: ("registration_superseded", "registered another declaration in its place"),
}


@dataclass(frozen=True, slots=True)
class _Judged:
    """A declaration of the lot, how far it came, and what of that counts for this reader on this day."""

    declared: Declared
    course: Course
    verified: Statement | None
    registered: Statement | None


def check_verification(facts: Facts) -> Outcome:
    """Who stands behind the figures beside the one who declares them."""
    figures, trust = facts.room(Figures), facts.trust or NO_TRUST
    result = current_result(facts, figures, facts.target)
    judged = list(_judged(facts, figures, trust))
    digests = [one.declared.digest for one in judged] + ([] if result is None else [result.digest])
    if not digests:
        return Outcome("No figures are stated that could be verified.", (), Word.NOT_APPLICABLE)
    attestations = Attestations(facts)
    attested = {one for each in digests for one in attestations.conforming(each, "result", trust.auditors or {})}
    verifiers = {one for each in digests for one in attestations.conforming(each, "result", trust.verifiers or {})}
    verifiers |= {one.verified.issuer for one in judged if one.verified is not None}
    findings = [finding for one in judged for finding in _findings(facts, one, trust)]
    sentence = " ".join((_sentence(trust, verifiers, attested), *(_course(one, trust) for one in judged))).strip()
    reached = {LeastVerification.NONE: True, LeastVerification.ATTESTED: bool(verifiers or attested)}
    if not reached.get(trust.least_verification, bool(verifiers)):
        below = "Fewer stand behind these figures than your trust file asks for."
        return Outcome(sentence, (*findings, incomplete("verification_below_least", facts.target, below)))
    enough = bool(verifiers) or trust.least_verification is LeastVerification.ATTESTED
    return Outcome(sentence, tuple(findings), Word.PASS if enough or findings else Word.NOT_ESTABLISHED)


def _sentence(trust: Trust, verifiers: set[str], attested: set[str]) -> str:
    names = ", ".join(sorted(trust.name(one) for one in verifiers or attested))
    if verifiers:
        return f"Verified by {names}."
    return f"Attested by {names}; no verifier has signed. Without one this is not an EPD." if attested else _NOBODY


def _course(one: _Judged, trust: Trust) -> str:
    """What the verification and the registration that count say of themselves."""
    said = []
    if one.verified is not None:
        body = one.verified.body
        standards = body["standards"]
        listed = ", ".join(map(str, standards)) if isinstance(standards, list) else ""
        said.append(f"{str(body['level']).capitalize()} assurance by {listed}, until {body['valid_until']}.")
    if one.registered is not None:
        body, by = one.registered.body, trust.name(one.registered.issuer)
        said.append(f"Registered by {by} as {body['number']}, until {body['valid_until']}.")
    return " ".join(said)


def _judged(facts: Facts, figures: Figures, trust: Trust) -> Iterator[_Judged]:
    today = _today(facts)
    for one in current(facts, figures):
        course = course_in(facts.world, one.urn) if one.lot == facts.target else None
        if course is not None:
            verified = _counts(facts, course.verification, trust.verifiers, today)
            registered = _counts(facts, course.registration, trust.programme_operators, today)
            yield _Judged(one, course, verified, registered)


def _today(facts: Facts) -> date | None:
    """The reader's day, or the one on which the log stood so."""
    if facts.asked.at is not None:
        return facts.asked.at.date()
    cosigned = None if facts.signed is None else facts.signed.cosigned_at
    return None if cosigned is None else moment_of(cosigned).date()


def _counts(facts: Facts, said: Statement | None, listed: object, today: date | None) -> Statement | None:
    """A verification or registration by somebody whom the reader lists, under a sound key, that is not over."""
    if said is None or not isinstance(listed, dict) or said.issuer not in listed or _is_over(said, today):
        return None
    return None if is_doubtful(facts, facts.by_digest[said.digest]) else said


def _is_over(said: Statement, today: date | None) -> bool:
    return today is not None and str(said.body["valid_until"]) < today.isoformat()


def _findings(facts: Facts, one: _Judged, trust: Trust) -> Iterator[Finding]:
    course, today = one.course, _today(facts)
    if course.answer is not None and course.stage is not Stage.VERIFIED:
        code, said = _TAKEN[course.stage]
        sentence = f"{trust.name(course.answer.issuer)} {said}: {course.answer.body['reason']}"
        yield warning(code, _where(facts, course.answer), sentence)
    if course.verification is not None:
        yield from _verifier(facts, course.verification, trust, today)
    if course.registration is not None:
        yield from _registrar(facts, course.registration, trust, today)
    if course.submission is not None:
        for rule, finding in _errors(course.publication):
            sentence = f"It was submitted although its figures break the rule {rule}: {finding.sentence}"
            yield warning("submitted_with_errors", one.declared.where, sentence)


def _errors(published: Statement) -> tuple[tuple[str, Broken], ...]:
    """None where this version cannot apply the rules; that is said under the figures already."""
    try:
        return errors_of(published.body, published.issued_at.date())
    except RecordError:
        return ()


def _verifier(facts: Facts, said: Statement, trust: Trust, today: date | None) -> Iterator[Finding]:
    name, where = trust.name(said.issuer), _where(facts, said)
    if said.issuer not in (trust.verifiers or {}):
        sentence = f"{name} signed a verification. Independence and accreditation are its claims: you do not list it."
        yield warning("verifier_not_listed", where, sentence)
    if _is_over(said, today):
        yield warning("verification_expired", where, f"The verification ended on {said.body['valid_until']}.")
    if is_doubtful(facts, facts.by_digest[said.digest]):
        yield warning("verification_in_doubt", where, "The key that signed the verification was compromised then.")
    if any(one.statement.kind.startswith("lot.") and one.statement.issuer == said.issuer for one in facts.effective()):
        yield warning("verifier_took_part", where, f"{name} itself made or handled lots behind these figures.")


def _registrar(facts: Facts, said: Statement, trust: Trust, today: date | None) -> Iterator[Finding]:
    name, where = trust.name(said.issuer), _where(facts, said)
    if said.issuer not in (trust.programme_operators or {}):
        sentence = f"{name} registered it. That it operates a programme is its claim: you do not list it."
        yield warning("programme_not_listed", where, sentence)
    if _is_over(said, today):
        yield warning("registration_expired", where, f"The registration ended on {said.body['valid_until']}.")


def _where(facts: Facts, said: Statement) -> str:
    return facts.by_digest[said.digest].name
