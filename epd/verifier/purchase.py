"""What a reader bought and asks for: the file `purchase.json` (docs/formats/answer.md); all of it is optional."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from epd.lca.indicators import Basis
from traceability.ledger import canonical
from traceability.ledger.shapes import NOTHING_DISCLOSED, ListOf, Object, Quantity, Text, Urn, Word, optional
from traceability.ledger.shapes.scalars import MASS_KG, PERCENT

MAX_BYTES = 64 * 1024
SHAPE = Object(
    {
        "lot": optional(Urn()),
        "lot_number": optional(Text(80)),
        "product": optional(Text(200)),
        "mass_kg": optional(MASS_KG),
        "delivery_note": optional(Text(120)),
        "max_gwp_ghg": optional(Quantity()),
        "basis": optional(Word(tuple(Basis))),
        "min_recycled_pct": optional(PERCENT),
        "rules": optional(ListOf(Text(60), most=40, distinct=True)),
    }
)


@dataclass(frozen=True, slots=True)
class Purchase:
    """What was bought, and what is asked of it; None and () are not asked.

    `max_gwp_ghg`: kg CO2e per kg, A1 to A3, on `basis`. `min_recycled_pct`: of total rare earths, post- and
    pre-consumer together. `rules`: ids of rule sets that the lot has to pass.
    """

    lot: str | None = None
    lot_number: str | None = None
    product: str | None = None
    mass_kg: str | None = None
    delivery_note: str | None = None
    max_gwp_ghg: Decimal | None = None
    basis: Basis = Basis.ECONOMIC
    min_recycled_pct: Decimal | None = None
    rules: tuple[str, ...] = ()


NOTHING_BOUGHT = Purchase()


def parse_purchase(content: bytes) -> Purchase:
    """The purchase in the bytes of a JSON file, in any writing."""
    return purchase_of(canonical.read(content, max_bytes=MAX_BYTES))


def purchase_of(value: Mapping[str, object]) -> Purchase:
    """The purchase in a JSON object."""
    if not value:
        return NOTHING_BOUGHT
    SHAPE.check(value, "", NOTHING_DISCLOSED)
    rules = value.get("rules", [])
    return Purchase(
        lot=_text(value, "lot"),
        lot_number=_text(value, "lot_number"),
        product=_text(value, "product"),
        mass_kg=_text(value, "mass_kg"),
        delivery_note=_text(value, "delivery_note"),
        max_gwp_ghg=_number(value, "max_gwp_ghg"),
        basis=Basis(str(value.get("basis", Basis.ECONOMIC))),
        min_recycled_pct=_number(value, "min_recycled_pct"),
        rules=tuple(map(str, rules)) if isinstance(rules, list) else (),
    )


def _text(value: Mapping[str, object], name: str) -> str | None:
    return str(value[name]) if name in value else None


def _number(value: Mapping[str, object], name: str) -> Decimal | None:
    return Decimal(str(value[name])) if name in value else None
