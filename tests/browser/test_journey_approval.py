"""A second person signs: what a submitter filled in comes back with a reason, is put right, and is signed."""

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.visitor import Clerks, Visitor, in_variants

if TYPE_CHECKING:
    from tests.services.market import Market

pytestmark = [pytest.mark.browser, in_variants("plain-phone")]
LATER = "2026-04-20 08:00"


@pytest.fixture
def three(market: "Market", clerks: Clerks) -> tuple[Visitor, Visitor, Visitor]:
    """An administrator who has just chosen that a second person signs, an approver, and who fills in."""
    from tests.browser.conftest import employ
    from traceability.models import Membership

    employ("erin", market.mine)
    for name, role in (("dana", Membership.Role.ADMIN), ("erin", Membership.Role.APPROVER)):
        Membership.objects.filter(user__username=name).update(role=role)
    market.source()
    dana, erin, carl = clerks("dana"), clerks("erin"), clerks("carl")
    dana.go("/organisation/").follow("Change who signs").tick("Another person signs it").press("Save")
    dana.reads("What somebody fills in is signed by another person.")
    return dana, erin, carl


def test_a_colleague_sends_back_and_then_signs(three: tuple[Visitor, Visitor, Visitor]) -> None:
    _, erin, carl = three
    hold(carl)
    send(carl).reads("This waits for the approval of a colleague")
    assert offered(carl) == {"Take it back"}

    letter_leads(erin, "A colleague asks you to sign what he filled in")
    told(erin, "A colleague asks you to sign what he filled in").reads("Carl sent this for approval", "a wet bag")
    erin.press("Send it back").reads("Say why you send it back")
    erin.write("Reason", "Which bag?").press("Send it back").reads("Sent back. Nothing was signed.")
    assert "Waits for your approval" not in erin.go("/").text

    told(carl, "A colleague sent back what you filled in").reads("Erin sent this back on", "Which bag?")
    carl.follow("Change").fill(reason="Bag 7 is wet").to_the_end()
    send(carl)

    erin.go("/").follow("Read and sign").reads("Bag 7 is wet").press("Sign and record")
    erin.reads("Tick the box").tick("I have checked these answers").press("Sign and record")
    erin.reads("Signed and recorded.", "Bag 7 is wet")
    told(carl, "A colleague signed what you filled in").reads("put ORE-1 on hold", "Bag 7 is wet", "Entry ")
    carl.go("/stock/").reads("On hold (1)")


def test_nobody_signs_his_own(three: tuple[Visitor, Visitor, Visitor]) -> None:
    dana, erin, _ = three
    hold(erin)
    send(erin).reads("This waits for the approval of a colleague")
    assert offered(erin) == {"Take it back"}
    assert "Waits for your approval" not in erin.go("/").text
    page = dana.go("/").follow("Read and sign").page
    approval = page.locator("[name=approval]").first.input_value()

    refused = forged(erin, page.url, approval=approval, agreed="on", approve="")
    assert "You typed some of this yourself. Another approver or administrator signs it." in refused
    erin.go(page.url).press("Take it back").reads("Check your answers before you send them")
    dana.tick("I have checked these answers").press("Sign and record")
    dana.reads("It does not wait for approval any more")
    dana.go("/stock/").reads("On hold (0)")


def hold(person: Visitor) -> None:
    person.begin("Put on hold").choose("lot", "ORE-1").fill(reason="a wet bag", occurred_from=LATER).to_the_end()


def send(person: Visitor) -> Visitor:
    person.tick("I have checked these answers").press("Send for approval")
    return person.reads("Sent for approval. Nothing is signed")


def told(person: Visitor, words: str) -> Visitor:
    """Follows the notice that says so."""
    return person.go("/notices/").follow(words)


def letter_leads(person: Visitor, words: str) -> None:
    """The letter to the person says so too, and its link opens the draft."""
    from django.core import mail

    from traceability.services import outbox

    outbox.drain()
    [letter] = [one for one in mail.outbox if one.to == ["erin@example.org"] and words in one.subject + one.body]
    link = re.search(r"http://localhost:[0-9]+/record/\S+", str(letter.body))
    assert link, letter.body
    person.go(link[0]).reads("Read what you are asked to sign")


def offered(person: Visitor) -> set[str]:
    """The buttons of the page."""
    return {one.strip() for one in person.page.locator("main button").all_inner_texts()}


def forged(person: Visitor, address: str, **answers: str) -> str:
    """What the site says to answers that no page of the person offers."""
    token = person.page.context.cookies()
    csrf = next(one["value"] for one in token if one["name"] == "csrftoken")
    answer = person.page.request.post(
        address, form={"csrfmiddlewaretoken": csrf, **answers}, headers={"Referer": address}
    )
    return answer.text()
