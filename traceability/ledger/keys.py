"""Which key may speak for whom, decided by order in the log and never by a claimed date (record-format.md section 6).

A `KeyRing` holds the keys of one organisation. `advance` gives the ring after a statement about keys, or a KeyError.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from traceability.ledger import identifiers, signing
from traceability.ledger.errors import RecordError
from traceability.ledger.statement import Statement


class KeyStateError(RecordError):
    code = "key_state"


class KeyUnknown(KeyStateError):
    code = "key_unknown"


class KeyNotActive(KeyStateError):
    code = "key_not_active"


class KeyTaken(KeyStateError):
    code = "key_taken"


class NotTheOrganisation(KeyStateError):
    code = "not_the_organisation"


class AlreadyRegistered(KeyStateError):
    code = "already_registered"


class ProofOfPossession(KeyStateError):
    code = "proof_of_possession"


class NotAllowedToRevoke(KeyStateError):
    code = "not_allowed_to_revoke"


class RecoveryForbidden(KeyStateError):
    code = "recovery_forbidden"


class CompromiseInFuture(KeyStateError):
    code = "compromise_in_future"


class FirstRevocationDecides(KeyStateError):
    code = "first_revocation_decides"


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """One key: since which log index it speaks, through which key it came, and when it ended."""

    key: str
    public_key: bytes
    custody: str  # holder | platform
    since: int
    brought_in_by: str = ""  # the key that signed its add or rotate; "" for the first key
    by_operator: bool = False  # the operator added it, or a key through which it came
    recovery: bool = False
    ended: int | None = None
    compromised_from: int | None = None
    revoked_by_recovery: bool = False

    @property
    def active(self) -> bool:
        return self.ended is None


@dataclass(frozen=True, slots=True)
class KeyRing:
    """All keys that an organisation ever had, by key id."""

    organisation: str
    keys: Mapping[str, KeyRecord] = field(default_factory=dict)
    operator_recovery: bool = True

    def active(self, key: str) -> KeyRecord:
        """The record of a signing key that may speak now; the recovery key signs only about keys."""
        record = self.keys.get(key)
        if record is None:
            raise KeyUnknown("This key was never registered for this organisation.", path="/key", key=key)
        if not record.active:
            raise KeyNotActive("This key was revoked or replaced. Sign with the current one.", path="/key", key=key)
        return record

    def holder_held(self) -> bool:
        """Whether every active key is held by the organisation alone, so that the operator cannot sign for it."""
        return all(record.custody == "holder" for record in self.keys.values() if record.active and not record.recovery)

    def under_operator_key(self) -> bool:
        """Whether an active key was added by the operator: said of every statement under it for ever."""
        return any(record.by_operator for record in self.keys.values() if record.active)

    def with_records(self, *records: KeyRecord) -> "KeyRing":
        return replace(self, keys={**self.keys, **{record.key: record for record in records}})


KEY_KINDS = frozenset({"organisation.register", "key.add", "key.rotate", "key.revoke"})
OwnerOfKey = Callable[[str], str | None]


def subject_organisation(statement: Statement) -> str:
    """The organisation whose chain a statement about organisations, keys or facilities advances."""
    return statement.chains[0].subject


def signers(statement: Statement, rings: Callable[[str], KeyRing | None]) -> list[bytes]:
    """The public keys that must have signed, in order: `key`, then the cosigners. The state of keys is `rings`."""
    return [_first_key(statement, rings), *(_cosigner_key(statement, index, rings) for index in _cosigners(statement))]


def _cosigners(statement: Statement) -> Iterable[int]:
    return range(len(statement.cosigners))


def _first_key(statement: Statement, rings: Callable[[str], KeyRing | None]) -> bytes:
    if statement.kind == "organisation.register":
        return _offered(statement, "public_key", statement.key)
    ring = rings(statement.issuer)
    if ring is None:
        raise KeyUnknown("The issuer is not registered in this log.", path="/issuer")
    record = ring.active(statement.key)
    if record.recovery and statement.kind not in ("key.add", "key.rotate", "key.revoke"):
        raise KeyNotActive("The recovery key signs nothing but statements about keys.", path="/key")
    return record.public_key


def _cosigner_key(statement: Statement, index: int, rings: Callable[[str], KeyRing | None]) -> bytes:
    cosigner = statement.cosigners[index]
    if statement.kind == "organisation.register":
        return _offered(statement, "recovery_public_key", cosigner.key)
    if statement.kind in ("key.add", "key.rotate", "lot.import"):  # the key of an import is one of another log
        return _offered(statement, "public_key", cosigner.key)
    ring = rings(cosigner.organisation)
    if ring is None:
        raise KeyUnknown("A cosigner is not registered in this log.", path=f"/cosigners/{index}")
    record = ring.active(cosigner.key)
    if record.recovery:
        raise KeyNotActive("The recovery key does not cosign.", path=f"/cosigners/{index}/key")
    return record.public_key


def _public_key(text: str, name: str) -> bytes:
    try:
        return signing.check_public_key(identifiers.b64url_decode(text))
    except RecordError as error:
        error.path = f"/body/{name}"
        raise


def _offered(statement: Statement, name: str, key: str) -> bytes:
    """The public key that the body offers, which must be the one the header names."""
    text = statement.body.get(name)
    if not isinstance(text, str):
        raise ProofOfPossession(f"{name} is missing in the body.", path=f"/body/{name}")
    public_key = _public_key(text, name)
    if signing.key_id(public_key) != key:
        raise ProofOfPossession("The header names another key than the body offers.", path=f"/body/{name}")
    return public_key


def advance(
    statement: Statement, index: int, ring: KeyRing | None, *, operator: str, owner_of: OwnerOfKey
) -> KeyRing | None:
    """The ring of the organisation after a statement about its keys at this log index; None for other kinds."""
    rule = _RULES.get(statement.kind)
    if rule is None:
        return None
    organisation = subject_organisation(statement)
    by_operator = statement.issuer == operator and organisation != operator
    if statement.issuer != organisation and not (by_operator and statement.kind in ("key.add", "key.revoke")):
        raise NotTheOrganisation("Only the organisation itself can say this about its keys.", path="/issuer")
    if statement.kind == "organisation.register":
        if ring is not None:
            raise AlreadyRegistered("This organisation is registered already. Use key.add or key.rotate.", path="/kind")
        return _register(statement, index, owner_of)
    if ring is None:
        raise KeyUnknown("The organisation is not registered in this log.", path="/chains/0/subject")
    return rule(statement, index, ring, owner_of, by_operator)


def _register(statement: Statement, index: int, owner_of: OwnerOfKey) -> KeyRing:
    body = statement.body
    first = _new_record(statement, "public_key", index, owner_of, custody=str(body["custody"]))
    ring = KeyRing(statement.issuer, {first.key: first}, body.get("operator_recovery") is not False)
    if "recovery_public_key" not in body:
        _check_cosigners(statement, [])
        return ring
    recovery = _new_record(statement, "recovery_public_key", index, owner_of, custody="holder")
    if recovery.key == first.key:
        raise ProofOfPossession("The recovery key must be another key.", path="/body/recovery_public_key")
    _check_cosigners(statement, [(statement.issuer, recovery.key)])
    return ring.with_records(replace(recovery, recovery=True))


def _new_record(statement: Statement, name: str, index: int, owner_of: OwnerOfKey, *, custody: str) -> KeyRecord:
    public_key = _public_key(str(statement.body[name]), name)
    key = signing.key_id(public_key)
    if owner_of(key) is not None:
        raise KeyTaken("This key is or was in use. A key belongs to one organisation and never returns.",
                       path=f"/body/{name}")  # fmt: skip
    return KeyRecord(key, public_key, custody, index)


def _check_cosigners(statement: Statement, expected: list[tuple[str, str]]) -> None:
    given = [(cosigner.organisation, cosigner.key) for cosigner in statement.cosigners]
    if given != expected:
        raise ProofOfPossession("The new key must sign second, for this organisation.", path="/cosigners")


def _add(statement: Statement, index: int, ring: KeyRing, owner_of: OwnerOfKey, by_operator: bool) -> KeyRing:
    if by_operator:
        _check_operator_may_add(statement, ring)
    elif "by" in statement.body:
        raise NotTheOrganisation("This key is not added by the operator. Leave by out.", path="/body/by")
    record = _new_record(statement, "public_key", index, owner_of, custody=str(statement.body["custody"]))
    _check_cosigners(statement, [(ring.organisation, record.key)])
    signer = ring.keys.get(statement.key)
    by_operator = by_operator or (signer is not None and signer.by_operator)
    return ring.with_records(replace(record, brought_in_by=statement.key, by_operator=by_operator))


def _check_operator_may_add(statement: Statement, ring: KeyRing) -> None:
    if not ring.operator_recovery:
        raise RecoveryForbidden("This organisation ruled out recovery by the operator.", path="/issuer")
    if "by" not in statement.body or "reason" not in statement.body or not statement.documents:
        raise RecoveryForbidden("A key added by the operator says so (by), why (reason), and shows evidence.",
                                path="/body/by")  # fmt: skip


def _rotate(statement: Statement, index: int, ring: KeyRing, owner_of: OwnerOfKey, by_operator: bool) -> KeyRing:
    record = _new_record(statement, "public_key", index, owner_of, custody=str(statement.body["custody"]))
    _check_cosigners(statement, [(ring.organisation, record.key)])
    old = ring.active(statement.key)
    new = replace(record, brought_in_by=old.key, recovery=old.recovery, by_operator=old.by_operator)
    return ring.with_records(replace(old, ended=index), new)


def _revoke(statement: Statement, index: int, ring: KeyRing, owner_of: OwnerOfKey, by_operator: bool) -> KeyRing:
    key, window = str(statement.body["key"]), int(str(statement.body["compromised_from_index"]))
    if window > index:
        raise CompromiseInFuture("compromised_from_index lies after this statement.",
                                 path="/body/compromised_from_index")  # fmt: skip
    victim = ring.keys.get(key)
    if victim is None:
        raise KeyUnknown("This key was never registered for this organisation.", path="/body/key")
    _check_may_revoke(statement, ring, victim, by_operator)
    by_recovery = not by_operator and ring.keys[statement.key].recovery
    fallen = [_ended(ring.keys[one], index, window, by_recovery) for one in falls(ring, key, window)]
    return ring.with_records(*fallen)


def _check_may_revoke(statement: Statement, ring: KeyRing, victim: KeyRecord, by_operator: bool) -> None:
    if victim.recovery and (by_operator or statement.key != victim.key):
        raise NotAllowedToRevoke("No other key may revoke the recovery key.", path="/body/key")
    if victim.compromised_from is not None and victim.revoked_by_recovery:
        raise FirstRevocationDecides("The recovery key revoked this key already.", path="/body/key")


def falls(ring: KeyRing, key: str, window: int) -> list[str]:
    """The key, every key that it brought in at or after the window's start, and so on."""
    fallen = [key]
    for one in fallen:
        fallen += [record.key for record in ring.keys.values()
                   if record.brought_in_by == one and record.since >= window
                   and record.key not in fallen and not record.recovery]  # fmt: skip
    return fallen


def _ended(record: KeyRecord, index: int, window: int, by_recovery: bool) -> KeyRecord:
    """The record after a revocation; what the recovery key decided before stands. Doubt never becomes less."""
    if record.compromised_from is not None and record.revoked_by_recovery:
        return record
    earliest = window if record.compromised_from is None else min(window, record.compromised_from)
    return replace(
        record,
        ended=index if record.ended is None else record.ended,
        compromised_from=earliest,
        revoked_by_recovery=record.revoked_by_recovery or by_recovery,
    )


_RULES: Mapping[str, Callable[[Statement, int, KeyRing, OwnerOfKey, bool], KeyRing]] = {
    "organisation.register": lambda statement, index, ring, owner_of, by_operator: ring,
    "key.add": _add,
    "key.rotate": _rotate,
    "key.revoke": _revoke,
}


def in_doubt(record: KeyRecord, index: int) -> bool:
    """Whether a statement at this index lies in the window in which the key may have been a thief's."""
    return record.compromised_from is not None and record.compromised_from <= index
