"""What waits for a second signature: of a colleague (approvals), or of the other party of a dispatch (proposals)."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.http import HttpResponse
from msgspec import Struct
from rest_framework.request import Request

from traceability.api import pages, requests
from traceability.api.documents import Receipt
from traceability.api.drafts import (
    ApprovalDocument,
    DraftSummary,
    ProposalDocument,
    approval_document,
    draft_summary,
    proposal_documents,
    receipt_answer,
)
from traceability.api.schema import PAGE, described, of_shape
from traceability.api.views import ApiView, json_answer
from traceability.ledger.shapes import Flag, Object, Text
from traceability.models import Approval, Proposal, Statement
from traceability.selectors import approvals as waiting
from traceability.selectors import proposals as proposed
from traceability.selectors.access import NotFound
from traceability.services import approvals, proposals

TAG: Final = "Signatures"
REFUSED: Final = (400, 401, 403)
CHANGED: Final = (*REFUSED, 404, 409, 413, 415, 422)
SENT_BACK: Final = Object({"reason": Text(approvals.LONGEST_REASON)})
RULE: Final = Object({"wanted": Flag(), "programs_sign": Flag()})


class ApprovalRule(Struct):
    """Whether a second person signs what somebody fills in, and whether programs sign even so."""

    wanted: bool
    programs_sign: bool


class Approvals(ApiView):
    """What colleagues filled in and you may sign. A program signs nothing of it, and sees an empty list."""

    @described(
        "list_approvals",
        "List what waits for your signature, newest first",
        tag=TAG,
        answers={200: pages.Page[DraftSummary]},
        refused=REFUSED,
        parameters=PAGE,
    )
    def get(self, request: Request) -> HttpResponse:
        requests.query(request, pages.PARAMETERS)
        return pages.page_of(request, waiting.to_sign(self.actor), _drafts, order=("-asked_at", "pk"))


class Approve(ApiView):
    """The signature under what a colleague filled in."""

    for_people = True

    @described(
        "approve",
        "Sign what a colleague filled in, as you read it; a second time gives the same receipt",
        tag=TAG,
        answers={201: Receipt, 202: ProposalDocument},
        refused=(*REFUSED, 404, 409, 422),
    )
    def post(self, request: Request, approval: UUID) -> HttpResponse:
        draft_id = waiting.given(self.actor, approval) or approval_of(self, approval).draft_id
        signed = approvals.sign(actor=self.actor, draft_id=draft_id, approval_id=approval)
        if isinstance(signed, Statement):
            return receipt_answer(signed)
        return json_answer(proposal_documents(self, [signed])[0], status=202)


class SendBack(ApiView):
    """The refusal of a colleague, with a reason."""

    for_people = True

    @described(
        "send_back",
        "Send back what a colleague filled in, with a reason",
        tag=TAG,
        request={requests.JSON: of_shape(SENT_BACK)},
        answers={200: ApprovalDocument},
        refused=CHANGED,
    )
    def post(self, request: Request, approval: UUID) -> HttpResponse:
        row = approval_of(self, approval)
        said = requests.read_object(request, SENT_BACK)
        sent = approvals.send_back(actor=self.actor, draft_id=row.draft_id, approval_id=row.pk, reason=said["reason"])
        return json_answer(approval_document(sent))


class OrganisationRule(ApiView):
    """Whether a second person signs in your organisation."""

    for_people = True

    @described(
        "read_approval_rule",
        "See whether a second person signs",
        tag=TAG,
        answers={200: ApprovalRule},
        refused=REFUSED,
    )
    def get(self, request: Request) -> HttpResponse:
        requests.query(request, ())
        own = self.actor.organisation
        return json_answer(ApprovalRule(own.approval_wanted, own.programs_sign))

    @described(
        "choose_approval_rule",
        "Choose whether a second person signs, as an administrator",
        tag=TAG,
        request={requests.JSON: of_shape(RULE)},
        answers={200: ApprovalRule},
        refused=(*REFUSED, 413, 415),
    )
    def put(self, request: Request) -> HttpResponse:
        wanted = requests.read_object(request, RULE)
        approvals.choose(actor=self.actor, wanted=wanted["wanted"], programs=wanted["programs_sign"])
        return json_answer(ApprovalRule(wanted["wanted"], wanted["programs_sign"]))


class Proposals(ApiView):
    """What partners ask you to sign beside them."""

    @described(
        "list_proposals",
        "List what waits for the signature of your organisation, newest first",
        tag=TAG,
        answers={200: pages.Page[ProposalDocument]},
        refused=REFUSED,
        parameters=PAGE,
    )
    def get(self, request: Request) -> HttpResponse:
        requests.query(request, pages.PARAMETERS)
        return pages.page_of(request, proposed.to_answer(self.actor), self._documents, order=("-proposed_at", "pk"))

    def _documents(self, rows: Sequence[Proposal]) -> list[ProposalDocument]:
        return proposal_documents(self, rows)


class Agree(ApiView):
    """The second signature."""

    @described(
        "agree",
        "Sign a proposal beside who proposed it; a second time gives the same receipt",
        tag=TAG,
        answers={201: Receipt},
        refused=(*REFUSED, 404, 409, 422),
    )
    def post(self, request: Request, proposal: UUID) -> HttpResponse:
        row = _proposal(self, proposal)
        if row.statement is not None:
            return receipt_answer(row.statement)
        return receipt_answer(proposals.agree(actor=self.actor, draft_id=_draft_id(row), proposal_id=row.pk))


class DeclineProposal(ApiView):
    """The refusal of a second signature."""

    @described(
        "decline_proposal",
        "Decline a proposal, with a reason",
        tag=TAG,
        request={requests.JSON: of_shape(SENT_BACK)},
        answers={200: ProposalDocument},
        refused=CHANGED,
    )
    def post(self, request: Request, proposal: UUID) -> HttpResponse:
        row = _proposal(self, proposal)
        said = requests.read_object(request, SENT_BACK)
        ended = proposals.decline(actor=self.actor, draft_id=_draft_id(row), proposal_id=row.pk, reason=said["reason"])
        return json_answer(proposal_documents(self, [ended])[0])


def approval_of(view: ApiView, approval: UUID) -> Approval:
    """An approval that who asks may give, or NotFound."""
    found = waiting.to_sign(view.actor).filter(pk=approval).first()
    if found is None:
        raise NotFound("There is no such approval, or it is not yours to give.")
    return found


def _drafts(rows: Sequence[Approval]) -> list[DraftSummary]:
    return [draft_summary(row.draft) for row in rows]


def _proposal(view: ApiView, proposal: UUID) -> Proposal:
    rows = Proposal.objects.select_related("draft", "statement")
    found = rows.filter(pk=proposal, to=view.actor.organisation).first()
    if found is None:
        raise NotFound("There is no such proposal, or it is not yours to answer.")
    return found


def _draft_id(row: Proposal) -> UUID:
    if row.draft_id is None:
        raise proposals.Changed("It is signed already. There is nothing left to answer.")
    return row.draft_id
