"""The index of lots: their rows, what went into what, and who sees which; the signed bytes can rebuild it."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from traceability.acceptance.versions import claimed_process
from traceability.acceptance.world import Body, LotRecord
from traceability.ledger import identifiers
from traceability.ledger.custody import CustodyState
from traceability.ledger.kinds.kind import corrected_body, rows_at
from traceability.ledger.kinds.lots import MAKING
from traceability.models import Lot, LotAccess, LotEdge
from traceability.models import Statement as StatementRow
from traceability.models.prepared import Writes
from traceability.services import lot_rows
from traceability.services.accepted import Accepted
from traceability.services.descent import went_into
from traceability.services.stored import uuid_of

Sees = LotAccess.Sees
_DESCRIBED = ("number", "material", "stage", "output_class", "origin", "country")
_GONE = (CustodyState.CLOSED, CustodyState.VOID)
_COMES_BACK = ("lot.reject", "lot.dispatch_cancel")


def store_lots(accepted: Sequence[Accepted], writes: Writes) -> None:
    """The rows of the lots that these statements make and change."""
    made: dict[str, dict[str, Any]] = {}
    changed: dict[str, dict[str, Any]] = {}
    for one in accepted:
        described = dict(_described(one))
        for urn, record in one.decision.lots.items():
            if record.custody.created_by == one.statement.digest:
                made[urn] = {"id": uuid_of(urn), "made_by_id": one.row.pk, "maker_id": uuid_of(one.statement.issuer)}
            columns = made[urn] if urn in made else changed.setdefault(urn, {})
            columns |= described.get(urn, {}) | _state_of(record)
        for chain in one.statement.chains:
            if chain.role != "subject":
                columns = made[chain.subject] if chain.subject in made else changed.setdefault(chain.subject, {})
                columns["newest_id"] = one.row.pk
    writes.insert(Lot, list(made.values()))
    for urn, columns in changed.items():
        writes.update(Lot, uuid_of(urn), columns)
    writes.insert(LotEdge, [edge for one in accepted for edge in _edges(one)])
    _store_access(accepted, writes)


def _described(one: Accepted) -> Iterable[tuple[str, dict[str, Any]]]:
    """The descriptive columns of the lots that a making statement, or a correction of one, speaks of."""
    if one.kind not in MAKING or one.statement.kind == "statement.void":
        return
    corrects = one.statement.kind == "statement.correct"
    body = corrected_body(one.opened) if corrects else one.opened
    process = claimed_process(one.opened) if corrects else one.statement.process
    country = process[-1].country if process else str(body.get("country", ""))
    for row in rows_at(body, "outputs") if one.kind == "lot.transform" else [body]:
        columns = (row.get("lot_number"), row["material"], row["stage"], row.get("class"), row.get("origin"), country)
        yield str(row["lot"]), {name: str(value or "") for name, value in zip(_DESCRIBED, columns, strict=True)}


def _state_of(record: LotRecord) -> dict[str, Any]:
    """The columns that follow from the record of a lot."""
    custody = record.custody
    coming = custody.state is CustodyState.IN_TRANSIT and identifiers.is_urn(custody.receiver)
    found: dict[str, Any] = {
        "holder_id": uuid_of(custody.holder),
        "receiver_id": uuid_of(custody.receiver) if coming else None,
        "state": custody.state,
        "made_at": record.made_at,
        "record": lot_rows.to_json(record),
    }
    if record.stock is not None:
        found |= {"mass_kg": record.stock.custody_kg, "remaining_kg": record.stock.remaining_kg}
    if custody.state in _GONE:  # what a void gives back to a lot that others closed returns to nothing
        found["remaining_kg"] = Decimal(0)
    return found


def _edges(one: Accepted) -> Iterable[dict[str, Any]]:
    if one.statement.kind != "lot.transform":
        return
    outputs = [chain.subject for chain in one.statement.chains if chain.role == "output"]
    for row in rows_at(one.opened, "inputs"):
        for output in outputs:
            yield {
                "parent_id": uuid_of(str(row["lot"])),
                "child_id": uuid_of(output),
                "statement_id": one.row.pk,
                "mass_kg": Decimal(str(row["mass_kg"])),
                "division": not one.statement.process,
                "voided": False,
            }


def correct_edges(original: StatementRow, body: Body) -> None:
    """The drawn masses of a corrected transform."""
    for row in rows_at(body, "inputs"):
        edges = LotEdge.objects.filter(statement=original, parent_id=uuid_of(str(row["lot"])))
        edges.update(mass_kg=Decimal(str(row["mass_kg"])))


def _store_access(accepted: Sequence[Accepted], writes: Writes) -> None:
    """Who sees which lot: who made, held or bought it; no longer who was to get it and did not."""
    rows: list[dict[str, Any]] = []
    for one in accepted:
        rows += _access(one, writes)
        if one.statement.kind in _COMES_BACK:
            writes.insert(LotAccess, rows, on_conflict="DO NOTHING")
            writes.flush()
            rows = []
            _withdraw_access(uuid_of(str(one.statement.body["lot"])))
    writes.insert(LotAccess, rows, on_conflict="DO NOTHING")


def _access(one: Accepted, writes: Writes) -> Iterable[dict[str, Any]]:
    for urn, record in one.decision.lots.items():
        yield {"organisation_id": uuid_of(record.custody.holder), "lot_id": uuid_of(urn), "sees": Sees.PARTY}
    to = one.statement.body.get("to")
    if one.statement.kind == "lot.dispatch" and identifiers.is_urn(to):
        writes.flush()  # the edges of the batch are walked
        yield from _customer_access(uuid_of(str(to)), uuid_of(str(one.statement.body["lot"])))


def _customer_access(receiver: UUID, lot: UUID) -> Iterable[dict[str, Any]]:
    """The receiver sees the lot; where it was split off, the assay of what it was split from counts for him."""
    yield {"organisation_id": receiver, "lot_id": lot, "sees": Sees.CUSTOMER}
    for parent in went_into({lot}, parts_only=True):
        yield {"organisation_id": receiver, "lot_id": parent, "sees": Sees.ASSAY}


def _withdraw_access(lot: UUID) -> None:
    """Who was to receive a lot that came back, and never held it, did not buy it."""
    rows = LotAccess.objects.filter(lot_id=lot)
    held = set(rows.filter(sees=Sees.PARTY).values_list("organisation_id", flat=True))
    for row in rows.filter(sees=Sees.CUSTOMER).exclude(organisation__in=held):
        row.delete()
        bought = LotAccess.objects.filter(organisation=row.organisation_id, sees=Sees.CUSTOMER)
        still = went_into(set(bought.values_list("lot_id", flat=True)), parts_only=True)
        gone = went_into({lot}, parts_only=True) - still
        LotAccess.objects.filter(organisation=row.organisation_id, lot__in=gone, sees=Sees.ASSAY).delete()
