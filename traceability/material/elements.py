"""Elements and oxides: what an assay may name, how much element an oxide holds (algorithms.md, `metal_per_oxide`).

Atomic weights: CIAAW standard atomic weights (abridged to one value, as published up to 2024). The oxide constants are
part of the format: they are written with 6 decimals and never recomputed at run time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from traceability.ledger.errors import RecordError

SOURCE: Final = "CIAAW standard atomic weights"
OXYGEN_WEIGHT: Final = Decimal("15.999")

RARE_EARTH_WEIGHTS: Final[Mapping[str, Decimal]] = MappingProxyType(
    {
        "Sc": Decimal("44.955907"),
        "Y": Decimal("88.905838"),
        "La": Decimal("138.90547"),
        "Ce": Decimal("140.116"),
        "Pr": Decimal("140.90766"),
        "Nd": Decimal("144.242"),
        "Sm": Decimal("150.36"),
        "Eu": Decimal("151.964"),
        "Gd": Decimal("157.25"),
        "Tb": Decimal("158.925354"),
        "Dy": Decimal("162.500"),
        "Ho": Decimal("164.930329"),
        "Er": Decimal("167.259"),
        "Tm": Decimal("168.934219"),
        "Yb": Decimal("173.045"),
        "Lu": Decimal("174.9668"),
    }
)
"""The rare earths without promethium, which has no stable isotope."""

OTHER_WEIGHTS: Final[Mapping[str, Decimal]] = MappingProxyType(
    {
        "Al": Decimal("26.9815384"),
        "B": Decimal("10.81"),
        "C": Decimal("12.011"),
        "Co": Decimal("58.933194"),
        "Cr": Decimal("51.9961"),
        "Cu": Decimal("63.546"),
        "Fe": Decimal("55.845"),
        "Ga": Decimal("69.723"),
        "Mn": Decimal("54.938043"),
        "Mo": Decimal("95.95"),
        "Nb": Decimal("92.90637"),
        "Ni": Decimal("58.6934"),
        "Si": Decimal("28.085"),
        "Ti": Decimal("47.867"),
        "V": Decimal("50.9415"),
        "W": Decimal("183.84"),
        "Zr": Decimal("91.224"),
    }
)
"""Other elements that occur in rare-earth magnets; they are stated as element only."""

RARE_EARTHS: Final = frozenset(RARE_EARTH_WEIGHTS)

_NAMES: Final = {
    "Sc": "scandium", "Y": "yttrium", "La": "lanthanum", "Ce": "cerium", "Pr": "praseodymium", "Nd": "neodymium",
    "Sm": "samarium", "Eu": "europium", "Gd": "gadolinium", "Tb": "terbium", "Dy": "dysprosium", "Ho": "holmium",
    "Er": "erbium", "Tm": "thulium", "Yb": "ytterbium", "Lu": "lutetium",
    "Al": "aluminium", "B": "boron", "C": "carbon", "Co": "cobalt", "Cr": "chromium", "Cu": "copper", "Fe": "iron",
    "Ga": "gallium", "Mn": "manganese", "Mo": "molybdenum", "Nb": "niobium", "Ni": "nickel", "Si": "silicon",
    "Ti": "titanium", "V": "vanadium", "W": "tungsten", "Zr": "zirconium",
}  # fmt: skip


class UnknownSpecies(RecordError):
    """The assay names something that is neither an element nor an oxide of the table."""

    code = "unknown_species"


@dataclass(frozen=True, slots=True)
class Species:
    """What an assay row counts: an element, or an oxide of a rare earth with a stated stoichiometry."""

    formula: str
    element: str
    element_per_kg: Decimal
    """kg of the element in 1 kg of the species; 1 for an element, metal_per_oxide for an oxide."""
    metal_atoms: int = 1
    oxygen_atoms: int = 0

    @property
    def is_oxide(self) -> bool:
        """Whether the row is stated as oxide."""
        return self.oxygen_atoms > 0

    @property
    def is_rare_earth(self) -> bool:
        """Whether the element is one of the rare earths."""
        return self.element in RARE_EARTHS


def _oxide(element: str, atoms: tuple[int, int], metal_per_oxide: str) -> Species:
    metal, oxygen = atoms
    formula = element + (str(metal) if metal > 1 else "") + "O" + (str(oxygen) if oxygen > 1 else "")
    return Species(formula, element, Decimal(metal_per_oxide), metal, oxygen)


TRADE_OXIDES: Final = (
    _oxide("Sc", (2, 3), "0.651966"),
    _oxide("Y", (2, 3), "0.787444"),
    _oxide("La", (2, 3), "0.852683"),
    _oxide("Ce", (1, 2), "0.814088"),
    _oxide("Pr", (6, 11), "0.827704"),
    _oxide("Nd", (2, 3), "0.857356"),
    _oxide("Sm", (2, 3), "0.862361"),
    _oxide("Eu", (2, 3), "0.863616"),
    _oxide("Gd", (2, 3), "0.867593"),
    _oxide("Tb", (4, 7), "0.850216"),
    _oxide("Dy", (2, 3), "0.871321"),
    _oxide("Ho", (2, 3), "0.872976"),
    _oxide("Er", (2, 3), "0.874523"),
    _oxide("Tm", (2, 3), "0.875612"),
    _oxide("Yb", (2, 3), "0.878207"),
    _oxide("Lu", (2, 3), "0.879383"),
)
"""The oxide in which trade reports each rare earth."""

ALTERNATIVE_OXIDES: Final = (
    _oxide("Pr", (2, 3), "0.854472"),
    _oxide("Tb", (2, 3), "0.868806"),
    _oxide("Ce", (2, 3), "0.853770"),
)
"""Other stoichiometry of three rare earths: counted only where the assay names it."""

SPECIES: Final[Mapping[str, Species]] = MappingProxyType(
    {
        **{symbol: Species(symbol, symbol, Decimal(1)) for symbol in (*RARE_EARTH_WEIGHTS, *OTHER_WEIGHTS)},
        **{oxide.formula: oxide for oxide in (*TRADE_OXIDES, *ALTERNATIVE_OXIDES)},
    }
)

TRADE_OXIDE: Final[Mapping[str, Species]] = MappingProxyType({oxide.element: oxide for oxide in TRADE_OXIDES})
"""Element symbol to its trade oxide."""


def element_name(symbol: str) -> str:
    """The English name of an element, for sentences."""
    return _NAMES[symbol]


def species_of(formula: str, *, path: str = "") -> Species:
    """The species with this formula; refuses what the table does not hold."""
    found = SPECIES.get(formula)
    if found is None:
        raise UnknownSpecies(
            "Name an element symbol such as Nd, or an oxide formula such as Nd2O3 or Pr6O11.",
            path=path,
            species=formula,
        )
    return found
