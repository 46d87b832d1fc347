"""Results, declarations and their ends that wait for the signature of a colleague, where an organisation wants one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import django_filters
from django.http import HttpResponse
from msgspec import UNSET, Meta, Struct, UnsetType
from rest_framework.request import Request

from epd.api.declarations import ONE, PUBLISH, find
from epd.models import Declaration
from epd.services import approvals
from epd.services.declarations import NotTheDeclarant
from traceability.api import pages, requests
from traceability.api.approvals import SENT_BACK, TAG
from traceability.api.documents import Digest, Receipt
from traceability.api.drafts import person
from traceability.api.schema import described, filter_parameters, of_shape
from traceability.api.statements import placed, receipt_documents
from traceability.api.views import ApiView, json_answer
from traceability.ledger.kinds.declarations import REASON
from traceability.ledger.shapes import Digest as DigestShape
from traceability.ledger.shapes import Object, Urn, optional
from traceability.models import FiguresApproval
from traceability.selectors import access
from traceability.selectors import approvals as waiting
from traceability.selectors.access import NotFound
from traceability.services.rows_world import uuid_of

REFUSED: Final = (400, 401, 403)
UNSEEN: Final = (*REFUSED, 404)
CHANGED: Final = (*UNSEEN, 409, 413, 415, 422)
What = FiguresApproval.What
AS_READ: Final = Object({"digest": DigestShape()})
SAID: Final = Object({name: field for name, field in PUBLISH.fields.items() if name != "lot"})
END: Final = Object({"reason": REASON, "successor": optional(Urn())})


class FiguresApprovalDocument(Struct):
    """A result, a declaration, or the submission or end of one that a colleague asks you to sign."""

    id: UUID
    what: Annotated[str, Meta(examples=list(What.values))]
    lot: UUID
    asked_at: datetime
    asked_by: str | UnsetType = UNSET
    declaration: Annotated[UUID, Meta(description="The declaration that it is about.")] | UnsetType = UNSET
    sent_back_at: datetime | UnsetType = UNSET
    reason: Annotated[str, Meta(description="Why it was sent back.")] | UnsetType = UNSET


class FiguresToSign(FiguresApprovalDocument):
    """What would be signed now; `digest` goes with the signature, so that nothing else is signed than what was read."""

    digest: Digest = ""
    body: Mapping[str, Any] = {}


class FiguresFilter(django_filters.FilterSet):
    """What waiting figures are looked for by."""

    what = django_filters.ChoiceFilter(choices=What.choices)


class FiguresApprovals(ApiView):
    """What colleagues prepared and you may sign. A program signs nothing of it, and sees an empty list."""

    @described(
        "list_figures_approvals",
        "List results, declarations and their ends that wait for your signature, newest first",
        tag=TAG,
        answers={200: pages.Page[FiguresApprovalDocument]},
        refused=REFUSED,
        parameters=filter_parameters(FiguresFilter),
    )
    def get(self, request: Request) -> HttpResponse:
        asked = requests.query(request, pages.PARAMETERS | FiguresFilter.base_filters.keys())
        rows = pages.filtered(FiguresFilter(asked, waiting.figures_to_sign(self.actor)))
        return pages.page_of(request, rows, _documents, order=("-asked_at", "pk"))


class _OneFigures(ApiView):
    """One of them."""

    for_people = True

    def row(self, figures: UUID) -> FiguresApproval:
        """The request, where who asks may sign it."""
        found = waiting.figures_to_sign(self.actor).filter(pk=figures).first()
        if found is None:
            raise NotFound("There is no such approval, or it is not yours to give.")
        return found


class OneFiguresApproval(_OneFigures):
    """What would be signed."""

    @described(
        "read_figures_approval",
        "Read what would be signed now",
        tag=TAG,
        answers={200: FiguresToSign},
        refused=(*UNSEEN, 409, 422),
    )
    def get(self, request: Request, figures: UUID) -> HttpResponse:
        requests.query(request, ())
        row = self.row(figures)
        read = approvals.read(actor=self.actor, approval=row)
        return json_answer(FiguresToSign(**_members(row), digest=f"sha256:{read.digest}", body=read.body))


class ApproveFigures(_OneFigures):
    """The signature."""

    @described(
        "approve_figures",
        "Sign what a colleague prepared, as you read it; a second time gives the same receipt",
        tag=TAG,
        request={requests.JSON: of_shape(AS_READ)},
        answers={201: Receipt},
        refused=CHANGED,
    )
    def post(self, request: Request, figures: UUID) -> HttpResponse:
        if waiting.given(self.actor, figures) is None:
            self.row(figures)
        digest = requests.read_object(request, AS_READ)["digest"].removeprefix("sha256:")
        signed = approvals.sign(actor=self.actor, approval_id=figures, digest=digest)
        return placed(json_answer(receipt_documents([signed.receipt])[0], status=201))


class SendFiguresBack(_OneFigures):
    """The refusal, with a reason."""

    @described(
        "send_figures_back",
        "Send back what a colleague prepared, with a reason",
        tag=TAG,
        request={requests.JSON: of_shape(SENT_BACK)},
        answers={200: FiguresApprovalDocument},
        refused=CHANGED,
    )
    def post(self, request: Request, figures: UUID) -> HttpResponse:
        row = self.row(figures)
        said = requests.read_object(request, SENT_BACK)
        sent = approvals.send_back(actor=self.actor, approval_id=row.pk, reason=said["reason"])
        return json_answer(_documents([sent])[0])


class ResultApproval(ApiView):
    """The result of a lot, put before a colleague."""

    @described(
        "ask_result_approval",
        "Put the result of a lot that you made before those of your colleagues who may sign it",
        tag=TAG,
        answers={201: FiguresApprovalDocument},
        refused=(*UNSEEN, 409, 422),
    )
    def post(self, request: Request, lot: UUID) -> HttpResponse:
        requests.query(request, ())
        row = access.lot(self.actor, lot, self.today)
        return asked_answer(approvals.ask(actor=self.actor, lot=row, what=What.RESULT))

    @described("take_result_back", "Ask no colleague any more", tag=TAG, answers={204: None}, refused=UNSEEN)
    def delete(self, request: Request, lot: UUID) -> HttpResponse:
        row = access.lot(self.actor, lot, self.today)
        approvals.take_back(actor=self.actor, lot=row, what=What.RESULT)
        return HttpResponse(status=204)


class DeclarationToApprove(ApiView):
    """The declaration of a lot, put before a colleague."""

    @described(
        "ask_declaration_approval",
        "Put the declaration of a lot that you made before those of your colleagues who may sign it",
        tag=TAG,
        request={requests.JSON: of_shape(SAID)},
        answers={201: FiguresApprovalDocument},
        refused=CHANGED,
    )
    def post(self, request: Request, lot: UUID) -> HttpResponse:
        row = access.lot(self.actor, lot, self.today)
        said = {"illustrative": False, **requests.read_object(request, SAID)}
        return asked_answer(approvals.ask(actor=self.actor, lot=row, what=What.DECLARATION, said=said))

    @described("take_declaration_back", "Ask no colleague any more", tag=TAG, answers={204: None}, refused=UNSEEN)
    def delete(self, request: Request, lot: UUID) -> HttpResponse:
        row = access.lot(self.actor, lot, self.today)
        approvals.take_back(actor=self.actor, lot=row, what=What.DECLARATION)
        return HttpResponse(status=204)


class EndApproval(ApiView):
    """The end of a declaration, put before a colleague."""

    @described(
        "ask_end_approval",
        "Put the withdrawal of a declaration of yours before your colleagues, or with a successor its supersession",
        tag=TAG,
        request={requests.JSON: of_shape(END)},
        answers={201: FiguresApprovalDocument},
        refused=CHANGED,
        parameters=[ONE],
    )
    def post(self, request: Request, declaration: str) -> HttpResponse:
        row = self._own(declaration)
        said = requests.read_object(request, END)
        successor = None
        if "successor" in said:
            others = Declaration.objects.filter(declarant=row.declarant_id).exclude(pk=row.pk)
            successor = others.filter(pk=uuid_of(said["successor"])).first()
            if successor is None:
                raise NotTheDeclarant("Name another declaration of the same declarant.", path="/successor")
        asked = approvals.ask_end(actor=self.actor, declaration=row, reason=said["reason"], successor=successor)
        return asked_answer(asked)

    @described(
        "take_end_back",
        "Ask no colleague any more",
        tag=TAG,
        answers={204: None},
        refused=UNSEEN,
        parameters=[ONE],
    )
    def delete(self, request: Request, declaration: str) -> HttpResponse:
        approvals.take_end_back(actor=self.actor, declaration=self._own(declaration))
        return HttpResponse(status=204)

    def _own(self, declaration: str) -> Declaration:
        row = find(declaration)
        if row.declarant_id != self.actor.organisation.pk:
            raise NotTheDeclarant("Only its declarant ends a declaration.")
        return row


def asked_answer(row: FiguresApproval) -> HttpResponse:
    """The answer to who asked a colleague."""
    return json_answer(_documents([row])[0], status=201)


def _documents(rows: Sequence[FiguresApproval]) -> list[FiguresApprovalDocument]:
    return [FiguresApprovalDocument(**_members(row)) for row in rows]


def _members(row: FiguresApproval) -> Mapping[str, Any]:
    return {
        "id": row.pk,
        "what": row.what,
        "lot": row.lot_id,
        "asked_at": row.asked_at,
        "asked_by": person(row.asked_by),
        "declaration": row.declaration or UNSET,
        "sent_back_at": row.sent_back_at or UNSET,
        "reason": row.reason or UNSET,
    }
