"""Base58btc and the multicodec names of public keys, as CID 1.0 (section 2.2, Multikey) uses them."""

from typing import Final

from traceability.ledger.errors import RecordError
from traceability.ledger.identifiers import digest_bytes

_ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUES: Final = {letter: value for value, letter in enumerate(_ALPHABET)}
LONGEST: Final = 200
"""Characters of base58: reading it costs the square of its length, and a signature of P-384 has 132."""


class BadBase58(RecordError):
    """A text that is not the base58btc of any bytes, or longer than any key or signature."""

    code = "bad_base58"


def encode_base58(content: bytes) -> str:
    """Base58btc of the bytes: a leading zero byte is a leading 1."""
    number = int.from_bytes(content)
    digits = []
    while number:
        number, value = divmod(number, 58)
        digits.append(_ALPHABET[value])
    zeros = len(content) - len(content.lstrip(b"\0"))
    return "1" * zeros + "".join(reversed(digits))


def decode_base58(text: str) -> bytes:
    """The bytes of base58btc; every text within the alphabet is the one writing of its bytes."""
    if not text or len(text) > LONGEST:
        raise BadBase58(f"Base58 has from 1 to {LONGEST} characters here.")
    number = 0
    for letter in text:
        value = _VALUES.get(letter)
        if value is None:
            raise BadBase58("This is not base58btc: a character is outside its alphabet.")
        number = number * 58 + value
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)


def encode_multibase(content: bytes) -> str:
    """`z` and the base58btc of the bytes."""
    return "z" + encode_base58(content)


def decode_multibase(text: object) -> bytes:
    """The bytes of a base58btc multibase text, the only base of Multikey and of proof values of these suites."""
    if not isinstance(text, str) or not text.startswith("z"):
        raise BadBase58("Write the value as multibase of base58btc: it begins with z.")
    return decode_base58(text[1:])


def digest_multibase(digest: str) -> str:
    """A `sha256:` digest as multibase of its multihash (code 0x12, 32 bytes)."""
    return encode_multibase(b"\x12\x20" + digest_bytes(digest))
