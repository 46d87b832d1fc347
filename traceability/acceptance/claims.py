"""What a statement does to a claims account: who may enter what, once, and what is left (`lodestone-claims/1`).

Open fields decide what may be entered at all; amounts, where they are disclosed, whether the account has them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from traceability.acceptance import claimed_amounts as amounts
from traceability.acceptance.accounts import require
from traceability.acceptance.custody_models import WEAKEST
from traceability.acceptance.errors import AccountRefused, ClaimedTwice, CreditedTwice, NeverChanged, ValueWithheld
from traceability.acceptance.world import AccountRecord, Body, Effective, World
from traceability.ledger.kinds.accounts import BOOK_AND_CLAIM, CLAIM, CREDIT, EXPIRE, OPENS_ACCOUNT
from traceability.ledger.kinds.kind import corrected_body
from traceability.ledger.quantity import parse_computed, parse_quantity
from traceability.ledger.statement import Statement
from traceability.material import claims
from traceability.material.claims import Claimed, ClaimsState, Credited, Entry, GivenUp, Terms
from traceability.material.findings import Finding

ENTRIES: Final = (CREDIT, CLAIM, EXPIRE)
ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts after a statement; not established where an amount is withheld."""

    records: Mapping[str, AccountRecord]
    findings: tuple[Finding, ...] = ()
    established: bool = True


NOTHING = Accounts({})


# What open fields decide


def check_open(statement: Statement, world: World) -> None:
    """Refuses an entry that its open fields rule out: at the wrong time, of the wrong lot, or twice."""
    if statement.kind not in ENTRIES:
        return
    account = world.account(str(statement.body["account"]))
    if account is None:
        return  # an account that is not seen here
    if statement.occurred_to < account.at:
        raise AccountRefused("The account has a later entry already. Entries follow each other in time.",
                             path="/occurred_to")  # fmt: skip
    if statement.kind == CREDIT:
        _check_lot(statement, account.terms.materials_in, account, world)
        _check_came_in(statement, account, world)
    elif statement.kind == CLAIM:
        _check_claim(statement, account, world)
    elif account.terms.is_rolling:
        raise AccountRefused("A rolling average has no credits that could expire.", path="/body/credit")


def _check_lot(statement: Statement, materials: tuple[str, ...], account: AccountRecord, world: World) -> None:
    """The lot is of a material of the account, and at its site."""
    urn = str(statement.body["lot"])
    lot = world.lot(urn)
    if lot is None:
        return
    if lot.custody.material not in materials:
        listed, material = ", ".join(materials), lot.custody.material
        raise AccountRefused(f"The lot is {material}; the account is about {listed}.", path="/body/lot", lot=urn)
    site = account.terms.facility
    if site and site_of(urn, world) != site:
        raise AccountRefused("The lot is not at the site of the account.", path="/body/lot", lot=urn)


def _check_came_in(statement: Statement, account: AccountRecord, world: World) -> None:
    """What is credited came in as it is, is no product of the owner, and counts once."""
    urn = str(statement.body["lot"])
    lot = world.lot(urn)
    if lot is not None:
        made = world.effective(lot.custody.created_by)
        if made is not None and made.original.kind == "lot.transform" and lot.custody.maker == statement.issuer:
            raise AccountRefused("You made this lot. Credit what came in, before it is split or used.",
                                 path="/body/lot", lot=urn)  # fmt: skip
        if lot.model == WEAKEST and "claim" not in statement.body:
            raise CreditedTwice(
                "What this lot is made of was credited or blended as mass balance already. Only a claim on it counts.",
                path="/body/lot",
                lot=urn,
            )
    for other in _entered(urn, CREDIT, world):
        if other.original.issuer != statement.issuer:
            continue
        its = world.account(str(other.body["account"]))
        if its is not None and its.terms.overlaps(account.terms):
            raise CreditedTwice("This lot was credited already.", path="/body/lot", lot=urn)


def _check_claim(statement: Statement, account: AccountRecord, world: World) -> None:
    names_lot = "lot" in statement.body
    if account.terms.model == BOOK_AND_CLAIM:
        if names_lot:
            raise AccountRefused("Book and claim is not tied to goods. Leave the lot out and name who claims.",
                                 path="/body/lot")  # fmt: skip
        return
    if not names_lot:
        raise AccountRefused("Name the lot that leaves with the claim.", path="/body/lot")
    _check_lot(statement, account.terms.materials_out, account, world)
    urn = str(statement.body["lot"])
    if any(other.body["account"] == account.urn for other in _entered(urn, CLAIM, world)):
        raise ClaimedTwice("This account has a claim on the lot already. Correct that one.", path="/body/lot", lot=urn)


def _entered(lot: str, kind: str, world: World) -> Iterator[Effective]:
    return (one for one in world.history(lot) if one.original.kind == kind)


