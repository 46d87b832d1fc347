"""Sheets: uploaded, checked, put right in place, signed in one act with all their rows or none.

A file is read once, when it comes; what is kept of it are its cells. services/sheet_work.py checks and signs: small
sheets at once, large ones in the background. Ids follow from the sheet and the row, so that nothing is said twice.
"""

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from traceability.formats.delimited import read_delimited
from traceability.formats.grid import LONGEST_CELL, CellNote, Grid, SheetTooLarge
from traceability.formats.xlsx import read_workbook
from traceability.intake.moments import read_offset
from traceability.intake.numbers import NumberStyle
from traceability.intake.sheets.columns import PLANS, SheetPlan
from traceability.intake.sheets.headings import Layout, lay_out
from traceability.intake.sheets.mistakes import CellMistake
from traceability.intake.sheets.reading import urn_of
from traceability.models import Membership, Notice, SheetContent, SheetImport
from traceability.selectors.access import APPROVER_SIGNS, APPROVERS, Actor, NotFound
from traceability.services import clock, epcis_documents, evidence, notices, sealing, sheet_words
from traceability.services.approvals import NobodyToApprove, NotAsRead, reason_of
from traceability.services.drafts import TooMuch, require_role
from traceability.services.errors import ApprovalWanted, Refusal
from traceability.services.notice_rules import News

MOST_BYTES: Final = 10 * 2**20
MOST_UNSIGNED: Final = 50
KEPT: Final = timedelta(days=90)
"""So long a sheet is kept that nobody signed."""
State = SheetImport.State
_DECODER: Final = json.JSONDecoder()
EPCIS: Final = "epcis"
"""A document of events (EPCIS 2.0 in JSON), which is uploaded as a sheet is."""
ACTS: Final = (*PLANS, EPCIS)
"""What may be uploaded."""


class UnknownSheet(Refusal):
    """No row of the file has two headings of this sheet."""

    code = "unknown_sheet"


class NoSuchPlan(Refusal):
    """There is no sheet for this act."""

    code = "no_such_sheet"


class NotNow(Refusal):
    """The sheet is being checked or signed, or was signed."""

    code = "sheet_busy"


class NotRight(Refusal):
    """A sheet that is signed while something in it is wrong."""

    code = "sheet_not_right"


def of(actor: Actor) -> QuerySet[SheetImport]:
    """The sheets of the actor's organisation, the newest first."""
    return SheetImport.objects.filter(organisation=actor.organisation).select_related("made_by", "signed_by")


def one(actor: Actor, sheet_id: UUID) -> SheetImport:
    """One of them, or NotFound."""
    found = of(actor).filter(pk=sheet_id).first()
    if found is None:
        raise NotFound("There is no such sheet, or it is not yours to see.")
    return found


def plan_of(act: str) -> SheetPlan:
    """The columns of the sheet of an act."""
    if act not in PLANS:
        raise NoSuchPlan(f"There is a sheet for each of: {', '.join(PLANS)}.", path="/act")
    return PLANS[act]


def upload(
    *,
    actor: Actor,
    act: str,
    name: str,
    content: bytes,
    style: NumberStyle,
    utc_offset: str,
) -> SheetImport:
    """A sheet as it was read, waiting to be checked; refused where the file cannot be read or is no such sheet."""
    require_role(actor)
    offset = read_offset(utc_offset)
    if len(content) > MOST_BYTES:
        raise SheetTooLarge(f"Choose a file of at most {MOST_BYTES // 2**20} MB.")
    cells, rows = _read(act, content, style)
    now = clock.now()
    with transaction.atomic():
        if of(actor).exclude(state=State.SIGNED).count() >= MOST_UNSIGNED:
            raise TooMuch(f"Your organisation has {MOST_UNSIGNED} sheets that are not signed. Throw some of them away.")
        row = SheetImport.objects.create(
            id=sealing.new_id(now),
            organisation=actor.organisation,
            act=act,
            name=evidence.plain_name(name),
            sha256=hashlib.sha256(content).digest(),
            style=style.value,
            utc_offset=offset,
            rows=rows,
            made_by_id=actor.user_id or None,
            made_at=now,
        )
        SheetContent.objects.create(sheet=row, cells=packed(cells))
        _note_writer(row, actor)
    return row


def _read(act: str, content: bytes, style: NumberStyle) -> tuple[dict[str, Any], int]:
    """What is kept of a file, and how many rows or events it has."""
    if act == EPCIS:
        events = len(epcis_documents.read(content).events)
        return {"text": content.decode("utf-8-sig")}, events
    plan = plan_of(act)
    layout = lay_out(_grids(content, style), plan, sheet_words.headings_of(plan))
    if layout is None:
        raise UnknownSheet("No row of this file has the headings of this sheet. Begin with the template.")
    return _cells(layout.grid), sum(number > layout.row for number in layout.grid.rows)


