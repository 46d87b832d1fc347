"""A melting step of one lot of metal, for tests of its balance."""

from decimal import Decimal

from traceability.ledger.quantity import format_quantity, round_places
from traceability.material.balance import (
    balance_of,
)
from traceability.material.composition import LotMatter, composition_of_rows, parse_rows
from traceability.material.step import (
    parse_step,
)

D = Decimal


def metal(lot="urn:uuid:01930000-0000-7000-8000-0000000000aa", mass_kg="1000", **contents):
    """An input lot of metal with element contents in wt %, sDev 0.1 %."""
    rows = parse_rows([{"species": e, "content_pct": pct, "sdev_rel_pct": "0.1"} for e, pct in contents.items()])
    return LotMatter(lot, "metal", "metal", D(mass_kg), composition_of_rows(rows))


OUTPUT = "urn:uuid:01930000-0000-7000-8000-0000000000bb"


def melt(lot, contents, mass_kg="1000", **body):
    """A melting step of one lot of metal into one lot of alloy."""
    assay = {
        "basis": "dry_mass",
        "rows": [{"species": e, "content_pct": pct, "sdev_rel_pct": "0.1"} for e, pct in contents.items()],
    }
    output = {"lot": OUTPUT, "material": "alloy", "stage": "alloy", "mass_kg": mass_kg, "class": "product"}
    return parse_step(
        {
            "inputs": [{"lot": lot.lot, "mass_kg": format_quantity(lot.mass_kg)}],
            "outputs": [output | ({"assay": assay} if contents else {})],
        }
        | body,
        ["melt"],
        {lot.lot: lot},
    )


def verdict(step, element, **known):
    return balance_of(step, **known).elements[element].verdict


def inventory(flow, role, amount="10", unit="kg", **fields):
    return {"flow": flow, "role": role, "amount": amount, "unit": unit, "basis": "metered"} | fields


def rounded(kg):
    return round_places(kg, 3)
