"""What a second person signs: asked for, signed, sent back or taken back on the page that shows what will be signed."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from traceability.models import Draft, Proposal
from traceability.selectors import approvals as selector
from traceability.selectors import drafts as drafts_selector
from traceability.selectors.access import Actor
from traceability.services import approvals
from traceability.web.views.record import to_partner

BUTTONS: Final = ("ask", "approve", "send_back", "take_back")
AGREED: Final = ("ask", "approve")
"""Buttons that want the box to be ticked first."""


def asked_for(request: HttpRequest) -> str:
    """The button that was pressed; empty where it has to do with no approval."""
    return next((one for one in BUTTONS if one in request.POST), "")


def context(request: HttpRequest, actor: Actor, draft: Draft) -> dict[str, Any]:
    """How the approval of a draft stands, and what its reader may do."""
    approval = selector.of_draft(draft)
    waits = approval is not None and approval.sent_back_at is None
    return {
        "approval": approval,
        "waits_for_approval": waits,
        "may_approve": waits and selector.may_sign(actor, draft),
        "asks_approval": actor.organisation.approval_wanted and not waits,
        "reason": request.POST.get("reason", ""),
    }


def do(request: HttpRequest, actor: Actor, draft_id: UUID, asked: str) -> HttpResponse:
    """Does what the button says, and shows what came of it."""
    match asked:
        case "approve":
            return _sign(request, actor, draft_id)
        case "send_back":
            approvals.send_back(actor=actor, draft_id=draft_id, approval_id=_read(request),
                                reason=request.POST.get("reason", ""))  # fmt: skip
            messages.success(request, _("Sent back. Nothing was signed. Your colleague reads your reason."))
            return redirect("overview")
    draft = drafts_selector.draft(actor, draft_id)
    if shown := to_partner(draft):
        return shown
    if asked == "ask":
        approvals.ask(actor=actor, draft=draft)
        messages.success(request, _("Sent for approval. Nothing is signed before a colleague has read it."))
    else:
        approvals.take_back(actor=actor, draft=draft)
        messages.success(request, _("Taken back. Nobody waits for it now; you can change it."))
    return redirect("draft_check", draft.pk)


def _sign(request: HttpRequest, actor: Actor, draft_id: UUID) -> HttpResponse:
    signed = approvals.sign(actor=actor, draft_id=draft_id, approval_id=_read(request))
    if isinstance(signed, Proposal):
        messages.success(request, _("Proposed. Nothing is signed before your partner agrees."))
        return redirect("proposal", draft_id)
    messages.success(request, _("Signed and recorded."))
    return redirect("receipt", signed.urn)


def _read(request: HttpRequest) -> UUID:
    """The approval that the reader had before his eyes."""
    try:
        return UUID(request.POST.get("approval", ""))
    except ValueError:
        raise Http404("Nobody asked for such an approval.") from None
