"""Line 6, operator: the vouching queue, tenants, the health of the log, tasks, mail, the outbox and keys."""

import pytest

from tests.browser.visitor import Visit, Visitor, in_variants
from tests.demo_chain import Demo

pytestmark = [pytest.mark.browser, in_variants("desk")]


@pytest.fixture
def sam(visit: Visit) -> Visitor:
    """The operator."""
    return visit("operator")


def test_who_waits_is_vouched_for_or_refused(sam: Visitor, visit: Visit, chain: Demo) -> None:
    from tests.accounts.people import NEWCOMER, PASSWORD, newcomer
    from traceability.services.signup import Applied

    newcomer("nele")
    newcomer("kurt", Applied("Unknown Metals", "DE", NEWCOMER.roles, "We do this and that.", ""))
    sam.go("/operator/waiting/").reads("Hafen Magnets", "Unknown Metals")
    decide(sam, "Hafen Magnets").press("Sign and vouch").reads("Nothing was decided.")
    sam.tick("Identity:", "Facility:").press("Sign and vouch").reads("The organisation is registered")
    decide(sam, "Unknown Metals").write("Reason", "Which register are you in?").press("Refuse")
    sam.reads("Refused. They get a letter with your reason.")
    kurt = visit().sign_in("kurt@example.org", PASSWORD).go("/organisation/").reads("Which register are you in?")
    kurt.follow("Change what you said").write("What your organisation does", "HRB 7, Hamburg").press("Save and ask")
    sam.go("/operator/waiting/")
    decide(sam, "Unknown Metals").reads("HRB 7, Hamburg")


def decide(sam: Visitor, name: str) -> Visitor:
    return sam.leave_by(sam.page.locator("tr", has_text=name).get_by_role("link", name="Decide"))


def test_a_tenant_is_suspended_and_let_in_again(sam: Visitor, visit: Visit) -> None:
    sam.go("/operator/organisations/").write("Search", "redgum").press("Filter")
    sam.follow("Redgum Minerals").reads("Their keys", "Mia").press("Suspend").reads("Nothing was decided.")
    sam.write("Reason", "The licence ran out.").press("Suspend").reads("Suspended. They get a letter with your reason.")
    mia = visit("redgum").go("/stock/")
    assert not mia.page.locator("main").get_by_role("link", name="Record", exact=True).count()
    sam.press("Let it record again").reads("It can record and sign again.")
    mia.go("/stock/").follow("Record").reads("What do you want to record?")


def test_the_installation_is_looked_after(sam: Visitor) -> None:
    something_failed()
    sam.go("/operator/waiting/").follow("Log").reads("What was looked at now", "Newest checkpoint", "Queue")
    sam.follow("Tasks").reads("What runs by the clock")
    sam.follow("Mail").follow("Those that did not leave").reads("the server is away").press("Send again now")
    sam.reads("It is sent again within seconds.")
    sam.follow("Outbox").reads("webhook:1").press("Try again now").follow("Keys").reads("Keys of the log", "Master key")


def something_failed() -> None:
    """A letter and a webhook that were given up."""
    from django.utils import timezone

    from traceability.models import MailEntry, OutboxTask

    now, given_up = timezone.now(), OutboxTask.State.GIVEN_UP
    for name in ("mail", "webhook"):
        OutboxTask.objects.create(key=f"{name}:1", name=name, due_at=now, state=given_up, tries=10)
    MailEntry.objects.create(
        what="notice", to="s***@a.example", sent=False, at=now, last_at=now, task="mail:1", error="the server is away"
    )
