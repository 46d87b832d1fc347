"""Signed statements as an actor may read them: payloads whole, confidential values as far as their issuers open them.

Beside them what stands around them: later versions, attestations, findings, the key that signed, the proof.
"""

import logging
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal
from uuid import UUID

from django.db.models import BigIntegerField, F, Q, QuerySet, Value

from traceability.acceptance.imports import KIND as IMPORT
from traceability.acceptance.versions import corrected_body
from traceability.acceptance.world import Body
from traceability.ledger import closed, envelope, identifiers, merkle, moments, signing
from traceability.ledger.errors import RecordError
from traceability.ledger.statement import Statement, parse_header
from traceability.models import Attested, ChainLink, Checkpoint, Finding, KeyEntry, LogEntry, Version
from traceability.models import Statement as StatementRow
from traceability.models.prepared import PreparedRows
from traceability.selectors import access, log
from traceability.selectors.access import Actor, NotFound
from traceability.selectors.slots import SLOTS

OPEN_TO_ANYBODY: Final = ("declaration.", "factors.", "log.", "organisation.", "key.")
"""Beginnings of the kinds that anybody sees: what was published, and whose key speaks for whom."""
VERSION_KINDS: Final = ("statement.correct", "statement.void")
reads = logging.getLogger("lodestone.reads")


@dataclass(frozen=True, slots=True)
class Opened:
    """A statement with every value that the reader may see; places are JSON pointers into the payload."""

    row: StatementRow
    statement: Statement
    content: Mapping[str, Any]
    withheld: tuple[str, ...]
    erased: frozenset[str]
    """Of the withheld places those whose values are gone: nobody can read them any more."""

    @property
    def body(self) -> Body:
        """The opened body; what is withheld is not in it."""
        body: Body = self.content["body"]
        return body

    @property
    def digest(self) -> str:
        return self.statement.digest

    @property
    def issuer(self) -> UUID:
        """Who decides on the confidential values."""
        return self.row.issuer


def statement(actor: Actor | None, digest: str, today: date) -> StatementRow:
    """The statement with this digest, or NotFound where the actor (None: anybody) may not see it."""
    try:
        rows = _STATEMENTS.rows([identifiers.digest_bytes(digest)])
    except identifiers.BadDigest:
        rows = []
    if not rows or not _sees(actor, rows[0], today):
        raise NotFound("There is no such statement, or it is not yours to see.")
    return rows[0]


_STATEMENTS = PreparedRows(StatementRow, "digest")


def _sees(actor: Actor | None, row: StatementRow, today: date) -> bool:
    """Own statements and those of givers of a mandate, those on lots that one sees, and what is open to anybody."""
    if row.kind.startswith(OPEN_TO_ANYBODY):
        return True
    if actor is None:
        return False
    if row.issuer == actor.organisation.pk or row.issuer in access.mandate_givers(actor, today):
        return True
    if row.kind == "statement.attest":
        return any(_sees(actor, one.statement, today) for one in row.attests.select_related("statement"))
    subjects = list(row.links.values_list("subject", flat=True))
    seen = access.lots(actor, today)
    if row.issuer in subjects:  # of its facilities: by those to whom its lots came
        return seen.filter(maker=row.issuer).exists()
    return seen.filter(pk__in=subjects).exists() or any(_sees_lot(actor, one, today) for one in subjects)


def _sees_lot(actor: Actor, lot: UUID, today: date) -> bool:
    try:
        access.lot(actor, lot, today)
    except NotFound:
        return False
    return True


def visible(actor: Actor, today: date) -> QuerySet[StatementRow]:
    """Every statement that the actor may see; of attestations those of what is no attestation itself."""
    said = _said_or_about(actor, today)
    named = Attested.objects.filter(statement__in=StatementRow.objects.filter(said))
    return StatementRow.objects.filter(said | Q(kind="statement.attest", pk__in=named.values("attestation")))


def _said_or_about(actor: Actor, today: date) -> Q:
    """The rules of `_sees` but for attestations, as a condition whose sets are each found once."""
    allowed = Q(issuer__in=access.organisations_seen_as(actor, today))
    for beginning in OPEN_TO_ANYBODY:
        allowed |= Q(kind__startswith=beginning)
    about_lots = ChainLink.objects.filter(access.is_seen(actor, today, "subject")).values("statement")
    allowed |= ~Q(kind="statement.attest") & Q(pk__in=about_lots)
    makers = access.lots(actor, today).values("maker")
    of_makers = ChainLink.objects.filter(statement__issuer__in=makers, subject=F("statement__issuer"))
    return allowed | Q(pk__in=of_makers.values("statement"))


