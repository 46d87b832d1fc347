"""One's own organisation: its standing, what it said of itself, and bringing another one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from traceability.ledger.errors import RecordError
from traceability.models import Application
from traceability.selectors.access import Actor
from traceability.services import members, signup
from traceability.web.account.forms import NewOrganisationForm, OrganisationForm
from traceability.web.account.joining_secret import forget, invitation, remembered
from traceability.web.account.words import ORGANISATION_ROLES, STANDINGS
from traceability.web.acting import act_for, for_member
from traceability.web.countries import name as country_name
from traceability.web.spoken import spoken


@for_member
@require_safe
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """How the organisation stands, and what it may do."""
    own = actor.organisation
    context = {
        "actor": actor,
        "application": Application.objects.filter(organisation=own).first(),
        "country": country_name(own.country),
        "roles": [ORGANISATION_ROLES.get(role, role) for role in own.roles],
        "standing": STANDINGS[own.standing],
        "may_say_again": actor.is_admin and own.standing in signup.DECIDABLE,
    }
    return render(request, "accounts/organisation.html", context)


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def say_again(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Changes what the organisation says of itself while the operator has not vouched for it."""
    members.require_admin(actor)
    own = actor.organisation
    if own.standing not in signup.DECIDABLE:
        return redirect("organisation")
    said = Application.objects.get(organisation=own)
    initial = {"name": own.name, "country": own.country, "roles": own.roles, "about": said.about,
               "website": said.website}  # fmt: skip
    form = OrganisationForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            signup.say_again(actor=actor, applied=form.applied())
        except RecordError as error:
            form.add_error(None, spoken(error.sentence))
        else:
            messages.success(request, _("Saved. The operator reads it."))
            return redirect("organisation")
    return render(request, "accounts/organisation_form.html", {"form": form, "again": True})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A person who has an account signs up an organisation: his first, or another one."""
    host = invitation(request)
    host = host if host and not host.role else None
    form = NewOrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = signup.apply(
                user_id=request.user.pk or 0, applied=form.applied(), invitation=remembered(request) if host else ""
            )
        except RecordError as error:
            form.add_error(None, spoken(error.sentence))
        else:
            forget(request)
            act_for(request, made.pk)
            messages.success(request, _("Signed up. The operator reads it now."))
            return redirect(reverse("organisation"))
    return render(request, "accounts/organisation_form.html", {"form": form, "invitation": host})
