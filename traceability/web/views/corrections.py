"""What follows a statement: its correction, its withdrawal, the environmental result of a lot."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from traceability.ledger.errors import RecordError
from traceability.selectors import drafts as drafts_selector
from traceability.selectors import receipts
from traceability.selectors.access import Actor
from traceability.services import corrections
from traceability.services.slots import SLOTS
from traceability.web.acting import for_member, today
from traceability.web.forms.flows import CORRECTABLE, flow_of
from traceability.web.spoken import spoken
from traceability.web.views.record import require_submitter


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, actor: Actor, statement_id: UUID) -> HttpResponse:
    """A draft that says again what was claimed, to change; opening the address shows the receipt."""
    said = receipts.statement(actor, statement_id, today())
    if request.method != "POST" or said.kind not in CORRECTABLE:
        return redirect("receipt", statement_id)
    draft = corrections.begin_correction(actor=actor, said=said)
    return redirect("draft_section", draft.pk, flow_of(draft).sections[0].key)


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def void(request: HttpRequest, actor: Actor, statement_id: UUID) -> HttpResponse:
    """A draft that declares a statement void; opening the address shows the receipt."""
    said = receipts.statement(actor, statement_id, today())
    if request.method != "POST":
        return redirect("receipt", statement_id)
    draft = corrections.begin_withdrawal(actor=actor, said=said)
    return redirect("draft_section", draft.pk, flow_of(draft).sections[0].key)


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def result(request: HttpRequest, actor: Actor, lot_id: UUID) -> HttpResponse:
    """Computes and signs the environmental result of a lot that the organisation made, after saying what that is."""
    require_submitter(actor)
    lot = drafts_selector.lot_made(actor, lot_id, today())
    if actor.organisation.approval_wanted:
        return redirect("figures", lot_id=lot.pk)
    context = {
        "section": "stock",
        "actor": actor,
        "lot": lot,
        "crumbs": [(_("Stock"), reverse("stock")), (lot.number or lot.material, ""), (_("Result"), "")],
    }
    if request.method == "POST" and "agreed" in request.POST:
        try:
            signed = SLOTS.publish_result(actor=actor, lot=lot)
        except RecordError as error:
            return render(request, "traceability/result.html", context | {"refused": spoken(error.sentence)})
        messages.success(request, _("Computed, signed and recorded."))
        return redirect("receipt", UUID(signed.id.removeprefix("urn:uuid:")))
    return render(request, "traceability/result.html", context | {"not_agreed": request.method == "POST"})
