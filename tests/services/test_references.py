"""Reference declarations: prepared, taken in by the door, refused, cited, and computed again from a bundle."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from epd.models import Declaration
    from epd.services.references import Said
    from tests.demo_chain import Demo

pytestmark = pytest.mark.usefixtures("changing")


def said_of(demo: "Demo") -> "Said":
    """What Isarmagnet says of its magnets: twelve months with one lot, and no meter read."""
    from epd.lca.reference import Period
    from epd.services.references import Said
    from traceability.models import Facility

    lot = demo.lot("MAG-1")
    site = Facility.objects.get(organisation=lot.maker)
    kg = f"{lot.mass_kg.normalize():f}"
    return Said(
        facility=f"urn:uuid:{site.pk}", material=lot.material, stage=lot.stage, product="Magnets N42SH",
        period=Period(date(2025, 10, 1), date(2026, 9, 30)), profile="international-epd-default/1",
        stock={"opening_kg": "0", "shipped_kg": "0", "closing_kg": kg}, valid_until=date(2031, 9, 30),
        illustrative=True,
    )  # fmt: skip


@pytest.fixture
def said(demo: "Demo") -> "Said":
    return said_of(demo)


def prepared(demo: "Demo", said: "Said", **changes: Any) -> dict[str, Any]:
    from epd.services import references
    from traceability.services import clock, sealing

    actor = demo.actor("isarmagnet")
    return dict(references.body_of(actor=actor, said=replace(said, **changes), id=sealing.new_id(clock.now())))


def published(demo: "Demo", said: "Said", **changes: Any) -> "Declaration":
    from epd.services import references

    return references.sign(actor=demo.actor("isarmagnet"), body=prepared(demo, said, **changes))[0]


def headline(body: Any, basis: str = "economic") -> Decimal:
    [found] = [row for one in body["bases"] if one["basis"] == basis
               for row in one["indicators"] if row["indicator"] == "gwp_ghg"]  # fmt: skip
    return Decimal(found["a1_a3"])


def refused(code: str, act: Callable[[], object]) -> None:
    from traceability.ledger.errors import RecordError

    with pytest.raises(RecordError) as caught:
        act()
    assert caught.value.code == code, caught.value


def test_one_lot_without_meters_is_its_own_reference(demo: "Demo", said: "Said") -> None:
    body = prepared(demo, said)
    made = demo.declaration.statement
    from traceability.services import rows_world

    assert headline(body) == headline(rows_world.effective_versions([made])[0].body)
    assert {row["finding"] for row in body["gaps"]} == {"not_metered"}
    assert body["made_lots"] == 1
    assert body["stock_gap"] == "0"


def test_what_a_meter_counts_beside_the_lots_is_borne_by_the_product(demo: "Demo", said: "Said") -> None:
    bare = prepared(demo, said)
    power = next(row for row in bare["meters"] if row["role"] == "electricity")
    stated = Decimal(power["stated"])
    meter = {"flow": power["flow"], "unit": power["unit"], "metered": f"{stated + 1000:f}", "overhead": "1000"}
    body = prepared(demo, said, meters=[meter])
    [gap] = [row for row in body["gaps"] if row["flow"] == power["flow"]]
    assert gap["share"] == "0"
    assert "finding" not in gap
    from epd.services import factors

    [factor] = factors.by_digest(bare["factors"]).chosen(power["factors"])
    kg = Decimal(body["lots"][0]["made_kg"])
    more = headline(body) - headline(bare)
    assert abs(more - 1000 * factor.values["gwp_ghg"] / kg) < Decimal("1e-9")
    assert made_of(demo, body).gwp_ghg is not None


def made_of(demo: "Demo", body: Any) -> "Declaration":
    from epd.services import references

    return references.sign(actor=demo.actor("isarmagnet"), body=body)[0]


def test_a_meter_of_the_site_alone_counts_too(demo: "Demo", said: "Said") -> None:
    power = next(row for row in prepared(demo, said)["meters"] if row["role"] == "electricity")
    meter = {"flow": "heating of the hall", "unit": "kWh", "role": "electricity", "overhead": "50", "metered": "50",
             "factors": power["factors"]}  # fmt: skip
    body = prepared(demo, said, meters=[meter])
    assert headline(body) > headline(prepared(demo, said))
    without = prepared(demo, said, meters=[{**meter, "factors": []}])
    reasons = {row["indicator"]: row["reason"] for row in without["not_declared"] if row["basis"] == "mass"}
    assert reasons["gwp_ghg"] == "no_factor"


def test_a_gap_above_one_per_cent_is_explained_or_refused(demo: "Demo", said: "Said") -> None:
    said = replace(said, stock={**said.stock, "shipped_kg": "100"})
    refused("gap_unexplained", lambda: published(demo, said))
    assert published(demo, said, explanation="Shipped from the stock of another site.").is_reference


def test_the_door_refuses_other_than_what_follows(demo: "Demo", said: "Said") -> None:
    whole = prepared(demo, said)

    def changed(change: Callable[[Any], Any]) -> Callable[[], object]:
        body = deepcopy(whole)
        change(body)
        return lambda: made_of(demo, body)

    def put(name: str, value: Any) -> Callable[[Any], Any]:
        return lambda body: body.update({name: value})

    refused("figures_differ", changed(lambda body: body["bases"][0]["indicators"][0].update(a3="1")))
    refused("figures_differ", changed(lambda body: body["meters"][0].update(stated="1")))
    refused("figures_differ", changed(lambda body: body["lots"][0].update(made_kg="1")))
    refused("figures_differ", changed(lambda body: body["gaps"][0].update(share="0")))
    refused("figures_differ", changed(put("made_lots", 2)))
    refused("figures_differ", changed(put("algorithms", whole["algorithms"][:1])))
    refused("steps_left_out", changed(lambda body: body["computed_from"].update(statements=["sha256:" + "0" * 64])))
    refused("step_elsewhere", changed(lambda body: body["computed_from"]["statements"].append("sha256:" + "f" * 64)))
    refused("title_claims_too_much", changed(put("title", "EPD")))
    refused("another_name", changed(put("declarant", "Somebody")))
    refused("not_twelve_months", changed(lambda body: body["period"].update({"from": "2025-10-02"})))
    refused("period_not_over", changed(put("period", {"from": "2099-01-01", "to": "2099-12-31"})))
    refused("over_at_once", changed(put("valid_until", "2026-01-01")))
    refused("valid_too_long", changed(put("valid_until", "2039-01-01")))
    refused("facility_not_yours", changed(put("facility", "urn:uuid:00000000-0000-4000-8000-000000000000")))
    refused("no_lots", changed(put("material", "ore")))
    price = {"value_per_kg": "60", "currency": "USD", "period": "2020", "date": "2020-01-01", "source": "a list"}
    refused("price_of_another_time", changed(lambda body: body["products"][0].update(price=price)))


def test_others_cannot_declare_the_production_of_a_site(demo: "Demo", said: "Said") -> None:
    from epd.services import references

    refused("facility_not_yours",
            lambda: references.sign(actor=demo.actor("baltika"), body=prepared(demo, said)))  # fmt: skip


# Lots that cite one


def cited(demo: "Demo", reference: str, why: str = "One lot of this period.") -> dict[str, Any]:
    from epd.services import declarations
    from traceability.services import clock, sealing

    return dict(declarations.body_of(
        actor=demo.actor("isarmagnet"), lot=demo.lot("MAG-1"), product="Magnets", illustrative=True,
        id=sealing.new_id(clock.now()), cites=reference, justification=why,
    ))  # fmt: skip


def declare(demo: "Demo", body: Any) -> object:
    from traceability.services import acceptance, clock
    from traceability.services.submissions import Act

    actor, moment = demo.actor("isarmagnet"), clock.now()
    act = Act("declaration.publish", actor.organisation.pk, body, (moment, moment))
    return acceptance.accept(actor=actor, submissions=[act])


def test_a_lot_cites_its_reference_with_the_deviation_of_each_figure(demo: "Demo", said: "Said") -> None:
    power = next(row for row in prepared(demo, said)["meters"] if row["role"] == "electricity")
    meter = {"flow": power["flow"], "unit": power["unit"], "metered": f"{Decimal(power['stated']) + 90000:f}",
             "overhead": "90000"}  # fmt: skip
    mean = published(demo, said, meters=[meter])
    body = cited(demo, mean.reference)
    [economic] = [row for row in body["reference"]["deviations"] if row["basis"] == "economic"]
    assert Decimal(economic["deviation"]) < 0
    assert "worse_by_tenth" not in economic
    assert body["valid_until"] == "2031-09-30"
    assert body["period"]["from"] <= body["period"]["to"] == "2026-09-18"
    wrong = deepcopy(body)
    wrong["reference"]["deviations"][0]["deviation"] = "0.2"
    refused("deviations_differ", lambda: declare(demo, wrong))
    refused("valid_too_long", lambda: declare(demo, {**body, "valid_until": "2032-01-01"}))
    refused("not_justified", lambda: cited(demo, mean.reference, " "))
    refused("no_such_reference", lambda: cited(demo, "AAAA-AAAA"))
    assert declare(demo, body)


def test_a_reference_that_ended_is_not_cited(demo: "Demo", said: "Said") -> None:
    from epd.services import declarations

    mean = published(demo, said)
    body = cited(demo, mean.reference)
    declarations.withdraw(actor=demo.actor("isarmagnet"), declaration=mean, reason="wrong meters")
    refused("no_such_reference", lambda: cited(demo, mean.reference))
    refused("no_such_reference", lambda: declare(demo, body))
