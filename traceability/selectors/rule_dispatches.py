"""Which lots were sent from which country to which, and what their senders state about the export.

The papers stand in `ext` of the dispatch, under the namespace of `rules/papers.py`: they change no rule of the record.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F

from traceability.material.elements import RARE_EARTHS
from traceability.models import Facility, Organisation, Statement
from traceability.rules.facts import Dispatch
from traceability.rules.functions.export_licence import licence_wanted
from traceability.rules.papers import papers_of
from traceability.rules.rule_set import RuleSet
from traceability.selectors import access, statements
from traceability.selectors.access import Actor
from traceability.selectors.access import lots as visible_lots
from traceability.selectors.lots import Matter, matter_of
from traceability.selectors.names import Names
from traceability.selectors.rule_sets import all_rule_sets
from traceability.selectors.statements import Told

_KINDS = ("lot.dispatch", "lot.receive", "lot.reject", "lot.dispatch_cancel")


def dispatches_of(
    actor: Actor, matter: Matter, lots: Collection[UUID], names: Names, today: date
) -> dict[str, tuple[Dispatch, ...]]:
    """The dispatches of each of these lots that were not taken back, oldest first, by its urn.

    What a later holder does with a lot is not told to those who had it before him.
    """
    shown = _said(matter, lots, access.organisations_seen_as(actor, today))
    told = statements.told(actor, shown, today)
    places = _Places(told.values())
    chains: dict[UUID, list[Told]] = {}
    for one in shown:
        chains.setdefault(one.lot, []).append(told[one.pk])
    return {
        matter.views[lot].row.urn: tuple(_sent(matter.country(lot), chain, places, names))
        for lot, chain in chains.items()
    }


def _said(matter: Matter, lots: Collection[UUID], seen_as: Collection[UUID]) -> list[Any]:
    """The statements that move these lots, oldest first, each with its `lot`."""
    rows = Statement.objects.filter(kind__in=_KINDS, links__subject__in=lots)
    said = rows.annotate(lot=F("links__subject"), seq=F("links__seq")).order_by("seq")
    return [one for one in said if matter.views[one.lot].facts.with_reader or one.issuer in seen_as]


def licences_wanted(
    actor: Actor, lot: UUID, body: Mapping[str, Any], day: date, today: date
) -> list[tuple[RuleSet, str, str]]:
    """The rule sets that ask for a licence which a dispatch of one's own does not state, with both countries."""
    row = visible_lots(actor, today).filter(pk=lot).first()
    party = _urn(body.get("to"))
    if row is None:
        return []
    matter = matter_of(actor, [lot], today)
    view = matter.views[lot]
    chain = statements.told(actor, _said(matter, [lot], {actor.organisation.pk}), today)
    places = _Places(chain.values(), {one for one in (party, row.holder_id) if one})
    start = _whereabouts(matter.country(lot), list(chain.values()), places) or places.parties.get(row.holder_id, "")
    end = places.parties.get(party, "") if party else ""
    elements = None if view.composition is None else [one for one in view.elements if one in RARE_EARTHS]
    wanted = licence_wanted(
        all_rule_sets(), elements=elements, stage=row.stage, from_country=start, to_country=end, day=day,
        papers=papers_of(body.get("ext") or {}),
    )  # fmt: skip
    return [(one, start, end) for one in wanted]


class _Places:
    """The countries of facilities and organisations that dispatches and receipts name."""

    def __init__(self, told: Collection[Told], more: Collection[UUID] = ()) -> None:
        facilities = {one for one in map(_facility, told) if one}
        parties = {one.original.issuer for one in told} | {one for one in map(_party, told) if one} | set(more)
        self.facilities = dict(Facility.objects.filter(pk__in=facilities).values_list("pk", "country"))
        known = Organisation.objects.filter(pk__in=parties)
        self.parties = dict(known.values_list("pk", "country"))

    def where_received(self, receipt: Told) -> str:
        """The country in which a lot was received: of the facility, else of who received it."""
        facility = _facility(receipt)
        country = self.facilities.get(facility) if facility else None
        return country or self.parties.get(receipt.original.issuer, "")


def _facility(receipt: Told) -> UUID | None:
    named = receipt.body.get("facility")
    return UUID(named[9:]) if isinstance(named, str) else None


def _party(dispatch: Told) -> UUID | None:
    return _urn(dispatch.body.get("to"))


def _urn(to: object) -> UUID | None:
    return UUID(to[9:]) if isinstance(to, str) and to.startswith("urn:uuid:") else None


def _whereabouts(made_in: str, chain: Sequence[Told], places: _Places) -> str:
    """The country where a lot is: where it was received last, else where it was made."""
    received = [one for one in chain if one.original.row.kind == "lot.receive"]
    return places.where_received(received[-1]) if received else made_in


def _sent(made_in: str, chain: Sequence[Told], places: _Places, names: Names) -> list[Dispatch]:
    """What was sent, by following the lot from where it was made."""
    found: list[Dispatch] = []
    here = made_in
    for one in chain:
        kind, issuer = one.original.row.kind, one.original.issuer
        if kind == "lot.dispatch":
            party = _party(one)
            to = places.parties.get(party, "") if party else ""
            start = here or places.parties.get(issuer, "")
            found.append(_dispatch(one, start, to, names.known.get(issuer, "")))
        elif kind == "lot.receive":
            here = places.where_received(one)
            found = [*found[:-1], *(_arrived(last, here) for last in found[-1:])]
        else:
            found = found[:-1]  # it came back, or never left
    return found


def _dispatch(told: Told, start: str, to: str, sender: str) -> Dispatch:
    ext = told.body.get("ext")
    papers = papers_of(ext) if isinstance(ext, dict) else None
    return Dispatch(str(told.body["lot"]), told.occurred[0].date(), start, to, sender, papers)


def _arrived(sent: Dispatch, country: str) -> Dispatch:
    return Dispatch(sent.lot, sent.day, sent.from_country, country, sent.sender, sent.papers)
