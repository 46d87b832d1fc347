"""The log as the bundle shows it: THE checkpoint, the inclusion of every statement, the heads, earlier states, times.

Record-format.md section 7, and section 9 "Bundle members". Size and root come from a signed checkpoint and from nowhere
else; every hash of every proof must be used.
"""

from bisect import bisect_right
from collections.abc import Mapping
from datetime import datetime, timedelta

from traceability.ledger import canonical, merkle
from traceability.ledger.bundle import HEADS_NAME, INCLUSION_NAME, checkpoint_name, consistency_name
from traceability.ledger.checkpoint import BadCheckpoint, Checkpoint, SignedCheckpoint, parse_body, verify_checkpoint
from traceability.ledger.errors import RecordError
from traceability.ledger.headsproof import MapProof, verify_heads
from traceability.ledger.identifiers import b64url_decode, digest_bytes
from traceability.ledger.merkle import BadMultiproof, Multiproof, RootMismatch, TreeHead
from traceability.ledger.notes import VerifierKey, parse_note
from traceability.ledger.policy import Policy
from traceability.verifier.facts import Entry, Facts, Topic, incomplete, invalid, note, warning
from traceability.verifier.report import moment_of

MAX_PROOF_BYTES = 256 << 20
MAX_PROOF_DEPTH = 4
LATE = timedelta(minutes=10)
"""How long after the first cosigned time that covers it a statement may claim to have been signed."""
NOTED_DELAY = timedelta(days=1)
_FIRST_S, _LAST_S = 946_684_800, 4_102_444_799
"""POSIX seconds of the first and last moment of the format (section 1)."""


def read_checkpoints(facts: Facts) -> None:
    """THE checkpoint is the one of the greatest size; the others show when statements were first covered."""
    notes = {int(name[12:24]): name for name in facts.bundle.names("checkpoints")}
    if not notes:
        return facts.say(Topic.LOG, invalid("checkpoint_missing", "checkpoints", "The bundle has no checkpoint."))
    *earlier, newest = sorted(notes)
    _read_newest(facts, newest, notes[newest])
    for size in earlier:
        _read_earlier(facts, size, notes[size])
    return None


def _read_newest(facts: Facts, size: int, name: str) -> None:
    content = facts.bundle.read(name)
    facts.used.add(name)
    try:
        if facts.policy is None:
            facts.checkpoint = _of_size(parse_body(parse_note(content).text), size)
            return None
        facts.signed = _verified(content, facts.policy)
        facts.checkpoint = _of_size(facts.signed.checkpoint, size)
    except RecordError as error:
        return facts.fail(Topic.LOG, error, name)
    _note_keys(facts, facts.signed, name)
    _check_witnesses(facts, facts.policy, facts.signed, name)
    return None


def _verified(content: bytes, policy: Policy) -> SignedCheckpoint:
    signed = verify_checkpoint(content, log_keys=policy.logs, cosigner_keys=policy.witnesses.values())
    if any(one.time is not None and not _FIRST_S <= one.time <= _LAST_S for one in signed.signatures):
        raise BadCheckpoint("A key states a time outside the years 2000 to 2099.")
    return signed


def _of_size(checkpoint: Checkpoint, size: int) -> Checkpoint:
    if checkpoint.size != size:
        raise BadCheckpoint(f"The checkpoint is for a tree of {checkpoint.size} leaves, its name says {size}.")
    return checkpoint


def _note_keys(facts: Facts, signed: SignedCheckpoint, name: str) -> None:
    """Lines of keys that the policy does not name, and keys without a line; each key is told once, of the newest."""
    for line in signed.unknown:
        sentence = f"A key named {line.name} signed too; your policy does not name it, so it counts for nothing."
        facts.say_once(Topic.WITNESS, warning("unknown_note_key", name, sentence))
    logs = facts.policy.logs if facts.policy else ()
    for key in logs:
        if key.name == signed.checkpoint.origin and key not in signed.keys:
            sentence = f"A key of {key.name} that your policy names did not sign: id {key.key_id.hex()}."
            facts.say_once(Topic.LOG, warning("log_key_did_not_sign", name, sentence))
    for key in _silent_witnesses(facts, signed):
        sentence = f"The witness {key.name} that your policy names did not sign: id {key.key_id.hex()}."
        facts.say_once(Topic.WITNESS, warning("witness_did_not_sign", name, sentence))


def _silent_witnesses(facts: Facts, signed: SignedCheckpoint) -> list[VerifierKey]:
    """Witnesses without a line: of the newest checkpoint those that no quorum asks for, of earlier ones the log's own.

    A foreign witness may have joined later; the log's own keys sign every checkpoint, those of other logs none of it.
    """
    if facts.policy is None:
        return []
    others = tuple(f"{one.name}/" for one in facts.policy.logs if one.name != signed.checkpoint.origin)
    theirs = [key for key in facts.policy.witnesses.values() if key.name.startswith(others)]
    silent = [key for key in facts.policy.witnesses.values() if key not in signed.keys and key not in theirs]
    if signed is facts.signed:
        asked = facts.policy.asked()
        return [key for key in silent if key not in asked]
    return [key for key in silent if key.name.startswith(f"{signed.checkpoint.origin}/")]


