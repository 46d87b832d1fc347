"""The rules for declarations as an address: the report on a file that somebody sends."""

from typing import Annotated, Any

from allauth.core import ratelimit
from django.http import HttpResponse
from msgspec import Meta, Struct
from rest_framework.exceptions import Throttled
from rest_framework.request import Request

from epd.documents.report import to_value
from epd.services import epd_check
from traceability.api import requests
from traceability.api.schema import described
from traceability.api.views import PublicView, json_answer
from traceability.models import ApiToken

ACCEPTED = ("application/json", "application/xml", "application/zip", "application/octet-stream")
FILE = {one: {"type": "string", "format": "binary"} for one in ACCEPTED}
WORDS = "pass, warning, error, not established or nothing to check."


class FindingOfDocument(Struct):
    """What is wrong and what was compared; the sentence says what to do."""

    code: str
    severity: Annotated[str, Meta(pattern="^(error|warning|note)$")]
    sentence: str
    indicator: str
    module: str
    scenario: str
    values: dict[str, str]


class AnswerOfRule(Struct):
    """One rule, how many comparisons it made, and what it found."""

    id: str
    title: str
    gravest: Annotated[str, Meta(description="The most that this rule says: error or warning.")]
    source: str
    tolerance: str
    word: Annotated[str, Meta(description=WORDS)]
    compared: int
    findings: list[FindingOfDocument]


class CheckedDocument(Struct):
    """One declaration of the file; an archive may hold several."""

    name: str
    format: str
    uuid: str
    version: str
    package: Annotated[str, Meta(description="EN 15804+A1, EF 3.0 or EF 3.1; empty where they are mixed or unknown.")]
    results: int
    word: Annotated[str, Meta(description="The gravest answer: " + WORDS)]
    counts: dict[str, int]
    rules: list[AnswerOfRule]


class EpdReport(Struct):
    """The report of `manage.py epd_check --json`. No finding does not mean that the figures are true."""

    format: str
    documents: list[CheckedDocument]
    not_checked: list[str]


class EpdCheck(PublicView):
    """Check a declaration of anybody; nothing of it is kept."""

    scopes = {"POST": ApiToken.Scope.READ}

    @described(
        "check_epd",
        "Check a declaration in openEPD, ILCD+EPD (XML or ZIP) or JSON of soda4LCA by the rules S1 to P16",
        tag="Declarations",
        request=FILE,
        answers={200: EpdReport},
        refused=(400, 401, 413, 415, 422),
    )
    def post(self, request: Request) -> HttpResponse:
        requests.query(request, ())
        requests.media_type(request, *ACCEPTED, "text/xml")
        content = requests.read_bytes(request, max_bytes=epd_check.MOST_BYTES)
        if not ratelimit.consume(request._request, action=epd_check.ACTION):
            raise Throttled(wait=60, detail="A check costs computing. Come back in a minute.")
        answer: dict[str, Any] = to_value(epd_check.check(content))
        return json_answer(answer)
