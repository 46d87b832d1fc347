"""Imports: a lot of another record comes in by its verified bundle, once its sender there has signed second (ADR 33).

The importer signs first. What he signed goes to the sender as a file and comes back with the second signature; then the
door takes it. Whoever signs with keys of his own sends the whole statement to the API instead.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import ROUND_DOWN, Decimal
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from traceability.acceptance.errors import BundleNotVerified
from traceability.acceptance.imports import KIND
from traceability.acceptance.world import ForeignLot
from traceability.ledger import identifiers
from traceability.ledger.envelope import encode_envelope, seal
from traceability.ledger.quantity import computing, format_quantity
from traceability.models import AuditEvent, ForeignBundle, ImportRequest, SubjectHead
from traceability.models import Statement as StatementRow
from traceability.selectors import foreign_lots
from traceability.selectors.access import Actor
from traceability.services import acceptance, audit, clock, import_file, rows_world, sealing, vault
from traceability.services.acceptance import Rehearsal
from traceability.services.errors import NotAllowed, Refusal
from traceability.services.foreign_bundles import ZIP, LotIsHere
from traceability.services.needs import needs_of
from traceability.services.reading import require_signer
from traceability.services.stored import uuid_of
from traceability.services.submissions import Act, SignedSubmission

CONTENT_STEP: Final = Decimal("1e-9")
LONGEST_NUMBER: Final = 80


class BadArrival(Refusal):
    """A day on which the lot cannot have come in."""

    code = "bad_arrival"


class ImportBegun(Refusal):
    """An import of the lot that waits for the sender already."""

    code = "import_begun"


class NotTheReply(Refusal):
    """A file that is not the answer to what was sent."""

    code = "not_the_reply"


class ImportNotBegun(Refusal):
    """An import that nobody signed yet."""

    code = "import_not_begun"


class ImportRecorded(Refusal):
    """An import that is recorded: it can be corrected, not taken back."""

    code = "import_recorded"


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the importer says of the lot beside what its bundle proves."""

    on: date | None = None
    lot_number: str = ""
    facility: str = ""


def prepare(*, actor: Actor, bundle: UUID, arrival: Arrival) -> tuple[ForeignLot, Rehearsal]:
    """What the bundle proves, and what would be signed; or the refusal."""
    _row, lot, act = _act(actor, bundle, arrival)
    return lot, acceptance.rehearse(actor=actor, acts=[act])[0]


def sign(*, actor: Actor, bundle: UUID, arrival: Arrival) -> ImportRequest:
    """The import with the signature of the importer, for the sender to sign second."""
    require_signer(actor)
    row, lot, act = _act(actor, bundle, arrival)
    now = clock.now()
    with transaction.atomic():
        acceptance.rehearse(actor=actor, acts=[act], now=now)
        world = rows_world.load(needs_of([act], [None]))
        composed = sealing.compose(act, world, seen=acceptance.newest_checkpoint(world.origin, world.log), now=now)
        sealed = seal(composed.statement.payload, [vault.signer_for(composed.keys[0])])
        made = ImportRequest(
            id=uuid_of(composed.statement.id),
            organisation=actor.organisation,
            bundle=row,
            lot=uuid_of(lot.lot),
            envelope=encode_envelope(sealed),
            disclosures=[one.text for one in composed.disclosures.values()],
            signed_by_id=actor.user_id or None,
            signed_at=now,
        )
        try:
            with transaction.atomic():
                made.save(force_insert=True)
        except IntegrityError:
            raise ImportBegun("You signed an import of this lot already. It waits for the sender.") from None
        audit.note(actor, AuditEvent.Kind.FOREIGN, f"Import signed first: {lot.lot}")
        return made


def begun(*, actor: Actor, bundle: UUID) -> ImportRequest:
    """The import of the lot of a bundle that the importer signed."""
    found = foreign_lots.request_of(actor, foreign_lots.bundle(actor, bundle))
    if found is None:
        raise ImportNotBegun("You have not signed an import of this lot yet.")
    return found


def file_of(request: ImportRequest) -> bytes:
    """The file for the sender."""
    return import_file.write(bytes(request.envelope), request.disclosures)


@transaction.atomic
def finish(*, actor: Actor, bundle: UUID, content: bytes) -> StatementRow:
    """The recorded import, once the sender's answer is here; the same answer again gives the same one."""
    request = _locked(actor, bundle)
    if request.statement is not None:
        return request.statement
    reply, asked = import_file.read(content), import_file.of(bytes(request.envelope), request.disclosures)
    if reply.envelope.payload != asked.envelope.payload:
        raise NotTheReply("This is the answer to another import. Choose the file that the sender gave for this one.",
                          path="/file")  # fmt: skip
    if len(reply.envelope.signatures) == 1:
        raise NotTheReply("The sender has not signed this file yet. Choose the one that he gave back.", path="/file")
    whole = SignedSubmission(encode_envelope(reply.envelope), tuple(request.disclosures))
    acceptance.accept(actor=actor, submissions=[whole])
    request.statement = StatementRow.objects.get(issuer=actor.organisation.pk, urn=request.pk)
    request.save(update_fields=["statement"])
    return request.statement


