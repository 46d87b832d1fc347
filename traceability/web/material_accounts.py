"""Material accounts: per site, stage and month what was there, what came, what went; and what stands behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any, Final

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from traceability.material import accounting
from traceability.material.accounting import MASS, NOT_ASSAYED, Flow, LotStock, Movement, Period
from traceability.selectors import accounts, lot_facts
from traceability.selectors.access import Actor
from traceability.selectors.accounts import Books
from traceability.web import tables, words
from traceability.web.account.words import Words
from traceability.web.acting import for_member, today
from traceability.web.tables import Column, Table, figures

FLOWS: Final[dict[Flow, Words]] = {
    Flow.ENTERED: gettext_lazy("Entered as opening stock"),
    Flow.RECEIVED: gettext_lazy("Received"),
    Flow.RETURNED: gettext_lazy("Came back"),
    Flow.MADE: gettext_lazy("Made"),
    Flow.USED: gettext_lazy("Used"),
    Flow.REGROUPED: gettext_lazy("Split or merged"),
    Flow.DISPATCHED: gettext_lazy("Dispatched"),
    Flow.DISPOSED: gettext_lazy("Disposed of"),
    Flow.ADJUSTED: gettext_lazy("Stock-takes"),
    Flow.SETTLED: gettext_lazy("Differences settled"),
    Flow.ASSAYED: gettext_lazy("By new assays"),
}
"""The columns of the account, in the order of a balance sheet."""
COUNTED: Final = (Flow.ADJUSTED, Flow.SETTLED)
EVERY: Final = "all"
NO_SITE: Final = "none"
"""Stands in the address for stock of which no site was stated."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the account in words, with what leads behind its numbers."""

    line: accounting.Line
    site: str
    query: str
    """What names this line in an address."""
    before: str
    """The same of the month before."""

    @property
    def stage(self) -> Words:
        return words.stage(self.line.stage)

    @property
    def substance(self) -> str:
        return substance(self.line.substance)

    def flow_kg(self, flow: Flow) -> Decimal | None:
        """kg in this month; None where nothing of the kind was said."""
        return self.line.flows_kg.get(flow)

    def cells(self, flows: Sequence[Flow]) -> list[tuple[Decimal | None, str]]:
        """kg of these flows, each with what leads behind it."""
        return [(self.flow_kg(one), f"{self.query}&flow={one}") for one in flows]


@dataclass(frozen=True, slots=True)
class Move:
    """One movement in words."""

    move: Movement
    lot: str
    site: str
    kind: Words

    @property
    def flow(self) -> Words:
        return FLOWS[self.move.flow]

    @property
    def lot_href(self) -> str:
        return _lot_href(self.move.lot)

    @property
    def href(self) -> str:
        return _statement_href(self.move.statement)

    @property
    def change_kg(self) -> Decimal:
        return self.move.change_kg.get(MASS, Decimal(0))


@dataclass(frozen=True, slots=True)
class Held:
    """A lot of the closing stock in words."""

    stock: LotStock
    lot: str
    site: str

    @property
    def lot_href(self) -> str:
        return _lot_href(self.stock.lot)

    @property
    def href(self) -> str:
        return _statement_href(self.stock.statement)

    @property
    def mass_kg(self) -> Decimal:
        return self.stock.kg[MASS]


TAKES: Final = Table(
    "stock-takes",
    gettext_lazy("Stock-takes and settled differences"),
    (
        Column("at", gettext_lazy("When"), lambda one: one.move.claimed_at),
        Column("lot", gettext_lazy("Lot"), lambda one: one.lot),
        Column("site", gettext_lazy("Site"), lambda one: one.site),
        Column("what", gettext_lazy("What"), lambda one: one.flow),
        figures("booked", gettext_lazy("Booked"), lambda one: one.move.booked_kg, unit="kg"),
        figures("counted", gettext_lazy("Counted"), lambda one: one.move.after_kg, unit="kg"),
        figures("change", gettext_lazy("Difference"), lambda one: one.change_kg, unit="kg"),
        Column("reason", gettext_lazy("Reason"), lambda one: one.move.reason),
        Column("statement", gettext_lazy("Statement"), lambda one: one.move.statement, seen=False),
    ),
    usual="at",
    part="takes",
)
MOVEMENTS: Final = Table(
    "movements",
    gettext_lazy("Movements"),
    (
        Column("at", gettext_lazy("When"), lambda one: one.move.claimed_at),
        Column("lot", gettext_lazy("Lot"), lambda one: one.lot),
        Column("what", gettext_lazy("What"), lambda one: one.flow),
        Column("kind", gettext_lazy("Statement"), lambda one: one.kind),
        figures("change", gettext_lazy("Dry mass"), lambda one: one.change_kg, unit="kg"),
        figures("booked", gettext_lazy("Before"), lambda one: one.move.booked_kg, unit="kg"),
        figures("after", gettext_lazy("After"), lambda one: one.move.after_kg, unit="kg"),
        Column("reason", gettext_lazy("Reason"), lambda one: one.move.reason),
        Column("site", gettext_lazy("Site"), lambda one: one.site, seen=False),
        Column("counts", gettext_lazy("Counts from"), lambda one: one.move.at, seen=False),
        Column("digest", gettext_lazy("Digest"), lambda one: one.move.statement, seen=False),
        Column("urn", "urn", lambda one: one.move.lot, seen=False),
    ),
    usual="at",
    what=gettext_lazy("movements"),
)
HELD: Final = Table(
    "closing-stock",
    gettext_lazy("Closing stock by lot"),
    (
        Column("lot", gettext_lazy("Lot"), lambda one: one.lot),
        figures("mass", gettext_lazy("Dry mass"), lambda one: one.mass_kg, unit="kg"),
        Column("site", gettext_lazy("Site"), lambda one: one.site),
        Column("urn", "urn", lambda one: one.stock.lot, seen=False),
        Column("statement", gettext_lazy("Said last"), lambda one: one.stock.statement, seen=False),
    ),
    usual="lot",
    part="lots",
)


