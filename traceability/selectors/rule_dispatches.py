"""Which lots were sent from which country to which, and what their senders state about the export.

The papers stand in `ext` of the dispatch, under the namespace of `rules/papers.py`: they change no rule of the record.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from traceability.ledger.moments import parse_moment
from traceability.material.elements import RARE_EARTHS
from traceability.rules.catalogue import all_rule_sets
from traceability.rules.facts import Dispatch, Papers
from traceability.rules.functions.export_licence import licence_wanted
from traceability.rules.papers import papers_of
from traceability.rules.rule_set import RuleSet
from traceability.selectors import access
from traceability.selectors.access import Actor
from traceability.selectors.access import lots as visible_lots
from traceability.selectors.lot_facts import LotFacts
from traceability.selectors.lots import Beside, Matter, matter_of
from traceability.selectors.names import Names, names_of
from traceability.selectors.statements import Told

MOVES: Final = ("lot.dispatch", "lot.receive", "lot.reject", "lot.dispatch_cancel")


def moves_of(lots: Collection[UUID]) -> Q:
    """The statements that move these lots."""
    return Q(kind__in=MOVES, links__subject__among=set(lots))


def is_told(actor: Actor, today: date) -> Callable[[Any, LotFacts], bool]:
    """Whether a move is told: what a later holder does with a lot is not told to those who had it before him."""
    seen_as = access.organisations_seen_as(actor, today)
    return lambda move, facts: move.kind in MOVES and (facts.with_reader or move.issuer in seen_as)


def chains_of(matter: Matter) -> dict[UUID, list[Told]]:
    """What moved each lot, oldest first, as far as it is told."""
    chains: dict[UUID, list[Told]] = {}
    for lot, kind, told in matter.beside:
        if kind in MOVES and told is not None:
            chains.setdefault(lot, []).append(told)
    return chains


def named_in(chains: Iterable[Sequence[Told]]) -> tuple[set[UUID], set[UUID]]:
    """The organisations and the facilities that dispatches and receipts name."""
    told = [one for chain in chains for one in chain]
    parties = {one.original.issuer for one in told} | {one for one in map(_party, told) if one}
    return parties, {one for one in map(_facility, told) if one}


def dispatches_of(
    matter: Matter, chains: Mapping[UUID, Sequence[Told]], names: Names
) -> dict[str, tuple[Dispatch, ...]]:
    """The dispatches of each of these lots that were not taken back, oldest first, by its urn.

    `names` are of what the chains name.
    """
    return {matter.views[lot].row.urn: tuple(_sent(matter.country(lot), chain, names)) for lot, chain in chains.items()}


def licences_wanted(
    actor: Actor, body: Mapping[str, Any], header: Mapping[str, Any], today: date
) -> list[tuple[RuleSet, str, str]]:
    """The rule sets that ask for a licence which a dispatch of one's own does not state, with both countries."""
    lot, day = UUID(str(body["lot"])[9:]), parse_moment(str(header["occurred_from"])).date()
    row = visible_lots(actor, today).filter(pk=lot).first()
    party = _urn(body.get("to"))
    if row is None:
        return []
    matter = matter_of(actor, [lot], today, beside=Beside(moves_of([lot]), is_told(actor, today)))
    view, chain = matter.views[lot], chains_of(matter).get(lot, [])
    parties, facilities = named_in([chain])
    names = names_of(actor, parties | {one for one in (party, row.holder_id) if one}, today, facilities=facilities)
    start = _whereabouts(matter.country(lot), chain, names) or names.countries.get(row.holder_id, "")
    papers = papers_of(body.get("ext") or {})
    end = _destination(papers, party, names)
    elements = None if view.composition is None else [one for one in view.elements if one in RARE_EARTHS]
    wanted = licence_wanted(
        all_rule_sets(), elements=elements, stage=row.stage, from_country=start, to_country=end, day=day,
        papers=papers,
    )  # fmt: skip
    return [(one, start, end) for one in wanted]


def _where_received(receipt: Told, names: Names) -> str:
    """The country in which a lot was received: of the facility, else of who received it."""
    facility = _facility(receipt)
    country = names.countries.get(facility) if facility else None
    return country or names.countries.get(receipt.original.issuer, "")


def _facility(receipt: Told) -> UUID | None:
    named = receipt.body.get("facility")
    return UUID(named[9:]) if isinstance(named, str) else None


def _party(dispatch: Told) -> UUID | None:
    return _urn(dispatch.body.get("to"))


def _urn(to: object) -> UUID | None:
    return UUID(to[9:]) if isinstance(to, str) and to.startswith("urn:uuid:") else None


def _whereabouts(made_in: str, chain: Sequence[Told], names: Names) -> str:
    """The country where a lot is: where it was received last, else where it was made."""
    received = [one for one in chain if one.original.row.kind == "lot.receive"]
    return _where_received(received[-1], names) if received else made_in


def _sent(made_in: str, chain: Sequence[Told], names: Names) -> list[Dispatch]:
    """What was sent, by following the lot from where it was made."""
    found: list[Dispatch] = []
    here = made_in
    for one in chain:
        kind, issuer = one.original.row.kind, one.original.issuer
        if kind == "lot.dispatch":
            start = here or names.countries.get(issuer, "")
            found.append(_dispatch(one, start, names))
        elif kind == "lot.receive":
            here = _where_received(one, names)
            found = [*found[:-1], *(_arrived(last, here) for last in found[-1:])]
        else:
            found = found[:-1]  # it came back, or never left
    return found


def _destination(papers: Papers | None, party: UUID | None, names: Names) -> str:
    """Where a dispatch goes: the country that its sender states, else that of the partner; "" where neither tells."""
    stated = papers.destination if papers else ""
    return stated or (names.countries.get(party, "") if party else "")


def _dispatch(told: Told, start: str, names: Names) -> Dispatch:
    ext = told.body.get("ext")
    papers = papers_of(ext) if isinstance(ext, dict) else None
    to, sender = _destination(papers, _party(told), names), names.known.get(told.original.issuer, "")
    return Dispatch(str(told.body["lot"]), told.occurred[0].date(), start, to, sender, papers)


def _arrived(sent: Dispatch, country: str) -> Dispatch:
    return Dispatch(sent.lot, sent.day, sent.from_country, country, sent.sender, sent.papers)
