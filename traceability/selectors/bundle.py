"""What an audit bundle of a lot carries, read from one state of the database (record-format.md sections 8 and 9).

The same closure as the verifier's (traceability/verifier/reach.py), over rows: the chains of the lot and of all that
went into it, of accounts that claim of it, of the organisations that speak of it, of attestations, factor sets and
declarations; and the proofs of all of them for the newest published checkpoint.
"""

import json
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Min

from traceability.acceptance.imports import KIND as IMPORT
from traceability.ledger import bundle, canonical, envelope
from traceability.ledger.identifiers import b64url_encode, digest_bytes
from traceability.ledger.kinds.accounts import CLAIM
from traceability.models import Attested, ChainLink, Checkpoint, LogEntry, Statement, Version
from traceability.models.bulk import fetch_rows
from traceability.selectors import log
from traceability.selectors.slots import SLOTS

DRAWS = ("input", "input_rest")
CHUNK = 500
_COUNT = """
    WITH RECURSIVE cone(id) AS (
        SELECT %s UNION SELECT edge.parent_id FROM traceability_lotedge edge JOIN cone ON edge.child_id = cone.id)
    SELECT COUNT(DISTINCT link.statement_id) FROM traceability_chainlink link JOIN cone ON link.subject = cone.id"""


@dataclass(slots=True)
class Carried:
    """The statements of a bundle by their place in the log, and the subjects whose chains are whole in it."""

    size: int  # of the tree that everything is proved for
    lots: set[UUID] = field(default_factory=set)
    subjects: set[UUID] = field(default_factory=set)
    statements: dict[int, Statement] = field(default_factory=dict)  # by id
    indexes: dict[int, int] = field(default_factory=dict)  # by id
    payloads: dict[int, Mapping[str, Any]] = field(default_factory=dict)  # by id

    def in_order(self) -> Iterator[tuple[int, Statement]]:
        """The statements with their indexes, in log order."""
        for pk in sorted(self.statements, key=self.indexes.__getitem__):
            yield self.indexes[pk], self.statements[pk]


def about_how_many(lot: UUID) -> int:
    """How many statements speak of a lot and of all that went into it: about as many as its bundle carries.

    Quick for any number of ancestors. Those of its parties, of attestations and of declarations are not counted.
    """
    [(count,)] = fetch_rows(_COUNT, [lot if connection.vendor == "postgresql" else lot.hex])
    return int(count)


def carried_for(lot: UUID, size: int, found_so_far: Callable[[int], None] = lambda count: None) -> Carried:
    """The statements that the bundle of a lot carries, of those before the last leaf of the tree of this size."""
    found = Carried(size)
    found.lots = {one for made in _made_for(lot, size) for one in _lots(made, size)}
    waiting = {lot} | found.lots | _accounts(lot, size)
    operator = _operator(size)
    waiting |= {operator} if operator else set()
    attested_organisations: set[UUID] = set()
    while waiting:
        found.subjects |= waiting
        new = _load(found, waiting, found_so_far)
        waiting = _spoken_of(found, new)
        waiting |= set(_organisation_attests(found, attested_organisations))
        attested_organisations = set(found.subjects)
        waiting -= found.subjects
    return found


def chunks(ids: Iterable[Any]) -> Iterator[list[Any]]:
    """These ids in order, as many at once as a query takes."""
    ordered = sorted(ids)
    return (ordered[start : start + CHUNK] for start in range(0, len(ordered), CHUNK))


def _links(size: int, **wanted: Collection[Any]) -> Iterator[tuple[int, UUID, str]]:
    """Statement, subject and role of the logged links whose one named column has one of these values."""
    [(column, values)] = wanted.items()
    for some in chunks(values):
        rows = ChainLink.objects.filter(**{f"{column}__in": some}, statement__entry__index__lt=size)
        yield from rows.values_list("statement_id", "subject", "role")


def _lots(target: UUID, size: int) -> set[UUID]:
    """The target, all that went into it, and the outputs of steps on their chains that were declared void."""
    seen: set[UUID] = set()
    waiting = {target}
    while waiting:
        seen |= waiting
        making, drawing = set(), set()
        for statement, _, role in _links(size, subject=waiting):
            if role == "output":
                making.add(statement)
            elif role in DRAWS:
                drawing.add(statement)
        found = {subject for _, subject, role in _links(size, statement=making) if role in DRAWS}
        found |= {subject for _, subject, role in _links(size, statement=_voided(drawing, size)) if role == "output"}
        waiting = found - seen
    return seen


def _made_for(target: UUID, size: int) -> set[UUID]:
    """The lots of the steps from which a reference is computed; of a lot it is the lot alone."""
    opened = Statement.objects.filter(kind="declaration.reference", links__subject=target).first()
    if opened is None:
        return {target}
    body = json.loads(envelope.parse_envelope(bytes(opened.envelope)).payload)["body"]
    named = [digest_bytes(one) for one in body["computed_from"]["statements"]]
    steps = list(Statement.objects.filter(digest__in=named).values_list("pk", flat=True))
    return {subject for _, subject, role in _links(size, statement=steps) if role in ("output", "lot")}


def _accounts(target: UUID, size: int) -> set[UUID]:
    """The claims accounts from which is claimed of the target."""
    claims = Statement.objects.filter(kind=CLAIM, links__subject=target).values_list("pk", flat=True)
    return {subject for _, subject, role in _links(size, statement=list(claims)) if role == "subject"}


def _voided(statements: Collection[int], size: int) -> set[int]:
    found: set[int] = set()
    for some in chunks(statements):
        rows = Version.objects.filter(original__in=some, withdrawn=True, statement__entry__index__lt=size)
        found |= set(rows.values_list("original_id", flat=True))
    return found


