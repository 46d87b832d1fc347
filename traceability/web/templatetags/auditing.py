"""The notes on what a page shows, for who is signed in; and what corrections changed."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse

from traceability.models import Membership
from traceability.selectors import audit_notes
from traceability.web.acting import actor_of
from traceability.web.lot_timeline import Change

MOST = 20
register = template.Library()


@register.inclusion_tag("auditing/notes_on.html", takes_context=True)
def notes_on(context: template.Context, about: str, subject: object) -> dict[str, Any]:
    """The newest notes on a lot, a statement or a declaration, and the way to write one."""
    request = context.get("request")
    if request is None or not request.user.is_authenticated or (actor := actor_of(request)) is None:
        return {}
    notes = list(audit_notes.on(actor, about, str(subject))[:MOST])
    may_write = actor.role != Membership.Role.VIEWER
    href = reverse("audit_note_write", args=[about, str(subject)]) if may_write else ""
    return {"shown": bool(notes or may_write), "notes": notes, "write_href": href, "own": actor.organisation.pk}


@register.inclusion_tag("lots/changed.html", takes_context=True)
def old_and_new(context: template.Context, change: Change, folded: bool = False) -> dict[str, Any]:
    """What a correction says differently, as a table that sorts; the view made it (`lot_tables.changed`)."""
    return {"table": context["corrected"][change.digest], "folded": folded, "request": context.get("request")}