def open_rows(actor: Actor | None, rows: Iterable[StatementRow], today: date) -> list[Opened]:
    """These statements as the actor (None: anybody) may read them, in their order; every reading is logged."""
    wanted = list(rows)
    return _open_all(actor, wanted, _with_versions(wanted), today)


def _open_all(actor: Actor | None, rows: Sequence[StatementRow], ids: set[int], today: date) -> list[Opened]:
    """These statements with the values of those with the ids, which are them and the versions before them."""
    found = access.readable_disclosures(actor, ids, today)
    values = list(found.values_list("digest", "text", "statement_id"))
    texts: dict[str, str | None] = {digest: text for digest, text, _ in values}
    known = {digest: closed.parse_disclosure(text) for digest, text in texts.items() if text is not None}
    note_reading(actor, rows, Counter(statement for _, text, statement in values if text is not None))
    return [_open(row, known, texts) for row in rows]


def _open(row: StatementRow, known: Mapping[str, closed.Disclosure], texts: Mapping[str, str | None]) -> Opened:
    parsed = parse_header(envelope.parse_envelope(bytes(row.envelope)).payload)
    content, withheld = closed.open_payload(parsed.content, known)
    digests = closed.closed_digests(parsed.content) if withheld else {}
    erased = frozenset(place for place in withheld if digests[place] in texts)
    return Opened(row, parsed, content, withheld, erased)


def _with_versions(rows: Sequence[StatementRow]) -> set[int]:
    """The ids of these statements and of the versions before them.

    A correction repeats digests of the versions before it: what is disclosed there is disclosed here.
    """
    ids, versions = {row.pk for row in rows}, [row.pk for row in rows if row.kind in VERSION_KINDS]
    if not versions:
        return ids
    originals = Version.objects.filter(statement__in=versions).values("original")
    pairs = Version.objects.filter(original__in=originals).values_list("original_id", "statement_id")
    return ids.union(*pairs)


def note_reading(actor: Actor | None, rows: Sequence[StatementRow], values: Mapping[int, int]) -> None:
    """Logs that the actor (None: anybody) was given confidential values of others: so many, by id of statement."""
    reader = None if actor is None else actor.organisation.pk
    foreign = {row.pk for row in rows if row.issuer != reader}
    if foreign:
        fields = {"reader": str(reader or "anybody"), "user": actor.user_id if actor else 0, "statements": len(foreign)}
        reads.info("Confidential values were read.", extra={"fields": fields})
    shown = [(row, values[row.pk]) for row in rows if row.pk in foreign and values.get(row.pk)]
    if actor is not None and shown:
        SLOTS.note_reading(actor, shown)


@dataclass(frozen=True, slots=True)
class Told:
    """An original statement with its corrections and its withdrawal, oldest first, as one reader sees them."""

    original: Opened
    versions: tuple[Opened, ...] = ()

    @property
    def withdrawn(self) -> bool:
        return any(one.row.kind == "statement.void" for one in self.versions)

    @property
    def corrections(self) -> tuple[Opened, ...]:
        return tuple(one for one in self.versions if one.row.kind == "statement.correct")

    @property
    def newest(self) -> Opened:
        """The version that says what is claimed now."""
        return (self.original, *self.corrections)[-1]

    @property
    def claim(self) -> Mapping[str, Any]:
        """What is claimed now: times, process, body, evidence; what the reader may not see is not in it."""
        newest = self.newest.content
        claim: Mapping[str, Any] = newest["body"]["as"] if self.corrections else newest
        return claim

    @property
    def body(self) -> Body:
        body: Body = self.claim["body"]
        return body

    @property
    def withheld(self) -> tuple[str, ...]:
        """The places that are withheld, as if the newest version were an original."""
        return tuple(place.replace("/body/as/", "/", 1) for place in self.newest.withheld)

    @property
    def occurred(self) -> tuple[datetime, datetime]:
        """From when to when it happened, as claimed now."""
        first, last = self.claim["occurred_from"], self.claim["occurred_to"]
        return moments.parse_moment(first), moments.parse_moment(last)


def told(
    actor: Actor | None,
    originals: Iterable[StatementRow],
    today: date,
    later: Sequence[tuple[int, StatementRow]] | None = None,
) -> dict[int, Told]:
    """Original statements by row id, each with its later versions, as the actor (None: anybody) may read them.

    `later` are those versions in their order, each after the id of its original, where the caller has them already.
    """
    rows = list(originals)
    pairs = versions_of(rows) if later is None else later
    ids = _with_versions(rows) | {row.pk for _, row in pairs}
    opened = {one.row.pk: one for one in _open_all(actor, [*rows, *(row for _, row in pairs)], ids, today)}
    versions: dict[int, list[Opened]] = {row.pk: [] for row in rows}
    for original, row in pairs:
        versions[original].append(opened[row.pk])
    return {row.pk: Told(opened[row.pk], tuple(versions[row.pk])) for row in rows}


