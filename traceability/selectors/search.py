"""What is found by words, each reader within what he may see: neither a hit nor a count tells of anything else.

A thing is found when each run of characters that was typed stands in a text of it that the reader may read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from traceability.intake.search import terms
from traceability.models import Evidence, Lot, Organisation, SearchText
from traceability.models import Statement as StatementRow
from traceability.models.search import matching
from traceability.selectors import access, names, statements
from traceability.selectors.access import Actor
from traceability.selectors.lot_facts import number_told
from traceability.selectors.slots import SLOTS

MOST_CHARACTERS: Final = 300
MOST_TERMS: Final = 8
Found = QuerySet[Any]


class Kind(StrEnum):
    """What is looked for, in the order in which it is shown."""

    LOT = "lot"
    DECLARATION = "declaration"
    STATEMENT = "statement"
    PARTNER = "partner"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody typed, and the plain words that are looked for."""

    text: str
    terms: tuple[tuple[str, ...], ...]

    @property
    def too_long(self) -> bool:
        return len(self.text) > MOST_CHARACTERS


def question(text: str) -> Question:
    """The question that a text asks; a text without a letter or digit, or one that is too long, asks nothing."""
    typed = text.strip()
    words = terms(typed, most=MOST_TERMS) if len(typed) <= MOST_CHARACTERS else []
    return Question(typed, tuple(map(tuple, words)))


def found(actor: Actor, asked: Question, kind: Kind, today: date) -> Found:
    """What the actor may see of this kind and finds by these words, the newest first."""
    return _FIND[kind](actor, asked, today)


def _lots(actor: Actor, asked: Question, today: date) -> QuerySet[Lot]:
    rows = Lot.objects.filter(access.is_seen(actor, today))
    rows = rows.alias(number_told=number_told(actor, today))
    return _narrowed(actor, rows, asked, today, pk="subject").order_by("-newest_id", "pk")


def _declarations(actor: Actor, asked: Question, today: date) -> Found:
    """Declarations, which are open to anybody but for their causes and sources."""
    rows = SLOTS.all_declarations()
    return _narrowed(actor, rows, asked, today, pk="subject").order_by("-statement_id", "pk")


def _statements(actor: Actor, asked: Question, today: date) -> QuerySet[StatementRow]:
    """Statements, with `issuer_name` as far as the actor knows it, and `issuer_country`."""
    issuer = Organisation.objects.filter(pk=OuterRef("issuer"))
    rows = statements.visible(actor, today).annotate(
        issuer_name=Subquery(names.named(actor, today).filter(pk=OuterRef("issuer")).values("name")),
        issuer_country=Subquery(issuer.values("country")),
    )
    return _narrowed(actor, rows, asked, today, pk="source").order_by("-pk")


def _narrowed(actor: Actor, rows: Found, asked: Question, today: date, *, pk: str) -> Found:
    """The rows of whose texts the actor may read one for each term; `pk` is where the texts name them."""
    opened = access.all_readable_disclosures(actor, today).filter(digest=OuterRef("disclosure"))
    readable = Q(Q(disclosure="") | Exists(opened), kind=SearchText.Kind.STATEMENT)
    return _named_by(rows, asked, readable, pk)


def _named_by(rows: Found, asked: Question, which: Q, field: str) -> Found:
    """The rows that these texts name in a field, one of them for each term."""
    if not asked.terms:
        return rows.none()
    first, *others = [matching(words).filter(which).values(field) for words in asked.terms]
    return rows.filter(pk__in_set=first.intersection(*others) if others else first)


def _partners(actor: Actor, asked: Question, today: date) -> QuerySet[Organisation]:
    rows = _named_by(names.known(actor, today), asked, Q(kind=SearchText.Kind.PARTNER), "subject")
    return rows.order_by("name", "pk")


def _documents(actor: Actor, asked: Question, today: date) -> QuerySet[Evidence]:
    """The documents of the actor's own organisation."""
    own = Q(kind=SearchText.Kind.DOCUMENT, subject=actor.organisation.pk)
    rows = Evidence.objects.filter(organisation=actor.organisation)
    return _named_by(rows, asked, own, "source").order_by("-pk")


_FIND: Final[Mapping[Kind, Callable[[Actor, Question, date], Found]]] = {
    Kind.LOT: _lots,
    Kind.DECLARATION: _declarations,
    Kind.STATEMENT: _statements,
    Kind.PARTNER: _partners,
    Kind.DOCUMENT: _documents,
}
