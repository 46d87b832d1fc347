"""Reference declarations on their way: typed page by page, computed in the background, read, signed.

What was typed is kept word by word, valid or not. Small productions are computed while one waits.
"""

import logging
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet

from epd.lca.exchanges import Role
from epd.lca.reference import Period
from epd.models import Declaration, ReferenceDraft
from epd.rules.profiles import INTERNATIONAL_EPD_DEFAULT
from epd.services import references
from epd.services.citing import KIND
from epd.services.references import Said
from traceability.ledger.errors import RecordError
from traceability.ledger.identifiers import is_urn
from traceability.ledger.quantity import format_quantity, parse_quantity
from traceability.models import AuditEvent, Lot, Membership
from traceability.selectors.access import Actor, NotFound
from traceability.services import audit, clock, leases, sealing
from traceability.services.errors import ApprovalWanted, NotAllowed
from traceability.services.submissions import Body, Receipt

AT_ONCE: Final = 25
"""So many lots are computed while one waits."""
AGAIN: Final = "It could not be finished. Try again; if that fails too, ask the operator."
AMOUNTS: Final = ("metered", "in_progress", "disposals", "overhead")
_KEPT: Final = timedelta(hours=1)
State = ReferenceDraft.State
log = logging.getLogger("lodestone.references")


class Incomplete(RecordError):
    """A page that is not filled in yet; `step` is which."""

    code = "reference_incomplete"

    def __init__(self, sentence: str, step: str = "rules") -> None:
        super().__init__(sentence)
        self.step = step


class NotAsRead(RecordError):
    """What would be signed is no longer what was read."""

    code = "approval_changed"


def of(actor: Actor) -> QuerySet[ReferenceDraft]:
    """The references that the actor's organisation is preparing."""
    return ReferenceDraft.objects.filter(organisation=actor.organisation).select_related("typed_by")


def one(actor: Actor, id: UUID) -> ReferenceDraft:
    """One of them, or NotFound."""
    found = of(actor).filter(pk=id).first()
    if found is None:
        raise NotFound("There is no such draft. It was signed or thrown away.")
    return found


def begin(actor: Actor) -> ReferenceDraft:
    """A new draft with the choices that are usual."""
    _require(actor)
    today = clock.now().date()
    typed = {
        "profile": INTERNATIONAL_EPD_DEFAULT.id,
        "valid_until": references.years_after(today).isoformat(),
        "from": references.twelve_months(today).first.isoformat(),
    }
    return ReferenceDraft.objects.create(
        pk=sealing.new_id(clock.now()), organisation=actor.organisation, typed=typed, typed_by_id=actor.user_id or None,
        made_at=clock.now(), changed_at=clock.now(),
    )  # fmt: skip


def save(actor: Actor, draft: ReferenceDraft, changes: Mapping[str, Any]) -> ReferenceDraft:
    """The draft with what was typed on one page; what was computed from it is forgotten where that changed."""
    _require(actor)
    typed = {**draft.typed, **changes}
    if typed == draft.typed:
        return draft
    if {**typed, "explanation": ""} != {**draft.typed, "explanation": ""}:
        draft.state, draft.body, draft.error = State.TYPED, None, ""
    draft.typed, draft.typed_by_id, draft.changed_at = typed, actor.user_id or None, clock.now()
    draft.revision += 1
    draft.save()
    return draft


def discard(actor: Actor, id: UUID) -> None:
    """Throws a draft away."""
    _require(actor)
    one(actor, id).delete()


def _require(actor: Actor) -> None:
    if not actor.may_submit:
        raise NotAllowed(actor.why_not_submit)


# What was typed, read


def period_of(typed: Mapping[str, Any]) -> Period:
    """The twelve months from the day that was typed."""
    try:
        first = date.fromisoformat(str(typed.get("from", "")))
        after = references.years_after(first, 1)
    except (ValueError, OverflowError):
        raise Incomplete("Enter the first day of the twelve months.", "production") from None
    return Period(first, after - timedelta(days=1))


