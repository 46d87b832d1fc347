"""What results and declarations add to an audit bundle: their statements, and the factors that were used."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from epd.models import Declaration, FactorRow, FactorSetRow
from epd.verifier.factors import member_name, write_member
from traceability.models import Statement


def declarations(lots: Collection[UUID]) -> list[int]:
    """The ids of the statements that published declarations of these lots."""
    ordered = sorted(lots)
    return [
        statement
        for start in range(0, len(ordered), 500)
        for statement in Declaration.objects.filter(lot__in=ordered[start : start + 500]).values_list(
            "statement_id", flat=True
        )
    ]


def factors(published: Sequence[Statement], factor_ids: Collection[str]) -> Mapping[str, bytes]:
    """For each of these published sets the member with those of the factors that it holds."""
    found: dict[str, bytes] = {}
    for row in FactorSetRow.objects.filter(statement__in=published).select_related("statement"):
        stored = FactorRow.objects.filter(factor_set=row).values_list("factor_id", "canonical")
        canonical = {factor_id: bytes(one) for factor_id, one in stored}
        used = sorted(canonical.keys() & set(factor_ids))
        if used:
            found[member_name(bytes(row.statement.digest).hex())] = write_member(canonical, used)
    return found
