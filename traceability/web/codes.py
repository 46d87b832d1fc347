"""The words of codes that stand in the bodies of statements; the payload of a statement shows the codes themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from traceability.selectors.choice_words import CLASSES
from traceability.web import countries, words
from traceability.web.spoken import day, spoken

_CODE: Final = re.compile(r"[a-z]+(?:_[a-z0-9]+)*")
_PLAIN: Final = frozenset({"reason", "flags", "choice", "checked", "scope", "opinion", "difference"})
"""Fields that hold codes, read with spaces."""
_DAYS: Final = frozenset({"date", "from", "to", "valid_from", "valid_until"})
_CUSTODY: Final[Mapping[str, words.Words]] = {
    "platform": _("This platform keeps the key"), "holder": _("Its holder keeps the key himself"),
}  # fmt: skip
_BASES: Final[Mapping[str, words.Words]] = {
    **words.BASES, "dry_mass": _("the dry mass"), "treo": _("all rare-earth oxides (TREO)"),
    "total_rare_earths": _("all rare earths"), "economic": _("economic value"), "mass": _("mass"),
}  # fmt: skip
_SHARES: Final[Mapping[str, words.Words]] = {
    **CLASSES, "mined": _("Mined"), "post_consumer": _("post-consumer"), "pre_consumer": _("pre-consumer"),
}  # fmt: skip
_SUBJECTS: Final[Mapping[str, words.Words]] = {
    "subject": _("What it is about"), "lot": _("The lot"), "input": _("Went in"), "output": _("Came out"),
    "input_rest": _("What remained of it"),
}  # fmt: skip


def subject_role(role: str) -> words.Words:
    """What a subject is to a statement that advances its chain."""
    return _SUBJECTS.get(role, role)


def _indicator(code: str) -> str:
    """An indicator as EN 15804 and its users write it: GWP-total, GWP-GHG, EP-fw."""
    first, _sign, rest = code.partition("_")
    return "-".join(one for one in (first.upper(), "GHG" if rest == "ghg" else rest) if one)


BY_FIELD: Final[dict[str, Callable[[str], words.Words]]] = {
    "country": countries.name, "stage": words.stage, "origin": words.origin, "mode": words.mode, "role": words.role,
    "roles": words.organisation_role, "compartment": words.compartment, "custody_model": words.custody_model,
    "custody": lambda code: _CUSTODY.get(code, code),
    "basis": lambda code: _BASES.get(code, code),
    "class": lambda code: _SHARES.get(code, code.replace("_", " ")),
    "indicator": _indicator, "indicators": _indicator,
}  # fmt: skip
"""Fields that hold codes, and how their words are found."""


def said(value: str, field: str = "") -> str:
    """A value as a person reads it: codes in words, days as the reader writes them; what people typed as it is."""
    if found := BY_FIELD.get(field):
        return str(found(value))
    if field in _PLAIN and _CODE.fullmatch(value):
        return spoken((value[:1].upper() + value[1:]).replace("_", " "))
    return day(value) if field in _DAYS else value
