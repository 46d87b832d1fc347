"""Capture: documents come in as jobs, single events at once."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from rest_framework.request import Request

from traceability.api import requests
from traceability.api.epcis.views import JSON_LD, EpcisView, answer_json, flat, limits
from traceability.api.requests import JSON, BadParameter
from traceability.models import EpcisCapture
from traceability.selectors import epcis
from traceability.selectors.access import NotFound
from traceability.services import epcis_capture, epcis_documents, epcis_lots

BEHAVIOUR: Final = "GS1-Capture-Error-Behaviour"
LOTS: Final = "Lodestone-Lots"
Behaviour = EpcisCapture.Behaviour


class Capture(EpcisView):
    """The door for documents, and the jobs that keep them."""

    @property
    def discovery(self) -> Mapping[str, str]:  # type: ignore[override]
        return {**limits(), BEHAVIOUR: Behaviour.ROLLBACK.value}

    def post(self, request: Request) -> HttpResponse:
        requests.media_type(request, JSON, JSON_LD)
        behaviour = request.headers.get(BEHAVIOUR, Behaviour.ROLLBACK.value)
        if behaviour not in Behaviour.values:
            raise BadParameter(f"Use one of: {', '.join(Behaviour.values)}.", parameter=BEHAVIOUR)
        content = requests.read_bytes(request, max_bytes=epcis_documents.most_bytes())
        wanted = epcis_lots.wanted(request.headers.get(LOTS, ""))
        row = epcis_capture.receive(actor=self.actor, content=content, behaviour=Behaviour(behaviour), lots=wanted)
        row = epcis_capture.run_small(row)
        place = request.build_absolute_uri(reverse("epcis-capture-job", args=[row.pk]))
        return HttpResponse(status=202, headers={"Location": place, **limits()})

    def get(self, request: Request) -> HttpResponse:
        given = flat(request)
        size, after = self.page_size(given), self.after(given)
        rows = epcis_capture.of(self.actor).order_by("-created_at", "-pk")
        start = after[0] if after else 0
        found = list(rows[start : start + size + 1])
        answer = answer_json([job_document(one) for one in found[:size]])
        if len(found) > size:
            self.link_next(answer, given, [start + size])
        return answer


class CaptureJob(EpcisView):
    """One job."""

    def require_found(self, **kwargs: Any) -> None:
        epcis_capture.one(self.actor, kwargs["capture"])

    def get(self, request: Request, capture: UUID) -> HttpResponse:
        return answer_json(job_document(epcis_capture.one(self.actor, capture)))


class Events(EpcisView):
    """All events that one may see, and the door for single ones."""

    @property
    def discovery(self) -> Mapping[str, str]:  # type: ignore[override]
        return limits()

    def get(self, request: Request) -> HttpResponse:
        return self.events(request, {})

    def post(self, request: Request) -> HttpResponse:
        requests.media_type(request, JSON, JSON_LD)
        content = requests.read_bytes(request, max_bytes=epcis_documents.most_bytes())
        wanted = epcis_lots.wanted(request.headers.get(LOTS, ""))
        row = epcis_capture.receive_one(actor=self.actor, content=content, lots=wanted)
        place = request.build_absolute_uri(reverse("epcis-event", args=[row.event_id]))
        headers = {"Location": place}
        answer = answer_json({}, status=201, headers=headers)
        answer.content = epcis.event_text(row, apart=False).encode()
        return answer


class OneEvent(EpcisView):
    """One event: where it was declared wrong, with the declaration."""

    def require_found(self, **kwargs: Any) -> None:
        self._found(kwargs["event_id"])

    def get(self, request: Request, event_id: str) -> HttpResponse:
        return self.document(self._found(event_id), "SimpleEventQuery")

    def _found(self, event_id: str) -> list[epcis.Place]:
        found = epcis.by_id(self.actor, event_id, self.today)
        if not found:
            raise NotFound("There is no such event, or it is not yours to see.")
        return found


def job_document(row: EpcisCapture) -> dict[str, Any]:
    """A capture job as EPCIS describes it."""
    found = {
        "captureID": str(row.pk),
        "createdAt": row.created_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "running": row.running,
        "success": not row.errors,
        "captureErrorBehaviour": row.behaviour,
        "errors": row.errors,
    }
    if row.finished_at:
        found["finishedAt"] = row.finished_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if row.notes:
        found["lodestone:lots"] = row.notes
    return found
