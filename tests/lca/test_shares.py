"""`lodestone-shares/1` in a step, and the tables that are signed."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epd.lca.allocation import Output
from epd.lca.bodies import result_from_body, result_to_body
from epd.lca.exchanges import Role
from epd.lca.inputs import CutOff, ResultSource, Step, StepInput, Uncovered
from epd.lca.rollup import roll_up
from epd.lca.share_tables import (
    TableMismatch,
    TableMissing,
    element_rows,
    shares_from_body,
    shares_to_body,
    source_rows,
    table_root,
    total_rows,
)
from epd.lca.shares import MAX_ROWS, LotShares, shares_of_source
from tests.lca.demo_run import run
from tests.lca.example import FACTORS, ORE, OXIDE, SCRAP, row
from traceability.material.shares import Source, SourceClass, source_of_origin

HELD = {"Nd": Decimal(60), "Pr": Decimal(20), "Fe": Decimal(20)}
MINED = source_of_origin(ORE, "mined", "US")
SPENT = source_of_origin(SCRAP, "post_consumer", "DE")


def mined() -> StepInput:
    step = Step((), (Output(ORE, Decimal(100), element_kg=HELD),), origin=MINED)
    return StepInput(ORE, Decimal(50), ResultSource(roll_up(step, FACTORS).results[ORE]), element_kg=halved(HELD))


def spent() -> StepInput:
    return StepInput(SCRAP, Decimal(50), CutOff(), element_kg=halved(HELD), shares=shares_of_source(SPENT, HELD))


def halved(element_kg: Any) -> Any:
    return {element: kg / 2 for element, kg in element_kg.items()}


def shares_after(
    *inputs: StepInput, element_kg: Any = HELD, exchanges: Any = ()
) -> tuple[LotShares | None, tuple[str, ...]]:
    step = Step(inputs, (Output(OXIDE, Decimal(100), element_kg=element_kg),), exchanges)
    result = roll_up(step, FACTORS).results[OXIDE]
    return result.shares, result.flags


class TestStep:
    def test_half_and_half(self):
        shares, flags = shares_after(mined(), spent())

        assert shares is not None
        assert shares.totals == {ORE: Decimal("0.5"), SCRAP: Decimal("0.5")}
        assert shares.classes == {"mined": Decimal("0.5"), "post_consumer": Decimal("0.5")}
        assert shares.countries == {"US": Decimal("0.5"), "recycled": Decimal("0.5")}
        assert (shares.recycled.post_consumer, shares.recycled.pre_consumer) == (Decimal("0.5"), Decimal(0))
        assert set(shares.elements) == {"Nd", "Pr"}
        assert flags == ()

    def test_bearing_reagent_is_unknown(self):
        salt = replace(row(0, "neodymium fluoride", Role.ANCILLARY, "40", "kg"), element_kg={"Nd": Decimal(30)})

        shares, _ = shares_after(mined(), exchanges=(salt,))

        assert shares is not None
        assert shares.elements["Nd"] == {ORE: Decimal("0.5"), "unknown": Decimal("0.5")}
        assert shares.classes["unknown"] == Decimal("0.375")

    def test_waste_row_brings_nothing_in(self):
        slag = replace(row(0, "slag", Role.WASTE, "40", "kg"), element_kg={"Nd": Decimal(30)})

        shares, _ = shares_after(mined(), exchanges=(slag,))

        assert shares is not None
        assert shares.elements["Nd"] == {ORE: 1}

    def test_element_without_source_is_flagged_and_never_one(self):
        shares, flags = shares_after(mined(), element_kg={**HELD, "Dy": Decimal(5)})

        assert flags == ("element_without_source",)
        assert shares is not None
        assert "Dy" not in shares.elements
        assert shares.totals["unknown"] == round(Decimal(5) / 85, 12)

    def test_purchase_is_unproven(self):
        bought = shares_of_source(source_of_origin(ORE, "purchased", "CN"), HELD)
        entry = StepInput(ORE, Decimal(50), Uncovered(), element_kg=HELD, shares=bought)

        shares, _ = shares_after(entry)

        assert shares is not None
        assert shares.classes == {"unproven": 1}
        assert shares.recycled.post_consumer == 0

    def test_without_assay_nothing_is_said(self):
        assert shares_after(replace(mined(), element_kg=None)) == (None, ())
        assert roll_up(Step((mined(),), (Output(OXIDE, Decimal(1)),)), FACTORS).results[OXIDE].shares is None

    def test_lot_without_rare_earths_has_no_shares(self):
        assert shares_after(mined(), element_kg={"Fe": Decimal(1)}) == (None, ())


class TestTables:
    def long(self, count: int) -> LotShares:
        urns = [f"{ORE[:-3]}{n:03}" for n in range(count)]
        even = dict.fromkeys(urns, Decimal(1) / 1000)
        even[urns[-1]] = 1 - Decimal(count - 1) / 1000
        return LotShares({"Nd": even}, even, {urn: Source(urn, SourceClass.MINED, "US") for urn in urns})

    def test_short_tables_stand_in_the_body(self):
        shares = self.long(MAX_ROWS)

        assert shares_from_body(shares_to_body(shares), {}) == shares

    def test_long_tables_travel_beside_it(self):
        shares = self.long(MAX_ROWS + 1)
        body = shares_to_body(shares)
        tables = {table_root(table): table for table in (element_rows(shares), total_rows(shares), source_rows(shares))}

        assert body["elements"] == {"count": 101, "root": table_root(element_rows(shares))}
        assert shares_from_body(body, tables) == shares
        with pytest.raises(TableMissing):
            shares_from_body(body, {})

    def test_other_table_is_refused(self):
        shares = self.long(MAX_ROWS + 1)
        body = shares_to_body(shares)
        tables = {
            root["root"]: element_rows(shares)[:-1]
            for name, root in body.items()
            if isinstance(root, dict) and "root" in root
        }

        with pytest.raises(TableMismatch):
            shares_from_body(body, tables)


@given(st.lists(st.decimals("0.001", "1000", places=3), min_size=1, max_size=6))
def test_classes_sum_to_one(masses):
    inputs = []
    for number, mass in enumerate(masses):
        urn = f"{ORE[:-2]}{number:02}"
        shares = shares_of_source(source_of_origin(urn, ("mined", "pre_consumer")[number % 2], "AU"), {"Nd": mass})
        inputs.append(StepInput(urn, mass, CutOff(), element_kg={"Nd": mass}, shares=shares))

    shares, _ = shares_after(*inputs, element_kg={"Nd": Decimal(1)})

    assert shares is not None
    assert sum(shares.classes.values()) == sum(shares.countries.values()) == 1


def test_secondary_output_keeps_its_shares():
    swarf = run().results["SWARF-1"]

    assert swarf.bases == {}
    assert swarf.shares is not None
    assert swarf.shares.elements == run().results["MAG-1"].shares.elements  # type: ignore[union-attr]
    assert result_from_body(result_to_body(swarf)) == swarf
