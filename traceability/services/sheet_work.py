"""Checks and signs the sheets that wait: small ones in the request that brought them, large ones in the background.

Checking asks the door what it would decide on each act, in short transactions, and keeps the acts as they were read.
Signing is one transaction: a crash leaves nothing behind, and the next run signs all rows, or none.
"""

import functools
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any, Final
from uuid import UUID

from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from traceability.beside import Beside, beside
from traceability.intake.notes import Mistake
from traceability.intake.numbers import NumberStyle
from traceability.intake.sheets.columns import Asks
from traceability.intake.sheets.mistakes import CellMistake
from traceability.intake.sheets.reading import SheetAct, SheetReader, parts_of, urn_of
from traceability.ledger import composing, moments
from traceability.ledger.custody import LotUnknown
from traceability.ledger.errors import RecordError
from traceability.ledger.statement import ProcessStep
from traceability.models import Membership, SheetImport
from traceability.models.sheets import AT_WORK
from traceability.selectors.access import Actor
from traceability.services import acceptance, epcis_sheets, factor_fit, leases, sheets
from traceability.services.draft_reading import NOT_SEEN, lots_unseen, place_of
from traceability.services.sealing import Ahead
from traceability.services.sheet_book import book_of
from traceability.services.submissions import Act, Receipt

AT_ONCE: Final = 200
"""A sheet of so many rows is checked and signed while one waits."""
CHUNK: Final = 250
MOST_FINDINGS: Final = 20_000
AGAIN: Final = "It could not be finished. Try again; if that fails too, ask the operator."
_PROGRESS_KEPT: Final = timedelta(hours=1)
State = SheetImport.State
log = logging.getLogger("lodestone.sheets")


def work() -> int:
    """The number of sheets that were checked or signed now."""
    done = 0
    while (row := _take()) is not None:
        run(row)
        done += 1
    return done


def release() -> None:
    """Lets work be begun again at once whose worker ended with the only process there was."""
    SheetImport.objects.filter(state__in=AT_WORK).update(seen_at=None)


def run_small(row: SheetImport) -> SheetImport:
    """The sheet, its work done where it is small; else it waits for the background."""
    if row.is_at_work and row.rows <= AT_ONCE:
        if (mine := _take(row.pk)) is not None:
            run(mine)
        row.refresh_from_db()
    return row


def run(row: SheetImport) -> None:
    """Does what a sheet waits for; after a few failures it has failed."""
    mine = SheetImport.objects.filter(pk=row.pk, state=row.state, revision=row.revision, tries=row.tries)
    if row.tries > leases.MOST_TRIES:
        mine.update(state=State.FAILED, error=AGAIN)
        return
    try:
        if row.state == State.SIGNING:
            _sign(row.pk)
        else:
            _check(row)
    except Exception:
        log.exception("A sheet was not finished.", extra={"fields": {"sheet": str(row.pk)}})
        mine.update(seen_at=None)
        raise
    finally:
        cache.delete(_key(row.pk))


def _take(only: UUID | None = None) -> SheetImport | None:
    """The sheet that waited longest, or this one, now this worker's.

    Signing holds the row itself, so a lease that runs out meanwhile lets nobody in.
    """
    return leases.take(SheetImport.objects.filter(state__in=AT_WORK), "made_at", "pk", only=only)


def progress_of(row: SheetImport) -> tuple[int, int] | None:
    """How many of how many acts are done; None where that is not known."""
    found = cache.get(_key(row.pk))
    return (found[0], found[1]) if found else None


def _tell(sheet: UUID, done: int, total: int) -> None:
    cache.set(_key(sheet), [done, total], _PROGRESS_KEPT.total_seconds())


def _key(sheet: UUID) -> str:
    return f"sheet-progress:{sheet}"


# --- checking ---------------------------------------------------------------------------------------------------------


def _check(row: SheetImport) -> None:
    """Keeps what was found in a sheet, and the acts that it becomes, unless it was changed meanwhile."""
    actor = _actor(row)
    if row.act == sheets.EPCIS:
        checked: _Check | epcis_sheets.Check = epcis_sheets.Check(row, actor)
    else:
        checked = _Check(row, actor)
    checked.run(functools.partial(_heard, row, checked.rows))
    with transaction.atomic():
        mine = SheetImport.objects.select_for_update().filter(pk=row.pk, state=State.WAITING, revision=row.revision)
        if not mine.exists():
            return
        blocking = sum(one.blocks for one in checked.found)
        row.content.findings = sheets.packed([one.to_json() for one in checked.found[:MOST_FINDINGS]])
        row.content.acts = sheets.packed_list(checked.acts)
        row.content.save(update_fields=["findings", "acts"])
        mine.update(
            state=State.CHECKED, rows=checked.rows, acts=len(checked.acts), mistakes=blocking,
            doubts=len(checked.found) - blocking,
        )  # fmt: skip


