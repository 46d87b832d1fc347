"""What both parties of a dispatch sign: the partner agrees or declines, the proposer sees how it stands."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from traceability.ledger.errors import RecordError
from traceability.models import Proposal, Statement
from traceability.selectors import proposals as proposals_selector
from traceability.selectors import receipts
from traceability.selectors.access import Actor, NotFound
from traceability.services import proposals
from traceability.web import proposing
from traceability.web.acting import for_member, today
from traceability.web.views.record import require_submitter

ANSWERS: Final = ("agree", "decline")
CHANGES: Final = ("take_back", "alone")


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, actor: Actor, draft_id: UUID) -> HttpResponse:
    """The proposal for its partner to answer, or for its proposer to take back; the receipt once it is signed."""
    require_submitter(actor)
    if signed := _signed(actor, draft_id):
        return redirect("receipt", signed.urn)
    proposal = proposals_selector.of_draft(actor, draft_id)
    if request.method == "GET":
        return _page(request, actor, proposal)
    if proposal.to_id == actor.organisation.pk:
        return _answer(request, actor, proposal)
    return _change(request, actor, proposal)


def _signed(actor: Actor, draft_id: UUID) -> Statement | None:
    """The statement that the proposal became, where the actor's organisation signed it."""
    try:
        return receipts.statement(actor, draft_id, today()).row
    except NotFound:
        return None


def _answer(request: HttpRequest, actor: Actor, proposal: Proposal) -> HttpResponse:
    """The partner's yes or no; an answer that cannot be taken is said on the page, and nothing is lost."""
    asked = next((one for one in ANSWERS if one in request.POST), "")
    if not asked:
        raise Http404("There is no such answer.")
    reason = request.POST.get("reason", "")
    draft_id, read = proposing.draft_of(proposal).pk, _read(request)
    if asked == "agree" and "agreed" not in request.POST:
        return _page(request, actor, proposal, not_agreed=True, reason=reason)
    try:
        if asked == "agree":
            signed = proposals.agree(actor=actor, draft_id=draft_id, proposal_id=read)
        else:
            proposals.decline(actor=actor, draft_id=draft_id, proposal_id=read, reason=reason)
    except NotFound:
        raise
    except RecordError as error:
        return _page(request, actor, proposal, refused=error, reason=reason)
    if asked == "agree":
        messages.success(request, _("Signed by both of you and recorded."))
        return redirect("receipt", signed.urn)
    messages.success(request, _("Declined. Nothing was signed. Your partner reads your reason."))
    return redirect("overview")


def _read(request: HttpRequest) -> UUID:
    """The proposal that the partner had before his eyes."""
    try:
        return UUID(request.POST.get("proposal", ""))
    except ValueError:
        raise Http404("There is no such proposal.") from None


def _change(request: HttpRequest, actor: Actor, proposal: Proposal) -> HttpResponse:
    """Takes the proposal back, to change it or to sign alone."""
    asked = next((one for one in CHANGES if one in request.POST), "")
    if not asked:
        raise Http404("There is nothing to change.")
    draft = proposals.take_back(actor=actor, draft=proposing.draft_of(proposal), alone=asked == "alone")
    if asked == "alone":
        return redirect("draft_check", draft.pk)
    messages.success(request, _("Taken back. It is a draft again that only your organisation sees."))
    return redirect("draft_section", draft.pk, "details")


def _page(
    request: HttpRequest,
    actor: Actor,
    proposal: Proposal,
    *,
    not_agreed: bool = False,
    refused: RecordError | None = None,
    reason: str = "",
) -> HttpResponse:
    found = proposals_selector.of_draft(actor, proposing.draft_of(proposal).pk)  # as it is now
    context: dict[str, Any] = {
        "section": "overview",
        "actor": actor,
        "not_agreed": not_agreed,
        "refused": refused,
        "reason": reason,
        "crumbs": [(_("Overview"), reverse("overview")), (_("Two signatures"), "")],
    }
    return render(request, "traceability/proposal.html", context | proposing.context(actor, found))
