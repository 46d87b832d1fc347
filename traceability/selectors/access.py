"""The only door to rows: what an actor may not see does not exist for him.

An organisation sees the lots that it made, holds, held or is to receive, and all that went into them; a mandate lets
its holder see what the giver sees. Payloads of visible lots are never withheld; confidential values are, by the rules
of their issuer (record-format.md section 3).
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL

from traceability.ledger.errors import RecordError
from traceability.models import Disclosure, Lot, LotAccess, Mandate, Membership, Opening, OpeningRule, Organisation
from traceability.selectors.sets import FOUND_ONCE

Group, Audience = OpeningRule.Group, OpeningRule.Audience
DEFAULT_RULES: dict[str, str] = {
    Group.NAMES: Audience.CUSTOMER,
    Group.MASS: Audience.CUSTOMER,
    Group.ASSAY: Audience.CUSTOMER,
    Group.INVENTORY: Audience.AUDITOR,
    Group.PRICES: Audience.AUDITOR,
    Group.RESULT: Audience.CUSTOMER,
    Group.CAUSES: Audience.AUDITOR,
    Group.EVIDENCE: Audience.AUDITOR,
}
"""Who may read what when an organisation has set nothing: its direct customer sees mass and assay of what he bought."""

NOT_ACTIVE: dict[str, str] = {
    Organisation.Standing.WAITING: "The operator has not vouched for your organisation yet. Until then you can look "
    "around and invite colleagues, but not record or sign. You get a letter when it is decided.",
    Organisation.Standing.REFUSED: "The operator did not vouch for your organisation. Its page says why; put it right "
    "and ask again.",
    Organisation.Standing.SUSPENDED: "The operator has suspended your organisation: it can read, not record or sign. "
    "Its page says why. Ask the operator.",
    Organisation.Standing.CLOSED: "This account is closed. Nothing can be recorded for it any more.",
}
"""Why nobody records for an organisation that is not active, and what to do."""

APPROVERS = (Membership.Role.ADMIN, Membership.Role.APPROVER)
"""The roles that sign what a colleague filled in."""
APPROVER_SIGNS = (
    "In your organisation an approver or administrator signs. Send what you fill in for approval, or ask one of them."
)
NO_PROGRAMS = (
    "In this organisation a person signs what another one fills in, so the API signs nothing for it. Fill it in on the "
    "pages, or ask an administrator to let programs sign."
)
"""Why nobody signs so where an organisation wants approval by a second person, and what to do."""

_WIDENING = (Audience.NOBODY, Audience.AUDITOR, Audience.CUSTOMER, Audience.ANYBODY)

_CONE = """
    WITH RECURSIVE cone(id) AS (
        SELECT {far} FROM traceability_lotedge WHERE {near} = %s AND NOT voided
        UNION SELECT edge.{far} FROM {edges})
    SELECT id FROM cone"""  # UNION, never UNION ALL: a diamond ladder has 2^n paths.
_ENDS = {"ancestors": ("child_id", "parent_id"), "descendants": ("parent_id", "child_id")}
_EDGES = {
    # PostgreSQL may choose to read all edges anew at each step, where there are hundreds of steps; the OFFSET keeps it
    # to the index.
    "postgresql": "cone CROSS JOIN LATERAL (SELECT {far} FROM traceability_lotedge"
    " WHERE {near} = cone.id AND NOT voided OFFSET 0) edge",
    "sqlite": "traceability_lotedge edge JOIN cone ON edge.{near} = cone.id WHERE NOT edge.voided",
}


def edges_of_cone(near: str, far: str) -> str:
    """The edges from the lots of a recursive query `cone` to those one step further, as a part of it."""
    return _EDGES[connection.vendor].format(near=near, far=far)


def _cone(direction: str) -> str:
    near, far = _ENDS[direction]
    return _CONE.format(near=near, far=far, edges=edges_of_cone(near, far))


_SEEN = """
    WITH RECURSIVE seen(id) AS (
        SELECT lot_id FROM traceability_lotaccess WHERE organisation_id IN ({marks}) AND sees <> 'assay'
        UNION SELECT edge.parent_id FROM traceability_lotedge edge JOIN seen ON edge.child_id = seen.id
        WHERE NOT edge.voided)
    SELECT id FROM seen"""


class NotFound(RecordError):
    """What the actor may not see does not exist for him."""

    code = "not_found"


class InForce(NamedTuple):
    """A mandate in force."""

    giver: uuid.UUID
    holder: uuid.UUID
    tells_masses: bool
    """Whether the giver opens masses to auditors at all."""


@dataclass(slots=True)
class Memo:
    """What was read once for one request."""

    memberships: Sequence[Membership]
    """Those of the person, with their organisations."""
    mandates: dict[date, frozenset[InForce]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: a person, and the organisation for which he acts now."""

    user_id: int
    organisation: Organisation
    role: str
    memo: Memo | None = field(default=None, compare=False, repr=False)
    """What was read for one request; None where an actor outlives one, and it is read again."""
    program: bool = False
    """Whether it is a program with a token that acts, not a person."""

    @property
    def may_submit(self) -> bool:
        return not self.why_not_submit

    @property
    def is_admin(self) -> bool:
        return self.role == Membership.Role.ADMIN

    @property
    def why_not_submit(self) -> str:
        """Why he may not record and sign, and what to do; empty where he may."""
        if self.organisation.standing != Organisation.Standing.ACTIVE:
            return NOT_ACTIVE[self.organisation.standing]
        if self.role in (Membership.Role.ADMIN, Membership.Role.APPROVER, Membership.Role.SUBMITTER):
            return ""
        return "Your role lets you read, not sign or record. Ask an administrator of your organisation."

    @property
    def why_not_sign(self) -> str:
        """Why what he says is not signed at once, and what to do; empty where it is."""
        own = self.organisation
        if self.why_not_submit or not own.approval_wanted or (self.program and own.programs_sign):
            return self.why_not_submit
        if self.program:
            return NO_PROGRAMS
        return "" if self.may_approve else APPROVER_SIGNS

    @property
    def may_approve(self) -> bool:
        """Whether his role lets him sign what a colleague filled in."""
        return self.may_submit and self.role in APPROVERS and not self.program


