"""A draft drawn into fields: one form for a section, its names being the places of the draft with `-` between them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms.boundfield import BoundField
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.choices import flatten_choices
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from traceability.intake.flat import nested
from traceability.intake.notes import Mistake
from traceability.intake.numbers import NumberStyle
from traceability.web.fields import FigureField, LabelledField
from traceability.web.forms.offers import Choice, Offers
from traceability.web.forms.parts import Group, Leaf, Part, Rows
from traceability.web.language import COMMA
from traceability.web.spoken import spoken

LONG_LIST = 30


def html_name(path: str) -> str:
    """The name of a field at a place of the draft: `/outputs/0/mass_kg` is `outputs-0-mass_kg`."""
    return path.strip("/").replace("/", "-")


def in_style(hint: str, style: NumberStyle) -> str:
    """A hint in the language of the page, its numbers with the decimal sign that the reader types."""
    sign = "," if get_language() in COMMA else "."
    return re.sub(rf"(?<=[0-9]){re.escape(sign)}(?=[0-9])", style.decimal_sign, hint)


def place(name: str) -> str:
    """The place of the draft that a field of this name holds."""
    return "/" + name.replace("-", "/")


@dataclass(slots=True)
class Block:
    """Fields of one group or row, for templates: `block.fields.mass_kg`, `block.groups.assay`, `block.rows.inputs`."""

    path: str
    number: int = 0
    fields: dict[str, BoundField] = field(default_factory=dict)
    groups: dict[str, Block] = field(default_factory=dict)
    rows: dict[str, list[Block]] = field(default_factory=dict)


class DraftField(LabelledField):
    """A field whose understood line the server refreshes for the whole form at once."""

    @property
    def listens(self) -> bool:
        return isinstance(self.field, FigureField | MomentField)


class MomentField(forms.CharField):
    """A day and time as typed; reading it is the business of `traceability.intake`."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})


