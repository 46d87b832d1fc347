"""Lots: found, looked at, followed up and down; every value as far as its issuer opens it to who asks."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

import django_filters
import msgspec
from django.conf import settings
from django.db.models import Max, Q, QuerySet
from django.http import HttpResponse
from django.utils import translation
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from traceability.api import documents, pages, requests
from traceability.api.requests import JSON
from traceability.api.schema import PAGE, described, filter_parameters
from traceability.api.statements import digest_of, links_of, withheld_documents
from traceability.api.views import ApiView, json_answer, json_bytes_answer
from traceability.ledger.custody import CustodyState
from traceability.ledger.kinds.lots import STAGES
from traceability.ledger.quantity import format_quantity
from traceability.models import ChainLink, Finding, Lot, Statement, SubjectHead
from traceability.selectors import access, lineage, lot_facts, product_numbers, statements
from traceability.selectors.access import Actor
from traceability.selectors.lot_facts import DELIVERED, LEFT, LotFacts
from traceability.selectors.names import Names, names_of
from traceability.selectors.slots import SLOTS
from traceability.services import trust_proposal
from traceability.services.rows_world import urn_of

TAG: Final = "Lots"
SVG: Final = "image/svg+xml"
PDF: Final = "application/pdf"
LANGUAGE: Final = OpenApiParameter(
    "language", {"type": "string", "enum": list(dict(settings.LANGUAGES)), "default": settings.LANGUAGE_CODE}
)
UNSEEN: Final = (400, 401, 403, 404)
MOST_LOTS: Final = 2000
DEEPEST: Final = 100


class LotFilter(django_filters.FilterSet):
    """What lots are looked for by; nobody finds by a value that he may not see."""

    state = django_filters.ChoiceFilter(
        choices=[(one, one) for one in (*CustodyState, LEFT, DELIVERED)], method="with_state"
    )
    stage = django_filters.ChoiceFilter(choices=[(one, one) for one in STAGES])
    material = django_filters.CharFilter(lookup_expr="iexact", max_length=120)
    holder = django_filters.UUIDFilter(method="held_by")
    number = django_filters.CharFilter(method="numbered", max_length=80)

    def __init__(self, data: Mapping[str, str], rows: QuerySet[Lot], *, actor: Actor, today: date) -> None:
        super().__init__(data, rows)
        self.actor, self.today = actor, today

    @property
    def here(self) -> Q:
        """The lots that who asks has, or is to receive."""
        return lot_facts.is_with(access.organisations_seen_as(self.actor, self.today))

    def with_state(self, rows: QuerySet[Lot], name: str, state: str) -> QuerySet[Lot]:
        if state == DELIVERED:
            return rows.exclude(self.here)
        left = lot_facts.has_left()
        return rows.filter(self.here, left) if state == LEFT else rows.filter(self.here, state=state).exclude(left)

    def held_by(self, rows: QuerySet[Lot], name: str, holder: UUID) -> QuerySet[Lot]:
        return rows.filter(self.here, holder=holder)

    def numbered(self, rows: QuerySet[Lot], name: str, part: str) -> QuerySet[Lot]:
        return rows.filter(lot_facts.number_is_readable(self.actor, self.today), number__icontains=part)


class Lots(ApiView):
    """The lots that your organisation made, holds, held or is to receive."""

    @described(
        "find_lots",
        "Find lots",
        tag=TAG,
        answers={200: pages.Page[documents.LotSummary]},
        refused=(400, 401, 403),
        parameters=filter_parameters(LotFilter),
    )
    def get(self, request: Request) -> HttpResponse:
        wanted = requests.query(request, LotFilter.base_filters.keys() | pages.PARAMETERS)
        rows = access.lots(self.actor, self.today)
        found = pages.filtered(LotFilter(wanted, rows, actor=self.actor, today=self.today))
        return pages.page_of(
            request,
            found,
            lambda lots: lot_documents(self.actor, lots, self.today),
            order=("-made_by_id", "pk"),
        )


class LotDetail(ApiView):
    """One lot: what is known of it, and what is withheld by whom."""

    @described("read_lot", "Look at a lot", tag=TAG, answers={200: documents.LotDetail}, refused=UNSEEN)
    def get(self, request: Request, lot: UUID) -> HttpResponse:
        requests.query(request, ())
        row = access.lot(self.actor, lot, self.today)
        facts = lot_facts.facts_of(self.actor, [row], self.today)[row.pk]
        head = SubjectHead.objects.select_related("statement").get(pk=row.pk)
        custody = documents.Custody(head.seq, _hex(head.custody_hash), digest_of(head.statement))
        return json_answer(
            documents.LotDetail(
                **_members(row, facts, names_of(self.actor, _parties(row), self.today)),
                made_by=told_document(statements.told(self.actor, [row.made_by], self.today)[row.made_by_id]),
                custody=custody if facts.with_reader else msgspec.UNSET,
                findings=_findings(self.actor, row, self.today),
            )
        )


class LotLabel(ApiView):
    """The words of the label of a lot."""

    @described(
        "read_label",
        "Read what stands on the label of a crate, with the address in its QR code",
        tag=TAG,
        answers={200: documents.LabelDocument},
        refused=UNSEEN,
    )
    def get(self, request: Request, lot: UUID) -> HttpResponse:
        requests.query(request, ())
        row = access.lot(self.actor, lot, self.today)
        facts = lot_facts.facts_of(self.actor, [row], self.today)[row.pk]
        address = product_numbers.address_of(row, with_number=bool(facts.number))
        return json_answer(
            documents.LabelDocument(
                address=address,
                material=row.material,
                custody_hash=_hex(SubjectHead.objects.get(pk=row.pk).custody_hash),
                made_on=row.made_at.date().isoformat(),
                country=row.country or msgspec.UNSET,
                number=facts.number or msgspec.UNSET,
                gtin=product_numbers.gtin_in(address) or msgspec.UNSET,
                mass_kg=msgspec.UNSET if facts.mass_kg is None else format_quantity(facts.mass_kg),
            )
        )


class LotLabelSvg(ApiView):
    """The label of a lot as a drawing."""

    @described(
        "read_label_svg",
        "Read the label of a crate as a drawing of 100 by 62 mm",
        tag=TAG,
        answers={200: {SVG: {"type": "string"}}},
        refused=UNSEEN,
        parameters=[LANGUAGE],
    )
    def get(self, request: Request, lot: UUID) -> HttpResponse:
        return HttpResponse(
            _label(self.actor, request, access.lot(self.actor, lot, self.today), "svg"), content_type=SVG
        )


class LotLabelPdf(ApiView):
    """The label of a lot, ready for a printer."""

    @described(
        "read_label_pdf",
        "Read the label of a crate as a PDF of one page of 100 by 62 mm",
        tag=TAG,
        answers={200: {PDF: {"type": "string", "format": "binary"}}},
        refused=UNSEEN,
        parameters=[LANGUAGE],
    )
    def get(self, request: Request, lot: UUID) -> HttpResponse:
        return HttpResponse(
            _label(self.actor, request, access.lot(self.actor, lot, self.today), "pdf"), content_type=PDF
        )


def _label(actor: Actor, request: Request, lot: Lot, kind: str) -> bytes:
    """The label in the language that was asked for; English where none was."""
    asked = requests.query(request, ("language",)).get("language", settings.LANGUAGE_CODE)
    if asked not in dict(settings.LANGUAGES):
        raise requests.BadParameter(f"Use one of: {', '.join(dict(settings.LANGUAGES))}.", parameter="language")
    with translation.override(asked):
        return SLOTS.label_file(actor, lot, kind)


class LotTrust(ApiView):
    """A trust file to begin with."""

    @described(
        "propose_trust",
        "Read a trust file to begin with, for the bundle of a lot",
        tag=TAG,
        answers={200: {JSON: {"type": "object"}}},
        refused=(*UNSEEN, 503),
    )
    def get(self, request: Request, lot: UUID) -> HttpResponse:
        requests.query(request, ())
        return json_bytes_answer(trust_proposal.propose(actor=self.actor, lot=lot).encode())


class LotStatements(ApiView):
    """The chain of a lot, oldest first; who handed a lot on sees it up to the answer of the next holder."""

    @described(
        "list_lot_statements",
        "List the statements on a lot",
        tag=TAG,
        answers={200: pages.Page[documents.StatementRef]},
        refused=UNSEEN,
        parameters=PAGE,
    )
    def get(self, request: Request, lot: UUID) -> HttpResponse:
        requests.query(request, pages.PARAMETERS)
        row = access.lot(self.actor, lot, self.today)
        links = ChainLink.objects.filter(subject=row.pk).select_related("statement")
        if not lot_facts.facts_of(self.actor, [row], self.today)[row.pk].with_reader:
            seen_as = access.organisations_seen_as(self.actor, self.today)
            own = links.filter(statement__issuer__in=seen_as).aggregate(last=Max("seq"))["last"]
            links = links.filter(seq__lte=(own or 0) + 1)
        return pages.page_of(request, links, _link_documents, order=("seq",))


class LotLineage(ApiView):
    """What went into a lot (`up`), or what came of it as far as you may see it (`down`)."""

    @described(
        "follow_lot",
        "Follow a lot up to its sources or down to its products",
        tag=TAG,
        answers={200: documents.Lineage},
        refused=UNSEEN,
        parameters=[
            OpenApiParameter("direction", {"type": "string", "enum": [lineage.UP, lineage.DOWN]}),
            OpenApiParameter("depth", {"type": "integer", "minimum": 1, "maximum": DEEPEST, "default": 10}),
        ],
    )
    def get(self, request: Request, lot: UUID) -> HttpResponse:
        wanted = requests.query(request, ("direction", "depth"))
        direction = requests.one_of(wanted, "direction", (lineage.UP, lineage.DOWN))
        depth = requests.whole_number(wanted, "depth", least=1, most=DEEPEST, default=10)
        row = access.lot(self.actor, lot, self.today)
        return json_answer(_lineage_document(self.actor, row, direction, depth, self.today))


def lot_documents(actor: Actor, lots: Sequence[Lot], today: date) -> list[documents.LotSummary]:
    """The lots of a page as the actor may see them, in a few queries."""
    facts = lot_facts.facts_of(actor, lots, today)
    names = names_of(actor, {one for lot in lots for one in _parties(lot)}, today)
    return [documents.LotSummary(**_members(lot, facts[lot.pk], names)) for lot in lots]


def told_document(told: statements.Told) -> documents.OpenedStatement:
    """A statement in its newest version, as far as its reader may read it."""
    newest, original = told.newest, told.original
    first, last = told.occurred
    return documents.OpenedStatement(
        digest=digest_of(original.row),
        newest=digest_of(newest.row),
        kind=original.row.kind,
        issuer=urn_of(original.row.issuer),
        occurred_from=first,
        occurred_to=last,
        body=told.body,
        withheld=withheld_documents(newest, told.withheld),
        links=links_of(digest_of(newest.row)),
        process=told.claim.get("process", msgspec.UNSET),
    )


def _parties(lot: Lot) -> set[UUID]:
    return {lot.maker_id, lot.holder_id, *([lot.receiver_id] if lot.receiver_id else [])}


def party_of(organisation: UUID, names: Names) -> documents.Party:
    """An organisation, with its name where the reader knows it."""
    return documents.Party(urn_of(organisation), names.known.get(organisation) or msgspec.UNSET)


def _members(lot: Lot, facts: LotFacts, names: Names) -> dict[str, Any]:
    values = {"number": facts.number, "mass_kg": facts.mass_kg, "remaining_kg": facts.remaining_kg}
    found = {
        "id": lot.pk,
        "urn": lot.urn,
        "material": lot.material,
        "stage": lot.stage,
        "state": facts.state,
        "maker": party_of(lot.maker_id, names),
        "made_at": lot.made_at,
        "links": lot_links(lot.pk),
        "withheld": [name for name, value in values.items() if value is None],
    }
    if facts.with_reader:
        found["holder"] = party_of(lot.holder_id, names)
        if lot.receiver_id:
            found["receiver"] = party_of(lot.receiver_id, names)
    stated = {"output_class": lot.output_class, "origin": lot.origin, "country": lot.country, "number": facts.number}
    masses = {"mass_kg": facts.mass_kg, "remaining_kg": facts.remaining_kg}
    found |= {name: value for name, value in stated.items() if value}
    return found | {name: format_quantity(mass) for name, mass in masses.items() if mass is not None}


def lot_links(lot: UUID) -> documents.LotLinks:
    """Where a lot and what belongs to it is read."""
    place = f"/api/v1/lots/{lot}"
    return documents.LotLinks(
        place,
        f"{place}/statements",
        f"{place}/lineage?direction=up",
        f"{place}/lineage?direction=down",
        f"{place}/bundle",
    )


def _hex(digest: bytes | memoryview) -> str:
    return f"sha256:{bytes(digest).hex()}"


def _findings(actor: Actor, lot: Lot, today: date) -> list[documents.FindingNote]:
    """Findings on statements of organisations whose values the actor sees: sentences may repeat masses."""
    own = access.organisations_seen_as(actor, today)
    rows = Finding.objects.filter(lot=lot.pk, statement__issuer__in=own).order_by("pk")
    return [documents.FindingNote(one.code, one.sentence) for one in rows]


def _link_documents(links: Sequence[ChainLink]) -> list[documents.StatementRef]:
    places = statements.log_places([one.statement for one in links])
    return [_link_document(one, places.get(one.statement_id)) for one in links]


def _link_document(link: ChainLink, index: int | None) -> documents.StatementRef:
    digest = digest_of(link.statement)
    return documents.StatementRef(
        digest=digest,
        kind=link.statement.kind,
        issuer=urn_of(link.statement.issuer),
        seq=link.seq,
        role=link.role,
        custody_hash=_hex(link.custody_hash),
        accepted_at=link.statement.accepted_at,
        links=links_of(digest),
        index=msgspec.UNSET if index is None else index,
    )


def _lineage_document(actor: Actor, lot: Lot, direction: str, depth: int, today: date) -> documents.Lineage:
    found = lineage.lineage(lot.pk, direction)
    far = found.steps()
    if direction == lineage.DOWN:
        seen = set(access.lots(actor, today).filter(pk__in=far).values_list("pk", flat=True))
        far = {one: steps for one, steps in far.items() if one in seen}
    near = [one for one, steps in far.items() if steps <= depth][:MOST_LOTS]
    shown = {one.pk: one for one in Lot.objects.filter(pk__in=near)}
    edges = list(found.edges({lot.pk, *shown}))
    return documents.Lineage(
        lot=lot.pk,
        direction=direction,
        depth=depth,
        complete=len(near) == len(far),
        lots=_lineage_lots(actor, [shown[one] for one in near], far, today),
        edges=_lineage_edges(actor, edges, today),
    )


def _lineage_lots(
    actor: Actor, lots: Sequence[Lot], far: Mapping[UUID, int], today: date
) -> list[documents.LineageLot]:
    facts = lot_facts.facts_of(actor, lots, today)
    names = names_of(actor, {lot.maker_id for lot in lots}, today)
    return [
        documents.LineageLot(
            id=lot.pk,
            urn=lot.urn,
            depth=far[lot.pk],
            material=lot.material,
            stage=lot.stage,
            maker=party_of(lot.maker_id, names),
            links=lot_links(lot.pk),
            country=lot.country or msgspec.UNSET,
            origin=lot.origin or msgspec.UNSET,
            number=facts[lot.pk].number or msgspec.UNSET,
        )
        for lot in lots
    ]


def _lineage_edges(actor: Actor, edges: Sequence[lineage.Edge], today: date) -> list[documents.LineageEdge]:
    rows = Statement.objects.filter(pk__in={one.statement_id for one in edges})
    made_in = {row.pk: (_hex(row.digest), row.issuer) for row in rows.only("pk", "digest", "issuer")}
    trusted = lot_facts.masses_seen_of(actor, today)
    return [
        documents.LineageEdge(
            from_lot=one.parent,
            to_lot=one.child,
            statement=made_in[one.statement_id][0],
            mass_kg=format_quantity(one.mass_kg) if made_in[one.statement_id][1] in trusted else msgspec.UNSET,
        )
        for one in edges
    ]
