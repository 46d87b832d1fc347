"""A buyer asks a supplier for a declaration, or to open confidential values; the supplier answers or declines.

Only partners are asked, so that it is no channel for strangers; and each only so often.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from traceability.models import AuditEvent, Lot, Notice, Opening, Organisation, PartnerRequest
from traceability.models import Statement as StatementRow
from traceability.selectors import access, asking, openings, statements
from traceability.selectors.access import Actor, NotFound
from traceability.selectors.slots import SLOTS
from traceability.services import audit, clock, notices
from traceability.services.errors import NotAllowed, Refusal
from traceability.services.notice_rules import News

MOST_A_DAY: Final = 30
"""Requests that one organisation may make in a day: enough for a buyer, useless for a nuisance."""
MOST_OPEN: Final = 10
"""Open requests to one partner at once."""
MOST_PLACES: Final = 50
LONGEST_TEXT: Final = 1000
LONGEST_PRODUCT: Final = 200
LATEST: Final = timedelta(days=730)
NOT_AGAIN: Final = timedelta(days=30)
"""What was declined is not asked again for so long."""
State, What, Kind = PartnerRequest.State, PartnerRequest.What, Notice.Kind


class NotAPartner(Refusal):
    """Somebody with whom the organisation shares no lot, mandate or invitation."""

    code = "not_a_partner"


class NothingToAsk(Refusal):
    """A request that says not what is wanted, or wants what is open already."""

    code = "nothing_to_ask"


class BadText(Refusal):
    """A text that is too long, or missing."""

    code = "bad_text"


class BadDueDate(Refusal):
    """A day before today, or too far away."""

    code = "bad_due_date"


class TooManyRequests(Refusal):
    """As much as an organisation may ask in a day, or one partner at once."""

    code = "too_many_requests_to_partners"


class DeclinedBefore(Refusal):
    """The same was declined not long ago."""

    code = "declined_before"


class RequestOver(Refusal):
    """A request that was answered, declined or withdrawn."""

    code = "request_over"


class NotYourPart(Refusal):
    """What the other one of the two does with a request."""

    code = "not_your_part"


class NotInForce(Refusal):
    """A declaration that is not the supplier's own, or is withdrawn or superseded."""

    code = "not_in_force"


@dataclass(frozen=True, slots=True)
class Asking:
    """What is said with every request."""

    message: str = ""
    due_on: date | None = None


def ask_for_declaration(
    *, actor: Actor, lot: UUID | None = None, to: UUID | None = None, product: str = "", said: Asking | None = None
) -> PartnerRequest:
    """The request for the declaration of a lot (of its maker), or of a product of a partner; the open one, if it is
    asked again."""
    today = clock.now().date()
    row = None if lot is None else access.lot(actor, lot, today)
    named = _words(product, LONGEST_PRODUCT, "/product")
    if row is None and not (named and to):
        raise NothingToAsk("Name a lot, or a partner and a product of his.", path="/product")
    supplier = _supplier(actor, row.maker_id, today) if row else _named_supplier(actor, to, today)
    return _ask(actor, supplier, said or Asking(), what=What.DECLARATION, lot=row, product=named)


def ask_for_opening(*, actor: Actor, digest: str, places: Sequence[str], said: Asking | None = None) -> PartnerRequest:
    """The request to open values of a statement that are withheld from the actor; the open one, if it is asked
    again."""
    today = clock.now().date()
    row = statements.statement(actor, digest, today)
    supplier = _supplier(actor, row.issuer, today)
    withheld = asking.askable(actor, row, today)
    wanted = [place for place in withheld if place in set(places)]
    if not wanted or len(wanted) < len(set(places)) or len(wanted) > MOST_PLACES:
        raise NothingToAsk(f"Name 1 to {MOST_PLACES} values that are withheld from you.", path="/places")
    return _ask(actor, supplier, said or Asking(), what=What.OPENING, statement=row, places=wanted)


def _supplier(actor: Actor, organisation: UUID, today: date) -> Organisation:
    """Who made or said what the actor sees, if he may be asked."""
    if organisation == actor.organisation.pk:
        raise NothingToAsk("It is your own. There is nobody to ask.")
    found = asking.suppliers(actor, today).filter(pk=organisation).first()
    if found is None:
        raise NotAPartner("You share no lot and no mandate with this organisation. Ask your own supplier for it.")
    return found


def _named_supplier(actor: Actor, organisation: UUID | None, today: date) -> Organisation:
    found = asking.suppliers(actor, today).filter(pk=organisation).first() if organisation else None
    if found is None:
        raise NotFound("You have no such partner.", path="/to")
    return found


