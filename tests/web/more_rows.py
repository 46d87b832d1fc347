"""More rows of everything that pages list: how a test makes a list longer."""

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

if TYPE_CHECKING:
    from django.db.models import Model

    from tests.demo_chain import Demo

FEW, MANY = range(5), range(5, 45)
WORD = "cinnabar"
NAMES = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
Grow = Callable[["Demo", range], object]


def more(row: "Model", numbers: range, **given: Callable[[int], object]) -> "dict[int, Any]":
    """Copies of a row by number, alike but for what must differ and what is given by number."""
    model = type(row)
    kept = {one.attname: getattr(row, one.attname) for one in model._meta.concrete_fields if not one.primary_key}
    unique = {one.attname: one for one in model._meta.concrete_fields if one.unique and not one.is_relation}
    unique |= {one.attname: one for one in model._meta.concrete_fields if one.name in ("urn", "sha256")}
    made = []
    for number in numbers:
        differing = {name: _another(model.__name__, one, number) for name, one in unique.items()}
        numbered = {name: of(number) for name, of in given.items()}
        made.append(model(**{**kept, **differing, **numbered}))
    return dict(zip(numbers, model._default_manager.bulk_create(made), strict=True))


def _another(model: str, field: Any, number: int) -> object:
    digest = hashlib.sha256(f"{model} {field.name} {number}".encode()).digest()
    kind = field.get_internal_type()
    if kind == "UUIDField":
        return _id(f"{model} {field.name}", number)
    if kind == "BinaryField":
        return digest
    return digest.hex()[: min(field.max_length, 30)] if kind == "CharField" else None


def _id(what: str, number: int) -> UUID:
    return uuid5(NAMES, f"{what} {number}")


def owner(demo: "Demo") -> Any:
    return demo.organisation("isarmagnet")


def lots(demo: "Demo", numbers: range) -> None:
    """Lots in every state, some of which were handed on; with results and declarations."""
    from epd.models import LotResultRow
    from traceability.models import LotAccess

    mine, partner = owner(demo), demo.organisation("nordwind")
    given = demo.lot("MAG-1")
    result = LotResultRow.objects.filter(lot=given).latest("pk")
    states = (
        ("held", mine, None), ("blocked", mine, None), ("held", partner, None),
        ("in_transit", mine, partner), ("in_transit", partner, mine),
    )  # fmt: skip

    def of(number: int) -> tuple[str, Any, Any]:
        return states[number % len(states)]

    made = more(
        given,
        numbers,
        number=lambda number: f"MORE-{number}",
        state=lambda number: of(number)[0],
        holder_id=lambda number: of(number)[1].pk,
        receiver_id=lambda number: of(number)[2] and of(number)[2].pk,
    )
    for organisation in (mine, partner):
        LotAccess.objects.bulk_create(
            LotAccess(organisation=organisation, lot=lot, sees="party") for lot in made.values()
        )
    said = more(result.statement, numbers)
    LotResultRow.objects.bulk_create(LotResultRow(statement=said[one], lot=made[one]) for one in numbers)
    more(
        demo.declaration,
        numbers,
        lot_id=lambda number: made[number].pk,
        statement_id=lambda number: said[number].pk,
    )


def magnets_of_one_alloy(demo: "Demo", numbers: range) -> None:
    """Lots that were made of one alloy."""
    from traceability.models import Lot, LotEdge

    lots(demo, numbers)
    edge = LotEdge.objects.filter(child=demo.lot("MAG-1")).latest("pk")
    made = Lot.objects.filter(number__in=[f"MORE-{number}" for number in numbers])
    LotEdge.objects.bulk_create(
        LotEdge(parent_id=edge.parent_id, child=one, statement=edge.statement, mass_kg=1) for one in made
    )


def newest(model: str, **which: object) -> Grow:
    """More of the newest row of a model."""

    def grow(demo: "Demo", numbers: range) -> None:
        from django.apps import apps

        more(apps.get_model("traceability", model).objects.filter(**which).latest("pk"), numbers)

    return grow


def templates(demo: "Demo", numbers: range) -> None:
    """Templates of drafts."""
    from traceability.models import DraftTemplate

    given = DraftTemplate.objects.filter(organisation=owner(demo)).latest("pk")
    more(given, numbers, name=lambda number: f"Template {number}")


def product_numbers(demo: "Demo", numbers: range) -> None:
    """GTINs of as many materials."""
    from traceability.models import ProductNumber

    more(ProductNumber.objects.latest("given_at"), numbers, material=lambda number: f"Material {number}")


def members(demo: "Demo", numbers: range) -> None:
    """Colleagues and invitations."""
    from django.contrib.auth import get_user_model

    from traceability.models import Invitation, Membership

    users = more(get_user_model().objects.get(username="colleague"), numbers)
    Membership.objects.bulk_create(
        Membership(user=one, organisation=owner(demo), role="viewer") for one in users.values()
    )
    more(Invitation.objects.latest("created_at"), numbers, email=lambda number: f"n{number}@example.org")


