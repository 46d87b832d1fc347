"""Whose names an actor knows: his own, those of his partners, and what the others open. The rest is withheld.

An organisation's country is open in its register, its name is not (record-format.md section 3).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from traceability.intake.countries import NAMES
from traceability.models import Facility, LotAccess, OpeningRule, Organisation
from traceability.selectors.access import Actor, Audience, Group, mandates_in_force


@dataclass(frozen=True, slots=True)
class Names:
    """The organisations that were asked for, and which of their names the actor knows."""

    known: Mapping[UUID, str]
    countries: Mapping[UUID, str]
    """Of the organisations, and of facilities where they were asked for."""

    def __contains__(self, organisation: UUID) -> bool:
        return organisation in self.known

    def of(self, organisation: UUID) -> str:
        """The name, or what can be said of the organisation without it."""
        if name := self.known.get(organisation):
            return name
        return unnamed(self.countries.get(organisation, ""))


def names_of(
    actor: Actor | None, organisations: Iterable[UUID], today: date, *, facilities: Iterable[UUID] = ()
) -> Names:
    """The names of these organisations as far as the actor (None: anybody) knows them; of facilities the countries."""
    wanted, sites = set(organisations), set(facilities)
    if not wanted and not sites:
        return Names({}, {})
    is_known = Case(When(_is_named(actor, today), then=True), default=False)
    rows = Organisation.objects.filter(pk__in=wanted).values_list("pk", "country", "name", is_known)
    if sites:
        places = Facility.objects.filter(pk__in=sites).order_by()
        rows = rows.union(places.values_list("pk", "country", Value(""), Value(False)), all=True)
    found = list(rows)
    return Names({pk: name for pk, _, name, known in found if known}, {pk: country for pk, country, *_ in found})


def known(actor: Actor, today: date) -> QuerySet[Organisation]:
    """The other organisations whose names the actor knows: what `names_of` would name."""
    return named(actor, today).exclude(pk=actor.organisation.pk)


def named(actor: Actor, today: date) -> QuerySet[Organisation]:
    """The organisations whose names the actor knows, his own among them."""
    return Organisation.objects.filter(_is_named(actor, today))


def unnamed(country: str) -> str:
    """What can be said of an organisation without its name."""
    name = NAMES.get(country)
    if name is None:
        return _("an organisation in this record")
    return _("an organisation in %(country)s") % {"country": pgettext("record", name)}


def _is_named(actor: Actor | None, today: date) -> Q:
    """Whose name the actor (None: anybody) knows."""
    shown = OpeningRule.objects.filter(group=Group.NAMES, audience=Audience.ANYBODY).values("organisation")
    named = Q(is_operator=True) | Q(pk__in=shown)
    return named if actor is None else named | Q(pk=actor.organisation.pk) | _is_partner(actor, today)


def name_told(actor: Actor, field: str, today: date) -> Case:
    """The name of the organisation in a field of rows, as far as the actor knows it; else empty."""
    named = Organisation.objects.filter(_is_named(actor, today)).values("pk")
    return Case(When(**{f"{field}__in": named}, then=F(f"{field}__name")), default=Value(""), output_field=CharField())


def partners(actor: Actor, today: date) -> QuerySet[Organisation]:
    """Those with which the actor's organisation shares a lot, a mandate or an invitation: each knows the other."""
    return Organisation.objects.filter(_is_partner(actor, today)).exclude(pk=actor.organisation.pk)


def _is_partner(actor: Actor, today: date) -> Q:
    own = actor.organisation
    shared = LotAccess.objects.exclude(sees=LotAccess.Sees.ASSAY)
    others = shared.filter(lot__in=shared.filter(organisation=own).values("lot")).values("organisation")
    met = {side for one in mandates_in_force(actor, today) for side in (one.giver, one.holder)}
    return Q(pk__in=met) | Q(pk__in=others) | Q(invited_by=own) | Q(pk=own.invited_by_id)
