"""The page of an act that two sign: what it says in plain words, for the partner who answers and for its proposer."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from traceability.ledger.errors import RecordError
from traceability.models import Draft, Proposal
from traceability.selectors import names as names_selector
from traceability.selectors import proposals as proposals_selector
from traceability.selectors.access import Actor, NotFound
from traceability.selectors.names import Names as OrganisationNames
from traceability.services import draft_reading, drafts, proposals
from traceability.services.acceptance import Rehearsal
from traceability.services.draft_reading import SIGNERS
from traceability.web import answers, checking, words
from traceability.web.acting import today
from traceability.web.forms.flows import flow_of
from traceability.web.spoken import spoken


def draft_of(proposal: Proposal) -> Draft:
    """The draft that waits; NotFound where it was signed."""
    if proposal.draft is None:
        raise NotFound("There is no such proposal any more.")
    return proposal.draft


def context(actor: Actor, proposal: Proposal) -> dict[str, Any]:
    """All that the page says: the act and its answers as the reader calls things, and how the proposal stands."""
    draft = draft_of(proposal)
    understood = draft_reading.read(draft)
    names = checking.names_in(actor, understood)
    called = names_selector.names_of(actor, [draft.organisation_id, proposal.to_id], today())
    partner = called.of(proposal.to_id)
    rehearsal, refusal = _rehearsed(proposal)
    listed = answers.listed(draft, flow_of(draft), understood, names)
    marked = checking.marked(actor, draft, listed, *([rehearsal] if rehearsal else []))
    return {
        "proposal": proposal,
        "draft": draft,
        "flow": flow_of(draft),
        "asked": proposal.to_id == actor.organisation.pk,
        "issuer": called.of(draft.organisation_id),
        "partner": partner,
        "lot_name": names.lot(f"urn:uuid:{proposal.lot}"),
        "sentence": checking.sentence(draft, understood, names, partner),
        "answers": [(part, _of_the_act(rows)) for part, rows in marked if part.key != "documents"],
        "documents": draft.typed["documents"],
        "stale": proposals_selector.is_stale(proposal),
        "refusal": refusal,
        **(_signatures(rehearsal, called) if rehearsal else {}),
    }


def _of_the_act(rows: Sequence[tuple[answers.Answer, str]]) -> list[tuple[answers.Answer, str]]:
    """What stands in the statement: who signs is said elsewhere."""
    return [(row, see) for row, see in rows if row.place != f"/{SIGNERS}"]


def _rehearsed(proposal: Proposal) -> tuple[Rehearsal | None, str]:
    """What the door would make of it now in the name of its proposer, or the sentence that stands against it."""
    try:
        checked = drafts.check(actor=proposals.proposer(proposal), draft=draft_of(proposal))
    except RecordError as error:
        return None, spoken(error.sentence)
    return checked.rehearsal, spoken(checked.mistakes[0].sentence) if checked.mistakes else ""


def _signatures(rehearsal: Rehearsal, called: OrganisationNames) -> dict[str, Any]:
    """Who signs with which key, and what signing does."""
    statement = rehearsal.statement
    pairs = [(statement.issuer, statement.key), *((one.organisation, one.key) for one in statement.cosigners)]
    return {
        "findings": rehearsal.decision.findings,
        "keys": [(called.of(UUID(urn.removeprefix("urn:uuid:"))), key) for urn, key in pairs],
        "happens": _("One statement, “%(kind)s”, is signed with the keys of both and queued for the log.")
        % {"kind": words.kind(statement.kind)},
    }
