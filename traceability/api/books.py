"""The books of an organisation: its material account of a month, the movements that make it, and its exceptions."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Final
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from msgspec import UNSET, Meta, Struct, UnsetType
from rest_framework.request import Request

from traceability.api import pages, requests
from traceability.api.documents import Digest, Link, Mass, Urn
from traceability.api.requests import BadParameter
from traceability.api.schema import DAY, described
from traceability.api.views import ApiView, json_answer
from traceability.ledger.kinds.lots import STAGES
from traceability.ledger.quantity import format_computed, format_quantity
from traceability.material import accounting
from traceability.material.accounting import Flow, Movement, Period
from traceability.selectors import accounts, exceptions
from traceability.selectors.access import Actor
from traceability.selectors.accounts import Books
from traceability.selectors.exceptions import Exceptional, Kind

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
_EXCEPTIONS: Final[dict[str, dict[str, Any]]] = {
    "organisation": _ASKED["organisation"],
    "kind": {"type": "string", "enum": list(Kind)},
    "since": {**DAY, "description": "Accepted from; without it, a year ago."},
    "until": {**DAY, "description": "Accepted until; without it, today."},
    "open_days": {"type": "integer", "minimum": 0, "maximum": 3660, "default": exceptions.OPEN_DAYS},
    "late_days": {"type": "integer", "minimum": 0, "maximum": 3660, "default": exceptions.LATE_DAYS},
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


class ExceptionDocument(Struct):
    """Something that a person should look at; a question, not a verdict."""

    kind: Annotated[str, Meta(examples=list(Kind))]
    statement: Digest
    link: Link
    statement_kind: str
    accepted_at: datetime
    occurred_to: datetime
    lot: Urn | UnsetType = UNSET
    days: Annotated[int, Meta(description="For how long it is open, or how late it is.")] | UnsetType = UNSET
    code: Annotated[str, Meta(description="Of a finding.")] | UnsetType = UNSET
    sentence: Annotated[str, Meta(description="Of a finding; absent where it may repeat masses that are not told to "
                                              "you.")] | UnsetType = UNSET  # fmt: skip
    party: Annotated[Urn, Meta(description="The other side of a transfer.")] | UnsetType = UNSET


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


class Exceptions(ApiView):
    """Exceptions are found, not stored."""

    @described(
        "list_exceptions",
        "List what somebody should look at in the record of an organisation, newest first",
        tag=TAG,
        answers={200: pages.Page[ExceptionDocument]},
        refused=REFUSED,
        parameters=[OpenApiParameter(name, schema) for name, schema in (_EXCEPTIONS | _PAGES).items()],
    )
    def get(self, request: Request) -> HttpResponse:
        given = requests.query(request, (_EXCEPTIONS | _PAGES).keys())
        kind = requests.one_of(given, "kind", tuple(Kind)) if "kind" in given else ""
        owner = accounts.owner_of(
            self.actor, given.get("organisation", ""), accounts.owners(self.actor, self.today)
        )  # fmt: skip
        found = exceptions.exceptions(self.actor, owner, _period(given, self.today), self.today)
        return pages.page_of_list(request, [one for one in found if kind in ("", one.kind)], _exceptions)


def _period(given: Mapping[str, str], today: date) -> exceptions.Asked:
    since = requests.day(given, "since") if "since" in given else today - timedelta(days=365)
    until = requests.day(given, "until") if "until" in given else today
    if until < since:
        raise BadParameter("It ends before it begins. Choose a later day.", parameter="until")
    return exceptions.Asked(
        since,
        until,
        requests.whole_number(given, "open_days", least=0, most=3660, default=exceptions.OPEN_DAYS),
        requests.whole_number(given, "late_days", least=0, most=3660, default=exceptions.LATE_DAYS),
    )


def _exceptions(found: Sequence[Exceptional]) -> list[ExceptionDocument]:
    return [
        ExceptionDocument(
            kind=one.kind,
            statement=one.digest,
            link=f"/api/v1/statements/{one.digest}",
            statement_kind=one.statement.kind,
            accepted_at=one.statement.accepted_at,
            occurred_to=one.occurred_to,
            lot=_urn(one.lot) if one.lot else UNSET,
            days=UNSET if one.days is None else one.days,
            code=one.code or UNSET,
            sentence=one.sentence or UNSET,
            party=_urn(one.party) if one.party else UNSET,
        )
        for one in found
    ]


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
