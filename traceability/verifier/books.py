"""What an auditor reads of the lots in a bundle: monthly material accounts, stock-takes, claims accounts, exceptions.

Computed from the replayed statements by the code of the pages (`acceptance/custodies`, `material/accounting`,
`material/claims_books`). Everything here is said as notes, so no verdict depends on it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from traceability.acceptance.claims import entries_of
from traceability.acceptance.custodies import Custodies, Said, site_of
from traceability.acceptance.errors import ValueWithheld
from traceability.acceptance.world import AccountRecord, Effective, LotRecord
from traceability.ledger.custody import CustodyState
from traceability.ledger.errors import RecordError
from traceability.ledger.identifiers import is_urn
from traceability.ledger.quantity import format_computed
from traceability.material import accounting
from traceability.material.accounting import ZERO, Flow, Holding, Line, Movement, Stock, movements_of, valued
from traceability.material.claims_books import months
from traceability.verifier.facts import Facts, note
from traceability.verifier.report import Finding, Outcome, Word, moment_of

OPEN_DAYS: Final = 14
"""A transfer is an exception when it was sent longer ago and not received."""
_IN_STOCK: Final = (CustodyState.HELD, CustodyState.ON_HOLD, CustodyState.BLOCKED)
_COMES: Final = ("lot.source", "lot.import", "lot.transform", "lot.receive")
_AGREE: Final = (
    "Each closing stock is what the lots hold. Other lots of these organisations are not in this bundle: nothing here "
    "is the whole stock of a site."
)


def material_accounts(facts: Facts) -> Outcome:
    """The accounts by organisation, month, site, stage and substance, of the lots in the bundle."""
    notes: list[Finding] = []
    differing = 0
    untold: set[str] = set()
    for owner, lots in sorted(held_by(facts).items()):
        moves, stock, withheld = of_organisation(facts, owner, lots)
        untold |= withheld
        for line, month in _lines(moves, stock):
            differing += bool(line.difference_kg)
            notes.append(note("account_line", f"{month} {owner} {line.site or 'no site'}", _line_words(line)))
        notes += _stock_takes(owner, moves)
    notes += _claims_months(facts)
    notes += [note("account_left_out", lot, "A mass that its account needs is withheld.") for lot in sorted(untold)]
    if not notes:
        return Outcome("No mass is told, so nothing can be accounted for.", (), Word.NOT_APPLICABLE)
    if differing:
        sentence = f"{differing} closing stocks are not what the lots hold."
        return Outcome(sentence, tuple(notes), Word.NOT_ESTABLISHED)
    return Outcome(_AGREE, tuple(notes))


def held_by(facts: Facts) -> dict[str, list[str]]:
    """The lots of the bundle by who ever held them."""
    found: dict[str, list[str]] = {}
    for lot in facts.lots:
        came = [one for one in facts.world.history(lot) if one.original.kind in _COMES]
        for owner in {one.original.issuer for one in came}:
            found.setdefault(owner, []).append(lot)
    return found


def of_organisation(facts: Facts, owner: str, lots: Iterable[str]) -> tuple[list[Movement], list[Stock], set[str]]:
    """What moved in the stock of an organisation, what it has now, and the lots of which too little is told."""
    moves: list[Movement] = []
    stock: list[Stock] = []
    withheld: set[str] = set()
    for lot in lots:
        record = facts.world.lot(lot)
        if record is None or record.custody.state is CustodyState.VOID:
            continue
        try:
            holdings = _holdings(facts, lot, record, owner)
        except (ValueWithheld, RecordError):
            withheld.add(lot)
            continue
        moves += [move for holding in holdings for move in movements_of(holding)]
        if holdings and _is_here(record, owner) and record.stock is not None:
            kg = valued(record.stock.remaining_kg, record.stock.composition)
            stock.append(Stock(lot, record.stage, holdings[-1].site, kg))
    return moves, stock, withheld


def _holdings(facts: Facts, lot: str, record: LotRecord, owner: str) -> list[Holding]:
    made = record.made.composition if record.made is not None else None
    custodies = Custodies(lot, record.stage, owner, made, _last_site(facts, lot, owner))
    for one in facts.world.history(lot):
        if not one.withdrawn:
            custodies.add(_said(one, lot))
    if not _is_here(record, owner):
        return custodies.holdings(ZERO)
    return custodies.holdings(None if record.stock is None else record.stock.remaining_kg)


def _is_here(record: LotRecord, owner: str) -> bool:
    return record.custody.holder == owner and record.custody.state in _IN_STOCK


def _last_site(facts: Facts, lot: str, owner: str) -> str:
    """Where an organisation has, or had, a lot last; a part stands where its whole stood."""
    seen: set[str] = set()
    waiting = [lot]
    sites: set[str] = set()
    while waiting:
        one = waiting.pop()
        seen.add(one)
        site, wholes = _stated_site(facts, one, owner)
        sites |= {site} if site or not wholes else set()
        waiting += wholes - seen
    return sites.pop() if len(sites) == 1 else ""


def _stated_site(facts: Facts, lot: str, owner: str) -> tuple[str, set[str]]:
    """The site that the newest receipt or the making of a lot by an organisation states; and of a part its wholes."""
    for version in reversed(facts.world.history(lot)):
        chain, kind = version.original.chain(lot), version.original.kind
        makes = chain is not None and chain.role == "output"
        if version.original.issuer != owner or not (makes or kind == "lot.receive"):
            continue
        divides = makes and kind == "lot.transform" and not version.process
        wholes = {other.subject for other in version.original.chains if other.role != "output"} if divides else set()
        site = site_of(version.body)
        return site, set() if site else wholes
    return "", set()


def _said(version: Effective, lot: str) -> Said:
    chain = version.original.chain(lot)
    makes = chain is not None and chain.role == "output"
    original = version.original
    return Said(
        original.kind, original.digest, original.issuer, version.occurred_to, version.body, makes, bool(version.process)
    )


def _lines(moves: Sequence[Movement], stock: Sequence[Stock]) -> Iterator[tuple[Line, str]]:
    """The lines of each month in which something moved, oldest month first."""
    for month in sorted({accounting.period_of(move.at) for move in moves}, key=lambda one: one.begin):
        for line in accounting.account(moves, stock, month):
            if line.flows_kg:
                yield line, str(month)


def _line_words(line: Line) -> str:
    parts = [f"opening {_kg(line.opening_kg)}"]
    parts += [f"{flow.value} {_kg(kg)}" for flow, kg in line.flows_kg.items()]
    return (
        f"{line.stage} {line.substance}: {', '.join(parts)}, closing {_kg(line.closing_kg)}; "
        f"the lots hold {_kg(line.from_lots_kg)} kg."
    )


def _kg(value: Decimal) -> str:
    return format_computed(value)


def _stock_takes(owner: str, moves: Iterable[Movement]) -> Iterator[Finding]:
    for move in moves:
        if move.flow in (Flow.ADJUSTED, Flow.SETTLED):
            reason = f" {move.reason.rstrip('.')}." if move.reason else ""
            sentence = f"Booked {_kg(move.booked_kg)} kg, then {_kg(move.after_kg)} kg.{reason}"
            yield note("stock_take", f"{accounting.period_of(move.at)} {owner} {move.lot}", sentence)


def _claims_months(facts: Facts) -> Iterator[Finding]:
    for account in facts.world.accounts.values():
        try:
            yield from _months_of(facts, account)
        except ValueWithheld:
            yield note("account_left_out", account.urn, "An amount of the claims account is withheld.")


def _months_of(facts: Facts, account: AccountRecord) -> Iterator[Finding]:
    opened, *rest = facts.world.history(account.urn)
    for month in months(account.terms, entries_of(rest), opened.occurred_to, _as_of(facts)):
        if month.moves_kg:
            moved = ", ".join(f"{move.value} {_kg(kg)}" for move, kg in month.moves_kg.items())
            about = f"{account.terms.element} {account.terms.source}"
            opening, closing = _kg(month.opening_kg), _kg(month.closing_kg)
            sentence = f"{about}: opening {opening}, {moved}, closing {closing} kg."
            yield note("claims_month", f"{month.period} {account.urn}", sentence)


def _as_of(facts: Facts) -> datetime:
    """The moment until which the log tells: of the checkpoint, else of the newest statement."""
    cosigned_at = None if facts.signed is None else facts.signed.cosigned_at
    if cosigned_at is not None:
        return moment_of(cosigned_at)
    return max((entry.statement.issued_at for entry in facts.effective()), default=datetime(2000, 1, 1, tzinfo=UTC))


# Exceptions

KINDS: Final = {
    "yield_unusual": "yield out of range",
    "fingerprint_broken": "fingerprint broken",
    "open_transfer": "open transfer",
    "blocked": "difference not settled",
    "weighed_difference": "weighed difference",
    "weighed_beyond": "weighed difference beyond the tolerance",
    "settled_alone": "settled by the receiver alone",
    "cancelled_alone": "cancelled without the receiver",
    "back_dated": "arrived before it was sent",
    "late_entry": "entered late",
    "claimed_time_after_log": "claims a time after the log",
    "mass_gain": "more mass out than in",
    "gain_within_uncertainty": "more of an element out than in, within the uncertainty",
    "oxide_short": "more metal than the oxide gives",
    "electricity_short": "less electricity than the charge takes",
    "balance_not_evaluated": "balance not evaluated",
    "built_on_corrected": "built on what was corrected",
    "account_short": "claims account below zero",
    "model_raised": "chain-of-custody model raised",
}
"""What is an exception, by the code of its finding, in words."""


def exceptions(facts: Facts) -> Outcome:
    """What somebody should look at, gathered from all checks; questions, no verdicts."""
    found = [one for one in facts.all_findings() if one.code in KINDS] + list(_transfers(facts)) + list(_beyond(facts))
    notes = tuple(note(f"exception_{one.code}", one.where, one.sentence) for one in found)
    if not found:
        return Outcome("Nothing that an auditor looks at first was found in the lots of this bundle.")
    counted = {code: sum(one.code == code for one in found) for code in KINDS}
    listed = ", ".join(f"{KINDS[code]}: {count}" for code, count in counted.items() if count)
    return Outcome(f"To look at: {listed}.", notes)


def _transfers(facts: Facts) -> Iterator[Finding]:
    """Lots on their way to somebody of this log for longer than usual."""
    until = _as_of(facts) - timedelta(days=OPEN_DAYS)
    for lot in facts.lots:
        record = facts.world.lot(lot)
        if record is None or record.custody.state is not CustodyState.IN_TRANSIT or not is_urn(record.custody.receiver):
            continue
        sent = facts.world.effective(record.custody.dispatched_by)
        if sent is not None and sent.occurred_to < until:
            days = (_as_of(facts) - sent.occurred_to).days
            yield note("open_transfer", lot, f"It was sent {days} days before the log stood so, and not received.")


def _beyond(facts: Facts) -> Iterator[Finding]:
    """Receipts beyond the tolerance, which is stated openly."""
    for entry in facts.effective():
        if entry.statement.kind == "lot.receive" and entry.statement.body["difference"] == "beyond":
            yield note("weighed_beyond", entry.name, "The weighed mass was beyond the tolerance of the dispatch.")
