"""A statement: the signed payload, its header, its digest and the custody hashes that it makes (section 2)."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NotRequired, TypedDict, Unpack

from traceability.ledger import canonical, identifiers, moments
from traceability.ledger.errors import RecordError
from traceability.ledger.immutable import immutable
from traceability.ledger.kinds import Kind, kind_of
from traceability.ledger.kinds.organisations import EVIDENCE, PROCESS
from traceability.ledger.shapes import (
    NOTHING_DISCLOSED,
    Binary,
    Digest,
    Disclosed,
    ListOf,
    Moment,
    NewUrn,
    Object,
    Text,
    Urn,
    UtcOffset,
    Whole,
    Word,
    optional,
)

FORMAT = "lodestone-statement/1"
ROLES = ("output", "input", "input_rest", "lot", "subject")
LONGEST_CHAINS = 500
MOST_COSIGNERS = 1

SEEN = Object({"origin": Text(200), "size": Whole(), "root": Digest()})
CHAIN = Object({"subject": Urn(), "role": Word(ROLES), "seq": Whole(), "previous": optional(Digest())})
CHAINS = ListOf(CHAIN, most=LONGEST_CHAINS)
HEADER = Object(
    {
        "format": Word((FORMAT,)),
        "id": NewUrn(),
        "nonce": Binary(16),
        "kind": Text(60, "[a-z]+[.][a-z_]+", "lot.source"),
        "issuer": Urn(),
        "key": Digest(),
        "cosigners": optional(ListOf(Object({"organisation": Urn(), "key": Digest()}), most=MOST_COSIGNERS)),
        "occurred_from": Moment(),
        "occurred_to": Moment(),
        "utc_offset": UtcOffset(),
        "issued_at": Moment(),
        "seen": SEEN,
    }
)
_BESIDE_HEADER = ("chains", "process", "body", "evidence")


class HeaderError(RecordError):
    code = "bad_header"


class UnknownFormat(HeaderError):
    code = "unknown_format"


class TimeOrder(HeaderError):
    code = "time_order"


class BadChains(HeaderError):
    code = "bad_chains"


class ProcessNotAllowed(HeaderError):
    code = "process_not_allowed"


class CosignersNotAllowed(HeaderError):
    code = "cosigners_not_allowed"


@immutable
class Chain:
    """One subject that a statement advances: its place `seq` in the subject's chain and the custody hash before it."""

    subject: str
    role: str
    seq: int
    previous: str | None


@dataclass(frozen=True, slots=True)
class Cosigner:
    organisation: str
    key: str


@immutable
class Seen:
    """The newest checkpoint that the signer knew."""

    origin: str
    size: int
    root: str


@dataclass(frozen=True, slots=True)
class ProcessStep:
    step: str
    country: str


@immutable
class Statement:
    """A payload that obeys sections 1 to 3; `body` is the signed form, confidential fields still closed."""

    id: str
    kind: str
    issuer: str
    key: str
    cosigners: tuple[Cosigner, ...]
    occurred_from: datetime
    occurred_to: datetime
    issued_at: datetime
    seen: Seen
    chains: tuple[Chain, ...]
    process: tuple[ProcessStep, ...]
    content: Mapping[str, object]
    payload: bytes
    digest: str
    documents: int = 0  # how many stand in `evidence`

    @property
    def body(self) -> Mapping[str, object]:
        body = self.content["body"]
        return body if isinstance(body, dict) else {}

    def chain(self, subject: str) -> Chain | None:
        return next((chain for chain in self.chains if chain.subject == subject), None)

    def custody_hash(self, subject: str) -> str:
        """The custody hash of a subject after this statement."""
        chain = self.chain(subject)
        if chain is None:
            raise BadChains(f"This statement does not advance {subject}.")
        return custody_hash(subject, chain.seq, self.digest)


