"""Claims accounts, `lodestone-claims/1`: what was credited, what may still be claimed, and what has passed away.

kg of one element (or of all rare earths) with one characteristic. Nothing here is physical: origin and recycled
content are answered by `lodestone-shares/1` alone (ISO 22095: claimed shares stand apart).
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from traceability.ledger.errors import RecordError
from traceability.ledger.immutable import immutable
from traceability.ledger.kinds.accounts import RARE_EARTHS as ALL_RARE_EARTHS
from traceability.ledger.kinds.accounts import ROLLING
from traceability.ledger.quantity import computing, format_quantity, parse_quantity, round_places
from traceability.material.composition import Composition
from traceability.material.elements import RARE_EARTHS

ALGORITHM: Final = "lodestone-claims/1"
ZERO: Final = Decimal(0)


class AccountOverdrawn(RecordError):
    """A claim of more than the account has."""

    code = "account_overdrawn"


class CreditTooLarge(RecordError):
    """More is credited than the lot brings."""

    code = "credit_too_large"


class NothingToExpire(RecordError):
    """A credit that is not there, is used up, or is smaller than what is given up of it."""

    code = "nothing_to_expire"


@dataclass(frozen=True, slots=True)
class Terms:
    """What an account is about, as its opening states it; it never changes."""

    model: str
    method: str
    facility: str
    """The site; empty where it is about all sites of its owner."""
    materials_in: tuple[str, ...]
    materials_out: tuple[str, ...]
    element: str
    """An element, or all rare earths together."""
    source: str
    country: str
    """Of mining; empty where the account does not ask for one."""
    factor: Decimal
    """kg in the products for each kg that came in: the documented yield."""
    months: int
    """How long a credit counts; the window of a rolling average."""

    @property
    def is_rolling(self) -> bool:
        return self.method == ROLLING

    def covers(self, moment: datetime, now: datetime) -> bool:
        """Whether what was said at a moment still counts."""
        return now < months_after(moment, self.months)

    def counts_same(self, other: "Terms") -> bool:
        """Whether one kg may be of what both accounts count."""
        every = ALL_RARE_EARTHS in (self.element, other.element)
        return self.element == other.element or (every and {self.element, other.element} <= _COUNTED)

    def overlaps(self, other: "Terms") -> bool:
        """Whether one kg may be counted in both accounts."""
        return self.counts_same(other) and self.source == other.source


_COUNTED: Final = RARE_EARTHS | {ALL_RARE_EARTHS}


def parse_terms(body: Mapping[str, object]) -> Terms:
    """The terms in the body of `account.open`, whose shape was checked."""
    about = body["characteristic"]
    characteristic: Mapping[str, object] = about if isinstance(about, dict) else {}
    return Terms(
        str(body["model"]),
        str(body["method"]),
        str(body.get("facility", "")),
        _texts(body["materials_in"]),
        _texts(body["materials_out"]),
        str(body["element"]),
        str(characteristic["source"]),
        str(characteristic.get("country", "")),
        parse_quantity(body["conversion_factor"]),
        int(str(body["period_months"])),
    )


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list) else ()


def months_after(moment: datetime, months: int) -> datetime:
    """The same day and time so many months later; the last day of the month where it has no such day."""
    year, month = divmod(moment.month - 1 + months, 12)
    year, month = moment.year + year, month + 1
    return moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1]))


@immutable
class Credited:
    """A lot was entered: kg of the element that it holds, the share of them with the characteristic, kg credited."""

    statement: str
    at: datetime
    content_kg: Decimal
    share: Decimal
    amount_kg: Decimal


@immutable
class Claimed:
    """kg were claimed, of a lot with so much of the element; book and claim names no lot."""

    statement: str
    at: datetime
    content_kg: Decimal
    amount_kg: Decimal


@immutable
class GivenUp:
    """kg of a credit were given up before their time."""

    statement: str
    at: datetime
    credit: str
    amount_kg: Decimal


Entry = Credited | Claimed | GivenUp


@immutable
class Credit:
    """What is left of a credit."""

    statement: str
    at: datetime
    left_kg: Decimal


@immutable
class Passed:
    """What went in or out in the window of a rolling average: kg of the element, and kg with the characteristic."""

    at: datetime
    content_kg: Decimal
    amount_kg: Decimal


@immutable
class ClaimsState:
    """What of an account still counts. `short_kg`: claimed beyond what, by a later correction, was there."""

    credits: tuple[Credit, ...] = ()
    inputs: tuple[Passed, ...] = ()
    outputs: tuple[Passed, ...] = ()
    short_kg: Decimal = ZERO


EMPTY: Final = ClaimsState()


def at_moment(state: ClaimsState, terms: Terms, now: datetime) -> ClaimsState:
    """The account without what does not count any more."""
    return replace(
        state,
        credits=tuple(one for one in state.credits if one.left_kg and terms.covers(one.at, now)),
        inputs=tuple(one for one in state.inputs if terms.covers(one.at, now)),
        outputs=tuple(one for one in state.outputs if terms.covers(one.at, now)),
    )


@computing()
def average(state: ClaimsState, terms: Terms, now: datetime) -> Decimal:
    """The share of what came in within the window that has the characteristic; 0 where nothing came in."""
    inputs = at_moment(state, terms, now).inputs
    total = sum((one.content_kg for one in inputs), ZERO)
    return sum((one.amount_kg for one in inputs), ZERO) / total if total else ZERO


@computing()
def claimable_kg(state: ClaimsState, terms: Terms, now: datetime, content_kg: Decimal = ZERO) -> Decimal:
    """kg that may be claimed now, of goods with so much of the element where it is a rolling average."""
    now_state = at_moment(state, terms, now)
    if not terms.is_rolling:
        return sum((one.left_kg for one in now_state.credits), ZERO) - state.short_kg
    out_kg = sum((one.content_kg for one in now_state.outputs), content_kg)
    claimed_kg = sum((one.amount_kg for one in now_state.outputs), ZERO)
    return average(state, terms, now) * out_kg - claimed_kg


def check(state: ClaimsState, terms: Terms, entry: Entry) -> None:
    """Refuses an entry that the account does not allow."""
    match entry:
        case Credited():
            _check_credit(terms, entry)
        case Claimed():
            _check_claim(state, terms, entry)
        case GivenUp():
            _check_given_up(state, terms, entry)


@computing()
def creditable_kg(terms: Terms, content_kg: Decimal, share: Decimal) -> Decimal:
    """The most that a lot may be credited with; of a rolling average both sides are weighed, so no factor applies."""
    return content_kg * share * (1 if terms.is_rolling else terms.factor)


def _check_credit(terms: Terms, entry: Credited) -> None:
    if not 0 <= entry.share <= 1:
        raise CreditTooLarge("Enter a share from 0 to 1.", path="/body/share")
    if entry.amount_kg > creditable_kg(terms, entry.content_kg, entry.share):
        raise CreditTooLarge("More is credited than content, share and conversion factor give.", path="/body/amount_kg")
    if not entry.amount_kg and not terms.is_rolling:
        raise CreditTooLarge("Nothing is credited. Only a rolling average enters lots without the characteristic.",
                             path="/body/amount_kg")  # fmt: skip


def _check_claim(state: ClaimsState, terms: Terms, entry: Claimed) -> None:
    if entry.content_kg and entry.amount_kg > entry.content_kg:
        raise AccountOverdrawn("More is claimed than the lot holds of it.", path="/body/amount_kg")
    if not entry.amount_kg and not terms.is_rolling:
        raise AccountOverdrawn("Nothing is claimed. Only a rolling average enters goods without a claim.",
                               path="/body/amount_kg")  # fmt: skip
    most = claimable_kg(state, terms, entry.at, entry.content_kg)
    if entry.amount_kg > most:
        raise AccountOverdrawn(
            f"The account has {format_quantity(_floor(most))} kg to claim. Claim less, or credit more first.",
            path="/body/amount_kg",
        )


@computing()
def _floor(kg: Decimal) -> Decimal:
    """Down to 0.001 kg, and never below 0: what may be written in a claim."""
    rounded = round_places(kg, 3)
    return max(ZERO, rounded if rounded <= kg else rounded - Decimal("0.001"))


def _check_given_up(state: ClaimsState, terms: Terms, entry: GivenUp) -> None:
    found = next((one for one in at_moment(state, terms, entry.at).credits if one.statement == entry.credit), None)
    if found is None or found.left_kg < entry.amount_kg:
        raise NothingToExpire("So much of this credit is not left.", path="/body/amount_kg")


@computing()
def after(state: ClaimsState, terms: Terms, entry: Entry) -> ClaimsState:
    """The account after an entry, whether it allowed it or not: what lacks is `short_kg`."""
    state = at_moment(state, terms, entry.at)
    if terms.is_rolling:
        return _moved_on(state, entry)
    match entry:
        case Credited():
            settled = min(state.short_kg, entry.amount_kg)
            credit = Credit(entry.statement, entry.at, entry.amount_kg - settled)
            return replace(state, credits=(*state.credits, credit), short_kg=state.short_kg - settled)
        case Claimed():
            left, lacking = _taken(state.credits, entry.amount_kg)
            return replace(state, credits=left, short_kg=state.short_kg + lacking)
        case GivenUp():
            return replace(state, credits=tuple(_less(one, entry) for one in state.credits))


def _moved_on(state: ClaimsState, entry: Entry) -> ClaimsState:
    """The window of a rolling average with what came in or went out."""
    if isinstance(entry, GivenUp):
        return state
    passed = Passed(entry.at, entry.content_kg, entry.amount_kg)
    if isinstance(entry, Credited):
        return replace(state, inputs=(*state.inputs, passed))
    return replace(state, outputs=(*state.outputs, passed))


def _taken(credits: tuple[Credit, ...], amount_kg: Decimal) -> tuple[tuple[Credit, ...], Decimal]:
    """The credits after so much was taken from them, the oldest first, and what they lacked."""
    left: list[Credit] = []
    for one in credits:
        taken = min(one.left_kg, amount_kg)
        amount_kg -= taken
        left.append(replace(one, left_kg=one.left_kg - taken))
    return tuple(left), amount_kg


def _less(credit: Credit, entry: GivenUp) -> Credit:
    if credit.statement != entry.credit:
        return credit
    return replace(credit, left_kg=max(ZERO, credit.left_kg - entry.amount_kg))


def expiring(state: ClaimsState, terms: Terms, now: datetime) -> Iterator[tuple[datetime, Credit]]:
    """The credits of the state that have expired by now, each with its moment."""
    for one in state.credits:
        if one.left_kg and not terms.covers(one.at, now):
            yield months_after(one.at, terms.months), one


@computing()
def element_kg(terms: Terms, mass_kg: Decimal, composition: Composition | None) -> Decimal | None:
    """kg of what an account counts in so many dry kg, to 0.001 kg half-even; None without an assay."""
    if composition is None:
        return None
    counted = RARE_EARTHS if terms.element == ALL_RARE_EARTHS else {terms.element}
    held = sum((content.element_pct for one, content in composition.items() if one in counted), ZERO)
    return round_places(mass_kg * held / 100, 3)