def production_of(typed: Mapping[str, Any]) -> tuple[str, str, str]:
    """Site, stage and material."""
    parts = str(typed.get("production", "")).split("|", 2)
    if len(parts) != 3 or not is_urn(parts[0]):
        raise Incomplete("Choose the product and its site.", "production")
    return parts[0], parts[1], parts[2]


def said_of(typed: Mapping[str, Any]) -> Said:
    """What was typed, as the declaration takes it; Incomplete names the page on which something is missing."""
    period = period_of(typed)
    facility, stage, material = production_of(typed)
    product = str(typed.get("product", "")).strip()
    if not product:
        raise Incomplete("Say what your customers call the product.", "rules")
    try:
        valid = date.fromisoformat(str(typed.get("valid_until", "")))
    except ValueError:
        raise Incomplete("Enter the day until which it is valid.", "rules") from None
    return Said(
        facility=facility, material=material, stage=stage, period=period, product=product,
        stock={f"{name}_kg": _amount(typed.get(name), "stock") or "0" for name in ("opening", "shipped", "closing")},
        profile=str(typed.get("profile", "")), valid_until=valid, meters=_meters(typed), prices=_prices(typed),
        explanation=str(typed.get("explanation", "")).strip(), illustrative=typed.get("illustrative") is True,
    )  # fmt: skip


def _amount(text: object, step: str) -> str:
    """A quantity as the record writes it; empty where nothing was typed."""
    written = str(text or "").strip()
    if not written:
        return ""
    try:
        return format_quantity(parse_quantity(written, negative=True))
    except RecordError:
        raise Incomplete(f"This is no number: {written[:40]}.", step) from None


