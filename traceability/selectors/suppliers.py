"""What suppliers delivered to an organisation in a period, out of what it may see of it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db.models import Count

from traceability.ledger.identifiers import digest_bytes
from traceability.ledger.quantity import computing
from traceability.material.elements import RARE_EARTHS
from traceability.models import Finding, PartnerRequest, Statement, Version
from traceability.rules.facts import LotFacts
from traceability.rules.supplying import Asked, Delivery, Measures, measures_of
from traceability.selectors import certificates, rule_facts, statements
from traceability.selectors.access import Actor, NotFound
from traceability.selectors.certificates import Shown
from traceability.selectors.names import Names
from traceability.selectors.slots import SLOTS
from traceability.selectors.statements import Told

MOST: Final = 5000
"""Of so many receipts, the newest, a period is looked for."""
_UNPROVEN: Final = ("unproven", "unknown")


@dataclass(frozen=True, slots=True)
class Supplier:
    """A supplier with what it delivered; the name is empty where it is not known."""

    id: UUID
    name: str
    deliveries: Sequence[Delivery]
    measures: Measures
    certificates: Sequence[Shown] = ()
    """Those of its facilities, as they were on the last day of the period."""


def suppliers(actor: Actor, since: date, until: date, today: date) -> list[Supplier]:
    """Those of whom something came in the period, by name."""
    deliveries, names = _deliveries(actor, since, until, today)
    asked = _asked(actor, since, until, today)
    by_supplier: dict[UUID, list[Delivery]] = {}
    for one in deliveries:
        by_supplier.setdefault(UUID(one.supplier), []).append(one)
    certified = _certified(actor, by_supplier.keys(), until, today)
    found = [
        Supplier(
            one,
            names.known.get(one, ""),
            rows,
            measures_of(rows, asked.get(one, ()), [each.validity for each in certified.get(one, ())]),
            certified.get(one, ()),
        )
        for one, rows in by_supplier.items()
    ]
    return sorted(found, key=lambda one: (one.name.casefold(), str(one.id)))


def supplier(actor: Actor, organisation: UUID, since: date, until: date, today: date) -> Supplier:
    """One supplier, or NotFound where nothing came from it in the period."""
    found = next((one for one in suppliers(actor, since, until, today) if one.id == organisation), None)
    if found is None:
        raise NotFound("Nothing came from this organisation in the period.")
    return found


def _certified(actor: Actor, suppliers: Collection[UUID], day: date, today: date) -> dict[UUID, list[Shown]]:
    """The certificates of each supplier as they are on a day."""
    found: dict[UUID, list[Shown]] = {}
    for rows in certificates.certificates(actor, suppliers, today, day=day).values():
        found.setdefault(rows[0].site.organisation_id, []).extend(rows)
    return found


def _deliveries(actor: Actor, since: date, until: date, today: date) -> tuple[list[Delivery], Names]:
    """What came in the period, and the names of those from whom."""
    rows = Statement.objects.filter(issuer=actor.organisation.pk, kind__in=("lot.receive", "lot.reject"))
    answers = [
        one
        for one in statements.told_of(actor, rows.order_by("-pk")[:MOST], today)
        if since <= one.occurred[0].date() <= until
    ]
    digests = {digest_bytes(str(one.body["dispatch"])) for one in answers}
    sent = statements.told_of(actor, Statement.objects.filter(digest__in=digests), today) if answers else []
    by_digest = {one.original.digest: one for one in sent}
    lots = {UUID(str(one.body["lot"])[9:]) for one in answers}
    known = _Known(actor, lots, {one.original.issuer for one in sent}, today)
    found = [known.delivery(by_digest[str(one.body["dispatch"])], one) for one in answers]
    return sorted(found, key=lambda one: (one.received_on, one.lot)), known.names


class _Known:
    """What is known of the lots that came, read at once."""

    def __init__(self, actor: Actor, lots: Collection[UUID], makers: Collection[UUID], today: date) -> None:
        read = rule_facts.read(actor, lots, today, also_named=makers)
        self.facts, self.names = read.facts, read.names
        self.results = {lot: found[-1].body for lot, found in read.results.items()}
        self.declared = SLOTS.declarations(actor, lots) if lots else {}
        changed = Version.objects.filter(original__issuer__in=makers, original__links__subject__in=lots)
        self.noted = _counted(Finding.objects.filter(lot__in=lots), "lot", changed, "original__links__subject")

    def delivery(self, sent: Told, answer: Told) -> Delivery:
        lot = UUID(str(answer.body["lot"])[9:])
        facts, result = self.facts[lot], self.results.get(lot)
        return Delivery(
            lot=facts.urn,
            label=facts.lot.label,
            supplier=str(sent.original.issuer),
            sent_on=sent.occurred[0].date(),
            received_on=answer.occurred[0].date(),
            rejected=answer.original.row.kind == "lot.reject",
            beyond=answer.body.get("difference") == "beyond",
            dispatched_kg=_kg(sent.body.get("mass_kg")),
            weighed_kg=_kg(answer.body.get("weighed_mass_kg")),
            known=frozenset(_known_of(facts, result, is_declared=bool(self.declared.get(lot)))),
            primary_share=_primary(result),
            findings=self.noted.get(lot, 0),
            mined=_mined(facts),
        )


def _counted(findings: Any, lot: str, changes: Any, subject: str) -> Counter[UUID]:
    """How many findings and changes there are of each lot."""
    found: Counter[UUID] = Counter()
    counts = [
        rows.order_by().values_list(of).annotate(number=Count("pk", distinct=True))
        for rows, of in ((findings, lot), (changes, subject))
    ]
    for one, number in counts[0].union(counts[1], all=True):
        found[one] += number
    return found


def _known_of(facts: LotFacts, result: Mapping[str, Any] | None, *, is_declared: bool) -> set[str]:
    shares = [way for ways in (facts.shares or {}).values() for way in ways]
    proven = bool(shares) and not any(one.source_class in _UNPROVEN for one in shares)
    told = {
        "mass": facts.lot.mass_kg is not None,
        "contents": facts.lot.contents is not None,
        "result": bool(result and result.get("bases")),
        "origin": proven,
        "declaration": is_declared,
    }
    return {name for name, known in told.items() if known}


@computing()
def _primary(result: Mapping[str, Any] | None) -> Decimal | None:
    """The share of primary data in the footprint of the first basis that is told."""
    bases = (result or {}).get("bases")
    gwp = bases[0].get("gwp") if isinstance(bases, list) and bases else None
    if not isinstance(gwp, dict):
        return None
    kinds = [abs(Decimal(gwp[name])) for name in ("primary", "illustrative", "second_hand")]
    whole = sum(kinds, Decimal(0))
    return kinds[0] / whole if whole else None


@computing()
def _mined(facts: LotFacts) -> dict[str, Decimal] | None:
    """Shares of the rare earths of a lot by country of the mine, weighted by their contents."""
    contents = facts.lot.contents
    if facts.shares is None or contents is None:
        return None
    weights = {one: pct for one, pct in contents.items() if one in RARE_EARTHS and one in facts.shares}
    whole = sum(weights.values(), Decimal(0))
    found: dict[str, Decimal] = {}
    for element, pct in weights.items():
        for way in facts.shares[element]:
            country = next((where for what, where in way.steps if what == "mined"), "")
            if country and way.source_class == "mined":
                found[country] = found.get(country, Decimal(0)) + way.share * pct / whole
    return found or None


def _asked(actor: Actor, since: date, until: date, today: date) -> dict[UUID, list[Asked]]:
    """What was asked of each organisation in the period, and whether it answered by the day that was named."""
    rows = PartnerRequest.objects.filter(asker=actor.organisation, asked_at__date__gte=since, asked_at__date__lte=until)
    found: dict[UUID, list[Asked]] = {}
    for one in rows.exclude(state=PartnerRequest.State.WITHDRAWN):
        found.setdefault(one.to_id, []).append(Asked(_in_time(one, today)))
    return found


def _in_time(one: PartnerRequest, today: date) -> bool | None:
    if one.state == PartnerRequest.State.ANSWERED and one.ended_at is not None:
        return one.due_on is None or one.ended_at.date() <= one.due_on
    if one.state == PartnerRequest.State.DECLINED:
        return False
    return False if one.due_on is not None and today > one.due_on else None


def _kg(mass: object) -> Decimal | None:
    return Decimal(mass) if isinstance(mass, str) else None
