"""The statements of a bundle: envelopes, headers, kinds, disclosures, signatures and leaves (sections 1 to 4).

Every statement is read once, in log order, and its payload is let go: a bundle of many thousands fits in memory.
A key is named by the hash of its bytes, so a signature is checked here whoever the key belongs to; who may sign for
whom is decided in the replay.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256

from traceability.acceptance.imports import KIND as IMPORT
from traceability.acceptance.world import Body
from traceability.ledger import canonical, closed, envelope, identifiers, merkle, signing
from traceability.ledger.bundle import Bundle, disclosure_name, statement_index
from traceability.ledger.closed import Disclosure
from traceability.ledger.envelope import Envelope, WrongSigners
from traceability.ledger.errors import RecordError
from traceability.ledger.keys import KEY_KINDS
from traceability.ledger.kinds import UnknownKind
from traceability.ledger.statement import Statement, UnknownFormat, parse_header, parse_statement
from traceability.verifier.facts import Entry, Facts, Topic, incomplete, invalid

OFFERED = ("public_key", "recovery_public_key")
_DIGEST = re.compile(rb'"([A-Za-z0-9_-]{43})"')


def disclosures_of(bundle: Bundle, payload: bytes) -> dict[str, Disclosure]:
    """The disclosures in the bundle of everything in a payload that looks like a digest of one."""
    found: dict[str, Disclosure] = {}
    for written in _DIGEST.findall(payload):
        digest = written.decode("ascii")
        name = disclosure_name(digest)
        if name in bundle.members:
            found[digest] = _disclosure(bundle, name, digest)
    return found


def _disclosure(bundle: Bundle, name: str, digest: str) -> Disclosure:
    one = closed.parse_disclosure(bundle.read(name).decode("ascii", "replace"))
    if one.digest != digest:
        raise closed.DisclosureMismatch("The disclosure has another digest than its name says.", path=f" {name}")
    return one


def read_statements(facts: Facts) -> None:
    """Reads every statement of the bundle; what cannot be read stays without an entry, with a finding."""
    reading = _Reading(facts)
    for name in facts.bundle.names("statements"):
        reading.take(statement_index(name), name)
    facts.count("signatures", reading.signatures)


class _Reading:
    """One walk over the statements in log order."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.public_keys: dict[str, bytes] = {}
        self.ids: dict[tuple[str, str], int] = {}
        self.signatures = 0

    def take(self, index: int, name: str) -> None:
        """Read the statement at an index."""
        try:
            sealed = envelope.parse_envelope(self.facts.bundle.read(name))
        except RecordError as error:
            self.facts.used.add(name)
            return self.facts.fail(Topic.SIGNATURES, error, name)
        self.facts.leaves[index] = leaf_of(sealed)
        try:
            entry, digests = _read(self.facts.bundle, index, name, sealed.payload)
        except RecordError as error:
            self.facts.used.add(name)
            return self.facts.fail(Topic.CHAINS, error, name)
        if not entry.known:
            sentence = f"This version does not know {entry.statement.kind or 'the format'}. Use a newer verifier."
            self.facts.say(Topic.CHAINS, incomplete("unknown_kind", name, sentence))
        self._check_digests(entry, digests)
        self._check_id(entry)
        self._check_signatures(entry, sealed)
        entry.statement = _lean(entry.statement, entry.body)
        self.facts.entries[index] = self.facts.by_digest[entry.statement.digest] = entry
        return None

    def _check_digests(self, entry: Entry, digests: Mapping[str, str]) -> None:
        """A digest occurs once in a log; a correction keeps those of the fields that it does not change (section 3)."""
        first = self.facts.closed_at
        again = {digest for digest in digests.values() if first.setdefault(digest, entry.index) != entry.index}
        if not again:
            return
        before = self._places_before(entry)
        for place, digest in digests.items():
            if digest in again and before.get(place.replace("/body/as/", "/", 1)) != digest:
                sentence = "The digest of a confidential value stands in another statement too: it was copied."
                self.facts.say(Topic.WITHHELD, invalid("digest_twice", entry.name + place, sentence))

    def _places_before(self, entry: Entry) -> Mapping[str, str]:
        """The confidential places of the version that a correction replaces, read as its payload."""
        version = self.facts.by_digest.get(str(entry.statement.body.get("newest")))
        if entry.statement.kind != "statement.correct" or version is None:
            return {}
        payload = envelope.parse_envelope(self.facts.bundle.read(version.name)).payload
        places = closed.closed_digests(canonical.parse(payload))
        return {place.replace("/body/as/", "/", 1): digest for place, digest in places.items()}

    def _check_id(self, entry: Entry) -> None:
        first = self.ids.setdefault((entry.statement.issuer, entry.statement.id), entry.index)
        if first != entry.index:
            sentence = f"The issuer used this id before, at index {first}: one of the two was never accepted."
            self.facts.say(Topic.CHAINS, invalid("id_taken", entry.name, sentence))

    def _check_signatures(self, entry: Entry, sealed: Envelope) -> None:
        """Every signature is the one of its key, and the keys are those that the header names (section 4)."""
        statement = entry.statement
        if entry.known and (statement.kind in KEY_KINDS or statement.kind == IMPORT):
            self._learn(statement.body)
        message = envelope.pae(sealed.payload)
        try:
            if [one.keyid for one in sealed.signatures] != [statement.key, *(one.key for one in statement.cosigners)]:
                raise WrongSigners("The signatures are not those of the keys that the statement names.")
            for one in sealed.signatures:
                public_key = self.public_keys.get(one.keyid)
                if public_key is None:
                    return None  # the replay says what is wrong with a key that nobody registered
                signing.verify(public_key, message, one.sig)
                self.signatures += 1
        except RecordError as error:
            return self.facts.fail(Topic.SIGNATURES, error, entry.name)
        entry.signed = True
        return None

    def _learn(self, body: Mapping[str, object]) -> None:
        for name in OFFERED:
            offered = body.get(name)
            if isinstance(offered, str):
                public_key = identifiers.b64url_decode(offered)
                self.public_keys[signing.key_id(public_key)] = public_key


