"""Pictures with what stands around them: legend, caption, and the same as a table."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from traceability.web import figures, numbers, twins
from traceability.web.components import part
from traceability.web.pictures import dots as dots_picture
from traceability.web.pictures import qr as qr_picture
from traceability.web.pictures.balance import Balances
from traceability.web.pictures.bars import Bars
from traceability.web.pictures.svg import Picture, Twin

register = template.Library()


@register.simple_tag(takes_context=True)
def picture(context: template.Context, drawn: Picture, caption: str = "") -> SafeString:
    """A picture with its legend, its caption and the same as a table."""
    return part("picture", drawn=drawn, caption=caption, twins=context.get("twins"))


@register.simple_tag(takes_context=True)
def balance(context: template.Context, drawn: Balances) -> SafeString:
    """The balance of each element with legend, axis, verdict and table."""
    return part("balance", drawn=drawn, twins=context.get("twins"))


@register.simple_tag
def bars(drawn: Bars) -> SafeString:
    """Sorted bars with their values."""
    return part("bars", drawn=drawn)


@register.simple_tag(takes_context=True)
def twin(context: template.Context, one: Twin) -> SafeString:
    """The table of a picture, one click below it; open where it was sorted."""
    table = twins.shown(one, context.get("twins") or {})
    return part("twin", table=table, rows=twins.rows(table))


@register.simple_tag
def dots(share: numbers.Number | None) -> SafeString:
    """Completeness as five quiet dots and the per cent in words."""
    if share is None:
        return figures.gap(numbers.NOT_ESTABLISHED)
    return part("dots", svg=mark_safe(dots_picture.svg(share)), words=f"{dots_picture.per_cent(share)}\u202f%")  # noqa: S308


@register.simple_block_tag
def qr(content: str, url: str, title: str = "") -> SafeString:
    """A QR code with its address in words."""
    drawn = mark_safe(qr_picture.svg(url))  # noqa: S308
    return part("qr", content=content, svg=drawn, url=url.partition("://")[2] or url, title=title or _("Scan to check"))
