"""How a supplier delivers: measures of a period, each computed out of deliveries and requests, none of them typed.

Definitions stand in docs/rules.md. A measure for which nothing is known is None, never zero.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from traceability.ledger.quantity import computing, round_places
from traceability.rules.certificates import Validity

ASKED: Final = ("mass", "contents", "result", "origin", "declaration")
"""What a buyer needs to know of a lot that he received."""
PLACES: Final = 6
"""Decimals of means."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A lot that came from a supplier, as the buyer sees it; None is not visible, or not stated."""

    lot: str
    label: str
    supplier: str
    sent_on: date
    received_on: date
    rejected: bool
    beyond: bool
    """Whether the buyer's weighing was beyond the tolerance."""
    dispatched_kg: Decimal | None
    weighed_kg: Decimal | None
    known: frozenset[str]
    """Those of ASKED that the buyer knows of it."""
    primary_share: Decimal | None
    """The share of its footprint that rests on primary data, by the signed result."""
    findings: int
    """What checks marked on the lot, and what its supplier corrected or withdrew."""
    mined: Mapping[str, Decimal] | None
    """The share of its rare earths by country of the mine; recycled matter is not in it."""

    @property
    def completeness(self) -> Decimal:
        """The share of ASKED that is known."""
        return Decimal(len(self.known)) / len(ASKED)

    @property
    @computing()
    def difference_pct(self) -> Decimal | None:
        """How far the weighing was from what was dispatched, in % of that, whichever way."""
        if not self.dispatched_kg or self.weighed_kg is None:
            return None
        return abs(self.weighed_kg - self.dispatched_kg) / self.dispatched_kg * 100

    @property
    def days(self) -> int:
        """How many days it was under way."""
        return (self.received_on - self.sent_on).days


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to a supplier: whether it was answered in time; None while it may still be."""

    in_time: bool | None


@dataclass(frozen=True, slots=True)
class Measures:
    """A supplier in a period."""

    deliveries: int
    rejected: int
    beyond: int
    completeness: Decimal | None
    primary_share: Decimal | None
    difference_pct: Decimal | None
    days: Decimal | None
    in_time: Decimal | None
    requests: int
    findings: int
    source_country: str
    source_share: Decimal | None
    """The country from whose mines most of the rare earths came, and its share."""
    certificates: int
    """Certificates of his facilities that were not withdrawn."""
    expired: int | None
    """Those that were expired at the end of the period; None where no certificate is known."""
    by_month: Mapping[str, Decimal]
    """Completeness of what came in each month (2026-11)."""


@computing()
def measures_of(
    deliveries: Sequence[Delivery], requests: Iterable[Asked], certificates: Iterable[Validity] = ()
) -> Measures:
    """The measures of deliveries, requests and certificates of one supplier; means count every delivery alike."""
    stated = [one for one in certificates if one is not Validity.WITHDRAWN]
    decided = [one.in_time for one in requests if one.in_time is not None]
    country, share = _largest(deliveries)
    months = sorted({_month(one) for one in deliveries})
    return Measures(
        deliveries=len(deliveries),
        rejected=sum(one.rejected for one in deliveries),
        beyond=sum(one.beyond for one in deliveries),
        completeness=_mean(one.completeness for one in deliveries),
        primary_share=_mean(one.primary_share for one in deliveries),
        difference_pct=_mean(one.difference_pct for one in deliveries),
        days=_mean(Decimal(one.days) for one in deliveries),
        in_time=_mean(Decimal(one) for one in decided),
        requests=len(decided),
        findings=sum(one.findings for one in deliveries),
        source_country=country,
        source_share=share,
        certificates=len(stated),
        expired=stated.count(Validity.EXPIRED) if stated else None,
        by_month={
            month: _mean(one.completeness for one in deliveries if _month(one) == month) or Decimal(0)
            for month in months
        },
    )


def _mean(values: Iterable[Decimal | None]) -> Decimal | None:
    """The mean of what is known; None where nothing is."""
    known = [one for one in values if one is not None]
    return round_places(sum(known, Decimal(0)) / len(known), PLACES) if known else None


def _largest(deliveries: Sequence[Delivery]) -> tuple[str, Decimal | None]:
    known = [one.mined for one in deliveries if one.mined is not None]
    means = {
        country: round_places(sum((one.get(country, Decimal(0)) for one in known), Decimal(0)) / len(known), PLACES)
        for country in {name for one in known for name in one}
    }
    if not means:
        return "", None
    country = max(means, key=lambda one: (means[one], one))
    return country, means[country]


def _month(one: Delivery) -> str:
    return one.received_on.isoformat()[:7]
