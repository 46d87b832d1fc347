"""Top-level resources: what kinds, things, steps, places and states the events name, and the events of each."""

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpResponse
from rest_framework.request import Request

from traceability.api.epcis.views import EpcisView, flat
from traceability.epcis import vocabulary as words
from traceability.epcis.names import normal_name
from traceability.epcis.queries import read_query
from traceability.selectors import epcis
from traceability.selectors.access import NotFound
from traceability.services import epcis_index

TOP: Final = (
    "capture", "events", "eventTypes", "epcs", "bizSteps", "bizLocations", "readPoints", "dispositions", "queries",
)  # fmt: skip
PARAMETERS: Final[Mapping[str, str]] = {
    "eventTypes": "eventType",
    "epcs": "MATCH_any",
    "bizSteps": "EQ_bizStep",
    "bizLocations": "EQ_bizLocation",
    "readPoints": "EQ_readPoint",
    "dispositions": "EQ_disposition",
}
"""Which parameter of a query asks for the events of one resource."""


class Root(EpcisView):
    """What there is."""

    def get(self, request: Request) -> HttpResponse:
        return self.collection(TOP)


class Resources(EpcisView):
    """The resources of one kind that occur in events one may see; of event types all of the standard."""

    def get(self, request: Request, resource: str) -> HttpResponse:
        if resource == "eventTypes":
            return self.collection(words.EVENT_TYPES)
        given = flat(request)
        size, after = self.page_size(given), self.after(given)
        epcis_index.catch_up()
        found = epcis.names(self.actor, resource, self.today, after=after[0] if after else "", most=size + 1)
        answer = self.collection(found[:size])
        if len(found) > size:
            self.link_next(answer, given, [found[size - 1]])
        return answer


class OneResource(EpcisView):
    """One of them, which has events."""

    def require_found(self, **kwargs: Any) -> None:
        _require_named(self, **kwargs)

    def get(self, request: Request, resource: str, name: str) -> HttpResponse:
        _require_named(self, resource=resource, name=name)
        return self.collection(["events"])


class EventsOfResource(EpcisView):
    """The events of one of them."""

    def require_found(self, **kwargs: Any) -> None:
        _require_named(self, **kwargs)

    def get(self, request: Request, resource: str, name: str) -> HttpResponse:
        _require_named(self, resource=resource, name=name)
        return self.events(request, {PARAMETERS[resource]: [name]})


def _require_named(view: EpcisView, *, resource: str, name: str) -> None:
    """Refuses what no event names; types of the standard are there without one."""
    if resource == "eventTypes" and name in words.EVENT_TYPES:
        return
    query = read_query({PARAMETERS[resource]: [normal_name(name)]})
    epcis_index.catch_up()
    if not epcis.places(view.actor, query, view.today, after=None, limit=1):
        raise NotFound("No event that you may see names this.")
