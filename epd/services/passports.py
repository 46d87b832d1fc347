"""Declarations and their verifications as credentials of UNTP, signed for who signed the statements."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse

from epd.formats import write_untp
from epd.formats.write_untp import HIDDEN, Issued, Party, Product, Verification
from epd.models import Declaration
from epd.selectors import declarations
from traceability.intake.countries import NAMES
from traceability.ledger.envelope import parse_envelope
from traceability.ledger.kinds.verification import VERIFY
from traceability.ledger.statement import parse_header
from traceability.models import ChainLink, Organisation, Statement
from traceability.selectors import did_documents, lots, statements
from traceability.selectors.access import NotFound
from traceability.services import clock, issuing, status_lists

if TYPE_CHECKING:
    from epd.services.exchange import Export


def passport(export: Export, form: str) -> bytes:
    """The Digital Product Passport of a declaration, by its declarant."""
    declaration = export.declaration
    issuer = Party(did_documents.did_of(declaration.declarant_id), export.stated.declarant.name)
    issued = _issued(export, declaration.statement, issuer, "passport", export.stated.valid_until)
    return _signed(write_untp.passport(issued, _product(export)), declaration.statement, form)


def conformity(export: Export, form: str) -> bytes:
    """The Conformity Credential of the newest verification, by the verifier; NotFound where none stands."""
    declaration = export.declaration
    links = ChainLink.objects.filter(subject=declaration.pk, statement__kind=VERIFY).select_related("statement")
    newest = links.order_by("seq").last()
    if newest is None or declaration.verifier is None:
        raise NotFound("Nobody verified this declaration.")
    row, body = newest.statement, _body(newest.statement)
    name = Organisation.objects.get(pk=row.issuer).name
    issuer = Party(did_documents.did_of(row.issuer), name)
    issued = _issued(export, row, issuer, "conformity", date.fromisoformat(str(body["valid_until"])))
    verified = Verification(
        id=f"urn:uuid:{row.urn}",
        level=str(body["level"]),
        standards=body["standards"],
        accreditation=str(body.get("accreditation", "")),
        declarant=Party(did_documents.did_of(declaration.declarant_id), export.stated.declarant.name),
        on=row.accepted_at.date(),
    )
    return _signed(write_untp.conformity(issued, _product(export), verified), row, form)


def _issued(export: Export, row: Statement, issuer: Party, what: str, until: date | None) -> Issued:
    reference, base = export.declaration.reference, settings.LODESTONE_BASE_URL
    file = reverse("declaration_file", args=[reference, f"{what}.jwt"])
    return Issued(
        id=f"{base}{file}?basis={export.stated.basis.value}",
        issuer=issuer,
        since=_moment(row.accepted_at),
        until=until,
        status=status_lists.entry(row.issuer, _place(row)),
        statement=f"sha256:{bytes(row.digest).hex()}",
        statement_url=f"{base}/api/v1/statements/sha256:{bytes(row.digest).hex()}",
        words_url=f"{base}{reverse('formats')}",
    )


def _product(export: Export) -> Product:
    declaration, body, stated = export.declaration, export.body, export.stated
    page = f"{settings.LODESTONE_BASE_URL}{reverse('declaration', args=[declaration.reference])}"
    shares = body.get("shares", {})
    recycled = shares.get("recycled")
    gwp = next((one for one in export.cells if one.indicator == "gwp_ghg" and one.basis is stated.basis), None)
    lot = declaration.lot
    return Product(
        id=page if lot is None else f"{settings.LODESTONE_BASE_URL}{reverse('crate', args=[lot.pk])}",
        name=declaration.product,
        title=stated.title,
        stage=declarations.stage_of(declaration, body),
        country=(declaration.country, NAMES[declaration.country]),
        facility=_facility(declaration, body),
        made_on=None if lot is None else lot.made_at.date(),
        lot_number=_lot_number(declaration),
        basis=stated.basis.value,
        gwp_ghg=gwp.a1_a3 if gwp and gwp.is_declared else None,
        recycled=(Decimal(recycled["post_consumer"]), Decimal(recycled["pre_consumer"])) if recycled else None,
        origins=[(str(row["country"]), Decimal(row["share"])) for row in shares.get("countries", [])],
        illustrative=body["illustrative"] is True,
        page=page,
        published=stated.published,
    )


def _lot_number(declaration: Declaration) -> str:
    """The number of the lot, where anybody may read it."""
    if declaration.lot is None:
        return ""
    made_by = declaration.lot.made_by
    creator = statements.told(None, [made_by], clock.now().date())[made_by.pk]
    return str(lots.lot_row(creator, declaration.lot.urn).get("lot_number", ""))


def _facility(declaration: Declaration, body: Any) -> tuple[str, str]:
    """The site by its urn, and its name where anybody may read it."""
    urn = body.get("facility")
    if urn is None and declaration.lot is not None:
        made_by = declaration.lot.made_by
        urn = statements.told(None, [made_by], clock.now().date())[made_by.pk].body.get("facility")
    return (str(urn), HIDDEN) if urn else (did_documents.did_of(declaration.declarant_id), HIDDEN)


def _place(row: Statement) -> int:
    entry = getattr(row, "entry", None)
    if entry is None:
        raise NotFound("The statement has no place in the log yet. Come back in a minute.")
    index: int = entry.index
    return index


def _body(row: Statement) -> Any:
    return parse_header(parse_envelope(bytes(row.envelope)).payload).body


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _signed(credential: dict[str, Any], row: Statement, form: str) -> bytes:
    return issuing.issue(credential, row.issuer, form, _moment(clock.now()))
