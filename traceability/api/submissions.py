"""From the JSON of a submission to what the door takes: an envelope signed elsewhere, or an act for the platform.

One function reads a submission, alone or as a line of a batch, and one shape names what it may hold. What the shapes
of the kinds let pass is decided by the door (services/acceptance.py), for a single statement as for a batch.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from traceability.acceptance.errors import MissingReference
from traceability.api.requests import parse_object
from traceability.ledger import identifiers, moments
from traceability.ledger.closed import MAX_DISCLOSURE_BYTES
from traceability.ledger.envelope import parse_envelope
from traceability.ledger.errors import RecordError
from traceability.ledger.kinds import Kind, kind_of
from traceability.ledger.kinds.organisations import EVIDENCE, PROCESS
from traceability.ledger.shapes import (
    NOTHING_DISCLOSED,
    Later,
    ListOf,
    Moment,
    NewUrn,
    Object,
    Text,
    UtcOffset,
    optional,
)
from traceability.ledger.statement import ProcessStep, parse_statement
from traceability.models import Statement
from traceability.selectors.access import Actor
from traceability.services import clock
from traceability.services.acceptance import CLOCKS_DIFFER
from traceability.services.errors import Refusal
from traceability.services.sealing import may_be_opened
from traceability.services.submissions import Act, Body, SignedSubmission, Submission

MAX_LINES: Final = 1000
MAX_BATCH_BYTES: Final = 16 * 1024 * 1024

SIGNED: Final = Object(
    {"envelope": Later(), "disclosures": optional(ListOf(Text(MAX_DISCLOSURE_BYTES), most=5000, distinct=True))}
)
ACT: Final = Object(
    {
        "id": optional(NewUrn()),
        "kind": Text(60),
        "body": Later(),
        "occurred_from": Moment(),
        "occurred_to": optional(Moment()),
        "utc_offset": optional(UtcOffset()),
        "process": optional(PROCESS),
        "evidence": optional(EVIDENCE),
        "open": optional(ListOf(Text(200), distinct=True)),
    }
)
NOT_BY_PLATFORM: Final = frozenset({"organisation.register", "key.add", "key.rotate", "key.revoke", "log.heads"})
"""Kinds that the platform does not sign for a program: keys are an administrator's matter, log.heads the log's own."""


class NotByPlatform(Refusal):
    """A kind that the platform does not sign for a program."""

    code = "not_by_platform"


class NothingToOpen(Refusal):
    """A place to open where nothing confidential stands."""

    code = "nothing_to_open"


class StillToCome(Refusal):
    """A moment beyond our clock: the platform signs for nobody that it has happened."""

    code = "still_to_come"


class TooManyLines(Refusal):
    """More lines than a batch takes."""

    code = "too_many_lines"


class EmptyBatch(Refusal):
    """A batch without a line."""

    code = "empty_batch"


def read_submission(written: bytes, actor: Actor) -> Submission:
    """The submission in the JSON of a request or of one line."""
    found = parse_object(written)
    if "envelope" in found:
        SIGNED.check(found, "", NOTHING_DISCLOSED)
        return SignedSubmission(_canonical(found["envelope"]), tuple(found.get("disclosures", ())))
    ACT.check(found, "", NOTHING_DISCLOSED)
    return act_of(found, actor)


def read_batch(written: bytes, actor: Actor) -> tuple[list[Submission], list[int]]:
    """The submissions of NDJSON and the number of the line of each, from 1; empty lines are passed over."""
    lines = [(number, line) for number, line in enumerate(written.split(b"\n"), 1) if line.strip()]
    if not lines:
        raise EmptyBatch("Send at least one line.")
    if len(lines) > MAX_LINES:
        raise TooManyLines(f"Send at most {MAX_LINES} lines at once, not {len(lines)}. Nothing was saved.")
    found: list[Submission] = []
    for number, line in lines:
        try:
            found.append(read_submission(line, actor))
        except RecordError as error:
            error.fields["line"] = number
            raise
    return found, [number for number, _ in lines]


def named_lots(submission: Submission) -> set[str]:
    """The subjects that a submission draws on or speaks of, where it speaks of lots and names them as it must."""
    return {one for one, roles in _lots(submission) if "output" not in roles and identifiers.is_urn(one)}


def made_lots(submission: Submission) -> set[str]:
    """The lots that a submission makes."""
    return {subject for subject, roles in _lots(submission) if "output" in roles}


def _lots(submission: Submission) -> Iterable[tuple[str, tuple[str, ...]]]:
    kind, body = _kind_and_body(submission)
    if kind is None or kind.subjects is None or not kind.name.startswith("lot."):
        return ()
    return kind.subjects(body).items()


def _kind_and_body(submission: Submission) -> tuple[Kind | None, Body]:
    if isinstance(submission, Act):
        return kind_of(submission.kind), submission.body
    try:
        found = parse_statement(parse_envelope(submission.envelope).payload)
    except RecordError:
        return None, {}
    return kind_of(found.kind), found.body


def _canonical(envelope: Mapping[str, Any]) -> bytes:
    """An envelope that travelled inside other JSON, in the one form in which it is stored."""
    return json.dumps(envelope, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "replace")


def act_of(found: Mapping[str, Any], actor: Actor) -> Act:
    """The act in an object that has its shape."""
    kind = kind_of(found["kind"])
    if kind.name in NOT_BY_PLATFORM:
        raise NotByPlatform(f"The platform does not sign {kind.name} for a program.", path="/kind")
    body = found["body"]
    corrected = _check_corrected(kind, body, actor)
    for number, place in enumerate(found.get("open", ())):
        if not may_be_opened(kind, corrected, body, place):
            raise NothingToOpen(
                "Name the place of a confidential value that you send, as in /body/mass_kg.", path=f"/open/{number}"
            )
    first = moments.parse_moment(found["occurred_from"], path="/occurred_from")
    last = moments.parse_moment(found.get("occurred_to", found["occurred_from"]), path="/occurred_to")
    if last > clock.now() + CLOCKS_DIFFER:
        raise StillToCome("This is still to come by our clock. Enter when it happened.", path="/occurred_to")
    id_ = found.get("id")
    return Act(
        kind=kind.name,
        issuer=actor.organisation.pk,
        body=body,
        occurred=(first, last),
        utc_offset=found.get("utc_offset", "+00:00"),
        process=tuple(ProcessStep(row["step"], row["country"]) for row in found.get("process", ())),
        evidence=tuple(found.get("evidence", ())),
        id=None if id_ is None else UUID(id_),
        opened=frozenset(found.get("open", ())),
    )


def _check_corrected(kind: Kind, body: Mapping[str, Any], actor: Actor) -> Kind | None:
    """The kind that a correction replaces; refuses one whose new body has not the shape of that."""
    if kind.name != "statement.correct":
        return None
    kind.body.check(body, "/body", NOTHING_DISCLOSED)
    digest = identifiers.digest_bytes(body["replaces"])
    own = Statement.objects.filter(digest=digest, issuer=actor.organisation.pk)
    name = own.values_list("kind", flat=True).first()
    if name is None:
        raise MissingReference("There is no such statement of yours.", path="/body/replaces")
    corrected = kind_of(name)
    corrected.body.check(body["as"]["body"], "/body/as/body", NOTHING_DISCLOSED)
    return corrected
