"""What a notice says and where it leads, for a page, a mail or a program; nothing of it is confidential."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from traceability.models import Notice, Organisation, PartnerRequest
from traceability.selectors.slots import SLOTS, DeclarationLink


@dataclass(frozen=True, slots=True)
class Words:
    """One notice in words."""

    notice: Notice
    title: str
    about: str
    href: str


def in_words(notices: Iterable[Notice]) -> list[Words]:
    """These notices in words, in their order."""
    rows = list(notices)
    wanted = {row.subject for row in rows if row.about == Notice.About.DECLARATION}
    declarations = SLOTS.declaration_links(wanted) if wanted else {}
    asked = {row.subject for row in rows if row.about == Notice.About.REQUEST}
    requests = PartnerRequest.objects.in_bulk(asked) if asked else {}
    givers = {row.subject for row in rows if row.about == Notice.About.MANDATE}
    names = dict(Organisation.objects.filter(pk__in=givers).values_list("pk", "name")) if givers else {}
    told = {pk: _request(one) for pk, one in requests.items()} | names
    return [_one(row, declarations.get(row.subject), told.get(row.subject, "")) for row in rows]


def _one(notice: Notice, declaration: DeclarationLink | None, told: str) -> Words:
    title, about = str(Notice.Kind(notice.kind).label), told or str(Notice.About(notice.about).label)
    match notice.about:
        case Notice.About.LOT:
            return Words(notice, title, _lots(notice), reverse("lot", args=[notice.subject]))
        case Notice.About.DECLARATION if declaration is not None:
            named = f"{declaration.reference} {declaration.product}"
            return Words(notice, title, named, declaration.href)
        case Notice.About.REQUEST:
            return Words(notice, title, about, reverse("request", args=[notice.subject]))
        case Notice.About.WEBHOOK:
            return Words(notice, title, about, reverse("webhook", args=[notice.subject]))
        case Notice.About.FIGURES:
            return Words(notice, title, _lots(notice), reverse("figures", args=[notice.subject]))
        case Notice.About.NOTE:
            return Words(notice, title, about, f"{reverse('audit_notes')}?whose=shared")
        case Notice.About.MANDATE:
            return Words(notice, title, about, f"{reverse('lots')}?of={notice.subject}")
        case Notice.About.DRAFT:
            return Words(notice, title, about, reverse("draft_check", args=[notice.subject]))
        case Notice.About.SHEET:
            return Words(notice, title, about, reverse("sheet", args=[notice.subject]))
    if notice.statement is not None:
        about = _key(notice) if notice.kind == Notice.Kind.KEY_USED else about
        return Words(notice, title, about, reverse("statement", args=[bytes(notice.statement.digest).hex()]))
    return Words(notice, title, about, reverse("notices"))


def _request(row: PartnerRequest) -> str:
    """What is asked for; the product is in the words of the asker, so it stands on the page of the request alone."""
    if row.lot_id is None:
        return row.get_what_display()
    return _("%(what)s, lot %(short)s") % {"what": row.get_what_display(), "short": short(row.lot_id)}


def _key(notice: Notice) -> str:
    digits = bytes(notice.statement.key_id).hex()[:8] if notice.statement else ""
    return _and_more(_("Key %(short)s") % {"short": digits}, notice)


def _lots(notice: Notice) -> str:
    return _and_more(_("Lot %(short)s") % {"short": short(notice.subject)}, notice)


def _and_more(about: str, notice: Notice) -> str:
    if not notice.others:
        return about
    more = ngettext("and %(n)d more", "and %(n)d more", notice.others) % {"n": notice.others}
    return f"{about} {more}"


def short(subject: UUID) -> str:
    """The end of a name that is no secret, enough to tell two lots apart."""
    return subject.hex[-8:]
