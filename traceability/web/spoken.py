"""Sentences of the record in the language of the reader.

The pure cores and the services form their sentences in English, because the offline verifier, programs and stored rows
read the same ones. A page recognises such a sentence by its pattern in the catalogue, where parameters stand in braces
("Enter exactly what remains: {remaining_kg} kg."), and says it in the language of the reader with the same parameters.
`manage.py messages` finds the patterns in the code.
"""

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Final

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext, trans_real

CONTEXT: Final = "record"
"""The context of such sentences in the catalogue."""
PARAMETER: Final = re.compile(r"{(\w+)}")
_FEWEST_LETTERS: Final = 5
"""A pattern with fewer letters of its own recognises everything."""
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAYS: Final = frozenset({"date", "day"})
"""Parameters that are days."""
_COUNTED: Final = re.compile(r"([0-9]+) (\D+)")
_BETWEEN: Final = re.compile(r"(?<=[.:?]) (?=[A-Z])")
_SEPARATOR: Final = "\x04"

Pattern = tuple[re.Pattern[str], str]


def spoken(sentence: str) -> str:
    """The sentence in the language of the reader; as it is where the catalogue does not know it."""
    if not sentence:
        return ""
    known = pgettext(CONTEXT, sentence)
    return known if known != sentence else _by_pattern(sentence) or _one_by_one(sentence)


def _by_pattern(sentence: str) -> str:
    """The sentence with its parameters; empty where no pattern recognises it."""
    for pattern, form in _patterns(get_language()):
        if found := pattern.fullmatch(sentence):
            values = {name: day(value) if name in _DAYS else _value(value) for name, value in found.groupdict().items()}
            return pgettext(CONTEXT, form).format(**values)
    return ""


def _value(text: str) -> str:
    """A parameter; one that counts is a number and a word."""
    if counted := _COUNTED.fullmatch(text):
        return f"{counted[1]} {pgettext(CONTEXT, counted[2])}"
    return pgettext(CONTEXT, text) if text else ""


def day(text: str) -> str:
    """A day as the reader writes it; anything else as it is."""
    try:
        return date_format(date.fromisoformat(text), "SHORT_DATE_FORMAT") if _DAY.fullmatch(text) else text
    except ValueError:
        return text


def _one_by_one(text: str) -> str:
    """Several sentences, each on its own."""
    parts = _BETWEEN.split(text)
    return " ".join(map(spoken, parts)) if len(parts) > 1 else text


@lru_cache(maxsize=8)
def _patterns(language: str | None) -> tuple[Pattern, ...]:
    """The patterns of a catalogue, those with the most letters of their own first."""
    if not language:
        return ()
    if language == settings.LANGUAGE_CODE:  # English sentences stay as they are, but for the days in them
        other = next(code for code, _name in settings.LANGUAGES if code != language)
        names = trans_real.translation(other)._catalog.keys()  # type: ignore[attr-defined]
        return tuple(one for one in patterns_in(names) if _DAYS & set(PARAMETER.findall(one[1])))
    return patterns_in(trans_real.catalog()._catalog.keys())  # type: ignore[attr-defined]


def patterns_in(names: Iterable[object]) -> tuple[Pattern, ...]:
    """The patterns with parameters among the names of a catalogue."""
    prefix = CONTEXT + _SEPARATOR
    forms = {one.removeprefix(prefix) for one in names if isinstance(one, str) and one.startswith(prefix)}
    found = [one for one in forms if PARAMETER.search(one) and _letters(one) >= _FEWEST_LETTERS]
    return tuple((_compiled(one), one) for one in sorted(found, key=lambda one: (-_letters(one), one)))


def _letters(form: str) -> int:
    return sum(letter.isalpha() for letter in PARAMETER.sub("", form))


def _compiled(form: str) -> re.Pattern[str]:
    parts = PARAMETER.split(form)
    expression = "".join(f"(?P<{part}>.*?)" if at % 2 else re.escape(part) for at, part in enumerate(parts))
    return re.compile(expression, re.DOTALL)
