"""Declarations for print and in the formats of other people."""

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from epd.api.declarations import ONE, TAG, UNSEEN, find
from epd.lca.indicators import Basis
from epd.services import exchange
from epd.services.exchange import CREDENTIALS, JSON, KINDS, PDF, ZIP
from traceability.api import requests
from traceability.api.schema import described
from traceability.api.views import PublicView
from traceability.services.issuing import DOCUMENT, TOKEN

BINARY = {"type": "string", "format": "binary"}
OBJECT = {"type": "object"}
KIND = OpenApiParameter(
    "kind",
    {"type": "string", "enum": [*KINDS, *CREDENTIALS]},
    OpenApiParameter.PATH,
    description="PDF/A-3 with the signed original inside, openEPD, ILCD+EPD 1.2 or 1.3 with all data sets, or the JSON "
    "of soda4LCA; as credentials the UNTP product passport and, where it was verified, the conformity credential, each "
    "as application/vc+jwt or with an embedded proof.",
)
BASIS = OpenApiParameter(
    "basis",
    {"type": "string", "enum": list(Basis), "default": Basis.ECONOMIC},
    description="The allocation whose figures the file states, a PDF first; the signed declaration states both.",
)


class DeclarationFile(PublicView):
    """A declaration as a file to print or for other programs; it names the digest of the signed original."""

    @described(
        "read_declaration_file",
        "Read a declaration as PDF, openEPD, ILCD+EPD, JSON of soda4LCA or credential",
        tag=TAG,
        answers={200: {JSON: OBJECT, PDF: BINARY, ZIP: BINARY, TOKEN: {"type": "string"}, DOCUMENT: OBJECT}},
        refused=(*UNSEEN, 409, 410),
        parameters=[ONE, KIND, BASIS],
    )
    def get(self, request: Request, declaration: str, kind: str) -> HttpResponse:
        asked = requests.query(request, ("basis",))
        basis = Basis(requests.one_of(asked, "basis", tuple(Basis)))
        found = exchange.write(find(declaration), kind, basis)
        headers = {"Content-Disposition": f'attachment; filename="{found.name}"'}
        return HttpResponse(found.content, content_type=found.media_type, headers=headers)
