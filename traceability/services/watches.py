"""A member watches a lot, a declaration or a product, and is told what becomes of it; he sees it when he begins."""

from typing import Any, Final
from uuid import UUID

from traceability.ledger.errors import RecordError
from traceability.models import Watch
from traceability.selectors import access, notices
from traceability.selectors.access import Actor, NotFound
from traceability.services import clock
from traceability.services.notice_rules import published
from traceability.services.stored import uuid_of

What = Watch.What
MOST: Final = 500


class TooManyWatches(RecordError):
    """More than a member may watch."""

    code = "too_many_watches"


def watch(*, actor: Actor, what: Watch.What, subject: UUID) -> tuple[Watch, bool]:
    """The watch of the actor, and whether it is new; `subject` is a lot, or a declaration, also where its product is
    to be watched."""
    if not actor.user_id:
        raise NotFound("Only a person watches. This token belongs to nobody who is here.")
    wanted = _lot(actor, subject) if what == What.LOT else _declaration(what, subject)
    known = notices.watches(actor).filter(**wanted).first()
    if known is not None:
        return known, False
    if notices.watches(actor).count() >= MOST:
        raise TooManyWatches(f"You watch {MOST} things. Stop watching one first.")
    return Watch.objects.get_or_create(user_id=actor.user_id, organisation=actor.organisation, **wanted)


def stop(*, actor: Actor, watch: UUID) -> None:
    """Ends a watch of the actor."""
    deleted, _ = notices.watches(actor).filter(pk=watch).delete()
    if not deleted:
        raise NotFound("You watch no such thing.")


def _lot(actor: Actor, lot: UUID) -> dict[str, Any]:
    return {"what": What.LOT, "subject": access.lot(actor, lot, clock.now().date()).pk, "product": "", "lot": None}


def _declaration(what: Watch.What, declaration: UUID) -> dict[str, Any]:
    found = published(declaration)
    if found is None:
        raise NotFound("There is no such declaration.")
    row, said = found
    if what == What.PRODUCT:
        return {"what": what, "subject": row.issuer, "product": str(said.body["product"]), "lot": None}
    return {"what": what, "subject": declaration, "product": "", "lot": uuid_of(str(said.body["lot"]))}
