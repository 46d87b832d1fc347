"""Drafts of acts that are complete already: a program says what happened, and a person reads and signs it."""

from collections.abc import Mapping
from typing import Final

from traceability.intake.drafts import EXTENSION
from traceability.intake.export import EXPORT
from traceability.ledger.kinds import kind_of
from traceability.ledger.shapes import NOTHING_DISCLOSED
from traceability.models import Draft
from traceability.rules import papers
from traceability.selectors.access import Actor
from traceability.services.beginnings import Beginning, begin, local_time
from traceability.services.draft_reading import ACTS
from traceability.services.errors import Refusal
from traceability.services.parting import PART_NUMBER
from traceability.services.submissions import Act

_WORDS: Final[Mapping[str, str]] = {
    kind: word for word, kind in ACTS.items() if word not in ("split", "merge", "parts", "correct", "void")
}
KINDS: Final = tuple(sorted(_WORDS))
"""Kinds of which a program can leave a draft. Corrections and withdrawals begin at the statement that they change."""


class NotForDrafts(Refusal):
    """A kind that no draft is made of."""

    code = "not_for_drafts"


class NoPart(Refusal):
    """The number of a part, with an act that splits none off."""

    code = "no_part"


def begin_saying(*, actor: Actor, act: Act, part_number: str = "") -> Draft:
    """A draft that says what this act says; refused where its body has not the shape of its kind.

    `part_number` is how the part is called that a dispatch of less than a lot splits off it.
    """
    if act.kind not in _WORDS:
        raise NotForDrafts(f"A draft is made of one of: {', '.join(KINDS)}.", path="/kind")
    if part_number and act.kind != "lot.dispatch":
        raise NoPart("Only a dispatch splits a part off its lot. Leave part_number out.", path="/part_number")
    kind_of(act.kind).body.check(act.body, "/body", NOTHING_DISCLOSED)
    occurred_from, occurred_to = (local_time(one, act.utc_offset) for one in act.occurred)
    fields = {"occurred_from": occurred_from, "occurred_to": occurred_to, **act.body}
    if act.process:
        fields["process"] = [{"step": one.step, "country": one.country} for one in act.process]
    stated = papers.stated_in(fields.get(EXTENSION))
    if stated is not None and fields[EXTENSION] == {papers.NAMESPACE: stated}:  # the form asks for them one by one
        fields[EXPORT] = stated
        del fields[EXTENSION]
    if part_number:
        fields[PART_NUMBER] = part_number
    beginning = Beginning(_word(act), fields=fields, documents=act.evidence, utc_offset=act.utc_offset)
    return begin(actor=actor, beginning=beginning)


def _word(act: Act) -> str:
    """What people call the act: a transform without a process splits one lot, or merges several."""
    inputs = act.body.get("inputs")
    if act.kind != "lot.transform" or act.process or not isinstance(inputs, list):
        return _WORDS[act.kind]
    return "split" if len(inputs) == 1 else "merge"
