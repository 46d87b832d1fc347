"""How a plain Django form is drawn: label above, hint, error above the field, unit beside, what was understood below.

`FORM_RENDERER = "traceability.web.fields.FormRenderer"` is all a form needs. A form may carry
- `heard`: a dict from field name to what was understood of the typed text, shown below the field;
- `heard_url`: an address that answers a GET with `<field name>=<typed text>` with that line, asked while one types.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.http import QueryDict
from django.utils.translation import gettext as _

NO_ANSWER = str(forms.Field.default_error_messages["required"])


class LabelledField(BoundField):
    """A field with its unit, the line that was understood, and the ids that tie them together."""

    @property
    def kind(self) -> str:
        """Which drawing the template takes: check, choices, file, figure or text."""
        if isinstance(self.field.widget, forms.CheckboxInput):
            return "check"
        if isinstance(self.field.widget, forms.FileInput):
            return "file"
        if self.field.widget.use_fieldset:
            return "choices"
        return "figure" if isinstance(self.field, FigureField) else "text"

    @property
    def unit(self) -> str:
        """The fixed unit beside the field, or nothing."""
        return getattr(self.field, "unit", "")

    @property
    def unit_choice(self) -> BoundField | None:
        """The field beside this one in which the unit is chosen."""
        name = getattr(self.field, "unit_field", "")
        return self.form[name] if name else None

    @property
    def heard(self) -> str:
        """What was understood of the typed text, in the words of the form."""
        line: str = getattr(self.form, "heard", {}).get(self.name, "")
        return line

    @property
    def listens(self) -> bool:
        """Whether there is a line below the field for what was understood."""
        return bool(self.heard or getattr(self.form, "heard_url", "")) and self.kind == "figure"

    @property
    def complaints(self) -> list[str]:
        """What has to be put right, in sentences."""
        return complaints(self)

    @property
    def aria_describedby(self) -> str | None:
        described = super().aria_describedby
        if described is None or not self.listens:
            return described
        return f"{described} {self.auto_id}_heard".strip()

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        """The attributes of the widget, with those that ask the server what it understood."""
        built = super().build_widget_attrs(attrs, widget)
        url = str(getattr(self.form, "heard_url", ""))
        if url and self.kind == "figure":
            built |= {
                "hx-get": url,
                "hx-trigger": "change, input delay:500ms",
                "hx-target": f"#{self.auto_id}_heard",
                "hx-swap": "textContent",
            }
        return built


class FormRenderer(TemplatesSetting):
    """Draws forms, rows and fields with templates/forms/."""

    form_template_name = "forms/form.html"
    formset_template_name = "forms/formset.html"
    field_template_name = "forms/field.html"
    bound_field_class = LabelledField


class FigureField(forms.CharField):
    """A number as typed, with the unit beside it; reading it is the business of `traceability.intake`.

    `unit` is a fixed unit; `unit_field` names the field of the same form in which the unit is chosen.
    """

    def __init__(self, *, unit: str = "", unit_field: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 64)
        super().__init__(**kwargs)
        self.unit = unit
        self.unit_field = unit_field

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "inputmode": "decimal", "autocomplete": "off", "spellcheck": "false"}


def fields_of(form: forms.BaseForm) -> list[BoundField]:
    """Return the visible fields of `form` that stand on their own (a unit stands beside its figure)."""
    beside = {getattr(field, "unit_field", "") for field in form.fields.values()}
    return [field for field in form.visible_fields() if field.name not in beside]


def complaints(bound: BoundField) -> list[str]:
    """Return what has to be put right in a field, in sentences that also stand alone in the summary."""
    required = str(bound.field.error_messages.get("required", ""))
    missing = _("%(label)s: an answer is needed") % {"label": bound.label} if required == NO_ANSWER else required
    return [missing if one.code == "required" else str(one.messages[0]) for one in bound.errors.as_data()]


def asks_for_a_row(posted: QueryDict, prefix: str) -> bool:
    """Return whether the button "add" of the formset `prefix` was pressed (the way without script)."""
    return posted.get("add_row") == prefix


def one_more_row(posted: QueryDict, prefix: str) -> QueryDict:
    """Return `posted` with one more empty row for the formset `prefix`, so that drawing it again shows the row."""
    more = posted.copy()
    total = posted.get(f"{prefix}-TOTAL_FORMS", "")
    more[f"{prefix}-TOTAL_FORMS"] = str(int(total) + 1 if total.isdecimal() and len(total) < 5 else 1)
    return more


def errors_of(source: forms.BaseForm | forms.BaseFormSet[Any]) -> Iterator[tuple[str, str]]:
    """Yield what has to be put right in a form or formset: the id of the field, or nothing, and the sentence."""
    if isinstance(source, forms.BaseFormSet):
        yield from (("", str(error)) for error in source.non_form_errors())
        for form in source.forms:
            yield from errors_of(form)
        return
    yield from (("", str(error)) for error in source.non_field_errors())
    for bound in source:
        yield from ((_target(bound), words) for words in complaints(bound))


def _target(bound: BoundField) -> str:
    return bound.id_for_label or f"{bound.auto_id}_0"
