"""Notes of auditors: written, done, opened again, taken away. The audited reads what is shared and changes nothing."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from traceability.ledger.errors import RecordError
from traceability.ledger.kinds.declarations import DECLARING
from traceability.models import AuditNote, ChainLink, Membership, Notice
from traceability.selectors import access, audit_notes, lot_facts, statements
from traceability.selectors.access import Actor, NotFound
from traceability.services import clock, notices
from traceability.services.errors import NotAllowed
from traceability.services.notice_rules import News

About = AuditNote.About


class NoMandateToShare(RecordError):
    """A note that would go to an organisation which gave no mandate."""

    code = "no_mandate_to_share"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a note is about, and the organisation that answers for it."""

    about: AuditNote.About
    key: str
    audited: UUID


def subject_of(*, actor: Actor, about: str, key: str) -> Subject:
    """What the actor may write a note on; NotFound where he may not see it."""
    today = clock.now().date()
    if about == About.STATEMENT:
        return Subject(About.STATEMENT, key, statements.statement(actor, f"sha256:{key}", today).issuer)
    if about == About.LOT:
        lot = access.lot(actor, _uuid(key), today)
        with_reader = lot_facts.facts_of(actor, [lot], today)[lot.pk].with_reader
        givers = access.mandate_givers(actor, today)
        holds = with_reader and (lot.holder_id in givers or lot.maker_id not in givers)
        return Subject(About.LOT, str(lot.pk), lot.holder_id if holds else lot.maker_id)
    if about == About.DECLARATION:
        first = ChainLink.objects.filter(subject=_uuid(key), statement__kind__in=DECLARING)
        if link := first.select_related("statement").first():
            return Subject(About.DECLARATION, str(link.subject), link.statement.issuer)
    raise NotFound("There is nothing here to write a note on.")


def may_share(actor: Actor, subject: Subject) -> bool:
    """Whether the organisation that answers for it gave the actor a mandate."""
    return subject.audited in access.mandate_givers(actor, clock.now().date())


@transaction.atomic
def write(*, actor: Actor, subject: Subject, text: str, shared: bool) -> AuditNote:
    """A new note, of the actor's organisation or shared with the audited, who is told of it."""
    _require_writer(actor)
    if shared and not may_share(actor, subject):
        raise NoMandateToShare(
            "Notes are shared with who gave you a mandate. Keep this one to yourselves.", path="/shared"
        )
    made = AuditNote.objects.create(
        organisation=actor.organisation,
        user_id=actor.user_id or None,
        about=subject.about,
        subject=subject.key,
        audited_id=subject.audited,
        text=text,
        shared=shared,
        created_at=clock.now(),
    )
    if shared:
        notices.tell(News(subject.audited, Notice.Kind.NOTE_SHARED, Notice.About.NOTE, made.pk), cause="note")
    return made


def set_done(*, actor: Actor, note: UUID, done: bool) -> None:
    """Marks a note of one's own as done, or opens it again."""
    _require_writer(actor)
    row = audit_notes.own(actor, note)
    if done != (row.done_at is not None):
        AuditNote.objects.filter(pk=row.pk).update(done_at=clock.now() if done else None)


def to_remove(*, actor: Actor, note: UUID) -> AuditNote:
    """A note of one's own that the actor may take away."""
    _require_writer(actor)
    return audit_notes.own(actor, note)


def remove(*, actor: Actor, note: UUID) -> None:
    """Takes a note of one's own away, from the audited too."""
    to_remove(actor=actor, note=note).delete()


def _require_writer(actor: Actor) -> None:
    if actor.role == Membership.Role.VIEWER:
        raise NotAllowed("Your role lets you read notes, not write them. Ask an administrator of your organisation.")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("There is nothing here to write a note on.") from None
