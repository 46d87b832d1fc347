"""Claims accounts over real rows: at once, stored, rebuilt, exported."""

import io
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from tests.services.market import Market, open_market, urn
from tests.services.test_locks import at_once
from traceability.acceptance.errors import ModelRaised
from traceability.ledger.envelope import parse_envelope
from traceability.ledger.statement import ProcessStep
from traceability.models import ClaimsAccount, Lot, Statement
from traceability.services import acceptance, claims_rows, export, integrator, log_queue
from traceability.services.index_check import check_index
from traceability.verifier.checks import all_checks, run_file
from traceability.verifier.report import Asked

MELTING = (ProcessStep("melting", "US"),)


@pytest.fixture
def market(ledger_db: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Market]:
    """A market with real commits; the log sleeps."""
    monkeypatch.setattr(log_queue, "_nudge", lambda: None)
    yield open_market()
    connection.close()


def opened(market: Market, **changes: Any) -> str:
    """An account of the mine for recycled neodymium."""
    account = urn()
    terms = {
        "model": "mass_balance", "method": "credit", "materials_in": ["scrap"], "materials_out": ["alloy"],
        "element": "Nd", "characteristic": {"source": "post_consumer"}, "conversion_factor": "1", "period_months": 12,
        "name": "Recycled Nd",
    }  # fmt: skip
    market.say(market.mine, "account.open", {"account": account} | terms | changes)
    return account


def nd(pct: str) -> dict[str, Any]:
    return {"basis": "dry_mass", "rows": [{"species": "Nd", "content_pct": pct}]}


def scrap(market: Market, mass_kg: str = "100", **changes: Any) -> str:
    lot = urn()
    body = {
        "material": "scrap",
        "stage": "eol_magnet",
        "origin": "post_consumer",
        "mass_kg": mass_kg,
        "assay": nd("30"),
    }
    market.say(market.mine, "lot.source", market.source_body(lot) | body | changes)
    return lot


def alloy(market: Market) -> str:
    """100 kg of alloy with 30 % Nd, made of ore."""
    ore, lot = market.source(assay=nd("30"), mass_kg="100"), urn()
    row = {"lot": lot, "material": "alloy", "stage": "alloy", "class": "product", "mass_kg": "100", "assay": nd("30")}
    body = {"inputs": [{"lot": ore, "mass_kg": "100"}], "outputs": [row]}
    market.say(market.mine, "lot.transform", body, process=MELTING)
    return lot


def credit(market: Market, account: str, lot: str, kg: str = "30") -> None:
    body = {"account": account, "lot": lot, "content_kg": kg, "share": "1", "amount_kg": kg}
    market.say(market.mine, "account.credit", body)


def claim(market: Market, account: str, lot: str, kg: str) -> Callable[[], Any]:
    """Says a claim when it is called."""
    act = market.act(
        market.mine, "account.claim", {"account": account, "lot": lot, "content_kg": "30", "amount_kg": kg}
    )
    return lambda: acceptance.accept(actor=market.mine, submissions=[act])[0]


def left(account: str) -> Decimal:
    record = claims_rows.read(account)
    assert record is not None
    assert record.state is not None
    return sum((one.left_kg for one in record.state.credits), Decimal(0)) - record.state.short_kg


def test_no_balance_is_below_zero_however_many_claim_at_once(market: Market) -> None:
    account = opened(market)
    credit(market, account, scrap(market))
    lots = [alloy(market) for _ in range(8)]
    market.days += 1
    moment = market.days
    deeds = []
    for lot in lots:
        market.days = moment  # all at the same time
        deeds.append(claim(market, account, lot, "7"))
    answers = at_once(*deeds)
    assert answers.count("account_overdrawn") == 4
    assert left(account) == 2
    assert Statement.objects.filter(kind="account.claim").count() == 4


def test_one_lot_is_credited_once_however_many_try_at_once(market: Market) -> None:
    account, other, lot = opened(market), opened(market, element="rare_earths"), scrap(market)
    market.days += 1
    moment = market.days

    def crediting(to: str) -> Callable[[], Any]:
        market.days = moment
        body = {"account": to, "lot": lot, "content_kg": "30", "share": "1", "amount_kg": "30"}
        act = market.act(market.mine, "account.credit", body)
        return lambda: acceptance.accept(actor=market.mine, submissions=[act])[0]

    answers = at_once(*(crediting(one) for one in (account, other, account, other)))
    assert answers.count("credited_twice") == 3
    assert left(account) + left(other) == 30


def test_rows_are_those_of_the_signed_bytes(market: Market) -> None:
    """After corrections, too; and what a row says falsely is found."""
    account, lot, product = opened(market), scrap(market), alloy(market)
    credit(market, account, lot)
    claim(market, account, product, "12")()
    entered = Statement.objects.get(kind="account.credit")
    digest = "sha256:" + bytes(entered.digest).hex()
    body = {"account": account, "lot": lot, "content_kg": "30", "share": "1", "amount_kg": "20"}
    occurred = json.loads(parse_envelope(bytes(entered.envelope)).payload)["occurred_to"]
    newer = {"occurred_from": occurred, "occurred_to": occurred, "utc_offset": "+00:00", "body": body}
    said = {"replaces": digest, "newest": digest, "reason": "typing error", "as": newer}
    market.say(market.mine, "statement.correct", said)
    assert left(account) == 8
    assert list(check_index()) == []
    assert Lot.objects.get(pk=lot[9:]).record["model"] == "mass_balance"
    row = ClaimsAccount.objects.get()
    row.record["credits"][0][2] = "9"
    row.save()
    assert ["record" in str(one) for one in check_index()] == [True]


def test_the_door_lets_nobody_raise_a_model(market: Market) -> None:
    lot = scrap(market, custody_model="mass_balance")
    row = {"lot": urn(), "material": "alloy", "stage": "alloy", "class": "product", "mass_kg": "100", "assay": nd("30")}
    body = {"inputs": [{"lot": lot, "mass_kg": "100"}], "outputs": [row], "custody_model": "segregated"}
    with pytest.raises(ModelRaised) as caught:
        market.say(market.mine, "lot.transform", body, process=MELTING)
    assert caught.value.path == "/body/custody_model"
    market.say(market.mine, "lot.transform", body | {"custody_model": "mass_balance"}, process=MELTING)


def test_a_bundle_carries_the_account_behind_a_claim(market: Market) -> None:
    account, product = opened(market), alloy(market)
    credit(market, account, scrap(market))
    claim(market, account, product, "12")()
    integrator.integrate()
    file = io.BytesIO()
    export.export_bundle(actor=market.mine, lot=Lot.objects.get(pk=product[9:]).pk, file=file)
    report = run_file(file, None, None, asked=Asked(), checks=all_checks())
    [check] = [one for one in report.checks if one.name == "Claimed shares"]
    assert check.word == "pass", check
    assert "12 kg Nd post_consumer (40.0 %)" in check.sentence
    assert {one.code for one in report.findings() if one.level} <= {"trust_self_asserted", "time_not_established"}
