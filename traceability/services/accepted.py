"""What the door let in: a statement with everything that its rows are made of."""

from collections.abc import Mapping
from dataclasses import dataclass

from traceability.acceptance.decide import Decision
from traceability.acceptance.world import Body
from traceability.ledger import closed
from traceability.ledger.statement import Statement
from traceability.models import Statement as StatementRow


@dataclass(frozen=True, slots=True)
class Accepted:
    """A statement that the door let in, with everything that its rows are made of."""

    statement: Statement
    opened: Body
    disclosures: Mapping[str, closed.Disclosure]
    decision: Decision
    kind: str  # of the original, where it corrects one
    row: StatementRow
    digests: Mapping[str, str]  # of the confidential values, by place
    kept: frozenset[str]  # digests of the replaced version that a correction repeats
    by_own_key: bool = False  # signed with a key that its holder keeps
