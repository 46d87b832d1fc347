"""What all rooms of the API share: who asks, today's date, JSON out, headers of every answer."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any, Final

import msgspec
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.exceptions import NotAuthenticated
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import SAFE_METHODS, AllowAny, IsAuthenticated
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from traceability.api import requests
from traceability.api.authentication import TokenReaches, actor_of
from traceability.api.requests import JSON
from traceability.models import ApiToken
from traceability.selectors.access import Actor

TAKES: Final = "takes"
"""The attribute of a method that holds the query parameters which its description names."""


class OneRepresentation(BaseContentNegotiation):
    """Each address answers in the one media type that it has, whatever a client would rather have."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class ApiView(APIView):
    """A view whose actor must be known, unless it is a `PublicView`."""

    content_negotiation_class = OneRepresentation
    renderer_classes: list[type[BaseRenderer]] = [JSONRenderer]
    permission_classes = [IsAuthenticated, TokenReaches]
    for_people = False  # whether programs are kept out
    scopes: Mapping[str, ApiToken.Scope] = {}  # of methods that need another than reading or submitting
    rate_headers: Mapping[str, str] = {}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuses a parameter that a writing address does not have, before it does anything; lists check their own."""
        super().initial(request, *args, **kwargs)
        takes = getattr(getattr(self, str(request.method).lower(), None), TAKES, None)
        if takes is not None and request.method not in SAFE_METHODS:
            requests.query(request, takes)

    @cached_property
    def actor(self) -> Actor:
        """Who asks; refuses anybody."""
        found = self.actor_or_anybody
        if found is None:
            raise NotAuthenticated
        return found

    @cached_property
    def actor_or_anybody(self) -> Actor | None:
        """Who asks; None for anybody."""
        return actor_of(self.request)

    @cached_property
    def today(self) -> date:
        """The day on which mandates are looked at."""
        return timezone.now().date()

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        found = super().finalize_response(request, response, *args, **kwargs)
        for name, value in self.rate_headers.items():
            found[name] = value
        if not found.has_header("Cache-Control"):
            found["Cache-Control"] = "private, no-cache"
        return found


class PublicView(ApiView):
    """A view for anybody."""

    permission_classes = [AllowAny, TokenReaches]  # the description reads from the first that no token is needed


def json_answer(document: object, *, status: int = 200) -> HttpResponse:
    """The document as JSON, with the address of what was made when something was."""
    return json_bytes_answer(msgspec.json.encode(document), status=status)


def json_bytes_answer(body: bytes, *, status: int = 200) -> HttpResponse:
    """An answer whose JSON is written already."""
    return HttpResponse(body, status=status, content_type=JSON)
