"""The operator's pages: who waits for his word, and who is here. For everybody else they do not exist."""

from typing import Any, Final
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from traceability.ledger.errors import RecordError
from traceability.models import Organisation
from traceability.selectors import tenants
from traceability.selectors.access import Actor, NotFound
from traceability.services import signup
from traceability.services.errors import NotAllowed
from traceability.web import tables
from traceability.web.account.forms import ReasonForm, VouchForm
from traceability.web.account.keys import keys_of
from traceability.web.account.words import ORGANISATION_ROLES, STANDINGS
from traceability.web.acting import for_member
from traceability.web.countries import name as country_name
from traceability.web.spoken import spoken
from traceability.web.tables import Column, Table, buttons, figures

WAITING: Final = Table(
    "waiting",
    gettext_lazy("Waiting for your word"),
    (
        Column("name", gettext_lazy("Organisation"), lambda line: line[0].name, ("name",)),
        Column("country", gettext_lazy("Country"), lambda line: line[1], ("country",)),
        Column("said", gettext_lazy("What they said"), lambda line: _said(line[0], "about")),
        Column("by", gettext_lazy("Signed up by"), lambda line: getattr(_said(line[0], "applied_by"), "email", ""),
               ("application__applied_by__email",)),
        Column("since", gettext_lazy("Waits since"), lambda line: _said(line[0], "applied_at"),
               ("application__applied_at",), gaps=True),
        buttons(gettext_lazy("What you can do")),
    ),
    usual="since",
    find=("name", "application__about", "application__applied_by__email"),
    what=gettext_lazy("organisations"),
    wide=False,
)  # fmt: skip
TENANTS: Final = Table(
    "organisations",
    gettext_lazy("Organisations"),
    (
        Column("name", gettext_lazy("Organisation"), lambda line: line[0].name, ("name",)),
        Column("country", gettext_lazy("Country"), lambda line: line[1], ("country",)),
        Column("standing", gettext_lazy("Standing"), lambda line: line[2][2], ("standing",)),
        figures("members", gettext_lazy("Members"), lambda line: line[0].people, order=("people",)),
        figures("lots", gettext_lazy("Lots"), lambda line: line[0].lots, order=("lots",)),
        Column("said", gettext_lazy("Last statement"), lambda line: line[0].last_said, ("last_said",), gaps=True),
        Column("since", gettext_lazy("Here since"), lambda line: line[0].created_at, ("created_at",)),
    ),
    usual="name",
    what=gettext_lazy("organisations"),
)


@for_member
@require_safe
def waiting(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Who waits, since when, what they said."""
    context = {"actor": actor, "waiting": WAITING.found(request, tenants.waiting(actor), _applicants),
               "unconfirmed": tenants.unconfirmed_count(actor),
               "unconfirmed_days": settings.LODESTONE_UNCONFIRMED_DAYS}  # fmt: skip
    return tables.answer(request, "accounts/waiting.html", context)


def _said(one: Organisation, what: str) -> Any:
    """What an organisation said when it signed up; None where it never did."""
    return getattr(getattr(one, "application", None), what, None)


def _applicants(rows: list[Organisation]) -> list[Any]:
    return [(one, country_name(one.country), [ORGANISATION_ROLES.get(role, role) for role in one.roles])
            for one in rows]  # fmt: skip


@for_member
@require_safe
def all_of_them(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Every organisation with members, lots, last activity and standing."""
    words, standing = request.GET.get("q", "").strip(), request.GET.get("standing", "")
    found = tenants.tenants(actor, words=words, standing=standing)
    standings = [(key, word) for key, (_outcome, _icon, word) in STANDINGS.items()]
    context = {"actor": actor, "tenants": TENANTS.found(request, found, _tenants), "standing": standing,
               "standings": standings}  # fmt: skip
    return tables.answer(request, "accounts/tenants.html", context)


def _tenants(rows: list[Organisation]) -> list[Any]:
    return [(one, country_name(one.country), STANDINGS[one.standing]) for one in rows]


@for_member
@require_safe
def one(request: HttpRequest, actor: Actor, organisation_id: UUID) -> HttpResponseBase:
    """One organisation, and what the operator can decide on it."""
    return _page(request, actor, organisation_id)


@for_member
@require_POST
def vouch(request: HttpRequest, actor: Actor, organisation_id: UUID) -> HttpResponseBase:
    """Signs that the operator vouches for an organisation."""
    form = VouchForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, organisation_id, vouching=form)
    try:
        signup.vouch(actor=actor, organisation_id=organisation_id, checked=form.cleaned_data["checked"])
    except (NotAllowed, NotFound):
        raise
    except RecordError as error:
        form.add_error(None, spoken(error.sentence))
        return _page(request, actor, organisation_id, vouching=form)
    messages.success(request, _("Signed. The organisation is registered, and its administrators get a letter."))
    return redirect("waiting")


@for_member
@require_POST
def refuse(request: HttpRequest, actor: Actor, organisation_id: UUID) -> HttpResponseBase:
    """Does not vouch, and says why."""
    return _decide(request, actor, organisation_id, signup.refuse, _("Refused. They get a letter with your reason."))


@for_member
@require_POST
def suspend(request: HttpRequest, actor: Actor, organisation_id: UUID) -> HttpResponseBase:
    """Suspends an organisation, and says why."""
    return _decide(request, actor, organisation_id, signup.suspend, _("Suspended. They get a letter with your reason."))


@for_member
@require_POST
def resume(request: HttpRequest, actor: Actor, organisation_id: UUID) -> HttpResponse:
    """Lets a suspended organisation record again."""
    try:
        signup.resume(actor=actor, organisation_id=organisation_id)
        messages.success(request, _("It can record and sign again."))
    except signup.NotWaiting as error:
        messages.error(request, spoken(error.sentence))
    return redirect("tenant", organisation_id)


def _decide(
    request: HttpRequest, actor: Actor, organisation_id: UUID, decide: signup.Against, said: str
) -> HttpResponseBase:
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            decide(actor=actor, organisation_id=organisation_id, reason=form.cleaned_data["reason"])
        except (NotAllowed, NotFound):
            raise
        except RecordError as error:
            form.add_error(None, spoken(error.sentence))
        else:
            messages.success(request, said)
            return redirect("tenant", organisation_id)
    return _page(request, actor, organisation_id, against=form)


def _page(
    request: HttpRequest,
    actor: Actor,
    organisation_id: UUID,
    *,
    vouching: forms.Form | None = None,
    against: forms.Form | None = None,
) -> HttpResponseBase:
    found = tenants.tenant(actor, organisation_id)
    context = {
        "actor": actor,
        "one": found,
        "application": getattr(found, "application", None),
        "country": country_name(found.country),
        "roles": [ORGANISATION_ROLES.get(role, role) for role in found.roles],
        "standing": STANDINGS[found.standing],
        "keys": keys_of(request, tenants.keys_of(actor, found)),
        "admins": tenants.admins(actor, found),
        "same_name": tenants.same_name(actor, found),
        "may_vouch": found.standing in signup.DECIDABLE,
        "may_refuse": found.standing == Organisation.Standing.WAITING,
        "may_suspend": found.standing == Organisation.Standing.ACTIVE and not found.is_operator,
        "vouching": vouching or VouchForm(),
        "against": against or ReasonForm(),
    }
    return tables.answer(request, "accounts/tenant.html", context)
