"""The report on a file: for each declaration in it the answer of every rule, for people and for programs."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

from epd.documents.catalogue import check
from epd.documents.checking import Answer, Asked, Word
from epd.documents.document import Document
from epd.documents.finding import Finding, Severity

FORMAT: Final = "lodestone-epd-check/1"
NOT_CHECKED: Final = (
    "Whether the figures are true: that takes the inventory behind them, and a verifier.",
    "The XML schema itself: elements that the extensions do not have are named, their order is not checked.",
    "Texts, pictures and documents that the file refers to.",
)
"""What no finding can mean."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One declaration with its answers."""

    document: Document
    answers: tuple[Answer, ...]

    def findings(self, severity: Severity) -> list[tuple[Answer, Finding]]:
        """The findings of a severity, with their rules."""
        return [(answer, one) for answer in self.answers for one in answer.findings if one.severity is severity]

    @property
    def word(self) -> Word:
        """The gravest answer; "pass" says that no error and no warning was found."""
        words = {answer.word for answer in self.answers}
        return next((one for one in (Word.ERROR, Word.WARNING, Word.NOT_ESTABLISHED) if one in words), Word.PASS)

    def counts(self) -> dict[Word, int]:
        counted = Counter(answer.word for answer in self.answers)
        return {word: counted[word] for word in Word}


def report(documents: tuple[Document, ...], asked: Asked) -> tuple[Checked, ...]:
    """The answers to each document."""
    return tuple(Checked(one, check(one, asked)) for one in documents)


def to_value(checked: tuple[Checked, ...]) -> dict[str, Any]:
    """The report as JSON."""
    return {
        "format": FORMAT,
        "documents": [_document(one) for one in checked],
        "not_checked": list(NOT_CHECKED),
    }


def _document(checked: Checked) -> dict[str, Any]:
    document = checked.document
    return {
        "name": document.name,
        "format": document.format,
        "uuid": document.uuid,
        "version": document.version,
        "package": document.package() or "",
        "results": len(document.results),
        "word": checked.word,
        "counts": checked.counts(),
        "rules": [_answer(one) for one in checked.answers],
    }


def _answer(answer: Answer) -> dict[str, Any]:
    rule = answer.rule
    return {
        "id": rule.id,
        "title": rule.title,
        "gravest": rule.gravest,
        "source": rule.source,
        "tolerance": rule.tolerance,
        "word": answer.word,
        "compared": answer.count,
        "findings": [_finding(one) for one in answer.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "sentence": finding.sentence,
        "indicator": finding.indicator,
        "module": finding.stage.module if finding.stage else "",
        "scenario": finding.stage.scenario if finding.stage else "",
        "values": dict(finding.values),
    }
