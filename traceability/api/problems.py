"""Every refusal as a problem document (RFC 9457): a stable `code`, a sentence that says what to do, the place."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

import msgspec
from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import IntegrityError, OperationalError
from django.http import Http404, HttpResponse, UnreadablePostError
from rest_framework import exceptions
from rest_framework.request import Request

from traceability.api import places
from traceability.ledger import canonical, closed, envelope, identifiers, kinds, moments, quantity, shapes, statement
from traceability.ledger.errors import RecordError

MEDIA_TYPE: Final = "application/problem+json"
MALFORMED: Final = frozenset(
    module.__name__
    for module in (canonical, closed, envelope, identifiers, kinds, moments, quantity, shapes, statement)
)
"""Rooms whose errors speak of the form of what was sent; errors of all others speak of the rules."""

STATUS: Final[dict[str, int]] = {
    **dict.fromkeys(
        ("bad_parameter", "unknown_parameter", "bad_cursor", "bad_idempotency_key", "body_cut_off", "empty_batch"), 400
    ),
    "nothing_to_open": 400,
    **dict.fromkeys(("token_unknown", "token_expired", "token_revoked"), 401),
    **dict.fromkeys(("insufficient_scope", "not_your_password"), 403),
    **dict.fromkeys(("no_organisation", "not_allowed", "not_member_of_issuer", "not_your_subject", "not_maker"), 403),
    **dict.fromkeys(("not_receiver", "not_issuer_of_original", "not_allowed_to_revoke", "not_by_platform"), 403),
    **dict.fromkeys(("not_found", "lot_unknown", "not_in_log"), 404),
    **dict.fromkeys(("head_moved", "id_taken", "overdrawn", "not_all_that_remains", "already_drawn"), 409),
    **dict.fromkeys(("wrong_custody_state", "not_holder", "lot_exists", "lot_void", "not_that_dispatch"), 409),
    **dict.fromkeys(("subject_taken", "subject_ended", "digest_taken", "digest_twice", "key_taken"), 409),
    **dict.fromkeys(("already_registered", "not_newest_version", "original_withdrawn", "leaves_nothing"), 409),
    **dict.fromkeys(("key_not_active", "idempotency_key_reused", "key_not_in_vault", "conflict"), 409),
    **dict.fromkeys(("webhook_off", "key_over", "gtin_taken", "issuer_holds_its_keys"), 409),
    **dict.fromkeys(("request_over", "not_your_part", "declined_before"), 409),
    **dict.fromkeys(("proposed", "proposal_changed", "proposal_stale", "approval_changed"), 409),
    **dict.fromkeys(("not_a_partner", "approval_wanted"), 403),
    "too_many_requests_to_partners": 429,
    **dict.fromkeys(("bundle_too_large", "bundle_not_ready", "reading_changed", "no_longer_mine"), 409),
    **dict.fromkeys(("too_many_bundles", "too_many_foreign_bundles"), 429),
    **dict.fromkeys(("import_begun", "import_not_begun", "import_recorded", "lot_is_here", "bundle_in_use"), 409),
    "log_trusted_already": 409,
    "sheet_busy": 409,
    "sheet_too_large": 413,
    **dict.fromkeys(("already_invited", "invitation_over", "last_admin", "not_waiting", "not_yet"), 409),
    **dict.fromkeys(("too_many_invitations", "too_many_applications", "too_many_attempts"), 429),
    "too_large": 413,
    "too_many_lines": 413,
    **dict.fromkeys(("time_order", "wrong_signers"), 422),
    "vault_locked": 500,
    **dict.fromkeys(("log_not_open", "not_published_yet", "database_busy"), 503),
}
"""The status of each code that is not told by its room. Rooms above add theirs."""

_HEADERS: Final[dict[int, dict[str, str]]] = {
    401: {"WWW-Authenticate": 'Bearer realm="lodestone", error="invalid_token"'},
    503: {"Retry-After": "1"},
}
_OTHERS: Final = {
    "not_found": (404, "Nothing is here, or nothing that you may see."),
    "bad_request": (400, "The request cannot be read."),
    "body_too_large": (413, "The body is larger than this installation takes."),
    "length_required": (411, "The body came without its length."),
    "internal_error": (500, "Something went wrong on our side."),
}
"""Status and meaning of codes that no one error of the record has."""
_OF_FRAMEWORK: Final = (
    exceptions.ParseError,
    exceptions.NotAuthenticated,
    exceptions.AuthenticationFailed,
    exceptions.PermissionDenied,
    exceptions.MethodNotAllowed,
    exceptions.UnsupportedMediaType,
    exceptions.Throttled,
)
_TITLES: Final = {code: code.replace("_", " ").capitalize() for code in STATUS}


class DatabaseBusy(RecordError):
    """Others hold what the request needs."""

    code = "database_busy"


class Conflict(RecordError):
    """Two requests wanted the same place."""

    code = "conflict"


class BodyCutOff(RecordError):
    """Fewer bytes came than were announced."""

    code = "body_cut_off"


def status_of(error: RecordError) -> int:
    """The HTTP status of a refusal: 400 for form, 422 for rules, unless its code says more."""
    default = 400 if type(error).__module__.startswith(tuple(MALFORMED)) else 422
    return STATUS.get(error.code, default)


def exception_handler(error: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """The answer to an error that a view raised; None for what nobody foresaw."""
    error = _framework_error(error)
    found = _as_record_error(error)
    if found is not None:
        _point(found, context["request"])
        return _of_record(found)
    if isinstance(error, RequestDataTooBig):
        return problem(413, "too_large", "The body is too large. Nothing was saved.")
    if isinstance(error, exceptions.APIException):
        return _of_framework(error)
    return None


def _point(error: RecordError, request: Request) -> None:
    """Makes the path of a refusal a pointer into what was sent, where that is JSON."""
    written = getattr(request._request, "_body", b"") if error.path else b""
    if "line" in error.fields:
        written = written.split(b"\n")[int(error.fields["line"]) - 1] if written else written
    with suppress(ValueError, RecursionError):
        places.point(error, json.loads(written))


def problem(
    status: int,
    code: str,
    sentence: str,
    *,
    path: str = "",
    members: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """The problem document of one refusal."""
    body = {
        "type": type_of(code),
        "title": _TITLES.get(code) or code.replace("_", " ").capitalize(),
        "status": status,
        "detail": sentence,
        "code": code,
        **({"path": path} if path else {}),
        **(members or {}),
    }
    return HttpResponse(_encode(body), status=status, content_type=MEDIA_TYPE, headers=dict(headers or {}))


def type_of(code: str) -> str:
    """The address that explains a code."""
    return f"{settings.LODESTONE_BASE_URL}/api/v1/problems/{code}"


def known_codes() -> dict[str, tuple[int, str]]:
    """Every code with its status and what it means, for the page of problem types."""
    found = {cls.code: (_status_of_class(cls), _meaning(cls)) for cls in _subclasses(RecordError)}
    framework = {cls.default_code: (cls.status_code, str(cls.default_detail)) for cls in _OF_FRAMEWORK}
    return dict(sorted({**found, **framework, **_OTHERS}.items()))


def _framework_error(error: Exception) -> Exception:
    """Django's own errors as the framework's."""
    if isinstance(error, Http404):
        return exceptions.NotFound("Nothing is here, or nothing that you may see.")
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied()
    return error


def _as_record_error(error: Exception) -> RecordError | None:
    if isinstance(error, RecordError):
        return error
    if isinstance(error, OperationalError):
        return DatabaseBusy("Others are writing to what you need. Nothing was saved; send the request again.")
    if isinstance(error, IntegrityError):
        return Conflict("Somebody else wrote at the same moment. Nothing was saved; send the request again.")
    if isinstance(error, UnreadablePostError):
        return BodyCutOff("The body ended early. Nothing was saved; send the request again.")
    return None


def _of_record(error: RecordError) -> HttpResponse:
    status = status_of(error)
    return problem(
        status,
        error.code,
        error.sentence,
        path=error.path,
        members={name: value for name, value in error.fields.items() if name != "submission"},
        headers=_HEADERS.get(status),
    )


def _of_framework(error: exceptions.APIException) -> HttpResponse:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    codes = error.get_codes()
    code = codes if isinstance(codes, str) else error.default_code
    return problem(error.status_code, code, _sentence(error.detail), headers=headers)


def _sentence(detail: object) -> str:
    """The words of the framework in one line."""
    if isinstance(detail, Mapping):
        return " ".join(f"{name}: {_sentence(inner)}" for name, inner in detail.items())
    if isinstance(detail, list):
        return " ".join(map(_sentence, detail))
    return str(detail)


def _encode(body: Mapping[str, object]) -> bytes:
    """JSON, also of what a request brought in that is no Unicode text."""
    try:
        return msgspec.json.encode(body)
    except UnicodeEncodeError:
        clean = {name: _clean(value) for name, value in body.items()}
        return msgspec.json.encode(clean)


def _clean(value: object) -> object:
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _subclasses(cls: type[RecordError]) -> Iterator[type[RecordError]]:
    for sub in cls.__subclasses__():
        yield sub
        yield from _subclasses(sub)


def _status_of_class(cls: type[RecordError]) -> int:
    return status_of(cls(""))


def _meaning(cls: type[RecordError]) -> str:
    first = (cls.__dict__.get("__doc__") or "").partition("\n")[0]
    return first or cls.code.replace("_", " ").capitalize() + "."
