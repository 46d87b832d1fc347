"""Rows of results, declarations and factors that are not written again from signed bytes, but compared with them."""

from collections.abc import Iterator

from epd.lca.factors import factor_set, parse_factor
from epd.lca.share_tables import read_table, roots_of, table_root
from epd.models import FactorSetRow, ShareTable
from traceability.acceptance.versions import corrected_body
from traceability.ledger import canonical
from traceability.ledger.errors import RecordError
from traceability.services.accepted import Accepted


def look_at_tables(one: Accepted) -> Iterator[str]:
    """What is wrong with the share tables that a result, or a correction of one, states by their root."""
    body = corrected_body(one.opened) if one.statement.kind == "statement.correct" else one.opened
    rows = ShareTable.objects.filter(statement=one.row).values_list("root", "content")
    stored = {f"sha256:{bytes(root).hex()}": bytes(content) for root, content in rows}
    for root in sorted(stored.keys() | set(roots_of(body))):
        if root not in stored:
            yield f"its share table {root} is missing"
        elif root not in roots_of(body):
            yield f"it states no share table {root}"
        elif _root_of(stored[root]) != root:
            yield f"the stored share table {root} is another one"


def _root_of(content: bytes) -> str:
    try:
        return table_root(read_table(content))
    except RecordError:
        return ""


def look_at_factors(one: Accepted) -> Iterator[str]:
    """What is wrong with the stored factors of a set that was published; none need be stored."""
    row = FactorSetRow.objects.filter(statement=one.row).first()
    if row is None:
        return
    body = one.statement.body
    if (row.name, row.version) != (body["name"], body["version"]):
        yield f"its factors are stored as {row}, it says {body['name']} {body['version']}"
    stored = list(row.factors.values_list("factor_id", "canonical"))
    try:
        factors = [parse_factor(canonical.read(bytes(content))) for _, content in stored]
        root = factor_set(row.name, row.version, factors).root.hex()
    except RecordError as error:
        yield f"its stored factors cannot be read: {error}"
        return
    if (len(stored), f"sha256:{root}") != (body["count"], body["root"]):
        yield f"its {len(stored)} stored factors have the root {root}"
    if any(name != factor.id for (name, _), factor in zip(stored, factors, strict=True)):
        yield "its factors are stored under other names"
