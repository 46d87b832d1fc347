"""The operator's pages: who waits for his word, and who is here. For everybody else they do not exist."""

from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from traceability.ledger.errors import RecordError
from traceability.models import Organisation
from traceability.selectors import tenants
from traceability.selectors.access import Actor, NotFound
from traceability.services import signup
from traceability.services.errors import NotAllowed
from traceability.web.account.forms import ReasonForm, VouchForm
from traceability.web.account.words import ORGANISATION_ROLES, STANDINGS
from traceability.web.acting import for_member
from traceability.web.countries import name as country_name

SIZE = 50


@for_member
@require_safe
def waiting(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Who waits, since when, what they said."""
    page = Paginator(tenants.waiting(actor), SIZE).get_page(request.GET.get("page"))
    rows = [
        (one, country_name(one.country), [ORGANISATION_ROLES.get(role, role) for role in one.roles]) for one in page
    ]
    context = {"actor": actor, "page": page, "rows": rows, "unconfirmed": tenants.unconfirmed_count(actor),
               "unconfirmed_days": settings.LODESTONE_UNCONFIRMED_DAYS}  # fmt: skip
    return render(request, "accounts/waiting.html", context)


@for_member
@require_safe
def all_of_them(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Every organisation with members, lots, last activity and standing."""
    words, standing = request.GET.get("q", "").strip(), request.GET.get("standing", "")
    found = tenants.tenants(actor, words=words, standing=standing)
    page = Paginator(found, SIZE).get_page(request.GET.get("page"))
    rows = [(one, country_name(one.country), STANDINGS[one.standing]) for one in page]
    standings = [(key, word, key == standing) for key, (_outcome, _icon, word) in STANDINGS.items()]
    context = {"actor": actor, "page": page, "rows": rows, "asked": words, "standings": standings}
    return render(request, "accounts/tenants.html", context)


@for_member
@require_safe
def one(request: HttpRequest, actor: Actor, organisation_id: UUID) -> HttpResponse:
    """One organisation, and what the operator can decide on it."""
    return _page(request, actor, organisation_id)


@for_member
@require_POST
def vouch(request: HttpRequest, actor: Actor, organisation_id: UUID) -> HttpResponse:
    """Signs that the operator vouches for an organisation."""
    form = VouchForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, organisation_id, vouching=form)
    try:
        signup.vouch(actor=actor, organisation_id=organisation_id, checked=form.cleaned_data["checked"])
    except (NotAllowed, NotFound):
        raise
    except RecordError as error:
        form.add_error(None, error.sentence)
        return _page(request, actor, organisation_id, vouching=form)
    messages.success(request, _("Signed. The organisation is registered, and its administrators get a letter."))
    return redirect("waiting")


@for_member
@require_POST
def refuse(request: HttpRequest, actor: Actor, organisation_id: UUID) -> HttpResponse:
    """Does not vouch, and says why."""
    return _decide(request, actor, organisation_id, signup.refuse, _("Refused. They get a letter with your reason."))


@for_member
@require_POST
def suspend(request: HttpRequest, actor: Actor, organisation_id: UUID) -> HttpResponse:
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
        messages.error(request, error.sentence)
    return redirect("tenant", organisation_id)


def _decide(
    request: HttpRequest, actor: Actor, organisation_id: UUID, decide: signup.Against, said: str
) -> HttpResponse:
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            decide(actor=actor, organisation_id=organisation_id, reason=form.cleaned_data["reason"])
        except (NotAllowed, NotFound):
            raise
        except RecordError as error:
            form.add_error(None, error.sentence)
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
) -> HttpResponse:
    found = tenants.tenant(actor, organisation_id)
    context = {
        "actor": actor,
        "one": found,
        "application": getattr(found, "application", None),
        "country": country_name(found.country),
        "roles": [ORGANISATION_ROLES.get(role, role) for role in found.roles],
        "standing": STANDINGS[found.standing],
        "keys": tenants.keys_of(actor, found),
        "admins": tenants.admins(actor, found),
        "same_name": tenants.same_name(actor, found),
        "may_vouch": found.standing in signup.DECIDABLE,
        "may_refuse": found.standing == Organisation.Standing.WAITING,
        "may_suspend": found.standing == Organisation.Standing.ACTIVE and not found.is_operator,
        "vouching": vouching or VouchForm(),
        "against": against or ReasonForm(),
    }
    return render(request, "accounts/tenant.html", context)
