"""The keys that sign for the organisation: who holds each, what the log says of it, a new one in its place, its end."""

import json
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from traceability.ledger import identifiers
from traceability.ledger.errors import RecordError
from traceability.ledger.keys import KeyNotActive
from traceability.selectors import keys as selector
from traceability.selectors.access import Actor, NotFound
from traceability.selectors.keys import Keys, OneKey
from traceability.services import members, organisations, revocations
from traceability.services import own_keys as services
from traceability.services.errors import NotAllowed, Refusal
from traceability.web import own_keys, tables, words
from traceability.web.account.forms import OwnKeyForm, RevocationForm
from traceability.web.acting import for_member
from traceability.web.spoken import spoken
from traceability.web.tables import Column, Shown, Table, buttons

KEYS: Final = Table(
    "keys",
    gettext_lazy("Keys"),
    (
        Column("key", gettext_lazy("Fingerprint"), lambda one: one.digits),
        Column("name", gettext_lazy("Name"), lambda one: one.name),
        Column("state", gettext_lazy("State"), lambda one: _state(one)),
        Column("held", gettext_lazy("Held"), lambda one: _held(one)),
        Column("since", gettext_lazy("Since"), lambda one: one.since.at),
        Column("ended", gettext_lazy("Ended"), lambda one: one.ended.at if one.ended else None),
        buttons(gettext_lazy("What you can do")),
    ),
)
SAID: Final = Table(
    "key-statements",
    gettext_lazy("What was said about the keys"),
    (
        Column("kind", gettext_lazy("Statement"), lambda line: line[1]),
        Column("log", gettext_lazy("Log"), lambda line: line[0].at),
        Column("entry", gettext_lazy("Entry"), lambda line: line[0].index, seen=False),
        Column("by", gettext_lazy("By"), lambda line: _("the operator") if line[0].by_operator else ""),
        Column("reason", gettext_lazy("Reason"), lambda line: line[0].reason),
    ),
    part="said",
    wide=False,
)


@for_member
@require_safe
def show(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """All keys that the organisation ever had, and what was said about them."""
    found, may_change = selector.own(actor), actor.is_admin and actor.may_submit
    context = {
        "actor": actor,
        "keys": keys_of(request, found, may_change=may_change),
        "said": SAID.of(request, [(one, words.kind(one.kind)) for one in found.said]),
        "may_change": may_change,
    }
    return tables.answer(request, "accounts/keys.html", context)


def keys_of(request: HttpRequest, found: Keys, *, may_change: bool = False) -> Shown:
    """The table of the keys of an organisation."""
    return (KEYS if may_change else KEYS.without("acts")).of(request, found.keys)


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Brings in a key that the organisation holds itself: made in this browser, or by lodestone-sign."""
    members.require_admin(actor)
    block = own_keys.block(actor)
    replaceable = [one for one in selector.own(actor).keys if one.ended is None and not one.entry.recovery]
    form = OwnKeyForm(
        request.POST if "to_sign" in request.POST else None,
        replaceable=[f"sha256:{one.digits}" for one in replaceable],
        first=() if block.platform_signs else [f"sha256:{one.digits}" for one in block.keys],
    )
    refused = actor.why_not_submit
    try:
        if "bring" in request.POST:
            services.take(actor=actor, signed=own_keys.brought(request))
            messages.success(request, _("Signed and recorded."))
            return redirect("keys")
        if form.is_valid():
            said = form.cleaned_data
            offered = services.offer_key(
                actor=actor,
                public_key=identifiers.b64url_decode(said["public_key"].strip()),
                name=said["name"],
                replaces=said["replaces"],
                sign_with=said.get("sign_with", ""),
            )
            return own_keys.file_of(offered, "key")
    except (NotAllowed, NotFound):
        raise
    except RecordError as error:
        refused = spoken(error.sentence)
    shown = {"form": form, "own": block, "blank": own_keys.NO_KEYS, "replaceable": replaceable, "refused": refused}
    return render(request, "accounts/key_own.html", shown)


def _held(one: OneKey) -> str:
    return _("by the platform") if one.entry.custody == "platform" else _("by its holder")


def _state(one: OneKey) -> str:
    if one.ended:
        return _("Ended")
    return _("For recovery") if one.entry.recovery else _("In force")


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
            refused = spoken(error.sentence)
        else:
            messages.success(request, _("The key is replaced. The new one signs from now on."))
            return redirect("keys")
    return render(request, "accounts/key_replace.html", {"key": key, "refused": refused, "actor": actor})


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, actor: Actor, key_id: str) -> HttpResponse:
    """Ends a key for ever: why and since when, then what would be signed, then the signature."""
    key = selector.one(actor, key_id)
    members.require_admin(actor)
    if not key.revocable:
        messages.warning(request, _("This key was revoked already, or only it can revoke itself."))
        return redirect("keys")
    if "bring" in request.POST:
        return _brought(request, actor)
    form = RevocationForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and "change" not in request.POST:
        return _end(request, actor, key, form)
    return render(request, "accounts/key_revoke.html", {"key": key, "form": form})


def _brought(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The revocation that was signed elsewhere; a refused one is begun anew."""
    try:
        services.take(actor=actor, signed=own_keys.brought(request))
    except (NotAllowed, NotFound):
        raise
    except RecordError as error:
        messages.warning(request, spoken(error.sentence))
    else:
        messages.success(request, _("The key is revoked. It never signs again."))
    return redirect("keys")


def _end(request: HttpRequest, actor: Actor, key: OneKey, form: RevocationForm) -> HttpResponse:
    """What would be signed, or the signature: from the entry on that the page showed."""
    said, refused = form.cleaned_data, actor.why_not_submit
    try:
        plan = revocations.plan(actor=actor, digits=key.digits, since=said["moment"])
    except Refusal as error:
        form.add_error(error.path.strip("/") or None, error.sentence)
        return render(request, "accounts/key_revoke.html", {"key": key, "form": form})
    if signer := request.POST.get("to_sign"):
        offered = services.offer_revocation(
            actor=actor,
            key=f"sha256:{key.digits}",
            compromised_from_index=said["index"] or 0,
            reason=said["reason"],
            sign_with=signer,
        )
        return own_keys.file_of(offered, "revocation")
    if "sign" in request.POST and said["index"] is not None and not refused:
        try:
            organisations.revoke_key(
                actor=actor, key=f"sha256:{key.digits}", compromised_from_index=said["index"], reason=said["reason"]
            )
        except (NotAllowed, NotFound):
            raise
        except RecordError as error:
            refused = error.sentence
        else:
            messages.success(request, _("The key is revoked. It never signs again."))
            return redirect("keys")
    own = own_keys.block(
        actor, hidden={**{name: said[name] for name in ("reason", "since", "at")}, "index": plan.index}
    )
    shown = {
        "key": key,
        "form": form,
        "plan": plan,
        "refused": refused,
        "actor": actor,
        "own": own,
        "own_key": f"sha256:{key.digits}",
        "body": json.dumps({"compromised_from_index": plan.index, "reason": said["reason"]}),
    }
    return render(request, "accounts/key_revoke_check.html", shown)
