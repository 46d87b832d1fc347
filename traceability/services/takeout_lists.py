"""The plain lists of an organisation's archive: what it keeps here beside its statements, documents and lots."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from traceability.models import (
    Application,
    Approval,
    ClaimsAccount,
    Countersignature,
    EpcisLotName,
    EpcisQuery,
    EpcisSubscription,
    FiguresApproval,
    ForeignBundle,
    GivenApproval,
    ImportRequest,
    Invitation,
    KeyEntry,
    KeyName,
    Notice,
    NoticePreference,
    Opening,
    PartialArrival,
    Proposal,
    SheetImport,
    Watch,
    WebhookDelivery,
    WebhookKey,
)
from traceability.selectors.access import Actor
from traceability.services.sheets import unpacked

Row = dict[str, Any]


def lists(actor: Actor) -> dict[str, object]:
    """What is written as JSON, by the name of the member."""
    own = actor.organisation
    arrivals = PartialArrival.objects.filter(Q(sender=own) | Q(receiver=own)).order_by("made_at", "pk")
    invitations = Invitation.objects.filter(organisation=own).order_by("created_at", "pk")
    names = KeyName.objects.filter(key_id=OuterRef("key_id")).values("name")
    keys = KeyEntry.objects.filter(organisation=own).annotate(name=Subquery(names)).order_by("pk")
    notices = Notice.objects.filter(organisation=own).order_by("created_at", "pk")
    sheets = SheetImport.objects.filter(organisation=own).order_by("made_at", "pk")
    return {
        "approvals.json": _approvals(own.pk),
        "arrivals.json": _rows(arrivals, "lot", "sender", "receiver", "arrived_kg", "made_at", "rejection__urn"),
        "claims.json": _rows(ClaimsAccount.objects.filter(owner=own).order_by("pk"), "id", "name", "facility"),
        "epcis.json": _epcis(own.pk),
        "imports.json": _imports(own.pk),
        "invitations.json": _rows(invitations, "email", "role", "invited_by__email", "created_at", "expires_at",
                                  "accepted_at", "withdrawn_at"),
        "keys.json": _rows(keys, "key_id", "name", "public_key", "custody", "recovery", "since__urn", "ended__urn"),
        "notices.json": _rows(notices, "kind", "about", "subject", "others", "statement__urn", "created_at"),
        "openings.json": _openings(own.pk),
        "proposals.json": _proposals(own.pk),
        "sheets.json": _rows(sheets, "id", "act", "name", "sha256", "state", "rows", "made_by__email", "made_at",
                             "signed_by__email", "signed_at", "reason"),
        "watches.json": {
            "watches": _rows(Watch.objects.filter(organisation=own).order_by("pk"), "user__email", "what", "subject",
                             "product", "lot", "created_at"),
            "told": _rows(NoticePreference.objects.filter(organisation=own).order_by("pk"), "user__email", "kind",
                          "how"),
        },
        "webhooks.json": _webhooks(actor),
    }  # fmt: skip


def application(actor: Actor) -> Mapping[str, Any] | None:
    """With what the organisation asked the operator to vouch for it."""
    rows = Application.objects.filter(organisation=actor.organisation)
    return rows.values("about", "website", "applied_at", "terms_accepted_at", "decided_at").first()


def sheets(actor: Actor) -> Iterator[tuple[str, bytes]]:
    """The cells of each sheet, a file for each."""
    rows = SheetImport.objects.filter(organisation=actor.organisation).exclude(content=None).order_by("pk")
    for pk, cells in rows.values_list("pk", "content__cells").iterator(chunk_size=10):
        yield f"sheets/{pk}.json", msgspec.json.encode(unpacked(bytes(cells)))


def _rows(rows: QuerySet[Any], *fields: str) -> list[Row]:
    return [_told(row) for row in rows.values(*fields)]


def _told(row: Row) -> Row:
    """A row with its octets as hexadecimal digits."""
    return {name: bytes(value).hex() if isinstance(value, bytes | memoryview) else value for name, value in row.items()}


def _approvals(own: UUID) -> Mapping[str, list[Row]]:
    asked = ("asked_by__email", "asked_at", "sent_back_by__email", "sent_back_at", "reason")
    drafts = Approval.objects.filter(draft__organisation=own).order_by("pk")
    figures = FiguresApproval.objects.filter(organisation=own).order_by("pk")
    given = GivenApproval.objects.filter(organisation=own).order_by("given_at", "pk")
    return {
        "drafts": _rows(drafts, "id", "draft", *asked),
        "figures": _rows(figures, "id", "what", "lot", "declaration", "said", *asked),
        "given": _rows(given, "id", "signed", "by__email", "given_at"),
    }


def _epcis(own: UUID) -> Mapping[str, list[Row]]:
    queries = EpcisQuery.objects.filter(organisation=own).order_by("pk")
    subscriptions = EpcisSubscription.objects.filter(query__organisation=own).order_by("created_at", "pk")
    names = EpcisLotName.objects.filter(organisation=own).order_by("name")
    return {
        "queries": _rows(queries, "name", "query", "created_at"),
        "subscriptions": _rows(subscriptions, "id", "query__name", "dest", "stream", "schedule", "created_at"),
        "lots": _rows(names, "name", "lot"),
    }


def _imports(own: UUID) -> Mapping[str, list[Row]]:
    """Bundles with their digests (the files are among the documents), and what was signed, as it was signed."""
    bundles = ForeignBundle.objects.filter(organisation=own).order_by("uploaded_at", "pk")
    requests = ImportRequest.objects.filter(organisation=own).order_by("signed_at", "pk")
    second = Countersignature.objects.filter(organisation=own).order_by("signed_at", "pk")
    return {
        "bundles": _rows(bundles, "id", "name", "sha256", "uploaded_at", "state", "origin", "sentence", "report"),
        "first": _signed(requests, "id"),
        "second": _signed(second, "origin", "importer"),
    }  # fmt: skip


def _signed(rows: QuerySet[Any], *fields: str) -> list[Row]:
    found = rows.values(*fields, "lot", "envelope", "disclosures", "signed_at")
    return [row | {"envelope": msgspec.Raw(bytes(row["envelope"]))} for row in found]


def _openings(own: UUID) -> Mapping[str, list[Row]]:
    rows = Opening.objects.order_by("opened_at", "pk").annotate(
        digest=F("disclosure__digest"), place=F("disclosure__path"), statement=F("disclosure__statement__urn")
    )
    fields = ("statement", "place", "digest", "opened_at")
    return {
        "by_us": _rows(rows.filter(disclosure__statement__issuer=own), "organisation", *fields),
        "to_us": _rows(rows.filter(organisation=own), *fields),
    }


def _proposals(own: UUID) -> list[Row]:
    """A draft of a partner is his; of what waits for the own signature there is the lot, and what it became."""
    rows = Proposal.objects.filter(Q(to=own) | Q(draft__organisation=own) | Q(statement__issuer=own))
    return _rows(rows.order_by("proposed_at", "pk"), "id", "to", "draft", "statement__urn", "lot", "proposed_at",
                 "declined_at", "reason")  # fmt: skip


def _webhooks(actor: Actor) -> Mapping[str, object]:
    own = actor.organisation
    key = WebhookKey.objects.filter(organisation=own).order_by("pk")
    sent = WebhookDelivery.objects.filter(webhook__organisation=own).order_by("created_at", "pk")
    return {
        "public_key": _rows(key, "public_key", "created_at"),
        "webhooks": _rows(own.webhooks.order_by("created_at", "pk"), "id", "url", "kinds", "created_at",
                          "disabled_at", "disabled_because"),
        "messages": _rows(sent.annotate(tries=Count("attempts")), "id", "webhook", "kind", "state", "created_at",
                          "tries"),
    }  # fmt: skip
