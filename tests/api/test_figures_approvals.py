"""Results, declarations and their ends that a second person signs, by API."""

from typing import Any

import pytest

from epd.models import Declaration, LotResultRow
from tests.api.clients import Clients
from tests.api.people import Person
from tests.api.test_declarations import concentrate, declare, with_factors
from traceability.models import FiguresApproval, Membership, Organisation

Role = Membership.Role


@pytest.fixture
def plant(api: Clients) -> Clients:
    """The market with a published factor set."""
    return with_factors(api)


@pytest.fixture
def carl(plant: Clients) -> Person:
    return Person(plant.market.mine.organisation, Role.SUBMITTER, "carl")


@pytest.fixture
def ada(plant: Clients) -> Person:
    return Person(plant.market.mine.organisation, Role.APPROVER, "ada")


@pytest.fixture
def lot(plant: Clients) -> str:
    return concentrate(plant.market)


def second_person(api: Clients) -> None:
    """From now on the mine wants one."""
    Organisation.objects.filter(pk=api.market.mine.organisation.pk).update(approval_wanted=True)


def one_to_sign(client: Person, **query: str) -> Any:
    [row] = client.read("approvals/figures", **query).json()["results"]
    return client.read(f"approvals/figures/{row['id']}").json()


def test_a_result_is_prepared_by_one_and_signed_by_another(
    plant: Clients,
    carl: Person,
    ada: Person,
    lot: str,
) -> None:
    second_person(plant)
    before, place = LotResultRow.objects.count(), f"lots/{lot[9:]}/result"
    assert ada.send(place).json()["code"] == "approval_wanted"
    assert ada.read(place).status_code == 404
    asked = carl.send(f"{place}/approval")
    assert (asked.status_code, asked.json()["what"], asked.json()["asked_by"]) == (201, "result", "carl")
    assert carl.send(f"{place}/approval").json()["id"] == asked.json()["id"]
    assert carl.read("approvals/figures").json()["results"] == []
    assert ada.read("approvals/figures", what="declaration").json()["results"] == []
    read = one_to_sign(ada, what="result")
    assert read["body"]["bases"]
    address = f"approvals/figures/{read['id']}"
    assert ada.send(f"{address}/sign", {"digest": "sha256:" + "0" * 64}).json()["code"] == "approval_changed"
    signed = ada.send(f"{address}/sign", {"digest": read["digest"]})
    assert (signed.status_code, signed.json()["kind"]) == (201, "lot.result")
    assert LotResultRow.objects.count() == before + 1
    again = ada.send(f"{address}/sign", {"digest": read["digest"]})
    assert (again.status_code, again.json()) == (201, signed.json())
    assert carl.send(f"{address}/sign", {"digest": read["digest"]}).status_code == 404
    assert LotResultRow.objects.count() == before + 1
    assert ada.read(place).json()["digest"] == signed.json()["digest"]


def test_a_declaration_is_published_and_ended_by_two(
    plant: Clients,
    carl: Person,
    ada: Person,
    lot: str,
) -> None:
    old = declare(plant, lot).json()["declaration"]
    second_person(plant)
    said = {"product": "Concentrate B"}
    assert carl.send("declarations", said | {"lot": lot}).json()["code"] == "approval_wanted"
    assert carl.send(f"lots/{lot[9:]}/declaration/approval", said).status_code == 201
    read = one_to_sign(ada)
    assert read["body"]["product"] == "Concentrate B"
    signed = ada.send(f"approvals/figures/{read['id']}/sign", {"digest": read["digest"]})
    assert signed.json()["kind"] == "declaration.publish"
    newer = Declaration.objects.get(product="Concentrate B")
    ends = f"declarations/{old['reference']}"
    for path, body in (("withdraw", {"reason": "a"}), ("supersede", {"reason": "a", "successor": newer.urn})):
        assert ada.send(f"{ends}/{path}", body).json()["code"] == "approval_wanted"
    assert carl.send(f"{ends}/approval", {"reason": "a", "successor": old["urn"]}).json()["path"] == "/successor"
    assert carl.send(f"{ends}/approval", {"reason": "newer", "successor": newer.urn}).json()["what"] == "supersede"
    read = one_to_sign(ada, what="supersede")
    assert read["body"] == {"declaration": old["urn"], "reason": "newer", "successor": newer.urn}
    sent = ada.send(f"approvals/figures/{read['id']}/send-back", {"reason": "say why"})
    assert sent.json()["reason"] == "say why"
    carl.send(f"{ends}/approval", {"reason": "a wrong meter"})
    assert FiguresApproval.objects.get().what == "withdraw"
    read = one_to_sign(ada)
    assert ada.send(f"approvals/figures/{read['id']}/sign", {"digest": read["digest"]}).status_code == 201
    found = Declaration.objects.get(reference=old["reference"])
    assert (found.status, found.reason) == ("withdrawn", "a wrong meter")


