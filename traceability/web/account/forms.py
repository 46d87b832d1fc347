"""Forms of accounts: an organisation or a person signs up, a colleague is invited, the operator decides."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, cast

from allauth.account.forms import SignupForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from traceability.intake.moments import read_moment
from traceability.intake.numbers import NumberStyle
from traceability.ledger.errors import RecordError
from traceability.models import ApiToken, Membership, Organisation, WritingHabit
from traceability.selectors.access import Actor
from traceability.services import invitations, own_keys, signup, tokens
from traceability.services.signup import Applied
from traceability.web import countries
from traceability.web.account.joining_secret import forget, remembered
from traceability.web.account.words import ORGANISATION_ROLES, ROLES, SCOPES
from traceability.web.spoken import spoken


def _countries() -> list[tuple[str, str]]:
    return [("", gettext("Choose a country")), *countries.choices()]


EXAMPLES: Final = {NumberStyle.POINT: "1,234.5", NumberStyle.COMMA: "1.234,5"}
AS_BROWSER: Final = "browser"
TOKEN_DAYS: Final = (7, 30, 90, 180, 366)


class SaidOfItself(forms.Form):
    """What an organisation says of itself."""

    name = forms.CharField(
        label=_("Name of the organisation"), max_length=200, help_text=_("As it stands in the commercial register.")
    )
    country = forms.ChoiceField(label=_("Country"), choices=_countries)
    roles = forms.MultipleChoiceField(
        label=_("What you are here for"),
        choices=[(role, ORGANISATION_ROLES[role]) for role in signup.ROLES],
        widget=forms.CheckboxSelectMultiple,
    )
    about = forms.CharField(
        label=_("What your organisation does"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("With what the operator can check that it is you: address, registration number."),
    )
    website = forms.URLField(label=_("Website"), max_length=200, required=False, assume_scheme="https")

    def clean(self) -> dict[str, Any] | None:
        """Refuses what could not be signed later, beside the field."""
        cleaned = super().clean()
        if not self.errors:
            try:
                self.applied()
            except RecordError as error:
                name = error.path.strip("/").partition("/")[0]
                self.add_error(name if name in self.fields else None, spoken(error.sentence))
        return cleaned

    def applied(self) -> Applied:
        """The answers."""
        found = self.cleaned_data
        return Applied(found["name"], found["country"], tuple(found["roles"]), found["about"], found["website"])


class OrganisationForm(SaidOfItself):
    """A person who has an account brings another organisation, or says again what his says of itself."""


class NewOrganisationForm(OrganisationForm):
    """The same with the terms."""

    terms = forms.BooleanField(label=_("We accept the terms"))


class PersonSignup(SignupForm):
    """Somebody whom an organisation invited makes an account; following the link has confirmed his address."""

    first_name = forms.CharField(
        label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    field_order: tuple[str, ...] = ("first_name", "email", "password1")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("email", "password1"):
            self.fields[name].widget.attrs.pop("placeholder", None)
        self.fields["password1"].help_text = _("At least 12 characters. Several words are easier to remember.")

    @transaction.atomic
    def save(self, request: HttpRequest) -> AbstractBaseUser:
        """The new account; the person and what he came for are stored together or not at all."""
        user: AbstractBaseUser = super().save(request)
        self.enter(request, user)
        forget(request)
        return user

    def enter(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Lets the person in to the organisation that invited him."""
        invitations.accept(secret=remembered(request), user_id=user.pk)


