"""Two lots side by side: what they are, what they hold, where that is from, what rules answer, what was declared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from traceability.ledger.quantity import computing, round_places
from traceability.material.composition import MASS_PLACES
from traceability.models import Lot
from traceability.rules.answers import Answer
from traceability.selectors import access, lot_comparison, lot_facts, lots, rule_facts
from traceability.selectors.access import Actor
from traceability.selectors.lot_comparison import POST, PRE, Side, Source, difference
from traceability.web import countries, figures, lot_views, numbers, rule_page, tables, words
from traceability.web.acting import for_member, today
from traceability.web.lot_head import LotHead
from traceability.web.lot_words import Vocabulary
from traceability.web.numbers import NOT_DECLARED, NOT_ESTABLISHED, Gap
from traceability.web.origin_views import CLASSES
from traceability.web.spoken import spoken
from traceability.web.tables import Column, Table
from traceability.web.words import Words

PLACES: Final = 6
NOT_ASSAYED: Final = Gap(gettext_lazy("not assayed"))


@dataclass(frozen=True, slots=True)
class Links:
    """Pages, each by what it is called."""

    pages: Sequence[tuple[str, str]]


Value = Decimal | str | Gap | Links


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is said of both lots."""

    what: Words
    values: tuple[Value, Value]
    unit: str = ""
    about: Words = ""

    @property
    def difference(self) -> Decimal | None:
        """The second without the first, where both are figures."""
        return difference([one if isinstance(one, Decimal) else None for one in self.values])

    @property
    def cells(self) -> list[SafeString]:
        return [_drawn(one, self.unit) for one in self.values]

    @property
    def difference_cell(self) -> SafeString:
        return (
            figures.number(self.difference, self.unit, in_table=True) if self.difference is not None else SafeString()
        )


@dataclass(frozen=True, slots=True)
class RuleLine:
    """What one version of a rule set answers of both lots."""

    answers: Sequence[Answer]

    @property
    def title(self) -> str:
        return spoken(self.answers[0].rule_set.title)

    @property
    def version(self) -> str:
        return self.answers[0].version.version if self.answers[0].version else ""

    @property
    def said(self) -> list[tuple[str, str]]:
        """Tag and word of each answer."""
        return [(rule_page.TAGS[one.found.outcome], str(rule_page.WORDS[one.found.outcome])) for one in self.answers]


