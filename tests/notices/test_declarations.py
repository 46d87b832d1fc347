"""Declarations that somebody watches, or whose lot he holds; and an act that waits for a partner's word."""

from typing import Any

import pytest

from epd.services import declarations
from tests.demo_chain import Demo
from tests.web.suppliers import People, open_people
from tests.web.test_supplier_proposals import proposed
from traceability.models import Notice, NoticeCopy
from traceability.services import notice_words, notices, organisations, outbox


def told(client: Any) -> list[NoticeCopy]:
    """What the person at a client was told, oldest first."""
    outbox.drain(names=(notices.TASK,))
    rows = NoticeCopy.objects.filter(user=client.session["_auth_user_id"]).select_related("notice__statement")
    return list(rows.order_by("pk"))


@pytest.mark.parametrize("what", ["declaration", "product"])
def test_who_watches_is_told_of_the_end(demo: Demo, changing: None, what: str) -> None:
    declaration = demo.declaration
    watcher, other = demo.client("nordwind"), demo.client("redgum")
    address = f"/d/{declaration.reference}"
    NoticeCopy.objects.all().delete()
    assert f"Watch this {what}" in watcher.get(address).content.decode()
    posted = {"what": what, "subject": str(declaration.pk), "next": address}
    assert watcher.post("/watches/add", posted)["Location"] == address
    assert f"Stop watching this {what}" in watcher.get(address).content.decode()
    assert declaration.product in watcher.get("/watches/").content.decode()
    assert "Watch this" not in demo.client().get(address).content.decode()
    maker = organisations.on_behalf_of(declaration.declarant)
    declarations.withdraw(actor=maker, declaration=declaration, reason="a wrong meter")
    [copy] = [one for one in told(watcher) if one.notice.about == Notice.About.DECLARATION]
    assert copy.notice.kind == Notice.Kind.DECLARATION_WITHDRAWN
    [words] = notice_words.in_words([copy.notice])
    assert words.href == address
    assert declaration.reference in words.about
    assert [one for one in told(other) if one.notice.subject == declaration.pk] == []


def test_a_proposal_asks_the_other_party_alone(db: None) -> None:
    people: People = open_people()
    outbox.drain(names=(notices.TASK,))
    NoticeCopy.objects.all().delete()
    lot, _ = proposed(people)
    asked = [one.notice for one in told(people.owner) if one.notice.kind == Notice.Kind.WORD_WANTED]
    assert [one.subject for one in asked] == [lot.pk]
    for client in (people.partner, people.outsider):
        assert Notice.Kind.WORD_WANTED not in {one.notice.kind for one in told(client)}
