"""The buttons that lead to a request, on the pages of what is missing."""

from uuid import UUID

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from traceability.models import Lot, Statement
from traceability.selectors import asking
from traceability.web.acting import actor_of, today
from traceability.web.templatetags.lodestone import button

register = template.Library()


@register.simple_tag(takes_context=True)
def ask_for_declaration(context: template.Context, lot: Lot) -> SafeString:
    """The button to ask the maker of a lot for its declaration; nothing where he cannot be asked."""
    href = reverse("request_declaration", args=[lot.pk])
    return _button(context, lot.maker_id, href, _("Ask for a declaration"))


@register.simple_tag(takes_context=True)
def ask_for_opening(context: template.Context, row: Statement) -> SafeString:
    """The button to ask the issuer of a statement to open values; nothing where he cannot be asked."""
    href = reverse("request_opening", args=[bytes(row.digest).hex()])
    return _button(context, row.issuer, href, _("Ask to open values"))


def _button(context: template.Context, of: UUID, href: str, words: str) -> SafeString:
    request = context.get("request")
    actor = actor_of(request) if request is not None and request.user.is_authenticated else None
    if actor is None or not actor.may_submit or not asking.suppliers(actor, today()).filter(pk=of).exists():
        return mark_safe("")
    return button(words, href=href, kind="2 s")
