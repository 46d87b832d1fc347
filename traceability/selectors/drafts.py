"""Drafts of an organisation, and what a form offers to choose from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from traceability.models import Draft, Evidence, Facility, KeyEntry, OpeningRule, Organisation
from traceability.selectors import access, proposals, stock
from traceability.selectors.access import DEFAULT_RULES, Actor, NotFound
from traceability.selectors.names import names_of
from traceability.selectors.stock import State

if TYPE_CHECKING:
    from traceability.selectors.stock import LotNamed


def drafts(actor: Actor) -> QuerySet[Draft]:
    """The drafts of the actor's organisation, the one touched last first."""
    return Draft.objects.filter(organisation=actor.organisation).select_related("organisation", "proposal", "approval")


def draft(actor: Actor, draft_id: UUID) -> Draft:
    """One draft of the actor's organisation, or NotFound."""
    found = drafts(actor).filter(pk=draft_id).first()
    if found is None:
        raise NotFound("There is no such draft, or it is not yours to see.")
    return found


def lots_in_state(actor: Actor, today: date, *states: State) -> QuerySet[LotNamed]:
    """The lots that stand in one of these states, by their numbers."""
    return _numbered(actor, today).filter(state_here__in=states).order_by("number", "pk")


def _numbered(actor: Actor, today: date) -> QuerySet[LotNamed]:
    return stock.with_numbers(actor, stock.lots(actor), today)


def lots_made(actor: Actor, today: date) -> QuerySet[LotNamed]:
    """The lots that the actor's organisation made and has not declared void."""
    made = _numbered(actor, today).filter(maker=actor.organisation)
    return made.exclude(state_here=State.VOID).order_by("number", "pk")


def numbers_under(actor: Actor, number: str, today: date) -> set[str]:
    """The numbers of lots that begin with this one and a slash: parts that were split off it, as a rule."""
    return set(lots_made(actor, today).filter(number__startswith=f"{number}/").values_list("number", flat=True))


def facilities(actor: Actor) -> QuerySet[Facility]:
    """The sites of the actor's organisation."""
    return Facility.objects.filter(organisation=actor.organisation, voided=False).select_related("statement")


def partners(actor: Actor, today: date) -> Sequence[Organisation]:
    """Organisations to which one can dispatch and whose names one knows: a list of all would name every urn."""
    active = Organisation.objects.filter(registered=True, standing=Organisation.Standing.ACTIVE)
    others = active.exclude(pk=actor.organisation.pk).order_by("name")
    trading = [one for one in others if {"supplier", "buyer"} & set(one.roles)]
    known = names_of(actor, [one.pk for one in trading], today)
    return [one for one in trading if one.pk in known]


def lot_for(actor: Actor, lot_id: UUID, today: date) -> LotNamed:
    """One lot that the actor's organisation made, holds or is to receive, or NotFound."""
    found = _numbered(actor, today).filter(pk=lot_id).first()
    if found is None:
        raise NotFound("There is no such lot, or it is not yours to see.")
    return found


def lots_named(actor: Actor, urns: Iterable[str], today: date) -> Mapping[str, LotNamed]:
    """The lots with these urns, as far as they are the organisation's to see; also those that it held once."""
    wanted = [urn.removeprefix("urn:uuid:") for urn in urns]
    rows = stock.with_numbers(actor, access.lots(actor, today).filter(pk__in=wanted), today)
    return {row.urn: row for row in rows} if wanted else {}


def document(actor: Actor, sha256: str) -> Evidence:
    """A document by the hexadecimal digest of its content, or NotFound.

    It belongs to the actor's organisation, or to a proposal that waits for its signature.
    """
    waiting = proposals.to_answer(actor)
    proposers = [one.draft.organisation_id for one in waiting if one.draft and _names_document(one.draft, sha256)]
    owners = [actor.organisation.pk, *proposers]
    found = Evidence.objects.filter(organisation__in=owners, sha256=bytes.fromhex(sha256)).first()
    if found is None:
        raise NotFound("There is no such document, or it is not yours to see.")
    return found


def _names_document(draft: Draft, sha256: str) -> bool:
    return any(one["sha256"] == f"sha256:{sha256}" for one in draft.typed.get("documents", ()))


def opening_rules(actor: Actor) -> Mapping[str, str]:
    """Who may read which group of the confidential values of the actor's organisation."""
    rows = OpeningRule.objects.filter(organisation=actor.organisation).values_list("group", "audience")
    return {**DEFAULT_RULES, **dict(rows)}


def key_entry(key: str) -> KeyEntry | None:
    """The key with this `sha256:` id, with the place in the log from which it is in force."""
    digest = bytes.fromhex(key.removeprefix("sha256:"))
    return KeyEntry.objects.filter(pk=digest).select_related("since__entry").first()


def lot_made(actor: Actor, lot_id: UUID, today: date) -> LotNamed:
    """One lot that the actor's organisation made, or NotFound."""
    found = lots_made(actor, today).filter(pk=lot_id).first()
    if found is None:
        raise NotFound("There is no such lot, or you did not make it.")
    return found