def _check_witnesses(facts: Facts, policy: Policy, signed: SignedCheckpoint, name: str) -> None:
    cosigners = [key for key in policy.witnesses.values() if key in signed.keys]
    facts.count("cosigners", len(cosigners))
    if not policy.quorum_reached(signed.keys):
        sentence = f"{len(cosigners)} witnesses cosigned this checkpoint; your policy asks for more."
        facts.say(Topic.WITNESS, incomplete("quorum_not_reached", name, sentence))
    if signed.cosigned_at is None:
        sentence = "No key of your policy states a time, so it is not known how the log stood when."
        facts.say(Topic.CURRENT, incomplete("time_not_established", name, sentence))


def _read_earlier(facts: Facts, size: int, name: str) -> None:
    content = facts.bundle.read(name)
    try:
        if facts.policy is None:
            signed = SignedCheckpoint(parse_body(parse_note(content).text), (), ())
        else:
            signed = _verified(content, facts.policy)
        _of_size(signed.checkpoint, size)
        _check_origin(facts, signed.checkpoint.origin)
    except RecordError as error:
        return facts.fail(Topic.LOG, error, name)
    _note_keys(facts, signed, name)
    facts.earlier[size] = signed
    return None


def _check_origin(facts: Facts, origin: str) -> None:
    if facts.checkpoint is not None and origin != facts.checkpoint.origin:
        raise BadCheckpoint("This checkpoint is of another log than the newest one.")


def check_inclusion(facts: Facts) -> None:
    """The one multi-proof leads from every statement, at its index, to the root of THE checkpoint."""
    checkpoint = facts.checkpoint
    try:
        facts.used.add(INCLUSION_NAME)
        proof = Multiproof.from_value(_json(facts, INCLUSION_NAME))
        if checkpoint is None:
            return
        if proof.size != checkpoint.size:
            raise BadMultiproof(f"The proof is for {proof.size} leaves, the checkpoint for {checkpoint.size}.")
        _check_listed(proof.indexes, facts.leaves)
        if merkle.root_from_multiproof(proof.size, facts.leaves, proof.hashes) != checkpoint.root:
            raise RootMismatch("The statements do not lead to the root of the checkpoint: one is not that leaf.")
    except RecordError as error:
        facts.fail(Topic.LOG, error, INCLUSION_NAME)


class StatementWithoutProof(RecordError):
    """A statement of the bundle that its inclusion proof does not cover."""

    code = "statement_without_proof"


class StatementMissing(RecordError):
    """An index of the inclusion proof whose statement the bundle does not carry."""

    code = "statement_missing"


def _check_listed(indexes: tuple[int, ...], leaves: Mapping[int, bytes]) -> None:
    missing = sorted(set(indexes).difference(leaves))
    if missing:
        raise StatementMissing(f"The proof covers the statement at index {missing[0]}, which is not in the bundle.")
    bare = sorted(leaves.keys() - set(indexes))
    if bare:
        raise StatementWithoutProof(f"The proof does not cover the statement at index {bare[0]}.")


def check_heads_leaf(facts: Facts) -> None:
    """The last leaf is the operator's `log.heads` of exactly this tree (section 7, Heads); then the map is read."""
    checkpoint = facts.checkpoint
    if checkpoint is None:
        return None
    last = facts.entries.get(checkpoint.size - 1)
    if last is None or last.statement.kind != "log.heads" or last.statement.body["size"] != last.index:
        sentence = "The last leaf of the tree must be the heads of all chains before it."
        return facts.say(Topic.LOG, invalid("heads_not_last_leaf", checkpoint_name(checkpoint.size), sentence))
    facts.used.add(last.name)
    first = facts.entries.get(0)
    if (
        first is None
        or first.statement.kind != "organisation.register"
        or first.statement.issuer != last.statement.issuer
    ):
        sentence = "The heads must be said by the operator, whose register is leaf 0 of the log."
        facts.say(Topic.LOG, invalid("heads_issuer", last.name, sentence))
    _read_map(facts, last)
    return None


def operator_of(facts: Facts) -> str:
    """The organisation whose register is leaf 0; "" where the bundle does not carry it."""
    first = facts.entries.get(0)
    return first.statement.issuer if first is not None and first.statement.kind == "organisation.register" else ""


def _read_map(facts: Facts, heads: Entry) -> None:
    if HEADS_NAME not in facts.bundle.members:
        return  # no chain is shown to be whole, which is said of each
    facts.used.add(HEADS_NAME)
    try:
        proof = MapProof.from_value(_json(facts, HEADS_NAME))
        facts.map_heads = verify_heads(proof, digest_bytes(str(heads.statement.body["root"])))
    except RecordError as error:
        facts.fail(Topic.LOG, error, HEADS_NAME)


