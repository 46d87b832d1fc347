"""Every route of notices, watches, webhooks, audit log and outbox: as owner, viewer, outsider, operator and anybody."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.notices.receivers import receiver
from tests.web.pages import Page
from tests.web.suppliers import People, open_people, person
from traceability.models import Membership, Notice, NoticeCopy, OutboxTask, Watch, Webhook
from traceability.services import notices, outbox, webhooks
from traceability.web.notice_urls import urlpatterns

FOR_MEMBERS = ("notices", "notice_preferences", "watches")
FOR_ADMINS = ("webhooks", "audit")
FOR_THE_OPERATOR = ("outbox",)
POSTED = ("notices_read", "watch", "webhook_key")
OF_A_THING = {"notice", "watch_stop", "webhook", "webhook_remove", "webhook_test", "webhook_redeliver", "outbox_again"}
NOWHERE = "01a20044-1e90-7584-97e3-169105e74e78"
LOGIN = "/accounts/login/"


@pytest.fixture
def people(db: None) -> People:
    found = open_people()
    outbox.drain(names=(notices.TASK,))
    Notice.objects.all().delete()
    return found


@pytest.fixture
def webhook(people: People, settings: Any) -> Any:
    settings.LODESTONE_LOOPBACK_WEBHOOKS = True
    with receiver() as there:
        found = people.owner.post("/webhooks/", {"url": there.url, "kinds": ["goods.received"]})
        assert found.status_code == 302
        yield Webhook.objects.get()


def told(people: People) -> Notice:
    """A notice to the separator: goods are coming."""
    people.sent()
    outbox.drain(names=(notices.TASK,))
    return Notice.objects.get(kind=Notice.Kind.GOODS_COMING)


def test_every_route_is_asked_here() -> None:
    assert {one.name for one in urlpatterns} == {
        *FOR_MEMBERS, *FOR_ADMINS, *FOR_THE_OPERATOR, *POSTED, *OF_A_THING
    }  # fmt: skip


@pytest.mark.parametrize("name", [*FOR_MEMBERS, *FOR_ADMINS, *FOR_THE_OPERATOR])
def test_who_may_open_which_page(people: People, name: str) -> None:
    address = reverse(name)
    admins = 404 if name in FOR_THE_OPERATOR else 200
    assert people.owner.get(address).status_code == people.outsider.get(address).status_code == admins
    expected = {"webhooks": 403, "audit": 404, "outbox": 404}.get(name, 200)
    assert people.viewer.get(address).status_code == expected
    assert person(people.market.operator.organisation).get(address).status_code == 200
    assert people.anybody.get(address)["Location"].startswith(LOGIN)


@pytest.mark.parametrize("name", POSTED)
def test_what_changes_something_is_posted_by_who_is_signed_in(people: People, name: str) -> None:
    assert people.owner.get(reverse(name)).status_code == 405
    assert people.anybody.post(reverse(name))["Location"].startswith(LOGIN)


def test_a_notice_is_for_its_members_and_leads_to_its_lot(people: People) -> None:
    partner = people.partner
    notice = told(people)
    assert '<span class="count">1<span class="vh"> unread' in partner.get("/notices/").content.decode()
    address = reverse("notice", args=[notice.pk])
    for client in (people.owner, people.outsider, people.viewer):
        assert client.get(address).status_code == 404
    assert people.anybody.get(address)["Location"].startswith(LOGIN)
    assert partner.get(address)["Location"] == f"/lots/{notice.subject}/"
    assert NoticeCopy.objects.get().read_at is not None
    page = partner.get("/notices/").content.decode()
    assert "unread</span>" not in page
    assert "Goods are on the way to you" in page
    assert "Goods are on the way to you</a>" not in people.owner.get("/notices/").content.decode()


def test_notices_are_filtered_and_marked_as_read(people: People) -> None:
    told(people)
    count = 'class="nowrap"'
    assert people.partner.get("/notices/?unread=1").content.decode().count(count) == 1
    assert people.partner.get("/notices/?kind=lot.recalled").content.decode().count(count) == 0
    assert people.partner.get("/notices/?kind=no-such").content.decode().count(count) == 1
    assert people.partner.post("/notices/read")["Location"] == "/notices/"
    assert "No notice matches" in people.partner.get("/notices/?unread=1").content.decode()


def test_the_list_names_each_notice(people: People) -> None:
    for _ in range(3):
        people.sent()
    outbox.drain(names=(notices.TASK,))
    page = people.partner.get("/notices/").content.decode()
    assert page.count("Goods are on the way to you</a>") == 3


def test_preferences_are_ones_own(people: People) -> None:
    answers = dict.fromkeys(Notice.Kind, "none") | {"goods.coming": "digest", "goods.received": "nonsense"}
    assert people.partner.post("/notices/preferences/", answers).status_code == 302
    told(people)
    assert NoticeCopy.objects.get().mail == "digest"
    assert people.owner.get("/notices/preferences/").content.decode().count(" selected") == len(Notice.Kind)


def test_a_lot_is_watched_from_its_page_and_back(people: People) -> None:
    lot = people.lot()
    address = f"/lots/{lot.pk}/"
    assert "Watch this lot" in people.owner.get(address).content.decode()
    posted = {"what": "lot", "subject": str(lot.pk), "next": address}
    assert people.owner.post("/watches/add", posted)["Location"] == address
    assert "Stop watching this lot" in people.owner.get(address).content.decode()
    watch = Watch.objects.get()
    assert f"/lots/{lot.pk}/" in people.owner.get("/watches/").content.decode()
    stop = reverse("watch_stop", args=[watch.pk])
    for client in (people.partner, people.outsider, people.viewer):
        assert "You watch nothing" in client.get("/watches/").content.decode()
        assert client.post(stop).status_code == 404
    assert people.anybody.post(stop)["Location"].startswith(LOGIN)
    assert people.owner.post(stop)["Location"] == "/watches/"
    assert not Watch.objects.exists()


@pytest.mark.parametrize(
    ("what", "subject"),
    [("lot", NOWHERE), ("lot", "x"), ("declaration", NOWHERE), ("product", NOWHERE), ("cat", "")],
)
def test_what_is_not_there_cannot_be_watched(people: People, what: str, subject: str) -> None:
    assert people.owner.post("/watches/add", {"what": what, "subject": subject}).status_code == 404


def test_a_stranger_watches_no_lot_of_others(people: People) -> None:
    lot = people.lot()
    assert people.outsider.post("/watches/add", {"what": "lot", "subject": str(lot.pk)}).status_code == 404


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_nobody_is_led_away(people: People, wanted: str) -> None:
    lot = people.lot()
    posted = {"what": "lot", "subject": str(lot.pk), "next": wanted}
    assert people.owner.post("/watches/add", posted)["Location"] == "/watches/"


def test_a_webhook_belongs_to_the_administrators_of_its_organisation(people: People, webhook: Webhook) -> None:
    of_it = [reverse(name, args=[webhook.pk]) for name in ("webhook", "webhook_remove", "webhook_test")]
    delivery = webhooks.test(actor=actor_of(people), webhook=webhook.pk)
    of_it.append(reverse("webhook_redeliver", args=[webhook.pk, delivery.pk]))
    for address in of_it:
        assert people.partner.post(address).status_code == 404
        assert people.outsider.post(address).status_code == 404
        assert people.viewer.post(address).status_code == 403
        assert people.anybody.post(address)["Location"].startswith(LOGIN)
    assert people.partner.get(of_it[0]).status_code == 404
    assert webhook.url not in people.partner.get("/webhooks/").content.decode()
    assert Webhook.objects.filter(disabled_at=None).count() == 1


def actor_of(people: People) -> Any:
    from traceability.selectors.access import Actor

    return Actor(int(people.owner.session["_auth_user_id"]), people.market.mine.organisation, Membership.Role.ADMIN)


def test_a_webhook_is_tested_changed_and_removed(people: People, webhook: Webhook) -> None:
    address = reverse("webhook", args=[webhook.pk])
    assert people.owner.post(f"{address}test")["Location"] == address
    outbox.drain(names=(webhooks.TASK,))
    page = people.owner.get(address).content.decode()
    assert "Delivered" in page
    assert "<b>204</b>" in page
    assert "whpk_" in page
    assert people.owner.post(address, {"kinds": ["lot.recalled", "nonsense"]}).status_code == 302
    webhook.refresh_from_db()
    assert (webhook.kinds, webhook.disabled_because) == (["lot.recalled"], "switched off by an administrator")
    assert "This webhook is off" in people.owner.get(address).content.decode()
    people.owner.post(f"{address}test")
    assert webhook.deliveries.count() == 1
    key = people.owner.get("/webhooks/").content.decode().partition("whpk_")[2][:44]
    people.owner.post("/webhooks/key")
    assert key not in people.owner.get("/webhooks/").content.decode()
    assert people.owner.post(f"{address}remove")["Location"] == "/webhooks/"
    assert not Webhook.objects.exists()


def test_a_wrong_address_is_refused_beside_its_field(people: People) -> None:
    found = people.owner.post("/webhooks/", {"url": "http://10.0.0.1/<b>", "kinds": ["lot.recalled"]})
    assert found.status_code == 422
    html = found.content.decode()
    assert "Use https" in html
    assert 'value="http://10.0.0.1/&lt;b&gt;"' in html
    assert 'value="lot.recalled" checked' in html
    assert Page(html).faults == []


def test_the_operator_sees_what_was_given_up_and_lets_it_be_tried_again(people: People, monkeypatch: Any) -> None:
    operator: Client = person(people.market.operator.organisation)
    outbox.put("mail", "mail:7", {"copy": 7})
    OutboxTask.objects.update(state=OutboxTask.State.GIVEN_UP, last_error="the server <is> away")
    task = OutboxTask.objects.get(key="mail:7")
    page = operator.get("/outbox/").content.decode()
    assert "mail:7" in page
    assert "the server &lt;is&gt; away" in page
    again = reverse("outbox_again", args=[task.pk])
    for client in (people.owner, people.viewer, people.outsider):
        assert client.post(again).status_code == 404
    assert operator.post(again)["Location"] == "/outbox/"
    task.refresh_from_db()
    assert task.state == OutboxTask.State.WAITING
    assert operator.post(reverse("outbox_again", args=[10**9])).status_code == 404


def test_every_page_is_sound(people: People, webhook: Webhook) -> None:
    lot = people.lot()
    people.owner.post("/watches/add", {"what": "lot", "subject": str(lot.pk)})
    told(people)
    outbox.put("nobody", "nobody", {})
    outbox.drain()
    webhooks.test(actor=actor_of(people), webhook=webhook.pk)
    outbox.drain()
    operator = person(people.market.operator.organisation)
    pages = [
        *((people.owner, reverse(name)) for name in (*FOR_MEMBERS, "webhooks", "audit")),
        *((people.partner, reverse(name)) for name in (*FOR_MEMBERS, "webhooks", "audit")),
        (people.owner, reverse("webhook", args=[webhook.pk])),
        (people.owner, f"/lots/{lot.pk}/"),
        (operator, "/outbox/"),
    ]
    for client, address in pages:
        found = client.get(address)
        assert found.status_code == 200, address
        assert Page(found.content.decode()).faults == [], address
