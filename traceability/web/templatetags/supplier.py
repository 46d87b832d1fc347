"""Words and links that the pages of the supplier share. `{% load supplier %}`"""

from __future__ import annotations

from typing import Any

from django import template
from django.contrib.auth.base_user import AbstractBaseUser
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from traceability.models import Lot, Statement
from traceability.selectors.overview import Noted
from traceability.selectors.stock import SHOWN_ELEMENTS, Line, State
from traceability.web import figures, numbers, words
from traceability.web.acting import actor_of
from traceability.web.forms.draft_form import Block
from traceability.web.templatetags.lodestone import how_many

register = template.Library()


@register.simple_tag
def lot_state(state: State) -> SafeString:
    """What a lot is to its reader, as icon, word and colour."""
    outcome, icon, word = words.STATES[state]
    return mark_safe(  # noqa: S308  (a template escapes)
        render_to_string("components/tag.html", {"outcome": outcome, "icon": icon, "words": word})
    )


@register.simple_tag
def lot_name(lot: Lot) -> str:
    """How people call a lot: one of their own, or a row that carries the number that its reader may see."""
    return getattr(lot, "number_here", lot.number) or f"{lot.material}, {str(lot.pk)[-4:]}"


@register.simple_tag
def person_name(user: AbstractBaseUser | None) -> str:
    """How a colleague is called; a person who left has no name any more."""
    if user is None:
        return _("Somebody who left")
    return getattr(user, "get_full_name", str)() or user.get_username()


@register.simple_tag
def lot_href(lot: Lot | None) -> str:
    """The page of a lot."""
    return _address("lot", lot.pk) if lot else ""


@register.simple_tag
def lot_link(line: Line) -> SafeString:
    """The name of a lot as a link to its page."""
    return format_html('<a href="{}">{}</a>', _address("lot", line.lot.pk), line.name)


@register.simple_tag
def mass_cell(line: Line) -> SafeString:
    """The cell of a table with the mass of a lot."""
    if line.state is State.DELIVERED:
        return format_html('<td class="r">{}</td>', figures.gap(_("not with you")))
    if line.mass_kg is None:
        return format_html('<td class="r">{}</td>', figures.gap(_("withheld")))
    return figures.mass_cell(line.mass_kg.normalize() if line.mass_kg else 0)


@register.simple_tag
def mass_words(line: Line) -> str:
    """The mass of a lot in running text."""
    if line.mass_kg is None:
        return _("mass withheld")
    own = numbers.own_mass(line.mass_kg)
    return f"{numbers.n3(line.mass_kg)}\u202fkg" + (f" ({own})" if own else "")


@register.simple_tag
def element_words(line: Line) -> str:
    """The elements of a lot in running text, as far as they are known."""
    parts = [
        f"{one} {numbers.n3(mass)}\u202fkg" for one, mass in zip(SHOWN_ELEMENTS, line.elements, strict=True) if mass
    ]
    return ", ".join(parts)


@register.simple_tag
def difference_words(line: Line) -> str:
    """What was dispatched and what was weighed, of a lot that is blocked by the difference."""
    shipment = (line.lot.record.get("stock") or {}).get("shipment")
    if not shipment or shipment[2] is None:
        return _("The weighed mass differs from the dispatched one by more than the tolerance.")
    return _("%(sent)s kg were dispatched, you weighed %(weighed)s kg. The tolerance is %(tolerance)s %%.") % {
        "sent": numbers.all_digits(shipment[0]),
        "weighed": numbers.all_digits(shipment[2]),
        "tolerance": numbers.all_digits(shipment[1]),
    }


@register.simple_tag
def noted_title(one: Noted) -> str:
    """What a finding is about."""
    return one.line.name if one.line else str(words.kind(one.finding.statement.kind))


@register.simple_tag(takes_context=True)
def noted_link(context: template.Context, one: Noted) -> str:
    """Where one looks at a finding: the lot, or the receipt of what one said."""
    if one.line:
        return _address("lot", one.line.lot.pk)
    own = one.finding.statement.issuer == context["actor"].organisation.pk
    return reverse("receipt", args=[one.finding.statement.urn]) if own else ""


@register.simple_tag(takes_context=True)
def begin(
    context: template.Context, act: str, label: str, lot: Lot | None = None, kind: str = "2 s", like_last: bool = False
) -> SafeString:
    """The button that begins a draft of an act, about a lot where one is named, or like the last of its kind."""
    found = {"act": act, "words": _(label), "lot": lot, "kind": kind, "like_last": like_last}
    return mark_safe(render_to_string("traceability/parts/begin.html", found, context["request"]))  # noqa: S308


@register.inclusion_tag("traceability/parts/lot_acts.html", takes_context=True)
def lot_acts(context: template.Context, lot: Lot) -> dict[str, Any]:
    """What the reader's organisation can do with a lot that is with it, or that it made."""
    actor = actor_of(context["request"]) if context["request"].user.is_authenticated else None
    if actor is None or not actor.may_submit:
        return {}
    own = actor.organisation.pk
    return {"lot": lot, "is_here": own in (lot.holder_id, lot.receiver_id), "is_made": own == lot.maker_id}


@register.simple_tag(takes_context=True)
def receipt_link(context: template.Context, row: Statement) -> SafeString | str:
    """Of what one's own organisation said the way to its receipt, from which it can be corrected."""
    actor = actor_of(context["request"]) if context["request"].user.is_authenticated else None
    if actor is None or row.issuer != actor.organisation.pk:
        return ""
    href = reverse("receipt", args=[row.urn])
    return format_html(
        '<dt>{}</dt><dd><a href="{}">{}</a></dd>', _("Yours"), href, pgettext("proof", "Receipt, correction")
    )


@register.simple_tag
def put_right(count: int) -> str:
    """The title of a summary of so many mistakes."""
    return _("One thing to put right") if count < 2 else _("%(many)s things to put right") % {"many": how_many(count)}


@register.filter
def used(part: BoundField | Block | None) -> bool:
    """Whether something stands in a field or below a block, or is wrong there: then it is not folded away."""
    if isinstance(part, Block):
        blocks = [*part.groups.values(), *(row for rows in part.rows.values() for row in rows)]
        return any(used(one) for one in part.fields.values()) or any(used(one) for one in blocks)
    return part is not None and bool(part.errors or part.value())


@register.filter
def said(lines: dict[str, str], place: str) -> str:
    """What was understood of a place that has no field of its own."""
    return lines.get(place, "")


def _address(name: str, *args: Any) -> str:
    """The address of a page; empty where this installation has none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
