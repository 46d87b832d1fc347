"""The steps of a lot's history and who took them, as one reader sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from traceability.material.balance import Verdict
from traceability.models import Organisation
from traceability.selectors import lots
from traceability.selectors.lots import LotView, Matter, StepBalance
from traceability.selectors.names import Names
from traceability.selectors.statements import Told
from traceability.web import countries, lot_words, words
from traceability.web.lot_timeline import bare
from traceability.web.lot_words import Vocabulary

_VERDICTS: Final = {
    Verdict.OK: ("pass", gettext_lazy("Closes")),
    Verdict.WARNING: ("warn", gettext_lazy("Unexplained difference")),
    Verdict.REFUSED: ("fail", gettext_lazy("More out than in")),
    Verdict.NOT_EVALUATED: ("none", gettext_lazy("Not evaluated")),
}


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation that made lots of this history; an empty name is withheld."""

    name: str
    country: str
    steps: tuple[str, ...]
    lots: tuple[LotView, ...]


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of the history and its balance."""

    title: str
    by: str
    lots: str
    outcome: str
    words: str
    about: str
    digest: str


def steps(history: Sequence[LotView], matter: Matter, vocabulary: Vocabulary) -> list[StepLine]:
    """Every step that made one of these lots with its balance, the last one first."""
    made = {view.row.made_by_id for view in history}
    outputs: dict[int, list[str]] = {}
    for view in matter.views.values():
        outputs.setdefault(view.row.made_by_id, []).append(view.label)
    lines = (_step_line(matter.made[pk], matter, vocabulary, outputs[pk]) for pk in sorted(made, reverse=True))
    return [line for line in lines if line is not None]


def _step_line(told: Told, matter: Matter, vocabulary: Vocabulary, outputs: Sequence[str]) -> StepLine | None:
    found = lots.step_balance(told, matter)
    if found is None:
        return None
    by = lot_words.withholder(vocabulary, told.original.issuer)
    outcome, said, about = _verdict(found, by)
    made = ", ".join(sorted(outputs))
    return StepLine(lot_words.process(told), by, made, outcome, said, about, bare(told.original))


def _verdict(found: StepBalance, by: str) -> tuple[str, str, str]:
    """The outcome of a step, its word, and what it is about."""
    if found.balance is None:
        return "none", _("Not established"), _("values withheld by %(by)s") % {"by": by}
    rows = [one for one in found.balance.elements.values() if one.in_kg > 0]
    for verdict in (Verdict.REFUSED, Verdict.WARNING, Verdict.NOT_EVALUATED):
        named = [words.element(one.element) for one in rows if one.verdict is verdict]
        if named:
            outcome, word = _VERDICTS[verdict]
            return outcome, str(word), ", ".join(named)
    outcome, word = _VERDICTS[Verdict.OK]
    return outcome, str(word), ngettext("for %(n)d element", "for %(n)d elements", len(rows)) % {"n": len(rows)}


def parties(history: Sequence[LotView], matter: Matter, names: Names) -> list[Party]:
    """Who made these lots, in the order in which they came in."""
    by_maker: dict[UUID, list[LotView]] = {}
    for view in sorted(history, key=lambda one: one.row.made_by_id):
        by_maker.setdefault(view.row.maker_id, []).append(view)
    rows = {one.pk: one for one in Organisation.objects.filter(pk__in=by_maker)}
    return [
        Party(names.known.get(one, ""), countries.name(rows[one].country), _steps_of(views, matter), tuple(views))
        for one, views in by_maker.items()
    ]


def _steps_of(views: Sequence[LotView], matter: Matter) -> tuple[str, ...]:
    found: list[str] = []
    for view in views:
        if view.row.origin:
            found.append(str(words.origin(view.row.origin)))
        found += [str(one["step"]) for one in matter.made[view.row.made_by_id].claim.get("process", ())]
    return tuple(dict.fromkeys(found))
