"""The forms of the guided path to a reference declaration: what is typed is kept as it was typed, read or not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from epd.rules.profiles import PROFILES
from epd.services import references
from epd.services.reference_drafts import AMOUNTS
from traceability.intake.numbers import NumberStyle, read_number, shown
from traceability.ledger.errors import RecordError
from traceability.ledger.kinds.lots import ROLES, UNITS
from traceability.ledger.quantity import format_quantity
from traceability.web import words
from traceability.web.acting import today
from traceability.web.fields import FigureField
from traceability.web.spoken import spoken

_PLAIN: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
_WORDS: Final = {
    "metered": (gettext_lazy("Metered"), ""),
    "in_progress": (
        gettext_lazy("Work in progress"),
        gettext_lazy("End less beginning; may be below 0."),
    ),
    "disposals": (gettext_lazy("Disposals"), gettext_lazy("Spent on what became no lot.")),
    "overhead": (gettext_lazy("Overhead and shut-downs"), gettext_lazy("Used while nothing was made.")),
}


class KeptForm(forms.Form):
    """A form of one page or row; `kept` is what was typed, numbers as the record writes them where they can be read."""

    def __init__(self, data: Any, typed: Mapping[str, Any], style: NumberStyle, *, prefix: str | None = None) -> None:
        self.style = style
        super().__init__(data, initial={name: _shown(value, style) for name, value in typed.items()}, prefix=prefix)

    @property
    def kept(self) -> dict[str, Any]:
        """What was typed."""
        return {name: self._kept(name, field) for name, field in self.fields.items()}

    def _kept(self, name: str, field: forms.Field) -> Any:
        if isinstance(field, forms.BooleanField):
            return bool(self.data.get(self.add_prefix(name)))
        text = str(self.data.get(self.add_prefix(name), "")).strip()
        number = self._read(text) if isinstance(field, FigureField) else None
        return text if number is None else format(number, "f")

    def _read(self, text: str) -> Decimal | None:
        try:
            return read_number(text, self.style) if text else None
        except RecordError:
            return None

    def clean(self) -> dict[str, Any]:
        for name, field in self.fields.items():
            text = str(self.cleaned_data.get(name, "") or "").strip()
            if isinstance(field, FigureField) and text:
                self._check(name, text)
        return self.cleaned_data

    def _check(self, name: str, text: str) -> None:
        try:
            number = read_number(text, self.style)
            format_quantity(number)
        except RecordError as error:
            self.add_error(name, spoken(error.sentence))
            return
        if number < 0 and name != "in_progress":
            self.add_error(name, _("This cannot be below 0."))


def _shown(value: Any, style: NumberStyle) -> Any:
    return shown(Decimal(value), style) if isinstance(value, str) and _PLAIN.fullmatch(value) else value


class Day(forms.DateField):
    """A day, in the calendar of the browser."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
                         input_formats=["%Y-%m-%d"], **rest)  # fmt: skip


class RulesForm(KeptForm):
    """By which rules, under which name, for how long."""

    product = forms.CharField(
        label=gettext_lazy("Product"),
        help_text=gettext_lazy("As your customers call it, for example sintered NdFeB magnets, grade N42SH"),
        max_length=200,
    )
    profile = forms.ChoiceField(
        label=gettext_lazy("List of rules"),
        help_text=gettext_lazy("It fixes declared unit, modules, indicators and cut-off. Which lists of programmes the "
                               "figures fulfil is shown before you sign."),
        choices=[(one.id, one.name) for one in PROFILES.values()],
    )  # fmt: skip
    valid_until = Day(
        label=gettext_lazy("Valid until"),
        help_text=gettext_lazy("Five years are proposed: the longest that EN 15804 and ISO 14025 know."),
    )
    illustrative = forms.BooleanField(
        label=gettext_lazy("The figures are illustrative: for demonstration, not for claims"), required=False
    )

    def clean_valid_until(self) -> date:
        last: date = self.cleaned_data["valid_until"]
        try:
            references.check_validity(last, today())
        except RecordError as error:
            raise forms.ValidationError(spoken(error.sentence)) from None
        return last


class ProductionForm(KeptForm):
    """Which product of which site, over which twelve months."""

    production = forms.ChoiceField(
        label=gettext_lazy("Product and site"),
        help_text=gettext_lazy("What your sites made in these twelve months. All lots of it count: none is chosen."),
    )
    field_order = ("from", "production")

    def __init__(self, *args: Any, offered: Sequence[tuple[str, str]], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["from"] = Day(
            label=gettext_lazy("First day of the twelve months"),
            help_text=gettext_lazy("The last twelve whole months are proposed: verifiers want data that is not old."),
        )
        self.fields["production"].choices = [*offered] or [("", _("Nothing was made then"))]  # type: ignore[attr-defined]
        self.order_fields(self.field_order)


class MeterForm(KeptForm):
    """What a meter counted, and what explains it beside the lots."""

    def __init__(self, *args: Any, unit: str, **rest: Any) -> None:
        super().__init__(*args, **rest)
        for name in AMOUNTS:
            label, hint = _WORDS[name]
            self.fields[name] = FigureField(label=label, help_text=hint, unit=unit, required=False)


class MoreForm(MeterForm):
    """A meter of the site alone: no lot states the flow."""

    flow = forms.CharField(label=gettext_lazy("Flow"), max_length=200, required=False)
    role = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=[("", "–"), *((one, words.role(one)) for one in ROLES)], required=False
    )
    unit = forms.ChoiceField(label=gettext_lazy("Unit"), choices=[(one, one) for one in UNITS], required=False)
    factor = forms.ChoiceField(
        label=gettext_lazy("Factor"),
        help_text=gettext_lazy("Without one, no figure in which it counts is declared."),
        required=False,
    )

    def __init__(self, *args: Any, factors: Sequence[tuple[str, str]], **rest: Any) -> None:
        super().__init__(*args, unit="", **rest)
        self.fields["factor"].choices = [("", _("None")), *factors]  # type: ignore[attr-defined]


class StockForm(KeptForm):
    """Production against what was shipped."""

    opening = FigureField(
        label=gettext_lazy("Stock on the first day"), unit="kg", required=False,
        help_text=gettext_lazy("0 is proposed: the record knows no lots of the product from before."),
    )  # fmt: skip
    shipped = FigureField(
        label=gettext_lazy("Shipped in the period"), unit="kg", required=False,
        help_text=gettext_lazy("From your delivery notes or books, not from this record: so both are compared."),
    )  # fmt: skip
    closing = FigureField(
        label=gettext_lazy("Stock on the last day"), unit="kg", required=False,
        help_text=gettext_lazy("Proposed: what of these lots is still with you."),
    )  # fmt: skip


class PriceForm(KeptForm):
    """The price of one product in the period."""

    value = FigureField(label=gettext_lazy("Price per kg"), required=False)
    currency = forms.CharField(label=gettext_lazy("Currency"), max_length=3, required=False)
    date = Day(label=gettext_lazy("Day of the price"), required=False)
    source = forms.CharField(label=gettext_lazy("Source"), max_length=300, required=False)


class ExplainForm(KeptForm):
    """Where the gaps are from."""

    explanation = forms.CharField(
        label=gettext_lazy("Where the gaps are from"),
        help_text=gettext_lazy("Everybody can read it. Needed where a gap is above 1 %."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
