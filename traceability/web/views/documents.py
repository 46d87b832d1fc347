"""Documents of a draft, and documents as files to take away: never shown by this server's own pages."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from traceability.intake.drafts import MOST_DOCUMENTS
from traceability.models import Draft
from traceability.selectors import drafts as drafts_selector
from traceability.selectors.access import Actor
from traceability.services import draft_reading, drafts, evidence, lab_sheets
from traceability.services.errors import NotAllowed, Refusal
from traceability.web import drafting
from traceability.web.acting import for_member
from traceability.web.forms.flows import DOCUMENTS, flow_of
from traceability.web.spoken import spoken
from traceability.web.views.record import require_submitter, to_partner, unless_signed


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
@unless_signed
def of_draft(request: HttpRequest, actor: Actor, draft_id: UUID) -> HttpResponse:
    """The documents of a draft: add some, take one away, go on."""
    draft = drafts_selector.draft(actor, draft_id)
    require_submitter(actor)
    if shown := to_partner(draft):
        return shown
    flow = flow_of(draft)
    if DOCUMENTS not in flow.sections:
        raise Http404("There is no such section.")
    refused: list[tuple[str, str]] = []
    if request.method == "POST":
        if removed := request.POST.get("remove"):
            drafts.detach(actor=actor, draft=draft, sha256=removed)
            return redirect(request.path)
        refused = _attach(request, actor, draft)
        if not refused:
            drafts.save(actor=actor, draft=draft, typed={}, section=DOCUMENTS.key)
            return redirect(request.path if "add" in request.POST else reverse("draft_check", args=[draft.pk]))
    draft = drafts_selector.draft(actor, draft_id)
    understood = draft_reading.read(draft)
    tasks = drafting.tasks(draft, flow, understood.mistakes, DOCUMENTS.key)
    context: dict[str, Any] = {
        "section": "record",
        "draft": draft,
        "flow": flow,
        "about": drafting.about_of(draft),
        "page": DOCUMENTS,
        "number": flow.sections.index(DOCUMENTS) + 1,
        "tasks": tasks,
        "done": drafting.done(tasks),
        "refused": refused,
        "others_taken": len(request.FILES.getlist("document")) > len(refused),
        "accepted": evidence.ACCEPTED,
        "most": evidence.MOST_BYTES,
        "most_at_once": settings.LODESTONE_MAX_BODY_BYTES,
        "most_documents": MOST_DOCUMENTS,
        "readable": lab_sheets.READABLE if draft.kind in lab_sheets.ACTS else (),
        "crumbs": [(_("Overview"), reverse("overview")), (_("Record"), reverse("record")), (DOCUMENTS.title, "")],
    }
    return render(request, "traceability/record/documents.html", context)


def _attach(request: HttpRequest, actor: Actor, draft: Draft) -> list[tuple[str, str]]:
    """Adds the files that can be taken to the draft; the names of the others, each with the reason."""
    refused = []
    for file in request.FILES.getlist("document"):
        try:
            content = file.read(evidence.MOST_BYTES + 1)  # enough to see that it is too large
            drafts.attach(actor=actor, draft=draft, name=file.name or "", content=content)
        except NotAllowed:
            raise
        except Refusal as refusal:
            refused.append((evidence.plain_name(file.name or ""), spoken(refusal.sentence)))
    return refused


@for_member
@require_safe
def download(request: HttpRequest, actor: Actor, sha256: str) -> FileResponse:
    """A document of one's own organisation, as a file."""
    row = drafts_selector.document(actor, sha256)
    path = evidence.path_of(row.organisation_id, bytes(row.sha256))
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=evidence.safe_name(row), content_type=row.media_type
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
