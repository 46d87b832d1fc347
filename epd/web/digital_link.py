"""The resolver: where a GS1 Digital Link and a crate's own address lead, and what is known there as a linkset.

GS1 Digital Link: URI Syntax 1.4; GS1-conformant resolver 1.1; RFC 9264 for the linkset. The links are of this domain:
a crate needs no number of GS1 to have one.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from epd.models import Declaration
from epd.selectors import declarations
from traceability.intake.gtin import BadGtin, parse_gtin
from traceability.models import Lot, SubjectHead
from traceability.selectors import product_numbers
from traceability.selectors.access import NotFound

LINKSET: Final = "application/linkset+json"
VOCABULARY: Final = "https://ref.gs1.org/voc/"
_SHORT: Final = "gs1:"
ALL: Final = ("linkset", "all")
Links = dict[str, list[dict[str, Any]]]


@require_safe
def resolve(request: HttpRequest, gtin: str, number: str) -> HttpResponse:
    """The lot of a GS1 Digital Link: its half page, or what the program that follows the link asks for."""
    try:
        lot = product_numbers.lot_named(parse_gtin(gtin), number)
    except (BadGtin, NotFound) as error:
        raise Http404(error.sentence) from None
    answer = asked_links(request, lot) or _to(settings.LODESTONE_BASE_URL + reverse("crate", args=[lot.pk]))
    return point_to(answer, request.path)


@require_safe
def description(request: HttpRequest) -> JsonResponse:
    """What the resolver understands, for programs."""
    return JsonResponse(
        {
            "name": "Lodestone",
            "resolverRoot": settings.LODESTONE_BASE_URL,
            "supportedPrimaryKeys": ["01"],
            "supportedLinkType": [{"namespace": VOCABULARY, "prefix": _SHORT}],
            "linkTypeDefaultCanBeLinkset": False,
        }
    )


def asked_links(request: HttpRequest, lot: Lot) -> HttpResponse | None:
    """The linkset of a lot or one of its links, where the request asks for either; None where a page is wanted."""
    wanted = request.GET.get("linkType", "")
    if wanted in ALL or (not wanted and LINKSET in request.headers.get("Accept", "")):
        told = {"linkset": [{"anchor": request.build_absolute_uri(request.path), **_links(lot)}]}
        return JsonResponse(told, content_type=LINKSET, headers={"Access-Control-Allow-Origin": "*"})
    if not wanted:
        return None
    found = _links(lot).get(VOCABULARY + wanted.removeprefix(_SHORT).removeprefix(VOCABULARY))
    if found is None:
        raise Http404(_("There is no link of this type. Ask for linkType=linkset to see those that there are."))
    return _to(found[0]["href"])


def point_to(response: HttpResponse, address: str) -> HttpResponse:
    """The answer with a header that says where the linkset is (RFC 9264, 6.1)."""
    response.headers["Link"] = f'<{address}?linkType=linkset>; rel="linkset"; type="{LINKSET}"'
    patch_vary_headers(response, ["Accept"])
    return response


def _links(lot: Lot) -> Links:
    """What there is of a lot, by link type of the GS1 web vocabulary."""
    base, head = settings.LODESTONE_BASE_URL, SubjectHead.objects.get(pk=lot.pk)
    crate = base + reverse("crate", args=[lot.pk])
    page = {"href": crate, "title": "What this lot is, and what is proven", "type": "text/html", "hreflang": ["en"]}
    said = base + reverse("statement_envelope", args=[bytes(lot.made_by.digest).hex()])
    check = f"{base}{reverse('check')}?{urlencode({'q': f'sha256:{bytes(head.custody_hash).hex()}'})}"
    links: Links = {
        "defaultLink": [page],
        "traceability": [page],
        "epcis": [
            {
                "href": f"{base}/epcis/v2/epcs/{quote(crate, safe='')}/events",
                "title": "Its EPCIS events, for partners with a token",
                "type": "application/json",
            }
        ],
        "verificationService": [{"href": check, "title": "Checks of this lot", "type": "text/html"}],
        "certificationInfo": [
            {
                "href": said,
                "title": "The signed statement that made it, for partners who sign in",
                "type": "application/vnd.dsse+json",
            }
        ],
    }
    found = declarations.of_lots([lot.pk]).get(lot.pk, [])
    in_force = next((one for one in found if one.status == Declaration.Status.PUBLISHED), None)
    if in_force:
        shown = base + reverse("declaration", args=[in_force.reference])
        signed = base + reverse("declaration_statement", args=[in_force.reference])
        links["sustainabilityInfo"] = [
            {"href": shown, "title": f"Declaration {in_force.reference}", "type": "text/html", "hreflang": ["en"]},
            {"href": signed, "title": "The declaration as it was signed", "type": "application/vnd.dsse+json"},
        ]
    return {VOCABULARY + name: found for name, found in links.items()}


def _to(address: str) -> HttpResponse:
    """A redirect that keeps the address of the label (307), open to programs of other sites."""
    answer = redirect(address, preserve_request=True)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer
