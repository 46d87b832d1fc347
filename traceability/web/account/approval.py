"""Whether what somebody fills in is signed by another person: a choice of the organisation."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from traceability.selectors.access import Actor
from traceability.services import approvals, members
from traceability.web.account.forms import ApprovalForm
from traceability.web.acting import for_member


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The choice, for an administrator."""
    members.require_admin(actor)
    own = actor.organisation
    chosen = {"signs": "second" if own.approval_wanted else "writer", "programs": own.programs_sign}
    form = ApprovalForm(request.POST or None, initial=chosen)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data["signs"] == "second"
        approvals.choose(actor=actor, wanted=wanted, programs=form.cleaned_data["programs"])
        messages.success(request, _("Saved. It is in force from now on."))
        return redirect("organisation")
    return render(request, "accounts/approval.html", {"form": form})
