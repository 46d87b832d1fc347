"""The books of an organisation: its material account of a month, and the movements that make it."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Final
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from msgspec import UNSET, Meta, Struct, UnsetType
from rest_framework.request import Request

from traceability.api import pages, requests
from traceability.api.documents import Digest, Link, Mass, Urn
from traceability.api.requests import BadParameter
from traceability.api.schema import described
from traceability.api.views import ApiView, json_answer
from traceability.ledger.kinds.lots import STAGES
from traceability.ledger.quantity import format_computed, format_quantity
from traceability.material import accounting
from traceability.material.accounting import Flow, Movement, Period
from traceability.selectors import accounts
from traceability.selectors.access import Actor
from traceability.selectors.accounts import Books

TAG: Final = "Books"
REFUSED: Final = (400, 401, 403, 404)
_MONTH: Final = re.compile("20[0-9]{2}-(0[1-9]|1[0-2])")
_ASKED: Final[dict[str, dict[str, Any]]] = {
    "organisation": {"type": "string", "format": "uuid", "description": "Yours, or one whose mandate you hold."},
    "month": {"type": "string", "pattern": f"^{_MONTH.pattern}$", "description": "In UTC; without it, this month."},
    "site": {"type": "string", "description": "The urn of a facility."},
    "stage": {"type": "string", "enum": list(STAGES)},
}
_FLOW: Final[dict[str, dict[str, Any]]] = {"flow": {"type": "string", "enum": list(Flow)}}
_PAGES: Final[dict[str, dict[str, Any]]] = {
    "cursor": {"type": "string", "maxLength": 40},
    "limit": {"type": "integer", "minimum": 1, "maximum": pages.MOST, "default": pages.USUAL},
}
Kilograms = Annotated[str, Meta(description="kg, exact; below 0 what went.", examples=["-3000"])]


class AccountLine(Struct):
    """One substance of one stage at one site. `closing_kg` is opening plus flows; `from_lots_kg` what the lots hold."""

    stage: str
    substance: Annotated[str, Meta(description="`mass` (dry kg), an element, or `not_assayed` (dry kg).")]
    opening_kg: Kilograms
    flows_kg: Annotated[Mapping[str, Kilograms], Meta(description="By flow; what did not occur is not there.")]
    closing_kg: Kilograms
    from_lots_kg: Kilograms
    difference_kg: Annotated[Kilograms, Meta(description="0 unless account and record disagree.")]
    site: Annotated[Urn, Meta(description="Absent where no site was stated.")] | UnsetType = UNSET
    site_name: str | UnsetType = UNSET


class AccountDocument(Struct):
    """The material account of a month, out of the newest versions of the signed statements."""

    organisation: Urn
    month: str
    lines: list[AccountLine]
    withheld: Annotated[list[Urn], Meta(description="Lots left out: a mass of them is not told to you.")]


class MovementDocument(Struct):
    """What one statement did to the stock of one lot."""

    lot: Urn
    stage: str
    flow: Annotated[str, Meta(examples=list(Flow))]
    occurred_to: Annotated[datetime, Meta(description="When it ended, as claimed now.")]
    counts_from: Annotated[datetime, Meta(description="Never before the statement ahead of it on the lot.")]
    change_kg: Annotated[Mapping[str, Kilograms], Meta(description="By substance.")]
    before_kg: Mass
    after_kg: Mass
    statement: Digest
    link: Link
    site: Urn | UnsetType = UNSET
    reason: str | UnsetType = UNSET


class MaterialAccounts(ApiView):
    """Material accounts are computed, not stored."""

    @described(
        "read_material_account",
        "Read the material account of a month",
        tag=TAG,
        answers={200: AccountDocument},
        refused=REFUSED,
        parameters=[OpenApiParameter(name, schema) for name, schema in _ASKED.items()],
    )
    def get(self, request: Request) -> HttpResponse:
        given = requests.query(request, _ASKED.keys())
        books, month = _books(self.actor, given, self.today)
        found = accounting.account(books.movements, books.stock, month)
        lines = [_line(one, books) for one in found if _is_asked(given, one.site, one.stage)]
        return json_answer(AccountDocument(_urn(books.owner.pk), str(month), lines, list(books.withheld)))


class MaterialMovements(ApiView):
    """What stands behind a material account."""

    @described(
        "list_material_movements",
        "List the movements of a month, oldest first",
        tag=TAG,
        answers={200: pages.Page[MovementDocument]},
        refused=REFUSED,
        parameters=[OpenApiParameter(name, schema) for name, schema in (_ASKED | _FLOW | _PAGES).items()],
    )
    def get(self, request: Request) -> HttpResponse:
        given = requests.query(request, (_ASKED | _FLOW | _PAGES).keys())
        flow = requests.one_of(given, "flow", tuple(Flow)) if "flow" in given else ""
        books, month = _books(self.actor, given, self.today)
        found = [
            one
            for one in books.movements
            if month.begin <= one.at < month.end
            and flow in ("", one.flow)
            and _is_asked(given, one.site, one.stage)
        ]  # fmt: skip
        return pages.page_of_list(request, sorted(found, key=lambda one: (one.at, one.statement, one.lot)), _documents)


def _books(actor: Actor, given: Mapping[str, str], today: date) -> tuple[Books, Period]:
    if "stage" in given:
        requests.one_of(given, "stage", STAGES)
    owner = accounts.owner_of(actor, given.get("organisation", ""), accounts.owners(actor, today))
    return accounts.books(actor, owner, today), _month(given, today)


def _month(given: Mapping[str, str], today: date) -> Period:
    text = given.get("month")
    if text is None:
        return accounting.period_of(datetime.combine(today, time(), tzinfo=UTC))
    if not _MONTH.fullmatch(text):
        raise BadParameter("Write a month as 2026-11.", parameter="month")
    return Period(int(text[:4]), int(text[5:]))


def _is_asked(given: Mapping[str, str], site: str, stage: str) -> bool:
    return given.get("site", site) == site and given.get("stage", stage) == stage


def _line(line: accounting.Line, books: Books) -> AccountLine:
    return AccountLine(
        stage=line.stage,
        substance=line.substance,
        opening_kg=format_computed(line.opening_kg),
        flows_kg={flow.value: format_computed(kg) for flow, kg in line.flows_kg.items()},
        closing_kg=format_computed(line.closing_kg),
        from_lots_kg=format_computed(line.from_lots_kg),
        difference_kg=format_computed(line.difference_kg),
        site=line.site or UNSET,
        site_name=books.sites.get(line.site) or UNSET,
    )


def _documents(moves: Sequence[Movement]) -> list[MovementDocument]:
    return [
        MovementDocument(
            lot=one.lot,
            stage=one.stage,
            flow=one.flow,
            occurred_to=one.claimed_at,
            counts_from=one.at,
            change_kg={substance: format_computed(kg) for substance, kg in one.change_kg.items()},
            before_kg=format_quantity(one.booked_kg),
            after_kg=format_quantity(one.after_kg),
            statement=one.statement,
            link=f"/api/v1/statements/{one.statement}",
            site=one.site or UNSET,
            reason=one.reason or UNSET,
        )
        for one in moves
    ]


def _urn(organisation: UUID) -> str:
    return f"urn:uuid:{organisation}"
