"""What stands around every page, as the template variable `frame`; read only by pages that show it."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from traceability.models import LogState, Membership
from traceability.selectors import asking, notices, overview, proposals
from traceability.selectors.access import Actor
from traceability.web.acting import actor_of
from traceability.web.frame import Acting, Checkpoint, Frame


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
    members = Membership.objects.filter(user=user).select_related("organisation").order_by("organisation__name")
    others = tuple(
        Acting(one.organisation.name, one.get_role_display(), reverse("act_for", args=[one.organisation_id]))
        for one in members
    )
    acting = next(one for one in others if one.href == reverse("act_for", args=[actor.organisation.pk]))
    return Frame(person, acting, others, _waiting(actor), _checkpoint(), actor.role == Membership.Role.ADMIN)


def _waiting(actor: Actor) -> dict[str, int]:
    """What waits, by the section of the navigation where it stands."""
    requests = asking.to_answer(actor).count()
    return {
        "overview": proposals.to_answer(actor).count() + requests,
        "requests": requests,
        "incoming": overview.incoming_count(actor),
        "notices": notices.unread_count(actor),
    }


def _checkpoint() -> Checkpoint | None:
    state = LogState.objects.select_related("published").first()
    published = state.published if state else None
    return Checkpoint(published.size, published.cosigned_at) if published else None
