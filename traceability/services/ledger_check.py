"""Rebuilds the whole ledger from its rows and names every difference, in memory that does not grow with it.

A row is told apart from what it is derived from: when the bytes of a statement were changed, the statement is named and
the tree still stands; when the tree was changed, the statements still stand and the tile, entry or checkpoint is named.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing
from typing import Final

from traceability.ledger import tiles
from traceability.ledger.merkle import HASH_BYTES, Frontier
from traceability.models import LogEntry, LogState, MapTile, Statement, Tile
from traceability.models.log_tiles import TileRows
from traceability.services.guard import configured_guard
from traceability.services.ledger_checkpoints import CheckpointCheck, Difference, check_guard, check_strays
from traceability.services.ledger_replay import Link, Replay, ScratchStore, links_of
from traceability.services.snapshots import snapshot

CHUNK = 1024

Progress = Callable[[int], None]
CHECKS: Final[list[Callable[[], Iterable[Difference]]]] = []
"""Checks of the rooms above, such as balances; config/wiring.py adds them. They run after the log itself."""


def check_ledger(progress: Progress = lambda done: None) -> Iterator[Difference]:
    """Every difference between the rows, the signed bytes in them, the tree, the heads map, and the guard.

    `progress` gets the number of entries that were seen. The log may grow meanwhile: one snapshot of it is checked.
    """
    held = configured_guard().read()  # before the snapshot: what the guard holds was in the database already
    with snapshot():
        with closing(ScratchStore()) as store:
            walk = _Walk(store)
            yield from walk.entries(progress)
            yield from walk.waiting()
            yield from walk.end()
        yield from check_strays()
        yield from check_guard(held)
        for check in CHECKS:
            yield from check()


class _Walk:
    """One walk over the log in order, with everything that is rebuilt on the way."""

    def __init__(self, store: ScratchStore) -> None:
        self.replay = Replay(store)
        self.frontier = Frontier()
        self.edge: dict[tuple[int, int], bytes] = {}
        self.last_kind = ""
        """Empty where the last leaf could not be read."""
        self.checkpoints = CheckpointCheck()

    def entries(self, progress: Progress) -> Iterator[Difference]:
        """The differences of entries, statements, links, tiles and checkpoints."""
        yield from self.checkpoints.upto(self.frontier, self.last_kind)
        while chunk := _entries_from(self.frontier.size):
            first, last = self.frontier.size, max(chunk)
            if last - first >= 2 * CHUNK:
                yield Difference(f"log index {first}", f"this entry and more are missing, up to {min(chunk)}")
                return
            rows = Statement.objects.in_bulk([entry.statement_id for entry in chunk.values()])
            links = links_of(rows)
            leaves = []
            for index in range(first, last + 1):
                leaves.append((yield from self._entry(index, chunk.get(index), rows, links)))
                self.frontier.append(leaves[-1])
                yield from self.checkpoints.upto(self.frontier, self.last_kind)
            yield from self._tiles(first, leaves)
            progress(self.frontier.size)

    def _entry(
        self, index: int, entry: LogEntry | None, rows: Mapping[int, Statement], links: Mapping[int, list[Link]]
    ) -> Generator[Difference, None, bytes]:
        """The leaf hash with which the tree goes on, whatever the differences are."""
        self.last_kind = ""
        if entry is None:
            yield Difference(f"log index {index}", "the entry is missing")
            return _leaf_in_tile(index)
        row = rows.get(entry.statement_id)
        if row is None:
            yield Difference(f"log index {index}", f"its statement {entry.statement_id} is missing")
            return bytes(entry.leaf_hash)
        found = list(self.replay.check(row, links.get(row.pk, []), index))
        if not found and bytes(entry.leaf_hash) != bytes(row.leaf_hash):
            found.append(f"the entry has the leaf hash {bytes(entry.leaf_hash).hex()}")
            entry.leaf_hash = row.leaf_hash
        yield from (Difference(f"log index {index}, statement {row.pk} ({row.kind})", what) for what in found)
        yield from self.checkpoints.seen(self.replay.seen)
        self.last_kind = row.kind
        return bytes(entry.leaf_hash)

    def _tiles(self, first: int, leaves: list[bytes]) -> Iterator[Difference]:
        written = tiles.grow(first, leaves, lambda tile: self.edge[tile.level or 0, tile.index])
        stored = TileRows([(tile.level or 0, tile.index) for tile in written]).stored
        for tile, hashes in written.items():
            place = (tile.level or 0, tile.index)
            self.edge.pop(place, None)
            if tile.width < tiles.FULL:
                self.edge[place] = hashes
            if stored.get(place, b"")[: len(hashes)] != hashes:
                yield Difference(tile.path, "the stored hashes are not those of the entries")

    def waiting(self) -> Iterator[Difference]:
        """The differences of statements that wait for their place."""
        seen, last = 0, 0
        while rows := Statement.objects.filter(waiting__isnull=False, id__gt=last).order_by("id")[:CHUNK]:
            links = links_of(row.pk for row in rows)
            for row in rows:
                for what in self.replay.check(row, links.get(row.pk, []), self.frontier.size + seen):
                    yield Difference(f"waiting statement {row.pk} ({row.kind})", what)
                yield from self.checkpoints.seen(self.replay.seen)
                seen, last = seen + 1, row.pk

    def end(self) -> Iterator[Difference]:
        """The differences that show only when everything was seen."""
        yield from self.checkpoints.left_over(self.frontier.size)
        state = LogState.objects.first()
        if state is None or (state.size, bytes(state.frontier)) != (self.frontier.size, self.frontier.to_bytes()):
            yield Difference("log state", f"it is not that of a tree of {self.frontier.size} leaves")
        yield from self._spare_tiles()
        yield from self._map()

    def _spare_tiles(self) -> Iterator[Difference]:
        expected = {tile.level or 0: tile for tile in tiles.touched_tiles(0, self.frontier.size)}
        for level, last in expected.items():
            rows = Tile.objects.filter(level=level)
            stored = bytes(rows.filter(number=last.index).values_list("hashes", flat=True).first() or b"")
            if rows.count() != last.index + 1 or len(stored) != last.width * HASH_BYTES:
                yield Difference(last.path, "this is not the end of the stored tiles of its level")
        if Tile.objects.exclude(level__in=expected).exists():
            yield Difference("tiles", "there are tiles on levels that the tree does not have")

    def _map(self) -> Iterator[Difference]:
        count = 0
        for row in MapTile.objects.order_by("prefix").iterator(CHUNK):
            count += 1
            prefix = bytes(row.prefix).decode()
            if self.replay.store.read_tiles([prefix]).get(prefix) != bytes(row.content):
                yield Difference(f"heads map tile {prefix or 'root'}", "it is not what the chains give")
        if count != len(self.replay.store):
            yield Difference("heads map", f"{count} tiles are stored, the chains give {len(self.replay.store)}")


def _entries_from(index: int) -> dict[int, LogEntry]:
    """The next entries by index."""
    return {entry.index: entry for entry in LogEntry.objects.filter(index__gte=index).order_by("index")[:CHUNK]}


def _leaf_in_tile(index: int) -> bytes:
    """The leaf hash that the tile still has of an entry that is missing."""
    number, at = divmod(index, tiles.FULL)
    stored = TileRows([(0, number)]).stored.get((0, number), b"")
    return stored[at * HASH_BYTES : (at + 1) * HASH_BYTES].ljust(HASH_BYTES, b"\0")
