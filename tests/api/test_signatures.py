"""Drafts, templates, and what waits for a second signature, by program and by person."""

from typing import Any
from uuid import UUID

import pytest

from tests.api.clients import START, Clients, act, urn
from tests.api.people import Person
from tests.api.test_submit import problem
from traceability.models import Draft, Lot, Membership, Organisation, Proposal, Statement
from traceability.selectors import receipts
from traceability.services import corrections

Role = Membership.Role


@pytest.fixture
def clerk(api: Clients) -> Person:
    return Person(api.market.mine.organisation, Role.SUBMITTER, "carl")


@pytest.fixture
def approver(api: Clients) -> Person:
    return Person(api.market.mine.organisation, Role.APPROVER, "ada")


@pytest.fixture
def wanted(api: Clients) -> None:
    """The mine lets a second person sign."""
    Organisation.objects.filter(pk=api.market.mine.organisation.pk).update(approval_wanted=True)
    api.market.mine.organisation.refresh_from_db()


def left(api: Clients, client: Any = None, **changes: Any) -> Any:
    """The answer to a draft of 1000 kg of ore."""
    said = act("lot.source", api.market.source_body(urn(), **changes), utc_offset="+02:00")
    return (client or api.owner).send("drafts", said)


def test_a_program_leaves_a_draft_that_says_what_it_sent(api: Clients) -> None:
    answer = left(api)
    assert answer.status_code == 201, answer.content
    found = answer.json()
    assert answer["Location"] == found["links"]["self"] == f"/api/v1/drafts/{found['id']}"
    assert (found["kind"], found["act"], found["state"]) == ("lot.source", "source", "open")
    assert found["mistakes"] == []
    assert found["says"]["mass_kg"] == "1000"
    [row] = api.owner.read("drafts", act="source").json()["results"]
    assert row["id"] == found["id"]
    assert api.owner.read("drafts", act="split").json()["results"] == []
    assert Statement.objects.filter(kind="lot.source").count() == 0


@pytest.mark.parametrize("second_person", [False, True])
def test_a_correction_that_changes_nothing_but_the_reason_is_refused(api: Clients, second_person: bool) -> None:
    signed = api.owner.send(f"drafts/{left(api).json()['id']}/sign", {}).json()
    actor, id = api.market.mine, signed["id"].removeprefix("urn:uuid:")
    draft = corrections.begin_correction(actor=actor, said=receipts.statement(actor, UUID(id), START.date()))
    draft.typed["fields"]["correction_reason"] = "typing mistake"
    draft.save()
    if second_person:
        Organisation.objects.filter(pk=actor.organisation.pk).update(approval_wanted=True)
    path = "approval" if second_person else "sign"
    problem(api.owner.send(f"drafts/{draft.pk}/{path}", {}), 422, "nothing_changes")
    assert not Statement.objects.filter(kind="statement.correct").exists()


def test_a_draft_is_signed_once_and_says_the_same(api: Clients) -> None:
    id = left(api).json()["id"]
    first = api.owner.send(f"drafts/{id}/sign", {})
    assert first.status_code == 201, first.content
    assert first.json()["id"] == f"urn:uuid:{id}"
    assert api.owner.send(f"drafts/{id}/sign", {}).json() == first.json()
    body = api.owner.read(f"lots/{next(iter(first.json()['custody_hashes']))[9:]}").json()["made_by"]
    assert (body["occurred_from"], body["body"]["mass_kg"]) == ("2026-03-02T08:00:00Z", "1000")
    assert not Draft.objects.exists()


def test_every_kind_of_transform_finds_its_act(api: Clients) -> None:
    lots = [api.market.source(lot_number=f"ORE-{number}") for number in (1, 2)]
    made = {"lot": urn(), "material": "bastnaesite ore", "stage": "ore", "class": "product", "mass_kg": "500"}
    one = {"inputs": [{"lot": lots[0], "mass_kg": "500"}], "outputs": [made]}
    both = {"inputs": [{"lot": lot, "mass_kg": "250"} for lot in lots], "outputs": [made]}
    step = api.market.transform_body({lots[0]: "1000"}, urn())
    process = [{"step": "beneficiation", "country": "US"}]
    acts = [api.owner.send("drafts", act("lot.transform", body, day=9, **more)).json()["act"]
            for body, more in ((one, {}), (both, {}), (step, {"process": process}))]  # fmt: skip
    assert acts == ["split", "merge", "transform"]


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ({"kind": "statement.void", "body": {}, "occurred_from": "2026-03-02T08:00:00Z"}, 400, "out_of_range"),
        ({"kind": "lot.source", "body": {"lot": 5}, "occurred_from": "2026-03-02T08:00:00Z"}, 400, "wrong_type"),
        ({"kind": "lot.source", "body": [], "occurred_from": "2026-03-02T08:00:00Z"}, 400, "wrong_type"),
        ({"kind": "lot.source"}, 400, "missing_field"),
        ({"template": "urn:uuid:01a20044-1e90-7584-97e3-169105e74e78"}, 404, "not_found"),
        ({"template": "urn:uuid:01a20044-1e90-7584-97e3-169105e74e78", "kind": "lot.source"}, 400, "unknown_field"),
    ],
)
def test_what_no_draft_is_made_of(api: Clients, said: dict[str, Any], status: int, code: str) -> None:
    answer = api.owner.send("drafts", said)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_draft_says_what_the_door_would_say(api: Clients) -> None:
    lot = api.market.source()
    body = {"lot": lot, "to": api.market.separator.organisation.urn, "mass_kg": "5000", "tolerance_pct": "0.05"}
    found = api.owner.send("drafts", act("lot.dispatch", body, day=9)).json()
    assert [one["code"] for one in found["mistakes"]] != []
    refused = api.owner.send(f"drafts/{found['id']}/sign", {})
    assert refused.status_code in (409, 422)
    assert api.owner.delete(found["links"]["self"]).status_code == 204
    assert api.owner.read(f"drafts/{found['id']}").status_code == 404


