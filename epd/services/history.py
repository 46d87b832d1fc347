"""Checks of everything behind a declaration: every statement of every lot that went into it, recomputed on this server.

They read all values, also those that no reader of the page may see, and give back words and counts only. The server's
word is worth what the server is worth; whoever needs more verifies the audit bundle of the lot offline.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from django.core.cache import cache
from django.db.models import Max

from epd.lca.rollup import NoInventory
from epd.models import Declaration
from epd.services import checks, results
from epd.services.checked import Checked, History, Word
from epd.services.checks import Criteria, Outcome
from epd.services.references import lots_of, results_named
from epd.services.unrecorded import MOST_LOTS, UNRECORDED
from traceability.acceptance.accounts import Past
from traceability.acceptance.making import balance_again
from traceability.acceptance.world import Effective
from traceability.ledger.envelope import parse_envelope
from traceability.ledger.errors import RecordError
from traceability.ledger.statement import Statement as Parsed
from traceability.ledger.statement import custody_hash, parse_header
from traceability.material.balance import Balance, Verdict
from traceability.models import ChainLink, Checkpoint, Disclosure, KeyEntry, Lot, Statement
from traceability.selectors import log, statements
from traceability.selectors.lineage import UP, Lineage, lineage
from traceability.services import rows_world
from traceability.services.rows_world import RowsWorld, urn_of

KEPT_S = 600
_TOO_LONG = "The history has too many lots to check here. Verify the audit bundle offline."
ANSWERS = ("lot.receive", "lot.reject", "lot.dispatch_cancel")
PROVEN_ORIGINS = ("mined", "post_consumer", "pre_consumer")


class HistoryTooLong(RecordError):
    """More lots than a page can check while somebody waits."""

    code = "history_too_long"


def of_declaration(declaration: Declaration) -> History:
    """The checks of a declaration and of the whole history of its lot; kept for a while until its chains grow."""
    run = _Checks(declaration, _newest_checkpoint())
    place = f"history:{declaration.pk}:{run.newest_link()}"
    kept: History | None = cache.get(place)
    if kept is None:
        kept = run.run()
        if kept.holds("in_log"):
            cache.set(place, kept, KEPT_S)
    return kept


def _newest_checkpoint() -> Checkpoint | None:
    try:
        return log.newest_checkpoint()
    except log.LogNotOpen:
        return None


@dataclass
class _Checks:
    """One run of all checks over the rows, read once."""

    declaration: Declaration
    checkpoint: Checkpoint | None
    world: RowsWorld = field(default_factory=rows_world.reader)

    def run(self) -> History:
        if len(self.lots) > MOST_LOTS:
            raise HistoryTooLong(_TOO_LONG)
        found = (
            *self._identity(),
            *self._integrity(),
            *self._completeness(),
            *self._matter(),
            *self._method(),
            self._current(),
        )
        return History(
            checks=tuple(found),
            lots=len(self.lots) - len(self.roots),
            sources=sum(1 for lot in self.lots if lot.origin),
            countries=len({lot.country for lot in self.lots if lot.country}),
            organisations=len({lot.maker_id for lot in self.lots}),
            steps=len(self.steps),
            size=self.checkpoint.size if self.checkpoint else None,
        )

    # What is read

    def newest_link(self) -> int:
        """Grows whenever something is said of the declaration or of a lot of its history."""
        subjects = [self.declaration.pk, *self.roots, *(lot for up in self.ups for lot in up.lots(MOST_LOTS))]
        return ChainLink.objects.filter(subject__in=subjects).aggregate(newest=Max("pk"))["newest"] or 0

    @cached_property
    def roots(self) -> list[UUID]:
        """The lot of the declaration, or all lots of a reference."""
        one = self.declaration.lot_id
        return [lot.pk for lot in lots_of(self.declaration)] if one is None else [one]

    @cached_property
    def ups(self) -> list[Lineage]:
        return [lineage(root, UP) for root in self.roots]

    @cached_property
    def lots(self) -> list[Lot]:
        if max(map(len, self.ups), default=0) > MOST_LOTS:
            raise HistoryTooLong(_TOO_LONG)
        found = {*self.roots, *(lot for up in self.ups for lot in up.lots())}
        return list(Lot.objects.filter(pk__among=found))

    @cached_property
    def links(self) -> list[ChainLink]:
        subjects = [lot.pk for lot in self.lots]
        rows = ChainLink.objects.filter(subject__in=subjects).select_related("statement")
        return list(rows.order_by("subject", "seq"))

    @cached_property
    def rows(self) -> list[Statement]:
        """Every statement on the chains of the lots, and the declaration's own."""
        own = Statement.objects.filter(links__subject=self.declaration.pk)
        found = {row.pk: row for row in (*(link.statement for link in self.links), *own)}
        return [found[pk] for pk in sorted(found)]

    @cached_property
    def proofs(self) -> statements.Proofs:
        return statements.check_proofs(self.rows)

    @cached_property
    def steps(self) -> list[Effective]:
        """The transforms with process that made one of the lots, in their newest versions."""
        made = Statement.objects.filter(lots_made__in=self.lots, kind="lot.transform").distinct()
        return [one for one in rows_world.effective_versions(list(made)) if one.original.process]

    @cached_property
    def results(self) -> list[Effective]:
        """The result that the declaration names, and all results that it was computed from."""
        found: dict[str, Effective] = {}
        waiting = results_named(self.body)
        while waiting:
            digest = waiting.pop()
            one = self.world.effective_version(digest)
            if one is None or digest in found:
                continue
            found[digest] = one
            source = one.body["computed_from"]
            named = source.get("results", []) if isinstance(source, dict) else []
            waiting += [str(row["statement"]) for row in named]
        return list(found.values())

    @cached_property
    def body(self) -> Mapping[str, object]:
        return rows_world.effective_versions([self.declaration.statement])[0].body

    # Identity

    def _identity(self) -> Iterable[Checked]:
        unsigned = [pk for pk, proof in self.proofs.by_row.items() if not proof.signed]
        yield _check(
            "signatures", "Identity", "Signatures", not unsigned,
            f"All {_many(len(self.rows), 'statement')} carry signatures that match their bytes and keys.",
            f"{_many(len(unsigned), 'signature')} of {len(self.rows)} do not match.",
        )  # fmt: skip
        issuers = {row.issuer for row in self.rows}
        registered = self._registered(issuers)
        late = [row for row in self.rows if registered.get(row.issuer, row.pk) >= row.pk]
        yield _check(
            "issuers", "Identity", "Issuers", not late,
            f"{_many(len(issuers), 'organisation')} registered before they signed.",
            f"{_many(len(late), 'statement')} by an issuer that had not registered.",
        )  # fmt: skip
        yield self._keys(issuers)

    def _registered(self, issuers: set[UUID]) -> dict[UUID, int]:
        rows = Statement.objects.filter(kind="organisation.register", issuer__in=issuers)
        return dict(rows.values_list("issuer", "pk"))

    def _keys(self, issuers: set[UUID]) -> Checked:
        owned = {bytes(one.key_id): one for one in KeyEntry.objects.filter(organisation__in=issuers)}
        wrong = [row for row in self.rows if not _was_in_force(owned.get(bytes(row.key_id)), row)]
        doubtful = [one for one in statements.signing_keys(self.rows).values() if one.in_doubt]
        platform = [one for one in statements.signing_keys(self.rows).values() if one.held_by == "platform"]
        if wrong or doubtful:
            said = f"{_many(len(wrong), 'key')} not in force, {len(doubtful)} later called compromised."
            return Checked("keys", "Identity", "Keys in force", Word.FAIL if wrong else Word.WARN, said)
        said = "Each key was in force at the place in the log of what it signed."
        held = f"The platform holds the keys of {_many(len(platform), 'signature')} for the organisation."
        return Checked("keys", "Identity", "Keys in force", Word.PASS, f"{said} {held}" if platform else said)

    # Integrity

    def _integrity(self) -> Iterable[Checked]:
        broken = _broken_chains(self.links)
        yield _check(
            "chains", "Integrity", "Chain of each lot", not broken,
            f"{_many(len(self.lots), 'lot')}, no gap in their statements, each names the one before.",
            f"{_many(len(broken), 'lot')} with a gap or a wrong hash.",
        )  # fmt: skip
        yield self._in_log()
        documents = sum(len(_evidence(row)) for row in self.rows)
        if documents:
            said = f"{_many(documents, 'document')} named by digest. Their content is compared in the offline check."
            yield Checked("documents", "Integrity", "Documents", Word.NOT_ESTABLISHED, said)
        else:
            yield Checked("documents", "Integrity", "Documents", Word.NOT_APPLICABLE, "No document is named.")
        said = "No witness outside this server signs the checkpoints, so nobody else vouches for them."
        yield Checked("witness", "Integrity", "Independent witness", Word.NOT_ESTABLISHED, said)

    def _in_log(self) -> Checked:
        title, found = "In the log", self.proofs.by_row.values()
        waiting = [one for one in found if one.index is None]
        wrong = [one for one in found if one.index is not None and not one.included]
        if wrong:
            said = f"{_many(len(wrong), 'statement')} not proven at their place in the log."
            return Checked("in_log", "Integrity", title, Word.FAIL, said)
        if waiting or self.checkpoint is None:
            said = f"{_many(len(waiting), 'statement')} not under a checkpoint yet. Ask again in a minute."
            return Checked("in_log", "Integrity", title, Word.NOT_ESTABLISHED, said)
        size = self.checkpoint.size
        said = f"Inclusion of {_many(len(self.rows), 'statement')} recomputed against the checkpoint of size {size}."
        return Checked("in_log", "Integrity", title, Word.PASS, said)

    # Completeness

    def _completeness(self) -> Iterable[Checked]:
        sources = [lot for lot in self.lots if lot.origin]
        unproven = [lot for lot in sources if lot.origin not in PROVEN_ORIGINS]
        known = [lot.pk for lot in self.lots]
        made = {edge.child for up in self.ups for edge in up.edges(known)}
        lost = [lot for lot in self.lots if lot.pk not in made and not lot.origin]
        word = Word.FAIL if lost else Word.WARN if unproven else Word.PASS
        said = {
            Word.PASS: f"Every path ends at a mine or at collected scrap: {_many(len(sources), 'source')}.",
            Word.WARN: f"{_many(len(unproven), 'source')} without proven origin: bought elsewhere, or old stock.",
            Word.FAIL: f"{_many(len(lost), 'lot')} without anything that went into them.",
        }  # fmt: skip
        yield Checked("sources", "Completeness", "Back to the source", word, said[word])
        yield self._receipts()
        yield self._withheld()

    def _receipts(self) -> Checked:
        kinds: dict[UUID, list[str]] = {}
        for link in self.links:
            kinds.setdefault(link.subject, []).append(link.statement.kind)
        sent = sum(chain.count("lot.dispatch") for chain in kinds.values())
        open_ = sum(
            kind == "lot.dispatch" and not any(one in ANSWERS for one in chain[at + 1 :])
            for chain in kinds.values()
            for at, kind in enumerate(chain)
        )
        title = "Receipts"
        if not sent:
            return Checked("receipts", "Completeness", title, Word.NOT_APPLICABLE, "Nothing changed hands.")
        if open_:
            said = f"{sent - open_} of {sent} dispatches are answered. {open_} is not yet received."
            return Checked("receipts", "Completeness", title, Word.WARN, said)
        return Checked("receipts", "Completeness", title, Word.PASS, f"All {sent} dispatches are answered.")

    def _withheld(self) -> Checked:
        places = Disclosure.objects.filter(statement__in=self.rows)
        number, gone = places.count(), places.filter(text=None).count()
        title = "Withheld values"
        if gone:
            said = f"{_many(gone, 'confidential value')} of {number} erased for ever, or never given to this server."
            return Checked("withheld", "Completeness", title, Word.NOT_ESTABLISHED, said)
        said = f"{_many(number, 'value')} confidential, each with its digest in the signed bytes. None is missing here."
        return Checked("withheld", "Completeness", title, Word.PASS, said)

    # Matter

    def _matter(self) -> Iterable[Checked]:
        yield self._balances()
        yield self._recomputed

    def _balances(self) -> Checked:
        """A step that was not evaluated is counted as such: of it nothing is proven."""
        title, steps = "Element balance", len(self.steps)
        if not steps:
            return Checked("balance", "Matter", title, Word.NOT_APPLICABLE, "No step could be balanced here.")
        balances = [self._balance(step) for step in self.steps]
        verdicts = [row.verdict for one in balances if one for row in one.elements.values()]
        created, odd = verdicts.count(Verdict.REFUSED), verdicts.count(Verdict.WARNING)
        balanced = sum(1 for one in balances if one is not None and one.is_evaluated)
        number = sum(verdict is not Verdict.NOT_EVALUATED for verdict in verdicts)
        said = f"{_many(number, 'balance')} in {_many(steps, 'step')} recomputed."
        if balanced < steps and not created:
            said = f"{balanced} of {steps} steps balanced."
        left = steps - balanced
        word, more = (
            (Word.FAIL, f"More comes out than went in: {created}.") if created
            else (Word.NOT_ESTABLISHED, f"Not evaluated because an assay or a value is missing: {left}.") if left
            else (Word.WARN, f"A difference beyond the uncertainty: {odd}; none creates matter.") if odd
            else (Word.PASS, "None creates matter.")
        )  # fmt: skip
        return Checked("balance", "Matter", title, word, f"{said} {more}")

    def _balance(self, step: Effective) -> Balance | None:
        try:
            return balance_again(step, Past(self.world))
        except RecordError:
            return None

    @cached_property
    def _recomputed(self) -> Checked:
        """Shares and recycled content are members of the results, which are compared string by string."""
        title = "Shares and recycled content"
        if not self.results:
            return Checked("shares", "Matter", title, Word.NOT_ESTABLISHED, "The signed result was corrected since.")
        if self._wrong_results:
            return Checked("shares", "Matter", title, Word.FAIL, self._wrong_results[0].sentence)
        said = (
            f"Recomputed in {_many(len(self.results) - self._unrecorded, 'result')}, tier by tier. Equal to the claim."
        )
        return Checked("shares", "Matter", title, Word.PASS, said)

    @cached_property
    def _refusals(self) -> list[RecordError]:
        found = []
        for one in self.results:
            try:
                results.check_result(one.original, one.body, self.world)
            except RecordError as error:
                found.append(error)
        return found

    @property
    def _wrong_results(self) -> list[RecordError]:
        return [one for one in self._refusals if not isinstance(one, NoInventory)]

    @property
    def _unrecorded(self) -> int:
        """How many results are of a step without inventory: those cannot be recomputed, here as offline."""
        return len(self._refusals) - len(self._wrong_results)

    # Method and validity

    def _method(self) -> Iterable[Checked]:
        verdict = checks.check_declaration(self.declaration, Criteria(verified=True))
        by_id = {one.id: one for one in verdict.checks}
        title = "Declared figures"
        if by_id["figures"].outcome is not Outcome.PASS:
            yield Checked("figures", "Method", title, Word.FAIL, by_id["figures"].sentence)
        elif self._wrong_results or not self.results:
            said = "The figures repeat the signed result, but that cannot be recomputed from what it names."
            yield Checked("figures", "Method", title, Word.FAIL, said)
        elif self._unrecorded:
            yield Checked("figures", "Method", title, Word.WARN, UNRECORDED)
        else:
            said = "Recomputed from inventories and factors through every tier, equal to the last digit."
            yield Checked("figures", "Method", title, Word.PASS, said)
        said = by_id["verified"].sentence
        if not self.declaration.verifier:
            said = f"{said} Without it this is not an EPD."
        yield Checked("verified", "Method", "Independent verification", Word.NOT_ESTABLISHED, said)
        yield Checked("pcr", "Method", "Product category rules", Word.NOT_APPLICABLE, "None is claimed.")

    def _current(self) -> Checked:
        title, one = "Current", self.declaration
        if one.status != Declaration.Status.PUBLISHED:
            said = f"The declaration was {one.status}: {one.reason}"
            return Checked("current", "Validity", title, Word.FAIL, said)
        newest = results.newest_result(self.lot_urn) if "lot" in self.body else ("", None)
        published = f"Published {one.published_at.date()}; neither withdrawn nor superseded."
        if newest is None or newest[0] != self.body.get("result", ""):
            said = f"{published} But the maker has signed a newer result: the figures are stale."
            return Checked("current", "Validity", title, Word.WARN, said)
        return Checked("current", "Validity", title, Word.PASS, published)

    @property
    def lot_urn(self) -> str:
        return str(self.body["lot"])


