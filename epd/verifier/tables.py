"""Share tables in a bundle: those that a result states as {count, root}, each as a file that its root names.

`tables/<hex of the root>.json` holds the canonical bytes of the rows, in their order; the RFC 6962 root over the
canonical bytes of each row is the one that was signed.
"""

from epd.lca.members import Body
from epd.lca.share_tables import TableMismatch, Tables, read_table, roots_of, table_root
from traceability.ledger.bundle import Bundle

FOLDER = "tables"


def member_name(root: str) -> str:
    """The member that holds the table with this `sha256:` root."""
    return f"{FOLDER}/{root.removeprefix('sha256:')}.json"


def tables_of(bundle: Bundle, body: Body) -> Tables:
    """The tables of an opened body that the bundle carries, by root."""
    roots = {root: member_name(root) for root in roots_of(body)}
    return {root: _read(bundle, root, name) for root, name in roots.items() if name in bundle.members}


def _read(bundle: Bundle, root: str, name: str) -> list[Body]:
    table = list(read_table(bundle.read(name)))
    if table_root(table) != root:
        raise TableMismatch("This is not the table that was signed.", path=f" {name}")
    return table
