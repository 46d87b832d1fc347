"""Lots of other records: bundles are brought and verified, imports signed by both, logs trusted by the operator."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Final
from uuid import UUID

import django_filters
import msgspec
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from msgspec import UNSET, Meta, Struct, UnsetType
from rest_framework.request import Request

from traceability.api import pages, requests
from traceability.api.documents import Digest, Link, Urn
from traceability.api.idempotency import answer_once
from traceability.api.requests import BadParameter
from traceability.api.schema import KEY, PAGE, described, filter_parameters, of_shape
from traceability.api.views import ApiView, json_answer, json_bytes_answer
from traceability.ledger import shapes
from traceability.ledger.shapes import Object, Text, optional
from traceability.models import ForeignBundle, ImportRequest, TrustedLog
from traceability.selectors import foreign_lots
from traceability.services import countersigning, foreign_bundles, import_file, imports, trusted_logs
from traceability.services.evidence import LONGEST_NAME
from traceability.services.imports import Arrival
from traceability.verifier.imports import CHANGING

TAG: Final = "Other records"
ZIP: Final = "application/zip"
REFUSED: Final = (400, 401, 403)
OWNED: Final = (*REFUSED, 404)
CHANGED: Final = (*OWNED, 409, 413, 415, 422)
ARRIVAL: Final = Object(
    {
        "arrived_on": optional(shapes.Date()),
        "lot_number": optional(Text(imports.LONGEST_NUMBER)),
        "facility": optional(shapes.Urn()),
    }
)
TRUSTED: Final = Object(
    {"name": Text(trusted_logs.LONGEST_NAME), "policy": Text(500_000), "trust": optional(Text(500_000))}
)
REASON: Final = Object({"reason": Text(trusted_logs.LONGEST_REASON)})


class ForeignChange(Struct):
    """Something that was said in the other log of the lot, or of what went into it, after it came in."""

    kind: Annotated[str, Meta(examples=sorted(CHANGING))]
    statement: Digest
    lots: list[Urn]
    issuer: Urn
    issued_at: datetime
    reason: str


class ForeignBundleDocument(Struct):
    """A bundle of another record that your organisation brought; an import is possible once it is `verified`."""

    id: UUID
    name: str
    sha256: Digest
    bytes: int
    state: Annotated[str, Meta(description="waiting, verified, refused or failed.")]
    uploaded_at: datetime
    self: Link
    checked_at: datetime | UnsetType = UNSET
    log: Annotated[str, Meta(description="Origin of the log that it is from.")] | UnsetType = UNSET
    lot: Urn | UnsetType = UNSET
    code: Annotated[str, Meta(description="Why it was refused.")] | UnsetType = UNSET
    sentence: str | UnsetType = UNSET
    report: Annotated[dict[str, Any], Meta(description="What the verifier says, with its checks.")] | UnsetType = UNSET
    proven: Annotated[dict[str, Any], Meta(description="What it proves of the lot.")] | UnsetType = UNSET
    changes: (
        Annotated[
            list[ForeignChange],
            Meta(
                description="Of a later bundle of a lot that is here: what was said since its dispatch; none is empty."
            ),
        ]
        | UnsetType
    ) = UNSET
    progress_pct: Annotated[int, Meta(description="How far the verification is.")] | UnsetType = UNSET
    signed_first_at: Annotated[datetime, Meta(description="When you signed the import.")] | UnsetType = UNSET
    statement: Annotated[Digest, Meta(description="The import, once it is recorded.")] | UnsetType = UNSET


class ImportFileDocument(Struct):
    """An import of a lot, signed by its importer, or by both."""

    format: Annotated[str, Meta(examples=[import_file.FORMAT])]
    envelope: Annotated[dict[str, Any], Meta(description="DSSE, with one signature or two.")]
    disclosures: list[str]


class TrustedLogDocument(Struct):
    """The log of another record, as the operator trusts it or did."""

    id: UUID
    origin: str
    name: str
    policy: str
    trusted_at: datetime
    trust: str | UnsetType = UNSET
    revoked_at: datetime | UnsetType = UNSET
    reason: str | UnsetType = UNSET


class ForeignBundleFilter(django_filters.FilterSet):
    """What bundles of other records are looked for by."""

    state = django_filters.ChoiceFilter(choices=ForeignBundle.State.choices)


class ForeignBundles(ApiView):
    """The bundles of other records that your organisation brought."""

    @described(
        "list_foreign_bundles",
        "List the bundles of other records that you brought, newest first",
        tag=TAG,
        answers={200: pages.Page[ForeignBundleDocument]},
        refused=REFUSED,
        parameters=filter_parameters(ForeignBundleFilter),
    )
    def get(self, request: Request) -> HttpResponse:
        asked = requests.query(request, pages.PARAMETERS | ForeignBundleFilter.base_filters.keys())
        rows = ForeignBundleFilter(asked, foreign_lots.bundles(self.actor))
        return pages.page_of(request, pages.filtered(rows), _documents, order=("-uploaded_at", "pk"))

    @described(
        "upload_foreign_bundle",
        "Bring the bundle of a lot that was dispatched to you from another record; it is verified",
        tag=TAG,
        request={ZIP: {"type": "string", "format": "binary"}},
        answers={201: ForeignBundleDocument},
        refused=(*CHANGED, 429),
        parameters=[
            OpenApiParameter("name", {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME}, required=True),
            KEY,
        ],
    )
    def post(self, request: Request) -> HttpResponse:
        name = requests.query(request, ("name",)).get("name", "")
        if not 1 <= len(name) <= LONGEST_NAME:
            raise BadParameter(f"Name the file, in at most {LONGEST_NAME} characters.", parameter="name")
        requests.media_type(request, ZIP)
        content = requests.read_bytes(request, max_bytes=foreign_bundles.most_bytes())
        return answer_once(request, self.actor, lambda: self._upload(name, content))

    def _upload(self, name: str, content: bytes) -> HttpResponse:
        made = foreign_bundles.upload(actor=self.actor, name=name, content=content)
        shown = _document(foreign_bundles.run_small(made))
        answer = json_answer(shown, status=201)
        answer["Location"] = shown.self
        return answer


class OneForeignBundle(ApiView):
    """One of them."""

    @described(
        "read_foreign_bundle",
        "See what the verifier says of a bundle, and what it proves",
        tag=TAG,
        answers={200: ForeignBundleDocument},
        refused=OWNED,
    )
    def get(self, request: Request, foreign: UUID) -> HttpResponse:
        requests.query(request, ())
        row = foreign_lots.bundle(self.actor, foreign)
        return json_answer(_document(row, foreign_lots.request_of(self.actor, row), whole=True))

    @described(
        "discard_foreign_bundle",
        "Throw a bundle away on which no import rests",
        tag=TAG,
        answers={204: None},
        refused=(*OWNED, 409, 422),
    )
    def delete(self, request: Request, foreign: UUID) -> HttpResponse:
        foreign_bundles.discard(actor=self.actor, bundle=foreign)
        return HttpResponse(status=204)


class Verification(ApiView):
    """Another look at a bundle that was refused."""

    @described(
        "verify_foreign_bundle",
        "Let a bundle that was refused be verified again, for example because its log is trusted now",
        tag=TAG,
        answers={200: ForeignBundleDocument},
        refused=(*OWNED, 409, 422),
    )
    def post(self, request: Request, foreign: UUID) -> HttpResponse:
        row = foreign_bundles.run_small(foreign_bundles.verify_again(actor=self.actor, bundle=foreign))
        return json_answer(_document(row, foreign_lots.request_of(self.actor, row), whole=True))


class ImportOfBundle(ApiView):
    """The import of the lot that a verified bundle proves."""

    @described(
        "read_import",
        "Take the file that the sender signs second",
        tag=TAG,
        answers={200: ImportFileDocument},
        refused=(*OWNED, 409),
    )
    def get(self, request: Request, foreign: UUID) -> HttpResponse:
        requests.query(request, ())
        return json_bytes_answer(imports.file_of(imports.begun(actor=self.actor, bundle=foreign)))

    @described(
        "sign_import",
        "Sign an import first; the answer is the file for the sender, who signs second",
        tag=TAG,
        request={requests.JSON: of_shape(ARRIVAL)},
        answers={201: ImportFileDocument},
        refused=CHANGED,
        parameters=[KEY],
    )
    def post(self, request: Request, foreign: UUID) -> HttpResponse:
        foreign_lots.bundle(self.actor, foreign)
        given = requests.read_object(request, ARRIVAL)
        day = given.get("arrived_on")
        arrival = Arrival(
            None if day is None else date.fromisoformat(day), given.get("lot_number", ""), given.get("facility", "")
        )

        def once() -> HttpResponse:
            made = imports.sign(actor=self.actor, bundle=foreign, arrival=arrival)
            return json_bytes_answer(imports.file_of(made), status=201)

        return answer_once(request, self.actor, once)

    @described(
        "take_import_back",
        "Take back an import that is not recorded yet",
        tag=TAG,
        answers={204: None},
        refused=(*OWNED, 409, 422),
    )
    def delete(self, request: Request, foreign: UUID) -> HttpResponse:
        imports.take_back(actor=self.actor, bundle=foreign)
        return HttpResponse(status=204)


class ImportReply(ApiView):
    """The file of an import as the sender gave it back."""

    @described(
        "record_import",
        "Record an import that the sender has signed second; a second time changes nothing",
        tag=TAG,
        request={requests.JSON: of_shape(import_file.SHAPE)},
        answers={200: ForeignBundleDocument},
        refused=CHANGED,
    )
    def post(self, request: Request, foreign: UUID) -> HttpResponse:
        row = foreign_lots.bundle(self.actor, foreign)
        requests.media_type(request, requests.JSON)
        content = requests.read_bytes(request, max_bytes=import_file.MOST_BYTES)
        imports.finish(actor=self.actor, bundle=foreign, content=content)
        return json_answer(_document(row, foreign_lots.request_of(self.actor, row), whole=True))


class Countersignatures(ApiView):
    """Second signatures under imports into other records, of lots that you dispatched there."""

    @described(
        "countersign_import",
        "Sign an import into another record second; the same file again gives the same answer",
        tag=TAG,
        request={requests.JSON: of_shape(import_file.SHAPE)},
        answers={200: ImportFileDocument},
        refused=(*REFUSED, 409, 413, 415, 422),
    )
    def post(self, request: Request) -> HttpResponse:
        requests.media_type(request, requests.JSON)
        content = requests.read_bytes(request, max_bytes=import_file.MOST_BYTES)
        return json_bytes_answer(countersigning.file_of(countersigning.sign(actor=self.actor, content=content)))


class TrustedLogs(ApiView):
    """The logs of other records that the operator trusts."""

    for_people = True

    @described(
        "list_trusted_logs",
        "List the logs of other records that are or were trusted, newest first",
        tag="Operator",
        answers={200: pages.Page[TrustedLogDocument]},
        refused=(*REFUSED, 404),
        parameters=PAGE,
    )
    def get(self, request: Request) -> HttpResponse:
        requests.query(request, pages.PARAMETERS)
        rows = foreign_lots.trusted_logs(self.actor)
        return pages.page_of(request, rows, _trusted_documents, order=("-trusted_at", "pk"))

    @described(
        "trust_log",
        "Trust the log of another record by its policy; the same files again change nothing",
        tag="Operator",
        request={requests.JSON: of_shape(TRUSTED)},
        answers={200: TrustedLogDocument},
        refused=CHANGED,
    )
    def post(self, request: Request) -> HttpResponse:
        foreign_lots.trusted_logs(self.actor)
        given = requests.read_object(request, TRUSTED)
        row = trusted_logs.trust(
            actor=self.actor, name=given["name"], policy=given["policy"], trust_file=given.get("trust", "")
        )
        return json_answer(_trusted(row))


class TrustedLogEnd(ApiView):
    """The end of the trust in a log."""

    for_people = True

    @described(
        "distrust_log",
        "Trust a log no longer, and say why; a second time changes nothing",
        tag="Operator",
        request={requests.JSON: of_shape(REASON)},
        answers={200: TrustedLogDocument},
        refused=CHANGED,
    )
    def post(self, request: Request, log: UUID) -> HttpResponse:
        foreign_lots.trusted_log(self.actor, log)
        reason = requests.read_object(request, REASON)["reason"]
        return json_answer(_trusted(trusted_logs.revoke(actor=self.actor, log=log, reason=reason)))


def _documents(rows: Sequence[ForeignBundle]) -> list[ForeignBundleDocument]:
    return [_document(row) for row in rows]


def _document(row: ForeignBundle, asked: ImportRequest | None = None, *, whole: bool = False) -> ForeignBundleDocument:
    said = None if asked is None else asked.statement
    return ForeignBundleDocument(
        id=row.pk,
        name=row.name,
        sha256=f"sha256:{bytes(row.sha256).hex()}",
        bytes=row.octets,
        state=row.state,
        uploaded_at=row.uploaded_at,
        self=f"/api/v1/foreign-bundles/{row.pk}",
        checked_at=row.checked_at or UNSET,
        log=row.origin or UNSET,
        lot=f"urn:uuid:{row.lot}" if row.lot else UNSET,
        code=row.code or UNSET,
        sentence=row.sentence or UNSET,
        report=(whole and row.report) or UNSET,
        proven=(whole and row.proven) or UNSET,
        changes=UNSET if row.changes is None else msgspec.convert(row.changes, list[ForeignChange]),
        progress_pct=_progress(row),
        signed_first_at=UNSET if asked is None else asked.signed_at,
        statement=UNSET if said is None else f"sha256:{bytes(said.digest).hex()}",
    )


def _progress(row: ForeignBundle) -> int | UnsetType:
    done = foreign_bundles.progress_of(row) if row.state == ForeignBundle.State.WAITING else None
    return UNSET if done is None else done


def _trusted_documents(rows: Sequence[TrustedLog]) -> list[TrustedLogDocument]:
    return [_trusted(row) for row in rows]


def _trusted(row: TrustedLog) -> TrustedLogDocument:
    return TrustedLogDocument(
        id=row.pk,
        origin=row.origin,
        name=row.name,
        policy=row.policy,
        trusted_at=row.trusted_at,
        trust=row.trust or UNSET,
        revoked_at=row.revoked_at or UNSET,
        reason=row.reason or UNSET,
    )
