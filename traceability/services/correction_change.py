"""Whether a correction changes anything of what it corrects, beside its reason."""

from traceability.ledger import canonical
from traceability.models import Draft
from traceability.selectors import receipts
from traceability.selectors.access import Actor
from traceability.services import clock
from traceability.services.draft_reading import HEADER, OPENED, Understood
from traceability.services.errors import Refusal


class NothingChanges(Refusal):
    """A correction that claims what was claimed before."""

    code = "nothing_changes"


def changes_nothing(actor: Actor, draft: Draft, understood: Understood) -> bool:
    """Whether times, process, body and documents are those claimed last, and no value is opened."""
    if draft.kind != "correct" or understood.body is None or draft.typed.get(OPENED):
        return False
    claim = receipts.by_digest(actor, draft.typed["corrects"]["replaces"], clock.now().date()).told.claim
    header = understood.header or {}
    now = {name: header[name] for name in HEADER if name in header} | {"body": understood.body}
    before = {name: claim[name] for name in HEADER if name in claim} | {"body": claim["body"]}
    same_documents = list(draft.typed["documents"]) == list(claim.get("evidence", ()))
    return canonical.encode(now) == canonical.encode(before) and same_documents


def require_change(actor: Actor, draft: Draft, understood: Understood) -> None:
    """Refuses to sign a correction that changes nothing."""
    if changes_nothing(actor, draft, understood):
        raise NothingChanges("Nothing changes but the reason. Change an answer, or throw the draft away.")
