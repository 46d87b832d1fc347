"""Small rooms before every view: the id of a request with its log line, what it read, its numbers, its limit."""

import logging
import re
import time
import uuid
from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers

from config import error_pages
from config.logs import request_id
from traceability.services import reading_log
from traceability.web import language, numbers
from traceability.web.acting import chosen_mass_unit, chosen_style

Handler = Callable[[HttpRequest], HttpResponse]
LENGTH = re.compile(r"[0-9]{1,18}")
ACCEPTED_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
# The API and the files of the log; not the page about the log.
FOR_PROGRAMS = re.compile(r"/(api/|log/.|healthz$|readyz$)")
# Patience with a body that was refused: enough for an honest mistake, no present for an attacker.
DRAINED_BYTES = 64 * 2**20
CHUNK_BYTES = 2**16
log = logging.getLogger("lodestone.request")


class RequestIdMiddleware:
    """Gives each request an id (the caller's X-Request-ID when it is well formed), answers with it and logs one line.

    The line holds the path without its query: queries may hold what somebody searched for.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        chosen = given if ACCEPTED_ID.fullmatch(given) else uuid.uuid4().hex
        request.id = chosen  # type: ignore[attr-defined]
        token = request_id.set(chosen)
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = chosen
            took_ms = round((time.perf_counter() - started) * 1000, 1)
            fields = {
                "method": request.method,
                "path": request.path,
                "status": response.status_code,
                "took_ms": took_ms,
            }
            log.info("%s %s %s", request.method, request.path, response.status_code, extra={"fields": fields})
            return response
        finally:
            request_id.reset(token)


class ReadingLogMiddleware:
    """Keeps at the end of a request, once, whose confidential values it showed to somebody else."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with reading_log.gathering():
            return self.get_response(request)


class LanguageMiddleware(LocaleMiddleware):
    """Pages in the language of the reader; what programs read is English, whatever they accept.

    A chosen language is kept in a cookie, so that no page asks the database for it.
    """

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        if FOR_PROGRAMS.match(request.path_info):
            translation.activate(settings.LANGUAGE_CODE)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if chosen := language.wanted(request):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                chosen,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        patch_vary_headers(response, ("Cookie",))
        return super().process_response(request, response)


class NumbersMiddleware:
    """Shows numbers with the decimal sign that the reader chose, or that of the page's language; masses in his unit.

    Who reads none is not asked for his session.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        @cache
        def sign() -> str:
            return (chosen_style(request) or language.style_of(translation.get_language() or "")).decimal_sign

        @cache
        def mass_unit() -> str:
            return chosen_mass_unit(request)

        with numbers.read_with(sign), numbers.masses_in(mass_unit):
            return self.get_response(request)


class BodyLimitMiddleware:
    """Refuses a body over the limit before anything reads it; parsers that stream would not notice until the end."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._answer(request)
        _drain(request)
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
            return error_pages.length_required(request)
        if "X-Body-Refused" in request.headers:  # by the proxy, which sent none of it on
            return error_pages.body_too_large(request)
        length = request.headers.get("Content-Length") or "0"
        if not LENGTH.fullmatch(length) or int(length) > settings.LODESTONE_MAX_BODY_BYTES:
            return error_pages.body_too_large(request)
        return self.get_response(request)


def _drain(request: HttpRequest) -> None:
    """Reads what nobody read of the body, and throws it away.

    A server that closes with unread bytes resets the connection, and the client sees that instead of the answer.
    """
    left = DRAINED_BYTES
    try:
        while left > 0 and (chunk := request.read(CHUNK_BYTES)):
            left -= len(chunk)
    except OSError:
        log.info("The client went away before the end of its body.")
