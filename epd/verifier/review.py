"""What the rules for documents (S1 to P16) say of a declaration's own figures: errors block a submission."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from epd.documents.catalogue import check
from epd.documents.checking import Answer, Asked
from epd.documents.document import Document, Reference
from epd.documents.finding import Finding, Severity
from epd.documents.own import Stated, own_document, times_of
from epd.lca.assembly import result_of
from epd.lca.indicators import Basis
from epd.rules.declared import cells
from epd.rules.profiles import profile_of

ASKED_FOR: Final = frozenset({"P14"})
"""Rules on what a submission asks for: a verifier."""


def documents_of(body: Mapping[str, object], published: date) -> Iterator[Document]:
    """An opened declaration as documents, one for each allocation; where its rules are unknown: RecordError."""
    figures = result_of({"lot": "-"} | {name: body[name] for name in body if name != "shares"})
    found = cells(figures, profile_of(str(body["profile"])))
    for basis in Basis:
        urn = str(body["declaration"])
        stated = Stated(
            uuid=urn.removeprefix("urn:uuid:"),
            reference=urn,
            title=str(body["title"]),
            product=str(body["product"]),
            declarant=Reference(str(body["declarant"])),
            country=str(body["country"]),
            published=published,
            statement=str(body.get("result", urn)),
            basis=basis,
            **times_of(body),
        )
        yield own_document(stated, found)


def answers_of(body: Mapping[str, object], published: date) -> Iterator[Answer]:
    """What each rule answers on the day of publication, for each allocation."""
    for document in documents_of(body, published):
        yield from (one for one in check(document, Asked(published)) if one.rule.id not in ASKED_FOR)


def errors_of(body: Mapping[str, object], published: date) -> tuple[tuple[str, Finding], ...]:
    """The errors among them, each once, with the ids of their rules."""
    found = {
        (answer.rule.id, finding.code, finding.sentence): (answer.rule.id, finding)
        for answer in answers_of(body, published)
        for finding in answer.findings
        if finding.severity is Severity.ERROR
    }
    return tuple(found.values())