def _grids(content: bytes, style: NumberStyle) -> list[Grid]:
    return read_workbook(content, style) if content.startswith(b"PK") else [read_delimited(content)]


def layout_of(row: SheetImport) -> Layout:
    """The cells of a sheet under their headings."""
    plan = plan_of(row.act)
    layout = lay_out([_grid(unpacked(row.content.cells))], plan, sheet_words.headings_of(plan))
    if layout is None:
        raise UnknownSheet("No row of this file has the headings of this sheet. Begin with the template.")
    return layout


def findings_of(row: SheetImport) -> list[CellMistake]:
    """What was found in a sheet, by row and column; first what keeps it from being signed."""
    found = [CellMistake(*one) for one in unpacked(row.content.findings)]
    return sorted(found, key=lambda one: (not one.blocks, one.row, one.column))


def acts_of(row: SheetImport) -> list[dict[str, Any]]:
    """The acts that a sheet becomes, or became, in the order of their rows: kind, rows, body, header and id of each."""
    return list(each_act_of(row))


def each_act_of(row: SheetImport) -> Iterator[dict[str, Any]]:
    """The same acts one after the other: 10,000 of them at once would take 60 MB."""
    text = zlib.decompress(bytes(row.content.acts)).decode() if row.content.acts else "[]"
    at = 1
    while at < len(text) - 1:
        act, at = _DECODER.raw_decode(text, at)
        at += 1  # the comma
        yield act


def remarks_of(row: SheetImport) -> Sequence[str]:
    """What the file as a whole has to say."""
    return [str(remark) for remark in unpacked(row.content.cells).get("remarks", ())]


def put_right(
    *, actor: Actor, sheet_id: UUID, cells: Mapping[tuple[int, int], str], drop: Sequence[int] = ()
) -> SheetImport:
    """The sheet with other texts in these cells, by row and column, and without these rows; it is checked again."""
    with transaction.atomic():
        row = _locked(actor, sheet_id)
        _require_quiet(row)
        content = row.content
        read = unpacked(content.cells)
        is_document = row.act == EPCIS
        kept = {"text": epcis_documents.without(read["text"], drop)} if is_document else _changed(read, cells, drop)
        content.cells = packed(kept)
        content.save(update_fields=["cells"])
        row.revision += 1
        row.asked_at, row.asked_by, row.reason = None, None, ""
        _note_writer(row, actor)
        return begin(row, State.WAITING)


def _changed(read: Mapping[str, Any], cells: Mapping[tuple[int, int], str], drop: Sequence[int]) -> dict[str, Any]:
    """The cells of a sheet with other texts in these, and without these rows."""
    grid = _grid(read)
    for (number, column), text in cells.items():
        kept = grid.rows.setdefault(number, {})
        kept.pop(column, None)
        grid.put(number, column, text[:LONGEST_CELL].strip())
    for number in drop:
        grid.rows.pop(number, None)
    gone = {(number, column) for (number, column), text in cells.items() if text.strip()}
    grid.notes = [one for one in grid.notes if (one.row, one.column) not in gone and one.row not in drop]
    grid.rows = {number: one for number, one in grid.rows.items() if one}
    return _cells(grid)


def check_again(*, actor: Actor, sheet_id: UUID) -> SheetImport:
    """The sheet, waiting to be checked against the record as it is now."""
    with transaction.atomic():
        row = _locked(actor, sheet_id)
        _require_quiet(row)
        return begin(row, State.WAITING)


def sign(*, actor: Actor, sheet_id: UUID, revision: int) -> SheetImport:
    """The sheet, waiting to be signed as the actor read it; signing it a second time changes nothing."""
    with transaction.atomic():
        row = _locked(actor, sheet_id)
        if row.state in (State.SIGNING, State.SIGNED):
            return row
        if row.revision != revision:
            raise NotAsRead("It was changed since you opened this page. Read it as it is now.")
        if not row.can_be_signed:
            raise NotRight("Put right what is wrong first. Nothing was signed.")
        _require_signer(actor, row)
        row.signed_by_id, row.signed_role, row.signed_by_program = actor.user_id or None, actor.role, actor.program
        return begin(row, State.SIGNING)


def begin(row: SheetImport, state: SheetImport.State) -> SheetImport:
    """The sheet in this state, its work not begun yet."""
    row.state, row.tries, row.seen_at, row.error = state, 0, None, ""
    row.save()
    return row


def discard(*, actor: Actor, sheet_id: UUID) -> None:
    """Throws a sheet away that was not signed."""
    with transaction.atomic():
        row = _locked(actor, sheet_id)
        if row.state in (State.SIGNING, State.SIGNED):
            raise NotNow("This sheet is signed, or about to be. It stays.")
        row.delete()


# --- the signature of a colleague -------------------------------------------------------------------------------------


def may_sign(actor: Actor, row: SheetImport) -> bool:
    """Whether the actor may sign the sheet: where approval is wanted, an approver who changed nothing in it."""
    if actor.why_not_sign:
        return False
    if not actor.organisation.approval_wanted or actor.program:
        return True
    return row.asked_at is not None and not row.writers.filter(pk=actor.user_id).exists()


