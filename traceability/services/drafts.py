"""Drafts: filled section by section as people type, checked against the door, signed once, or thrown away."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from traceability.intake.drafts import MOST_DOCUMENTS
from traceability.intake.flat import MOST_ROWS
from traceability.intake.notes import Mistake, is_blank
from traceability.ledger import moments
from traceability.ledger.errors import RecordError
from traceability.ledger.statement import ProcessStep
from traceability.models import Approval, Draft, Proposal, Statement
from traceability.selectors.access import Actor, NotFound
from traceability.services import acceptance, clock, evidence, own_keys, partial_arrivals, parting, sealing
from traceability.services.acceptance import Rehearsal
from traceability.services.draft_reading import (
    ACTS,
    HEADER,
    OPENED,
    SIGNERS,
    Understood,
    place_of,
    read,
    typed_fields,
)
from traceability.services.errors import ApprovalWanted, NotAllowed, Refusal
from traceability.services.rows_world import uuid_of
from traceability.services.submissions import Act, Body, Submission
from traceability.services.vault import KeyNotInVault

MAKES: Final[Mapping[str, str]] = {"source": "lot", "facility": "facility", "account": "account"}
"""The subject that an act opens, by the name of its field."""
MAKES_OUTPUTS: Final = ("transform", "split", "merge")


class DraftIncomplete(Refusal):
    """A draft that is signed before everything in it can be read."""

    code = "draft_incomplete"


class Proposed(NotAllowed):
    """A draft that is changed or signed while it waits for the signature of the other party."""

    code = "proposed"


class TooMuch(Refusal):
    """More rows, drafts or documents than one place holds."""

    code = "too_much"


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft as understood and, where all of it can be read, as the door would decide on it now."""

    understood: Understood
    mistakes: tuple[Mistake, ...]
    rehearsal: Rehearsal | None
    split: Rehearsal | None = None
    """Where a part is dispatched: the split that is signed with it."""


def save(*, actor: Actor, draft: Draft, typed: Mapping[str, Any], section: str = "") -> Draft:
    """The draft with these values over the earlier ones; what was not on the page stays as it was."""
    with transaction.atomic():
        row = locked(actor, draft)
        fields = merged(typed_fields(row), typed)
        if fields != typed_fields(row):
            _change(row, fields)
        if section and section not in row.typed["visited"]:
            row.typed["visited"].append(section)
        return _saved(row, actor)


def _change(row: Draft, fields: Any) -> None:
    """Other answers: values that were opened stand elsewhere now, so each is closed until it is opened again."""
    row.typed["fields"] = fields
    row.typed.pop(OPENED, None)


def merged(before: Any, after: Any) -> Any:
    """The tree `before` with the leaves of `after` in their places."""
    if isinstance(before, dict) and isinstance(after, Mapping):
        return before | {name: merged(before.get(name), value) for name, value in after.items()}
    if isinstance(before, list) and isinstance(after, list):
        longest = max(len(before), len(after))
        pairs = zip(before + [{}] * (longest - len(before)), after + [{}] * (longest - len(after)), strict=True)
        return [merged(one, other) if other != {} else one for one, other in pairs]
    return after


def add_row(*, actor: Actor, draft: Draft, place: str) -> int:
    """The number of a new empty row in the list at this place, such as `outputs` or `outputs/0/assay/rows`."""
    with transaction.atomic():
        row = locked(actor, draft)
        found = _list_at(row, place)
        if len(found) >= MOST_ROWS:
            raise TooMuch(f"A list holds at most {MOST_ROWS} rows here. Use a sheet for more.")
        found.append({})
        _change(row, row.typed["fields"])
        _saved(row, actor)
        return len(found) - 1


def copy_contents(*, actor: Actor, draft: Draft, place: str) -> Draft:
    """The draft with the contents of its first output in the loss at this place."""
    with transaction.atomic():
        row = locked(actor, draft)
        around, _, number = place.rpartition("/")
        losses = _list_at(row, around)
        if number.isdecimal() and int(number) < len(losses):
            outputs = _list_at(row, "outputs")
            assay = outputs[0].get("assay", {}) if outputs else {}
            losses[int(number)]["elements"] = [
                {name: one[name] for name in ("species", "content_pct") if name in one}
                for one in _rows(assay.get("rows"))
            ]
            _change(row, row.typed["fields"])
        return _saved(row, actor)


def remove_row(*, actor: Actor, draft: Draft, place: str) -> Draft:
    """The draft without the row at this place, such as `outputs/1`."""
    with transaction.atomic():
        row = locked(actor, draft)
        around, _, number = place.rpartition("/")
        found = _list_at(row, around)
        if number.isdecimal() and int(number) < len(found):
            del found[int(number)]
            _change(row, row.typed["fields"])
        return _saved(row, actor)