class OrganisationSignup(PersonSignup, SaidOfItself):
    """A person and his organisation sign up together."""

    terms = forms.BooleanField(label=_("We accept the terms"))
    field_order = ("name", "country", "roles", "about", "website", "first_name", "email", "password1", "terms")

    def enter(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Makes the organisation, which waits for the operator's word."""
        invitation = invitations.find(remembered(request))
        secret = remembered(request) if invitation and not invitation.role else ""
        signup.apply(user_id=user.pk, applied=self.applied(), invitation=secret)


class InviteForm(forms.Form):
    """Invites a colleague."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(role, format_lazy("{}. {}", words, about)) for role, (words, about) in ROLES.items()],
        widget=forms.RadioSelect,
        initial=Membership.Role.SUBMITTER,
    )


class PartnerForm(forms.Form):
    """Invites an organisation that is not here yet."""

    email = forms.EmailField(label=_("E-mail address of your partner"), max_length=254)


class RoleForm(forms.Form):
    """Another role for a member."""

    role = InviteForm.base_fields["role"]


class ApprovalForm(forms.Form):
    """Who signs what somebody fills in."""

    signs = forms.ChoiceField(
        label=_("Who signs what somebody fills in"),
        choices=[
            ("writer", _("Who fills it in may sign it.")),
            ("second", _("Another person signs it: an approver or administrator who typed none of it.")),
        ],
        widget=forms.RadioSelect,
    )
    programs = forms.BooleanField(
        label=_("Programs sign by the API without a second person"),
        required=False,
        help_text=_("Where another person signs, a token to record and sign is refused unless this is ticked."),
    )


class ProductNumberForm(forms.Form):
    """The GTIN of a material that the organisation makes."""

    material = forms.ChoiceField(label=_("Material"))
    gtin = forms.CharField(
        label=_("GTIN"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("The 8 to 14 digits that GS1 gave this product, for example 4012345678901."),
    )

    def __init__(self, materials: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = cast("forms.ChoiceField", self.fields["material"])
        choices.choices = [("", _("Choose a material")), *((one, one) for one in materials)]


class NumbersForm(forms.Form):
    """How a person parts decimals."""

    style = forms.ChoiceField(label=_("When you type a number"), widget=forms.RadioSelect)
    mass_unit = forms.ChoiceField(
        label=_("Masses beside kg"),
        required=False,
        choices=[("", _("kg alone")), *WritingHabit.MassUnit.choices],
        help_text=_("In lists and on the pages of lots. What is signed, and what stands in files, is kg."),
    )

    def __init__(self, browser: NumberStyle, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = EXAMPLES[browser]
        cast("forms.ChoiceField", self.fields["style"]).choices = [
            (AS_BROWSER, _("As the language of your browser has it; now %(example)s") % {"example": now}),
            (NumberStyle.POINT, _("With a decimal point: %(example)s") % {"example": EXAMPLES[NumberStyle.POINT]}),
            (NumberStyle.COMMA, _("With a decimal comma: %(example)s") % {"example": EXAMPLES[NumberStyle.COMMA]}),
        ]


class PasskeyForm(AddWebAuthnForm):
    """A passkey or security key, by the name that a person gives it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = gettext("Name")
        alone = self.fields.get("passwordless")  # where passkeys open the door at all
        if alone is not None:
            alone.label = gettext("It signs me in alone, without the password")
            alone.help_text = gettext("The key then asks for your finger, your face or its PIN.")


class TokenForm(forms.Form):
    """A token for a program."""

    once = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("What it is for"),
        max_length=80,
        help_text=_("The program or the machine, such as ERP, or Scale in hall 3."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("Beyond reading, it may"), widget=forms.CheckboxSelectMultiple, required=False
    )
    days = forms.TypedChoiceField(
        label=_("It ends after"),
        choices=lambda: [(days, _("%(n)d days") % {"n": days}) for days in TOKEN_DAYS],
        coerce=int,
        initial=tokens.USUAL.days,
    )

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        beyond = [one for one in SCOPES if one != ApiToken.Scope.READ]
        choices = cast("forms.MultipleChoiceField", self.fields["scopes"])
        choices.choices = [(one, SCOPES[one]) for one in beyond if one in tokens.scopes_for(actor)]


class VouchForm(forms.Form):
    """The operator's word."""

    checked = forms.MultipleChoiceField(
        label=_("What you have checked"),
        choices=[
            ("identity", _("Identity: the organisation exists and the applicant speaks for it")),
            ("address", _("Address: it is where it says")),
            ("role", _("Role: it does what it says")),
            ("facility", _("Facility: somebody has been there")),
        ],
        widget=forms.CheckboxSelectMultiple,
    )


class RevocationForm(forms.Form):
    """Why a key ends, and since when somebody else may have signed with it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It goes into the public log, where everybody reads it for ever."),
    )
    since = forms.ChoiceField(
        label=_("What it signed before"),
        choices=[
            ("now", _("Everything that it signed until now is ours.")),
            ("moment", _("Somebody else may have signed with it since this moment:")),
        ],
        widget=forms.RadioSelect,
    )
    at = forms.CharField(
        label=_("Since, in UTC"), max_length=40, required=False, help_text=_("For example 2026-11-16 06:10.")
    )
    index = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Adds `moment`: None where nothing is in doubt."""
        cleaned = {**(super().clean() or {}), "moment": None}
        if cleaned.get("since") == "moment":
            try:
                said = read_moment(str(cleaned.get("at", "")), "+00:00")
                cleaned["moment"] = datetime.fromisoformat(said)
            except RecordError as error:
                self.add_error("at", error.sentence)
        return cleaned


class OwnKeyForm(forms.Form):
    """A key that lodestone-sign made: the file in which it is brought in is given."""

    name = forms.CharField(
        label=_("Name"), max_length=own_keys.LONGEST_NAME, help_text=_("As your people call the device.")
    )
    public_key = forms.CharField(
        label=_("Public key"), max_length=60, help_text=_("As make-key shows it: 43 letters and digits.")
    )
    replaces = forms.ChoiceField(label=_("What becomes of the keys in force"), required=False)
    sign_with = forms.ChoiceField(label=_("Which of your keys signs first"), required=False)

    def __init__(self, data: Any, *, replaceable: Sequence[str], first: Sequence[str]) -> None:
        super().__init__(data, auto_id="file_%s")
        fields = cast("dict[str, forms.ChoiceField]", self.fields)
        keep = ("", gettext("All stay; this one comes beside them"))
        fields["replaces"].choices = [keep, *((one, gettext("It replaces %s") % one[7:15]) for one in replaceable)]
        if first:
            fields["sign_with"].choices = [(one, one[7:15]) for one in first]
        else:
            del self.fields["sign_with"]


class ReasonForm(forms.Form):
    """Why the operator decides against somebody."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The organisation reads it."),
    )


class ClosingForm(forms.Form):
    """The last word of an organisation: its name typed, and the password of the administrator."""

    name = forms.CharField(label=_("Name of the organisation"), max_length=200)
    password = forms.CharField(
        label=_("Your password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}), strip=False
    )

    def __init__(self, organisation: Organisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        self.fields["name"].help_text = _("Type %(name)s to show that you mean this one.") % {"name": organisation.name}

    def clean_name(self) -> str:
        """The name as typed; another one is refused."""
        typed = str(self.cleaned_data["name"]).strip()
        if typed != self.organisation.name:
            raise forms.ValidationError(_("Type the name exactly: %(name)s"), params={"name": self.organisation.name})
        return typed
