"""What the pages of rules show: answers with their words, and the tables of what decided and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import Final

from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from traceability.material.elements import element_name
from traceability.rules.answers import Answer, Figure, Outcome, TrailStep
from traceability.rules.functions.shares import POST, PRE
from traceability.rules.rule_set import RuleSet, Source, Status, Version
from traceability.web import countries
from traceability.web.spoken import spoken
from traceability.web.tables import Column, Shown, Table, figures

TAGS: Final = {
    Outcome.PASS: "pass", Outcome.FAIL: "fail", Outcome.INSUFFICIENT: "none", Outcome.FLAG: "warn",
    Outcome.NOT_APPLICABLE: "na",
}  # fmt: skip
WORDS: Final = {
    Outcome.PASS: gettext_lazy("Passes"),
    Outcome.FAIL: gettext_lazy("Fails"),
    Outcome.INSUFFICIENT: gettext_lazy("Not enough data"),
    Outcome.FLAG: gettext_lazy("Look closer"),
    Outcome.NOT_APPLICABLE: gettext_lazy("Not applicable"),
}
STATUS_WORDS: Final = {
    Status.IN_FORCE: gettext_lazy("In force"),
    Status.SUSPENDED: gettext_lazy("Suspended"),
    Status.NOT_YET: gettext_lazy("Not yet in force"),
    Status.UNKNOWN: gettext_lazy("Status unknown"),
}
STATUS_TAGS: Final = {
    Status.IN_FORCE: "info", Status.SUSPENDED: "na", Status.NOT_YET: "na", Status.UNKNOWN: "warn",
}  # fmt: skip
SOURCE_WORDS: Final = {
    "read": gettext_lazy("read in the source itself"),
    "secondary": gettext_lazy("read in reports about it"),
    "recalled": gettext_lazy("from memory: check it"),
    "not_found": gettext_lazy("nothing was found"),
}
ACTIVITY_WORDS: Final = {
    "mined": gettext_lazy("Mined"), "separated": gettext_lazy("Separated"), "refined": gettext_lazy("Refined"),
    "melted": gettext_lazy("Melted"), "produced": gettext_lazy("Produced"), "collected": gettext_lazy("Collected"),
    "handled": gettext_lazy("Handled"), "dispatch": gettext_lazy("Dispatched"),
}  # fmt: skip

ANSWERS: Final = Table(
    "rules",
    gettext_lazy("Answers of the rule sets"),
    (
        Column("rules", gettext_lazy("Rule set"), lambda line: line.title),
        Column("answer", gettext_lazy("Answer"), lambda line: line.words),
        Column("day", gettext_lazy("As of"), lambda line: line.answer.day),
        Column("version", gettext_lazy("Version"), lambda line: line.version),
        Column("status", gettext_lazy("Status"), lambda line: line.status_words),
        Column("sentence", gettext_lazy("What may be said"), lambda line: line.sentence, seen=False),
        Column("reasons", gettext_lazy("Reasons"), lambda line: line.reasons, seen=False),
        Column("trail", gettext_lazy("Steps that decided"), lambda line: line.trail_words, seen=False),
        Column("missing", gettext_lazy("Missing"), lambda line: line.missing_words, seen=False),
        Column("digest", gettext_lazy("Digest of the rule set"), lambda line: line.answer.rule_set.digest, seen=False),
    ),
)
TRAIL: Final = Table(
    "trail",
    gettext_lazy("Steps that decided"),
    (
        Column("lot", gettext_lazy("Lot"), lambda line: line.step.label),
        Column("step", gettext_lazy("Step"), lambda line: line.step.step),
        Column("activity", gettext_lazy("Counts as"), lambda line: line.activity),
        Column("country", gettext_lazy("Country"), lambda line: line.country),
        Column("elements", gettext_lazy("Elements"), lambda line: line.elements),
        Column("maker", gettext_lazy("By"), lambda line: line.step.maker),
        Column("day", gettext_lazy("Day"), lambda line: line.step.day),
    ),
)
MISSING: Final = Table(
    "missing",
    gettext_lazy("What is missing"),
    (
        Column("lot", gettext_lazy("Lot"), lambda one: one.label),
        Column("what", gettext_lazy("What"), lambda one: spoken(one.sentence)),
        Column("who", gettext_lazy("Who could say it"), lambda one: one.who),
    ),
)
BY_COUNTRY: Final = Table(
    "shares",
    gettext_lazy("Shares"),
    (
        Column("element", gettext_lazy("Element"), lambda line: line.element),
        Column("what", gettext_lazy("What"), lambda line: line.what),
        Column("country", gettext_lazy("Country"), lambda line: line.country),
        figures("share", gettext_lazy("Share"), lambda line: line.share),
    ),
    wide=False,
)
RECYCLED: Final = Table(
    "recycled",
    gettext_lazy("Recycled content"),
    (
        Column("element", gettext_lazy("Element"), lambda line: line.element),
        figures("post", gettext_lazy("Post-consumer"), lambda line: line.share),
        figures("pre", gettext_lazy("Pre-consumer"), lambda line: line.beside),
    ),
    wide=False,
)


@dataclass(frozen=True, slots=True)
class TrailLine:
    """A step of a trail in words."""

    step: TrailStep

    @property
    def activity(self) -> str:
        return str(ACTIVITY_WORDS.get(self.step.activity, self.step.activity))

    @property
    def country(self) -> str:
        return countries.name(self.step.country)

    @property
    def elements(self) -> str:
        """The elements that came this way; that they are not visible is said."""
        return ", ".join(self.step.elements) or _("not visible to you")

    @property
    def lot_id(self) -> str:
        return self.step.lot.removeprefix("urn:uuid:")


@dataclass(frozen=True, slots=True)
class ShareLine:
    """A share in words; of recycled content both."""

    figure: Figure
    share: Decimal | None
    beside: Decimal | None = None

    @property
    def element(self) -> str:
        return spoken(element_name(self.figure.element))

    @property
    def what(self) -> str:
        return str(ACTIVITY_WORDS.get(self.figure.what, self.figure.what))

    @property
    def country(self) -> str:
        return countries.name(self.figure.country)


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """An answer in words, with the tables of its section."""

    answer: Answer
    trail: Shown
    missing: Shown
    shares: Shown
    is_same: bool
    """Whether the version before it says just the same of the lot."""

    @property
    def anchor(self) -> str:
        return self.answer.rule_set.id

    @property
    def title(self) -> str:
        return spoken(self.answer.rule_set.title)

    @property
    def outcome(self) -> str:
        return TAGS[self.answer.found.outcome]

    @property
    def words(self) -> str:
        return str(WORDS[self.answer.found.outcome])

    @property
    def version(self) -> str:
        return self.answer.version.version if self.answer.version else ""

    @property
    def status(self) -> str:
        return STATUS_TAGS[self.answer.version.status] if self.answer.version else "na"

    @property
    def status_words(self) -> str:
        return str(STATUS_WORDS[self.answer.version.status]) if self.answer.version else ""

    @property
    def sentence(self) -> str:
        return spoken(self.answer.sentence)

    @property
    def reasons(self) -> list[str]:
        return [spoken(one) for one in self.answer.found.reasons]

    @property
    def trail_words(self) -> list[str]:
        """The trail for a file, in one cell."""
        return [f"{one.label}: {one.step}, {countries.name(one.country)}" for one in self.answer.found.trail]

    @property
    def missing_words(self) -> list[str]:
        """What is missing, for a file, in one cell."""
        return [f"{one.label}: {spoken(one.sentence)}" for one in self.answer.found.missing]


def lines(request: HttpRequest, answers: Sequence[Answer]) -> list[AnswerLine]:
    """The answers with their tables, each with an order of its own in the address."""
    before: list[Answer | None] = [None, *answers]
    return [
        _line(
            request, one, number, is_same=last is not None and (last.rule_set, last.found) == (one.rule_set, one.found)
        )
        for number, (last, one) in enumerate(zip(before, answers, strict=False), start=1)
    ]


def sections(found: Sequence[AnswerLine]) -> list[list[AnswerLine]]:
    """The answers of each rule set together, in their order."""
    return [list(group) for _id, group in groupby(found, key=lambda one: one.answer.rule_set.id)]


def shown_of(found: Sequence[AnswerLine]) -> Iterator[Shown]:
    """Every table of these lines."""
    for one in found:
        yield from (one.trail, one.missing, one.shares)


def _line(request: HttpRequest, answer: Answer, number: int, *, is_same: bool) -> AnswerLine:
    found = answer.found
    return AnswerLine(
        answer,
        replace(TRAIL, part=f"trail{number}").of(request, [TrailLine(one) for one in found.trail]),
        replace(MISSING, part=f"missing{number}").of(request, found.missing),
        _shares(request, found.figures, number),
        is_same,
    )


def _shares(request: HttpRequest, found: Sequence[Figure], number: int) -> Shown:
    """Shares by country, or post-consumer shares with the pre-consumer ones beside them."""
    part = f"shares{number}"
    if any(one.country for one in found):
        return replace(BY_COUNTRY, part=part).of(request, [ShareLine(one, one.share) for one in found])
    pre = {one.element: one.share for one in found if one.what == PRE}
    lines = [ShareLine(one, one.share, pre.get(one.element)) for one in found if one.what == POST]
    return replace(RECYCLED, part=part).of(request, lines)


@dataclass(frozen=True, slots=True)
class SetView:
    """A rule set in words, for the page that lists them."""

    rule_set: RuleSet

    @property
    def versions(self) -> list[tuple[Version, str, str, str]]:
        """Each version with its status as tag and in words, and the days that it covers."""
        return [
            (one, STATUS_TAGS[one.status], str(STATUS_WORDS[one.status]), days(one)) for one in self.rule_set.versions
        ]

    @property
    def sources(self) -> list[tuple[Source, str]]:
        return [(one, str(SOURCE_WORDS.get(one.status, one.status))) for one in self.rule_set.sources]


def days(version: Version) -> str:
    """The days that a version covers, in words."""
    first, last = (one and date_format(one, "SHORT_DATE_FORMAT") for one in (version.since, version.until))
    if first and last:
        return _("%(first)s to %(last)s") % {"first": first, "last": last}
    if first:
        return _("from %(first)s") % {"first": first}
    return _("until %(last)s") % {"last": last} if last else _("always")


def column_of(rule_set: RuleSet, version: Version | None, place: int, *, is_later: bool) -> Column:
    """The column of one version in the table of many lots; that of a later one names its first day."""
    words = spoken(rule_set.short)
    if is_later and version is not None and version.since is not None:
        first = date_format(version.since, "SHORT_DATE_FORMAT")
        words = _("%(rule)s, from %(first)s") % {"rule": words, "first": first}
    return Column(f"r{place}", words, lambda line: str(WORDS[line.answers[place].found.outcome]))
