"""Which lots came of which, wave by wave: a diamond of splits and merges is walked once."""

from uuid import UUID

from traceability.models import LotEdge


def came_of(lots: set[UUID], *, parts_only: bool = False) -> set[UUID]:
    """All lots that came of these; `parts_only`: by splits and merges alone."""
    return _walk(lots, "parent", "child_id", parts_only)


def went_into(lots: set[UUID], *, parts_only: bool = False) -> set[UUID]:
    """All lots that went into these; `parts_only`: by splits and merges alone."""
    return _walk(lots, "child", "parent_id", parts_only)


def _walk(lots: set[UUID], here: str, there: str, parts_only: bool) -> set[UUID]:
    if not lots:
        return set()
    edges = LotEdge.objects.filter(voided=False)
    if parts_only:
        edges = edges.filter(division=True)
    found: set[UUID] = set()
    wave = lots
    while wave:
        wave = set(edges.filter(**{f"{here}__in": wave}).values_list(there, flat=True)) - found
        found |= wave
    return found