def _check(id: str, group: str, title: str, holds: bool, said: str, otherwise: str) -> Checked:
    return Checked(id, group, title, Word.PASS if holds else Word.FAIL, said if holds else otherwise)


def _was_in_force(key: KeyEntry | None, row: Statement) -> bool:
    if key is None or key.organisation_id != row.issuer:
        return False
    return key.since_id <= row.pk and (key.ended_id is None or key.ended_id >= row.pk)


def _broken_chains(links: Sequence[ChainLink]) -> set[UUID]:
    """The lots whose chain has a gap, does not name the hash before, or has a hash that does not follow."""
    broken: set[UUID] = set()
    before: dict[UUID, tuple[int, str | None]] = {}
    for link in links:
        number, previous = before.get(link.subject, (-1, None))
        statement, urn = _parsed(link.statement), urn_of(link.subject)
        chain = statement.chain(urn)
        named = None if chain is None else (chain.seq, chain.previous)
        hash_ = custody_hash(urn, link.seq, statement.digest)
        if named != (number + 1, previous) or hash_ != "sha256:" + bytes(link.custody_hash).hex():
            broken.add(link.subject)
        before[link.subject] = (link.seq, hash_)
    return broken


def _evidence(row: Statement) -> Sequence[object]:
    content = _parsed(row).content.get("evidence")
    return content if isinstance(content, list) else []


def _parsed(row: Statement) -> Parsed:
    return parse_header(parse_envelope(bytes(row.envelope)).payload)


def _many(number: int, word: str) -> str:
    return f"{number} {word if number == 1 else word + 's'}"
