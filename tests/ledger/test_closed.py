"""Confidential values: closing, opening, and one mutation per refusal."""

import hashlib
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from traceability.ledger import canonical, closed
from traceability.ledger.errors import RecordError
from traceability.ledger.identifiers import b64url_encode

SALT = bytes(range(16))
LOT = {
    "kind": "lot.source",
    "body": {
        "material": "NdPr oxide",
        "mass_kg": "100",
        "assay": {"basis": "dry_mass", "rows": [{"species": "Nd"}, {"species": "Pr"}, {"species": "Dy"}]},
        "ext": {"example.org/note": "x"},
    },
}
SECRET = {"/body/mass_kg", "/body/assay/rows/0", "/body/assay/rows/2"}


def salts() -> Iterator[bytes]:
    return (hashlib.sha256(bytes([n])).digest()[:16] for n in itertools.count())


def by_digest(disclosures: tuple[closed.Disclosure, ...]) -> dict[str, closed.Disclosure]:
    return {one.digest: one for one in disclosures}


def text_of(parts: object) -> str:
    """A disclosure's text without the checks of `disclose`."""
    return b64url_encode(canonical.encode_rfc8785(parts))


def code_of(action: Callable[[], object]) -> str:
    with pytest.raises(RecordError) as refused:
        action()
    return refused.value.code


def test_a_disclosure_is_what_section_3_says() -> None:
    one = closed.disclose(SALT, "100", name="mass_kg")
    assert one.text == b64url_encode(b'["AAECAwQFBgcICQoLDA0ODw","mass_kg","100"]')
    assert one.digest == b64url_encode(hashlib.sha256(one.text.encode()).digest())
    assert closed.parse_disclosure(one.text) == one


@given(st.text(st.characters(codec="utf-8"), max_size=600))
@example('"')
@example("\\")
@example("x" * 501)
def test_a_text_is_disclosed_in_canonical_bytes(text: str) -> None:
    assert written(lambda: closed.disclose(SALT, text, name="name").text) == written(
        lambda: b64url_encode(canonical.encode([b64url_encode(SALT), "name", text]))
    )


def written(action: Callable[[], str]) -> str:
    """What an action writes, or the code with which it refuses."""
    try:
        return action()
    except RecordError as refusal:
        return refusal.code


def test_a_row_has_no_name() -> None:
    one = closed.disclose(SALT, {"species": "Nd"})
    assert one.name is None
    assert one.text == b64url_encode(b'["AAECAwQFBgcICQoLDA0ODw",{"species":"Nd"}]')
    assert closed.parse_disclosure(one.text) == one


def test_closing_puts_digests_and_opening_puts_values_back() -> None:
    signed, disclosures = closed.close_fields(LOT, SECRET.__contains__, salts())
    digests = [one.digest for one in disclosures]
    assert signed == {
        "kind": "lot.source",
        "body": {
            "material": "NdPr oxide",
            "assay": {
                "basis": "dry_mass",
                "rows": [{"closed_row": digests[1]}, {"species": "Pr"}, {"closed_row": digests[2]}],
            },
            "ext": {"example.org/note": "x"},
            "closed": {"mass_kg": digests[0]},
        },
    }
    assert canonical.parse(canonical.encode(signed)) == signed
    assert closed.open_payload(signed, by_digest(disclosures)) == (LOT, ())
    assert closed.closed_digests(signed) == {
        "/body/assay/rows/0": digests[1],
        "/body/assay/rows/2": digests[2],
        "/body/mass_kg": digests[0],
    }


def test_withheld_places_are_left_out_and_listed() -> None:
    signed, disclosures = closed.close_fields(LOT, SECRET.__contains__, salts())
    opened, withheld = closed.open_payload(signed, by_digest(disclosures[1:2]))
    assert set(withheld) == {"/body/mass_kg", "/body/assay/rows/2"}
    assert "mass_kg" not in opened["body"]
    assert opened["body"]["assay"]["rows"] == [{"species": "Nd"}, {"species": "Pr"}]


