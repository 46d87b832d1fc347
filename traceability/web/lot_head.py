"""The facts at the head of a lot's page: what it is, whose it is, where it stands, what went into it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from traceability.acceptance.imports import KIND as IMPORT
from traceability.ledger.quantity import round_places
from traceability.material.composition import MASS_PLACES
from traceability.selectors.lineage import Lineage
from traceability.selectors.lots import Ancestry, LotView, Matter
from traceability.web import countries, lot_words, words
from traceability.web.lot_words import Vocabulary

HEAVY: Final = ("Dy", "Tb")


@dataclass(frozen=True)
class LotHead:
    """A lot with the nearest of its ancestors, as its reader may see them."""

    view: LotView
    matter: Matter
    up: Lineage
    near: frozenset[UUID]
    ancestry: Ancestry
    vocabulary: Vocabulary

    @property
    def is_recalled(self) -> bool:
        return bool(self.view.row.record["custody"].get("recalled"))

    @property
    def is_imported(self) -> bool:
        """Whether the lot came from another record."""
        return self.matter.made[self.view.row.made_by_id].original.row.kind == IMPORT

    @property
    def state(self) -> tuple[str, str]:
        """The state in words, and what is said below it."""
        row = self.view.row
        by = {"holder": self._name(row.holder_id), "receiver": self._name(row.receiver_id)}
        said = {
            "held": (_("Held by %(holder)s") % by, self._remaining()),
            "on_hold": (_("On hold"), _("by %(holder)s") % by),
            "in_transit": (_("On its way to %(receiver)s") % by, _("sent by %(holder)s") % by),
            "left": (_("Left the record"), _("handed over by %(holder)s to somebody who keeps none here") % by),
            "blocked": (_("Blocked"), _("the weighed mass differs: to be settled")),
            "closed": (_("Used up"), _("by %(holder)s") % by),
            "void": (_("Void"), _("the statement that made it was withdrawn")),
        }
        return said.get(
            self.view.facts.state, (_("Delivered"), _("what its next holder does with it is not told here"))
        )

    def _remaining(self) -> str:
        mass, left = self.view.facts.mass_kg, self.view.facts.remaining_kg
        return _("all of it is there") if left is not None and left == mass else ""

    def _name(self, organisation: UUID | None) -> str:
        return self.vocabulary.names.of(organisation) if organisation else ""

    @property
    def maker(self) -> str:
        return self.vocabulary.names.known.get(self.view.row.maker_id, "")

    @property
    def withholder(self) -> str:
        return lot_words.withholder(self.vocabulary, self.view.row.maker_id)

    @property
    def country(self) -> str:
        return countries.name(self.matter.country(self.view.row.pk))

    @property
    def parents(self) -> list[LotView]:
        own = self.view.row.pk
        near = {edge.parent for edge in self.up.edges({own, *self.near}) if edge.child == own}
        return sorted((self.matter.views[one] for one in near), key=lambda view: view.label)

    @property
    def first_elements(self) -> list[tuple[str, Decimal | None, str, Decimal | None]]:
        """Up to two facts: name and kg of the element with most mass, beside it the next one; then the heavy ones."""
        held = self.view.elements
        heavy = [one for one in HEAVY if one in held[1:]]
        pairs = [(held[0], next((one for one in held[1:] if one not in HEAVY), ""))] if held else []
        pairs += [(heavy[0], "".join(heavy[1:2]))] if heavy else []
        return [
            (words.element(one).capitalize(), self._element_kg(one), words.element(beside) if beside else "",
             self._element_kg(beside) if beside else None)
            for one, beside in pairs
        ]  # fmt: skip

    def _element_kg(self, element: str) -> Decimal | None:
        mass = self.view.element_kg(element)
        return None if mass is None else round_places(mass, MASS_PLACES)

    @property
    def ancestors(self) -> str:
        if not len(self.up):
            return _("None here: it came from another record") if self.is_imported else _("None: it is a source")
        lots_said = ngettext("%(n)d lot", "%(n)d lots", len(self.up)) % {"n": len(self.up)}
        lands = len(self.ancestry.countries)
        return lots_said + ", " + ngettext("%(n)d country", "%(n)d countries", lands) % {"n": lands}

    @property
    def sources(self) -> str:
        """What stands at the beginning, in words."""
        origins = self.ancestry.origins
        mines, scrap = origins.get("mined", 0), origins.get("post_consumer", 0) + origins.get("pre_consumer", 0)
        other = sum(origins.values()) - mines - scrap
        said = [
            ngettext("%(n)d mine", "%(n)d mines", mines) % {"n": mines} if mines else "",
            ngettext("%(n)d scrap lot", "%(n)d scrap lots", scrap) % {"n": scrap} if scrap else "",
            _("%(n)d without proven origin") % {"n": other} if other else "",
        ]
        return ", ".join(one for one in said if one)
