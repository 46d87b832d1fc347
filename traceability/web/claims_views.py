"""Claims accounts as pages: which there are, and of each what it had, was credited, claimed, lost and has left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from traceability.material.claims import Claimed, Credited, Entry
from traceability.material.claims_books import Month, Move
from traceability.selectors import accounts, claims
from traceability.selectors.access import Actor
from traceability.selectors.claims import Account
from traceability.selectors.statements import Told
from traceability.web import tables, words
from traceability.web.acting import for_member, today
from traceability.web.claims_words import about
from traceability.web.tables import Column, Table, figures

MOVES: Final = {
    Move.CREDITED: gettext_lazy("Credited"), Move.CLAIMED: gettext_lazy("Claimed"),
    Move.GIVEN_UP: gettext_lazy("Given up"), Move.EXPIRED: gettext_lazy("Expired"),
}  # fmt: skip


def label(account: Account) -> str:
    """How people call an account."""
    return account.name or _("Account %(end)s") % {"end": str(account.row.pk)[-4:]}


@dataclass(frozen=True, slots=True)
class Line:
    """One account in the list."""

    account: Account

    @property
    def name(self) -> str:
        return label(self.account)

    @property
    def href(self) -> str:
        return reverse("claims_account", args=[self.account.row.pk])

    @property
    def about(self) -> str:
        return about(self.account.terms)

    @property
    def model(self) -> str:
        terms = self.account.terms
        return f"{words.ACCOUNT_MODELS[terms.model]}, {words.inside(words.ACCOUNT_METHODS[terms.method])}"

    @property
    def claimable_kg(self) -> Decimal | None:
        return self.account.claimable_kg


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One month."""

    month: Month
    rolling: bool

    @property
    def period(self) -> str:
        return str(self.month.period)

    @property
    def begin(self) -> datetime:
        return self.month.period.begin

    def kg(self, move: Move) -> Decimal | None:
        return self.month.moves_kg.get(move)

    @property
    def cells(self) -> list[Decimal | None]:
        return [self.kg(one) for one in Move]


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry."""

    told: Told
    entry: Entry | None

    @property
    def at(self) -> datetime:
        return self.told.occurred[1]

    @property
    def kind(self) -> str:
        return str(words.kind(self.told.original.row.kind))

    @property
    def lot(self) -> str:
        return str(self.told.body.get("lot", ""))[9:]

    @property
    def href(self) -> str:
        return reverse("statement", args=[self.told.original.digest.removeprefix("sha256:")])

    @property
    def amount_kg(self) -> Decimal | None:
        return None if self.entry is None else self.entry.amount_kg

    @property
    def content_kg(self) -> Decimal | None:
        return self.entry.content_kg if isinstance(self.entry, Credited | Claimed) else None

    @property
    def share(self) -> Decimal | None:
        return self.entry.share if isinstance(self.entry, Credited) else None


ACCOUNTS: Final = Table(
    "claims-accounts",
    gettext_lazy("Claims accounts"),
    (
        Column("name", gettext_lazy("Account"), lambda one: one.name),
        Column("about", gettext_lazy("What it counts"), lambda one: one.about),
        Column("model", gettext_lazy("Model"), lambda one: one.model),
        figures("claimable", gettext_lazy("To claim now"), lambda one: one.claimable_kg, unit="kg"),
        Column("urn", "urn", lambda one: one.account.row.urn, seen=False),
    ),
    usual="name",
    part="claims",
)


def _moved(move: Move) -> Column:
    return figures(move.value, MOVES[move], lambda one: one.kg(move), unit="kg")


MONTHS: Final = Table(
    "claims-months",
    gettext_lazy("Month by month"),
    (
        Column("month", gettext_lazy("Month"), lambda one: one.period),
        figures("opening", gettext_lazy("Opening balance"), lambda one: one.month.opening_kg, unit="kg"),
        *(_moved(one) for one in Move),
        figures("closing", gettext_lazy("Closing balance"), lambda one: one.month.closing_kg, unit="kg"),
        figures("content_in", gettext_lazy("Content that came in"), lambda one: one.month.content_in_kg, unit="kg"),
        figures("content_out", gettext_lazy("Content that went out"), lambda one: one.month.content_out_kg, unit="kg"),
        figures("average", gettext_lazy("Rolling average"), lambda one: one.month.average if one.rolling else None),
    ),
    usual="-month",
    what=gettext_lazy("months"),
)
ENTRIES: Final = Table(
    "claims-entries",
    gettext_lazy("Entries"),
    (
        Column("at", gettext_lazy("When"), lambda one: one.at),
        Column("kind", gettext_lazy("What"), lambda one: one.kind),
        figures("content", gettext_lazy("Content of the lot"), lambda one: one.content_kg, unit="kg"),
        figures("share", gettext_lazy("Share"), lambda one: one.share),
        figures("amount", gettext_lazy("Amount"), lambda one: one.amount_kg, unit="kg"),
        Column("lot", gettext_lazy("Lot"), lambda one: one.lot, seen=False),
        Column("digest", gettext_lazy("Digest"), lambda one: one.told.original.digest, seen=False),
    ),
    usual="-at",
    part="entries",
)


@for_member
@require_safe
def show(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """All accounts of an organisation."""
    owners = accounts.owners(actor, today())
    owner = accounts.owner_of(actor, request.GET.get("of", ""), owners)
    lines = [Line(one) for one in claims.accounts(actor, owner, today())]
    context = {
        "section": "stock" if owner == actor.organisation else "lots",
        "owner": owner,
        "is_own": owner == actor.organisation,
        "givers": [(str(one.pk), one.name) for one in owners],
        "table": ACCOUNTS.of(request, lines),
        "crumbs": [(_("Material accounts"), reverse("material_accounts")), (_("Claims accounts"), "")],
    }
    return tables.answer(request, "books/claims.html", context)


@for_member
@require_safe
def account(request: HttpRequest, actor: Actor, account_id: UUID) -> HttpResponseBase:
    """One account: its terms, its months, its entries."""
    found = claims.account(actor, account_id, today())
    rolling = found.terms.is_rolling
    months = [MonthLine(one, rolling) for one in found.months or ()]
    shown = MONTHS.of(request, months)
    context = {
        "section": "stock" if found.row.owner_id == actor.organisation.pk else "lots",
        "account": found,
        "line": Line(found),
        "is_own": found.row.owner_id == actor.organisation.pk,
        "terms": found.terms,
        "months": shown,
        "entries": ENTRIES.of(request, [EntryLine(*one) for one in found.entries]),
        "crumbs": [(_("Material accounts"), reverse("material_accounts")),
                   (_("Claims accounts"), reverse("claims_accounts")), (label(found), "")],
    }  # fmt: skip
    return tables.answer(request, "books/claims_account.html", context)
