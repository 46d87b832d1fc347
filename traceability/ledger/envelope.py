"""The signed statement as bytes: a DSSE envelope in RFC 8785 form only, and its leaf (record-format.md section 4).

The accepted envelopes are a regular language, so reading one is a match of a pattern and base64 that encodes back to
the same text; other bytes are parsed only to say what is wrong with them.
"""

import hashlib
import json
import re
from collections.abc import Sequence

from traceability.ledger.canonical import MAX_BYTES, TooLarge
from traceability.ledger.errors import RecordError
from traceability.ledger.identifiers import b64_decode, b64_encode
from traceability.ledger.immutable import immutable
from traceability.ledger.signing import Signer, key_id, verify

PAYLOAD_TYPE = "application/vnd.lodestone.statement+json"
# A payload of 256 KiB in base64, and some hundred signatures.
MAX_ENVELOPE_BYTES = 512 * 1024
LEAF_BYTES = 96
_PAE_START = f"DSSEv1 {len(PAYLOAD_TYPE)} {PAYLOAD_TYPE}".encode()

_HEAD = b'{"payload":"'
_SIGNATURE = rb'\{"keyid":"(sha256:[0-9a-f]{64})","sig":"([A-Za-z0-9+/]{86}==)"\}'
_ONE_SIGNATURE = re.compile(_SIGNATURE)
_TAIL = re.compile(
    rb'","payloadType":"%b","signatures":\[(%b(?:,%b)*)\]\}'
    % (re.escape(PAYLOAD_TYPE.encode()), _SIGNATURE, _SIGNATURE)
)


class BadEnvelope(RecordError):
    """Bytes that are no envelope with exactly the members of DSSE."""

    code = "bad_envelope"


class WrongPayloadType(RecordError):
    """An envelope around something that is no statement."""

    code = "wrong_payload_type"


class EnvelopeNotCanonical(RecordError):
    """An envelope that is not in its one RFC 8785 form."""

    code = "envelope_not_canonical"


class WrongSigners(RecordError):
    """Signatures by other keys, or in another order, than the statement names."""

    code = "wrong_signers"


@immutable
class Signature:
    """One signature: the name of the key and the 64 raw bytes."""

    keyid: str
    sig: bytes


@immutable
class Envelope:
    """A payload as it was signed, and its signatures in order: `key` first, then the cosigners."""

    payload: bytes
    signatures: tuple[Signature, ...]


def parse_envelope(data: bytes) -> Envelope:
    """The envelope of its RFC 8785 bytes; any other bytes are refused (section 4)."""
    if len(data) > MAX_ENVELOPE_BYTES:
        raise TooLarge(f"An envelope has at most {MAX_ENVELOPE_BYTES} bytes.")
    end = data.find(b'"', len(_HEAD))
    tail = _TAIL.fullmatch(data, end)
    if tail is None or not data.startswith(_HEAD):
        raise _what_is_wrong(data)
    payload = b64_decode(data[len(_HEAD) : end], path="/payload")
    if len(payload) > MAX_BYTES:
        raise TooLarge(f"A statement has at most {MAX_BYTES} bytes.", path="/payload")
    signatures = tuple(
        Signature(keyid.decode("ascii"), b64_decode(sig, path="/signatures"))
        for keyid, sig in _ONE_SIGNATURE.findall(tail[1])
    )
    return Envelope(payload, signatures)


def encode_envelope(envelope: Envelope) -> bytes:
    """The RFC 8785 bytes of an envelope (section 4)."""
    signatures = ",".join(f'{{"keyid":"{one.keyid}","sig":"{b64_encode(one.sig)}"}}' for one in envelope.signatures)
    text = f'{{"payload":"{b64_encode(envelope.payload)}","payloadType":"{PAYLOAD_TYPE}","signatures":[{signatures}]}}'
    return text.encode("ascii")


def pae(payload: bytes) -> bytes:
    """What is signed: the pre-authentication encoding of DSSE v1 of a statement."""
    return b"%b %d %b" % (_PAE_START, len(payload), payload)


def seal(payload: bytes, signers: Sequence[Signer]) -> Envelope:
    """The envelope of a payload, signed by every signer in order."""
    message = pae(payload)
    return Envelope(payload, tuple(Signature(key_id(one.public_key), one.sign(message)) for one in signers))


def verify_envelope(envelope: Envelope, public_keys: Sequence[bytes]) -> None:
    """Refuses an envelope that is not signed by exactly these keys in this order (section 4)."""
    check_names(envelope, public_keys)
    message = pae(envelope.payload)
    for number, (public_key, one) in enumerate(zip(public_keys, envelope.signatures, strict=True)):
        try:
            verify(public_key, message, one.sig)
        except RecordError as error:
            error.path = f"/signatures/{number}/sig"
            raise


def check_names(envelope: Envelope, public_keys: Sequence[bytes]) -> None:
    """Refuses an envelope whose signatures name other keys, or in another order; the signatures are not checked."""
    if [one.keyid for one in envelope.signatures] != [key_id(public_key) for public_key in public_keys]:
        raise WrongSigners(
            "The signatures are those of `key`, then of each cosigner, in the order of the statement.",
            path="/signatures",
        )


def leaf_input(payload: bytes, public_key: bytes, signatures: Sequence[Signature]) -> bytes:
    """The 96 bytes that the log holds of a statement; `public_key` is the one of the header's `key` (section 4)."""
    all_signatures = b"".join(one.sig for one in signatures)
    return b"".join(hashlib.sha256(part).digest() for part in (payload, public_key, all_signatures))


def _what_is_wrong(data: bytes) -> RecordError:
    """The error for bytes that are no envelope in RFC 8785 form."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return BadEnvelope("This is not JSON.")
    if not isinstance(value, dict) or value.keys() != {"payload", "payloadType", "signatures"}:
        return BadEnvelope("An envelope has the members payload, payloadType and signatures and no others.")
    if value["payloadType"] != PAYLOAD_TYPE:
        return WrongPayloadType(f"The payload type of a statement is {PAYLOAD_TYPE}.", path="/payloadType")
    return EnvelopeNotCanonical(
        "Write the envelope as RFC 8785 JSON with standard base64, padded, and sha256: names of keys."
    )
