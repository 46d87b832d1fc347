"""The browsers of all actors over the demonstration, and a thing of the owner for each route: the fixture `site`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.demo_chain import Demo

BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True)
class Site:
    """The browsers of the actors, and a thing of the owner for each name in an address."""

    browsers: dict[str, Any]
    things: dict[str, object]

    def status(self, actor: str, method: str, name: str) -> int:
        """The status of an answer, whose effects are taken back; 401 where a browser is sent to the login."""
        from django.db import transaction

        body: dict[str, Any] = {}
        if name.startswith(("api-", "epcis")) and method == "post":
            body = {"data": BODIES.get(name, {}), "content_type": "application/json"}
        with transaction.atomic():
            answer = getattr(self.browsers[actor], method)(self.address(name), **body)
            b"".join(answer)  # a stream works only now, and closes its file
            transaction.set_rollback(True)
        to_login = answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")
        return 401 if to_login else int(answer.status_code)

    def statuses(self, method: str, name: str) -> tuple[int, int, int]:
        """What owner, outsider and anybody get."""
        owner, outsider, anybody = (self.status(actor, method, name) for actor in ("owner", "outsider", "anybody"))
        return owner, outsider, anybody

    def address(self, name: str) -> str:
        """The address of a route, about the owner's thing."""
        from django.urls import get_resolver, reverse

        parameters = get_resolver().reverse_dict[name][0][0][1]
        values = self.things | SPECIAL.get(name, {})
        if name in ("api-document", "api-document-lab"):
            values["digest"] = values["sha256"]
        if name.startswith(("api-statement", "api-document")):
            values["digest"] = f"sha256:{values['digest']}"
        return reverse(name, kwargs={one: values[one] for one in parameters})


SPECIAL: dict[str, dict[str, object]] = {
    "epcis-resources": {"resource": "epcs"},
    "epcis-resource": {"resource": "readPoints", "name": "https://isarmagnet.example/gate"},
    "epcis-resource-events": {"resource": "readPoints", "name": "https://isarmagnet.example/gate"},
    "draft_section": {"key": "origin"},
    "draft_preview": {"key": "origin"},
    "algorithm": {"name": "lodestone-shares-1"},
    "api-rule-set": {"name": "oecd-cahra"},
    "bundle_report": {"name": "0" * 64},
    "log-heads": {"key": "0" * 64},
    "log-tile": {"path": "tile/0/000.p/1"},
    "log-consistency": {"old": 1, "new": 2},
}
EVENT = (
    b'{"@context": [], "type": "ObjectEvent", "eventTime": "2026-11-22T10:00:00Z", "eventTimeZoneOffset": "+00:00",'
    b' "action": "OBSERVE", "epcList": [], "readPoint": {"id": "https://isarmagnet.example/gate"}}'
)
BODIES = {
    "api-declaration-approval": {"reason": "a typing error"},
    "api-declaration-withdraw": {"reason": "a typing error"},
    "api-request-decline": {"reason": "not ours"},
    "api-send-back": {"reason": "another mass"},
    "api-sheet-sign": {"revision": 0},
    "api-sheet-send-back": {"reason": "another mass"},
}


@pytest.fixture(scope="module")
def site(demo: "Demo") -> Iterator[Site]:
    """The demonstration, in which the magnet maker owns one of everything, and a newcomer who has to do with nobody."""
    from django.contrib.auth import get_user_model
    from django.db import transaction
    from django.test import Client

    from tests.services.market import START
    from traceability.models import Membership
    from traceability.selectors.access import Actor
    from traceability.services import organisations

    with transaction.atomic():
        newcomer, _ = organisations.register(name="Elsewhere", country="CH", roles=["buyer"], at=START)
        stranger = get_user_model().objects.create_user("stranger", "stranger@elsewhere.example")
        Membership.objects.create(user=stranger, organisation=newcomer, role=Membership.Role.ADMIN)
        outside = Client()
        outside.force_login(stranger, backend=BACKEND)
        maker = get_user_model().objects.get(username="isarmagnet@demo.lodestone.example")
        owner = Actor(maker.pk, demo.organisation("isarmagnet"), Membership.Role.ADMIN)
        Membership.objects.filter(user=maker).update(role=Membership.Role.ADMIN)
        clerk = get_user_model().objects.create_user("clerk")
        Membership.objects.create(user=clerk, organisation=demo.organisation("operator"), role=Membership.Role.ADMIN)
        operating = Client()
        operating.force_login(clerk, backend=BACKEND)
        browsers = {
            "owner": demo.client("isarmagnet"), "partner": demo.client("baltika"), "outsider": outside,
            "anybody": Client(), "operator": operating,
        }  # fmt: skip
        yield Site(browsers, _things(demo, owner, browsers["owner"]))
        transaction.set_rollback(True)


