"""Finds words on a page that nobody can translate: each translation is put between marks, the rest must be data."""

import base64
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.utils import translation
from django.utils.safestring import SafeData, mark_safe
from django.utils.translation import trans_real

from config import record_sentences
from epd.selectors import factor_choices
from traceability.ledger.identifiers import b64url_decode
from traceability.models import Disclosure, Statement
from traceability.web import spoken
from traceability.web.spoken import patterns_in

OPEN, CLOSE = "⟦", "⟧"
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SILENT = {"script", "style", "code", "pre", "kbd", "samp"}
"""Elements in which no words for people stand."""
READ_OUT = ("aria-label", "title", "placeholder", "alt", "data-copied")
FREE = {
    "name", "material", "step", "flow", "reason", "lot_number", "number", "product", "laboratory", "report", "method",
    "route", "scope", "kind", "source", "carrier", "note", "value", "grade", "unit", "flows", "key", "period",
    "certifier",
}  # fmt: skip
"""Fields in which people write what they like."""
FILES = r"\b[\w.-]+\.(?:json|zip|csv|html|pdf|svg|yaml|py|pyz|txt|policy)\b"
ADDRESSES = r"https?://\S+|\S+@\S+|sha256:\S*|urn:\S+|\b[\w-]+(?:\.[\w-]+)*\.example\b|\b127\.0\.0\.1\S*"
CODES = (
    r"\b[a-z]+(?:_[a-z0-9]+)+\b|\b[a-z]+\.[a-z_.]+\b|lodestone-\w+|\b(?=\w*\d)[\w-]{12,}"
    r"|\b[A-Z2-7]{30,}\b|\b[0-9a-f]{4,}\b|^[^⟦⟧]*…$"
)
UNITS = r"\b(?:kg|g|t|km|tkm|kWh|MJ|ms|[kMG]i?B|eq|e|mol|m³|CO₂e|CFC-11e?|NMVOCe|H⁺e|Sb|P|N|world)\b"
ELEMENTS = r"\b(?:La|Ce|Pr|Nd|Sm|Eu|Gd|Tb|Dy|Ho|Er|Tm|Yb|Lu|Sc|Fe|Al|Cu|Zr|Ga|Nb|Si|Co)(?:\d?O\d*)?\b"
NAMES = (
    r"\b(?:Lodestone|English|Deutsch|EPD|ISO|EN|JSON|CSV|SVG|PDF|ZIP|XML|XLSX|DOCX|JPEG|PNG|UTC|UUID|API|GTIN|LEI|DID"
    r"|GWP-\w+|ODP|AP|ADPE|ADPF|WDP|PM|POCP|EP-\w+|Ed25519|ML-DSA|DSSE|SHA-256|TOTP|QR|RFC|C2SP|WCAG|OpenAPI|HTTP)\b"
)
SAME_EVERYWHERE = re.compile("|".join((ADDRESSES, FILES, CODES, UNITS, ELEMENTS, NAMES)))
"""What every language writes alike."""
LETTERS = re.compile(r"[^\W\d_]{2,}")


SENTENCES = record_sentences.sentences()
PATTERNS = patterns_in(f"{spoken.CONTEXT}\x04{one}" for one in SENTENCES)
OF_THE_RECORD = {*SENTENCES, *record_sentences.words()}


@contextmanager
def marked() -> Iterator[None]:
    """Inside, every text that the catalogues know stands between marks; German stands for all of them."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("gettext", "pgettext", "ngettext", "npgettext"):
            patch.setattr(translation._trans, name, _marking(getattr(translation._trans, name)))  # type: ignore[attr-defined]
        patch.setattr(spoken, "pgettext", lambda context, text: _mark(text) if text in OF_THE_RECORD else text)
        patch.setattr(spoken, "_patterns", lambda language: PATTERNS)
        yield


def _marking(function: Callable[..., str]) -> Callable[..., str]:
    return lambda *given: _mark(function(*given)) if _is_known(function.__name__, given) else function(*given)


def _is_known(name: str, given: tuple[Any, ...]) -> bool:
    """Whether the catalogues have what a function of gettext was asked for."""
    context = f"{given[0]}\x04" if "pgettext" in name else ""
    text = context + str(given[1] if context else given[0]).replace("\r\n", "\n")
    known = trans_real.translation("de")._catalog
    return text in known or (text, 0) in known


def _mark(text: str) -> str:
    if not LETTERS.search(text) or OPEN in text:
        return text
    done = f"{OPEN}{text}{CLOSE}"
    return mark_safe(done) if isinstance(text, SafeData) else done  # noqa: S308


class Texts(HTMLParser):
    """What a page says, to the eye and to the ear."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[bool] = []
        self.said: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        own = given.get("translate") == "no" or ("lang" in given and tag != "html")
        silent = own or tag in SILENT or (bool(self.open) and self.open[-1])
        if tag not in VOID:
            self.open.append(silent)
        if not silent:
            self.said += [given[name] or "" for name in READ_OUT if name in given]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if self.open and tag not in VOID:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip():
            # Marks may open in one text and close in another: `<b>` may stand between them.
            self.said.append(data if not (self.open and self.open[-1]) else re.sub(f"[^{OPEN}{CLOSE}]", "", data))


def unmarked(html: str, data: re.Pattern[str]) -> list[str]:
    """The texts of a page that are neither translated nor data."""
    depth, found = 0, []
    for text in Texts(html).said:
        outside = ""
        for piece in re.split(f"([{OPEN}{CLOSE}])", text):
            depth += {OPEN: 1, CLOSE: -1}.get(piece, 0)
            outside += piece if depth == 0 and piece not in (OPEN, CLOSE) else " "
        left = SAME_EVERYWHERE.sub(" ", data.sub(" ", outside))
        if LETTERS.search(left):
            found.append(f"{' '.join(left.split())[:80]} | {' '.join(text.split())[:160]}")
    return found


def data_of_the_database() -> re.Pattern[str]:
    """Everything that people have written into the database, as one pattern."""
    found: set[str] = set()
    for model in apps.get_models():
        if model._meta.app_label not in ("traceability", "epd", "auth"):
            continue
        for field in model._meta.concrete_fields:
            if field.get_internal_type() in ("CharField", "TextField", "EmailField") and not field.choices:
                found |= {str(one) for one in model._default_manager.values_list(field.attname, flat=True) if one}
    for envelope in Statement.objects.values_list("envelope", flat=True):
        found |= set(_written(json.loads(_payload(bytes(envelope)))))
    for text in Disclosure.objects.exclude(text=None).values_list("text", flat=True):
        found |= set(_written_in_disclosure(json.loads(_unpacked(text))))
    found |= {part for one in factor_choices.newest(None) for part in one.name.split(", ")}
    found |= {one.name for one in factor_choices.newest(None)}
    words = sorted((one for one in found if LETTERS.search(one) and len(one) < 300), key=len, reverse=True)
    both = dict.fromkeys(form for one in words for form in (one, one[:1].upper() + one[1:]))
    return re.compile("|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in both))


def _payload(envelope: bytes) -> bytes:
    return base64.b64decode(json.loads(envelope)["payload"])


def _unpacked(disclosure: str) -> bytes:
    return b64url_decode(disclosure)


def _written(value: object, name: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from _written(one, key)
    elif isinstance(value, list):
        for one in value:
            yield from _written(one, name)
    elif isinstance(value, str) and name in FREE:
        yield value


def _written_in_disclosure(value: list[object]) -> Iterator[str]:
    name = value[1] if len(value) == 3 and isinstance(value[1], str) else ""
    yield from _written(value[-1], name)
