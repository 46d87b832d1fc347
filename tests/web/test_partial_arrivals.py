"""Goods that arrive in parts: rejected with what arrived, split and dispatched again, received part by part."""

import json
from typing import TYPE_CHECKING, Any

from tests.web.pages import Page
from tests.web.suppliers import begin
from traceability.ledger.envelope import parse_envelope
from traceability.ledger.statement import parse_header

if TYPE_CHECKING:
    from tests.web.suppliers import People
    from traceability.models import Lot, PartialArrival

WHEN = {"occurred_from": "2026-03-20 06:10", "utc_offset": "+00:00"}


def page(client: Any, address: str) -> str:
    found = client.get(address)
    assert found.status_code == 200
    text = str(found.content.decode())
    assert Page(text).faults == []
    return text


def signed(client: Any, draft: Any) -> Any:
    answer = client.post(f"/record/{draft.pk}/check/", {"agreed": "on", "sign": ""}, follow=True)
    assert answer.status_code == 200
    assert "Signed and recorded" in answer.content.decode()
    return answer


def rejected(people: "People", kg: str = "400") -> "tuple[Lot, PartialArrival]":
    """1000 kg were dispatched, and so much of it arrived."""
    from traceability.models import PartialArrival

    lot = people.sent(lot_number="ORE-1")
    draft = begin(people.partner, "parts", lot)
    typed = {"lot": lot.urn, "arrived_kg": kg, "arrived_kg_unit": "kg", "reason": "One truck came.", "save": ""}
    assert people.partner.post(f"/record/{draft.pk}/details/", typed | WHEN).status_code == 302
    signed(people.partner, draft)
    lot.refresh_from_db()
    return lot, PartialArrival.objects.get()


def sent_again(people: "People", arrival: "PartialArrival") -> None:
    from traceability.models import Draft

    answer = people.owner.post(f"/arrivals/{arrival.pk}/")
    draft = Draft.objects.get(pk=answer["Location"].split("/")[2])
    typed = {name: draft.typed["fields"].get(name, "") for name in ("lot", "to", "mass_kg", "part_number")}
    more = {"tolerance_pct": "", "reference": "", "to_identifier": "", "save": "", "mass_kg_unit": "kg"}
    assert people.owner.post(f"/record/{draft.pk}/details/", typed | more | WHEN).status_code == 302
    signed(people.owner, draft)


def test_a_delivery_in_parts_is_one_guided_act_on_both_sides(people: "People") -> None:
    from traceability.models import Lot, Statement

    lot, arrival = rejected(people)
    assert (lot.state, lot.holder_id) == ("held", people.market.mine.organisation.pk)
    text = page(people.owner, f"/arrivals/{arrival.pk}/")
    assert "Dispatch what arrived" in text
    assert "ORE-1" in page(people.owner, "/arrivals/")
    theirs = page(people.partner, f"/arrivals/{arrival.pk}/")
    assert "Keep what arrived apart" in theirs
    assert "It waits for the sender." in theirs
    sent_again(people, arrival)
    part = Lot.objects.get(number="ORE-1/1")
    assert (part.state, part.remaining_kg, part.receiver_id) == ("in_transit", 400, arrival.receiver_id)
    assert Statement.objects.filter(kind="lot.transform").count() == 1
    assert "Dispatch the rest" in page(people.owner, f"/arrivals/{arrival.pk}/")
    sent_again(people, arrival)
    rest = Lot.objects.get(number="ORE-1/2")
    assert (rest.state, rest.remaining_kg) == ("in_transit", 600)
    for client in (people.owner, people.partner):
        text = page(client, f"/arrivals/{arrival.pk}/")
        assert "Nothing of it waits to be dispatched any more." in text
        assert "ORE-1/1" in text
        assert "Dispatched again" in page(client, "/arrivals/")