def _operator(size: int) -> UUID | None:
    return LogEntry.objects.filter(index=0, index__lt=size).values_list("statement__issuer", flat=True).first()


def _load(found: Carried, subjects: Collection[UUID], found_so_far: Callable[[int], None]) -> list[int]:
    """Reads the statements on these subjects that are not there yet; gives their ids."""
    ids = {statement for statement, _, _ in _links(found.size, subject=subjects)} - found.statements.keys()
    for some in chunks(ids):
        for row in Statement.objects.filter(pk__in=some).select_related("entry"):
            found.statements[row.pk] = row
            found.indexes[row.pk] = row.entry.index
            found.payloads[row.pk] = json.loads(envelope.parse_envelope(bytes(row.envelope)).payload)
        found_so_far(len(found.statements))
    return sorted(ids)


def _spoken_of(found: Carried, new: Sequence[int]) -> set[UUID]:
    """Who signed the new statements, and the subjects of what speaks of them."""
    subjects: set[UUID] = set()
    factor_sets: set[bytes] = set()
    for pk in new:
        content = found.payloads[pk]
        subjects.add(found.statements[pk].issuer)
        if found.statements[pk].kind != IMPORT:  # who signs it second is of another log
            subjects |= {_uuid(one["organisation"]) for one in content.get("cosigners", ())}
        if found.statements[pk].kind == "declaration.publish" and "reference" in content["body"]:
            subjects.add(_uuid(content["body"]["reference"]["declaration"]))
        factor_sets |= {digest_bytes(digest) for digest in _factor_sets(content["body"])}
    about = set(SLOTS.declarations_in_bundle(found.lots))
    for some in chunks(new):
        about |= set(Attested.objects.filter(statement__in=some).values_list("attestation_id", flat=True))
    for digests in chunks(factor_sets):
        about |= set(Statement.objects.filter(digest__in=digests).values_list("pk", flat=True))
    return subjects | {subject for _, subject, _ in _links(found.size, statement=about)}


def _factor_sets(body: Mapping[str, Any]) -> Iterator[str]:
    for one in (body, body.get("as", {}).get("body", {})):
        if isinstance(one.get("factors"), str):
            yield one["factors"]


def _organisation_attests(found: Carried, done: Collection[UUID]) -> Iterator[UUID]:
    """The subjects of the attestations of organisations that came in since the last look."""
    new = found.subjects.difference(done)
    if not new:
        return
    rows = Statement.objects.filter(kind="organisation.attest", entry__index__lt=found.size).order_by("pk")
    for stored in rows.values_list("envelope", flat=True).iterator():
        body = json.loads(envelope.parse_envelope(bytes(stored)).payload)["body"]
        if _uuid(body["organisation"]) in new:
            yield _uuid(body["attestation"])


def proofs(found: Carried, checkpoint: Checkpoint) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The members that prove everything that is carried, and the heads of the log with their leaf."""
    heads, heads_proof = log.heads_proof(f"urn:uuid:{subject}" for subject in found.subjects)
    if heads.checkpoint.pk != checkpoint.pk:
        raise log.NotPublishedYet("The log grew meanwhile. Ask again in a moment.")
    indexes = [*found.indexes.values(), heads.index]
    members = {
        bundle.statement_name(heads.index): heads.envelope,
        bundle.INCLUSION_NAME: canonical.encode(log.inclusion_multiproof(indexes, checkpoint.size).to_value()),
        bundle.HEADS_NAME: canonical.encode(heads_proof.to_value()),
        bundle.checkpoint_name(checkpoint.size): log.cosigned_note(checkpoint),
    }
    notes = _first_notes(indexes, checkpoint)
    members |= {bundle.checkpoint_name(size): note for size, note in notes.items()}
    seen = {content["seen"]["size"] for content in found.payloads.values()}
    seen.add(json.loads(envelope.parse_envelope(heads.envelope).payload)["seen"]["size"])
    sizes = sorted((seen | notes.keys()) - {0, checkpoint.size})
    paths = log.consistency_paths(sizes, checkpoint.size)
    return members, {bundle.consistency_name(size): _consistency(path) for size, path in paths.items()}


def _first_notes(indexes: Collection[int], newest: Checkpoint) -> dict[int, bytes]:
    """The first published checkpoint over each of these leaves, but the newest one."""
    published = Checkpoint.objects.filter(pk__lte=newest.pk, size__lt=newest.size)
    first_of_size = dict(published.values_list("size").annotate(Min("pk")).order_by("size"))
    sizes = list(first_of_size)
    places = {bisect_right(sizes, index) for index in indexes}
    wanted = {first_of_size[sizes[place]] for place in places if place < len(sizes)}
    rows = (row for some in chunks(wanted) for row in log.with_cosignatures(Checkpoint.objects.filter(pk__in=some)))
    return {row.size: log.cosigned_note(row) for row in rows}


def _consistency(path: Sequence[bytes]) -> bytes:
    return canonical.encode({"hashes": [b64url_encode(each) for each in path]})


def custody_hash(lot: UUID, size: int) -> str:
    """The newest custody hash of a lot in the log, before the last leaf of the tree of this size."""
    newest = ChainLink.objects.filter(subject=lot, statement__entry__index__lt=size).order_by("-seq").first()
    if newest is None:
        raise log.NotInLog("This lot has no place in the log yet. Ask again in a moment.")
    return f"sha256:{bytes(newest.custody_hash).hex()}"


def _uuid(urn: str) -> UUID:
    return UUID(urn.removeprefix("urn:uuid:"))