def _heard(row: SheetImport, total: int, done: int) -> None:
    """Says how far a check is, and that its worker is there."""
    _tell(row.pk, done, total)
    SheetImport.objects.filter(pk=row.pk, tries=row.tries).update(seen_at=timezone.now())


class _Check:
    """The findings and the acts of one sheet."""

    def __init__(self, row: SheetImport, actor: Actor) -> None:
        self.row, self.actor = row, actor
        plan = sheets.plan_of(row.act)
        layout = sheets.layout_of(row)
        today = timezone.now().date()
        book = book_of(actor, plan, NumberStyle(row.style), row.utc_offset, today)
        self.reader = SheetReader(layout, plan, book, functools.partial(urn_of, row.pk, "lot"))
        self.rows = len(self.reader.rows)
        self.found: list[CellMistake] = list(layout.mistakes)
        self.acts: list[str] = []  # as they are kept
        self.refused: set[str] = set()
        self.carried: acceptance.Carried = {}
        self.names_lots = any(one.asks is Asks.LOT for one in plan.columns)
        self.compartments = functools.cache(lambda: factor_fit.compartments(actor.organisation.pk))

    def run(self, tell: Callable[[int], None]) -> None:
        """Reads and rehearses all acts, a chunk at a time; `tell` hears how many rows are done."""
        if not self.rows:
            self.found.append(CellMistake(self.reader.layout.row, 0, "", "empty_sheet",
                                          "There is no row below the headings. Fill in at least one."))  # fmt: skip
        if any(one.code == "column_missing" and one.blocks for one in self.found):
            return
        reader, done = self.reader, 0
        told = (reader.layout, reader.plan, reader.book, self.row.pk)
        with beside(parts_of, *told, worth_it=self.rows > AT_ONCE) as acts:
            acts.ask(CHUNK)
            while chunk := acts.answer():
                acts.ask(CHUNK)
                self._read(chunk)
                done += sum(len(one.rows) for one in chunk)
                tell(done)

    def _read(self, chunk: Sequence[SheetAct]) -> None:
        ready: list[tuple[SheetAct, dict[str, Any], Act]] = []
        for act in chunk:
            unfit = self._unfit(act)
            self.found.extend((*act.mistakes, *unfit))
            if not act.complete or unfit:
                self.refused |= _made(act.partial)
            else:
                said = _said(self.row, self.reader.plan.kind, act)
                ready.append((act, said, act_of(self.row, said)))
        waiting = [one for one in ready if not self._rests_on_refused(one[0])]
        carried = self.carried if self.names_lots else {}  # else no row rests on another
        decisions = acceptance.rehearse_all(actor=self.actor, acts=[act for _, _, act in waiting], carried=carried)
        for (act, said, _), decision in zip(waiting, decisions, strict=True):
            if isinstance(decision, RecordError):
                if not (_named(act.body or {}) & self.refused):
                    self.found.append(_refusal(act, self._unseen(said) or decision, self.reader))
                self.refused |= _made(act.body or {})
                continue
            self.acts.append(sheets.written(said))
            for finding in decision.findings:
                place = _cell(act, finding.path.removeprefix("/body"))
                self.found.append(CellMistake(*place, "", finding.code, finding.sentence, blocks=False))

    def _unseen(self, said: Mapping[str, Any]) -> LotUnknown | None:
        """What is said where an act names lots of others, whatever the door said: for who asks there are none."""
        body, made = said["body"], said["kind"] == "lot.source"
        named = _named(body) | ({body["lot"]} if "lot" in body and not made else set())
        unseen = lots_unseen(named - self.carried.keys(), self.actor.organisation)
        return LotUnknown(NOT_SEEN, path="/chains", lot=min(unseen)) if unseen else None

    def _unfit(self, act: SheetAct) -> list[CellMistake]:
        """Flows whose factors are for another compartment."""
        found = factor_fit.compartment_mistakes(act.body or {}, self.compartments)
        return [_at_cell(act, one, self.reader) for one in found]

    def _rests_on_refused(self, act: SheetAct) -> bool:
        """Whether an act draws on what is not there as long as something above it is wrong: nothing is said of it."""
        if not _named(act.body or {}) & self.refused:
            return False
        self.refused |= _made(act.body or {})
        return True


def _made(body: Mapping[str, Any]) -> set[str]:
    return {str(one.get("lot")) for one in body.get("outputs", ()) if isinstance(one, Mapping)}


def _named(body: Mapping[str, Any]) -> set[str]:
    return {str(one.get("lot")) for one in body.get("inputs", ()) if isinstance(one, Mapping)}


