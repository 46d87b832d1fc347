"""Samples of statements for an auditor: from an organisation that gave him a mandate, or from a lot and its history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from traceability.models import ChainLink, Finding, LogState, Lot, Organisation, Statement, Version
from traceability.rules.sampling import Drawn, Unit, draw
from traceability.selectors import access, lot_facts, statements
from traceability.selectors.access import Actor, NotFound
from traceability.selectors.bundle import chunks

MOST: Final = 500
"""A larger sample is a list of everything."""
NOT_DRAWN: Final = (*statements.VERSION_KINDS, "log.heads")


@dataclass(frozen=True, slots=True)
class Asked:
    """What to draw from: one organisation or one lot, days that count both, and the size of the tree."""

    since: date
    until: date
    tree: int
    organisation: UUID | None = None
    lot: UUID | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A drawn statement, what it was drawn for, and how likely that was."""

    statement: Statement
    index: int
    drawn: Drawn
    findings: tuple[str, ...]
    changed: bool  # corrected or withdrawn since


@dataclass(frozen=True, slots=True)
class Sample:
    """The rows in the order of the log, and how many units there were."""

    rows: list[Row]
    units: int
    marked: int


def givers(actor: Actor, today: date) -> QuerySet[Organisation]:
    """The organisations of which the actor may draw: those whose mandate he holds, and his own."""
    return Organisation.objects.filter(pk__in=access.organisations_seen_as(actor, today)).order_by("name", "pk")


def newest_tree() -> int:
    """The size of the newest published tree, which a sample is drawn from."""
    state = LogState.objects.select_related("published").first()
    return state.published.size if state and state.published else 0


def sample(actor: Actor, asked: Asked, *, size: int, seed: str, today: date) -> Sample:
    """The sample that everybody draws who may see the same and asks the same; NotFound outside his mandates."""
    units = {row.pk: row for row in _frame(actor, asked, today)}
    findings = _findings(actor, units.keys(), today)
    changed = _changed(units.keys(), asked.tree)
    by_digest = {_digest(row): row for row in units.values()}
    marked = findings.keys() | changed
    found = draw([Unit(digest, row.pk in marked) for digest, row in by_digest.items()], size=size, seed=seed)
    rows = [_row(by_digest[one.unit.digest], one, findings, changed) for one in found]
    return Sample(sorted(rows, key=lambda row: row.index), len(units), len(marked))


def _row(row: Statement, drawn: Drawn, findings: dict[int, tuple[str, ...]], changed: set[int]) -> Row:
    return Row(row, row.entry.index, drawn, findings.get(row.pk, ()), row.pk in changed)


def _frame(actor: Actor, asked: Asked, today: date) -> Iterable[Statement]:
    begin, end = _moment(asked.since), _moment(asked.until + timedelta(days=1))
    rows = Statement.objects.filter(accepted_at__gte=begin, accepted_at__lt=end, entry__index__lt=asked.tree)
    rows = rows.exclude(kind__in=NOT_DRAWN).select_related("entry").defer("envelope")
    if asked.lot is None:
        if asked.organisation not in access.organisations_seen_as(actor, today):
            raise NotFound("You hold no mandate of this organisation. Choose one that gave you a mandate.")
        yield from rows.filter(issuer=asked.organisation)
        return
    for some in chunks(_with_history(actor, asked.lot, today)):
        yield from rows.filter(pk__in=ChainLink.objects.filter(subject__in=some).values("statement"))


def _with_history(actor: Actor, lot: UUID, today: date) -> set[UUID]:
    """The lot and all that went into it; NotFound unless the lot is with the actor or with who gave him a mandate."""
    seen_as = access.organisations_seen_as(actor, today)
    if not Lot.objects.filter(lot_facts.is_with(seen_as), pk=lot).exists():
        raise NotFound("There is no such lot with you or with who gave you a mandate.")
    return {lot, *access.cone(lot, "ancestors")}


def _findings(actor: Actor, ids: Iterable[int], today: date) -> dict[int, tuple[str, ...]]:
    """The findings on these statements, of organisations whose values the actor sees: sentences may repeat masses."""
    seen_as = access.organisations_seen_as(actor, today)
    found: dict[int, tuple[str, ...]] = {}
    for some in chunks(ids):
        rows = Finding.objects.filter(statement__in=some, statement__issuer__in=seen_as).order_by("pk")
        for pk, sentence in rows.values_list("statement_id", "sentence"):
            found[pk] = (*found.get(pk, ()), sentence)
    return found


def _changed(ids: Iterable[int], tree: int) -> set[int]:
    found: set[int] = set()
    for some in chunks(ids):
        rows = Version.objects.filter(original__in=some, statement__entry__index__lt=tree)
        found |= set(rows.values_list("original_id", flat=True))
    return found


def _digest(row: Statement) -> str:
    return f"sha256:{bytes(row.digest).hex()}"


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
