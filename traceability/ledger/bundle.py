"""The audit bundle `*.custody.zip` (record-format.md sections 8 and 9, Bundle members): its members, writer and reader.

The reader proves that the file is the one bundle of its members, that each has a name and size that the format knows,
and that the manifest lists exactly them. What the members say is for the verifier.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from types import MappingProxyType
from typing import BinaryIO

from traceability.ledger import stored_zip
from traceability.ledger.bundle_readme import README
from traceability.ledger.closed import MAX_DISCLOSURE_BYTES
from traceability.ledger.envelope import MAX_ENVELOPE_BYTES
from traceability.ledger.errors import RecordError
from traceability.ledger.identifiers import check_digest, check_urn, digest_bytes
from traceability.ledger.stored_zip import Member

FORMAT = "lodestone-bundle/1"
MANIFEST_NAME = "manifest.json"
README_NAME = "README.txt"
INCLUSION_NAME = "proofs/inclusion.json"
HEADS_NAME = "heads/map.json"

_KIB, _MIB, _GIB = 1 << 10, 1 << 20, 1 << 30
_FREE_NAME = r"[a-z0-9](?:[a-z0-9._-]{0,118}[a-z0-9])?"
# Every kind of member, and its greatest size in bytes. None reaches 4 GiB, so no member needs zip64.
_KINDS: tuple[tuple[re.Pattern[str], int], ...] = tuple(
    (re.compile(pattern, re.ASCII), largest)
    for pattern, largest in (
        (r"statements/[0-9]{12}\.dsse\.json", MAX_ENVELOPE_BYTES),
        (r"disclosures/[A-Za-z0-9_-]{43}\.txt", MAX_DISCLOSURE_BYTES),
        (r"evidence/[0-9a-f]{64}", _GIB),
        (r"checkpoints/[0-9]{12}\.txt", 256 * _KIB),
        (r"consistency/(?:0|[1-9][0-9]{0,11})\.json", 64 * _KIB),
        (rf"declarations/{_FREE_NAME}", 64 * _MIB),
        (rf"factors/{_FREE_NAME}", 64 * _MIB),
        (r"tables/[0-9a-f]{64}\.json", 64 * _MIB),
        (re.escape(INCLUSION_NAME), 256 * _MIB),
        (re.escape(HEADS_NAME), 256 * _MIB),
        (re.escape(MANIFEST_NAME), 256 * _MIB),
        (re.escape(README_NAME), len(README)),
    )
)
_HEAD = re.compile(rb'\{"custody_hash":"(sha256:[0-9a-f]{64})","format":"lodestone-bundle/1","members":\[')
_TAIL = re.compile(rb'\],"target":"(urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"\}')
_HEAD_BYTES = 160
_TAIL_BYTES = len('],"target":"urn:uuid:00000000-0000-0000-0000-000000000000"}')


class BadMemberName(RecordError):
    """A name that the format does not know."""

    code = "bad_member_name"


class MissingMember(RecordError):
    """A bundle without a member that every bundle has, or a name asked for that it does not hold."""

    code = "missing_member"


class ManifestMismatch(RecordError):
    """A manifest that is not the one of the members."""

    code = "manifest_mismatch"


class ReadmeMismatch(RecordError):
    """A README.txt with another text than the one of the format."""

    code = "readme_mismatch"


class MemberChanged(RecordError):
    """A member that is no longer what it was when the bundle was read."""

    code = "member_changed"


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle whose zip structure, names and manifest have been checked; `custody_hash` is what the target claims."""

    target: str
    custody_hash: str
    members: Mapping[str, Member]
    _file: BinaryIO = field(repr=False)

    def read(self, name: str) -> bytes:
        """The content of a member, which is again compared with the hash that was checked."""
        member = self.members.get(name)
        if member is None:
            raise MissingMember("The bundle does not hold this member.", path=name)
        self._file.seek(member.start)
        content = self._file.read(member.size)
        if sha256(content).digest() != member.sha256:
            raise MemberChanged("The file changed while it was read.", path=name)
        return content

    def names(self, folder: str) -> tuple[str, ...]:
        """The names of the members in a folder such as `statements`, sorted."""
        return tuple(name for name in self.members if name.startswith(f"{folder}/"))


def statement_name(index: int) -> str:
    """The member that holds the statement at this index of the log."""
    return f"statements/{index:012d}.dsse.json"


def statement_index(name: str) -> int:
    """The index in the log of the statement that this member holds."""
    return int(name.removeprefix("statements/").removesuffix(".dsse.json"))


