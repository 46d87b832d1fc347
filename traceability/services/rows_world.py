"""The world of acceptance/world.py, read from rows under lock, and written back in one go.

A batch loads what it needs in a few queries, decides statement by statement against the staged picture, and stores
everything at the end: a single statement is a batch of one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from traceability.acceptance.decide import Decision
from traceability.acceptance.errors import BundleNotVerified
from traceability.acceptance.versions import corrected_body, newer
from traceability.acceptance.world import AccountRecord, Body, Effective, Facility, ForeignLot, Head, LotRecord
from traceability.ledger import closed, identifiers
from traceability.ledger.keys import KeyRing
from traceability.ledger.statement import Statement
from traceability.models import Disclosure, KeyEntry, Organisation, SubjectHead
from traceability.models import Statement as StatementRow
from traceability.models.prepared import Row, answers
from traceability.selectors import foreign_lots
from traceability.selectors.access import DEFAULT_RULES
from traceability.services import claims_rows, lot_rows
from traceability.services import world_queries as queries
from traceability.services.descent import came_of
from traceability.services.stored import disclosures_in as disclosures_in
from traceability.services.stored import effective_versions as effective_versions
from traceability.services.stored import read_statement as read_statement
from traceability.services.stored import read_statement_opened as read_statement_opened
from traceability.services.stored import urn_of as urn_of
from traceability.services.stored import uuid_of as uuid_of

_LATER_VERSIONS = ("statement.correct", "statement.void")


@dataclass(slots=True)
class Needs:
    """What a batch of statements touches."""

    subjects: set[str] = field(default_factory=set)
    organisations: set[str] = field(default_factory=set)
    exclusive: set[str] = field(default_factory=set)  # organisations whose keys, facilities or work in process change
    divided: set[str] = field(default_factory=set)  # lots whose parts are touched too
    facilities: set[str] = field(default_factory=set)
    ids: set[tuple[UUID, UUID]] = field(default_factory=set)  # issuer and id of the statements, of one issuer


@dataclass(frozen=True, slots=True)
class Said:
    """A statement of the batch, with its disclosures."""

    statement: Statement
    disclosures: Mapping[str, closed.Disclosure]


@dataclass(slots=True)
class RowsWorld:
    """The picture before the next statement of a batch; `stage` moves it on.

    `before` is the id of a statement row: of stored statements only those before it count, as when it was accepted.
    """

    operator: str
    origin: str = field(default_factory=lambda: str(settings.LODESTONE_LOG_ORIGIN))
    before: int | None = None
    heads: dict[str, Head | None] = field(default_factory=dict)
    lots: dict[str, LotRecord | None] = field(default_factory=dict)
    accounts: dict[str, AccountRecord | None] = field(default_factory=dict)
    rings: dict[str, KeyRing | None] = field(default_factory=dict)
    facilities: dict[str, Facility | None] = field(default_factory=dict)
    staged: dict[str, Effective] = field(default_factory=dict)  # original statements of the batch
    versions: dict[str, Effective] = field(default_factory=dict)  # what the batch corrected or withdrew
    said: dict[str, Said] = field(default_factory=dict)  # all statements of the batch, by digest
    digests: set[str] = field(default_factory=set)  # confidential places of the batch so far
    rules: dict[UUID, dict[str, str]] = field(default_factory=dict)  # who may read which group, by issuer
    stored: Mapping[tuple[UUID, UUID], StatementRow] = field(default_factory=dict)  # by issuer and id: said before
    log: queries.LogNow = field(default_factory=queries.LogNow)

    # What a decision reads.

    def sees(self, subject: str) -> bool:
        return True

    def head(self, subject: str) -> Head | None:
        """The newest link of a chain; under lock where the batch advances it."""
        if subject not in self.heads:
            rows = SubjectHead.objects.filter(pk=uuid_of(subject)).values_list(*queries.OF_HEADS)
            self.heads[subject] = queries.heads_of(rows).get(subject)
        return self.heads[subject]

    def lot(self, urn: str) -> LotRecord | None:
        if urn not in self.lots:
            self.lots |= lot_rows.read([uuid_of(urn)])
        return self.lots[urn]

    def account(self, urn: str) -> AccountRecord | None:
        """A claims account; under the lock of its chain where the batch advances that."""
        if urn not in self.accounts:
            self.accounts[urn] = claims_rows.read(urn)
        return self.accounts[urn]

    def foreign(self, bundle: str, importer: str) -> ForeignLot | None:
        found = foreign_lots.verified(bundle, uuid_of(importer))
        if found is None:
            raise BundleNotVerified("Upload this bundle first, and let it be verified.", path="/body/bundle")
        return found

    def ring(self, organisation: str) -> KeyRing | None:
        if organisation not in self.rings:
            known = Organisation.objects.filter(pk=uuid_of(organisation)) if organisation else ()
            recovery = {one.pk: one.operator_recovery for one in known}
            self.rings[organisation] = queries.rings_of(queries.KEYS.rows(list(recovery)), recovery).get(organisation)
        return self.rings[organisation]

    def owner_of_key(self, key: str) -> str | None:
        staged = next((ring.organisation for ring in self.rings.values() if ring and key in ring.keys), None)
        if staged is not None:
            return staged
        row = KeyEntry.objects.filter(key_id=identifiers.digest_bytes(key)).first()
        return None if row is None else urn_of(row.organisation_id)

    def facility(self, urn: str) -> Facility | None:
        if urn not in self.facilities:
            self.facilities[urn] = queries.facilities_of(queries.FACILITIES.rows([uuid_of(urn)])).get(urn)
        return self.facilities[urn]

    def knows(self, digest: str) -> bool:
        return digest in self.said or self._row(digest) is not None

    def effective(self, digest: str) -> Effective | None:
        found = self.versions.get(digest) or self.staged.get(digest)
        if found is not None or digest in self.said:
            return found
        row = self._row(digest)
        return None if row is None or row.kind in _LATER_VERSIONS else self._effective([row])[0]

    def effective_version(self, digest: str) -> Effective | None:
        """By the digest of its newest version, original or correction; None for a version that was replaced."""
        found = self.effective(self._original_of(digest))
        return None if found is None or found.withdrawn or found.newest != digest else found

    def read_head(self, subject: str) -> Head:
        """The newest link of a chain that exists."""
        head = self.head(subject)
        if head is None:
            raise LookupError(f"{subject} has no chain")
        return head

    def history(self, subject: str) -> Sequence[Effective]:
        rows = self._rows().filter(links__subject=uuid_of(subject)).exclude(kind__in=_LATER_VERSIONS)
        stored = self._effective(list(rows.order_by("pk")))
        return self._with_staged(
            stored, [one for one in self.staged.values() if one.original.chain(subject) is not None]
        )

    def steps_in_process(self, facility: str) -> Sequence[Effective]:
        rows = self._rows().filter(steps_in_process__facility=uuid_of(facility))
        moved = [
            identifiers.digest_bytes(digest)
            for digest, one in self.versions.items()
            if digest not in self.staged and "wip_change" in one.body
        ]
        found = {row.pk: row for row in (*rows, *(self._rows().filter(digest__in=moved) if moved else ()))}
        stored = self._effective([found[pk] for pk in sorted(found)])
        return self._with_staged(stored, [one for one in self.staged.values() if "wip_change" in one.body])

    def with_version(self, statement: Statement, opened: Body) -> "RowsWorld":
        named = str(opened.get("replaces") or opened.get("voids"))
        before = self.effective(named)
        if before is None:
            return self
        return replace(self, versions={**self.versions, named: newer(before, statement, opened)})

    def places_of(self, digest: str) -> Mapping[str, str]:
        """The digest at each confidential place of a version, as if a correction's claim were a payload."""
        places = closed.closed_digests(self._content(digest))
        return {place.replace("/body/as/", "/", 1): found for place, found in places.items()}

    def claim_of(self, digest: str) -> Mapping[str, object]:
        """The signed form of a version, as if a correction's claim were a payload."""
        content = self._content(digest)
        body = content.get("body")
        claim = body.get("as") if isinstance(body, dict) else None
        return claim if isinstance(claim, dict) else content

    def disclosures_of(self, digest: str) -> Mapping[str, closed.Disclosure]:
        """The disclosures of a version by their place in the payload."""
        places = self.places_of(digest)
        rows = Disclosure.objects.filter(digest__in=places.values()).values_list("digest", "text")
        known = {one: closed.parse_disclosure(text) for one, text in rows if text}
        for said in self.said.values():
            known |= said.disclosures
        return {place: known[one] for place, one in places.items() if one in known}

    def _rows(self) -> QuerySet[StatementRow]:
        rows = StatementRow.objects.all()
        return rows if self.before is None else rows.filter(pk__lt=self.before)

    def _row(self, digest: str) -> StatementRow | None:
        return self._rows().filter(digest=identifiers.digest_bytes(digest)).first()

    def _effective(self, rows: Sequence[StatementRow]) -> list[Effective]:
        return effective_versions(rows, before=self.before) if rows else []

    def _with_staged(self, stored: Sequence[Effective], staged: Sequence[Effective]) -> list[Effective]:
        return [self.versions.get(one.original.digest, one) for one in (*stored, *staged)]

    def _original_of(self, digest: str) -> str:
        """The digest of the original of a version."""
        if digest in self.said:
            return str(self.said[digest].statement.body.get("replaces") or digest)
        row = self._row(digest)
        version = None if row is None else StatementRow.objects.filter(versions__statement=row).first()
        return digest if version is None else "sha256:" + bytes(version.digest).hex()

    def _content(self, digest: str) -> Mapping[str, object]:
        if digest in self.said:
            return self.said[digest].statement.content
        row = self._row(digest)
        return {} if row is None else read_statement(row, {})[0].content

    def audiences(self, issuer: UUID) -> Mapping[str, str]:
        """To whom an issuer opens each group of his confidential values."""
        if issuer not in self.rules:
            given = {group: audience for _, group, audience in queries.RULES.rows([issuer])}
            self.rules[issuer] = {**DEFAULT_RULES, **given}
        return self.rules[issuer]

    # What a batch does to it.

    def stage(self, said: Said, opened: Body, decision: Decision) -> None:
        """Makes an accepted statement part of the picture."""
        statement = said.statement
        self.said[statement.digest] = said
        if statement.kind in _LATER_VERSIONS:
            self.versions = self.with_version(statement, opened).versions
        else:
            self.staged[statement.digest] = Effective(
                statement, statement.digest, statement.occurred_from, statement.occurred_to, opened
            )
        for head in decision.heads:
            self.heads[head.subject] = head
        self.lots.update(decision.lots)
        self.accounts.update(decision.accounts)
        self._stage_facility(statement, opened)

    def _stage_facility(self, statement: Statement, opened: Body) -> None:
        if statement.kind == "facility.register":
            self._keep_facility(statement.issuer, opened)
        elif statement.kind in _LATER_VERSIONS:
            version = self.versions.get(str(opened.get("replaces") or opened.get("voids")))
            if version is not None and version.original.kind == "facility.register":
                body = version.body if version.withdrawn else corrected_body(opened)
                self._keep_facility(statement.issuer, body, withdrawn=version.withdrawn)

    def _keep_facility(self, organisation: str, body: Body, *, withdrawn: bool = False) -> None:
        urn = str(body["facility"])
        self.facilities[urn] = Facility(urn, organisation, str(body["country"]), withdrawn)


