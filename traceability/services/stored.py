"""Stored statements as the core reads them: parsed again from the signed bytes, opened as far as nothing was erased."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from uuid import UUID

from traceability.acceptance.matter import withheld_for_rules
from traceability.acceptance.versions import newer
from traceability.acceptance.world import Body, Effective
from traceability.ledger import closed, envelope, identifiers
from traceability.ledger.statement import Statement, parse_statement
from traceability.models import Disclosure, Version
from traceability.models import Statement as StatementRow


@lru_cache(maxsize=4096)
def uuid_of(urn: str) -> UUID:
    """The uuid of a urn."""
    return UUID(urn.removeprefix("urn:uuid:"))


def urn_of(id: UUID) -> str:
    """The urn of a uuid."""
    return f"urn:uuid:{id}"


def effective_versions(rows: Sequence[StatementRow], *, before: int | None = None) -> list[Effective]:
    """Stored original statements in their newest versions; `before` leaves out versions of that row id and later."""
    known = Version.objects.filter(original__in=rows)
    if before is not None:
        known = known.filter(statement_id__lt=before)
    by_original: dict[int, list[Version]] = {row.pk: [] for row in rows}
    for version in known.select_related("statement").order_by("statement_id"):
        by_original[version.original_id].append(version)
    versions = [version.statement_id for some in by_original.values() for version in some]
    disclosures = disclosures_in([*by_original, *versions])
    return [_newest(row, by_original[row.pk], disclosures) for row in rows]


def _newest(row: StatementRow, versions: Iterable[Version], disclosures: Mapping[str, closed.Disclosure]) -> Effective:
    statement, opened, whole = _read(row, disclosures)
    found = Effective(statement, statement.digest, statement.occurred_from, statement.occurred_to, opened, whole=whole)
    for version in versions:
        later, said, whole = _read(version.statement, disclosures)
        found = newer(found, later, said, whole=whole)
    return found


def disclosures_in(statements: Sequence[int]) -> dict[str, closed.Disclosure]:
    """All values of these statements that were not erased, by digest."""
    rows = Disclosure.objects.filter(statement_id__in=statements).values_list("digest", "text")
    return {digest: closed.parse_disclosure(text) for digest, text in rows if text}


def read_statement(row: StatementRow, disclosures: Mapping[str, closed.Disclosure]) -> tuple[Statement, Body]:
    """A stored statement and its body with these disclosures in place."""
    statement, opened, _ = _read(row, disclosures)
    return statement, opened


def _read(row: StatementRow, disclosures: Mapping[str, closed.Disclosure]) -> tuple[Statement, Body, bool]:
    """The same, and whether all values are there that the rules of matter need."""
    statement = parse_statement(envelope.parse_envelope(bytes(row.envelope)).payload)
    opened, withheld = closed.open_payload(statement.content, disclosures)
    body = opened["body"]
    return statement, body if isinstance(body, dict) else {}, not withheld_for_rules(statement.kind, withheld)


def read_statement_opened(effective: Effective) -> Body:
    """The body of a statement in its first version, opened."""
    row = StatementRow.objects.get(digest=identifiers.digest_bytes(effective.original.digest))
    return read_statement(row, disclosures_in([row.pk]))[1]
