"""What was signed over the log, compared with the log: checkpoints, the guard, and rows that belong to nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Exists, F, Max, OuterRef

from traceability.ledger import checkpoint
from traceability.ledger.errors import RecordError
from traceability.ledger.identifiers import digest_bytes
from traceability.ledger.merkle import EMPTY_ROOT, Frontier, TreeHead
from traceability.ledger.statement import Seen
from traceability.models import ChainLink, Checkpoint, LogState, QueueEntry, Statement
from traceability.selectors.log import verifier_keys
from traceability.services.guard import configured_guard


@dataclass(frozen=True, slots=True)
class Difference:
    """A row, and in what it is not what it must be."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class CheckpointCheck:
    """All checkpoints in the order in which they were signed, each compared when the tree has its size."""

    def __init__(self) -> None:
        self._keys = verifier_keys()
        self._rows = Checkpoint.objects.order_by("id").iterator()
        self._next = next(self._rows, None)
        self._newest: datetime | None = None
        self._found: Seen | None = None
        self._missing: set[int] = set()

    def upto(self, frontier: Frontier, last_kind: str) -> Iterator[Difference]:
        """The differences of the checkpoints over the tree so far; `last_kind` is the kind of its last leaf.

        The integrator signs the empty log, and the log after each `log.heads`, in the transaction that writes it.
        """
        size, signed = frontier.size, False
        while self._next and self._next.size <= size:
            signed = signed or self._next.size == size
            yield from _named(self._next, self._check(self._next, frontier.head(), last_kind))
            self._next = next(self._rows, None)
        if not signed and (last_kind == "log.heads" if size else LogState.objects.exists()):
            what = "log.heads" if size else "the opening of the log"
            yield from self._gone(size, f"it is missing; {what} was signed with it")

    def seen(self, seen: Seen | None) -> Iterator[Difference]:
        """The checkpoint that a statement says it has seen, where it is not there; each is named once."""
        if seen is None or seen == self._found or (seen.size, seen.root) == (0, f"sha256:{EMPTY_ROOT.hex()}"):
            return
        if Checkpoint.objects.filter(size=seen.size, root=digest_bytes(seen.root)).exists():
            self._found = seen
        else:
            yield from self._gone(seen.size, f"it is missing; statements have seen it with the root {seen.root}")

    def left_over(self, size: int) -> Iterator[Difference]:
        """The checkpoints over more leaves than there are."""
        while self._next:
            yield from _named(self._next, [f"the log has {size} entries"])
            self._next = next(self._rows, None)

    def _gone(self, size: int, what: str) -> Iterator[Difference]:
        if size not in self._missing:
            self._missing.add(size)
            yield Difference(f"checkpoint of size {size}", what)

    def _check(self, row: Checkpoint, head: TreeHead, last_kind: str) -> Iterator[str]:
        if row.size < head.size:
            yield "it stands after one of a larger size"
        elif bytes(row.root) != head.root:
            yield f"its root is {bytes(row.root).hex()}, that of the entries is {head.root.hex()}"
        elif head.size and last_kind not in ("", "log.heads"):
            yield f"its last leaf is {last_kind}, not log.heads"
        if self._newest and row.cosigned_at < self._newest:
            yield f"its time {row.cosigned_at} is before that of the one before it"
        self._newest = row.cosigned_at
        yield from self._check_note(row)

    def _check_note(self, row: Checkpoint) -> Iterator[str]:
        try:
            signed = checkpoint.verify_checkpoint(
                row.note.encode(), log_keys=self._keys[:2], cosigner_keys=self._keys[2:]
            )
        except RecordError as error:
            yield f"note: {error}"
            return
        if signed.keys != frozenset(self._keys):
            yield "note: not all keys of the log signed it"
        expected = checkpoint.Checkpoint(settings.LODESTONE_LOG_ORIGIN, TreeHead(row.size, bytes(row.root)))
        if (signed.checkpoint, signed.cosigned_at) != (expected, int(row.cosigned_at.timestamp())):
            yield "note: it states another origin, size, root or time than the row"


def check_guard(held: str | None) -> Iterator[Difference]:
    """The differences between what the guard held before the rows were read and what was published."""
    published = LogState.objects.values_list("published", flat=True).first()
    ours = Checkpoint.objects.filter(note=held).values_list("id", flat=True).last()
    if published is None:
        yield Difference("log state", "no checkpoint is published")
    elif held is None:
        yield Difference("guard", "it is empty, though checkpoints were published")
    elif ours is None:
        yield Difference("guard", "it holds a checkpoint that this database does not have")
    elif ours < published and configured_guard().read() == held:
        yield Difference("guard", f"it holds checkpoint {ours}, which is older than the published {published}")


def check_strays() -> Iterator[Difference]:
    """The rows that no other row leads to, or that lead to none."""
    for row in Statement.objects.filter(entry=None, waiting=None).iterator():
        yield Difference(f"statement {row.pk} ({row.kind})", "it is neither in the log nor in the queue")
    for twice in QueueEntry.objects.filter(statement__entry__isnull=False).iterator():
        yield Difference(f"statement {twice.pk}", "it is in the log and in the queue")
    no_statement = ~Exists(Statement.objects.filter(pk=OuterRef("statement_id")))
    for entry in QueueEntry.objects.filter(no_statement).iterator():
        yield Difference(f"queue entry {entry.pk}", "its statement is missing")
    for link in ChainLink.objects.filter(no_statement).iterator():
        yield Difference(f"link {link.pk} of urn:uuid:{link.subject}", f"its statement {link.statement_id} is missing")
    chains = ChainLink.objects.values("subject").annotate(count=Count("id"), top=Max("seq"))
    for chain in chains.exclude(count=F("top") + 1).iterator():
        yield Difference(
            f"chain of urn:uuid:{chain['subject']}",
            f"{chain['count']} links up to place {chain['top']}: one is missing",
        )


def _named(row: Checkpoint, found: "Iterator[str] | list[str]") -> Iterator[Difference]:
    return (Difference(f"checkpoint {row.pk} of size {row.size}", what) for what in found)
