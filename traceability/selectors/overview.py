"""What waits for an organisation: goods to receive, drafts to finish, proposals and findings to answer.

The number of queries does not grow with the stock: all lots of the page are looked up at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber

from traceability.models import Draft, Finding, Mandate, Proposal
from traceability.selectors import drafts, proposals, stock
from traceability.selectors.access import Actor
from traceability.selectors.counting import NumberOf
from traceability.selectors.names import names_of
from traceability.selectors.slots import SLOTS
from traceability.selectors.stock import Line, State

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from traceability.models import Lot
    from traceability.selectors.stock import LotHere, LotNamed

SHOWN = 5
WITHOUT_RESULT_SHOWN = 3
_LISTED = (State.INCOMING, State.OUTGOING, State.BLOCKED)


@dataclass(frozen=True, slots=True)
class Noted:
    """A finding with the lot that it is about."""

    finding: Finding
    line: Line | None


@dataclass(frozen=True, slots=True)
class ToAnswer:
    """An act that a partner proposes: it is signed when the reader's organisation agrees."""

    proposal: Proposal
    act: str
    partner: str
    lot: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits, the newest first, and how much of it there is in all; and the lines of the lots asked for beside."""

    to_answer: Sequence[ToAnswer]
    incoming: Sequence[Line]
    outgoing: Sequence[Line]
    drafts: Sequence[Draft]
    drafts_count: int
    blocked: Sequence[Line]
    findings: Sequence[Noted]
    without_result: Sequence[Lot]
    """The oldest of them."""
    without_result_count: int
    shown: Sequence[Line]

    @property
    def more_without_result(self) -> int:
        """How many lots without result there are beyond those."""
        return self.without_result_count - len(self.without_result)

    @property
    def findings_count(self) -> int:
        """Everything that a person should look at."""
        return len(self.blocked) + len(self.findings) + self.without_result_count


def mandates(actor: Actor, today: date) -> QuerySet[Mandate]:
    """The mandates by which the actor's organisation reads the records of others today, by name."""
    held = Mandate.objects.filter(holder=actor.organisation, revoked_at=None)
    return held.filter(valid_from__lte=today, valid_until__gte=today).select_related("giver").order_by("giver__name")


def waiting(actor: Actor, today: date, shown: Iterable[LotHere] = ()) -> Waiting:
    """All that waits for the actor's organisation, and the lines of the lots that the page shows beside."""
    asked, listed, found = list(shown), _newest_of_each(actor), _findings(actor)
    about = list(stock.lots(actor).filter(pk__in={row.lot for row in found if row.lot})) if found else []
    rows = {row.pk: row for row in (*listed, *about, *asked)}
    lines = {line.lot.pk: line for line in stock.lines(actor, rows.values(), today)}
    begun = list(drafts.drafts(actor).annotate(number_of_all=NumberOf(drafts.drafts(actor)))[:SHOWN])

    without_result, without_result_count = SLOTS.lots_without_result(actor.organisation.pk, WITHOUT_RESULT_SHOWN)

    def in_state(state: State) -> list[Line]:
        return [lines[row.pk] for row in listed if row.state_here == state]

    return Waiting(
        to_answer=to_answer(actor, today),
        incoming=in_state(State.INCOMING),
        outgoing=in_state(State.OUTGOING),
        drafts=begun,
        drafts_count=begun[0].number_of_all if begun else 0,
        blocked=in_state(State.BLOCKED),
        findings=[Noted(row, lines.get(row.lot) if row.lot else None) for row in found],
        without_result=without_result,
        without_result_count=without_result_count,
        shown=[lines[row.pk] for row in asked],
    )


def _newest_of_each(actor: Actor) -> list[LotHere]:
    """The newest lots on their way here, on their way out, and blocked; a few of each."""
    place = Window(RowNumber(), partition_by=F("state_here"), order_by=F("newest_id").desc())
    rows = stock.lots(actor).filter(state_here__in=_LISTED).annotate(place=place)
    return list(rows.filter(place__lte=SHOWN).order_by("-newest_id"))


def _findings(actor: Actor) -> list[Finding]:
    """Findings on lots that are with the organisation, or on what it said itself; the newest first."""
    held = stock.lots(actor).filter(state_here__in=stock.WITH_US)
    about = Q(lot__in=held.values("pk")) | Q(statement__issuer=actor.organisation.pk)
    return list(Finding.objects.filter(about).select_related("statement").order_by("-pk")[:SHOWN])


def to_answer(actor: Actor, today: date) -> list[ToAnswer]:
    """What partners propose to sign together, the newest first."""
    rows = [(row, row.draft) for row in proposals.to_answer(actor) if row.draft]
    if not rows:
        return []
    lots = drafts.lots_named(actor, [f"urn:uuid:{row.lot}" for row, _ in rows], today)
    names = names_of(actor, [draft.organisation_id for _, draft in rows], today)
    return [
        ToAnswer(row, draft.kind, names.of(draft.organisation_id), _called(lots.get(f"urn:uuid:{row.lot}")))
        for row, draft in rows
    ]


def _called(lot: LotNamed | None) -> str:
    return (lot.number_here or lot.material) if lot else ""


def incoming(actor: Actor) -> QuerySet[LotHere]:
    """The lots that are under way to the actor's organisation."""
    return stock.lots(actor).filter(state_here=State.INCOMING)
