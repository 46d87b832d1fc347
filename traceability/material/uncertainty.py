"""Standard uncertainty of element masses: the dated class table of the record (record-format.md sections 5 and 9)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from traceability.ledger.kinds.lots import STAGES
from traceability.ledger.quantity import computing


@dataclass(frozen=True, slots=True)
class ContentClass:
    """Relative sDev, in % of the value, of assays whose content is at least `from_pct` % of the dry mass."""

    from_pct: Decimal
    sdev_rel_pct: Decimal


@dataclass(frozen=True, slots=True)
class UncertaintyTable:
    """Class defaults by stage, with the date and the standing of their source."""

    version: str
    status: str
    source: str
    scale_rel_pct: Decimal
    classes: Mapping[str, tuple[ContentClass, ...]]


_EVERY_STAGE: Final = (
    ContentClass(Decimal(10), Decimal("0.5")),
    ContentClass(Decimal(1), Decimal(1)),
    ContentClass(Decimal("0.1"), Decimal(3)),
    ContentClass(Decimal(0), Decimal(10)),
)

TABLE: Final = UncertaintyTable(
    version="2026-11",
    status="assumption",
    source="usual ICP and XRF practice; industrial scales",
    scale_rel_pct=Decimal("0.05"),
    classes=dict.fromkeys(STAGES, _EVERY_STAGE),
)

LEAST_KG: Final = Decimal("0.001")
MOST_TIMES_DEFAULT: Final = 2
REFUSAL_FACTOR: Final = 3
OK_FACTOR: Final = 2
MAJOR_SHARE: Final = Decimal("0.01")
"""An element of at least this share of the input mass is a major one."""
MOST_OF_MAJOR_INPUT: Final = Decimal("0.02")
"""For a major element 3 u_c never exceeds this share of its input."""


def default_sdev_rel_pct(stage: str, content_pct: Decimal) -> Decimal:
    """The class default of the relative sDev, in % of the value, of a content in wt % of the dry mass."""
    return next(row.sdev_rel_pct for row in TABLE.classes[stage] if content_pct >= row.from_pct)


def counted_sdev_rel_pct(stage: str, content_pct: Decimal, stated_rel_pct: Decimal | None) -> Decimal:
    """The relative sDev that counts, in %: the stated one up to twice the class default, else the default."""
    default = default_sdev_rel_pct(stage, content_pct)
    return default if stated_rel_pct is None else min(stated_rel_pct, MOST_TIMES_DEFAULT * default)


@computing()
def row_u_kg(element_kg: Decimal, sdev_rel_pct: Decimal) -> Decimal:
    """Standard uncertainty in kg of one row's element mass: assay and scale combined, never below 0.001 kg."""
    relative_pct = (sdev_rel_pct * sdev_rel_pct + TABLE.scale_rel_pct * TABLE.scale_rel_pct).sqrt()
    return max(LEAST_KG, abs(element_kg) * relative_pct / 100)


@computing()
def combined_u_kg(rows_u_kg: Iterable[Decimal], *, element_in_kg: Decimal, input_mass_kg: Decimal) -> Decimal:
    """u_c of a balance in kg: root of the sum of squares; for a major element 3 u_c <= 2 % of its input."""
    u_c = sum((u * u for u in rows_u_kg), Decimal(0)).sqrt()
    if element_in_kg < MAJOR_SHARE * input_mass_kg:
        return u_c
    return min(u_c, MOST_OF_MAJOR_INPUT * element_in_kg / REFUSAL_FACTOR)
