"""All data of an organisation: every kind of row that belongs to one or to its people is taken out, or named here."""

import io
import zipfile
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Model, Q

from traceability.models import Organisation
from traceability.services import takeout
from traceability.services.takeout import README

if TYPE_CHECKING:
    from tests.project.site import Site

OURS = ("traceability", "epd")
TAKEN = {
    "Organisation": ("organisation.json", "pk"),
    "Application": ("organisation.json", "about"),
    "OpeningRule": ("organisation.json", "group"),
    "ProductNumber": ("organisation.json", "gtin"),
    "Membership": ("members.csv", "user__email"),
    "Invitation": ("invitations.json", "email"),
    "Mandate": ("mandates.csv", "holder_id"),
    "KeyEntry": ("keys.json", "key_id"),
    "KeyName": ("keys.json", "name"),
    "Facility": ("facilities.csv", "pk"),
    "Lot": ("lots.csv", "pk"),
    "PartialArrival": ("arrivals.json", "lot_id"),
    "Evidence": ("documents.csv", "sha256"),
    "PartnerRequest": ("requests.json", "pk"),
    "Opening": ("openings.json", "disclosure__digest"),
    "AuditEvent": ("audit.csv", "note"),
    "AuditNote": ("notes.csv", "subject"),
    "ClaimsAccount": ("claims.json", "pk"),
    "EpcisCapture": ("epcis/", "pk"),
    "EpcisEvent": ("epcis/", "body"),
    "EpcisQuery": ("epcis.json", "name"),
    "EpcisSubscription": ("epcis.json", "dest"),
    "EpcisLotName": ("epcis.json", "name"),
    "ForeignBundle": ("imports.json", "pk"),
    "ImportRequest": ("imports.json", "pk"),
    "Countersignature": ("imports.json", "lot"),
    "Notice": ("notices.json", "subject"),
    "NoticePreference": ("watches.json", "kind"),
    "Watch": ("watches.json", "subject"),
    "SheetImport": ("sheets.json", "pk"),
    "SheetContent": ("sheets/", "pk"),
    "ApiToken": ("tokens.csv", "name"),
    "WebhookKey": ("webhooks.json", "public_key"),
    "Webhook": ("webhooks.json", "url"),
    "WebhookDelivery": ("webhooks.json", "pk"),
    "Draft": ("drafts.json", "kind"),
    "DraftTemplate": ("templates.json", "name"),
    "Approval": ("approvals.json", "pk"),
    "FiguresApproval": ("approvals.json", "pk"),
    "GivenApproval": ("approvals.json", "pk"),
    "Proposal": ("proposals.json", "pk"),
    "Declaration": ("declarations.json", "reference"),
    "ReferenceDraft": ("references.json", "typed__profile"),
    "BackgroundData": ("background.json", "factor_id"),
    "BackgroundUpload": ("background.json", "sha256"),
    "Person": ("people.json", "urn"),
    "Remark": ("remarks.json", "text"),
}
"""Where the rows of each kind are, and what of a row must stand there."""
LEFT = {
    "FactorSetRow": "an index of the statements that publish factor sets",
    "FactorRow": "of the sets of everybody; those of an organisation are its background data",
    "LotAccess": "an index of who sees a lot, made anew from statements",
    "LotEdge": "an index of what went into a lot, made anew from statements",
    "LotResultRow": "an index of the statements that hold results",
    "EpcisName": "an index of the events, which are taken out whole",
    "EpcisFact": "an index of the events, which are taken out whole",
    "BundleJob": "a file that anybody with the same rights can have made again, kept for days",
    "DeclarationRun": "an order of work; the declarations that came of it are taken out",
    "DeclarationRunLot": "how far an order of work is; the declarations that came of it are taken out",
    "NoticeCopy": "whether one member has read a notice; the notices are taken out",
    "RequestAnswer": "a copy of an answer, kept for a short time for a repeated request",
    "TrustedLog": "of the installation, which the operator decides on",
    "WebhookAttempt": "technical detail of a message; how often it was tried is taken out",
    "WritingHabit": "a person's own, in whatever organisation he acts",
}
"""Why rows of the other kinds are not taken out."""


