"""The buttons that begin and end a watch, on the page of what is watched."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from traceability.models import Watch
from traceability.selectors import notices
from traceability.web.acting import actor_of

register = template.Library()


@dataclass(frozen=True, slots=True)
class Offered:
    """One button."""

    what: str
    subject: UUID
    watch: Watch | None
    words: str


@register.simple_tag(takes_context=True)
def watch_lot(context: template.Context, lot: UUID) -> SafeString:
    """The button to watch a lot, or to stop."""
    return _buttons(context, {Watch.What.LOT: lot}, lot)


@register.simple_tag(takes_context=True)
def watch_declaration(context: template.Context, declaration: Any) -> SafeString:
    """The buttons to watch a declaration and its product, or to stop; nothing for who is not signed in."""
    subjects = {Watch.What.DECLARATION: declaration.pk, Watch.What.PRODUCT: declaration.declarant_id}
    return _buttons(context, subjects, declaration.pk, product=declaration.product)


def _buttons(
    context: template.Context, subjects: dict[Watch.What, UUID], sent: UUID, *, product: str = ""
) -> SafeString:
    request = context.get("request")
    if request is None or not request.user.is_authenticated or (actor := actor_of(request)) is None:
        return mark_safe("")
    rows = notices.watches(actor).filter(subject__in=subjects.values())
    known = {(row.what, row.subject): row for row in rows if row.product in ("", product)}
    offered = [_offer(what, sent, known.get((what, subject))) for what, subject in subjects.items()]
    shown = {"offered": offered, "here": request.get_full_path(), "csrf_token": context.get("csrf_token", "")}
    return mark_safe(render_to_string("notices/watch.html", shown))  # noqa: S308  (a template escapes)


def _offer(what: Watch.What, subject: UUID, watch: Watch | None) -> Offered:
    begin = {
        Watch.What.LOT: _("Watch this lot"),
        Watch.What.DECLARATION: _("Watch this declaration"),
        Watch.What.PRODUCT: _("Watch this product"),
    }
    stop = {
        Watch.What.LOT: _("Stop watching this lot"),
        Watch.What.DECLARATION: _("Stop watching this declaration"),
        Watch.What.PRODUCT: _("Stop watching this product"),
    }
    return Offered(str(what), subject, watch, (stop if watch else begin)[what])
