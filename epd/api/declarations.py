"""Declarations: found, read and verified by anybody; published, withdrawn and superseded by their declarant."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import django_filters
import msgspec
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from epd.api import documents
from epd.api.converters import DeclarationConverter
from epd.lca.indicators import Basis
from epd.models import Declaration
from epd.selectors.declarations import with_products
from epd.services import checks, declarations, results
from epd.services.checks import Criteria
from epd.services.declarations import NotTheDeclarant
from traceability.api import pages, requests
from traceability.api.documents import OpenedStatement, Receipt
from traceability.api.idempotency import answer_once
from traceability.api.lots import told_document
from traceability.api.schema import ENVELOPE_SCHEMA, IF_NONE_MATCH, KEY, described, filter_parameters, of_shape
from traceability.api.statements import digest_of, envelope_answer, placed, receipt_documents, withheld_documents
from traceability.api.views import ApiView, PublicView, json_answer
from traceability.ledger.identifiers import check_digest
from traceability.ledger.kinds.declarations import REASON
from traceability.ledger.kinds.lots import STAGES
from traceability.ledger.quantity import format_computed, parse_computed, parse_quantity
from traceability.ledger.shapes import NOTHING_DISCLOSED, PERCENT, Computed, Digest, Flag, Object, Text, Urn, optional
from traceability.models import ApiToken
from traceability.selectors import access, lots, statements
from traceability.selectors.access import NotFound
from traceability.services.rows_world import urn_of, uuid_of

PUBLISH: Final = Object(
    {
        "lot": Urn(),
        "product": Text(200),
        "illustrative": optional(Flag()),
        "cites": optional(Text(9, "[2-9A-Z]{4}-[2-9A-Z]{4}", "7Q4K-2M9X")),
        "justification": optional(Text(1000)),
    }
)
WITHDRAW: Final = Object({"reason": REASON})
SUPERSEDE: Final = Object({"successor": Urn(), "reason": REASON})
ASKED: Final = ("expect", "max_gwp_ghg", "min_recycled_pct", "basis", "verified")
VERIFY: Final = Object({name: optional(Text(80)) for name in ASKED})
ASKED_SCHEMAS: Final[dict[str, Any]] = {
    "expect": of_shape(Digest()),
    "max_gwp_ghg": of_shape(Computed()) | {"description": "kg CO2e per kg, GWP-GHG, A1 to A3."},
    "min_recycled_pct": of_shape(PERCENT) | {"description": "% of the rare earths, post- and pre-consumer."},
    "basis": {"type": "string", "enum": [one.value for one in Basis], "default": "economic"},
    "verified": {"type": "string", "enum": ["false", "true"], "default": "false"},
}
TAG: Final = "Declarations"
REFUSED: Final = (400, 401, 403, 404, 409, 413, 415, 422)
UNSEEN: Final = (400, 401, 404)
ONE: Final = OpenApiParameter(
    "declaration",
    {"type": "string", "pattern": DeclarationConverter.PATTERN},
    OpenApiParameter.PATH,
    description="The uuid of a declaration, or its short reference.",
)
UNVERIFIED: Final = "No third party has verified the declaration: it is the word of its declarant."
ONLINE: Final = "These are the answers of this server. Who must not rely on it verifies the bundle of the lot offline."


_PUBLISHED: Final = msgspec.json.Decoder(documents.Published)


class DeclarationFilter(django_filters.FilterSet):
    """What declarations are looked for by."""

    product = django_filters.CharFilter(lookup_expr="icontains", max_length=200)
    declarant = django_filters.UUIDFilter()
    country = django_filters.CharFilter(lookup_expr="iexact", max_length=2)
    status = django_filters.ChoiceFilter(choices=Declaration.Status.choices)
    gwp_ghg_min = django_filters.NumberFilter(field_name="gwp_ghg", lookup_expr="gte", max_digits=30, decimal_places=12)
    gwp_ghg_max = django_filters.NumberFilter(field_name="gwp_ghg", lookup_expr="lte", max_digits=30, decimal_places=12)
    lot = django_filters.UUIDFilter()
    stage = django_filters.ChoiceFilter(choices=Declaration.Stage.choices)
    material = django_filters.CharFilter(field_name="made_material__icontains", method="of_product", max_length=120)
    lot_stage = django_filters.ChoiceFilter(
        field_name="made_stage", method="of_product", choices=[(one, one) for one in STAGES]
    )
    verified_on = django_filters.DateFilter(field_name="verified_until", method="holding")
    registered_on = django_filters.DateFilter(field_name="registered_until", method="holding")
    kind = django_filters.ChoiceFilter(choices=[("lot", "lot"), ("reference", "reference")], method="of_kind")

    def of_product(self, rows: QuerySet[Declaration], name: str, wanted: str) -> QuerySet[Declaration]:
        """Those of this material or stage."""
        return with_products(rows).filter(**{name: wanted})

    def holding(self, rows: QuerySet[Declaration], name: str, day: date) -> QuerySet[Declaration]:
        """Those that are in force, and whose verification or registration holds on that day."""
        return rows.filter(**{f"{name}__gte": day}, status=Declaration.Status.PUBLISHED)

    def of_kind(self, rows: QuerySet[Declaration], name: str, wanted: str) -> QuerySet[Declaration]:
        """Those of lots, or those of products over twelve months."""
        return rows.filter(lot__isnull=wanted == "reference")


class Declarations(PublicView):
    """Published declarations."""

    @described(
        "find_declarations",
        "Find declarations",
        tag=TAG,
        answers={200: pages.Page[documents.DeclarationSummary]},
        refused=(400, 401),
        parameters=filter_parameters(DeclarationFilter),
    )
    def get(self, request: Request) -> HttpResponse:
        wanted = requests.query(request, DeclarationFilter.base_filters.keys() | pages.PARAMETERS)
        rows = pages.filtered(DeclarationFilter(wanted, Declaration.objects.select_related("declarant")))
        return pages.page_of(request, rows, _summaries, order=("-published_at", "pk"))

    @described(
        "publish_declaration",
        "Publish the declaration of a lot that you made",
        tag=TAG,
        request={requests.JSON: of_shape(PUBLISH)},
        answers={201: documents.Published},
        refused=REFUSED,
        parameters=[KEY],
    )
    def post(self, request: Request) -> HttpResponse:
        actor = self.actor
        wanted = requests.read_object(request, PUBLISH)
        answer = placed(answer_once(request, actor, lambda: self._publish(wanted)))
        answer["Location"] = _PUBLISHED.decode(answer.content).declaration.links.self
        return answer

    def _publish(self, wanted: Mapping[str, Any]) -> HttpResponse:
        lot = access.lot(self.actor, uuid_of(wanted["lot"]), self.today)
        declaration, receipt = declarations.publish(
            actor=self.actor,
            lot=lot,
            product=wanted["product"],
            illustrative=wanted.get("illustrative", False),
            cites=wanted.get("cites", ""),
            justification=wanted.get("justification", ""),
        )
        [document] = receipt_documents([receipt])
        shown = documents.Published(**msgspec.structs.asdict(document), declaration=summary(declaration))
        return json_answer(shown, status=201)


class DeclarationDetail(PublicView):
    """One declaration."""

    @described(
        "read_declaration",
        "Read a declaration",
        tag=TAG,
        answers={200: documents.DeclarationDetail},
        refused=UNSEEN,
        parameters=[ONE],
    )
    def get(self, request: Request, declaration: str) -> HttpResponse:
        requests.query(request, ())
        row = find(declaration)
        [opened] = statements.open_rows(self.actor_or_anybody, [row.statement], self.today)
        return json_answer(
            documents.DeclarationDetail(
                **msgspec.structs.asdict(summary(row)),
                statement=digest_of(row.statement),
                body=opened.body,
                withheld=withheld_documents(opened, opened.withheld),
            )
        )


class DeclarationStatement(PublicView):
    """The signed statement of a declaration, byte for byte."""

    @described(
        "read_declaration_statement",
        "Read the signed statement of a declaration, byte for byte",
        tag=TAG,
        answers={200: {requests.ENVELOPE: ENVELOPE_SCHEMA}, 304: None},
        refused=UNSEEN,
        parameters=[ONE, IF_NONE_MATCH],
    )
    def get(self, request: Request, declaration: str) -> HttpResponseBase:
        requests.query(request, ())
        return envelope_answer(request, find(declaration).statement)


class Withdrawal(ApiView):
    """Withdraw a declaration of your own."""

    @described(
        "withdraw_declaration",
        "Withdraw a declaration of yours",
        tag=TAG,
        request={requests.JSON: of_shape(WITHDRAW)},
        answers={201: Receipt},
        refused=REFUSED,
        parameters=[ONE, KEY],
    )
    def post(self, request: Request, declaration: str) -> HttpResponse:
        row = find(declaration)
        wanted = requests.read_object(request, WITHDRAW)
        return placed(answer_once(request, self.actor, lambda: self._withdraw(row, wanted["reason"])))

    def _withdraw(self, row: Declaration, reason: str) -> HttpResponse:
        receipt = declarations.withdraw(actor=self.actor, declaration=row, reason=reason)
        return json_answer(receipt_documents([receipt])[0], status=201)


class Supersession(ApiView):
    """Put a newer declaration of your own in the place of an older one."""

    @described(
        "supersede_declaration",
        "Supersede a declaration of yours by another",
        tag=TAG,
        request={requests.JSON: of_shape(SUPERSEDE)},
        answers={201: Receipt},
        refused=REFUSED,
        parameters=[ONE, KEY],
    )
    def post(self, request: Request, declaration: str) -> HttpResponse:
        row = find(declaration)
        wanted = requests.read_object(request, SUPERSEDE)
        return placed(answer_once(request, self.actor, lambda: self._supersede(row, wanted)))

    def _supersede(self, row: Declaration, wanted: Mapping[str, Any]) -> HttpResponse:
        successor = Declaration.objects.filter(pk=uuid_of(wanted["successor"])).first()
        if successor is None or successor.pk == row.pk or successor.declarant_id != row.declarant_id:
            raise NotTheDeclarant("Name another declaration of the same declarant.", path="/successor")
        receipt = declarations.supersede(
            actor=self.actor, declaration=row, successor=successor, reason=wanted["reason"]
        )
        return json_answer(receipt_documents([receipt])[0], status=201)


class Verification(PublicView):
    """Named checks of a declaration."""

    scopes = {"POST": ApiToken.Scope.READ}  # it changes nothing

    @described(
        "verify_declaration",
        "Verify a declaration by named checks",
        tag=TAG,
        answers={200: documents.Verification},
        refused=UNSEEN,
        parameters=[ONE, *(OpenApiParameter(name, schema) for name, schema in ASKED_SCHEMAS.items())],
    )
    def get(self, request: Request, declaration: str) -> HttpResponse:
        return self._verify(declaration, requests.query(request, ASKED))

    @described(
        "verify_declaration_by_body",
        "Verify a declaration by named checks, the criteria in a body",
        tag=TAG,
        request={requests.JSON: {"type": "object", "additionalProperties": False, "properties": ASKED_SCHEMAS}},
        answers={200: documents.Verification},
        refused=(*UNSEEN, 413, 415),
        parameters=[ONE],
    )
    def post(self, request: Request, declaration: str) -> HttpResponse:
        requests.query(request, ())
        return self._verify(declaration, requests.read_object(request, VERIFY, may_be_absent=True))

    def _verify(self, declaration: str, asked: Mapping[str, str]) -> HttpResponse:
        row = find(declaration)
        verdict = checks.check_declaration(row, _criteria(asked))
        return json_answer(
            documents.Verification(
                declaration=row.urn,
                outcome=verdict.outcome,
                checks=[
                    documents.CheckDocument(one.id, one.group, one.outcome, one.sentence) for one in verdict.checks
                ],
                notes=[ONLINE] if _is_attested(row) else [UNVERIFIED, ONLINE],
                offline=_offline(row, asked.get("expect")),
                checkpoint=verdict.checkpoint.note if verdict.checkpoint else msgspec.UNSET,
            )
        )


class LotResult(ApiView):
    """The result of a lot."""

    @described(
        "read_result",
        "Read the newest result of a lot, as far as its maker opens it to you",
        tag=TAG,
        answers={200: OpenedStatement},
        refused=(*UNSEEN, 403),
    )
    def get(self, request: Request, lot: UUID) -> HttpResponse:
        requests.query(request, ())
        told = lots.newest_told(self.actor, access.lot(self.actor, lot, self.today), "lot.result", self.today)
        if told is None:
            raise NotFound("No result was signed for this lot.")
        return json_answer(told_document(told))

    @described(
        "compute_result",
        "Compute and sign the result of a lot that you made",
        tag=TAG,
        answers={201: Receipt},
        refused=REFUSED,
        parameters=[KEY],
    )
    def post(self, request: Request, lot: UUID) -> HttpResponse:
        requests.query(request, ())
        row = access.lot(self.actor, lot, self.today)

        def run() -> HttpResponse:
            receipt = results.publish_result(actor=self.actor, lot=row)
            return json_answer(receipt_documents([receipt])[0], status=201)

        return placed(answer_once(request, self.actor, run))


def find(declaration: str) -> Declaration:
    """The declaration with this uuid or reference."""
    rows = Declaration.objects.select_related("declarant", "statement")
    named = {"reference": declaration} if len(declaration) == len("7Q4K-2M9X") else {"pk": UUID(declaration)}
    found = rows.filter(**named).first()
    if found is None:
        raise NotFound("There is no such declaration.")
    return found


def _summaries(rows: Sequence[Declaration]) -> list[documents.DeclarationSummary]:
    return [summary(row) for row in rows]


def summary(row: Declaration) -> documents.DeclarationSummary:
    """A declaration as lists show it."""
    return documents.DeclarationSummary(
        id=row.pk,
        urn=row.urn,
        reference=row.reference,
        product=row.product,
        declarant=documents.Declarant(urn_of(row.declarant_id), row.declarant.name),
        country=row.country,
        kind="reference" if row.is_reference else "lot",
        lot=row.lot_id or msgspec.UNSET,
        status=row.status,
        illustrative=row.illustrative,
        published_at=row.published_at,
        links=_links(row),
        gwp_ghg=msgspec.UNSET if row.gwp_ghg is None else format_computed(row.gwp_ghg),
        stage=row.stage,
        verifier=urn_of(row.verifier) if row.verifier else msgspec.UNSET,
        verified_until=row.verified_until or msgspec.UNSET,
        registrar=urn_of(row.registrar) if row.registrar else msgspec.UNSET,
        number=row.number or msgspec.UNSET,
        registered_until=row.registered_until or msgspec.UNSET,
        successor=_address(row.successor) if row.successor else msgspec.UNSET,
        reason=row.reason or msgspec.UNSET,
    )


def _links(row: Declaration) -> documents.DeclarationLinks:
    place = _address(row.pk)
    lot = f"/api/v1/lots/{row.lot_id}" if row.lot_id else msgspec.UNSET
    return documents.DeclarationLinks(place, f"{place}/statement", f"{place}/verify", lot)


def _address(declaration: UUID) -> str:
    return f"/api/v1/declarations/{declaration}"


def _criteria(asked: Mapping[str, str]) -> Criteria:
    return Criteria(
        expect=check_digest(asked["expect"], path="/expect") if "expect" in asked else None,
        max_gwp_ghg=parse_computed(asked["max_gwp_ghg"], path="/max_gwp_ghg") if "max_gwp_ghg" in asked else None,
        min_recycled_pct=_percent(asked.get("min_recycled_pct")),
        basis=Basis(requests.one_of(asked, "basis", tuple(Basis))),
        verified=requests.one_of(asked, "verified", ("false", "true")) == "true",
    )


def _percent(text: str | None) -> Decimal | None:
    if text is None:
        return None
    PERCENT.check(text, "/min_recycled_pct", NOTHING_DISCLOSED)
    return parse_quantity(text)


def _is_attested(row: Declaration) -> bool:
    return row.verifier is not None or bool(statements.attestations([row.statement]))


def _offline(row: Declaration, expected: str | None) -> documents.Offline:
    expect = f" --expect {expected}" if expected else ""
    if row.is_reference:
        name, bundle, whom = row.reference, f"/d/{row.reference}/bundle", "declarant"
    else:
        name, bundle, whom = str(row.lot_id), f"/api/v1/lots/{row.lot_id}/bundle", "holder of the lot"
    return documents.Offline(
        bundle=bundle,
        how=f"Ask the {whom} for its bundle, and check it with the verifier and your own trust files.",
        command=f"python lodestone-verify.pyz {name}.custody.zip --policy policy --trust trust.json{expect}",
    )