def reader() -> RowsWorld:
    """The picture as it is now, without locks: it reads what it is asked for."""
    operator = Organisation.objects.filter(is_operator=True).values_list("pk", flat=True).first()
    return RowsWorld(operator="" if operator is None else urn_of(operator))


def load(needs: Needs, *, before: int | None = None) -> RowsWorld:
    """The picture with these subjects and organisations, locked until the transaction ends.

    `before`: of stored statements only those before this row id count.
    Organisations first, then chains, each in ascending order, so that two batches never wait for each other in a ring.
    What the locks protect is read after them, and last the statements said before under the same ids: whoever moved a
    head with the same statement is then found, and it is a repetition.
    """
    organisations = sorted({uuid_of(urn) for urn in needs.organisations | needs.exclusive})
    locks = queries.locks_of(organisations, {uuid_of(urn) for urn in needs.exclusive})
    divided = {uuid_of(urn) for urn in needs.divided}
    subjects = sorted({uuid_of(urn) for urn in needs.subjects} | came_of(divided, parts_only=True))
    facilities = sorted({uuid_of(urn) for urn in needs.facilities}.union(subjects))
    known, keys, rules, heads, lots, places, log, repeated = answers(
        [
            *locks,
            queries.ORGANISATIONS.of(organisations),
            queries.KEYS.of(organisations),
            queries.RULES.of(organisations),
            queries.HEADS.of(subjects),
            lot_rows.RECORDS.of(subjects),
            queries.FACILITIES.of(facilities),
            queries.LOG_STATE.of([1]),
            queries.BY_ID.of(_issuer_and_ids(needs)) if before is None else None,
        ]
    )[len(locks) :]
    world = RowsWorld(next((urn_of(one) for one, _, is_operator in known if is_operator), ""), before=before)
    recovery = {one: operator_recovery for one, operator_recovery, _ in known}
    world.rings = dict.fromkeys(map(urn_of, organisations)) | queries.rings_of(keys, recovery)
    world.rules = {one: dict(DEFAULT_RULES) for one in organisations}
    for one, group, audience in rules:
        world.rules[one][group] = audience
    world.log = queries.log_of(log)
    _add_chains(world, subjects, heads, lots)
    # Parts may have been split off before the lock was there.
    while late := sorted(came_of(divided, parts_only=True) - {uuid_of(urn) for urn in world.heads}):
        _add_chains(world, late, *answers([queries.HEADS.of(late), lot_rows.RECORDS.of(late)]))
    world.facilities = dict.fromkeys(map(urn_of, facilities)) | queries.facilities_of(places)
    rows = StatementRow.objects.filter(pk__in=[pk for (pk,) in repeated]) if repeated else ()
    world.stored = {(row.issuer, row.urn): row for row in rows}
    return world


def _add_chains(world: RowsWorld, subjects: Sequence[UUID], heads: Sequence[Row], lots: Sequence[Row]) -> None:
    world.heads |= dict.fromkeys(map(urn_of, subjects)) | queries.heads_of(heads)
    world.lots |= dict.fromkeys(map(urn_of, subjects)) | lot_rows.records_of(lots)


def _issuer_and_ids(needs: Needs) -> list[UUID]:
    return [*{issuer for issuer, _ in needs.ids}, *(id for _, id in needs.ids)]