def test_a_part_is_split_off_under_the_number_that_a_program_says(api: Clients) -> None:
    lot = api.market.source()
    body = {"lot": lot, "to": api.market.separator.organisation.urn, "mass_kg": "400", "tolerance_pct": "0.5"}
    said = {**act("lot.dispatch", body, day=9), "part_number": "EAST-9"}
    found = api.owner.send("drafts", said).json()
    assert found["mistakes"] == []
    signed = api.owner.send(f"drafts/{found['id']}/sign", {})
    assert signed.status_code == 201, signed.content
    part, whole = Lot.objects.get(number="EAST-9"), Lot.objects.get(pk=lot[9:])
    assert (part.mass_kg, part.state, whole.state) == (400, "in_transit", "held")


def test_the_number_of_a_part_is_for_dispatches(api: Clients) -> None:
    said = {**act("lot.source", api.market.source_body(urn())), "part_number": "EAST-9"}
    answer = api.owner.send("drafts", said)
    assert (answer.status_code, answer.json()["code"]) == (422, "no_part")


def test_drafts_and_templates_of_others_do_not_exist(api: Clients) -> None:
    id = left(api).json()["id"]
    template = api.owner.send("templates", {"name": "Ore", "draft": f"urn:uuid:{id}"}).json()["id"]
    for client, status in ((api.customer, 404), (api.outsider, 404), (api.anybody, 401)):
        for path in (f"drafts/{id}", f"templates/{template}"):
            assert client.get(f"/api/v1/{path}").status_code == status
            assert client.delete(f"/api/v1/{path}").status_code == status
        for path in ("sign", "approval", "proposal"):
            assert client.post(f"/api/v1/drafts/{id}/{path}").status_code == status
    assert api.outsider.read("drafts").json()["results"] == []


def test_a_template_is_kept_named_and_begun_from(api: Clients) -> None:
    id = left(api).json()["id"]
    answer = api.owner.send("templates", {"name": "Ore", "draft": f"urn:uuid:{id}"})
    assert answer.status_code == 201, answer.content
    found = answer.json()
    assert found["fields"]["material"] == "bastnaesite ore"
    assert "mass_kg" not in found["fields"]
    signed = api.owner.send(f"drafts/{id}/sign", {}).json()["id"]
    other = api.owner.send("templates", {"name": "Ore again", "statement": signed})
    assert other.status_code == 201, other.content
    renamed = api.owner.put(f"/api/v1/templates/{found['id']}", {"name": "Mine"}, content_type="application/json")
    assert renamed.json()["name"] == "Mine"
    assert [one["name"] for one in api.owner.read("templates").json()["results"]] == ["Mine", "Ore again"]
    draft = api.owner.send("drafts", {"template": found["urn"]}).json()
    assert draft["says"]["material"] == "bastnaesite ore"
    assert draft["mistakes"] != []
    assert api.owner.send("templates", {"name": "Nothing"}).status_code == 422
    assert api.owner.delete(found["links"]["self"]).status_code == 204


def test_what_a_clerk_fills_in_an_approver_signs(api: Clients, clerk: Person, approver: Person, wanted: None) -> None:
    id = left(api, clerk).json()["id"]
    assert clerk.send(f"drafts/{id}/sign").json()["code"] == "approval_wanted"
    asked = clerk.send(f"drafts/{id}/approval")
    assert asked.status_code == 201, asked.content
    [row] = approver.read("approvals").json()["results"]
    assert (row["id"], row["state"], row["approval"]["asked_by"]) == (id, "waiting", "carl")
    approval = row["approval"]["id"]
    assert clerk.read("approvals").json()["results"] == []
    assert clerk.send(f"approvals/{approval}/sign").status_code == 404
    sent = approver.send(f"approvals/{approval}/send-back", {"reason": "another mass"})
    assert sent.json()["reason"] == "another mass"
    assert clerk.read(f"drafts/{id}").json()["state"] == "sent_back"
    approval = clerk.send(f"drafts/{id}/approval").json()["id"]
    assert clerk.delete(f"/api/v1/drafts/{id}/approval").status_code == 204
    assert approver.send(f"approvals/{approval}/sign").status_code == 404
    approval = clerk.send(f"drafts/{id}/approval").json()["id"]
    signed = approver.send(f"approvals/{approval}/sign")
    assert signed.status_code == 201
    again = approver.send(f"approvals/{approval}/sign")
    assert (again.status_code, again.json()) == (201, signed.json())
    colleague = Person(api.market.mine.organisation, Role.ADMIN, "boss")
    stranger = Person(api.outsider.actor.organisation, Role.ADMIN, "eve")
    assert [one.send(f"approvals/{approval}/sign").status_code for one in (clerk, colleague, stranger)] == [404] * 3
    assert Statement.objects.filter(kind="lot.source").count() == 1


