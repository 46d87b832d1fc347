"""Who names a lot of others in a draft learns nothing of its masses and contents; its name stands on every crate."""

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.demo_chain import Demo
from traceability.intake.fields import EXAMPLE_KG

if TYPE_CHECKING:
    from tests.web.suppliers import People
    from traceability.models import Lot

DAY = {"occurred_from": "2026-11-22T06:00:00Z", "occurred_to": "2026-11-22T06:00:00Z", "utc_offset": "+00:00"}
MADE = {"lot": "urn:uuid:01a20000-0000-7000-8000-000000000001", "material": "m", "stage": "magnet", "class": "product",
        "mass_kg": "0.9", "assay": {"basis": "dry_mass", "rows": [{"species": "Nd", "content_pct": "90"}]}}  # fmt: skip
OTHER = MADE | {"lot": "urn:uuid:01a20000-0000-7000-8000-000000000002"}
STEP = {"process": [{"step": "pressing", "country": "CH"}]}


def acts(lot: str, to: str) -> dict[str, dict[str, Any]]:
    """What somebody might say to have the site weigh it against the lot."""
    step = STEP | {"kind": "lot.transform"}
    return {
        "a step with too much of an element": step | {"body": {"inputs": [{"lot": lot, "mass_kg": "1"}],
                                                               "outputs": [MADE]}},
        "a step with too much of all": step | {"body": {"inputs": [{"lot": lot, "mass_kg": "99999"}],
                                                        "outputs": [MADE]}},
        "a split": {"kind": "lot.transform", "body": {"inputs": [{"lot": lot, "mass_kg": "99999"}],
                                                      "outputs": [MADE, OTHER]}},
        "a dispatch of a part": {"kind": "lot.dispatch", "part_number": "P-1", "body": {
            "lot": lot, "to": to, "mass_kg": "1", "tolerance_pct": "0.05"}},
        "a disposal": {"kind": "lot.dispose", "body": {"lot": lot, "mass_kg": "99999", "route": "landfill"}},
    }  # fmt: skip


@pytest.mark.parametrize(("who", "lot"), [("nordwind", "MAG-1"), ("baltika", "ALLOY-1")])
@pytest.mark.parametrize("name", acts("", ""))
def test_a_draft_weighs_nothing_against_a_lot_of_others(
    demo: Demo, changing: None, who: str, lot: str, name: str
) -> None:
    """Nordwind never had to do with the magnets; Baltika has sold the alloy, and it is used up since."""
    row, client = demo.lot(lot), demo.client(who)
    act = acts(row.urn, demo.organisation("selat").urn)[name]
    made = client.post("/api/v1/drafts", DAY | act, content_type="application/json")
    assert made.status_code == 201, made.content
    said = [made.content.decode()]
    for place in ("check/", "inputs/", "outputs/", "details/"):
        page = client.get(f"/record/{made.json()['id']}/{place}")
        said += [page.content.decode()] if page.status_code == 200 else []
    assert len(said) > 1
    [mistake] = made.json()["mistakes"]
    assert mistake["code"] in ("lot_unknown", "not_holder")
    secrets = {figure for one in known(row) for figure in figures(one)} - {EXAMPLE_KG}  # which every form shows
    assert len(secrets) > 3
    assert figures(" ".join(said)) & secrets == set()


def known(lot: Any) -> list[str]:
    """What the record holds of a lot that nobody is to learn: masses, and what of each element is in 1 kg."""
    contents = [Decimal(one[0]) for one in lot.record["made"]["composition"].values()]
    masses = [lot.mass_kg, lot.remaining_kg, lot.remaining_kg - 1, lot.mass_kg - 1]
    return [*map(str, masses), *(f"{one / 100:.3f}" for one in contents)]


def figures(text: str) -> set[str]:
    """All numbers of at least four digits, without spaces and trailing zeros."""
    bare = re.sub("[\u202f\u00a0]", "", re.sub("<[^>]+>", " ", text))
    return {one.rstrip("0").rstrip(".") for one in re.findall(r"[0-9]+\.[0-9]+|[0-9]{4,}", bare)}


@pytest.fixture
def handed_on(people: "People") -> "list[Lot]":
    """Two lots that the mine sold to the separator: one he has sent on, of the other he used some."""
    from traceability.models import Organisation

    market, lots = people.market, [people.lot(), people.lot()]
    for lot in lots:
        market.take(lot.urn, market.send(lot.urn).digest)
    to = Organisation.objects.get(name="Elsewhere").urn
    sent = {"lot": lots[0].urn, "to": to, "mass_kg": "1000", "tolerance_pct": "0.05"}
    market.say(market.separator, "lot.dispatch", sent)
    market.say(market.separator, "lot.dispose", {"lot": lots[1].urn, "mass_kg": "17.125", "route": "landfill"})
    return lots


@pytest.mark.parametrize("act", ["dispatch", "settle", "cancel", "receive", "reject", "parts"])
def test_a_draft_about_a_lot_that_one_sold_is_not_filled_in(people: "People", handed_on: "list[Lot]", act: str) -> None:
    """Neither what is left of it, nor to whom its holder sends such lots, nor that it is on its way."""
    from tests.web.suppliers import begin
    from traceability.models import Organisation

    to = Organisation.objects.get(name="Elsewhere").urn
    for lot in handed_on:
        fields = begin(people.owner, act, lot).typed["fields"]
        assert fields["lot"] == lot.urn
        assert not any(fields.get(name) for name in ("mass_kg", "to", "dispatch", "dispatched_mass_kg")), fields
        assert to not in str(fields)


def test_how_much_of_a_delivery_arrived_is_weighed_by_its_receiver_alone(
    people: "People", handed_on: "list[Lot]"
) -> None:
    said = set()
    for lot in handed_on:
        for kg in ("1", "999999"):
            body = {"lot": lot.urn, "arrived_kg": kg}
            answer = people.owner.post("/api/v1/partial-arrivals", body, content_type="application/json")
            said.add((answer.status_code, answer.json()["code"], answer.json()["detail"]))
    assert said == {(403, "not_receiver", "This lot is not on its way to you.")}


def test_a_mass_that_its_sender_keeps_is_not_reckoned_with_before_it_is_received(people: "People") -> None:
    from traceability.models import OpeningRule

    rules = [OpeningRule(organisation=people.market.mine.organisation, group=one, audience="nobody")
             for one in ("mass", "assay")]  # fmt: skip
    OpeningRule.objects.bulk_create(rules)
    lot = people.lot(mass_kg="1234.567")
    people.market.send(lot.urn, "1234.567")
    act = acts(lot.urn, "")["a step with too much of all"]
    made = people.partner.post("/api/v1/drafts", DAY | act, content_type="application/json")
    assert made.status_code == 201, made.content
    said = [made.content.decode()]
    said += [people.partner.get(f"/record/{made.json()['id']}/{one}/").content.decode() for one in ("inputs", "check")]
    assert figures(" ".join(said)) & {"1234.567", "98764.433"} == set()
    assert "1234" not in " ".join(said)
