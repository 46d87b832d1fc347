"""Templates for recurring production: kept from a draft or a statement; `POST /drafts` begins from one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from django.http import HttpResponse
from msgspec import Meta, Struct
from rest_framework.request import Request

from traceability.api import pages, requests
from traceability.api.documents import Link, Urn
from traceability.api.idempotency import answer_once
from traceability.api.schema import KEY, PAGE, described, of_shape
from traceability.api.views import ApiView, json_answer
from traceability.ledger.errors import RecordError
from traceability.ledger.shapes import Object, Text, optional
from traceability.ledger.shapes import Urn as UrnShape
from traceability.models import DraftTemplate
from traceability.selectors import drafts as drafts_selector
from traceability.selectors import receipts
from traceability.selectors import templates as reading
from traceability.services import templates
from traceability.services.rows_world import urn_of, uuid_of

TAG: Final = "Drafts"
REFUSED: Final = (400, 401, 403)
CHANGED: Final = (*REFUSED, 404, 409, 413, 415, 422)
NEW_TEMPLATE: Final = Object(
    {"name": Text(templates.LONGEST_NAME), "draft": optional(UrnShape()), "statement": optional(UrnShape())}
)
NEW_NAME: Final = Object({"name": Text(templates.LONGEST_NAME)})


class NothingToKeep(RecordError):
    """A template of nothing, or of two things."""

    code = "nothing_to_keep"


class TemplateLinks(Struct):
    self: Link


class TemplateDocument(Struct):
    """What stays from one lot to the next. Masses, assays, lots and dates are not in it."""

    id: UUID
    urn: Urn
    name: str
    act: Annotated[str, Meta(examples=["source", "transform"])]
    fields: Mapping[str, Any]
    made_at: datetime
    links: TemplateLinks


class Templates(ApiView):
    """The templates of your organisation."""

    @described(
        "list_templates",
        "List your templates by name",
        tag=TAG,
        answers={200: pages.Page[TemplateDocument]},
        refused=REFUSED,
        parameters=PAGE,
    )
    def get(self, request: Request) -> HttpResponse:
        requests.query(request, pages.PARAMETERS)
        return pages.page_of(request, reading.templates(self.actor), _documents, order=("name", "pk"))

    @described(
        "create_template",
        "Keep what stays of a draft, or of a statement that you signed",
        tag=TAG,
        request={requests.JSON: of_shape(NEW_TEMPLATE)},
        answers={201: TemplateDocument},
        refused=CHANGED,
        parameters=[KEY],
    )
    def post(self, request: Request) -> HttpResponse:
        wanted = requests.read_object(request, NEW_TEMPLATE)
        return answer_once(request, self.actor, lambda: _answer(self._keep(wanted), status=201))

    def _keep(self, wanted: Mapping[str, Any]) -> DraftTemplate:
        if ("draft" in wanted) == ("statement" in wanted):
            raise NothingToKeep("Name the draft or the statement that the template is made of.", path="/draft")
        if "draft" in wanted:
            draft = drafts_selector.draft(self.actor, uuid_of(wanted["draft"]))
            return templates.keep_draft(actor=self.actor, draft=draft, name=wanted["name"])
        said = receipts.statement(self.actor, uuid_of(wanted["statement"]), self.today)
        return templates.keep_statement(actor=self.actor, said=said, name=wanted["name"])


class OneTemplate(ApiView):
    """One template."""

    @described("read_template", "See a template", tag=TAG, answers={200: TemplateDocument}, refused=(*REFUSED, 404))
    def get(self, request: Request, template: UUID) -> HttpResponse:
        requests.query(request, ())
        return _answer(reading.template(self.actor, template))

    @described(
        "rename_template",
        "Give a template another name",
        tag=TAG,
        request={requests.JSON: of_shape(NEW_NAME)},
        answers={200: TemplateDocument},
        refused=CHANGED,
    )
    def put(self, request: Request, template: UUID) -> HttpResponse:
        row = reading.template(self.actor, template)
        wanted = requests.read_object(request, NEW_NAME)
        return _answer(templates.rename(actor=self.actor, template=row, name=wanted["name"]))

    @described(
        "delete_template",
        "Forget a template; drafts that began from it stay",
        tag=TAG,
        answers={204: None},
        refused=(*REFUSED, 404),
    )
    def delete(self, request: Request, template: UUID) -> HttpResponse:
        templates.delete(actor=self.actor, template=reading.template(self.actor, template))
        return HttpResponse(status=204)


def _answer(row: DraftTemplate, *, status: int = 200) -> HttpResponse:
    [shown] = _documents([row])
    answer = json_answer(shown, status=status)
    if status == 201:
        answer["Location"] = shown.links.self
    return answer


def _documents(rows: Sequence[DraftTemplate]) -> list[TemplateDocument]:
    return [
        TemplateDocument(
            id=row.pk,
            urn=urn_of(row.pk),
            name=row.name,
            act=row.kind,
            fields=row.fields,
            made_at=row.made_at,
            links=TemplateLinks(f"/api/v1/templates/{row.pk}"),
        )
        for row in rows
    ]
