"""The organisation's own sites, and the partners to whom it can dispatch."""

from typing import Final

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from traceability.models import Organisation
from traceability.selectors import drafts
from traceability.selectors.access import Actor
from traceability.web import tables, words
from traceability.web.acting import for_member, today
from traceability.web.countries import name as country_name
from traceability.web.tables import Column, Table

FACILITIES: Final = Table(
    "facilities",
    gettext_lazy("Facilities"),
    (
        Column("name", gettext_lazy("Name"), lambda line: line[0].name),
        Column("country", gettext_lazy("Country"), lambda line: line[1]),
        Column("region", gettext_lazy("Region"), lambda line: line[0].region),
        Column("registered", gettext_lazy("Registered"), lambda line: line[0].statement.accepted_at),
    ),
    find=("name", "country", "region"),
    wide=False,
)


def roles_of(organisation: Organisation) -> list[str]:
    """What it is here for, in a word each."""
    return [str(words.organisation_role(one)) for one in organisation.roles]


PARTNERS: Final = Table(
    "partners",
    gettext_lazy("Partners"),
    (
        Column("name", gettext_lazy("Name"), lambda line: line[0].name),
        Column("country", gettext_lazy("Country"), lambda line: line[1]),
        Column("roles", gettext_lazy("Roles"), lambda line: roles_of(line[0])),
        Column("urn", gettext_lazy("Identifier"), lambda line: line[0].urn),
    ),
    usual="name",
    find=("name", "country", "roles", "urn"),
    wide=False,
)


@for_member
@require_safe
def facilities(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The sites that are registered."""
    sites = FACILITIES.of(request, [(row, country_name(row.country)) for row in drafts.facilities(actor)])
    context = {"section": "facilities", "actor": actor, "sites": sites}
    return tables.answer(request, "traceability/facilities.html", context)


@for_member
@require_safe
def partners(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Organisations to which one can dispatch."""
    rows = PARTNERS.of(request, [(row, country_name(row.country)) for row in drafts.partners(actor, today())])
    context = {"section": "partners", "actor": actor, "partners": rows}
    return tables.answer(request, "traceability/partners.html", context)