def test_how_much_arrived_must_be_said_and_is_no_open_value(people: "People") -> None:
    from traceability.models import PartialArrival, Statement

    lot = people.sent(lot_number="ORE-1")
    draft = begin(people.partner, "parts", lot)
    typed = {"lot": lot.urn, "arrived_kg": "", "arrived_kg_unit": "kg", "reason": "One truck came.", "save": ""}
    answer = people.partner.post(f"/record/{draft.pk}/details/", typed | WHEN)
    assert "Enter a mass, for example" in answer.content.decode()
    assert not PartialArrival.objects.exists()
    people.partner.post(f"/record/{draft.pk}/details/", typed | WHEN | {"arrived_kg": "0.4", "arrived_kg_unit": "t"})
    receipt = signed(people.partner, draft).content.decode()
    assert "The delivery in parts" in receipt
    said = parse_header(parse_envelope(bytes(Statement.objects.get(kind="lot.reject").envelope)).payload).body
    assert set(said) == {"dispatch", "lot", "reason"}
    assert PartialArrival.objects.get().arrived_kg == 400


def test_only_the_two_parties_see_it_and_only_the_sender_dispatches(people: "People") -> None:
    _, arrival = rejected(people)
    for client, status in ((people.outsider, 404), (people.anybody, 302)):
        assert client.get(f"/arrivals/{arrival.pk}/").status_code == status
    assert "ORE-1" not in page(people.outsider, "/arrivals/")
    assert people.viewer.post(f"/arrivals/{arrival.pk}/").status_code == 403
    assert (
        "Nothing of this delivery waits"
        in people.partner.post(f"/arrivals/{arrival.pk}/", follow=True).content.decode()
    )


def call(client: Any, method: str, address: str, body: Any = None) -> tuple[int, Any]:
    answer = getattr(client, method)(
        f"/api/v1/{address}", *([json.dumps(body)] if body is not None else []), content_type="application/json"
    )
    return answer.status_code, json.loads(answer.content)


def test_programs_do_the_same_with_two_calls(people: "People") -> None:
    from traceability.models import Lot

    lot = people.sent(lot_number="ORE-1")
    status, found = call(people.partner, "post", "partial-arrivals", {"lot": lot.urn, "arrived_kg": "1000"})
    assert (status, found["code"]) == (422, "out_of_bounds")
    status, found = call(people.partner, "post", "partial-arrivals", {"lot": lot.urn, "arrived_kg": "250.5"})
    assert (status, found["waits"], found["sent"]) == (201, True, [])
    assert "next_kg" not in found
    place = f"partial-arrivals/{found['id']}"
    assert call(people.owner, "get", place)[1]["next_kg"] == "250.5"
    status, found = call(people.owner, "post", f"{place}/dispatch", {"lot_number": "ORE-1-A"})
    assert status == 201
    assert found["sent"] == [Lot.objects.get(number="ORE-1-A").urn]
    assert found["next_kg"] == "749.5"
    status, found = call(people.owner, "post", f"{place}/dispatch", {})
    assert (status, found["waits"], len(found["sent"])) == (201, False, 2)
    status, found = call(people.owner, "post", f"{place}/dispatch", {})
    assert (status, found["code"]) == (422, "nothing_to_dispatch")
    assert call(people.partner, "post", f"{place}/dispatch", {})[0] == 422
    assert call(people.outsider, "get", place)[0] == 404
    assert len(call(people.partner, "get", "partial-arrivals")[1]["results"]) == 1


def test_where_a_second_person_signs_the_colleague_signs_the_rejection(people: "People") -> None:
    from tests.web.suppliers import person
    from traceability.models import Approval, Membership, PartialArrival

    own = people.market.separator.organisation
    own.approval_wanted = True
    own.save()
    writer = person(own, Membership.Role.SUBMITTER)
    lot = people.sent(lot_number="ORE-1")
    draft = begin(writer, "parts", lot)
    typed = {"lot": lot.urn, "arrived_kg": "400", "arrived_kg_unit": "kg", "reason": "One truck came.", "save": ""}
    writer.post(f"/record/{draft.pk}/details/", typed | WHEN)
    writer.post(f"/record/{draft.pk}/check/", {"agreed": "on", "ask": ""})
    assert not PartialArrival.objects.exists()
    given = {"approval": str(Approval.objects.get().pk), "agreed": "on", "approve": ""}
    answer = people.partner.post(f"/record/{draft.pk}/check/", given, follow=True)
    assert "Signed and recorded" in answer.content.decode()
    assert PartialArrival.objects.get().arrived_kg == 400
