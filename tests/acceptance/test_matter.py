"""Masses and elements over the life of a lot: what is never more than came in (record-format.md section 5, Matter)."""

from typing import Any

import pytest

from tests.acceptance.town import MINE, ROAST, WORKS, Town, assay, codes, concentrate, part
from tests.ledger.statements import digest, urn
from traceability.acceptance.decide import decide
from traceability.acceptance.matter import require_disclosed, withheld_for_rules
from traceability.ledger.errors import RecordError
from traceability.ledger.statement import Cosigner


@pytest.fixture
def town() -> Town:
    found = Town()
    found.source("ore")
    return found


def refused(code: str) -> Any:
    return pytest.raises(RecordError, check=lambda error: error.code == code and bool(error.sentence))


def test_an_element_that_was_not_there_does_not_leave(town: Town) -> None:
    town.transform({"ore": "900"}, [concentrate("c", "59")])
    with refused("element_created"):
        town.transform({"ore": "90"}, [concentrate("c 2", "7")])


def test_all_outputs_count_whatever_their_class(town: Town) -> None:
    rows = [concentrate("c", "40"), concentrate("tailings", "40", **{"class": "waste"})]
    with refused("element_created"):
        town.transform({"ore": "900"}, rows)


def test_a_loss_with_contents_counts_as_out(town: Town) -> None:
    loss = {"kind": "dust", "mass_kg": "20", "elements": [{"species": "Nd2O3", "content_pct": "10"}]}
    with refused("element_created"):
        town.transform({"ore": "900"}, [concentrate("c", "59")], losses=[loss])


def test_more_is_never_drawn_than_was_there(town: Town) -> None:
    town.split("ore", "600", {"a": "600"})
    with refused("overdrawn"):
        town.split("ore", "401", {"b": "401"})
    with refused("leaves_nothing"):
        town.split("ore", "400", {"b": "400"})
    town.split("ore", "400", {"b": "400"}, rest=["ore"])
    assert town.remaining("ore") == "0"


def test_the_rest_is_all_that_remains(town: Town) -> None:
    with refused("not_all_that_remains"):
        town.split("ore", "999", {"a": "999"}, rest=["ore"])


def test_drawn_and_disposed_and_adjusted_never_exceed_what_was_made(town: Town) -> None:
    town.say(MINE, "lot.adjust", {"lot": urn("ore"), "change_kg": "-100", "reason": "stock-take"})
    town.say(MINE, "lot.dispose", {"lot": urn("ore"), "mass_kg": "300", "route": "landfill"})
    with refused("overdrawn"):
        town.split("ore", "601", {"a": "601"})
    with refused("adjust_gains_matter"):
        town.say(MINE, "lot.adjust", {"lot": urn("ore"), "change_kg": "101", "reason": "found"})
    town.say(MINE, "lot.adjust", {"lot": urn("ore"), "change_kg": "100", "reason": "found"})
    assert town.remaining("ore") == "700"


def test_a_split_conserves_mass_and_passes_the_assay_on(town: Town) -> None:
    with refused("mass_not_conserved"):
        town.split("ore", "500", {"a": "250", "b": "249.999"})
    town.split("ore", "500", {"a": "250", "b": "250"})
    assert town.content("a") == "0.66"


def test_a_merge_has_the_mean_of_its_parts(town: Town) -> None:
    town.source("rich", "500", assay=assay("1.32"))
    town.transform({"ore": "1000", "rich": "500"}, [part("m", "1500")], process=(), rest=["ore", "rich"])
    assert town.content("m") == "0.754473"  # wt % of the element, toward zero


def test_a_split_keeps_material_and_stage(town: Town) -> None:
    with refused("material_changed"):
        town.transform({"ore": "500"}, [part("a", "500", stage="concentrate")], process=())


def test_a_later_assay_never_raises_what_may_be_drawn(town: Town) -> None:
    town.say(MINE, "lot.assay", {"lot": urn("ore"), "assay": assay("60")})
    assert town.content("ore") == "0.66"
    town.say(MINE, "lot.assay", {"lot": urn("ore"), "assay": assay("0.5")})
    assert town.content("ore") == "0.5"
    town.say(MINE, "lot.assay", {"lot": urn("ore"), "assay": assay("0.66")})
    assert town.content("ore") == "0.5"


