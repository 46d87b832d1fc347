"""The description of the API (OpenAPI 3.1): requests out of the shapes of the record, answers out of the documents."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar

import django_filters
import msgspec
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema

from traceability.api import documents, idempotency, pages, problems
from traceability.api.requests import JSON
from traceability.api.submissions import ACT, NOT_BY_PLATFORM, SIGNED
from traceability.api.views import TAKES
from traceability.ledger.kinds import KINDS
from traceability.ledger.shapes import Field, ListOf, Object, OneOf, Shape

View = TypeVar("View", bound=Callable[..., Any])
Schema = dict[str, Any]
ALWAYS: Final = (429, 503)
WORDS: Final = {
    200: "What was asked for; of a submission: what was accepted before.",
    201: "Accepted. `Location` says where it is read.",
    202: "Begun. `Location` says where to look how far it is.",
    204: "Done.",
    304: "You have it already.",
    400: "The request is malformed. Nothing was saved.",
    401: "Say who you are: `Authorization: Bearer` and a token.",
    403: "You may not do this.",
    404: "Nothing is here, or nothing that you may see.",
    409: "It conflicts with what was accepted before. Nothing was saved.",
    410: "It was withdrawn: what it said is not given on.",
    413: "Too much at once. Nothing was saved.",
    415: "Another media type is needed.",
    422: "A rule of the record forbids it. Nothing was saved.",
    429: "Too many requests. `Retry-After` says when to come back.",
    503: "Not now. `Retry-After` says when to come back.",
}
BASE64: Final = {"type": "string", "pattern": "^[A-Za-z0-9+/]*={0,2}$"}
ENVELOPE_SCHEMA: Final[Schema] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["payload", "payloadType", "signatures"],
    "properties": {
        "payload": BASE64,
        "payloadType": {"type": "string", "enum": ["application/vnd.lodestone.statement+json"]},
        "signatures": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["keyid", "sig"],
                "properties": {"keyid": {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"}, "sig": BASE64},
            },
        },
    },
}
DIGEST: Final = OpenApiParameter(
    "digest",
    {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"},
    OpenApiParameter.PATH,
    description="Of a statement.",
)
KEY: Final = OpenApiParameter(
    idempotency.HEADER,
    {"type": "string", "pattern": "^[\\x21-\\x7e]{1,100}$"},
    OpenApiParameter.HEADER,
    description="The same request under the same key runs once and gets the first answer again.",
)
DAY: Final = {"type": "string", "format": "date"}
IF_NONE_MATCH: Final = OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER)
PAGE: Final = (
    OpenApiParameter("cursor", str, description="Out of the next or previous link."),
    OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": pages.MOST, "default": pages.USUAL}),
)

_DOCUMENTS: Final[set[Any]] = {documents.Problem}
_SCHEMAS: Final[dict[str, Schema]] = {}


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The token in the description."""

    target_class = "traceability.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> Schema:
        return {"type": "http", "scheme": "bearer", "description": "A token of your organisation: lodestone_..."}


def described(
    operation: str,
    summary: str,
    *,
    tag: str,
    answers: Mapping[int, Any],
    refused: Sequence[int] = (),
    request: Mapping[str, Schema] | None = None,
    parameters: Sequence[OpenApiParameter] = (),
    examples: Sequence[OpenApiExample] = (),
) -> Callable[[View], View]:
    """Describes a method of a view: its answers by status (a document, a schema by media type, or nothing)."""
    responses: dict[Any, OpenApiResponse] = {}
    for status, answer in answers.items():
        if answer is None:
            responses[status] = OpenApiResponse(description=WORDS[status])
            continue
        schemas = answer if isinstance(answer, Mapping) else {JSON: ref(answer)}
        for media_type, schema in schemas.items():
            responses[(status, media_type)] = OpenApiResponse(schema, WORDS[status])
    for status in (*refused, *ALWAYS):
        responses[(status, problems.MEDIA_TYPE)] = OpenApiResponse(ref(documents.Problem), WORDS[status])
    describe: Callable[[View], View] = extend_schema(
        operation_id=operation,
        summary=summary,
        tags=[tag],
        request=dict(request) if request else None,
        responses=responses,
        parameters=list(parameters),
        examples=list(examples),
    )
    asked = frozenset(one.name for one in parameters if one.location == OpenApiParameter.QUERY)

    def found(method: View) -> View:
        described = describe(method)
        setattr(described, TAKES, asked)
        return described

    return found


def ref(document: Any) -> Schema:
    """The reference to a document, whose schema stands among the components."""
    _DOCUMENTS.add(document)
    [schema], _ = msgspec.json.schema_components([document], ref_template="#/components/schemas/{name}")
    return dict(schema)


