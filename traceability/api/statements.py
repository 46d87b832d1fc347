"""Statements: submit one or many, read the stored bytes, the values beside them, and the receipt with its proof."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

import django_filters
import msgspec
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request

from traceability.api import documents, pages, requests
from traceability.api.idempotency import answer_once
from traceability.api.requests import ENVELOPE, JSON, NDJSON
from traceability.api.schema import (
    DIGEST,
    ENVELOPE_SCHEMA,
    IF_NONE_MATCH,
    KEY,
    described,
    example,
    filter_parameters,
    submission_schema,
)
from traceability.api.submissions import (
    MAX_BATCH_BYTES,
    MAX_LINES,
    made_lots,
    named_lots,
    read_batch,
    read_submission,
)
from traceability.api.views import ApiView, PublicView, json_answer
from traceability.ledger import closed, identifiers
from traceability.ledger.custody import LotUnknown
from traceability.ledger.errors import RecordError
from traceability.ledger.kinds import KINDS
from traceability.ledger.tlogproof import format_proof
from traceability.models import Disclosure, Finding, Statement
from traceability.selectors import access, log, receipts, statements
from traceability.selectors.access import NO_PROGRAMS, Actor, NotFound
from traceability.selectors.statements import OPEN_TO_ANYBODY, Opened
from traceability.services import acceptance
from traceability.services.draft_reading import NOT_SEEN
from traceability.services.errors import ApprovalWanted
from traceability.services.rows_world import read_statement, urn_of, uuid_of
from traceability.services.submissions import Receipt, SignedSubmission, Submission

IMMUTABLE: Final = "max-age=31536000, immutable"


TAG: Final = "Statements"
REFUSED: Final = (400, 401, 403, 404, 409, 413, 415, 422)
UNSEEN: Final = (400, 401, 404)
SUBMISSION: Final = submission_schema()
SOURCE: Final = example(
    "A lot of ore",
    {
        "id": "urn:uuid:01a20044-1e90-7584-97e3-169105e74e78",
        "kind": "lot.source",
        "occurred_from": "2026-11-05T08:30:00Z",
        "utc_offset": "-07:00",
        "body": {
            "lot": "urn:uuid:01a20044-1e90-7e90-aff8-3037213da799",
            "material": "bastnaesite ore",
            "stage": "ore",
            "lot_number": "ORE-2026-114",
            "mass_kg": "1000",
            "origin": "mined",
            "country": "US",
            "assay": {"basis": "dry_mass", "rows": [{"species": "Nd2O3", "content_pct": "0.66"}]},
        },
    },
)


class SignedFilter(django_filters.FilterSet):
    """What signed statements are looked for by."""

    kind = django_filters.ChoiceFilter(choices=[(one, one) for one in KINDS])


class Statements(ApiView):
    """What your organisation says."""

    @described(
        "list_statements",
        "List what your organisation signed, first or second, newest first",
        tag=TAG,
        answers={200: pages.Page[documents.SignedStatement]},
        refused=(400, 401, 403),
        parameters=filter_parameters(SignedFilter),
    )
    def get(self, request: Request) -> HttpResponse:
        asked = requests.query(request, pages.PARAMETERS | SignedFilter.base_filters.keys())
        rows = pages.filtered(SignedFilter(asked, receipts.signed(self.actor)))
        return pages.page_of(request, rows, _signed, order=("-pk",))

    @described(
        "submit_statement",
        "Submit a statement",
        tag=TAG,
        request={JSON: SUBMISSION, ENVELOPE: ENVELOPE_SCHEMA},
        answers={201: documents.Receipt, 200: documents.Receipt},
        refused=REFUSED,
        parameters=[KEY],
        examples=[SOURCE],
    )
    def post(self, request: Request) -> HttpResponse:
        requests.query(request, ())
        sent = requests.media_type(request, JSON, ENVELOPE)
        written = requests.read_bytes(request, max_bytes=requests.MAX_JSON_BYTES)
        answer = answer_once(request, self.actor, lambda: self._submit(written, sent))
        return placed(answer)

    def _submit(self, written: bytes, sent: str) -> HttpResponse:
        one = SignedSubmission(written) if sent == ENVELOPE else read_submission(written, self.actor)
        [receipt] = accept(self.actor, [one], self.today)
        return json_answer(receipt_documents([receipt])[0], status=200 if receipt.repeated else 201)


class StatementBatch(ApiView):
    """Submit many statements, all or none."""

    @described(
        "submit_batch",
        "Submit many statements, one a line, all or none",
        tag=TAG,
        request={NDJSON: {"type": "string", "description": f"At most {MAX_LINES} lines, each a submission."}},
        answers={201: documents.BatchReceipts, 200: documents.BatchReceipts},
        refused=REFUSED,
        parameters=[KEY],
    )
    def post(self, request: Request) -> HttpResponse:
        requests.query(request, ())
        requests.media_type(request, NDJSON)
        written = requests.read_bytes(request, max_bytes=MAX_BATCH_BYTES)
        return answer_once(request, self.actor, lambda: self._submit(written))

    def _submit(self, written: bytes) -> HttpResponse:
        submissions, lines = read_batch(written, self.actor)
        receipts = accept(self.actor, submissions, self.today, lines=lines)
        status = 200 if all(one.repeated for one in receipts) else 201
        return json_answer(documents.BatchReceipts(receipt_documents(receipts)), status=status)


class StatementBytes(PublicView):
    """One statement as it was signed, byte for byte."""

    @described(
        "read_statement",
        "Read a statement as it was signed, byte for byte",
        tag=TAG,
        answers={200: {ENVELOPE: ENVELOPE_SCHEMA}, 304: None},
        refused=UNSEEN,
        parameters=[DIGEST, IF_NONE_MATCH],
    )
    def get(self, request: Request, digest: str) -> HttpResponseBase:
        requests.query(request, ())
        return envelope_answer(request, visible(self, digest))


class StatementDisclosures(PublicView):
    """The confidential values of a statement."""

    @described(
        "read_disclosures",
        "Read the confidential values that you may see",
        tag=TAG,
        answers={200: documents.Disclosures},
        refused=UNSEEN,
        parameters=[DIGEST],
    )
    def get(self, request: Request, digest: str) -> HttpResponse:
        requests.query(request, ())
        [found] = statements.open_rows(self.actor_or_anybody, [visible(self, digest)], self.today)
        return json_answer(_disclosures_document(found))


class StatementReceipt(PublicView):
    """What was accepted, and its place in the log."""

    @described(
        "read_receipt",
        "Read the receipt, with the proof once it is logged",
        tag=TAG,
        answers={200: documents.LoggedReceipt},
        refused=UNSEEN,
        parameters=[DIGEST],
    )
    def get(self, request: Request, digest: str) -> HttpResponse:
        requests.query(request, ())
        row = visible(self, digest)
        receipt = acceptance.receipt_of(row, read_statement(row, {})[0])
        notes = [documents.FindingNote(one.code, one.sentence) for one in row.findings.order_by("pk")]
        proof = _proof(row, digest)
        return json_answer(
            documents.LoggedReceipt(
                **_receipt_members(receipt, notes),
                state="accepted" if proof is msgspec.UNSET else "logged",
                proof=proof,
            )
        )


def accept(actor: Actor, submissions: Sequence[Submission], today: date, *, lines: Sequence[int] = ()) -> list[Receipt]:
    """The receipts of the door; a refusal names the line, and a lot that the actor may not see is none that exists."""
    own = actor.organisation
    if own.approval_wanted and not (actor.program and own.programs_sign):  # nor does an approver sign his own so
        raise ApprovalWanted(NO_PROGRAMS)
    try:
        return acceptance.accept(actor=actor, submissions=submissions)
    except RecordError as error:
        number = error.fields.pop("submission", None)
        if not isinstance(number, int):
            raise
        line = {"line": lines[number]} if lines else {}
        if lot := _foreign_lot(submissions, number, actor, today):
            raise LotUnknown(NOT_SEEN, path="/chains", lot=lot, **line) from None
        error.fields |= line
        raise


def placed(answer: HttpResponse) -> HttpResponse:
    """The answer with the address and the tag of the statement that it is the receipt of."""
    if answer.status_code in (200, 201):
        found = _RECEIPT.decode(answer.content)
        answer["Location"] = found.links.self
        answer["ETag"] = f'"{found.digest}"'
    return answer


def receipt_documents(receipts: Sequence[Receipt]) -> list[documents.Receipt]:
    """The receipts as documents; the sentences of their findings come in one query."""
    notes = _notes_of([one.digest for one in receipts if one.findings])
    return [documents.Receipt(**_receipt_members(one, notes.get(one.digest, []))) for one in receipts]


def links_of(digest: str) -> documents.StatementLinks:
    """Where a statement and what belongs to it is read."""
    place = f"/api/v1/statements/{digest}"
    return documents.StatementLinks(place, f"{place}/disclosures", f"{place}/receipt")


def visible(view: ApiView, digest: str) -> Statement:
    """A statement that who asks may see; anybody is asked to say who he is where it is not public."""
    try:
        return statements.statement(view.actor_or_anybody, digest, view.today)
    except NotFound:
        if view.actor_or_anybody is None:
            raise NotAuthenticated from None
        raise


def _signed(rows: Sequence[Statement]) -> list[documents.SignedStatement]:
    places = statements.log_places(rows)
    return [
        documents.SignedStatement(
            id=f"urn:uuid:{row.urn}",
            digest=digest_of(row),
            kind=row.kind,
            issuer=urn_of(row.issuer),
            accepted_at=row.accepted_at,
            links=links_of(digest_of(row)),
            index=places.get(row.pk, msgspec.UNSET),
        )
        for row in rows
    ]


def envelope_answer(request: Request, row: Statement) -> HttpResponse:
    """The stored envelope, or 304 for who has it already; it never changes."""
    tag = f'"{digest_of(row)}"'
    given = parse_etags(request.headers.get("If-None-Match", ""))
    known = tag in given or f"W/{tag}" in given or "*" in given
    body = b"" if known else bytes(row.envelope)
    answer = HttpResponse(body, status=304 if known else 200, content_type=ENVELOPE)
    answer["ETag"] = tag
    answer["Cache-Control"] = f"{'public' if row.kind.startswith(OPEN_TO_ANYBODY) else 'private'}, {IMMUTABLE}"
    patch_vary_headers(answer, ("Authorization", "Cookie"))
    return answer


def digest_of(row: Statement) -> str:
    """The digest of a stored statement as text."""
    return f"sha256:{bytes(row.digest).hex()}"


class _Placed(msgspec.Struct):
    digest: str
    links: documents.StatementLinks


_RECEIPT: Final = msgspec.json.Decoder(_Placed)


def _foreign_lot(submissions: Sequence[Submission], number: int, actor: Actor, today: date) -> str | None:
    """A lot that this submission draws on or speaks of, and that the actor may not see."""
    made = {lot for one in submissions for lot in made_lots(one)}
    for lot in sorted(named_lots(submissions[number]) - made):
        try:
            access.lot(actor, uuid_of(lot), today)
        except NotFound:
            return lot
    return None


def _receipt_members(receipt: Receipt, notes: list[documents.FindingNote]) -> dict[str, Any]:
    return {
        "id": receipt.id,
        "kind": receipt.kind,
        "issuer": receipt.issuer,
        "digest": receipt.digest,
        "custody_hashes": receipt.custody_hashes,
        "accepted_at": receipt.accepted_at,
        "findings": notes,
        "links": links_of(receipt.digest),
    }


def _notes_of(digests: Sequence[str]) -> dict[str, list[documents.FindingNote]]:
    notes: dict[str, list[documents.FindingNote]] = {}
    if digests:
        wanted = [identifiers.digest_bytes(digest) for digest in digests]
        for one in Finding.objects.filter(statement__digest__in=wanted).select_related("statement").order_by("pk"):
            notes.setdefault(digest_of(one.statement), []).append(documents.FindingNote(one.code, one.sentence))
    return notes


def _disclosures_document(found: Opened) -> documents.Disclosures:
    digests = closed.closed_digests(found.statement.content)
    shown = {path: digest for path, digest in digests.items() if path not in found.withheld}
    rows = {row.digest: row for row in Disclosure.objects.filter(digest__in=shown.values())}
    return documents.Disclosures(
        statement=digest_of(found.row),
        disclosures=[_opened_value(path, rows[digest]) for path, digest in shown.items()],
        withheld=withheld_documents(found, found.withheld),
    )


def withheld_documents(found: Opened, places: Iterable[str]) -> list[documents.Withheld]:
    """Places that the reader may not read: their issuer decides, and what was erased nobody reads."""
    by = urn_of(found.row.issuer)
    return [documents.Withheld(path, by, erased=path in found.erased) for path in places]


def _opened_value(path: str, row: Disclosure) -> documents.OpenedValue:
    text = row.text or ""
    return documents.OpenedValue(path, row.group, row.digest, closed.parse_disclosure(text).value, text)


def _proof(row: Statement, digest: str) -> documents.InclusionProof | msgspec.UnsetType:
    try:
        proof = log.inclusion_proof(digest)
    except (log.NotInLog, log.LogNotOpen):
        return msgspec.UNSET
    leaf = log.leaf_of(bytes(row.digest), bytes(row.key_id), bytes(row.envelope))
    note = proof.checkpoint.decode()
    return documents.InclusionProof(
        index=proof.index,
        tree_size=int(note.split("\n", 2)[1]),
        leaf=identifiers.b64_encode(leaf),
        hashes=[identifiers.b64_encode(one) for one in proof.hashes],
        checkpoint=note,
        tlog_proof=format_proof(proof).decode(),
    )
