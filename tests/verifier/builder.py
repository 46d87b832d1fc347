"""A whole log in memory: real keys, real tree, real notes, no database. It logs whatever it is told, rules or not."""

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from tests.ledger.log_keys import note_signer
from traceability.acceptance.versions import corrected_body
from traceability.ledger import bundle, canonical, closed, envelope, identifiers, merkle, signing, tiles
from traceability.ledger.checkpoint import Checkpoint, sign_checkpoint
from traceability.ledger.headsmap import HeadsMap, MemoryStore
from traceability.ledger.headsproof import Head
from traceability.ledger.kinds import KINDS
from traceability.ledger.merkle import TreeHead
from traceability.ledger.notes import ED25519, ED25519_COSIGNATURE, MLDSA44_COSIGNATURE
from traceability.ledger.policy import parse_policy
from traceability.ledger.shapes import Marking, marking_at
from traceability.ledger.statement import Chain, Cosigner, ProcessStep, Seen, build_payload, custody_hash
from traceability.verifier.checks import all_checks, run_file
from traceability.verifier.report import Asked
from traceability.verifier.trust import Trust

ORIGIN = "log.example/lodestone"
START = datetime(2026, 11, 2, 8, tzinfo=UTC)


def urn(name: str) -> str:
    """A urn that is the same for the same name in every run."""
    digits = sha256(name.encode()).hexdigest()
    return f"urn:uuid:{digits[:8]}-{digits[8:12]}-7{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"


def signer(name: str) -> signing.KeySigner:
    return signing.KeySigner(sha256(f"key of {name}".encode()).digest())


@dataclass
class Party:
    """An organisation and the key that signs for it now."""

    name: str
    key: signing.KeySigner

    @property
    def urn(self) -> str:
        return urn(self.name)

    @property
    def key_id(self) -> str:
        return signing.key_id(self.key.public_key)


@dataclass
class Said:
    """A leaf of the log."""

    index: int
    payload: bytes
    envelope: bytes
    disclosures: dict[str, str] = field(default_factory=dict)  # digest to text
    places: dict[str, str] = field(default_factory=dict)  # place to digest
    subjects: tuple[str, ...] = ()
    kind: str = ""

    @property
    def digest(self) -> str:
        return identifiers.digest_of(self.payload)

    @property
    def name(self) -> str:
        return bundle.statement_name(self.index)


