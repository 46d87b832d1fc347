"""Claims accounts as a reader may see them: their terms, their entries and months, and what is claimed of a lot."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import F

from traceability.acceptance.claims import ENTRIES, entry_of
from traceability.acceptance.errors import ValueWithheld
from traceability.ledger.kinds.accounts import CLAIM
from traceability.ledger.quantity import computing, parse_quantity
from traceability.material import claims
from traceability.material.claims import ClaimsState, Entry, Terms, parse_terms
from traceability.material.claims_books import Month, months
from traceability.models import ChainLink, ClaimsAccount, Lot, Organisation, Statement
from traceability.selectors import access, statements
from traceability.selectors.access import Actor, NotFound
from traceability.selectors.statements import Told


@dataclass(frozen=True, slots=True)
class Account:
    """One account; `months` are None where an amount is withheld from the reader."""

    row: ClaimsAccount
    name: str
    terms: Terms
    entries: Sequence[tuple[Told, Entry | None]]
    months: Sequence[Month] | None
    claimable_kg: Decimal | None
    """Now; of a rolling average what is claimed less than it gives for what went out."""
    agrees: bool
    """Whether the entries give what the index of the record holds."""


def accounts(actor: Actor, owner: Organisation, today: date) -> list[Account]:
    """The accounts of an organisation whose books the actor may see, in the order of their opening."""
    rows = list(ClaimsAccount.objects.filter(owner=owner).order_by("opened_id"))
    chains = _chains(actor, [row.pk for row in rows], today)
    now = datetime.combine(today + timedelta(days=1), time(), tzinfo=UTC)
    return [_account(row, chains[row.pk], now) for row in rows]


def account(actor: Actor, pk: UUID, today: date) -> Account:
    """One account of an organisation whose books the actor may see, or NotFound."""
    row = ClaimsAccount.objects.filter(pk=pk, owner__in=access.organisations_seen_as(actor, today)).first()
    if row is None:
        raise NotFound("There is no such account, or it is not yours to see.")
    now = datetime.combine(today + timedelta(days=1), time(), tzinfo=UTC)
    return _account(row, _chains(actor, [pk], today)[pk], now)


def open_accounts(actor: Actor) -> list[ClaimsAccount]:
    """The accounts of the actor's own organisation."""
    return list(ClaimsAccount.objects.filter(owner=actor.organisation).order_by("opened_id"))


def _chains(actor: Actor, subjects: Collection[UUID], today: date) -> dict[UUID, list[Told]]:
    rows = Statement.objects.filter(links__subject__in=subjects, kind__startswith="account.")
    links = list(rows.annotate(account=F("links__subject")).order_by("pk"))
    told = statements.told(actor, links, today)
    found: dict[UUID, list[Told]] = {one: [] for one in subjects}
    for row in links:
        found[row.account].append(told[row.pk])
    return found


def _account(row: ClaimsAccount, chain: Sequence[Told], now: datetime) -> Account:
    opened, *rest = chain
    terms = parse_terms(opened.body)
    told = [(one, _entry(one)) for one in rest if one.original.row.kind in ENTRIES]
    entries = [entry for _, entry in told if entry is not None]
    lines = months(terms, entries, opened.occurred[1], now) if len(entries) == len(told) else None
    state = ClaimsState() if lines is None else lines[-1].state if lines else ClaimsState()
    claimable_kg = None if lines is None else claims.claimable_kg(state, terms, now)
    return Account(
        row, str(opened.body.get("name", "")), terms, told, lines, claimable_kg, lines is None or _agrees(row, state)
    )


def _entry(told: Told) -> Entry | None:
    row = told.original
    try:
        return entry_of(row.row.kind, row.digest, told.occurred[1], told.body)
    except ValueWithheld:
        return None


def _agrees(row: ClaimsAccount, state: ClaimsState) -> bool:
    """Whether the index holds, of what still counts, what the entries give."""
    held = {(one, Decimal(kg)) for one, _, kg in row.record["credits"]}
    stated = {(one.statement, one.left_kg) for one in state.credits}
    return stated <= held and state.short_kg == Decimal(row.record["short_kg"])


@dataclass(frozen=True, slots=True)
class Claim:
    """What is claimed of a lot from an account; amounts are None where they are withheld."""

    told: Told
    account: UUID
    terms: Terms
    amount_kg: Decimal | None
    content_kg: Decimal | None

    @property
    @computing()
    def share(self) -> Decimal | None:
        """Of what the lot holds of the element."""
        if self.amount_kg is None or not self.content_kg:
            return None
        return self.amount_kg / self.content_kg


def claims_on(actor: Actor, lot: Lot, today: date) -> list[Claim]:
    """What is claimed of a lot that the actor may see, in the order in which it was said."""
    rows = list(Statement.objects.filter(links__subject=lot.pk, kind=CLAIM).order_by("pk"))
    told = statements.told(actor, rows, today)
    subjects = dict(ChainLink.objects.filter(statement__in=rows, role="subject").values_list("statement_id", "subject"))
    opened = {one.pk: one for one in ClaimsAccount.objects.filter(pk__in=subjects.values()).select_related("opened")}
    terms = {
        pk: parse_terms(one.body)
        for pk, one in zip(
            opened, statements.open_rows(actor, [one.opened for one in opened.values()], today), strict=True
        )
    }
    return [Claim(told[row.pk], subjects[row.pk], terms[subjects[row.pk]], *_amounts(told[row.pk])) for row in rows]


def _amounts(told: Told) -> tuple[Decimal | None, Decimal | None]:
    amount, content = (told.body.get(name) for name in ("amount_kg", "content_kg"))
    return None if amount is None else parse_quantity(amount), None if content is None else parse_quantity(content)
