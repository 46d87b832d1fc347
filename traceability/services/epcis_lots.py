"""Captured events that speak of lots become drafts of custody statements, or signed ones where the sender says so.

What is said of a lot goes through the door that all statements go through. Every other event stays what it is: kept,
and told why nothing came of it.
"""

from typing import Final

from django.db import transaction

from traceability.ledger.errors import RecordError
from traceability.services import acceptance, said_drafts
from traceability.services.epcis_acts import Event, EventReader, remember
from traceability.services.errors import Refusal

KEEP: Final = "keep"
DRAFT: Final = "draft"
SIGN: Final = "sign"
WANTED: Final = (KEEP, DRAFT, SIGN)
MOST: Final = 200
"""Of so many events of one document something becomes; those behind them are kept."""


class UnknownWish(Refusal):
    """What should become of events about lots is none of what can be done."""

    code = "epcis_unknown_wish"


def wanted(text: str) -> str:
    """What should become of events about lots: by default they are kept alone."""
    if text not in ("", *WANTED):
        raise UnknownWish(f"Use one of: {', '.join(WANTED)}.", path="/Lodestone-Lots")
    return text or KEEP


def take(reader: EventReader, event: Event, wish: str) -> str:
    """What became of an event: the draft or the digest of the statement; else why it stays what it is."""
    try:
        with transaction.atomic():
            act = reader.act_of(event)
            if wish == DRAFT:
                became = f"draft {said_drafts.begin_saying(actor=reader.actor, act=act).pk}"
            else:
                [receipt] = acceptance.accept(actor=reader.actor, submissions=[act])
                became = f"statement {receipt.digest}"
            remember(reader.actor.organisation, reader.names_of(act))
            return became
    except RecordError as error:
        return f"kept: {error.sentence}"[:300]
