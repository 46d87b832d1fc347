"""Drafts: what a program or a colleague filled in and nobody signed yet, and how it comes to a signature."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

import django_filters
from django.contrib.auth.models import AbstractUser
from django.http import HttpResponse
from msgspec import UNSET, Meta, Struct, UnsetType
from rest_framework.request import Request

from traceability.api import pages, requests
from traceability.api.documents import FindingNote, Link, Party, Receipt, Urn
from traceability.api.idempotency import answer_once
from traceability.api.lots import party_of
from traceability.api.schema import KEY, described, filter_parameters, of_shape
from traceability.api.statements import placed, receipt_documents
from traceability.api.submissions import ACT, act_of
from traceability.api.views import ApiView, json_answer
from traceability.intake.numbers import NumberStyle
from traceability.ledger.shapes import NOTHING_DISCLOSED, Object, Text, UtcOffset, Word, optional
from traceability.ledger.shapes import Urn as UrnShape
from traceability.models import Approval, Draft, Proposal, Statement
from traceability.selectors import drafts as reading
from traceability.selectors import templates as kept
from traceability.selectors.access import Actor
from traceability.selectors.names import names_of
from traceability.selectors.rule_dispatches import licences_wanted
from traceability.services import acceptance, approvals, clock, drafts, proposals, said_drafts, templates
from traceability.services.draft_reading import ACTS, Understood
from traceability.services.rows_world import read_statement, urn_of, uuid_of

TAG: Final = "Drafts"
REFUSED: Final = (400, 401, 403)
CHANGED: Final = (*REFUSED, 404, 409, 413, 415, 422)
_SAID: Final = {name: ACT.fields[name] for name in ACT.fields if name not in ("id", "open")}
NEW_DRAFT: Final = Object({**_SAID, "kind": Word(said_drafts.KINDS), "part_number": optional(Text(80))})
FROM_TEMPLATE: Final = Object({"template": UrnShape(), "utc_offset": optional(UtcOffset())})
STATES: Final = ("open", "waiting", "sent_back", "proposed", "declined")


class DraftLinks(Struct):
    """`page` is where a person reads it and signs."""

    self: Link
    page: Annotated[str, Meta(description="Address of the page.")]


class ApprovalDocument(Struct):
    """The signature of a colleague that was asked for; `reason` is why it was sent back."""

    id: UUID
    asked_at: datetime
    asked_by: str | UnsetType = UNSET
    sent_back_at: datetime | UnsetType = UNSET
    reason: str | UnsetType = UNSET


class ProposalDocument(Struct):
    """An act that waits for the signature of the other party of a dispatch; `reason` is why it was declined."""

    id: UUID
    draft: UUID
    kind: str
    lot: Urn
    by: Party
    to: Party
    proposed_at: datetime
    declined_at: datetime | UnsetType = UNSET
    reason: str | UnsetType = UNSET


class DraftSummary(Struct):
    """A draft of your organisation."""

    id: UUID
    kind: Annotated[str, Meta(description="The kind of statement that it becomes.", examples=["lot.source"])]
    act: Annotated[str, Meta(description="What people call it.", examples=["source", "split"])]
    state: Annotated[str, Meta(examples=list(STATES))]
    created_at: datetime
    updated_at: datetime
    links: DraftLinks
    approval: ApprovalDocument | UnsetType = UNSET


class DraftDetail(DraftSummary):
    """A draft as it was understood. `mistakes` keep it from being signed; `findings` a person should look at."""

    says: Annotated[Mapping[str, Any], Meta(description="The body, as far as it can be read.")] = {}
    header: Annotated[Mapping[str, Any], Meta(description="When, and by which steps; empty until it can be read.")] = {}
    mistakes: list[FindingNote] = []
    findings: list[FindingNote] = []


class DraftFilter(django_filters.FilterSet):
    """What drafts are looked for by."""

    act = django_filters.ChoiceFilter(field_name="kind", choices=[(one, one) for one in ACTS])


class Drafts(ApiView):
    """The drafts of your organisation."""

    @described(
        "list_drafts",
        "List your drafts, the one touched last first",
        tag=TAG,
        answers={200: pages.Page[DraftSummary]},
        refused=REFUSED,
        parameters=filter_parameters(DraftFilter),
    )
    def get(self, request: Request) -> HttpResponse:
        asked = requests.query(request, pages.PARAMETERS | DraftFilter.base_filters.keys())
        people = ("approval__asked_by",)
        rows = DraftFilter(asked, reading.drafts(self.actor).select_related(*people))
        return pages.page_of(request, pages.filtered(rows), _summaries, order=("-updated_at", "pk"))

    @described(
        "create_draft",
        "Leave an act for a person to read and sign, or begin one from a template",
        tag=TAG,
        request={requests.JSON: {"oneOf": [of_shape(NEW_DRAFT), of_shape(FROM_TEMPLATE)]}},
        answers={201: DraftDetail},
        refused=CHANGED,
        parameters=[KEY],
    )
    def post(self, request: Request) -> HttpResponse:
        requests.query(request, ())
        requests.media_type(request, requests.JSON)
        found = requests.parse_object(requests.read_bytes(request, max_bytes=requests.MAX_JSON_BYTES))
        (FROM_TEMPLATE if "template" in found else NEW_DRAFT).check(found, "", NOTHING_DISCLOSED)
        return answer_once(request, self.actor, lambda: self._begin(found))

    def _begin(self, found: Mapping[str, Any]) -> HttpResponse:
        if "template" in found:
            template = kept.template(self.actor, uuid_of(found["template"]))
            offset = found.get("utc_offset", "+00:00")
            made = templates.begin(actor=self.actor, template=template, style=NumberStyle.POINT, utc_offset=offset)
        else:
            part = found.get("part_number", "")
            made = said_drafts.begin_saying(actor=self.actor, act=act_of(found, self.actor), part_number=part)
        answer = json_answer(_detail(self.actor, made.pk), status=201)
        answer["Location"] = _links(made.pk).self
        return answer


class OneDraft(ApiView):
    """One draft."""

    @described(
        "read_draft",
        "See what a draft says, and what is wrong with it",
        tag=TAG,
        answers={200: DraftDetail},
        refused=(*REFUSED, 404),
    )
    def get(self, request: Request, draft: UUID) -> HttpResponse:
        requests.query(request, ())
        return json_answer(_detail(self.actor, draft))

    @described("discard_draft", "Throw a draft away", tag=TAG, answers={204: None}, refused=(*REFUSED, 404))
    def delete(self, request: Request, draft: UUID) -> HttpResponse:
        drafts.discard(actor=self.actor, draft=reading.draft(self.actor, draft))
        return HttpResponse(status=204)


class DraftSignature(ApiView):
    """The signature under a draft."""

    @described(
        "sign_draft",
        "Sign a draft; a second time gives the same receipt",
        tag=TAG,
        answers={201: Receipt},
        refused=(*REFUSED, 404, 409, 422),
    )
    def post(self, request: Request, draft: UUID) -> HttpResponse:
        requests.query(request, ())
        return receipt_answer(drafts.sign(actor=self.actor, draft_id=draft))


class DraftApproval(ApiView):
    """The signature of a colleague, where your organisation wants one."""

    @described(
        "ask_approval",
        "Put a draft before those of your colleagues who may sign it",
        tag=TAG,
        answers={201: ApprovalDocument},
        refused=(*REFUSED, 404, 409, 422),
    )
    def post(self, request: Request, draft: UUID) -> HttpResponse:
        asked = approvals.ask(actor=self.actor, draft=reading.draft(self.actor, draft))
        return json_answer(approval_document(asked), status=201)

    @described(
        "take_approval_back", "Ask no colleague any more", tag=TAG, answers={204: None}, refused=(*REFUSED, 404, 409)
    )
    def delete(self, request: Request, draft: UUID) -> HttpResponse:
        approvals.take_back(actor=self.actor, draft=reading.draft(self.actor, draft))
        return HttpResponse(status=204)


class DraftProposal(ApiView):
    """The signature of the other party, under what two sign."""

    @described(
        "propose_draft",
        "Put a draft before the other party of a dispatch, who signs it too",
        tag=TAG,
        answers={201: ProposalDocument},
        refused=(*REFUSED, 404, 409, 422),
    )
    def post(self, request: Request, draft: UUID) -> HttpResponse:
        made = proposals.propose(actor=self.actor, draft=reading.draft(self.actor, draft))
        return json_answer(proposal_documents(self, [made])[0], status=201)

    @described("take_proposal_back", "Take a proposal back", tag=TAG, answers={204: None}, refused=(*REFUSED, 404))
    def delete(self, request: Request, draft: UUID) -> HttpResponse:
        proposals.take_back(actor=self.actor, draft=reading.draft(self.actor, draft))
        return HttpResponse(status=204)


def receipt_answer(signed: Statement) -> HttpResponse:
    """The receipt of a statement that a draft became."""
    receipt = acceptance.receipt_of(signed, read_statement(signed, {})[0])
    return placed(json_answer(receipt_documents([receipt])[0], status=201))


def person(by: AbstractUser | None) -> str | UnsetType:
    """What a colleague is called; absent where he has left."""
    return (by.get_full_name() or by.get_username()) if by else UNSET


def approval_document(row: Approval) -> ApprovalDocument:
    """An approval as a document."""
    return ApprovalDocument(
        id=row.pk,
        asked_at=row.asked_at,
        asked_by=person(row.asked_by),
        sent_back_at=row.sent_back_at or UNSET,
        reason=row.reason or UNSET,
    )


def proposal_documents(view: ApiView, rows: Sequence[Proposal]) -> list[ProposalDocument]:
    """Proposals whose drafts are still there, as documents."""
    found = [(row, row.draft) for row in rows if row.draft is not None]
    sides = {side for row, draft in found for side in (row.to_id, draft.organisation_id)}
    names = names_of(view.actor, sides, view.today)
    return [
        ProposalDocument(
            id=row.pk,
            draft=draft.pk,
            kind=ACTS[draft.kind],
            lot=urn_of(row.lot),
            by=party_of(draft.organisation_id, names),
            to=party_of(row.to_id, names),
            proposed_at=row.proposed_at,
            declined_at=row.declined_at or UNSET,
            reason=row.reason or UNSET,
        )
        for row, draft in found
    ]


def draft_summary(row: Draft) -> DraftSummary:
    """A draft as a document, without reading what it says."""
    approval = getattr(row, "approval", None)
    return DraftSummary(
        id=row.pk,
        kind=ACTS[row.kind],
        act=row.kind,
        state=_state(approval, getattr(row, "proposal", None)),
        created_at=row.created_at,
        updated_at=row.updated_at,
        links=_links(row.pk),
        approval=UNSET if approval is None else approval_document(approval),
    )


def _summaries(rows: Sequence[Draft]) -> list[DraftSummary]:
    return [draft_summary(row) for row in rows]


def _detail(actor: Actor, draft: UUID) -> DraftDetail:
    row = reading.draft(actor, draft)
    checked = drafts.check(actor=actor, draft=row)
    decided = checked.rehearsal.decision.findings if checked.rehearsal else ()
    findings = [FindingNote(one.code, one.sentence) for one in decided]
    summary = draft_summary(row)
    return DraftDetail(
        **{name: getattr(summary, name) for name in DraftSummary.__struct_fields__},
        says=checked.understood.partial,
        header=checked.understood.header or {},
        mistakes=[FindingNote(one.code, one.sentence) for one in checked.mistakes],
        findings=[*findings, *_licences_wanted(actor, checked.understood)],
    )


def _licences_wanted(actor: Actor, said: Understood) -> Iterator[FindingNote]:
    """What a dispatch lacks of export licences; it stops nobody."""
    if said.kind != "lot.dispatch" or said.body is None or said.header is None:
        return
    for one, start, end in licences_wanted(actor, said.body, said.header, clock.now().date()):
        to = f"for {end}" if end else "for a country that is not stated"
        yield FindingNote("licence_not_stated", f"{one.title}: the goods leave {start} {to} without a licence.")


def _state(approval: Approval | None, proposal: Proposal | None) -> str:
    if proposal is not None:
        return "declined" if proposal.declined_at else "proposed"
    if approval is not None:
        return "sent_back" if approval.sent_back_at else "waiting"
    return "open"


def _links(draft: UUID) -> DraftLinks:
    return DraftLinks(f"/api/v1/drafts/{draft}", f"/record/{draft}/check/")