def told_of(actor: Actor | None, which: QuerySet[StatementRow], today: date) -> list[Told]:
    """These original statements as `told` has them, oldest first; read with their versions in one query."""
    own = StatementRow.objects.filter(pk__in=which.values("pk"))
    later = StatementRow.objects.filter(version_of__original__in=which.values("pk"))
    found = own.annotate(original=Value(None, BigIntegerField())).union(
        later.annotate(original=F("version_of__original")), all=True
    )
    rows: list[Any] = sorted(found, key=lambda row: row.pk)
    versions = [(row.original, row) for row in rows if row.original is not None]
    return list(told(actor, [row for row in rows if row.original is None], today, versions).values())


def versions_of(rows: Sequence[StatementRow]) -> list[tuple[int, StatementRow]]:
    """The later versions of these statements, oldest first, each after the id of its original."""
    found = Version.objects.filter(original__in=rows).select_related("statement").order_by("statement_id")
    return [(version.original_id, version.statement) for version in found]


@dataclass(frozen=True, slots=True)
class Process:
    """Who took a step, and its words with their countries; a split or merge has none."""

    issuer: UUID
    steps: tuple[tuple[str, str], ...]


def processes(originals: Collection[int]) -> dict[int, Process]:
    """What these statements claim now as their process, by row id. It is never confidential."""
    rows = {row.pk: row for row in StatementRow.objects.filter(pk__in=originals)}
    newest = dict(rows)
    corrections = Version.objects.filter(original__in=rows, statement__kind="statement.correct")
    for one in corrections.select_related("statement").order_by("statement_id"):
        newest[one.original_id] = one.statement
    return {pk: Process(rows[pk].issuer, _steps_claimed(row)) for pk, row in newest.items()}


def _steps_claimed(row: StatementRow) -> tuple[tuple[str, str], ...]:
    content = parse_header(envelope.parse_envelope(bytes(row.envelope)).payload).content
    body: Any = content["body"]
    claimed: Mapping[str, Any] = body["as"] if row.kind == "statement.correct" else content
    return tuple((str(one["step"]), str(one["country"])) for one in claimed.get("process", ()))


def version_body(opened: Opened) -> Body:
    """The body that a version claims: of a correction the corrected one."""
    return corrected_body(opened.body) if opened.row.kind == "statement.correct" else opened.body


def originals_of(rows: Iterable[StatementRow]) -> dict[int, StatementRow]:
    """The statement that each correction or void among these is about, by the row id of the correction."""
    found = Version.objects.filter(statement__in=list(rows)).select_related("original")
    return {one.statement_id: one.original for one in found}


def attestations(rows: Iterable[StatementRow]) -> dict[int, list[StatementRow]]:
    """The attestations in force of each of these statements, by its row id, oldest first."""
    found: dict[int, list[StatementRow]] = {}
    pairs = Attested.objects.filter(statement__in=list(rows)).exclude(attestation__versions__withdrawn=True)
    for one in pairs.select_related("attestation").order_by("attestation_id"):
        found.setdefault(one.statement_id, []).append(one.attestation)
    return found


def findings(rows: Iterable[StatementRow]) -> dict[int, list[Finding]]:
    """What a person should look at, by the row id of the statement."""
    found: dict[int, list[Finding]] = {}
    for one in Finding.objects.filter(statement__in=list(rows)).order_by("pk"):
        found.setdefault(one.statement_id, []).append(one)
    return found


# Keys


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The key that signed first, and who could use it at that moment."""

    key_id: str
    number: int
    """Which of the keys of its organisation, counted from 1."""
    held_by: Literal["holder", "platform"]
    """`holder` only where every key then in force was in the holder's own hands."""
    by_operator: bool
    """A key then in force had been added by the operator."""
    in_doubt: bool
    """Signed after the moment from which the key counts as compromised."""


def signing_keys(rows: Sequence[StatementRow]) -> dict[int, SigningKey]:
    """The key of each statement, by row id."""
    entries: dict[UUID, list[KeyEntry]] = {}
    for entry in KeyEntry.objects.filter(organisation__in={row.issuer for row in rows}).order_by("since_id", "pk"):
        entries.setdefault(entry.organisation_id, []).append(entry)
    places = log_places(rows)
    found = {row.pk: _signing_key(row, entries.get(row.issuer, []), places.get(row.pk)) for row in rows}
    return {pk: key for pk, key in found.items() if key is not None}


