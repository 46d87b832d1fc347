"""Lists of programmes beside a declaration, as its page shows them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from epd.documents.fulfilment import Fulfilment, Line, State, Word
from epd.web import words
from traceability.web.spoken import spoken


@dataclass(frozen=True, slots=True)
class Shown:
    """A line with the mark and the words that stand beside it."""

    name: str
    mark: str
    words: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A programme with its outcome, its points, and its indicators, those that are required first."""

    title: str
    source: str
    completed_from: str
    points: Sequence[Shown]
    indicators: Sequence[Shown]


def of(found: Iterable[Fulfilment]) -> list[Listed]:
    """The programmes in their order."""
    return [
        Listed(
            title=_title(one),
            source=one.programme.source,
            completed_from=one.programme.completed_from,
            points=[
                Shown(spoken(point.sentence), words.FULFILMENT[point.word][0], str(words.FULFILMENT[point.word][1]))
                for point in one.points
            ],
            indicators=[_indicator(line) for line in one.lines],
        )
        for one in found
    ]


def _title(one: Fulfilment) -> str:
    said = {"name": one.programme.name, "outcome": words.FULFILMENT[one.word][1], "declared": one.declared,
            "required": len(one.required)}  # fmt: skip
    if not one.required:
        return _("%(name)s: %(outcome)s") % said
    return _("%(name)s: %(outcome)s, %(declared)s of %(required)s indicators") % said


def _indicator(line: Line) -> Shown:
    asked = _("required") if line.is_required else _("optional")
    missing = Word.NOT_FULFILLED if line.is_required else Word.NOT_ESTABLISHED
    mark, _said = words.FULFILMENT[Word.FULFILLED if line.state is State.DECLARED else missing]
    about = ", ".join(str(one) for one in (words.NAMES.get(line.code, ""), asked, words.reason(line.reason)) if one)
    return Shown(line.code, mark, str(words.STATES[line.state]), about)
