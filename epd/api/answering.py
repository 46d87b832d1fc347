"""The buyer's one question: sixteen named checks of a lot, a declaration or a bundle, by his own trust and purchase."""

import json
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final, TypeVar

from allauth.core import ratelimit
from django.http import HttpResponse
from msgspec import Meta, Struct
from rest_framework.exceptions import Throttled
from rest_framework.request import Request

from epd.api import declarations
from epd.models import Declaration
from epd.services import bundle_check, public_answer
from epd.services.bundle_check import Judged
from epd.services.public_answer import PublicAnswer, Standing, code_of
from epd.verifier import purchase
from epd.verifier.answers import FORMAT, Answer
from traceability.api import requests
from traceability.api.schema import described, of_shape, ref
from traceability.api.views import PublicView, json_answer
from traceability.credentials import answer as credential_answer
from traceability.credentials.answer import CredentialAnswer
from traceability.ledger.canonical import TooLarge
from traceability.ledger.errors import RecordError
from traceability.ledger.identifiers import check_digest
from traceability.ledger.policy import parse_policy
from traceability.ledger.shapes import Digest, Later, Object, Text, optional
from traceability.models import ApiToken
from traceability.selectors.access import Actor, NotFound
from traceability.services import credential_check
from traceability.verifier import trust
from traceability.verifier.report import NOT_DETECTABLE

FORM: Final = "multipart/form-data"
ABOUT: Final = Object(
    {
        "subject": Text(120),
        "expect": optional(Digest()),
        "trust": optional(Later()),
        "policy": optional(Text(100_000)),
        "purchase": optional(Later()),
    }
)
_FILE: Final = {"type": "string", "format": "binary"}
FILES: Final = ("bundle", "trust", "policy", "purchase")
CREDENTIAL: Final = "credential"
SENT: Final = {
    "type": "object",
    "additionalProperties": False,
    "oneOf": [{"required": ["bundle"]}, {"required": [CREDENTIAL]}],
    "properties": dict.fromkeys((*FILES, CREDENTIAL), _FILE) | {"expect": of_shape(Digest())},
}
Given = TypeVar("Given")
Parsed = TypeVar("Parsed")
Word = Annotated[str, Meta(pattern="^(pass|fail|warning|not_established|not_applicable)$")]


class CheckEvidence(Struct):
    """A finding: `where` is a member of the bundle, a subject, or a place in one of them."""

    code: str
    where: str
    message: str
    level: Annotated[str, Meta(pattern="^(note|warning|incomplete|invalid)$")]


class NamedCheck(Struct):
    """One of the sixteen; `id` never changes, `rule` says by what it was judged."""

    number: int
    id: str
    name: str
    result: Word
    code: str
    message: str
    rule: str
    checked_at: str | None
    evidence: list[CheckEvidence]


class AnswerDocument(Struct):
    """The answer of `lodestone-verify --answer --json`. `verdict` is the worst word of all."""

    format: Annotated[str, Meta(pattern=f"^{FORMAT}$")]
    verdict: Word
    exit_code: int
    checked_at: str | None
    as_of: str | None
    target: str
    custody_hash: str
    log: dict[str, Any]
    counts: dict[str, int]
    checks: list[NamedCheck]
    not_detectable: list[str]


class CredentialCheck(Struct):
    """One of the checks of a credential; `where` points into it."""

    id: Annotated[str, Meta(pattern="^(form|issuer|proof|period|status|contexts|profile)$")]
    name: str
    result: Word
    code: str
    message: str
    where: str


class CredentialAnswerDocument(Struct):
    """What is established of a credential of anybody. `verdict` is the worst word of all."""

    format: Annotated[str, Meta(pattern=f"^{credential_answer.FORMAT}$")]
    verdict: Word
    secured_as: str
    id: str
    types: list[str]
    issuer: str
    checked_at: str
    checks: list[CredentialCheck]


class ConfidenceRow(Struct):
    """One of the sixteen answers: what it is worth, and on whose word it rests even where it passes."""

    number: int
    id: str
    name: str
    result: Word
    standing: Standing
    message: str
    rests_on: str


class ConfidenceDocument(Struct):
    """What is proven of a declaration, what is claimed and what is open."""

    declaration: str
    verdict: Word
    checks: list[ConfidenceRow]
    not_detectable: list[str]


class Confidence(PublicView):
    """What a reader of a declaration may rely on."""

    @described(
        "read_confidence",
        "Read what is proven of a declaration, what is claimed and what is open",
        tag="Declarations",
        answers={200: ConfidenceDocument},
        refused=(400, 401, 404, 422),
        parameters=[declarations.ONE],
    )
    def get(self, request: Request, declaration: str) -> HttpResponse:
        requests.query(request, ())
        row = declarations.find(declaration)
        answer = public_answer.of_declaration(row)
        checks = [
            ConfidenceRow(
                one.number, one.named.id, one.named.name, code_of(one.word), one.standing, one.sentence, one.rests_on
            )
            for one in answer.checks
        ]
        return json_answer(ConfidenceDocument(row.urn, code_of(answer.verdict), checks, list(NOT_DETECTABLE)))


