"""From what a person typed to the opened body of a statement: one rule set for form, sheet and API.

A draft is stored as it was typed; reading it is pure and gives the same answer wherever it is asked.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from traceability.intake import claims, lots
from traceability.intake.fields import Fields
from traceability.intake.moments import read_moment, read_offset
from traceability.intake.notes import Missing, Mistake, Notes, OutOfBounds
from traceability.intake.numbers import NumberStyle
from traceability.ledger.errors import RecordError
from traceability.ledger.kinds import kind_of
from traceability.ledger.moments import format_moment
from traceability.ledger.shapes import NOTHING_DISCLOSED


class NoForm(RecordError):
    """No draft of this kind can be typed."""

    code = "no_form"


@dataclass(frozen=True, slots=True)
class Reading:
    """A draft as it was understood. `body` is there when nothing is wrong; `partial` holds what could be read."""

    body: Mapping[str, object] | None
    errors: tuple[Mistake, ...]
    understood: Mapping[str, str]
    """What was understood of numbers, countries and moments, by JSON pointer into the draft."""
    partial: Mapping[str, object]


def facility(typed: Fields) -> lots.Body:
    """The body of `facility.register`."""
    return lots.present(
        {
            "facility": typed.urn("facility"),
            "country": typed.country("country"),
            "region": typed.text("region", longest=80, required=False),
            "name": typed.text("name", longest=200),
            "address": typed.text("address", required=False),
            "latitude_deg": typed.amount("latitude_deg", lots.PLAIN, least="-90", most="90", required=False),
            "longitude_deg": typed.amount("longitude_deg", lots.PLAIN, least="-180", most="180", required=False),
            "processes": typed.texts("processes"),
        }
    )


def certificate(typed: Fields) -> lots.Body:
    """The body of `facility.certificate`."""
    return lots.present(
        {
            "facility": typed.urn("facility"),
            "standard": typed.text("standard", longest=120),
            "certifier": typed.text("certifier", longest=200),
            "number": typed.text("number", longest=80, required=False),
            "scope": typed.text("scope", required=False),
            "valid_from": typed.day("valid_from"),
            "valid_until": typed.day("valid_until"),
            "renews": typed.text("renews", longest=71, required=False),
        }
    )


BODIES: Final[Mapping[str, Callable[[Fields], lots.Body]]] = {
    "facility.register": facility,
    "facility.certificate": certificate,
    "lot.source": lots.source,
    "lot.import": lots.imported,
    "lot.transform": lots.transform,
    "lot.assay": lots.later_assay,
    "lot.dispatch": lots.dispatch,
    "lot.dispatch_cancel": lots.with_reason,
    "lot.receive": lots.receive,
    "lot.reject": lots.reject,
    "lot.settle": lots.settle,
    "lot.adjust": lots.adjust,
    "lot.dispose": lots.dispose,
    "lot.hold": lots.with_reason,
    "lot.release": lots.release,
    "lot.recall": lots.with_reason,
    "account.open": claims.opened,
    "account.credit": claims.credit,
    "account.claim": claims.claim,
    "account.expire": claims.given_up,
}

NO_PROCESS: Final = Mistake("/process/0/step", Missing.code, "Name at least one step, for example strip casting.")
"""A transform without process would be read as a split or merge."""
MOST_DOCUMENTS: Final = 20
"""So many documents a statement takes from a form or a sheet."""
CLOCKS_DIFFER: Final = timedelta(minutes=10)
"""So far the clock of whoever types may be ahead of ours."""
EXTENSION: Final = "ext"
"""Fields of somebody else's namespace: passed on as they are, never evaluated (record-format.md section 2)."""


def read_draft(kind: str, raw: Mapping[str, object], style: NumberStyle) -> Reading:
    """The opened body of a draft, or everything that is wrong with it; NoForm for a kind that nobody types."""
    build = BODIES.get(kind)
    if build is None:
        raise NoForm(f"A statement of kind {kind[:80]} is not made from a draft.")
    said = kind_of(kind)

    def build_with_extension(typed: Fields) -> lots.Body:
        typed.read.add(EXTENSION)
        return build(typed) | lots.present({EXTENSION: raw.get(EXTENSION)})

    return _read(build_with_extension, raw, style, check=lambda body: said.check(body, "", NOTHING_DISCLOSED))


def read_occurrence(raw: Mapping[str, object], style: NumberStyle, *, now: datetime) -> Reading:
    """The header fields that people type: when it happened, on which clock, and the steps of the process.

    Both moments are local times under `utc_offset`; a blank end is the beginning, and neither is after `now`.
    """
    latest = format_moment(now + CLOCKS_DIFFER)
    return _read(_occurrence, raw, style, check=lambda header: _check_order(header, latest))


def _read(
    build: Callable[[Fields], lots.Body],
    raw: Mapping[str, object],
    style: NumberStyle,
    *,
    check: Callable[[lots.Body], None],
) -> Reading:
    notes = Notes(style)
    typed = Fields(raw, notes)
    body = build(typed)
    notes.note_unknown_fields()
    typed.check(lambda: check(body))
    return Reading(None if notes.mistakes else body, tuple(notes.mistakes), notes.understood, body)


def _occurrence(typed: Fields) -> lots.Body:
    utc_offset = typed.value("utc_offset", read_offset, "Choose the offset of the local time from UTC, as +02:00.")
    begins, ends = (_moment(typed, name, utc_offset) for name in ("occurred_from", "occurred_to"))
    return lots.present(
        {
            "occurred_from": begins,
            "occurred_to": ends or begins,
            "utc_offset": utc_offset,
            "process": [
                lots.present({"step": row.text("step", longest=120), "country": row.country("country")})
                for row in typed.rows("process")
            ],
        }
    )


def _moment(typed: Fields, name: str, utc_offset: str | None) -> str | None:
    missing = "Enter when it began, for example 2026-11-16 06:10." if name == "occurred_from" else ""
    moment = typed.value(name, lambda text: read_moment(text, utc_offset or "+00:00"), missing)
    if moment is not None and utc_offset is not None:
        typed.heard(name, moment.replace("T", " ").replace("Z", " UTC"))
    return moment


def _check_order(header: lots.Body, latest: str) -> None:
    for name in ("occurred_from", "occurred_to"):
        if str(header[name]) > latest:
            raise OutOfBounds("This is still to come by our clock. Enter when it happened.", path=f"/{name}")
    if str(header["occurred_to"]) < str(header["occurred_from"]):
        raise OutOfBounds("Enter an end that is not before the beginning.", path="/occurred_to")
