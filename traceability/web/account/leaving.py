"""Taking all data away, and closing the account."""

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from traceability.ledger.errors import RecordError
from traceability.selectors import stock
from traceability.selectors.access import Actor
from traceability.selectors.stock import State
from traceability.services import leaving, members, takeout
from traceability.services.leaving import Obstacle
from traceability.web.account.forms import ClosingForm
from traceability.web.acting import ORGANISATION, for_member, today
from traceability.web.spoken import spoken

FIRST: dict[str, tuple[str | Promise, str]] = {
    State.INCOMING: (gettext_lazy("Receive or reject the goods on their way to you."), "incoming"),
    State.OUTGOING: (gettext_lazy("Wait until your goods are received, or cancel the dispatch."), "outgoing"),
    State.BLOCKED: (gettext_lazy("Settle the open differences of weighings."), "stock"),
    "queued": (gettext_lazy("Wait a minute: what you signed last is on its way into the log."), ""),
    "key_elsewhere": (gettext_lazy("Revoke the keys that you hold yourselves, by the API."), ""),
}
"""What has to be done first, and where."""


@for_member
@require_safe
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What one can take away, and what closing the account means."""
    members.require_admin(actor)
    return render(request, "accounts/leaving.html", {"actor": actor})


@for_member
@require_POST
def export(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """All data as a ZIP, written while it is sent."""
    pieces = takeout.archive(actor=actor)
    name = slugify(actor.organisation.name) or "organisation"
    response = StreamingHttpResponse(pieces, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}-{today():%Y-%m-%d}.zip"'
    return response


@sensitive_post_parameters("password")
@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Closes the account, after saying what that means and asking for name and password."""
    members.require_admin(actor)
    obstacles = leaving.obstacles(actor)
    form = ClosingForm(actor.organisation, request.POST or None)
    if request.method == "POST" and not obstacles and form.is_valid() and _is_himself(request, form):
        try:
            leaving.close(actor=actor)
        except RecordError as error:
            form.add_error(None, spoken(error.sentence))
        else:
            request.session.pop(ORGANISATION, None)
            messages.success(request, _("The account is closed. What was signed stays in the log."))
            return redirect("account_email")
    context = {
        "actor": actor,
        "form": form,
        "obstacles": [_told(one) for one in obstacles],
        "on_hand": stock.tally(actor).counts.get(State.ON_HAND, 0),
    }
    return render(request, "accounts/close.html", context)


def _is_himself(request: HttpRequest, form: ClosingForm) -> bool:
    """Whether the password is that of the person at the browser; guesses are limited like those of a sign-in."""
    user = request.user
    if not isinstance(user, User):
        return False
    if not ratelimit.consume(request, action="reauthenticate", user=user):
        form.add_error("password", _("Too many attempts. Wait a minute."))
        return False
    if not get_adapter(request).reauthenticate(user, form.cleaned_data["password"]):
        form.add_error("password", _("This is not your password."))
        return False
    return True


def _told(one: Obstacle) -> tuple[str, str, str]:
    """What to do, how often, and where."""
    words, where = FIRST[one.code]
    often = ngettext("%(n)s open", "%(n)s open", one.count) % {"n": one.count}
    return str(words), often, reverse(where) if where else ""
