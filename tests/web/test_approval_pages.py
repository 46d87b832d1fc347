"""The second signature in front of the pages: sent, read, signed or sent back; and nobody signs his own."""

import pytest

from tests.web.pages import Page
from tests.web.suppliers import ORE, People, begin, complaints, fill, open_people, person, record
from tests.web.test_supplier_proposals import text
from traceability.models import Approval, Draft, Membership, Organisation, Statement

Role = Membership.Role


@pytest.fixture
def people(db: None) -> People:
    """The mine wants approval; its owner is an administrator."""
    found = open_people()
    Organisation.objects.filter(pk=found.market.mine.organisation.pk).update(approval_wanted=True)
    return found


@pytest.fixture
def clerk(people: People):
    return person(people.market.mine.organisation, Role.SUBMITTER, "Carl")


def check(draft: Draft) -> str:
    return f"/record/{draft.pk}/check/"


def filled(client) -> Draft:
    return fill(client, begin(client, "source"), ORE)


def asked(client) -> Approval:
    draft = filled(client)
    found = client.post(check(draft), {"agreed": "on", "ask": ""})
    assert found["Location"] == check(draft), complaints(found)
    return Approval.objects.get(draft=draft)


def press(client, approval: Approval, button: str, **more: str):
    return client.post(check(approval.draft), {"approval": str(approval.pk), "agreed": "on", button: "", **more})


def sources() -> int:
    return Statement.objects.filter(kind="lot.source").count()


def test_a_submitter_sends_and_a_colleague_reads_the_same_page_and_signs(people, clerk):
    draft = filled(clerk)
    page = clerk.get(check(draft)).content.decode()
    assert "Send for approval" in page
    assert "Sign and record" not in page
    approval = asked(clerk)
    assert sources() == 0
    home = people.owner.get("/")
    assert "Waits for your approval" in text(home)
    assert check(approval.draft) in home.content.decode()
    page = people.owner.get(check(approval.draft))
    assert "Carl sent this for approval" in text(page)
    assert "Juniper Flat mined 1\u202f000.5\u202fkg of bastnaesite ore, lot ORE-7" in page.content.decode()
    assert f"/record/{approval.draft_id}/lot/" not in page.content.decode().split("<aside")[0]  # nothing to change
    assert Page(page.content.decode()).faults == []
    found = press(people.owner, approval, "approve")
    assert found["Location"] == f"/receipts/{approval.draft_id}/"
    assert sources() == 1
    assert clerk.get(check(approval.draft))["Location"] == found["Location"]  # where the mail leads afterwards
    assert press(people.owner, approval, "approve")["Location"] == found["Location"]
    assert sources() == 1


def test_who_filled_it_in_sees_how_it_stands_and_takes_it_back(people, clerk):
    approval = asked(clerk)
    page = clerk.get(check(approval.draft))
    assert "This waits for the approval of a colleague" in text(page)
    assert "Sign and record" not in page.content.decode()
    assert Page(page.content.decode()).faults == []
    assert "Waits for approval" in text(clerk.get("/record/"))
    assert "Waits for your approval" not in text(clerk.get("/"))
    assert press(clerk, approval, "take_back")["Location"] == check(approval.draft)
    assert "Waits for your approval" not in text(people.owner.get("/"))
    assert "It does not wait for approval any more" in complaints(press(people.owner, approval, "approve"))[0]
    assert sources() == 0


def test_the_reason_of_who_sends_it_back_is_read_until_it_is_sent_again(people, clerk):
    approval = asked(clerk)
    found = press(people.owner, approval, "send_back", reason=" ")
    assert complaints(found) == ["Say why you send it back, so that your colleague knows what to change."]
    assert press(people.owner, approval, "send_back", reason="which <b>pit</b>?")["Location"] == "/"
    for place in ("check/", "lot/"):
        page = clerk.get(f"/record/{approval.draft_id}/{place}").content.decode()
        assert "which &lt;b&gt;pit&lt;/b&gt;?" in page
        assert Page(page).faults == []
    assert "Sent back" in text(clerk.get("/"))
    fill(clerk, approval.draft, {"lot": ORE["lot"] | {"lot_number": "ORE-8"}})
    assert clerk.post(check(approval.draft), {"agreed": "on", "ask": ""}).status_code == 302
    assert "which" not in text(clerk.get(check(approval.draft)))
    assert press(people.owner, Approval.objects.get(), "approve").status_code == 302
    assert sources() == 1


