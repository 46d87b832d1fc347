"""Whether a correction changes anything of what it corrects, beside its reason."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from traceability.ledger import closed
from traceability.services.errors import Refusal
from traceability.services.rows_world import RowsWorld, Said

_CLAIM: Final = ("occurred_from", "occurred_to", "utc_offset", "process", "body", "evidence")


class NothingChanges(Refusal):
    """A correction that claims what was claimed before."""

    code = "nothing_changes"


def nothing_changes() -> NothingChanges:
    """The refusal of such a correction."""
    return NothingChanges("Nothing changes but the reason. Change an answer, or throw the draft away.", path="/body/as")


def changes_nothing(said: Said, world: RowsWorld) -> bool:
    """Whether a correction claims what the version before it claimed, with the same places in the open."""
    if said.statement.kind != "statement.correct":
        return False
    body = said.statement.body
    newest, claim = str(body["newest"]), body["as"]
    before = _claimed(world.claim_of(newest), world.disclosures_of(newest).values())
    return isinstance(claim, dict) and before == _claimed(claim, said.disclosures.values())


def _claimed(
    signed: Mapping[str, Any], disclosures: Iterable[closed.Disclosure]
) -> tuple[Mapping[str, Any], set[str], Mapping[str, str]]:
    """What is claimed as far as it is known, the closed places, and the digests of those that are not known."""
    claim = {name: signed[name] for name in _CLAIM if name in signed}
    opened, withheld, digests = closed.open_places(claim, {one.digest: one for one in disclosures})
    return opened, set(digests), {place: digests[place] for place in withheld}
