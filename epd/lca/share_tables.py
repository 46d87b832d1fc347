"""Shares as they are signed: a table of at most 100 rows, above that its count and root (`lodestone-shares/1`).

The root is the RFC 6962 root over the canonical bytes of the rows, in the order of the table; the table then travels
with the goods, beside the statement: as a file of canonical bytes that its root names.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from epd.lca.members import BadResult, Body, Row, number, rows, text, word
from epd.lca.shares import MAX_ROWS, LotShares
from traceability.ledger.canonical import encode, parse_list
from traceability.ledger.merkle import leaf_hash, root_of
from traceability.ledger.quantity import format_computed
from traceability.material.shares import Source, SourceClass

BASIS: Final = "total_rare_earths"
"""What totals, classes, countries and recycled content are shares of: the rare earths of the lot, not the lot."""

TABLES: Final = ("elements", "totals", "sources")
MAX_TABLE_BYTES: Final = 64 << 20

Tables = Mapping[str, Sequence[Body]]
"""Tables that stand outside the body, by their root."""


class TableMissing(BadResult):
    """A table stands outside the body and is not at hand."""

    code = "table_missing"


class TableMismatch(BadResult):
    """A table that travels with the goods is not the one that was signed."""

    code = "table_mismatch"


def shares_to_body(shares: LotShares) -> Row:
    """The shares of a lot as the member `shares` of its result."""
    recycled = shares.recycled
    tables = {"elements": element_rows(shares), "totals": total_rows(shares), "sources": source_rows(shares)}
    return {
        "basis": BASIS,
        **{name: _short(table) for name, table in tables.items() if table},
        "classes": [{"class": str(word), "share": format_computed(share)} for word, share in shares.classes.items()],
        "countries": [{"country": word, "share": format_computed(share)} for word, share in shares.countries.items()],
        "recycled": {
            "post_consumer": format_computed(recycled.post_consumer),
            "pre_consumer": format_computed(recycled.pre_consumer),
        },
    }


def element_rows(shares: LotShares) -> list[Row]:
    """One row per element and source."""
    return [
        {"element": element, "source": source, "share": format_computed(share)}
        for element in sorted(shares.elements)
        for source, share in sorted(shares.elements[element].items())
    ]


def total_rows(shares: LotShares) -> list[Row]:
    """One row per source of total rare earths."""
    return [{"source": source, "share": format_computed(share)} for source, share in sorted(shares.totals.items())]


def source_rows(shares: LotShares) -> list[Row]:
    """What each source is."""
    return [
        {"source": urn, "class": source.source_class.value, "country": source.country}
        for urn, source in sorted(shares.sources.items())
    ]


def long_tables(shares: LotShares) -> Mapping[str, Sequence[Body]]:
    """The tables that stand outside the body, by their root."""
    tables = (element_rows(shares), total_rows(shares), source_rows(shares))
    return {table_root(table): table for table in tables if len(table) > MAX_ROWS}


def roots_of(body: Body) -> tuple[str, ...]:
    """The roots of the tables that stand outside this opened body, as far as they are shown."""
    shares = body.get("shares")
    named = [shares.get(name) for name in TABLES] if isinstance(shares, dict) else []
    return tuple(str(one["root"]) for one in named if isinstance(one, dict) and "root" in one)


def write_table(table: Sequence[Body]) -> bytes:
    """The bytes in which a table travels."""
    return encode(list(table))


def read_table(content: bytes) -> Sequence[Body]:
    """The table in these bytes; whether it is the one that was signed shows in its root."""
    return [row for row in parse_list(content, max_bytes=MAX_TABLE_BYTES, max_depth=3) if isinstance(row, dict)]


def table_root(table: Sequence[Body]) -> str:
    """`sha256:` root of a table, RFC 6962 over the canonical bytes of its rows."""
    return "sha256:" + root_of([leaf_hash(encode(row)) for row in table]).hex()


def _short(table: list[Row]) -> list[Row] | Row:
    return table if len(table) <= MAX_ROWS else {"count": len(table), "root": table_root(table)}


def shares_from_body(body: Body, tables: Tables) -> LotShares:
    """The shares of the member `shares`; longer tables are looked up by their root and compared."""
    elements: dict[str, dict[str, Decimal]] = {}
    for row in _long(body, "elements", tables):
        elements.setdefault(text(row, "element"), {})[text(row, "source")] = number(row, "share")
    return LotShares(
        elements=elements,
        totals={text(row, "source"): number(row, "share") for row in _long(body, "totals", tables)},
        sources={
            text(row, "source"): Source(text(row, "source"), word(SourceClass, row, "class"), text(row, "country"))
            for row in _long(body, "sources", tables)
        },
    )


def _long(body: Body, name: str, tables: Tables) -> Sequence[Body]:
    stated = body.get(name)
    if not isinstance(stated, dict):
        return rows(body, name)
    root = text(stated, "root")
    if root not in tables:
        raise TableMissing(f"The table of {name} travels with the goods: ask the maker for it.", path=f"/shares/{name}")
    if table_root(tables[root]) != root or len(tables[root]) != stated.get("count"):
        raise TableMismatch(f"This is not the table of {name} that was signed.", path=f"/shares/{name}")
    return tables[root]
