"""An EPCIS document that somebody uploads: read event by event before anything is kept, then kept and signed as one.

What says enough of a lot becomes a statement, all else is kept as an event; what is wrong with an event, or refused by
the door, is told at its place, and nothing is kept as long as it stands there.
"""

import zlib
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any, Final

from django.utils import timezone

from traceability.intake.sheets.mistakes import CellMistake
from traceability.ledger import moments
from traceability.ledger.errors import RecordError
from traceability.models import EpcisCapture, SheetImport
from traceability.selectors.access import Actor
from traceability.services import acceptance, epcis_acts, epcis_capture, epcis_documents, epcis_lots, sheets
from traceability.services.epcis_acts import EventReader, NotALotEvent
from traceability.services.submissions import Act, Receipt

KEPT: Final = NotALotEvent.code
"""The code of what is found of an event that stays one."""
CHUNK: Final = 250


class Check:
    """The findings and the acts of one document; rows are the events, counted from 1."""

    def __init__(self, row: SheetImport, actor: Actor) -> None:
        self.row, self.actor = row, actor
        self.document = document_of(row)
        self.rows = len(self.document.events)
        self.found: list[CellMistake] = []
        self.acts: list[str] = []  # as they are kept
        self.refused: set[str] = set()

    def run(self, tell: Callable[[int], None]) -> None:
        """Reads and rehearses the events in their order; `tell` hears how many are done."""
        self.found += [self._fault(fault.path, fault.sentence) for fault in epcis_documents.faults_of(self.document)]
        right = set(range(self.rows)) - {one.row - 1 for one in self.found}
        news = epcis_capture.news_of(self.actor.organisation.pk, self.document, right)
        numbers = count(1)
        reader = EventReader(self.actor, lambda: sheets.new_urn(self.row, "lot", next(numbers)))
        carried: acceptance.Carried = {}
        waiting: list[tuple[int, Act, list[list[str]]]] = []
        for at in sorted(right):
            if at not in news.fresh:
                self._keep(at, news.known[at], blocks=at in news.taken)
                continue
            try:
                act = reader.act_of(self.document.events[at])
                waiting.append((at, act, reader.names_of(act)))
            except NotALotEvent as error:
                self._keep(at, error.sentence)
            except RecordError as error:
                self.found.append(self._mistake(at, error))
            if len(waiting) == CHUNK:
                self._rehearse(waiting, carried)
                tell(at)
        self._rehearse(waiting, carried)

    def _rehearse(self, waiting: list[tuple[int, Act, list[list[str]]]], carried: acceptance.Carried) -> None:
        """What the door would say of these acts, after those before them."""
        decisions = acceptance.rehearse_all(actor=self.actor, acts=[act for _, act, _ in waiting], carried=carried)
        for (at, act, names), decision in zip(waiting, decisions, strict=True):
            if isinstance(decision, RecordError):
                if not _lots(act.body, "inputs") & self.refused:  # else it rests on what is told already
                    self.found.append(self._mistake(at, decision))
                self.refused |= _lots(act.body, "outputs")
                continue
            self.acts.append(sheets.written(_said(self.row, at + 1, act) | {"names": names}))
            self.found += [
                CellMistake(at + 1, 0, self._place(at), one.code, one.sentence, blocks=False)
                for one in decision.findings
            ]
        waiting.clear()

    def _keep(self, at: int, sentence: str, *, blocks: bool = False) -> None:
        code = "epcis_event_exists" if blocks else KEPT
        self.found.append(CellMistake(at + 1, 0, self._place(at), code, sentence, blocks=blocks))

    def _mistake(self, at: int, error: RecordError) -> CellMistake:
        return CellMistake(at + 1, 0, self._place(at), error.code, error.sentence)

    def _fault(self, path: str, sentence: str) -> CellMistake:
        at = path.removeprefix(f"{self.document.place}/").partition("/")[0]
        return CellMistake(int(at) + 1, 0, path, "epcis_invalid", sentence)

    def _place(self, at: int) -> str:
        return f"{self.document.place}/{at}"


def document_of(row: SheetImport) -> epcis_documents.Document:
    """The document that was uploaded, without the events that were left out."""
    return epcis_documents.read(_text(row).encode())


def keep(actor: Actor, row: SheetImport) -> EpcisCapture:
    """The capture that keeps the events, in the transaction of who signs; refused where one of them is taken now."""
    document = document_of(row)
    capture = EpcisCapture.objects.create(
        organisation=actor.organisation, user_id=actor.user_id or None, created_at=timezone.now(),
        events=len(document.events), context=document.context, content=zlib.compress(_text(row).encode(), 1),
    )  # fmt: skip
    return epcis_capture.keep_now(capture)


def note(capture: EpcisCapture, row: SheetImport, signed: Sequence[tuple[Mapping[str, Any], Receipt]]) -> None:
    """Notes in a capture what became of its events, and how lots are called from now on."""
    place = document_of(row).place
    digests = {said["rows"][0]: receipt.digest for said, receipt in signed}
    notes = {number: f"statement {digest}" for number, digest in digests.items()}
    notes |= {one.row: f"kept: {one.sentence}"[:300] for one in sheets.findings_of(row) if one.code == KEPT}
    capture.lots = epcis_lots.SIGN
    capture.notes = [{"pointer": f"{place}/{number - 1}", "became": notes[number]} for number in sorted(notes)]
    capture.save(update_fields=["lots", "notes"])
    epcis_acts.remember(capture.organisation, [name for said, _ in signed for name in said.get("names", ())])


def _lots(body: Mapping[str, Any], name: str) -> set[str]:
    """The lots that go into a step or come out of it; the one that any other act is about."""
    return {str(one["lot"]) for one in body.get(name, [body]) if "lot" in one}


def _text(row: SheetImport) -> str:
    return str(sheets.unpacked(row.content.cells)["text"])


def _said(row: SheetImport, number: int, act: Act) -> dict[str, Any]:
    """An act as it is kept until it is signed."""
    first, last = map(moments.format_moment, act.occurred)
    header = {"occurred_from": first, "occurred_to": last, "utc_offset": act.utc_offset}
    process = [{"step": one.step, "country": one.country} for one in act.process]
    return {"kind": act.kind, "rows": [number], "body": act.body, "header": header | {"process": process},
            "id": sheets.new_urn(row, "act", number)}  # fmt: skip