@transaction.atomic
def _ask(
    actor: Actor,
    supplier: Organisation,
    said: Asking,
    *,
    what: PartnerRequest.What,
    lot: Lot | None = None,
    product: str = "",
    statement: StatementRow | None = None,
    places: Sequence[str] = (),
) -> PartnerRequest:
    _require_role(actor)
    message = _words(said.message, LONGEST_TEXT, "/message")
    _require_due(said.due_on)
    # One after the other for each organisation: so the limits hold, and what is asked twice at once is one request.
    Organisation.objects.select_for_update().get(pk=actor.organisation.pk)
    about = (what.value, lot and lot.pk, product.casefold(), statement and statement.pk, *sorted(places))
    same = hashlib.sha256("\n".join(map(str, (actor.organisation.pk, supplier.pk, *about))).encode()).hexdigest()
    known = PartnerRequest.objects.filter(same=same)
    if found := known.filter(state=State.OPEN).first():
        return found
    _require_room(actor, supplier, known)
    made = PartnerRequest.objects.create(
        what=what,
        asker=actor.organisation,
        asked_by_id=actor.user_id or None,
        to=supplier,
        lot=lot,
        product=product,
        statement=statement,
        places=list(places),
        message=message,
        due_on=said.due_on,
        same=same,
        asked_at=clock.now(),
    )
    audit.note(actor, AuditEvent.Kind.REQUEST, f"Asked {supplier.name}: {_about(made)}")
    _tell(made, Kind.REQUEST_MADE)
    return made


def _require_role(actor: Actor) -> None:
    if not actor.may_submit:
        raise NotAllowed(actor.why_not_submit)


def _require_due(due_on: date | None) -> None:
    today = clock.now().date()
    if due_on is not None and not today <= due_on <= today + LATEST:
        raise BadDueDate("Name a day from today on, within two years, or none.", path="/due_on")


def _require_room(actor: Actor, supplier: Organisation, alike: QuerySet[PartnerRequest]) -> None:
    now = clock.now()
    made = PartnerRequest.objects.filter(asker=actor.organisation)
    if made.filter(asked_at__gt=now - timedelta(days=1)).count() >= MOST_A_DAY:
        raise TooManyRequests(f"Your organisation asks partners at most {MOST_A_DAY} times a day. Ask tomorrow.")
    if made.filter(to=supplier, state=State.OPEN).count() >= MOST_OPEN:
        raise TooManyRequests(f"This partner has {MOST_OPEN} open requests of yours. Wait for an answer first.")
    if alike.filter(state=State.DECLINED, ended_at__gt=now - NOT_AGAIN).exists():
        raise DeclinedBefore(f"This was declined. Ask for the same again after {NOT_AGAIN.days} days, or call him.")


def _words(text: str, longest: int, path: str) -> str:
    """A text on one line, without characters that cannot be shown."""
    words = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    if len(words) > longest:
        raise BadText(f"Use at most {longest} characters.", path=path)
    return words


# Answers


@transaction.atomic
def answer_with_declaration(*, actor: Actor, request_id: UUID, declaration: UUID, reason: str = "") -> PartnerRequest:
    """The request, answered by a declaration of the supplier that is in force."""
    row = _to_answer(actor, request_id, What.DECLARATION)
    if row.state == State.ANSWERED and row.declaration == declaration:
        return row
    _require_open(row)
    if declaration not in {id for id, _, _ in SLOTS.own_declarations(actor.organisation.pk)}:
        raise NotInForce("Choose a declaration of yours that is published and in force.", path="/declaration")
    row.declaration = declaration
    return _end(actor, row, State.ANSWERED, reason)


@transaction.atomic
def answer_with_opening(*, actor: Actor, request_id: UUID, places: Sequence[str], reason: str = "") -> PartnerRequest:
    """The request, answered by opening these of the values that were asked for, to who asked and to nobody else."""
    row = _to_answer(actor, request_id, What.OPENING)
    if row.state == State.ANSWERED and sorted(row.opened) == sorted(set(places)):
        return row
    _require_open(row)
    wanted = [place for place in row.places if place in set(places)]
    if not wanted or len(wanted) < len(set(places)):
        raise NothingToAsk("Choose at least one of the values that were asked for, or decline.", path="/places")
    row.opened = _open(actor, row, wanted)
    return _end(actor, row, State.ANSWERED, reason)


def _open(actor: Actor, row: PartnerRequest, places: Sequence[str]) -> list[str]:
    """The places whose values are open to who asked from now on; the record stays as it is."""
    found = {} if row.statement is None else asking.disclosures(row.statement, places)
    if len(found) < len(places):
        raise NothingToAsk("One of these values was erased for ever. Leave it out.", path="/places")
    now = clock.now()
    openings = [
        Opening(disclosure=one, organisation_id=row.asker_id, opened_by_id=actor.user_id or None, opened_at=now)
        for one in found.values()
    ]
    Opening.objects.bulk_create(openings, ignore_conflicts=True)
    said = f"Opened to {row.asker.name}: {', '.join(places)}"
    audit.note(actor, AuditEvent.Kind.OPENED, said)
    return list(places)


