"""Strict Ed25519: the vectors of RFC 8032, and each attack built with a plain implementation of the curve."""

import hashlib
import itertools

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from traceability.ledger import signing
from traceability.ledger.errors import RecordError

# RFC 8032 section 7.1: private key, public key, message, signature
VECTORS = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        hashlib.sha512(b"abc").hexdigest(),
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
]

# The curve by the book (RFC 8032 section 5.1), in affine coordinates: slow, and written apart from the code under test.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int]
ZERO: Point = (0, 1)


def add(one: Point, other: Point) -> Point:
    (a, b), (c, d) = one, other
    product = D * a * b * c * d
    return (a * d + b * c) * pow(1 + product, -1, P) % P, (b * d + a * c) * pow(1 - product, -1, P) % P


def times(factor: int, point: Point) -> Point:
    total = ZERO
    while factor:
        if factor & 1:
            total = add(total, point)
        point, factor = add(point, point), factor >> 1
    return total


def encode(point: Point) -> bytes:
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


def decode(y: int, sign: int) -> Point | None:
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * pow(2, (P - 1) // 4, P) % P
    return (x if x & 1 == sign else -x % P, y) if x * x % P == square else None


BASE = decode(4 * pow(5, -1, P) % P, 0)
assert BASE is not None
SECRET, NONCE = 7**80 % L, 11**70 % L


def torsion() -> list[Point]:
    """The eight points of small order: multiples of one of order 8, found as L times a point of the curve."""
    for y in itertools.count(2):
        point = decode(y, 0)
        if point is not None:
            generator = times(L, point)
            if times(4, generator) != ZERO:
                return [times(n, generator) for n in range(8)]
    raise AssertionError


TORSION = torsion()


def sign_with(public_key: bytes, nonce_point: bytes, message: bytes) -> bytes:
    """R and S = r + k a, whatever R and the public key are."""
    k = int.from_bytes(hashlib.sha512(nonce_point + public_key + message).digest(), "little")
    return nonce_point + ((NONCE + k * SECRET) % L).to_bytes(32, "little")


def code_of(public_key: bytes, message: bytes, signature: bytes) -> str:
    with pytest.raises(RecordError) as refused:
        signing.verify(public_key, message, signature)
    return refused.value.code


@pytest.mark.parametrize(("private", "public", "message", "signature"), VECTORS)
def test_vectors_of_rfc_8032(private: str, public: str, message: str, signature: str) -> None:
    signer = signing.KeySigner(bytes.fromhex(private))
    assert signer.public_key.hex() == public
    assert signer.sign(bytes.fromhex(message)).hex() == signature
    signing.verify(signer.public_key, bytes.fromhex(message), bytes.fromhex(signature))
    assert code_of(signer.public_key, bytes.fromhex(message) + b"x", bytes.fromhex(signature)) == "bad_signature"


KEY = signing.KeySigner(bytes(range(32)))
OTHER = signing.KeySigner(bytes(32))
MESSAGE = b"one lot of magnets"
SIGNATURE = KEY.sign(MESSAGE)


def test_key_id_is_the_digest_of_the_raw_key() -> None:
    assert signing.key_id(KEY.public_key) == "sha256:" + hashlib.sha256(KEY.public_key).hexdigest()


def test_signature_under_another_key_is_refused() -> None:
    assert code_of(OTHER.public_key, MESSAGE, SIGNATURE) == "bad_signature"


@given(st.integers(0, 511))
def test_any_changed_bit_is_refused(bit: int) -> None:
    changed = (int.from_bytes(SIGNATURE, "little") ^ 1 << bit).to_bytes(64, "little")
    assert code_of(KEY.public_key, MESSAGE, changed) in {"bad_signature", "signature_not_canonical"}


@pytest.mark.parametrize("signature", [b"", SIGNATURE[:63], SIGNATURE + b"\0", b"\0" + SIGNATURE])
def test_signature_has_sixty_four_bytes(signature: bytes) -> None:
    assert code_of(KEY.public_key, MESSAGE, signature) == "signature_not_canonical"


@pytest.mark.parametrize("times_l", range(1, 15))
def test_s_plus_a_multiple_of_l_is_refused(times_l: int) -> None:
    s = int.from_bytes(SIGNATURE[32:], "little") + times_l * L
    assert code_of(KEY.public_key, MESSAGE, SIGNATURE[:32] + s.to_bytes(32, "little")) == "signature_not_canonical"


def test_s_of_exactly_l_is_refused_and_l_minus_1_is_only_wrong() -> None:
    for s, code in ((L, "signature_not_canonical"), (L - 1, "bad_signature")):
        assert code_of(KEY.public_key, MESSAGE, SIGNATURE[:32] + s.to_bytes(32, "little")) == code


@pytest.mark.parametrize("point", TORSION)
def test_keys_of_small_order_are_refused(point: Point) -> None:
    assert times(8, point) == ZERO
    with pytest.raises(signing.SmallOrderKey):
        signing.check_public_key(encode(point))
    signature = encode(ZERO) + bytes(32)
    assert code_of(encode(point), MESSAGE, signature) == "small_order_key"


NOT_CANONICAL = [
    *((y | sign << 255).to_bytes(32, "little") for y in range(P, 2**255) for sign in (0, 1)),
    (1 | 1 << 255).to_bytes(32, "little"),
    (P - 1 | 1 << 255).to_bytes(32, "little"),
]


@pytest.mark.parametrize("encoded", NOT_CANONICAL, ids=bytes.hex)
def test_points_have_one_encoding(encoded: bytes) -> None:
    with pytest.raises(signing.BadPublicKey):
        signing.check_public_key(encoded)
    assert code_of(KEY.public_key, MESSAGE, encoded + SIGNATURE[32:]) == "signature_not_canonical"


def test_keys_outside_the_curve_are_refused() -> None:
    outside = next(y for y in itertools.count(2) if decode(y, 0) is None)
    with pytest.raises(signing.BadPublicKey):
        signing.check_public_key(outside.to_bytes(32, "little"))


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_key_has_thirty_two_bytes(size: int) -> None:
    with pytest.raises(signing.BadPublicKey):
        signing.check_public_key(KEY.public_key.ljust(64, b"\0")[:size])


@given(st.binary(min_size=32, max_size=32))
def test_keys_are_judged_as_by_the_book(encoded: bytes) -> None:
    whole = int.from_bytes(encoded, "little")
    y, sign = whole & (2**255 - 1), whole >> 255
    point = decode(y, sign) if y < P else None
    good = point is not None and encode(point) == encoded and times(8, point) != ZERO
    try:
        signing.check_public_key(encoded)
    except RecordError:
        assert not good
    else:
        assert good


def test_the_plain_curve_signs_as_the_library_does() -> None:
    public_key = encode(times(SECRET, BASE))  # type: ignore[arg-type]
    signing.verify(public_key, MESSAGE, sign_with(public_key, encode(times(NONCE, BASE)), MESSAGE))  # type: ignore[arg-type]


@pytest.mark.parametrize("twist", range(1, 8))
def test_the_equation_is_the_one_without_cofactor(twist: int) -> None:
    """Where R carries a point of small order, implementations that multiply by 8 accept; this record refuses."""
    public_key = encode(times(SECRET, BASE))  # type: ignore[arg-type]
    r = encode(add(times(NONCE, BASE), TORSION[twist]))  # type: ignore[arg-type]
    assert code_of(public_key, MESSAGE, sign_with(public_key, r, MESSAGE)) == "bad_signature"


@pytest.mark.parametrize("point", TORSION)
def test_r_of_small_order_is_refused_also_where_the_equation_holds(point: Point) -> None:
    """S = k a fits R = 0: such a signature gives the key away."""
    public_key = encode(times(SECRET, BASE))  # type: ignore[arg-type]
    k = int.from_bytes(hashlib.sha512(encode(point) + public_key + MESSAGE).digest(), "little")
    signature = encode(point) + (k * SECRET % L).to_bytes(32, "little")
    assert code_of(public_key, MESSAGE, signature) == "signature_not_canonical"


def test_a_checked_key_is_loaded_once() -> None:
    assert signing._load(KEY.public_key) is signing._load(bytes(KEY.public_key))
    assert isinstance(signing._load(KEY.public_key), Ed25519PublicKey)
