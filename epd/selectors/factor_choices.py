"""The factors with which an organisation computes, as forms offer them."""

import json
from collections.abc import Sequence
from functools import lru_cache
from uuid import UUID

from django.db.models import F, Q

from epd.models import BackgroundData, FactorSetRow
from traceability.selectors.slots import FactorChoice


def set_of(organisation: UUID | None) -> FactorSetRow | None:
    """The set with which an organisation computes: its own newest one, else the newest of everybody."""
    rows = FactorSetRow.objects.filter(Q(owner=None) | Q(owner=organisation) if organisation else Q(owner=None))
    return rows.select_related("statement").order_by(F("owner").desc(nulls_last=True), "-statement_id").first()


def newest(organisation: UUID | None) -> Sequence[FactorChoice]:
    """The choices of an organisation, by id; none before a set was published. What it withdrew is not offered."""
    row = set_of(organisation)
    if row is None:
        return ()
    found = _of_set(row.pk, bytes(row.statement.digest))
    if row.owner_id is None:
        return found
    rows = BackgroundData.objects.filter(organisation=organisation, state=BackgroundData.State.WITHDRAWN)
    withdrawn = set(rows.values_list("factor_id", flat=True))
    return tuple(one for one in found if one.id not in withdrawn)


@lru_cache(maxsize=16)
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
