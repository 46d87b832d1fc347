"""What both parties of a dispatch sign: proposed by one, agreed to or declined by the other, seen by nobody else."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.web.pages import Page
from tests.web.suppliers import WHEN, People, begin, complaints, fill, person, record, typed
from traceability.models import Draft, Finding, Lot, Membership, Proposal, Statement
from traceability.selectors import proposals


def blocked(people: People, number: str = "ORE-1") -> Lot:
    """A lot of 1000 kg that weighed 990 kg at the separator."""
    lot = people.sent(lot_number=number)
    weighing = {"lot": lot.urn, "weighed_mass_kg": "990", "facility": "", **WHEN}
    record(people.partner, "receive", {"weighing": weighing, "transport": {}, "documents": {}}, lot)
    lot.refresh_from_db()
    return lot


def settlement(people: People, lot: Lot, mass: str = "995") -> Draft:
    """A draft of the separator to settle at so many kg, together with the mine."""
    details = {"lot": lot.urn, "signers": "together", "mass_kg": mass, "reason": "half each", **WHEN}
    return fill(people.partner, begin(people.partner, "settle", lot), {"details": details, "documents": {}})


def propose(client, draft: Draft) -> Proposal:
    found = client.post(f"/record/{draft.pk}/check/", {"agreed": "on", "propose": ""})
    assert found["Location"] == f"/proposals/{draft.pk}/", complaints(found)
    return Proposal.objects.get(draft=draft)


def proposed(people: People, mass: str = "995") -> tuple[Lot, Proposal]:
    lot = blocked(people)
    return lot, propose(people.partner, settlement(people, lot, mass))


def address(proposal: Proposal) -> str:
    return f"/proposals/{proposal.draft_id}/"


def agree(client, proposal: Proposal, **more: str):
    return client.post(address(proposal), {"proposal": str(proposal.pk), "agreed": "on", "agree": "", **more})


def decline(client, proposal: Proposal, reason: str = "our scale says 999"):
    return client.post(address(proposal), {"proposal": str(proposal.pk), "reason": reason, "decline": ""})


def text(response) -> str:
    words = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", words)


def test_a_settlement_above_the_lower_mass_is_signed_by_both(people):
    lot, proposal = proposed(people)
    assert not Statement.objects.filter(kind="lot.settle").exists()
    home = text(people.owner.get("/"))
    assert "Waits for your signature" in home
    assert "Settle a difference: ORE-1" in home
    page = people.owner.get(address(proposal))
    assert "Baltika Metals settles the difference on ORE-1 at 995 kg. Juniper Flat signs it too" in text(page)
    assert "half each" in text(page)
    found = agree(people.owner, proposal)
    statement = Statement.objects.get(kind="lot.settle")
    assert found["Location"] == f"/receipts/{statement.urn}/"
    assert proposals.cosigners(statement) == (people.market.mine.organisation.urn,)
    assert not Finding.objects.filter(statement=statement).exists()
    lot.refresh_from_db()
    assert (lot.state, lot.mass_kg) == ("held", 995)
    assert not Draft.objects.exists()


def test_the_receipt_is_for_both_and_for_nobody_else(people):
    _, proposal = proposed(people)
    receipt = agree(people.owner, proposal)["Location"]
    for client in (people.owner, people.partner):
        page = client.get(receipt)
        assert "Signed by Baltika Metals and Juniper Flat" in text(page)
        assert "at 995 kg. Juniper Flat signs it too" in text(page)
        assert Page(page.content.decode()).faults == []
        assert receipt in client.get("/receipts/").content.decode()
    assert people.outsider.get(receipt).status_code == 404


def test_agreeing_twice_signs_once(people):
    _, proposal = proposed(people)
    first, second = agree(people.owner, proposal), agree(people.owner, proposal)
    assert first["Location"] == second["Location"]
    assert Statement.objects.filter(kind="lot.settle").count() == 1


def test_a_cancellation_that_the_receiver_agrees_to_carries_no_mark(people):
    lot = people.sent()
    details = {"lot": lot.urn, "signers": "together", "reason": "truck broke", **WHEN}
    draft = fill(people.owner, begin(people.owner, "cancel", lot), {"details": details, "documents": {}})
    proposal = propose(people.owner, draft)
    assert "cancels the dispatch of ORE-1: truck broke" in text(people.partner.get(address(proposal)))
    receipt = agree(people.partner, proposal)["Location"]
    lot.refresh_from_db()
    assert (lot.state, lot.holder) == ("held", people.market.mine.organisation)
    assert not Finding.objects.exists()
    page = people.partner.get(receipt)
    assert page.status_code == 200
    assert f"/lots/{lot.pk}/" not in page.content.decode()  # the goods never came: the lot is not his to see


@pytest.mark.parametrize("asked", ["get", "agree", "decline", "take_back"])
def test_nobody_but_the_two_parties_sees_or_answers_it(people, asked):
    _, proposal = proposed(people)
    posted = {"proposal": str(proposal.pk), "agreed": "on", "reason": "no", asked: ""}

    def ask(client):
        return client.get(address(proposal)) if asked == "get" else client.post(address(proposal), posted)

    assert ask(people.outsider).status_code == 404
    assert ask(people.viewer).status_code == 403
    assert ask(people.anybody)["Location"].startswith("/accounts/login/")
    assert "ORE-1" not in text(people.outsider.get("/"))
    assert Proposal.objects.get() == proposal
    assert proposal.declined_at is None
    assert not Statement.objects.filter(kind="lot.settle").exists()


def test_each_party_has_only_its_own_answers(people):
    _, proposal = proposed(people)
    assert people.partner.post(address(proposal), {"proposal": str(proposal.pk), "agreed": "on", "agree": ""}
                               ).status_code == 404  # fmt: skip
    assert people.owner.post(address(proposal), {"take_back": ""}).status_code == 404
    assert Proposal.objects.filter(pk=proposal.pk, declined_at=None).exists()


def test_nothing_is_signed_before_the_box_is_ticked(people):
    _, proposal = proposed(people)
    found = people.owner.post(address(proposal), {"proposal": str(proposal.pk), "agree": ""})
    assert complaints(found) == ["Tick the box to say that you have read it and may sign."]
    assert not Statement.objects.filter(kind="lot.settle").exists()


def test_who_declines_says_why_and_the_proposer_reads_it(people):
    _, proposal = proposed(people)
    assert complaints(decline(people.owner, proposal, " ")) == [
        "Say why you decline, so that your partner knows what to change."
    ]
    assert decline(people.owner, proposal)["Location"] == "/"
    assert "Waits for your signature" not in text(people.owner.get("/"))
    assert "Declined" in text(people.partner.get("/"))
    page = text(people.partner.get(address(proposal)))
    assert "Juniper Flat declined" in page
    assert "our scale says 999" in page
    assert "It is answered already" in complaints(agree(people.owner, proposal))[0]
    assert not Statement.objects.filter(kind="lot.settle").exists()


def test_what_was_declined_is_changed_and_proposed_again(people):
    lot, proposal = proposed(people)
    decline(people.owner, proposal)
    assert people.partner.post(address(proposal), {"take_back": ""})["Location"].endswith("/details/")
    details = {"lot": lot.urn, "signers": "together", "mass_kg": "999", "reason": "your scale", **WHEN}
    draft = fill(people.partner, Draft.objects.get(), {"details": details})
    again = propose(people.partner, draft)
    assert agree(people.owner, again).status_code == 302
    lot.refresh_from_db()
    assert lot.mass_kg == 999


def test_while_it_waits_the_draft_cannot_be_changed(people):
    _, proposal = proposed(people)
    draft = proposal.draft
    for end in ("", "details/", "documents/", "check/", "discard/"):
        assert people.partner.get(f"/record/{draft.pk}/{end}")["Location"] == address(proposal)
    for end, posted in (("details/", {"mass_kg": "1", "save": ""}), ("documents/", {"save": ""}),
                        ("discard/", {}), ("check/", {}), ("check/", {"agreed": "on"})):  # fmt: skip
        assert people.partner.post(f"/record/{draft.pk}/{end}", posted)["Location"] == address(proposal)
    draft.refresh_from_db()
    assert draft.typed["fields"]["mass_kg"] == "995"


def test_taken_back_it_waits_no_more_and_an_old_page_signs_nothing(people):
    _, proposal = proposed(people)
    people.partner.post(address(proposal), {"take_back": ""})
    assert "Waits for your signature" not in text(people.owner.get("/"))
    assert people.owner.get(address(proposal)).status_code == 404
    assert agree(people.owner, proposal).status_code == 404
    people.partner.post(f"/record/{proposal.draft_id}/details/", {"mass_kg": "1000", "save": ""})
    propose(people.partner, Draft.objects.get())
    found = agree(people.owner, proposal)  # the page that said 995 kg
    assert "proposed again since you opened this page" in complaints(found)[0]
    assert "at 1 000 kg" in text(found).replace("\u202f", " ")
    assert not Statement.objects.filter(kind="lot.settle").exists()


def test_who_proposed_may_sign_alone_instead_where_the_rules_allow(people):
    lot, proposal = proposed(people)
    assert people.partner.post(address(proposal), {"alone": ""})["Location"] == f"/record/{proposal.draft_id}/check/"
    page = people.partner.get(f"/record/{proposal.draft_id}/check/")
    assert "at 990 kg" in text(page)
    assert "settled by the receiver alone" in text(page)
    people.partner.post(f"/record/{proposal.draft_id}/check/", {"agreed": "on"})
    lot.refresh_from_db()
    assert (lot.state, lot.mass_kg) == ("held", 990)
    assert Finding.objects.get().code == "settled_alone"
    assert people.owner.get(address(proposal)).status_code == 404


def test_a_proposal_on_an_older_head_is_stale_and_says_what_to_do(people):
    lot, proposal = proposed(people)
    assay = {"lot": lot.urn, "assay-basis": "dry_mass", "assay-rows-0-species": "Nd2O3",
             "assay-rows-0-content_pct": "0.65", **WHEN}  # fmt: skip
    record(people.partner, "assay", {"details": assay, "documents": {}}, lot)
    theirs, ours = text(people.owner.get(address(proposal))), text(people.partner.get(address(proposal)))
    assert "Ask Baltika Metals to check it and to propose it again" in theirs
    assert "Agree and sign" not in theirs
    assert "Take it back, check it against the lot as it is now, and propose it again." in ours
    assert "cannot be signed as it stands" in complaints(agree(people.owner, proposal))[0]
    assert not Statement.objects.filter(kind="lot.settle").exists()
    people.partner.post(address(proposal), {"take_back": ""})
    assert agree(people.owner, propose(people.partner, Draft.objects.get())).status_code == 302


def test_a_proposal_of_somebody_who_may_not_sign_any_more_is_not_signed(people):
    _, proposal = proposed(people)
    Membership.objects.filter(organisation=people.market.separator.organisation).update(role="viewer")
    assert "may not sign for his organisation any more" in text(people.owner.get(address(proposal)))
    assert "may not sign" in complaints(agree(people.owner, proposal))[0]
    assert not Statement.objects.filter(kind="lot.settle").exists()


def test_a_proposal_that_the_door_would_refuse_is_not_made(people):
    lot = blocked(people)
    draft = settlement_draft(people, lot, "1001")
    found = people.partner.post(f"/record/{draft.pk}/check/", {"agreed": "on", "propose": ""})
    assert "At most 1000 kg" in complaints(found)[0]
    assert not Proposal.objects.exists()


def settlement_draft(people: People, lot: Lot, mass: str) -> Draft:
    """The draft as it stands after an answer that the door refuses."""
    draft = begin(people.partner, "settle", lot)
    people.partner.post(f"/record/{draft.pk}/details/", {"lot": lot.urn, "signers": "together", "mass_kg": mass,
                                                         "reason": "", "save": "", **WHEN})  # fmt: skip
    return draft


def test_a_draft_for_two_is_never_signed_alone_by_mistake(people):
    draft = settlement(people, blocked(people))
    found = people.partner.post(f"/record/{draft.pk}/check/", {"agreed": "on"})
    assert complaints(found) == ["Propose it to the other party, or choose to sign alone."]
    assert not Statement.objects.filter(kind="lot.settle").exists()


def test_goods_that_left_the_record_are_cancelled_alone(people):
    lot = people.lot()
    details = {"lot": lot.urn, "to": "outside", "mass_kg": "1000", "tolerance_pct": "", "reference": "", **WHEN}
    record(people.owner, "dispatch", {"details": details, "documents": {}}, lot)
    draft = begin(people.owner, "cancel", lot)
    assert draft.typed["fields"]["signers"] == "alone"
    found = people.owner.post(f"/record/{draft.pk}/details/", {"lot": lot.urn, "signers": "together", "reason": "x",
                                                               "save": "", **WHEN})  # fmt: skip
    assert complaints(found) == ["Nobody of this record is on the other side of this lot. Choose to sign alone."]


def test_its_documents_are_read_by_the_partner_while_it_waits(people):
    draft = settlement(people, blocked(people))
    note = SimpleUploadedFile("weighing note.pdf", b"%PDF-1.7 990 kg")
    people.partner.post(f"/record/{draft.pk}/documents/", {"document": note, "save": ""})
    draft.refresh_from_db()
    sheet = f"/documents/{draft.typed['documents'][0]['sha256'][7:]}"
    assert people.owner.get(sheet).status_code == 404
    proposal = propose(people.partner, draft)
    assert sheet in people.owner.get(address(proposal)).content.decode()
    assert b"".join(people.owner.get(sheet).streaming_content) == b"%PDF-1.7 990 kg"
    assert people.outsider.get(sheet).status_code == 404
    people.partner.post(address(proposal), {"take_back": ""})
    assert people.owner.get(sheet).status_code == 404


def test_the_pages_of_a_proposal_are_sound(people):
    _, proposal = proposed(people)
    for _ in range(2):
        for client in (people.owner, people.partner):
            assert Page(client.get(address(proposal)).content.decode()).faults == []
        assert Page(people.owner.get("/").content.decode()).faults == []
        decline(people.owner, proposal)


def test_a_colleague_answers_as_well(people):
    _, proposal = proposed(people)
    colleague = person(people.market.mine.organisation, Membership.Role.SUBMITTER)
    assert agree(colleague, proposal).status_code == 302


def test_the_settled_mass_begins_at_the_lower_of_both(people):
    draft = begin(people.partner, "settle", blocked(people))
    page = people.partner.get(f"/record/{draft.pk}/details/")
    assert typed(page, "mass_kg") == "990"
    assert re.search(r'<input[^>]*value="together"[^>]*checked', page.content.decode())