@transaction.atomic
def close(*, actor: Actor, opening: Opening) -> None:
    """Takes back an opening of the actor's organisation: from now on the partner does not read the value by it."""
    _require_role(actor)
    row = openings.values(actor).filter(pk=opening.pk).select_for_update(of=("self",)).first()
    if row is not None:
        row.delete()
        said = f"Closed to {row.organisation.name}: {row.disclosure.path}"
        audit.note(actor, AuditEvent.Kind.CLOSED, said)


@transaction.atomic
def decline(*, actor: Actor, request_id: UUID, reason: str) -> PartnerRequest:
    """The request, declined with a reason that the partner reads."""
    row = _to_answer(actor, request_id)
    if row.state == State.DECLINED:
        return row
    _require_open(row)
    if not _words(reason, LONGEST_TEXT, "/reason"):
        raise BadText("Say why you decline, so that your partner knows what to do.", path="/reason")
    return _end(actor, row, State.DECLINED, reason)


@transaction.atomic
def withdraw(*, actor: Actor, request_id: UUID) -> PartnerRequest:
    """The request, taken back by who made it."""
    _require_role(actor)
    row = _locked(actor, request_id)
    if row.asker_id != actor.organisation.pk:
        raise NotYourPart("Only who asked takes a request back. You can decline it.")
    if row.state == State.WITHDRAWN:
        return row
    _require_open(row)
    return _end(actor, row, State.WITHDRAWN, "")


def end_all(actor: Actor) -> None:
    """Declines what the actor's organisation was asked and withdraws what it asked: it leaves."""
    for row in asking.requests(actor, asking.Wanted(state=State.OPEN)).select_for_update(of=("self",)):
        to_us = row.to_id == actor.organisation.pk
        _end(actor, row, State.DECLINED if to_us else State.WITHDRAWN, GONE)


GONE: Final = "The organisation closed its account."


def _to_answer(actor: Actor, request_id: UUID, what: PartnerRequest.What | None = None) -> PartnerRequest:
    _require_role(actor)
    row = _locked(actor, request_id)
    if row.to_id != actor.organisation.pk:
        raise NotYourPart("Your partner answers this request. You can withdraw it.")
    if what is not None and row.what != what:
        raise NothingToAsk("This request asks for something else.")
    return row


def _locked(actor: Actor, request_id: UUID) -> PartnerRequest:
    asking.request(actor, request_id)
    return PartnerRequest.objects.select_for_update(of=("self",)).select_related("statement").get(pk=request_id)


def _require_open(row: PartnerRequest) -> None:
    if row.state != State.OPEN:
        raise RequestOver(f"This request is {State(row.state).value} already.")


_TOLD: Final[dict[Any, tuple[Notice.Kind, str]]] = {
    State.ANSWERED: (Kind.REQUEST_ANSWERED, "Answered"),
    State.DECLINED: (Kind.REQUEST_DECLINED, "Declined"),
    State.WITHDRAWN: (Kind.REQUEST_WITHDRAWN, "Withdrew"),
}


def _end(actor: Actor, row: PartnerRequest, state: PartnerRequest.State, reason: str) -> PartnerRequest:
    row.state, row.reason = state, _words(reason, LONGEST_TEXT, "/reason")
    row.ended_at, row.ended_by_id = clock.now(), actor.user_id or None
    row.save(update_fields=["state", "reason", "ended_at", "ended_by", "declaration", "opened"])
    kind, verb = _TOLD[state]
    other = row.asker if row.to_id == actor.organisation.pk else row.to
    audit.note(actor, AuditEvent.Kind.REQUEST, f"{verb} ({other.name}): {_about(row)}")
    _tell(row, kind)
    return row


def _about(row: PartnerRequest) -> str:
    """What a request is about, for the audit log of either of the two."""
    if row.what == What.OPENING and row.statement is not None:
        return f"open {len(row.places)} values of statement sha256:{bytes(row.statement.digest).hex()}"
    return f"a declaration of {row.product or f'lot {row.lot_id}'}"


def _tell(row: PartnerRequest, kind: Notice.Kind) -> None:
    to = row.to_id if kind in (Kind.REQUEST_MADE, Kind.REQUEST_WITHDRAWN) else row.asker_id
    notices.tell(News(to, kind, Notice.About.REQUEST, row.pk), cause="request")
