"""The organisation's own sites with their certificates, and the partners to whom it can dispatch."""

from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from traceability.models import Organisation
from traceability.selectors import certificates, drafts
from traceability.selectors.access import Actor
from traceability.services import beginnings
from traceability.services.beginnings import Beginning
from traceability.web import tables, words
from traceability.web.acting import for_member, number_style, today
from traceability.web.certificates import RENEWABLE, counted, lines
from traceability.web.countries import name as country_name
from traceability.web.forms.flows import flow_of
from traceability.web.tables import Column, Table
from traceability.web.views.record import offset_of

FACILITIES: Final = Table(
    "facilities",
    gettext_lazy("Facilities"),
    (
        Column("name", gettext_lazy("Name"), lambda line: line[0].name),
        Column("country", gettext_lazy("Country"), lambda line: line[1]),
        Column("region", gettext_lazy("Region"), lambda line: line[0].region),
        Column("certificates", gettext_lazy("Certificates"), lambda line: line[2]),
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
    known = certificates.certificates(actor, {actor.organisation.pk}, today())
    rows = [(row, country_name(row.country), counted(known.get(row.pk, ()))) for row in drafts.facilities(actor)]
    sites = FACILITIES.of(request, rows)
    context = {"section": "facilities", "actor": actor, "sites": sites}
    return tables.answer(request, "traceability/facilities.html", context)


@for_member
@require_safe
def facility(request: HttpRequest, actor: Actor, facility: UUID) -> HttpResponseBase:
    """One site with its certificates."""
    site, shown = certificates.of_facility(actor, facility, today())
    context = {
        "section": "facilities",
        "actor": actor,
        "site": site,
        "country": country_name(site.country),
        "counted": counted(shown),
        "certificates": RENEWABLE.of(request, lines(shown)),
        "crumbs": [(gettext("Facilities"), reverse("facilities")), (site.name, "")],
    }
    return tables.answer(request, "traceability/facility.html", context)


@for_member
@require_POST
def certify(request: HttpRequest, actor: Actor, facility: UUID) -> HttpResponse:
    """A draft of a certificate of a site; of one that is renewed all but the days is filled in."""
    site, shown = certificates.of_facility(actor, facility, today())
    fields = {"facility": f"urn:uuid:{site.pk}"}
    if renews := request.POST.get("renews", ""):
        before = next((one for one in shown if one.certificate.digest == renews), None)
        if before is None:
            raise Http404("There is no such certificate of this facility.")
        kept = {"standard": before.certificate.standard, "certifier": before.certifier, "scope": before.scope}
        fields |= {"renews": renews, **kept}
    beginning = Beginning(
        "certificate", fields=fields, style=number_style(request), utc_offset=offset_of(request, actor)
    )
    draft = beginnings.begin(actor=actor, beginning=beginning)
    return redirect("draft_section", draft.pk, flow_of(draft).sections[0].key)


@for_member
@require_safe
def partners(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Organisations to which one can dispatch."""
    rows = PARTNERS.of(request, [(row, country_name(row.country)) for row in drafts.partners(actor, today())])
    context = {"section": "partners", "actor": actor, "partners": rows}
    return tables.answer(request, "traceability/partners.html", context)
