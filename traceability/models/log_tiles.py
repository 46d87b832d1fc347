"""The hashes from which proofs are made: tiles of the tree and of the heads map, one row each.

They follow from the append-only rows and can be rebuilt; `verify_ledger` does so and compares. Written in bulk and in
the driver's binary form, because every batch of the integrator waits for it.
"""

import json
from collections.abc import Collection, Mapping

from django.db import connection, models
from django.db.models import Q

from traceability.ledger import tiles
from traceability.ledger.merkle import HASH_BYTES
from traceability.models.bulk import fetch_rows, write_rows


class Tile(models.Model):
    """Up to 256 hashes of complete subtrees of the log, as c2sp.org/tlog-tiles cuts them."""

    pk = models.CompositePrimaryKey("level", "number")
    level = models.SmallIntegerField()
    number = models.BigIntegerField()
    hashes = models.BinaryField()

    def __str__(self) -> str:
        return f"tile {self.level}/{self.number}"


class MapTile(models.Model):
    """A tile of the heads map (ledger/headsmap.py), by its prefix of ASCII hexadecimal digits."""

    prefix = models.BinaryField(primary_key=True, max_length=64)
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"heads {bytes(self.prefix).decode()}"


class TileRows:
    """Tiles of the tree, read at the width that is asked for: a stored tile may have grown since."""

    def __init__(self, at_once: Collection[tuple[int, int]] = ()) -> None:
        """Reads the tiles at these (level, number) in one query; others one by one when they are asked for."""
        wanted = Q()
        for level in {level for level, _ in at_once}:
            wanted |= Q(level=level, number__in=[number for other, number in at_once if other == level])
        rows = Tile.objects.filter(wanted).values_list("level", "number", "hashes") if at_once else ()
        self.stored = {(level, number): bytes(hashes) for level, number, hashes in rows}

    def read_tile(self, tile: tiles.Tile) -> bytes:
        """The hashes of this tile."""
        place = (tile.level or 0, tile.index)
        if place not in self.stored:
            self.stored[place] = bytes(Tile.objects.values_list("hashes", flat=True).get(pk=place))
        return self.stored[place][: tile.width * HASH_BYTES]


def write_tiles(written: Mapping[tiles.Tile, bytes]) -> None:
    """Keeps these tiles of the tree in the place of narrower ones."""
    write_rows(_WRITE_TILES, [(tile.level or 0, tile.index, hashes) for tile, hashes in written.items()])


class MapRows:
    """The `MapStore` of the heads map."""

    def read_tiles(self, prefixes: Collection[str]) -> Mapping[str, bytes]:
        """The stored tile of each of these prefixes that has one."""
        names = [prefix.encode() for prefix in prefixes] if connection.vendor == "postgresql" else _json(prefixes)
        return {prefix.decode(): content for prefix, content in fetch_rows(_READ_MAP[connection.vendor], [names])}

    def write_tiles(self, tiles: Mapping[str, bytes]) -> None:
        """Keeps these tiles in the place of those with the same prefix."""
        write_rows(_WRITE_MAP, [(prefix.encode(), content) for prefix, content in tiles.items()])


def _json(prefixes: Collection[str]) -> str:
    return json.dumps(list(prefixes))


_WRITE_TILES = {
    "postgresql": """
        INSERT INTO traceability_tile (level, number, hashes)
        SELECT * FROM unnest(%b::smallint[], %b::bigint[], %b::bytea[])
        ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes
    """,
    "sqlite": """
        INSERT INTO traceability_tile (level, number, hashes) VALUES (%s, %s, %s)
        ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes
    """,
}
_READ_MAP = {
    "postgresql": "SELECT prefix, content FROM traceability_maptile WHERE prefix = ANY(%b)",
    "sqlite": """
        SELECT prefix, content FROM traceability_maptile
        WHERE prefix IN (SELECT CAST(value AS BLOB) FROM json_each(%s))
    """,
}
_WRITE_MAP = {
    "postgresql": """
        INSERT INTO traceability_maptile (prefix, content) SELECT * FROM unnest(%b::bytea[], %b::bytea[])
        ON CONFLICT (prefix) DO UPDATE SET content = excluded.content
    """,
    "sqlite": """
        INSERT INTO traceability_maptile (prefix, content) VALUES (%s, %s)
        ON CONFLICT (prefix) DO UPDATE SET content = excluded.content
    """,
}