def test_what_is_closed_is_closed_whole() -> None:
    signed, disclosures = closed.close_fields(LOT, lambda place: place.startswith("/body/assay"), salts())
    assert [one.name for one in disclosures] == ["assay"]
    assert disclosures[0].value == LOT["body"]["assay"]  # type: ignore[index]
    assert closed.open_payload(signed, by_digest(disclosures)) == (LOT, ())


def test_a_correction_keeps_the_digests_of_what_it_does_not_change() -> None:
    signed, disclosures = closed.close_fields(LOT, SECRET.__contains__, salts())
    places = {place: by_digest(disclosures)[digest] for place, digest in closed.closed_digests(signed).items()}
    changed = {**LOT, "body": {**LOT["body"], "mass_kg": "99"}}  # type: ignore[dict-item]
    fresh = iter([bytes(16)])
    again, _ = closed.close_fields(changed, SECRET.__contains__, fresh, kept=places)
    before, after = closed.closed_digests(signed), closed.closed_digests(again)
    assert [place for place in before if before[place] != after[place]] == ["/body/mass_kg"]
    assert next(fresh, None) is None


def test_true_and_one_are_different_values() -> None:
    kept = {"/a": closed.disclose(SALT, True, name="a")}
    _, (one,) = closed.close_fields({"a": 1}, lambda _: True, salts(), kept=kept)
    assert one.value == 1
    assert one.digest != kept["/a"].digest


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        (["AAECAwQFBgcICQoLDA0ODw"], "bad_disclosure"),
        (["AAECAwQFBgcICQoLDA0ODw", "a", 1, 2], "bad_disclosure"),
        (["AAECAwQFBgcICQoLDA0O", "a", 1], "bad_base64"),
        ([1, "a", 1], "bad_base64"),
        (["AAECAwQFBgcICQoLDA0ODw", "A", 1], "bad_disclosure"),
        (["AAECAwQFBgcICQoLDA0ODw", 1, 1], "bad_disclosure"),
        (["AAECAwQFBgcICQoLDA0ODw", "closed", 1], "bad_disclosure"),
        (["AAECAwQFBgcICQoLDA0ODw", "closed_row", 1], "bad_disclosure"),
        (["AAECAwQFBgcICQoLDA0ODw", "a", 1.5], "float_refused"),
        (["AAECAwQFBgcICQoLDA0ODw", "a", None], "null_refused"),
        (["AAECAwQFBgcICQoLDA0ODw", "a", {}], "empty_container"),
        (["AAECAwQFBgcICQoLDA0ODw", "a", "e\u0301"], "not_nfc"),
        (["AAECAwQFBgcICQoLDA0ODw", "a", {"closed": {"b": "x"}}], "closed_inside_value"),
        (["AAECAwQFBgcICQoLDA0ODw", [{"b": {"closed_row": "x"}}]], "closed_inside_value"),
        (["AAECAwQFBgcICQoLDA0ODw", "a", {"b": {"c": {"d": {"e": {"f": "too deep"}}}}}], "too_deep"),
        (["AAECAwQFBgcICQoLDA0ODw", "a", "x" * 2001], "string_too_long"),
        (["AAECAwQFBgcICQoLDA0ODw", "a", ["x" * 500] * 30], "too_large"),
        ({"a": 1}, "bad_type"),
    ],
)
def test_disclosures_that_break_a_rule_are_refused(parts: Any, code: str) -> None:
    assert code_of(lambda: closed.parse_disclosure(text_of(parts))) == code
    if isinstance(parts, list) and len(parts) in (2, 3) and parts[0] == "AAECAwQFBgcICQoLDA0ODw":
        name = parts[1] if len(parts) == 3 else None
        assert code_of(lambda: closed.disclose(SALT, parts[-1], name=name)) == code


def test_a_disclosure_has_one_text() -> None:
    text = closed.disclose(SALT, 1, name="a").text
    spaced = b64url_encode(b'["AAECAwQFBgcICQoLDA0ODw", "a",1]')
    assert code_of(lambda: closed.parse_disclosure(text + "=")) == "bad_base64"
    assert code_of(lambda: closed.parse_disclosure(spaced)) == "not_canonical"
    assert code_of(lambda: closed.parse_disclosure(text + "\u0410")) == "bad_base64"


