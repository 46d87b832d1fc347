"""What is typed to ask a partner for something, and to answer him."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from traceability.ledger import identifiers
from traceability.models import Mandate
from traceability.services.asking import LONGEST_PRODUCT, LONGEST_TEXT, Asking

Choices = Sequence[tuple[str, str]]


class AskForm(forms.Form):
    """What is said with every request."""

    message = forms.CharField(
        label=_("What you need it for"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Your partner reads it. Nothing of it is signed."),
    )
    due_on = forms.DateField(
        label=_("Until when"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("A wish, not a deadline: the request stays open after it."),
    )

    def said(self) -> Asking:
        """The message and the day."""
        return Asking(self.cleaned_data["message"], self.cleaned_data["due_on"])


class ProductForm(AskForm):
    """A product of a partner, where no lot of it is in one's hands."""

    to = forms.ChoiceField(label=_("Partner"))
    product = forms.CharField(
        label=_("Product"),
        max_length=LONGEST_PRODUCT,
        help_text=_("As your partner calls it: name, grade, part number."),
    )
    field_order = ["to", "product", "message", "due_on"]

    def __init__(self, *args: Any, partners: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [("", _("Choose a partner")), *partners]  # type: ignore[attr-defined]


class PlacesForm(AskForm):
    """Values of a statement that are withheld."""

    places = forms.MultipleChoiceField(
        label=_("Values to open"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Ask for what you need and no more."),
    )
    field_order = ["places", "message", "due_on"]

    def __init__(self, *args: Any, places: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["places"].choices = places  # type: ignore[attr-defined]


def _note() -> forms.CharField:
    return forms.CharField(
        label=_("A word to your partner"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DeclarationAnswer(forms.Form):
    """The declaration that answers a request."""

    declaration = forms.TypedChoiceField(label=_("Declaration"))
    reason = _note()

    def __init__(self, *args: Any, declarations: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["declaration"].choices = [("", _("Choose a declaration")), *declarations]  # type: ignore[attr-defined]


class OpeningAnswer(forms.Form):
    """The values that are opened."""

    places = forms.MultipleChoiceField(
        label=_("Values that you open"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What you do not tick stays closed. What was read cannot be taken back."),
    )
    reason = _note()

    def __init__(self, *args: Any, places: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["places"].choices = places  # type: ignore[attr-defined]


class DeclineForm(forms.Form):
    """Why a request is declined."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Your partner reads it, and cannot ask for the same again for 30 days."),
    )


class MandateForm(forms.Form):
    """Whom one lets read one's confidential values, and how long."""

    holder = forms.ChoiceField(label=_("Who gets it"), required=False)
    identifier = forms.CharField(
        label=_("Or its identifier"),
        required=False,
        max_length=45,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=_("For somebody who is not in the list. It begins with urn:uuid: and stands on the page Organisation "
                    "of your partner."),
    )  # fmt: skip
    purpose = forms.ChoiceField(
        label=_("What it is for"), choices=Mandate.Purpose.choices, widget=forms.RadioSelect, initial="audit"
    )
    valid_from = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    valid_until = forms.DateField(
        label=_("Until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("This day is the last. You can end the mandate earlier."),
    )

    def __init__(self, *args: Any, partners: Choices, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"valid_from": today, "valid_until": today + timedelta(days=365)}
        self.fields["holder"].choices = [("", _("Choose an organisation")), *partners]  # type: ignore[attr-defined]
        for name in ("holder", "identifier"):
            self.fields[name].one_of_two = True  # type: ignore[attr-defined]  # neither is called optional

    def clean(self) -> dict[str, Any]:
        """`holder` is the urn of the one organisation that was named."""
        said = super().clean() or {}
        chosen, typed = said.get("holder", ""), said.get("identifier", "").strip().lower()
        if typed and not identifiers.is_urn(typed):
            self.add_error("identifier", _("Write it as urn:uuid: with the 36 characters that follow."))
        elif bool(chosen) == bool(typed):
            words = _("Choose an organisation or type an identifier, not both.") if typed else _("Say who gets it.")
            self.add_error("identifier" if typed else "holder", words)
        return said | {"holder": typed or chosen}
