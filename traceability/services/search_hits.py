"""What was found, and where it leads, for a page or a program; and the one thing that was named exactly.

Nothing is in a hit that its reader may not see.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from django.urls import reverse

from traceability.models import ChainLink, Evidence, Lot, Organisation
from traceability.models import Statement as StatementRow
from traceability.selectors import access, drafts, names, statements
from traceability.selectors.access import Actor, NotFound
from traceability.selectors.lot_facts import facts_of, number_is_readable
from traceability.selectors.search import MOST_CHARACTERS, Kind
from traceability.selectors.slots import SLOTS, DeclarationLink
from traceability.services.stored import urn_of

_UUID: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.IGNORECASE)
_REFERENCE: Final = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}", re.IGNORECASE)
_PREFIX: Final = re.compile(r"^(?:urn:uuid:|sha256:)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found. `title` of a statement is its kind; `about` is what tells it from others."""

    kind: Kind
    id: str
    title: str
    about: str
    href: str
    at: datetime | None = None


def hits(actor: Actor, kind: Kind, rows: Sequence[Any], today: date) -> list[Hit]:
    """These rows of `selectors.search.found` as hits, in their order."""
    return _SHOW[kind](actor, rows, today) if rows else []


def _lots(actor: Actor, rows: Sequence[Lot], today: date) -> list[Hit]:
    facts = facts_of(actor, rows, today)
    return [
        Hit(
            Kind.LOT,
            row.urn,
            facts[row.pk].number or f"{row.material}, {str(row.pk)[-4:]}",
            row.material,
            reverse("lot", args=[row.pk]),
            row.made_at,
        )
        for row in rows
    ]


def _declarations(actor: Actor, rows: Sequence[Any], today: date) -> list[Hit]:
    return [_declaration(row.pk, SLOTS.declaration_link(row)) for row in rows]


def _declaration(id: UUID, link: DeclarationLink) -> Hit:
    return Hit(Kind.DECLARATION, urn_of(id), f"{link.reference} {link.product}", link.status, link.href)


def _found_statements(actor: Actor, rows: Sequence[Any], today: date) -> list[Hit]:
    return [_statement(row, row.issuer_name or names.unnamed(row.issuer_country or "")) for row in rows]


def _statements(actor: Actor, rows: Sequence[StatementRow], today: date) -> list[Hit]:
    known = names.names_of(actor, {row.issuer for row in rows}, today)
    return [_statement(row, known.of(row.issuer)) for row in rows]


def _statement(row: StatementRow, issuer: str) -> Hit:
    digest = bytes(row.digest).hex()
    address = reverse("statement", args=[digest])
    return Hit(Kind.STATEMENT, f"sha256:{digest}", row.kind, issuer, address, row.accepted_at)


def _partners(actor: Actor, rows: Sequence[Organisation], today: date) -> list[Hit]:
    return [Hit(Kind.PARTNER, row.urn, row.name, row.country, reverse("partners")) for row in rows]


def _documents(actor: Actor, rows: Sequence[Evidence], today: date) -> list[Hit]:
    return [_document(row) for row in rows]


def _document(row: Evidence) -> Hit:
    digest = bytes(row.sha256).hex()
    address = reverse("document", args=[digest])
    return Hit(Kind.DOCUMENT, f"sha256:{digest}", row.name, row.media_type, address, row.created_at)


_SHOW: Final[Mapping[Kind, Callable[[Actor, Sequence[Any], date], list[Hit]]]] = {
    Kind.LOT: _lots,
    Kind.DECLARATION: _declarations,
    Kind.STATEMENT: _found_statements,
    Kind.PARTNER: _partners,
    Kind.DOCUMENT: _documents,
}


# Named exactly


def exact(actor: Actor, text: str, today: date) -> Hit | None:
    """The one thing that a text names: an address from a QR code, an identifier, a digest, a reference, a number."""
    typed = text.strip()
    if not 0 < len(typed) <= MOST_CHARACTERS or "\x00" in typed:
        return None
    return next(_exact(actor, typed, today), None)


def _exact(actor: Actor, typed: str, today: date) -> Iterator[Hit]:
    address = _path(typed)
    bare = _PREFIX.sub("", "".join((address or typed).split()))
    if found := (_UUID.search(bare) if address else _UUID.fullmatch(bare)):
        yield from _by_id(actor, UUID(found[0]), today)
    elif found := (_DIGEST.search(bare) if address else _DIGEST.fullmatch(bare)):
        yield from _by_digest(actor, found[0].lower(), today)
    else:
        reference = bare.rstrip("/").rpartition("/")[2]
        if _REFERENCE.fullmatch(reference):
            yield from _by_reference(reference)
        if not address:
            yield from _by_number(actor, typed, today)


def _path(typed: str) -> str:
    """The path of an address of a page; empty where the text is none."""
    try:
        parts = urlsplit(typed)
    except ValueError:
        return ""
    return parts.path if parts.scheme.lower() in ("http", "https") else ""


def _by_id(actor: Actor, id: UUID, today: date) -> Iterator[Hit]:
    try:
        yield from _lots(actor, [access.lot(actor, id, today)], today)
    except NotFound:
        pass
    yield from (_declaration(one, link) for one, link in SLOTS.declaration_links([id]).items())
    yield from _statements(actor, list(statements.visible(actor, today).filter(urn=id)[:1]), today)
    yield from _partners(actor, list(names.known(actor, today).filter(pk=id)), today)


def _by_digest(actor: Actor, digest: str, today: date) -> Iterator[Hit]:
    try:
        yield from _statements(actor, [statements.statement(actor, f"sha256:{digest}", today)], today)
    except NotFound:
        pass
    for link in ChainLink.objects.filter(custody_hash=bytes.fromhex(digest)).select_related("statement"):
        yield from _by_id(actor, link.subject, today)
        seen = statements.visible(actor, today).filter(pk=link.statement_id)
        yield from _statements(actor, list(seen), today)
    try:
        yield _document(drafts.document(actor, digest))
    except NotFound:
        pass


def _by_reference(reference: str) -> Iterator[Hit]:
    link = SLOTS.declaration_by_reference(reference)
    if link is not None:
        yield _declaration(*link)


def _by_number(actor: Actor, number: str, today: date) -> Iterator[Hit]:
    """The lot with this number, where there is only one whose number the actor may read."""
    seen = Lot.objects.filter(access.is_seen(actor, today))
    rows = list(seen.filter(number_is_readable(actor, today), number__iexact=number)[:2])
    if len(rows) == 1:
        yield from _lots(actor, rows, today)