class Parts(TypedDict):
    """What a statement is built of; `body` and `evidence` are in their signed form."""

    id: str
    nonce: str
    kind: str
    issuer: str
    key: str
    occurred: tuple[datetime, datetime]
    utc_offset: str
    issued_at: datetime
    seen: Seen
    chains: Iterable[Chain]
    body: Mapping[str, object]
    cosigners: NotRequired[Iterable[Cosigner]]
    process: NotRequired[Iterable[ProcessStep]]
    evidence: NotRequired[list[object] | None]


def custody_hash(urn: str, seq: int, digest: str) -> str:
    """The custody hash of a subject after the statement `digest` at place `seq` (section 2)."""
    bare = digest.removeprefix("sha256:")
    text = f"lodestone-custody/1\n{urn}\n{seq}\n{bare}\n"
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def parse_statement(payload: bytes, disclosed: Disclosed = NOTHING_DISCLOSED) -> Statement:
    """The statement in these payload bytes; raises a RecordError that names the place of the first fault.

    `disclosed` holds the values of confidential fields that are known here, by digest; they are checked too.
    """
    return _checked(canonical.parse(payload), payload, disclosed)


def build_statement(**parts: Unpack[Parts]) -> Statement:
    """The statement of these parts, checked as `parse_statement` checks a payload of which nothing is disclosed.

    The payload is not parsed: within the profile, what canonical bytes say is what they were written from.
    """
    content = _content(parts)
    payload = canonical.encode(content)
    if len(payload) > canonical.MAX_BYTES:
        raise canonical.TooLarge(f"At most {canonical.MAX_BYTES} bytes are allowed here.")
    return _checked(content, payload, NOTHING_DISCLOSED)


def _checked(content: dict[str, object], payload: bytes, disclosed: Disclosed) -> Statement:
    if content.get("format") != FORMAT:
        raise UnknownFormat(f"The format is {str(content.get('format'))[:60]}, not {FORMAT}.", path="/format")
    HEADER.check({name: value for name, value in content.items() if name not in _BESIDE_HEADER}, "", disclosed)
    kind = kind_of(str(content["kind"]))
    _check_parts(kind, content, disclosed)
    found = _statement(content, payload)
    _check_times(found)
    _check_chains(kind, found)
    return found


def parse_header(payload: bytes) -> Statement:
    """The statement with nothing checked that depends on its kind or format: for those that this version does not know.

    Its place in chains and its signers can be checked all the same, where they stand as in version 1.
    """
    content = canonical.parse(payload)
    header = {name: value for name, value in content.items() if name not in _BESIDE_HEADER}
    HEADER.check(header | {"format": FORMAT}, "", NOTHING_DISCLOSED)
    if content.get("chains") != []:
        CHAINS.check(content.get("chains"), "/chains", NOTHING_DISCLOSED)
    found = _statement({"body": {}} | content, payload)
    _check_order(found)
    return found


def _check_parts(kind: Kind, content: Mapping[str, object], disclosed: Disclosed) -> None:
    if "body" not in content or "chains" not in content:
        raise HeaderError("A statement has chains and a body.", path="")
    if "process" in content:
        if not kind.process:
            raise ProcessNotAllowed(f"{kind.name} has no process.", path="/process")
        PROCESS.check(content["process"], "/process", disclosed)
    if "cosigners" in content and not kind.cosigned:
        raise CosignersNotAllowed(f"Nobody signs {kind.name} beside its issuer.", path="/cosigners")
    if content["chains"] != [] or kind.name != "log.heads":
        CHAINS.check(content["chains"], "/chains", disclosed)
    if "evidence" in content:
        EVIDENCE.check(content["evidence"], "/evidence", disclosed)
    kind.check(content["body"], "/body", disclosed)


