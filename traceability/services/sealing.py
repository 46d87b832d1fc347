"""From an act to a signed envelope: which values are closed, which salts, which place in each chain, whose key."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from traceability.acceptance.errors import MissingReference
from traceability.acceptance.imports import KIND as IMPORT
from traceability.acceptance.world import Effective
from traceability.ledger import closed, composing, envelope, identifiers, quantity, signing
from traceability.ledger.composing import Composed, Told
from traceability.ledger.envelope import check_names
from traceability.ledger.errors import RecordError
from traceability.ledger.kinds import Kind, kind_of
from traceability.ledger.kinds.kind import DRAW, Body, rows_at
from traceability.ledger.shapes import NOTHING_DISCLOSED
from traceability.ledger.statement import Chain, Cosigner, Seen
from traceability.selectors.access import Audience
from traceability.services import vault
from traceability.services.reading import Read
from traceability.services.rows_world import RowsWorld
from traceability.services.submissions import Act

Ahead = tuple[Told, Composed]
"""What was composed ahead of its signature, and of what."""


class Sealed(Read):
    """An envelope that the platform signed in this very call."""

    __slots__ = ()

    def check_signers(self, public_keys: Sequence[bytes]) -> None:
        """Refuses an envelope that names other keys; docs/adr/0023 says why its signatures are not verified again."""
        check_names(self.envelope, public_keys)


def urn(id: UUID) -> str:
    return f"urn:uuid:{id}"


def new_id(now: datetime) -> UUID:
    """A fresh UUIDv7 for a statement or subject."""
    return UUID(identifiers.new_urn(int(now.timestamp() * 1000), secrets.token_bytes(10)))


def seal(act: Act, world: RowsWorld, *, seen: Seen, now: datetime, ahead: Ahead | None = None) -> Sealed:
    """The act signed with the platform's key of its issuer, at the present heads of its chains.

    What was composed ahead is taken where it says what would be composed now.
    """
    holds = ahead is not None and replace(_told(act, world, seen, now), issued_at=ahead[0].issued_at) == ahead[0]
    composed = ahead[1] if ahead is not None and holds else compose(act, world, seen=seen, now=now)
    signed = envelope.seal(composed.statement.payload, [vault.signer_for(key) for key in composed.keys])
    return Sealed(envelope.encode_envelope(signed), signed, composed.statement, composed.disclosures)


def foresee(acts: Sequence[Act], world: RowsWorld, *, seen: Seen, now: datetime) -> list[Told | None]:
    """What composes each act, if nothing happens before it; None where something is wrong with it, or it corrects."""
    return [_foreseen(act, world, seen, now) for act in acts]


def _foreseen(act: Act, world: RowsWorld, seen: Seen, now: datetime) -> Told | None:
    try:
        return None if act.kind.startswith("statement.") else _told(act, world, seen, now)
    except RecordError:
        return None


def compose(act: Act, world: RowsWorld, *, seen: Seen, now: datetime, closing: bool = True) -> Composed:
    """The act as the statement that `seal` signs; nothing is signed yet.

    Without `closing` all of it is open: what the door decides is the same, and costs less to find out.
    """
    if closing:  # whole: what is made of it is checked again as far as it is open
        kind_of(act.kind).body.check(act.body, "/body", NOTHING_DISCLOSED)
    told = _told(act, world, seen, now)
    if not closing:
        return composing.compose(told, closes=None)
    if act.kind != "statement.correct":
        return composing.compose(told, composing.plan_of(told))
    return _corrected_anew(told, act, world)


def _corrected_anew(told: Told, act: Act, world: RowsWorld) -> Composed:
    """A correction: what it repeats as it stood in the open stays open, as it was shown to anybody, for ever."""
    original = _original(act, world)
    before, after = world.claim_of(original.newest), {"body": act.body}

    def repeats(place: str) -> bool:
        was = _at(before, place.removeprefix("/body/as"))
        return was is not None and was == _at(after, place) and _same_rows(before, after, place)

    plan = composing.plan_of(told, corrected=original.original.kind, repeats=repeats)
    return composing.compose(told, plan, kept=_kept(original, world))


def _told(act: Act, world: RowsWorld, seen: Seen, now: datetime) -> Told:
    """What an act says, with the present heads of its chains."""
    key, cosigners = _keys(act, world)
    return Told(
        kind=act.kind,
        id=urn(act.id or new_id(now)),
        issuer=urn(act.issuer),
        key=key,
        cosigners=tuple(cosigners),
        occurred=act.occurred,
        utc_offset=act.utc_offset,
        issued_at=max(now, act.occurred[1]),
        seen=seen,
        chains=tuple(_chains(kind_of(act.kind), act, world)),
        process=tuple(act.process),
        evidence=tuple(act.evidence),
        body=act.body,
        shown=_shown(act.issuer, world),
        opened=act.opened,
    )


def _shown(issuer: UUID, world: RowsWorld) -> frozenset[str]:
    """The groups of values that an issuer lets anybody read."""
    return frozenset(group for group, audience in world.audiences(issuer).items() if audience == Audience.ANYBODY)


def may_be_opened(kind: Kind, corrected: Kind | None, body: Body, place: str) -> bool:
    """Whether a confidential value stands at this place of an act, so that its issuer can open it."""
    group = composing.closable_group((corrected or kind).name, place, claimed=corrected is not None)
    return group is not None and _at({"body": body}, place) is not None


def _same_rows(before: object, after: object, place: str) -> bool:
    """Whether the rows around a place are those of before: of another row that moved there nothing was shown.

    A row is known by all that it says in the open beside lists and objects.
    """
    steps = place.split("/")
    for end in (number + 1 for number, step in enumerate(steps) if step.isdecimal()):
        inner = "/".join(steps[:end])
        was, now = _at(before, inner.removeprefix("/body/as")), _at(after, inner)
        if not isinstance(was, Mapping) or not isinstance(now, Mapping):
            return False
        if any(now.get(name) != value for name, value in was.items() if not isinstance(value, dict | list)):
            return False
    return True


def _at(value: object, place: str) -> object:
    """What stands at a JSON pointer of names and indexes; None where nothing does."""
    for step in place.split("/")[1:]:
        if isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _original(act: Act, world: RowsWorld) -> Effective:
    """What a correction or void names."""
    field = "replaces" if act.kind == "statement.correct" else "voids"
    found = world.effective(str(act.body.get(field)))
    if found is None:
        raise MissingReference("There is no such statement in this log.", path=f"/body/{field}")
    return found


def _kept(original: Effective, world: RowsWorld) -> Mapping[str, closed.Disclosure]:
    """Disclosures of the version that a correction replaces: what it does not change keeps its digest."""
    newest = world.disclosures_of(original.newest)
    return {f"/body/as{place}": disclosure for place, disclosure in newest.items()}


def _keys(act: Act, world: RowsWorld) -> tuple[str, list[Cosigner]]:
    """The platform key of the issuer, and of each organisation that signs second."""
    first = act.key or _active_key(act.issuer, world)
    if act.new_platform_key is not None:
        return first, [Cosigner(urn(act.subject or act.issuer), act.new_platform_key)]
    if act.kind == IMPORT:  # by the sender, whose key is one of another log
        offered = identifiers.b64url_decode(str(act.body["public_key"]))
        return first, [Cosigner(str(act.body["organisation"]), signing.key_id(offered))]
    return first, [Cosigner(urn(one), _active_key(one, world)) for one in act.cosigners]


def _active_key(organisation: UUID, world: RowsWorld) -> str:
    ring = world.ring(urn(organisation))
    for record in sorted(ring.keys.values(), key=lambda one: -one.since) if ring else ():
        if record.active and record.custody == "platform" and not record.recovery:
            return record.key
    raise vault.KeyNotInVault("The platform holds no active key for this organisation. Its holder must sign.")


def _chains(kind: Kind, act: Act, world: RowsWorld) -> list[Chain]:
    return [_chain(subject, role, world) for subject, role in _subjects(kind, act, world).items()]


def _chain(subject: str, role: str, world: RowsWorld) -> Chain:
    head = world.head(subject) if identifiers.is_urn(subject) else None
    return Chain(subject, role, 0, None) if head is None else Chain(subject, role, head.seq + 1, head.custody_hash)


def _subjects(kind: Kind, act: Act, world: RowsWorld) -> Mapping[str, str]:
    """The role of each subject that the act advances."""
    if kind.subjects is not None:
        roles = kind.subjects(act.body)
        return {one: _draw_role(one, act.body, world) if among == DRAW else among[0] for one, among in roles.items()}
    if not kind.name.startswith("statement."):
        return {urn(act.subject or act.issuer): "subject"}
    original = _original(act, world).original
    return {chain.subject: "subject" if chain.role == "subject" else "lot" for chain in original.chains}


def _draw_role(lot: str, body: Body, world: RowsWorld) -> str:
    """`input_rest` when the draw takes exactly what remains of the lot, else `input`."""
    rows = rows_at(body, "inputs") if "inputs" in body else [body]
    drawn = next((row.get("mass_kg") for row in rows if row.get("lot") == lot), None)
    found = world.lot(lot) if identifiers.is_urn(lot) else None
    if found is None or found.stock is None:
        return "input"
    return "input_rest" if drawn == quantity.format_quantity(found.stock.remaining_kg) else "input"
