"""What the frame of a page says of one's organisation: links of its account, and a notice where it cannot record."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from traceability.models import Invitation, Organisation
from traceability.selectors.access import Actor
from traceability.web.account.joining_secret import invitation
from traceability.web.acting import actor_of

register = template.Library()


@register.simple_tag(takes_context=True)
def organisation_links(context: template.Context) -> list[tuple[str, str]]:
    """Address and words of the pages of one's organisation; the operator has pages of his own."""
    actor = _actor(context)
    if actor is None:
        return [(reverse("organisation_new"), _("Sign up an organisation"))]
    links = [
        (reverse("organisation"), _("Your organisation")),
        (reverse("members"), _("Members")),
        (reverse("organisation_new"), _("Another organisation")),
    ]
    if actor.organisation.is_operator:
        links += [(reverse("waiting"), _("Waiting for your word")), (reverse("tenants"), _("Organisations"))]
        links += [(reverse("operator_log"), _("Log, tasks, mail, keys"))] if actor.is_admin else []
    return links


@register.inclusion_tag("operator/tabs.html", takes_context=True)
def operator_tabs(context: template.Context, here: str) -> dict[str, Any]:
    """The pages of the operator beside one another; `here` is the one that is shown."""
    actor = _actor(context)
    pages = [("waiting", _("Waiting for your word")), ("tenants", _("Organisations"))]
    if actor and actor.is_admin:
        pages += [
            ("operator_log", _("Log")), ("operator_jobs", _("Tasks")), ("outbox", _("Outbox")),
            ("operator_mail", _("Mail")), ("operator_keys", _("Keys")), ("operator_records", _("Other records")),
        ]  # fmt: skip
    return {"tabs": [(reverse(name), words, name == here) for name, words in pages]}


@register.inclusion_tag("accounts/parts/notice.html", takes_context=True)
def account_notice(context: template.Context) -> dict[str, Any]:
    """Why nothing can be recorded for the organisation, on every page; on the overview the way to first-day help."""
    actor = _actor(context)
    if actor is None:
        return {}
    own = actor.organisation
    stopped = "" if own.standing == Organisation.Standing.ACTIVE else actor.why_not_submit
    fresh = own.first_days_over_at is None and context["request"].path == reverse("overview")
    return {"stopped": stopped, "fresh": fresh}


@register.simple_tag(takes_context=True)
def partner_invitation(context: template.Context) -> Invitation | None:
    """The partner's invitation whose link was followed, if it opens now."""
    found = invitation(context["request"])
    return found if found and not found.role else None


@register.simple_tag(takes_context=True)
def signup_is_open(context: template.Context) -> bool:
    """Whether an organisation can sign up here by itself."""
    return bool(get_adapter().is_open_for_signup(context["request"]))


@register.simple_tag
def second_steps(user: Any) -> dict[str, bool]:
    """By what the person who has just given the password can go on: an app with codes, a key, recovery codes."""
    kept = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    kinds = Authenticator.Type
    return {"app": kinds.TOTP in kept, "key": kinds.WEBAUTHN in kept, "codes": kinds.RECOVERY_CODES in kept}


def _actor(context: template.Context) -> Actor | None:
    request = context.get("request")
    user = getattr(request, "user", None)
    return actor_of(request) if request is not None and user is not None and user.is_authenticated else None