def _list_at(row: Draft, place: str) -> list[Any]:
    """The list at a place of the tree; made where nothing was typed there yet."""
    at: Any = row.typed["fields"]
    steps = place.split("/")
    for step, following in zip(steps, [*steps[1:], "0"], strict=True):
        fresh: Any = [] if following.isdecimal() else {}
        if isinstance(at, list) and step.isdecimal() and int(step) < MOST_ROWS:
            at.extend({} for _ in range(int(step) + 1 - len(at)))
            at = at[int(step)]
        elif isinstance(at, dict):
            if not isinstance(at.get(step), list | dict):
                at[step] = fresh
            at = at[step]
        else:
            raise NotFound("There is no such list in this draft.")
    if not isinstance(at, list):
        raise NotFound("There is no such list in this draft.")
    return at


def attach(*, actor: Actor, draft: Draft, name: str, content: bytes) -> Draft:
    """The draft with a document, which is stored at once; nobody sees it before the statement is signed."""
    with transaction.atomic():
        row = locked(actor, draft)
        if len(row.typed["documents"]) >= MOST_DOCUMENTS:
            raise TooMuch(f"A statement takes at most {MOST_DOCUMENTS} documents here.", path="/evidence")
        document = evidence.named(evidence.store(actor=actor, name=name, content=content))
        if document not in row.typed["documents"]:
            row.typed["documents"].append(document)
        return _saved(row, actor)


def detach(*, actor: Actor, draft: Draft, sha256: str) -> Draft:
    """The draft without this document."""
    with transaction.atomic():
        row = locked(actor, draft)
        row.typed["documents"] = [one for one in row.typed["documents"] if one["sha256"] != sha256]
        return _saved(row, actor)


def open_value(*, actor: Actor, draft: Draft, place: str) -> Draft:
    """The draft with one of the values that would be closed opened to everybody, by its place in the statement."""
    with transaction.atomic():
        row = locked(actor, draft)
        rehearsal = check(actor=actor, draft=row).rehearsal
        if rehearsal is None or place not in rehearsal.closed_places:
            raise NotFound("There is no such closed value in this draft.")
        row.typed[OPENED] = sorted({*row.typed.get(OPENED, ()), place})
        return _saved(row, actor)


def close_value(*, actor: Actor, draft: Draft, place: str) -> Draft:
    """The draft with a value closed again that was to be opened; nothing was shown to anybody yet."""
    with transaction.atomic():
        row = locked(actor, draft)
        row.typed[OPENED] = [one for one in row.typed.get(OPENED, ()) if one != place]
        return _saved(row, actor)


def discard(*, actor: Actor, draft: Draft) -> None:
    """Throws a draft away; nothing of it was signed."""
    with transaction.atomic():
        locked(actor, draft).delete()


def check(*, actor: Actor, draft: Draft) -> Checked:
    """What is wrong with a draft, or what the door would make of it now."""
    understood = read(draft)
    if not understood.complete:
        return Checked(understood, understood.mistakes, None)
    try:
        acts = own_keys.by_own_key(actor, acts_of(draft, understood))
        *before, last = acceptance.rehearse(actor=actor, acts=acts)
        return Checked(understood, (), last, before[0] if before else None)
    except KeyNotInVault as error:
        if understood.second is None:
            return Checked(understood, (_mistake(error, understood),), None)
        return Checked(understood, (Mistake(f"/{SIGNERS}", error.code, _KEYS_ELSEWHERE),), None)
    except RecordError as error:
        return Checked(understood, (_mistake(error, understood),), None)


_KEYS_ELSEWHERE: Final = (
    "One of you signs with a key of its own, which is not held here. Choose to sign alone, or send the statement with "
    "both signatures by the API."
)


def _mistake(error: RecordError, understood: Understood) -> Mistake:
    place = place_of(error, understood.fields, understood.body or {})
    if understood.part is not None and place.startswith(("/inputs", "/outputs")):
        place = "/lot"
    return Mistake(place, error.code, error.sentence)


def sign(*, actor: Actor, draft_id: UUID) -> Statement:
    """The statement that a draft became; signing it a second time gives the same one.

    A refusal of the door leaves the draft as it was, and nothing is signed.
    """
    with transaction.atomic():
        row = Draft.objects.select_for_update().filter(pk=draft_id, organisation=actor.organisation).first()
        if row is None:
            return signed_before(actor, draft_id)
        return sign_locked(actor, row, require_signable(actor, row))


def require_signable(actor: Actor, row: Draft) -> Understood:
    """The draft as understood, where the actor signs it alone and now."""
    require_unproposed(row)
    require_no_approval(actor)
    understood = require_complete(row)
    if understood.second is not None:
        raise DraftIncomplete("Propose it to the other party, or choose to sign alone.")
    return understood


def sign_locked(actor: Actor, row: Draft, understood: Understood, submissions: Sequence[Submission] = ()) -> Statement:
    """The statement that a draft under lock became, signed here or as these `submissions`; the draft is gone."""
    draft_id = row.pk
    acceptance.accept(actor=actor, submissions=submissions or acts_of(row, understood))
    row.delete()
    signed = signed_before(actor, draft_id)
    if understood.arrived_kg is not None and understood.body is not None:
        partial_arrivals.note(signed, uuid_of(str(understood.body["lot"])), understood.arrived_kg)
    return signed


def require_no_approval(actor: Actor) -> None:
    """Refuses to sign a draft without a colleague, where the organisation wants one to."""
    if actor.organisation.approval_wanted:
        raise ApprovalWanted("Your organisation wants a second person to sign. Send this for approval.")


