"""The way of a declaration from its submission to the register: for declarant, verifier and programme operator."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from django.http import HttpResponse
from msgspec import UNSET, Meta, Struct, UnsetType
from rest_framework.request import Request

from epd.api.approvals import FiguresApprovalDocument, asked_answer
from epd.api.declarations import ONE, TAG, DeclarationFilter, find, summary
from epd.api.documents import DeclarationSummary
from epd.models import Declaration, Remark
from epd.selectors import checklist, declarations
from epd.selectors import verification as selector
from epd.services import approvals, review, verification
from epd.services.verification import Answers, Entry
from traceability.api import pages, requests
from traceability.api.documents import Digest, Receipt
from traceability.api.idempotency import answer_once
from traceability.api.schema import KEY, described, filter_parameters, of_shape
from traceability.api.statements import placed, receipt_documents
from traceability.api.views import ApiView, PublicView, json_answer
from traceability.ledger.kinds.declarations import DECLARING
from traceability.ledger.kinds.verification import (
    ANSWERS,
    LEVELS,
    POINTS,
    REGISTRATION,
    SCOPES,
    VERIFICATION,
)
from traceability.ledger.shapes import Date as DateShape
from traceability.ledger.shapes import Digest as DigestShape
from traceability.ledger.shapes import Flag, ListOf, Object, Text, Urn, Word, optional
from traceability.models import Organisation
from traceability.selectors.access import NotFound
from traceability.services.rows_world import uuid_of

REFUSED: Final = (400, 401, 403, 404, 409, 413, 415, 422)
UNSEEN: Final = (400, 401, 403, 404)
SUBMIT: Final = Object({"to": Urn(), "asks": Word((VERIFICATION, REGISTRATION))})
_POINT: Final = Object({"point": Word(POINTS), "answer": Word(ANSWERS), "note": optional(Text(500))})
VERIFY: Final = Object(
    {
        "level": Word(LEVELS),
        "scope": optional(Word(SCOPES)),
        "standards": ListOf(Text(120), most=10, distinct=True),
        "valid_until": DateShape(),
        "points": ListOf(_POINT, most=len(POINTS)),
        "sampled": optional(ListOf(DigestShape(), distinct=True)),
        "accreditation": optional(Text(200)),
        "note": optional(Text(1000)),
    }
)
REFUSE: Final = Object({"reason": Text(1000), "successor": optional(Urn())})
_PCR: Final = Object({"name": Text(200), "number": optional(Text(60)), "valid_until": optional(DateShape())})
REGISTER: Final = Object(
    {
        "programme": Text(200),
        "number": Text(60),
        "pcr": _PCR,
        "published": DateShape(),
        "valid_until": DateShape(),
    }
)
REMARK: Final = Object({"kind": Word(tuple(Remark.Kind.values)), "text": Text(2000), "point": optional(Word(POINTS))})
DONE: Final = Object({"done": Flag()})


class NotedDocument(Struct):
    """What a rule says; one that blocks stands in the way of a submission."""

    rule: Annotated[str, Meta(examples=["P8", "fuel_unit"])]
    sentence: str
    blocks: bool


class EvidenceDocument(Struct):
    """A row of the record on a point; an amount that is absent is withheld or was not stated."""

    statement: Digest
    what: str
    lot: str
    unit: str
    note: str
    amount: str | UnsetType = UNSET


class PointDocument(Struct):
    """A point of the check list with its evidence."""

    point: Annotated[str, Meta(examples=list(POINTS))]
    evidence: list[EvidenceDocument]
    more: Annotated[int, Meta(description="Rows that are not listed.")]
    findings: list[str]


class ReviewDocument(Struct):
    """What a verifier looks at. `unseen` lots are not open to you: ask their makers for a mandate."""

    findings: list[NotedDocument]
    points: list[PointDocument]
    lots_seen: int
    lots_unseen: int


class SaidDocument(Struct):
    """One signed step of a declaration; its body is open to anybody."""

    kind: Annotated[str, Meta(examples=["declaration.submit", "declaration.verify"])]
    by: str
    at: datetime
    statement: Digest
    body: Mapping[str, Any] | UnsetType = UNSET


class HistoryDocument(Struct):
    """All signed steps, oldest first; the first one, the publication, is read at the declaration itself."""

    steps: list[SaidDocument]


class RemarkDocument(Struct):
    """What declarant and verifier write to each other; nothing of it is signed."""

    id: UUID
    kind: Annotated[str, Meta(examples=list(Remark.Kind.values))]
    by: str
    text: str
    created_at: datetime
    point: str | UnsetType = UNSET
    done_at: datetime | UnsetType = UNSET


class RemarksDocument(Struct):
    """All remarks that you may read, oldest first."""

    remarks: list[RemarkDocument]


class Verifications(ApiView):
    """What was submitted to you."""

    @described(
        "list_verifications",
        "List the declarations that were submitted to your organisation, and those that it verified or registered",
        tag=TAG,
        answers={200: pages.Page[DeclarationSummary]},
        refused=(400, 401, 403),
        parameters=filter_parameters(DeclarationFilter),
    )
    def get(self, request: Request) -> HttpResponse:
        wanted = requests.query(request, DeclarationFilter.base_filters.keys() | pages.PARAMETERS)
        rows = pages.filtered(DeclarationFilter(wanted, selector.submitted_to(self.actor)))
        return pages.page_of(request, rows, _summaries, order=("-published_at", "pk"))


def _summaries(rows: Sequence[Declaration]) -> list[DeclarationSummary]:
    return [summary(row) for row in rows]


class Submission(ApiView):
    """Submit a declaration of your own."""

    @described(
        "submit_declaration",
        "Put the submission of a declaration of yours, for verification or registration, before a colleague",
        tag=TAG,
        request={requests.JSON: of_shape(SUBMIT)},
        answers={201: FiguresApprovalDocument},
        refused=REFUSED,
        parameters=[ONE],
    )
    def post(self, request: Request, declaration: str) -> HttpResponse:
        row = find(declaration)
        if row.declarant_id != self.actor.organisation.pk:
            raise NotFound("There is no such declaration.")
        wanted = requests.read_object(request, SUBMIT)
        to = Organisation.objects.filter(pk=uuid_of(wanted["to"])).first()
        if to is None:
            raise NotFound("There is no such organisation here.")
        asked = approvals.ask_submission(actor=self.actor, declaration=row, to=to, asks=wanted["asks"])
        return asked_answer(asked)


class _Answering(ApiView):
    """An answer to a submission, signed for the organisation of who acts."""

    def once(self, request: Request, run: Any) -> HttpResponse:
        def answer() -> HttpResponse:
            return json_answer(receipt_documents([run()])[0], status=201)

        return placed(answer_once(request, self.actor, answer))


class VerificationStatement(_Answering):
    """Verify."""

    @described(
        "sign_verification",
        "Sign the verification of a declaration that was submitted to you",
        tag=TAG,
        request={requests.JSON: of_shape(VERIFY)},
        answers={201: Receipt},
        refused=REFUSED,
        parameters=[ONE, KEY],
    )
    def post(self, request: Request, declaration: str) -> HttpResponse:
        row = selector.one_for(self.actor, find(declaration).reference)
        said = requests.read_object(request, VERIFY)
        answers = Answers(
            level=said["level"],
            standards=tuple(said["standards"]),
            valid_until=date.fromisoformat(said["valid_until"]),
            points={one["point"]: (one["answer"], one.get("note", "")) for one in said["points"]},
            scope=said.get("scope", SCOPES[0]),
            sampled=tuple(said.get("sampled", ())),
            accreditation=said.get("accreditation", ""),
            note=said.get("note", ""),
        )
        return self.once(request, lambda: verification.verify(actor=self.actor, declaration=row, answers=answers))


class Refusal(_Answering):
    """Refuse, or take back."""

    @described(
        "refuse_declaration",
        "Refuse a declaration that was submitted to you, or take your verification or registration back",
        tag=TAG,
        request={requests.JSON: of_shape(REFUSE)},
        answers={201: Receipt},
        refused=REFUSED,
        parameters=[ONE, KEY],
    )
    def post(self, request: Request, declaration: str) -> HttpResponse:
        row = selector.one_for(self.actor, find(declaration).reference)
        said = requests.read_object(request, REFUSE)
        successor = None
        if "successor" in said:
            successor = selector.submitted_to(self.actor).filter(pk=uuid_of(said["successor"])).first()
            if successor is None:
                raise NotFound("There is no such declaration that you registered.")
        return self.once(
            request,
            lambda: verification.refuse(actor=self.actor, declaration=row, reason=said["reason"], successor=successor),
        )


class Registration(_Answering):
    """Register."""

    @described(
        "register_declaration",
        "Register a verified declaration that was submitted to you",
        tag=TAG,
        request={requests.JSON: of_shape(REGISTER)},
        answers={201: Receipt},
        refused=REFUSED,
        parameters=[ONE, KEY],
    )
    def post(self, request: Request, declaration: str) -> HttpResponse:
        row = selector.one_for(self.actor, find(declaration).reference)
        said = requests.read_object(request, REGISTER)
        entry = Entry(
            said["programme"], said["number"], said["pcr"], date.fromisoformat(said["published"]),
            date.fromisoformat(said["valid_until"]),
        )  # fmt: skip
        return self.once(request, lambda: verification.register(actor=self.actor, declaration=row, entry=entry))


class Review(ApiView):
    """What a verifier looks at."""

    @described(
        "review_declaration",
        "Read what our own rules find in a declaration, and the check list with the evidence that is open to you",
        tag=TAG,
        answers={200: ReviewDocument},
        refused=UNSEEN,
        parameters=[ONE],
    )
    def get(self, request: Request, declaration: str) -> HttpResponse:
        requests.query(request, ())
        row = find(declaration)
        if row.declarant_id != self.actor.organisation.pk:
            row = selector.one_for(self.actor, row.reference)
        body = declarations.told(row, self.actor, self.today).body
        found = checklist.check_list(self.actor, row, body, self.today)
        return json_answer(
            ReviewDocument(
                [NotedDocument(one.rule, one.sentence, one.blocks) for one in review.review_of(row)],
                [_point(one) for one in found.points],
                found.seen,
                found.unseen,
            )
        )


def _point(one: checklist.Point) -> PointDocument:
    rows = [
        EvidenceDocument(f"sha256:{row.digest}", row.what, row.lot, row.unit, row.note, row.amount or UNSET)
        for row in one.rows
    ]
    return PointDocument(one.id, rows, one.more, list(one.findings))


class History(PublicView):
    """What was signed on a declaration."""

    @described(
        "read_declaration_history",
        "Read all that was signed on a declaration since it was published",
        tag=TAG,
        answers={200: HistoryDocument},
        refused=(400, 401, 404),
        parameters=[ONE],
    )
    def get(self, request: Request, declaration: str) -> HttpResponse:
        requests.query(request, ())
        steps = [
            SaidDocument(
                one.kind, one.by, one.at, f"sha256:{one.digest}",
                UNSET if one.kind in DECLARING else one.body,
            )
            for one in selector.history_of(find(declaration))
        ]  # fmt: skip
        return json_answer(HistoryDocument(steps))


class Remarks(ApiView):
    """What declarant and verifier write to each other."""

    @described(
        "list_remarks",
        "List the remarks on a declaration that you may read",
        tag=TAG,
        answers={200: RemarksDocument},
        refused=UNSEEN,
        parameters=[ONE],
    )
    def get(self, request: Request, declaration: str) -> HttpResponse:
        requests.query(request, ())
        row = find(declaration)
        selector.partner_of(self.actor, row)
        return json_answer(RemarksDocument([_remark(one) for one in selector.remarks_on(self.actor, row)]))

    @described(
        "write_remark",
        "Write a comment or a request for change on a declaration under verification",
        tag=TAG,
        request={requests.JSON: of_shape(REMARK)},
        answers={201: RemarkDocument},
        refused=REFUSED,
        parameters=[ONE, KEY],
    )
    def post(self, request: Request, declaration: str) -> HttpResponse:
        row = find(declaration)
        selector.partner_of(self.actor, row)
        said = requests.read_object(request, REMARK)

        def run() -> HttpResponse:
            return json_answer(_remark(verification.remark(actor=self.actor, declaration=row, **said)), status=201)

        return answer_once(request, self.actor, run)


class RemarkDone(ApiView):
    """Whether what was asked is done."""

    @described(
        "set_remark_done",
        "Mark a remark of yours as done, or open it again",
        tag=TAG,
        request={requests.JSON: of_shape(DONE)},
        answers={200: RemarkDocument},
        refused=(400, 401, 403, 404, 413, 415, 422),
    )
    def post(self, request: Request, remark: UUID) -> HttpResponse:
        verification.own_remark(self.actor, remark)
        said = requests.read_object(request, DONE)
        return json_answer(_remark(verification.set_done(actor=self.actor, remark=remark, done=said["done"])))


def _remark(row: Remark) -> RemarkDocument:
    return RemarkDocument(
        row.pk, row.kind, row.organisation.name, row.text, row.created_at, row.point or UNSET, row.done_at or UNSET
    )
