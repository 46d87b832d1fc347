"""Pages of what one was told, how one wants to be told, and what one watches."""

from dataclasses import replace
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from traceability.models import Notice, NoticeCopy, NoticePreference, Watch
from traceability.selectors import notices as told
from traceability.selectors.access import Actor
from traceability.selectors.notices import Wanted
from traceability.selectors.search import Kind
from traceability.selectors.slots import SLOTS, DeclarationLink
from traceability.services import notice_words, notices
from traceability.services import watches as watching
from traceability.services.watches import TooManyWatches
from traceability.web import finding, tables
from traceability.web.acting import for_member, today
from traceability.web.spoken import spoken
from traceability.web.tables import Column, Table, buttons

NOTICES: Final = Table(
    "notices",
    gettext_lazy("Notices"),
    (
        Column("kind", gettext_lazy("What happened"), lambda line: line[1].title, ("notice__kind",)),
        Column("about", gettext_lazy("About"), lambda line: line[1].about),
        Column("when", gettext_lazy("When"), lambda line: line[0].created_at, ("created_at",)),
        Column("read", gettext_lazy("State"), lambda line: line[0].read_at, ("read_at",), gaps=True),
    ),
    usual="-when",
    what=gettext_lazy("notices"),
    wide=False,
)
WATCHES: Final = Table(
    "watches",
    gettext_lazy("What you watch"),
    (
        Column("name", gettext_lazy("What"), lambda line: _named(*line), ("product", "subject")),
        Column("kind", gettext_lazy("Kind"), lambda line: line[0].get_what_display(), ("what",)),
        Column("since", gettext_lazy("Since"), lambda line: line[0].created_at, ("created_at",)),
        buttons(gettext_lazy("Actions")),
    ),
    usual="-since",
    find=("product",),
    what=gettext_lazy("watches"),
    wide=False,
)


@for_member
@require_safe
def show(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """What the member was told, newest first."""
    asked = Wanted(request.GET.get("kind", ""), request.GET.get("unread") == "1")
    table = replace(NOTICES, matches=partial(_meant, actor))
    rows = table.found(request, told.copies(actor, asked), _in_words)
    shown = {"section": "notices", "notices": rows, "asked": asked, "kinds": Notice.Kind.choices}
    return tables.answer(request, "notices/list.html", shown)


def _meant(actor: Actor, word: str) -> Q:
    """Notices of a kind, or about a lot or declaration, that the word names."""
    kinds = (Kind.LOT, Kind.DECLARATION)
    about = finding.of_subject(actor, word, "notice__subject", today(), kinds)
    return finding.called(word, Notice.Kind.choices, "notice__kind") | about | Q(notice__subject__icontains=word)


def _in_words(rows: list[NoticeCopy]) -> list[Any]:
    return list(zip(rows, notice_words.in_words(row.notice for row in rows), strict=True))


@for_member
@require_POST
def read_all(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Marks everything as read."""
    notices.mark_read(actor=actor)
    return redirect("notices")


@for_member
@require_safe
def follow(request: HttpRequest, actor: Actor, notice_id: UUID) -> HttpResponse:
    """Leads to what a notice is about; from then on it is read."""
    copy = told.copies(actor).filter(notice=notice_id).first()
    if copy is None:
        raise Http404("There is no such notice, or it is not yours.")
    notices.mark_read(actor=actor, notice=notice_id)
    [words] = notice_words.in_words([copy.notice])
    return redirect(words.href)


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest, actor: Actor) -> HttpResponse:
    """How the member wants to be told of each kind."""
    if request.method == "POST":
        hows = {
            kind: NoticePreference.How(request.POST[kind])
            for kind in Notice.Kind
            if request.POST.get(kind, "") in NoticePreference.How
        }
        notices.prefer(actor=actor, hows=hows)
        messages.success(request, _("Saved."))
        return redirect("notice_preferences")
    rows = list(notices.preferences(actor).items())
    crumbs = [(_("Notices"), reverse("notices")), (_("How you are told"), "")]
    shown = {"section": "notices", "rows": rows, "hows": NoticePreference.How.choices, "crumbs": crumbs}
    return render(request, "notices/preferences.html", shown)


@for_member
@require_safe
def watches(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """What the member watches."""
    crumbs = [(_("Notices"), reverse("notices")), (_("What you watch"), "")]
    shown = {"section": "notices", "watches": WATCHES.found(request, told.watches(actor), _watched), "crumbs": crumbs}
    return tables.answer(request, "notices/watches.html", shown)


def _watched(rows: list[Watch]) -> list[Any]:
    links = SLOTS.declaration_links({row.subject for row in rows if row.what == Watch.What.DECLARATION})
    return [(row, links.get(row.subject), notice_words.short(row.subject)) for row in rows]


def _named(row: Watch, link: DeclarationLink | None, short: str) -> str:
    if row.what == Watch.What.LOT:
        return _("Lot %(short)s") % {"short": short}
    return f"{link.reference} {link.product}" if link else row.product


@for_member
@require_POST
def watch(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Begins to watch."""
    what, subject = request.POST.get("what", ""), request.POST.get("subject", "")
    try:
        if what not in Watch.What:
            raise ValueError
        watching.watch(actor=actor, what=Watch.What(what), subject=UUID(subject))
    except ValueError as error:
        if isinstance(error, TooManyWatches):
            messages.warning(request, spoken(error.sentence))
            return _back(request)
        raise Http404("There is no such thing to watch.") from None
    messages.success(request, _("You are told what becomes of it."))
    return _back(request)


@for_member
@require_POST
def stop(request: HttpRequest, actor: Actor, watch_id: UUID) -> HttpResponse:
    """Watches no longer."""
    watching.stop(actor=actor, watch=watch_id)
    messages.success(request, _("You watch it no longer."))
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    """To the page where the button was, if it is one of ours; else to what one watches."""
    wanted = request.POST.get("next", "")
    safe = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return redirect(wanted if safe else reverse("watches"))
