"""What people type to find something, and what is found by it: plain words without case, accents and marks.

The index is written by the same rules, so that PostgreSQL and SQLite find the same.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

LONGEST_WORD: Final = 60
_ASCII_WORD: Final = re.compile("[a-z0-9]+")
_SINGLE: Final = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL")


def plain_words(text: str) -> list[str]:
    """The words of a text in their order: letters and digits alone; a character of a script without spaces is one."""
    words = _ASCII_WORD.findall(text.lower()) if text.isascii() else "".join(_plain(text)).split()
    return [word[:LONGEST_WORD] for word in words]


def _plain(text: str) -> Iterator[str]:
    # Folded before and after: to fold makes new accents, to take them off makes new capitals.
    for character in unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()):
        if character.isalnum():
            yield f" {character} " if _stands_alone(character) else character
        elif unicodedata.category(character) not in ("Mn", "Cf"):  # accents; marks of direction, joiners
            yield " "


def _stands_alone(character: str) -> bool:
    return ord(character) > 0x1100 and unicodedata.name(character, "").startswith(_SINGLE)


def terms(text: str, *, most: int) -> list[list[str]]:
    """What is looked for: each run between spaces with its plain words, the first so many of them."""
    found: list[list[str]] = []
    for run in text.split():
        words = plain_words(run)
        if words and words not in found:
            found.append(words[:most])
        if len(found) == most:
            break
    return found
