"""Bitstring Status List 1.0: one bit per credential, compressed; read with a bound, so that no list can be a bomb."""

import gzip
import io
import zlib
from collections.abc import Iterable, Mapping
from typing import Any, Final

from traceability.ledger.errors import RecordError
from traceability.ledger.identifiers import b64url_decode, b64url_encode

ENTRIES: Final = 131_072
"""The least that the text allows, so that one credential hides among many."""
MOST_BYTES: Final = 2**20
TYPE: Final = "BitstringStatusList"
CREDENTIAL_TYPE: Final = "BitstringStatusListCredential"
ENTRY_TYPE: Final = "BitstringStatusListEntry"
ENDING: Final = ("revocation", "suspension")
"""The purposes whose bit says that a credential does not count."""


class StatusRetrieval(RecordError):
    """A status list that could not be fetched. What it says is then not known: the credential does not pass."""

    code = "status_retrieval"


class StatusVerification(RecordError):
    """A status list that is not signed, or not as its issuer signs."""

    code = "status_verification"


class StatusByStranger(RecordError):
    """A status list that somebody else than the issuer of the credential signed."""

    code = "status_by_stranger"


class StatusListLength(RecordError):
    """A status list with fewer or more entries than allowed."""

    code = "status_list_length"


class StatusRange(RecordError):
    """An index behind the end of the list."""

    code = "status_range"


class StatusMalformed(RecordError):
    """A status list or an entry that is not written as it has to be."""

    code = "status_malformed"


class StatusPurpose(RecordError):
    """A status list for another purpose than the entry names."""

    code = "status_purpose"


class StatusUnknown(RecordError):
    """A status of a type that is not read here."""

    code = "status_type_unknown"


def encode(indexes: Iterable[int], entries: int = ENTRIES) -> str:
    """The `encodedList` in which the bits with these indexes are set; the first bit is the leftmost."""
    bits = bytearray(entries // 8)
    for index in indexes:
        if not 0 <= index < entries:
            raise StatusRange(f"A list of {entries} entries has no entry {index}.")
        bits[index >> 3] |= 0x80 >> (index & 7)
    return "u" + b64url_encode(gzip.compress(bytes(bits), mtime=0))


def decode(text: object) -> bytes:
    """The bits of an `encodedList`, 16 KiB to 1 MiB of them."""
    if not isinstance(text, str) or not text.startswith("u") or len(text) > 2 * MOST_BYTES:
        raise StatusMalformed("An encodedList is multibase of base64url: it begins with u.", path="/encodedList")
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(b64url_decode(text[1:], path="/encodedList"))) as file:
            bits = file.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error):
        raise StatusMalformed("An encodedList is compressed with gzip.", path="/encodedList") from None
    if not ENTRIES // 8 <= len(bits) <= MOST_BYTES:
        raise StatusListLength(f"A list has from {ENTRIES} to {8 * MOST_BYTES} entries.", path="/encodedList")
    return bits


class Entry:
    """A `credentialStatus`: which bit of which list it is, and what that bit means."""

    def __init__(self, status: Mapping[str, Any]) -> None:
        if status.get("type") != ENTRY_TYPE:
            raise StatusUnknown("Only a BitstringStatusListEntry is read as status.", path="/credentialStatus/type")
        if status.get("statusSize", 1) != 1:
            raise StatusUnknown("Only a status of one bit is read.", path="/credentialStatus/statusSize")
        self.index = _index(status.get("statusListIndex"))
        self.purpose, self.list = str(status.get("statusPurpose")), str(status.get("statusListCredential"))
        if not self.list.startswith(("https://", "http://")) or "statusPurpose" not in status:
            raise StatusMalformed("A status names its purpose and the address of its list.",
                                  path="/credentialStatus")  # fmt: skip

    @property
    def ends(self) -> bool:
        """Whether its bit says that the credential does not count."""
        return self.purpose in ENDING

    def is_set(self, credential: Mapping[str, Any]) -> bool:
        """Whether the bit is set in this list, whose signature is checked elsewhere."""
        kinds, subject = credential.get("type"), credential.get("credentialSubject")
        if not isinstance(kinds, list) or CREDENTIAL_TYPE not in kinds or not isinstance(subject, Mapping):
            raise StatusMalformed("This is no status list.", path="/type")
        if subject.get("type") != TYPE:
            raise StatusMalformed("This is no status list.", path="/credentialSubject/type")
        purposes = subject.get("statusPurpose")
        if self.purpose not in (purposes if isinstance(purposes, list) else [purposes]):
            raise StatusPurpose("The list is for another purpose.", path="/credentialSubject/statusPurpose")
        bits = decode(subject.get("encodedList"))
        if self.index >= 8 * len(bits):
            raise StatusRange("The list ends before this entry.", path="/credentialStatus/statusListIndex")
        return bool(bits[self.index >> 3] & (0x80 >> (self.index & 7)))


def _index(value: object) -> int:
    """The index as text of base 10 (W3C) or as integer (UNTP 0.7.0); nothing that only looks like one."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    lean = isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 12
    if not lean or (value != "0" and str(value).startswith("0")):
        raise StatusMalformed("An index is a whole number in base 10.", path="/credentialStatus/statusListIndex")
    return int(str(value))
