"""Idempotency-Key: a request that is sent twice under one key runs once, and gets the first answer again."""

import hashlib
import re
from collections.abc import Callable
from typing import Final

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from traceability.api.views import json_bytes_answer
from traceability.ledger.errors import RecordError
from traceability.models import RequestAnswer
from traceability.selectors.access import Actor

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
_KEY: Final = re.compile(r"[\x21-\x7e]{1,100}")
_RUNNING: Final = 0


class BadIdempotencyKey(RecordError):
    """A key of another form than 1 to 100 visible ASCII characters."""

    code = "bad_idempotency_key"


class IdempotencyKeyReused(RecordError):
    """A key under which another request was answered."""

    code = "idempotency_key_reused"


def answer_once(request: Request, actor: Actor, run: Callable[[], HttpResponse]) -> HttpResponse:
    """What `run` answers, or what it answered the first time under this key of the actor's organisation.

    The row of the key is the lock: a second request waits for the first one's end. A refusal leaves nothing behind, so
    the key can be used again.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return run()
    if not _KEY.fullmatch(key):
        raise BadIdempotencyKey(f"{HEADER} takes 1 to 100 visible ASCII characters, such as a UUID.")
    asked = _fingerprint(request)
    with transaction.atomic():
        RequestAnswer.objects.bulk_create(
            [_row(actor, key, asked)],
            ignore_conflicts=True,
        )
        row = RequestAnswer.objects.select_for_update().get(organisation=actor.organisation, key=key)
        if bytes(row.request_sha256) != asked:
            raise IdempotencyKeyReused("This key was used for another request. Take a new one.")
        if row.status != _RUNNING:
            replayed = json_bytes_answer(bytes(row.body), status=row.status)
            replayed[REPLAYED] = "true"
            return replayed
        answer = run()
        row.status, row.body = answer.status_code, answer.content
        row.save(update_fields=["status", "body"])
    return answer


def _row(actor: Actor, key: str, asked: bytes) -> RequestAnswer:
    return RequestAnswer(
        organisation=actor.organisation,
        key=key,
        request_sha256=asked,
        status=_RUNNING,
        body=b"",
        created_at=timezone.now(),
    )


def _fingerprint(request: Request) -> bytes:
    """What makes a request another one: its method, address, media type and body."""
    parts = (request.method or "", request.get_full_path(), request.META.get("CONTENT_TYPE", ""))
    return hashlib.sha256("\n".join(parts).encode() + b"\n" + request._request.body).digest()
