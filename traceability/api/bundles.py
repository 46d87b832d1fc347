"""Audit bundles: small ones at once, large ones as a job that is asked for, looked at, fetched or cancelled."""

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from tempfile import TemporaryFile
from typing import Annotated, Final
from uuid import UUID

from django.http import FileResponse, HttpResponse
from msgspec import UNSET, Meta, Struct, UnsetType
from rest_framework.request import Request

from traceability.api import pages, requests
from traceability.api.schema import PAGE, described
from traceability.api.views import ApiView, json_answer
from traceability.models import ApiToken, BundleJob
from traceability.selectors import access, log
from traceability.services import bundle_jobs, export

TAG: Final = "Lots"
ZIP: Final = "application/zip"
FILE: Final = {ZIP: {"type": "string", "format": "binary"}}
REFUSED: Final = (400, 401, 403)
Scope = ApiToken.Scope


class BundleLinks(Struct):
    """Where a bundle is looked at; `file` once it is packed."""

    self: str
    lot: str
    file: str | UnsetType = UNSET


class BundleDocument(Struct):
    """A bundle that is packed in the background. Only who asked for it sees it, for a week."""

    id: UUID
    lot: UUID
    state: Annotated[str, Meta(description="waiting, running, done, failed or cancelled.")]
    requested_at: datetime
    kept_until: datetime
    statements_found: Annotated[int, Meta(description="So far; all of them once `statements` is there.")]
    statements_packed: int
    links: BundleLinks
    statements: Annotated[int, Meta(description="All that belong to it.")] | UnsetType = UNSET
    ended_at: datetime | UnsetType = UNSET
    bytes: int | UnsetType = UNSET
    custody_hash: str | UnsetType = UNSET
    error: Annotated[str, Meta(description="Why it failed, or is tried again.")] | UnsetType = UNSET


class LotBundle(ApiView):
    """The audit bundle of a lot that is with you, to be verified offline."""

    scopes = {"POST": Scope.READ}

    @described(
        "export_bundle",
        "Export the audit bundle of a lot at once",
        tag=TAG,
        answers={200: FILE},
        refused=(*REFUSED, 404, 409),
    )
    def get(self, request: Request, lot: UUID) -> FileResponse:
        requests.query(request, ())
        row = access.lot(self.actor, lot, self.today)
        bundle_jobs.require_small(actor=self.actor, lot=row.pk)
        with ExitStack() as on_refusal:
            file = on_refusal.enter_context(TemporaryFile())
            try:
                export.export_bundle(actor=self.actor, lot=row.pk, file=file)
            except log.NotInLog as error:
                raise log.NotPublishedYet(error.sentence) from error
            on_refusal.pop_all()
        file.seek(0)
        return FileResponse(file, as_attachment=True, filename=f"{row.pk}{export.ENDING}", content_type=ZIP)

    @described(
        "request_bundle",
        "Let the audit bundle of a lot be packed, and fetch it later",
        tag=TAG,
        answers={202: BundleDocument},
        refused=(*REFUSED, 404),
    )
    def post(self, request: Request, lot: UUID) -> HttpResponse:
        row = access.lot(self.actor, lot, self.today)
        job = bundle_jobs.request(actor=self.actor, lot=row.pk)
        answer = json_answer(_document(job), status=202)
        answer["Location"] = _place(job)
        return answer


class Bundles(ApiView):
    """The bundles that you asked for."""

    @described(
        "list_bundles",
        "List the bundles that you asked for",
        tag=TAG,
        answers={200: pages.Page[BundleDocument]},
        refused=REFUSED,
        parameters=PAGE,
    )
    def get(self, request: Request) -> HttpResponse:
        requests.query(request, pages.PARAMETERS)
        return pages.page_of(request, bundle_jobs.of(self.actor), _documents, order=("-requested_at", "pk"))


class OneBundle(ApiView):
    """One of them: how far it is."""

    scopes = {"DELETE": Scope.READ}

    @described(
        "read_bundle", "See how far a bundle is", tag=TAG, answers={200: BundleDocument}, refused=(*REFUSED, 404)
    )
    def get(self, request: Request, bundle: UUID) -> HttpResponse:
        requests.query(request, ())
        return json_answer(_document(bundle_jobs.one(self.actor, bundle)))

    @described(
        "cancel_bundle",
        "Cancel a bundle, or take its file away",
        tag=TAG,
        answers={204: None},
        refused=(*REFUSED, 404),
    )
    def delete(self, request: Request, bundle: UUID) -> HttpResponse:
        bundle_jobs.cancel(actor=self.actor, job=bundle)
        return HttpResponse(status=204)


class BundleFile(ApiView):
    """A packed bundle."""

    @described("fetch_bundle", "Fetch a packed bundle", tag=TAG, answers={200: FILE}, refused=(*REFUSED, 404, 409))
    def get(self, request: Request, bundle: UUID) -> FileResponse:
        requests.query(request, ())
        job, path = bundle_jobs.file_of(actor=self.actor, job=bundle)
        name = f"{job.lot}{export.ENDING}"
        return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=ZIP)


def _documents(jobs: Sequence[BundleJob]) -> list[BundleDocument]:
    return [_document(one) for one in jobs]


def _document(job: BundleJob) -> BundleDocument:
    done = job.state == BundleJob.State.DONE
    return BundleDocument(
        id=job.pk,
        lot=job.lot,
        state=job.state,
        requested_at=job.requested_at,
        kept_until=job.requested_at + bundle_jobs.KEPT,
        statements_found=job.found,
        statements_packed=job.packed,
        links=BundleLinks(_place(job), f"/api/v1/lots/{job.lot}", f"{_place(job)}/file" if done else UNSET),
        statements=UNSET if job.total is None else job.total,
        ended_at=job.ended_at or UNSET,
        bytes=UNSET if job.octets is None else job.octets,
        custody_hash=job.custody_hash or UNSET,
        error=job.error or UNSET,
    )


def _place(job: BundleJob) -> str:
    return f"/api/v1/bundles/{job.pk}"