def _meters(typed: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = []
    for key, row in typed.get("meters", {}).items():
        flow, _, unit = key.rpartition("|")
        amounts = {name: amount for name in AMOUNTS if (amount := _amount(row.get(name), "meters"))}
        if amounts:
            found.append({"flow": flow, "unit": unit, **amounts})
    for row in typed.get("more", ()):
        flow = str(row.get("flow", "")).strip()
        amounts = {name: amount for name in AMOUNTS if (amount := _amount(row.get(name), "meters"))}
        if not flow and not amounts:
            continue
        if not flow or row.get("role") not in tuple(Role) or not row.get("unit"):
            raise Incomplete("A meter of the site has a name, a kind and a unit.", "meters")
        factor = {"factors": [row["factor"]]} if row.get("factor") else {}
        found.append({"flow": flow, "unit": row["unit"], "role": row["role"], **factor, **amounts})
    return found


def _prices(typed: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = []
    for key, row in typed.get("prices", {}).items():
        stage, _, material = key.partition("|")
        value = _amount(row.get("value"), "prices")
        if not value:
            continue
        said = {name: str(row.get(name, "")).strip() for name in ("currency", "date", "source")}
        if not all(said.values()):
            raise Incomplete("A price has a currency, a day and a source.", "prices")
        period = period_of(typed)
        found.append({"material": material, "stage": stage, "price": {
            "value_per_kg": value, "currency": said["currency"].upper(), "date": said["date"], "source": said["source"],
            "period": f"{period.first}/{period.last}",
        }})  # fmt: skip
    return found


# What the record proposes


def stock_proposed(made: list[str], organisation: UUID) -> dict[str, Decimal]:
    """Opening, shipped and closing kg as far as the record tells: what of these lots is still with their maker."""
    rows = Lot.objects.filter(pk__in=[UUID(urn.removeprefix("urn:uuid:")) for urn in made])
    closing = sum((row.remaining_kg for row in rows if row.holder_id == organisation), Decimal(0))
    return {"opening": Decimal(0), "closing": closing}


# Computing


def compute(actor: Actor, draft: ReferenceDraft, lots: int) -> ReferenceDraft:
    """The draft, computed where that takes a moment; else it waits for the background."""
    _require(actor)
    said_of(draft.typed)
    draft.state, draft.tries, draft.seen_at, draft.error = State.WAITING, 0, None, ""
    draft.save(update_fields=["state", "tries", "seen_at", "error"])
    if lots <= AT_ONCE and (mine := _take(draft.pk)) is not None:
        run(mine)
    draft.refresh_from_db()
    return draft


def work() -> int:
    """The number of references that were computed now."""
    done = 0
    while (row := _take()) is not None:
        run(row)
        done += 1
    return done


def release() -> None:
    """Lets work be begun again at once whose worker ended with the only process there was."""
    ReferenceDraft.objects.filter(state=State.WAITING).update(seen_at=None)


def run(row: ReferenceDraft) -> None:
    """Computes a draft, unless it was changed meanwhile; after a few failures it has failed."""
    mine = ReferenceDraft.objects.filter(pk=row.pk, state=State.WAITING, revision=row.revision, tries=row.tries)
    if row.tries > leases.MOST_TRIES:
        mine.update(state=State.FAILED, error=AGAIN)
        return
    actor = Actor(row.typed_by_id or 0, row.organisation, Membership.Role.SUBMITTER)

    def tell(done: int, total: int) -> None:
        cache.set(_key(row.pk), [done, total], _KEPT.total_seconds())
        mine.update(seen_at=clock.now())

    try:
        body = references.body_of(actor=actor, said=said_of(row.typed), id=row.pk, tell=tell)
        mine.update(state=State.COMPUTED, body=dict(body), error="")
    except RecordError as error:
        mine.update(state=State.FAILED, error=error.sentence[:500])
    except Exception:  # a fault of ours: the draft is free at once for the next try, and the fault goes on up
        log.exception("A reference was not computed.", extra={"fields": {"draft": str(row.pk)}})
        mine.update(seen_at=None)
        raise
    finally:
        cache.delete(_key(row.pk))


def _take(only: UUID | None = None) -> ReferenceDraft | None:
    return leases.take(ReferenceDraft.objects.filter(state=State.WAITING), "changed_at", "pk", only=only)


def progress_of(draft: ReferenceDraft) -> tuple[int, int] | None:
    """How many of how many lots are read; None where that is not known."""
    found = cache.get(_key(draft.pk))
    return (found[0], found[1]) if found else None


def _key(draft: UUID) -> str:
    return f"reference-progress:{draft}"


# Signing


def body_of(draft: ReferenceDraft) -> Body | None:
    """What would be signed; None where it is not computed."""
    if draft.body is None:
        return None
    explanation = str(draft.typed.get("explanation", "")).strip()
    return {name: value for name, value in draft.body.items() if name != "explanation"} | (
        {"explanation": explanation} if explanation else {}
    )


def why_not_sign(actor: Actor, draft: ReferenceDraft) -> str:
    """Why the actor may not sign it; empty where he may."""
    if not actor.may_submit:
        return actor.why_not_submit
    if not actor.organisation.approval_wanted:
        return ""
    if not actor.may_approve:
        return "Your organisation wants an approver or administrator to sign. Tell one of them that it is ready."
    if draft.typed_by_id == actor.user_id:
        return "You typed this last. Another approver or administrator of your organisation signs it."
    return ""


@transaction.atomic
def sign(actor: Actor, draft: ReferenceDraft, revision: str) -> tuple[Declaration, Receipt]:
    """The declaration that a draft became; refused where it is not as it was read."""
    if why := why_not_sign(actor, draft):
        raise ApprovalWanted(why)
    draft = of(actor).select_for_update(of=("self",)).get(pk=draft.pk)
    body = body_of(draft)
    if body is None or str(draft.revision) != revision:
        raise NotAsRead("It changed since you opened this page. Read it as it is now.")
    made, receipt = references.sign(actor=actor, body=body)
    if actor.organisation.approval_wanted:
        by = audit.called(draft.typed_by_id or 0)
        audit.note(actor, AuditEvent.Kind.APPROVAL, f"{KIND} {made.reference}, typed by {by}")
    draft.delete()
    return made, receipt
