"""Each event about lots that says enough becomes the statement that a person would have signed."""

from typing import TYPE_CHECKING, Any

import pytest

from tests.epcis.asking import ask, event, events_in
from tests.epcis.test_lots import COMMISSIONED, became, name_of

if TYPE_CHECKING:
    from tests.api.clients import Clients

ORE = "https://mine.example/lots/ORE-77"
STEP = "https://mine.example/bizstep/beneficiation"


def lot_event(number: int, name: str, quantity: float | None = None, **changes: Any) -> dict[str, Any]:
    """An ObjectEvent about one lot."""
    element: dict[str, Any] = {"epcClass": name}
    if quantity is not None:
        element |= {"quantity": quantity, "uom": "KGM"}
    return event(number, epcList=None, disposition=None, readPoint=None, quantityList=[element], **changes)


def concentrated(number: int = 3, **changes: Any) -> dict[str, Any]:
    """90 kg of concentrate out of 900 kg of the ore, with its assay and what was lost."""
    return event(
        number, type="TransformationEvent", action=None, epcList=None, disposition=None, readPoint=None, bizStep=STEP,
        inputQuantityList=[{"epcClass": ORE, "quantity": 900, "uom": "KGM"}],
        outputQuantityList=[{"epcClass": "https://mine.example/lots/C-1", "quantity": 90, "uom": "KGM"}],
        ilmd={"lodestone:material": "concentrate", "lodestone:stage": "concentrate", "lodestone:country": "US",
              "lodestone:assay": {"basis": "dry_mass", "rows": [{"species": "Nd2O3", "content_pct": "6"}]}},
    ) | {"lodestone:losses": [{"kind": "tailings", "mass_kg": "810"}]} | changes  # fmt: skip


ASSAYED = COMMISSIONED | {
    "readPoint": {"id": "urn:epc:id:sgln:4012345.00005.0"},
    "sensorElementList": [{"sensorReport": [{
        "type": "Dimensionless", "value": 0.66, "uom": "P1", "lodestone:species": "Nd2O3",
        "lodestone:basis": "dry_mass",
    }]}],
}  # fmt: skip


def bodies(kind: str) -> list[Any]:
    from traceability.ledger.envelope import parse_envelope
    from traceability.ledger.statement import parse_statement
    from traceability.models import Statement

    rows = Statement.objects.filter(kind=kind).order_by("pk")
    return [parse_statement(parse_envelope(bytes(one.envelope)).payload) for one in rows]


def lots() -> dict[str, tuple[str, str, str]]:
    from traceability.models import Lot

    return {one.number: (one.material, f"{one.remaining_kg:f}", one.state) for one in Lot.objects.all()}


def test_a_whole_chain_under_names_of_its_own_becomes_statements(api: "Clients") -> None:
    receiver = [{"type": "possessing_party", "destination": api.market.separator.organisation.urn}]
    concentrate = "https://mine.example/lots/C-1"
    shipped = lot_event(4, concentrate, bizStep="shipping", destinationList=receiver)
    told = became(api, api.owner, "sign", ASSAYED, concentrated(), shipped)
    assert [one.partition(":")[0] for one in told] == ["statement sha256"] * 3, told
    assert [(one.step, one.country) for one in bodies("lot.transform")[0].process] == [("beneficiation", "US")]
    assert lots() == {
        "ORE-77": ("bastnaesite ore", "600.000", "held"), "C-1": ("concentrate", "90.000", "in_transit"),
    }  # fmt: skip
    arrived = lot_event(5, concentrate, 90, bizStep="receiving")
    [told] = became(api, api.customer, "sign", arrived)
    assert told.startswith("statement "), told
    assert lots()["C-1"] == ("concentrate", "90.000", "held")


def test_later_documents_name_lots_as_the_first_one_did(api: "Clients") -> None:
    became(api, api.owner, "sign", COMMISSIONED)
    events = [
        lot_event(5, ORE, 1490, bizStep="stock_taking", **{"lodestone:reason": "counted"}),
        lot_event(6, ORE, 90, bizStep="destroying", **{"lodestone:route": "landfill"}),
        lot_event(7, ORE, bizStep="holding", **{"lodestone:reason": "wet"}),
        lot_event(8, ORE, bizStep="storing"),
        lot_event(9, ORE, bizStep="inspecting", sensorElementList=ASSAYED["sensorElementList"]),
        lot_event(10, ORE, bizStep="holding", **{"lodestone:reason": "wrong ore"}) | {"disposition": "recalled"},
    ]
    told = became(api, api.owner, "sign", *events)
    assert all(one.startswith("statement ") for one in told), told
    assert lots()["ORE-77"][1] == "1400.000"
    [again] = became(api, api.owner, "sign", lot_event(11, ORE, 1400, bizStep="stock_taking"))
    assert "found what the record says" in again
    assert (
        "This lot is in the record already"
        in became(api, api.owner, "sign", COMMISSIONED | {"eventTime": "2026-11-12T10:00:00Z"})[0]
    )


