"""One small valid step, and the factors it uses: each test changes one thing of it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from epd.lca.allocation import Output, OutputClass, Price
from epd.lca.exchanges import AmountBasis, Exchange, Role
from epd.lca.factors import Factor, FactorSet, Quality, Scope, factor_set
from epd.lca.inputs import Leg, Receipt, ResultSource, Step, StepInput
from epd.lca.result import LotResult
from epd.lca.rollup import roll_up

ORE = "urn:uuid:00000000-0000-7000-8000-000000000001"
OXIDE = "urn:uuid:00000000-0000-7000-8000-000000000002"
REST = "urn:uuid:00000000-0000-7000-8000-000000000003"
SCRAP = "urn:uuid:00000000-0000-7000-8000-000000000004"


def factor(
    factor_id: str, unit: str, values: Mapping[str, str], scope: Scope = Scope.LIFE_CYCLE, **more: Any
) -> Factor:
    """A factor of good quality and stated vintage."""
    given: dict[str, Any] = {
        "name": factor_id,
        "flow": factor_id,
        "year": "2026",
        "geography": "GLO",
        "gwp_vintage": "AR6",
        "quality": Quality(2, 3, 1),
        "illustrative": False,
        "second_hand": False,
        "source": "test",
        "licence": "test",
    }
    numbers = {name: Decimal(value) for name, value in values.items()}
    return Factor(id=factor_id, unit=unit, values=numbers, scope=scope, **(given | more))


FACTORS: FactorSet = factor_set(
    "test",
    "1",
    [
        factor("grid", "kWh", {"gwp_ghg": "0.5"}),
        factor("gas", "MJ", {"gwp_ghg": "0.05"}, Scope.COMBUSTION, mj_per_kg=Decimal(48)),
        factor("gas-supply", "kWh", {"gwp_ghg": "0.036"}, Scope.WELL_TO_TANK, gwp_vintage="AR5"),
        factor("oil-supply", "MJ", {"ap": "0.001"}, Scope.WELL_TO_TANK),
        factor("acid", "kg", {"gwp_ghg": "1.5", "ap": "0.01"}, concentration_required=True, second_hand=True),
        factor("iron", "kg", {"gwp_ghg": "2"}, illustrative=True),
        factor("co2", "kg", {"gwp_ghg": "1", "gwp_fossil": "1"}, Scope.DIRECT, compartment="air"),
        factor("so2", "kg", {"ap": "1.31"}, Scope.DIRECT, compartment="air"),
        factor("road", "tkm", {"gwp_ghg": "0.1"}, Scope.COMBUSTION),
        factor("road-supply", "tkm", {"gwp_ghg": "0.02"}, Scope.WELL_TO_TANK),
        factor("oxide-data", "kg", {"gwp_ghg": "40"}),
        factor("province", "kWh", {"gwp_ghg": "0.6"}, limits=("carbon_dioxide_only",)),
    ],
)


def row(number: int, flow: str, role: Role, amount: str, unit: str, *factor_ids: str, **more: Any) -> Exchange:
    """A metered row."""
    given: dict[str, Any] = {"amount_basis": AmountBasis.METERED, "factor_ids": factor_ids}
    return Exchange(number, flow, role, Decimal(amount), unit, **(given | more))


def rows() -> tuple[Exchange, ...]:
    """Electricity 100 kWh, gas 360 MJ, acid 20 kg at 50 %, iron 10 kg, CO2 5 kg."""
    return (
        row(0, "electricity", Role.ELECTRICITY, "100", "kWh", "grid"),
        row(1, "natural gas", Role.FUEL, "360", "MJ", "gas", "gas-supply"),
        row(2, "acid", Role.ANCILLARY, "20", "kg", "acid", concentration=Decimal("0.5")),
        row(3, "iron", Role.CONSTITUENT, "10", "kg", "iron"),
        row(4, "carbon dioxide", Role.EMISSION, "5", "kg", "co2", compartment="air"),
    )


def price(value: str, currency: str = "USD", period: str = "2023-07/2026-06") -> Price:
    return Price(Decimal(value), currency, period, "2026-06-30", "test")


def outputs() -> tuple[Output, ...]:
    """60 kg at 30 USD and 40 kg at 5 USD."""
    return (
        Output(OXIDE, Decimal(60), OutputClass.PRODUCT, price("30")),
        Output(REST, Decimal(40), OutputClass.CO_PRODUCT, price("5")),
    )


def first_step() -> Step:
    """A step without inputs: 50 + 18 + 3.6 + 15 in A3, 20 in A1, 5 direct."""
    return Step((), outputs(), rows(), country="US")


def first_result() -> LotResult:
    return roll_up(first_step(), FACTORS).results[OXIDE]


def receipt(**more: Any) -> Receipt:
    """60 kg by road over 500 km."""
    given: dict[str, Any] = {"mass_kg": Decimal(60), "legs": (Leg("road", Decimal(500), ("road", "road-supply")),)}
    return Receipt(**(given | more))


def second_step(**more: Any) -> Step:
    """A customer who received OXIDE and melts 30 kg of it with 1 kg of iron into 25 kg."""
    drawn = StepInput(OXIDE, Decimal(30), ResultSource(first_result()), receipt())
    given: dict[str, Any] = {
        "inputs": (drawn,),
        "outputs": (Output(SCRAP, Decimal(25)),),
        "exchanges": (row(0, "iron", Role.CONSTITUENT, "1", "kg", "iron"),),
        "country": "EE",
    }
    return Step(**(given | more))
