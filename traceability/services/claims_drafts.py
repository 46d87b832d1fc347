"""What a draft about a claims account need not be asked: what its lot holds, what share of it counts, and the most."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, Any, Final

from traceability.acceptance.claimed_amounts import share_by_origin
from traceability.acceptance.custody_models import WEAKEST
from traceability.acceptance.world import AccountRecord, Effective, LotRecord
from traceability.intake.numbers import NumberStyle, shown
from traceability.ledger.kinds.accounts import CLAIM
from traceability.ledger.quantity import computing, parse_quantity
from traceability.material.claims import ZERO, creditable_kg, element_kg
from traceability.material.stated_shares import stated_share
from traceability.selectors.access import Actor
from traceability.services import claims_rows, rows_world

if TYPE_CHECKING:
    from traceability.services.rows_world import RowsWorld

ACTS: Final = ("credit", "claim")
_SHARE_STEP: Final = Decimal("0.000000001")
_KG_STEP: Final = Decimal("0.001")


def completed(actor: Actor, act: str, typed: Mapping[str, Any], style: NumberStyle) -> Mapping[str, Any]:
    """What was typed, with what the chosen lot and account answer; amounts left blank are the most that there is."""
    account = claims_rows.read(str(typed.get("account") or "")) if typed.get("account") else None
    world = rows_world.reader()
    lot = world.lot(str(typed["lot"])) if str(typed.get("lot") or "").startswith("urn:uuid:") else None
    if account is None or lot is None or lot.stock is None or lot.custody.holder != actor.organisation.urn:
        return typed
    content_kg = element_kg(account.terms, lot.stock.custody_kg, lot.stock.composition)
    if content_kg is None:
        return typed
    found: dict[str, Any] = {**typed, "content_kg": shown(content_kg, style), "content_kg_unit": "kg"}
    if act == "credit":
        proof, share = _share(account, lot, content_kg, world)
        found |= {"result": "", "claim": ""} | proof | {"share": shown(share, style)}
        if not str(typed.get("amount_kg") or "").strip():
            most = creditable_kg(account.terms, content_kg, share).quantize(_KG_STEP, ROUND_FLOOR)
            found |= {"amount_kg": shown(most, style), "amount_kg_unit": "kg"}
    return found


@computing()
def _share(
    account: AccountRecord, lot: LotRecord, content_kg: Decimal, world: RowsWorld
) -> tuple[dict[str, str], Decimal]:
    """The share of a lot that counts, and the statement that shows it: a claim, its result, or its own origin."""
    history = world.history(lot.custody.urn)
    if lot.model == WEAKEST:
        claim = next(
            (one for one in reversed(history) if one.original.kind == CLAIM and _is_like(one, account, world)), None
        )
        if claim is None:
            return {}, ZERO
        claimed = parse_quantity(claim.body["amount_kg"]) / content_kg
        return {"claim": claim.original.digest}, claimed.quantize(_SHARE_STEP, ROUND_FLOOR)
    terms = account.terms
    if origin := share_by_origin(lot, terms, world):
        return {}, origin
    result = next((one for one in reversed(history) if one.original.kind == "lot.result" and not one.withdrawn), None)
    stated = result.body.get("shares") if result else None
    share = stated_share(stated, terms.element, terms.source, terms.country) if isinstance(stated, dict) else None
    if result is None or not share:
        return {}, ZERO
    return {"result": result.original.digest}, share.quantize(_SHARE_STEP, ROUND_FLOOR)


def _is_like(claim: Effective, account: AccountRecord, world: RowsWorld) -> bool:
    its = world.account(str(claim.body["account"]))
    if its is None or claim.original.issuer == account.owner:
        return False
    same = (its.terms.element, its.terms.source) == (account.terms.element, account.terms.source)
    return same and account.terms.country in ("", its.terms.country)
