"""Whose names an actor knows: his own, those of his partners, and what the others open. The rest is withheld.

An organisation's country is open in its register, its name is not (record-format.md section 3).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from traceability.models import LotAccess, Mandate, OpeningRule, Organisation
from traceability.selectors.access import DEFAULT_RULES, Actor, Audience, Group


@dataclass(frozen=True, slots=True)
class Names:
    """The organisations that were asked for, and which of their names the actor knows."""

    known: Mapping[UUID, str]
    countries: Mapping[UUID, str]

    def __contains__(self, organisation: UUID) -> bool:
        return organisation in self.known

    def of(self, organisation: UUID) -> str:
        """The name, or what can be said of the organisation without it."""
        return self.known.get(organisation) or f"an organisation in {self.countries.get(organisation) or 'this record'}"


def names_of(actor: Actor | None, organisations: Iterable[UUID], today: date) -> Names:
    """The names of these organisations as far as the actor (None: anybody) knows them."""
    wanted = set(organisations)
    rows = list(Organisation.objects.filter(pk__in=wanted))
    open_to_anybody = _open_to_anybody(wanted)
    near = _near(actor, wanted, today) | _invited(actor, rows) if actor else set()
    known = {row.pk: row.name for row in rows if row.is_operator or row.pk in near | open_to_anybody}
    return Names(known, {row.pk: row.country for row in rows})


def known(actor: Actor, today: date) -> QuerySet[Organisation]:
    """The other organisations whose names the actor knows: what `names_of` would name."""
    shown = OpeningRule.objects.filter(group=Group.NAMES, audience=Audience.ANYBODY).values("organisation")
    named = Q(is_operator=True) | Q(pk__in=shown) | _is_partner(actor, today)
    return Organisation.objects.filter(named).exclude(pk=actor.organisation.pk)


def partners(actor: Actor, today: date) -> QuerySet[Organisation]:
    """Those with which the actor's organisation shares a lot, a mandate or an invitation: each knows the other."""
    return Organisation.objects.filter(_is_partner(actor, today)).exclude(pk=actor.organisation.pk)


def _is_partner(actor: Actor, today: date) -> Q:
    own = actor.organisation
    shared = LotAccess.objects.exclude(sees=LotAccess.Sees.ASSAY)
    others = shared.filter(lot__in=shared.filter(organisation=own).values("lot")).values("organisation")
    return Q(pk__in=_met(own, today)) | Q(pk__in=others) | Q(invited_by=own) | Q(pk=own.invited_by_id)


def _open_to_anybody(wanted: set[UUID]) -> set[UUID]:
    rules = dict(
        OpeningRule.objects.filter(organisation__in=wanted, group=Group.NAMES).values_list("organisation", "audience")
    )
    return {one for one in wanted if rules.get(one, DEFAULT_RULES[Group.NAMES]) == Audience.ANYBODY}


def _near(actor: Actor, wanted: set[UUID], today: date) -> set[UUID]:
    """The actor's own organisation, both sides of its mandates, and those with which it shares a lot."""
    own = actor.organisation
    shared = LotAccess.objects.exclude(sees=LotAccess.Sees.ASSAY)
    partners = shared.filter(lot__in=shared.filter(organisation=own).values("lot"), organisation__in=wanted)
    return {own.pk} | _met(own, today) | set(partners.values_list("organisation", flat=True))


def _met(own: Organisation, today: date) -> set[UUID]:
    """Both sides of the mandates of an organisation that are in force."""
    mandates = Mandate.objects.filter(
        Q(giver=own) | Q(holder=own), revoked_at=None, valid_from__lte=today, valid_until__gte=today
    )
    return {one for pair in mandates.values_list("giver", "holder") for one in pair}


def _invited(actor: Actor, rows: Iterable[Organisation]) -> set[UUID]:
    """Those whom the actor's organisation invited here, and the one that invited it: who follows the link agrees."""
    own = actor.organisation
    return {row.pk for row in rows if row.invited_by_id == own.pk or row.pk == own.invited_by_id}
