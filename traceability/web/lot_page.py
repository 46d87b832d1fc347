"""Everything that the page of a lot shows, as its reader may see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from traceability.models import ChainLink, Finding, Lot
from traceability.selectors import access, claims, lots, statements
from traceability.selectors import certificates as certified
from traceability.selectors.access import Actor
from traceability.selectors.lineage import DOWN, UP, Lineage, lineage
from traceability.selectors.lots import DRY_MASS, LotView, Matter, StepBalance
from traceability.selectors.names import Names, names_of
from traceability.selectors.slots import SLOTS
from traceability.web import balances, certificates, country_colours, lot_graph, lot_history, lot_map, lot_shares, words
from traceability.web.balances import Said as BalanceSaid
from traceability.web.claims_words import LotClaim
from traceability.web.elsewhere import Elsewhere, changes_above
from traceability.web.lot_head import LotHead
from traceability.web.lot_history import Party, StepLine
from traceability.web.lot_shares import LotShares
from traceability.web.lot_timeline import Line, Timeline, sentence
from traceability.web.lot_words import Vocabulary
from traceability.web.pictures.balance import Balances
from traceability.web.pictures.bars import Bars
from traceability.web.pictures.svg import Picture

BOTH: Final = "both"
DIRECTIONS: Final = {
    UP: gettext_lazy("Where it came from"),
    DOWN: gettext_lazy("What came of it"),
    BOTH: gettext_lazy("Both"),
}
DEPTHS: Final = ("1", "2", "3", "5", "10")
STATEMENTS_ON_A_PAGE: Final = 50
STEPS_SHOWN: Final = lot_shares.MOST_LOTS


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the reader chose: an element, a direction, how many steps of the graph (all where empty), a page."""

    element: str = ""
    direction: str = UP
    page: str = ""
    depth: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A finding, said as far as the reader may read its figures."""

    code: str
    sentence: str
    lot: LotView | None


class LotPage:
    """Reads everything once; the template takes what it needs."""

    def __init__(self, actor: Actor, lot: Lot, today: date, wanted: Wanted) -> None:
        self.actor, self.today, self.wanted = actor, today, wanted
        self.up: Lineage = lineage(lot.pk, UP)
        self.direction = wanted.direction if wanted.direction in DIRECTIONS else UP
        shown, aside = self._scene_ids()
        self.matter: Matter = lots.matter_of(actor, {lot.pk, *self.up.lots(STEPS_SHOWN), *shown, *aside}, today)
        self.view = self.matter.views[lot.pk]
        self.names = self._names()
        self.vocabulary = Vocabulary(self.names, {pk: one.label for pk, one in self.matter.views.items()})
        self.notes = self._notes()
        self.result = lots.newest_told(actor, lot, "lot.result", today)
        self.element = self._element()
        self.scene = lot_graph.scene(self.up, shown, aside, self.matter, self._marked())
        ancestry = lots.ancestry(lot.pk)
        below = (view.row.country for view in sorted(self.matter.views.values(), key=lambda view: view.row.made_by_id))
        self.palette = country_colours.palette_of(ancestry, [lot.country, *below])
        near = frozenset(self.up.lots(STEPS_SHOWN))
        self.head = LotHead(self.view, self.matter, self.up, near, ancestry, self.vocabulary)
        self.shares = LotShares(self.up, self.matter, self.element, self.result, self.palette)

    @cached_property
    def elsewhere(self) -> list[Elsewhere]:
        """What was said in other records of imported lots in it, after they came in."""
        return changes_above({self.row.pk, *self.up.lots()})

    # What is chosen

    def _drawn(self) -> list[Lineage]:
        return [*([self.up] if self.direction != DOWN else []), *([self._down] if self.direction != UP else [])]

    @cached_property
    def _down(self) -> Lineage:
        return lineage(self.up.lot, DOWN)

    @property
    def depth(self) -> int | None:
        """How many steps the graph goes; None for all of them."""
        return int(self.wanted.depth) if self.wanted.depth in DEPTHS else None

    def _scene_ids(self) -> tuple[set[UUID], set[UUID]]:
        shown, aside = {self.up.lot}, set[UUID]()
        if self.direction != DOWN:
            shown, aside = lot_graph.scene_ids(self.up, depth=self.depth)
        if self.direction != UP:
            below = access.lots(self.actor, self.today).filter(pk__in=self._down.lots()).values_list("pk", flat=True)
            shown |= lot_graph.scene_ids(self._down, set(below), depth=self.depth)[0]
        return shown, aside - shown

    def _names(self) -> Names:
        parties = {
            one
            for view in self.matter.views.values()
            for one in (view.row.maker_id, view.row.holder_id, view.row.receiver_id)
            if one is not None
        }
        issuers = {told.original.issuer for told in self.matter.made.values()}
        return names_of(self.actor, parties | issuers, self.today)

    @property
    def elements(self) -> list[tuple[str, str]]:
        """The elements among which the reader may choose, with their names."""
        held = self.view.elements or sorted(lot_shares.elements_shared(self.result))
        return [*((one, words.element(one).capitalize()) for one in held), (DRY_MASS, _("Dry mass"))]

    def _element(self) -> str:
        known = [one for one, _ in self.elements]
        return self.wanted.element if self.wanted.element in known else known[0]

    @property
    def element_word(self) -> str:
        return _("dry mass") if self.element == DRY_MASS else words.element(self.element)

    @property
    def depths(self) -> Sequence[tuple[str, str]]:
        """Among how many steps the reader may choose."""
        return [(one, one) for one in DEPTHS]

    @property
    def directions(self) -> Iterable[tuple[str, words.Words]]:
        return DIRECTIONS.items()

    # The head

    @property
    def label(self) -> str:
        return self.view.label

    @property
    def row(self) -> Lot:
        return self.view.row

    @cached_property
    def history(self) -> list[LotView]:
        return [self.matter.views[one] for one in self.up.lots(STEPS_SHOWN) if one in self.matter.views]

    @cached_property
    def custody(self) -> Mapping[str, Any]:
        """The newest link that the reader may know, and how anybody recomputes its hash."""
        link = self._links().order_by("-seq").select_related("statement").first()
        if link is None:
            return {}
        hash_ = bytes(link.custody_hash).hex()
        return {
            "hash": f"sha256:{hash_}", "seq": link.seq, "urn": self.row.urn,
            "digest": bytes(link.statement.digest).hex(),
        }  # fmt: skip

    # Findings

    def _notes(self) -> list[Note]:
        ids = {self.row.pk, *self.up.lots(STEPS_SHOWN)}
        rows = Finding.objects.filter(lot__in=ids).order_by("-pk")[:100]
        made = {told.original.row.pk: told for told in self.matter.made.values()}
        views = self.matter.views
        return [Note(one.code, sentence(one, made), views.get(one.lot or UUID(int=0))) for one in rows]

    def _marked(self) -> dict[UUID, str]:
        return {note.lot.row.pk: note.code.replace("_", " ") for note in self.notes if note.lot is not None}

    @property
    def findings_where(self) -> str:
        found = list(dict.fromkeys(note.lot.label for note in self.notes if note.lot is not None))
        said = {"lots": ", ".join(found[:2]), "n": len(found) - 2}
        return (_("on %(lots)s and %(n)d more") if len(found) > 2 else _("on %(lots)s")) % said if found else ""

    # Pictures

    @cached_property
    def graph(self) -> Picture:
        return lot_graph.draw(self.scene, self.element, self.palette)

    @cached_property
    def map(self) -> Picture | None:
        """The countries of the steps, where anything is joined to this lot."""
        return lot_map.draw(self.scene, self.element, self.palette) if self.scene.edges else None

    @property
    def graph_about(self) -> str:
        ways = {
            UP: _("Read from ore and scrap to this lot."),
            DOWN: _("Read from this lot to what came of it."),
            BOTH: _("Read from ore and scrap to this lot, and on to what came of it."),
        }
        way = ways[self.direction]
        said = _("Band width: mass of %(element)s. Colour: country of the step.") % {"element": self.element_word}
        return f"{said} {way}"

    @property
    def beyond(self) -> int:
        """Lots that the picture leaves out: too many to look at, or not the reader's to see."""
        return sum(map(len, self._drawn())) - len(self.scene.shown - self.scene.aside) + 1

    @cached_property
    def claims(self) -> list[LotClaim]:
        """What is claimed of the lot from claims accounts, beside what it holds."""
        return [LotClaim(one) for one in claims.claims_on(self.actor, self.row, self.today)]

    @property
    def mass_shares(self) -> Bars | None:
        return self.shares.of_mass(self.actor, self.today)

    # Steps and parties

    @cached_property
    def making(self) -> StepBalance | None:
        return lots.step_balance(self.matter.made[self.row.made_by_id], self.matter)

    @cached_property
    def balances(self) -> Balances | None:
        """The balance of the step that made the lot, drawn."""
        found = self.making
        if found is None or found.balance is None:
            return None
        return balances.drawn(found.balance, losses_stated="losses" in found.creator.body)

    @property
    def balance_words(self) -> list[BalanceSaid]:
        """The same in words."""
        found = self.making
        return balances.said(found.balance, found.process) if found else []

    @cached_property
    def steps(self) -> list[StepLine]:
        """Every step of the history with its balance, the last one first."""
        return lot_history.steps([*self.history, self.view], self.matter, self.vocabulary)

    @property
    def steps_beyond(self) -> int:
        """Lots of the history whose steps are not listed."""
        return max(0, len(self.up) - STEPS_SHOWN)

    @cached_property
    def parties(self) -> list[Party]:
        return lot_history.parties([*self.history, self.view], self.matter, self.names)

    @property
    def parties_about(self) -> str:
        """How many made the lots of this history, and why a name may be missing."""
        parties = self.parties
        said = ngettext(
            "%(n)d organisation made the lots of this history.",
            "%(n)d organisations made the lots of this history.",
            len(parties),
        ) % {"n": len(parties)}
        withheld = sum(1 for one in parties if not one.name)
        return said + " " + _("A name that is confidential is shown as withheld.") if withheld else said

    # Statements

    def _links(self) -> QuerySet[ChainLink]:
        """The chain of the lot; who handed it on sees it up to the answer of the next holder."""
        links = ChainLink.objects.filter(subject=self.row.pk)
        if self.view.facts.with_reader:
            return links
        seen_as = access.organisations_seen_as(self.actor, self.today)
        last = links.filter(statement__issuer__in=seen_as).aggregate(last=Max("seq"))["last"]
        return links.filter(seq__lte=(last or 0) + 1)

    def statements(self) -> tuple[Page[ChainLink], list[Line]]:
        """One page of the chain, oldest first; the last page unless another was asked for."""
        links = self._links().exclude(statement__kind__in=statements.VERSION_KINDS)
        pages = Paginator(links.order_by("seq").select_related("statement"), STATEMENTS_ON_A_PAGE)
        page = pages.get_page(self.wanted.page or pages.num_pages)
        return page, Timeline(self.actor, self.row, self.today, self.vocabulary).lines(list(page.object_list))

    @cached_property
    def certificates(self) -> list[certificates.Line]:
        """The certificates of the site where the lot was made, as they are today."""
        site = self.matter.facility(self.row.pk)
        known = certified.certificates(self.actor, {self.row.maker_id}, self.today) if site else {}
        return certificates.lines(known.get(UUID(site[9:]), ())) if known else []

    @property
    def export_href(self) -> str:
        """Where the audit bundle is exported: by those with whom the lot is, or who hold their mandate."""
        seen_as = access.organisations_seen_as(self.actor, self.today)
        is_with = self.row.holder_id in seen_as or self.row.receiver_id in seen_as
        return reverse("lot_bundle", args=[self.row.pk]) if is_with else ""

    @property
    def check_href(self) -> str:
        """The page that checks this lot by its custody hash."""
        return f"{reverse('check')}?{urlencode({'q': self.custody.get('hash', '')})}"

    @property
    def compare_href(self) -> str:
        """The page that asks which lot to set beside this one."""
        return f"{reverse('lots_compare')}?{urlencode({'a': str(self.row.pk)})}"

    @property
    def documents(self) -> Sequence[Any]:
        """The declarations of the lot."""
        return SLOTS.declarations(self.actor, [self.row.pk]).get(self.row.pk, ())
