"""Canonical JSON: one valid object and one mutation per refusal, the vectors of RFC 8785, and an independent oracle."""

import hashlib
import json
import string
import struct
import unicodedata
from typing import Any

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from tests.standards import standards_path
from traceability.ledger import canonical, unicode14
from traceability.ledger.errors import RecordError
from traceability.ledger.pointers import pointer

# The table is part of the format: it never changes with the library.
TABLE_SHA256 = "43c1ccd121dbfe5d200c11d7f4fc061963528e71ed5e041c6774e442541e7702"
VALID: dict[str, Any] = {
    "format": "lodestone-statement/1",
    "body": {"mass_kg": "12.5", "rows": [{"flow": "Säure", "share": "0.3"}, "x"], "ext": {"example.org/note": True}},
    "seen": {"size": 9007199254740991},
}


def nested(depth: int) -> dict[str, Any]:
    value: Any = "x"
    for _ in range(depth - 1):
        value = {"a": value}
    assert isinstance(value, dict)
    return value


def code_of(data: bytes, **limits: Any) -> str:
    with pytest.raises(RecordError) as refused:
        canonical.parse(data, **limits)
    return refused.value.code


def test_valid_object_has_the_bytes_of_rfc_8785() -> None:
    data = canonical.encode(VALID)
    assert data == rfc8785.dumps(VALID)
    assert canonical.parse(data) == VALID


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xff", "not_utf8"),
        (b'"\xed\xa0\x80"', "not_utf8"),
        (b"", "not_json"),
        (b"{", "not_json"),
        (b'{"a":1}x', "not_json"),
        (b"\xef\xbb\xbf{}", "not_json"),
        (b'{"a":"\n"}', "not_json"),
        (b'{"a":"\\x"}', "not_json"),
        (b'{"a":01}', "not_json"),
        (b"[1]", "bad_type"),
        (b'"a"', "bad_type"),
        (b'{"a":1,"a":1}', "duplicate_field"),
        (b'{"a":1,"\\u0061":1}', "duplicate_field"),
        (b'{"a":1.0}', "float_refused"),
        (b'{"a":1e2}', "float_refused"),
        (b'{"a":NaN}', "float_refused"),
        (b'{"a":-Infinity}', "float_refused"),
        (b'{"a":null}', "null_refused"),
        (b'{"a":9007199254740992}', "integer_out_of_range"),
        (b'{"a":-9007199254740992}', "integer_out_of_range"),
        (b'{"a":%b}' % (b"9" * 5000), "integer_out_of_range"),
        (b'{"A":1}', "bad_field_name"),
        (b'{"_a":1}', "bad_field_name"),
        (b'{"":1}', "bad_field_name"),
        (b'{"a\\n":1}', "bad_field_name"),
        ('{"\u0430":1}'.encode(), "bad_field_name"),
        (b'{"\\ud800":1}', "bad_field_name"),
        (b'{"%b":1}' % (b"a" * 65), "bad_field_name"),
        (b'{"example.org/a":1}', "bad_field_name"),
        (b'{"ext":{"a":1}}', "bad_field_name"),
        (b'{"ext":{"example.org/a/b":1}}', "bad_field_name"),
        (b'{"ext":{"Example.org/a":1}}', "bad_field_name"),
        (b'{"ext":{"example/a":1}}', "bad_field_name"),
        (b'{"ext":{"example.org/a":{"example.org/b":1}}}', "bad_field_name"),
        (b"{}", "empty_container"),
        (b'{"a":{}}', "empty_container"),
        (b'{"a":[]}', "empty_container"),
        (b'{"a":{"chains":[]}}', "empty_container"),
        (b'{"a":"%b"}' % (b"x" * 2001), "string_too_long"),
        ('{"a":"A\u030a"}'.encode(), "not_nfc"),
        ('{"a":"\u212b"}'.encode(), "not_nfc"),
        (b'{"a":"\\ud800"}', "unassigned_or_refused_character"),
        (b'{"a":"\\u0000"}', "unassigned_or_refused_character"),
        (b'{"a":"\\n"}', "unassigned_or_refused_character"),
        (b'{"a":"\x7f"}', "unassigned_or_refused_character"),
        ('{"a":"\u202e"}'.encode(), "unassigned_or_refused_character"),
        ('{"a":"\ufeff"}'.encode(), "unassigned_or_refused_character"),
        ('{"a":"\ue000"}'.encode(), "unassigned_or_refused_character"),
        ('{"a":"\U0001fae8"}'.encode(), "unassigned_or_refused_character"),  # assigned in Unicode 15.0
        (b'{"b":1,"a":1}', "not_canonical"),
        (b'{"a": 1}', "not_canonical"),
        (b'{"a":1}\n', "not_canonical"),
        (b'{"a":-0}', "not_canonical"),
        (b'{"a":"\\u0062"}', "not_canonical"),
        (b'{"a":"\\/"}', "not_canonical"),
    ],
)
def test_each_breach_has_its_own_code(data: bytes, code: str) -> None:
    assert code_of(data) == code


