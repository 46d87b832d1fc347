"""References under a profile: what a declaration of a product of a site states, and how far a lot is from it."""

from decimal import Decimal

from epd.lca.assembly import ReadResult
from epd.lca.bodies import figures_to_body, result_from_body
from epd.lca.factors import FactorSet
from epd.lca.indicators import Basis
from epd.lca.members import Body, Row, text
from epd.lca.period import Computed, deviations
from epd.lca.result import LotResult
from epd.lca.site_year import Versions
from epd.rules.declared import cells, declared
from epd.rules.profiles import profile_of


def members(body: Body, issuer: str, world: Versions, read: ReadResult, factors: FactorSet) -> Row:
    """The members of a reference that follow from the others and from what was accepted before it."""
    found = Computed(body, issuer, world, read, factors)
    return found.members() | figures_to_body(declared(found.result, profile_of(text(body, "profile"))))


def deviations_of(result: LotResult, reference: Body) -> list[Row]:
    """How far what a lot declares is from its reference, under the profile of the reference."""
    profile = text(reference, "profile")
    return deviations(_declared(result, profile), _declared(result_from_body(reference, lot="-"), profile))


def _declared(result: LotResult, profile: str) -> dict[tuple[Basis, str], Decimal | None]:
    return {(one.basis, one.indicator): one.a1_a3 for one in cells(result, profile_of(profile))}
