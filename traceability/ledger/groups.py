"""Groups of confidential fields: an issuer sets one rule for each (record-format.md section 3, "Who may read")."""

from collections.abc import Mapping
from typing import Final

NAMES: Final = "names"
MASS: Final = "mass"
ASSAY: Final = "assay"
INVENTORY: Final = "inventory"
PRICES: Final = "prices"
RESULT: Final = "result"
CAUSES: Final = "causes"
EVIDENCE: Final = "evidence"

_BY_FIELD: Mapping[str, str] = {
    "mass_kg": MASS,
    "wet_mass_kg": MASS,
    "moisture_pct": MASS,
    "weighed_mass_kg": MASS,
    "change_kg": MASS,
    "amount_kg": MASS,
    "content_kg": MASS,
    "share": MASS,
    "treo_pct": ASSAY,
    "rows": ASSAY,
    "amount": INVENTORY,
    "concentration": INVENTORY,
    "apportionment": INVENTORY,
    "elements": INVENTORY,
    "legs": INVENTORY,
    "packaging_kg": INVENTORY,
    "price": PRICES,
}
_BY_PLACE: tuple[tuple[str, str], ...] = (
    ("/evidence/", EVIDENCE),
    ("/inventory/", INVENTORY),
    ("/losses/", INVENTORY),
    ("/wip_change/", INVENTORY),
)
_OF_REFERENCE: Mapping[str, str] = {
    "lots": MASS, "stock": MASS, "meters": INVENTORY, "products": PRICES, "causes": CAUSES,
}  # fmt: skip
"""Members of a reference declaration; a row of a list belongs with it."""
_SOURCES: Final = ("elements", "totals", "sources")


def group_of(kind: str, pointer: str) -> str:
    """The group of the confidential field or row at this JSON pointer of a payload."""
    name = pointer.rsplit("/", 1)[-1]
    if kind in ("lot.result", "declaration.publish"):
        detail = name == "causes" or (kind == "declaration.publish" and name in _SOURCES)
        return CAUSES if detail else RESULT
    if kind == "declaration.reference":
        return _OF_REFERENCE.get(pointer.removeprefix("/body/").split("/")[0], CAUSES)
    for place, group in _BY_PLACE:
        if place in pointer:
            return group
    return _BY_FIELD.get(name, NAMES)