def _refusal(act: SheetAct, error: RecordError, reader: SheetReader) -> CellMistake:
    """What the door said, at the cell that it is about."""
    return _at_cell(act, Mistake(place_of(error, act.fields, act.body or {}), error.code, error.sentence), reader)


def _at_cell(act: SheetAct, mistake: Mistake, reader: SheetReader) -> CellMistake:
    row, column = _cell(act, mistake.path)
    return CellMistake(row, column, reader.layout.grid.row(row).get(column, ""), mistake.code, mistake.sentence)


def _cell(act: SheetAct, path: str) -> tuple[int, int]:
    """The cell of a place of the draft, or of the nearest one around it; else the first row of the act."""
    if path == "/occurred_to" and path not in act.places:
        path = "/occurred_from"
    while path and path not in act.places:
        path = path.rpartition("/")[0]
    return act.places.get(path, (act.rows[0], 0))


def _said(row: SheetImport, kind: str, act: SheetAct) -> dict[str, Any]:
    """An act as it is kept until it is signed."""
    return {"kind": kind, "rows": act.rows, "body": act.body, "header": act.header,
            "documents": act.documents, "id": sheets.new_urn(row, "act", act.rows[0])}  # fmt: skip


def act_of(row: SheetImport, said: Mapping[str, Any]) -> Act:
    """The act that is kept, as the door takes it."""
    header = said["header"]
    occurred = moments.parse_moment(header["occurred_from"]), moments.parse_moment(header["occurred_to"])
    return Act(
        kind=said["kind"],
        issuer=row.organisation_id,
        body=said["body"],
        occurred=occurred,
        utc_offset=header["utc_offset"],
        process=tuple(ProcessStep(one["step"], one["country"]) for one in header.get("process", ())),
        evidence=tuple(said.get("documents", ())),
        id=UUID(said["id"]),
    )


# --- signing ----------------------------------------------------------------------------------------------------------


def _sign(sheet: UUID) -> None:
    """Signs and records all acts of a sheet in one transaction; a refusal lets it be checked again."""
    try:
        with transaction.atomic():
            skip_locked = connection.features.has_select_for_update_skip_locked
            rows = SheetImport.objects.select_for_update(skip_locked=skip_locked, of=("self",))
            row = rows.select_related("organisation").filter(pk=sheet, state=State.SIGNING).first()
            if row is None:
                return
            actor = Actor(row.signed_by_id or 0, row.organisation, row.signed_role, program=row.signed_by_program)
            for done in _accepted(actor, row):
                _tell(sheet, done, row.acts)
            row.state, row.signed_at = State.SIGNED, timezone.now()
            row.save(update_fields=["state", "signed_at"])
    except RecordError as error:
        SheetImport.objects.filter(pk=sheet, state=State.SIGNING).update(
            state=State.WAITING, tries=0, seen_at=None, error=error.sentence[:500]
        )


def _accepted(actor: Actor, row: SheetImport) -> Iterator[int]:
    """Accepts the acts chunk by chunk, inside the transaction of all of them; says how many are done."""
    capture = epcis_sheets.keep(actor, row) if row.act == sheets.EPCIS else None
    signed: list[tuple[Mapping[str, Any], Receipt]] = []
    kept = sheets.each_act_of(row)
    done = 0
    with beside(composing.composer, worth_it=row.acts > AT_ONCE) as helper:
        following = _Chunk(row, kept, helper)
        while (chunk := following).acts:
            ahead = chunk.ahead()
            following = _Chunk(row, kept, helper)
            receipts = acceptance.accept(actor=actor, submissions=chunk.acts, ahead=ahead)
            if capture is not None:
                signed += zip(chunk.said, receipts, strict=True)
            done += len(chunk.acts)
            yield done
    if capture is not None:
        epcis_sheets.note(capture, row, signed)


class _Chunk:
    """The next acts of a sheet; their statements are composed while those before them are accepted."""

    def __init__(self, row: SheetImport, kept: Iterator[Mapping[str, Any]], helper: Beside[Any, Any]) -> None:
        self.said = list(islice(kept, CHUNK))
        self.acts = [act_of(row, said) for said in self.said]
        self._told = acceptance.foresee(self.acts) if row.acts > AT_ONCE else []
        self._helper = helper
        if self._told:
            helper.ask(self._told)

    def ahead(self) -> dict[int, Ahead]:
        """What was composed, by the number of its act."""
        found = zip(self._told, self._helper.answer() if self._told else (), strict=True)
        return {
            number: (told, composed)
            for number, (told, composed) in enumerate(found)
            if told is not None and composed is not None
        }


def _actor(row: SheetImport) -> Actor:
    """Who uploaded a sheet, as a reader of his organisation's own rows."""
    return Actor(row.made_by_id or 0, row.organisation, Membership.Role.SUBMITTER)