class NoSuchPart(RecordError):
    """A part of a form that this address does not have, or one that is missing."""

    code = "unknown_part"


class Verify(PublicView):
    """Verify by named checks; nothing of what is sent is kept."""

    scopes = {"POST": ApiToken.Scope.READ}

    @described(
        "verify",
        "Verify a lot with you, a published declaration, a bundle of anybody by sixteen checks, or a credential",
        tag="Declarations",
        request={requests.JSON: of_shape(ABOUT), FORM: SENT},
        answers={200: {requests.JSON: {"oneOf": [ref(AnswerDocument), ref(CredentialAnswerDocument)]}}},
        refused=(400, 401, 403, 404, 409, 413, 415, 422),
    )
    def post(self, request: Request) -> HttpResponse:
        requests.query(request, ())
        if requests.media_type(request, requests.JSON, FORM) == FORM:
            return self._answer(request, self._sent(request))
        found = requests.read_object(request, ABOUT)
        subject, by = found["subject"], _judged(found)
        declaration = bundle_check.declaration_of(subject)
        actor = self.actor if declaration is None else self.actor_or_anybody
        return self._answer(request, lambda: _about(actor, subject, declaration, by))

    def _answer(self, request: Request, work: Callable[[], Answer | CredentialAnswer | PublicAnswer]) -> HttpResponse:
        if not ratelimit.consume(request._request, action=bundle_check.ACTION):
            raise Throttled(wait=60, detail="A check costs seconds. Come back in a minute, or check offline.")
        return json_answer(work().to_value())

    def _sent(self, request: Request) -> Callable[[], Answer | CredentialAnswer]:
        """The work on a credential alone, or on a bundle that was sent with the files of its reader."""
        form, files = request._request.POST, request._request.FILES
        if {*form, *files} == {CREDENTIAL} and CREDENTIAL in files:
            credential = _file(files, CREDENTIAL, credential_check.MOST_BYTES, bytes) or b""
            return lambda: credential_check.check(credential)
        for name in {*form, *files} - {*FILES, "expect"}:
            known = f"{', '.join(FILES)} and expect, or {CREDENTIAL} alone"
            raise NoSuchPart(f"There is no part {name[:60]} here. Send {known}.")
        if "bundle" not in files:
            raise NoSuchPart("Send the bundle as a file in the part bundle.", path="/bundle")
        bundle = _file(files, "bundle", bundle_check.MOST_BYTES, bytes) or b""
        by = Judged(
            trust=_file(files, "trust", trust.MAX_BYTES, trust.parse_trust),
            policy=_file(files, "policy", trust.MAX_BYTES, parse_policy),
            expect=check_digest(form["expect"], path="/expect") if "expect" in form else None,
            purchase=_file(files, "purchase", purchase.MAX_BYTES, purchase.parse_purchase) or purchase.NOTHING_BOUGHT,
        )
        return lambda: bundle_check.answer_of(bundle, by)


def _about(actor: Actor | None, subject: str, declaration: Declaration | None, by: Judged) -> Answer | PublicAnswer:
    """Of a lot that is with the actor by its bundle; of a published declaration what anybody is told."""
    if actor is not None:
        try:
            return bundle_check.answer_about(actor, subject, by)
        except NotFound:
            if declaration is None:
                raise
    if declaration is None:
        raise NotFound("There is no such declaration.", path="/subject")
    return public_answer.of_declaration(declaration, by)


def _judged(found: Mapping[str, Any]) -> Judged:
    """What the JSON of a request says of the reader."""
    return Judged(
        trust=_parsed("trust", trust.parse_trust, json.dumps(found["trust"]).encode()) if "trust" in found else None,
        policy=_parsed("policy", parse_policy, found["policy"].encode()) if "policy" in found else None,
        expect=found.get("expect"),
        purchase=_parsed("purchase", purchase.purchase_of, found.get("purchase", {})),
    )


def _file(files: Mapping[str, Any], name: str, most: int, parse: Callable[[bytes], Parsed]) -> Parsed | None:
    """What a file that was sent holds, parsed; None where it was not sent."""
    if name not in files:
        return None
    if (files[name].size or 0) > most:
        raise TooLarge(f"Send at most {most} bytes here.", path=f"/{name}")
    return _parsed(name, parse, files[name].read())


def _parsed(name: str, parse: Callable[[Given], Parsed], given: Given) -> Parsed:
    """What was given, parsed; a mistake in it is found under its name."""
    try:
        return parse(given)
    except RecordError as error:
        error.path = f"/{name}{error.path}"
        raise
