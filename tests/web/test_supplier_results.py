"""What the slots of the supplier's pages give when the rooms above fill them: factors to choose, results to sign."""

import threading

import pytest
from django.db import connections

from tests.web.suppliers import ORE, People, begin, fill, open_people, person, record
from traceability.models import Draft, Lot, Statement


@pytest.fixture
def factors(people: People) -> None:
    from epd.factors import shipped_factors
    from epd.services import factors

    factors.publish(actor=people.market.operator, factors=shipped_factors())


def test_published_factors_are_offered_and_stand_in_what_is_signed(people, factors):
    draft = fill(people.owner, begin(people.owner, "source"), {key: ORE[key] for key in ("origin", "lot", "assay")})
    page = people.owner.get(f"/record/{draft.pk}/energy/").content.decode()
    assert '<option value="grid.us.2023">' in page
    assert "illustrative" in page
    energy = {"inventory-0-flow": "electricity", "inventory-0-role": "electricity", "inventory-0-amount": "500",
              "inventory-0-unit": "kWh", "inventory-0-basis": "metered",
              "inventory-0-factors-0": "grid.us.2023", "inventory-0-factors-1": ""}  # fmt: skip
    fill(people.owner, draft, {"energy": energy})
    check = people.owner.get(f"/record/{draft.pk}/check/").content.decode()
    assert "500\u202fkWh, metered for this step. Electricity, grid of United States, 2023" in check


def test_the_result_of_a_lot_is_computed_signed_and_has_a_receipt(people, factors):
    lot = Lot.objects.get(made_by=record(people.owner, "source", ORE))
    assert "No result" in people.owner.get("/").content.decode()
    found = people.owner.post(f"/lots/{lot.pk}/result/", {"agreed": "on"})
    assert found.status_code == 302, found.content.decode()
    assert "Environmental result" in people.owner.get(found["Location"]).content.decode()
    assert "No result" not in people.owner.get("/").content.decode()


def test_a_result_that_cannot_be_computed_says_why_and_signs_nothing(people):
    lot = Lot.objects.get(made_by=record(people.owner, "source", ORE))
    found = people.owner.post(f"/lots/{lot.pk}/result/", {"agreed": "on"})
    assert "No factor set was published yet." in found.content.decode()
    assert not Statement.objects.filter(kind="lot.result").exists()


def test_two_clicks_at_once_sign_once(ledger_db):
    people = open_people()
    draft = fill(people.owner, begin(people.owner, "source"), ORE)
    answers: list[str] = []

    def click(client):
        answers.append(client.post(f"/record/{draft.pk}/check/", {"agreed": "on"})["Location"])
        connections.close_all()

    colleague = person(people.market.mine.organisation, name="colleague")
    threads = [threading.Thread(target=click, args=[client]) for client in (people.owner, colleague)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(answers)) == 1
    assert len(answers) == 2
    assert Statement.objects.filter(kind="lot.source").count() == 1
    assert not Draft.objects.exists()
