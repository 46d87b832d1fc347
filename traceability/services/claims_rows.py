"""Claims accounts as rows and back: the JSON of `ClaimsAccount.record` holds the whole of an account."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from traceability.acceptance.world import AccountRecord
from traceability.ledger import moments
from traceability.ledger.kinds.kind import corrected_body
from traceability.material.claims import ClaimsState, Credit, Passed, Terms
from traceability.models import ClaimsAccount
from traceability.models.prepared import Writes
from traceability.services.accepted import Accepted
from traceability.services.stored import uuid_of


def read(urn: str) -> AccountRecord | None:
    """The account; None where there is none."""
    found = ClaimsAccount.objects.filter(pk=uuid_of(urn)).values_list("record", flat=True).first()
    return None if found is None else from_json(urn, found)


def to_json(account: AccountRecord) -> dict[str, Any]:
    """The JSON of an account; decimals and moments as texts."""
    state = account.state or ClaimsState()
    return {
        "owner": account.owner,
        "terms": {**asdict(account.terms), "factor": str(account.terms.factor)},
        "at": moments.format_moment(account.at),
        "credits": [[one.statement, moments.format_moment(one.at), str(one.left_kg)] for one in state.credits],
        "inputs": _passed_json(state.inputs),
        "outputs": _passed_json(state.outputs),
        "short_kg": str(state.short_kg),
    }


def from_json(urn: str, stored: Mapping[str, Any]) -> AccountRecord:
    """The account of its JSON."""
    terms = dict(stored["terms"])
    for name in ("materials_in", "materials_out"):
        terms[name] = tuple(terms[name])
    credits = tuple(Credit(one, moments.parse_moment(at), Decimal(kg)) for one, at, kg in stored["credits"])
    inputs, outputs = (_passed(stored[name]) for name in ("inputs", "outputs"))
    state = ClaimsState(credits, inputs, outputs, Decimal(stored["short_kg"]))
    terms["factor"] = Decimal(terms["factor"])
    return AccountRecord(urn, stored["owner"], Terms(**terms), moments.parse_moment(stored["at"]), state)


def _passed_json(rows: Iterable[Passed]) -> list[list[str]]:
    return [[moments.format_moment(one.at), str(one.content_kg), str(one.amount_kg)] for one in rows]


def _passed(rows: Sequence[Sequence[str]]) -> tuple[Passed, ...]:
    return tuple(Passed(moments.parse_moment(at), Decimal(content), Decimal(kg)) for at, content, kg in rows)


def store(accepted: Sequence[Accepted], writes: Writes) -> None:
    """The rows of the accounts that these statements open and change."""
    for one in accepted:
        for urn, account in one.decision.accounts.items():
            writes.flush()
            row = ClaimsAccount.objects.filter(pk=uuid_of(urn)).first()
            if row is None:
                row = ClaimsAccount(pk=uuid_of(urn), owner_id=uuid_of(account.owner), opened=one.row)
                row.facility = uuid_of(account.terms.facility) if account.terms.facility else None
                row.name = str(one.opened.get("name", ""))
            row.newest, row.record = one.row, to_json(account)
            row.save()
        if one.kind == "account.open" and one.statement.kind == "statement.correct":
            body = corrected_body(one.opened)
            rows = ClaimsAccount.objects.filter(pk=uuid_of(str(body["account"])))
            rows.update(name=str(body.get("name", "")), newest=one.row)