def require_complete(draft: Draft) -> Understood:
    """The draft as understood; refused while something in it cannot be read."""
    understood = read(draft)
    if not understood.complete:
        missing = understood.mistakes[0].sentence if understood.mistakes else "Answer every question first."
        raise DraftIncomplete(missing)
    return understood


def require_unproposed(draft: Draft) -> None:
    """Refuses a draft that was put before a partner: what he reads, or declined, stays as it is."""
    if Proposal.objects.filter(draft=draft).exists():
        raise Proposed("This waits for the signature of the other party. Take the proposal back before you change it.")


def signed_before(actor: Actor, draft_id: UUID) -> Statement:
    """The statement that a draft of the actor's organisation became."""
    found = Statement.objects.filter(issuer=actor.organisation.pk, urn=draft_id).first()
    if found is None:
        raise NotFound("There is no such draft, or it is not yours to see.")
    return found


def acts_of(draft: Draft, understood: Understood, made: str = "") -> tuple[Act, ...]:
    """All that a complete draft asks to sign at once: of a dispatch of a part, the split first, which makes `made`."""
    act = act_of(draft, understood)
    return (act,) if understood.part is None else parting.acts(act, understood.part, made)


def act_of(draft: Draft, understood: Understood) -> Act:
    """The act that a complete draft asks to sign; its id is the draft's, so that it is signed once."""
    header, body = understood.header or {}, understood.body or {}
    occurred = (
        moments.parse_moment(str(header["occurred_from"])),
        moments.parse_moment(str(header["occurred_to"])),
    )
    documents = tuple(draft.typed["documents"])
    if draft.kind == "correct":
        return _correction(draft, understood, documents)
    return Act(
        kind=ACTS[draft.kind],
        issuer=draft.organisation_id,
        body=body,
        occurred=occurred,
        utc_offset=str(header["utc_offset"]),
        process=_process(header) if draft.kind == "transform" else (),
        evidence=documents,
        cosigners=() if understood.second is None else (understood.second,),
        id=draft.pk,
        opened=frozenset(draft.typed.get(OPENED, ())),
    )


def _process(header: Body) -> tuple[ProcessStep, ...]:
    steps = header.get("process")
    return tuple(ProcessStep(row["step"], row["country"]) for row in steps) if isinstance(steps, list) else ()


def _correction(draft: Draft, understood: Understood, documents: tuple[Body, ...]) -> Act:
    corrects, header = draft.typed["corrects"], dict(understood.header or {})
    claim: dict[str, Any] = {**{name: header[name] for name in HEADER if name in header}, "body": understood.body}
    if documents:
        claim["evidence"] = list(documents)
    now = clock.now()
    return Act(
        kind="statement.correct",
        issuer=draft.organisation_id,
        body={
            "replaces": corrects["replaces"],
            "newest": corrects["newest"],
            "reason": understood.reason,
            "as": claim,
        },
        occurred=(now, now),
        utc_offset=str(header["utc_offset"]),
        id=draft.pk,
        opened=frozenset(draft.typed.get(OPENED, ())),
    )


def require_role(actor: Actor) -> None:
    if not actor.may_submit:
        raise NotAllowed(actor.why_not_submit)


def locked(actor: Actor, draft: Draft) -> Draft:
    """The row under lock, for an actor who may change it."""
    require_role(actor)
    row = Draft.objects.select_for_update().filter(pk=draft.pk, organisation=actor.organisation).first()
    if row is None:
        raise NotFound("There is no such draft, or it is not yours to see.")
    require_unproposed(row)
    return row


def _saved(row: Draft, actor: Actor) -> Draft:
    """Stores the row; other contents have one more writer, and what a colleague was to sign does not wait any more."""
    row.typed = named(row.typed, row.kind)
    if _contents(row) != _contents(Draft.objects.get(pk=row.pk)):
        Approval.objects.filter(draft=row, sent_back_at=None).delete()
        note_writer(row, actor)
    row.updated_by_id = actor.user_id or None
    row.save(update_fields=["typed", "updated_by", "updated_at"])
    return row


def _contents(row: Draft) -> tuple[Any, ...]:
    """What would be signed of a draft."""
    return row.typed["fields"], row.typed["documents"], row.typed.get(OPENED, ())


def note_writer(row: Draft, actor: Actor) -> None:
    """Keeps that the actor typed some of this draft."""
    if actor.user_id:
        row.writers.add(actor.user_id)


def named(typed: dict[str, Any], act: str) -> dict[str, Any]:
    """Gives a urn to each lot or facility that the draft is going to make."""
    fields = typed["fields"]
    if act in MAKES:
        fields.setdefault(MAKES[act], _new_urn())
    if act in MAKES_OUTPUTS:
        for row in _rows(fields.setdefault("outputs", [{}])):
            if is_blank(row.get("lot")):
                row["lot"] = _new_urn()
    return typed


def _rows(found: Any) -> Iterable[dict[str, Any]]:
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def _new_urn() -> str:
    return sealing.urn(sealing.new_id(clock.now()))
