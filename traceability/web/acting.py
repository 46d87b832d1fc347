"""Who acts: a signed-in person for one of his organisations. Every page of the supplier begins here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from traceability.intake.numbers import NumberStyle
from traceability.selectors.access import Actor, NotFound, actor_for
from traceability.services.errors import NotAllowed
from traceability.web.interrupted import resumed
from traceability.web.language import style_of
from traceability.web.spoken import spoken

ORGANISATION = "organisation"
"""Where the session keeps for whom a person acts."""
NUMBERS = "numbers"
"""Where the session keeps how a person writes decimals, if he has chosen."""
MASS_UNIT = "mass_unit"
"""Where the session keeps in which unit beside kg a person reads masses, if he has chosen one."""
_FOUND = "_lodestone_actor"
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Actor, P], HttpResponseBase]


def for_member(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """The view with the actor as its second argument; what he may not see is a 404, what he may not do a 403."""

    @wraps(view)
    def seen(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        actor = actor_of(request)
        if actor is None:
            return render(request, "traceability/no_organisation.html", status=403)
        try:
            return view(request, actor, *args, **kwargs)
        except NotFound as error:
            raise Http404(error.sentence) from None
        except NotAllowed as error:
            return render(request, "traceability/not_allowed.html", {"sentence": spoken(error.sentence)}, status=403)

    return never_cache(resumed(login_required(seen), actor_of))


def actor_of(request: HttpRequest) -> Actor | None:
    """The person of the request, for the organisation that he chose last; looked up once for a request."""
    if not hasattr(request, _FOUND):
        chosen = request.session.get(ORGANISATION)
        setattr(request, _FOUND, actor_for(request.user, UUID(chosen) if chosen else None))
    return cast("Actor | None", getattr(request, _FOUND))


def act_for(request: HttpRequest, organisation: UUID) -> None:
    """Lets the person act for another of his organisations from now on."""
    found = actor_for(request.user, organisation)
    if found is None or found.organisation.pk != organisation:
        raise Http404("You work for no such organisation.")
    request.session[ORGANISATION] = str(organisation)


def today() -> date:
    """The day by which mandates are judged."""
    return timezone.now().date()


def number_style(request: HttpRequest) -> NumberStyle:
    """How the reader writes decimals: as he has chosen, else by the language of his browser."""
    return chosen_style(request) or style_of_browser(request)


def chosen_style(request: HttpRequest) -> NumberStyle | None:
    """How the reader chose to write decimals, as of his signing in or his last choice in this browser."""
    chosen = request.session.get(NUMBERS)
    return NumberStyle(chosen) if chosen else None


def remember_style(request: HttpRequest, style: NumberStyle | None) -> None:
    """Keeps the choice for this session."""
    if style is not None:
        request.session[NUMBERS] = style.value
    else:
        request.session.pop(NUMBERS, None)


def chosen_mass_unit(request: HttpRequest) -> str:
    """In which unit the reader wants masses beside kg; empty where in none."""
    return str(request.session.get(MASS_UNIT, ""))


def remember_mass_unit(request: HttpRequest, unit: str) -> None:
    """Keeps the choice for this session."""
    if unit:
        request.session[MASS_UNIT] = unit
    else:
        request.session.pop(MASS_UNIT, None)


def style_of_browser(request: HttpRequest) -> NumberStyle:
    """How decimals are written in the language that was chosen in this browser, else in the browser's own."""
    asked = request.headers.get("Accept-Language", "").partition(",")[0].strip()
    return style_of(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) or asked)
