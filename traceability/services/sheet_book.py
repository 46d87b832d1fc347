"""What names mean in the sheets of an organisation: its lots by their numbers, its sites, its partners."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from traceability.intake.numbers import NumberStyle, shown
from traceability.intake.parting import PARTINGS
from traceability.intake.sheets.book import Book, Document
from traceability.intake.sheets.columns import Asks, SheetPlan
from traceability.intake.sheets.headings import folded
from traceability.models import Evidence
from traceability.selectors import drafts as reading
from traceability.selectors.access import Actor
from traceability.selectors.slots import SLOTS
from traceability.selectors.stock import State
from traceability.services import clock, evidence, sheet_words
from traceability.services.beginnings import arriving
from traceability.services.stored import urn_of

LOTS: Final[Mapping[str, tuple[State, ...]]] = {
    "transform": (State.ON_HAND,),
    "split": (State.ON_HAND,),
    "merge": (State.ON_HAND,),
    "assay": (State.ON_HAND, State.ON_HOLD, State.BLOCKED),
    "dispatch": (State.ON_HAND,),
    "receive": (State.INCOMING,),
}
"""The states of the lots that a sheet may name, by its act."""


def book_of(actor: Actor, plan: SheetPlan, style: NumberStyle, utc_offset: str, today: date) -> Book:
    """What names in the cells of this sheet mean today."""
    asked = {one.asks for one in plan.columns}
    return Book(
        now=clock.now(),
        style=style,
        utc_offset=utc_offset,
        lots=_lots(actor, plan, today) if Asks.LOT in asked else {},
        facilities=_facilities(actor) if Asks.FACILITY in asked else {},
        partners=_partners(actor, today) if Asks.PARTNER in asked else {},
        countries=sheet_words.country_codes() if Asks.COUNTRY in asked else {},
        words=sheet_words.words_of(plan),
        numbers=_numbers(actor, today) if Asks.NEW_NUMBER in asked else frozenset(),
        about=_about(actor, plan, style, today),
        factors=_factors(actor) if Asks.FACTORS in asked else {},
        documents=_documents(actor) if Asks.DOCUMENTS in asked else {},
    )


def _lots(actor: Actor, plan: SheetPlan, today: date) -> Mapping[str, list[str]]:
    rows = reading.lots_in_state(actor, today, *LOTS[plan.act]).values_list("number_here", "pk")
    found: dict[str, list[str]] = {}
    for number, pk in rows:
        if number:
            found.setdefault(number.strip().casefold(), []).append(urn_of(pk))
    return found


def _facilities(actor: Actor) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in reading.facilities(actor):
        found.setdefault(folded(row.name), []).append(urn_of(row.pk))
    return found


def _partners(actor: Actor, today: date) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {**sheet_words.outside_words()}
    for row in reading.partners(actor, today):
        found.setdefault(folded(row.name), []).append(row.urn)
    return found


def _numbers(actor: Actor, today: date) -> frozenset[str]:
    """The lot numbers that the organisation has given."""
    numbers = reading.lots_made(actor, today).values_list("number_here", flat=True)
    return frozenset(number.strip().casefold() for number in numbers if number)


def _about(actor: Actor, plan: SheetPlan, style: NumberStyle, today: date) -> Mapping[str, Mapping[str, str]]:
    """What lots answer themselves: what remains to be dispatched, and by which dispatch they come."""
    if plan.act == "dispatch":
        held = reading.lots_in_state(actor, today, State.ON_HAND).values_list("pk", "remaining_kg")
        return {urn_of(pk): {"mass_kg": shown(remaining, style), "mass_kg_unit": "kg"} for pk, remaining in held}
    if plan.act in PARTINGS:
        lots = reading.lots_in_state(actor, today, State.ON_HAND)
        return {one.urn: {"material": one.material, "stage": one.stage} for one in lots}
    if plan.act == "receive":
        rows = list(reading.lots_in_state(actor, today, State.INCOMING))
        told = arriving(actor, plan.act, rows, style, today)
        return {urn_of(pk): fields for pk, fields in told.items()}
    return {}


def _factors(actor: Actor) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for one in SLOTS.factors(actor.organisation.pk):
        found.setdefault(folded(one.id), []).append(one.id)
        found.setdefault(folded(one.name), []).append(one.id)
    return found


def _documents(actor: Actor) -> Mapping[str, Sequence[Document]]:
    """The documents of the organisation by name and SHA-256, the newest first."""
    found: dict[str, list[Document]] = {}
    for row in Evidence.objects.filter(organisation=actor.organisation).order_by("-created_at", "-pk"):
        document = evidence.named(row)
        for name in (folded(row.name), bytes(row.sha256).hex()):
            found.setdefault(name, []).append(document)
    return found