def test_refusals_name_the_place() -> None:
    with pytest.raises(canonical.NullRefused) as refused:
        canonical.parse(b'{"body":{"ext":{"example.org/a":[1,null]}}}')
    assert refused.value.path == "/body/ext/example.org~1a/1"


def test_chains_of_log_heads_may_be_empty_and_nothing_else() -> None:
    assert canonical.parse(b'{"chains":[]}') == {"chains": []}
    assert canonical.encode({"chains": []}) == b'{"chains":[]}'
    assert canonical.parse(b'{"hashes":[]}', may_be_empty=frozenset({"hashes"})) == {"hashes": []}
    with pytest.raises(canonical.EmptyContainer):
        canonical.parse(b'{"chains":[]}', may_be_empty=frozenset())


def test_nesting_counts_the_innermost_value() -> None:
    assert canonical.parse(canonical.encode(nested(12))) == nested(12)
    deeper = json.dumps(nested(13), separators=(",", ":")).encode()
    assert code_of(deeper) == "too_deep"
    with pytest.raises(canonical.TooDeep):
        canonical.encode(nested(13))
    assert code_of(canonical.encode(nested(7)), max_depth=6) == "too_deep"


@pytest.mark.parametrize(
    "data",
    [b"[" * 200_000, b'{"a":' * 40_000, b'{"a":"' + b'\\"' * 120_000, b'["' + b'"[' * 100_000, b"]" * 200_000],
)
def test_hostile_nesting_is_refused_before_it_is_parsed(data: bytes) -> None:
    assert code_of(data) in {"too_deep", "not_json"}


def test_brackets_in_strings_are_no_nesting() -> None:
    value = {"a": "[{" * 100, "b": '\\"[{"' * 50}
    assert canonical.parse(canonical.encode(value)) == value


def test_limits_in_bytes_and_characters() -> None:
    longest = canonical.encode({"a": "\u6771" * 2000})
    assert canonical.parse(longest)
    assert code_of(longest, max_bytes=len(longest) - 1) == "too_large"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({"a": 1.5}, "float_refused"),
        ({"a": None}, "null_refused"),
        ({"a": b"x"}, "bad_type"),
        ({"a": ("x",)}, "bad_type"),
        ({1: "x"}, "bad_field_name"),
        ({"a": {None: 1}}, "bad_field_name"),
    ],
)
def test_encode_refuses_what_parse_would(value: object, code: str) -> None:
    with pytest.raises(RecordError) as refused:
        canonical.encode(value)
    assert refused.value.code == code


def test_list_is_parsed_by_the_same_rules() -> None:
    assert canonical.parse_list(b'["a",1]') == ["a", 1]
    for data, code in ((b'{"a":1}', "bad_type"), (b"[1.5]", "float_refused"), (b"[]", "empty_container")):
        with pytest.raises(RecordError) as refused:
            canonical.parse_list(data)
        assert refused.value.code == code


NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,10}", fullmatch=True).filter(lambda name: name != "ext")
TEXTS = (
    st.text(max_size=20)
    .map(lambda text: unicodedata.normalize("NFC", text))
    .filter(lambda text: unicode14.refused_character(text) is None)
)
SCALARS = TEXTS | st.booleans() | st.integers(-canonical.MAX_INTEGER, canonical.MAX_INTEGER)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, min_size=1, max_size=4) | st.dictionaries(NAMES, inner, min_size=1, max_size=4),
    max_leaves=12,
)
PAYLOADS = st.dictionaries(NAMES, VALUES, min_size=1, max_size=5)


@given(PAYLOADS)
def test_encoding_agrees_with_the_oracle_and_parses_back(value: dict[str, Any]) -> None:
    try:
        data = canonical.encode(value)
    except canonical.TooDeep:
        return
    assert data == rfc8785.dumps(value) == canonical.encode_rfc8785(value)
    assert canonical.parse(data) == value


