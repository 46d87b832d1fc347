"""The one zip archive of given members (record-format.md section 8), and a reader that accepts no other.

Members are stored, sorted by the bytes of their names, dated 1980-01-01 00:00, with the UTF-8 flag and without extra
fields or comments; the records of zip64 (APPNOTE.TXT 6.3.10 section 4.3) stand only where a number does not fit.
The reader goes once from the first byte to the last in bounded memory and rebuilds every header it meets.
"""

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from typing import BinaryIO

from traceability.ledger.errors import RecordError
from traceability.ledger.immutable import immutable

MAX_MEMBERS = 1_000_000
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_ZIP64_OFFSET = struct.Struct("<HHQ")
_ZIP64_END = struct.Struct("<4sQHHIIQQQQ")
_ZIP64_LOCATOR = struct.Struct("<4sIQI")
_END = struct.Struct("<4sHHHHIIH")
_LOCAL_SIGNATURE = b"PK\x03\x04"
_VERSION = 20
_ZIP64_VERSION = 45
_UTF8 = 0x0800
_STORED = 0
_MIDNIGHT = 0
_FIRST_OF_JANUARY_1980 = 1 << 5 | 1
_MAX_16 = 0xFFFF
_MAX_32 = 0xFFFFFFFF
_CHUNK_BYTES = 1 << 16


class NotAnArchive(RecordError):
    """A file that does not begin as an archive of ours."""

    code = "not_an_archive"


class ArchiveTruncated(RecordError):
    """A file that ends before its archive does."""

    code = "archive_truncated"


class ArchiveNotCanonical(RecordError):
    """A header that differs from the one that the members demand."""

    code = "archive_not_canonical"


class MembersNotSorted(RecordError):
    """A member that stands twice or before a smaller name."""

    code = "members_not_sorted"


class MemberDamaged(RecordError):
    """A member whose bytes do not have the check sum of its header."""

    code = "member_damaged"


class MemberTooLarge(RecordError):
    """A member of more bytes than its kind may have."""

    code = "member_too_large"


class TooManyMembers(RecordError):
    """An archive of more members than a bundle may have."""

    code = "too_many_members"


class SpareBytes(RecordError):
    """Bytes after the end of the archive."""

    code = "spare_bytes"


@immutable
class Member:
    """One member as it was read or written: `start` is where its content begins in the file, in bytes."""

    name: str
    size: int
    crc: int
    sha256: bytes
    start: int


