"""Before and after signing: the answers to check, the signature, the receipt."""

from functools import partial
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_http_methods, require_safe

from traceability.ledger import tlogproof
from traceability.ledger.errors import RecordError
from traceability.models import Draft, Statement
from traceability.selectors import drafts as drafts_selector
from traceability.selectors import log, lots, partial_arrivals, receipts, statements
from traceability.selectors.access import Actor, NotFound
from traceability.selectors.receipts import Said
from traceability.services import drafts, own_signing, proposals, templates
from traceability.web import answers, balances, checking, drafting, own_keys, sentences, tables, words
from traceability.web.acting import for_member, today
from traceability.web.forms.flows import CORRECTABLE, FLOWS, flow_of
from traceability.web.forms.offers import Offers
from traceability.web.spoken import spoken
from traceability.web.tables import Column, Table, figures
from traceability.web.views import approving
from traceability.web.views.record import require_submitter, to_partner, unless_signed

RECEIPTS: Final = Table(
    "receipts",
    gettext_lazy("What you have signed"),
    (
        Column("kind", gettext_lazy("Statement"), lambda line: line[1], ("kind",)),
        Column("about", gettext_lazy("Lots"), lambda line: ", ".join(line[3])),
        Column("accepted", gettext_lazy("Accepted"), lambda line: line[0].accepted_at, ("pk",)),
        figures("entry", gettext_lazy("Entry of the log"), lambda line: line[2], order=("entry__index",), gaps=True),
        Column("digest", gettext_lazy("Digest"), lambda line: f"sha256:{bytes(line[0].digest).hex()}", seen=False),
    ),
    usual="-accepted",
    matches=lambda word: Q(kind__in=words.kinds_called(word)),
    what=gettext_lazy("statements"),
    wide=False,
)
REJECT: Final = "lot.reject"
NEXT: Final = (FLOWS["dispatch"], FLOWS["cancel"])
"""What often follows: goods that were made or received are sent on; a dispatch turns out wrong."""


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
@unless_signed
def check(request: HttpRequest, actor: Actor, draft_id: UUID) -> HttpResponse:
    """The answers in plain words, what stays confidential, the key; the button signs, once.

    Where the organisation wants approval, it puts them before a colleague, who signs on the same page.
    """
    require_submitter(actor)
    return _check(request, actor, draft_id)


def _check(request: HttpRequest, actor: Actor, draft_id: UUID) -> HttpResponse:
    if request.method == "POST" and (asked := approving.asked_for(request)):
        return _approval(request, actor, draft_id, asked)
    if request.method == "POST" and ({"open", "close"} & request.POST.keys()):
        return _open(request, actor, drafts_selector.draft(actor, draft_id))
    if request.method == "POST" and "bring" in request.POST:
        return _bring(request, actor, draft_id)
    if request.method == "POST":
        return _sign(request, actor, draft_id)
    draft = drafts_selector.draft(actor, draft_id)
    return to_partner(draft) or _page(request, actor, draft)


def _bring(request: HttpRequest, actor: Actor, draft_id: UUID) -> HttpResponse:
    """What was signed elsewhere with a key of one's own comes back as a file."""
    try:
        signed = own_signing.take(actor=actor, draft_id=draft_id, signed=own_keys.brought(request))
    except NotFound:
        raise
    except RecordError as error:
        draft = drafts_selector.draft(actor, draft_id)
        return to_partner(draft) or _page(request, actor, draft, refused=spoken(error.sentence))
    messages.success(request, _("Signed and recorded."))
    return redirect("receipt", signed.urn)


def _sign(request: HttpRequest, actor: Actor, draft_id: UUID) -> HttpResponse:
    if "agreed" not in request.POST:
        draft = drafts_selector.draft(actor, draft_id)
        return to_partner(draft) or _page(request, actor, draft, not_agreed=True)
    if "propose" in request.POST:
        return _propose(request, actor, drafts_selector.draft(actor, draft_id))
    try:
        signed = drafts.sign(actor=actor, draft_id=draft_id)
    except (NotFound, RecordError) as error:
        if isinstance(error, NotFound):
            raise
        draft = drafts_selector.draft(actor, draft_id)
        return to_partner(draft) or _page(request, actor, draft, refused=spoken(error.sentence))
    messages.success(request, _("Signed and recorded."))
    return redirect("receipt", signed.urn)


def _approval(request: HttpRequest, actor: Actor, draft_id: UUID, asked: str) -> HttpResponse:
    """Asks for the signature of a colleague, gives it, sends the draft back, or takes it back."""
    not_agreed = asked in approving.AGREED and "agreed" not in request.POST
    refused: RecordError | None = None
    try:
        if not not_agreed:
            return approving.do(request, actor, draft_id, asked)
    except NotFound:
        raise
    except RecordError as error:
        refused = error
    draft = drafts_selector.draft(actor, draft_id)
    sentence = spoken(refused.sentence) if refused else ""
    if refused and refused.path == "/reason":
        return _page(request, actor, draft, bad_reason=sentence)
    return to_partner(draft) or _page(request, actor, draft, not_agreed=not_agreed, refused=sentence)


def _open(request: HttpRequest, actor: Actor, draft: Draft) -> HttpResponse:
    """Opens a single value to everybody, or closes it again; the same page shows what then is closed."""
    if shown := to_partner(draft):
        return shown
    if place := request.POST.get("open"):
        drafts.open_value(actor=actor, draft=draft, place=place)
    else:
        drafts.close_value(actor=actor, draft=draft, place=request.POST.get("close", ""))
    return redirect(f"{request.path}#openings")


