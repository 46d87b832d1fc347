"""What the forms of one organisation offer to choose from, each list read once when a field asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from traceability.intake.numbers import NumberStyle
from traceability.ledger import moments
from traceability.ledger.identifiers import is_urn
from traceability.ledger.kinds.accounts import RARE_EARTHS as ALL_RARE_EARTHS
from traceability.ledger.kinds.lots import ROLES
from traceability.material.elements import RARE_EARTHS, SPECIES
from traceability.selectors import certificates, claims, drafts, stock
from traceability.selectors.access import Actor
from traceability.selectors.names import names_of
from traceability.selectors.slots import SLOTS
from traceability.selectors.stock import State
from traceability.services.stored import uuid_of
from traceability.web import countries, numbers, words

if TYPE_CHECKING:
    from traceability.selectors.stock import LotNamed

Words = str | Promise
Choice = tuple[str, Words | Sequence[tuple[str, Words]]]
"""A value and its words, or the name of a group and its choices."""
FREIGHT = ("freight.", "wtt.road", "wtt.rail", "wtt.sea")
_LEAST_SHOWN_PCT = 0.01
_MOST_PRESETS = 6


class Offers:
    """Lists of choices for the forms of one actor today."""

    def __init__(
        self, actor: Actor, today: date, drawn: Sequence[str] = (), style: NumberStyle = NumberStyle.POINT
    ) -> None:
        self.actor = actor
        self.today = today
        self.drawn = drawn
        """Urns of the lots that the draft draws from."""
        self.style = style
        """How its numbers are written."""
        self._gone: dict[str, LotNamed] = {}

    @cached_property
    def held(self) -> list[LotNamed]:
        """Lots that may be drawn, disposed of or dispatched."""
        return list(drafts.lots_in_state(self.actor, self.today, State.ON_HAND))

    def lots(self, *states: State) -> Sequence[Choice]:
        """Lots in these states."""
        rows = self.held if states == (State.ON_HAND,) else drafts.lots_in_state(self.actor, self.today, *states)
        return [(row.urn, _of_lot(row)) for row in rows]

    def called(self, value: str) -> str:
        """What was chosen once and is not offered any more: a lot that is gone by now, a partner; else as it stands."""
        if not is_urn(value):
            return value
        if value not in self._gone:
            self._gone |= drafts.lots_named(self.actor, {value, *self.drawn}, self.today)
        if value in self._gone:
            row = self._gone[value]
            return f"{_name(row)}, {row.material}"
        party = uuid_of(value)
        return names_of(self.actor, [party], self.today).known.get(party, value)

    @cached_property
    def made(self) -> Sequence[Choice]:
        """Lots that the organisation made itself."""
        return [(row.urn, _of_lot(row)) for row in drafts.lots_made(self.actor, self.today)]

    @cached_property
    def facilities(self) -> Sequence[Choice]:
        """The organisation's own sites."""
        return [(f"urn:uuid:{row.pk}", f"{row.name}, {countries.name(row.country)}") for row in
                drafts.facilities(self.actor)]  # fmt: skip

    @cached_property
    def certificates(self) -> Sequence[Choice]:
        """The certificates of the organisation's own sites that another one can renew."""
        return [
            (one.certificate.digest, f"{one.certificate.standard}, {one.site.name}, {one.certificate.valid_until}")
            for one in certificates.own(self.actor, self.today)
        ]

    @cached_property
    def partners(self) -> Sequence[Choice]:
        """To whom one can dispatch, and `outside` of the record."""
        rows = [
            (row.urn, f"{row.name}, {countries.name(row.country)}") for row in drafts.partners(self.actor, self.today)
        ]
        return [*rows, ("outside", _("Somebody who keeps no record here: the goods leave it"))]

    @cached_property
    def countries(self) -> Sequence[Choice]:
        """All countries by name."""
        return countries.choices()

    @cached_property
    def species(self) -> Sequence[Choice]:
        """What an assay may name: rare earths as element or oxide, and the other elements."""
        rows = [(one.formula, f"{one.formula}, {words.element(one.element)}") for one in SPECIES.values()]
        oxides = [row for row in rows if SPECIES[row[0]].is_oxide]
        earths = [row for row in rows if row[0] in RARE_EARTHS]
        others = [row for row in rows if row not in oxides and row not in earths]
        return [(_("Rare earths, as element"), earths), (_("Rare earths, as oxide"), oxides),
                (_("Other elements"), others)]  # fmt: skip

    @cached_property
    def species_drawn(self) -> Sequence[str]:
        """The rare earths that came in with the lots drawn, the most first: what an assay of the output will name."""
        contents: dict[str, float] = {}
        for row in self.held:
            if row.urn in self.drawn:
                for element, pct in stock.composition(row).items():
                    if element in RARE_EARTHS and pct >= _LEAST_SHOWN_PCT:
                        contents[element] = max(contents.get(element, 0.0), float(pct))
        return sorted(contents, key=lambda one: -contents[one])[:_MOST_PRESETS]

    @cached_property
    def claims_accounts(self) -> Sequence[Choice]:
        """The claims accounts of the organisation."""
        return [(one.urn, one.name or str(one.pk)[-8:]) for one in claims.open_accounts(self.actor)]

    @cached_property
    def credits(self) -> Sequence[Choice]:
        """Credits of which something is left, by their account."""
        found: list[Choice] = []
        for one in claims.open_accounts(self.actor):
            for credit, at, kg in one.record["credits"]:
                day = date_format(moments.parse_moment(at), "SHORT_DATE_FORMAT")
                told = {"account": one.name or str(one.pk)[-8:], "day": day, "kg": numbers.all_digits(Decimal(kg))}
                found += [(credit, _("%(account)s, %(day)s: %(kg)s kg left") % told)] if Decimal(kg) else []
        return found

    @cached_property
    def counted(self) -> Sequence[Choice]:
        """What a claims account may count: all rare earths or one element."""
        elements = sorted(RARE_EARTHS, key=words.element)
        return [(one, words.counted(one)) for one in (ALL_RARE_EARTHS, *elements)]

    @cached_property
    def factors(self) -> Sequence[Choice]:
        """All factors with which the organisation computes, by family."""
        families: dict[str, list[tuple[str, str]]] = {}
        for one in SLOTS.factors(self.actor.organisation.pk):
            note = _(", illustrative") if one.illustrative else ""
            family = one.id.partition(".")[0]
            name = one.name
            if one.compartment:
                name = _("%(flow)s to %(compartment)s") % {"flow": name, "compartment": one.compartment}
            said = {"name": name, "unit": one.unit, "place": f"{one.geography}{note}"}
            families.setdefault(family, []).append((one.id, _("%(name)s (per %(unit)s, %(place)s)") % said))
        return [(_family(family), rows) for family, rows in families.items()]

    @cached_property
    def transport_factors(self) -> Sequence[Choice]:
        """Factors of freight and of its fuel."""
        return [
            (one.id, _("%(name)s (per %(unit)s)") % {"name": one.name, "unit": one.unit})
            for one in SLOTS.factors(self.actor.organisation.pk)
            if one.id.startswith(FREIGHT)
        ]


def _family(family: str) -> str:
    return {
        "grid": _("Electricity"), "fuel": _("Fuels, combustion"), "wtt": _("Fuels and freight, supply of the fuel"),
        "emission": _("Emissions, direct"), "process": _("Set free by the process"), "reagent": _("Reagents"),
        "illustrative": _("Illustrative, not for claims"), "own": _("Own background data"),
        "water": _("Water"), "freight": _("Freight"),
    }.get(family, family)  # fmt: skip


def _name(row: LotNamed) -> str:
    return row.number_here or str(row.pk)[-8:]


def _of_lot(row: LotNamed) -> str:
    return _("%(name)s, %(material)s, %(normalize)s kg") % {
        "name": _name(row),
        "material": row.material,
        "normalize": numbers.all_digits(row.remaining_kg.normalize()),
    }


def roles(offers: Offers) -> Sequence[Choice]:
    """The roles of an inventory row."""
    return [(role, str(words.role(role))) for role in ROLES]
