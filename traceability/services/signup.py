"""An organisation signs up, and the operator gives his word on it. Nothing is said in the record before that."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.urls import reverse

from traceability.ledger.errors import RecordError
from traceability.ledger.kinds.organisations import ORGANISATION_ROLES
from traceability.ledger.shapes import COUNTRY, NOTHING_DISCLOSED, ListOf, Object, Text, Word, optional
from traceability.models import Application, Membership, Organisation
from traceability.selectors.access import Actor, NotFound
from traceability.services import (
    audit,
    clock,
    invitations,
    letters,
    members,
    organisations,
    sealing,
    search_index,
)
from traceability.services.errors import NotAllowed, Refusal
from traceability.services.submissions import Receipt

Standing = Organisation.Standing
ACCOUNT = audit.Kind.ACCOUNT
ROLES = tuple(role for role in ORGANISATION_ROLES if role != "operator")
DECIDABLE = (Standing.WAITING, Standing.REFUSED)
MOST_WAITING = 3
SAID = Object(
    {
        "name": Text(200),
        "country": COUNTRY,
        "roles": ListOf(Word(ROLES), distinct=True),
        "about": Text(1000),
    }
)
SAID_BY_PROGRAM = replace(SAID, fields={**SAID.fields, "website": optional(Text(200))})


class Against(Protocol):
    """A decision against an organisation, with its reason."""

    def __call__(self, *, actor: Actor, organisation_id: UUID, reason: str) -> None: ...


class NotWaiting(Refusal):
    """An organisation on which the operator's word was given already."""

    code = "not_waiting"


class TooManyApplications(Refusal):
    """A person for whom several organisations wait already."""

    code = "too_many_applications"


class ReasonMissing(RecordError):
    """A decision against somebody without a reason."""

    code = "reason_missing"


class UnreadableName(RecordError):
    """A name with characters that nobody sees: it could pass for another one."""

    code = "unreadable_name"


class BadWebsite(RecordError):
    """A website that is no http or https address."""

    code = "bad_website"


@dataclass(frozen=True, slots=True)
class Applied:
    """What an organisation says of itself, in the form in which it will be signed."""

    name: str
    country: str
    roles: Sequence[str]
    about: str
    website: str = ""

    def __post_init__(self) -> None:
        if not self.name.isprintable():
            raise UnreadableName("Write the name without invisible characters.", path="/name")
        if self.website:
            try:
                URLValidator(["http", "https"])(self.website)
            except ValidationError:
                raise BadWebsite("Write the address of the website with https://.", path="/website") from None
        SAID.check(
            {"name": self.name, "country": self.country, "roles": list(self.roles), "about": self.about},
            "",
            NOTHING_DISCLOSED,
        )


@transaction.atomic
def apply(*, user_id: int, applied: Applied, invitation: str = "") -> Organisation:
    """A new organisation that waits for the operator's word; who signed it up is its first administrator.

    `invitation` is the secret of the partner's link that led here.
    """
    waiting = Membership.objects.filter(user=user_id, organisation__standing__in=DECIDABLE)
    if waiting.count() >= MOST_WAITING:
        raise TooManyApplications("Several of your organisations wait for the operator's word. Wait for one of them.")
    now = clock.now()
    organisation = Organisation.objects.create(
        id=sealing.new_id(now),
        name=applied.name,
        country=applied.country,
        roles=list(applied.roles),
        standing=Standing.WAITING,
    )
    search_index.name_organisation(organisation.pk, organisation.name)
    Application.objects.create(
        organisation=organisation,
        about=applied.about,
        website=applied.website,
        applied_by_id=user_id,
        applied_at=now,
        terms_accepted_at=now,
    )
    Membership.objects.create(user_id=user_id, organisation=organisation, role=Membership.Role.ADMIN)
    audit.note_for(organisation, ACCOUNT, "Signed up", user_id=user_id)
    if invitation:
        invitations.use_for_partner(secret=invitation, newcomer=organisation, user_id=user_id)
    return organisation


