"""Tables of shares that results state by their root: read where a result is read, and carried in bundles."""

from collections.abc import Collection, Mapping

from epd.lca.assembly import result_of
from epd.lca.members import Body
from epd.lca.result import LotResult
from epd.lca.share_tables import Tables, read_table, roots_of
from epd.models import ShareTable
from epd.verifier.tables import member_name
from traceability.ledger.identifiers import digest_bytes


def figures_of(body: Body) -> LotResult:
    """The figures of an opened result or declaration, with the tables that stand outside it."""
    return result_of(body, _stored(roots_of(body)))


def _stored(roots: Collection[str]) -> Tables:
    return {root: read_table(content) for root, content in _contents(roots).items()}


def _contents(roots: Collection[str]) -> Mapping[str, bytes]:
    if not roots:
        return {}
    rows = ShareTable.objects.filter(root__in=[digest_bytes(root) for root in roots]).values_list("root", "content")
    return {f"sha256:{bytes(root).hex()}": bytes(content) for root, content in rows}


def in_bundle(bodies: Collection[Body]) -> Mapping[str, bytes]:
    """The members that hold the tables whose roots these opened bodies show."""
    found: dict[str, bytes] = {}
    for body in bodies:
        found |= {member_name(root): content for root, content in _contents(roots_of(body)).items()}
    return found