def account_table(flows: Sequence[Flow], *, every: bool) -> Table:
    """The table of an account; the page shows the columns of these flows, the file has all."""
    return Table(
        "material-account",
        gettext_lazy("Material account"),
        (
            Column("site", gettext_lazy("Site"), lambda one: one.site),
            Column("stage", gettext_lazy("Stage"), lambda one: one.stage),
            Column("substance", gettext_lazy("Substance"), lambda one: one.substance, seen=every),
            figures("opening", gettext_lazy("Opening stock"), lambda one: one.line.opening_kg, unit="kg"),
            *(_flow_column(one, seen=one in flows) for one in FLOWS),
            figures("closing", gettext_lazy("Closing stock"), lambda one: one.line.closing_kg, unit="kg"),
            figures("lots", gettext_lazy("Stock of the lots"), lambda one: one.line.from_lots_kg, unit="kg"),
            _unexplained(),
            Column("month", gettext_lazy("Month"), lambda one: one.query.partition("month=")[2][:7], seen=False),
        ),
        what=gettext_lazy("lines"),
    )  # fmt: skip


def _unexplained() -> Column:
    words = gettext_lazy("Unexplained")
    return figures("difference", words, lambda one: one.line.difference_kg, unit="kg", seen=False)


def _flow_column(flow: Flow, *, seen: bool) -> Column:
    return figures(flow.value, FLOWS[flow], lambda one: one.flow_kg(flow), unit="kg", seen=seen)