class Log:
    """The log of one operator, who is registered first."""

    def __init__(self, origin: str = ORIGIN, seed: str = "") -> None:
        self.origin, self.seed = origin, seed
        self.signers = [
            note_signer(origin, ED25519, seed),
            note_signer(origin, MLDSA44_COSIGNATURE, seed),
            note_signer(f"{origin}/time", ED25519_COSIGNATURE, seed),
        ]
        self.now = START
        self.said: list[Said] = []
        self.leaves: list[bytes] = []
        self.heads: dict[str, Head] = {}
        self.made: dict[str, str] = {}  # subject to the digest of its newest statement
        self.checkpoints: dict[int, bytes] = {}
        self.seen = Seen(origin, 0, f"sha256:{merkle.EMPTY_ROOT.hex()}")
        self.count = 0
        self.outside: set[str] = set()  # lots that a bundle has nothing to do with
        self.operator = self.register("operator", roles=["operator"])

    # What is said

    def register(self, name: str, *, roles: Iterable[str] = ("supplier",), custody: str = "platform",
                 recovery: signing.KeySigner | None = None, key: signing.KeySigner | None = None,
                 **more: object) -> Party:  # fmt: skip
        party = Party(name, key or signer(self.seed + name))
        body: dict[str, object] = {"public_key": identifiers.b64url_encode(party.key.public_key), "custody": custody,
                                   "roles": list(roles), "country": "DE", "name": name, **more}  # fmt: skip
        cosigners = []
        if recovery is not None:
            body["recovery_public_key"] = identifiers.b64url_encode(recovery.public_key)
            cosigners = [(party, recovery)]
        self.say(party, "organisation.register", body, subject=party.urn, cosigned=cosigners)
        return party

    def say(
        self,
        party: Party,
        kind: str,
        body: Mapping[str, object],
        *,
        subject: str = "",
        process: Iterable[tuple[str, str]] = (),
        partial: Iterable[str] = (),
        cosigned: Iterable[tuple[Party, signing.KeySigner]] = (),
        occurred: datetime | None = None,
        issued: datetime | None = None,
        seen: Seen | None = None,
        key: signing.KeySigner | None = None,
        links: Mapping[str, tuple[int, str | None]] | None = None,
        open_all: bool = False,
        salts: Mapping[str, bytes] | None = None,
        keep: Said | None = None,
        evidence: list[dict[str, object]] | None = None,
        counts: bool = True,
        tamper=lambda content: content,
        id: str = "",
    ) -> Said:
        """Signs and logs a statement; `partial` lots are drawn as `input`; `counts` False: no head, as of an error."""
        self.now += timedelta(minutes=1)
        moment = occurred or self.now
        content = {"body": dict(body)} | ({"evidence": evidence} if evidence else {})
        plan = (lambda place: False) if open_all else self._plan(kind, body)
        signed, disclosures = closed.close_fields(content, plan, self._salts(), kept=self._kept(keep))
        chains = [self._chain(one, role, links or {}) for one, role in self._roles(kind, body, subject, set(partial))]
        signers = [key or party.key, *(one for _, one in cosigned)]
        payload = build_payload(
            id=id or urn(f"{self.seed} statement {self._next()}"),
            nonce=identifiers.b64url_encode(self._random()),
            kind=kind,
            issuer=party.urn,
            key=signing.key_id(signers[0].public_key),
            occurred=(moment, moment),
            utc_offset="+00:00",
            issued_at=issued or max(self.now, moment),
            seen=seen or self.seen,
            chains=chains,
            body=signed["body"],
            cosigners=[Cosigner(one.urn, signing.key_id(key.public_key)) for one, key in cosigned],
            process=[ProcessStep(*step) for step in process],
            evidence=signed.get("evidence"),
        )
        places = closed.closed_digests(json.loads(payload))
        payload = canonical.encode(tamper(json.loads(payload)))
        found = self.log(envelope.encode_envelope(envelope.seal(payload, signers)), kind, counts=counts)
        found.disclosures = {one.digest: one.text for one in disclosures}
        found.places = places
        return found

    def log(self, written: bytes, kind: str = "", *, counts: bool = True) -> Said:
        """Appends an envelope as it is."""
        sealed = envelope.parse_envelope(written)
        content = json.loads(sealed.payload)
        found = Said(len(self.leaves), sealed.payload, written, kind=kind or content["kind"])
        found.subjects = tuple(chain["subject"] for chain in content["chains"])
        key = identifiers.digest_bytes(sealed.signatures[0].keyid)
        signatures = sha256(b"".join(one.sig for one in sealed.signatures)).digest()
        self.leaves.append(merkle.leaf_hash(sha256(sealed.payload).digest() + key + signatures))
        self.said.append(found)
        for chain in content["chains"] if counts else ():
            after = custody_hash(chain["subject"], chain["seq"], found.digest)
            self.heads[chain["subject"]] = Head(chain["seq"] + 1, after)
            self.made[chain["subject"]] = found.digest
        return found

    def commit(self, *, heads: Mapping[str, Head] | None = None, by: Party | None = None,
               key: signing.KeySigner | None = None, size: int | None = None, time: datetime | None = None,
               witnesses: Iterable[object] = (), signers: list[object] | None = None) -> bytes:  # fmt: skip
        """The heads of all chains as the last leaf, and the checkpoint over everything, one hour later."""
        root = HeadsMap(MemoryStore()).update(self.heads if heads is None else heads)
        self.say(
            by or self.operator,
            "log.heads",
            {"size": len(self.leaves) if size is None else size, "root": f"sha256:{root.hex()}"},
            key=key,
        )
        self.now = max(self.now, time or self.now)
        return self.sign(witnesses=witnesses, signers=signers)

    def sign(self, *, witnesses: Iterable[object] = (), signers: list[object] | None = None) -> bytes:
        """The checkpoint over the tree as it is."""
        head = TreeHead(len(self.leaves), merkle.root_of(self.leaves))
        time = int(self.now.timestamp())
        note = sign_checkpoint(Checkpoint(self.origin, head), [*(signers or self.signers), *witnesses], time=time)
        self.checkpoints[head.size] = note
        self.seen = Seen(self.origin, head.size, f"sha256:{head.root.hex()}")
        return note

    # Bundles

    def carriable(self) -> list[Said]:
        """Every statement but the heads that are not the last leaf."""
        return [one for one in self.said if one.kind != "log.heads" or one is self.said[-1]]

    def pass_by(self, count: int) -> None:
        """Logs so many leaves of others."""
        self.leaves += [sha256(f"leaf of others {len(self.leaves)} {n}".encode()).digest() for n in range(count)]

    def members(
        self,
        target: str = "",
        *,
        without: Iterable[Said] = (),
        hidden: Iterable[str] = (),
        subjects: Iterable[str] | None = None,
        heads: Mapping[str, Head] | None = None,
    ) -> dict[str, bytes]:
        """The members of the bundle of the newest checkpoint; `hidden` are digests whose disclosures are withheld."""
        size = max(self.checkpoints)
        left_out = {one.index for one in without}
        carried = [one for one in self.carriable() if one.index not in left_out and one.index < size]
        read = tiles.subtree_reader(size, tiles.grow(0, self.leaves[:size], lambda _: b"").__getitem__)
        found = {one.name: one.envelope for one in carried}
        found |= {
            bundle.disclosure_name(digest): text.encode()
            for one in carried
            for digest, text in one.disclosures.items()
            if digest not in set(hidden)
        }
        proof = merkle.make_multiproof(size, [one.index for one in carried], read)
        found[bundle.INCLUSION_NAME] = canonical.encode(proof.to_value())
        heads_map = HeadsMap(MemoryStore())
        heads_map.update(self.heads if heads is None else heads)
        proved = {one for said in carried for one in said.subjects} - self.outside if subjects is None else subjects
        found[bundle.HEADS_NAME] = canonical.encode(heads_map.prove_all(proved).to_value())
        found |= self._states(carried, size, read)
        return found

    def _states(self, carried: list[Said], size: int, read) -> dict[str, bytes]:
        """THE checkpoint, the first one over each statement, and what shows that earlier trees are its beginning."""
        sizes = sorted(self.checkpoints)
        first = {min(one for one in sizes if one > said.index) for said in carried} | {size}
        seen = {json.loads(said.payload)["seen"]["size"] for said in carried}
        found = {bundle.checkpoint_name(one): self.checkpoints[one] for one in first if one <= size}
        for old in sorted(one for one in seen | first if 0 < one < size):
            path = merkle.consistency_path(old, size, read)
            found[bundle.consistency_name(old)] = canonical.encode(
                {"hashes": [identifiers.b64url_encode(each) for each in path]}
            )
        return found

    def policy(self, *, witnesses: Iterable[object] = (), ml: bool = True, time: bool = True, quorum: str = "none"):
        """The policy of a reader who knows the keys of this log."""
        logs = [self.signers[0].key, *([self.signers[1].key] if ml else [])]
        lines = [f"log {key}" for key in logs]
        lines += [f"witness time {self.signers[2].key}"] if time else []
        lines += [f"witness w{n} {one.key}" for n, one in enumerate(witnesses)]
        return parse_policy("\n".join([*lines, f"quorum {quorum}", ""]).encode())

    # Small things

    def _roles(self, kind: str, body: Mapping[str, object], subject: str, partial: set[str]):
        subjects = KINDS[kind].subjects if kind in KINDS else None
        if subject:
            yield subject, "subject"
            return
        if subjects is not None:
            for one, roles in subjects(body).items():
                yield one, roles[0] if len(roles) == 1 or one in partial else "input_rest"
            return
        named = body["replaces"] if kind == "statement.correct" else body["voids"]
        original = next(one for one in self.said if one.digest == named)
        for chain in json.loads(original.payload)["chains"]:
            yield chain["subject"], "subject" if chain["role"] == "subject" else "lot"

    def _chain(self, subject: str, role: str, links: Mapping[str, tuple[int, str | None]]) -> Chain:
        if subject in links:
            return Chain(subject, role, *links[subject])
        head = self.heads.get(subject)
        return Chain(subject, role, 0, None) if head is None else Chain(subject, role, head.count, head.custody_hash)

    def _plan(self, kind: str, body: Mapping[str, object]):
        shape, start = KINDS[kind].body if kind in KINDS else None, "/body"
        if kind == "statement.correct":
            original = next(one for one in self.said if one.digest == body["replaces"])
            shape, start = KINDS[original.kind].body, "/body/as/body"
            assert corrected_body(body)
        if shape is None:
            return lambda place: False

        def closes(place: str) -> bool:
            if place.startswith("/evidence/"):
                return place.count("/") == 2
            inner = place.removeprefix(start)
            return place.startswith(f"{start}/") and marking_at(shape, inner) is Marking.CLOSABLE

        return closes

    def _kept(self, said: Said | None) -> Mapping[str, closed.Disclosure]:
        if said is None:
            return {}
        read = {place.replace("/body/as/", "/", 1): said.disclosures[one] for place, one in said.places.items()}
        return {f"/body/as{place}": closed.parse_disclosure(text) for place, text in read.items()}

    def _salts(self):
        while True:
            yield self._random()

    def _random(self) -> bytes:
        return sha256(f"{self.seed} random {self._next()}".encode()).digest()[:16]

    def _next(self) -> int:
        self.count += 1
        return self.count


def pack(members: Mapping[str, bytes], target: str, custody: str) -> bytes:
    """The bundle of these members, with a manifest that fits: as an attacker would write it."""
    return b"".join(bundle.write_bundle(members, target=target, custody_hash=custody))


def verify(
    content: bytes,
    trust: Trust | None,
    policy,
    *,
    at: datetime | None = None,
    expect: str | None = None,
    checks=all_checks(),  # noqa: B008 (a tuple)
):
    """The report on a bundle."""
    return run_file(io.BytesIO(content), trust, policy, asked=Asked(at, expect), checks=checks)


def codes(report) -> set[str]:
    """The codes of all findings that are more than notes."""
    return {one.code for one in report.findings() if one.level}
