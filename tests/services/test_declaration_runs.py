"""Many lots declared at once: one that fails stops nothing, a killed worker's lots go on, nobody is passed over."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from epd.models import Declaration, DeclarationRun, DeclarationRunLot
from epd.selectors.declarations import undeclared_lots
from epd.services import declarations, runs
from tests.demo_chain import Demo
from traceability.models import FiguresApproval, Lot, Membership, Organisation
from traceability.selectors.access import Actor, NotFound
from traceability.services import leases
from traceability.services.errors import NotAllowed

pytestmark = pytest.mark.usefixtures("changing")
WHO = "baltika"
State = DeclarationRunLot.State


def person(demo: Demo, who: str = WHO) -> Actor:
    member = Membership.objects.filter(organisation=demo.organisation(who)).select_related("organisation").get()
    return Actor(member.user_id, member.organisation, member.role)


@pytest.fixture
def lots(demo: Demo) -> list[UUID]:
    found = list(undeclared_lots(person(demo)).values_list("pk", flat=True))
    assert len(found) > 1
    return found


def states(run: DeclarationRun) -> dict[UUID, str]:
    return dict(run.lots.values_list("lot", "state"))


def test_each_lot_is_declared_and_one_that_is_declared_already_says_so(demo: Demo, lots: list[UUID]) -> None:
    actor = person(demo)
    first, _receipt = declarations.publish(actor=actor, lot=Lot.objects.get(pk=lots[0]), product="by hand")
    run = runs.begin(actor=actor, lots=lots, said={"product": "in one go"})
    assert runs.work() == 1
    found = {row.lot_id: row for row in run.lots.select_related("declaration")}
    assert found[lots[0]].state == State.FAILED
    assert first.reference in found[lots[0]].reason
    declared = [row for row in found.values() if row.state == State.DECLARED]
    assert declared
    assert {row.declaration.product for row in declared if row.declaration} == {"in one go"}
    run.refresh_from_db()
    assert (run.state, run.ended_at is None) == (DeclarationRun.State.DONE, False)
    assert runs.work() == 0


def test_what_failed_is_tried_again_once_its_cause_is_gone(demo: Demo, lots: list[UUID]) -> None:
    actor = person(demo)
    first, _receipt = declarations.publish(actor=actor, lot=Lot.objects.get(pk=lots[0]), product="by hand")
    run = runs.begin(actor=actor, lots=lots[:1], said={})
    runs.work()
    assert states(run) == {lots[0]: State.FAILED}
    declarations.withdraw(actor=actor, declaration=first, reason="it was a trial")
    runs.retry(actor=actor, run=run.pk)
    runs.work()
    assert states(run) == {lots[0]: State.DECLARED}
    runs.retry(actor=actor, run=run.pk)
    assert runs.work() == 0


class Killed(BaseException):
    """What ends a process."""


@pytest.fixture
def killed_at(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[UUID]]:
    """The worker is killed after it signed the declaration of these lots, before it could say so."""
    real, at = declarations.publish, list[UUID]()

    def publish(*, lot: Lot, **said: object):
        found = real(lot=lot, **said)
        if lot.pk in at:
            raise Killed
        return found

    monkeypatch.setattr(declarations, "publish", publish)
    return at


def test_a_killed_worker_leaves_nothing_twice_and_the_next_goes_on(
    demo: Demo, lots: list[UUID], killed_at: list[UUID]
) -> None:
    run = runs.begin(actor=person(demo), lots=lots, said={})
    killed_at.append(run.lots.all()[1].lot_id)
    with pytest.raises(Killed):
        runs.work()
    found = states(run)
    assert sorted(found.values()) == sorted([State.DECLARED, *[State.WAITING] * (len(lots) - 1)])
    assert not Declaration.objects.filter(lot=killed_at[0]).exists()
    assert runs.work() == 0  # its lease still holds
    killed_at.clear()
    DeclarationRun.objects.update(seen_at=run.asked_at - leases.LEASE - timedelta(minutes=1))
    assert runs.work() == 1
    assert set(states(run).values()) == {State.DECLARED}
    assert Declaration.objects.filter(lot__in=lots).count() == len(lots)


def test_a_lot_that_kills_its_worker_every_time_is_let_be(demo: Demo, lots: list[UUID], killed_at: list[UUID]) -> None:
    run = runs.begin(actor=person(demo), lots=lots, said={})
    killed_at.append(run.lots.all()[0].lot_id)
    for _ in range(leases.MOST_TRIES):
        with pytest.raises(Killed):
            runs.work()
        runs.release()
    assert runs.work() == 1
    found = states(run)
    assert found.pop(killed_at[0]) == State.FAILED
    assert set(found.values()) == {State.DECLARED}


def test_where_a_second_person_is_wanted_nothing_is_signed_and_each_lot_is_put_before_him(
    demo: Demo, lots: list[UUID]
) -> None:
    Organisation.objects.filter(pk=demo.ids[WHO]).update(approval_wanted=True)
    colleague = Membership.objects.get(organisation=demo.ids["nordwind"]).user_id
    Membership.objects.create(organisation_id=demo.ids[WHO], user_id=colleague, role=Membership.Role.APPROVER)
    member = Membership.objects.exclude(user_id=colleague).get(organisation=demo.ids[WHO])
    actor = Actor(member.user_id, demo.organisation(WHO), member.role)
    before = Declaration.objects.count()
    run = runs.begin(actor=actor, lots=lots, said={"product": "in one go"})
    runs.work()
    assert set(states(run).values()) == {State.ASKED}
    assert Declaration.objects.count() == before
    asked = FiguresApproval.objects.filter(organisation=demo.ids[WHO], lot__in=lots)
    assert {(row.asked_by_id, row.what) for row in asked} == {(actor.user_id, FiguresApproval.What.DECLARATION)}
    assert asked.count() == len(lots)


def test_who_lost_his_role_meanwhile_signs_nothing(demo: Demo, lots: list[UUID]) -> None:
    run = runs.begin(actor=person(demo), lots=lots, said={})
    Membership.objects.filter(organisation=demo.ids[WHO]).update(role=Membership.Role.VIEWER)
    runs.work()
    assert {(row.state, row.reason) for row in run.lots.all()} == {(State.FAILED, runs.NO_LONGER)}


def test_lots_and_runs_of_others_are_unknown(demo: Demo, lots: list[UUID]) -> None:
    stranger = person(demo, "nordwind")
    with pytest.raises(NotFound):
        runs.begin(actor=stranger, lots=lots, said={})
    run = runs.begin(actor=person(demo), lots=lots, said={})
    for asked in (runs.one, runs.stop, runs.retry):
        with pytest.raises(NotFound):
            asked(actor=stranger, run=run.pk)


def test_a_viewer_begins_nothing_and_too_many_at_once_wait(demo: Demo, lots: list[UUID]) -> None:
    actor = person(demo)
    with pytest.raises(NotAllowed):
        runs.begin(actor=Actor(actor.user_id, actor.organisation, Membership.Role.VIEWER), lots=lots, said={})
    for _ in range(runs.MOST_OPEN):
        runs.begin(actor=actor, lots=lots, said={})
    with pytest.raises(runs.TooManyRuns):
        runs.begin(actor=actor, lots=lots, said={})
    with pytest.raises(runs.NoLots):
        runs.begin(actor=actor, lots=[], said={})


def test_a_run_that_is_stopped_declares_nothing_more(demo: Demo, lots: list[UUID]) -> None:
    run = runs.begin(actor=person(demo), lots=lots, said={})
    assert runs.stop(actor=person(demo), run=run.pk).state == DeclarationRun.State.CANCELLED
    assert runs.work() == 0
    assert set(states(run).values()) == {State.WAITING}


def test_the_pages_and_the_api_begin_show_and_retry(demo: Demo, lots: list[UUID]) -> None:
    browser = demo.client(WHO)
    assert str(lots[0]) in browser.get("/declarations/runs/").content.decode()
    begun = browser.post("/declarations/runs/", {"lot": [str(lots[0])], "ticked": "1", "product": "Metal"})
    place = begun["Location"]
    runs.work()
    reference = Declaration.objects.get(lot=lots[0]).reference
    assert reference in browser.get(place).content.decode()
    assert demo.client("nordwind").get(place).status_code == 404
    everything = browser.post("/declarations/runs/", {"all": "1"})["Location"]
    runs.work()
    assert browser.post(f"{everything}act/", {"retry": "1"}).status_code == 302
    found = browser.get(f"/api/v1{place.rstrip('/')}").json()
    assert (found["state"], found["declared"], found["failed"]) == ("done", 1, 0)
    [row] = browser.get(f"/api/v1{place}lots?state=declared").json()["results"]
    assert (row["reference"], row["lot"]) == (reference, f"urn:uuid:{lots[0]}")
    nothing = browser.post("/declarations/runs/", {"ticked": "1"})
    assert "Choose lots that you made." in nothing.content.decode()
