"""A whole bundle checked once more by other people's tools: rfc8785, jsonschema, openssl, and the text of RFC 6962.

Nothing of the verifier is used here, and of the record only its published JSON schemas.
"""

import base64
import json
import shutil
import subprocess
import zipfile
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from jsonschema import Draft202012Validator

from tests.verifier.builder import pack
from tests.verifier.stories import mine_to_metal

SCHEMAS = Path(__file__).parents[2] / "docs/formats/schemas"
KEY_HEADER = bytes.fromhex("302a300506032b6570032100")
"""A raw Ed25519 key becomes a SubjectPublicKeyInfo (RFC 8410) behind these bytes."""


@cache
def archive() -> zipfile.ZipFile:
    story = mine_to_metal()
    return zipfile.ZipFile(BytesIO(pack(story.log.members(), story.target, story.custody_hash)))


def envelopes() -> dict[str, dict[str, Any]]:
    return {name: json.loads(archive().read(name)) for name in archive().namelist() if name.startswith("statements/")}


def payload_of(envelope: dict[str, Any]) -> bytes:
    return base64.b64decode(envelope["payload"])


NAMES = sorted(envelopes())


def test_the_archive_is_one_that_any_zip_program_reads() -> None:
    assert archive().testzip() is None
    manifest = json.loads(archive().read("manifest.json"))
    listed = {row["name"]: row["sha256"].removeprefix("sha256:") for row in manifest["members"]}
    assert listed == {
        name: sha256(archive().read(name)).hexdigest() for name in archive().namelist() if name != "manifest.json"
    }


@pytest.mark.parametrize("name", NAMES)
def test_envelope_and_payload_are_the_bytes_of_rfc8785(name: str) -> None:
    envelope = envelopes()[name]
    assert rfc8785.dumps(envelope) == archive().read(name)
    assert rfc8785.dumps(json.loads(payload_of(envelope))) == payload_of(envelope)


@pytest.mark.parametrize("name", NAMES)
def test_the_payload_fits_its_published_schema(name: str) -> None:
    payload = json.loads(payload_of(envelopes()[name]))
    schema = json.loads((SCHEMAS / f"{payload['kind']}.json").read_text(encoding="utf-8"))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(payload)] == []


@cache
def public_keys() -> dict[str, bytes]:
    """The keys that the statements themselves offer, by their id."""
    bodies = [json.loads(payload_of(envelope))["body"] for envelope in envelopes().values()]
    offered = [body["public_key"] for body in bodies if "public_key" in body]
    keys = [base64.urlsafe_b64decode(f"{one}=") for one in offered]
    return {f"sha256:{sha256(key).hexdigest()}": key for key in keys}


def openssl_accepts(folder: Path, key: bytes, message: bytes, signature: bytes) -> bool:
    for name, content in (("key.der", KEY_HEADER + key), ("message", message), ("signature", signature)):
        (folder / name).write_bytes(content)
    command = "openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey key.der -in message -sigfile signature"
    return subprocess.run(command.split(), cwd=folder, capture_output=True).returncode == 0


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not here")
def test_openssl_accepts_every_signature_over_the_encoding_of_dsse_and_no_other(tmp_path: Path) -> None:
    for envelope in envelopes().values():
        kind, payload = envelope["payloadType"].encode(), payload_of(envelope)
        message = b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)
        for one in envelope["signatures"]:
            key, signature = public_keys()[one["keyid"]], base64.b64decode(one["sig"])
            assert openssl_accepts(tmp_path, key, message, signature)
            assert not openssl_accepts(tmp_path, key, message + b" ", signature)


def mth(leaves: list[bytes]) -> bytes:
    """The Merkle tree hash of RFC 6962 section 2.1, of leaf hashes."""
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def test_the_leaves_give_the_root_that_the_checkpoint_signs() -> None:
    """Of a log whose every statement is carried: leaf = payload, key, signatures, each hashed (section 4)."""
    from tests.verifier.stories import smallest

    story = smallest()
    leaves = []
    for said in story.log.said:
        envelope = json.loads(said.envelope)
        signatures = b"".join(base64.b64decode(one["sig"]) for one in envelope["signatures"])
        key = bytes.fromhex(envelope["signatures"][0]["keyid"].removeprefix("sha256:"))
        leaf = sha256(payload_of(envelope)).digest() + key + sha256(signatures).digest()
        leaves.append(sha256(b"\x00" + leaf).digest())
    origin, size, root, *_ = story.log.checkpoints[3].decode().splitlines()
    assert (origin, int(size), base64.b64decode(root)) == (story.log.origin, 3, mth(leaves))


def test_each_disclosure_is_the_preimage_of_a_digest_in_a_payload() -> None:
    """Section 3, as RFC 9901 does it: base64url(SHA-256(ascii(disclosure)))."""
    payloads = b"".join(map(payload_of, envelopes().values())).decode()
    disclosures = [name for name in archive().namelist() if name.startswith("disclosures/")]
    assert len(disclosures) > 10
    for name in disclosures:
        text = archive().read(name)
        digest = base64.urlsafe_b64encode(sha256(text).digest()).rstrip(b"=").decode()
        assert name == f"disclosures/{digest}.txt"
        assert f'"{digest}"' in payloads
        salt, *_ = json.loads(base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4)))
        assert len(base64.urlsafe_b64decode(f"{salt}==")) == 16


@pytest.mark.parametrize("name", NAMES)
def test_each_link_is_the_custody_hash_of_the_one_before(name: str) -> None:
    """Section 2: SHA-256 over four lines, by hashlib alone."""
    links = {}
    for one in NAMES:
        payload = payload_of(envelopes()[one])
        for chain in json.loads(payload)["chains"]:
            line = f"lodestone-custody/1\n{chain['subject']}\n{chain['seq']}\n{sha256(payload).hexdigest()}\n"
            links[chain["subject"], chain["seq"]] = "sha256:" + sha256(line.encode()).hexdigest()
    for chain in json.loads(payload_of(envelopes()[name]))["chains"]:
        assert chain.get("previous") == links.get((chain["subject"], chain["seq"] - 1))