def _statement(content: dict[str, object], payload: bytes) -> Statement:
    seen = _rows([content["seen"]])[0]
    return Statement(
        id=str(content["id"]),
        kind=str(content["kind"]),
        issuer=str(content["issuer"]),
        key=str(content["key"]),
        cosigners=tuple(Cosigner(str(row["organisation"]), str(row["key"])) for row in _rows(content.get("cosigners"))),
        occurred_from=moments.parse_moment(str(content["occurred_from"])),
        occurred_to=moments.parse_moment(str(content["occurred_to"])),
        issued_at=moments.parse_moment(str(content["issued_at"])),
        seen=Seen(str(seen["origin"]), int(str(seen["size"])), str(seen["root"])),
        chains=tuple(_chain(row) for row in _rows(content["chains"])),
        process=tuple(ProcessStep(str(row["step"]), str(row["country"])) for row in _rows(content.get("process"))),
        content=content,
        payload=payload,
        digest=identifiers.digest_of(payload),
        documents=len(_rows(content.get("evidence"))),
    )


def _rows(value: object) -> list[dict[str, object]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _chain(row: Mapping[str, object]) -> Chain:
    previous = row.get("previous")
    before = None if previous is None else str(previous)
    return Chain(str(row["subject"]), str(row["role"]), int(str(row["seq"])), before)


def _check_times(found: Statement) -> None:
    if not found.occurred_from <= found.occurred_to <= found.issued_at:
        raise TimeOrder("It must start before it ends, and end before it is signed.", path="/occurred_from")


def _check_order(found: Statement) -> None:
    subjects = [chain.subject for chain in found.chains]
    if subjects != sorted(set(subjects)):
        raise BadChains("Name each subject once, in ascending order.", path="/chains")
    for number, chain in enumerate(found.chains):
        if (chain.seq == 0) != (chain.previous is None):
            raise BadChains("previous is absent at seq 0 and present after it.", path=f"/chains/{number}/previous")


def _check_chains(kind: Kind, found: Statement) -> None:
    _check_order(found)
    subjects = [chain.subject for chain in found.chains]
    allowed = _allowed_roles(kind, found)
    if allowed.keys() != set(subjects):
        raise BadChains("Chains and body must name the same subjects.", path="/chains")
    for number, chain in enumerate(found.chains):
        if chain.role not in allowed[chain.subject]:
            raise BadChains(f"The role here is {' or '.join(allowed[chain.subject])}.", path=f"/chains/{number}/role")


def _allowed_roles(kind: Kind, found: Statement) -> Mapping[str, tuple[str, ...]]:
    if kind.subjects is not None:
        return kind.subjects(found.body)
    if kind.name.startswith("statement."):
        return {chain.subject: ("lot", "subject") for chain in found.chains}
    if len(found.chains) != 1:
        raise BadChains("This kind advances the organisation's chain and no other.", path="/chains")
    return {found.chains[0].subject: ("subject",)}


def build_payload(**parts: Unpack[Parts]) -> bytes:
    """The canonical payload bytes of a statement of these parts."""
    return canonical.encode(_content(parts))


def _content(parts: Parts) -> dict[str, object]:
    seen = parts["seen"]
    content: dict[str, object] = {
        "format": FORMAT,
        "id": parts["id"],
        "nonce": parts["nonce"],
        "kind": parts["kind"],
        "issuer": parts["issuer"],
        "key": parts["key"],
        "occurred_from": moments.format_moment(parts["occurred"][0]),
        "occurred_to": moments.format_moment(parts["occurred"][1]),
        "utc_offset": parts["utc_offset"],
        "issued_at": moments.format_moment(parts["issued_at"]),
        "seen": {"origin": seen.origin, "size": seen.size, "root": seen.root},
        "chains": [_chain_object(chain) for chain in sorted(parts["chains"], key=lambda chain: chain.subject)],
        "body": dict(parts["body"]),
    }
    if cosigners := tuple(parts.get("cosigners", ())):
        content["cosigners"] = [{"organisation": one.organisation, "key": one.key} for one in cosigners]
    if process := tuple(parts.get("process", ())):
        content["process"] = [{"step": one.step, "country": one.country} for one in process]
    if evidence := parts.get("evidence"):
        content["evidence"] = evidence
    return content


def _chain_object(chain: Chain) -> dict[str, object]:
    found: dict[str, object] = {"subject": chain.subject, "role": chain.role, "seq": chain.seq}
    return found if chain.previous is None else found | {"previous": chain.previous}