@given(st.binary(max_size=60) | st.text(alphabet='{}[]":,\\ae01.-ntrufls', max_size=40).map(str.encode))
@example(b'{"a":"\\')
@example(b'\xff{"a":1}')
def test_any_bytes_give_a_value_or_a_named_refusal(data: bytes) -> None:
    try:
        value = canonical.parse(data)
    except RecordError:
        return
    assert canonical.encode(value) == data


@given(PAYLOADS, st.data())
def test_a_changed_byte_never_gives_the_same_value(value: dict[str, Any], draw: st.DataObject) -> None:
    try:
        data = bytearray(canonical.encode(value))
    except canonical.TooDeep:
        return
    position = draw.draw(st.integers(0, len(data) - 1))
    data[position] ^= draw.draw(st.integers(1, 255))
    try:
        changed = canonical.parse(bytes(data))
    except RecordError:
        return
    assert canonical.encode(changed) == bytes(data) != canonical.encode(value)


ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=10,
)


@given(ANY_JSON)
def test_all_of_rfc_8785_agrees_with_the_oracle(value: Any) -> None:
    assert canonical.encode_rfc8785(value) == rfc8785.dumps(value)


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), 2**53, {1: "a"}, {"a": object()}, "\ud800", {"\ud800": 1}]
)
def test_all_of_rfc_8785_refuses_what_it_cannot_write(value: Any) -> None:
    with pytest.raises(RecordError):
        canonical.encode_rfc8785(value)


@pytest.mark.parametrize("name", ["arrays", "french", "structures", "unicode", "values", "weird"])
def test_published_files_of_rfc_8785(name: str) -> None:
    folder = standards_path("credentials/rfc8785/testdata")
    value = json.loads((folder / "input" / f"{name}.json").read_text("utf-8"))
    expected = bytes.fromhex((folder / "outhex" / f"{name}.txt").read_text())
    assert canonical.encode_rfc8785(value) == expected == (folder / "output" / f"{name}.json").read_bytes()


def test_published_numbers_of_ecmascript() -> None:
    lines = standards_path("credentials/rfc8785/es6testfile-10000.txt").read_text().splitlines()
    assert len(lines) == 10_000
    for line in lines:
        bits, _, expected = line.partition(",")
        (number,) = struct.unpack(">d", int(bits, 16).to_bytes(8))
        assert canonical.encode_rfc8785(number) == expected.encode()


def test_pointer_escapes_by_rfc_6901() -> None:
    assert pointer(pointer("/a", "x/y~z"), 3) == "/a/x~1y~0z/3"


def test_refused_characters_are_those_of_unicode_14() -> None:
    listed = {0x61C, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
    text = ",".join(f"{first:X}-{last:X}" for first, last in unicode14.REFUSED_RANGES)
    assert hashlib.sha256(text.encode()).hexdigest() == TABLE_SHA256
    refused = {c for first, last in unicode14.REFUSED_RANGES for c in range(first, last + 1)}
    assert listed <= refused
    if unicodedata.unidata_version == "14.0.0":
        categories = {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
        assert refused - listed == {c for c in range(0x110000) if unicodedata.category(chr(c)) in categories}


@given(st.text(max_size=10))
def test_refused_character_is_the_first_of_the_table(text: str) -> None:
    first = next((c for c in text if any(a <= ord(c) <= b for a, b in unicode14.REFUSED_RANGES)), None)
    assert unicode14.refused_character(text) == first


def test_every_printable_ascii_character_is_allowed() -> None:
    assert unicode14.refused_character(string.ascii_letters + string.digits + string.punctuation + " ") is None


@pytest.mark.parametrize(
    ("data", "code", "path"),
    [
        (b'{"a":{"b":["x",1.5]}}', "float_refused", "/a/b/1"),
        (b'{"a":{"b":[{"c/d":1e9}]}}', "float_refused", "/a/b/0/c~1d"),
        (b'{"a":[NaN]}', "float_refused", "/a/0"),
        (b'{"a":{"b":' + b"9" * 5000 + b"}}", "integer_out_of_range", "/a/b"),
        (b'{"a":{"b":1,"b":2}}', "duplicate_field", "/a/b"),
        (b'{"a":{"b":1,"\\u0062":2},"c":1.5}', "duplicate_field", "/a/b"),
        (b'{"a":1.5,"b":2.5}', "float_refused", "/a"),
        (b'{"a":{"b":1,"b":2},"c":', "duplicate_field", ""),
    ],
)
def test_what_only_the_text_shows_is_named_with_its_place(data: bytes, code: str, path: str) -> None:
    for parse in (canonical.parse, canonical.read):
        with pytest.raises(RecordError) as refused:
            parse(data)
        assert (refused.value.code, refused.value.path) == (code, path)
