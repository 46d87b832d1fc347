"""What a second person signs of results and declarations: asked for, read, signed, sent back or taken back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Self
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from epd.rules.profiles import INTERNATIONAL_EPD_DEFAULT
from epd.services import approvals
from epd.services.approvals import Read
from epd.web.figures import Figures
from traceability.ledger.errors import RecordError
from traceability.models import FiguresApproval, Lot
from traceability.selectors import approvals as selector
from traceability.selectors.access import Actor
from traceability.services.errors import NotAllowed

ASK: Final = "ask"
BUTTONS: Final = (ASK, "approve", "send_back", "take_back")


@dataclass(frozen=True)
class Approving:
    """How the approval of a result or declaration stands, and what its reader may do."""

    actor: Actor
    row: FiguresApproval | None

    @classmethod
    def of(cls, actor: Actor, lot: Lot, what: FiguresApproval.What) -> Self:
        return cls(actor, selector.of_figures(actor, lot.pk, what))

    @property
    def wanted(self) -> bool:
        """Whether the organisation wants a second person."""
        return self.actor.organisation.approval_wanted

    @property
    def waits(self) -> bool:
        return self.row is not None and self.row.sent_back_at is None

    @property
    def sent_back(self) -> bool:
        return self.row is not None and self.row.sent_back_at is not None

    @property
    def may_sign(self) -> bool:
        row = self.row
        return row is not None and self.waits and self.actor.may_approve and row.asked_by_id != self.actor.user_id

    @property
    def said(self) -> dict[str, Any]:
        """What was typed with it."""
        return self.row.said if self.row else {}

    @cached_property
    def _computed(self) -> Read | str:
        if self.row is None or not self.waits:
            return ""
        try:
            return approvals.read(actor=self.actor, approval=self.row)
        except RecordError as error:
            return error.sentence

    @property
    def read(self) -> Read | None:
        """What would be signed now."""
        return self._computed if isinstance(self._computed, Read) else None

    @property
    def refused(self) -> str:
        """Why it cannot be signed now."""
        return self._computed if isinstance(self._computed, str) else ""

    @cached_property
    def figures(self) -> Figures | None:
        """The figures of a result that waits."""
        return Figures(self.read.figures, INTERNATIONAL_EPD_DEFAULT) if self.read and self.read.figures else None


def asked_for(request: HttpRequest) -> str:
    """The button that was pressed; empty where it has to do with no approval."""
    return next((one for one in BUTTONS if one in request.POST), "")


def sent() -> str:
    return _("Sent for approval. Nothing is signed before a colleague has read it.")


def do(request: HttpRequest, actor: Actor, lot: Lot, what: FiguresApproval.What, asked: str) -> HttpResponse:
    """Does what the button says, and shows what came of it."""
    back = "declare" if what == FiguresApproval.What.DECLARATION else "figures"
    try:
        match asked:
            case "approve":
                return _sign(request, actor, lot)
            case "send_back":
                approvals.send_back(actor=actor, approval_id=_id(request), reason=request.POST.get("reason", ""))
                messages.success(request, _("Sent back. Nothing was signed. Your colleague reads your reason."))
                return redirect("overview")
            case "take_back":
                approvals.take_back(actor=actor, lot=lot, what=what)
                messages.success(request, _("Taken back. Nobody waits for it now."))
            case _:
                approvals.ask(actor=actor, lot=lot, what=what)
                messages.success(request, sent())
    except NotAllowed:
        raise
    except RecordError as error:
        messages.error(request, error.sentence + " " + _("Nothing was signed."))
    return redirect(back, lot_id=lot.pk)


def _sign(request: HttpRequest, actor: Actor, lot: Lot) -> HttpResponse:
    made = approvals.sign(actor=actor, approval_id=_id(request), digest=request.POST.get("digest", ""))
    if made is None:
        messages.success(request, _("Signed and recorded."))
        return redirect("figures", lot_id=lot.pk)
    messages.success(request, _("Published. Its reference is %(reference)s.") % {"reference": made.reference})
    return redirect("declaration", reference=made.reference)


def _id(request: HttpRequest) -> UUID:
    """The request that the reader had before his eyes."""
    try:
        return UUID(request.POST.get("approval", ""))
    except ValueError:
        raise Http404("Nobody asked for such an approval.") from None