def check_earlier(facts: Facts) -> None:
    """What each statement saw, and each earlier checkpoint, is the beginning of THE tree (section 7, Order)."""
    checkpoint = facts.checkpoint
    if checkpoint is None:
        return
    bound: dict[int, bytes] = {}
    for entry in facts.entries.values():
        _check_seen(facts, entry, checkpoint, bound)
    for size, signed in list(facts.earlier.items()):
        if not _is_beginning(facts, signed.checkpoint.head, checkpoint.head, bound, checkpoint_name(size)):
            del facts.earlier[size]
            facts.used.add(checkpoint_name(size))
    _check_times(facts)


def _check_seen(facts: Facts, entry: Entry, checkpoint: Checkpoint, bound: dict[int, bytes]) -> None:
    seen = entry.statement.seen
    where = f"{entry.name}/seen"
    if seen.origin != checkpoint.origin:
        sentence = "The statement was made for another log; it was replayed into this one."
        facts.say(Topic.LOG, invalid("foreign_log", where, sentence))
    elif seen.size > entry.index:
        sentence = f"It claims to have seen {seen.size} leaves, but stands itself at index {entry.index}."
        facts.say(Topic.LOG, invalid("seen_after_index", where, sentence))
    else:
        _is_beginning(facts, TreeHead(seen.size, digest_bytes(seen.root)), checkpoint.head, bound, where)


def _is_beginning(facts: Facts, old: TreeHead, new: TreeHead, bound: dict[int, bytes], where: str) -> bool:
    """Whether the tree grew out of the old one; says why not. Each size is proved once."""
    name = consistency_name(old.size)
    try:
        if not old.size:
            _same_root(old, merkle.EMPTY_ROOT)
        elif old.size == new.size:
            _same_root(old, new.root)
        elif old.size in bound:
            _same_root(old, bound[old.size])
        elif name not in facts.bundle.members:
            sentence = f"No proof shows that the tree of {old.size} leaves is the beginning of this one."
            facts.say(Topic.LOG, incomplete("consistency_not_established", where, sentence))
            return False
        else:
            facts.used.add(name)
            merkle.verify_consistency(old, new, _consistency(facts, name))
            bound[old.size] = old.root
    except RecordError as error:
        facts.fail(Topic.LOG, error, where, code="not_consistent" if isinstance(error, RootMismatch) else "")
        return False
    return True


def _same_root(old: TreeHead, root: bytes) -> None:
    if old.root != root:
        raise RootMismatch(f"This is not the root of the log at {old.size} leaves: the log was forked.")


def _consistency(facts: Facts, name: str) -> tuple[bytes, ...]:
    value = _json(facts, name)
    hashes = value.get("hashes")
    if value.keys() != {"hashes"} or not isinstance(hashes, list):
        raise BadMultiproof("A consistency proof has exactly hashes.")
    return tuple(b64url_decode(each, size=merkle.HASH_BYTES, path=f"/hashes/{n}") for n, each in enumerate(hashes))


def _check_times(facts: Facts) -> None:
    """No statement claims to be younger than the first cosigned time over it; older ones are marked with the delay."""
    checkpoints = dict(facts.earlier)
    if facts.signed is not None:
        checkpoints[facts.signed.checkpoint.size] = facts.signed
    sizes = sorted(checkpoints)
    first: list[int | None] = []  # for each size the earliest time of a checkpoint of this size or a greater one
    for size in reversed(sizes):
        times = [time for time in (checkpoints[size].first_cosigned_at, first[-1] if first else None) if time]
        first.append(min(times, default=None))
    first.reverse()
    _check_first_checkpoints(facts, sizes)
    for entry in facts.entries.values():
        place = bisect_right(sizes, entry.index)
        if place < len(sizes):
            facts.used.add(checkpoint_name(sizes[place]))
            time = first[place]
            if time is not None:
                _check_time(facts, entry, moment_of(time))


def _check_first_checkpoints(facts: Facts, sizes: list[int]) -> None:
    """No checkpoint that a statement saw, and that would be the first one over another, was left out (section 7)."""
    seen = sorted({entry.statement.seen.size for entry in facts.entries.values()})
    missing: set[int] = set()
    for index in facts.entries:
        place, carried = bisect_right(seen, index), bisect_right(sizes, index)
        if place < len(seen) and carried < len(sizes) and seen[place] < sizes[carried]:
            missing.add(seen[place])
    for size in sorted(missing):
        sentence = f"The checkpoint of {size} leaves was left out: it would show how early statements stood in the log."
        facts.say(Topic.LOG, incomplete("first_checkpoint_missing", checkpoint_name(size), sentence))


def _check_time(facts: Facts, entry: Entry, first: datetime) -> None:
    said = entry.statement
    if said.issued_at > first + LATE:
        sentence = f"It claims to be signed at {said.issued_at:%Y-%m-%d %H:%M} UTC, after it stood in the log."
        facts.say(Topic.LOG, warning("claimed_time_after_log", entry.name, sentence))
    elif first - said.occurred_to >= NOTED_DELAY:
        sentence = f"It came into the log {(first - said.occurred_to).days} days after what it tells."
        facts.say(Topic.LOG, note("late_entry", entry.name, sentence))


def _json(facts: Facts, name: str) -> dict[str, object]:
    return canonical.parse(facts.bundle.read(name), max_bytes=MAX_PROOF_BYTES, max_depth=MAX_PROOF_DEPTH)