@for_member
@require_safe
def show(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The account of a month."""
    asked = _Asked(request, actor)
    found = [one for one in asked.account() if asked.takes_substance(one.substance)]
    lines = asked.lines(found)
    flows = [one for one in FLOWS if any(line.flow_kg(one) is not None for line in lines)]
    takes = asked.in_words([one for one in asked.moves() if one.flow in COUNTED])
    shown = account_table(flows, every=asked.substance == EVERY).of(request, lines)
    context = asked.context() | {
        "lines": shown,
        "rows": [(one, one.cells(flows)) for one in shown.lines],
        "takes": TAKES.of(request, takes),
        "unexplained": [one for one in lines if one.line.difference_kg],
        "withheld": asked.labels(asked.books.withheld),
        "substances": [(EVERY, _("All substances")), *((one, substance(one)) for one in accounting.SUBSTANCES)],
        "crumbs": [(_("Material accounts"), "")],
    }
    return tables.answer(request, "books/account.html", context)


@for_member
@require_safe
def behind(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The statements and the lots behind the numbers of an account."""
    asked = _Asked(request, actor)
    flow = request.GET.get("flow", "")
    moves = [one for one in asked.moves() if one.flow == flow or flow not in set(Flow)]
    held = asked.held()
    context = asked.context() | {
        "flow": flow if flow in set(Flow) else "",
        "flows": list(FLOWS.items()),
        "moves": MOVEMENTS.paged(request, asked.in_words(moves)),
        "held": HELD.of(request, held),
        "crumbs": [(_("Material accounts"), f"{reverse('material_accounts')}?{asked.query()}"), (_("Behind it"), "")],
    }
    return tables.answer(request, "books/behind.html", context)


def substance(name: str) -> str:
    """What is counted, in words."""
    if name == MASS:
        return _("Dry mass")
    if name == NOT_ASSAYED:
        return _("Dry mass without an assay")
    return words.element(name)


class _Asked:
    """What the address asks: whose books, which month, site, stage and substance."""

    def __init__(self, request: HttpRequest, actor: Actor) -> None:
        self._actor = actor
        self.owners = accounts.owners(actor, today())
        owner = accounts.owner_of(actor, request.GET.get("of", ""), self.owners)
        self.books: Books = accounts.books(actor, owner, today())
        self.periods = accounting.periods(self.books.movements, datetime.combine(today(), time(), tzinfo=UTC))
        self.period = _period(request.GET.get("month", ""), self.periods)
        self.site = request.GET.get("site", "")
        self.stage = request.GET.get("stage", "")
        self.substance = request.GET.get("substance", "") or MASS
        self._labels: dict[str, str] = {}

    def account(self) -> list[accounting.Line]:
        """The lines of the month, of the site and stage that were asked for."""
        if self.period is None:
            return []
        found = accounting.account(self.books.movements, self.books.stock, self.period)
        return [one for one in found if self._takes(one.site, one.stage)]

    def moves(self) -> list[Movement]:
        """The movements of the month, of the site and stage that were asked for, oldest first."""
        month = self.period
        if month is None:
            return []
        found = [one for one in self.books.movements if month.begin <= one.at < month.end]
        return sorted((one for one in found if self._takes(one.site, one.stage)), key=lambda one: one.at)

    def held(self) -> list[Held]:
        """The lots of the closing stock."""
        if self.period is None:
            return []
        found = accounting.stock_at(self.books.movements, self.period)
        mine = [one for one in found if self._takes(one.site, one.stage)]
        labels = self.labels([one.lot for one in mine])
        return [Held(one, label, self.site_name(one.site)) for one, label in zip(mine, labels, strict=True)]

    def takes_substance(self, name: str) -> bool:
        return self.substance in (EVERY, name)

    def _takes(self, site: str, stage: str) -> bool:
        return self.site in ("", site or NO_SITE) and self.stage in ("", stage)

    def lines(self, found: Sequence[accounting.Line]) -> list[Line]:
        """The lines of an account in words."""
        return [
            Line(
                one,
                self.site_name(one.site),
                self.query(site=one.site or NO_SITE, stage=one.stage),
                self.query(site=one.site or NO_SITE, stage=one.stage, month=self.period and str(self.period.previous)),
            )
            for one in found
        ]

    def in_words(self, moves: Sequence[Movement]) -> list[Move]:
        """Movements in words."""
        labels = self.labels([one.lot for one in moves])
        told = self.books.told
        return [
            Move(one, label, self.site_name(one.site), words.kind(told[one.statement].original.row.kind))
            for one, label in zip(moves, labels, strict=True)
        ]

    def labels(self, lots: Sequence[str]) -> list[str]:
        """How people call these lots."""
        missing = [self.books.lots[one] for one in set(lots) - self._labels.keys()]
        if missing:
            facts = lot_facts.facts_of(self._actor, missing, today())
            self._labels |= {one.urn: lot_facts.label_of(one, facts[one.pk]) for one in missing}
        return [self._labels[one] for one in lots]

    def site_name(self, site: str) -> str:
        """The name of a site as far as the reader knows it."""
        if not site:
            return _("No site stated")
        return self.books.sites.get(site) or _("Site %(end)s") % {"end": site[-4:]}

    @property
    def of(self) -> str:
        """What names the organisation alone in an address."""
        return urlencode({"of": str(self.books.owner.pk)})

    def query(self, **changed: Any) -> str:
        """What asks for this in an address, with changes."""
        asked = {
            "of": str(self.books.owner.pk), "month": self.period, "site": self.site, "stage": self.stage,
            "substance": self.substance if self.substance != MASS else "", **changed,
        }  # fmt: skip
        return urlencode({name: str(value) for name, value in asked.items() if value})

    def context(self) -> dict[str, Any]:
        """What both pages need."""
        months = [(str(one), month_words(one)) for one in self.periods]
        sites = {one.site for one in self.books.movements}
        return {
            "section": "stock" if self.books.owner == self._actor.organisation else "lots",
            "owner": self.books.owner,
            "is_own": self.books.owner == self._actor.organisation,
            "givers": [(str(one.pk), one.name) for one in self.owners],
            "period": self.period,
            "month": month_words(self.period) if self.period else "",
            "months": months,
            "sites": sorted(((one or NO_SITE, self.site_name(one)) for one in sites), key=lambda one: one[1]),
            "stages": [(one, word) for one, word in words.STAGES.items()
                       if one in {move.stage for move in self.books.movements}],
            "asked": self,
        }  # fmt: skip


def month_words(period: Period) -> str:
    """A month in words, as in May 2026."""
    return date_format(period.begin, "YEAR_MONTH_FORMAT")


def _period(asked: str, known: Sequence[Period]) -> Period | None:
    """The month that was asked for where there is an account of it, else the newest."""
    return next((one for one in known if str(one) == asked), next(iter(known), None))


def _lot_href(urn: str) -> str:
    return reverse("lot", args=[urn.removeprefix("urn:uuid:")])


def _statement_href(digest: str) -> str:
    return reverse("statement", args=[digest.removeprefix("sha256:")])
