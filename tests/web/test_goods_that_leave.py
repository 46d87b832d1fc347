"""Goods that leave the record: what the supplier sees, and that what left and what is left make up the whole."""

from typing import Any

import pytest

from tests.web.suppliers import WHEN, People, begin, complaints, fill, open_people, record
from traceability.models import Lot, Membership
from traceability.selectors.access import Actor
from traceability.services import leaving

ELSEWHERE = "urn:uuid:01a20000-0000-7000-8000-00000000000a"
PLAIN = {"to_identifier": "", "to_origin": "", "mass_kg": "", "part_number": "", "tolerance_pct": "", "reference": ""}


@pytest.fixture
def people(db: Any) -> People:
    return open_people()


def sent(people: People, **details: str) -> Lot:
    """A lot of 1000 kg, of which so much went to somebody who keeps no record here; the part of it that went."""
    lot = people.lot()
    said = {"lot": lot.urn, "to": "outside", **PLAIN, **WHEN} | details
    statement = record(people.owner, "dispatch", {"details": said}, lot)
    return Lot.objects.get(pk=statement.links.get().subject)


def read(people: People, path: str) -> str:
    return people.owner.get(path).content.decode()


def test_they_left_the_record_and_nobody_waits_for_a_receipt(people: People) -> None:
    lot = sent(people)
    assert (lot.state, lot.receiver_id) == ("in_transit", None)
    assert "ORE-1" not in read(people, "/outgoing/").split("<tbody>")[-1]
    assert "ORE-1" in read(people, "/outgoing/?state=left")
    page = read(people, f"/lots/{lot.pk}/")
    assert "Left the record" in page
    assert "On its way" not in page
    assert f"/lots/{lot.pk}/bundle" in page  # the buyer gets it, though he has no account here
    assert "Left the record" in read(people, "/stock/?state=left")
    assert "ORE-1" not in read(people, "/stock/")
    assert people.outsider.get(f"/lots/{lot.pk}/").status_code == 404


def test_what_left_and_what_is_left_make_up_the_whole(people: People) -> None:
    part = sent(people, mass_kg="400", mass_kg_unit="kg")
    assert part.mass_kg == 400
    whole = part.edges_up.get().parent
    answer = people.owner.get(f"/api/v1/lots/{whole.pk}/whereabouts?element=Nd").json()
    kg = {one["what"]: float(one["mass_kg"]) for one in answer["places"]}
    assert set(kg) == {"now", "left"}
    assert sum(kg.values()) == pytest.approx(float(answer["entered_kg"]))
    assert kg["left"] == pytest.approx(0.4 * sum(kg.values()))
    page = read(people, f"/lots/{whole.pk}/whereabouts/?element=Nd")
    assert "Left the record" in page
    assert "100 %: nothing is left over" in page.replace("\u202f", " ")


def test_a_program_finds_them_by_their_state(people: People) -> None:
    lot = sent(people)
    waiting = people.sent(lot_number="ORE-2")
    found = {state: [one["urn"] for one in people.owner.get(f"/api/v1/lots?state={state}").json()["results"]]
             for state in ("left", "in_transit", "held")}  # fmt: skip
    assert found == {"left": [lot.urn], "in_transit": [waiting.urn], "held": []}
    assert people.owner.get(f"/api/v1/lots/{lot.pk}").json()["state"] == "left"


def test_they_do_not_keep_an_account_open(people: People) -> None:
    actor = Actor(1, people.market.mine.organisation, Membership.Role.ADMIN)
    sent(people)
    assert "outgoing" not in [one.code for one in leaving.obstacles(actor)]
    people.sent()
    assert "outgoing" in [one.code for one in leaving.obstacles(actor)]


def test_what_came_back_is_cancelled_alone(people: People) -> None:
    lot = sent(people)
    said = {"lot": lot.urn, "reason": "Came back unopened.", "signers": "alone", **WHEN}
    record(people.owner, "cancel", {"details": said}, lot)
    lot.refresh_from_db()
    assert lot.state == "held"


def test_a_partner_of_another_record_is_named_with_its_origin(people: People) -> None:
    lot = sent(people, to="", to_identifier=ELSEWHERE, to_origin="log.example/other")
    assert lot.record["custody"]["receiver"] == f"{ELSEWHERE} at log.example/other"
    assert "of the record log.example/other" in read(people, f"/receipts/{lot.newest.urn}/")
    assert "Left the record" in read(people, f"/lots/{lot.pk}/")
    assert begin(people.owner, "dispatch", people.lot()).typed["fields"]["to"] == ""


def test_an_origin_alone_is_no_receiver(people: People) -> None:
    lot = people.lot()
    draft = fill(people.owner, begin(people.owner, "dispatch", lot), {})
    said = {"lot": lot.urn, "to": "", **PLAIN, "to_origin": "log.example/other", **WHEN}
    answer = people.owner.post(f"/record/{draft.pk}/details/", said | {"save": ""})
    assert answer.status_code == 200
    assert complaints(answer)
    assert "log.example/other" in answer.content.decode()
