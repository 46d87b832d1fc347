"""Lots by the names that they have in events, and the events of statements as a reader may read them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from traceability.epcis.keys import lot_of
from traceability.epcis.lots import PREFIX, Said, lot_event
from traceability.ledger import moments
from traceability.models import Lot, Statement
from traceability.selectors import product_numbers, statements
from traceability.selectors.access import Actor, NotFound
from traceability.selectors.statements import Opened

CORRECTION: Final = "statement.correct"
_LOT: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


def name_of(urn: str) -> str:
    """What a lot is called in events: its address on this site, which its crate carries."""
    return _site() + reverse("crate", args=[urn.removeprefix("urn:uuid:")])


def context() -> list[Any]:
    """The context of documents with our own members, which names the place where they are explained."""
    return [
        "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
        {PREFIX: f"{_site()}/about/formats/#"},
    ]


def lots_named(names: Iterable[str]) -> set[UUID]:
    """The lots that these names mean: addresses of this site, urns, and links of GS1 to products of this record."""
    return {lot for name in names if (lot := lot_named(name)) is not None}


def behind(lots: QuerySet[Lot], name: str) -> QuerySet[Lot]:
    """The lots whose names come after a name, in the order of texts."""
    first = name_of(f"urn:uuid:{UUID(int=0)}")[:-36]
    if not name.startswith(first):
        return lots if name < first else lots.none()
    last = name.removeprefix(first)
    return lots.filter(pk__gt=UUID(last)) if _LOT.fullmatch(last) else lots


def lot_named(name: str) -> UUID | None:
    """The lot that a name means; None where it means none of this record."""
    last = name.removeprefix("urn:uuid:").removeprefix(f"{_site()}/c/").rstrip("/")
    if _LOT.fullmatch(last):
        return UUID(last)
    number = lot_of(name)
    if number is None:
        return None
    try:
        return product_numbers.lot_named(*number).pk
    except NotFound:
        return None


def events(actor: Actor, rows: Sequence[Statement], today: date) -> dict[int, dict[str, Any]]:
    """The event of each of these statements, by its row id, as the actor may read it."""
    originals = statements.originals_of(rows)
    later: dict[int, list[Statement]] = {}
    for number, version in statements.versions_of([originals.get(row.pk, row) for row in rows]):
        later.setdefault(number, []).append(version)
    found = {}
    for one in statements.open_rows(actor, rows, today):
        original = originals.get(one.row.pk, one.row)
        newer = [row for row in later.get(original.pk, ()) if row.pk > one.row.pk]
        found[one.row.pk] = lot_event(_said(one, original.kind, newer), name_of)
    return found


def _said(opened: Opened, kind: str, newer: Sequence[Statement]) -> Said:
    content: Mapping[str, Any] = opened.content
    return Said(
        kind=kind,
        content=content["body"]["as"] if opened.row.kind == CORRECTION else content,
        event_id=f"urn:uuid:{opened.row.urn}",
        digest=opened.digest,
        issuer=f"urn:uuid:{opened.row.issuer}",
        recorded_at=_moment(opened.row),
        wrong_since=_moment(newer[0]) if newer else "",
        did_not_occur=bool(newer) and newer[-1].kind != CORRECTION,
        corrected_by=[f"urn:uuid:{row.urn}" for row in newer if row.kind == CORRECTION],
    )


def _moment(row: Statement) -> str:
    return moments.format_moment(row.accepted_at.replace(microsecond=0))


def _site() -> str:
    return str(settings.LODESTONE_BASE_URL)