def test_it_is_taken_back_and_outsiders_have_no_part_in_it(
    plant: Clients,
    carl: Person,
    ada: Person,
    lot: str,
) -> None:
    old = declare(plant, lot).json()["declaration"]
    second_person(plant)
    outsider = Person(plant.market.separator.organisation, Role.ADMIN, "olga")
    end = f"declarations/{old['reference']}/approval"
    assert outsider.send(end, {"reason": "a"}).status_code == 403
    assert outsider.delete(f"/api/v1/{end}").status_code == 403
    for path in (f"lots/{lot[9:]}/result/approval", f"lots/{lot[9:]}/declaration/approval"):
        assert outsider.send(path, {"product": "a"}).status_code == 404
        assert outsider.delete(f"/api/v1/{path}").status_code == 404
    carl.send(end, {"reason": "a"})
    read = one_to_sign(ada)
    address = f"approvals/figures/{read['id']}"
    for client, status in ((outsider, 404), (carl, 404), (plant.owner, 403), (plant.anybody, 401)):
        assert client.get(f"/api/v1/{address}").status_code == status
        for path, body in (("/sign", {"digest": read["digest"]}), ("/send-back", {"reason": "a"})):
            answer = client.post(f"/api/v1/{address}{path}", body, content_type="application/json")
            assert answer.status_code == status
    assert carl.delete(f"/api/v1/{end}").status_code == 204
    assert not FiguresApproval.objects.exists()
    viewer = Person(plant.market.mine.organisation, Role.VIEWER, "vera")
    assert viewer.send(end, {"reason": "a"}).status_code == 403


def test_a_program_that_may_sign_ends_a_declaration_alone(plant: Clients, lot: str) -> None:
    old = declare(plant, lot).json()["declaration"]
    Organisation.objects.filter(pk=plant.market.mine.organisation.pk).update(approval_wanted=True, programs_sign=True)
    ended = plant.owner.send(f"declarations/{old['reference']}/withdraw", {"reason": "a wrong meter"})
    assert (ended.status_code, ended.json()["kind"]) == (201, "declaration.withdraw")


def test_the_words_of_a_label_are_those_of_the_page(plant: Clients) -> None:
    made = plant.market.source(lot_number="ORE-7")
    label = plant.owner.read(f"lots/{made[9:]}/label").json()
    assert (label["number"], label["material"], label["mass_kg"]) == ("ORE-7", "bastnaesite ore", "1000")
    assert label["address"].endswith(f"/c/{made[9:]}")
    assert "gtin" not in label
    assert plant.outsider.read(f"lots/{made[9:]}/label").status_code == 404


def test_a_trust_file_is_proposed_for_a_bundle(plant: Clients) -> None:
    from traceability.services import integrator

    made = plant.market.source()
    integrator.integrate()
    trust = plant.owner.read(f"lots/{made[9:]}/trust").json()
    assert trust["organisations"][0]["urn"] == plant.market.mine.organisation.urn
    assert plant.outsider.read(f"lots/{made[9:]}/trust").status_code == 404
