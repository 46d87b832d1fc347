"""A trust file to begin with: everybody who speaks in the bundle of a lot, under the list for what he does there.

It is a proposal of those whom it is about. The reader strikes out whom he does not trust before he judges by it.
"""

import json
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from traceability.models import Organisation
from traceability.selectors import bundle as reading
from traceability.selectors import log
from traceability.selectors.access import Actor
from traceability.selectors.names import Names, names_of
from traceability.services import clock
from traceability.services.export import require_with
from traceability.verifier.trust import FORMAT

ATTESTORS: Final[Mapping[str, str]] = {"auditor": "auditors", "verifier": "verifiers"}
"""The list that a role in the register of organisations leads to, for who attests statements."""


def propose(*, actor: Actor, lot: UUID) -> str:
    """The trust file; NotFound for who could not export the bundle either."""
    require_with(actor, lot)
    carried = reading.carried_for(lot, log.newest_checkpoint().size)
    speakers: dict[str, set[UUID]] = {}
    for index, row in carried.in_order():
        for place in _lists(row.kind, row.issuer) if index else ["operators"]:
            speakers.setdefault(place, set()).add(row.issuer)
    names = names_of(actor, set().union(*speakers.values()), clock.now().date())
    rows = {place: _members(found, names) for place, found in sorted(speakers.items())}
    return json.dumps({"format": FORMAT, **rows}, indent=2, ensure_ascii=False) + "\n"


def _lists(kind: str, issuer: UUID) -> list[str]:
    """The lists of trust.json in which who says a statement of this kind has to stand."""
    if kind.startswith("lot."):
        return ["organisations"]
    if kind == "factors.publish":
        return ["factor_publishers"]
    if kind != "statement.attest":
        return []
    roles = Organisation.objects.values_list("roles", flat=True).get(pk=issuer)
    return [place for role, place in ATTESTORS.items() if role in roles]


def _members(organisations: set[UUID], names: Names) -> list[dict[str, str]]:
    return [{"urn": f"urn:uuid:{one}", "name": names.of(one)} for one in sorted(organisations)]