def test_an_edit_in_another_tab_is_kept_and_takes_the_request_away(people, clerk):
    approval = asked(clerk)
    assert "If you change an answer it waits no more" in text(clerk.get(f"/record/{approval.draft_id}/lot/"))
    fill(clerk, approval.draft, {"lot": ORE["lot"] | {"lot_number": "ORE-9"}})
    assert not Approval.objects.exists()
    assert "any more" in complaints(press(people.owner, approval, "approve"))[0]
    assert "Send for approval" in text(clerk.get(check(approval.draft)))
    assert Draft.objects.get().typed["fields"]["lot_number"] == "ORE-9"


def test_an_old_page_signs_nothing(people, clerk):
    """A page that was opened before the organisation wanted approval."""
    for client in (clerk, people.owner):
        draft = filled(client)
        found = client.post(check(draft), {"agreed": "on"})
        assert complaints(found) == ["Your organisation wants a second person to sign. Send this for approval."]
    assert sources() == 0


@pytest.mark.parametrize("button", ["ask", "approve"])
def test_the_box_is_ticked_first(people, clerk, button):
    approval = asked(clerk)
    found = people.owner.post(check(approval.draft), {"approval": str(approval.pk), button: ""})
    assert complaints(found) == ["Tick the box to say that you have checked the answers."]
    assert sources() == 0


def test_an_approver_sends_his_own_too(people):
    alone = people.owner.post(check(filled(people.owner)), {"agreed": "on", "ask": ""})
    assert "Nobody here may sign this" in complaints(alone)[0]
    second = person(people.market.mine.organisation, Role.APPROVER, "Ana")
    approval = asked(people.owner)
    assert "typed some of this yourself" in complaints(press(people.owner, approval, "approve"))[0]
    assert press(second, approval, "approve").status_code == 302
    assert sources() == 1


@pytest.mark.parametrize("button", ["ask", "approve", "send_back", "take_back"])
def test_nobody_else_has_a_part_in_it(people, clerk, button):
    approval = asked(clerk)
    assert press(people.outsider, approval, button, reason="no").status_code == 404
    assert press(people.viewer, approval, button, reason="no").status_code == 403
    assert press(people.anybody, approval, button)["Location"].startswith("/accounts/login/")
    assert Approval.objects.filter(pk=approval.pk, sent_back_at=None).exists()


def test_an_administrator_chooses_and_others_read_what_was_chosen(people, clerk):
    assert "is signed by another person" in text(clerk.get("/organisation/"))
    assert clerk.get("/organisation/approval/").status_code == 403
    assert clerk.post("/organisation/approval/", {"signs": "writer"}).status_code == 403
    page = people.owner.get("/organisation/approval/").content.decode()
    assert Page(page).faults == []
    assert people.owner.post("/organisation/approval/", {"signs": "perhaps"}).status_code == 200
    assert people.owner.post("/organisation/approval/", {"signs": "writer"})["Location"] == "/organisation/"
    assert record(clerk, "source", ORE).kind == "lot.source"
    people.owner.post("/organisation/approval/", {"signs": "second", "programs": "on"})
    own = Organisation.objects.get(pk=people.market.mine.organisation.pk)
    assert (own.approval_wanted, own.programs_sign) == (True, True)
    audit = text(people.owner.get("/audit/"))
    assert "Approval by a second person is wanted; programs sign without it" in audit


def test_what_waits_for_approval_bears_the_name_of_its_lot(people, clerk):
    lot = people.lot(lot_number="ORE-9")
    draft = fill(clerk, begin(clerk, "hold", lot), {"details": {"reason": "wet", "occurred_from": "2026-04-20 08:00"}})
    clerk.post(check(draft), {"agreed": "on", "ask": ""})
    assert "Put on hold: ORE-9" in text(people.owner.get("/"))
