"""Everything that the page of a statement shows, as its reader may see it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from traceability.ledger import envelope
from traceability.models import ChainLink, Finding, Lot, Statement
from traceability.selectors import access, lots, statements
from traceability.selectors.access import Actor
from traceability.selectors.names import names_of
from traceability.selectors.statements import Proof, SigningKey
from traceability.web import codes, lot_body, lot_words, words
from traceability.web.lot_body import Block, Reading
from traceability.web.lot_timeline import Change, changes
from traceability.web.lot_words import Vocabulary

MOST_LABELS = 200
MOST_NAMED = 60
URN = re.compile(r'"urn:uuid:([0-9a-f-]{36})"')


class StatementPage:
    """Reads everything once; the template takes what it needs."""

    def __init__(self, actor: Actor, row: Statement, today: date) -> None:
        self.actor, self.row, self.today = actor, row, today
        [self.opened] = statements.open_rows(actor, [row], today)
        self.links = list(ChainLink.objects.filter(statement=row).order_by("subject")[:MOST_LABELS])
        self.vocabulary = self._vocabulary()

    def _vocabulary(self) -> Vocabulary:
        """Names of the lots and organisations of the statement that the reader may see."""
        subjects = {link.subject for link in self.links} | self._named()
        seen = set(access.lots(self.actor, self.today).filter(pk__in=subjects).values_list("pk", flat=True))
        seen |= {one for one in subjects - seen if self._is_seen_lot(one)}
        views = lots.matter_of(self.actor, seen, self.today).views if seen else {}
        parties = {self.row.issuer, *(UUID(one.organisation[9:]) for one in self.opened.statement.cosigners), *subjects}
        to = self.opened.body.get("to")
        parties |= {UUID(to[9:])} if isinstance(to, str) and to.startswith("urn:uuid:") else set()
        return Vocabulary(
            names_of(self.actor, parties, self.today), {pk: views[pk].label for pk in views if pk in seen}
        )

    def _named(self) -> set[UUID]:
        """Subjects that the body names beside those that it advances."""
        return {UUID(one) for one in URN.findall(json.dumps(self.opened.body))[:MOST_NAMED]}

    def _is_seen_lot(self, subject: UUID) -> bool:
        if not Lot.objects.filter(pk=subject).exists():
            return False
        try:
            access.lot(self.actor, subject, self.today)
        except access.NotFound:
            return False
        return True

    @property
    def digits(self) -> str:
        """The digest without the name of its algorithm."""
        return bytes(self.row.digest).hex()

    @property
    def title(self) -> str:
        return str(words.kind(self.row.kind))

    @property
    def lead(self) -> str:
        """Who said it, and about which lots."""
        labels = list(self.vocabulary.labels.values())
        said = {"by": self.by, "lots": ", ".join(labels[:4])}
        if not labels:
            return _("Said by %(by)s.") % said
        if len(labels) > 4:
            return _("Said by %(by)s about %(lots)s and others.") % said
        return _("Said by %(by)s about %(lots)s.") % said

    @property
    def digest(self) -> str:
        return bytes(self.row.digest).hex()

    @property
    def by(self) -> str:
        return lot_words.withholder(self.vocabulary, self.row.issuer)

    def trail(self) -> list[tuple[str, str]]:
        """The lot of the statement, where there is one that the reader sees."""
        labels = self.vocabulary.labels
        return [(label, reverse("lot", args=[pk])) for pk, label in labels.items()][:1] if len(labels) == 1 else []

    @cached_property
    def proofs(self) -> statements.Proofs:
        return statements.check_proofs([self.row])

    @property
    def proof(self) -> Proof:
        return self.proofs.by_row[self.row.pk]

    @property
    def key(self) -> SigningKey | None:
        return statements.signing_keys([self.row]).get(self.row.pk)

    @property
    def chains(self) -> list[dict[str, Any]]:
        """The subjects that the statement advances, with the custody hash that it makes of each."""
        labels, names = self.vocabulary.labels, self.vocabulary.names
        return [
            {
                "label": labels.get(link.subject) or names.known.get(link.subject) or f"…{str(link.subject)[-12:]}",
                "href": reverse("lot", args=[link.subject]) if link.subject in labels else "",
                "role": str(codes.subject_role(link.role)),
                "number": link.seq + 1,
                "hash": "sha256:" + bytes(link.custody_hash).hex(),
            }
            for link in self.links
        ]

    @property
    def blocks(self) -> list[Block]:
        """The process and the body, opened as far as the reader may see."""
        reading = Reading(self.vocabulary, frozenset(self.opened.withheld), self.opened.erased)
        process = self.opened.content.get("process")
        said = [lot_body.block("", {"process": process}, "", reading)] if process else []
        return [*said, lot_body.block("", self.opened.body, "/body", reading)]

    @property
    def withheld_count(self) -> int:
        """Values of the body that the reader may not see."""
        return sum(1 for place in self.opened.withheld if place.startswith("/body/"))

    @property
    def evidence(self) -> Sequence[Any]:
        """The documents that are named, and how many are withheld."""
        rows: Sequence[Any] = self.opened.content.get("evidence", ())
        return rows

    @property
    def withheld_evidence(self) -> int:
        return sum(1 for place in self.opened.withheld if place.startswith("/evidence/"))

    @property
    def raw(self) -> str:
        """The payload as it was signed, with line breaks for the eye; the download has the bytes."""
        payload = envelope.parse_envelope(bytes(self.row.envelope)).payload
        return json.dumps(json.loads(payload), indent=2, ensure_ascii=False)

    @property
    def original(self) -> Statement | None:
        return statements.originals_of([self.row]).get(self.row.pk)

    @property
    def original_digest(self) -> str:
        return bytes(self.original.digest).hex() if self.original else ""

    @cached_property
    def versions(self) -> list[Change]:
        """Corrections and withdrawals of the statement, each with what it says differently."""
        return list(changes(statements.told(self.actor, [self.row], self.today)[self.row.pk]))

    @property
    def findings(self) -> list[Finding]:
        """Findings whose figures the reader may see."""
        return [] if self.opened.withheld else statements.findings([self.row]).get(self.row.pk, [])
