"""The keys that sign for the organisation: who holds each, what the log says of it, and a new one in its place."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from traceability.ledger.errors import RecordError
from traceability.ledger.keys import KeyNotActive
from traceability.selectors import keys as selector
from traceability.selectors.access import Actor, NotFound
from traceability.services import members, organisations
from traceability.services.errors import NotAllowed
from traceability.web import words
from traceability.web.acting import for_member


@for_member
@require_safe
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All keys that the organisation ever had, and what was said about them."""
    found = selector.own(actor)
    context = {
        "actor": actor,
        "keys": found.keys,
        "said": [(one, words.kind(one.kind)) for one in found.said],
        "may_replace": actor.is_admin and actor.may_submit,
    }
    return render(request, "accounts/keys.html", context)


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: HttpRequest, actor: Actor, key_id: str) -> HttpResponse:
    """Lets a new key take over from one that the platform holds, after saying what happens."""
    key = selector.one(actor, key_id)
    members.require_admin(actor)
    if not key.replaceable:
        messages.warning(request, _("This key is not in force any more, or the platform does not hold it."))
        return redirect("keys")
    refused = actor.why_not_submit
    if request.method == "POST":
        try:
            organisations.rotate_key(actor=actor, key=f"sha256:{key.digits}")
        except KeyNotActive:
            messages.warning(request, _("This key was replaced a moment ago. Nothing more was signed."))
            return redirect("keys")
        except (NotAllowed, NotFound):
            raise
        except RecordError as error:
            refused = error.sentence
        else:
            messages.success(request, _("The key is replaced. The new one signs from now on."))
            return redirect("keys")
    return render(request, "accounts/key_replace.html", {"key": key, "refused": refused, "actor": actor})
