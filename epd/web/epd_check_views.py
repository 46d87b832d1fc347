"""The public page that checks a declaration of anybody, in openEPD, ILCD+EPD or the JSON of soda4LCA.

Nothing of the file is kept; the report stays for an hour under a name that only its reader knows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

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

from epd.documents.catalogue import RULES
from epd.documents.checking import Answer, Word
from epd.documents.finding import Finding, Severity
from epd.documents.report import NOT_CHECKED, Checked, to_value
from epd.services import epd_check
from epd.web.finding_words import VALUES
from epd.web.kept_reports import keep
from traceability.ledger.errors import RecordError
from traceability.services import clock
from traceability.web.spoken import spoken

OUTCOMES = {
    Word.PASS: "pass", Word.WARNING: "warn", Word.ERROR: "fail", Word.NOT_ESTABLISHED: "none", Word.NOTHING: "na",
}  # fmt: skip
VERDICTS = {
    Word.ERROR: (
        gettext_lazy("Errors were found"),
        gettext_lazy(
            "Ask whoever issued it before you use its figures. Each error below says what is wrong and where."
        ),
    ),
    Word.WARNING: (
        gettext_lazy("No error, but warnings"),
        gettext_lazy("Read the warnings before you use its figures."),
    ),
    Word.NOT_ESTABLISHED: (
        gettext_lazy("No error was found"),
        gettext_lazy("Not everything could be checked; below stands what is missing."),
    ),
    Word.PASS: (
        gettext_lazy("No error was found"),
        gettext_lazy("All rules that apply hold. That does not mean that the figures are true."),
    ),
}
SEVERITIES = {Severity.ERROR: "fail", Severity.WARNING: "warn", Severity.NOTE: "none"}
SHOWN = 200
"""So many findings stand on the page; the report has all of them."""


def _which_file() -> str:
    said = _("openEPD (JSON), ILCD+EPD (XML or ZIP) or JSON of soda4LCA, at most %(size)s. It is not kept.")
    return said % {"size": filesizeformat(epd_check.MOST_BYTES)}


class EpdForm(forms.Form):
    """A declaration, and what it is compared with."""

    file = forms.FileField(
        label=gettext_lazy("Declaration"),
        error_messages={"required": gettext_lazy("Choose the file of a declaration.")},
        help_text=lazy(_which_file, str)(),
    )
    previous = forms.FileField(
        label=gettext_lazy("An earlier declaration of the same product"),
        required=False,
        help_text=gettext_lazy("To see what became more than 10 % worse, and whether the version rose."),
    )

    def clean_file(self) -> bytes:
        return self._content("file") or b""

    def clean_previous(self) -> bytes | None:
        return self._content("previous")

    def _content(self, name: str) -> bytes | None:
        file: UploadedFile[Any] | None = self.cleaned_data[name]
        if file is None:
            return None
        if (file.size or 0) > epd_check.MOST_BYTES:
            raise forms.ValidationError(
                _("This file has %(size)s. Bring one of at most %(most)s.")
                % {"size": filesizeformat(file.size or 0), "most": filesizeformat(epd_check.MOST_BYTES)}
            )
        return bytes(file.read())


@dataclass(frozen=True, slots=True)
class Line:
    """A finding as the table shows it."""

    answer: Answer
    finding: Finding

    @property
    def outcome(self) -> str:
        return SEVERITIES[self.finding.severity]

    @property
    def values(self) -> list[tuple[str, str]]:
        return [(str(VALUES.get(name, name)), value) for name, value in self.finding.values.items()]


@dataclass(frozen=True, slots=True)
class Shown:
    """One declaration with its answers as the page shows it."""

    checked: Checked

    @property
    def outcome(self) -> str:
        return OUTCOMES[self.checked.word]

    @property
    def title(self) -> str:
        return str(VERDICTS[self.checked.word][0])

    @property
    def sentence(self) -> str:
        return str(VERDICTS[self.checked.word][1])

    @property
    def tally(self) -> dict[str, int]:
        return {OUTCOMES[word]: count for word, count in self.checked.counts().items()}

    @property
    def all_lines(self) -> list[Line]:
        """The findings, the gravest first."""
        return [Line(answer, one) for severity in Severity for answer, one in self.checked.findings(severity)]

    @property
    def lines(self) -> list[Line]:
        return self.all_lines[:SHOWN]

    @property
    def left_out(self) -> int:
        return max(0, len(self.all_lines) - SHOWN)

    @property
    def rules(self) -> Iterator[tuple[Answer, str]]:
        return ((one, OUTCOMES[one.word]) for one in self.checked.answers)


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """The form, and the report on the file that was brought."""
    form = EpdForm(request.POST, request.FILES) if request.method == "POST" else EpdForm()
    if form.is_bound and not ratelimit.consume(request, action=epd_check.ACTION):
        return render(request, "429.html", status=429)
    if not form.is_valid():
        return _form(request, form)
    try:
        found = epd_check.check(form.cleaned_data["file"], form.cleaned_data["previous"])
    except RecordError as error:
        form.add_error("file", f"{spoken(error.sentence)} {error.path}".strip())
        return _form(request, form)
    context = {
        "shown": [Shown(one) for one in found],
        "now": clock.now(),
        "kept": keep(to_value(found)),
        "name": getattr(request.FILES["file"], "name", ""),
        "not_checked": NOT_CHECKED,
    }
    return render(request, "epd/epd_report.html", context)


def _form(request: HttpRequest, form: EpdForm) -> HttpResponse:
    context = {"form": form, "rules": RULES, "not_checked": NOT_CHECKED}
    return render(request, "epd/epd_check.html", context, status=422 if form.is_bound else 200)
