"""Writes the index of words, in the transaction of the rows that it finds; the signed bytes can rebuild it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from traceability.intake.search import plain_words
from traceability.ledger import closed
from traceability.models import Evidence, Organisation, SearchText
from traceability.models.prepared import Writes, insert
from traceability.services.accepted import Accepted
from traceability.services.places import lot_at
from traceability.services.stored import uuid_of

Kind = SearchText.Kind
TEXTS: Final = frozenset(
    ("address", "declarant", "did", "domain", "flow", "laboratory", "lei", "lot_number", "material", "method", "name",
     "note", "opinion", "processes", "product", "reason", "reference", "region", "report", "route", "step", "supplier")
)  # fmt: skip
"""Fields of the record in which people write; no codes, numbers, urns and digests."""
_BESIDE_BODY: Final = ("process", "evidence")
Row = dict[str, Any]


def store(accepted: Sequence[Accepted], writes: Writes) -> None:
    """The words of accepted statements."""
    writes.insert(SearchText, [row for one in accepted for row in _rows_of(one)])


def _rows_of(one: Accepted) -> Iterator[Row]:
    said: dict[tuple[UUID, str], list[str]] = {(one.row.urn, ""): [one.statement.kind.replace("_", " ")]}
    for place, digest, text in _said_in(one):
        if digest not in one.kept:  # what a correction repeats is found where it was said first
            said.setdefault((_subject(one, place), digest), []).append(text)
    for (subject, digest), texts in said.items():
        if words := sorted(set(plain_words(" ".join(texts)))):
            yield _row(Kind.STATEMENT, one.row.pk, subject, text=" ".join(words), disclosure=digest)


def _said_in(one: Accepted) -> Iterator[tuple[str, str, str]]:
    """Each text that the statement says, with its place and the digest of the confidential value that it is part of."""
    content = one.statement.content
    opened: dict[str, Any] = {"body": one.opened}
    if beside := {name: content[name] for name in _BESIDE_BODY if name in content}:
        opened |= closed.open_payload(beside, one.disclosures)[0]
    return _texts(opened, "", "", "", one.digests)


def _texts(
    value: object, place: str, field: str, digest: str, digests: Mapping[str, str]
) -> Iterator[tuple[str, str, str]]:
    """The texts of a value; `field` names it, or the list that it is an item of; `digest` is of what it is part of."""
    digest = digests.get(place, digest)
    if isinstance(value, dict):
        for name, inner in value.items():
            if name in TEXTS or not isinstance(inner, str):
                yield from _texts(inner, f"{place}/{name}", name, digest, digests)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _texts(inner, f"{place}/{number}", field, digest, digests)
    elif isinstance(value, str) and field in TEXTS:
        yield place, digest, value


def _subject(one: Accepted, place: str) -> UUID:
    """What a text speaks of: a declaration, a lot, or else the statement."""
    declaration = one.statement.body.get("declaration")
    if isinstance(declaration, str):
        return uuid_of(declaration)
    return lot_at(one.opened, place) or one.row.urn


def name_organisation(organisation: UUID, name: str) -> None:
    """The words of an organisation that has this name from now on."""
    _put(_row(Kind.PARTNER, 0, organisation, text=" ".join(plain_words(name))))


def forget_organisation(organisation: UUID) -> None:
    """Takes the name of an organisation out of the index."""
    SearchText.objects.filter(kind=Kind.PARTNER, subject=organisation).delete()


def name_document(document: Evidence) -> None:
    """The words of a document that was stored."""
    _put(_document(document))


def fill_names() -> None:
    """Writes the words of all organisations and documents into an index that holds none of them."""
    organisations = Organisation.objects.values_list("pk", "name").iterator()
    _insert(_row(Kind.PARTNER, 0, pk, text=" ".join(plain_words(name))) for pk, name in organisations)
    _insert(_document(one) for one in Evidence.objects.iterator())


def _document(document: Evidence) -> Row:
    return _row(Kind.DOCUMENT, document.pk, document.organisation_id, text=" ".join(plain_words(document.name)))


def _insert(rows: Iterable[Row]) -> None:
    insert([SearchText(**row) for row in rows])


def _put(row: Row) -> None:
    text = row.pop("text")
    SearchText.objects.update_or_create(**row, defaults={"text": text})


def _row(kind: Kind, source: int, subject: UUID, *, text: str, disclosure: str = "") -> Row:
    return {"kind": kind.value, "source": source, "subject": subject, "disclosure": disclosure, "text": text}
