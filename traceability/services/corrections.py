"""Corrections and withdrawals begin as drafts: prefilled with what was claimed last."""

from typing import Any

from traceability.intake.numbers import NumberStyle
from traceability.ledger import moments
from traceability.models import Draft
from traceability.selectors.access import Actor
from traceability.selectors.receipts import Said
from traceability.services import clock
from traceability.services.beginnings import Beginning, begin, local_time
from traceability.services.draft_reading import CORRECTION_REASON
from traceability.services.errors import Refusal


class NotCorrectable(Refusal):
    """A statement that has kinds of its own for what went wrong, or that was declared void."""

    code = "not_correctable"


def begin_correction(*, actor: Actor, said: Said) -> Draft:
    """A draft that says again all that the newest version of a statement claims."""
    if not said.correctable:
        raise NotCorrectable("A statement of this kind is not corrected.")
    claim = said.told.claim
    header: dict[str, Any] = {name: claim[name] for name in ("utc_offset", "process") if name in claim}
    for name in ("occurred_from", "occurred_to"):
        header[name] = local_time(moments.parse_moment(claim[name]), claim["utc_offset"])
    corrects = {
        "kind": said.kind,
        "act": _act(said),
        "replaces": said.digest,
        "newest": said.told.newest.digest,
    }
    # Quantities stand in the record with a decimal point.
    beginning = Beginning("correct", fields={**header, **claim["body"], CORRECTION_REASON: ""}, corrects=corrects,
                          style=NumberStyle.POINT, documents=tuple(claim.get("evidence", ())))  # fmt: skip
    return begin(actor=actor, beginning=beginning, now=clock.now())


def _act(said: Said) -> str:
    """Of a transform without process whether it was a split or a merge."""
    body = said.told.body
    inputs = body.get("inputs")
    if said.kind != "lot.transform" or said.told.claim.get("process") or not isinstance(inputs, list):
        return ""
    return "split" if len(inputs) == 1 else "merge"


def begin_withdrawal(*, actor: Actor, said: Said) -> Draft:
    """A draft that declares a statement void."""
    if not said.voidable:
        raise NotCorrectable("A statement of this kind cannot be declared void. Correct it instead.")
    return begin(actor=actor, beginning=Beginning("void", fields={"voids": said.digest}))
