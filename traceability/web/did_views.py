"""What readers of credentials ask of an issuer: his DID document and his status lists, those of earlier too."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from traceability.credentials.moments import check_moment
from traceability.ledger.errors import RecordError
from traceability.selectors import did_documents
from traceability.selectors.access import NotFound
from traceability.services import clock, issuing, status_lists

DID_DOCUMENT = "application/did+ld+json"


@require_safe
def document(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """The document of now, of a moment (`versionTime`) or of an index of the log (`versionId`)."""
    try:
        index = _index(request.GET["versionId"]) if "versionId" in request.GET else None
        found = did_documents.version_at(organisation, at=_moment(request, "versionTime"), index=index)
    except RecordError as error:
        raise Http404(error.sentence) from None
    answer = JsonResponse(did_documents.document(organisation, found), content_type=DID_DOCUMENT)
    address = reverse("did_document", args=[organisation])
    links = [f'<{address}?versionId={found.index}>; rel="self"']
    if found.before is not None:
        links.append(f'<{address}?versionId={found.before}>; rel="predecessor-version"')
    answer["Link"] = ", ".join(links)
    return _open_to_all(answer)


@require_safe
def bits(request: HttpRequest, organisation: UUID, status_list: int) -> HttpResponse:
    """A status list as the record stands, or as it stood at `timestamp` (Bitstring Status List 1.0, section 3.3)."""
    form = form_of(request)
    try:
        asked, now = _moment(request, "timestamp"), clock.now()
        at, past = (now, False) if asked is None or asked >= now else (asked, True)
        content = status_lists.signed(organisation, status_list, form, at=at, past=past)
    except RecordError as error:
        raise Http404(error.sentence) from None
    answer = HttpResponse(content, content_type=form)
    patch_vary_headers(answer, ["Accept"])
    return _open_to_all(answer)


def form_of(request: HttpRequest) -> str:
    """The form in which a credential is wanted: a token, unless only the document is accepted."""
    accepted = request.headers.get("Accept", "")
    return issuing.DOCUMENT if issuing.DOCUMENT in accepted.replace(issuing.TOKEN, "") else issuing.TOKEN


def _open_to_all(answer: HttpResponse) -> HttpResponse:
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cache-Control"] = f"public, max-age={status_lists.LIVES_S // 5}"
    return answer


def _moment(request: HttpRequest, name: str) -> datetime | None:
    return check_moment(request.GET[name]) if name in request.GET else None


def _index(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise NotFound("A version is named by an index of the log.")
    return int(text)