def test_an_element_that_the_first_assay_did_not_list_is_not_drawn(town: Town) -> None:
    both = {"basis": "dry_mass", "rows": [{"species": "Nd2O3", "content_pct": "0.66"},
                                          {"species": "Dy2O3", "content_pct": "5"}]}  # fmt: skip
    town.say(MINE, "lot.assay", {"lot": urn("ore"), "assay": both})
    with refused("element_created"):
        town.transform({"ore": "900"}, [concentrate("c", "20", None) | {"assay": assay("10", "Dy2O3")}])


def test_the_first_assay_may_come_later_and_the_balance_holds_with_it(town: Town) -> None:
    town.transform({"ore": "900"}, [concentrate("c", "59", None), concentrate("d", "1", None)])
    with refused("element_created"):
        town.say(MINE, "lot.assay", {"lot": urn("c"), "assay": assay("20")})
    town.say(MINE, "lot.assay", {"lot": urn("c"), "assay": assay("10")})
    with refused("element_created"):
        town.say(MINE, "lot.assay", {"lot": urn("d"), "assay": assay("90")})
    town.say(MINE, "lot.assay", {"lot": urn("d"), "assay": assay("1")})


def test_a_part_of_a_lot_without_assay_gets_none_of_its_own(town: Town) -> None:
    town.transform({"ore": "900"}, [concentrate("c", "59", None)])
    rows = [concentrate("p", "30", None)]
    town.transform({"c": "30"}, rows, process=())
    with refused("assay_before_split"):
        town.say(MINE, "lot.assay", {"lot": urn("p"), "assay": assay("1")})


# Custody and mass.


def test_a_lot_is_dispatched_whole(town: Town) -> None:
    with refused("not_all_that_remains"):
        town.send("ore", "999.999")
    town.send("ore", "1000")


def test_the_difference_is_what_the_masses_say(town: Town) -> None:
    dispatch = town.send("ore", "1000")
    with refused("difference_misstated"):
        town.receive("ore", dispatch, "999", "within")
    with refused("difference_misstated"):
        town.receive("ore", dispatch, "999.5", "beyond")
    town.receive("ore", dispatch, "1000.5")
    assert town.remaining("ore") == "1000"  # gains are never booked


def test_alone_a_difference_is_settled_at_the_lower_mass(town: Town) -> None:
    dispatch = town.send("ore", "1000")
    town.receive("ore", dispatch, "990", "beyond")
    with refused("settled_too_high"):
        town.say(WORKS, "lot.settle", {"lot": urn("ore"), "mass_kg": "995"})
    with refused("wrong_cosigner"):
        town.say(WORKS, "lot.settle", {"lot": urn("ore"), "mass_kg": "995"},
                 cosigners=[Cosigner(urn("auditor"), digest("key"))])  # fmt: skip
    with refused("settled_too_high"):
        town.say(WORKS, "lot.settle", {"lot": urn("ore"), "mass_kg": "1001"}, cosigners=[Cosigner(MINE, digest("k"))])
    town.say(WORKS, "lot.settle", {"lot": urn("ore"), "mass_kg": "995"}, cosigners=[Cosigner(MINE, digest("key"))])
    assert town.remaining("ore") == "995"


def test_wet_and_dry_mass_agree(town: Town) -> None:
    wet = {"wet_mass_kg": "1086.957", "moisture_pct": "8"}
    town.source("wet", "1000", **wet)
    with refused("dry_mass_mismatch"):
        town.source("wetter", "1000.001", **wet)


# Work in process.


def step(town: Town, out_kg: str, wip_kg: str, name: str, **more: Any) -> Any:
    """100 kg of ore with 0.66 kg of Nd2O3, 0.566 kg of Nd, and a change of what stays in process."""
    wip = [{"species": "Nd", "mass_kg": wip_kg}]
    return town.transform({"ore": "100"}, [concentrate(name, out_kg)], wip_change=wip, **{
        "facility": town.facility, **more})  # fmt: skip


def test_what_stayed_in_process_comes_out_later_and_no_more(town: Town) -> None:
    with refused("element_created"):
        step(town, "9.9", "-0.283", "early")
    step(town, "3.3", "0.283", "first")
    step(town, "9.9", "-0.283", "second")
    with refused("element_created"):
        step(town, "9.9", "-0.283", "third")


