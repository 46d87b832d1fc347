"""Whether the amounts of an entry are those of its lot: what it holds, what share of it counts, what is claimed of it.

A lot whose chain is not at hand is not judged: the account alone is then computed again.
"""

from collections.abc import Iterable
from decimal import Decimal

from traceability.acceptance.accounts import require
from traceability.acceptance.errors import AccountRefused, ClaimedTwice, CreditedTwice, ShareNotShown, ValueWithheld
from traceability.acceptance.world import Body, Effective, LotRecord, World
from traceability.ledger.kinds.accounts import CLAIM, CREDIT
from traceability.ledger.quantity import computing, parse_computed, parse_quantity
from traceability.ledger.statement import Statement
from traceability.material.claims import Claimed, Credited, Entry, Terms, element_kg
from traceability.material.stated_shares import stated_share

ZERO = Decimal(0)
ONE = Decimal(1)


def check(entry: Entry, body: Body, statement: Statement, terms: Terms, world: World) -> bool:
    """Refuses amounts that the lot of an entry does not bear; False where values of the lot are withheld here."""
    lot = world.lot(str(body["lot"])) if "lot" in body else None
    if lot is None:
        return True
    try:
        _check_content(entry, lot, terms)
        if isinstance(entry, Credited):
            _check_share(entry, body, lot, terms, world)
        elif isinstance(entry, Claimed):
            _check_all_claims(entry, lot, terms, world)
    except ValueWithheld:
        return False
    return True


def _check_content(entry: Entry, lot: LotRecord, terms: Terms) -> None:
    """`content_kg` is what the lot holds by the assay in force."""
    stated = entry.content_kg if isinstance(entry, Credited | Claimed) else ZERO
    if lot.stock is None:
        raise ValueWithheld("The matter of this lot is withheld here.")
    held = element_kg(terms, lot.stock.custody_kg, lot.stock.composition)
    if held is None:
        raise AccountRefused("The lot has no assay. Add one first.", path="/body/lot", lot=lot.custody.urn)
    if stated != held:
        raise AccountRefused(
            "This is not what the lot holds: its dry mass times its content of what the account counts, to 0.001 kg.",
            path="/body/content_kg",
            lot=lot.custody.urn,
        )


def _check_share(entry: Credited, body: Body, lot: LotRecord, terms: Terms, world: World) -> None:
    """The share is no more than what the record shows of the lot."""
    if "claim" in body:
        _check_claim_below(entry, body, lot, terms, world)
    elif entry.share and entry.share > _share_shown(body, lot, terms, world):
        raise ShareNotShown(
            "The record does not show so much of this lot with the characteristic. Name the signed result of its maker "
            "that states it, or a claim on it.",
            path="/body/share",
            lot=lot.custody.urn,
        )


def _share_shown(body: Body, lot: LotRecord, terms: Terms, world: World) -> Decimal:
    """The share that a signed result states; of a source, or of a part of one, the share by its origin."""
    if "result" in body:
        shares = _named(str(body["result"]), "lot.result", lot, world).body
        require(shares, "shares")
        stated = shares["shares"] if isinstance(shares["shares"], dict) else {}
        found = stated_share(stated, terms.element, terms.source, terms.country)
        if found is None and any(isinstance(stated.get(name), dict) for name in ("elements", "totals", "sources")):
            raise ShareNotShown("The shares of this result stand in a table beside it. Count all rare earths of a "
                                "source, without a country.", path="/body/result")  # fmt: skip
        if found is None:
            raise ValueWithheld("The shares of this result are withheld here.")
        return found
    return share_by_origin(lot, terms, world)


def share_by_origin(lot: LotRecord, terms: Terms, world: World) -> Decimal:
    """1 for a source lot of such an origin, and for a part of one; else 0."""
    made = _made_whole(lot, world)
    if made is None or made.original.kind != "lot.source":
        return ZERO
    is_such = made.body["origin"] == terms.source and terms.country in ("", made.body["country"])
    return ONE if is_such else ZERO


def _made_whole(lot: LotRecord, world: World) -> Effective | None:
    """The statement that made a lot; of a part, that of its whole."""
    made = world.effective(lot.custody.created_by)
    while made is not None and made.original.kind == "lot.transform" and not made.process:
        wholes = [chain.subject for chain in made.original.chains if chain.role != "output"]
        whole = world.lot(wholes[0]) if len(wholes) == 1 else None
        made = None if whole is None else world.effective(whole.custody.created_by)
    return made


def _named(digest: str, kind: str, lot: LotRecord, world: World) -> Effective:
    found = world.effective(digest)
    about = found is not None and found.original.kind == kind and found.original.chain(lot.custody.urn) is not None
    if found is None or not about or found.withdrawn:
        raise ShareNotShown("This is no result of the lot, and no claim on it.", path=f"/body/{kind.split('.')[1]}")
    return found


@computing()
def _check_claim_below(entry: Credited, body: Body, lot: LotRecord, terms: Terms, world: World) -> None:
    """What is credited of somebody's claim on the lot is no more than he claimed, all entries together."""
    digest = str(body["claim"])
    claim = _named(digest, CLAIM, lot, world)
    if claim.original.issuer == lot.custody.holder:
        raise ShareNotShown("This is a claim of your own.", path="/body/claim")
    its = world.account(str(claim.body["account"]))
    if its is not None and (its.terms.element, its.terms.source) != (terms.element, terms.source):
        raise ShareNotShown("The claim is about something else than the account.", path="/body/claim")
    if its is not None and terms.country not in ("", its.terms.country):
        raise ShareNotShown("The claim is about something else than the account.", path="/body/claim")
    require(claim.body, "amount_kg")
    before = [one for one in _others(entry, lot, CREDIT, world) if one.body.get("claim") == digest]
    credited = sum((_credited_kg(one.body) for one in before), entry.content_kg * entry.share)
    if credited > parse_quantity(claim.body["amount_kg"]):
        raise CreditedTwice("More is credited than was claimed on the lot.", path="/body/amount_kg")


def _credited_kg(body: Body) -> Decimal:
    for name in ("content_kg", "share"):
        require(body, name)
    return parse_quantity(body["content_kg"]) * parse_computed(body["share"])


def _others(entry: Entry, lot: LotRecord, kind: str, world: World) -> Iterable[Effective]:
    history = world.history(lot.custody.urn)
    return [one for one in history if one.original.kind == kind and one.original.digest != entry.statement]


@computing()
def _check_all_claims(entry: Claimed, lot: LotRecord, terms: Terms, world: World) -> None:
    """All claims on a lot together are no more than it holds."""
    claimed = entry.amount_kg
    for one in _others(entry, lot, CLAIM, world):
        its = world.account(str(one.body["account"]))
        if its is None or its.terms.counts_same(terms):
            require(one.body, "amount_kg")
            claimed += parse_quantity(one.body["amount_kg"])
    if claimed > entry.content_kg:
        raise ClaimedTwice("All claims on this lot together are more than it holds.", path="/body/amount_kg")
