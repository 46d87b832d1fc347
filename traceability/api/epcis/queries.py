"""Named queries and who is told of what they find."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from django.core.cache import cache
from django.http import HttpResponse
from django.urls import reverse
from rest_framework.request import Request

from traceability.api import requests
from traceability.api.epcis.views import TOKENS_LAST, EpcisView, answer_json, ended_key, flat
from traceability.api.requests import JSON, MAX_JSON_BYTES
from traceability.epcis.checks import Fault
from traceability.epcis.queries import QueryParameter
from traceability.models import EpcisQuery, EpcisSubscription
from traceability.services import epcis_subscriptions
from traceability.services.epcis_documents import InvalidEvents


class Queries(EpcisView):
    """The named queries of the organisation."""

    def get(self, request: Request) -> HttpResponse:
        given = flat(request)
        size, after = self.page_size(given), self.after(given)
        rows = epcis_subscriptions.queries(self.actor).filter(name__gt=after[0] if after else "").order_by("name")
        found = list(rows[: size + 1])
        answer = answer_json([_query_document(one) for one in found[:size]])
        if len(found) > size:
            self.link_next(answer, given, [found[size - 1].name])
        return answer

    def post(self, request: Request) -> HttpResponse:
        found = _read(request)
        name, asked = found.get("name"), found.get("query")
        if not isinstance(name, str) or not isinstance(asked, dict):
            raise QueryParameter("Send a name and a query.", path="/name")
        made = epcis_subscriptions.create_query(actor=self.actor, name=name, asked=asked)
        place = request.build_absolute_uri(reverse("epcis-query", args=[made.name]))
        return HttpResponse(status=201, headers={"Location": place})


class OneQuery(EpcisView):
    """One of them. The description of GS1 wants a list of one."""

    def require_found(self, **kwargs: Any) -> None:
        epcis_subscriptions.query(self.actor, kwargs["name"])

    def get(self, request: Request, name: str) -> HttpResponse:
        return answer_json([_query_document(epcis_subscriptions.query(self.actor, name))])

    def delete(self, request: Request, name: str) -> HttpResponse:
        epcis_subscriptions.delete_query(actor=self.actor, name=name)
        return HttpResponse(status=204)


class EventsOfQuery(EpcisView):
    """What it finds now."""

    def require_found(self, **kwargs: Any) -> None:
        epcis_subscriptions.query(self.actor, kwargs["name"])

    def get(self, request: Request, name: str) -> HttpResponse:
        row = epcis_subscriptions.query(self.actor, name)
        return self.events(request, row.query, name=row.name)


class Subscriptions(EpcisView):
    """Who is told of what it finds."""

    def require_found(self, **kwargs: Any) -> None:
        epcis_subscriptions.query(self.actor, kwargs["name"])

    def get(self, request: Request, name: str) -> HttpResponse:
        rows = epcis_subscriptions.query(self.actor, name).subscriptions.all()
        return answer_json([_subscription_document(one, name) for one in rows])

    def post(self, request: Request, name: str) -> HttpResponse:
        wanted = _read(request)
        made = epcis_subscriptions.subscribe(actor=self.actor, name=name, wanted=wanted)
        place = request.build_absolute_uri(reverse("epcis-subscription", args=[name, made.pk]))
        return answer_json(_subscription_document(made, name), status=201, headers={"Location": place})


class OneSubscription(EpcisView):
    """One of them."""

    def require_found(self, **kwargs: Any) -> None:
        epcis_subscriptions.subscription(self.actor, kwargs["name"], kwargs["subscription"])

    def get(self, request: Request, name: str, subscription: UUID) -> HttpResponse:
        return answer_json(
            _subscription_document(epcis_subscriptions.subscription(self.actor, name, subscription), name)
        )

    def delete(self, request: Request, name: str, subscription: UUID) -> HttpResponse:
        epcis_subscriptions.unsubscribe(actor=self.actor, name=name, subscription_id=subscription)
        return HttpResponse(status=204)


class NextPageToken(EpcisView):
    """The end of a token before its time."""

    def delete(self, request: Request, token: str) -> HttpResponse:
        cache.set(ended_key(token), True, TOKENS_LAST.total_seconds())
        return HttpResponse(status=204)


def _read(request: Request) -> Mapping[str, Any]:
    requests.media_type(request, JSON)
    content = requests.read_bytes(request, max_bytes=MAX_JSON_BYTES)
    try:
        return msgspec.json.decode(content, type=dict[str, Any])
    except (msgspec.MsgspecError, RecursionError) as error:
        raise InvalidEvents.of([Fault("", f"This cannot be read as a JSON object: {error}.")]) from None


def _query_document(row: EpcisQuery) -> dict[str, Any]:
    return {"name": row.name, "query": row.query}


def _subscription_document(row: EpcisSubscription, name: str) -> dict[str, Any]:
    """A subscription without its secret."""
    found: dict[str, Any] = {
        "subscriptionID": str(row.pk),
        "queryName": name,
        "dest": row.dest,
        "createdAt": _moment(row.created_at),
    }
    if row.stream:
        found["stream"] = True
    else:
        found |= {"schedule": row.schedule, "reportIfEmpty": row.report_if_empty}
    if row.initial_record_time:
        found["initialRecordTime"] = _moment(row.initial_record_time)
    if row.last_notified_at:
        found["lastNotifiedAt"] = _moment(row.last_notified_at)
    return found


def _moment(at: Any) -> str:
    return str(at.isoformat(timespec="milliseconds").replace("+00:00", "Z"))
