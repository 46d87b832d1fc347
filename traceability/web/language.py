"""The language of the pages: as the reader chose it, else as his browser asks; kept in a cookie and with the person."""

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from traceability.intake.numbers import NumberStyle
from traceability.services import habits

COMMA = ("bg", "cs", "da", "de", "el", "es", "et", "fi", "fr", "hr", "hu", "id", "it", "lt", "lv", "nb", "nl",
         "pl", "pt", "ro", "ru", "sk", "sl", "sv", "tr", "uk", "vi")  # fmt: skip
"""Languages that part decimals with a comma."""
_WANTED = "_lodestone_language"


# Its form stands on every page, the public ones too: a token in it would set a cookie for everybody. Another site gets
# no further than a cookie, because browsers send the session along on requests of our own pages only.
@csrf_exempt
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Back to the page, in the language of the button that was pressed."""
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES) and request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin":
        want(request, language)
        if request.user.is_authenticated:
            habits.speak(user_id=request.user.pk, language=language)
    return redirect(_page_before(request))


def _page_before(request: HttpRequest) -> str:
    """The page on which the button was, if it is one of ours."""
    for address in (request.POST.get("next", ""), request.headers.get("Referer", "")):
        if url_has_allowed_host_and_scheme(
            address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        ):
            return address
    return "/"


def remember_person(request: HttpRequest, user: AbstractBaseUser, chosen: str) -> None:
    """With the sign-in comes the language that the person chose; who has chosen none keeps that of the page."""
    if chosen in dict(settings.LANGUAGES):
        want(request, chosen)
    elif (shown := translation.get_language() or "") != settings.LANGUAGE_CODE:
        habits.speak(user_id=user.pk, language=shown)


def want(request: HttpRequest, language: str) -> None:
    """From the next page on this browser is shown this language."""
    setattr(request, _WANTED, language)


def wanted(request: HttpRequest) -> str:
    """The language that was chosen with this request; empty where none was."""
    return str(getattr(request, _WANTED, ""))


def style_of(language: str) -> NumberStyle:
    """How decimals are written in a language."""
    return NumberStyle.COMMA if language.partition("-")[0].lower() in COMMA else NumberStyle.POINT
