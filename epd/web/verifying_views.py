"""From the submission of a declaration to the register: the pages of declarant, verifier and programme operator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from epd.models import Declaration
from epd.selectors import checklist, declarations
from epd.selectors import verification as selector
from epd.selectors.verification import Said
from epd.services import approvals, review, verification
from epd.web import approving
from epd.web import verifying_words as words
from epd.web.verifying_forms import RefuseForm, RegisterForm, RemarkForm, SubmitForm, TakeBackForm, VerifyForm
from traceability.ledger.errors import RecordError
from traceability.ledger.kinds.verification import REGISTRATION, VERIFICATION
from traceability.models import FiguresApproval, Organisation
from traceability.selectors import access
from traceability.selectors.access import Actor
from traceability.services.rows_world import uuid_of
from traceability.web import tables
from traceability.web.acting import for_member, today
from traceability.web.spoken import spoken
from traceability.web.tables import Column, Table
from traceability.web.words import Words
from traceability.web.words import kind as kind_words

ROLES: Final = {VERIFICATION: ("verifier", "auditor"), REGISTRATION: ("programme_operator", "operator")}
Stage = Declaration.Stage
SUBMITTED: Final = Table(
    "submitted",
    gettext_lazy("Declarations that were submitted to you"),
    (
        Column("reference", gettext_lazy("Reference"), lambda line: line[0].reference, ("reference",)),
        Column("product", gettext_lazy("Product"), lambda line: line[0].product, ("product",)),
        Column("declarant", gettext_lazy("Declarant"), lambda line: line[0].declarant.name, ("declarant__name",)),
        Column("asks", gettext_lazy("Asks for"), lambda line: asks_of(line[0]), ("asks",)),
        Column("stage", gettext_lazy("State"), lambda line: line[1], ("status", "stage")),
        Column("published", gettext_lazy("Published"), lambda line: line[0].published_at, ("published_at",)),
    ),
    usual="-published",
    find=("reference", "product", "declarant__name"),
    what=gettext_lazy("declarations"),
)


def asks_of(one: Declaration) -> str:
    """What is asked of the one to whom it was submitted."""
    return str(words.ASKS.get(one.asks, ""))


def state_of(one: Declaration) -> str:
    """Whether it stands, and how far it has come."""
    return words.stage_of(one, today()) if one.status == Declaration.Status.PUBLISHED else one.get_status_display()


def said_of(one: Declaration) -> list[tuple[Words, Said, Words]]:
    """Everything that was signed on a declaration, with its words, and the level of assurance of a verification."""
    return [(kind_words(said.kind), said, words.level_of(said)) for said in selector.history_of(one)]


# The declarant


@for_member
def submit(request: HttpRequest, actor: Actor, reference: str) -> HttpResponseBase:
    """What our rules find, then to whom it goes; one person asks, another signs."""
    row = declarations.by_reference(reference)
    if row.declarant_id != actor.organisation.pk or row.status != Declaration.Status.PUBLISHED:
        raise Http404("There is no declaration of yours with this reference that is in force.")
    asks = REGISTRATION if row.verifier is not None and "again" not in request.GET else VERIFICATION
    form = SubmitForm(request.POST or None, candidates=selector.candidates(actor, ROLES[asks]))
    here = reverse("declaration_submit", args=[row.reference])

    def ask() -> None:
        approvals.ask_submission(actor=actor, declaration=row, to=form.cleaned_data["to"], asks=asks)

    asked = approving.asked_for(request)
    if asked and (asked != approving.ASK or form.is_valid()):
        take_back = partial(approvals.take_end_back, actor=actor, declaration=row)
        return approving.do(request, actor, approving.Buttons(here, ask, take_back), asked)
    waits = approving.Approving.of_end(actor, row)
    if waits.waits and waits.row and waits.row.what != FiguresApproval.What.SUBMIT:
        return redirect(f"declaration_{waits.row.what}", reference=row.reference)
    found = review.review_of(row)
    asked_before = selector.names_of([row.submitted_to if row.stage == Stage.SUBMITTED else None])
    to = Organisation.objects.filter(pk=uuid_of(waits.said["to"])).first() if "to" in waits.said else None
    shown = {
        "declaration": row, "form": form, "asks": asks, "asks_words": words.ASKS[asks], "approving": waits,
        "errors_found": [one for one in found if one.blocks], "notes_found": [one for one in found if not one.blocks],
        "to": to, "why_not": actor.why_not_submit, "section": "declarations",
        "answers": next(iter(asked_before.values()), ""),
        "waits_for": words.ASKS.get(waits.said.get("asks", ""), ""),
        "crumbs": [(_("Declarations"), reverse("declarations")),
                   (row.reference, reverse("declaration", args=[row.reference])), (_("Submit"), "")],
    }  # fmt: skip
    return render(request, "epd/submit.html", shown)


# Verifier and programme operator


def _lines(rows: list[Declaration]) -> list[tuple[Declaration, str]]:
    return [(one, state_of(one)) for one in rows]


@for_member
def submitted(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The declarations that wait for the organisation, and those that it verified or registered."""
    rows = SUBMITTED.found(request, selector.submitted_to(actor), _lines)
    crumbs = [(_("Declarations"), reverse("declarations")), (_("Submitted to you"), "")]
    return tables.answer(request, "epd/submitted.html", {"rows": rows, "section": "declarations", "crumbs": crumbs})


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that may be signed here: its form, and what signs it."""

    name: str
    form: forms.Form
    sign: Callable[[], str]


@for_member
def workbench(request: HttpRequest, actor: Actor, reference: str) -> HttpResponseBase:
    """Findings, the check list with its evidence, remarks, and the statement that is signed in the end."""
    row = _of_the_two(actor, reference)
    is_declarant = row.declarant_id == actor.organisation.pk
    acts = {} if is_declarant else {one.name: one for one in _acts(request, actor, row)}
    remark = RemarkForm(request.POST if "remark" in request.POST else None)
    if request.method == "POST":
        done = _remarked(request, actor, row, remark) or _signed(request, row, acts)
        if done is not None:
            return done
    body = declarations.told(row, actor, today()).body
    found = checklist.check_list(actor, row, body, today())
    shown = {
        "declaration": row, "is_declarant": is_declarant, "found": found, "points": _points(found, acts.get("verify")),
        "review": review.review_of(row), "remarks": list(selector.remarks_on(actor, row)), "remark": remark,
        "acts": {name: one.form for name, one in acts.items()}, "history": said_of(row),
        "sampling": _sampling(actor, row), "asks": asks_of(row), "state": state_of(row),
        "why_not": actor.why_not_submit,
        "section": "declarations", "own": actor.organisation.pk,
        "crumbs": [(_("Declarations"), reverse("declarations")), (_("Submitted to you"), reverse("verifications")),
                   (row.reference, "")],
    }  # fmt: skip
    return render(request, "epd/workbench.html", shown)


def _of_the_two(actor: Actor, reference: str) -> Declaration:
    row = declarations.by_reference(reference)
    selector.partner_of(actor, row)
    return row


def _acts(request: HttpRequest, actor: Actor, row: Declaration) -> list[Act]:
    """What the organisation may sign now, with what was typed."""
    if row.status != Declaration.Status.PUBLISHED:
        return []
    own = actor.organisation.pk
    waits = row.stage == Stage.SUBMITTED and row.submitted_to == own
    found = []
    if waits and row.asks == VERIFICATION:
        verify = VerifyForm(_typed(request, "verify"), initial={"standards": "ISO 14025:2026"})
        found.append(Act("verify", verify, lambda: _verify(actor, row, verify)))
    if waits and row.asks == REGISTRATION:
        initial = {"published": today(), "valid_until": row.verified_until}
        register = RegisterForm(_typed(request, "register"), initial=initial)
        found.append(Act("register", register, lambda: _register(actor, row, register)))
    if row.submitted_to == own and row.stage == Stage.REGISTERED:
        back = TakeBackForm(_typed(request, "take_back"))
        others = Declaration.objects.filter(registrar=own, stage=Stage.REGISTERED, status=row.status).exclude(pk=row.pk)
        back.fields["successor"].queryset = others  # type: ignore[attr-defined]
        found.append(Act("take_back", back, lambda: _refuse(actor, row, back)))
    elif waits or (row.submitted_to == own and row.verifier == own):
        refuse = RefuseForm(_typed(request, "refuse"))
        found.append(Act("refuse", refuse, lambda: _refuse(actor, row, refuse)))
    return found


def _typed(request: HttpRequest, name: str) -> Any:
    return request.POST if name in request.POST else None


def _verify(actor: Actor, row: Declaration, form: VerifyForm) -> str:
    verification.verify(actor=actor, declaration=row, answers=form.said())
    return _("Verified and signed. The page of the declaration says so from now on.")


def _register(actor: Actor, row: Declaration, form: RegisterForm) -> str:
    verification.register(actor=actor, declaration=row, entry=form.said())
    return _("Registered and signed. It stands in the public register with its number.")


def _refuse(actor: Actor, row: Declaration, form: RefuseForm) -> str:
    given = form.cleaned_data
    successor = given.get("successor")
    verification.refuse(actor=actor, declaration=row, reason=given["reason"], successor=successor)
    return _("Signed. Everybody can read the reasons.")


def _signed(request: HttpRequest, row: Declaration, acts: dict[str, Act]) -> HttpResponseBase | None:
    """What came of a signature; None where something has to be put right first."""
    act = next((one for name, one in acts.items() if name in request.POST), None)
    if act is None or not act.form.is_valid():
        return None
    try:
        said = act.sign()
    except RecordError as error:
        act.form.add_error(_field_of(act.form, error.path), spoken(error.sentence))
        return None
    messages.success(request, said)
    return redirect("declaration", reference=row.reference)


def _field_of(form: forms.Form, path: str) -> str | None:
    """The field that a place in the body was typed in; None where it has none of its own."""
    steps = path.strip("/").split("/")
    named = ("_".join(steps[start:]) for start in range(len(steps)))
    return next((name for name in named if name in form.fields), None)


def _remarked(request: HttpRequest, actor: Actor, row: Declaration, form: RemarkForm) -> HttpResponseBase | None:
    """What came of a remark, or of the word that one is done."""
    if "done" in request.POST or "open" in request.POST:
        named = request.POST.get("done") or request.POST.get("open") or ""
        try:
            verification.set_done(actor=actor, remark=UUID(named), done="done" in request.POST)
        except ValueError:
            raise Http404("There is no such remark of yours.") from None
        return redirect("verification", reference=row.reference)
    if "remark" not in request.POST or not form.is_valid():
        return None
    try:
        verification.remark(actor=actor, declaration=row, **form.cleaned_data)
    except RecordError as error:
        form.add_error("text", spoken(error.sentence))
        return None
    messages.success(request, _("Written. The other side is told of it."))
    return redirect("verification", reference=row.reference)


def _points(found: checklist.CheckList, verify: Act | None) -> list[dict[str, Any]]:
    """The points with their words, and the fields of who answers them."""
    return [
        {
            "point": one, "title": words.POINTS[one.id][0], "about": words.POINTS[one.id][1],
            "answer": verify.form[f"answer_{one.id}"] if verify else None,
            "note": verify.form[f"note_{one.id}"] if verify else None,
        }
        for one in found.points
    ]  # fmt: skip


def _sampling(actor: Actor, row: Declaration) -> str:
    """Where a sample is drawn of what stands behind the figures; empty where the reader may not see the lot."""
    if row.lot_id is None or not access.lots(actor, today()).filter(pk=row.lot_id).exists():
        return ""
    return f"{reverse('sampling')}?lot={row.lot_id}"
