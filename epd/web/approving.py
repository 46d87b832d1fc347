"""What a second person signs of results and declarations: asked for, read, signed, sent back or taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Final, Self
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from epd.models import Declaration
from epd.rules.profiles import INTERNATIONAL_EPD_DEFAULT
from epd.services import approvals
from epd.services.approvals import Read
from epd.web.figures import Figures
from traceability.ledger.errors import RecordError
from traceability.models import FiguresApproval, Lot
from traceability.selectors import approvals as selector
from traceability.selectors.access import Actor
from traceability.services.errors import NotAllowed
from traceability.web.spoken import spoken

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

    @classmethod
    def of_end(cls, actor: Actor, declaration: Declaration) -> Self:
        """How the approval of the end of a declaration stands."""
        return cls(actor, selector.of_end(actor, declaration.pk))

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
            return spoken(error.sentence)

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


@dataclass(frozen=True)
class Buttons:
    """What the buttons do on one page; `back` is its address."""

    back: str
    ask: Callable[[], object]
    take_back: Callable[[], object]


def of_lot(actor: Actor, lot: Lot, what: FiguresApproval.What) -> Buttons:
    """The buttons of a result or declaration of a lot."""
    back = "declare" if what == FiguresApproval.What.DECLARATION else "figures"
    ask = partial(approvals.ask, actor=actor, lot=lot, what=what)
    return Buttons(reverse(back, args=[lot.pk]), ask, partial(approvals.take_back, actor=actor, lot=lot, what=what))


def do(request: HttpRequest, actor: Actor, buttons: Buttons, asked: str) -> HttpResponse:
    """Does what the button says, and shows what came of it."""
    try:
        match asked:
            case "approve":
                return _sign(request, actor, buttons.back)
            case "send_back":
                approvals.send_back(actor=actor, approval_id=_id(request), reason=request.POST.get("reason", ""))
                messages.success(request, _("Sent back. Nothing was signed. Your colleague reads your reason."))
                return redirect("overview")
            case "take_back":
                buttons.take_back()
                messages.success(request, _("Taken back. Nobody waits for it now."))
            case _:
                buttons.ask()
                messages.success(request, sent())
    except NotAllowed:
        raise
    except RecordError as error:
        messages.error(request, spoken(error.sentence) + " " + _("Nothing was signed."))
    return redirect(buttons.back)


def _sign(request: HttpRequest, actor: Actor, back: str) -> HttpResponse:
    signed = approvals.sign(actor=actor, approval_id=_id(request), digest=request.POST.get("digest", ""))
    made = signed.declaration
    if made is None:
        messages.success(request, _("Signed and recorded."))
        return redirect(back)
    if (made.status, made.stage) == (Declaration.Status.PUBLISHED, Declaration.Stage.CHECKED):
        messages.success(request, _("Published. Its reference is %(reference)s.") % {"reference": made.reference})
    else:
        messages.success(request, _("Signed. The page of the declaration says so from now on."))
    return redirect("declaration", reference=made.reference)


def _id(request: HttpRequest) -> UUID:
    """The request that the reader had before his eyes."""
    try:
        return UUID(request.POST.get("approval", ""))
    except ValueError:
        raise Http404("Nobody asked for such an approval.") from None
