"""Requests between partners, for the two of them alone: what was asked, what may be asked, what waits for an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from traceability.ledger import closed, envelope
from traceability.ledger.statement import parse_header
from traceability.models import Disclosure, Lot, Organisation, PartnerRequest
from traceability.models import Statement as StatementRow
from traceability.selectors import access, names
from traceability.selectors.access import Actor, NotFound
from traceability.selectors.lot_facts import facts_of
from traceability.selectors.slots import SLOTS, DeclarationLink

State, What = PartnerRequest.State, PartnerRequest.What


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for among requests."""

    to_us: bool | None = None
    state: str = ""
    what: str = ""


def requests(actor: Actor, wanted: Wanted | None = None) -> QuerySet[PartnerRequest]:
    """The requests that the actor's organisation made or was asked, the newest first."""
    asked = wanted or Wanted()
    ours = {None: Q(to=actor.organisation) | Q(asker=actor.organisation), True: Q(to=actor.organisation)}
    rows = PartnerRequest.objects.filter(ours.get(asked.to_us, Q(asker=actor.organisation)))
    if asked.state in State:
        rows = rows.filter(state=asked.state)
    if asked.what in What:
        rows = rows.filter(what=asked.what)
    return rows.select_related("lot", "statement").order_by("-asked_at", "pk")


def request(actor: Actor, request_id: UUID) -> PartnerRequest:
    """One request that the actor's organisation made or was asked, or NotFound."""
    found = requests(actor).filter(pk=request_id).first()
    if found is None:
        raise NotFound("There is no such request, or it is not yours to see.")
    return found


def to_answer(actor: Actor) -> QuerySet[PartnerRequest]:
    """The requests that wait for an answer of the actor's organisation, those that are due first."""
    return PartnerRequest.objects.filter(to=actor.organisation, state=State.OPEN)


def suppliers(actor: Actor, today: date) -> QuerySet[Organisation]:
    """Whom the actor's organisation may ask: its partners, as far as they are here and may answer."""
    rows = names.partners(actor, today).filter(registered=True, standing=Organisation.Standing.ACTIVE)
    return rows.order_by("name", "pk")


@dataclass(frozen=True, slots=True)
class Shown:
    """A request in the names that its reader knows."""

    request: PartnerRequest
    to_us: bool
    partner: str
    lot: str
    """What the reader calls the lot; empty where there is none, or he sees it no more."""
    declaration: DeclarationLink | None


def shown(actor: Actor, rows: Sequence[PartnerRequest], today: date) -> list[Shown]:
    """These requests as the actor may read them, in a number of queries that does not grow."""
    parties = {one for row in rows for one in (row.asker_id, row.to_id)}
    known = names.names_of(actor, parties, today)
    labels = _labels(actor, {row.lot_id for row in rows if row.lot_id}, today)
    links = SLOTS.declaration_links({row.declaration for row in rows if row.declaration})
    return [
        Shown(
            row,
            to_us := row.to_id == actor.organisation.pk,
            known.of(row.asker_id if to_us else row.to_id),
            labels.get(row.lot_id, "") if row.lot_id else "",
            links.get(row.declaration) if row.declaration else None,
        )
        for row in rows
    ]


def _labels(actor: Actor, lots: set[UUID], today: date) -> Mapping[UUID, str]:
    if not lots:
        return {}
    rows = list(Lot.objects.filter(pk__in=lots).filter(access.is_seen(actor, today)))
    facts = facts_of(actor, rows, today)
    return {row.pk: facts[row.pk].number or f"{row.material}, {str(row.pk)[-4:]}" for row in rows}


# Values of a statement


@dataclass(frozen=True, slots=True)
class Value:
    """A confidential value of a statement: where it stands, and what it is as far as its reader knows it."""

    place: str
    value: Any = None


def askable(actor: Actor, row: StatementRow, today: date) -> list[str]:
    """The places of a statement whose values are withheld from the actor, and are not gone for ever."""
    places = _digests(row)
    rows = disclosures(row, list(places))
    said_in = {one.statement_id for one in rows.values()}
    readable = set(access.readable_disclosures(actor, said_in, today).values_list("digest", flat=True))
    return [place for place, digest in places.items() if place in rows and digest not in readable]


def _digests(row: StatementRow) -> dict[str, str]:
    """The digest at each confidential place of a statement, in their order."""
    return closed.closed_digests(payload(row))


def payload(row: StatementRow) -> Mapping[str, Any]:
    """What a statement says in the open; what is confidential stands there as digests."""
    return parse_header(envelope.parse_envelope(bytes(row.envelope)).payload).content


def disclosures(row: StatementRow, places: Sequence[str]) -> dict[str, Disclosure]:
    """The values at these places of a statement that were not erased; a correction repeats those of versions before."""
    digests = _digests(row)
    wanted = {digests[place]: place for place in places if place in digests}
    found = Disclosure.objects.filter(digest__in=wanted).exclude(text=None)
    return {wanted[one.digest]: one for one in found}


def values(row: StatementRow, places: Sequence[str]) -> list[Value]:
    """The values at these places, for their issuer who is asked to open them; what is erased is not among them."""
    found = disclosures(row, places)
    return [Value(one, closed.parse_disclosure(found[one].text or "").value) for one in places if one in found]
