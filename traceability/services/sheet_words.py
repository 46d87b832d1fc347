"""Headings and words of sheets in the languages of the pages, to write templates and to read what comes back."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from traceability.intake.countries import NAMES
from traceability.intake.sheets.columns import Asks, Column, SheetPlan
from traceability.intake.sheets.headings import folded
from traceability.ledger.kinds.lots import OUTSIDE
from traceability.selectors.choice_words import (
    BASES,
    CLASSES,
    COMPARTMENTS,
    CUSTODY_MODELS,
    MODES,
    ORIGINS,
    ROLES,
    STAGES,
    Words,
)

CONTEXT: Final = "record"
_CONTENTS_OF: Final[Mapping[str, Words]] = {
    "dry_mass": gettext_lazy("the dry mass"), "treo": gettext_lazy("all rare-earth oxides (TREO)"),
}  # fmt: skip
_DIFFERENCES: Final[Mapping[str, Words]] = {
    "within": gettext_lazy("Within the tolerance"), "beyond": gettext_lazy("Beyond the tolerance"),
}  # fmt: skip
_CHOICES: Final[Mapping[str, Mapping[str, Words]]] = {
    "stage": STAGES, "origin": ORIGINS, "class": CLASSES, "custody_model": CUSTODY_MODELS, "basis": _CONTENTS_OF,
    "difference": _DIFFERENCES, "export_category": STAGES, "role": ROLES, "known": BASES, "compartment": COMPARTMENTS,
    "mode": MODES,
}  # fmt: skip

_HELP: Final[Mapping[Asks, Words]] = {
    Asks.TEXT: gettext_lazy("Text."),
    Asks.FIGURE: gettext_lazy("A number in the unit of the heading. Change the unit in the heading for all rows, or "
                              "write it behind each number."),
    Asks.MOMENT: gettext_lazy("Day and time on your clock, for example 2026-11-16 06:10"),
    Asks.WORD: gettext_lazy("Choose from the list."),
    Asks.COUNTRY: gettext_lazy("Choose from the list, or write the code of two letters, for example DE."),
    Asks.NEW_NUMBER: gettext_lazy("Your own number, another one for each lot. It stays confidential."),
    Asks.LOT: gettext_lazy("The number of a lot: choose from the list, or take one that a row above makes."),
    Asks.FACILITY: gettext_lazy("One of your own sites. Its name stays confidential."),
    Asks.PARTNER: gettext_lazy("Choose from the list, or write the identifier of the partner, urn:uuid: and so on."),
    Asks.FACTORS: gettext_lazy("Ids from the sheet “Factors”, with commas between them. Left empty the flow stays not "
                               "declared."),
    Asks.DOCUMENTS: gettext_lazy("Names of files that you upload beside the sheet, or have uploaded before, with "
                                 "semicolons between them; or their SHA-256."),
    Asks.STEP: gettext_lazy("Rows with the same step belong together: further inputs, outputs or losses of it."),
    Asks.REMARK: gettext_lazy("For you alone. A row whose remark begins with “Example” is passed over."),
}  # fmt: skip


_HELP_OF: Final[Mapping[str, Words]] = {
    "amount": gettext_lazy("A number; its unit stands in the next column, or behind it."),
    "flow": gettext_lazy("One flow of the step in each row. A row that holds nothing else goes on with the row above."),
    "mode": gettext_lazy("One leg in each row. A row that holds nothing else goes on with the row above."),
    "concentration": gettext_lazy("Of the active substance, from 0 to 1 or with a % sign."),
    "currency": gettext_lazy("Three letters, for example USD"),
    "price_date": gettext_lazy("For example 2026-09-30"),
}  # fmt: skip
"""What is said of some columns instead."""


def help_of(column: Column) -> str:
    """What is written into a column, in the reader's language."""
    return str(_HELP_OF.get(column.key, _HELP[column.asks]))


def heading(column: Column) -> str:
    """What a column is called in the reader's language, with its unit in brackets."""
    name = pgettext(CONTEXT, column.name)
    return f"{name} ({column.unit})" if column.unit else name


def choices(column: Column) -> Mapping[str, str]:
    """The words of a closed list in the reader's language, by those of the record."""
    words = _CHOICES.get(column.key, {})
    return {word: str(words.get(word, word)) for word in column.words}


def countries() -> Mapping[str, str]:
    """The names of all countries in the reader's language, by their codes."""
    return {code: pgettext(CONTEXT, name) for code, name in NAMES.items()}


def example() -> str:
    """How the remark of an example row begins."""
    return _("Example")


def outside() -> str:
    """What somebody outside the record is called in a sheet."""
    return _("outside the record")


def headings_of(plan: SheetPlan) -> Mapping[str, str]:
    """The key of each heading, in every language of the pages."""
    return {pgettext(CONTEXT, one.name): one.key for _language in _languages() for one in plan.columns}


@lru_cache(maxsize=8)
def words_of(plan: SheetPlan) -> Mapping[str, str]:
    """The words of the record, as `column key:word` in every language of the pages."""
    return {
        f"{one.key}:{folded(said)}": word
        for _language in _languages()
        for one in plan.columns
        if one.words
        for word, said in choices(one).items()
    }


@lru_cache(maxsize=1)
def country_codes() -> Mapping[str, str]:
    """The code of each country by its name in every language of the pages."""
    return {name.casefold(): code for _language in _languages() for code, name in countries().items()}


def outside_words() -> Mapping[str, list[str]]:
    """What may be written for somebody outside the record."""
    return {OUTSIDE: [OUTSIDE]} | {folded(outside()): [OUTSIDE] for _language in _languages()}


def _languages() -> Iterator[str]:
    """Each language of the pages, spoken while it is looked at."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            yield language
