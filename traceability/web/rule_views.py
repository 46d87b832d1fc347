"""Pages of rules: what the rule sets answer of one lot, of many, and the rule sets themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from traceability.models import Lot
from traceability.rules.answers import Answer, Outcome
from traceability.rules.catalogue import all_rule_sets
from traceability.rules.evaluating import answers_of
from traceability.selectors import access, lots, rule_facts
from traceability.selectors.access import Actor
from traceability.web import rule_page, tables, words
from traceability.web.acting import for_member, today
from traceability.web.tables import Column, Table

WITH_COLUMNS: Final = ("us-dfars-252-225-7052", "cn-mofcom-18-2025", "oecd-cahra", "eu-crma-29")
"""The rule sets that have columns on the page of many lots; its file has all of them."""
_ORDER: Final = (Outcome.FAIL, Outcome.INSUFFICIENT, Outcome.FLAG, Outcome.PASS, Outcome.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class LotLine:
    """A lot with the answers of all rule sets, in the order of the columns."""

    row: Lot
    label: str
    answers: Sequence[Answer]

    @property
    def cells(self) -> list[tuple[str, str]]:
        """Tag and word of each answer that has a column on the page."""
        seen = [one for one in self.answers if one.rule_set.id in WITH_COLUMNS]
        return [(rule_page.TAGS[one.found.outcome], str(rule_page.WORDS[one.found.outcome])) for one in seen]


@for_member
@require_safe
def lot(request: HttpRequest, actor: Actor, lot_id: UUID) -> HttpResponseBase:
    """What every rule set answers of one lot, as of a day: printable, and as a file."""
    row = access.lot(actor, lot_id, today())
    as_of, mistake = _as_of(request)
    facts = rule_facts.facts_of(actor, [row], today())[row.pk]
    found = rule_page.lines(request, list(answers_of(facts, all_rule_sets(), as_of)))
    trail = [(facts.lot.label, reverse("lot", args=[row.pk])), (gettext("Rules"), "")]
    shown = {
        "label": facts.lot.label,
        "row": row,
        "as_of": as_of,
        "mistake": mistake,
        "answers": rule_page.ANSWERS.of(request, found),
        "sections": rule_page.sections(found),
        "tally": _tally(found),
        "crumbs": trail,
        "section": "lots",
    }
    return tables.answer(request, "rules/lot.html", shown, more=rule_page.shown_of(found))


@for_member
@require_safe
def many(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """What the rule sets answer of all lots that the reader may see, a page at a time; all of them in the file."""
    as_of, mistake = _as_of(request)
    stage = request.GET.get("stage", "magnet")
    rows = lots.visible(actor, today(), stage=stage)
    shown = _table(as_of).found(request, rows, partial(_lot_lines, actor, as_of))
    context = {"lots": shown, "as_of": as_of, "mistake": mistake, "stage": stage}
    context |= {"stages": words.STAGES.items(), "section": "lots"}
    return tables.answer(request, "rules/lots.html", context)


@require_safe
def rule_sets(request: HttpRequest) -> HttpResponse:
    """The rule sets with their sources, versions and what they do not decide; for anybody."""
    views = [rule_page.SetView(one) for one in all_rule_sets()]
    return render(request, "rules/sets.html", {"sets": views, "day": today()})


def _table(as_of: date) -> Table:
    """Lots, and a column for each version that answers on this day."""
    asked = [
        (one, version)
        for one in all_rule_sets()
        for version in (
            *([one.version_on(as_of)] if one.version_on(as_of) or not [*one.later_than(as_of)] else []),
            *one.later_than(as_of),
        )
    ]
    columns = []
    for place, (one, version) in enumerate(asked):
        column = rule_page.column_of(one, version, place, is_later=version is not None and version.begins_after(as_of))
        columns.append(column if one.id in WITH_COLUMNS else Column(column.name, column.words, column.cell, seen=False))
    return Table(
        "rules-of-lots",
        _("Lots"),
        (
            Column("lot", _("Lot"), lambda line: line.label, ("number_told",)),
            Column("material", _("Material"), lambda line: line.row.material, ("material", "number_told")),
            *columns,
            Column("made", _("Made"), lambda line: line.row.made_at, ("made_by_id",), seen=False),
            Column("urn", "urn", lambda line: line.row.urn, seen=False),
        ),
        usual="-made",
        what=_("lots"),
        wide=False,
    )


def _lot_lines(actor: Actor, as_of: date, rows: list[Lot]) -> list[LotLine]:
    facts = rule_facts.facts_of(actor, rows, today())
    return [
        LotLine(row, facts[row.pk].lot.label, list(answers_of(facts[row.pk], all_rule_sets(), as_of))) for row in rows
    ]


def _tally(found: Sequence[rule_page.AnswerLine]) -> list[tuple[str, int, str]]:
    """How many rule sets in force on the day answer what; those that begin later are not counted."""
    now = [one.answer.found.outcome for one in found if not one.answer.is_later]
    return [(rule_page.TAGS[one], now.count(one), str(rule_page.WORDS[one])) for one in _ORDER if one in now]


def _as_of(request: HttpRequest) -> tuple[date, bool]:
    """The day that was asked for, else today; and whether what was asked is no day."""
    asked = request.GET.get("as_of", "")
    try:
        found = date.fromisoformat(asked) if asked else today()
    except ValueError:
        return today(), True
    return (found, False) if 2000 <= found.year < 2100 else (today(), True)