def related(model: type[Model]) -> Iterable[str]:
    return (one.related_model.__name__ for one in model._meta.get_fields() if one.concrete and one.is_relation)  # type: ignore[union-attr]


def of_organisations() -> set[str]:
    """The kinds of rows that belong to an organisation or a person, however far off."""
    models = [one for label in OURS for one in apps.get_app_config(label).get_models()]
    found = {"Organisation", "User"}
    while more := {one.__name__ for one in models if found & set(related(one))} - found:
        found |= more
    return found - {"User"}


def test_every_kind_of_row_is_taken_out_or_left_for_a_reason() -> None:
    assert of_organisations() == TAKEN.keys() | LEFT.keys()
    assert not TAKEN.keys() & LEFT.keys()
    assert {member for member, _ in TAKEN.values()} <= set(README.replace(",", " ").split())


def taken(site: "Site") -> dict[str, bytes]:
    from traceability.models import Membership
    from traceability.selectors.access import Actor

    row = Membership.objects.filter(organisation=site.things["organisation"], role="admin").select_related().first()
    assert row is not None
    content = b"".join(takeout.archive(actor=Actor(row.user_id, row.organisation, row.role)))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def written(value: object) -> str:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)


def test_what_belongs_to_an_organisation_stands_in_its_archive(site: "Site", changing: None) -> None:
    from django.utils import timezone

    from epd.models import Person
    from traceability.models import (
        EpcisLotName,
        GivenApproval,
        ImportRequest,
        KeyEntry,
        KeyName,
        NoticePreference,
        WebhookKey,
    )

    own, lot = Organisation.objects.get(pk=site.things["organisation"]), site.things["lot"]
    user, now = own.memberships.filter(role="admin").values_list("user", flat=True)[0], timezone.now()
    bundle = own.foreign_bundles.first()
    assert bundle is not None
    ImportRequest.objects.create(
        id=lot, organisation=own, bundle=bundle, lot=lot, envelope=b"{}", disclosures=[], signed_at=now
    )
    GivenApproval.objects.create(pk=lot, organisation=own, by_id=user, signed=lot, given_at=now)
    EpcisLotName.objects.create(organisation=own, name="urn:x:our-name", lot=lot)
    key = KeyEntry.objects.filter(organisation=own).values_list("key_id", flat=True)[0]
    KeyName.objects.create(key_id=key, organisation=own, name="Key of the night shift")
    NoticePreference.objects.create(user_id=user, organisation=own, kind="lot.finding", how="none")
    WebhookKey.objects.get_or_create(
        organisation=own, defaults={"public_key": b"p" * 32, "sealed_private": b"s" * 80, "created_at": now}
    )
    Person.objects.create(declaration=own.declarations.values_list("pk", flat=True)[0], user_id=user)
    members = taken(site)
    for name, (member, field) in TAKEN.items():
        rows = list(mine(name, own).values_list(field, flat=True))
        assert rows or name in MAY_BE_NONE, name
        found = b"".join(at.encode() + content for at, content in members.items() if at.startswith(member))
        assert [one for one in rows if written(one).encode() not in found] == [], (name, member)
    secret = WebhookKey.objects.get(organisation=own).sealed_private
    assert bytes(secret).hex().encode() not in b"".join(members.values())


MAY_BE_NONE = {"Application", "BackgroundData", "BackgroundUpload", "OpeningRule", "Remark", "ReferenceDraft"}
PATHS = {
    "Organisation": "pk", "Mandate": "giver", "Lot": "maker", "PartialArrival": "sender", "PartnerRequest": "to",
    "Opening": "disclosure__statement__issuer", "ClaimsAccount": "owner", "EpcisSubscription": "query__organisation",
    "SheetContent": "sheet__organisation", "WebhookDelivery": "webhook__organisation", "Proposal": "to",
    "Approval": "draft__organisation", "Declaration": "declarant", "Person": "user__memberships__organisation",
}  # fmt: skip


def mine(name: str, own: Organisation) -> Any:
    model = next(one for label in OURS for one in apps.get_app_config(label).get_models() if one.__name__ == name)
    return model._default_manager.filter(Q(**{PATHS.get(name, "organisation"): own.pk}))
