"""Refusals in the words of EPCIS: each is one of the exceptions of the standard, with our sentence as its detail."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from rest_framework import exceptions

from traceability.api import problems
from traceability.epcis.queries import QueryParameter, QueryTooComplex
from traceability.ledger.canonical import TooLarge
from traceability.ledger.errors import RecordError
from traceability.selectors.access import NotFound
from traceability.services import epcis_capture, epcis_documents, epcis_lots, epcis_subscriptions, safe_fetch

_BY_CLASS: Final[tuple[tuple[type[RecordError], int, str], ...]] = (
    (epcis_documents.InvalidEvents, 400, "ValidationException"),
    (epcis_documents.TooManyEvents, 413, "CaptureLimitExceededException"),
    (TooLarge, 413, "CaptureLimitExceededException"),
    (epcis_capture.EventExists, 409, "ResourceAlreadyExistsException"),
    (epcis_subscriptions.QueryExists, 409, "ResourceAlreadyExistsException"),
    (epcis_subscriptions.BadSubscription, 400, "SubscriptionControlsException"),
    (safe_fetch.BadAddress, 400, "SubscriptionControlsException"),
    (QueryParameter, 400, "QueryParameterException"),
    (QueryTooComplex, 413, "QueryTooComplexException"),
    (epcis_lots.UnknownWish, 400, "ValidationException"),
    (NotFound, 404, "NoSuchNameException"),
)
_BY_STATUS: Final[Mapping[int, str]] = {
    400: "ValidationException",
    401: "SecurityException",
    403: "SecurityException",
    404: "NoSuchNameException",
    405: "ImplementationException",
    406: "NotAcceptableException",
    409: "ResourceAlreadyExistsException",
    413: "CaptureLimitExceededException",
    414: "URITooLongException",
    415: "UnsupportedMediaTypeException",
    429: "ImplementationException",
}
TITLES: Final[Mapping[str, str]] = {
    "ValidationException": "The document is not as EPCIS 2.0 describes it",
    "CaptureLimitExceededException": "Too much at once",
    "ResourceAlreadyExistsException": "It exists already",
    "SubscriptionControlsException": "The subscription cannot be kept",
    "QueryParameterException": "A parameter cannot have this value",
    "QueryTooComplexException": "The query asks for what is not answered here",
    "QueryTooLargeException": "The query finds too much",
    "NoSuchNameException": "There is no such resource",
    "SecurityException": "Not allowed",
    "NotAcceptableException": "No answer in what was asked for",
    "URITooLongException": "The address is too long",
    "UnsupportedMediaTypeException": "Another media type is needed",
    "ImplementationException": "Not done",
}
MOST_TOLD: Final = 100


class NotAcceptable(RecordError):
    """A request for an answer in a version or form that this repository does not give."""

    code = "epcis_not_acceptable"


class QueryTooLarge(RecordError):
    """A query that finds more than its asker wants."""

    code = "epcis_query_too_large"


def exception_handler(error: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """The answer to an error, as a problem of EPCIS; None for what nobody foresaw."""
    if isinstance(error, NotAcceptable):
        return _problem(406, "NotAcceptableException", error.sentence)
    if isinstance(error, QueryTooLarge):
        return _problem(413, "QueryTooLargeException", error.sentence)
    for cls, status, name in _BY_CLASS:
        if isinstance(error, cls):
            return _problem(status, name, error.sentence, _members(error))
    if isinstance(error, Http404 | PermissionDenied):
        error = exceptions.NotFound() if isinstance(error, Http404) else exceptions.PermissionDenied()
    usual = problems.exception_handler(error, context)
    if usual is None:
        return None
    told = msgspec.json.decode(usual.content)
    found = _problem(usual.status_code, _BY_STATUS.get(usual.status_code, "ImplementationException"), told["detail"])
    for name in ("WWW-Authenticate", "Retry-After"):
        if usual.has_header(name):
            found[name] = usual[name]
    return found


def _members(error: RecordError) -> dict[str, Any]:
    """Where it is wrong: all places of a document, the parameter of a query."""
    if isinstance(error, epcis_documents.InvalidEvents):
        return {"errors": [{"pointer": one.path, "detail": one.sentence} for one in error.faults[:MOST_TOLD]]}
    return {"pointer": error.path} if error.path else {}


def _problem(status: int, name: str, sentence: str, members: Mapping[str, Any] | None = None) -> HttpResponse:
    body = {
        "type": f"epcisException:{name}",
        "title": TITLES[name],
        "status": status,
        "detail": sentence,
        **(members or {}),
    }
    return HttpResponse(msgspec.json.encode(body), status=status, content_type=problems.MEDIA_TYPE)