def list_of(document: Any) -> Schema:
    """The schema of a page of documents."""
    return ref(pages.Page[document])


def example(name: str, value: object) -> OpenApiExample:
    """An example of a request."""
    return OpenApiExample(name, value=value, request_only=True)


def filter_parameters(filters: type[django_filters.FilterSet]) -> list[OpenApiParameter]:
    """The query parameters of a filter, and those of pages."""
    return [_filter_parameter(name, one) for name, one in filters.base_filters.items()] + list(PAGE)


def _filter_parameter(name: str, one: django_filters.Filter) -> OpenApiParameter:
    schema: Schema = {"type": "string", "minLength": 1}
    if isinstance(one, django_filters.ChoiceFilter):
        schema["enum"] = [value for value, _ in one.extra["choices"]]
    elif isinstance(one, django_filters.UUIDFilter):
        schema |= {"format": "uuid"}
    elif isinstance(one, django_filters.DateFilter):
        schema |= {"format": "date"}
    elif isinstance(one, django_filters.NumberFilter):
        schema = {"type": "number", "multipleOf": 0.001, "minimum": -1e6, "maximum": 1e6}
    else:
        schema |= {"maxLength": one.extra["max_length"], "pattern": "^[ -~]*[!-~][ -~]*$"}
    return OpenApiParameter(name, schema)


# Requests, out of shapes.


def of_shape(shape: Shape) -> Schema:
    """The JSON schema of the opened form of a value: every confidential field at its place."""
    return dict(_plain(_opened(shape).schema()))


def _opened(shape: Shape) -> Shape:
    match shape:
        case Object():
            fields = {name: shape.field(name) for name in shape.fields}
            opened = {
                name: Field(_opened(field.shape), field.required) for name, field in fields.items() if field is not None
            }
            return replace(shape, fields=opened)
        case ListOf():
            return ListOf(_opened(shape.item), shape.most, distinct=shape.distinct, distinct_by=shape.distinct_by)
        case OneOf():
            return OneOf(tuple(_opened(one) for one in shape.shapes))
    return shape


def _plain(schema: Any) -> Any:
    """The schema without the marks that only the signed form has."""
    if isinstance(schema, Mapping):
        return {name: _plain(inner) for name, inner in schema.items() if name != "x-marking"}
    if isinstance(schema, list | tuple):
        return [_plain(inner) for inner in schema]
    return schema


def submission_schema() -> Schema:
    """What a submission may be: an act of one of the kinds, or an envelope with its disclosures."""
    kinds = [name for name in KINDS if name not in NOT_BY_PLATFORM]
    _SCHEMAS["SignedSubmission"] = of_shape(SIGNED) | {
        "description": "Signed by your own key; with the disclosures of what is closed in it."
    }
    _SCHEMAS["SignedSubmission"]["properties"]["envelope"] = ENVELOPE_SCHEMA
    for name in kinds:
        _SCHEMAS[f"{_component(name)}Body"] = _body_schema(name)
        _SCHEMAS[_component(name)] = _act_schema(name)
    variants = ["SignedSubmission", *map(_component, kinds)]
    return {"oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in variants]}


def _body_schema(kind: str) -> Schema:
    return of_shape(KINDS[kind].body) | {"description": f"What {kind} says, with every value in the open."}


def _act_schema(kind: str) -> Schema:
    schema = of_shape(ACT)
    schema["description"] = f"{kind}, to be signed by the platform with your organisation's key."
    schema["properties"] |= {
        "kind": {"type": "string", "const": kind},
        "body": {"$ref": f"#/components/schemas/{_component(kind)}Body"},
    }
    for name in ("process", "evidence"):
        _SCHEMAS[name.capitalize()] = schema["properties"].pop(name)
        if name == "evidence" or KINDS[kind].process:
            schema["properties"][name] = {"$ref": f"#/components/schemas/{name.capitalize()}"}
    return schema


def _component(kind: str) -> str:
    """The name of a kind among the components: LotSource."""
    return "".join(part.capitalize() for part in kind.replace("_", ".").split("."))


def add_components(result: Schema, generator: object, request: object, public: bool) -> Schema:
    """The description with every schema that it refers to (a hook of the generator)."""
    _, found = msgspec.json.schema_components(sorted(_DOCUMENTS, key=str), ref_template="#/components/schemas/{name}")
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas |= {name: dict(schema) for name, schema in found.items()} | _SCHEMAS
    result["components"]["schemas"] = dict(sorted(schemas.items()))
    return result
