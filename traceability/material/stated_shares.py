"""The share of a characteristic that the signed result of a lot states (`lodestone-shares/1`, as written)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from traceability.ledger.kinds.accounts import RARE_EARTHS
from traceability.ledger.quantity import computing, parse_computed

Rows = Sequence[Mapping[str, object]]


@computing()
def stated_share(shares: Mapping[str, object], element: str, source: str, country: str) -> Decimal | None:
    """The share of an element, or of all rare earths, that comes of such sources; None where it is not told here.

    A long table travels beside the statement: then only the classes of all rare earths are told.
    """
    if element == RARE_EARTHS and not country:
        return _sum(_rows(shares.get("classes")), {source}, "class")
    sources = _rows(shares.get("sources"))
    rows = _rows(shares.get("totals" if element == RARE_EARTHS else "elements"))
    if sources is None or rows is None:
        return None
    wanted = {str(row["source"]) for row in sources if row["class"] == source and country in ("", row["country"])}
    return _sum([row for row in rows if element in (RARE_EARTHS, row.get("element"))], wanted, "source")


def _rows(table: object) -> Rows | None:
    return table if isinstance(table, list) else None


def _sum(rows: Rows | None, wanted: set[str], name: str) -> Decimal | None:
    if rows is None:
        return None
    return sum((parse_computed(row["share"]) for row in rows if row[name] in wanted), Decimal(0))
