"""What a second person signs, in a real browser: chosen, sent, sent back, changed, sent again, signed."""

import pytest

from tests.browser.test_supplier_journey import Supplier, _make_person
from tests.browser.test_two_signers_journey import look_on_both

pytestmark = pytest.mark.browser


@pytest.fixture
def draft(ledger_db):
    """A mine with a lot, an administrator, and a clerk who filled in a hold of it."""
    from django.contrib.auth import get_user_model

    from tests.services.market import open_market
    from traceability.models import Membership
    from traceability.selectors.access import Actor
    from traceability.services import beginnings, drafts
    from traceability.services.beginnings import Beginning

    market = open_market()
    for name in ("dana", "carl"):
        _make_person(market.mine, name)
    carl = get_user_model().objects.get(username="carl")
    Membership.objects.exclude(user=carl).update(role=Membership.Role.ADMIN)
    clerk = Actor(carl.pk, market.mine.organisation, Membership.Role.SUBMITTER)
    draft = beginnings.begin(actor=clerk, beginning=Beginning("hold", lot=market.lot(market.source())))
    drafts.save(actor=clerk, draft=draft, typed={"reason": "a wet bag"}, section="details")
    return draft


def test_a_colleague_sends_back_and_then_signs(chromium, complaints, draft, live_site, tmp_path):
    check = f"/record/{draft.pk}/check/"
    people = []
    for name in ("dana", "carl"):
        context = chromium.new_context(viewport={"width": 1280, "height": 900})
        context.set_default_timeout(30_000)
        context.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        person = Supplier(context, live_site, tmp_path, name)
        person.sign_in()
        people.append(person)
    dana, carl = people
    dana.page.goto(f"{live_site}/organisation/approval/")
    dana.page.get_by_label("Another person signs it").check()
    look_on_both(dana, "choice")
    dana.page.get_by_role("button", name="Save").click()
    dana.page.get_by_text("What somebody fills in is signed by another person.").wait_for()
    look_on_both(dana, "organisation")

    carl.page.goto(f"{live_site}{check}")
    send(carl)
    look_on_both(carl, "waits")

    dana.page.goto(f"{live_site}/")
    look_on_both(dana, "overview")
    dana.page.get_by_role("link", name="Read and sign").click()
    dana.page.get_by_role("heading", name="Read what you are asked to sign").wait_for()
    look_on_both(dana, "read")
    dana.page.get_by_label("Reason").fill("Which bag?")
    dana.page.get_by_role("button", name="Send it back").click()
    dana.page.get_by_text("Sent back. Nothing was signed.").wait_for()

    carl.page.goto(f"{live_site}/record/")
    look_on_both(carl, "drafts")
    carl.page.goto(f"{live_site}{check}")
    carl.page.get_by_text("Which bag?").wait_for()
    look_on_both(carl, "sent-back")
    carl.page.goto(f"{live_site}/record/{draft.pk}/details/")
    look_on_both(carl, "details")
    carl.fill(reason="Bag 7 is wet")
    carl.go_on()
    carl.page.goto(f"{live_site}{check}")
    send(carl)

    dana.page.goto(f"{live_site}{check}")
    dana.page.get_by_text("Bag 7 is wet").first.wait_for()
    dana.page.get_by_label("I have checked these answers").check()
    dana.page.get_by_role("button", name="Sign and record").click()
    dana.page.get_by_text("Signed and recorded.").wait_for()
    carl.page.goto(f"{live_site}{check}")
    carl.page.get_by_text("This is signed and recorded already.").wait_for()
    for person in people:
        person.page.context.close()


def send(person: Supplier) -> None:
    person.page.get_by_label("I have checked these answers").check()
    person.look("send")
    person.page.get_by_role("button", name="Send for approval").click()
    person.page.get_by_text("Sent for approval. Nothing is signed").wait_for()
