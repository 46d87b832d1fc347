"""A declaration goes from its maker to a verifier and a programme operator: three organisations, four people."""

from typing import Any

import pytest

from epd.models import Declaration
from epd.models import Person as Known
from epd.services import review
from tests.api.clients import Clients
from tests.api.people import Person
from tests.api.test_declarations import concentrate, declare, with_factors
from traceability.ledger.kinds.verification import POINTS
from traceability.models import Finding, Membership, NoticeCopy, Statement
from traceability.services import outbox

Role = Membership.Role
VERIFY: dict[str, Any] = {
    "level": "limited",
    "standards": ["ISO 14025:2026"],
    "valid_until": "2030-12-31",
    "points": [{"point": one, "answer": "conforms"} for one in POINTS],
}
REGISTER: dict[str, Any] = {
    "programme": "A programme",
    "number": "N-1",
    "pcr": {"name": "Rare-earth products"},
    "published": "2026-06-01",
    "valid_until": "2030-06-30",
}


class Desk:
    """The mine with two people, a verifier and a programme operator."""

    def __init__(self, plant: Clients) -> None:
        market = plant.market
        self.plant, mine = plant, market.mine.organisation
        self.ann, self.ben = Person(mine, Role.SUBMITTER, "ann"), Person(mine, Role.APPROVER, "ben")
        self.claire = Person(market.separator.organisation, Role.ADMIN, "claire")
        self.dora = Person(market.operator.organisation, Role.ADMIN, "dora")
        self.made = declare(plant, concentrate(market)).json()["declaration"]
        self.place = f"declarations/{self.made['reference']}"

    @property
    def row(self) -> Declaration:
        return Declaration.objects.get(pk=self.made["id"])

    def ask(self, to: Person, asks: str = "verification", by: Person | None = None) -> Any:
        body = {"to": f"urn:uuid:{to.member.organisation_id}", "asks": asks}
        return (by or self.ann).send(f"{self.place}/submission", body)

    def sign(self, by: Person | None = None) -> Any:
        who = by or self.ben
        [row] = who.read("approvals/figures").json()["results"]
        read = who.read(f"approvals/figures/{row['id']}").json()
        return who.send(f"approvals/figures/{row['id']}/sign", {"digest": read["digest"]})

    def submit(self, to: Person, asks: str = "verification") -> None:
        assert self.ask(to, asks).status_code == 201
        assert self.sign().json()["kind"] == "declaration.submit"

    def to_registered(self) -> "Desk":
        self.submit(self.claire)
        assert self.claire.send(f"{self.place}/verification", VERIFY).status_code == 201
        self.submit(self.dora, "registration")
        assert self.dora.send(f"{self.place}/registration", REGISTER).status_code == 201
        return self


@pytest.fixture
def desk(api: Clients) -> Desk:
    return Desk(with_factors(api))


def is_told(kind: str, person: Person) -> bool:
    outbox.drain()
    return NoticeCopy.objects.filter(notice__kind=kind, user=person.user).exists()


def test_from_publication_to_the_register_and_back(desk: Desk) -> None:
    desk.to_registered()
    shown = desk.plant.anybody.get(f"/api/v1/{desk.place}").json()
    assert (shown["stage"], shown["number"], shown["verified_until"]) == ("registered", "N-1", "2030-12-31")
    steps = desk.plant.anybody.get(f"/api/v1/{desk.place}/history").json()["steps"]
    assert [one["kind"].removeprefix("declaration.") for one in steps] == [
        "publish", "submit", "verify", "submit", "register",
    ]  # fmt: skip
    people = [steps[1]["body"]["entered_by"], steps[1]["body"]["approved_by"], steps[2]["body"]["verified_by"]]
    assert len({*people, steps[4]["body"]["registered_by"]}) == 4
    assert Known.objects.count() == 4
    assert desk.dora.send(f"{desk.place}/refusal", {"reason": "a wrong meter"}).status_code == 201
    assert (desk.row.status, desk.row.reason) == (Declaration.Status.WITHDRAWN, "a wrong meter")


def test_the_rows_follow_from_the_record(ledger_api: Clients) -> None:
    from django.core.management import call_command

    desk = Desk(with_factors(ledger_api)).to_registered()
    before = Declaration.objects.filter(pk=desk.row.pk).values().get()
    Declaration.objects.filter(pk=desk.row.pk).update(stage="checked", verifier=None, number="")
    call_command("rebuild_index", "--write", verbosity=0)
    assert Declaration.objects.filter(pk=desk.row.pk).values().get() == before


def test_two_people_submit_and_a_third_verifies(desk: Desk) -> None:
    assert desk.ask(desk.claire).status_code == 201
    assert desk.ann.read("approvals/figures").json()["results"] == []
    desk.sign()
    assert desk.claire.read("verifications").json()["results"][0]["stage"] == "submitted"
    assert is_told("declaration.submitted", desk.claire)
    Membership.objects.create(user=desk.ben.user, organisation=desk.claire.member.organisation, role=Role.ADMIN)
    desk.ben.member.delete()
    assert desk.ben.send(f"{desk.place}/verification", VERIFY).json()["code"] == "same_person"
    assert desk.claire.send(f"{desk.place}/verification", VERIFY).status_code == 201
    assert is_told("declaration.answered", desk.ann)


