"""Declarations: found by anybody, opened for one reader, listed by lot."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from epd.lca.result import LotResult
from epd.models import Declaration, LotResultRow
from epd.selectors.share_tables import figures_of
from traceability.models import ChainLink, Lot
from traceability.selectors import statements
from traceability.selectors.access import Actor, NotFound
from traceability.selectors.statements import Told

_MATERIAL: Final = Coalesce("lot__material", "material")
_STAGE: Final = Coalesce("lot__stage", "lot_stage")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for in the register."""

    words: str = ""
    status: str = ""
    country: str = ""
    stage: str = ""
    material: str = ""
    lot_stage: str = ""
    gwp_from: Decimal | None = None
    gwp_to: Decimal | None = None
    valid_on: date | None = None


def by_reference(reference: str) -> Declaration:
    """The declaration with this reference, however it is typed; NotFound where there is none."""
    written = reference.strip().upper().replace(" ", "")
    found = Declaration.objects.select_related("lot", "declarant", "statement").filter(reference=written).first()
    if found is None:
        raise NotFound("There is no declaration with this reference.")
    return found


def register(wanted: Wanted) -> QuerySet[Declaration]:
    """The declarations that match; what is declared is open to anybody."""
    rows = Declaration.objects.select_related("declarant")
    for word in wanted.words.split():
        rows = rows.filter(
            Q(product__icontains=word) | Q(reference__icontains=word) | Q(declarant__name__icontains=word)
        )
    if wanted.status in Declaration.Status.values:
        rows = rows.filter(status=wanted.status)
    plain = {
        "country": wanted.country, "stage": wanted.stage, "made_material": wanted.material,
        "made_stage": wanted.lot_stage, "gwp_ghg__gte": wanted.gwp_from, "gwp_ghg__lte": wanted.gwp_to,
    }  # fmt: skip
    rows = with_products(rows).filter(**{name: value for name, value in plain.items() if value not in ("", None)})
    if wanted.valid_on:
        rows = rows.filter(status=Declaration.Status.PUBLISHED, verified_until__gte=wanted.valid_on)
        rows = rows.exclude(stage=Declaration.Stage.REGISTERED, registered_until__lt=wanted.valid_on)
    return rows


def materials() -> list[str]:
    """What was declared, as the makers call it."""
    return sorted(set(Declaration.objects.values_list(_MATERIAL, flat=True)))


def lot_stages() -> set[str]:
    """The stages of what was declared."""
    return set(Declaration.objects.values_list(_STAGE, flat=True))


def with_products(rows: QuerySet[Declaration]) -> QuerySet[Declaration]:
    """With material and stage: of the lot as it is called now, or of the reference as it was signed."""
    return rows.annotate(made_material=_MATERIAL, made_stage=_STAGE)


def countries() -> list[str]:
    """The countries of all declarations."""
    return sorted(set(Declaration.objects.values_list("country", flat=True)))


def of_lots(lots: Collection[UUID]) -> dict[UUID, list[Declaration]]:
    """The declarations of these lots, newest first."""
    found: dict[UUID, list[Declaration]] = {}
    for one in Declaration.objects.filter(lot__in=lots):
        if one.lot_id is not None:
            found.setdefault(one.lot_id, []).append(one)
    return found


def told(declaration: Declaration, actor: Actor | None, today: date) -> Told:
    """The publication as the actor (None: anybody) may read it."""
    return statements.told(actor, [declaration.statement], today)[declaration.statement_id]


def stage_of(declaration: Declaration, body: Mapping[str, object]) -> str:
    """The stage of the product."""
    return str(body["stage"]) if declaration.lot is None else declaration.lot.stage


def successor_of(declaration: Declaration) -> Declaration | None:
    """The declaration that took its place."""
    if declaration.successor is None:
        return None
    return Declaration.objects.filter(pk=declaration.successor).first()


@dataclass(frozen=True, slots=True)
class OwnLot:
    """A lot that an organisation made, with its newest result and its declarations."""

    lot: Lot
    result: LotResult | None
    declared: Sequence[Declaration]


def own_lots(actor: Actor) -> QuerySet[Lot]:
    """The lots that the actor's organisation made."""
    return Lot.objects.filter(maker=actor.organisation).exclude(state="void")


def undeclared_lots(actor: Actor) -> QuerySet[Lot]:
    """Those of them without a declaration in force."""
    in_force = Declaration.objects.filter(status=Declaration.Status.PUBLISHED, lot__isnull=False)
    return own_lots(actor).exclude(pk__in_set=in_force.filter(declarant=actor.organisation).values("lot"))


def with_results(actor: Actor, lots: Sequence[Lot], today: date) -> list[OwnLot]:
    """These lots of the actor's organisation with their newest results, in a few queries."""
    ids = [lot.pk for lot in lots]
    newest = {row.lot_id: row.statement for row in LotResultRow.objects.filter(lot__in=ids).select_related("statement")}
    opened = statements.told(actor, newest.values(), today)
    declared = of_lots(ids)
    return [
        OwnLot(lot, _figures(opened[newest[lot.pk].pk]) if lot.pk in newest else None, declared.get(lot.pk, []))
        for lot in lots
    ]


def _figures(one: Told) -> LotResult | None:
    closed = any(place.startswith("/body") for place in one.withheld)  # of one's own: what was erased for ever
    return None if one.withdrawn or closed else figures_of(one.body)


@dataclass(frozen=True, slots=True)
class Known:
    """What the record knows of a custody hash: whose it is, at which place of the chain, and what came after."""

    link: ChainLink
    later: int
    """Statements on the same chain after it."""
    declarations: Sequence[Declaration]


def by_custody_hash(digest: bytes) -> Known | None:
    """The link that made this custody hash; None where the record does not know it."""
    link = ChainLink.objects.filter(custody_hash=digest).select_related("statement").first()
    if link is None:
        return None
    later = ChainLink.objects.filter(subject=link.subject, seq__gt=link.seq).count()
    about = Declaration.objects.filter(Q(lot=link.subject) | Q(pk=link.subject))
    return Known(link, later, list(about))
