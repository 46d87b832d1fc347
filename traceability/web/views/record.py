"""Recording: an act is chosen, a draft begun, filled section by section, checked, and signed."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from traceability.intake.flat import BadFieldName
from traceability.intake.notes import Mistake
from traceability.intake.parting import rows
from traceability.models import Draft, Proposal
from traceability.selectors import drafts as drafts_selector
from traceability.selectors import receipts
from traceability.selectors.access import Actor, NotFound
from traceability.services import beginnings, draft_reading, drafts, local_clock, previous
from traceability.services.beginnings import Beginning
from traceability.services.draft_reading import Understood, typed_fields
from traceability.services.errors import NotAllowed
from traceability.web import balances, drafting
from traceability.web.acting import for_member, number_style, today
from traceability.web.forms.draft_form import DraftForm
from traceability.web.forms.flows import FLOWS, Flow, Section, flow_of
from traceability.web.forms.offers import Offers
from traceability.web.forms.parts import Rows

View = Callable[..., HttpResponse]
OFFSET = "utc_offset"
"""Where the session keeps the clock that the person used last."""
CHANGES = ("add_row", "remove_row", "like_output")
"""Buttons that change the rows of a page and show it again."""
CHOICES = (
    (gettext_lazy("Matter comes in"), ("source", "receive", "reject", "parts")),
    (gettext_lazy("Matter is worked on"), ("transform", "split", "merge")),
    (gettext_lazy("Matter leaves"), ("dispatch", "cancel", "dispose")),
    (gettext_lazy("What is known of a lot"), ("assay", "adjust", "settle", "hold", "release", "recall")),
    (gettext_lazy("What is claimed of goods"), ("account", "credit", "claim", "give_up")),
    (gettext_lazy("Your sites"), ("facility", "certificate")),
)


@for_member
@require_safe
def choose(request: HttpRequest, actor: Actor) -> HttpResponse:
    """All acts to choose from, and the drafts that were begun."""
    require_submitter(actor)
    lot = _lot_asked_for(request, actor, "GET")
    choices = [(title, [FLOWS[key] for key in keys]) for title, keys in CHOICES]
    if lot is not None:
        state = lot.state_here
        choices = [(title, [one for one in flows if state in one.states]) for title, flows in choices]
    context = {
        "section": "record",
        "actor": actor,
        "choices": [(title, flows) for title, flows in choices if flows],
        "lot": lot,
        "like_last": _with_earlier(actor) if lot is None else (),
        "drafts": drafting.summaries(actor, drafts_selector.drafts(actor)),
    }
    return render(request, "traceability/record/choose.html", context)


def unless_signed(view: View) -> View:
    """The view of a draft; who comes back to one that was signed meanwhile is led to its receipt."""

    @wraps(view)
    def answer(request: HttpRequest, actor: Actor, draft_id: UUID, **more: Any) -> HttpResponse:
        try:
            return view(request, actor, draft_id, **more)
        except NotFound:
            signed = drafts.signed_before(actor, draft_id)
        messages.info(request, _("This is signed and recorded already."))
        return redirect("receipt", signed.urn)

    return answer


def _with_earlier(actor: Actor) -> list[str]:
    """The acts that can begin like the last one."""
    kinds = set(receipts.own(actor).order_by().values_list("kind", flat=True).distinct())
    return [act for act in previous.LIKE_THE_LAST if draft_reading.ACTS[act] in kinds]


def _lot_asked_for(request: HttpRequest, actor: Actor, method: str) -> Any:
    asked = getattr(request, method).get("lot", "")
    if not asked:
        return None
    try:
        return drafts_selector.lot_for(actor, UUID(asked), today())
    except ValueError:
        raise Http404("There is no such lot.") from None


@for_member
@require_POST
def begin(request: HttpRequest, actor: Actor) -> HttpResponse:
    """A new draft of the act that was chosen, about a lot where one was named."""
    act = request.POST.get("act", "")
    if act not in FLOWS or act == "void":
        raise Http404("There is no such act.")
    beginning = Beginning(
        act,
        lot=_lot_asked_for(request, actor, "POST"),
        style=number_style(request),
        utc_offset=offset_of(request, actor),
    )
    if "like_last" in request.POST:
        draft = previous.begin_like_last(actor=actor, beginning=beginning, today=today())
    else:
        draft = beginnings.begin(actor=actor, beginning=beginning)
    return redirect("draft_section", draft.pk, flow_of(draft).sections[0].key)


def offset_of(request: HttpRequest, actor: Actor) -> str:
    """The clock with which a form begins: the one that the person used last, else that of the place."""
    return request.session.get(OFFSET) or local_clock.usual_offset(actor)


@for_member
@require_safe
@unless_signed
def go_on(request: HttpRequest, actor: Actor, draft_id: UUID) -> HttpResponse:
    """The first section of a draft that is not done yet."""
    draft = _draft(actor, draft_id)
    return to_partner(draft) or redirect(drafting.first_open(draft, flow_of(draft), draft_reading.read(draft).mistakes))


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
@unless_signed
def section(request: HttpRequest, actor: Actor, draft_id: UUID, key: str) -> HttpResponse:
    """One section: its questions; what was typed is kept whether it can be read or not."""
    draft, flow, found = _section(actor, draft_id, key)
    if shown := to_partner(draft):
        return shown
    if request.method == "GET":
        return _page(request, actor, draft, found, _known_mistakes(request, actor, draft, found))
    with transaction.atomic():
        draft = drafts.locked(actor, draft)
        if clash := _clash(request, actor, draft, found):
            return clash
        draft = _save(request, actor, draft, found)
    if changed := _change_rows(request, actor, draft, found):
        return changed
    if "later" in request.POST:
        messages.success(request, _("Your draft is safe. Nothing has been signed."))
        return redirect("record")
    checked = drafts.check(actor=actor, draft=draft)
    if any(drafting.belongs(one, found) for one in checked.mistakes):
        return _page(request, actor, draft, found, checked.mistakes)
    following = flow.after(found)
    if following is None:
        return redirect("draft_check", draft.pk)
    return redirect("draft_section", draft.pk, following.key)


def _known_mistakes(request: HttpRequest, actor: Actor, draft: Draft, found: Section) -> tuple[Mistake, ...]:
    """What is wrong in a section that was filled in before; a row that was just added is left in peace."""
    if found.key not in draft.typed["visited"] or "at" in request.GET:
        return ()
    return drafts.check(actor=actor, draft=draft).mistakes


def _clash(request: HttpRequest, actor: Actor, draft: Draft, found: Section) -> HttpResponse | None:
    """What was typed, kept on the page and not saved, where other answers were saved since the page was made."""
    seen_at, _dot, seen = request.POST.get("seen", "").partition(".")
    if not seen or seen_at == _stamp(draft):
        return None
    offers = _offers(actor, draft)
    saved = DraftForm(found.parts, typed_fields(draft), offers)
    if seen == saved.digest:
        return None
    draft.typed["fields"] = drafts.merged(typed_fields(draft), _typed(request, actor, draft, found))
    others = saved.answers_unlike(DraftForm(found.parts, typed_fields(draft), offers))
    if not others:
        return None
    context = _context(actor, draft, found, draft_reading.read(draft), ())
    told = {"seen": f"{_stamp(draft)}.{saved.digest}", "others": others}
    return render(request, f"traceability/record/{found.template}.html", context | told)


def _stamp(draft: Draft) -> str:
    return draft.updated_at.strftime("%Y%m%d%H%M%S%f")


def _save(request: HttpRequest, actor: Actor, draft: Draft, found: Section) -> Draft:
    if request.POST.get(OFFSET):
        request.session[OFFSET] = request.POST[OFFSET][:6]
    plain = not set(CHANGES) & request.POST.keys()
    typed = _typed(request, actor, draft, found)
    tree = beginnings.completed(actor, draft, typed) if plain else typed
    return drafts.save(actor=actor, draft=draft, typed=tree, section=found.key if plain else "")


def _typed(request: HttpRequest, actor: Actor, draft: Draft, found: Section) -> dict[str, object]:
    form = DraftForm(found.parts, typed_fields(draft), _offers(actor, draft))
    try:
        return form.tree(request.POST)
    except BadFieldName as error:
        raise Http404(error.sentence) from None


def _change_rows(request: HttpRequest, actor: Actor, draft: Draft, found: Section) -> HttpResponse | None:
    """One more row, or one less, and the same page again."""
    asked = next((request.POST[one] for one in CHANGES if one in request.POST), "")
    if asked and asked.partition("-")[0] not in found.names:
        raise Http404("There is no such list in this section.")
    if wanted := request.POST.get("add_row"):
        place = wanted.replace("-", "/")
        row = f"{wanted}-{drafts.add_row(actor=actor, draft=draft, place=place)}"
        return redirect(f"{request.path}?at={row}#{row}")
    if wanted := request.POST.get("like_output"):
        drafts.copy_contents(actor=actor, draft=draft, place=wanted.replace("-", "/"))
        return redirect(f"{request.path}#{wanted}")
    if wanted := request.POST.get("remove_row"):
        drafts.remove_row(actor=actor, draft=draft, place=wanted.replace("-", "/"))
        return redirect(f"{request.path}#{wanted.rpartition('-')[0]}")
    return None


@for_member
@require_POST
def preview(request: HttpRequest, actor: Actor, draft_id: UUID, key: str) -> HttpResponse:
    """What is understood of the fields as they stand now, and the balance; nothing is kept."""
    draft, _flow, found = _section(actor, draft_id, key)
    tree = beginnings.completed(actor, draft, _typed(request, actor, draft, found))
    draft.typed["fields"] = drafts.merged(typed_fields(draft), tree)
    context = _context(actor, draft, found, draft_reading.read(draft), ())
    return render(request, "traceability/record/preview.html", context)


@for_member
@require_http_methods(["GET", "HEAD", "POST"])
@unless_signed
def discard(request: HttpRequest, actor: Actor, draft_id: UUID) -> HttpResponse:
    """Throws a draft away, after asking."""
    draft = _draft(actor, draft_id)
    if shown := to_partner(draft):
        return shown
    if request.method == "POST":
        drafts.discard(actor=actor, draft=draft)
        messages.success(request, _("The draft is gone. Nothing of it was signed."))
        return redirect("record")
    return render(request, "traceability/record/discard.html", {"section": "record", "one": drafting.summary(draft)})


def to_partner(draft: Draft) -> HttpResponse | None:
    """The way to the proposal, where the draft was put before a partner: it stays as it is until it is taken back."""
    return redirect("proposal", draft.pk) if Proposal.objects.filter(draft=draft).exists() else None


def require_submitter(actor: Actor) -> None:
    if not actor.may_submit:
        raise NotAllowed(actor.why_not_submit)


def _draft(actor: Actor, draft_id: UUID) -> Draft:
    found = drafts_selector.draft(actor, draft_id)
    require_submitter(actor)
    return found


def _section(actor: Actor, draft_id: UUID, key: str) -> tuple[Draft, Flow, Section]:
    draft = _draft(actor, draft_id)
    flow = flow_of(draft)
    found = flow.section(key)
    if found is None or key == "documents":
        raise Http404("There is no such section.")
    return draft, flow, found


def _offers(actor: Actor, draft: Draft) -> Offers:
    drawn = [str(row.get("lot", "")) for row in rows(typed_fields(draft), "inputs")]
    return Offers(actor, today(), drawn, draft_reading.style_of(draft))


def _page(
    request: HttpRequest, actor: Actor, draft: Draft, found: Section, mistakes: tuple[Mistake, ...] = ()
) -> HttpResponse:
    context = _context(actor, draft, found, draft_reading.read(draft), mistakes, request.GET.get("at", ""))
    return render(request, f"traceability/record/{found.template}.html", context)


def _context(
    actor: Actor,
    draft: Draft,
    found: Section,
    understood: Understood,
    mistakes: tuple[Mistake, ...],
    focus: str = "",
) -> dict[str, Any]:
    flow = flow_of(draft)
    here = [one for one in mistakes if drafting.belongs(one, found)]
    form = DraftForm(
        found.parts,
        typed_fields(draft),
        _offers(actor, draft),
        mistakes=here,
        heard=drafting.heard(draft, understood),
        focus=focus,
    )
    tasks = drafting.tasks(draft, flow, mistakes or understood.mistakes, found.key)
    context: dict[str, Any] = {
        "section": "record",
        "draft": draft,
        "flow": flow,
        "about": drafting.about_of(draft),
        "page": found,
        "number": flow.sections.index(found) + 1,
        "form": form,
        "seen": f"{_stamp(draft)}.{form.digest}",
        "nouns": {part.name: part for part in found.parts if isinstance(part, Rows)},
        "tasks": tasks,
        "done": drafting.done(tasks),
        "understood": understood,
        "shipment": drafting.shipment_of(understood),
        "crumbs": [(_("Overview"), reverse("overview")), (_("Record"), reverse("record")), (found.title, "")],
    }
    return context | (balances.context(understood.balance, understood.partial) if found.weighs else {})
