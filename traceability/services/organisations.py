"""Organisations enter the record: registered with a platform-held key, vouched for by the operator, given mandates."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from traceability.ledger import identifiers, signing
from traceability.models import AuditEvent, Mandate, Membership, Notice, Organisation
from traceability.selectors.access import Actor, NotFound
from traceability.services import acceptance, audit, clock, notices, sealing, search_index, vault
from traceability.services.errors import NotAllowed, Refusal
from traceability.services.notice_rules import News
from traceability.services.submissions import Act, Receipt


class OperatorExists(Refusal):
    code = "operator_exists"


class MandateRefused(Refusal):
    code = "bad_mandate"


def on_behalf_of(organisation: Organisation, *, user_id: int = 0) -> Actor:
    """The actor for what the platform itself does in an organisation's name, such as its first registration."""
    return Actor(user_id, organisation, Membership.Role.ADMIN)


@transaction.atomic
def register(
    *,
    name: str,
    country: str,
    roles: list[str],
    at: datetime | None = None,
    is_operator: bool = False,
    names: dict[str, str] | None = None,
    ids: tuple[UUID, UUID] | None = None,
) -> tuple[Organisation, Receipt]:
    """A new organisation with a platform-held key, and the receipt of its organisation.register.

    `names` holds lei, did and domain where they are known; `ids` are the organisation's and the statement's where the
    call must be repeatable. The operator is registered first: its statement is leaf 0.
    """
    if is_operator and Organisation.objects.filter(is_operator=True).exists():
        raise OperatorExists("This log has its operator already.")
    organisation_id, statement_id = ids or (sealing.new_id(clock.now()), None)
    organisation = Organisation.objects.create(
        id=organisation_id,
        name=name,
        country=country,
        roles=roles,
        is_operator=is_operator,
        first_days_over_at=clock.now(),  # first-day help is for who signs up by himself
    )
    search_index.name_organisation(organisation.pk, name)
    receipt = enter(organisation, at=at, names=names, statement_id=statement_id)
    return organisation, receipt


@transaction.atomic
def enter(
    organisation: Organisation,
    *,
    at: datetime | None = None,
    names: dict[str, str] | None = None,
    statement_id: UUID | None = None,
) -> Receipt:
    """The receipt of the organisation.register of an organisation that is known here, with a new platform-held key."""
    moment = at or clock.now()
    public_key = vault.create_key(organisation.pk)
    body = {
        "public_key": identifiers.b64url_encode(public_key),
        "custody": "platform",
        "roles": organisation.roles,
        "country": organisation.country,
        "name": organisation.name,
        **(names or {}),
    }
    act = Act(
        "organisation.register",
        organisation.pk,
        body,
        (moment, moment),
        key=signing.key_id(public_key),
        id=statement_id,
    )
    [receipt] = acceptance.accept(actor=on_behalf_of(organisation), submissions=[act])
    organisation.refresh_from_db()
    return receipt


def attest(*, actor: Actor, organisation: UUID, checked: list[str], at: datetime | None = None) -> Receipt:
    """The receipt of an organisation.attest: the actor's organisation, usually the operator, vouches for another."""
    moment = at or clock.now()
    body = {
        "attestation": sealing.urn(sealing.new_id(clock.now())),
        "organisation": sealing.urn(organisation),
        "checked": checked,
    }
    act = Act("organisation.attest", actor.organisation.pk, body, (moment, moment))
    return acceptance.accept(actor=actor, submissions=[act])[0]


@transaction.atomic
def give_mandate(*, actor: Actor, holder: Organisation, purpose: str, valid_from: date, valid_until: date) -> Mandate:
    """A mandate: until the given day the holder reads the confidential values of the actor's own statements.

    MandateRefused names the field: `/holder`, `/valid_until`.
    """
    _require_admin(actor)
    if holder == actor.organisation:
        raise MandateRefused("Your own organisation reads its values anyway. Choose another one.", path="/holder")
    if valid_until < valid_from:
        raise MandateRefused("A mandate ends after it begins. Choose a later day.", path="/valid_until")
    if valid_until < clock.now().date():
        raise MandateRefused("This day is over. Choose today or a later day.", path="/valid_until")
    audit.note(actor, AuditEvent.Kind.MANDATE_GIVEN, f"to {holder.name}, {valid_from} to {valid_until}")
    given = Mandate.objects.create(
        giver=actor.organisation, holder=holder, purpose=purpose, valid_from=valid_from, valid_until=valid_until
    )
    _tell(given, Notice.Kind.MANDATE_GIVEN)
    return given


@transaction.atomic
def revoke_mandate(*, actor: Actor, mandate: Mandate) -> None:
    """Ends a mandate that the actor's organisation gave. What was read cannot be taken back."""
    _require_admin(actor)
    if mandate.giver_id != actor.organisation.pk:
        raise NotAllowed("Only the organisation that gave a mandate can end it.")
    mandate.revoked_at = clock.now()
    mandate.save(update_fields=["revoked_at"])
    audit.note(actor, AuditEvent.Kind.MANDATE_ENDED, f"of {mandate.holder.name}")
    _tell(mandate, Notice.Kind.MANDATE_ENDED)


def _tell(mandate: Mandate, kind: Notice.Kind) -> None:
    """Tells the members of its holder."""
    news = News(mandate.holder_id, kind, Notice.About.MANDATE, mandate.giver_id)
    notices.tell(news, cause=f"mandate:{mandate.pk}")


@transaction.atomic
def rotate_key(*, actor: Actor, key: str = "") -> Receipt:
    """A new platform-held key takes over; the old one signs for it and never again.

    `key` names the old one (`sha256:`): who asks twice to replace the same key replaces it once.
    """
    _require_admin(actor)
    if key and not actor.organisation.keys.filter(key_id=identifiers.digest_bytes(key)).exists():
        raise NotFound("There is no such key of your organisation.")
    public_key = vault.create_key(actor.organisation.pk)
    moment = clock.now()
    body = {"public_key": identifiers.b64url_encode(public_key), "custody": "platform"}
    new = signing.key_id(public_key)
    act = Act("key.rotate", actor.organisation.pk, body, (moment, moment), key=key or None, new_platform_key=new)
    audit.note(actor, AuditEvent.Kind.KEY, f"replaced by {new}")
    return acceptance.accept(actor=actor, submissions=[act])[0]


@transaction.atomic
def revoke_key(*, actor: Actor, key: str, compromised_from_index: int, reason: str) -> Receipt:
    """Ends a key of the actor's organisation; what it signed from that log index on is in doubt."""
    _require_admin(actor)
    if not actor.organisation.keys.filter(key_id=identifiers.digest_bytes(key)).exists():
        raise NotFound("There is no such key of your organisation.")
    moment = clock.now()
    body = {"key": key, "compromised_from_index": compromised_from_index, "reason": reason}
    act = Act("key.revoke", actor.organisation.pk, body, (moment, moment))
    audit.note(actor, AuditEvent.Kind.KEY, f"{key} revoked, in doubt from entry {compromised_from_index} on")
    return acceptance.accept(actor=actor, submissions=[act])[0]


def _require_admin(actor: Actor) -> None:
    if actor.role != Membership.Role.ADMIN:
        raise NotAllowed("Only an administrator of the organisation can do this.")
