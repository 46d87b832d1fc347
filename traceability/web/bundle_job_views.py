"""Bundles that are packed in the background: asked for, looked at, cancelled, fetched. All of it without script too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from traceability.models import BundleJob, Lot
from traceability.selectors import lot_facts
from traceability.selectors.access import Actor
from traceability.services import bundle_jobs, export
from traceability.web import tables
from traceability.web.acting import for_member, today
from traceability.web.spoken import spoken
from traceability.web.tables import Column, Table, figures

BUNDLES: Final = Table(
    "bundles",
    gettext_lazy("Bundles"),
    (
        Column("lot", gettext_lazy("Lot"), lambda line: line.label),
        Column("state", gettext_lazy("State"), lambda line: line.row.get_state_display(), ("state",)),
        figures("statements", gettext_lazy("Statements"), lambda line: line.row.total, order=("total",), gaps=True),
        figures("size", gettext_lazy("Size"), lambda line: line.row.octets, order=("octets",), gaps=True),
        Column("asked", gettext_lazy("Asked for"), lambda line: line.row.requested_at, ("requested_at",)),
        Column("kept", gettext_lazy("Kept until"), lambda line: line.kept_until, ("requested_at",)),
    ),
    usual="-asked",
    what=gettext_lazy("bundles"),
    wide=False,
)
NOT_IN_A_NAME: Final = re.compile(r"[^A-Za-z0-9._-]+")
TAGS: Final = {
    BundleJob.State.WAITING: ("na", "clock"),
    BundleJob.State.RUNNING: ("info", "clock"),
    BundleJob.State.DONE: ("info", "pass"),
    BundleJob.State.FAILED: ("fail", "fail"),
    BundleJob.State.CANCELLED: ("na", "na"),
}


@for_member
@require_safe
def show_all(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The bundles that the reader asked for."""
    bundles = BUNDLES.found(request, bundle_jobs.of(actor), partial(_lines, actor))
    return tables.answer(request, "bundles/list.html", {"bundles": bundles, "section": "lots"})


def _lines(actor: Actor, rows: list[BundleJob]) -> list[_Line]:
    labels = labels_of(actor, [row.lot for row in rows])
    return [_Line(row, labels) for row in rows]


@for_member
@require_safe
def show(request: HttpRequest, actor: Actor, job_id: UUID) -> HttpResponse:
    """One bundle: how far it is, or the file."""
    row = bundle_jobs.one(actor, job_id)
    line = _Line(row, labels_of(actor, [row.lot]))
    trail = [(_("Bundles"), reverse("bundle_jobs")), (line.label, "")]
    return render(request, "bundles/job.html", {"line": line, "job": row, "crumbs": trail, "section": "lots"})


@for_member
@require_POST
def cancel(request: HttpRequest, actor: Actor, job_id: UUID) -> HttpResponse:
    """Ends a job, or takes a packed file away."""
    bundle_jobs.cancel(actor=actor, job=job_id)
    messages.success(request, _("Cancelled. Nothing of it is kept."))
    return redirect("bundle_job", job_id)


@for_member
@require_safe
def file(request: HttpRequest, actor: Actor, job_id: UUID) -> HttpResponseBase:
    """The packed bundle, while the reader may see all that is in it."""
    try:
        row, path = bundle_jobs.file_of(actor=actor, job=job_id)
    except (bundle_jobs.BundleNotReady, bundle_jobs.ReadingChanged) as error:
        messages.warning(request, spoken(error.sentence))
        return redirect("bundle_job", job_id)
    return sent(path.open("rb"), labels_of(actor, [row.lot])[row.lot])


def ask(request: HttpRequest, actor: Actor, lot: Lot, count: int) -> HttpResponse:
    """The page that says that the bundle of a lot is packed in the background, and begins it."""
    label = labels_of(actor, [lot.pk])[lot.pk]
    trail = [(_("Lots you may see"), reverse("lots")), (label, reverse("lot", args=[lot.pk])), (_("Export"), "")]
    earlier = [_Line(row, {lot.pk: label}) for row in bundle_jobs.of(actor).filter(lot=lot.pk)[:5]]
    shown = {"lot": lot, "label": label, "count": count, "earlier": earlier, "crumbs": trail, "section": "lots"}
    return render(request, "bundles/ask.html", shown)


def begin(request: HttpRequest, actor: Actor, lot: UUID) -> HttpResponse:
    """Lets the bundle of a lot be packed, and leads to its page."""
    try:
        job = bundle_jobs.request(actor=actor, lot=lot)
    except bundle_jobs.TooManyBundles as error:
        messages.error(request, spoken(error.sentence))
        return redirect("bundle_jobs")
    return redirect("bundle_job", job.pk)


def sent(file: object, label: str) -> FileResponse:
    """A bundle as a download, named after its lot."""
    name = f"{NOT_IN_A_NAME.sub('-', label).strip('-')}{export.ENDING}"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")


def labels_of(actor: Actor, wanted: Sequence[UUID]) -> dict[UUID, str]:
    """What the reader calls these lots; those that he may no longer see bear a part of their number."""
    known = lot_facts.labels_of(actor, wanted, today())
    return {lot: known.get(lot) or _("Lot %(id)s") % {"id": str(lot)[:8]} for lot in wanted}


class _Line:
    """One bundle in words."""

    def __init__(self, row: BundleJob, labels: dict[UUID, str]) -> None:
        self.row, self.label = row, labels[row.lot]
        self.outcome, self.icon = TAGS[BundleJob.State(row.state)]
        self.kept_until = row.requested_at + bundle_jobs.KEPT