def test_what_stays_in_process_stays_at_its_facility(town: Town) -> None:
    second = urn("second facility")
    town.say(MINE, "facility.register", {"facility": second, "country": "US", "name": "Mine 2"})
    step(town, "3.3", "0.283", "first")
    with refused("element_created"):
        step(town, "9.9", "-0.283", "second", facility=second)
    with refused("element_created"):
        wip = [{"species": "Nd", "mass_kg": "-0.283"}]
        town.transform({"ore": "100"}, [concentrate("nowhere", "9.9")], wip_change=wip)


def test_a_withdrawn_step_left_nothing_in_process(town: Town) -> None:
    first = step(town, "3.3", "0.283", "first")
    town.void(first)
    with refused("element_created"):
        step(town, "9.9", "-0.283", "second")


def test_a_corrected_step_left_what_it_says_now(town: Town) -> None:
    first = step(town, "3.3", "0.283", "first")
    town.correct(first, wip_change=[{"species": "Nd", "mass_kg": "0.1"}])
    with refused("element_created"):
        step(town, "9.9", "-0.283", "second")
    step(town, "7.7", "-0.1", "third")


def test_who_took_from_process_is_told_when_it_was_not_there(town: Town) -> None:
    first = step(town, "3.3", "0.283", "first")
    step(town, "9.9", "-0.283", "second")
    assert codes(town.void(first)) == ["built_on_corrected"]


# Values that are needed.

NEEDED = ("/body/mass_kg", "/body/assay/rows", "/body/losses/0", "/body/losses/0/mass_kg", "/body/inventory/2",
          "/body/inventory/2/elements", "/body/wip_change/0/mass_kg", "/body/as/body/mass_kg")  # fmt: skip
NOT_NEEDED = ("/body/lot_number", "/body/inventory/2/amount", "/body/outputs/0/price", "/evidence/0")


@pytest.mark.parametrize("place", NEEDED)
def test_without_this_value_the_rules_cannot_be_judged(place: str) -> None:
    kind = "statement.correct" if "/as/" in place else "lot.transform"
    assert withheld_for_rules(kind, [place]) == (place,)
    with refused("disclosure_required"):
        require_disclosed(kind, [place])


@pytest.mark.parametrize("place", NOT_NEEDED)
def test_other_values_may_be_withheld(place: str) -> None:
    require_disclosed("lot.transform", [place])


@pytest.mark.parametrize("kind", ["lot.result", "declaration.publish", "declaration.reference"])
def test_figures_come_to_the_door_whole(kind: str) -> None:
    with refused("disclosure_required"):
        require_disclosed(kind, ["/body/causes"])
    require_disclosed(kind, ["/evidence/0"])


@pytest.mark.parametrize("row", [{"amount": "5"}, {}])
def test_a_step_is_weighed_though_amounts_of_reagents_are_withheld(town: Town, row: dict[str, str]) -> None:
    """Only rows that bear elements count in a balance; the finding on mass out of nothing waits for the others."""
    acid = {"flow": "acid", "role": "ancillary", "unit": "kg", "basis": "metered"}
    body = {"inputs": [{"lot": urn("ore"), "mass_kg": "20"}], "outputs": [concentrate("c", "60", "0.2")]}
    closed = {} if row else {"closed": {"amount": "A" * 43}}
    statement = town.build(MINE, "lot.transform", body | {"inventory": [acid | row | closed]}, process=ROAST)
    decision = decide(statement, body | {"inventory": [acid | row]}, town.world, index=town.count, disclosed={})
    assert decision.established
    assert codes(decision) == (["mass_gain"] if row else [])


@pytest.mark.parametrize(("unit", "found"), [("MJ", []), ("kg", ["fuel_unit"])])
def test_carbon_tells_at_the_door_that_mj_were_typed_as_kg(town: Town, unit: str, found: list[str]) -> None:
    gas = {"flow": "natural gas", "role": "fuel", "amount": "38690", "unit": unit, "basis": "metered"}
    carbon = {
        "flow": "carbon dioxide, fossil",
        "role": "emission",
        "amount": "2101.3",
        "unit": "kg",
        "basis": "metered",
    }
    body = {
        "inputs": [{"lot": urn("ore"), "mass_kg": "20"}],
        "outputs": [concentrate("c", "20", "0.6")],
        "inventory": [gas, carbon],
    }
    statement = town.build(MINE, "lot.transform", body, process=ROAST)
    decision = decide(statement, body, town.world, index=town.count, disclosed={})
    assert [one for one in codes(decision) if one == "fuel_unit"] == found
