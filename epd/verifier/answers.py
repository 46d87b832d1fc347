"""The answer to a buyer: named checks over the report of a bundle, and the worst word of them as the verdict."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from epd.verifier.figures import Declared, Figures, current
from epd.verifier.purchase import Purchase
from traceability.acceptance.world import Body
from traceability.ledger.moments import format_moment
from traceability.verifier.checks import Examined
from traceability.verifier.facts import Facts
from traceability.verifier.report import NOT_DETECTABLE, CheckResult, Finding, Level, Outcome, Word, word_of
from traceability.verifier.text import SHOWN

FORMAT: Final = "lodestone-answer/1"
EXIT_CODES: Final[Mapping[Word, int]] = {Word.PASS: 0, Word.FAIL: 1, Word.WARNING: 2, Word.NOT_ESTABLISHED: 3}
_WORST: Final = (Word.FAIL, Word.NOT_ESTABLISHED, Word.WARNING, Word.PASS, Word.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Asking:
    """What the checks look at."""

    examined: Examined
    facts: Facts
    purchase: Purchase

    def result(self, name: str) -> CheckResult:
        """A check of the report."""
        return next(one for one in self.examined.report.checks if one.name == name)

    def of(self, *names: str, but: Collection[str] = frozenset()) -> Outcome:
        """What checks of the report came to together, without findings that count under another name."""
        found = [_without(self.result(name), but) for name in names]
        findings = tuple(one for outcome in found for one in outcome.findings)
        return Outcome(" ".join(one.sentence for one in found), findings, worst(one.word for one in found))

    def only(self, *names: str, codes: Collection[str]) -> tuple[Finding, ...]:
        """The findings with these codes under checks of the report."""
        return tuple(one for name in names for one in self.result(name).findings if one.code in codes)

    @property
    def today(self) -> date | None:
        """The reader's day, or the one on which the log stood so."""
        moment = self.examined.report.asked.at or self.examined.report.stood.as_of
        return None if moment is None else moment.date()

    def declared(self) -> Iterator[tuple[Declared, Body]]:
        """The declarations of the lot that stand, as far as they are shown."""
        for one in current(self.facts, self.facts.room(Figures)):
            if one.lot == self.facts.target:
                yield one, self.facts.by_digest[one.digest].body


@dataclass(frozen=True, slots=True)
class Named:
    """One of the sixteen; `id` never changes."""

    id: str
    name: str
    rule: str
    answer: Callable[[Asking], Outcome]


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to one of them."""

    number: int
    named: Named
    word: Word
    sentence: str
    findings: tuple[Finding, ...] = ()

    @property
    def code(self) -> str:
        """The code of what weighs most, else the word."""
        heaviest = max(self.findings, key=lambda one: one.level, default=None)
        decided = heaviest is not None and heaviest.level is not Level.NOTE
        return heaviest.code if heaviest is not None and decided else self.word.value.replace(" ", "_")

    def to_value(self, checked_at: str | None) -> dict[str, object]:
        """The JSON object of the check."""
        return {
            "number": self.number,
            "id": self.named.id,
            "name": self.named.name,
            "result": self.word.value.replace(" ", "_"),
            "code": self.code,
            "message": self.sentence,
            "rule": self.named.rule,
            "checked_at": checked_at,
            "evidence": [
                {"code": one.code, "where": one.where, "message": one.sentence, "level": one.level.name.lower()}
                for one in self.findings
            ],
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """All sixteen, and the verdict over them."""

    examined: Examined
    checks: tuple[Answered, ...]

    @property
    def verdict(self) -> Word:
        """The worst word: one failure fails, and what is not established never passes."""
        return worst(one.word for one in self.checks)

    @property
    def exit_code(self) -> int:
        """What a program that printed this answer ends with."""
        return EXIT_CODES.get(self.verdict, 0)

    def counts(self) -> dict[str, int]:
        """How many checks came to each word."""
        return {word.value.replace(" ", "_"): sum(one.word is word for one in self.checks) for word in Word}

    def to_value(self) -> dict[str, object]:
        """The JSON object of the answer."""
        report = self.examined.report
        at, as_of = report.asked.at, report.stood.as_of
        checked_at = None if at is None else format_moment(at)
        return {
            "format": FORMAT,
            "verdict": self.verdict.value.replace(" ", "_"),
            "exit_code": self.exit_code,
            "checked_at": checked_at,
            "as_of": None if as_of is None else format_moment(as_of),
            "target": report.stood.target,
            "custody_hash": report.stood.custody_hash,
            "log": {"origin": report.stood.origin, "size": report.stood.size},
            "counts": self.counts(),
            "checks": [one.to_value(checked_at) for one in self.checks],
            "not_detectable": list(NOT_DETECTABLE),
        }

    def to_text(self) -> str:
        """The lines for a terminal; the last one is the verdict."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        report = self.examined.report
        yield report.first_line
        yield report.second_line
        yield ""
        for one in self.checks:
            yield f"  {one.number:2}  {one.word.value:<15}  {one.named.name} ({one.named.rule})"
            yield f"{'':23}{one.sentence}"
            shown = sorted((found for found in one.findings), key=lambda found: -found.level)
            yield from (f"{'':23}{found.level.name.lower()}: {found.code}: {found.where}" for found in shown[:SHOWN])
            if len(shown) > SHOWN:
                yield f"{'':23}and {len(shown) - SHOWN} more; --json has them all"
        counts = ", ".join(f"{count} {word.replace('_', ' ')}" for word, count in self.counts().items())
        yield ""
        yield f"ANSWER: {self.verdict.value} ({counts})"


def worst(words: Iterable[Word]) -> Word:
    """The word that stands for all of these."""
    return min(words, key=_WORST.index, default=Word.NOT_APPLICABLE)


def _without(result: CheckResult, but: Collection[str]) -> Outcome:
    """What a check came to without the findings with these codes; its sentence may be that of one of them."""
    kept = tuple(one for one in result.findings if one.code not in but)
    if len(kept) == len(result.findings):
        return Outcome(result.sentence, kept, result.word)
    gone = any(result.sentence.startswith(one.sentence) for one in result.findings if one not in kept)
    heaviest = max(kept, key=lambda one: one.level, default=None)
    sentence = (heaviest.sentence if heaviest else "") if gone else result.sentence
    return Outcome(sentence, kept, word_of(Outcome("", kept)))
