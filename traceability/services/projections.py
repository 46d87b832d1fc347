"""The index of accepted statements: rows of heads, keys, facilities, versions and lots; the bytes can rebuild it."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from traceability.acceptance.world import Body
from traceability.ledger import groups, identifiers, keys
from traceability.ledger.kinds.kind import corrected_body
from traceability.ledger.statement import Statement
from traceability.models import (
    Attested,
    ChainLink,
    Disclosure,
    Facility,
    Finding,
    KeyEntry,
    LotEdge,
    Organisation,
    StepInProcess,
    SubjectHead,
    Version,
)
from traceability.models import Statement as StatementRow
from traceability.models.prepared import Writes
from traceability.services import claims_rows, lot_projections, search_index
from traceability.services.accepted import Accepted
from traceability.services.descent import came_of
from traceability.services.places import lot_at
from traceability.services.rows_world import RowsWorld
from traceability.services.stored import uuid_of

_MOVES_ON = (
    "(subject) DO UPDATE SET seq = EXCLUDED.seq, custody_hash = EXCLUDED.custody_hash, ended = EXCLUDED.ended,"
    " statement_id = EXCLUDED.statement_id"
)
RECALL = "recall"
_RECALLED = "Its maker recalled this lot, or one that went into it."


def store(accepted: Sequence[Accepted], world: RowsWorld, writes: Writes) -> None:
    """Every row that follows from these statements, whose own rows are stored already; some are left in `writes`."""
    writes.insert(ChainLink, [link for one in accepted for link in _links_of(one)])
    writes.insert(Disclosure, [row for one in accepted for row in disclosures_of(one)])
    store_index(accepted, world, writes)
    store_findings(accepted, writes)


def store_index(accepted: Sequence[Accepted], world: RowsWorld, writes: Writes) -> None:
    """The rows that can be rebuilt: all but the links, the confidential values and the findings."""
    lot_projections.store_lots(accepted, writes)
    claims_rows.store(accepted, writes)
    search_index.store(accepted, writes)
    _store_heads(accepted, world, writes)
    for one in accepted:
        if one.decision.ring is not None:
            _store_keys(one.decision.ring, one.row)
        if one.statement.kind in _STORES:
            _STORES[one.statement.kind](one, writes)


def _links_of(one: Accepted) -> Iterable[dict[str, Any]]:
    """The rows that index the chains of a statement."""
    for head in one.statement.chains:
        yield {
            "statement_id": one.row.pk,
            "subject": uuid_of(head.subject),
            "seq": head.seq,
            "role": head.role,
            "custody_hash": identifiers.digest_bytes(one.statement.custody_hash(head.subject)),
        }


def disclosures_of(one: Accepted) -> Iterable[dict[str, Any]]:
    """A row for each confidential place; a correction keeps the rows of what it does not change."""
    for place, digest in one.digests.items():
        if digest in one.kept:
            continue
        disclosure = one.disclosures.get(digest)
        yield {
            "statement_id": one.row.pk,
            "digest": digest,
            "path": place,
            "group": groups.group_of(one.kind, place),
            "lot": lot_at(one.opened, place),
            "text": None if disclosure is None else disclosure.text,
        }


def _store_heads(accepted: Sequence[Accepted], world: RowsWorld, writes: Writes) -> None:
    last: dict[str, StatementRow] = {head.subject: one.row for one in accepted for head in one.decision.heads}
    heads = [(head, row) for subject, row in last.items() if (head := world.heads[subject]) is not None]
    rows = [
        {
            "subject": uuid_of(head.subject),
            "owner": uuid_of(head.owner),
            "opened_by": head.opened_by,
            "seq": head.seq,
            "custody_hash": identifiers.digest_bytes(head.custody_hash),
            "ended": head.ended,
            "statement_id": row.pk,
        }
        for head, row in heads
    ]
    writes.insert(SubjectHead, rows, on_conflict=_MOVES_ON)


def _store_keys(ring: keys.KeyRing, said_by: StatementRow) -> None:
    organisation = uuid_of(ring.organisation)
    Organisation.objects.filter(pk=organisation).update(registered=True, operator_recovery=ring.operator_recovery)
    known = {bytes(row.key_id): row for row in KeyEntry.objects.filter(organisation=organisation)}
    for record in ring.keys.values():
        row = known.get(identifiers.digest_bytes(record.key)) or _new_key(record, organisation, said_by)
        if record.ended is not None and row.ended_id is None:
            row.ended = said_by
        row.compromised_from = record.compromised_from
        row.revoked_by_recovery = record.revoked_by_recovery
        row.save()


def _new_key(record: keys.KeyRecord, organisation: UUID, said_by: StatementRow) -> KeyEntry:
    return KeyEntry(
        key_id=identifiers.digest_bytes(record.key),
        organisation_id=organisation,
        public_key=record.public_key,
        custody=record.custody,
        since=said_by,
        brought_in_by=identifiers.digest_bytes(record.brought_in_by) if record.brought_in_by else b"",
        by_operator=record.by_operator,
        recovery=record.recovery,
    )


def _store_facility(one: Accepted, body: Body) -> None:
    Facility.objects.update_or_create(
        pk=uuid_of(str(body["facility"])),
        defaults={
            "organisation_id": uuid_of(one.statement.issuer),
            "statement": one.row,
            "name": str(body.get("name", "")),
            "country": str(body["country"]),
            "region": str(body.get("region", "")),
        },
    )


def _store_names(one: Accepted, body: Body) -> None:
    organisation, name = uuid_of(one.statement.issuer), str(body.get("name", ""))
    Organisation.objects.filter(pk=organisation).update(name=name, country=str(body["country"]), roles=body["roles"])
    search_index.name_organisation(organisation, name)


def _store_step_in_process(body: Body, original: StatementRow, writes: Writes) -> None:
    facility = body.get("facility")
    if facility is not None and "wip_change" in body:
        row = {"statement_id": original.pk, "facility": uuid_of(str(facility))}
        writes.insert(StepInProcess, [row], on_conflict="DO NOTHING")


def _store_attested(one: Accepted, writes: Writes) -> None:
    named = one.statement.body["statements"]
    digests = [identifiers.digest_bytes(str(digest)) for digest in named] if isinstance(named, list) else []
    rows = StatementRow.objects.filter(digest__in=digests).order_by("pk")
    Attested.objects.bulk_create([Attested(attestation=one.row, statement=row) for row in rows])


def _store_version(one: Accepted, writes: Writes) -> None:
    writes.flush()  # it changes rows that the same batch may have made
    withdrawn = one.statement.kind == "statement.void"
    named = str(one.statement.body["voids" if withdrawn else "replaces"])
    original = StatementRow.objects.get(digest=identifiers.digest_bytes(named))
    Version.objects.create(original=original, statement=one.row, withdrawn=withdrawn)
    if withdrawn:
        _withdraw(original)
        return
    body = corrected_body(one.opened)
    if one.kind == "facility.register":
        _store_facility(one, body)
    elif one.kind == "organisation.register":
        _store_names(one, body)
    elif one.kind == "lot.transform":
        lot_projections.correct_edges(original, body)
        _store_step_in_process(body, original, writes)


def _withdraw(original: StatementRow) -> None:
    if original.kind == "lot.transform":
        LotEdge.objects.filter(statement=original).update(voided=True)
    elif original.kind == "facility.register":
        versions = original.versions.values_list("statement_id", flat=True)
        Facility.objects.filter(statement__in=[original.pk, *versions]).update(voided=True)


_STORES: dict[str, Callable[[Accepted, Writes], None]] = {
    "facility.register": lambda one, _: _store_facility(one, one.opened),
    "organisation.register": lambda one, _: _store_names(one, one.opened),
    "lot.transform": lambda one, writes: _store_step_in_process(one.opened, one.row, writes),
    "statement.attest": _store_attested,
    "statement.correct": _store_version,
    "statement.void": _store_version,
}
"""What single kinds add to the index."""


def store_findings(accepted: Sequence[Accepted], writes: Writes) -> None:
    """What somebody should look at; of the time at which the statement was accepted."""
    rows = [
        _finding(one.row, _lot_of(one.statement), found.code, found.sentence)
        for one in accepted
        for found in one.decision.findings
    ]
    writes.insert(Finding, rows)
    for one in accepted:
        if one.statement.kind == "lot.recall":
            writes.flush()
            lot = uuid_of(str(one.statement.body["lot"]))
            _recall(one.row, {lot} | came_of({lot}), writes)
        elif one.statement.kind == "lot.transform":
            _recall_outputs(one, writes)


def _finding(row: StatementRow, lot: UUID | None, code: str, sentence: str) -> dict[str, Any]:
    return {
        "statement_id": row.pk,
        "lot": lot,
        "code": code,
        "sentence": sentence[:500],
        "created_at": row.accepted_at,
    }


def _lot_of(statement: Statement) -> UUID | None:
    outputs = [chain.subject for chain in statement.chains if chain.role in ("output", "lot")]
    return uuid_of(outputs[0]) if outputs else None


def _recall_outputs(one: Accepted, writes: Writes) -> None:
    """What is made of a recalled lot is shown as recalled too."""
    inputs = [uuid_of(chain.subject) for chain in one.statement.chains if chain.role != "output"]
    if Finding.objects.filter(lot__in=inputs, code=RECALL).exists():
        _recall(one.row, {uuid_of(chain.subject) for chain in one.statement.chains if chain.role == "output"}, writes)


def _recall(row: StatementRow, lots: set[UUID], writes: Writes) -> None:
    """The finding on a recalled lot and on all that came of it (section 5)."""
    writes.insert(Finding, [_finding(row, lot, RECALL, _RECALLED) for lot in sorted(lots)])
    writes.flush()  # what is made of these lots in the same batch asks for it