def _propose(request: HttpRequest, actor: Actor, draft: Draft) -> HttpResponse:
    """Puts the draft before the partner; sent a second time it simply shows how the proposal stands."""
    if shown := to_partner(draft):
        return shown
    try:
        proposals.propose(actor=actor, draft=draft)
    except RecordError as error:
        return _page(request, actor, draft, refused=spoken(error.sentence))
    messages.success(request, _("Proposed. Nothing is signed before your partner agrees."))
    return redirect("proposal", draft.pk)


def _page(
    request: HttpRequest,
    actor: Actor,
    draft: Draft,
    *,
    not_agreed: bool = False,
    refused: str = "",
    bad_reason: str = "",
) -> HttpResponse:
    checked = drafts.check(actor=actor, draft=draft)
    flow = flow_of(draft)
    tasks = drafting.tasks(draft, flow, checked.mistakes, "check")
    context: dict[str, Any] = {
        "section": "record",
        "actor": actor,
        "draft": draft,
        "flow": flow,
        "about": drafting.about_of(draft),
        "tasks": tasks,
        "done": drafting.done(tasks),
        "crumbs": [
            (_("Overview"), reverse("overview")), (_("Record"), reverse("record")), (_("Check and sign"), ""),
        ],
        "mistakes": [
            (drafting.href_of(draft, flow, one), spoken(one.sentence)) for one in checked.mistakes
        ],
        "not_agreed": not_agreed,
        "refused": refused if not checked.mistakes else "",
        "bad_reason": bad_reason,
    }  # fmt: skip
    context |= checking.context(actor, draft, checked) | approving.context(request, actor, draft)
    if not (context["partner"] or actor.organisation.approval_wanted):
        to_sign = reverse("api-draft-to-sign", args=[draft.pk])
        context["own"] = own_keys.block(actor, href=lambda key: f"{to_sign}?key={key}")
    return render(request, "traceability/record/check.html", context)


def _balance(actor: Actor, said: Said) -> dict[str, Any]:
    """The balance of the step that was signed, drawn and in words; nothing for what is no step."""
    if said.kind != "lot.transform":
        return {}
    matter = lots.matter_of(actor, {one.link.subject for one in said.fixed}, today())
    found = lots.step_balance(said.told, matter)
    return balances.context(found.balance, said.told.body, found.process) if found else {}


@for_member
@require_safe
def receipt(request: HttpRequest, actor: Actor, statement_id: UUID) -> HttpResponse:
    """What was signed: digest, custody hashes, the place in the log as soon as there is one."""
    said = receipts.statement(actor, statement_id, today())
    lot = _lot_here(actor, said)
    context = {
        "section": "",
        "actor": actor,
        "said": said,
        "sentence": _sentence(actor, said),
        "kind": words.kind(said.kind),
        "corrects_kind": words.kind(said.corrects.kind) if said.corrects else "",
        "signers": sentences.joined([one.name for one in said.signers]),
        "may_correct": actor.may_submit and said.correctable and said.kind in CORRECTABLE,
        "may_keep": actor.may_submit and templates.may_keep(said),
        "lot": lot,
        "arrival": partial_arrivals.of(actor).filter(rejection=said.row).first() if said.kind == REJECT else None,
        **_balance(actor, said),
        "next": [flow for flow in NEXT if lot and actor.may_submit and lot.state_here in flow.states],
        "may_void": actor.may_submit and said.voidable,
        "crumbs": [(_("Overview"), reverse("overview")), (pgettext("proof", "Receipt"), "")],
    }
    return render(request, "traceability/receipt.html", context)


@for_member
@require_safe
def receipt_list(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """What the organisation has signed, first or second, the newest first."""
    context = {
        "section": "record",
        "receipts": RECEIPTS.found(request, receipts.signed(actor), partial(_lines, actor)),
        "crumbs": [(_("Overview"), reverse("overview")), (_("Record"), reverse("record")), (_("Signed"), "")],
    }
    return tables.answer(request, "traceability/receipts.html", context)


def _lines(actor: Actor, rows: list[Statement]) -> list[Any]:
    places, lots = statements.log_places(rows), receipts.lots_of(actor, rows, today())
    return [(row, words.kind(row.kind), places.get(row.pk), lots.get(row.pk, ())) for row in rows]


def _lot_here(actor: Actor, said: Said) -> Any:
    """The first lot of a statement that the organisation made, holds or is to receive; None where there is none."""
    first = next((one.lot for one in said.fixed if one.lot and one.is_seen), None)
    try:
        return drafts_selector.lot_for(actor, first.pk, today()) if first else None
    except NotFound:
        return None


def _sentence(actor: Actor, said: Said) -> str:
    """What was signed, in one sentence; empty where values of it were erased."""
    if said.told.original.withheld:
        return ""
    named = [f"urn:uuid:{one.link.subject}" for one in said.fixed]
    called = {f"urn:uuid:{one.link.subject}": one.name for one in said.fixed}
    names = answers.Names(drafts_selector.lots_named(actor, named, today()), Offers(actor, today()), called)
    found = sentences.sentence(said.kind, said.content, said.content["body"], said.signers[0].name, names)
    second = said.signers[1:] if said.kind.startswith("lot.") else ()
    return " ".join([found, *(sentences.together(one.name) for one in second)])


@for_member
@require_safe
def proof(request: HttpRequest, actor: Actor, statement_id: UUID) -> HttpResponse:
    """The proof that the statement is in the log, as c2sp.org/tlog-proof."""
    said = receipts.statement(actor, statement_id, today())
    try:
        found = log.inclusion_proof(said.digest)
    except (log.NotInLog, log.LogNotOpen) as error:
        raise NotFound(error.sentence) from None
    response = HttpResponse(tlogproof.format_proof(found), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{said.row.urn}.tlog-proof"'
    return response
