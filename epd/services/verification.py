"""What verifier and programme operator sign about a declaration, and the rows that follow from it (ADR 34)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from epd.models import Declaration, Remark
from epd.selectors import verification as selector
from epd.services import people
from traceability.ledger.errors import RecordError
from traceability.ledger.kinds.verification import POINTS, REFUSE, REGISTER, REGISTRATION, VERIFY
from traceability.ledger.statement import Statement
from traceability.models import Notice
from traceability.selectors.access import Actor, NotFound
from traceability.services import acceptance, clock, notices
from traceability.services.accepted import Accepted
from traceability.services.drafts import require_role
from traceability.services.notice_rules import News
from traceability.services.rows_world import RowsWorld, uuid_of
from traceability.services.submissions import Act, Body, Receipt

Stage, Status = Declaration.Stage, Declaration.Status
LONGEST_REMARK = 2000


class NumberTaken(RecordError):
    """A registration under a number that the same programme gave already."""

    code = "number_taken"


class PublishedLater(RecordError):
    """A registration that says it was published on a day that is still to come."""

    code = "published_later"


class BadRemark(RecordError):
    """A remark without words, or with too many."""

    code = "bad_remark"


@dataclass(frozen=True, slots=True)
class Answers:
    """What a verifier says; answers and notes by point."""

    level: str
    standards: tuple[str, ...]
    valid_until: date
    points: Mapping[str, tuple[str, str]]
    scope: str = "declaration"
    sampled: tuple[str, ...] = ()
    accreditation: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a programme operator enters in his register."""

    programme: str
    number: str
    pcr: Mapping[str, str]
    published: date
    valid_until: date


def verify(*, actor: Actor, declaration: Declaration, answers: Answers) -> Receipt:
    """The receipt of declaration.verify: the actor's organisation answers for every point of the check list."""
    said = {
        "publication": f"sha256:{bytes(declaration.statement.digest).hex()}",
        "verified_by": people.of_actor(declaration.pk, actor),
        "scope": answers.scope,
        "level": answers.level,
        "standards": list(answers.standards),
        "valid_until": answers.valid_until.isoformat(),
        "points": [_point(one, *answers.points.get(one, ("", ""))) for one in POINTS],
        **({"sampled": list(answers.sampled)} if answers.sampled else {}),
        **({"accreditation": answers.accreditation} if answers.accreditation else {}),
        **({"note": answers.note} if answers.note else {}),
    }
    return _say(actor, declaration, VERIFY, said)


def _point(point: str, answer: str, note: str) -> Body:
    return {"point": point, "answer": answer, **({"note": note} if note else {})}


def refuse(*, actor: Actor, declaration: Declaration, reason: str, successor: Declaration | None = None) -> Receipt:
    """The receipt of declaration.refuse: what was asked is not given, or what was given is taken back."""
    said = {"reason": reason} | ({"successor": successor.urn} if successor else {})
    return _say(actor, declaration, REFUSE, said)


def register(*, actor: Actor, declaration: Declaration, entry: Entry) -> Receipt:
    """The receipt of declaration.register: number, rules and days of a verified declaration."""
    if entry.published > clock.now().date():
        raise PublishedLater("The day of publication is still to come. State the day on which it was published.",
                             path="/body/published")  # fmt: skip
    said = {
        "verification": selector.verification_of(declaration),
        "registered_by": people.of_actor(declaration.pk, actor),
        "programme": entry.programme,
        "number": entry.number,
        "pcr": {name: value for name, value in entry.pcr.items() if value},
        "published": entry.published.isoformat(),
        "valid_until": entry.valid_until.isoformat(),
    }
    return _say(actor, declaration, REGISTER, said)


@transaction.atomic
def _say(actor: Actor, declaration: Declaration, kind: str, said: Body) -> Receipt:
    moment = clock.now()
    act = Act(kind, actor.organisation.pk, {"declaration": declaration.urn, **said}, (moment, moment))
    return acceptance.accept(actor=actor, submissions=[act])[0]


# Remarks: written to each other, never signed


