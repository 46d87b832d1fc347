"""What all EPCIS addresses share: discovery by OPTIONS, versions in headers, pages by tokens, documents of events."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, ClassVar, Final

import msgspec
from django.core import signing
from django.core.cache import cache
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from traceability.api.epcis import problems
from traceability.api.epcis.problems import NotAcceptable, QueryTooLarge
from traceability.api.requests import JSON
from traceability.api.views import ApiView
from traceability.epcis.queries import MOST_PER_PAGE, USUAL_PER_PAGE, Query, QueryParameter, read_query
from traceability.models import ApiToken
from traceability.selectors import epcis
from traceability.selectors.epcis import Place
from traceability.services import epcis_documents, epcis_index
from traceability.services.epcis_subscriptions import query_document

JSON_LD: Final = "application/ld+json"
ACCEPTED: Final = (JSON, JSON_LD, "application/*", "*/*")
CONTEXT: Final = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
VERSION: Final = "2.0.0"
TOKENS_LAST: Final = timedelta(hours=24)
PAGING: Final = ("perPage", "nextPageToken")
VERSIONS: Final = {"GS1-EPCIS-Version": VERSION, "GS1-CBV-Version": VERSION}
_SALT: Final = "lodestone.epcis.page"
Scope = ApiToken.Scope


class EpcisView(ApiView):
    """A view of EPCIS. It is described by GS1, not by our own description of the API."""

    schema = None
    discovery: ClassVar[Mapping[str, str]] = {}

    def get_exception_handler(self) -> Any:
        return problems.exception_handler

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self._require_versions(request)

    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        """What can be done here, in headers."""
        self.require_found(**kwargs)
        headers = {
            **self.discovery,
            "GS1-EPCIS-Min": VERSION,
            "GS1-EPCIS-Max": VERSION,
            "GS1-CBV-Min": VERSION,
            "GS1-CBV-Max": VERSION,
            "GS1-EPC-Format": "Never_Translates",
            "GS1-CBV-XML-Format": "Never_Translates",
            "GS1-Vendor-Version": "lodestone 1",
        }
        return HttpResponse(status=204, headers=headers)

    def require_found(self, **kwargs: Any) -> None:
        """Refuses the discovery of what is not there; a collection always is."""

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        found = super().finalize_response(request, response, *args, **kwargs)
        for name, value in VERSIONS.items():
            found[name] = value
        return found

    def _require_versions(self, request: Request) -> None:
        """Refuses requests for other versions and other forms than JSON."""
        accepted = request.META.get("HTTP_ACCEPT", "*/*")
        kinds = [one.partition(";")[0].strip() for one in accepted.split(",")]
        if request.method == "GET" and not any(one in ACCEPTED for one in kinds):
            raise NotAcceptable("Events are given as application/json or application/ld+json.")
        for name in ("EPCIS", "CBV"):
            least, most = (request.headers.get(f"GS1-{name}-{end}", VERSION) for end in ("Min", "Max"))
            if not _version(least) <= _version(VERSION) <= _version(most):
                raise NotAcceptable(f"This repository speaks {name} {VERSION}.")

    # pages

    def page_size(self, given: Mapping[str, str]) -> int:
        """How many are wanted on one page."""
        text = given.get("perPage", str(USUAL_PER_PAGE))
        if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0):
            raise QueryParameter("Give perPage a whole number above zero.", path="/perPage")
        return min(int(text), MOST_PER_PAGE)

    def after(self, given: Mapping[str, str]) -> list[Any] | None:
        """What a token of the page before says; None for the first page."""
        token = given.get("nextPageToken")
        if token is None:
            return None
        try:
            if cache.get(ended_key(token)):
                raise signing.BadSignature
            found: list[Any] = signing.loads(token, salt=self._salt(given), max_age=TOKENS_LAST)
        except signing.BadSignature:
            raise QueryParameter("This token is no longer good here. Begin with the first page.",
                                 path="/nextPageToken") from None  # fmt: skip
        return found

    def link_next(self, answer: HttpResponse, given: Mapping[str, str], place: list[Any]) -> None:
        """Tells where the next page is, and until when its token is good."""
        token = signing.dumps(place, salt=self._salt(given))
        query = self.request.GET.copy()
        query["nextPageToken"] = token
        answer["Link"] = f'<{self.request.build_absolute_uri(self.request.path)}?{query.urlencode()}>; rel="next"'
        expires = timezone.now() + TOKENS_LAST
        answer["GS1-Next-Page-Token-Expires"] = expires.isoformat(timespec="seconds").replace("+00:00", "Z")

    def _salt(self, given: Mapping[str, str]) -> str:
        """A token is good for the question that it was given for."""
        asked = sorted((name, value) for name, value in given.items() if name not in PAGING)
        return f"{_SALT}:{self.actor.organisation.pk}:{self.request.path}:{asked}"

    # events

    def events(self, request: Request, fixed: Mapping[str, Any], *, name: str = "SimpleEventQuery") -> HttpResponse:
        """A page of the events that the request asks for; what is fixed by the address is asked too."""
        given = flat(request)
        asked = {key: value for key, value in given.items() if key not in PAGING}
        if both := asked.keys() & fixed.keys():
            raise QueryParameter(f"The address says {min(both)} already.", path=f"/{min(both)}")
        query = read_query({**asked, **fixed})
        epcis_index.catch_up()
        self._require_not_too_many(query)
        return self._page(given, query, name)

    def _require_not_too_many(self, query: Query) -> None:
        most = query.refuse_above
        if most is not None and epcis.count(self.actor, query, self.today) > most:
            raise QueryTooLarge(f"The query finds more than {most} events.")

    def _page(self, given: Mapping[str, str], query: Query, name: str) -> HttpResponse:
        size, token = self.page_size(given), self.after(given)
        seen = token[3] if token else 0
        after = Place(datetime.fromisoformat(token[0]), token[1], token[2]) if token else None
        wanted = size if query.limit is None else min(size, query.limit - seen)
        found = epcis.places(self.actor, query, self.today, after=after, limit=wanted + 1)
        shown = found[:wanted]
        answer = self.document(shown, name)
        left = query.limit is None or seen + len(shown) < query.limit
        if len(found) > wanted and left and shown:
            last = shown[-1]
            self.link_next(answer, given, [last.time.isoformat(), last.source, last.number, seen + len(shown)])
        return answer

    def document(self, found: Sequence[Place], name: str) -> HttpResponse:
        """A query document with these events."""
        context, texts = epcis.texts(self.actor, found, self.today)
        return HttpResponse(query_document(context, texts, name=name), content_type=JSON)

    def collection(self, members: Sequence[str]) -> HttpResponse:
        """A list of names."""
        return answer_json({"@context": CONTEXT, "type": "Collection", "member": list(members)})


def ended_key(token: str) -> str:
    """Where it is kept that a token ended before its time."""
    return f"epcis-token:{sha256(token.encode()).hexdigest()}"


def flat(request: Request) -> dict[str, str]:
    """The parameters of the query, each once."""
    found: dict[str, str] = {}
    for name, values in request._request.GET.lists():
        if len(values) != 1:
            raise QueryParameter(f"Name {name[:60]} once, with bars between its values.", path=f"/{name[:60]}")
        found[name] = values[0]
    return found


def answer_json(document: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """The document as JSON."""
    return HttpResponse(msgspec.json.encode(document), status=status, content_type=JSON, headers=dict(headers or {}))


def limits() -> dict[str, str]:
    """How much one capture takes."""
    return {
        "GS1-EPCIS-Capture-Limit": str(epcis_documents.MOST_EVENTS),
        "GS1-EPCIS-Capture-File-Size-Limit": str(epcis_documents.most_bytes()),
    }


def _version(text: str) -> tuple[int, ...]:
    numbers = text.split(".")
    if not all(one.isascii() and one.isdigit() and len(one) < 6 for one in numbers):
        raise NotAcceptable("Write a version such as 2.0.0.")
    return tuple(map(int, [*numbers, "0", "0"][:3]))