def test_an_approval_of_what_a_partner_signs_too_is_given_once(
    api: Clients, clerk: Person, approver: Person, wanted: None
) -> None:
    lot = api.market.source()
    api.market.send(lot)
    said = act("lot.dispatch_cancel", {"lot": lot, "reason": "another truck"}, day=20)
    draft = clerk.send("drafts", said).json()["id"]
    approval = clerk.send(f"drafts/{draft}/approval").json()["id"]
    first = approver.send(f"approvals/{approval}/sign")
    assert first.status_code == 202, first.content
    again = approver.send(f"approvals/{approval}/sign")
    assert (again.status_code, again.json()) == (202, first.json())
    agreed = api.customer.send(f"proposals/{first.json()['id']}/agree", {})
    again = approver.send(f"approvals/{approval}/sign")
    assert (again.status_code, again.json()["digest"]) == (201, agreed.json()["digest"])


def test_no_program_approves_and_none_of_another_organisation(api: Clients, clerk: Person, wanted: None) -> None:
    approval = clerk.send(f"drafts/{left(api, clerk).json()['id']}/approval")
    assert approval.status_code == 422  # nobody may sign it yet
    approver = Person(api.market.mine.organisation, Role.APPROVER, "ada")
    approval = clerk.send(f"drafts/{left(api, clerk).json()['id']}/approval").json()["id"]
    assert api.owner.read("approvals").json()["results"] == []
    assert api.owner.send(f"approvals/{approval}/sign", {}).status_code == 403
    stranger = Person(api.outsider.actor.organisation, Role.ADMIN, "eve")
    assert stranger.send(f"approvals/{approval}/sign").status_code == 404
    assert stranger.send(f"approvals/{approval}/send-back", {"reason": "no"}).status_code == 404
    assert approver.send(f"approvals/{approval}/sign").status_code == 201


def test_an_administrator_chooses_who_signs(api: Clients, clerk: Person) -> None:
    boss = Person(api.market.mine.organisation, Role.ADMIN, "boss")
    rule = {"wanted": True, "programs_sign": True}
    assert clerk.change("organisations/me/approval", rule).status_code == 403
    assert boss.change("organisations/me/approval", rule).json() == rule
    assert boss.read("organisations/me/approval").json() == rule
    assert api.owner.read("organisations/me/approval").status_code == 403


@pytest.fixture
def proposal(api: Clients, clerk: Person) -> str:
    """The mine asks the separator to sign the cancelling of a dispatch with it."""
    lot = api.market.source()
    api.market.send(lot)
    said = act("lot.dispatch_cancel", {"lot": lot, "reason": "another truck"}, day=20)
    draft = clerk.send("drafts", said).json()
    assert draft["mistakes"] == []
    answer = clerk.send(f"drafts/{draft['id']}/proposal", {})
    assert answer.status_code == 201, answer.content
    return str(answer.json()["id"])


def test_a_partner_signs_beside_who_proposed(api: Clients, proposal: str) -> None:
    [row] = api.customer.read("proposals").json()["results"]
    assert (row["id"], row["kind"], row["by"]["name"]) == (proposal, "lot.dispatch_cancel", "Juniper Flat")
    first = api.customer.send(f"proposals/{proposal}/agree", {})
    assert first.status_code == 201, first.content
    assert api.customer.send(f"proposals/{proposal}/agree", {}).json() == first.json()
    assert api.customer.send(f"proposals/{proposal}/decline", {"reason": "no"}).status_code == 409
    assert api.customer.read("proposals").json()["results"] == []


def test_a_partner_declines_and_the_proposer_takes_back(api: Clients, proposal: str) -> None:
    declined = api.customer.send(f"proposals/{proposal}/decline", {"reason": "it is here"})
    assert declined.json()["reason"] == "it is here"
    draft = declined.json()["draft"]
    assert api.owner.read(f"drafts/{draft}").json()["state"] == "declined"
    assert api.owner.delete(f"/api/v1/drafts/{draft}/proposal").status_code == 204
    assert api.owner.read(f"drafts/{draft}").json()["state"] == "open"
    assert not Proposal.objects.exists()


def test_for_an_outsider_a_proposal_does_not_exist(api: Clients, proposal: str) -> None:
    for client, status in ((api.owner, 404), (api.outsider, 404), (api.anybody, 401)):
        assert client.post(f"/api/v1/proposals/{proposal}/agree").status_code == status
        assert client.post(f"/api/v1/proposals/{proposal}/decline").status_code == status