class DraftForm(forms.Form):
    """The fields of one section over what was typed so far; its errors are the mistakes that intake found there."""

    use_required_attribute = False
    bound_field_class = DraftField

    def __init__(
        self,
        parts: Sequence[Part],
        typed: Mapping[str, Any],
        offers: Offers,
        *,
        mistakes: Iterable[Mistake] = (),
        heard: Mapping[str, str] | None = None,
        focus: str = "",
    ) -> None:
        self.offers = offers
        self.parts = parts
        self.typed = typed
        self.mistakes = tuple(mistakes)
        self.values: dict[str, str] = {}
        self.found: dict[str, forms.Field] = {}
        self._add(parts, typed, "")
        super().__init__(self.values)
        self.fields.update(self.found)
        self.heard = {html_name(path): words for path, words in (heard or {}).items()}
        self._focus(focus)

    @property
    def digest(self) -> str:
        """Tells the answers of this section from others."""
        return sha256(json.dumps(self.values, sort_keys=True).encode()).hexdigest()[:16]

    def answers_unlike(self, other: DraftForm) -> list[tuple[str, str]]:
        """The label and the answer of each field here that the other form answers in another way."""
        unlike = [name for name, value in self.values.items() if other.values.get(name, "") != value]
        return [(str(self.fields[name].label), self._in_words(name)) for name in unlike if name in self.fields]

    def _in_words(self, name: str) -> str:
        value, choices = self.values[name], getattr(self.fields[name], "choices", ())
        words: dict[Any, Any] = dict(flatten_choices(choices))
        return str(words.get(value, value)) or _("nothing")

    # --- fields -------------------------------------------------------------------------------------------------------

    def _add(self, parts: Sequence[Part], typed: object, path: str) -> None:
        tree = _by_name(typed)
        for part in parts:
            inner = f"{path}-{part.name}" if path else part.name
            if isinstance(part, Leaf):
                self._add_leaf(part, tree, inner, path)
            elif isinstance(part, Group):
                self._add(part.parts, tree.get(part.name), inner)
            else:
                self._add_rows(part, tree.get(part.name), inner)

    def _add_rows(self, part: Rows, typed: object, path: str) -> None:
        rows = typed if isinstance(typed, list) else []
        presets = part.presets(self.offers) if part.presets and not rows else ()
        for number in range(max(len(rows), part.least, len(presets))):
            row = dict(rows[number]) if number < len(rows) and isinstance(rows[number], Mapping) else {}
            if number < len(presets):
                row.setdefault(part.parts[0].name, presets[number])
            self._add(part.parts, row, f"{path}-{number}")

    def _add_leaf(self, part: Leaf, tree: Mapping[str, Any], name: str, path: str) -> None:
        value = str(tree.get(part.name, part.default) or "")
        self.values[name] = value
        self.found[name] = self._field(part, value, f"{path}-{part.beside}" if path else part.beside)
        if part.units:
            beside = f"{path}-{part.beside}" if path else part.beside
            self.values[beside] = str(tree.get(part.beside, "") or part.units[0])
            choices = [(unit, unit) for unit in part.units]
            self.found[beside] = forms.ChoiceField(
                label=_("%(label)s: unit") % {"label": part.label}, choices=choices, required=False
            )

    def _field(self, part: Leaf, value: str, beside: str) -> forms.Field:
        common: dict[str, Any] = {"label": part.label, "help_text": part.help, "required": part.required}
        if part.asking == "figure":
            common["help_text"] = in_style(str(part.help), self.offers.style)
        if part.choices is not None:
            return self._choice(part, value, common)
        if part.asking == "figure":
            return FigureField(unit=str(part.unit), unit_field=beside if part.units else "", max_length=None, **common)
        if part.asking == "moment":
            return MomentField(**common)
        widget = forms.Textarea(attrs={"rows": 3}) if part.asking == "long" else None
        return forms.CharField(widget=widget, **common)

    def _choice(self, part: Leaf, value: str, common: dict[str, Any]) -> forms.Field:
        choices = list(part.choices(self.offers)) if part.choices else []
        if value and value not in set(_values(choices)):
            choices.append((value, self.offers.called(value)))
        if part.asking == "radio":
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
        if part.empty:
            choices.insert(0, ("", str(part.empty)))
        return forms.ChoiceField(choices=choices, **common)

    def _focus(self, path: str) -> None:
        """Puts the cursor into the first field of a row that was just added."""
        first = next((name for name in self.fields if path and name.startswith(f"{path}-")), "")
        if first:
            self.fields[first].widget.attrs["autofocus"] = True

    # --- errors -------------------------------------------------------------------------------------------------------

    def full_clean(self) -> None:
        """Puts each mistake beside the field where it belongs, or above all of them."""
        self._errors = ErrorDict()
        self.cleaned_data = {}
        for one in self.mistakes:
            name = self.field_at(one.path)
            error = ValidationError(spoken(one.sentence), code=one.code)
            self._errors.setdefault(name or NON_FIELD_ERRORS, self.error_class()).append(error)

    def field_at(self, path: str) -> str:
        """The name of the field at a place of the draft, or of the first one below it; empty where there is none."""
        name = html_name(path)
        if name in self.fields:
            return name
        return next((one for one in self.fields if one.startswith(f"{name}-")), "")

    # --- what came in -------------------------------------------------------------------------------------------------

    def tree(self, posted: QueryDict) -> dict[str, object]:
        """The posted values of this section's fields as a tree; it may have more rows than were shown."""
        known = {_without_numbers(name) for name in self.fields}
        flat = {place(name): str(posted[name]) for name in posted if _without_numbers(name) in known}
        return nested(flat)

    # --- for templates ------------------------------------------------------------------------------------------------

    @property
    def block(self) -> Block:
        """All fields, in the shape of the parts."""
        return self._block(self.parts, "")

    def _block(self, parts: Sequence[Part], path: str, number: int = 0) -> Block:
        found = Block(path, number)
        for part in parts:
            inner = f"{path}-{part.name}" if path else part.name
            if isinstance(part, Leaf):
                found.fields[part.name] = self[inner]
            elif isinstance(part, Group):
                found.groups[part.name] = self._block(part.parts, inner)
            else:
                count = 0
                while any(name.startswith(f"{inner}-{count}-") for name in self.fields):
                    found.rows.setdefault(part.name, []).append(self._block(part.parts, f"{inner}-{count}", count + 1))
                    count += 1
        return found


def _by_name(typed: object) -> Mapping[str, Any]:
    """The members of an object, or of a list by their numbers."""
    if isinstance(typed, list):
        return {str(number): value for number, value in enumerate(typed)}
    return typed if isinstance(typed, Mapping) else {}


def _without_numbers(name: str) -> str:
    """A field's name whatever its row."""
    return re.sub(r"-[0-9]+(?=-|$)", "-#", name)


def _values(choices: Iterable[Choice]) -> Iterable[str]:
    for value, words in choices:
        if isinstance(words, list | tuple):
            yield from (inner for inner, _ in words)
        else:
            yield value
