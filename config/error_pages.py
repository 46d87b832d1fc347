"""Answers to requests that reach no view: problem+json (RFC 9457) for programs, a page for people."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import defaults

from traceability.api.problems import problem

PLAIN_PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1><p>{detail}</p>'
)


def body_too_large(request: HttpRequest) -> HttpResponse:
    """413 with the limit; the unread body is the server's to throw away."""
    limit = settings.LODESTONE_MAX_BODY_BYTES
    detail = f"Nothing was saved: the upload is larger than {limit // 2**20} MiB. Send it in parts."
    return _answer(request, 413, "body_too_large", "The upload is too large", detail, limit=limit)


def length_required(request: HttpRequest) -> HttpResponse:
    """411: WSGI cannot read a chunked body safely, so the length has to be said first."""
    detail = "Nothing was saved: send the body with a Content-Length header instead of chunked."
    return _answer(request, 411, "length_required", "The length of the body is needed", detail)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 when what was bad is the size."""
    if isinstance(exception, RequestDataTooBig):
        return body_too_large(request)
    if _for_program(request):
        return problem(400, "bad_request", "The request cannot be read. Nothing was saved.")
    return HttpResponse(render_to_string("400.html"), status=400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    if _for_program(request):
        return problem(404, "not_found", "Nothing is here, or nothing that you may see.")
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, without a word on what happened inside; the request id leads to the log."""
    if _for_program(request):
        detail = "Something went wrong on our side. Nothing of this request was saved; it may be sent again."
        return problem(500, "internal_error", detail)
    return defaults.server_error(request)


def _answer(
    request: HttpRequest, status: int, code: str, title: str, detail: str, *, limit: int | None = None
) -> HttpResponse:
    """`limit` is in bytes."""
    if _for_program(request):
        return problem(status, code, detail)
    texts = {"title": title, "detail": detail}
    try:
        page = render_to_string(f"{status}.html", {"limit": limit, "back": _page_before(request)})
    except TemplateDoesNotExist:
        page = format_html(PLAIN_PAGE, **texts)
    return HttpResponse(page, status=status)


def _page_before(request: HttpRequest) -> str:
    """The path of the page from which this came, if it is one of ours."""
    came = urlsplit(request.headers.get("Referer", ""))
    path = came.path + (f"?{came.query}" if came.query else "")
    ours = came.netloc == request.headers.get("Host", "") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if ours else ""


def _for_program(request: HttpRequest) -> bool:
    return request.path.startswith("/api/") or not request.accepts("text/html")
