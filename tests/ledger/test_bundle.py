"""The audit bundle: one valid archive, one mutation per refusal, every byte flipped, and the README's own commands."""

import io
import re
import shutil
import struct
import subprocess
import textwrap
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability.ledger import bundle, canonical, closed, envelope, identifiers, signing, stored_zip
from traceability.ledger.bundle_readme import README
from traceability.ledger.errors import RecordError

TARGET = "urn:uuid:018bcfe5-6800-7fff-bfff-ffffffffffff"
CUSTODY_HASH = identifiers.digest_of(b"custody")
KEY = signing.KeySigner(bytes(range(32)))
PAYLOAD = canonical.encode({"format": "lodestone-statement/1", "body": {"mass_kg": "1"}})
SEALED = envelope.seal(PAYLOAD, [KEY])
DISCLOSURE = closed.disclose(bytes(16), "12.5", name="mass_kg")
DOCUMENT = b"%PDF-1.7 an assay report"
MEMBERS = {
    bundle.statement_name(0): envelope.encode_envelope(SEALED),
    bundle.statement_name(12): envelope.encode_envelope(envelope.seal(PAYLOAD, [KEY, KEY])),
    bundle.disclosure_name(DISCLOSURE.digest): DISCLOSURE.text.encode(),
    bundle.evidence_name(identifiers.digest_of(DOCUMENT)): DOCUMENT,
    bundle.checkpoint_name(13): b"example.org/log\n13\n",
    bundle.consistency_name(5): b'{"hashes":["x"]}',
    bundle.INCLUSION_NAME: b'{"size":13}',
    bundle.HEADS_NAME: b'{"nodes":["x"]}',
    "declarations/epd-1.json": b"{}",
    "factors/grid-us-2024.json": b"",
}


def written(members: dict[str, bytes] = MEMBERS) -> bytes:
    return b"".join(bundle.write_bundle(members, target=TARGET, custody_hash=CUSTODY_HASH))


DATA = written()


def archive(members: dict[str, bytes]) -> bytes:
    """An archive of these members and no others, with a canonical zip structure."""
    return b"".join(stored_zip.write(sorted(members.items())))


def parts() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(DATA)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def refusal(data: bytes) -> RecordError:
    with pytest.raises(RecordError) as refused:
        bundle.read_bundle(io.BytesIO(data))
    return refused.value


def test_what_is_written_is_read_back() -> None:
    read = bundle.read_bundle(io.BytesIO(DATA))
    assert (read.target, read.custody_hash) == (TARGET, CUSTODY_HASH)
    assert {name: read.read(name) for name in MEMBERS} == MEMBERS
    assert read.read("README.txt") == README
    assert list(read.members) == sorted([*MEMBERS, "README.txt", "manifest.json"])
    assert list(map(bundle.statement_index, read.names("statements"))) == [0, 12]


def test_the_manifest_is_canonical_and_lists_every_other_member() -> None:
    members = parts()
    manifest = canonical.parse(members.pop("manifest.json"))
    assert manifest == {
        "format": "lodestone-bundle/1",
        "target": TARGET,
        "custody_hash": CUSTODY_HASH,
        "members": [{"name": name, "sha256": identifiers.digest_of(members[name])} for name in sorted(members)],
    }


def test_the_archive_is_what_section_8_says() -> None:
    with zipfile.ZipFile(io.BytesIO(DATA)) as opened:
        assert opened.testzip() is None
        assert opened.comment == b""
        for one in opened.infolist():
            assert one.compress_type == zipfile.ZIP_STORED
            assert one.date_time == (1980, 1, 1, 0, 0, 0)
            assert one.flag_bits == 0x800
            assert (one.extra, one.comment, one.external_attr, one.create_system) == (b"", b"", 0, 0)
        assert opened.namelist() == sorted(opened.namelist())


def test_the_order_in_which_members_are_given_does_not_matter() -> None:
    assert written(dict(reversed(MEMBERS.items()))) == DATA


def test_a_tool_that_unpacks_zip_files_reads_it(tmp_path: Path) -> None:
    tool = shutil.which("unzip")
    if tool is None:
        pytest.skip("unzip is not installed.")
    (tmp_path / "lot.custody.zip").write_bytes(DATA)
    subprocess.run([tool, "-q", "-d", "out", "lot.custody.zip"], cwd=tmp_path, check=True)
    assert {name: (tmp_path / "out" / name).read_bytes() for name in MEMBERS} == MEMBERS