def ask(*, actor: Actor, sheet_id: UUID) -> SheetImport:
    """The sheet put before those who may sign it; asking again changes nothing."""
    with transaction.atomic():
        row = _locked(actor, sheet_id)
        if row.asked_at is not None:
            return row
        if not row.can_be_signed:
            raise NotRight("Put right what is wrong first. Nothing was signed.")
        people = Membership.objects.filter(organisation=row.organisation, role__in=APPROVERS, user__is_active=True)
        approvers = frozenset(people.exclude(user__in=row.writers.values("pk")).values_list("user_id", flat=True))
        if not approvers:
            raise NobodyToApprove(
                "Nobody here may sign this: it takes an approver or administrator who typed none of it. Ask an "
                "administrator to give a colleague that role."
            )
        row.asked_by_id, row.asked_at, row.reason = actor.user_id or None, clock.now(), ""
        row.save(update_fields=["asked_by", "asked_at", "reason"])
        _tell(row, Notice.Kind.APPROVAL_WANTED, approvers)
        return row


def take_back(*, actor: Actor, sheet_id: UUID) -> SheetImport:
    """The sheet, which waits for nobody any more."""
    with transaction.atomic():
        row = _locked(actor, sheet_id)
        row.asked_at = row.asked_by = None
        row.save(update_fields=["asked_by", "asked_at"])
        return row


def send_back(*, actor: Actor, sheet_id: UUID, reason: str) -> SheetImport:
    """The sheet with the reason why a colleague did not sign it."""
    words = reason_of(reason)
    with transaction.atomic():
        row = _locked(actor, sheet_id)
        if row.asked_at is None or not may_sign(actor, row):
            raise NotAsRead("It does not wait for approval any more: it was changed, taken back or sent back.")
        _tell(row, Notice.Kind.APPROVAL_SENT_BACK, frozenset({row.asked_by_id} if row.asked_by_id else ()))
        row.asked_at, row.asked_by, row.reason = None, None, words
        row.save(update_fields=["asked_by", "asked_at", "reason"])
        return row


def _require_signer(actor: Actor, row: SheetImport) -> None:
    if not may_sign(actor, row):
        raise ApprovalWanted(actor.why_not_sign or APPROVER_SIGNS)


def _tell(row: SheetImport, kind: Notice.Kind, people: frozenset[int]) -> None:
    news = News(row.organisation_id, kind, Notice.About.SHEET, row.pk, watchers=people)
    notices.tell(news, cause=f"sheet.{row.revision}.{row.asked_at:%y%j%H%M%S}")


def _note_writer(row: SheetImport, actor: Actor) -> None:
    if actor.user_id:
        row.writers.add(actor.user_id)


def _locked(actor: Actor, sheet_id: UUID) -> SheetImport:
    require_role(actor)
    row = SheetImport.objects.select_for_update().filter(pk=sheet_id, organisation=actor.organisation).first()
    if row is None:
        raise NotFound("There is no such sheet, or it is not yours to see.")
    return row


def _require_quiet(row: SheetImport) -> None:
    if row.state in (State.SIGNING, State.SIGNED):
        raise NotNow("This sheet is signed, or about to be. It stays.")


def purge() -> None:
    """Forgets sheets that nobody signed for long."""
    SheetImport.objects.filter(made_at__lte=timezone.now() - KEPT).exclude(state=State.SIGNED).delete()


# --- what is kept of a file -------------------------------------------------------------------------------------------


def new_urn(row: SheetImport, what: str, number: int) -> str:
    """The urn of what a row of the sheet makes: the same at each reading, unknown before the sheet was uploaded."""
    return urn_of(row.pk, what, number)


def packed(value: object) -> bytes:
    """JSON, compressed: the cells of 10,000 rows take some 300 kB."""
    return zlib.compress(written(value).encode(), 1)


def packed_list(written_ones: Iterable[str]) -> bytes:
    """A list whose members are JSON already, as `packed` packs it."""
    return zlib.compress(f"[{','.join(written_ones)}]".encode(), 1)


def written(value: object) -> str:
    """JSON without spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def unpacked(value: bytes | memoryview) -> Any:
    """What `packed` packed; an empty list of nothing."""
    return json.loads(zlib.decompress(bytes(value))) if len(value) else []


def _cells(grid: Grid) -> dict[str, Any]:
    return {
        "name": grid.name,
        "rows": grid.rows,
        "notes": [asdict(one) for one in grid.notes],
        "remarks": grid.remarks,
    }


def _grid(read: Mapping[str, Any]) -> Grid:
    rows = {
        int(number): {int(column): text for column, text in cells.items()} for number, cells in read["rows"].items()
    }
    return Grid(read["name"], rows, [CellNote(**one) for one in read["notes"]], list(read["remarks"]))