@transaction.atomic
def say_again(*, actor: Actor, applied: Applied) -> None:
    """Changes what the organisation says of itself; after a refusal that asks the operator again."""
    members.require_admin(actor)
    organisation = _locked(actor.organisation.pk, *DECIDABLE)
    organisation.name, organisation.country = applied.name, applied.country
    organisation.roles = list(applied.roles)
    organisation.standing, organisation.standing_reason = Standing.WAITING, ""
    organisation.save(update_fields=["name", "country", "roles", "standing", "standing_reason"])
    search_index.name_organisation(organisation.pk, organisation.name)
    Application.objects.filter(organisation=organisation).update(
        about=applied.about, website=applied.website, applied_at=clock.now(), decided_at=None
    )
    audit.note_for(organisation, ACCOUNT, "Asked the operator again", user_id=actor.user_id)


@transaction.atomic
def vouch(*, actor: Actor, organisation_id: UUID, checked: Sequence[str], at: datetime | None = None) -> Receipt:
    """The receipt of the operator's organisation.attest; the organisation is registered in the same moment."""
    require_operator(actor)
    organisation = _locked(organisation_id, *DECIDABLE)
    _decide(actor, organisation, Standing.ACTIVE, f"The operator vouched for: {', '.join(checked)}")
    organisations.enter(organisation, at=at)
    receipt = organisations.attest(actor=actor, organisation=organisation.pk, checked=list(checked), at=at)
    _tell_admins("vouched", organisation, link=letters.address(reverse("first_days")))
    if organisation.invited_by:
        _tell_admins("partner_is_here", organisation.invited_by, newcomer=organisation)
    return receipt


@transaction.atomic
def refuse(*, actor: Actor, organisation_id: UUID, reason: str) -> None:
    """The operator does not vouch, and says why. The organisation may put it right and ask again."""
    require_operator(actor)
    organisation = _locked(organisation_id, Standing.WAITING)
    _decide(actor, organisation, Standing.REFUSED, "The operator did not vouch", _reason(reason))
    _tell_admins("refused", organisation, reason=reason, link=letters.address(reverse("organisation")))


@transaction.atomic
def suspend(*, actor: Actor, organisation_id: UUID, reason: str) -> None:
    """Lets an organisation read and no longer record or sign, until `resume`."""
    require_operator(actor)
    organisation = _locked(organisation_id, Standing.ACTIVE)
    if organisation.is_operator:
        raise NotAllowed("The operator cannot suspend itself.")
    _decide(actor, organisation, Standing.SUSPENDED, "Suspended by the operator", _reason(reason))
    _tell_admins("suspended", organisation, reason=reason)


@transaction.atomic
def resume(*, actor: Actor, organisation_id: UUID) -> None:
    """Lets a suspended organisation record and sign again."""
    require_operator(actor)
    organisation = _locked(organisation_id, Standing.SUSPENDED)
    _decide(actor, organisation, Standing.ACTIVE, "No longer suspended")
    _tell_admins("resumed", organisation)


def require_operator(actor: Actor) -> None:
    """The pages of the operator do not exist for others; his people who only read may not decide."""
    if not actor.organisation.is_operator:
        raise NotFound("There is no such page.")
    if not actor.may_submit:
        raise NotAllowed(actor.why_not_submit)


def _decide(actor: Actor, organisation: Organisation, standing: Standing, said: str, reason: str = "") -> None:
    organisation.standing, organisation.standing_reason = standing, reason
    organisation.save(update_fields=["standing", "standing_reason"])
    Application.objects.filter(organisation=organisation, decided_at=None).update(decided_at=clock.now())
    audit.note_for(organisation, ACCOUNT, said, user_id=actor.user_id, by=actor.organisation)


def _reason(text: str) -> str:
    if not text.strip():
        raise ReasonMissing("Say why. The organisation reads it and can put it right.", path="/reason")
    return text.strip()


def _locked(organisation_id: UUID, *standings: Standing) -> Organisation:
    found = Organisation.objects.select_for_update(no_key=True).filter(pk=organisation_id).first()
    if found is None:
        raise NotFound("There is no such organisation.")
    if found.standing not in standings:
        raise NotWaiting(f"This organisation is {found.standing} now. Look again.")
    return found


def _tell_admins(name: str, organisation: Organisation, **context: object) -> None:
    admins = organisation.memberships.filter(role=Membership.Role.ADMIN, user__is_active=True)
    for email in admins.exclude(user__email="").values_list("user__email", flat=True):
        letters.send_after_commit(name, email, organisation=organisation, **context)