@pytest.mark.parametrize("mask", [0x01, 0x20, 0x80, 0xFF])
def test_any_flipped_byte_is_refused(mask: int) -> None:
    for position in range(len(DATA)):
        data = bytearray(DATA)
        data[position] ^= mask
        with pytest.raises(RecordError):
            bundle.read_bundle(io.BytesIO(bytes(data)))


def test_any_cut_is_refused() -> None:
    for size in range(len(DATA)):
        assert refusal(DATA[:size]).code in {"archive_truncated", "not_an_archive", "archive_not_canonical"}


@given(st.data())
def test_bytes_put_in_or_taken_out_are_refused(draw: st.DataObject) -> None:
    start = draw.draw(st.integers(0, len(DATA)))
    end = draw.draw(st.integers(start, min(len(DATA), start + 40)))
    put = draw.draw(st.binary(max_size=40))
    changed = DATA[:start] + put + DATA[end:]
    if changed != DATA:
        refusal(changed)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_by_name(data: bytes) -> None:
    refusal(data)
    refusal(DATA[:30] + data)


def rezip(**arguments: bool) -> bytes:
    """The same members, packed by another tool."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if arguments.get("deflate") else zipfile.ZIP_STORED) as opened:
        for name, content in parts().items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED if arguments.get("deflate") else zipfile.ZIP_STORED
            opened.writestr(info, content)
        opened.comment = b"x" if arguments.get("comment") else b""
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_an_archive"),
        (b"hello", "not_an_archive"),
        (b"MZ" + DATA, "not_an_archive"),
        (archive({}), "not_an_archive"),
        (DATA + b"\0", "spare_bytes"),
        (DATA + DATA, "spare_bytes"),
        (rezip(), "archive_not_canonical"),
        (rezip(deflate=True), "archive_not_canonical"),
        (rezip(comment=True), "archive_not_canonical"),
    ],
)
def test_other_files_are_refused(data: bytes, code: str) -> None:
    assert refusal(data).code == code


def without(name: str) -> dict[str, bytes]:
    return {one: content for one, content in parts().items() if one != name}


@pytest.mark.parametrize(
    ("members", "code", "path"),
    [
        (without("README.txt"), "missing_member", "README.txt"),
        (without("manifest.json"), "missing_member", "manifest.json"),
        (without(bundle.statement_name(12)), "manifest_mismatch", bundle.statement_name(12)),
        ({**parts(), bundle.statement_name(13): b""}, "manifest_mismatch", bundle.statement_name(13)),
        ({**parts(), bundle.statement_name(12): b"{}"}, "manifest_mismatch", bundle.statement_name(12)),
        ({**parts(), "README.txt": README.replace(b"FORMAT 1", b"FORMAT 2")}, "readme_mismatch", "README.txt"),
        ({**parts(), "README.txt": README + b"\n"}, "member_too_large", "README.txt"),
        ({**parts(), "manifest.json": b"{}"}, "manifest_mismatch", "manifest.json"),
        ({**parts(), "manifest.json": parts()["manifest.json"] + b"\n"}, "manifest_mismatch", "manifest.json"),
        (
            {**parts(), bundle.disclosure_name("A" * 43): b"x" * 16385},
            "member_too_large",
            bundle.disclosure_name("A" * 43),
        ),
    ],
)
def test_members_that_the_manifest_does_not_bear_out_are_refused(
    members: dict[str, bytes], code: str, path: str
) -> None:
    refused = refusal(archive(members))
    assert refused.code == code
    assert refused.path in {path, "manifest.json"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"lodestone-bundle/1", b"lodestone-bundle/2"),
        (TARGET.encode(), TARGET.upper().encode()),
        (CUSTODY_HASH.encode(), b"sha256:" + b"A" * 64),
        (b'"members":[', b'"members": ['),
        (b'],"target"', b'],"spare":1,"target"'),
        (b'],"target"', b',{}],"target"'),
    ],
)
def test_a_manifest_of_another_form_is_refused(old: bytes, new: bytes) -> None:
    members = parts()
    changed = members["manifest.json"].replace(old, new)
    assert changed != members["manifest.json"]
    assert refusal(archive({**members, "manifest.json": changed})).code == "manifest_mismatch"


ODD_NAMES = [
    "",
    "/etc/passwd",
    "../x",
    "statements/../../x",
    "statements\\000000000000.dsse.json",
    "C:/x",
    "statements/",
    "statements/0.dsse.json",
    "statements/000000000000.dsse.json\n",
    "statements/0000000000000.dsse.json",
    "disclosures/" + "A" * 42 + ".txt",
    "evidence/" + "A" * 64,
    "checkpoints/13.txt",
    "consistency/013.json",
    "proofs/other.json",
    "factors/.hidden",
    "factors/a/b",
    "factors/A",
    "factors/x.",
    "__MACOSX/x",
]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_are_neither_read_nor_written(name: str) -> None:
    assert refusal(archive({name: b"x", **parts()})).code == "bad_member_name"
    with pytest.raises(bundle.BadMemberName):
        written({name: b"x"})


def test_a_name_that_is_not_ascii_is_refused() -> None:
    twin = DATA.replace(b"README.txt", b"README.t\xc3\xa9", 1)
    assert refusal(twin).code == "bad_member_name"


def in_order(*members: tuple[str, bytes]) -> bytes:
    """The local headers and contents of these members, as they come."""
    return b"".join(
        stored_zip._local_header(name, len(content), zlib.crc32(content)) + content for name, content in members
    )


def test_members_stand_once_and_sorted() -> None:
    one, two = ("factors/a", b"x"), ("factors/b", b"x")
    for members in ((two, one), (one, one)):
        assert refusal(in_order(*members)).code == "members_not_sorted"
        with pytest.raises(stored_zip.MembersNotSorted):
            b"".join(stored_zip.write(iter(members)))


def test_a_size_that_is_only_claimed_costs_no_memory() -> None:
    huge = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0x800, 0, 0, 33, 0, 1 << 30, 1 << 30, 73, 0)
    assert refusal(huge + b"evidence/" + b"0" * 64 + b"x").code == "archive_truncated"
    beyond = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0x800, 0, 0, 33, 0, 0xFFFFFFFF, 0xFFFFFFFF, 73, 0)
    assert refusal(beyond + b"evidence/" + b"0" * 64).code == "member_too_large"


@pytest.mark.parametrize("name", ["README.txt", "manifest.json"])
def test_the_writer_makes_the_fixed_members_itself(name: str) -> None:
    with pytest.raises(bundle.BadMemberName):
        written({name: b"x"})


def test_the_writer_refuses_what_the_reader_would() -> None:
    with pytest.raises(stored_zip.MemberTooLarge):
        written({bundle.disclosure_name("A" * 43): b"x" * 16385})
    with pytest.raises(identifiers.BadUrn):
        bundle.write_bundle({}, target="urn:x", custody_hash=CUSTODY_HASH)
    with pytest.raises(identifiers.BadDigest):
        bundle.write_bundle({}, target=TARGET, custody_hash="x")


def test_a_member_is_compared_again_when_it_is_read() -> None:
    file = io.BytesIO(DATA)
    read = bundle.read_bundle(file)
    name = bundle.statement_name(0)
    file.getbuffer()[read.members[name].start] ^= 1
    with pytest.raises(bundle.MemberChanged):
        read.read(name)
    with pytest.raises(bundle.MissingMember):
        read.read("statements/000000000099.dsse.json")


class Lazy(dict[str, bytes]):
    """Members that count how many of them are asked for."""

    asked = 0

    def __getitem__(self, name: str) -> bytes:
        Lazy.asked += 1
        return super().__getitem__(name)


def test_the_writer_loads_each_member_twice_and_keeps_none() -> None:
    members = Lazy(MEMBERS)
    pieces = bundle.write_bundle(members, target=TARGET, custody_hash=CUSTODY_HASH)
    assert Lazy.asked == len(MEMBERS)
    assert b"".join(pieces) == DATA
    assert Lazy.asked == 2 * len(MEMBERS)


def test_more_members_than_a_zip_counts_in_16_bits() -> None:
    members = {f"factors/{number}": b"" for number in range(70_000)}
    data = written(members)
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        assert len(opened.namelist()) == 70_002
    assert len(bundle.read_bundle(io.BytesIO(data)).members) == 70_002
    for record in (b"PK\x06\x06", b"PK\x06\x07", b"PK\x05\x06"):
        changed = bytearray(data)
        changed[data.rindex(record) + 8] ^= 1
        assert refusal(bytes(changed)).code == "archive_not_canonical"


class Sparse(io.RawIOBase):
    """A file of which only the directory at its end exists: enough for zipfile to list it."""

    def __init__(self, start: int, directory: bytes) -> None:
        self.start, self.directory, self.position = start, directory, 0

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self.position

    def seek(self, offset: int, whence: int = 0) -> int:
        self.position = offset + (0, self.position, self.start + len(self.directory))[whence]
        return self.position

    def read(self, size: int = -1) -> bytes:
        begin = self.position - self.start
        found = self.directory[begin:] if size < 0 else self.directory[begin : begin + size]
        self.position += len(found)
        return found


def test_an_archive_beyond_four_gibibytes_has_the_records_of_zip64() -> None:
    size, members, start = 1 << 30, [], 0
    for number in range(6):
        start += 30 + len("evidence/0") + (size if number else 0)
        members.append(stored_zip.Member(f"evidence/{number}", size, 7, b"", start))
    end = start + size
    directory = b"".join(stored_zip._directory(members, end))
    with zipfile.ZipFile(Sparse(end, directory)) as opened:
        assert [(one.filename, one.file_size, one.CRC) for one in opened.infolist()] == [
            (one.name, one.size, one.crc) for one in members
        ]
        assert [one.header_offset for one in opened.infolist()] == [one.start - 40 for one in members]
        assert [bool(one.extra) for one in opened.infolist()] == [False, False, False, False, True, True]


# README.txt: its commands do what it says.


def commands() -> Iterator[str]:
    """The blocks of commands of README.txt, in order."""
    for block in re.findall(r"(?:^     .*\n)+", README.decode("ascii"), re.MULTILINE):
        yield textwrap.dedent(block)


@pytest.fixture
def run(tmp_path: Path) -> Callable[[str], str]:
    for tool in ("sh", "openssl", "sha256sum", "base64", "sed", "tr"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed.")
    with zipfile.ZipFile(io.BytesIO(DATA)) as opened:
        opened.extractall(tmp_path)

    def shell(script: str) -> str:
        done = subprocess.run(["sh", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return shell


def test_the_commands_of_the_readme_work(run: Callable[[str], str], tmp_path: Path) -> None:
    manifest, payload, signature, custody, disclosure, leaf = commands()
    digest = identifiers.digest_of(PAYLOAD).removeprefix("sha256:")
    assert run(manifest) == ""
    assert run(payload).split()[0] == digest
    statement = payload.splitlines()[0]
    key = signature.replace("<public_key>", identifiers.b64url_encode(KEY.public_key))
    answer = run(f"{statement}\n{key}")
    assert answer.split()[0] == signing.key_id(KEY.public_key).removeprefix("sha256:")
    assert "Signature Verified Successfully" in answer
    custody = custody.replace("<subject>", TARGET).replace("<seq>", "3").replace("<digest>", digest)
    expected = identifiers.digest_of(f"lodestone-custody/1\n{TARGET}\n3\n{digest}\n".encode())
    assert f"sha256:{run(custody).split()[0]}" == expected
    shown, opened = run(disclosure.replace("<digest>", DISCLOSURE.digest) + "\ntrue").splitlines()
    assert (shown, opened) == (DISCLOSURE.digest, '["AAAAAAAAAAAAAAAAAAAAAA","mass_kg","12.5"]')
    entry = b"\0" + envelope.leaf_input(PAYLOAD, KEY.public_key, SEALED.signatures)
    assert f"sha256:{run(leaf).split()[0]}" == identifiers.digest_of(entry)
    (tmp_path / "statements" / "000000000012.dsse.json").write_bytes(b"changed")
    with pytest.raises(AssertionError, match="did NOT match"):
        run(manifest)


def test_the_readme_is_plain_text_of_eighty_columns() -> None:
    lines = README.decode("ascii").split("\n")
    assert max(map(len, lines)) <= 80
    assert lines[-1] == ""
    assert not re.search(rb"[^\n\x20-\x7e]", README)
