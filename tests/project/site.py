"""The browsers of all actors over the demonstration, and a thing of the owner for each route: the fixture `site`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

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
        """The status of an answer about the owner's thing."""
        return self.answer(actor, method, name, self.address(name))[0]

    def answer(self, actor: str, method: str, name: str, address: str) -> tuple[int, str]:
        """Status and text of an answer, whose effects are taken back; 401 where a browser is sent to the login."""
        from django.db import transaction

        body: dict[str, Any] = {}
        if name.startswith(("api-", "epcis")) and method in ("post", "put"):
            bodies = BODIES if method == "post" else CHANGES
            body = {"data": bodies.get(name, {}), "content_type": "application/json"}
        with transaction.atomic():
            answer = getattr(self.browsers[actor], method)(address, **body)
            text = b"".join(answer)  # a stream works only now, and closes its file
            transaction.set_rollback(True)
        to_login = answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")
        return 401 if to_login else int(answer.status_code), text.decode(errors="replace")

    def statuses(self, method: str, name: str) -> tuple[int, int, int]:
        """What owner, outsider and anybody get."""
        owner, outsider, anybody = (self.status(actor, method, name) for actor in ("owner", "outsider", "anybody"))
        return owner, outsider, anybody

    def address(self, name: str) -> str:
        """The address of a route, about the owner's thing."""
        from django.urls import reverse

        return reverse(name, kwargs=self._named(name))

    def address_of_nothing(self, name: str) -> str:
        """The address of a route, about a thing of the same kind that nobody has."""
        from django.urls import reverse

        named = self._named(name)
        return reverse(name, kwargs={one: named[one] if one in WORDS else nothing_like(named[one]) for one in named})

    def _named(self, name: str) -> dict[str, object]:
        """The values in the address of a route: a parameter that nobody gave a thing for fails here."""
        values = self.things | SPECIAL.get(name, {})
        if name == "proposal":
            values["draft"] = values["proposed"]
        if name in ("api-document", "api-document-lab"):
            values["digest"] = values["sha256"]
        if name.startswith(("api-statement", "api-document")):
            values["digest"] = f"sha256:{values['digest']}"
        return {one: values[one] for one in parameters_of(name)}


def parameters_of(name: str) -> list[str]:
    """The names in the address of a route."""
    from django.urls import get_resolver

    return list(get_resolver().reverse_dict[name][0][0][1])


def nothing_like(value: object) -> object:
    """Another value of the same form: UUIDs, digests, numbers and words that stand for nothing."""
    if isinstance(value, UUID):
        return UUID(int=value.int ^ 0xFFFF)
    if isinstance(value, int):
        return value + 10**6
    return re.sub("[0-9A-Za-z](?=[^0-9A-Za-z]*$)", lambda last: "2" if last[0] != "2" else "3", str(value))


WORDS = ("about", "resource", "step")
"""What stands in an address and is a word of the site."""
SPECIAL: dict[str, dict[str, object]] = {
    "epcis-resources": {"resource": "epcs"},
    "epcis-resource": {"resource": "readPoints", "name": "https://isarmagnet.example/gate"},
    "epcis-resource-events": {"resource": "readPoints", "name": "https://isarmagnet.example/gate"},
    "draft_section": {"key": "origin"},
    "reference_draft": {"step": "rules"},
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
    "api-declaration-supersede": {
        "successor": "urn:uuid:01a20000-0000-7000-8000-000000000000",
        "reason": "a newer one",
    },
    "api-declaration-withdraw": {"reason": "a typing error"},
    "api-request-decline": {"reason": "not ours"},
    "api-send-back": {"reason": "another mass"},
    "api-sheet-sign": {"revision": 0},
    "api-operator-record-revoke": {"reason": "other keys"},
    "api-sheet-send-back": {"reason": "another mass"},
}

CHANGES = {"api-member": {"role": "viewer"}, "api-note": {"done": True}, "api-webhook": {"on": False}}
"""What is put."""


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


def open_account(owner: Any) -> str:
    """The id of a claims account of an organisation."""
    from traceability.models import ClaimsAccount
    from traceability.services import acceptance, clock, sealing
    from traceability.services.submissions import Act

    moment = clock.now()
    body = {
        "account": sealing.urn(sealing.new_id(moment)), "model": "mass_balance", "method": "credit", "element": "Nd",
        "materials_in": ["NdPr metal"], "materials_out": ["NdFeB magnets"], "conversion_factor": "0.9",
        "characteristic": {"source": "post_consumer"}, "period_months": 12, "name": "Recycled neodymium",
    }  # fmt: skip
    acceptance.accept(actor=owner, submissions=[Act("account.open", owner.organisation.pk, body, (moment, moment))])
    return str(ClaimsAccount.objects.get(owner=owner.organisation).pk)