def test_nobody_submits_alone(desk: Desk) -> None:
    desk.ben.member.delete()
    Membership.objects.filter(organisation=desk.ann.member.organisation).exclude(pk=desk.ann.member.pk).delete()
    assert desk.ask(desk.claire).json()["code"] == "nobody_to_approve"


def test_others_see_nothing_of_it(desk: Desk) -> None:
    desk.submit(desk.claire)
    for call, body in (("verification", VERIFY), ("refusal", {"reason": "x"}), ("registration", REGISTER)):
        assert desk.dora.send(f"{desk.place}/{call}", body).status_code == 404
    assert desk.dora.read(f"{desk.place}/review").status_code == 404
    assert desk.dora.read(f"{desk.place}/remarks").status_code == 404
    assert desk.ask(desk.dora, by=desk.claire).status_code == 404
    outsider = desk.plant.outsider
    for call in ("submission", "verification", "refusal", "registration", "remarks"):
        assert outsider.send(f"{desk.place}/{call}", {}).status_code == 404


def test_errors_of_our_own_findings_block_a_submission(desk: Desk) -> None:
    said = Statement.objects.get(digest=bytes(desk.row.lot.made_by.digest))
    found = Finding.objects.create(statement=said, lot=desk.row.lot_id, code="fuel_unit", sentence="MJ typed as kg.")
    answer = desk.ask(desk.claire).json()
    assert (answer["code"], "MJ typed as kg" in answer["detail"]) == ("has_errors", True)
    assert review.review_of(desk.row)[0] == review.Noted("fuel_unit", "MJ typed as kg.", True)
    found.delete()
    assert desk.ask(desk.claire).status_code == 201


def test_a_number_is_given_once(desk: Desk) -> None:
    desk.to_registered()
    Declaration.objects.filter(pk=desk.row.pk).update(stage="verified", number="")
    other = Declaration.objects.get(pk=desk.row.pk)
    other.pk, other.reference = desk.ann.member.organisation_id, "AAAA-AAAA"
    other.statement_id = desk.row.lot.made_by_id
    other.number, other.registrar = "N-1", desk.dora.member.organisation_id
    other.save(force_insert=True)
    from epd.services.verification import NumberTaken, check_registration

    statement = type("Said", (), {"issuer": f"urn:uuid:{other.registrar}"})()
    body = {"number": "N-1", "declaration": desk.row.urn}
    with pytest.raises(NumberTaken):
        check_registration(statement, body, None)  # type: ignore[arg-type]


def test_verifier_and_declarant_write_to_each_other(desk: Desk) -> None:
    place = f"{desk.place}/remarks"
    assert desk.ann.send(place, {"kind": "comment", "text": "to whom?"}).status_code == 404
    desk.submit(desk.claire)
    asked = desk.claire.send(place, {"kind": "change", "text": "Where is the gypsum?", "point": "neutralisation"})
    assert asked.status_code == 201
    assert desk.ann.send(place, {"kind": "comment", "text": "In step 2."}).status_code == 201
    rows = desk.ben.read(place).json()["remarks"]
    assert {(one["kind"], one["text"]) for one in rows} == {
        ("change", "Where is the gypsum?"), ("comment", "In step 2."),
    }  # fmt: skip
    assert NoticeCopy.objects.filter(notice__kind="declaration.remark", user=desk.ben.user).exists()
    done = f"remarks/{asked.json()['id']}/done"
    assert desk.ann.send(done, {"done": True}).status_code == 404
    assert "done_at" in desk.claire.send(done, {"done": True}).json()
    assert desk.claire.send(place, {"kind": "comment", "text": " "}).json()["code"] == "out_of_range"


def test_the_check_list_shows_what_its_reader_may_see(desk: Desk) -> None:
    desk.submit(desk.claire)
    own = desk.ann.read(f"{desk.place}/review").json()
    assert [one["point"] for one in own["points"]] == list(POINTS)
    rows = {one["point"]: one["evidence"] for one in own["points"]}
    assert rows["electricity"][0]["amount"] == "100"
    assert (own["lots_unseen"], own["lots_seen"]) == (0, 2)
    other = desk.claire.read(f"{desk.place}/review").json()
    assert (other["lots_seen"], other["lots_unseen"]) == (0, 2)
    assert {one["rule"] for one in other["findings"]} >= {"P8"}


def test_declarations_are_found_by_their_verification(desk: Desk) -> None:
    desk.to_registered()
    find = desk.plant.anybody.get
    for query, there in (
        ("stage=registered", 1), ("stage=checked", 0), ("verified_on=2030-12-31", 1), ("verified_on=2031-01-01", 0),
        ("registered_on=2030-06-30", 1), ("material=concentrate", 1), ("material=magnet", 0),
        ("lot_stage=concentrate", 1), ("lot_stage=magnet", 0),
    ):  # fmt: skip
        assert len(find(f"/api/v1/declarations?{query}").json()["results"]) == there, query
