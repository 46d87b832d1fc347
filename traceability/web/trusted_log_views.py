"""Which logs of other records the operator trusts: shown, trusted, trusted no longer."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from traceability.ledger.errors import RecordError
from traceability.selectors import foreign_lots
from traceability.selectors.access import Actor, NotFound
from traceability.services import trusted_logs
from traceability.services.trusted_logs import LONGEST_NAME, LONGEST_REASON
from traceability.web import tables
from traceability.web.acting import for_member
from traceability.web.spoken import spoken
from traceability.web.tables import Column, Table, buttons
from traceability.web.templatetags.supplier import person_name

LOGS: Final = Table(
    "trusted-logs",
    gettext_lazy("Trusted logs"),
    (
        Column("name", gettext_lazy("Record"), lambda row: row.name, ("name",)),
        Column("origin", gettext_lazy("Log"), lambda row: row.origin, ("origin",)),
        Column("state", gettext_lazy("State"), lambda row: _("No longer trusted") if row.revoked_at else _("Trusted"),
               ("revoked_at",), gaps=True),
        Column("by", gettext_lazy("Trusted by"), lambda row: person_name(row.trusted_by)),
        Column("since", gettext_lazy("Since"), lambda row: row.trusted_at, ("trusted_at",)),
        buttons(gettext_lazy("Actions")),
    ),
    usual="-since",
    find=("name", "origin"),
    what=gettext_lazy("records"),
    wide=False,
)  # fmt: skip


class TrustForm(forms.Form):
    """The files by which a log is trusted."""

    name = forms.CharField(label=gettext_lazy("Who runs it"), max_length=LONGEST_NAME)
    policy = forms.CharField(
        label=gettext_lazy("Policy"),
        help_text=gettext_lazy("Lines that begin with log, witness and quorum: the keys of one log."),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )
    trust = forms.CharField(
        label=gettext_lazy("Trust file"),
        required=False,
        help_text=gettext_lazy("Whom of that record you accept (trust.json). Left empty, everybody who is registered."),
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )


class RevokeForm(forms.Form):
    """Why a log is trusted no longer."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3})
    )


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def show_all(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The logs that are or were trusted, and the form to trust another one."""
    rows = foreign_lots.trusted_logs(actor)
    form = TrustForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            trusted_logs.trust(actor=actor, name=given["name"], policy=given["policy"], trust_file=given["trust"])
        except NotFound:
            raise
        except RecordError as error:
            place = error.path.removeprefix("/")
            form.add_error(place if place in form.fields else "policy", spoken(error.sentence))
        else:
            messages.success(request, _("Trusted from now on."))
            return redirect("operator_records")
    return tables.answer(request, "operator/records.html", {"logs": LOGS.found(request, rows, list), "form": form})


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, actor: Actor, log_id: UUID) -> HttpResponse:
    """Ends the trust in a log, with a reason."""
    row = foreign_lots.trusted_log(actor, log_id)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        trusted_logs.revoke(actor=actor, log=row.pk, reason=form.cleaned_data["reason"])
        messages.success(request, _("No longer trusted. Nothing more comes in from there."))
        return redirect("operator_records")
    return render(request, "operator/record_revoke.html", {"row": row, "form": form})
