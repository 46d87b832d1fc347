"""The offline verifier as an address: the report on a bundle that somebody sends."""

from typing import Annotated, Any, Final

from allauth.core import ratelimit
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from msgspec import Meta, Struct
from rest_framework.exceptions import Throttled
from rest_framework.request import Request

from epd.services import bundle_check
from traceability.api import requests
from traceability.api.bundles import FILE, ZIP
from traceability.api.schema import described, of_shape
from traceability.api.views import PublicView, json_answer
from traceability.ledger.identifiers import check_digest
from traceability.ledger.shapes import Digest
from traceability.models import ApiToken

EXPECT: Final = OpenApiParameter(
    "expect",
    of_shape(Digest()),
    description="The custody hash that it has to be about, from a crate or an invoice.",
)


class ReportDocument(Struct):
    """The report of `lodestone-verify --json`. Without your own trust file the verdict is INCOMPLETE at best."""

    format: str
    verdict: Annotated[str, Meta(pattern="^(VALID|VALID_WITH_WARNINGS|INCOMPLETE|INVALID)$")]
    exit_code: int
    first_line: str
    second_line: str
    target: str
    custody_hash: str
    counts: dict[str, int]
    checks: list[dict[str, Any]]
    not_detectable: list[str]


class BundleCheck(PublicView):
    """Check a bundle; nothing of it is kept."""

    scopes = {"POST": ApiToken.Scope.READ}

    @described(
        "check_bundle",
        "Check an audit bundle by the keys of this log, as the offline verifier does",
        tag="Lots",
        request=FILE,
        answers={200: ReportDocument},
        refused=(400, 401, 413, 415),
        parameters=[EXPECT],
    )
    def post(self, request: Request) -> HttpResponse:
        asked = requests.query(request, ("expect",))
        expect = check_digest(asked["expect"], path="/expect") if "expect" in asked else None
        requests.media_type(request, ZIP)
        bundle = requests.read_bytes(request, max_bytes=bundle_check.MOST_BYTES)
        if not ratelimit.consume(request._request, action=bundle_check.ACTION):
            raise Throttled(wait=60, detail="A check costs seconds. Come back in a minute, or check offline.")
        return json_answer(bundle_check.check(bundle, None, None, expect).to_value())
