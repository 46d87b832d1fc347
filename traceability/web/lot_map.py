"""The map of the steps of a lot, out of the same scene as its custody graph."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from traceability.models import Lot
from traceability.selectors import lots
from traceability.selectors.access import Actor
from traceability.selectors.lineage import UP, lineage
from traceability.selectors.lots import DRY_MASS
from traceability.web import countries, country_colours, lot_graph, words
from traceability.web.lot_graph import Scene
from traceability.web.pictures import steps_map
from traceability.web.pictures.palette import Palette
from traceability.web.pictures.svg import Picture

NAME = "map"


def draw(drawn: Scene, element: str, palette: Palette) -> Picture | None:
    """The map by one element, or by DRY_MASS; None where no step has a country."""
    found = steps_map.journey(*lot_graph.nodes_and_edges(drawn, element))
    if not found.stops:
        return None
    weighed = _("dry mass") if element == DRY_MASS else words.element(element)
    return steps_map.draw(found, name=NAME, title=_("Map of the steps"), palette=palette, element_name=weighed)


def of_lot(actor: Actor, lot: Lot, today: date) -> Picture | None:
    """The map of what went into a lot that the actor may see, by the element that it holds most of."""
    found = lineage(lot.pk, UP)
    shown, _aside = lot_graph.scene_ids(found)
    matter = lots.matter_of(actor, shown, today)
    scene = lot_graph.scene(found, shown, set(), matter, {})
    element = (matter.views[lot.pk].elements or [DRY_MASS])[0]
    return draw(scene, element, country_colours.of_lot(lot.pk))


def of_countries(codes: Iterable[str], palette: Palette) -> Picture | None:
    """The map of countries of which it is only known that a step was there: points without lines."""
    known = [code for code in dict.fromkeys(codes) if code in countries.NAMES]
    if not known:
        return None
    found = steps_map.Journey(tuple(steps_map.Stop(code) for code in known))
    return steps_map.draw(found, name=NAME, title=_("Map of the steps"), palette=palette)
