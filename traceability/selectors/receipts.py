"""What an organisation said: its statements with what they fixed, and their places in the log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from traceability.ledger import identifiers
from traceability.ledger.kinds import kind_of
from traceability.models import ChainLink, Finding, Lot, Organisation, Proposal
from traceability.models import Statement as StatementRow
from traceability.selectors import access, proposals, statements
from traceability.selectors.access import Actor, NotFound
from traceability.selectors.lot_facts import LotFacts, facts_of, labels_of, number_told_before
from traceability.selectors.statements import SigningKey, Told

_LOOKED_AT = 20
"""Statements that are looked through for one with a process; splits and merges have none."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """One subject that a statement advanced, with the custody hash that it made."""

    link: ChainLink
    lot: Lot | None
    number: str = ""
    """The lot's number, empty where its maker keeps it to himself."""
    is_seen: bool = False
    """Whether the reader may open the lot's page; after a cancellation the receiver does not."""

    @property
    def name(self) -> str:
        """How people call the lot; empty where it is none."""
        return (self.number or f"{self.lot.material}, {str(self.lot.pk)[-4:]}") if self.lot else ""

    @property
    def custody_hash(self) -> str:
        return f"sha256:{bytes(self.link.custody_hash).hex()}"


@dataclass(frozen=True, slots=True)
class Said:
    """A statement of one's own organisation, opened, with its place in the log as far as it has one."""

    row: StatementRow
    told: Told
    fixed: Sequence[Fixed]
    index: int | None
    key: SigningKey | None
    findings: Sequence[Finding]
    corrects: StatementRow | None
    """The statement that this one corrects or declares void."""
    signers: Sequence[Organisation]
    """Who signed it: its issuer, and who signed beside him."""

    @property
    def kind(self) -> str:
        return self.row.kind

    @property
    def digest(self) -> str:
        return self.told.original.digest

    @property
    def content(self) -> Mapping[str, Any]:
        """The whole payload, opened."""
        return self.told.original.content

    @property
    def correctable(self) -> bool:
        """Whether it may be corrected at all; whether this correction is accepted is for the door to say."""
        return kind_of(self.kind).correctable and not self.told.withdrawn

    @property
    def voidable(self) -> bool:
        return kind_of(self.kind).voidable and not self.told.withdrawn


def own(actor: Actor) -> QuerySet[StatementRow]:
    """What the actor's organisation signed as its issuer, the newest first."""
    return StatementRow.objects.filter(issuer=actor.organisation.pk).order_by("-pk")


def signed(actor: Actor) -> QuerySet[StatementRow]:
    """What the actor's organisation signed, alone or beside a partner who proposed it; the newest first."""
    second = Proposal.objects.filter(to=actor.organisation).exclude(statement=None).values("statement")
    return StatementRow.objects.filter(Q(issuer=actor.organisation.pk) | Q(pk__in=second)).order_by("-pk")


def statement(actor: Actor, statement_id: UUID, today: date) -> Said:
    """One statement that the actor's organisation signed, first or second, or NotFound."""
    row = own(actor).filter(urn=statement_id).first() or proposals.signed_second(actor, statement_id)
    return _said(actor, row, today)


def lots_of(actor: Actor, rows: Sequence[StatementRow], today: date) -> Mapping[int, Sequence[str]]:
    """How people call the lots that each of these statements advances, outputs first, as far as the actor sees them."""
    links = sorted(ChainLink.objects.filter(statement__in=rows), key=lambda link: (link.role != "output", link.pk))
    labels = labels_of(actor, {link.subject for link in links}, today)
    found: dict[int, list[str]] = {}
    for link in links:
        if link.subject in labels:
            found.setdefault(link.statement_id, []).append(labels[link.subject])
    return found


def _reader(actor: Actor, row: StatementRow) -> Actor:
    """Who signs second read all of it before, so he reads it as its issuer does."""
    if row.issuer == actor.organisation.pk:
        return actor
    return replace(actor, organisation=Organisation.objects.get(pk=row.issuer))


def by_digest(actor: Actor, digest: str, today: date) -> Said:
    """One statement of the actor's organisation by its digest, or NotFound."""
    return _said(actor, own(actor).filter(digest=identifiers.digest_bytes(digest)).first(), today)


def _said(actor: Actor, row: StatementRow | None, today: date) -> Said:
    if row is None:
        raise NotFound("There is no such statement, or it is not yours to see.")
    links = sorted(row.links.all(), key=lambda link: (link.role != "output", link.pk))
    lots = Lot.objects.in_bulk([link.subject for link in links])
    facts = facts_of(actor, list(lots.values()), today)
    seen = set(access.lots(actor, today).filter(pk__in=lots).values_list("pk", flat=True))
    return Said(
        row=row,
        told=statements.told(_reader(actor, row), [row], today)[row.pk],
        fixed=[
            Fixed(link, lot, _number(row, lot, facts[lot.pk]) if lot else "", link.subject in seen)
            for link in links
            for lot in [lots.get(link.subject)]
        ],
        index=statements.log_places([row]).get(row.pk),
        key=statements.signing_keys([row]).get(row.pk),
        findings=statements.findings([row]).get(row.pk, []),
        corrects=statements.originals_of([row]).get(row.pk),
        signers=_signers(row),
    )


def _number(row: StatementRow, lot: Lot, facts: LotFacts) -> str:
    """The number of a lot as the reader may know it; who rejected it goes on reading what he rejected."""
    return facts.number or (number_told_before(lot, row) if row.kind == "lot.reject" else "")


def _signers(row: StatementRow) -> list[Organisation]:
    ids = [row.issuer, *(UUID(urn) for urn in proposals.cosigners(row))]
    found = Organisation.objects.in_bulk(ids)
    return [found[one] for one in dict.fromkeys(ids) if one in found]  # who sent an import is of another record


def newest(actor: Actor, kind: str, today: date) -> Said | None:
    """The newest statement of a kind that the actor's organisation signed; of transforms one with a process."""
    for row in own(actor).filter(kind=kind)[:_LOOKED_AT]:
        said = _said(actor, row, today)
        if not said.told.withdrawn and (kind != "lot.transform" or "process" in said.told.claim):
            return said
    return None
