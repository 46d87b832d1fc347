"""The page of the log: how large it is, its newest checkpoint, and how anybody follows it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from traceability.selectors import log


def show(request: HttpRequest) -> HttpResponse:
    """How the log is doing, its newest checkpoint note and its keys."""
    try:
        checkpoint = log.newest_checkpoint()
    except log.LogNotOpen:
        checkpoint = None
    shown = {
        "health": log.log_health(),
        "checkpoint": checkpoint,
        "root": "sha256:" + bytes(checkpoint.root).hex() if checkpoint else "",
        "keys": [str(key) for key in log.verifier_keys()],
        "origin": settings.LODESTONE_LOG_ORIGIN,
        "base_url": settings.LODESTONE_BASE_URL,
    }
    return render(request, "log/log.html", shown)
