"""Where the matter of a lot comes from, as bars: by the signed result, and by what each step drew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from traceability.ledger.quantity import round_places
from traceability.selectors import lot_facts
from traceability.selectors.access import Actor
from traceability.selectors.lineage import Lineage, source_shares
from traceability.selectors.lots import DRY_MASS, Matter
from traceability.selectors.statements import Told
from traceability.web import countries, words
from traceability.web.lot_timeline import bare
from traceability.web.pictures import bars
from traceability.web.pictures.palette import Palette

MOST_LOTS: Final = 60
"""Ancestors of a lot whose shares are computed while somebody waits."""
_CLASS_WORDS: Final = {
    "post_consumer": gettext_lazy("post-consumer"), "pre_consumer": gettext_lazy("pre-consumer"),
    "unproven": gettext_lazy("origin not proven"),
    "unknown": gettext_lazy("no source in the record"),
}  # fmt: skip


@dataclass(frozen=True)
class LotShares:
    """What a lot is from, by one element or by its dry mass; `result` is the signed one that the reader may read."""

    up: Lineage
    matter: Matter
    element: str
    result: Told | None
    palette: Palette

    @property
    def question(self) -> str:
        if self.element == DRY_MASS:
            return _("Where are the rare earths from?")
        return _("Where is the %(element)s from?") % {"element": words.element(self.element)}

    @property
    def digest(self) -> str:
        """Of the signed result."""
        return bare(self.result.newest) if self.result else ""

    @property
    def signed(self) -> bars.Bars | None:
        """Where the element comes from, by the signed result; None where it is withheld or was not computed."""
        stated = self._stated
        rows = stated.get("totals") if self.element == DRY_MASS else _of_element(stated.get("elements"), self.element)
        sources = stated.get("sources")
        if not isinstance(rows, list) or not rows or not isinstance(sources, list):
            return None
        known = {str(one["source"]): one for one in sources}
        drawn = [self._bar(str(one["source"]), str(one["share"]), known.get(str(one["source"]), {})) for one in rows]
        return bars.draw(drawn, is_share=True)

    def _bar(self, source: str, share: str, about: Mapping[str, Any]) -> bars.Bar:
        view = self.matter.views.get(UUID(source[9:])) if source.startswith("urn:uuid:") else None
        land, sort = str(about.get("country", "")), str(about.get("class", "unknown"))
        kind = "" if sort == "mined" else str(_CLASS_WORDS.get(sort, sort))
        name = view.label if view else _("Another lot") if source != "unknown" else ""
        words_said = (name, kind, countries.name(land) if land else "")
        return bars.Bar(", ".join(filter(None, words_said)), Decimal(share), self.palette.paint(land))

    @cached_property
    def recycled(self) -> Mapping[str, Decimal] | None:
        """Post- and pre-consumer shares of total rare earths by the signed result, and their sum."""
        found = self._stated.get("recycled")
        if not isinstance(found, dict):
            return None
        post, pre = Decimal(str(found["post_consumer"])), Decimal(str(found["pre_consumer"]))
        return {"post": post, "pre": pre, "sum": post + pre}

    @property
    def _stated(self) -> Mapping[str, Any]:
        return _stated(self.result)

    def of_mass(self, actor: Actor, today: date) -> bars.Bars | None:
        """Where the dry mass comes from, computed now; None where the reader may not see what every step drew."""
        history = {self.up.lot, *self.up.lots(MOST_LOTS)}
        makers = {view.row.maker_id for pk, view in self.matter.views.items() if pk in history}
        if len(self.up) > MOST_LOTS or not makers <= lot_facts.masses_seen_of(actor, today):
            return None
        return bars.draw([self._mass_bar(one, share) for one, share in source_shares(self.up).items()], is_share=True)

    def _mass_bar(self, source: UUID, share: Decimal) -> bars.Bar:
        view = self.matter.views[source]
        name = ", ".join(filter(None, (view.label, countries.name(view.row.country))))
        return bars.Bar(name, round_places(share, 6), self.palette.paint(view.row.country))


def elements_shared(result: Told | None) -> set[str]:
    """The elements of which a signed result says where they are from."""
    rows = _stated(result).get("elements")
    return {str(row["element"]) for row in rows} if isinstance(rows, list) else set()


def _stated(result: Told | None) -> Mapping[str, Any]:
    stated = result.body.get("shares") if result else None
    return stated if isinstance(stated, dict) else {}


def _of_element(rows: object, element: str) -> list[Mapping[str, Any]] | None:
    return [one for one in rows if one["element"] == element] if isinstance(rows, list) else None