def _things(demo: "Demo", owner: Any, browser: Any) -> dict[str, object]:
    """Something of the owner for every name that stands in an address."""
    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from epd.models import Remark
    from epd.services import reference_drafts, runs
    from traceability.intake.numbers import NumberStyle
    from traceability.models import (
        ApiToken,
        Approval,
        AuditNote,
        BundleJob,
        Countersignature,
        Draft,
        DraftTemplate,
        Facility,
        FiguresApproval,
        MailEntry,
        Mandate,
        Membership,
        Opening,
        OutboxTask,
        PartialArrival,
        PartnerRequest,
        ProductNumber,
        Proposal,
        TrustedLog,
    )
    from traceability.models.notifications import Notice, NoticeCopy, Watch
    from traceability.models.webhooks import Webhook, WebhookDelivery
    from traceability.services import (
        bundle_jobs,
        epcis_capture,
        epcis_subscriptions,
        evidence,
        export,
        foreign_bundles,
        invitations,
        sheets,
        tokens,
        watches,
    )

    lot, now, organisation = demo.lot("MAG-1"), timezone.now(), owner.organisation
    made, declaration, supplier = lot.made_by, demo.declaration, demo.organisation("baltika").pk
    arrival = PartialArrival.objects.create(
        lot=lot,
        rejection=made,
        sender=organisation,
        receiver=demo.organisation("nordwind"),
        arrived_kg=1,
        made_at=now,
    )
    run = runs.begin(actor=owner, lots=[lot.pk], said={})
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
    claims_account = open_account(owner)
    letter = MailEntry.objects.create(what="notice", to="***@a.example", task="a", sent=False, at=now, last_at=now)
    request = PartnerRequest.objects.create(
        what="declaration", asker=demo.organisation("nordwind"), to=organisation, lot=lot, same="a", asked_at=now
    )
    note = AuditNote.objects.create(
        organisation=organisation, about="lot", subject=lot.pk, audited=organisation, text="a", created_at=now
    )
    remark = Remark.objects.create(
        declaration=declaration.pk, organisation=organisation, partner_id=supplier, kind="comment", text="a",
        created_at=now,
    )  # fmt: skip
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
    proposed = Draft.objects.create(organisation_id=supplier, kind="cancel", typed={})
    proposal = Proposal.objects.create(
        draft=proposed, to=organisation, lot=lot.pk, custody_hash=bytes(32), proposed_at=now
    )
    figures = FiguresApproval.objects.create(
        organisation=organisation, lot=lot, what="result", asked_by=colleague, asked_at=now
    )
    kept = DraftTemplate.objects.create(organisation=organisation, name="a", kind="source", made_at=now)
    sheet = sheets.upload(
        actor=owner, act="assay", name="a.csv", content=b"lot;occurred_from;basis;Nd\nnone;2026-11-16 06:10;dry_mass;1",
        style=NumberStyle.POINT, utc_offset="+00:00",
    )  # fmt: skip
    foreign = foreign_bundles.upload(actor=owner, name="a.custody.zip", content=b"PK\x03\x04")
    signature = Countersignature.objects.create(
        organisation=organisation, lot=lot.pk, origin="log.example/there", importer=supplier, digest=bytes(32),
        envelope=b"{}", disclosures=[], signed_at=now,
    )  # fmt: skip
    trusted = TrustedLog.objects.create(origin="log.example/there", name="There", policy="", trusted_at=now)
    event = epcis_capture.receive_one(actor=owner, content=EVENT)
    query = epcis_subscriptions.create_query(actor=owner, name="all", asked={})
    told = {"dest": "https://hooks.example/epcis", "stream": True}
    subscription = epcis_subscriptions.subscribe(actor=owner, name="all", wanted=told)
    return {
        "capture": event.capture_id, "event_id": event.event_id, "name": query.name, "subscription": subscription.pk,
        "sheet": sheet.pk, "sheet_id": sheet.pk, "act": "assay", "arrival": arrival.pk, "arrival_id": arrival.pk,
        "template_id": kept.pk, "gtin": gtin, "opening": opening.pk, "mandate": mandate.pk, "number": lot.number,
        "status_list": 0,
        "proposal": proposal.pk, "proposed": proposed.pk, "figures": figures.pk,
        "template": kept.pk, "draft": draft, "approval": approval.pk, "note": note.pk,
        "facility": Facility.objects.filter(organisation=organisation).latest("pk").pk,
        "supplier": supplier, "lot": lot.pk, "lot_id": lot.pk, "statement_id": made.urn, "digest": digest,
        "declaration": declaration.reference, "reference": declaration.reference, "kind": "openepd.json",
        "sha256": bytes(evidence.store(actor=owner, name="a.txt", content=b"a").sha256).hex(),
        "draft_id": draft, "token": token.pk, "token_id": token.pk,
        "key_id": key, "key": f"sha256:{key}",
        "organisation": organisation.pk, "organisation_id": organisation.pk,
        "account": claims_account, "account_id": claims_account,
        "watch": watch.pk, "watch_id": watch.pk, "notice": notice.pk, "notice_id": notice.pk, "code": "overdrawn",
        "webhook": webhook.pk, "webhook_id": webhook.pk, "delivery": delivery.pk, "delivery_id": delivery.pk,
        "invitation": invitation.pk, "invitation_id": invitation.pk, "member_id": member.pk, "task_id": task.pk,
        "entry_id": letter.pk, "request_id": request.pk, "job_id": packed.pk,
        "about": "lot", "subject": str(lot.pk), "note_id": note.pk,
        "bundle": packed.pk, "remark": remark.pk, "prepared_id": reference_drafts.begin(owner).pk,
        "run": run.pk, "run_id": run.pk,
        "bundle_id": foreign.pk, "signature_id": signature.pk,
        "log_id": trusted.pk, "log": trusted.pk, "foreign": foreign.pk,
    }  # fmt: skip