def write(members: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """The bytes of the archive in pieces; the members come sorted by the bytes of their names."""
    written: list[Member] = []
    position = 0
    for name, content in members:
        crc = zlib.crc32(content)
        header = _local_header(name, len(content), crc)
        start = position + len(header)
        written.append(Member(name, len(content), crc, sha256(content).digest(), start))
        _check_order(written)
        yield header
        yield content
        position = start + len(content)
    yield from _directory(written, position)


def read(file: BinaryIO, largest: Callable[[str], int]) -> Iterator[Member]:
    """Each member once its bytes are checked; exhausted, every byte of the file is accounted for.

    `largest` gives the greatest size in bytes of a member by its name, and refuses a name that it does not know.
    """
    seen: list[Member] = []
    position = 0
    while (signature := file.read(4)) == _LOCAL_SIGNATURE:
        member = _read_member(file, position, largest)
        seen.append(member)
        _check_order(seen)
        yield member
        position = member.start + member.size
    if not seen:
        raise NotAnArchive("This is no custody bundle: it does not begin with a member.")
    _demand_directory(file, signature, _directory(seen, position))


def _read_member(file: BinaryIO, position: int, largest: Callable[[str], int]) -> Member:
    """The member whose header begins at `position`; the signature has been read."""
    header = _LOCAL_SIGNATURE + _exactly(file, _LOCAL.size - 4)
    *_, crc, _, size, name_length, _ = _LOCAL.unpack(header)
    encoded = _exactly(file, name_length)
    name = encoded.decode("ascii", "backslashreplace")
    if size > largest(name):
        raise MemberTooLarge("The member is larger than its kind may be.", path=name)
    if header + encoded != _local_header(name, size, crc):
        raise ArchiveNotCanonical(
            "The header of the member is not the one that its name and content demand.", path=name
        )
    digest, found_crc = sha256(), 0
    for chunk in _chunks(file, size):
        digest.update(chunk)
        found_crc = zlib.crc32(chunk, found_crc)
    if found_crc != crc:
        raise MemberDamaged("The member is damaged: its bytes and its check sum do not agree.", path=name)
    return Member(name, size, crc, digest.digest(), position + len(header) + len(encoded))


def _check_order(members: list[Member]) -> None:
    """Refuses the newest member where it does not follow the one before; names are ASCII."""
    if len(members) > MAX_MEMBERS:
        raise TooManyMembers(f"A bundle has at most {MAX_MEMBERS} members.")
    if len(members) > 1 and members[-2].name >= members[-1].name:
        raise MembersNotSorted("Members stand once each, sorted by name.", path=members[-1].name)


def _local_header(name: str, size: int, crc: int) -> bytes:
    encoded = name.encode("ascii")
    fixed = (_VERSION, _UTF8, _STORED, _MIDNIGHT, _FIRST_OF_JANUARY_1980)
    return _LOCAL.pack(_LOCAL_SIGNATURE, *fixed, crc, size, size, len(encoded), 0) + encoded


def _central_header(name: str, size: int, crc: int, header_at: int) -> bytes:
    encoded = name.encode("ascii")
    extra = b"" if header_at < _MAX_32 else _ZIP64_OFFSET.pack(1, 8, header_at)
    version = _ZIP64_VERSION if extra else _VERSION
    fixed = (version, version, _UTF8, _STORED, _MIDNIGHT, _FIRST_OF_JANUARY_1980)
    lengths = (len(encoded), len(extra), 0)
    header = _CENTRAL.pack(b"PK\x01\x02", *fixed, crc, size, size, *lengths, 0, 0, 0, min(header_at, _MAX_32))
    return header + encoded + extra


def _directory(members: list[Member], start: int) -> Iterator[bytes]:
    """The central directory, which begins at byte `start`, and the records after it."""
    size = 0
    for one in members:
        header_at = one.start - len(one.name) - _LOCAL.size
        header = _central_header(one.name, one.size, one.crc, header_at)
        size += len(header)
        yield header
    yield _end_records(len(members), size, start)


def _end_records(count: int, size: int, start: int) -> bytes:
    """The end of an archive of `count` members whose central directory has `size` bytes from byte `start` on."""
    end = _END.pack(
        b"PK\x05\x06", 0, 0, min(count, _MAX_16), min(count, _MAX_16), min(size, _MAX_32), min(start, _MAX_32), 0
    )
    if count < _MAX_16 and size < _MAX_32 and start < _MAX_32:
        return end
    version = (_ZIP64_VERSION, _ZIP64_VERSION)
    zip64 = _ZIP64_END.pack(b"PK\x06\x06", _ZIP64_END.size - 12, *version, 0, 0, count, count, size, start)
    return zip64 + _ZIP64_LOCATOR.pack(b"PK\x06\x07", 0, start + size, 1) + end


def _demand_directory(file: BinaryIO, begun: bytes, directory: Iterator[bytes]) -> None:
    """Refuses a file whose rest, of which `begun` has been read, is not the directory."""
    for wanted in directory:
        if begun + _exactly(file, len(wanted) - len(begun)) != wanted:
            raise ArchiveNotCanonical("The directory of the archive is not the one that its members demand.")
        begun = b""
    if file.read(1):
        raise SpareBytes("Bytes follow the end of the archive.")


def _exactly(file: BinaryIO, size: int) -> bytes:
    found = file.read(min(size, _CHUNK_BYTES))
    return found if len(found) == size else found + b"".join(_chunks(file, size - len(found)))


def _chunks(file: BinaryIO, size: int) -> Iterator[bytes]:
    """The next `size` bytes of the file, in pieces that are safe to hold."""
    while size:
        chunk = file.read(min(size, _CHUNK_BYTES))
        if not chunk:
            raise ArchiveTruncated("The file ends too early: it was not copied whole.")
        yield chunk
        size -= len(chunk)
