"""What the organisation opened to whom, and closing it again for the time to come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from traceability.ledger import closed
from traceability.models import Mandate, Opening
from traceability.selectors import asking, openings
from traceability.selectors.access import Actor, NotFound
from traceability.selectors.asking import Value
from traceability.services import asking as use_cases
from traceability.services import members, organisations
from traceability.services.errors import NotAllowed
from traceability.web import asking_words, tables, words
from traceability.web.acting import for_member, today
from traceability.web.asking_forms import MandateForm
from traceability.web.spoken import spoken
from traceability.web.tables import Column, Table, buttons

VALUES: Final = Table(
    "opened-values",
    gettext_lazy("Values, one by one"),
    (
        Column("value", gettext_lazy("Value"), lambda line: line[1]),
        Column("to", gettext_lazy("Open to"), lambda line: line[0].organisation.name, ("organisation__name",)),
        Column("statement", gettext_lazy("Statement"), lambda line: _digest(line[0]), ("disclosure__statement",)),
        Column("since", gettext_lazy("Since"), lambda line: line[0].opened_at, ("opened_at",)),
        buttons(gettext_lazy("What you can do")),
    ),
    usual="-since",
    what=gettext_lazy("values"),
)
MANDATES: Final = Table(
    "mandates-given",
    gettext_lazy("Mandates"),
    (
        Column("to", gettext_lazy("Given to"), lambda line: line[0].holder.name),
        Column("purpose", gettext_lazy("For"), lambda line: line[0].get_purpose_display()),
        Column("from", gettext_lazy("From"), lambda line: line[0].valid_from),
        Column("until", gettext_lazy("Until"), lambda line: line[0].valid_until),
        Column("state", gettext_lazy("State"), lambda line: line[1].replace("_", " ")),
        buttons(gettext_lazy("What you can do")),
    ),
    part="mandates",
    wide=False,
)
RULES: Final = Table(
    "standing-rules",
    gettext_lazy("Standing rules"),
    (
        Column("values", gettext_lazy("Values"), lambda line: line[0]),
        Column("reader", gettext_lazy("Who reads them"), lambda line: line[1]),
    ),
    part="rules",
    wide=False,
)


@for_member
@require_safe
def show(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Single values by partner, mandates, and the standing rules."""
    partner = _uuid(request.GET.get("partner", ""))
    values = VALUES if actor.may_submit else VALUES.without("acts")
    mandates = MANDATES if actor.is_admin else MANDATES.without("acts")
    rules = [(words.GROUPS[group], words.READERS[audience]) for group, audience in openings.rules(actor).items()]
    shown = {
        "section": "requests",
        "actor": actor,
        "values": values.found(request, openings.values(actor, partner), _lines),
        "partner": partner,
        "partners": [(one.pk, one.name) for one in openings.partners(actor)],
        "mandates": mandates.of(request, [(one, _state(one)) for one in openings.mandates(actor)]),
        "rules": RULES.of(request, rules),
        "crumbs": [(_("Requests"), reverse("requests")), (_("What you opened"), "")],
    }
    return tables.answer(request, "asking/openings.html", shown)


def _lines(rows: list[Opening]) -> list[tuple[Opening, str]]:
    payloads: dict[int, Mapping[str, Any]] = {}
    return [(one, _in_words(one, payloads)) for one in rows]


def _digest(row: Opening) -> str:
    return f"sha256:{bytes(row.disclosure.statement.digest).hex()}"


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, actor: Actor, opening: int) -> HttpResponse:
    """Closes a value again to a partner, after saying what that can do and what not."""
    row = openings.value(actor, opening)
    if not actor.may_submit:
        raise NotAllowed(actor.why_not_submit)
    if request.method == "POST":
        use_cases.close(actor=actor, opening=row)
        messages.success(request, _("Closed. Your partner reads it no more from now on."))
        return redirect("openings")
    return render(request, "asking/close.html", {"section": "requests", "row": row, "said": _in_words(row, {})})


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def end_mandate(request: HttpRequest, actor: Actor, mandate: int) -> HttpResponse:
    """Ends a mandate, after saying what that can do and what not."""
    row = openings.mandate(actor, mandate)
    members.require_admin(actor)
    if request.method == "POST":
        if row.revoked_at is None:
            organisations.revoke_mandate(actor=actor, mandate=row)
        messages.success(request, _("Ended. From now on it opens nothing."))
        return redirect("openings")
    return render(request, "asking/mandate_end.html", {"section": "requests", "row": row})


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def give_mandate(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Lets an auditor or buyer read the organisation's confidential values until a day."""
    members.require_admin(actor)
    partners = [(one.urn, one.name) for one in openings.holders(actor, today())]
    form = MandateForm(request.POST or None, partners=partners, today=today())
    if form.is_valid():
        said = form.cleaned_data
        named = "identifier" if said["identifier"] else "holder"
        terms = {name: said[name] for name in ("purpose", "valid_from", "valid_until")}
        try:
            given = organisations.give_mandate(actor=actor, holder=openings.holder(said["holder"]), **terms)
        except (NotFound, organisations.MandateRefused) as error:
            place = error.path.strip("/") or named
            form.add_error(named if place == "holder" else place, spoken(error.sentence))
        else:
            messages.success(request, _("%(name)s has the mandate.") % {"name": given.holder.name})
            return redirect(reverse("openings") + "#mandates")
    crumbs = [(_("Requests"), reverse("requests")), (_("What you opened"), reverse("openings")), (_("Mandate"), "")]
    return render(request, "asking/mandate_give.html", {"section": "requests", "form": form, "crumbs": crumbs})


def _in_words(row: Opening, payloads: dict[int, Mapping[str, Any]]) -> str:
    """Which value it is, and what it says; each statement is read once."""
    disclosure = row.disclosure
    if disclosure.statement_id not in payloads:
        payloads[disclosure.statement_id] = asking.payload(disclosure.statement)
    payload = payloads[disclosure.statement_id]
    if disclosure.text is None:
        return asking_words.place(disclosure.path, payload) + ": " + _("erased for ever")
    return asking_words.value(Value(disclosure.path, closed.parse_disclosure(disclosure.text).value), payload)


def _state(row: Mandate) -> str:
    if row.revoked_at is not None:
        return "ended"
    if row.valid_until < today():
        return "over"
    return "coming" if row.valid_from > today() else "in_force"


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