def disclosure_name(digest: str) -> str:
    """The member that holds the disclosure with this digest (base64url)."""
    return f"disclosures/{digest}.txt"


def evidence_name(digest: str) -> str:
    """The member that holds the document with this `sha256:` digest."""
    return f"evidence/{digest_bytes(digest).hex()}"


def checkpoint_name(size: int) -> str:
    """The member that holds the checkpoint of the tree of this size."""
    return f"checkpoints/{size:012d}.txt"


def consistency_name(size: int) -> str:
    """The member that proves that the tree of this size is the beginning of the bundle's tree."""
    return f"consistency/{size}.json"


def write_bundle(members: Mapping[str, bytes], *, target: str, custody_hash: str) -> Iterator[bytes]:
    """The bytes of the bundle of these members, in pieces; adds README.txt and manifest.json.

    Each value of `members` is read twice, once to be hashed and once to be written: a mapping that loads its values
    when asked keeps only one of them in memory.
    """
    names = sorted({*members, README_NAME})
    for name in members:
        if name in (README_NAME, MANIFEST_NAME):
            raise BadMemberName("README.txt and manifest.json are added by the writer.", path=name)
    hashes = {name: sha256(_checked(name, _content(members, name))).digest() for name in names}
    manifest = b"".join(_manifest(check_urn(target), check_digest(custody_hash), hashes))
    return stored_zip.write(
        (name, manifest if name == MANIFEST_NAME else _content(members, name))
        for name in sorted([*names, MANIFEST_NAME])
    )


def read_bundle(file: BinaryIO) -> Bundle:
    """The bundle in a file that can be read from any place; every byte of it is accounted for (section 8).

    Reads the file once from its beginning in bounded memory, then the manifest.
    """
    file.seek(0)
    members = {one.name: one for one in stored_zip.read(file, _largest)}
    for name in (README_NAME, MANIFEST_NAME):
        if name not in members:
            raise MissingMember(f"Every bundle holds {name}.", path=name)
    if members[README_NAME].sha256 != sha256(README).digest():
        raise ReadmeMismatch("README.txt has another text than the format says.", path=README_NAME)
    target, custody_hash = _demand_manifest(file, members)
    return Bundle(target, custody_hash, MappingProxyType(members), file)


def _largest(name: str) -> int:
    """The greatest size in bytes that a member of this name may have."""
    for pattern, largest in _KINDS:
        if pattern.fullmatch(name):
            return largest
    raise BadMemberName("A custody bundle has no member of this name.", path=name[:200])


def _content(members: Mapping[str, bytes], name: str) -> bytes:
    return README if name == README_NAME else members[name]


def _checked(name: str, content: bytes) -> bytes:
    if len(content) > _largest(name):
        raise stored_zip.MemberTooLarge("The member is larger than its kind may be.", path=name)
    return content


def _manifest(target: str, custody_hash: str, hashes: Mapping[str, bytes]) -> Iterator[bytes]:
    """The canonical bytes of the manifest: its head, one piece for each member in order, its tail."""
    yield f'{{"custody_hash":"{custody_hash}","format":"{FORMAT}","members":['.encode()
    separator = ""
    for name, digest in hashes.items():
        yield f'{separator}{{"name":"{name}","sha256":"sha256:{digest.hex()}"}}'.encode()
        separator = ","
    yield f'],"target":"{target}"}}'.encode()


def _demand_manifest(file: BinaryIO, members: Mapping[str, Member]) -> tuple[str, str]:
    """The target and its custody hash, from a manifest that lists exactly these members."""
    manifest = members[MANIFEST_NAME]
    head = _match(file, _HEAD, manifest.start)
    tail = _match(file, _TAIL, manifest.start + manifest.size - _TAIL_BYTES)
    file.seek(manifest.start)
    hashes = {name: member.sha256 for name, member in members.items() if name != MANIFEST_NAME}
    for name, piece in zip(("", *hashes, ""), _manifest(tail, head, hashes), strict=True):
        if file.read(len(piece)) != piece:
            raise ManifestMismatch("The manifest does not list this member as it is.", path=name or MANIFEST_NAME)
    if file.tell() != manifest.start + manifest.size:
        raise ManifestMismatch("The manifest lists more than the members of this bundle.", path=MANIFEST_NAME)
    return tail, head


def _match(file: BinaryIO, pattern: re.Pattern[bytes], position: int) -> str:
    """The value that the beginning or end of the manifest holds."""
    file.seek(position)
    found = pattern.match(file.read(_HEAD_BYTES))
    if found is None:
        raise ManifestMismatch("The manifest is not one of this format.", path=MANIFEST_NAME)
    return found[1].decode("ascii")
