"""Lots of other records: what was brought of them, and what their verified bundles prove of where they are from."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from traceability.acceptance.imports import KIND
from traceability.acceptance.world import ForeignLot
from traceability.ledger import identifiers, moments
from traceability.material.shares import Source, SourceClass
from traceability.models import Countersignature, ForeignBundle, ImportRequest, TrustedLog
from traceability.selectors.access import Actor, NotFound
from traceability.selectors.lots import contents_of
from traceability.selectors.operating import require_operator
from traceability.selectors.statements import Told

_TEXTS: Final = ("log", "lot", "material", "stage", "dispatch", "custody_hash", "sender")


def bundles(actor: Actor) -> QuerySet[ForeignBundle]:
    """The bundles of other records that the actor's organisation brought, the newest first."""
    return ForeignBundle.objects.filter(organisation=actor.organisation).defer("report", "proven")


def bundle(actor: Actor, pk: UUID) -> ForeignBundle:
    """One of them, or NotFound."""
    found = ForeignBundle.objects.filter(organisation=actor.organisation, pk=pk).first()
    if found is None:
        raise NotFound("There is no such bundle of another record, or it is not yours to see.")
    return found


def request_of(actor: Actor, row: ForeignBundle) -> ImportRequest | None:
    """The import that was begun with the lot of this bundle."""
    return ImportRequest.objects.filter(organisation=actor.organisation, lot=row.lot).first() if row.lot else None


def countersignatures(actor: Actor) -> QuerySet[Countersignature]:
    """The imports into other records that the actor's organisation signed second, the newest first."""
    return Countersignature.objects.filter(organisation=actor.organisation)


def trusted_logs(actor: Actor) -> QuerySet[TrustedLog]:
    """The logs of other records that were ever trusted here, for the operator."""
    require_operator(actor)
    return TrustedLog.objects.select_related("trusted_by", "revoked_by")


def trusted_log(actor: Actor, pk: UUID) -> TrustedLog:
    """One of them, or NotFound."""
    found = trusted_logs(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such record.")
    return found


def verified(digest: str, importer: UUID) -> ForeignLot | None:
    """What a bundle proves of its lot that this organisation brought and that was verified here."""
    rows = ForeignBundle.objects.filter(
        organisation=importer, sha256=identifiers.digest_bytes(digest), state=ForeignBundle.State.VERIFIED
    )
    proven = rows.values_list("proven", flat=True).first()
    return None if proven is None else from_json(proven)


def proven_of(made: Iterable[Told]) -> Mapping[str, ForeignLot]:
    """What is proven of imported lots, by urn, as far as the reader may read the bundle that came with the import."""
    named = {str(told.body["bundle"]): told for told in made if told.original.row.kind == KIND and _may_read(told)}
    if not named:
        return {}
    rows = ForeignBundle.objects.filter(sha256__in=[identifiers.digest_bytes(one) for one in named])
    found = {
        (row.organisation_id, f"sha256:{bytes(row.sha256).hex()}"): row.proven for row in rows if row.proven is not None
    }
    pairs = ((told, found.get((told.original.row.issuer, digest))) for digest, told in named.items())
    return {str(told.body["lot"]): from_json(proven) for told, proven in pairs if proven is not None}


def later_bundles() -> dict[UUID, ForeignBundle]:
    """The later bundle of each imported lot that tells of changes, by the lot: the one that was verified last.

    A log forgets nothing, so what an earlier one told stands in it too.
    """
    told = ForeignBundle.objects.filter(changes__isnull=False).exclude(changes=[]).order_by("checked_at")
    return {row.lot: row for row in told.only("lot", "origin", "changes") if row.lot is not None}


def _may_read(told: Told) -> bool:
    documents = told.claim.get("evidence", ())
    return any(row.get("sha256") == told.body["bundle"] for row in documents)


def to_json(lot: ForeignLot) -> dict[str, Any]:
    """The JSON of what is proven of a lot; decimals as strings."""
    return {name: getattr(lot, name) for name in _TEXTS} | {
        "dispatched_at": moments.format_moment(lot.dispatched_at),
        "keys": [[key, public.hex()] for key, public in lot.keys.items()],
        "to": list(lot.to),
        "mass_kg": None if lot.mass_kg is None else str(lot.mass_kg),
        "composition": None
        if lot.composition is None
        else {
            element: [
                None if one is None else str(one) for one in (held.element_pct, held.written_pct, held.sdev_rel_pct)
            ]
            for element, held in lot.composition.items()
        },
        "shares": None
        if lot.shares is None
        else {element: {urn: str(part) for urn, part in parts.items()} for element, parts in lot.shares.items()},
        "sources": {urn: [one.source_class, one.country] for urn, one in lot.sources.items()},
        "steps": [list(one) for one in lot.steps],
    }


def from_json(stored: Mapping[str, Any]) -> ForeignLot:
    """What is proven of a lot, of its JSON."""
    shares = stored["shares"]
    return ForeignLot(
        **{name: stored[name] for name in _TEXTS},
        dispatched_at=moments.parse_moment(stored["dispatched_at"]),
        keys={key: bytes.fromhex(public) for key, public in stored["keys"]},
        to=(stored["to"][0], stored["to"][1]),
        mass_kg=None if stored["mass_kg"] is None else Decimal(stored["mass_kg"]),
        composition=contents_of(stored["composition"]),
        shares=None
        if shares is None
        else {element: {urn: Decimal(part) for urn, part in parts.items()} for element, parts in shares.items()},
        sources={urn: Source(urn, SourceClass(word), country) for urn, (word, country) in stored["sources"].items()},
        steps=tuple((word, country, stage) for word, country, stage in stored["steps"]),
    )


def name_of(origin: str) -> str:
    """What the operator calls the record with this log; its origin where he never named one."""
    known = TrustedLog.objects.filter(origin=origin).order_by("-trusted_at").values_list("name", flat=True).first()
    return known or origin
