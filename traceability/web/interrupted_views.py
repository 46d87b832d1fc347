"""Sending again what came when the session was over, or with the token of another one."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.views.csrf import csrf_failure
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from traceability.web import interrupted
from traceability.web.acting import ORGANISATION


@never_cache
@login_required
@require_safe
def send_again(request: HttpRequest) -> HttpResponse:
    """What was typed before the sign-in, with the button that sends it."""
    kept: dict[str, Any] = request.session.get(interrupted.KEPT) or {}
    old = timezone.now().timestamp() - kept.get("at", 0) > interrupted.KEPT_SECONDS
    if old or kept["person"] != request.user.pk:
        request.session.pop(interrupted.KEPT, None)
        return redirect("overview")
    request.session[ORGANISATION] = kept["organisation"]
    return interrupted.page(request, kept["path"], kept["fields"], kept["files"])


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """A form of this site with the token of an earlier sign-in can be sent again; any other is refused."""
    if not (_is_of_this_site(request) and _is_resumed(request)):
        return csrf_failure(request, reason)
    if not request.user.is_authenticated:
        return interrupted.sign_in_first(request)
    fields = interrupted.fields_of(request)
    if fields is None:
        return csrf_failure(request, reason)
    return interrupted.page(request, request.get_full_path(), fields, interrupted.files_of(request), 403)


def _is_of_this_site(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this site sent the form; no page of another one can say so."""
    origin = urlsplit(request.headers.get("Origin", ""))
    return origin.scheme in ("http", "https") and origin.netloc == request.get_host()


def _is_resumed(request: HttpRequest) -> bool:
    try:
        view: Any = resolve(request.path_info).func
    except Resolver404:
        return False
    return bool(getattr(view, interrupted.RESUMED, False))