def _things(demo: "Demo", owner: Any, browser: Any) -> dict[str, object]:
    """Something of the owner for every name that stands in an address."""
    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from traceability.intake.numbers import NumberStyle
    from traceability.models import (
        ApiToken,
        Approval,
        AuditNote,
        BundleJob,
        Draft,
        DraftTemplate,
        MailEntry,
        Mandate,
        Membership,
        Opening,
        OutboxTask,
        PartnerRequest,
        ProductNumber,
    )
    from traceability.models.notifications import Notice, NoticeCopy, Watch
    from traceability.models.webhooks import Webhook, WebhookDelivery
    from traceability.services import (
        bundle_jobs,
        epcis_capture,
        epcis_subscriptions,
        evidence,
        export,
        invitations,
        sheets,
        tokens,
        watches,
    )

    lot, now, organisation = demo.lot("MAG-1"), timezone.now(), owner.organisation
    made, declaration, supplier = lot.made_by, demo.declaration, demo.organisation("baltika").pk
    draft = browser.post("/record/begin", {"act": "source"})["Location"].split("/")[2]
    token, _ = tokens.create(actor=owner, name="t", scopes=[ApiToken.Scope.READ], expires_at=now + timedelta(days=1))
    watch, _ = watches.watch(actor=owner, what=Watch.What.LOT, subject=lot.pk)
    notice = Notice.objects.create(
        key="a", organisation=organisation, kind=Notice.Kind.LOT_FINDING, about=Notice.About.LOT, subject=lot.pk,
        created_at=now,
    )  # fmt: skip
    NoticeCopy.objects.create(notice=notice, user_id=owner.user_id, organisation=organisation, created_at=now)
    webhook = Webhook.objects.create(organisation=organisation, url="https://hooks.example/in")
    delivery = WebhookDelivery.objects.create(webhook=webhook, kind="test", body="{}", state="failed", created_at=now)
    invitation = invitations.invite(actor=owner, email="colleague@isarmagnet.example", role="viewer")
    colleague = get_user_model().objects.create_user("colleague")
    member = Membership.objects.create(user=colleague, organisation=organisation, role=Membership.Role.VIEWER)
    task = OutboxTask.objects.create(key="a", name="a", due_at=now, state=OutboxTask.State.GIVEN_UP)
    packed = BundleJob.objects.create(
        organisation=organisation, user_id=owner.user_id, lot=lot.pk, requested_at=now, state=BundleJob.State.DONE,
        total=1, octets=1, ended_at=now,
        values_sha256=export.values_named(owner, ()),
    )  # fmt: skip
    bundle_jobs.path_of(packed).write_bytes(b"a")
    letter = MailEntry.objects.create(what="notice", to="***@a.example", task="a", sent=False, at=now, last_at=now)
    request = PartnerRequest.objects.create(
        what="declaration", asker=demo.organisation("nordwind"), to=organisation, lot=lot, same="a", asked_at=now
    )
    note = AuditNote.objects.create(
        organisation=organisation, about="lot", subject=lot.pk, audited=organisation, text="a", created_at=now
    )
    digest = bytes(made.digest).hex()
    buyer = demo.organisation("nordwind")
    opening = Opening.objects.create(disclosure=made.disclosures.first(), organisation=buyer, opened_at=now)
    mandate = Mandate.objects.create(giver=organisation, holder=buyer, valid_from=now, valid_until=now)
    gtin = "09506000134352"
    ProductNumber.objects.create(organisation=organisation, material=lot.material, gtin=gtin, given_at=now)
    begun = Draft.objects.create(organisation=organisation, kind="source", typed=Draft.objects.get(pk=draft).typed)
    begun.writers.add(colleague)
    approval = Approval.objects.create(draft=begun, asked_by=colleague, asked_at=now)
    key = bytes(organisation.keys.get(ended=None).key_id).hex()
    kept = DraftTemplate.objects.create(organisation=organisation, name="a", kind="source", made_at=now)
    sheet = sheets.upload(
        actor=owner, act="assay", name="a.csv", content=b"lot;occurred_from;basis;Nd\nnone;2026-11-16 06:10;dry_mass;1",
        style=NumberStyle.POINT, utc_offset="+00:00",
    )  # fmt: skip
    event = epcis_capture.receive_one(actor=owner, content=EVENT)
    query = epcis_subscriptions.create_query(actor=owner, name="all", asked={})
    told = {"dest": "https://hooks.example/epcis", "stream": True}
    subscription = epcis_subscriptions.subscribe(actor=owner, name="all", wanted=told)
    return {
        "capture": event.capture_id, "event_id": event.event_id, "name": query.name, "subscription": subscription.pk,
        "sheet": sheet.pk, "sheet_id": sheet.pk, "act": "assay",
        "template_id": kept.pk, "gtin": gtin, "opening": opening.pk, "mandate": mandate.pk, "number": lot.number,
        "template": kept.pk, "draft": draft, "approval": approval.pk, "note": note.pk,
        "supplier": supplier, "lot": lot.pk, "lot_id": lot.pk, "statement_id": made.urn, "digest": digest,
        "declaration": declaration.reference, "reference": declaration.reference,
        "sha256": bytes(evidence.store(actor=owner, name="a.txt", content=b"a").sha256).hex(),
        "draft_id": draft, "token": token.pk, "token_id": token.pk,
        "key_id": key, "key": f"sha256:{key}",
        "organisation": organisation.pk, "organisation_id": organisation.pk,
        "watch": watch.pk, "watch_id": watch.pk, "notice": notice.pk, "notice_id": notice.pk, "code": "overdrawn",
        "webhook": webhook.pk, "webhook_id": webhook.pk, "delivery": delivery.pk, "delivery_id": delivery.pk,
        "invitation": invitation.pk, "invitation_id": invitation.pk, "member_id": member.pk, "task_id": task.pk,
        "entry_id": letter.pk, "request_id": request.pk, "job_id": packed.pk,
        "about": "lot", "subject": str(lot.pk), "note_id": note.pk,
        "bundle": packed.pk,
    }  # fmt: skip
