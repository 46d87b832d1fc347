"""Small checks that JSON values are put together from; each returns what is wrong, with the place below the value.

A check that finds nothing returns the same empty tuple, so that a good document costs no memory.
"""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any, Final, NamedTuple


class Fault(NamedTuple):
    """What is wrong at a place of a document."""

    path: str
    """JSON pointer (RFC 6901)."""
    sentence: str


Faults = tuple[Fault, ...]
Check = Callable[[Any], Faults]
NONE: Final[Faults] = ()
MOST_FAULTS: Final = 100
"""So many are told of one list or object, and no more are looked for."""

_SEGMENT: Final = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]++|%[0-9A-Fa-f]{2})"
_NAME: Final = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=]++|%[0-9A-Fa-f]{2})"
_URI: Final = re.compile(
    rf"[A-Za-z][A-Za-z0-9+.\-]*+:"
    rf"(?://(?:(?:{_NAME}|:)*@)?(?:\[[0-9A-Fa-f:.]+\]|{_NAME}*)(?::[0-9]*)?(?:/{_SEGMENT}*)*"
    rf"|/(?:{_SEGMENT}+(?:/{_SEGMENT}*)*)?"
    rf"|{_SEGMENT}+(?:/{_SEGMENT}*)*|)"
    rf"(?:\?(?:{_SEGMENT}|[/?])*)?(?:#(?:{_SEGMENT}|[/?])*)?",
    re.ASCII,
)
_TIME: Final = re.compile(
    r"([0-9]{4})-(0[1-9]|1[0-2])-([0-9]{2})[Tt](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?"
    r"(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)


def one(sentence: str, path: str = "") -> Faults:
    """One fault at a place."""
    return (Fault(path, sentence),)


def below(key: str | int, found: Faults) -> Faults:
    """Faults of a member, told from where the member stands."""
    step = str(key).replace("~", "~0").replace("/", "~1")
    return tuple(Fault(f"/{step}{fault.path}", fault.sentence) for fault in found)


def is_uri(value: object) -> bool:
    """Whether this is an absolute URI (RFC 3986, 3); names with a prefix, such as ex:step, are written as such."""
    return isinstance(value, str) and _URI.fullmatch(value) is not None


def uri(value: Any) -> Faults:
    """An absolute URI."""
    return NONE if is_uri(value) else one("Write a URI, with its scheme.")


def time(value: Any) -> Faults:
    """A moment with its offset (RFC 3339)."""
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if found is not None:
        day = int(found[3])
        if (1 <= day <= 28 and found[1] != "0000") or _is_day(int(found[1]), int(found[2]), day):
            return NONE
    return one("Write a moment with its offset, such as 2026-11-22T10:00:00+01:00.")


def text(value: Any) -> Faults:
    """Any text."""
    return NONE if isinstance(value, str) else one("Write a text.")


def number(value: Any) -> Faults:
    """A number, not as a text."""
    return NONE if isinstance(value, (int, float)) and not isinstance(value, bool) else one("Write a number.")


def boolean(value: Any) -> Faults:
    """True or false."""
    return NONE if isinstance(value, bool) else one("Write true or false.")


def pattern(words: str, sentence: str) -> Check:
    """A text of this form."""
    compiled = re.compile(words, re.ASCII)

    def check(value: Any) -> Faults:
        fits = isinstance(value, str) and compiled.fullmatch(value) is not None
        return NONE if fits else one(sentence)

    return check


def word(words: Collection[str]) -> Check:
    """One of these words."""
    told = ", ".join(sorted(words))

    def check(value: Any) -> Faults:
        return NONE if isinstance(value, str) and value in words else one(f"Use one of: {told}.")

    return check


def term(words: Collection[str], *, not_under: re.Pattern[str]) -> Check:
    """A word of a vocabulary, or a URI that does not stand for one of its words."""

    def check(value: Any) -> Faults:
        if isinstance(value, str) and (value in words or (is_uri(value) and not not_under.match(value))):
            return NONE
        return one("Use a word of the vocabulary, or a URI of your own.")

    return check


def list_of(check: Check, *, least: int = 0, distinct: bool = False) -> Check:
    """A list whose members all pass."""

    def check_list(value: Any) -> Faults:
        if not isinstance(value, list):
            return one("Write a list.")
        if len(value) < least:
            return one(f"Name at least {least}.")
        found = NONE
        for at, member in enumerate(value):
            if wrong := check(member):
                found += below(at, wrong)
                if len(found) >= MOST_FAULTS:
                    break
        if not found and distinct and len(set(map(repr, value))) != len(value):
            return one("Name each one once.")
        return found

    return check_list


def record(members: Mapping[str, Check], required: Collection[str] = (), *, others: Check | None = None) -> Check:
    """An object: these members, those that must be there, and a check of the names of all others (None: no others)."""

    def check(value: Any) -> Faults:
        if not isinstance(value, dict):
            return one("Write an object.")
        found = NONE
        for name in required:
            if name not in value:
                found += below(name, one("This is missing."))
        for name, member in value.items():
            known = members.get(name)
            wrong = known(member) if known else others(name) if others else one("There is no such member here.")
            if wrong:
                found += below(name, wrong)
                if len(found) >= MOST_FAULTS:
                    break
        return found

    return check


def own_name(name: Any) -> Faults:
    """The name of a member that the sender added: a URI or a name with a prefix."""
    return NONE if is_uri(name) else one("A member of your own needs a prefix, such as ex:name.")


def anything(value: Any) -> Faults:
    """Whatever it is."""
    return NONE


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
