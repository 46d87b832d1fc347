"""Results and declarations that a second person signs, as the pages show it to each."""

import re
from typing import Any

import pytest

from epd.models import Declaration, LotResultRow
from tests.demo_chain import Demo
from tests.web.pages import Page
from traceability.ledger.errors import RecordError
from traceability.models import AuditEvent, FiguresApproval, Membership, Notice, NoticeCopy, Organisation

pytestmark = pytest.mark.usefixtures("changing")


@pytest.fixture
def colleagues(demo: Demo) -> dict[str, Any]:
    """The browsers of a submitter and of two approvers of an organisation that wants a second person."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    own = demo.organisation("isarmagnet")
    Organisation.objects.filter(pk=own.pk).update(approval_wanted=True)
    found = {}
    for name, role in (("sub", "submitter"), ("anna", "approver"), ("otto", "approver")):
        user = get_user_model().objects.create_user(name, f"{name}@isarmagnet.example", first_name=name.title())
        Membership.objects.create(user=user, organisation=own, role=role)
        found[name] = Client()
        found[name].force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return found


def text(client: Any, address: str) -> str:
    found = client.get(address)
    assert found.status_code == 200
    html: str = found.content.decode()
    assert Page(html).faults == []
    return html


def hidden(html: str) -> dict[str, str]:
    return dict(re.findall(r'name="(approval|digest)" value="([^"]*)"', html))


def figures(demo: Demo) -> str:
    return f"/lots/{demo.ids['MAG-1']}/figures/"


def declare(demo: Demo) -> str:
    return f"/lots/{demo.ids['MAG-1']}/declare/"


def test_a_result_is_signed_by_who_did_not_send_it(demo: Demo, colleagues: dict[str, Any]) -> None:
    address, before = figures(demo), LotResultRow.objects.count()
    page = text(colleagues["anna"], address)
    assert "Send for approval" in page
    assert "Compute and sign" not in page
    colleagues["anna"].post(address, {"ask": ""})
    waiting = text(colleagues["anna"], address)
    assert "Take it back" in waiting
    assert "Sign and record" not in waiting
    assert "Sign and record" not in text(colleagues["sub"], address)
    assert NoticeCopy.objects.filter(notice__kind=Notice.Kind.APPROVAL_WANTED, user__username="otto").exists()
    assert address in text(colleagues["otto"], "/")
    read = text(colleagues["otto"], address)
    assert "Anna sent this for approval" in read
    colleagues["anna"].post(address, hidden(read) | {"approve": ""})
    assert LotResultRow.objects.count() == before
    colleagues["otto"].post(address, hidden(read) | {"approve": ""})
    assert LotResultRow.objects.count() == before + 1
    assert not FiguresApproval.objects.exists()
    assert AuditEvent.objects.filter(kind=AuditEvent.Kind.APPROVAL, note__startswith="lot.result").count() == 1
    assert NoticeCopy.objects.filter(notice__kind=Notice.Kind.APPROVAL_GIVEN, user__username="anna").exists()


def test_a_declaration_is_read_as_it_will_be_and_then_published(demo: Demo, colleagues: dict[str, Any]) -> None:
    address, said = declare(demo), {"product": "magnets N42", "illustrative": "on"}
    preview = colleagues["sub"].post(address, said).content.decode()
    assert "Sign and publish" not in preview
    colleagues["sub"].post(address, said | {"ask": ""})
    assert "A declaration of this lot waits for approval." in text(colleagues["otto"], figures(demo))
    assert "Take it back" in text(colleagues["sub"], address)
    read = text(colleagues["otto"], address)
    assert "agnets N42" in read
    answer = colleagues["otto"].post(address, hidden(read) | {"approve": ""})
    made = Declaration.objects.get(product="magnets N42")
    assert answer["Location"] == f"/d/{made.reference}"


def test_what_is_sent_back_says_why_and_keeps_what_was_typed(demo: Demo, colleagues: dict[str, Any]) -> None:
    address = declare(demo)
    colleagues["sub"].post(address, {"product": "magnets N42", "ask": ""})
    read = text(colleagues["anna"], address)
    colleagues["anna"].post(address, hidden(read) | {"send_back": "", "reason": ""})
    assert FiguresApproval.objects.get().sent_back_at is None
    colleagues["anna"].post(address, hidden(read) | {"send_back": "", "reason": "wrong grade"})
    page = text(colleagues["sub"], address)
    assert "wrong grade" in page
    assert 'value="magnets N42"' in page
    colleagues["sub"].post(address, {"product": "magnets N45", "ask": ""})
    assert FiguresApproval.objects.get().said == {"product": "magnets N45", "illustrative": False}


def test_figures_that_changed_since_are_read_again(demo: Demo, colleagues: dict[str, Any]) -> None:
    address, before = figures(demo), LotResultRow.objects.count()
    colleagues["sub"].post(address, {"ask": ""})
    read = hidden(text(colleagues["otto"], address)) | {"digest": "0" * 64}
    page = colleagues["otto"].post(address, read | {"approve": ""}, follow=True).content.decode()
    assert "The figures changed since you opened this page." in page
    assert LotResultRow.objects.count() == before


def test_nobody_goes_past_the_second_person(demo: Demo, colleagues: dict[str, Any]) -> None:
    from epd.services import declarations, results
    from traceability.selectors.access import Actor

    before = LotResultRow.objects.count(), Declaration.objects.count()
    for browser in colleagues.values():
        browser.post(figures(demo), {})
        browser.post(declare(demo), {"product": "a", "sign": "1"})
        assert browser.get(f"/lots/{demo.ids['MAG-1']}/result/")["Location"] == figures(demo)
    otto = Membership.objects.get(user__username="otto")
    actor = Actor(otto.user_id, otto.organisation, otto.role)
    with pytest.raises(RecordError):
        results.publish_result(actor=actor, lot=demo.lot("MAG-1"))
    with pytest.raises(RecordError):
        declarations.publish(actor=actor, lot=demo.lot("MAG-1"), product="a")
    with pytest.raises(RecordError):
        declarations.withdraw(actor=actor, declaration=demo.declaration, reason="a")
    assert (LotResultRow.objects.count(), Declaration.objects.count()) == before


def test_it_is_taken_back_and_foreign_people_have_no_part_in_it(demo: Demo, colleagues: dict[str, Any]) -> None:
    address = figures(demo)
    colleagues["sub"].post(address, {"ask": ""})
    read = hidden(text(colleagues["otto"], address))
    for button in ("approve", "send_back", "take_back"):
        assert demo.client("nordwind").post(address, read | {button: "", "reason": "a"}).status_code == 404
    assert FiguresApproval.objects.exists()
    colleagues["sub"].post(address, {"take_back": ""})
    assert not FiguresApproval.objects.exists()
    again = colleagues["otto"].post(address, read | {"approve": ""}, follow=True).content.decode()
    assert "taken back or sent again" in again


def test_a_declaration_is_withdrawn_by_who_did_not_prepare_it(demo: Demo, colleagues: dict[str, Any]) -> None:
    reference = demo.declaration.reference
    end, said = f"/d/{reference}/withdraw", {"reason": "A wrong meter."}
    for browser in colleagues.values():
        assert "Your organisation wants a second person" in browser.post(end, said).content.decode()
    assert Declaration.objects.get(reference=reference).status == "published"
    assert colleagues["anna"].post(end, {"reason": "", "ask": ""}).status_code == 200
    assert not FiguresApproval.objects.exists()
    colleagues["anna"].post(end, said | {"ask": ""})
    assert Notice.objects.get(kind=Notice.Kind.APPROVAL_WANTED).about == Notice.About.DECLARATION
    assert end in text(colleagues["otto"], f"/d/{reference}")
    assert end not in demo.client("nordwind").get(f"/d/{reference}").content.decode()
    assert end in text(colleagues["otto"], "/")
    assert colleagues["otto"].get(end.replace("withdraw", "supersede"))["Location"] == end
    assert "Take it back" in text(colleagues["anna"], end)
    read = text(colleagues["otto"], end)
    assert "A wrong meter." in read
    colleagues["anna"].post(end, hidden(read) | {"approve": ""})
    assert Declaration.objects.get(reference=reference).status == "published"
    answer = colleagues["otto"].post(end, hidden(read) | {"approve": ""})
    assert answer["Location"] == f"/d/{reference}"
    found = Declaration.objects.get(reference=reference)
    assert (found.status, found.reason) == ("withdrawn", "A wrong meter.")
    assert AuditEvent.objects.filter(kind=AuditEvent.Kind.APPROVAL, note__startswith="declaration.withdraw").exists()


def test_a_newer_declaration_takes_the_place_of_another_with_two_people(demo: Demo, colleagues: dict[str, Any]) -> None:
    address, said = declare(demo), {"product": "magnets N42"}
    colleagues["sub"].post(address, said | {"ask": ""})
    colleagues["otto"].post(address, hidden(text(colleagues["otto"], address)) | {"approve": ""})
    newer, old = Declaration.objects.get(product="magnets N42"), demo.declaration
    end, asked = f"/d/{old.reference}/supersede", {"successor": str(newer.pk), "reason": "Newer factors."}
    colleagues["sub"].post(end, asked | {"ask": ""})
    read = text(colleagues["otto"], end)
    assert newer.reference in read
    colleagues["otto"].post(end, hidden(read) | {"send_back": "", "reason": "say which factors"})
    page = text(colleagues["sub"], end)
    assert "say which factors" in page
    assert f'value="{newer.pk}" selected' in page
    assert "Newer factors." in page
    colleagues["sub"].post(end, asked | {"ask": ""})
    colleagues["sub"].post(end, {"take_back": ""})
    assert not FiguresApproval.objects.exists()
    colleagues["sub"].post(end, asked | {"ask": ""})
    colleagues["anna"].post(end, hidden(text(colleagues["anna"], end)) | {"approve": ""})
    old.refresh_from_db()
    assert (old.status, old.successor) == ("superseded", newer.pk)


def test_each_reads_why_a_button_is_not_there(demo: Demo, colleagues: dict[str, Any]) -> None:
    end = f"/d/{demo.declaration.reference}/withdraw"
    for address in (end, end.replace("withdraw", "supersede")):
        for name in ("sub", "anna"):
            assert "Your organisation wants a second person" in text(colleagues[name], address)
            assert "Sign and" not in text(colleagues[name], address)
    Membership.objects.filter(user__username="sub").update(role="viewer")
    for address in (figures(demo), declare(demo), end):
        page = text(colleagues["sub"], address)
        assert "Your role lets you read, not sign or record." in page
        assert "Send for approval" not in page
        assert "See the page" not in page
