"""Following the link of an invitation: with an account, or without one yet."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.views import SignupView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from traceability.services import invitations
from traceability.services.errors import Refusal
from traceability.web.account.forms import PersonSignup
from traceability.web.account.joining_secret import forget, invitation, remember, remembered
from traceability.web.acting import act_for


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Says who invites to what. Looking uses nothing up: mail programs look too."""
    if key := request.GET.get("key", ""):
        remember(request, key)
        return redirect("join")
    found = invitation(request)
    if found is None:
        return render(request, "accounts/join_over.html", status=404)
    if not found.role:
        return redirect("organisation_new" if request.user.is_authenticated else "account_signup")
    if request.method == "POST" and request.user.is_authenticated:
        return _accept(request)
    return render(request, "accounts/join.html", {"invitation": found, "here": reverse("join")})


def _accept(request: HttpRequest) -> HttpResponse:
    try:
        member = invitations.accept(secret=remembered(request), user_id=request.user.pk or 0)
    except Refusal:
        return render(request, "accounts/join_over.html", status=404)
    forget(request)
    act_for(request, member.organisation_id)
    messages.success(request, _("You work for %(name)s now.") % {"name": member.organisation.name})
    return redirect("overview")


class JoinNew(SignupView):
    """Somebody who was invited and has no account makes one; his address is the one that the letter went to."""

    template_name = "accounts/join_new.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.found = invitation(request)
        if self.found is None or not self.found.role:
            return redirect("join")
        get_adapter().stash_verified_email(request, self.found.email)
        return super().dispatch(request, *args, **kwargs)

    def is_open(self) -> bool:
        """An invitation opens the door, whatever the setting says."""
        return True

    def get_form_class(self) -> type[PersonSignup]:
        return PersonSignup

    def get_form(self, form_class: type[PersonSignup] | None = None) -> PersonSignup:
        """The form, with the address fixed."""
        form: PersonSignup = super().get_form(form_class)
        assert self.found is not None  # noqa: S101  (dispatch has turned away everybody else)
        form.fields["email"].initial = self.found.email
        form.fields["email"].disabled = True
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "invitation": self.found}

    def get_success_url(self) -> str:
        return reverse("overview")


join_new = JoinNew.as_view()
