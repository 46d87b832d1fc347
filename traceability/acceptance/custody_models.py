"""The model of ISO 22095 of a lot: the weakest that was claimed on its way; it is never raised again.

What is credited to a claims account leaves the goods, so its lot has the weakest from then on.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from traceability.acceptance.errors import ModelRaised
from traceability.acceptance.world import Body, World
from traceability.ledger.kinds.lots import CUSTODY_MODELS
from traceability.ledger.statement import Statement
from traceability.material.findings import Finding

WEAKEST: Final = CUSTODY_MODELS[-1]
RAISED: Final = Finding(
    ModelRaised.code,
    "The step claims a stronger model than what went into it has. A model only becomes weaker.",
    "/custody_model",
)


def weakest(models: Iterable[str]) -> str:
    """The weakest of those that are stated; empty where none is."""
    return max((one for one in models if one), key=CUSTODY_MODELS.index, default="")


def model_of(statement: Statement, body: Body, world: World) -> str:
    """The model of a lot that a statement makes: the weakest of what is claimed and what went in."""
    return weakest((str(body.get("custody_model", "")), _of_inputs(statement, world)))


def findings(statement: Statement, body: Body, world: World) -> Iterator[Finding]:
    """A finding where a step, in the words of `body`, claims a stronger model than what went into it."""
    claimed = str(body.get("custody_model", ""))
    if statement.kind == "lot.transform" and claimed and model_of(statement, body, world) != claimed:
        yield RAISED


def _of_inputs(statement: Statement, world: World) -> str:
    lots = (world.lot(chain.subject) for chain in statement.chains if chain.role in ("input", "input_rest"))
    return weakest(lot.model for lot in lots if lot is not None)


def require_not_raised(found: Iterable[Finding]) -> None:
    """Refuses what raises a model: the door lets nobody sign it; what was signed before stays a finding."""
    if RAISED in found:
        raise ModelRaised(RAISED.sentence, path=f"/body{RAISED.path}")
