"""Tokens of the API: one's own, for an administrator all of the organisation's; a new secret is shown once."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from traceability.ledger.errors import RecordError
from traceability.models import ApiToken
from traceability.selectors.access import Actor
from traceability.services import tokens
from traceability.web import tables
from traceability.web.account.forms import TokenForm
from traceability.web.account.words import SCOPES
from traceability.web.acting import for_member
from traceability.web.spoken import spoken
from traceability.web.tables import Column, Table, buttons

TOKENS: Final = Table(
    "tokens",
    gettext_lazy("API tokens"),
    (
        Column("name", gettext_lazy("Token"), lambda line: line[0].name, ("name",)),
        Column("by", gettext_lazy("By"), lambda line: getattr(line[0].created_by, "email", ""), seen=False),
        Column("scopes", gettext_lazy("It may"), lambda line: line[1], ("scope",)),
        Column("made", gettext_lazy("Made"), lambda line: line[0].created_at, ("created_at",)),
        Column("used", gettext_lazy("Last used"), lambda line: line[0].last_used_at, ("last_used_at",), gaps=True),
        Column("ends", gettext_lazy("Ends"), lambda line: line[0].revoked_at or line[0].expires_at, ("ends",)),
        buttons(gettext_lazy("What you can do")),
    ),
    usual="-made",
    find=("name", "created_by__email"),
    what=gettext_lazy("tokens"),
)


@for_member
@require_safe
def show(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The tokens that open the door; on request those too that no longer do."""
    now, seen = timezone.now(), tokens.visible_to(actor)
    live = Q(revoked_at=None, expires_at__gt=now)
    ended = request.GET.get("show") == "ended"
    rows = seen.filter(~live if ended else live).annotate(ends=Coalesce("revoked_at", "expires_at"))
    context = {
        "actor": actor,
        "tokens": (TOKENS.without("acts") if ended else TOKENS).found(request, rows, _lines),
        "ended": ended,
        "others": seen.filter(live if ended else ~live).count(),
    }
    return tables.answer(request, "accounts/tokens.html", context)


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("secret")
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Makes a token and shows its secret, in this answer and nowhere else."""
    form = TokenForm(actor, request.POST or None, initial={"once": uuid4()})
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            token, secret = tokens.create(
                actor=actor,
                name=asked["name"],
                scopes=[ApiToken.Scope(one) for one in asked["scopes"]],
                expires_at=timezone.now() + timedelta(days=asked["days"]),
                token_id=asked["once"],
            )
        except tokens.TokenMadeAlready as error:
            messages.warning(request, spoken(error.sentence))
            return redirect("tokens")
        except RecordError as error:
            form.add_error(None, spoken(error.sentence))
        else:
            return render(request, "accounts/token_made.html", _made(token, secret))
    return render(request, "accounts/token_new.html", {"form": form})


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, actor: Actor, token_id: UUID) -> HttpResponse:
    """Ends a token, after asking."""
    if request.method == "POST":
        ended = tokens.revoke(actor=actor, token_id=token_id)
        messages.success(request, _("%(name)s is revoked. It opens nothing any more.") % {"name": ended.name})
        return redirect("tokens")
    token = tokens.one(actor=actor, token_id=token_id)
    if not token.is_live(timezone.now()):
        return redirect("tokens")
    return render(request, "accounts/token_revoke.html", {"token": token, "own": token.created_by_id == actor.user_id})


def _lines(rows: list[ApiToken]) -> list[tuple[ApiToken, list[Any]]]:
    return [(one, [SCOPES[ApiToken.Scope(scope)] for scope in one.scopes]) for one in rows]


def _made(token: ApiToken, secret: str) -> dict[str, object]:
    return {
        "token": token,
        "secret": secret,
        "scopes": [SCOPES[one] for one in token.scopes],
        "address": f"{settings.LODESTONE_BASE_URL}/api/v1/organisations/me",
    }
