"""Many lots are declared in the background, one after the other: one that fails does not stop the rest.

Each lot is one transaction, in which its row is marked too: a worker that is killed leaves a lot declared and marked,
or neither, and the next one goes on behind it. Where the organisation wants a second person, nothing is signed here:
each lot is put before a colleague, as it would be by hand.
"""

import logging
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count, QuerySet

from epd.models import Declaration, DeclarationRun, DeclarationRunLot, LotResultRow
from epd.services import approvals, citing, declarations, results
from traceability.ledger.errors import RecordError
from traceability.models import FiguresApproval, Lot, Membership
from traceability.selectors.access import Actor, NotFound
from traceability.services import clock, leases
from traceability.services.errors import NotAllowed

MOST_LOTS: Final = 5_000
MOST_OPEN: Final = 3
AGAIN: Final = "It could not be finished. Try again; if that fails too, ask the operator."
NO_LONGER: Final = "Who asked for this may no longer sign for your organisation. Somebody who may asks again."
RESULT_FIRST: Final = "A colleague signs its result first. Try again once that is done."
State, LotState, What = DeclarationRun.State, DeclarationRunLot.State, FiguresApproval.What
log = logging.getLogger("lodestone.declarations")


class NoLots(RecordError):
    """Nothing was chosen that could be declared."""

    code = "no_lots"


class TooManyLots(RecordError):
    """More lots than are declared in one go."""

    code = "too_many_lots"


class TooManyRuns(RecordError):
    """More at once than an organisation may have declared."""

    code = "too_many_runs"


class DeclaredAlready(RecordError):
    """A lot that has a declaration in force."""

    code = "declared_already"


def of(actor: Actor) -> QuerySet[DeclarationRun]:
    """The runs of the actor's organisation, newest first."""
    return DeclarationRun.objects.filter(organisation=actor.organisation)


def one(actor: Actor, run: UUID) -> DeclarationRun:
    """A run of the actor's organisation, or NotFound."""
    found = of(actor).filter(pk=run).first()
    if found is None:
        raise NotFound("There is no such run of declarations.")
    return found


def with_numbers(actor: Actor) -> QuerySet[DeclarationRun]:
    """The same, with how many lots each has."""
    return of(actor).annotate(number_of_lots=Count("lots"))


def counts(rows: Sequence[DeclarationRun]) -> dict[UUID, dict[str, int]]:
    """How many lots of each run are in each state."""
    found = {run.pk: dict.fromkeys(LotState.values, 0) for run in rows}
    for run, state, number in (
        DeclarationRunLot.objects.filter(run__in=rows).values_list("run", "state").annotate(Count("pk")).order_by()
    ):
        found[run][state] = number
    return found


@transaction.atomic
def begin(*, actor: Actor, lots: Sequence[UUID], said: dict[str, Any]) -> DeclarationRun:
    """The run that declares these lots of the actor's organisation, oldest first.

    `said`: product (empty: what each lot is called), illustrative, cite (the newest reference of its product),
    justification.
    """
    if why := actor.why_not_sign if actor.program else actor.why_not_submit:
        raise NotAllowed(why)
    if len(set(lots)) > MOST_LOTS:
        raise TooManyLots(f"Up to {MOST_LOTS} lots are declared in one go. Choose fewer.")
    own = Lot.objects.filter(maker=actor.organisation, pk__among=set(lots)).exclude(state="void")
    found = list(own.order_by("made_by_id", "pk").values_list("pk", flat=True))
    if len(found) < len(set(lots)):
        raise NotFound("One of these lots is not yours, or was voided. Choose again.")
    if not found:
        raise NoLots("Choose lots that you made.")
    if of(actor).filter(state=State.WAITING).count() >= MOST_OPEN:
        raise TooManyRuns(f"{MOST_OPEN} runs of your organisation are at work. Wait for one of them, or stop it.")
    run = DeclarationRun.objects.create(
        organisation=actor.organisation, asked_by_id=actor.user_id or None, by_program=actor.program, said=said,
        asked_at=clock.now(),
    )  # fmt: skip
    DeclarationRunLot.objects.bulk_create([DeclarationRunLot(run=run, lot_id=pk) for pk in found], batch_size=500)
    return run


def stop(*, actor: Actor, run: UUID) -> DeclarationRun:
    """Stops a run; what is signed stays signed, and what waits is left alone."""
    found = one(actor, run)
    of(actor).filter(pk=found.pk, state=State.WAITING).update(state=State.CANCELLED, ended_at=clock.now())
    found.refresh_from_db()
    return found


