"""Profiles of programmes and product category rules: thresholds and choices as data (`lodestone-completeness/1`).

A profile says what a declaration under it must reach. Registration numbers, versions and clause texts of real rules are
not here: nobody has shown them to us.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from epd.lca.indicators import LifeCycleModule
from traceability.ledger.errors import RecordError


class UnknownProfile(RecordError):
    """A profile that this release does not know."""

    code = "unknown_profile"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a declaration must reach, and the choices that it prints."""

    id: str
    name: str
    declared_unit_kg: Decimal
    electricity_module: LifeCycleModule
    least_covered: Decimal
    """Smallest covered share of mass and of energy over the whole chain."""
    cut_off: Decimal
    """Largest share of a step's own mass or energy without factor and without a stated reason."""
    indicators: tuple[str, ...]
    """The core list, in the order of the table; others are additional."""


INTERNATIONAL_EPD_DEFAULT: Final = Profile(
    id="international-epd-default/1",
    name="International EPD System, default list of indicators",
    declared_unit_kg=Decimal(1),
    electricity_module=LifeCycleModule.A3,
    least_covered=Decimal("0.95"),
    cut_off=Decimal("0.01"),
    indicators=(
        "gwp_ghg",
        "gwp_total",
        "gwp_fossil",
        "gwp_biogenic",
        "gwp_luluc",
        "odp",
        "ap",
        "ep_fw",
        "ep_mar",
        "ep_ter",
        "pocp",
        "adpe",
        "adpf",
        "wdp",
    ),
)

PROFILES: Final[Mapping[str, Profile]] = MappingProxyType(
    {profile.id: profile for profile in (INTERNATIONAL_EPD_DEFAULT,)}
)


def profile_of(profile_id: str) -> Profile:
    """The profile with this id; refuses one that we do not know."""
    if profile_id not in PROFILES:
        raise UnknownProfile(f"Use one of these profiles: {', '.join(PROFILES)}.", path="/profile")
    return PROFILES[profile_id]