def is_wider(audience: str, than: str) -> bool:
    """Whether a rule for this audience lets more people read than one for the other."""
    return _WIDENING.index(Audience(audience)) > _WIDENING.index(Audience(than))


def actor_for(user: AbstractBaseUser | AnonymousUser, organisation_id: uuid.UUID | None = None) -> Actor | None:
    """The actor of one request: a signed-in person in the named organisation, else in his first one, if he has any."""
    members = _memberships(user.pk) if user.pk else []
    chosen = next((one for one in members if one.organisation_id == organisation_id), None)
    member = chosen or next(iter(members), None)
    return Actor(member.user_id, member.organisation, member.role, Memo(members)) if member else None


def memberships(actor: Actor) -> Sequence[Membership]:
    """Those of the person who acts, with their organisations."""
    if actor.memo is not None:
        return actor.memo.memberships
    return _memberships(actor.user_id)


def _memberships(user_id: int) -> list[Membership]:
    return list(Membership.objects.filter(user_id=user_id).select_related("organisation").order_by("pk"))


def organisations_seen_as(actor: Actor, today: date) -> set[uuid.UUID]:
    """The organisations whose view the actor has: his own, and those that gave him a mandate in force."""
    return {actor.organisation.id, *mandate_givers(actor, today)}


def mandate_givers(actor: Actor, today: date) -> frozenset[uuid.UUID]:
    """Organisations that opened their own statements to the actor's organisation, as of today."""
    return frozenset(one.giver for one in mandates_in_force(actor, today) if one.holder == actor.organisation.pk)


def mandates_in_force(actor: Actor, today: date) -> frozenset[InForce]:
    """The mandates that the actor's organisation gave or holds, as of today."""
    if actor.memo is not None and today in actor.memo.mandates:
        return actor.memo.mandates[today]
    own = actor.organisation
    rows = Mandate.objects.filter(
        Q(giver=own) | Q(holder=own), revoked_at=None, valid_from__lte=today, valid_until__gte=today
    )
    silent = OpeningRule.objects.filter(organisation=OuterRef("giver"), group=Group.MASS, audience=Audience.NOBODY)
    told = rows.annotate(tells_masses=~Exists(silent)).values_list("giver_id", "holder_id", "tells_masses")
    found = frozenset(InForce(*one) for one in told)
    if actor.memo is not None:
        actor.memo.mandates[today] = found
    return found


def cone(lot_id: uuid.UUID, direction: str) -> set[uuid.UUID]:
    """The ids of all lots that went into this one (`ancestors`) or came of it (`descendants`)."""
    key = lot_id if connection.vendor == "postgresql" else lot_id.hex
    with connection.cursor() as cursor:
        cursor.execute(_cone(direction), [key])
        return {row[0] if isinstance(row[0], uuid.UUID) else uuid.UUID(row[0]) for row in cursor.fetchall()}


def ancestors(lot_id: uuid.UUID) -> RawSQL:
    """The ids of all lots that went into this one, as a part of another question."""
    return RawSQL(_cone("ancestors"), [lot_id if connection.vendor == "postgresql" else lot_id.hex])  # noqa: S611


