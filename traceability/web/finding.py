"""What a word of the search in a table means where it stands in no field: names, lots, declarations, kinds.

Each reader finds by what he may read alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q

from traceability.selectors import names, search
from traceability.selectors.access import Actor
from traceability.selectors.search import Kind


def called(word: str, choices: Iterable[tuple[Any, Any]], field: str) -> Q:
    """Rows with one of the choices in whose words, as the reader reads them, the word stands."""
    return Q(**{f"{field}__in": [value for value, label in choices if word.casefold() in str(label).casefold()]})


def of_organisation(actor: Actor, word: str, field: str, today: date) -> Q:
    """Rows about an organisation in whose name, known to the reader, the word stands."""
    return Q(**{f"{field}__in": names.known(actor, today).filter(name__icontains=word).values("pk")})


def of_subject(actor: Actor, word: str, field: str, today: date, kinds: Iterable[Kind] = (Kind.LOT,)) -> Q:
    """Rows about a lot (or what else is asked for) that the reader finds by the word."""
    asked, about = search.question(word), Q(pk__in=[])
    for kind in kinds if asked.terms else ():
        about |= Q(**{f"{field}__in": search.found(actor, asked, kind, today).order_by().values("pk")})
    return about
