"""Whom a reader trusts to sign and witness a log (C2SP tlog-policy).

A policy comes from the reader, never from the bundle that it judges. A checkpoint holds under it when a listed log
signed it and those who cosigned it reach the quorum. `quorum none` asks for no witness: it does not guard against a log
that shows different trees to different readers, and whoever reports on it must say so.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from traceability.ledger.checkpoint import SignedCheckpoint, verify_checkpoint
from traceability.ledger.errors import RecordError
from traceability.ledger.notes import (
    ED25519,
    ED25519_COSIGNATURE,
    MLDSA44_COSIGNATURE,
    VerifierKey,
    parse_number,
    parse_vkey,
)

MAX_POLICY_BYTES = 512 * 1024
MAX_OF_EACH = 128
NO_QUORUM = "none"
LOG_TYPES = frozenset({ED25519, MLDSA44_COSIGNATURE})
WITNESS_TYPES = frozenset({ED25519_COSIGNATURE, MLDSA44_COSIGNATURE})
_REFUSED = re.compile(rb"[^\t\n\x20-\x7e\x80-\xff]")


class BadPolicy(RecordError):
    """A line that a policy cannot have."""

    code = "bad_policy"


class DuplicateInPolicy(BadPolicy):
    """A key, a name or a member that stands twice."""

    code = "duplicate_in_policy"


class UnknownPolicyName(BadPolicy):
    """A name that no line before defines."""

    code = "unknown_policy_name"


class QuorumNotReached(RecordError):
    """A checkpoint that too few of the witnesses cosigned."""

    code = "quorum_not_reached"


@dataclass(frozen=True, slots=True)
class Group:
    """Members of which at least `threshold` must have cosigned."""

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """Logs, witnesses by name, groups by name, and the name that must have cosigned, or `none`."""

    logs: tuple[VerifierKey, ...]
    witnesses: Mapping[str, VerifierKey]
    groups: Mapping[str, Group]
    quorum: str
    urls: Mapping[str, str] = field(default_factory=dict)
    """Where the witnesses are asked, by name, as far as the policy says so."""

    def verify(self, content: bytes) -> SignedCheckpoint:
        """The checkpoint that one of the logs signed and enough of the witnesses cosigned."""
        found = verify_checkpoint(content, log_keys=self.logs, cosigner_keys=self.witnesses.values())
        if not self.quorum_reached(found.keys):
            raise QuorumNotReached("Fewer witnesses cosigned this checkpoint than your policy asks for.")
        return found

    def quorum_reached(self, cosigners: Iterable[VerifierKey]) -> bool:
        """Whether these keys are enough, a key that is no witness counting for nothing."""
        present = frozenset(cosigners)
        return self.quorum == NO_QUORUM or self._witnessed(self.quorum, present)

    def asked(self) -> frozenset[VerifierKey]:
        """The witnesses whose lines can count for the quorum."""
        return frozenset() if self.quorum == NO_QUORUM else frozenset(self._below(self.quorum))

    def _below(self, name: str) -> Iterator[VerifierKey]:
        group = self.groups.get(name)
        if group is None:
            yield self.witnesses[name]
        else:
            for member in group.members:
                yield from self._below(member)

    def _witnessed(self, name: str, present: frozenset[VerifierKey]) -> bool:
        group = self.groups.get(name)
        if group is None:
            return self.witnesses[name] in present
        return sum(self._witnessed(member, present) for member in group.members) >= group.threshold


def parse_policy(content: bytes) -> Policy:
    """The policy in these bytes (tlog-policy, "Policy file syntax and structure"); errors name the line as path."""
    if len(content) > MAX_POLICY_BYTES or _REFUSED.search(content):
        raise BadPolicy(f"A policy has at most {MAX_POLICY_BYTES} bytes and no control characters but tab and newline.")
    *lines, rest = content.split(b"\n")
    if rest:
        raise BadPolicy("Each line of a policy ends in a newline.")
    reading = _Reading()
    for number, line in enumerate(lines, start=1):
        # Names are bytes that need not be UTF-8; the escapes keep different bytes different.
        words = [word.decode("utf-8", "surrogateescape") for word in line.split()]
        if words and not words[0].startswith("#"):
            reading.take(words, f"/{number}")
    return reading.policy()


@dataclass(slots=True)
class _Reading:
    """What the lines so far define."""

    logs: list[VerifierKey] = field(default_factory=list)
    witnesses: dict[str, VerifierKey] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    urls: dict[str, str] = field(default_factory=dict)
    quorum: str = ""

    def take(self, words: Sequence[str], path: str) -> None:
        """Add the definition of one line."""
        match words:
            case ["log", vkey] | ["log", vkey, _]:
                self.logs.append(_key(vkey, LOG_TYPES, self.logs, path))
            case ["witness", name, vkey, *url] if len(url) < 2:
                self._check_new(name, path)
                self.witnesses[name] = _key(vkey, WITNESS_TYPES, self.witnesses.values(), path)
                if url:
                    self.urls[name] = url[0]
            case ["group", name, threshold, *members] if members:
                self._check_new(name, path)
                self._check_members(members, path)
                self.groups[name] = Group(_threshold(threshold, len(members), path), tuple(members))
            case ["quorum", name]:
                if self.quorum:
                    raise DuplicateInPolicy("A policy has one quorum line.", path=path)
                if name != NO_QUORUM:
                    self._check_defined(name, path)
                self.quorum = name
            case _:
                raise BadPolicy("A line is a log, a witness, a group or the quorum.", path=path)
        if max(len(self.logs), len(self.witnesses), len(self.groups)) > MAX_OF_EACH:
            raise BadPolicy(f"A policy has at most {MAX_OF_EACH} logs, witnesses and groups each.", path=path)

    def policy(self) -> Policy:
        """The whole, once all lines are read."""
        if not self.quorum:
            raise BadPolicy("A policy has a quorum line.")
        return Policy(tuple(self.logs), self.witnesses, self.groups, self.quorum, self.urls)

    def _check_new(self, name: str, path: str) -> None:
        if name == NO_QUORUM or name in self.witnesses or name in self.groups:
            raise DuplicateInPolicy("This name is defined already.", path=path)

    def _check_defined(self, name: str, path: str) -> None:
        if name not in self.witnesses and name not in self.groups:
            raise UnknownPolicyName("Define the witness or group on a line before this one.", path=path)

    def _check_members(self, members: Sequence[str], path: str) -> None:
        for member in members:
            self._check_defined(member, path)
        listed = [*members, *(member for group in self.groups.values() for member in group.members)]
        if len(set(listed)) != len(listed):
            raise DuplicateInPolicy("A name is a member of one group, once.", path=path)


def _key(vkey: str, types: frozenset[int], others: Iterable[VerifierKey], path: str) -> VerifierKey:
    try:
        key = parse_vkey(vkey)
    except RecordError as error:
        raise BadPolicy(f"This key cannot be used. {error.sentence}", path=path) from error
    if key.type not in types:
        raise BadPolicy("Logs sign with keys of type 0x01 or 0x06, witnesses with 0x04 or 0x06.", path=path)
    if any(key.public_key == other.public_key for other in others):
        raise DuplicateInPolicy("This public key is listed already.", path=path)
    return key


def _threshold(text: str, count: int, path: str) -> int:
    wanted = {"all": count, "any": 1}.get(text) or parse_number(text, path=path)
    if not 1 <= wanted <= count:
        raise BadPolicy(f"A group of {count} asks for 1 to {count} of them.", path=path)
    return wanted