def leaf_of(sealed: Envelope) -> bytes:
    """The leaf hash of an envelope; a key id is the hash of its key, so the key itself is not needed (section 4)."""
    signatures = sha256(b"".join(one.sig for one in sealed.signatures)).digest()
    key = identifiers.digest_bytes(sealed.signatures[0].keyid)
    return merkle.leaf_hash(sha256(sealed.payload).digest() + key + signatures)


def _read(bundle: Bundle, index: int, name: str, payload: bytes) -> tuple[Entry, Mapping[str, str]]:
    """The statement at an index, and the digest at each of its confidential places."""
    disclosures = disclosures_of(bundle, payload)
    values = {digest: one.value for digest, one in disclosures.items()}
    known = True
    try:
        statement = parse_statement(payload, values)
    except (UnknownKind, UnknownFormat):
        statement, known = parse_header(payload), False
    opened, withheld, digests = closed.open_places(statement.content, disclosures)
    body = opened["body"]
    entry = Entry(
        index,
        name,
        statement,
        body if isinstance(body, dict) else {},
        withheld=withheld,
        documents=_documents(opened),
        disclosed=values if statement.kind == "statement.correct" else {},
        known=known,
    )
    return entry, digests


def _lean(statement: Statement, opened: Body) -> Statement:
    """The statement without its payload; the body in the opened form will do for all but corrections.

    Rules of open fields look at open fields alone, and those are the same in both forms.
    """
    kept = statement.body if statement.kind == "statement.correct" else opened
    return replace(statement, payload=b"", content={"body": kept})


def _documents(opened: Mapping[str, object]) -> tuple[Mapping[str, object], ...]:
    """The rows of documents that are disclosed, of a statement or of what a correction claims."""
    body = opened.get("body")
    claim = body.get("as") if isinstance(body, dict) else None
    rows = [opened.get("evidence"), claim.get("evidence") if isinstance(claim, dict) else None]
    return tuple(row for some in rows if isinstance(some, list) for row in some if isinstance(row, dict))