@transaction.atomic
def retry(*, actor: Actor, run: UUID) -> DeclarationRun:
    """Lets what failed, and what was left, be tried once more."""
    if actor.why_not_submit:
        raise NotAllowed(actor.why_not_submit)
    found = of(actor).select_for_update().filter(pk=run).first()
    if found is None:
        raise NotFound("There is no such run of declarations.")
    found.lots.filter(state=LotState.FAILED).update(state=LotState.WAITING, reason="", tries=0)
    if found.state != State.WAITING and found.lots.filter(state=LotState.WAITING).exists():
        found.asked_by_id, found.by_program = actor.user_id or None, actor.program
        found.state, found.ended_at, found.seen_at = State.WAITING, None, None
        found.save(update_fields=["asked_by", "by_program", "state", "ended_at", "seen_at"])
    return found


# At work


def work() -> int:
    """The number of runs that were brought to their end now."""
    done = 0
    while (run := leases.take(DeclarationRun.objects.filter(state=State.WAITING), "asked_at", "pk")) is not None:
        go_on(run)
        done += 1
    return done


def release() -> None:
    """Lets work be begun again at once whose worker ended with the only process there was."""
    DeclarationRun.objects.filter(state=State.WAITING).update(seen_at=None)


def go_on(run: DeclarationRun) -> None:
    """Declares the lots that wait, until none is left or somebody stops the run."""
    mine = DeclarationRun.objects.filter(pk=run.pk, state=State.WAITING, tries=run.tries)
    actor = _actor(run)
    try:
        while mine.update(seen_at=clock.now()):
            row = run.lots.filter(state=LotState.WAITING).select_related("lot").first()
            if row is None:
                mine.update(state=State.DONE, ended_at=clock.now())
                return
            _try(row, actor, run.said)
    except Exception:  # a fault of ours: the run is free at once for the next try, and the fault goes on up
        log.exception("A run of declarations was interrupted.", extra={"fields": {"run": str(run.pk)}})
        mine.update(seen_at=None)
        raise


def _actor(run: DeclarationRun) -> Actor | None:
    """Who asked, with the role that he has now; None where he has none any more."""
    if run.by_program:
        return Actor(run.asked_by_id or 0, run.organisation, Membership.Role.SUBMITTER, program=True)
    member = Membership.objects.filter(user_id=run.asked_by_id or 0, organisation=run.organisation).first()
    return None if member is None else Actor(member.user_id, run.organisation, member.role)


def _try(row: DeclarationRunLot, actor: Actor | None, said: dict[str, Any]) -> None:
    """Declares one lot, or keeps the reason why not; whoever is killed over one lot thrice lets it be."""
    row.tries += 1
    row.save(update_fields=["tries"])
    if row.tries > leases.MOST_TRIES:
        _failed(row, AGAIN)
    elif actor is None or (actor.why_not_sign if actor.program else actor.why_not_submit):
        _failed(row, NO_LONGER)
    else:
        try:
            with transaction.atomic():
                _declare(row, actor, said)
        except (RecordError, NotAllowed) as error:
            _failed(row, error.sentence)


def _failed(row: DeclarationRunLot, reason: str) -> None:
    row.state, row.reason = LotState.FAILED, reason[:500]
    row.save(update_fields=["state", "reason"])


def _declare(row: DeclarationRunLot, actor: Actor, said: dict[str, Any]) -> None:
    """Signs the declaration of a lot, and before it its result where it has none; or asks a colleague to."""
    lot = row.lot
    if found := Declaration.objects.filter(lot=lot, status=Declaration.Status.PUBLISHED).first():
        raise DeclaredAlready(f"{found.reference} declares this lot already. Supersede or withdraw that one first.")
    has_result = LotResultRow.objects.filter(lot=lot).exists()
    if actor.organisation.approval_wanted and not actor.program:
        what = What.DECLARATION if has_result else What.RESULT
        approvals.ask(actor=actor, lot=lot, what=what, said=_said_of(actor, lot, said) if has_result else None)
        row.state, row.reason = LotState.ASKED, "" if has_result else RESULT_FIRST
    else:
        if not has_result:
            results.publish_result(actor=actor, lot=lot)
        row.declaration, _receipt = declarations.publish(actor=actor, lot=lot, **_said_of(actor, lot, said))
        row.state, row.reason = LotState.DECLARED, ""
    row.save(update_fields=["state", "reason", "declaration"])


def _said_of(actor: Actor, lot: Lot, said: dict[str, Any]) -> dict[str, Any]:
    """What is said of one lot."""
    found = {"product": said.get("product") or lot.material, "illustrative": bool(said.get("illustrative"))}
    newest = citing.in_force(actor, lot) if said.get("cite") else []
    if newest:
        found |= {"cites": newest[0][0].reference, "justification": said.get("justification", "")}
    return found