def lots(actor: Actor, today: date) -> QuerySet[Lot]:
    """The lots that the actor's organisation, or a giver of a mandate, made, holds, held or is to receive."""
    seen_as = organisations_seen_as(actor, today)
    return Lot.objects.filter(pk__in=_access(seen_as).values("lot_id"))


def _access(seen_as: set[uuid.UUID]) -> QuerySet[LotAccess]:
    return LotAccess.objects.filter(organisation__in=seen_as).exclude(sees=LotAccess.Sees.ASSAY)


def is_seen(actor: Actor, today: date, field: str = "pk") -> Case:
    """Whether the field names a lot of `lots`, or one that went into such: any lot that `lot` would give the actor.

    A case, because its parts are asked in turn: what went into lots is found out only where something else is met.
    """
    seen_as = organisations_seen_as(actor, today)
    sets = (_access(seen_as).values("lot_id"), _with_ancestors(seen_as))
    return Case(
        *(When(**{f"{field}__in": one}, then=Value(True)) for one in sets),
        default=Value(False),
        output_field=BooleanField(),
    )


def _with_ancestors(seen_as: set[uuid.UUID]) -> RawSQL:
    keys = [one if connection.vendor == "postgresql" else one.hex for one in sorted(seen_as)]
    found = _SEEN.format(marks=", ".join(["%s"] * len(keys)))
    return RawSQL(FOUND_ONCE[connection.vendor].format(found), keys)  # noqa: S611  (marks alone)


def lot(actor: Actor, lot_id: uuid.UUID, today: date) -> Lot:
    """One lot that the actor may see, or NotFound: directly, or as something that went into a lot he may see."""
    found = Lot.objects.select_related("maker", "holder", "receiver").filter(pk=lot_id).first()
    if found is None or not _sees_lot(actor, lot_id, today):
        raise NotFound("There is no such lot, or it is not yours to see.")
    return found


def _sees_lot(actor: Actor, lot_id: uuid.UUID, today: date) -> bool:
    seen_as = organisations_seen_as(actor, today)
    access = _access(seen_as)
    return access.filter(lot_id=lot_id).exists() or access.filter(lot_id__in=cone(lot_id, "descendants")).exists()


def readable_disclosures(actor: Actor | None, statement_ids: Iterable[int], today: date) -> QuerySet[Disclosure]:
    """The confidential values of these statements that the actor (None: anybody) may read."""
    return all_readable_disclosures(actor, today).filter(statement__pk__among=set(statement_ids))


def all_readable_disclosures(actor: Actor | None, today: date) -> QuerySet[Disclosure]:
    """Every confidential value in the record that the actor (None: anybody) may read."""
    allowed = _opened_by_rule(Audience.ANYBODY)
    if actor is None:
        return Disclosure.objects.filter(allowed)
    allowed |= Q(statement__issuer=actor.organisation.pk) | _opened_alone(actor)
    if givers := mandate_givers(actor, today):
        allowed |= _opened_by_rule(Audience.AUDITOR) & Q(statement__issuer__in=givers)
    allowed |= _opened_by_rule(Audience.CUSTOMER) & _bought_by(actor)
    return Disclosure.objects.filter(allowed)


def told_to_customers() -> QuerySet[Disclosure]:
    """Every confidential value in the record that its issuer opens to those who buy what it speaks of."""
    return Disclosure.objects.filter(_opened_by_rule(Audience.CUSTOMER))


def _opened_by_rule(audience: str) -> Q:
    """Values of whatever issuer that are opened to this audience or a wider one: by his rule, or where he has none."""
    wide_enough = _WIDENING[_WIDENING.index(audience) :]
    rule = OpeningRule.objects.filter(organisation=OuterRef("statement__issuer"), group=OuterRef("group"))
    usual = [group for group, given in DEFAULT_RULES.items() if given in wide_enough]
    return Q(Exists(rule.filter(audience__in=wide_enough))) | (Q(group__in=usual) & ~Q(Exists(rule)))


def _opened_alone(actor: Actor) -> Q:
    """Values that their issuer opened to the actor's organisation one by one."""
    return Q(pk__in=Opening.objects.filter(organisation=actor.organisation).values("disclosure"))


def _bought_by(actor: Actor) -> Q:
    """Values that speak of a lot that the actor's organisation bought, or of the assay of what it is a part of."""
    bought = LotAccess.objects.filter(organisation=actor.organisation)
    customer = bought.filter(sees=LotAccess.Sees.CUSTOMER).values("lot_id")
    assayed = bought.filter(sees=LotAccess.Sees.ASSAY).values("lot_id")
    return Q(lot__in=customer) | Q(lot__in=assayed, group=Group.ASSAY)
