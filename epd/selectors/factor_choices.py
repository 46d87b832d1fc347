"""The factors of the newest published set, as forms offer them."""

import json
from collections.abc import Sequence
from functools import lru_cache

from epd.models import FactorSetRow
from traceability.selectors.slots import FactorChoice


def newest() -> Sequence[FactorChoice]:
    """The choices, by id; none before a set was published."""
    row = FactorSetRow.objects.select_related("statement").first()
    return () if row is None else _of_set(row.pk, bytes(row.statement.digest))


@lru_cache(maxsize=4)
def _of_set(pk: int, digest: bytes) -> tuple[FactorChoice, ...]:
    """A published set never changes, so its choices are read once for each digest."""
    stored = FactorSetRow.objects.get(pk=pk).factors.values_list("canonical", flat=True)
    return tuple(_choice(json.loads(bytes(one))) for one in stored)


def _choice(factor: dict[str, object]) -> FactorChoice:
    return FactorChoice(
        id=str(factor["id"]),
        name=str(factor["name"]),
        unit=str(factor["unit"]),
        geography=str(factor["geography"]),
        compartment=str(factor.get("compartment", "")),
        illustrative=factor["illustrative"] is True,
    )