def _signing_key(row: StatementRow, entries: list[KeyEntry], index: int | None) -> SigningKey | None:
    own = next((entry for entry in entries if bytes(entry.key_id) == bytes(row.key_id)), None)
    if own is None:
        return None
    then = [one for one in entries if one.since_id <= row.pk and (one.ended_id is None or one.ended_id >= row.pk)]
    holder = all(one.custody == "holder" for one in then if not one.recovery)
    return SigningKey(
        key_id="sha256:" + bytes(own.key_id).hex(),
        number=entries.index(own) + 1,
        held_by="holder" if holder else "platform",
        by_operator=any(one.by_operator for one in then),
        in_doubt=own.compromised_from is not None and (index is None or index >= own.compromised_from),
    )


# Proofs


def log_places(rows: Iterable[StatementRow]) -> dict[int, int]:
    """The log index of each statement that has one, by row id."""
    return dict(LogEntry.objects.filter(statement__in=list(rows)).values_list("statement_id", "index"))


@dataclass(frozen=True, slots=True)
class Proof:
    """What this machine found when it checked a statement just now."""

    index: int | None
    """Its place in the log; None where the newest published checkpoint does not cover it yet."""
    signed: bool
    """Every signature matches the bytes and a key of the record."""
    included: bool
    """The hashes lead from the leaf to the root of the checkpoint."""

    @property
    def outcome(self) -> Literal["pass", "fail", "none"]:
        if not self.signed:
            return "fail"
        if self.index is None:
            return "none"
        return "pass" if self.included else "fail"


@dataclass(frozen=True, slots=True)
class Proofs:
    """Proofs by row id, all against one checkpoint."""

    by_row: Mapping[int, Proof]
    checkpoint: Checkpoint | None


def check_proofs(rows: Sequence[StatementRow]) -> Proofs:
    """Checks the signatures of these statements, and that the newest published checkpoint covers them."""
    keys = _public_keys(rows)
    leaves = {row.pk: _checked_leaf(row, keys) for row in rows}
    try:
        checkpoint = log.newest_checkpoint()
    except log.LogNotOpen:
        return Proofs({pk: Proof(None, leaf is not None, False) for pk, leaf in leaves.items()}, None)
    places = {pk: index for pk, index in log_places(rows).items() if index < checkpoint.size}
    included = _included({places[pk]: leaf for pk, leaf in leaves.items() if leaf and pk in places}, checkpoint)
    return Proofs(
        {pk: Proof(places.get(pk), leaf is not None, places.get(pk) in included) for pk, leaf in leaves.items()},
        checkpoint,
    )


def _public_keys(rows: Sequence[StatementRow]) -> dict[str, bytes]:
    """The keys that signed, by their ids; who signs an import second is of another log, and its key stands in it."""
    sealed = {row.pk: envelope.parse_envelope(bytes(row.envelope)) for row in rows}
    named = {one.keyid for found in sealed.values() for one in found.signatures}
    offered = (parse_header(sealed[row.pk].payload).body["public_key"] for row in rows if row.kind == IMPORT)
    foreign = {signing.key_id(key): key for key in (identifiers.b64url_decode(str(one)) for one in offered)}
    wanted = [identifiers.digest_bytes(one) for one in named]
    entries = KeyEntry.objects.filter(key_id__in=wanted).values_list("key_id", "public_key")
    return foreign | {"sha256:" + bytes(key_id).hex(): bytes(public_key) for key_id, public_key in entries}


def _checked_leaf(row: StatementRow, keys: Mapping[str, bytes]) -> bytes | None:
    """The leaf hash of a statement whose signatures match, made anew from its bytes; None where they do not."""
    try:
        found = envelope.parse_envelope(bytes(row.envelope))
        public_keys = [keys[one.keyid] for one in found.signatures]
        envelope.verify_envelope(found, public_keys)
    except (RecordError, KeyError):
        return None
    return merkle.leaf_hash(envelope.leaf_input(found.payload, public_keys[0], found.signatures))


def _included(leaves: Mapping[int, bytes], checkpoint: Checkpoint) -> frozenset[int]:
    """The indexes whose leaf leads to the root of the checkpoint: all at once, or one by one where that fails."""
    if not leaves or _leads_to_root(leaves, checkpoint):
        return frozenset(leaves)
    return frozenset(index for index, leaf in leaves.items() if _leads_to_root({index: leaf}, checkpoint))


def _leads_to_root(leaves: Mapping[int, bytes], checkpoint: Checkpoint) -> bool:
    proof = log.inclusion_multiproof(leaves.keys(), checkpoint.size)
    return merkle.root_from_multiproof(checkpoint.size, leaves, proof.hashes) == bytes(checkpoint.root)
