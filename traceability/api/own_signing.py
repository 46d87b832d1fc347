"""Signatures by keys that an organisation holds itself: what is to be signed goes out, what was signed comes in."""

from typing import Annotated, Any, Final
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from msgspec import Meta, Struct
from rest_framework.request import Request

from traceability.api import requests
from traceability.api.documents import Receipt
from traceability.api.drafts import CHANGED, REFUSED, TAG, receipt_answer
from traceability.api.schema import ENVELOPE_SCHEMA, described
from traceability.api.views import ApiView, json_answer
from traceability.ledger import identifiers
from traceability.selectors import drafts as reading
from traceability.services import own_signing
from traceability.signer import files

SIGNED_SCHEMA: Final = {
    "type": "object",
    "properties": {
        "format": {"type": "string", "enum": [files.HAS_SIGNED]},
        "statements": {
            "type": "array",
            "minItems": 1,
            "maxItems": files.MOST_AT_ONCE,
            "items": {
                "type": "object",
                "properties": {
                    "envelope": ENVELOPE_SCHEMA,
                    "disclosures": {"type": "array", "items": {"type": "string"}},
                },
                "required": ["envelope"],
            },
        },
    },
    "required": ["format", "statements"],
}
SIGNS: Final = OpenApiParameter(
    "key",
    {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"},
    required=True,
    description="SHA-256 of the public key that is going to sign; your organisation holds it itself.",
)


class StatementToSign(Struct):
    """An envelope that lacks a signature, and what opens the confidential values in it."""

    envelope: Annotated[dict[str, Any], Meta(description="DSSE; add the signature that is missing.")]
    disclosures: list[str]


class ToSignDocument(Struct):
    """What a holder signs with a key of his own: `lodestone-sign` reads it, and shows it in plain words first."""

    format: Annotated[str, Meta(examples=[files.TO_SIGN])]
    send_to: Annotated[str, Meta(description="Where the signed statements go.")]
    statements: list[StatementToSign]


class DraftToSign(ApiView):
    """A draft as your own key signs it."""

    @described(
        "read_to_sign",
        "Take what a key of your own is to sign of a draft; nothing is recorded yet",
        tag=TAG,
        answers={200: ToSignDocument},
        refused=(*REFUSED, 404, 409, 422),
        parameters=[SIGNS],
    )
    def get(self, request: Request, draft: UUID) -> HttpResponse:
        reading.draft(self.actor, draft)  # what is not yours to see is not there, whatever is wrong beside
        key = identifiers.check_digest(requests.query(request, ("key",)).get("key"), path="/key")
        found = own_signing.offer(actor=self.actor, draft_id=draft, key=key)
        answer = json_answer(files.task_value(found, send_to=f"/api/v1/drafts/{draft}/signed"))
        answer["Content-Disposition"] = f'attachment; filename="{draft}.to-sign.json"'
        return answer


class DraftSigned(ApiView):
    """A draft that was signed with a key of your own."""

    @described(
        "bring_signed_draft",
        "Bring a draft back that you signed with a key of your own; a second time gives the same receipt",
        tag=TAG,
        request={requests.JSON: SIGNED_SCHEMA},
        answers={201: Receipt},
        refused=CHANGED,
    )
    def post(self, request: Request, draft: UUID) -> HttpResponse:
        own_signing.require_begun(self.actor, draft)
        requests.media_type(request, requests.JSON)
        signed = files.read_signed(requests.read_bytes(request, max_bytes=files.MAX_BYTES))
        return receipt_answer(own_signing.take(actor=self.actor, draft_id=draft, signed=signed))
