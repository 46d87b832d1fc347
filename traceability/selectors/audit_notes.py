"""Notes of auditors: one's own organisation's, and those that others share with it."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from traceability.models import AuditNote
from traceability.selectors.access import Actor, NotFound

OPEN, DONE, ALL = "open", "done", "all"
OWN, SHARED = "own", "shared"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the reader looks for among the notes."""

    state: str = OPEN
    about: str = ""
    whose: str = ""
    words: str = ""


def visible(actor: Actor) -> QuerySet[AuditNote]:
    """The notes of the actor's organisation, and those on it that were shared with it, the newest first."""
    own = actor.organisation
    rows = AuditNote.objects.filter(Q(organisation=own) | Q(shared=True, audited=own))
    return rows.select_related("organisation", "audited", "user")


def found(actor: Actor, wanted: Wanted) -> QuerySet[AuditNote]:
    """Those that the reader looks for."""
    rows = visible(actor)
    if wanted.state in (OPEN, DONE):
        rows = rows.filter(done_at__isnull=wanted.state == OPEN)
    if wanted.about in AuditNote.About:
        rows = rows.filter(about=wanted.about)
    if wanted.whose in (OWN, SHARED):
        own = Q(organisation=actor.organisation)
        rows = rows.filter(own if wanted.whose == OWN else ~own)
    for word in wanted.words.split():
        rows = rows.filter(text__icontains=word)
    return rows


def on(actor: Actor, about: str, subject: str) -> QuerySet[AuditNote]:
    """The notes on one thing."""
    return visible(actor).filter(about=about, subject=subject)


def own(actor: Actor, note: UUID) -> AuditNote:
    """A note of the actor's organisation, or NotFound."""
    row = visible(actor).filter(pk=note, organisation=actor.organisation).first()
    if row is None:
        raise NotFound("There is no such note of your organisation.")
    return row