def site_of(lot: str, world: World) -> str:
    """The facility where a lot was received or made; that of the whole for a part; empty where none is stated."""
    sites: set[str] = set()
    seen = {lot}
    waiting = [lot]
    while waiting:
        site, wholes = _stated_site(waiting.pop(), world)
        if site or not wholes:
            sites.add(site)
        else:
            waiting += wholes - seen
            seen |= wholes
    return sites.pop() if len(sites) == 1 else ""


def _stated_site(lot: str, world: World) -> tuple[str, set[str]]:
    """The facility that the newest receipt of a lot states, else its making; and of a part, what it is a part of."""
    site, wholes = "", set[str]()
    for one in world.history(lot):
        chain = one.original.chain(lot)
        made = chain is not None and chain.role == "output"
        if made or one.original.kind == "lot.receive":
            site = str(one.body.get("facility", ""))
        if made and one.original.kind == "lot.transform" and not one.process:
            wholes = {other.subject for other in one.original.chains if other.role != "output"}
    return site, wholes


# What amounts decide


def advance(statement: Statement, opened: Body, world: World, *, whole: bool) -> Accounts:
    """The account after a statement, or the refusal; `whole`: no amount is withheld."""
    if statement.kind == "statement.correct":
        return _corrected(statement, opened, world)
    if not statement.kind.startswith("account."):
        return NOTHING
    urn = str(statement.body["account"])
    if statement.kind == OPENS_ACCOUNT:
        record = AccountRecord(urn, statement.issuer, claims.parse_terms(opened), statement.occurred_to, claims.EMPTY)
        return Accounts({urn: record} if world.sees(urn) else {})
    account = world.account(urn)
    if account is None:
        return NOTHING
    if not whole or account.state is None:
        return Accounts({urn: replace(account, at=statement.occurred_to, state=None)}, established=whole)
    entry = entry_of(statement.kind, statement.digest, statement.occurred_to, opened)
    claims.check(account.state, account.terms, entry)
    seen = amounts.check(entry, opened, statement, account.terms, world)
    state = claims.after(account.state, account.terms, entry)
    return Accounts({urn: replace(account, at=statement.occurred_to, state=state)}, established=seen)


def entry_of(kind: str, digest: str, at: datetime, opened: Body) -> Entry:
    """The entry that a body states; ValueWithheld where one of its amounts is not here."""
    require(opened, "amount_kg")
    amount_kg = parse_quantity(opened["amount_kg"], path="/body/amount_kg")
    if kind == EXPIRE:
        return GivenUp(digest, at, str(opened["credit"]), amount_kg)
    if kind == CLAIM:
        content_kg = ZERO if "lot" not in opened else _content(opened)
        return Claimed(digest, at, content_kg, amount_kg)
    require(opened, "share")
    return Credited(digest, at, _content(opened), parse_computed(opened["share"], path="/body/share"), amount_kg)


def _content(opened: Body) -> Decimal:
    require(opened, "content_kg")
    return parse_quantity(opened["content_kg"], path="/body/content_kg")


def entries_of(history: Sequence[Effective]) -> list[Entry]:
    """The entries on the chain of an account, in their newest versions."""
    return [
        entry_of(one.original.kind, one.original.digest, one.occurred_to, one.body)
        for one in history
        if one.original.kind in ENTRIES
    ]


def folded(terms: Terms, history: Sequence[Effective]) -> ClaimsState:
    """The account after all of its entries."""
    state = claims.EMPTY
    for entry in entries_of(history):
        state = claims.after(state, terms, entry)
    return state


def _corrected(statement: Statement, opened: Body, world: World) -> Accounts:
    """The account made again after a correction; what it lacks then is a finding."""
    before = world.effective(str(opened["replaces"]))
    if before is None or before.original.kind not in ENTRIES:
        return NOTHING
    account = world.account(str(before.body["account"]))
    if account is None:
        return NOTHING
    try:
        entry = entry_of(before.original.kind, before.original.digest, before.occurred_to, corrected_body(opened))
        seen = _check_corrected(entry, before, corrected_body(opened), account.terms, world)
        state = folded(account.terms, world.with_version(statement, opened).history(account.urn))
    except ValueWithheld:
        return Accounts({account.urn: replace(account, state=None)}, established=False)
    findings = (_SHORT,) if state.short_kg > (account.state or claims.EMPTY).short_kg else ()
    return Accounts({account.urn: replace(account, state=state)}, findings, seen)


def _check_corrected(entry: Entry, before: Effective, body: Body, terms: Terms, world: World) -> bool:
    """Whether a corrected entry, which must be possible by itself, could be judged; a claim never grows."""
    if isinstance(entry, Credited):
        claims.check(claims.EMPTY, terms, entry)
    elif isinstance(entry, Claimed):
        require(before.body, "amount_kg")
        if entry.amount_kg > parse_quantity(before.body["amount_kg"]):
            raise NeverChanged("A correction never claims more. Make another claim.", path="/body/as/body/amount_kg")
    return amounts.check(entry, body, before.original, terms, world)


_SHORT: Final = Finding("account_short", "More is claimed from the account than it has after this correction.")
