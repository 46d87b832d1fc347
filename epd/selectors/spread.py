"""Who brings what into a headline, by factor: the sensitivities of the results that a reader may read, tier by tier.

The result of a maker holds the factors of his own steps; what he received stands in its rest. Where the reader may
read the supplier's result too, that rest gives way to the factors of the supplier, as far up as results are open.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from uuid import UUID

from epd.lca.indicators import Basis
from epd.lca.result import BasisResult
from epd.lca.uncertainty import Part, part_of
from epd.selectors.stages import MOST_LOTS, Chain, share_of_step
from traceability.selectors import lots

NO_LONGER_OPEN = 1e-9
"""Of all that a maker brings: less than that is what was lost in rounding."""


@dataclass(slots=True)
class _Brought:
    """What the results of one maker bring, while it is summed."""

    by_factor: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    rest: float = 0.0
    measured: float = 0.0
    first: Part | None = None

    def add(self, found: Part, kg: float) -> None:
        """So many kg of a lot of his go into 1 kg of the product."""
        self.first = self.first or found
        for name, gwp in found.by_factor.items():
            self.by_factor[name] += kg * gwp
        self.rest += kg * found.rest
        self.measured += kg * found.measured

    def hand_on(self, found: Part, kg: float) -> None:
        """What stood in his rest is what somebody else brings."""
        self.rest -= kg * found.whole
        self.measured -= kg * found.measured

    def part(self) -> Part | None:
        """What is his own; nothing where no result of his was read."""
        if self.first is None:
            return None
        whole = sum(self.by_factor.values()) + self.rest
        rest = 0.0 if abs(self.rest) <= NO_LONGER_OPEN * abs(whole) else self.rest
        return replace(self.first, by_factor=dict(self.by_factor), rest=rest, measured=self.measured)


def parts_of(stated: BasisResult, maker: UUID, lot: UUID | None = None, chain: Chain | None = None) -> tuple[Part, ...]:
    """The parts of a headline by maker; one part where the reader sees nothing behind the lot."""
    own = part_of(str(maker), stated)
    if lot is None or chain is None or not stated.detailed or len(chain.up) > MOST_LOTS or lot not in chain.results:
        return (own,)
    brought: defaultdict[UUID, _Brought] = defaultdict(_Brought)
    brought[maker].add(own, 1.0)
    needed: defaultdict[UUID, float] = defaultdict(float, {lot: 1.0})
    for pk in (lot, *chain.up.lots()):
        if needed[pk]:
            for one, per_kg in _drawn_per_kg(pk, stated.basis, chain).items():
                _draw(
                    one,
                    chain.matter.views[pk].row.maker_id,
                    needed[pk] * per_kg,
                    _Walk(needed, brought, chain, stated.basis),
                )
    return tuple(found for one in sorted(brought) if (found := brought[one].part()))


@dataclass(frozen=True, slots=True)
class _Walk:
    needed: defaultdict[UUID, float]
    brought: Mapping[UUID, _Brought]
    chain: Chain
    basis: Basis


def _draw(lot: UUID, user: UUID, kg: float, walk: _Walk) -> None:
    """So many kg of a lot are drawn for 1 kg of the product: what its maker brings is taken out of the user's rest."""
    result = walk.chain.results.get(lot)
    stated = None if result is None else result.bases.get(walk.basis)
    maker = walk.chain.matter.views[lot].row.maker_id
    if stated is None:
        return
    if maker != user:
        found = part_of(str(maker), stated)
        walk.brought[user].hand_on(found, kg)
        walk.brought[maker].add(found, kg)
    walk.needed[lot] += kg


def _drawn_per_kg(pk: UUID, basis: Basis, chain: Chain) -> Mapping[UUID, float]:
    """kg of each input that 1 kg of a lot takes; nothing where the reader does not see it."""
    view = chain.matter.views[pk]
    creator = chain.matter.made.get(view.row.made_by_id)
    if creator is None or view.row.origin or pk not in chain.results or not view.facts.mass_kg:
        return {}
    share = share_of_step(pk, creator, basis, chain)
    if share is None:
        return {}
    drawn = lots.drawn_kg(creator)
    return {
        one: float(Decimal(drawn[one]) * share / view.facts.mass_kg)
        for one in sorted(chain.inputs.get(pk, ()))
        if one in drawn
    }
