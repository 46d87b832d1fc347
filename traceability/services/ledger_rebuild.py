"""Writes the tiles of the tree and of the heads map anew from the append-only rows, after damage or for another cut."""

from collections.abc import Iterator

from django.db import transaction

from traceability.ledger import tiles
from traceability.ledger.envelope import parse_envelope
from traceability.ledger.errors import RecordError
from traceability.ledger.headsmap import HeadsMap
from traceability.ledger.headsproof import EMPTY, Head
from traceability.ledger.merkle import Frontier, TreeHead
from traceability.ledger.statement import parse_statement
from traceability.models import ChainLink, Checkpoint, LogEntry, LogState, MapTile, Statement, Tile
from traceability.models.log_tiles import MapRows, TileRows, write_tiles

CHUNK = 10_000


class RowsDisagree(RecordError):
    """Entries and links that do not give what was signed over them."""

    code = "ledger_rows_disagree"


def rebuild_tiles() -> None:
    """Replaces all tiles; changes nothing when entries and links do not give the newest checkpoint and its heads."""
    with transaction.atomic(durable=True):
        LogState.objects.select_for_update().get()
        Tile.objects.all().delete()
        MapTile.objects.all().delete()
        frontier = _write_tree()
        LogState.objects.update(size=frontier.size, frontier=frontier.to_bytes())
        newest = Checkpoint.objects.latest("id")
        if frontier.head() != TreeHead(newest.size, bytes(newest.root)) or _write_map() != _signed_root(newest.size):
            raise RowsDisagree(
                "The rows do not give what was signed: `manage.py verify_ledger` names the ones at fault."
            )


def _write_tree() -> Frontier:
    frontier = Frontier()
    rows = LogEntry.objects.order_by("index").values_list("leaf_hash", flat=True)
    while leaves := [bytes(leaf) for leaf in rows.filter(index__gte=frontier.size)[:CHUNK]]:
        write_tiles(tiles.grow(frontier.size, leaves, TileRows().read_tile))
        frontier.extend(leaves)
    return frontier


def _write_map() -> bytes:
    """The root of the heads map, after it was written."""
    root, heads_map = EMPTY, HeadsMap(MapRows())
    for heads in _heads():
        root = heads_map.update(heads)
    return root


def _heads() -> Iterator[dict[str, Head]]:
    """The newest head of every subject that a logged statement advances, in parts."""
    links = ChainLink.objects.filter(statement__entry__isnull=False).order_by("subject", "seq")
    found: dict[str, Head] = {}
    for subject, seq, custody_hash in links.values_list("subject", "seq", "custody_hash").iterator(CHUNK):
        urn = f"urn:uuid:{subject}"
        if len(found) == CHUNK and urn not in found:
            yield found
            found = {}
        found[urn] = Head(seq + 1, f"sha256:{bytes(custody_hash).hex()}")
    if found:
        yield found


def _signed_root(size: int) -> bytes:
    """The root in the `log.heads` that is the last of so many leaves."""
    if not size:
        return EMPTY
    stored = bytes(Statement.objects.get(entry__index=size - 1).envelope)
    return bytes.fromhex(str(parse_statement(parse_envelope(stored).payload).body["root"])[7:])
