"""Documents of your organisation: stored by their content, named by statements in `evidence`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final, Literal

import django_filters
from django.http import FileResponse, HttpResponse
from drf_spectacular.utils import OpenApiParameter
from msgspec import Meta, Struct
from rest_framework.request import Request

from traceability.api import pages, requests
from traceability.api.documents import Digest, Link
from traceability.api.requests import BadParameter
from traceability.api.schema import DIGEST, described, filter_parameters
from traceability.api.views import ApiView, json_answer
from traceability.intake.lab.lines import Place
from traceability.intake.lab.reading import LabLot
from traceability.intake.lab.values import Doubt, Value
from traceability.models import Evidence
from traceability.selectors import drafts as reading
from traceability.services import evidence, lab_sheets

TAG: Final = "Documents"
REFUSED: Final = (400, 401, 403)
OCTETS: Final = "application/octet-stream"
FILE: Final = {OCTETS: {"type": "string", "format": "binary"}}
NAME: Final = OpenApiParameter(
    "name",
    {"type": "string", "minLength": 1, "maxLength": evidence.LONGEST_NAME},
    required=True,
    description="The name of the file; its ending tells kinds apart that begin alike.",
)


class EvidenceLinks(Struct):
    self: Link


class EvidenceDocument(Struct):
    """A document. The first four members are what a statement says of it in `evidence`."""

    name: str
    media_type: Annotated[str, Meta(description="By the content, not by what was said.")]
    bytes: int
    sha256: Digest
    stored_at: datetime
    links: EvidenceLinks


class EvidenceFilter(django_filters.FilterSet):
    """What documents are looked for by."""

    name = django_filters.CharFilter(lookup_expr="icontains", max_length=120)


class Documents(ApiView):
    """The documents of your organisation."""

    @described(
        "list_documents",
        "List your documents, newest first",
        tag=TAG,
        answers={200: pages.Page[EvidenceDocument]},
        refused=REFUSED,
        parameters=filter_parameters(EvidenceFilter),
    )
    def get(self, request: Request) -> HttpResponse:
        asked = requests.query(request, pages.PARAMETERS | EvidenceFilter.base_filters.keys())
        rows = EvidenceFilter(asked, Evidence.objects.filter(organisation=self.actor.organisation))
        return pages.page_of(request, pages.filtered(rows), _documents, order=("-created_at", "-pk"))

    @described(
        "store_document",
        "Store a document; the same content again is the same document",
        tag=TAG,
        request=FILE,
        answers={201: EvidenceDocument},
        refused=(*REFUSED, 413, 415, 422),
        parameters=[NAME],
    )
    def post(self, request: Request) -> HttpResponse:
        given = requests.query(request, ("name",))
        if not 1 <= len(given.get("name", "")) <= evidence.LONGEST_NAME:
            raise BadParameter(f"Name the file, in at most {evidence.LONGEST_NAME} characters.", parameter="name")
        requests.media_type(request, OCTETS)
        content = requests.read_bytes(request, max_bytes=evidence.MOST_BYTES)
        stored = evidence.store(actor=self.actor, name=given["name"], content=content)
        [shown] = _documents([stored])
        answer = json_answer(shown, status=201)
        answer["Location"] = shown.links.self
        return answer


class DocumentFile(ApiView):
    """A document as a file."""

    @described(
        "fetch_document",
        "Fetch a document of yours, or of a proposal that waits for your signature",
        tag=TAG,
        answers={200: FILE},
        refused=(*REFUSED, 404),
        parameters=[DIGEST],
    )
    def get(self, request: Request, digest: str) -> FileResponse:
        requests.query(request, ())
        row = reading.document(self.actor, digest.removeprefix("sha256:"))
        path = evidence.path_of(row.organisation_id, bytes(row.sha256))
        answer = FileResponse(
            path.open("rb"), as_attachment=True, filename=evidence.safe_name(row), content_type=OCTETS
        )
        answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
        return answer


class LabPlace(Struct):
    """Where something stands in a document."""

    page: Annotated[str, Meta(description="Number of the page, or name of the sheet; empty in a table as text.")]
    line: Annotated[int, Meta(description="Number of the line of the page, or of the row of the sheet, from 1.")]
    text: str


class LabValue(Struct):
    """A proposed value. `found`, `doubtful` (look at `doubts`) and `not_found` are never one."""

    state: Literal["found", "doubtful", "not_found"]
    value: Annotated[str, Meta(description="With a decimal point, in kg or %; empty where nothing can be taken.")]
    written: str
    place: LabPlace | None
    doubts: Annotated[list[str], Meta(description=", ".join(Doubt))]


class LabContent(Struct):
    species: str
    content_pct: LabValue


class LabLotDocument(Struct):
    """What a document says of one lot; contents are per cent of `basis`, masses as they were weighed."""

    values: Annotated[dict[str, LabValue], Meta(description=", ".join(lab_sheets.VALUES))]
    contents: list[LabContent]


class LabSheetDocument(Struct):
    """What a document says of lots, by the rules of docs/lab-sheets.md. Compare each value before you sign it."""

    lots: list[LabLotDocument]
    passed_over: Annotated[list[LabPlace], Meta(description="Lines that look like contents but were not understood.")]


class DocumentReading(ApiView):
    """What a lab sheet or mill test report says."""

    @described(
        "read_lab_sheet",
        "Read a document of yours as a lab sheet: lots and contents, each with its place and what is doubtful",
        tag=TAG,
        answers={200: LabSheetDocument},
        refused=(*REFUSED, 404, 422),
        parameters=[DIGEST],
    )
    def get(self, request: Request, digest: str) -> HttpResponse:
        requests.query(request, ())
        row = reading.document(self.actor, digest.removeprefix("sha256:"))
        sheet = lab_sheets.read(row)
        return json_answer(
            LabSheetDocument([_lot(one) for one in sheet.lots], [_place(one) for one in sheet.passed_over])
        )


def _lot(lot: LabLot) -> LabLotDocument:
    values = {name: _value(value) for name, value in lab_sheets.values_of(lot).items()}
    return LabLotDocument(values, [LabContent(one.species, _value(one.value)) for one in lot.contents])


def _value(value: Value) -> LabValue:
    place = None if value.place is None else _place(value.place)
    return LabValue(value.state.value, value.value, value.written, place, [one.value for one in value.doubts])


def _place(place: Place) -> LabPlace:
    return LabPlace(place.page, place.line, place.text)


def _documents(rows: Sequence[Evidence]) -> list[EvidenceDocument]:
    return [_document(row, f"sha256:{bytes(row.sha256).hex()}") for row in rows]


def _document(row: Evidence, digest: str) -> EvidenceDocument:
    links = EvidenceLinks(f"/api/v1/documents/{digest}")
    return EvidenceDocument(row.name, row.media_type, row.size_bytes, digest, row.created_at, links)
