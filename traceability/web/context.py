"""What stands around every page, as the template variable `frame`; read only by pages that show it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from traceability.models import Membership
from traceability.selectors.access import memberships
from traceability.selectors.frame import Waiting, checkpoint, waiting
from traceability.web.acting import actor_of
from traceability.web.frame import OF_GOODS, Acting, Checkpoint, Frame


def frame(request: HttpRequest) -> dict[str, Any]:
    """The frame of the page of a request."""
    return {"frame": SimpleLazyObject(lambda: _frame(request))}


def _frame(request: HttpRequest) -> Frame:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return Frame(checkpoint=_checkpoint())
    person = user.get_full_name() or user.get_username()
    actor = actor_of(request)
    if actor is None:
        return Frame(person, checkpoint=_checkpoint())
    others = tuple(_acting(one) for one in sorted(memberships(actor), key=lambda one: one.organisation.name))
    acting = next(one for one in others if one.href == _switch(actor.organisation.pk))
    waits = waiting(actor)
    newest = Checkpoint(*waits.checkpoint) if waits.checkpoint else None
    left_out = frozenset() if waits.incoming or actor.organisation.trades else OF_GOODS
    return Frame(person, acting, others, _counts(waits), newest, actor.is_admin, left_out)


def _acting(member: Membership) -> Acting:
    return Acting(member.organisation.name, member.get_role_display(), _switch(member.organisation_id))


def _switch(organisation: UUID) -> str:
    return reverse("act_for", args=[organisation])


def _counts(waits: Waiting) -> dict[str, int]:
    """What waits, by the section of the navigation where it stands."""
    return {
        "overview": waits.proposals + waits.requests + waits.approvals,
        "approvals": waits.approvals,
        "requests": waits.requests,
        "incoming": waits.incoming,
        "notices": waits.unread,
    }


def _checkpoint() -> Checkpoint | None:
    newest = checkpoint()
    return Checkpoint(*newest) if newest else None