@transaction.atomic
def take_back(*, actor: Actor, bundle: UUID) -> None:
    """Forgets what the importer signed and nobody recorded."""
    request = _locked(actor, bundle)
    if request.statement is not None:
        raise ImportRecorded("The lot is in this record already. Correct or withdraw that statement instead.")
    request.delete()
    audit.note(actor, AuditEvent.Kind.FOREIGN, f"Import taken back: urn:uuid:{request.lot}")


def _act(actor: Actor, bundle: UUID, arrival: Arrival) -> tuple[ForeignBundle, ForeignLot, Act]:
    """The import of the lot that a verified bundle proves."""
    row = foreign_lots.bundle(actor, bundle)
    if not actor.may_submit:
        raise NotAllowed(actor.why_not_submit)
    if row.proven is None:
        raise BundleNotVerified("This bundle is not verified, so nothing can be imported by it.")
    lot, digest = foreign_lots.from_json(row.proven), f"sha256:{bytes(row.sha256).hex()}"
    if ImportRequest.objects.filter(organisation=actor.organisation, lot=uuid_of(lot.lot)).exists():
        raise ImportBegun("You signed an import of this lot already. It waits for the sender.")
    if SubjectHead.objects.filter(pk=uuid_of(lot.lot)).exists():
        raise LotIsHere("This record knows the lot already. It is taken in once.")
    named: dict[str, object] = {
        "name": row.name, "media_type": ZIP, "bytes": row.octets, "sha256": digest,
    }  # fmt: skip
    moment = _moment(arrival.on, lot)
    act = Act(
        KIND,
        actor.organisation.pk,
        _body(lot, digest, arrival),
        (moment, moment),
        evidence=(named,),
        id=sealing.new_id(clock.now()),
    )
    return row, lot, act


def _body(lot: ForeignLot, digest: str, arrival: Arrival) -> dict[str, object]:
    body: dict[str, object] = {
        "lot": lot.lot,
        "material": lot.material,
        "stage": lot.stage,
        "mass_kg": format_quantity(lot.mass_kg or Decimal(0)),
        "log": lot.log,
        "organisation": lot.sender,
        "dispatch": lot.dispatch,
        "custody_hash": lot.custody_hash,
        "bundle": digest,
        "public_key": identifiers.b64url_encode(next(iter(lot.keys.values()), b"")),
    }
    rows = _contents(lot)
    given = {"lot_number": arrival.lot_number.strip()[:LONGEST_NUMBER], "facility": arrival.facility}
    assay = {"assay": {"basis": "dry_mass", "rows": rows, "method": "as the bundle proves"}} if rows else {}
    return body | assay | {name: value for name, value in given.items() if value}


@computing()
def _contents(lot: ForeignLot) -> list[dict[str, str]]:
    """The assay in force there, element by element, never above what is proven."""
    rows = []
    for element, one in (lot.composition or {}).items():
        content = one.element_pct.quantize(CONTENT_STEP, rounding=ROUND_DOWN)
        if content:
            sdev = {} if one.sdev_rel_pct is None else {"sdev_rel_pct": format_quantity(one.sdev_rel_pct)}
            rows.append({"species": element, "content_pct": format_quantity(content.normalize()), **sdev})
    return rows


def _moment(day: date | None, lot: ForeignLot) -> datetime:
    """When the lot came in: at noon of the day that is named, now where that is today."""
    now = clock.now()
    if day is None or day == now.date():
        return now
    found = datetime.combine(day, time(12), UTC)
    if found > now:
        raise BadArrival("The lot cannot have come in on a day that is still to come.", path="/arrived_on")
    if day < lot.dispatched_at.date():
        raise BadArrival("The lot cannot have come in before it was dispatched.", path="/arrived_on")
    return max(found, lot.dispatched_at)


def _locked(actor: Actor, bundle: UUID) -> ImportRequest:
    row = foreign_lots.bundle(actor, bundle)
    require_signer(actor)
    found = ImportRequest.objects.select_for_update(of=("self",)).filter(organisation=actor.organisation)
    request = None if row.lot is None else found.filter(lot=row.lot).first()
    if request is None:
        raise ImportNotBegun("You have not signed an import of this lot yet.")
    return request
