"""Pages of what partners ask of each other: the list, asking, and one request with its answer."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from traceability.ledger.errors import RecordError
from traceability.models import PartnerRequest
from traceability.selectors import access, asking, lots, openings, statements
from traceability.selectors.access import Actor, NotFound
from traceability.selectors.asking import Wanted
from traceability.selectors.names import names_of
from traceability.selectors.slots import SLOTS
from traceability.services import asking as use_cases
from traceability.services.errors import NotAllowed
from traceability.web import asking_words, finding, tables, words
from traceability.web.acting import for_member, today
from traceability.web.asking_forms import (
    AskForm,
    DeclarationAnswer,
    DeclineForm,
    OpeningAnswer,
    PlacesForm,
    ProductForm,
)
from traceability.web.spoken import spoken
from traceability.web.tables import Column, Table

REQUESTS: Final = Table(
    "requests",
    gettext_lazy("Requests"),
    (
        Column("what", gettext_lazy("What"), lambda line: line[1], ("what", "product", "asked_at")),
        Column("partner", gettext_lazy("Partner"), lambda line: line[0].partner),
        Column(
            "side", gettext_lazy("Who asks"), lambda line: _("To you") if line[0].to_us else _("By you"), seen=False
        ),
        Column("asked", gettext_lazy("Asked"), lambda line: line[0].request.asked_at, ("asked_at",)),
        Column("due", gettext_lazy("Wanted by"), lambda line: line[0].request.due_on, ("due_on",), gaps=True),
        Column("state", gettext_lazy("State"), lambda line: line[0].request.get_state_display(), ("state",)),
    ),
    usual="-asked",
    find=("product", "message", "reason"),
    what=gettext_lazy("requests"),
    wide=False,
)
MOST_OFFERED: Final = 200
State, What = PartnerRequest.State, PartnerRequest.What
SIDES: Final = {"to_us": True, "by_us": False}


@for_member
@require_safe
def show(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """What one was asked, and what one asked."""
    side, state = request.GET.get("side", ""), request.GET.get("state", "")
    table = replace(REQUESTS, matches=partial(_meant, actor))
    rows = table.found(request, asking.requests(actor, Wanted(SIDES.get(side), state)), partial(_lines, actor))
    shown = {"section": "requests", "actor": actor, "requests": rows, "side": side, "state": state,
             "sides": [("to_us", _("To you")), ("by_us", _("By you"))], "states": State.choices}  # fmt: skip
    return tables.answer(request, "asking/list.html", shown)


def _meant(actor: Actor, word: str) -> Q:
    """Requests for something, or to or from a partner, that the word names."""
    about = finding.called(word, What.choices, "what") | finding.of_subject(actor, word, "lot", today())
    for side in ("asker", "to"):
        about |= finding.of_organisation(actor, word, side, today())
    return about


def _lines(actor: Actor, rows: list[PartnerRequest]) -> list[Any]:
    return [(one, asking_words.title(one)) for one in asking.shown(actor, rows, today())]


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_product(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Asks a partner for the declaration of a product."""
    partners = [(str(one.pk), one.name) for one in asking.suppliers(actor, today())]
    form = ProductForm(request.POST or None, partners=partners)

    def ask() -> PartnerRequest:
        said = form.cleaned_data
        to = UUID(said["to"])
        return use_cases.ask_for_declaration(actor=actor, to=to, product=said["product"], said=form.said())

    shown = {"title": _("Ask for a declaration"), "has_partners": bool(partners)}
    return _ask(request, actor, form, ask, shown)


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_declaration(request: HttpRequest, actor: Actor, lot_id: UUID) -> HttpResponse:
    """Asks the maker of a lot for its declaration."""
    lot = access.lot(actor, lot_id, today())
    form = AskForm(request.POST or None)
    label = lots.matter_of(actor, [lot.pk], today()).views[lot.pk].label
    partner = names_of(actor, [lot.maker_id], today()).of(lot.maker_id)

    def ask() -> PartnerRequest:
        return use_cases.ask_for_declaration(actor=actor, lot=lot.pk, said=form.said())

    about = _("%(partner)s made it. Nobody else sees your request.") % {"partner": partner}
    shown = {"title": _("Ask for a declaration of %(lot)s") % {"lot": label}, "about": about}
    return _ask(request, actor, form, ask, shown)


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_opening(request: HttpRequest, actor: Actor, digest: str) -> HttpResponse:
    """Asks the issuer of a statement to open values of it."""
    row = statements.statement(actor, f"sha256:{digest}", today())
    places = asking.askable(actor, row, today())[:MOST_OFFERED]
    said_openly = asking.payload(row)
    form = PlacesForm(request.POST or None, places=[(one, asking_words.place(one, said_openly)) for one in places])
    partner = names_of(actor, [row.issuer], today()).of(row.issuer)

    def ask() -> PartnerRequest:
        said = form.cleaned_data
        return use_cases.ask_for_opening(
            actor=actor, digest=f"sha256:{digest}", places=said["places"], said=form.said()
        )

    about = _(
        "“%(kind)s”, signed by %(partner)s. Nobody else sees your request; what is opened is opened to you alone."
    )
    shown = {
        "title": _("Ask to open values"),
        "about": about % {"kind": words.kind(row.kind), "partner": partner},
        "nothing": not places,
    }
    return _ask(request, actor, form, ask, shown)


