"""Templates for recurring production: kept from a draft or a receipt, begun from, renamed, deleted."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from traceability.models import DraftTemplate
from traceability.selectors import drafts as drafts_selector
from traceability.selectors import receipts
from traceability.selectors import templates as selector
from traceability.selectors.access import Actor
from traceability.services import templates
from traceability.services.errors import NotAllowed, Refusal
from traceability.web import drafting, tables
from traceability.web.acting import for_member, number_style, today
from traceability.web.forms.flows import FLOWS, flow_of
from traceability.web.spoken import spoken
from traceability.web.tables import Column, Table, buttons
from traceability.web.templatetags.supplier import person_name
from traceability.web.views.record import offset_of, require_submitter

TEMPLATES: Final = Table(
    "templates",
    gettext_lazy("Templates"),
    (
        Column("name", gettext_lazy("Name"), lambda line: line[0].name),
        Column("act", gettext_lazy("What it begins"), lambda line: line[1]),
        Column("by", gettext_lazy("Kept by"), lambda line: person_name(line[0].made_by)),
        Column("at", gettext_lazy("Kept on"), lambda line: line[0].made_at),
        buttons(gettext_lazy("Actions")),
    ),
    usual="name",
    find=("name", "act", "by"),
    wide=False,
)


@for_member
@require_safe
def show(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The templates of the organisation."""
    require_submitter(actor)
    rows = TEMPLATES.of(request, [(one, FLOWS[one.kind].title) for one in selector.templates(actor)])
    crumbs = [(_("Overview"), reverse("overview")), (_("Record"), reverse("record")), (_("Templates"), "")]
    context = {"section": "record", "templates": rows, "crumbs": crumbs}
    return tables.answer(request, "traceability/templates.html", context)


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, actor: Actor, template_id: UUID) -> HttpResponse:
    """One template: begins a draft from it, renames it."""
    template = selector.template(actor, template_id)
    require_submitter(actor)
    if "begin" in request.POST:
        offset = offset_of(request, actor)
        draft = templates.begin(actor=actor, template=template, style=number_style(request), utc_offset=offset)
        return redirect("draft_section", draft.pk, flow_of(draft).sections[0].key)
    context = {"template": template, "act": FLOWS[template.kind].title, "name": template.name}
    if "rename" not in request.POST:
        return _form(request, context)
    return _named(request, context, lambda name: templates.rename(actor=actor, template=template, name=name))


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, actor: Actor, template_id: UUID) -> HttpResponse:
    """Deletes a template, after saying what stays."""
    template = selector.template(actor, template_id)
    require_submitter(actor)
    if request.method == "POST":
        templates.delete(actor=actor, template=template)
        messages.success(request, _("The template is gone. Drafts that began from it stay."))
        return redirect("templates")
    crumbs = [(_("Record"), reverse("record")), (_("Templates"), reverse("templates")), (_("Delete"), "")]
    context = {"section": "record", "crumbs": crumbs, "template": template, "act": FLOWS[template.kind].title}
    return render(request, "traceability/template_delete.html", context)


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def keep_draft(request: HttpRequest, actor: Actor, draft_id: UUID) -> HttpResponse:
    """Keeps what stays of a draft under a name."""
    draft = drafts_selector.draft(actor, draft_id)
    require_submitter(actor)
    context = {"back": reverse("draft", args=[draft.pk]), "name": drafting.about_of(draft)}
    if request.method != "POST":
        return _form(request, context)
    return _named(request, context, lambda name: templates.keep_draft(actor=actor, draft=draft, name=name))


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
def keep_statement(request: HttpRequest, actor: Actor, statement_id: UUID) -> HttpResponse:
    """Keeps what stays of a signed statement under a name."""
    said = receipts.statement(actor, statement_id, today())
    require_submitter(actor)
    context = {"back": reverse("receipt", args=[said.row.urn]), "name": ""}
    if request.method != "POST":
        return _form(request, context)
    return _named(request, context, lambda name: templates.keep_statement(actor=actor, said=said, name=name))


def _named(request: HttpRequest, context: dict[str, Any], store: Callable[[str], DraftTemplate]) -> HttpResponse:
    """Stores the template under the name that was typed; a name that cannot be had is said beside it."""
    name = request.POST.get("name", "")
    try:
        store(name)
    except NotAllowed:
        raise
    except Refusal as error:
        return _form(request, context | {"name": name, "error": spoken(error.sentence)})
    messages.success(request, _("Kept. You begin drafts from it here."))
    return redirect("templates")


def _form(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    crumbs = [(_("Record"), reverse("record")), (_("Templates"), reverse("templates")), (_("Template"), "")]
    return render(request, "traceability/template.html", {"section": "record", "crumbs": crumbs} | context)
