"""Claims accounts by program: what each counts, its months, its entries; what is claimed of a lot."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from msgspec import UNSET, Meta, Struct, UnsetType
from rest_framework.request import Request

from traceability.api import requests
from traceability.api.books import REFUSED, Kilograms
from traceability.api.documents import Digest, Link, Urn
from traceability.api.schema import described
from traceability.api.views import ApiView, json_answer
from traceability.ledger.quantity import format_computed, round_places
from traceability.material.claims import Claimed, Credited, Terms
from traceability.material.claims_books import Month
from traceability.selectors import access, accounts, claims
from traceability.selectors.claims import Account, Claim

TAG: Final = "Books"
_OWNER: Final[dict[str, dict[str, Any]]] = {
    "organisation": {"type": "string", "format": "uuid", "description": "Yours, or one whose mandate you hold."},
}


class ClaimsTerms(Struct):
    """What an account is about, as it was opened; it never changes."""

    model: Annotated[str, Meta(examples=["mass_balance", "book_and_claim"])]
    method: Annotated[str, Meta(examples=["credit", "rolling_average"])]
    element: Annotated[str, Meta(examples=["Nd", "rare_earths"])]
    source: Annotated[str, Meta(examples=["mined", "post_consumer", "pre_consumer"])]
    materials_in: list[str]
    materials_out: list[str]
    conversion_factor: str
    period_months: int
    country: str | UnsetType = UNSET
    facility: Annotated[Urn, Meta(description="Absent where it is about all sites.")] | UnsetType = UNSET


class ClaimsAccountDocument(Struct):
    """One account. `claimable_kg` is absent where amounts are withheld from you."""

    account: Urn
    owner: Urn
    link: Link
    terms: ClaimsTerms
    name: str | UnsetType = UNSET
    claimable_kg: Kilograms | UnsetType = UNSET


class ClaimsMonth(Struct):
    """One month in UTC, in kg of what the account counts."""

    month: str
    opening_kg: Kilograms
    moves_kg: Annotated[Mapping[str, Kilograms], Meta(description="credited, claimed, given_up, expired.")]
    closing_kg: Kilograms
    content_in_kg: Kilograms
    content_out_kg: Kilograms
    average: Annotated[str, Meta(description="Of a rolling average, at the end of the month.")] | UnsetType = UNSET


class ClaimsEntry(Struct):
    """One entry in its newest version; amounts that are withheld from you are absent."""

    kind: str
    statement: Digest
    link: Link
    occurred_to: datetime
    lot: Urn | UnsetType = UNSET
    content_kg: Kilograms | UnsetType = UNSET
    share: str | UnsetType = UNSET
    amount_kg: Kilograms | UnsetType = UNSET


class ClaimsAccountBook(ClaimsAccountDocument):
    """An account with its months, newest last, and its entries."""

    agrees: Annotated[bool, Meta(description="Whether the entries give what the record holds.")] = True
    months: list[ClaimsMonth] | UnsetType = UNSET
    entries: list[ClaimsEntry] = []


class LotClaim(Struct):
    """What is claimed of a lot from an account: no part of what it physically holds."""

    statement: Digest
    link: Link
    account: Urn
    terms: ClaimsTerms
    amount_kg: Kilograms | UnsetType = UNSET
    content_kg: Kilograms | UnsetType = UNSET
    share: Annotated[str, Meta(description="Of its content, to 12 decimals.")] | UnsetType = UNSET


class LotClaims(Struct):
    """All claims on a lot. Origin and recycled content are answered by `/origins` and `/rules`, without them."""

    lot: Urn
    claims: list[LotClaim]


class ClaimsAccounts(ApiView):
    """Accounts are read from the signed statements."""

    @described(
        "list_claims_accounts",
        "List the claims accounts of an organisation",
        tag=TAG,
        answers={200: list[ClaimsAccountDocument]},
        refused=REFUSED,
        parameters=[OpenApiParameter(name, schema) for name, schema in _OWNER.items()],
    )
    def get(self, request: Request) -> HttpResponse:
        given = requests.query(request, _OWNER.keys())
        owner = accounts.owner_of(
            self.actor, given.get("organisation", ""), accounts.owners(self.actor, self.today)
        )  # fmt: skip
        found = claims.accounts(self.actor, owner, self.today)
        return json_answer([ClaimsAccountDocument(**_head(one)) for one in found])


class OneClaimsAccount(ApiView):
    """One account."""

    @described(
        "read_claims_account",
        "Read a claims account, its months and its entries",
        tag=TAG,
        answers={200: ClaimsAccountBook},
        refused=REFUSED,
    )
    def get(self, request: Request, account: UUID) -> HttpResponse:
        requests.query(request, ())
        found = claims.account(self.actor, account, self.today)
        rolling = found.terms.is_rolling
        months = UNSET if found.months is None else [_month(one, rolling=rolling) for one in found.months]
        return json_answer(
            ClaimsAccountBook(**_head(found), agrees=found.agrees, months=months, entries=_entries(found))
        )


class ClaimsOnLot(ApiView):
    """What is claimed of a lot."""

    @described(
        "list_lot_claims",
        "List what is claimed of a lot from claims accounts",
        tag=TAG,
        answers={200: LotClaims},
        refused=REFUSED,
    )
    def get(self, request: Request, lot: UUID) -> HttpResponse:
        requests.query(request, ())
        row = access.lot(self.actor, lot, self.today)
        return json_answer(LotClaims(row.urn, [_claim(one) for one in claims.claims_on(self.actor, row, self.today)]))


def _head(one: Account) -> dict[str, Any]:
    return {
        "account": one.row.urn,
        "owner": f"urn:uuid:{one.row.owner_id}",
        "link": f"/api/v1/claims-accounts/{one.row.pk}",
        "terms": _terms(one.terms),
        "name": one.name or UNSET,
        "claimable_kg": UNSET if one.claimable_kg is None else format_computed(one.claimable_kg),
    }


def _terms(terms: Terms) -> ClaimsTerms:
    return ClaimsTerms(
        model=terms.model,
        method=terms.method,
        element=terms.element,
        source=terms.source,
        materials_in=list(terms.materials_in),
        materials_out=list(terms.materials_out),
        conversion_factor=format_computed(terms.factor),
        period_months=terms.months,
        country=terms.country or UNSET,
        facility=terms.facility or UNSET,
    )


def _month(one: Month, *, rolling: bool) -> ClaimsMonth:
    return ClaimsMonth(
        str(one.period),
        format_computed(one.opening_kg),
        {move.value: format_computed(kg) for move, kg in one.moves_kg.items()},
        format_computed(one.closing_kg),
        format_computed(one.content_in_kg),
        format_computed(one.content_out_kg),
        format_computed(round_places(one.average, 12)) if rolling else UNSET,
    )


def _entries(account: Account) -> list[ClaimsEntry]:
    found = []
    for told, entry in account.entries:
        weighed = isinstance(entry, Credited | Claimed) and entry.content_kg
        found.append(
            ClaimsEntry(
                told.original.row.kind,
                told.original.digest,
                f"/api/v1/statements/{told.original.digest}",
                told.occurred[1],
                lot=str(told.body["lot"]) if "lot" in told.body else UNSET,
                content_kg=format_computed(weighed) if weighed else UNSET,
                share=format_computed(entry.share) if isinstance(entry, Credited) else UNSET,
                amount_kg=UNSET if entry is None else format_computed(entry.amount_kg),
            )
        )
    return found


def _claim(one: Claim) -> LotClaim:
    share = one.share
    return LotClaim(
        one.told.original.digest,
        f"/api/v1/statements/{one.told.original.digest}",
        f"urn:uuid:{one.account}",
        _terms(one.terms),
        amount_kg=UNSET if one.amount_kg is None else format_computed(one.amount_kg),
        content_kg=UNSET if one.content_kg is None else format_computed(one.content_kg),
        share=UNSET if share is None else format_computed(round_places(share, 12)),
    )
