"""The ends of keys of your organisation: a new key in the place of an old one, or a revocation for ever."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from msgspec import Meta, Struct
from rest_framework.request import Request

from traceability.api import requests
from traceability.api.documents import Digest, Receipt
from traceability.api.idempotency import answer_once
from traceability.api.organisations import TAG
from traceability.api.own_signing import SIGNED_SCHEMA, ToSignDocument
from traceability.api.schema import KEY, described, of_shape
from traceability.api.statements import placed, receipt_documents
from traceability.api.views import ApiView, json_answer
from traceability.ledger import identifiers, moments
from traceability.ledger.envelope import pae
from traceability.ledger.errors import RecordError
from traceability.ledger.identifiers import b64_encode
from traceability.ledger.kinds.organisations import PUBLIC_KEY, REASON
from traceability.ledger.shapes import Digest as DigestShape
from traceability.ledger.shapes import Moment, Object, Text, Whole, optional
from traceability.selectors import keys as selector
from traceability.selectors.keys import OneKey
from traceability.services import members, organisations, own_keys, revocations
from traceability.services.errors import Refusal
from traceability.services.submissions import Receipt as Accepted
from traceability.signer import files
from traceability.signer.files import envelope_value

UNSEEN: Final = (400, 401, 403, 404)
HOLDER_KEY: Final = Object(
    {
        "public_key": PUBLIC_KEY,
        "name": optional(Text(own_keys.LONGEST_NAME)),
        "replaces": optional(DigestShape()),
        "sign_with": optional(DigestShape()),
    }
)
OWN_REVOCATION: Final = Object({"compromised_from_index": Whole(), "reason": REASON, "sign_with": DigestShape()})
SEND_TO: Final = "/api/v1/keys/signed"
REVOCATION: Final = Object({"compromised_from_index": Whole(), "reason": REASON})
ONE: Final = OpenApiParameter(
    "key",
    {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"},
    OpenApiParameter.PATH,
    description="SHA-256 of the public key.",
)
SINCE: Final = OpenApiParameter(
    "since", of_shape(Moment()), description="Since when somebody else may have signed with it; without it: nobody did."
)


class KeyOver(Refusal):
    """A key that is not in force any more, or that the platform does not hold."""

    code = "key_over"


class RevocationPlan(Struct):
    """What the revocation of a key would do; nothing is signed yet."""

    compromised_from_index: Annotated[int, Meta(description="What it signed from this log index on is in doubt.")]
    statements: Annotated[int, Meta(description="Of your organisation, that would be in doubt.")]
    other_keys: Annotated[list[Digest], Meta(description="Keys that fall because this one brought them in since.")]
    keys_left: Annotated[int, Meta(description="Keys in force with which the platform can sign afterwards.")]


class _OneKey(ApiView):
    """A key of the organisation, for its signed-in administrators."""

    for_people = True

    def found(self, key: str) -> OneKey:
        """The key; NotFound for others before anything is said of roles."""
        found = selector.one(self.actor, key.removeprefix("sha256:"))
        members.require_admin(self.actor)
        return found


class HolderKeyOffer(ToSignDocument):
    """What the holder of the new key signs: `to_sign` is the pre-authentication encoding (DSSE) of the statement."""

    to_sign: Annotated[str, Meta(description="base64")]
    envelope: Annotated[dict[str, Any], Meta(description="Add the missing signature and send it to `/statements`.")]


class HolderKeys(ApiView):
    """A key that the organisation holds itself."""

    for_people = True

    @described(
        "offer_holder_key",
        "Let a key that you have sign for one that you hold yourself, as an administrator; nothing is recorded yet",
        tag=TAG,
        request={requests.JSON: of_shape(HOLDER_KEY)},
        answers={200: HolderKeyOffer},
        refused=(400, 401, 403, 404, 409, 413, 415, 422),
    )
    def post(self, request: Request) -> HttpResponse:
        members.require_admin(self.actor)
        said = requests.read_object(request, HOLDER_KEY)
        rest = {name: str(said.get(name, "")) for name in ("name", "replaces", "sign_with")}
        try:
            public_key = identifiers.b64url_decode(said["public_key"])
            found = own_keys.offer_key(actor=self.actor, public_key=public_key, **rest)
        except RecordError as error:
            error.path = error.path.removeprefix("/body") or "/public_key"
            raise
        document = files.task_value([found], send_to=SEND_TO)
        return json_answer({**document, "to_sign": b64_encode(pae(found.payload)), "envelope": envelope_value(found)})


class KeysSigned(ApiView):
    """A statement about keys that was signed with keys which the organisation holds itself."""

    for_people = True

    @described(
        "bring_signed_keys",
        "Bring a statement about keys back that you signed elsewhere, as an administrator",
        tag=TAG,
        request={requests.JSON: SIGNED_SCHEMA},
        answers={201: Receipt},
        refused=(400, 401, 403, 409, 413, 415, 422),
    )
    def post(self, request: Request) -> HttpResponse:
        requests.media_type(request, requests.JSON)
        signed = files.read_signed(requests.read_bytes(request, max_bytes=requests.MAX_JSON_BYTES))
        return _receipt(own_keys.take(actor=self.actor, signed=signed))


class KeyReplacement(_OneKey):
    """A new key that the platform holds, in the place of one that it holds."""

    @described(
        "replace_key",
        "Let a new key take over from one that the platform holds, as an administrator",
        tag=TAG,
        answers={201: Receipt},
        refused=(*UNSEEN, 409, 422),
        parameters=[ONE, KEY],
    )
    def post(self, request: Request, key: str) -> HttpResponse:
        found = self.found(key)
        return placed(answer_once(request, self.actor, lambda: self._replace(found)))

    def _replace(self, found: OneKey) -> HttpResponse:
        if not found.replaceable:
            raise KeyOver("This key is not in force any more, or the platform does not hold it.")
        return _receipt(organisations.rotate_key(actor=self.actor, key=f"sha256:{found.digits}"))


class KeyRevocation(_OneKey):
    """The end of a key for ever: look first, then sign with the index that you saw."""

    @described(
        "plan_revocation",
        "See what the revocation of a key would do, as an administrator",
        tag=TAG,
        answers={200: RevocationPlan},
        refused=(*UNSEEN, 409, 422),
        parameters=[ONE, SINCE],
    )
    def get(self, request: Request, key: str) -> HttpResponse:
        found = self.found(key)
        given = requests.query(request, ("since",))
        since = moments.parse_moment(given["since"], path="/since") if "since" in given else None
        plan = revocations.plan(actor=self.actor, digits=_revocable(found).digits, since=since)
        others = [f"sha256:{one}" for one in plan.others]
        return json_answer(RevocationPlan(plan.index, plan.statements, others, plan.left))

    @described(
        "revoke_key",
        "Revoke a key for ever, as an administrator",
        tag=TAG,
        request={requests.JSON: of_shape(REVOCATION)},
        answers={201: Receipt},
        refused=(*UNSEEN, 409, 413, 415, 422),
        parameters=[ONE, KEY],
    )
    def post(self, request: Request, key: str) -> HttpResponse:
        found = self.found(key)
        said = requests.read_object(request, REVOCATION)
        return placed(answer_once(request, self.actor, lambda: self._revoke(found, said)))

    def _revoke(self, found: OneKey, said: Mapping[str, Any]) -> HttpResponse:
        return _receipt(
            organisations.revoke_key(
                actor=self.actor,
                key=f"sha256:{_revocable(found).digits}",
                compromised_from_index=said["compromised_from_index"],
                reason=said["reason"],
            )
        )


class OwnRevocation(_OneKey):
    """The end of a key, signed with another one that the organisation holds itself."""

    @described(
        "offer_revocation",
        "Take the revocation of a key to sign it with one of your own, as an administrator; nothing is recorded yet",
        tag=TAG,
        request={requests.JSON: of_shape(OWN_REVOCATION)},
        answers={200: ToSignDocument},
        refused=(*UNSEEN, 409, 413, 415, 422),
        parameters=[ONE],
    )
    def post(self, request: Request, key: str) -> HttpResponse:
        found = _revocable(self.found(key))
        said = requests.read_object(request, OWN_REVOCATION)
        offered = own_keys.offer_revocation(actor=self.actor, key=f"sha256:{found.digits}", **said)
        return json_answer(files.task_value([offered], send_to=SEND_TO))


def _revocable(found: OneKey) -> OneKey:
    if not found.revocable:
        raise KeyOver("This key was revoked already, or only it can revoke itself.")
    return found


def _receipt(accepted: Accepted) -> HttpResponse:
    return json_answer(receipt_documents([accepted])[0], status=201)
