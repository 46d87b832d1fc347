"""Whether a document states what a programme asks for: indicator by indicator, and why not where it does not.

A cell is a number, ND, or absent, and these are three things. A number counts, also zero; ND and absent do not.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from epd.documents.document import Document, Result
from epd.documents.programmes import Programme
from epd.documents.stages import PRODUCTION, Stage

_NONE: Final[Mapping[str, str]] = MappingProxyType({})


class State(StrEnum):
    """How an indicator stands in a document."""

    DECLARED = "declared"
    """A number in every module that must be declared."""
    NOT_DECLARED = "not_declared"
    """ND in one of them."""
    ABSENT = "absent"
    """No cell in one of them."""


class Word(StrEnum):
    """What is said of a point, or of the whole."""

    FULFILLED = "fulfilled"
    NOT_FULFILLED = "not_fulfilled"
    NOT_ESTABLISHED = "not_established"


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator of a list."""

    code: str
    is_required: bool
    state: State
    modules: tuple[str, ...] = ()
    """The modules without a number."""
    reason: str = ""
    """Why it is not declared, where that is known."""


@dataclass(frozen=True, slots=True)
class Point:
    """One other thing that a programme asks for."""

    id: str
    word: Word
    sentence: str


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """A document beside a programme."""

    programme: Programme
    lines: tuple[Line, ...]
    points: tuple[Point, ...]

    @property
    def required(self) -> tuple[Line, ...]:
        return tuple(one for one in self.lines if one.is_required)

    @property
    def declared(self) -> int:
        """How many required indicators are declared."""
        return sum(1 for one in self.required if one.state is State.DECLARED)

    @property
    def word(self) -> Word:
        """Not fulfilled where one thing is missing; fulfilled only where everything could be asked and is there."""
        words = {one.word for one in self.points}
        if Word.NOT_FULFILLED in words or self.declared < len(self.required):
            return Word.NOT_FULFILLED
        return Word.NOT_ESTABLISHED if Word.NOT_ESTABLISHED in words else Word.FULFILLED


def fulfilment(document: Document, programme: Programme, reasons: Mapping[str, str] = _NONE) -> Fulfilment:
    """What the document states of what the programme asks for; `reasons` says by code why one is not declared."""
    method = _method(document, programme)
    there = {} if method is None else document.of_method(method)
    modules = programme.modules.required if programme.modules else ("A1-A3",)
    lines = [
        _line(code, is_required, there.get(code), modules, reasons)
        for codes, is_required in ((programme.required, True), (programme.optional, False))
        for code in codes or ()
    ]
    return Fulfilment(programme, tuple(lines), tuple(_points(document, programme, there, method)))


def _method(document: Document, programme: Programme) -> str | None:
    """The method of the document under which results are of the programme's; None where there is none."""
    package = document.package()
    for method in document.methods():
        named = method or (package.value if package else "")
        if programme.methods is None or named in programme.methods:
            return method
    return None


def _line(
    code: str, is_required: bool, result: Result | None, modules: tuple[str, ...], reasons: Mapping[str, str]
) -> Line:
    if result is None:
        return Line(code, is_required, State.ABSENT, modules, reasons.get(code, ""))
    without = tuple(one for one in modules if not _has(result, one))
    if not without:
        return Line(code, is_required, State.DECLARED)
    stated = {stage.module for stage, _ in result.cells}
    is_nd = any(one in stated or (one == "A1-A3" and stated & set(PRODUCTION)) for one in without)
    return Line(code, is_required, State.NOT_DECLARED if is_nd else State.ABSENT, without, reasons.get(code, ""))


def _has(result: Result, module: str) -> bool:
    """Whether a module has a number, in a scenario or without; A1-A3 also by its three parts."""
    values = result.values()
    there = {stage.module for stage in values}
    return module in there or (module == "A1-A3" and all(Stage(one) in values for one in PRODUCTION))


def _points(
    document: Document, programme: Programme, there: Mapping[str, Result], method: str | None
) -> Iterator[Point]:
    yield _confirmed(programme)
    if programme.methods is not None:
        named = ", ".join(programme.methods)
        yield _point("method", method is not None, f"All results are of one of these packages: {named}.",
                     f"No results are of one of these packages: {named}.")  # fmt: skip
    yield _unit(document, programme)
    if programme.modules is not None and programme.modules.unless_exempt:
        yield _exemption(programme.modules.unless_exempt, there)
    if programme.names_rules:
        yield _point("rules", document.rules is not None, "Product category rules are named.",
                     "No product category rules are named.")  # fmt: skip
    if programme.validity_years is not None:
        yield _validity(document, programme.validity_years)
    if programme.data_months is not None:
        yield _period(document, programme.data_months)
    yield _point("verified", bool(document.reviewers), "A verifier is named.",
                 "No verifier is named. An EPD is by definition independently verified.")  # fmt: skip


def _point(id: str, holds: bool, said: str, otherwise: str) -> Point:
    return Point(id, Word.FULFILLED if holds else Word.NOT_FULFILLED, said if holds else otherwise)


def _confirmed(programme: Programme) -> Point:
    if not programme.unconfirmed:
        return Point("text", Word.FULFILLED, "The list of what is asked for is at hand.")
    return Point("text", Word.NOT_ESTABLISHED,
                 f"Not asked, because the text of the programme is not at hand: {', '.join(programme.unconfirmed)}. "
                 "The operator of this server can enter it with its source.")  # fmt: skip


def _unit(document: Document, programme: Programme) -> Point:
    unit = document.declared_unit
    if unit.amount is None or unit.mass_kg is None:
        return Point("unit", Word.NOT_FULFILLED, "The declared unit has no amount or no mass.")
    if programme.declared_unit is None:
        return Point("unit", Word.NOT_ESTABLISHED, "Which declared unit is asked for is not confirmed.")
    holds = programme.declared_unit in ("any", unit.unit)
    return _point("unit", holds, "The declared unit has an amount and a mass.",
                  f"The declared unit must be in {programme.declared_unit}.")  # fmt: skip


def _exemption(modules: tuple[str, ...], there: Mapping[str, Result]) -> Point:
    missing = [one for one in modules if not any(_has(result, one) for result in there.values())]
    if not missing:
        return Point("exemption", Word.FULFILLED, "The modules after the gate that are asked for are declared.")
    return Point("exemption", Word.NOT_ESTABLISHED,
                 f"These modules are not declared: {', '.join(missing)}. That is right for an intermediate product "
                 "under the exemption alone, which its declarant must claim.")  # fmt: skip


def _validity(document: Document, years: int) -> Point:
    published, last, year = document.published, document.expires, document.last_year()
    if published is None or year is None:
        return Point("validity", Word.NOT_FULFILLED, "The days of publication and of expiry are not both stated.")
    holds = published <= last <= _after(published, years) if last else 0 <= year - published.year <= years
    return _point("validity", holds, f"It is valid for at most {years} years.",
                  f"It must be valid for at most {years} years from its publication on.")  # fmt: skip


def _after(day: date, years: int) -> date:
    """The same day so many years later; the 28th for the 29th of February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _period(document: Document, months: int) -> Point:
    if document.months is None:
        return Point("period", Word.NOT_ESTABLISHED, "How long data were collected is not stated.")
    if document.months < months and document.months_reason:
        return Point("period", Word.FULFILLED, f"Data of less than {months} months have a reason.")
    return _point("period", document.months >= months, f"Data are of at least {months} months.",
                  f"Data are of less than {months} months, without a reason.")  # fmt: skip