def partners(demo: "Demo", numbers: range) -> None:
    """Organisations with which the owner has a mandate."""
    from traceability.models import Mandate

    made = more(demo.organisation("nordwind"), numbers, name=lambda number: f"Partner {number}")
    days = {"valid_from": "2026-01-01", "valid_until": "2099-01-01"}
    Mandate.objects.bulk_create(Mandate(giver=one, holder=owner(demo), **days) for one in made.values())


def lots_and_partners(demo: "Demo", numbers: range) -> None:
    """Lots, and mandates that open those of others."""
    lots(demo, numbers)
    partners(demo, numbers)


def notices(demo: "Demo", numbers: range) -> None:
    """Notices about a lot, for the owner's person."""
    from traceability.models import Notice, NoticeCopy

    copy = NoticeCopy.objects.latest("pk")
    made = more(Notice.objects.get(pk=copy.notice_id), numbers)
    more(copy, numbers, notice_id=lambda number: made[number].pk)


def watches(demo: "Demo", numbers: range) -> None:
    """Watches of lots, one each."""
    from traceability.models import Watch

    made = more(demo.lot("MAG-1"), numbers)
    more(Watch.objects.latest("created_at"), numbers, subject=lambda number: made[number].pk)


def requests(demo: "Demo", numbers: range) -> None:
    """Requests about as many lots, some answered with the declaration."""
    from traceability.models import PartnerRequest

    made = more(demo.lot("MAG-1"), numbers)
    more(
        PartnerRequest.objects.latest("asked_at"),
        numbers,
        lot_id=lambda number: made[number].pk,
        same=lambda number: f"same {number}",
        declaration=lambda number: demo.declaration.pk if number % 2 else None,
    )


def openings(demo: "Demo", numbers: range) -> None:
    """Values of as many statements, opened to a partner."""
    from traceability.models import Opening

    given = Opening.objects.latest("opened_at")
    said = more(given.disclosure.statement, numbers)
    values = more(given.disclosure, numbers, statement_id=lambda number: said[number].pk)
    more(given, numbers, disclosure_id=lambda number: values[number].pk)


def bundles(demo: "Demo", numbers: range) -> None:
    """Bundles of as many lots."""
    from traceability.models import BundleJob, LotAccess

    made = more(demo.lot("MAG-1"), numbers)
    LotAccess.objects.bulk_create(LotAccess(organisation=owner(demo), lot=lot, sees="party") for lot in made.values())
    more(BundleJob.objects.latest("requested_at"), numbers, lot=lambda number: made[number].pk)


def notes(demo: "Demo", numbers: range) -> None:
    """Notes of auditors on lots, statements and a declaration."""
    from traceability.models import AuditNote, LotAccess

    made = more(demo.lot("MAG-1"), numbers)
    LotAccess.objects.bulk_create(LotAccess(organisation=owner(demo), lot=lot, sees="party") for lot in made.values())
    statement = bytes(demo.lot("MAG-1").made_by.digest).hex()
    more(
        AuditNote.objects.filter(organisation=owner(demo)).latest("created_at"),
        numbers,
        about=lambda number: ("lot", "statement", "declaration")[number % 3],
        subject=lambda number: (str(made[number].pk), statement, str(demo.declaration.pk))[number % 3],
    )


def webhooks(demo: "Demo", numbers: range) -> None:
    """Receivers, each with a delivery."""
    from traceability.models import Webhook, WebhookDelivery

    made = more(Webhook.objects.latest("created_at"), numbers)
    more(WebhookDelivery.objects.latest("created_at"), numbers, webhook_id=lambda number: made[number].pk)


def audit(demo: "Demo", numbers: range) -> None:
    """Readings by partners."""
    from traceability.models import AuditEvent

    with_partner = AuditEvent.objects.filter(organisation=owner(demo)).latest("pk")
    partner = demo.organisation("nordwind").pk
    more(with_partner, numbers, actor_organisation_id=lambda number: partner if number % 2 else None)


def applicants(demo: "Demo", numbers: range) -> None:
    """Organisations that wait for the operator's word, each with an administrator who can be reached."""
    from allauth.account.models import EmailAddress
    from django.contrib.auth import get_user_model

    from traceability.models import Membership

    made = more(
        demo.organisation("nordwind"), numbers, name=lambda number: f"Newcomer {number}", standing=lambda _: "waiting"
    )
    users = more(get_user_model().objects.get(username="colleague"), numbers)
    for organisation, user in zip(made.values(), users.values(), strict=True):
        Membership.objects.create(user=user, organisation=organisation, role="admin")
        EmailAddress.objects.create(user=user, email=f"{user.username}@newcomer.example", verified=True)


