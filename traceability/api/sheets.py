"""Sheets: uploaded, looked at with each mistake at its cell, put right, signed in one act."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import django_filters
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from msgspec import UNSET, Meta, Struct, UnsetType
from rest_framework.request import Request

from traceability.api import pages, requests
from traceability.api.approvals import SENT_BACK
from traceability.api.documents import Link, Urn
from traceability.api.idempotency import answer_once
from traceability.api.requests import BadParameter
from traceability.api.schema import KEY, described, filter_parameters, of_shape
from traceability.api.views import ApiView, json_answer
from traceability.formats.grid import column_number, letters
from traceability.intake.numbers import NumberStyle
from traceability.ledger.kinds.lots import STAGES
from traceability.ledger.shapes import ListOf, Object, Text, Whole, optional
from traceability.models import ApiToken, SheetImport, Statement
from traceability.services import sheet_templates, sheet_work, sheets
from traceability.services.evidence import LONGEST_NAME
from traceability.services.sheet_templates import Wanted

TAG: Final = "Sheets"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV: Final = "text/csv"
LD_JSON: Final = "application/ld+json"
FILE: Final = {name: {"type": "string", "format": "binary"} for name in (XLSX, CSV)}
REFUSED: Final = (400, 401, 403)
CHANGED: Final = (*REFUSED, 404, 409, 413, 415, 422)
Scope = ApiToken.Scope
UPLOADS: Final = FILE | {name: {"type": "object"} for name in (requests.JSON, LD_JSON)}
ACT: Final = OpenApiParameter("act", {"type": "string", "enum": list(sheets.ACTS)}, required=True)
DECIMAL: Final = OpenApiParameter(
    "decimal", {"type": "string", "enum": ["point", "comma"], "default": "point"},
    description="Which sign parts decimals where a text leaves it open.",
)  # fmt: skip
UPLOAD: Final = (
    ACT,
    DECIMAL,
    OpenApiParameter("name", {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME}, required=True),
    OpenApiParameter("utc_offset", {"type": "string", "default": "+00:00"},
                     description="The clock of rows that name none."),
)  # fmt: skip
CELL: Final = Object({"row": Whole(), "column": Text(3), "value": optional(Text(2000))})
CELLS: Final = Object(
    {
        "cells": optional(ListOf(CELL, most=1000)),
        "leave_out": optional(ListOf(Whole(), most=1000)),
    }
)
SIGN: Final = Object({"revision": Whole()})


class SheetLinks(Struct):
    """`page` is where people look at it, `findings` what is wrong, `receipts` what was signed."""

    self: Link
    page: Annotated[str, Meta(description="Address of the page.")]
    findings: str | UnsetType = UNSET
    receipts: str | UnsetType = UNSET


class SheetDocument(Struct):
    """A sheet of your organisation. It can be signed when it is `checked` and nothing has to be put right."""

    id: UUID
    act: str
    name: str
    state: Annotated[str, Meta(description="waiting, checked, signing, signed or failed.")]
    revision: Annotated[int, Meta(description="Grows with each change; the signature names it.")]
    rows: int
    statements: int
    mistakes: Annotated[int, Meta(description="What keeps it from being signed.")]
    marks: Annotated[int, Meta(description="What will be marked, and does not keep it from being signed.")]
    uploaded_at: datetime
    links: SheetLinks
    done: Annotated[int, Meta(description="Of the work at hand, where that is known.")] | UnsetType = UNSET
    signed_at: datetime | UnsetType = UNSET
    asked_at: Annotated[datetime, Meta(description="Since when a colleague is asked to sign.")] | UnsetType = UNSET
    reason: Annotated[str, Meta(description="Why a colleague sent it back.")] | UnsetType = UNSET
    error: Annotated[str, Meta(description="Why the last work at it was not finished.")] | UnsetType = UNSET


class SheetFinding(Struct):
    """What is wrong at a cell, or with a whole row where `column` is absent; `right` where it can be told.

    Of a document of events `row` counts the events, and `value` is the place in the document (JSON pointer).
    """

    row: int
    code: str
    sentence: str
    blocks: bool
    column: Annotated[str, Meta(examples=["D"])] | UnsetType = UNSET
    value: str | UnsetType = UNSET
    right: str | UnsetType = UNSET


class SheetFindings(Struct):
    """All that was found in a sheet, first what keeps it from being signed."""

    results: list[SheetFinding]


class SheetReceipt(Struct):
    """A statement that a row of the sheet became, and the lots that it made or is about."""

    row: int
    id: Urn
    digest: str
    lots: list[Urn]


class SheetReceipts(Struct):
    """All statements of a sheet in the order of its rows."""

    results: list[SheetReceipt]


class SheetFilter(django_filters.FilterSet):
    """What sheets are looked for by."""

    state = django_filters.ChoiceFilter(choices=SheetImport.State.choices)
    act = django_filters.ChoiceFilter(choices=[(one, one) for one in sheets.ACTS])


class SheetTemplate(ApiView):
    """The template of a sheet, with what your organisation may choose from."""

    @described(
        "fetch_sheet_template",
        "Fetch the template of a sheet, as workbook or CSV",
        tag=TAG,
        answers={200: FILE},
        refused=(*REFUSED, 404, 422),
        parameters=(
            OpenApiParameter("stage", {"type": "string", "enum": list(STAGES), "default": "oxide"}),
            OpenApiParameter("format", {"type": "string", "enum": ["xlsx", "csv"], "default": "xlsx"}),
            DECIMAL,
        ),
    )
    def get(self, request: Request, act: str) -> HttpResponse:
        given = requests.query(request, ("stage", "format", "decimal"))
        stage = given.get("stage", "oxide")
        if stage not in STAGES:
            raise BadParameter(f"Use one of: {', '.join(STAGES)}.", parameter="stage")
        wanted = Wanted(sheets.plan_of(act), stage, NumberStyle(requests.one_of(given, "decimal", ("point", "comma"))))
        if requests.one_of(given, "format", ("xlsx", "csv")) == "csv":
            return HttpResponse(sheet_templates.table(wanted), content_type=f"{CSV}; charset=utf-8")
        content = sheet_templates.workbook(actor=self.actor, wanted=wanted, today=self.today)
        return HttpResponse(content, content_type=XLSX)


class Sheets(ApiView):
    """The sheets of your organisation."""

    @described(
        "list_sheets",
        "List your sheets, newest first",
        tag=TAG,
        answers={200: pages.Page[SheetDocument]},
        refused=REFUSED,
        parameters=filter_parameters(SheetFilter),
    )
    def get(self, request: Request) -> HttpResponse:
        asked = requests.query(request, pages.PARAMETERS | SheetFilter.base_filters.keys())
        rows = SheetFilter(asked, sheets.of(self.actor))
        return pages.page_of(request, pages.filtered(rows), _documents, order=("-made_at", "pk"))

    @described(
        "upload_sheet",
        "Upload a sheet; small ones are checked at once, large ones in the background",
        tag=TAG,
        request=UPLOADS,
        answers={201: SheetDocument},
        refused=CHANGED,
        parameters=[*UPLOAD, KEY],
    )
    def post(self, request: Request) -> HttpResponse:
        given = requests.query(request, ("act", "name", "decimal", "utc_offset"))
        if not 1 <= len(given.get("name", "")) <= LONGEST_NAME:
            raise BadParameter(f"Name the file, in at most {LONGEST_NAME} characters.", parameter="name")
        requests.media_type(request, XLSX, CSV, requests.JSON, LD_JSON)
        content = requests.read_bytes(request, max_bytes=sheets.MOST_BYTES)
        style = NumberStyle(requests.one_of(given, "decimal", ("point", "comma")))
        return answer_once(request, self.actor, lambda: self._upload(given, content, style))

    def _upload(self, given: Mapping[str, str], content: bytes, style: NumberStyle) -> HttpResponse:
        made = sheets.upload(
            actor=self.actor,
            act=given.get("act", ""),
            name=given["name"],
            content=content,
            style=style,
            utc_offset=given.get("utc_offset", "+00:00"),
        )
        shown = _document(sheet_work.run_small(made))
        answer = json_answer(shown, status=201)
        answer["Location"] = shown.links.self
        return answer


class OneSheet(ApiView):
    """One of them."""

    @described("read_sheet", "See how far a sheet is", tag=TAG, answers={200: SheetDocument}, refused=(*REFUSED, 404))
    def get(self, request: Request, sheet: UUID) -> HttpResponse:
        requests.query(request, ())
        return json_answer(_document(sheets.one(self.actor, sheet)))

    @described(
        "discard_sheet",
        "Throw a sheet away that was not signed",
        tag=TAG,
        answers={204: None},
        refused=(*REFUSED, 404, 409),
    )
    def delete(self, request: Request, sheet: UUID) -> HttpResponse:
        sheets.discard(actor=self.actor, sheet_id=sheet)
        return HttpResponse(status=204)


class FindingsOfSheet(ApiView):
    """What was found in a sheet."""

    @described(
        "list_sheet_findings",
        "See each mistake of a sheet at its cell",
        tag=TAG,
        answers={200: SheetFindings},
        refused=(*REFUSED, 404),
    )
    def get(self, request: Request, sheet: UUID) -> HttpResponse:
        requests.query(request, ())
        found = sheets.findings_of(sheets.one(self.actor, sheet))
        return json_answer(
            SheetFindings(
                [
                    SheetFinding(one.row, one.code, one.sentence, one.blocks, letters(one.column) or UNSET,
                                 one.value or UNSET, one.right or UNSET)
                    for one in found
                ]
            )
        )  # fmt: skip


class CellsOfSheet(ApiView):
    """The cells of a sheet."""

    @described(
        "put_sheet_right",
        "Write other values into cells, or leave rows out; the sheet is checked again",
        tag=TAG,
        request={requests.JSON: of_shape(CELLS)},
        answers={200: SheetDocument},
        refused=CHANGED,
    )
    def post(self, request: Request, sheet: UUID) -> HttpResponse:
        sheets.one(self.actor, sheet)
        found = requests.read_object(request, CELLS)
        cells = {(one["row"], _column(one["column"])): str(one.get("value", "")) for one in found.get("cells", ())}
        changed = sheets.put_right(
            actor=self.actor, sheet_id=sheet, cells=cells, drop=tuple(found.get("leave_out", ()))
        )
        return json_answer(_document(sheet_work.run_small(changed)))


class SheetSignature(ApiView):
    """The signature under a sheet."""

    @described(
        "sign_sheet",
        "Sign all rows of a sheet in one act, or none; a second time changes nothing",
        tag=TAG,
        request={requests.JSON: of_shape(SIGN)},
        answers={200: SheetDocument},
        refused=CHANGED,
    )
    def post(self, request: Request, sheet: UUID) -> HttpResponse:
        sheets.one(self.actor, sheet)
        revision = requests.read_object(request, SIGN)["revision"]
        return json_answer(_document(sheet_work.run_small(
            sheets.sign(actor=self.actor, sheet_id=sheet, revision=revision)
        )))  # fmt: skip


class SheetApproval(ApiView):
    """The signature of a colleague under a sheet, where your organisation wants one; he signs it as any other."""

    @described(
        "ask_sheet_approval",
        "Put a sheet before those of your colleagues who may sign it",
        tag=TAG,
        answers={200: SheetDocument},
        refused=(*REFUSED, 404, 409, 422),
    )
    def post(self, request: Request, sheet: UUID) -> HttpResponse:
        return json_answer(_document(sheets.ask(actor=self.actor, sheet_id=sheet)))

    @described(
        "take_sheet_approval_back",
        "Ask no colleague any more",
        tag=TAG,
        answers={204: None},
        refused=(*REFUSED, 404),
    )
    def delete(self, request: Request, sheet: UUID) -> HttpResponse:
        sheets.take_back(actor=self.actor, sheet_id=sheet)
        return HttpResponse(status=204)


class SheetSentBack(ApiView):
    """The refusal of a colleague, with a reason."""

    for_people = True

    @described(
        "send_sheet_back",
        "Send back a sheet that you are asked to sign, with a reason",
        tag=TAG,
        request={requests.JSON: of_shape(SENT_BACK)},
        answers={200: SheetDocument},
        refused=CHANGED,
    )
    def post(self, request: Request, sheet: UUID) -> HttpResponse:
        sheets.one(self.actor, sheet)
        reason = requests.read_object(request, SENT_BACK)["reason"]
        return json_answer(_document(sheets.send_back(actor=self.actor, sheet_id=sheet, reason=reason)))


class ReceiptsOfSheet(ApiView):
    """What a sheet became."""

    @described(
        "list_sheet_receipts",
        "See which statement each row became",
        tag=TAG,
        answers={200: SheetReceipts},
        refused=(*REFUSED, 404, 409),
    )
    def get(self, request: Request, sheet: UUID) -> HttpResponse:
        requests.query(request, ())
        row = sheets.one(self.actor, sheet)
        if row.state != SheetImport.State.SIGNED:
            raise sheets.NotNow("This sheet is not signed yet. Look at its state.")
        acts = sheets.acts_of(row)
        ids = [UUID(act["id"]) for act in acts]
        signed = Statement.objects.filter(issuer=row.organisation_id, urn__in=ids).values_list("urn", "digest")
        digests = {f"urn:uuid:{urn}": f"sha256:{bytes(digest).hex()}" for urn, digest in signed}
        return json_answer(
            SheetReceipts([SheetReceipt(act["rows"][0], act["id"], digests[act["id"]], _lots(act)) for act in acts])
        )


def _lots(act: Mapping[str, Any]) -> list[Urn]:
    return [one["lot"] for one in act["body"].get("outputs", [act["body"]])]


def _column(name: str) -> int:
    number = column_number(name.upper())
    if not number:
        raise BadParameter("Name the column by its letters, for example D.", parameter="column")
    return number


def _documents(rows: Sequence[SheetImport]) -> list[SheetDocument]:
    return [_document(one) for one in rows]


def _document(row: SheetImport) -> SheetDocument:
    place, progress = f"/api/v1/sheets/{row.pk}", sheet_work.progress_of(row) if row.is_at_work else None
    signed = row.state == SheetImport.State.SIGNED
    return SheetDocument(
        id=row.pk,
        act=row.act,
        name=row.name,
        state=row.state,
        revision=row.revision,
        rows=row.rows,
        statements=row.acts,
        mistakes=row.mistakes,
        marks=row.doubts,
        uploaded_at=row.made_at,
        links=SheetLinks(
            place,
            f"/sheets/{row.pk}/",
            UNSET if row.is_at_work else f"{place}/findings",
            f"{place}/receipts" if signed else UNSET,
        ),
        done=progress[0] if progress else UNSET,
        signed_at=row.signed_at or UNSET,
        asked_at=row.asked_at or UNSET,
        reason=row.reason or UNSET,
        error=row.error or UNSET,
    )