@pytest.mark.parametrize("size", [0, 15, 17])
def test_a_salt_has_sixteen_bytes(size: int) -> None:
    assert code_of(lambda: closed.disclose(bytes(size), 1)) == "bad_disclosure"


ONE = closed.disclose(SALT, "1", name="a")
TWO = closed.disclose(SALT, "1", name="b")
ROW = closed.disclose(SALT, "1")


@pytest.mark.parametrize(
    ("payload", "code", "path"),
    [
        ({"x": {"closed": {"b": ONE.digest}}}, "disclosure_mismatch", "/x/b"),
        ({"closed": {"a": ROW.digest}}, "disclosure_mismatch", "/a"),
        ({"x": [{"closed_row": ONE.digest}]}, "disclosure_mismatch", "/x/0"),
        ({"a": "1", "closed": {"a": ONE.digest}}, "name_open_and_closed", "/a"),
        ({"closed": {"a": ONE.digest}, "x": {"closed": {"a": ONE.digest}}}, "digest_twice", "/a"),
        ({"x": [{"closed_row": "A" * 43}, {"closed_row": "A" * 43}]}, "digest_twice", "/x/1"),
        ({"closed": {"closed": ONE.digest}}, "bad_closed", "/closed"),
        ({"closed": {"closed_row": ONE.digest}}, "bad_closed", "/closed_row"),
        ({"closed": ONE.digest}, "bad_closed", ""),
        ({"closed": [ONE.digest]}, "bad_closed", ""),
        ({"closed": {"a": 1}}, "bad_closed", "/a"),
        ({"closed": {"a": {"b": ONE.digest}}}, "bad_closed", "/a"),
        ({"closed": {"a": ONE.digest[:-1]}}, "bad_base64", "/a"),
        ({"closed": {"a": "AAAA"}}, "bad_closed", "/a"),
        ({"closed": {"a": "sha256:" + "0" * 64}}, "bad_base64", "/a"),
        ({"x": {"closed_row": ROW.digest}}, "bad_closed", "/x"),
        ({"closed_row": ROW.digest}, "bad_closed", ""),
        ({"x": [{"closed_row": ROW.digest, "a": 1}]}, "bad_closed", "/x/0"),
        ({"x": [[{"closed_row": 1}]]}, "bad_closed", "/x/0/0"),
    ],
)
def test_opening_refuses(payload: dict[str, Any], code: str, path: str) -> None:
    with pytest.raises(RecordError) as refused:
        closed.open_payload(payload, by_digest((ONE, TWO, ROW)))
    assert (refused.value.code, refused.value.path) == (code, path)


def test_opening_refuses_a_disclosure_under_another_digest() -> None:
    payload = {"closed": {"a": TWO.digest}}
    assert code_of(lambda: closed.open_payload(payload, {TWO.digest: ONE})) == "disclosure_mismatch"


@pytest.mark.parametrize("value", [{"closed": {"a": "x"}}, {"a": [{"closed_row": "x"}]}])
def test_closing_refuses_what_is_closed_already(value: dict[str, Any]) -> None:
    assert code_of(lambda: closed.close_fields(value, lambda _: False, salts())) == "closed_inside_value"


VALUES = st.recursive(
    st.integers(0, 9) | st.booleans() | st.sampled_from(["", "x", "\u00fc"]),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, min_size=1, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from("abcd"), VALUES, min_size=1), st.randoms(use_true_random=False))
def test_opening_gives_back_what_was_closed(value: dict[str, Any], random: Any) -> None:
    try:
        signed, disclosures = closed.close_fields(value, lambda _: random.random() < 0.3, salts())
    except canonical.TooDeep:
        return
    assert closed.open_payload(signed, by_digest(disclosures)) == (value, ())
    _, withheld = closed.open_payload(signed, {})
    assert list(withheld) == list(closed.closed_digests(signed))
    assert len(withheld) == len(disclosures)