@for_member
@require_safe
def show(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Two lots side by side; where less are named, the lots among which one chooses."""
    ticked = request.GET.getlist("lot")
    if len(set(ticked)) == 2:
        return redirect(f"{reverse('lots_compare')}?{urlencode(dict(zip('ab', dict.fromkeys(ticked), strict=True)))}")
    named = filter(None, (request.GET.get("a"), request.GET.get("b")))
    rows = _seen(actor, list(dict.fromkeys(map(_uuid, named))))
    if len(rows) < 2:
        return _choose(request, actor, rows, is_wrong=len(ticked) > 0)
    sides = lot_comparison.side_by_side(actor, rows, today())
    heads = _heads(sides)
    shown = {
        "sides": sides,
        "most_followed": None if sides[0].is_followed else lot_comparison.MOST_FOLLOWED,
        "facts": _table("facts", _("Facts"), sides).of(request, list(_facts(sides, heads))),
        "contents": _table("contents", _("Contents"), sides, "%").of(request, list(_contents(sides, heads))),
        "origins": _table("origins", _("Sources"), sides, "%", with_source=True).of(
            request, list(_origins(sides, heads))
        ),
        "rules": _rules(sides).of(request, [RuleLine(one) for one in lot_comparison.answered(sides)]),
        "crumbs": [(_("Lots you may see"), reverse("lots")), (_("Compare lots"), "")],
        "section": "lots",
    }
    return tables.answer(request, "lots/compare.html", shown)


def _choose(request: HttpRequest, actor: Actor, rows: Sequence[Lot], *, is_wrong: bool) -> HttpResponseBase:
    """The lots that the reader may see, each with the way to compare it; one of the two may be chosen."""
    found = lots.visible(actor, today()).exclude(pk__in=[one.pk for one in rows])
    table = replace(lot_views.LOTS.without("pick"), matches=partial(lots.called, actor, today()))
    chosen = rows[0] if rows else None
    label = lot_facts.label_of(chosen, lot_facts.facts_of(actor, rows, today())[chosen.pk]) if chosen else ""
    shown = {
        "chosen": chosen,
        "label": label,
        "lots": table.found(request, found, partial(lot_views.lines_of, actor)),
        "next": f"a={chosen.pk}&b=" if chosen else "a=",
        "is_wrong": is_wrong,
        "crumbs": [(_("Lots you may see"), reverse("lots")), (_("Compare lots"), "")],
        "section": "lots",
    }
    return tables.answer(request, "lots/compare_choose.html", shown)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text.removeprefix("urn:uuid:"))
    except ValueError:
        raise Http404("This is not the id of a lot.") from None


def _seen(actor: Actor, ids: Sequence[UUID]) -> list[Lot]:
    """These lots in their order, or NotFound where the actor may not see one of them."""
    found = {row.pk: row for row in rule_facts.visible(actor, ids, today())} if ids else {}
    if len(found) < len(ids):
        raise access.NotFound("There is no such lot, or it is not yours to see.")
    return [found[one] for one in ids]


def _heads(sides: Sequence[Side]) -> list[LotHead]:
    return [
        LotHead(side.view, side.matter, side.up, frozenset(), side.ancestry, Vocabulary(side.names, {}))
        for side in sides
    ]


# Tables


def _table(name: str, title: str, sides: Sequence[Side], unit: str = "", *, with_source: bool = False) -> Table:
    """A table with a column for each lot, and one for the difference."""
    first = [Column("source", _("Source"), lambda line: line.about, kind="over")] if with_source else []
    return Table(
        f"compared-{name}",
        title,
        (
            Column("what", _("Element") if unit else _("What"), lambda line: line.what),
            *first,
            *(
                Column(f"lot{place}", side.view.label, _said(place), unit=unit, kind="r" if unit else "")
                for place, side in enumerate(sides)
            ),
            tables.figures("difference", _("Difference"), lambda line: line.difference, unit=unit),
            *([] if unit else [Column("unit", _("Unit"), lambda line: line.unit, seen=False)]),
        ),
        part=name,
        wide=False,
    )


def _rules(sides: Sequence[Side]) -> Table:
    answers = (Column(f"lot{place}", side.view.label, partial(_answered, place)) for place, side in enumerate(sides))
    return Table(
        "compared-rules",
        _("Answers of the rule sets"),
        (
            Column("rules", _("Rule set"), lambda line: line.title),
            Column("version", _("Version"), lambda line: line.version),
            *answers,
        ),
        part="rules",
        wide=False,
    )


def _answered(place: int, line: RuleLine) -> str:
    return line.said[place][1]


def _said(place: int) -> Callable[[Line], Any]:
    def said(line: Line) -> Any:
        value = line.values[place]
        if isinstance(value, Links):
            return [words for words, _href in value.pages]
        return str(value) if isinstance(value, Gap) else value

    return said


def _drawn(value: Value, unit: str) -> SafeString:
    if isinstance(value, Links):
        return format_html_join(", ", '<a href="{}">{}</a>', ((href, called) for called, href in value.pages))
    if isinstance(value, Gap):
        return figures.gap(value)
    return figures.number(value, unit, in_table=True) if isinstance(value, Decimal) else format_html("{}", value)


# What is said


def _facts(sides: Sequence[Side], heads: Sequence[LotHead]) -> Iterator[Line]:
    def line(what: str, of: Callable[[Side, LotHead], Value], unit: str = "", about: str = "") -> Line:
        first, second = (of(side, head) for side, head in zip(sides, heads, strict=True))
        return Line(what, (first, second), unit, about)

    yield line(_("Material"), lambda side, head: side.row.material)
    yield line(_("Stage"), lambda side, head: str(words.stage(side.row.stage)))
    yield line(_("Dry mass"), lambda side, head: _or(side.view.facts.mass_kg, _withheld(head)), "kg")
    yield line(_("Rare earths"), lambda side, head: _or(side.view.rare_earths_pct, _no_contents(side, head)), "%")
    about = _("of total rare earths, by the signed result")
    yield line(_("Recycled, post-consumer"), lambda side, head: _recycled(side, head, POST), "%", about)
    yield line(_("Recycled, pre-consumer"), lambda side, head: _recycled(side, head, PRE), "%", about)
    yield line(_("Made by"), lambda side, head: head.maker or numbers.withheld_by(_("itself")))
    yield line(_("Country"), lambda side, head: head.country or NOT_DECLARED)
    yield line(_("Made"), lambda side, head: date_format(side.row.made_at, "SHORT_DATE_FORMAT"))
    yield line(_("State"), lambda side, head: head.state[0])
    yield line(_("Countries of its history"), lambda side, head: _trail(side))
    yield line(_("Ancestors"), lambda side, head: head.ancestors)
    yield line(_("Declarations"), lambda side, head: _declared(side))


def _contents(sides: Sequence[Side], heads: Sequence[LotHead]) -> Iterator[Line]:
    for element in lot_comparison.elements(sides):
        first, second = (_content(side, head, element) for side, head in zip(sides, heads, strict=True))
        yield Line(words.element(element).capitalize(), (first, second))


def _content(side: Side, head: LotHead, element: str) -> Value:
    if side.view.composition is None:
        return _no_contents(side, head)
    content = side.contents.get(element)
    return NOT_DECLARED if content is None else round_places(content.element_pct, PLACES)


def _origins(sides: Sequence[Side], heads: Sequence[LotHead]) -> Iterator[Line]:
    for element, source in lot_comparison.sources(sides):
        first, second = (_share(side, head, element, source) for side, head in zip(sides, heads, strict=True))
        yield Line(words.element(element).capitalize(), (first, second), about=_source_words(source))


def _share(side: Side, head: LotHead, element: str, source: Source) -> Value:
    share = side.share(element, source)
    if share is not None:
        return _percent(share)
    if side.view.composition is not None and element not in side.contents:
        return NOT_DECLARED
    return _withheld(head) if side.view.assayed and side.view.composition is None else NOT_ESTABLISHED


def _source_words(source: Source) -> str:
    kind = str(CLASSES.get(source.source_class, source.source_class))  # type: ignore[call-overload]
    return f"{kind}, {countries.name(source.country)}" if source.country else kind


def _recycled(side: Side, head: LotHead, source_class: str) -> Value:
    share = side.recycled(source_class)
    if share is not None:
        return _percent(share)
    return _withheld(head) if side.result else NOT_ESTABLISHED


def _trail(side: Side) -> str:
    found = dict.fromkeys((*side.ancestry.countries, side.country))
    return ", ".join(countries.name(one) for one in found if one)


def _declared(side: Side) -> Value:
    if not side.declarations:
        return Gap(_("none"))
    return Links([(f"{one.reference}, {one.status}", one.href) for one in side.declarations])


def _or(value: Decimal | None, gap: Gap) -> Value:
    return gap if value is None else round_places(value, MASS_PLACES)


def _no_contents(side: Side, head: LotHead) -> Gap:
    return _withheld(head) if side.view.assayed else NOT_ASSAYED


def _withheld(head: LotHead) -> Gap:
    return numbers.withheld_by(head.withholder)


@computing()
def _percent(share: Decimal) -> Decimal:
    return round_places(share * 100, PLACES)
