"""Sentences of the record in the reader's language: recognised by their patterns, with the same parameters."""

import pytest
from django.utils import translation

from config import record_sentences
from traceability.material.stock import NotAllThatRemains
from traceability.web.spoken import CONTEXT, patterns_in, spoken

PATTERNS = patterns_in([f"{CONTEXT}\x04{one}" for one in record_sentences.sentences()])
KILOGRAMS = "Enter exactly what remains: {remaining_kg} kg."


def pattern_of(sentence):
    return next(form for pattern, form in PATTERNS if pattern.fullmatch(sentence))


def test_the_sentences_of_the_cores_and_services_are_found():
    found = record_sentences.sentences()
    assert found[KILOGRAMS] == "traceability/material/stock.py"
    assert found["There is no such lot, or it is not yours to see."] == "traceability/selectors/access.py"


@pytest.mark.parametrize("form", [form for _, form in PATTERNS])
def test_a_sentence_is_recognised_by_its_pattern_or_by_one_that_says_more(form):
    names = dict.fromkeys(record_sentences.parameters(form), "0.5")
    assert len(pattern_of(form.format(**names))) >= len(form)


def test_the_parameters_stay_as_they_are(monkeypatch):
    from traceability.web import spoken as module

    german = {KILOGRAMS: "Genau den Rest eingeben: {remaining_kg} kg."}
    monkeypatch.setattr(module, "pgettext", lambda context, text: german.get(text, text))
    monkeypatch.setattr(module, "_patterns", lambda language: PATTERNS)
    sentence = NotAllThatRemains("Enter exactly what remains: 12.5 kg.").sentence
    assert spoken(sentence) == "Genau den Rest eingeben: 12.5 kg."
    assert spoken("What nobody knows.") == "What nobody knows."
    assert spoken("") == ""


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Published 22 Nov 2026;"), ("de", "Veröffentlicht am 22.11.2026;"), ("zh-hans", "2026年11月22日")],
)
def test_a_day_in_a_sentence_is_written_as_the_reader_writes_it(language: str, said: str) -> None:
    with translation.override(language):
        assert said in spoken("Published 2026-11-22; neither withdrawn nor superseded.").replace("\u202f", " ")
        assert spoken("The lot 2026-11-22 is not here.").count("2026-11-22") == 1