def failures(demo: "Demo", numbers: range) -> None:
    """Failures of the tasks of the installation."""
    from django.utils import timezone

    from traceability.models import JobFailure

    now = timezone.now()
    JobFailure.objects.bulk_create(
        JobFailure(name="lodestone.tidy", error=f"E{number}", at=now, last_at=now) for number in numbers
    )


def keys_of_platform(demo: "Demo", numbers: range) -> None:
    """Keys that the platform keeps."""
    from traceability.models import PlatformKey

    more(PlatformKey.objects.exclude(organisation=demo.organisation("operator").pk).latest("pk"), numbers)


def statements(demo: "Demo", numbers: range) -> None:
    """Statements that the owner signed."""
    from traceability.models import Statement

    more(Statement.objects.filter(issuer=owner(demo).pk).latest("pk"), numbers)


def arrivals(demo: "Demo", numbers: range) -> None:
    """Deliveries in parts, each rejected by a statement of its own."""
    from django.utils import timezone

    from traceability.models import PartialArrival, Statement

    lot, other = demo.lot("MAG-1"), demo.organisation("nordwind")
    free = Statement.objects.filter(partial_arrival=None).order_by("pk")
    for statement in free[: len(numbers)]:
        PartialArrival.objects.create(
            lot=lot, rejection=statement, sender=owner(demo), receiver=other, arrived_kg=1, made_at=timezone.now()
        )


def found_by_words(demo: "Demo", numbers: range) -> None:
    """Lots, declarations, statements, partners and documents in whose texts one word stands."""
    from traceability.models import Evidence, LotAccess, Mandate, SearchText, Statement, SubjectHead

    mine, kind = owner(demo), SearchText.Kind
    days = {"valid_from": "2026-01-01", "valid_until": "2099-01-01"}
    of_lots = more(demo.lot("MAG-1"), numbers)
    said = more(Statement.objects.filter(issuer=mine.pk).latest("pk"), numbers)
    heads = more(SubjectHead.objects.get(pk=demo.declaration.pk), numbers, subject=lambda n: _id("head", n))
    declared = more(demo.declaration, numbers, id=lambda n: _id("head", n), statement_id=lambda n: said[n].pk)
    others = more(demo.organisation("nordwind"), numbers)
    documents = more(Evidence.objects.filter(organisation=mine).latest("pk"), numbers)
    texts = []
    for n in numbers:
        LotAccess.objects.create(organisation=mine, lot=of_lots[n], sees="party")
        Mandate.objects.create(giver=others[n], holder=mine, **days)
        texts += [
            SearchText(kind=kind.STATEMENT, source=said[n].pk, subject=of_lots[n].pk, text=WORD),
            SearchText(kind=kind.STATEMENT, source=said[n].pk, subject=heads[n].pk, text=WORD),
            SearchText(kind=kind.PARTNER, source=0, subject=others[n].pk, text=WORD),
            SearchText(kind=kind.DOCUMENT, source=documents[n].pk, subject=mine.pk, text=WORD),
        ]
    SearchText.objects.bulk_create(texts)
    assert declared


def nothing(demo: "Demo", numbers: range) -> None:
    """The long page is asked for in other words."""


def reference_drafts(demo: "Demo", numbers: range) -> None:
    """References in preparation."""
    from datetime import timedelta

    from django.utils import timezone

    from epd.models import ReferenceDraft

    for number in numbers:
        moment = timezone.now() - timedelta(minutes=number)
        ReferenceDraft.objects.create(
            organisation=owner(demo), typed={"product": f"{WORD} {number}"}, made_at=moment, changed_at=moment
        )


def mine(model: str) -> Grow:
    """More of the owner's newest row of a model."""

    def grow(demo: "Demo", numbers: range) -> None:
        newest(model, organisation=owner(demo))(demo, numbers)

    return grow


def submitted(demo: "Demo", numbers: range) -> None:
    """Declarations of others that wait for the owner."""
    from epd.models import Declaration

    lots(demo, numbers)
    made = Declaration.objects.exclude(pk=demo.declaration.pk)
    made.update(submitted_to=owner(demo).pk, asks="verification", stage="submitted")


def countersigned(demo: "Demo", numbers: range) -> None:
    """Imports into other records that the owner signed second."""
    from traceability.models import Countersignature

    more(Countersignature.objects.latest("pk"), numbers, digest=lambda number: (number + 1).to_bytes(32))


def trusted(demo: "Demo", numbers: range) -> None:
    """Logs of other records that the operator trusts."""
    from traceability.models import TrustedLog

    more(TrustedLog.objects.latest("trusted_at"), numbers, origin=lambda number: f"log.example/more-{number}")
