"""Plain words: what is found by what, on every database alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability.intake.search import LONGEST_WORD, plain_words, terms


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ORE-7", ["ore", "7"]),
        ("Lumière d'été", ["lumiere", "d", "ete"]),
        ("STRASSE straße", ["strasse", "strasse"]),
        ("İstanbul", ["istanbul"]),
        ("Nd₂O₃", ["nd2o3"]),
        ("钕铁硼 N42", ["钕", "铁", "硼", "n42"]),
        ("\u202eabc\u202c\u200fd", ["abcd"]),
        ("a\x00b", ["a", "b"]),
        ("'); DROP TABLE lots; --", ["drop", "table", "lots"]),
        ('"*:&|!<->\\ NEAR(', ["near"]),
        ("", []),
        ("–…", []),
    ],
)
def test_words_are_letters_and_digits_alone(text: str, words: list[str]) -> None:
    assert plain_words(text) == words


def test_a_run_between_spaces_is_one_term_and_is_asked_once() -> None:
    assert terms("ORE-7 ore  - ore", most=8) == [["ore", "7"], ["ore"]]


def test_no_more_is_asked_than_is_allowed() -> None:
    assert len(terms(" ".join(map(str, range(100))), most=8)) == 8
    assert [len(one) for one in terms("-".join(map(str, range(100))), most=8)] == [8]


@given(st.text())
def test_plain_words_are_their_own_plain_words(text: str) -> None:
    words = plain_words(text)
    assert plain_words(" ".join(words)) == words
    assert all(word.isalnum() and len(word) <= LONGEST_WORD for word in words)


@given(st.text(st.characters(max_codepoint=127)))
def test_the_short_way_for_plain_ascii_gives_the_same(text: str) -> None:
    assert plain_words(text) == plain_words(text + " é")[:-1]
