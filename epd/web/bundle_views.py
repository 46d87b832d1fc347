"""The public page that checks an audit bundle which somebody brings: the offline verifier, run by this server.

Nothing of the bundle is kept. Of what this server knows, only the keys of its log count, where no policy was brought.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from allauth.core import ratelimit
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from epd.services import bundle_check
from epd.services.bundle_check import ACTION, MOST_BYTES, Judged
from epd.verifier.answers import Answer, Answered
from epd.verifier.purchase import NOTHING_BOUGHT, Purchase, parse_purchase
from epd.web.kept_reports import keep
from traceability.ledger.errors import RecordError
from traceability.ledger.identifiers import check_digest
from traceability.ledger.policy import Policy, parse_policy
from traceability.services import clock
from traceability.verifier.report import (
    NOT_DETECTABLE,
    CheckResult,
    Finding,
    Group,
    Level,
    Report,
    Verdict,
    Word,
)
from traceability.verifier.trust import MAX_BYTES, Trust, parse_trust
from traceability.web.spoken import spoken

OUTCOMES = {
    Word.PASS: "pass", Word.WARNING: "warn", Word.FAIL: "fail", Word.NOT_ESTABLISHED: "none", Word.NOT_APPLICABLE: "na",
}  # fmt: skip
VERDICTS = {
    Verdict.VALID: (
        "pass",
        gettext_lazy("Valid"),
        gettext_lazy("All that your policy and your trust file ask for holds."),
    ),
    Verdict.VALID_WITH_WARNINGS: (
        "warn",
        gettext_lazy("Valid, with warnings"),
        gettext_lazy("What was asked holds. The warnings need your eye."),
    ),
    Verdict.INCOMPLETE: (
        "none",
        gettext_lazy("Incomplete"),
        gettext_lazy("Nothing was found wrong, but not everything could be established."),
    ),
    Verdict.INVALID: ("fail", gettext_lazy("Not valid"), gettext_lazy("Do not rely on what this bundle says.")),
}
ANSWERS = {
    Word.PASS: gettext_lazy("Every check that applies passes"),
    Word.WARNING: gettext_lazy("Passes, with something to look at"),
    Word.NOT_ESTABLISHED: gettext_lazy("Not everything is established"),
    Word.FAIL: gettext_lazy("A check fails"),
}
Parsed = TypeVar("Parsed")


def _which_file() -> str:
    said = _("A file *.custody.zip of at most %(size)s. Larger ones: the offline verifier.")
    return said % {"size": filesizeformat(MOST_BYTES)}


class BundleForm(forms.Form):
    """A bundle, and by what it is judged."""

    bundle = forms.FileField(
        label=gettext_lazy("Audit bundle"),
        error_messages={"required": gettext_lazy("Choose an audit bundle: a file *.custody.zip.")},
        help_text=lazy(_which_file, str)(),
    )
    trust = forms.FileField(
        label=gettext_lazy("Your trust file"), required=False,
        help_text=gettext_lazy("Whom you accept (trust.json). Without it the verdict is “incomplete” at best."),
    )  # fmt: skip
    policy = forms.FileField(
        label=gettext_lazy("Your policy"),
        required=False,
        help_text=gettext_lazy(
            "Whose log and which witnesses you trust. Without it: the keys of the log of this site."
        ),
    )
    purchase = forms.FileField(
        label=gettext_lazy("What you bought"),
        required=False,
        help_text=gettext_lazy(
            "purchase.json may name the lot, its mass, the delivery note, the most kg CO2e per kg, the least recycled "
            "content and rule sets. What is not established never passes."
        ),
    )
    expect = forms.CharField(
        label=gettext_lazy("Custody hash"),
        required=False,
        max_length=120,
        help_text=gettext_lazy(
            "From a crate or an invoice, if the bundle has to be about exactly that state of a lot."
        ),
    )

    def clean_bundle(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["bundle"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(
                _(
                    "This bundle has %(size)s: too much for this page. "
                    "Check it with the offline verifier on your own machine."
                )
                % {"size": filesizeformat(file.size or 0)}
            )
        return file

    def clean_trust(self) -> Trust | None:
        return self._parsed("trust", parse_trust)

    def clean_policy(self) -> Policy | None:
        return self._parsed("policy", parse_policy)

    def clean_purchase(self) -> Purchase:
        return self._parsed("purchase", parse_purchase) or NOTHING_BOUGHT

    def clean_expect(self) -> str | None:
        digits = "".join(self.cleaned_data["expect"].split()).lower().removeprefix("sha256:")
        return _or_say(lambda: check_digest(f"sha256:{digits}")) if digits else None

    def _parsed(self, name: str, parse: Callable[[bytes], Parsed]) -> Parsed | None:
        file: UploadedFile[Any] | None = self.cleaned_data[name]
        return _or_say(lambda: parse(file.read(MAX_BYTES + 1))) if file else None


def _or_say(parse: Callable[[], Parsed]) -> Parsed:
    """What was parsed, or its refusal as the error of a field."""
    try:
        return parse()
    except RecordError as error:
        raise forms.ValidationError(f"{spoken(error.sentence)} {error.path}".strip()) from None


_WORDS: Final = {Group.BOOKS: gettext_lazy("Books")}


@dataclass(frozen=True, slots=True)
class Row:
    """One check; what only has to be known is folded away."""

    check: CheckResult

    @property
    def outcome(self) -> str:
        return OUTCOMES[self.check.word]

    @property
    def grave(self) -> list[Finding]:
        return [one for one in self.check.findings if one.level is not Level.NOTE]

    @property
    def notes(self) -> list[Finding]:
        return [one for one in self.check.findings if one.level is Level.NOTE]


def _tally(checks: Sequence[CheckResult | Answered]) -> dict[str, int]:
    words = Counter(one.word for one in checks)
    return {outcome: words[word] for word, outcome in OUTCOMES.items()}


@dataclass(frozen=True, slots=True)
class Shown:
    """A report as the page shows it."""

    answer: Answer
    name: str
    own_policy: bool

    @property
    def report(self) -> Report:
        return self.answer.examined.report

    @property
    def answer_title(self) -> str:
        return str(ANSWERS.get(self.answer.verdict, ANSWERS[Word.PASS]))

    @property
    def answer_outcome(self) -> str:
        return OUTCOMES[self.answer.verdict]

    @property
    def answered(self) -> list[tuple[Answered, str]]:
        """What a buyer asks, each with the mark of its word."""
        return [(one, OUTCOMES[one.word]) for one in self.answer.checks]

    @property
    def outcome(self) -> str:
        return VERDICTS[self.report.verdict][0]

    @property
    def title(self) -> str:
        return str(VERDICTS[self.report.verdict][1])

    @property
    def sentence(self) -> str:
        return str(VERDICTS[self.report.verdict][2])

    @property
    def tally(self) -> dict[str, int]:
        return _tally(self.report.checks)

    @property
    def answer_tally(self) -> dict[str, int]:
        return _tally(self.answer.checks)

    @property
    def eyebrow(self) -> str:
        return _("Verdict, %(n)s checks") % {"n": len(self.report.checks)}

    @property
    def groups(self) -> list[tuple[str, list[Row]]]:
        """The checks of each group."""
        return [
            (
                str(_WORDS.get(group, spoken(group.value.title()))),
                [Row(one) for one in self.report.checks if one.group is group],
            )
            for group in Group
        ]


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """The form, and the report on what was brought."""
    form = BundleForm(request.POST, request.FILES) if request.method == "POST" else BundleForm()
    if form.is_bound and not ratelimit.consume(request, action=ACTION):
        return render(request, "429.html", status=429)
    if not form.is_valid():
        return render(request, "epd/bundle_check.html", {"form": form}, status=422 if form.is_bound else 200)
    bundle = form.cleaned_data.pop("bundle")
    shown = _checked(bundle, Judged(**form.cleaned_data))
    context = {
        "shown": shown,
        "now": clock.now(),
        "kept": keep(shown.report.to_value()),
        "not_detectable": NOT_DETECTABLE,
    }
    return render(request, "epd/bundle_report.html", context)


def _checked(bundle: UploadedFile[Any], by: Judged) -> Shown:
    return Shown(bundle_check.answer_of(bundle.read(), by), bundle.name or "", by.policy is None)