def _ask(
    request: HttpRequest, actor: Actor, form: forms.Form, ask: Callable[[], PartnerRequest], shown: dict[str, Any]
) -> HttpResponse:
    if not actor.may_submit:
        raise NotAllowed(actor.why_not_submit)
    if form.is_valid() and (made := _done(form, ask)):
        messages.success(request, _("Asked. You are told when your partner answers."))
        return redirect("request", made.pk)
    crumbs = [(_("Requests"), reverse("requests")), (shown["title"], "")]
    return render(request, "asking/ask.html", {"section": "requests", "form": form, "crumbs": crumbs} | shown)


def _done(form: forms.Form, act: Callable[[], PartnerRequest]) -> PartnerRequest | None:
    """What an act gives; a refusal stands beside its field, or above the form."""
    try:
        return act()
    except (NotAllowed, NotFound):
        raise
    except RecordError as error:
        name = error.path.strip("/")
        form.add_error(name if name in form.fields else None, spoken(error.sentence))
        return None


# One request


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, actor: Actor, request_id: UUID) -> HttpResponse:
    """A request: for its supplier to answer or to decline, for its buyer to withdraw, and how it ended."""
    row = asking.request(actor, request_id)
    if request.method == "POST" and "withdraw" in request.POST:
        return _withdraw(request, actor, row)
    sent = request.POST if {"answer", "decline"} & set(request.POST) else None
    to_us = row.to_id == actor.organisation.pk
    answer = _answer_form(actor, row, sent if sent and "answer" in sent else None) if to_us else None
    decline = DeclineForm(sent if sent and "decline" in sent else None, auto_id="decline_%s")
    if sent is not None and (form := answer if "answer" in sent else decline) is not None and form.is_valid():
        said = form.cleaned_data
        if _done(form, lambda: _end(actor, row, said, declines=form is decline)):
            messages.success(request, _("Your partner is told."))
            return redirect("request", row.pk)
    [line] = asking.shown(actor, [asking.request(actor, request_id)], today())
    crumbs = [(_("Requests"), reverse("requests")), (asking_words.title(line), "")]
    shown = {
        "section": "requests",
        "actor": actor,
        "line": line,
        "row": line.request,
        "title": asking_words.title(line),
        "places": _places(line.request),
        "answer": answer,
        "decline": decline,
        "form": answer if answer is not None and answer.errors else decline,
        "crumbs": crumbs,
    }
    return render(request, "asking/request.html", shown)


def _places(row: PartnerRequest) -> list[tuple[str, bool, bool]]:
    """The values that are asked for, whether they were opened, and whether they are open now."""
    said_openly, still = asking.payload(row.statement) if row.statement else {}, openings.open_places(row)
    return [(asking_words.place(one, said_openly), one in row.opened, one in still) for one in row.places]


def _withdraw(request: HttpRequest, actor: Actor, row: PartnerRequest) -> HttpResponse:
    try:
        use_cases.withdraw(actor=actor, request_id=row.pk)
        messages.success(request, _("Withdrawn. Your partner is told."))
    except (use_cases.RequestOver, use_cases.NotYourPart) as error:
        messages.warning(request, spoken(error.sentence))
    return redirect("request", row.pk)


def _answer_form(actor: Actor, row: PartnerRequest, sent: Any) -> forms.Form | None:
    """What answers the request; None where it is over, or there is nothing to answer with."""
    if row.state != State.OPEN:
        return None
    if row.what == What.OPENING:
        if row.statement is None:
            return None
        found = asking.values(row.statement, row.places)
        places = [(one.place, asking_words.value(one, asking.payload(row.statement))) for one in found]
        return OpeningAnswer(sent, places=places) if places else None
    rows = SLOTS.own_declarations(actor.organisation.pk)[:MOST_OFFERED]
    # Those of the lot that was asked for stand first.
    in_order = sorted(rows, key=lambda one: one[1] != row.lot_id)
    offered = [(str(id), f"{link.reference} {link.product}") for id, _lot, link in in_order]
    return DeclarationAnswer(sent, declarations=offered) if offered else None


def _end(actor: Actor, row: PartnerRequest, said: dict[str, Any], *, declines: bool) -> PartnerRequest:
    if declines:
        return use_cases.decline(actor=actor, request_id=row.pk, reason=said["reason"])
    if row.what == What.OPENING:
        return use_cases.answer_with_opening(
            actor=actor, request_id=row.pk, places=said["places"], reason=said["reason"]
        )
    declaration = UUID(said["declaration"])
    return use_cases.answer_with_declaration(
        actor=actor, request_id=row.pk, declaration=declaration, reason=said["reason"]
    )
