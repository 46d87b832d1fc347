"""Colleagues and partners: who works here in which role, who is invited, who leaves."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from traceability.ledger.errors import RecordError
from traceability.selectors import members as selector
from traceability.selectors.access import Actor, NotFound
from traceability.services import invitations, members
from traceability.services.errors import NotAllowed
from traceability.web import tables
from traceability.web.account.forms import InviteForm, PartnerForm, RoleForm
from traceability.web.account.words import ROLES
from traceability.web.acting import for_member
from traceability.web.spoken import spoken
from traceability.web.tables import Column, Table, buttons

MEMBERS: Final = Table(
    "members",
    gettext_lazy("Members"),
    (
        Column("name", gettext_lazy("Name"), lambda line: line[0].user.get_full_name() or line[0].user.get_username()),
        Column("email", gettext_lazy("E-mail"), lambda line: line[0].user.email),
        Column("role", gettext_lazy("Role"), lambda line: line[1]),
        Column("last", gettext_lazy("Last here"), lambda line: line[0].user.last_login),
        buttons(gettext_lazy("What you can do")),
    ),
    usual="name",
    find=("name", "email", "role"),
    wide=False,
)
INVITED: Final = Table(
    "invitations",
    gettext_lazy("Invitations on their way"),
    (
        Column("to", gettext_lazy("To"), lambda line: line[0].email),
        Column("role", gettext_lazy("As"), lambda line: line[1] or _("Partner")),
        Column("sent", gettext_lazy("Sent"), lambda line: line[0].sent_at),
        Column("ends", gettext_lazy("Ends"), lambda line: line[0].expires_at),
        buttons(gettext_lazy("What you can do")),
    ),
    usual="-sent",
    find=("to",),
    part="invited",
    wide=False,
)


@for_member
@require_safe
def show(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Who works for the organisation; its administrators see who is invited."""
    people = [(one, ROLES[one.role][0]) for one in selector.members(actor)]
    invited = [(one, ROLES[one.role][0] if one.role else "") for one in selector.open_invitations(actor)]
    context = {
        "actor": actor,
        "now": timezone.now(),
        "people": MEMBERS.of(request, people),
        "roles": ROLES.values(),
        "invited": INVITED.of(request, invited),
    }
    return tables.answer(request, "accounts/members.html", context)


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Invites a colleague by mail."""
    members.require_admin(actor)
    form = InviteForm(request.POST or None)

    def send() -> str:
        found = invitations.invite(actor=actor, email=form.cleaned_data["email"], role=form.cleaned_data["role"])
        return _("The invitation is on its way to %(email)s.") % {"email": found.email}

    return _form(request, form, send, "accounts/invite.html")


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def invite_partner(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Asks an organisation that is not here yet to sign up."""
    members.require_admin(actor)
    form = PartnerForm(request.POST or None)

    def send() -> str:
        found = invitations.invite_partner(actor=actor, email=form.cleaned_data["email"])
        return _("The invitation is on its way to %(email)s.") % {"email": found.email}

    return _form(request, form, send, "accounts/invite_partner.html")


@for_member
@require_POST
def resend(request: HttpRequest, actor: Actor, invitation_id: UUID) -> HttpResponse:
    """Sends an invitation again."""
    try:
        found = invitations.resend(actor=actor, invitation_id=invitation_id)
        messages.success(request, _("Sent again to %(email)s. The old link is dead.") % {"email": found.email})
    except invitations.TooManyInvitations as error:
        messages.error(request, spoken(error.sentence))
    return redirect("members")


@for_member
@require_POST
def withdraw(request: HttpRequest, actor: Actor, invitation_id: UUID) -> HttpResponse:
    """Ends an invitation."""
    invitations.withdraw(actor=actor, invitation_id=invitation_id)
    messages.success(request, _("The invitation is withdrawn. Its link opens nothing."))
    return redirect("members")


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def change_role(request: HttpRequest, actor: Actor, member_id: int) -> HttpResponse:
    """Gives a member another role."""
    members.require_admin(actor)
    member = selector.member(actor, member_id)
    form = RoleForm(request.POST or None, initial={"role": member.role})

    def change() -> str:
        changed = members.change_role(actor=actor, member_id=member_id, role=form.cleaned_data["role"])
        return _("%(name)s: %(role)s from now on.") % {"name": changed.user, "role": changed.get_role_display()}

    return _form(request, form, change, "accounts/member_role.html", member=member)


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, actor: Actor, member_id: int) -> HttpResponse:
    """Removes a member, or leaves, after asking."""
    member = selector.member(actor, member_id)
    leaves = member.user_id == actor.user_id
    if not leaves:
        members.require_admin(actor)
    tokens = members.tokens_of(member).count()
    context = {"member": member, "leaves": leaves, "tokens": tokens, "may_keep_tokens": actor.is_admin,
               "here": reverse("members")}  # fmt: skip
    if request.method == "POST":
        try:
            members.remove(actor=actor, member_id=member_id, end_tokens="end_tokens" in request.POST)
        except members.LastAdmin as error:
            return render(request, "accounts/member_remove.html", context | {"refused": spoken(error.sentence)})
        messages.success(request, _("You left.") if leaves else _("Removed. The access has ended at once."))
        return redirect("overview" if leaves else "members")
    return render(request, "accounts/member_remove.html", context)


def _form(
    request: HttpRequest, form: forms.Form, act: Callable[[], str], template: str, **context: object
) -> HttpResponse:
    """Shows a form until its act succeeds; a refusal stands beside its field."""
    if request.method == "POST" and form.is_valid():
        try:
            said = act()
        except (NotAllowed, NotFound):
            raise
        except RecordError as error:
            name = error.path.strip("/")
            form.add_error(name if name in form.fields else None, spoken(error.sentence))
        else:
            messages.success(request, said)
            return redirect("members")
    return render(request, template, {"form": form, **context})
