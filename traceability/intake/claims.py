"""What people type about claims accounts, to the bodies of `account.*`."""

from typing import Final

from traceability.intake.fields import Fields
from traceability.intake.lots import PLAIN, REASON, Body, present
from traceability.ledger.kinds.accounts import ACCOUNT_MODELS, CLAIMED_SOURCES, METHODS, MOST_MONTHS

ONE: Final = "1"


def opened(typed: Fields) -> Body:
    """The body of `account.open`."""
    about = typed.row("characteristic", required=True)
    return present(
        {
            "account": typed.urn("account"),
            "name": typed.text("name", longest=200, required=False),
            "model": typed.word("model", ACCOUNT_MODELS),
            "method": typed.word("method", METHODS),
            "facility": typed.urn("facility", required=False),
            "materials_in": typed.texts("materials_in"),
            "materials_out": typed.texts("materials_out"),
            "element": typed.text("element", longest=12, missing="Choose what the account counts."),
            "characteristic": None if about is None else _characteristic(about),
            "conversion_factor": typed.amount("conversion_factor", PLAIN, most=ONE),
            "period_months": typed.whole("period_months", 1, MOST_MONTHS, f"Enter 1 to {MOST_MONTHS} months."),
        }
    )


def _characteristic(typed: Fields) -> Body:
    country = typed.country("country") if typed.raw.get("country") else None
    typed.read.add("country")
    return present({"source": typed.word("source", CLAIMED_SOURCES), "country": country})


def credit(typed: Fields) -> Body:
    """The body of `account.credit`."""
    return present(
        {
            "account": typed.urn("account"),
            "lot": typed.urn("lot"),
            "result": typed.text("result", longest=71, required=False),
            "claim": typed.text("claim", longest=71, required=False),
            "content_kg": typed.mass("content_kg"),
            "share": typed.amount("share", PLAIN, most=ONE),
            "amount_kg": typed.mass("amount_kg", zero=True),
        }
    )


def claim(typed: Fields) -> Body:
    """The body of `account.claim`; book and claim names who claims instead of a lot."""
    lot = typed.urn("lot", required=False)
    return present(
        {
            "account": typed.urn("account"),
            "lot": lot,
            "content_kg": typed.mass("content_kg", required=lot is not None),
            "amount_kg": typed.mass("amount_kg", zero=True),
            "claimant": typed.text("claimant", longest=200, required=False),
        }
    )


def given_up(typed: Fields) -> Body:
    """The body of `account.expire`."""
    return present(
        {
            "account": typed.urn("account"),
            "credit": typed.text("credit", longest=71, missing="Choose the credit."),
            "amount_kg": typed.mass("amount_kg"),
            "reason": typed.text("reason", longest=REASON),
        }
    )
