"""The organisation's own sites, and the partners to whom it can dispatch."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from traceability.selectors import drafts
from traceability.selectors.access import Actor
from traceability.web.acting import for_member, today
from traceability.web.countries import name as country_name


@for_member
@require_safe
def facilities(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The sites that are registered."""
    rows = [(row, country_name(row.country)) for row in drafts.facilities(actor)]
    return render(request, "traceability/facilities.html", {"section": "facilities", "actor": actor, "rows": rows})


@for_member
@require_safe
def partners(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Organisations to which one can dispatch."""
    rows = [(row, country_name(row.country)) for row in drafts.partners(actor, today())]
    return render(request, "traceability/partners.html", {"section": "partners", "actor": actor, "rows": rows})
