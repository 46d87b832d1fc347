"""The world of acceptance/world.py as a bundle shows it: built up statement by statement in log order."""

from collections import ChainMap
from collections.abc import Iterable, MutableMapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from traceability.acceptance.decide import Decision, Ruling
from traceability.acceptance.versions import newer
from traceability.acceptance.world import AccountRecord, Body, Effective, Facility, ForeignLot, Head, LotRecord
from traceability.ledger.custody import LotCustody
from traceability.ledger.errors import RecordError
from traceability.ledger.keys import KeyRing
from traceability.ledger.statement import Statement
from traceability.material.composition import parse_lot, rows_of
from traceability.material.step import OTHER_STAGE
from traceability.material.stock import created


@dataclass(slots=True)
class BundleWorld:
    """Everything that was accepted before the statement in question, as far as the bundle carries it.

    `seen` are the subjects whose chains it must carry whole, `carried` the digests of all its statements.
    """

    origin: str = ""
    operator: str = ""
    seen: set[str] = field(default_factory=set)
    carried: frozenset[str] = frozenset()
    heads: dict[str, Head] = field(default_factory=dict)
    lots: MutableMapping[str, LotRecord] = field(default_factory=dict)
    accounts: dict[str, AccountRecord] = field(default_factory=dict)
    beside: dict[str, LotRecord] = field(default_factory=dict)  # lots made by the same steps, but not seen
    rings: dict[str, KeyRing] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    facilities: dict[str, Facility] = field(default_factory=dict)
    versions: dict[str, Effective] = field(default_factory=dict)
    foreigns: dict[str, ForeignLot] = field(default_factory=dict)  # by the digest of the bundle that proves them
    accepted: set[str] = field(default_factory=set)
    said_of: dict[str, list[str]] = field(default_factory=dict)
    originals: dict[str, str] = field(default_factory=dict)  # by the digest of a correction

    # What a decision reads.

    def sees(self, subject: str) -> bool:
        return subject in self.seen

    def head(self, subject: str) -> Head | None:
        return self.heads.get(subject)

    def lot(self, urn: str) -> LotRecord | None:
        return self.lots.get(urn)

    def account(self, urn: str) -> AccountRecord | None:
        return self.accounts.get(urn)

    def foreign(self, bundle: str, importer: str) -> ForeignLot | None:
        return self.foreigns.get(bundle)

    def ring(self, organisation: str) -> KeyRing | None:
        return self.rings.get(organisation)

    def owner_of_key(self, key: str) -> str | None:
        return self.owners.get(key)

    def facility(self, urn: str) -> Facility | None:
        return self.facilities.get(urn)

    def effective(self, digest: str) -> Effective | None:
        return self.versions.get(digest)

    def effective_version(self, digest: str) -> Effective | None:
        """By the digest of its newest version, original or correction; None for a version that was replaced."""
        found = self.versions.get(self.originals.get(digest, digest))
        return None if found is None or found.withdrawn or found.newest != digest else found

    def with_siblings(self) -> "BundleWorld":
        """The same picture with the lots beside: a step is computed with all its outputs."""
        return replace(self, lots=ChainMap(self.lots, self.beside))

    def knows(self, digest: str) -> bool:
        """What the bundle does not carry may well be in the log: nothing here says otherwise."""
        return digest in self.accepted or digest not in self.carried

    def history(self, subject: str) -> Sequence[Effective]:
        return [self.versions[digest] for digest in self.said_of.get(subject, ())]

    def steps_in_process(self, facility: str) -> Sequence[Effective] | None:
        """A bundle carries the steps of its lots, not all steps of a facility."""
        return None

    def with_version(self, statement: Statement, opened: Body) -> "BundleWorld":
        named = str(opened.get("replaces") or opened.get("voids"))
        before = self.versions.get(named)
        if before is None:
            return self
        return replace(self, versions={**self.versions, named: newer(before, statement, opened)})

    # What the replay does to it.

    def rule(self, ruling: Ruling, unseen: Iterable[Head] = ()) -> None:
        """Takes in what the open fields of a statement decided; `unseen`: heads of chains that were lost sight of."""
        for head in (*ruling.heads, *unseen):
            self.heads[head.subject] = head
        if ruling.ring is not None:
            self.rings[ruling.ring.organisation] = ruling.ring
            self.owners |= dict.fromkeys(ruling.ring.keys, ruling.ring.organisation)

    def lose_sight(self, head: Head) -> None:
        """After a kind that is not known here nothing is known of a subject but its chain."""
        self.heads[head.subject] = head
        self.seen.discard(head.subject)
        known = self.lots.get(head.subject)
        if known is not None:
            self.lots[head.subject] = replace(known, stock=None)

    def lose_matter(self, statement: Statement, ruling: Ruling) -> None:
        """Takes in the custody of a statement whose masses cannot be: the accounts of its lots are unknown then."""
        for urn, custody in ruling.lots.items():
            known = self.lots.get(urn) or LotRecord(custody, OTHER_STAGE, statement.occurred_to, None)
            kept = known.stock if statement.kind.startswith("account.") else None
            self.lots[urn] = replace(known, custody=custody, stock=kept)
        account = self.accounts.get(str(statement.body.get("account")))
        if account is not None:
            self.accounts[account.urn] = replace(account, at=statement.occurred_to, state=None)

    def accept(self, statement: Statement, opened: Body, decision: Decision, *, whole: bool) -> None:
        """Takes in a statement with its matter; `whole`: no value that the rules need is withheld."""
        self.lots.update(decision.lots)
        self.accounts.update(decision.accounts)
        self.say(statement, opened, whole=whole)
        if statement.kind == "lot.transform" and whole:
            with suppress(RecordError):  # what was not balanced here need not even be a lot
                self._look_beside(statement, opened)

    def say(self, statement: Statement, opened: Body, *, whole: bool) -> None:
        """Makes a statement known to the later ones."""
        self.accepted.add(statement.digest)
        if statement.kind in ("statement.correct", "statement.void"):
            self._take_version(statement, opened, whole=whole)
            return
        self.versions[statement.digest] = Effective(
            statement, statement.digest, statement.occurred_from, statement.occurred_to, opened, whole=whole
        )
        for chain in statement.chains:
            if chain.role != "subject" or statement.kind.startswith(("account.", "declaration.")):
                self.said_of.setdefault(chain.subject, []).append(statement.digest)
        if statement.kind == "facility.register":
            self._take_facility(statement.issuer, opened)

    def _look_beside(self, made_by: Statement, opened: Body) -> None:
        """Keeps what a step made beside the lots that are seen; parts of a split are all of one composition."""
        rows = {str(row["lot"]): row for row in rows_of(opened, "outputs", "/body")}
        seen = [self.lots[urn].made for urn in rows if urn in self.lots]
        inherited = next((account.composition for account in seen if account is not None), None)
        for urn, row in rows.items():
            if urn not in self.seen:
                lot = parse_lot(row, path="/body/outputs")
                custody = LotCustody(urn, lot.material, made_by.issuer, made_by.issuer, made_by.digest)
                composition = lot.composition if made_by.process else inherited
                account = created(urn, lot.mass_kg, composition)
                self.beside[urn] = LotRecord(custody, lot.stage, made_by.occurred_to, None, made=account)

    def _take_version(self, statement: Statement, opened: Body, *, whole: bool) -> None:
        named = str(opened.get("replaces") or opened.get("voids"))
        after = newer(self.versions[named], statement, opened, whole=whole)
        self.versions[named] = after
        self.originals[statement.digest] = named
        if after.original.kind == "lot.transform" and whole and not after.withdrawn:
            with suppress(RecordError):
                self._look_beside(after.original, after.body)
        if after.original.kind == "facility.register":
            self._take_facility(statement.issuer, after.body, withdrawn=after.withdrawn)

    def _take_facility(self, organisation: str, body: Body, *, withdrawn: bool = False) -> None:
        urn = str(body["facility"])
        self.facilities[urn] = Facility(urn, organisation, str(body["country"]), withdrawn)