@transaction.atomic
def remark(*, actor: Actor, declaration: Declaration, kind: str, text: str, point: str = "") -> Remark:
    """A comment or request for change, from one of the two to the other, who is told of it."""
    require_role(actor)
    partner = selector.partner_of(actor, declaration)
    words = text.strip()
    if not words or len(words) > LONGEST_REMARK or kind not in Remark.Kind.values or (point and point not in POINTS):
        raise BadRemark(f"Write what you mean, in at most {LONGEST_REMARK} characters.", path="/text")
    made = Remark.objects.create(
        declaration=declaration.pk, organisation=actor.organisation, partner_id=partner, user_id=actor.user_id or None,
        kind=kind, point=point, text=words, created_at=clock.now(),
    )  # fmt: skip
    news = News(partner, Notice.Kind.DECLARATION_REMARK, Notice.About.DECLARATION, declaration.pk)
    notices.tell(news, cause=made.pk.hex)
    return made


def own_remark(actor: Actor, remark: UUID) -> Remark:
    """A remark of the actor's organisation; NotFound for everybody else."""
    row = Remark.objects.filter(pk=remark, organisation=actor.organisation).first()
    if row is None:
        raise NotFound("There is no such remark of yours.")
    return row


def set_done(*, actor: Actor, remark: UUID, done: bool) -> Remark:
    """Marks a remark as done, or opens it again; only who wrote it says so."""
    require_role(actor)
    row = own_remark(actor, remark)
    row.done_at = clock.now() if done else None
    row.save(update_fields=["done_at"])
    return row


# The door


def check_registration(statement: Statement, body: Mapping[str, Any], world: RowsWorld) -> None:
    """Refuses a number that the programme gave to another declaration."""
    known = Declaration.objects.filter(registrar=uuid_of(statement.issuer), number=str(body["number"]))
    if known.exclude(pk=uuid_of(str(body["declaration"]))).exists():
        raise NumberTaken("You gave this number to another declaration already.", path="/body/number")


def store_submission(one: Accepted) -> None:
    """It waits for the one to whom it was submitted; asking for verification again ends the one before."""
    body = one.statement.body
    before = {} if body["asks"] == REGISTRATION else {"verifier": None, "verified_until": None}
    _store(one, stage=Stage.SUBMITTED, submitted_to=uuid_of(str(body["to"])), asks=body["asks"], reason="", **before)


def store_verification(one: Accepted) -> None:
    """Verified, by whom and until when."""
    until = date.fromisoformat(str(one.statement.body["valid_until"]))
    _store(one, stage=Stage.VERIFIED, verifier=uuid_of(one.statement.issuer), verified_until=until)


def store_registration(one: Accepted) -> None:
    """Registered, by whom, under which number and until when."""
    body = one.statement.body
    _store(
        one, stage=Stage.REGISTERED, registrar=uuid_of(one.statement.issuer), number=str(body["number"]),
        registered_until=date.fromisoformat(str(body["valid_until"])),
    )  # fmt: skip


def store_refusal(one: Accepted) -> None:
    """Refused; of what was registered: the end of it."""
    body = one.statement.body
    row = Declaration.objects.get(pk=uuid_of(str(body["declaration"])))
    said: dict[str, Any] = {"reason": str(body["reason"])}
    if row.stage == Stage.REGISTERED:
        successor = str(body.get("successor", ""))
        said |= {"status": Status.SUPERSEDED if successor else Status.WITHDRAWN}
        said |= {"successor": uuid_of(successor) if successor else None}
    elif row.stage == Stage.SUBMITTED and row.asks == REGISTRATION:
        said |= {"stage": Stage.VERIFIED}
    else:
        said |= {"stage": Stage.REFUSED, "verifier": None, "verified_until": None}
    _store(one, **said)


def _store(one: Accepted, **said: Any) -> None:
    Declaration.objects.filter(pk=uuid_of(str(one.statement.body["declaration"]))).update(**said)


STORES = {
    "declaration.submit": store_submission,
    "declaration.verify": store_verification,
    "declaration.refuse": store_refusal,
    "declaration.register": store_registration,
}
