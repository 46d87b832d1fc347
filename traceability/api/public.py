"""What anybody may ask: how the log is doing, what the problem codes mean, and the description of this API."""

from typing import Any, Final

import msgspec
from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from traceability.api import documents, problems, requests
from traceability.api.schema import described
from traceability.api.views import PublicView, json_answer
from traceability.models import Checkpoint
from traceability.selectors import log
from traceability.selectors.access import NotFound

TAG: Final = "The log and this API"
REFUSED: Final = (400, 401)
FOR_AN_HOUR: Final = "public, max-age=3600"


class LogHealth(PublicView):
    """How many statements the log holds, how many wait, and how old its newest checkpoint is."""

    @described(
        "read_log_health",
        "See how the log is doing",
        tag=TAG,
        answers={200: documents.LogHealthDocument},
        refused=(400,),
    )
    def get(self, request: Request) -> HttpResponse:
        requests.query(request, ())
        health, newest = log.log_health(), _newest_checkpoint()
        age = health.checkpoint_age
        return json_answer(
            documents.LogHealthDocument(
                origin=settings.LODESTONE_LOG_ORIGIN,
                size=health.size,
                waiting=health.waiting,
                verifier_keys=[str(key) for key in log.verifier_keys()],
                waiting_since=health.waiting_since or msgspec.UNSET,
                checkpoint=log.cosigned_note(newest).decode() if newest else msgspec.UNSET,
                checkpoint_size=newest.size if newest else msgspec.UNSET,
                checkpoint_age_s=int(age.total_seconds()) if age is not None else msgspec.UNSET,
            )
        )


class ProblemTypes(PublicView):
    """All codes of refusals."""

    @described(
        "list_problems",
        "List the codes of refusals",
        tag=TAG,
        answers={200: list[documents.ProblemType]},
        refused=(400,),
    )
    def get(self, request: Request) -> HttpResponse:
        requests.query(request, ())
        answer = json_answer([_problem_type(code) for code in problems.known_codes()])
        answer["Cache-Control"] = FOR_AN_HOUR
        return answer


class ProblemType(PublicView):
    """What one code means: the address that stands as `type` in a problem document."""

    @described("read_problem", "Look up a code", tag=TAG, answers={200: documents.ProblemType}, refused=(*REFUSED, 404))
    def get(self, request: Request, code: str) -> HttpResponse:
        requests.query(request, ())
        if code not in problems.known_codes():
            raise NotFound("There is no such code.")
        answer = json_answer(_problem_type(code))
        answer["Cache-Control"] = FOR_AN_HOUR
        return answer


class Description(SpectacularAPIView):
    """The OpenAPI description of this API, the same as docs/openapi.yaml."""

    serve_public = True
    renderer_classes = [OpenApiYamlRenderer]

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The description as YAML."""
        found: Response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]
        found["Cache-Control"] = FOR_AN_HOUR
        return found


def _newest_checkpoint() -> Checkpoint | None:
    try:
        return log.newest_checkpoint()
    except log.LogNotOpen:
        return None


def _problem_type(code: str) -> documents.ProblemType:
    status, meaning = problems.known_codes()[code]
    return documents.ProblemType(code, status, meaning, problems.type_of(code))
