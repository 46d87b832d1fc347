"""The page before the signature: the answers in plain words, who will see them, the key, what happens."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.utils.translation import gettext as _

from traceability.ledger import groups
from traceability.material.composition import rows_of
from traceability.models import Draft
from traceability.selectors import drafts as drafts_selector
from traceability.selectors import names as names_selector
from traceability.selectors import receipts, rule_dispatches
from traceability.selectors.access import Actor, Audience, Group
from traceability.services import draft_reading
from traceability.services.acceptance import Rehearsal
from traceability.services.draft_reading import OPENED, Understood
from traceability.services.drafts import Checked
from traceability.web import answers, balances, countries, sentences, words
from traceability.web.acting import today
from traceability.web.answers import Answer, Answers, Names
from traceability.web.forms.flows import flow_of
from traceability.web.forms.offers import Offers
from traceability.web.spoken import spoken

SEES, MANDATE, WITHHELD = "sees", "mandate", "withheld"
READERS: Final = {
    Audience.ANYBODY: (SEES, SEES, SEES),
    Audience.CUSTOMER: (WITHHELD, SEES, MANDATE),
    Audience.AUDITOR: (WITHHELD, WITHHELD, MANDATE),
    Audience.NOBODY: (WITHHELD, WITHHELD, WITHHELD),
}
"""What anybody, the direct customer and an auditor see under a rule."""


def context(actor: Actor, draft: Draft, checked: Checked) -> dict[str, Any]:
    """All that the page says of a draft; marks, readers and key only where the door would let it in."""
    understood, rehearsal = checked.understood, checked.rehearsal
    names = names_in(actor, understood)
    found = answers.listed(draft, flow_of(draft), understood, names)
    decided = rehearsal.decision.balance if rehearsal else None
    partner = partner_name(actor, understood)
    return {
        "partner": partner,
        "sentence": sentence(draft, understood, names, partner),
        "differences": _differences(actor, draft, understood, names, found),
        "changes_nothing": rehearsal is not None and rehearsal.changes_nothing,
        "answers": marked(actor, draft, found, *_rehearsed(checked)),
        **balances.context(decided or understood.balance, understood.partial, _process(understood)),
        "part": understood.part,
        "export_warnings": export_warnings(actor, understood),
        **_signature(actor, draft, checked, found),
    }


def export_warnings(actor: Actor, understood: Understood) -> list[str]:
    """What a dispatch lacks of export licences, in sentences; it is shown and does not stop anybody."""
    if understood.kind != "lot.dispatch" or understood.body is None or understood.header is None:
        return []
    wanted = rule_dispatches.licences_wanted(actor, understood.body, understood.header, today())
    leaves = _("%(rule)s: the goods leave %(start)s for %(end)s, and no export licence is stated that covers the day.")
    unknown = _("%(rule)s: the goods leave the record in %(start)s. Neither the country to which they go nor an export "
                "licence that covers the day is stated.")  # fmt: skip
    return [
        (leaves if end else unknown)
        % {"rule": spoken(one.title), "start": countries.name(start), "end": countries.name(end)}
        for one, start, end in wanted
    ]


def _process(understood: Understood) -> list[str]:
    """The words of the steps, as far as they are typed."""
    return [str(one["step"]) for one in rows_of(understood.header or {}, "process", "")]


def _rehearsed(checked: Checked) -> list[Rehearsal]:
    """All statements that the page asks to sign, as the door would take them."""
    return [one for one in (checked.split, checked.rehearsal) if one is not None]


def names_in(actor: Actor, understood: Understood) -> Names:
    """How the reader calls what the draft names."""
    named = {*understood.drawn, *([str(understood.partial["lot"])] if "lot" in understood.partial else [])}
    return Names(drafts_selector.lots_named(actor, sorted(named), today()), Offers(actor, today()))


def partner_name(actor: Actor, understood: Understood) -> str:
    """Who is asked to sign too; empty where one signs alone."""
    if understood.second is None:
        return ""
    return names_selector.names_of(actor, [understood.second], today()).of(understood.second)


def sentence(draft: Draft, understood: Understood, names: Names, partner: str) -> str:
    """What will be signed, in a sentence or two; empty before everything in it can be read."""
    if understood.header is None or understood.body is None:
        return ""
    if understood.part is not None:
        return sentences.parted(understood.header, understood.body, understood.part, draft.organisation.name, names)
    act = understood.kind if draft.kind == "correct" else draft.kind
    said = sentences.sentence(act, understood.header, understood.body, draft.organisation.name, names)
    return f"{said} {sentences.together(partner)}" if partner else said


def _differences(
    actor: Actor, draft: Draft, understood: Understood, names: Names, found: Sequence[Answers]
) -> Sequence[answers.Difference] | None:
    """What a correction changes; None for what is no correction."""
    if draft.kind != "correct" or not found:
        return None
    told = receipts.by_digest(actor, draft.typed["corrects"]["replaces"], today()).told
    header = {name: told.claim[name] for name in draft_reading.HEADER if name in told.claim}
    before = answers.listed(draft, flow_of(draft), replace(understood, header=header, body=told.body), names)
    return answers.differences(before, found)


def marked(
    actor: Actor, draft: Draft, found: Sequence[Answers], *rehearsed: Rehearsal
) -> list[tuple[Any, list[tuple[answers.Answer, str]]]]:
    """The answers, each with whether it will be open or confidential."""
    places: Collection[str] = frozenset().union(*(one.closed_places for one in rehearsed))
    names_are_open = drafts_selector.opening_rules(actor)[Group.NAMES] == Audience.ANYBODY

    def see(place: str) -> str:
        corrects = draft.kind == "correct"
        return answers.see(place, places, corrects=corrects, names_are_open=names_are_open) if rehearsed else ""

    return [(one.section, [(row, see(row.place)) for row in one.rows]) for one in found]


def _signature(actor: Actor, draft: Draft, checked: Checked, found: Sequence[Answers]) -> dict[str, Any]:
    rehearsal, part = checked.rehearsal, checked.understood.part
    if rehearsal is None:
        return {}
    statement, rehearsed = rehearsal.statement, _rehearsed(checked)
    makes = [row.get("lot_number") or row["material"] for row in _made(draft, rehearsal)]
    return {
        "findings": [finding for one in rehearsed for finding in one.decision.findings],
        "readers": list(
            dict(row for one in rehearsed for row in readers(actor, one.statement.kind, one.closed_places)).items()
        ),
        "openings": openings(actor, draft, rehearsal, found),
        "any_opened": bool(draft.typed.get(OPENED)),
        "key": statement.key,
        "key_entry": drafts_selector.key_entry(statement.key),
        "happens": sentences.what_happens(statement.kind, makes, part=part.number if part else ""),
    }


@dataclass(frozen=True, slots=True)
class Opening:
    """A closed value that can be opened alone, or one that was; with who reads it as it stands."""

    answer: Answer
    place: str
    is_opened: bool
    readers: str


def openings(actor: Actor, draft: Draft, rehearsal: Rehearsal, found: Sequence[Answers]) -> list[Opening]:
    """The values that are closed or were opened one by one, each once. Documents are opened by their rule alone."""
    rules = drafts_selector.opening_rules(actor)
    opened, corrects = set(draft.typed.get(OPENED, ())), draft.kind == "correct"
    kind = draft_reading.kind_said(draft)
    rows: dict[str, Opening] = {}
    for answer in (row for one in found for row in one.rows if not row.place.startswith("/evidence")):
        place = answers.pointer_at(answer.place, {*rehearsal.closed_places, *opened}, corrects=corrects)
        if place and place not in rows:
            audience = Audience(rules[groups.group_of(kind, place)])
            rows[place] = Opening(answer, place, place in opened, str(words.READERS[audience]))
    return list(rows.values())


def _made(draft: Draft, rehearsal: Rehearsal) -> Sequence[Any]:
    """The lots that the statement makes."""
    body: Any = rehearsal.opened
    if draft.kind in ("transform", "split", "merge"):
        return body.get("outputs", [])  # type: ignore[no-any-return]
    return [body] if draft.kind == "source" else []


def readers(actor: Actor, kind: str, places: Collection[str]) -> list[tuple[str, Sequence[str]]]:
    """For each group of confidential values: what anybody, the buyer and an auditor see."""
    rules = drafts_selector.opening_rules(actor)
    open_row = (_("Kind of act, dates, lots and their material, country"), (SEES, SEES, SEES))
    closed = answers.groups_closed(kind, places)
    return [open_row, *((str(words.GROUPS[one]), READERS[Audience(rules[one])]) for one in closed)]
