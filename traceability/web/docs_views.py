"""The documentation of the site: short pages in plain words, and the offline verifier as a file."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from traceability.selectors import log
from traceability.services.browser_verifier import NAME as PAGE_NAME
from traceability.services.browser_verifier import page
from traceability.services.offline_verifier import NAME, SIGNER_NAME, program
from traceability.services.offline_verifier import signer as signer_program


def how_it_works(request: HttpRequest) -> HttpResponse:
    """How the record works."""
    return render(request, "about/record.html")


def formats(request: HttpRequest) -> HttpResponse:
    """The formats of the record, with their published roots."""
    return render(request, "about/formats.html", {"base_url": settings.LODESTONE_BASE_URL})


def api(request: HttpRequest) -> HttpResponse:
    """The manual of the API, as text: each of its examples is run by a test."""
    text = (settings.BASE_DIR / "docs" / "api.md").read_bytes()
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def accessibility(request: HttpRequest) -> HttpResponse:
    """What was done for accessibility, and what is not there yet."""
    return render(request, "about/accessibility.html")


def offline_verifier(request: HttpRequest) -> HttpResponse:
    """How to get and run the offline verifier, and the policy of who trusts the keys of this log."""
    about = [
        {"name": name, "octets": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in ((NAME, program()), (PAGE_NAME, page()))
    ]
    return render(request, "about/verifier.html", {"program": about[0], "page": about[1]})


def verifier_file(request: HttpRequest) -> HttpResponse:
    """The offline verifier."""
    return _file(program(), "application/zip", NAME)


def verifier_page(request: HttpRequest) -> HttpResponse:
    """The verifier for the browser, to be saved: it is opened from a file and never from this site."""
    return _file(page(), "text/html; charset=utf-8", PAGE_NAME)


def signer(request: HttpRequest) -> HttpResponse:
    """How to get and run the signer, for who signs with a key of his own."""
    content = signer_program()
    shown = {"octets": len(content), "sha256": hashlib.sha256(content).hexdigest(), "name": SIGNER_NAME}
    return render(request, "about/signer.html", shown)


def signer_file(request: HttpRequest) -> HttpResponse:
    """The signer."""
    return _file(signer_program(), "application/zip", SIGNER_NAME)


def policy_file(request: HttpRequest) -> HttpResponse:
    """The policy of a reader who takes this log's keys from this site, and asks for no foreign witness."""
    try:
        return _file(log.own_policy().encode(), "text/plain; charset=us-ascii", "policy")
    except log.LogNotOpen as error:
        raise Http404(error.sentence) from None


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
