"""The catalogues: what is compiled is what was written, and a translation has the parameters of its text."""

import ast
import gettext
import re
from collections import Counter
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "config" / "locale"
CATALOGUES = sorted(FOLDER.glob("*/LC_MESSAGES/django.po"), key=str)
PARAMETER = re.compile(r"%\(\w+\)[sd]|(?<!{){\w*}|%[sd]", re.ASCII)
ENTRY = re.compile(r'^(msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?) ((?:".*"\n?)+)', re.MULTILINE)


def entries(file):
    """Each entry as its parts by keyword; obsolete ones are comments and left out."""
    for block in file.read_text(encoding="utf-8").split("\n\n"):
        parts = {key: "".join(map(ast.literal_eval, text.splitlines())) for key, text in ENTRY.findall(block)}
        if parts.get("msgid"):
            yield parts


def translations(entry):
    return {key: text for key, text in entry.items() if key.startswith("msgstr") and text}


def name(entry):
    return "\x04".join(entry[key] for key in ("msgctxt", "msgid") if key in entry)


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.parts[-3])
def test_what_is_compiled_is_what_was_written(file):
    with file.with_suffix(".mo").open("rb") as compiled:
        found = gettext.GNUTranslations(compiled)._catalog
    written = {}
    for entry in entries(file):
        for key, text in translations(entry).items():
            written[(name(entry), int(key[7:-1])) if "[" in key else name(entry)] = text
    assert {key: text for key, text in found.items() if key} == written, "run `make messages`"


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.parts[-3])
def test_a_translation_has_the_parameters_of_its_text(file):
    def wrong(entry):
        wanted = {key: Counter(PARAMETER.findall(entry[key])) for key in ("msgid", "msgid_plural") if key in entry}
        return [
            text for text in translations(entry).values() if Counter(PARAMETER.findall(text)) not in wanted.values()
        ]

    assert [found for entry in entries(file) for found in wrong(entry)] == []


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.parts[-3])
def test_no_translation_is_a_guess(file):
    assert "#, fuzzy" not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("file", CATALOGUES, ids=lambda file: file.parts[-3])
def test_every_text_is_translated(file):
    forms = [(name(entry), text) for entry in entries(file) for key, text in entry.items() if key.startswith("msgstr")]
    assert [text for text, translated in forms if not translated] == []
    assert len(forms) > 1000
