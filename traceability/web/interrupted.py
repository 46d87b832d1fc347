"""What somebody sent when his session was over, or with the token of another one: kept, and shown to him to send again.

Nothing is done before he presses the button. The session of nobody keeps it for who was signed in here before, by a
signed cookie, and for an hour. Passwords are never kept, and of files only the names: he is told to choose them again.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from traceability.selectors.access import Actor
from traceability.services.evidence import plain_name

COOKIE: Final = "lodestone_person"
KEPT: Final = "interrupted"
KEPT_SECONDS: Final = 3600
MOST_CHARACTERS: Final = 256 * 1024
NEVER: Final = ("csrfmiddlewaretoken", "password", "agreed")
"""Not kept: who signs ticks the box once more, before he has read what he signs once more."""
RESUMED: Final = "is_resumed"
View = Callable[..., HttpResponseBase]
Fields = list[tuple[str, str]]


def resumed(view: View, actor_of: Callable[[HttpRequest], Actor | None]) -> View:
    """The view of a member, to which a form that comes too late is sent once more after the sign-in."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and not request.user.is_authenticated:
            return sign_in_first(request)
        response = view(request, *args, **kwargs)
        if request.user.is_authenticated and (actor := actor_of(request)):
            _know_again(request, response, actor)
        return response

    setattr(answer, RESUMED, True)
    return answer


def page(request: HttpRequest, path: str, fields: Fields, files: list[str], status: int = 200) -> HttpResponse:
    return render(request, "send_again.html", {"path": path, "fields": fields, "files": files}, status=status)


def sign_in_first(request: HttpRequest) -> HttpResponseBase:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401)  # a part of a page that asked on its own
    person, fields = _known(request), fields_of(request)
    if person is None or fields is None:
        return redirect_to_login(request.get_full_path())
    request.session[KEPT] = {
        "path": request.get_full_path(),
        "fields": fields,
        "files": files_of(request),
        "person": person[0],
        "organisation": person[1],
        "at": timezone.now().timestamp(),
    }
    return redirect_to_login(reverse("send_again"))


def fields_of(request: HttpRequest) -> Fields | None:
    """What was typed, without the button where files have to be chosen again; None where it is too much."""
    found = [(name, value) for name, values in request.POST.lists() for value in values if name not in NEVER]
    if sum(len(name) + len(value) for name, value in found) > MOST_CHARACTERS:
        return None
    return [(name, value) for name, value in found if value] if request.FILES else found


def files_of(request: HttpRequest) -> list[str]:
    """The names of the files that were sent along."""
    return [plain_name(file.name or "") for _, files in request.FILES.lists() for file in files]


def _known(request: HttpRequest) -> tuple[int, str] | None:
    """Who was signed in with this browser before, and for which organisation."""
    try:
        person, organisation = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE)
    except (signing.BadSignature, ValueError):
        return None
    return int(person), str(organisation)


def _know_again(request: HttpRequest, response: HttpResponseBase, actor: Actor) -> None:
    now = (actor.user_id, str(actor.organisation.pk))
    if _known(request) == now:
        return
    response.set_cookie(
        COOKIE,
        signing.dumps(now, salt=COOKIE),
        max_age=settings.SESSION_COOKIE_AGE,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )
