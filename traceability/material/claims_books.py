"""The monthly account of a claims account: what it had, what was credited, claimed, given up or expired, what is left.

Months in UTC. A credit expires in the month in which its period ends, without anybody saying so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from traceability.ledger.quantity import computing
from traceability.material import claims
from traceability.material.accounting import Period, period_of
from traceability.material.claims import EMPTY, ZERO, Claimed, ClaimsState, Credited, Entry, Terms


class Move(StrEnum):
    """Why the balance changed."""

    CREDITED = "credited"
    CLAIMED = "claimed"
    GIVEN_UP = "given_up"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Month:
    """One month of an account, in kg of what it counts; what went out is below 0."""

    period: Period
    opening_kg: Decimal
    moves_kg: Mapping[Move, Decimal]
    content_in_kg: Decimal
    """kg of the element in the lots that were entered as they came in."""
    content_out_kg: Decimal
    """kg of the element in the lots of which was claimed."""
    average: Decimal
    """Of a rolling average: the share of what came in within the window at the end of the month."""
    state: ClaimsState
    """The account at the end of the month."""

    @property
    @computing()
    def closing_kg(self) -> Decimal:
        return self.opening_kg + sum(self.moves_kg.values(), ZERO)


@dataclass(slots=True)
class _Open:
    """A month that is being added up."""

    moves_kg: dict[Move, Decimal] = field(default_factory=dict)
    content_in_kg: Decimal = ZERO
    content_out_kg: Decimal = ZERO

    def add(self, move: Move, kg: Decimal) -> None:
        self.moves_kg[move] = self.moves_kg.get(move, ZERO) + kg


@computing()
def months(terms: Terms, entries: Sequence[Entry], opened: datetime, until: datetime) -> list[Month]:
    """The months from the opening of an account to `until`, oldest first; entries in their order."""
    found: list[Month] = []
    state, left, opening_kg = EMPTY, list(entries), ZERO
    period = period_of(opened)
    while period.begin <= until:
        month = _Open()
        last = min(period.end, until)
        while left and left[0].at < period.end:
            entry = left.pop(0)
            _expire(state, terms, entry.at, month)
            state = claims.after(state, terms, entry)
            _enter(entry, month, rolling=terms.is_rolling)
        _expire(state, terms, last, month)
        state = claims.at_moment(state, terms, last)
        share = claims.average(state, terms, last) if terms.is_rolling else ZERO
        found.append(Month(period, opening_kg, month.moves_kg, month.content_in_kg, month.content_out_kg, share, state))
        opening_kg = found[-1].closing_kg
        period = period.next
    return found


def _expire(state: ClaimsState, terms: Terms, now: datetime, month: _Open) -> None:
    for _, credit in claims.expiring(state, terms, now):
        month.add(Move.EXPIRED, -credit.left_kg)


def _enter(entry: Entry, month: _Open, *, rolling: bool) -> None:
    if isinstance(entry, Credited):
        month.add(Move.CREDITED, entry.amount_kg)
        month.content_in_kg += entry.content_kg
    elif isinstance(entry, Claimed):
        month.add(Move.CLAIMED, -entry.amount_kg)
        month.content_out_kg += entry.content_kg
    elif not rolling:
        month.add(Move.GIVEN_UP, -entry.amount_kg)
