"""What is typed to submit a declaration, to verify or refuse it, to register it, and to write about it."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from epd.models import Declaration, Remark
from epd.services.verification import LONGEST_REMARK, Answers, Entry
from epd.web import verifying_words as words
from traceability.ledger.kinds.verification import LEVELS, POINTS, SCOPES
from traceability.models import Organisation

REASON: Final = 1000


class _Day(forms.DateField):
    """A day, chosen in the browser's calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _long(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class SubmitForm(forms.Form):
    """To whom, and what for."""

    to = forms.ModelChoiceField(
        label=_("To"),
        queryset=Organisation.objects.none(),
        empty_label=_("Choose one"),
        help_text=_("What they are is their own claim: whom a reader accepts, his trust file says."),
    )

    def __init__(self, *args: Any, candidates: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = Organisation.objects.filter(pk__in=[one.pk for one in candidates]).order_by("name")
        self.fields["to"].queryset = found  # type: ignore[attr-defined]


class VerifyForm(forms.Form):
    """The check list, and the statement that is signed."""

    level = forms.ChoiceField(label=_("Level of assurance"), choices=[(one, words.LEVELS[one]) for one in LEVELS])
    scope = forms.ChoiceField(label=_("Scope"), choices=[(one, words.SCOPES[one]) for one in SCOPES])
    standards = forms.CharField(
        label=_("Standards, with their edition"),
        help_text=_("One on each line, for example ISO 14025:2026"),
        widget=_long(3),
        max_length=1200,
    )
    valid_until = _Day(label=_("Valid until"), help_text=_("At most five years from today"))
    accreditation = forms.CharField(
        label=_("Accreditation"), required=False, max_length=200, help_text=_("As you claim it; readers decide")
    )
    sampled = forms.CharField(
        label=_("Statements that you sampled"),
        required=False,
        help_text=_("Their digests, one on each line"),
        widget=_long(3),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=REASON, widget=_long(3))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for point in POINTS:
            self.fields[f"answer_{point}"] = forms.ChoiceField(
                label=str(words.POINTS[point][0]), choices=[("", _("Choose one")), *words.ANSWERS.items()]
            )
            self.fields[f"note_{point}"] = forms.CharField(label=_("Note on it"), required=False, max_length=500)

    def said(self) -> Answers:
        """What would be signed."""
        given = self.cleaned_data
        return Answers(
            level=given["level"],
            scope=given["scope"],
            standards=_lines(given["standards"]),
            valid_until=given["valid_until"],
            accreditation=given["accreditation"].strip(),
            sampled=tuple(f"sha256:{one.removeprefix('sha256:')}" for one in _lines(given["sampled"])),
            note=given["note"].strip(),
            points={one: (given[f"answer_{one}"], given[f"note_{one}"].strip()) for one in POINTS},
        )


class RefuseForm(forms.Form):
    """Why not."""

    reason = forms.CharField(
        label=_("Reasons"), help_text=_("Everybody can read them"), max_length=REASON, widget=_long(3)
    )


class TakeBackForm(RefuseForm):
    """Why a registration ends, and what takes its place."""

    successor = forms.ModelChoiceField(
        label=_("The declaration in its place"),
        queryset=Declaration.objects.none(),
        required=False,
        empty_label=_("None: it is withdrawn"),
    )


class RegisterForm(forms.Form):
    """What stands in the register of a programme."""

    programme = forms.CharField(label=_("Programme"), max_length=200)
    number = forms.CharField(label=_("Registration number"), max_length=60)
    pcr_name = forms.CharField(label=_("Product category rules"), max_length=200)
    pcr_number = forms.CharField(label=_("Number of the rules"), max_length=60, required=False)
    pcr_valid_until = _Day(label=_("Rules valid until"), required=False)
    published = _Day(label=_("Date of publication"))
    valid_until = _Day(label=_("Valid until"), help_text=_("No later than the verification"))

    def said(self) -> Entry:
        """What would be signed."""
        given = self.cleaned_data
        ends: date | None = given["pcr_valid_until"]
        rules = {
            "name": given["pcr_name"],
            "number": given["pcr_number"],
            "valid_until": ends.isoformat() if ends else "",
        }
        return Entry(given["programme"], given["number"], rules, given["published"], given["valid_until"])


class RemarkForm(forms.Form):
    """A comment or a request for change."""

    kind = forms.ChoiceField(label=_("What it is"), choices=Remark.Kind.choices)
    point = forms.ChoiceField(
        label=_("On"),
        required=False,
        choices=[("", _("the whole declaration")), *((one, words.POINTS[one][0]) for one in POINTS)],
    )
    text = forms.CharField(
        label=_("Text"),
        max_length=LONGEST_REMARK,
        widget=_long(3),
        help_text=_("Declarant and verifier read it. Nothing of it is signed."),
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.strip() for one in text.splitlines() if one.strip()))
