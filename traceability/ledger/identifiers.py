"""Names of the record: subjects, digests and binary values as text (record-format.md section 1)."""

import binascii
import hashlib
import re

from traceability.ledger.errors import RecordError

_URN = re.compile(r"urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_URN_7 = re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.ASCII)
_TO_URL = bytes.maketrans(b"+/", b"-_")
_FROM_URL = bytes.maketrans(b"-_+/=", b"+/???")  # what has no place in base64url becomes what has none in base64
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}", re.ASCII)


class BadUrn(RecordError):
    """The text is no lower-case `urn:uuid:`."""

    code = "bad_urn"


class BadDigest(RecordError):
    """The text is no `sha256:` with 64 lower-case hexadecimal digits."""

    code = "bad_digest"


class BadBase64(RecordError):
    """The text is not the one base64 writing of any bytes."""

    code = "bad_base64"


def is_urn(text: object) -> bool:
    """Whether the text is `urn:uuid:` with a lower-case UUID of any version."""
    return isinstance(text, str) and _URN.fullmatch(text) is not None


def is_new_urn(text: object) -> bool:
    """Whether the text is `urn:uuid:` with a UUID of version 7, as every new id must be (RFC 9562 section 5.7)."""
    return isinstance(text, str) and _URN_7.fullmatch(text) is not None


def is_digest(text: object) -> bool:
    """Whether the text is `sha256:` with 64 lower-case hexadecimal digits."""
    return isinstance(text, str) and _DIGEST.fullmatch(text) is not None


def check_urn(text: object, *, path: str = "") -> str:
    """The urn itself."""
    if isinstance(text, str) and is_urn(text):
        return text
    raise BadUrn("Write the name as urn:uuid: with a lower-case UUID.", path=path)


def check_digest(text: object, *, path: str = "") -> str:
    """The digest itself."""
    if isinstance(text, str) and is_digest(text):
        return text
    raise BadDigest("Write the digest as sha256: with 64 lower-case hexadecimal digits.", path=path)


def new_urn(now_ms: int, random_10_bytes: bytes) -> str:
    """A `urn:uuid:` of version 7 from Unix milliseconds and 74 of 80 random bits (RFC 9562 section 5.7)."""
    if not 0 <= now_ms < 1 << 48 or len(random_10_bytes) != 10:
        raise BadUrn("A new name needs Unix milliseconds below 2^48 and 10 random bytes.")
    bits = now_ms << 80 | int.from_bytes(random_10_bytes)
    bits = bits & ~(0xF << 76) | 0x7 << 76
    bits = bits & ~(0x3 << 62) | 0x2 << 62
    text = f"{bits:032x}"
    return f"urn:uuid:{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def digest_of(content: bytes) -> str:
    """The SHA-256 of the bytes as `sha256:` + hexadecimal."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def digest_bytes(digest: str) -> bytes:
    """The 32 bytes of a `sha256:` digest."""
    return bytes.fromhex(check_digest(digest)[7:])


def b64url_encode(content: bytes) -> str:
    """Base64url without padding (RFC 4648 section 5)."""
    return binascii.b2a_base64(content, newline=False).translate(_TO_URL, b"=").decode("ascii")


def b64url_decode(text: object, *, size: int | None = None, path: str = "") -> bytes:
    """The bytes of unpadded base64url, of `size` bytes where given; encoding them again gives the same text."""
    if isinstance(text, str) and text.isascii():
        content = _decoded(text.encode("ascii").translate(_FROM_URL) + b"==="[: -len(text) % 4])
        if content is not None and size in (None, len(content)):
            return content
    wanted = "" if size is None else f" of {size} bytes"
    raise BadBase64(f"This is not the one base64url text without padding{wanted}.", path=path)


def b64_encode(content: bytes) -> str:
    """Standard base64 with padding (RFC 4648 section 4)."""
    return binascii.b2a_base64(content, newline=False).decode("ascii")


def b64_decode(text: str | bytes, *, path: str = "") -> bytes:
    """The bytes of standard base64 with padding; encoding them again gives the same text."""
    content = _decoded(text.encode("utf-8", "replace") if isinstance(text, str) else text)
    if content is None:
        raise BadBase64("This is not the one standard base64 text with padding.", path=path)
    return content


def _decoded(written: bytes) -> bytes | None:
    """The bytes of padded base64; None where they are not written so."""
    try:
        content = binascii.a2b_base64(written, strict_mode=True)
    except binascii.Error:
        return None
    # In strict mode nothing but the bits that the last four characters have to spare can differ.
    rest = len(content) % 3 or 3
    once = len(written) == -(-len(content) // 3) * 4
    return content if once and binascii.b2a_base64(content[-rest:], newline=False) == written[-4:] else None
