"""The second signature under an import into another record: by the organisation that dispatched the lot there."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from traceability.acceptance.imports import compare_matter, compare_open, dispatched_lot
from traceability.acceptance.world import ForeignLot
from traceability.ledger import identifiers
from traceability.ledger.envelope import Envelope, Signature, encode_envelope, pae
from traceability.ledger.signing import key_id
from traceability.models import AuditEvent, Countersignature
from traceability.selectors.access import Actor
from traceability.services import audit, clock, import_file, rows_world, vault
from traceability.services.errors import NotAllowed, Refusal
from traceability.services.export import is_with
from traceability.services.import_file import ImportFile
from traceability.services.reading import require_signer
from traceability.services.stored import urn_of, uuid_of


class NotYourDispatch(Refusal):
    """An import of a lot that this organisation did not dispatch to another record, or whose dispatch ended."""

    code = "not_your_dispatch"


class MassNotTold(Refusal):
    """An import that does not tell its mass to who signs second."""

    code = "mass_not_told"


@dataclass(frozen=True, slots=True)
class Asked:
    """An import that was checked against the dispatch that it names: what would be signed."""

    file: ImportFile
    lot: ForeignLot

    @property
    def key(self) -> str:
        """The key that signs second."""
        return self.file.statement.cosigners[0].key


def check(*, actor: Actor, content: bytes) -> Asked:
    """The import in a file, if it says of the lot what the dispatch says; else the refusal."""
    if not actor.may_submit:
        raise NotAllowed(actor.why_not_submit)
    file = import_file.read(content)
    statement, own = file.statement, urn_of(actor.organisation.pk)
    lot = _dispatched(actor, str(statement.body["lot"]))
    if lot is None or [one.organisation for one in statement.cosigners] != [own] or lot.sender != own:
        raise NotYourDispatch("You have dispatched no such lot to another record, or that dispatch has ended.")
    compare_open(statement, statement.body, lot, origin=statement.seen.origin)
    if "mass_kg" not in file.opened:
        raise MassNotTold("The file does not tell the mass that you would sign for. Ask for a whole one.", path="/file")
    compare_matter(file.opened, lot)
    _check_first_signature(file)
    return Asked(file, lot)


def sign(*, actor: Actor, content: bytes) -> Countersignature:
    """The import with both signatures; the same import again gives the same one."""
    require_signer(actor)
    asked = check(actor=actor, content=content)
    digest = identifiers.digest_bytes(asked.file.statement.digest)
    known = Countersignature.objects.filter(organisation=actor.organisation, digest=digest)
    if (found := known.first()) is not None:
        return found
    first, signer = asked.file.envelope.signatures[0], vault.signer_for(asked.key)
    message = pae(asked.file.envelope.payload)
    whole = Envelope(asked.file.envelope.payload, (first, Signature(key_id(signer.public_key), signer.sign(message))))
    made = Countersignature(
        organisation=actor.organisation,
        lot=uuid_of(asked.lot.lot),
        origin=asked.file.statement.seen.origin,
        importer=uuid_of(asked.file.statement.issuer),
        digest=digest,
        envelope=encode_envelope(whole),
        disclosures=list(asked.file.disclosures),
        signed_by_id=actor.user_id or None,
        signed_at=clock.now(),
    )
    try:
        with transaction.atomic():
            made.save()
            audit.note(actor, AuditEvent.Kind.FOREIGN, f"Import signed second: {asked.lot.lot}")
    except IntegrityError:  # signed twice at the same moment
        return known.get()
    return made


def file_of(row: Countersignature) -> bytes:
    """The file for the importer."""
    return import_file.write(bytes(row.envelope), row.disclosures)


def _dispatched(actor: Actor, lot: str) -> ForeignLot | None:
    if not is_with(actor, uuid_of(lot), clock.now().date()):
        return None
    return dispatched_lot(rows_world.reader(), lot)


def _check_first_signature(file: ImportFile) -> None:
    """The importer's key is of another record: that he signed with the key that he names is as much as shows here."""
    names = [one.keyid for one in file.envelope.signatures]
    if names not in ([file.statement.key], [file.statement.key, file.statement.cosigners[0].key]):
        raise import_file.NotAnImport("The importer has not signed this file.", path="/file")
