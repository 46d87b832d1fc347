"""Readers that are not ours: the shell commands of every bundle's README.txt, and a short Node script."""

import base64
import io
import json
import os
import re
import shutil
import subprocess
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from tests.standards import REQUIRED
from tests.verifier.builder import pack
from tests.verifier.stories import mine_to_metal
from traceability.ledger.bundle_readme import README

SCRIPT = Path(__file__).parents[2] / "docs/verify-by-hand.mjs"
STORY = mine_to_metal()
MEMBERS = STORY.log.members()
BUNDLE = pack(MEMBERS, STORY.target, STORY.custody_hash)
SAID = STORY.said["source"]
BLOCKS = [re.sub("^     ", "", one, flags=re.M) for one in re.findall(r"(?:^     .*\n)+", README.decode(), re.M)]
TOOLS = ("sh", "sha256sum", "openssl", "base64", "sed", "tr")


def needs(*tools):
    """Skips where a tool is missing; where the standards are required, so are the tools."""
    missing = [one for one in tools if shutil.which(one) is None]
    if missing and REQUIRED:
        pytest.fail(f"LODESTONE_STANDARDS_REQUIRED=1, but these are missing: {', '.join(missing)}")
    if missing:
        pytest.skip(f"needs {', '.join(missing)}")


@pytest.fixture
def unpacked(tmp_path):
    """The unpacked archive, and how its README's commands are run in it."""
    needs(*TOOLS)
    zipfile.ZipFile(io.BytesIO(BUNDLE)).extractall(tmp_path)

    def run(block, **placeholders):
        for name, value in placeholders.items():
            assert f"<{name}>" in block
            block = block.replace(f"<{name}>", value)
        block = block.replace("statements/000000000000.dsse.json", SAID.name)
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C"}
        return subprocess.run(["sh", "-c", block], cwd=tmp_path, env=environment, capture_output=True, text=True)

    return run


def content():
    return json.loads(SAID.payload)


def test_its_commands_tell_what_the_statement_says(unpacked):
    manifest, payload, signed, custody, disclosed, leaf = BLOCKS
    assert unpacked(manifest).returncode == 0
    assert unpacked(payload).stdout.split()[0] == sha256(SAID.payload).hexdigest()
    key = base64.urlsafe_b64encode(STORY.parties["a"].key.public_key).decode().rstrip("=")
    statement = f"S={SAID.name}\n"
    done = unpacked(statement + signed, public_key=key)
    assert done.stdout.split()[0] == content()["key"].removeprefix("sha256:")
    assert "Signature Verified Successfully" in done.stdout
    chain = content()["chains"][0]
    digest = sha256(SAID.payload).hexdigest()
    done = unpacked(custody, subject=chain["subject"], seq=str(chain["seq"]), digest=digest)
    after = next(one for one in STORY.log.said[SAID.index + 1 :] if chain["subject"] in one.subjects)
    link = next(one for one in json.loads(after.payload)["chains"] if one["subject"] == chain["subject"])
    assert f"sha256:{done.stdout.split()[0]}" == link["previous"]
    closed, text = next(iter(SAID.disclosures.items()))
    done = unpacked(disclosed, digest=closed)
    assert done.stdout.splitlines()[0] == closed
    assert done.stdout.splitlines()[1].encode() == base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    assert unpacked(leaf).stdout.split()[0] == STORY.log.leaves[SAID.index].hex()


def node(tmp_path, bundle, *arguments):
    needs("node")
    (tmp_path / "lot.custody.zip").write_bytes(bundle)
    return subprocess.run(["node", SCRIPT, tmp_path / "lot.custody.zip", *arguments], capture_output=True, text=True)


def test_the_node_script_reads_it_too(tmp_path):
    done = node(tmp_path, BUNDLE, str(STORY.log.signers[0].key))
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{STORY.target} {STORY.custody_hash}" in done.stdout
    assert "signed by the log's key that you named" in done.stdout
    assert len(SCRIPT.read_text().splitlines()) <= 150


def forged_root():
    name = max(one for one in MEMBERS if one.startswith("checkpoints/"))
    lines = MEMBERS[name].split(b"\n")
    lines[2] = base64.b64encode(bytes(32))
    return {name: b"\n".join(lines)}


def left_out():
    return {SAID.name: None}


def other_signature():
    value = json.loads(SAID.envelope)
    value["signatures"][0]["sig"] = json.loads(STORY.said["mine"].envelope)["signatures"][0]["sig"]
    return {SAID.name: json.dumps(value, sort_keys=True, separators=(",", ":")).encode()}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (forged_root, "signature of the log is not of this checkpoint"),
        (left_out, "does not follow|not of these statements"),
        (other_signature, "wrong signature"),
    ],
)
def test_the_node_script_refuses_what_was_changed(tmp_path, change, why):
    members = {name: one for name, one in (MEMBERS | change()).items() if one is not None}
    done = node(tmp_path, pack(members, STORY.target, STORY.custody_hash), str(STORY.log.signers[0].key))
    assert done.returncode == 1
    assert re.search(why, done.stderr), done.stderr