def test_goods_leave_the_record_and_come_out_as_they_came_in(api: "Clients") -> None:
    elsewhere = "urn:uuid:01a20000-0000-7000-8000-00000000000a"
    destination = [{"type": "possessing_party", "destination": elsewhere}]
    first, second = (api.market.source() for _ in range(2))
    told = became(
        api, api.owner, "sign",
        lot_event(5, name_of(first), bizStep="shipping", **{"lodestone:leavesTo": "outside"}),
        lot_event(6, name_of(second), bizStep="shipping", destinationList=destination,
                  **{"lodestone:leavesTo": "log.example/other"}),
    )  # fmt: skip
    assert all(one.startswith("statement ") for one in told), told
    assert [one.body["to"] for one in bodies("lot.dispatch")] == [
        "outside", {"origin": "log.example/other", "organisation": elsewhere},
    ]  # fmt: skip
    shipped = events_in(ask(api.owner, "events", EQ_bizStep="shipping"))
    assert {one["lodestone:leavesTo"]: one.get("destinationList") for one in shipped} == {
        "outside": None, "log.example/other": destination,
    }  # fmt: skip
    unknown = lot_event(7, name_of(api.market.source()), bizStep="shipping", destinationList=destination)
    assert "Name one possessing_party" in became(api, api.owner, "sign", unknown)[0]


def test_goods_are_sent_back_and_a_shipping_is_void(api: "Clients") -> None:
    lot = api.market.source()
    api.market.send(lot)
    back = lot_event(5, name_of(lot), bizStep="other", **{"lodestone:reason": "wet"}) | {"disposition": "returned"}
    assert became(api, api.customer, "sign", back)[0].startswith("statement ")
    api.market.send(lot)
    void = lot_event(6, name_of(lot), bizStep="void_shipping", **{"lodestone:reason": "never left"})
    assert became(api, api.owner, "sign", void)[0].startswith("statement ")


def test_a_split_inherits_what_the_lot_is(api: "Clients") -> None:
    became(api, api.owner, "sign", COMMISSIONED)
    parts = [{"epcClass": f"https://mine.example/lots/P-{one}", "quantity": 500, "uom": "KGM"} for one in (1, 2)]
    split = concentrated(
        bizStep="commissioning", outputQuantityList=parts,
        inputQuantityList=[{"epcClass": ORE, "quantity": 1000, "uom": "KGM"}],
    )  # fmt: skip
    del split["ilmd"], split["lodestone:losses"]
    [told] = became(api, api.owner, "sign", split)
    assert told.startswith("statement "), told
    assert lots()["P-1"] == lots()["P-2"] == ("bastnaesite ore", "500.000", "held")


def test_what_comes_out_as_an_event_would_come_in_again(api: "Clients") -> None:
    from tests.services.market import BENEFICIATION, urn

    market, concentrate = api.market, urn()
    ore = market.source()
    market.say(market.mine, "lot.transform", market.transform_body({ore: "900"}, concentrate), process=BENEFICIATION)
    [step] = events_in(ask(api.owner, "events", eventType="TransformationEvent"))
    assert step["lodestone:process"] == [{"step": "beneficiation", "country": "US"}]
    [output] = step["ilmd"]["lodestone:outputs"]
    assert output["lodestone:class"] == "product"
    assert output["lodestone:assay"]["rows"] == [{"species": "Nd2O3", "content_pct": "10"}]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (concentrated(bizStep="commissioning"), "Name the process"),
        (concentrated(ilmd={"lodestone:country": "US"}), "Name lodestone:material of each output"),
        (concentrated(ilmd={"lodestone:material": "x", "lodestone:stage": "oxide"}), "Name lodestone:country"),
        (concentrated(inputEPCList=["https://mine.example/1"]), "not as single things"),
        ({one: value for one, value in concentrated().items() if one != "inputQuantityList"}
         | {"transformationID": "https://mine.example/run/7"}, "what went in and what came out in one event"),
        (concentrated(outputQuantityList=[{"epcClass": "https://mine.example/lots/C-1"}]), "Say how much"),
        (concentrated(outputQuantityList=[{"epcClass": "https://mine.example/lots/C-1", "quantity": 2000,
                                           "uom": "KGM"}]), "more neodymium leaves the step"),
        (event(5, type="AggregationEvent", action="ADD", epcList=None, disposition=None, bizStep="packing",
               parentID="urn:epc:id:sscc:4012345.1111111111", childQuantityList=[{"epcClass": ORE}]),
         "Packing changes"),
        (event(5, type="AssociationEvent", action="ADD", epcList=None, disposition=None, bizStep="assembling",
               parentID="urn:epc:id:giai:4000001.111", childQuantityList=[{"epcClass": ORE}]),
         "changes no lot"),
        (event(5, type="TransactionEvent", action="ADD", disposition=None, bizTransactionList=[
            {"type": "po", "bizTransaction": "https://mine.example/po/1"}]), "Papers change neither"),
        (lot_event(5, ORE, bizStep="holding"), "Name lodestone:reason"),
        (lot_event(5, ORE, bizStep="destroying", **{"lodestone:route": ["landfill"]}), "Name lodestone:route"),
        (lot_event(5, ORE, bizStep="inspecting"), "Of this step no statement is made"),
        (lot_event(5, ORE, 5, bizStep="receiving"), "on its way to your organisation"),
    ],
)  # fmt: skip
def test_what_does_not_say_enough_stays_an_event(api: "Clients", said: dict[str, Any], reason: str) -> None:
    from traceability.models import EpcisEvent, Statement

    became(api, api.owner, "sign", ASSAYED)
    before = Statement.objects.count()
    [told] = became(api, api.owner, "sign", said)
    assert told.startswith("kept: ")
    assert reason in told
    assert (EpcisEvent.objects.count(), Statement.objects.count()) == (2, before)


def test_nobody_takes_the_name_of_a_lot_of_another(api: "Clients") -> None:
    became(api, api.owner, "sign", COMMISSIONED)
    for client in (api.outsider, api.customer):
        [told] = became(api, client, "sign", lot_event(5, ORE, 5, bizStep="destroying", **{"lodestone:route": "x"}))
        assert "No lot of this record has this name" in told
