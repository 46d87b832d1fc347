"""Kinds that speak of claims accounts (ISO 22095, mass balance; book and claim): what came in, and what is claimed."""

from collections.abc import Mapping

from traceability.ledger.errors import RecordError
from traceability.ledger.kinds.kind import LOT, SUBJECT, Body, Kind, urn_at
from traceability.ledger.shapes import (
    COUNTRY,
    Computed,
    Digest,
    Fields,
    ListOf,
    Object,
    Quantity,
    Text,
    Urn,
    Whole,
    Word,
    closable,
    optional,
)

BOOK_AND_CLAIM = "book_and_claim"
ACCOUNT_MODELS = ("mass_balance", BOOK_AND_CLAIM)  # ISO 22095
ROLLING = "rolling_average"
METHODS = ("credit", ROLLING)
CLAIMED_SOURCES = ("mined", "post_consumer", "pre_consumer")
RARE_EARTHS = "rare_earths"
MOST_MONTHS = 12
OPENS_ACCOUNT, CREDIT, CLAIM, EXPIRE = "account.open", "account.credit", "account.claim", "account.expire"

_MATERIALS = ListOf(Text(120), most=20, distinct=True)
_KG = Quantity(places=3, most="100000000000")
_ABOVE_ZERO_KG = Quantity(places=3, most="100000000000", above_zero=True)
_OPEN: Fields = {
    "account": Urn(),
    "model": Word(ACCOUNT_MODELS),
    "method": Word(METHODS),
    "facility": optional(Urn()),
    "materials_in": _MATERIALS,
    "materials_out": _MATERIALS,
    "element": Text(12, f"[A-Z][a-z]?|{RARE_EARTHS}", f"Nd, or {RARE_EARTHS}"),
    "characteristic": Object({"source": Word(CLAIMED_SOURCES), "country": optional(COUNTRY)}),
    "conversion_factor": Quantity(most="1", above_zero=True),
    "period_months": Whole(1, MOST_MONTHS),
    "name": closable(Text(200), required=False),
}


class NoRollingAverage(RecordError):
    """Book and claim with a rolling average, which needs the goods that go out."""

    code = "no_rolling_average"


def _check_method(body: Body, path: str) -> None:
    """Book and claim works with credits: a rolling average needs the goods that go out."""
    if body.get("model") == BOOK_AND_CLAIM and body.get("method") == ROLLING:
        raise NoRollingAverage("Book and claim works with credits. Choose the method credit.", path=f"{path}/method")


def _account_and_lot(body: Body) -> Mapping[str, tuple[str, ...]]:
    lot = {urn_at(body, "lot"): LOT} if "lot" in body else {}
    return {urn_at(body, "account"): SUBJECT} | lot


def _kind(name: str, fields: Fields) -> Kind:
    body = Object({"account": Urn(), **fields}, extensible=True)
    return Kind(name, body, _account_and_lot, correctable=True)


ACCOUNT_KINDS = (
    Kind(OPENS_ACCOUNT, Object(_OPEN, extensible=True), _account_and_lot, correctable=True, rule=_check_method),
    _kind(
        CREDIT,
        {
            "lot": Urn(),
            "result": optional(Digest()),
            "claim": optional(Digest()),
            "content_kg": closable(_ABOVE_ZERO_KG),
            "share": closable(Computed()),
            "amount_kg": closable(_KG),
        },
    ),
    _kind(
        CLAIM,
        {
            "lot": optional(Urn()),
            "content_kg": closable(_ABOVE_ZERO_KG, required=False),
            "amount_kg": closable(_KG),
            "claimant": closable(Text(200), required=False),
        },
    ),
    _kind(EXPIRE, {"credit": Digest(), "amount_kg": closable(_ABOVE_ZERO_KG), "reason": Text(1000)}),
)
