"""The declared unit out of the properties of a reference flow, in XML and in JSON alike."""

from collections.abc import Mapping
from decimal import Decimal

from epd.documents.document import DeclaredUnit
from epd.formats.ilcd_names import MASS, MASS_PER_UNIT, PER_KG, PROPERTIES


def declared_unit(
    amount: Decimal | None, reference: str, properties: Mapping[str, Decimal | None], materials: Mapping[str, Decimal]
) -> DeclaredUnit:
    """An amount of the reference flow, in the unit of its reference property (a UUID), with its mass where known.

    `properties` are the mean values of flow properties by UUID, per one of the flow; `materials` physical properties by
    name, per one of their unit.
    """
    unit = PROPERTIES.get(reference, "")
    each = properties.get(reference)
    if amount is None or each is None:
        return DeclaredUnit(unit=unit)
    stated = amount * each
    return DeclaredUnit(stated, unit, _mass(amount, stated, unit, properties, materials))


def _mass(
    amount: Decimal,
    stated: Decimal,
    unit: str,
    properties: Mapping[str, Decimal | None],
    materials: Mapping[str, Decimal],
) -> Decimal | None:
    """The mass of the declared unit in kg, by the first of the three ways of saying it that is there."""
    if unit == "kg":
        return stated
    if mass := properties.get(MASS):
        return amount * mass
    for name, per in MASS_PER_UNIT.items():
        if per == unit and (found := materials.get(name)):
            return stated * found
    return stated / factor if (factor := materials.get(PER_KG)) else None
