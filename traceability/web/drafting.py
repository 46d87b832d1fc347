"""How a draft stands: its sections and how far each is, what was understood, what to show beside the fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from traceability.intake.notes import Mistake, is_blank
from traceability.intake.numbers import NumberStyle, shown
from traceability.ledger.identifiers import is_urn
from traceability.ledger.quantity import computing, round_places
from traceability.material.elements import species_of
from traceability.material.stock import Shipment
from traceability.models import Approval, Draft, Proposal
from traceability.selectors import drafts as drafts_selector
from traceability.selectors.access import Actor
from traceability.services.draft_reading import Understood, draft_row, style_of, typed_fields
from traceability.services.parting import PART_NUMBER, Part
from traceability.web.acting import today
from traceability.web.forms.draft_form import html_name
from traceability.web.forms.flows import Flow, Section, flow_of

Heard = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Task:
    """One section of the list beside a form."""

    section: Section
    state: str
    words: str
    href: str


@dataclass(frozen=True, slots=True)
class Summary:
    """A draft in a list."""

    draft: Draft
    title: str
    about: str
    visited: int
    sections: int
    proposal: Proposal | None = None
    """Where it was put before a partner: how that stands."""
    approval: Approval | None = None
    """Where a colleague was asked to sign it: how that stands."""

    @property
    def href(self) -> str:
        """Where one goes on with it."""
        return reverse("proposal" if self.proposal else "draft", args=[self.draft.pk])

    @property
    def progress(self) -> str:
        if self.proposal or (self.approval and not self.approval.sent_back_at):
            return ""
        return _("%(done)s of %(all)s sections") % {"done": self.visited, "all": self.sections}


def summaries(actor: Actor, drafts: Iterable[Draft]) -> list[Summary]:
    """Drafts in a list; those that are about a lot bear its name."""
    rows = list(drafts)
    urns = {row.pk: urn for row in rows if is_urn(urn := str(typed_fields(row).get("lot") or ""))}
    lots = drafts_selector.lots_named(actor, urns.values(), today())
    names = {pk: lots[urn].number_here or lots[urn].material for pk, urn in urns.items() if urn in lots}
    return [summary(row, names.get(row.pk, "")) for row in rows]


def summary(draft: Draft, lot: str = "") -> Summary:
    """A draft in a list; `lot` names the lot that it is about, where it makes none itself."""
    flow, fields = flow_of(draft), typed_fields(draft)
    visited = set(draft.typed.get("visited", ())) & {one.key for one in flow.sections}
    return Summary(draft, title_of(draft, lot), _steps(fields), len(visited), len(flow.sections) + 1,
                   getattr(draft, "proposal", None), getattr(draft, "approval", None))  # fmt: skip


def title_of(draft: Draft, lot: str = "") -> str:
    """What a draft is called in a list: the act, and what tells it from others of its kind."""
    about = about_of(draft) or lot
    return f"{flow_of(draft).title}: {about}" if about else str(flow_of(draft).title)


def about_of(draft: Draft) -> str:
    """The first lot or the site that the draft is going to make, as far as it has a name; else what is done."""
    fields = typed_fields(draft)
    rows = fields.get("outputs")
    first = rows[0] if isinstance(rows, list) and rows and isinstance(rows[0], dict) else fields
    return str(first.get("lot_number") or fields.get("name") or first.get("material") or "")


def _steps(fields: Mapping[str, Any]) -> str:
    process = fields.get("process")
    steps = [str(row.get("step", "")) for row in process if isinstance(row, dict)] if isinstance(process, list) else []
    return ", ".join(step for step in steps if step)


def tasks(draft: Draft, flow: Flow, mistakes: Sequence[Mistake], here: str) -> list[Task]:
    """The sections with their states; `here` is the key of the page."""
    found = [_task(draft, section, mistakes, here) for section in flow.sections]
    ready = not mistakes and all(one.state in ("done", "none", "here") or one.section.optional for one in found)
    check = Section("check", _("Check and sign"), "", ())
    state = "here" if here == "check" else "todo" if ready else "later"
    return [*found, Task(check, state, _("Not yet") if state == "later" else _("To do") if state == "todo" else "",
                         reverse("draft_check", args=[draft.pk]))]  # fmt: skip


def _task(draft: Draft, section: Section, mistakes: Sequence[Mistake], here: str) -> Task:
    href = reverse("draft_section", args=[draft.pk, section.key])
    visited = section.key in draft.typed.get("visited", ())
    if section.key == here:
        return Task(section, "here", "", href)
    if visited and any(belongs(one, section) for one in mistakes):
        return Task(section, "problem", "", href)
    if visited:
        return Task(section, "done" if _answered(draft, section) else "none", "", href)
    return Task(section, "todo", _("Optional") if section.optional else "", href)


def _answered(draft: Draft, section: Section) -> bool:
    if section.key == "documents":
        return bool(draft.typed.get("documents"))
    return any(not is_blank(typed_fields(draft).get(name)) for name in section.names)


def belongs(mistake: Mistake, section: Section) -> bool:
    """Whether a mistake is to be put right in this section."""
    return mistake.path.strip("/").partition("/")[0] in section.names


def section_of(flow: Flow, mistake: Mistake) -> Section:
    """The section where a mistake is put right; the first one for what belongs to none."""
    return next((one for one in flow.sections if belongs(mistake, one)), flow.sections[0])


def href_of(draft: Draft, flow: Flow, mistake: Mistake) -> str:
    """Where a mistake is put right: the section, at the field."""
    address = reverse("draft_section", args=[draft.pk, section_of(flow, mistake).key])
    return f"{address}#id_{html_name(mistake.path)}"


def done(found: Iterable[Task]) -> int:
    """How many sections are done."""
    return sum(one.state in ("done", "none") for one in found)


def first_open(draft: Draft, flow: Flow, mistakes: Sequence[Mistake]) -> str:
    """The address at which to go on with a draft."""
    found = tasks(draft, flow, mistakes, "")
    wanted = ("problem", "todo")
    ahead = next((one for one in found if one.state in wanted and not one.section.optional), None)
    return (ahead or found[-1]).href


def shipment_of(understood: Understood) -> Shipment | None:
    """What was dispatched and what was weighed of the lot whose difference a draft settles."""
    record = understood.drawn.get(str(understood.fields.get("lot", "")))
    return record.stock.shipment if understood.act == "settle" and record and record.stock else None


def heard(draft: Draft, understood: Understood) -> dict[str, str]:
    """The line below each field: what was understood, and what follows from it."""
    style = style_of(draft)
    lines = {
        path: _("Understood: %(value)s.") % {"value": value.replace(":00 UTC", " UTC")}
        for path, value in understood.heard.items()
    }
    if "/difference" in understood.heard:
        lines["/difference"] = _("That is %(value)s.") % {"value": understood.heard["/difference"]}
    drawn = understood.partial.get("inputs") if understood.act != "correct" else ()
    for number, row in enumerate(drawn if isinstance(drawn, list) else ()):
        path = f"/inputs/{draft_row(understood.fields, 'inputs', number)}/mass_kg"
        record = understood.drawn.get(row.get("lot", ""))
        if path in lines and record is not None and record.stock is not None:
            rest = record.stock.remaining_kg - Decimal(str(row["mass_kg"]))
            stays = _("%(rest)s stays in stock.") % {"rest": _kg(rest, style)}
            lines[path] += f" {stays if rest > 0 else _('Nothing stays in stock.') if not rest else ''}".rstrip()
    if (part := understood.part) is not None:
        words = {"mass": _kg(Decimal(part.mass_kg), style), "part": part.number, "rest": _kg(part.left_kg, style)}
        lines[f"/{PART_NUMBER}"] = _parted(part) % words
    return lines | dict(_contents(understood, style))


def _parted(part: Part) -> str:
    if part.left_kg > 0:
        return _("The lot is split: %(mass)s become the lot %(part)s, which is dispatched; %(rest)s stay in the lot.")
    return _("What remains of the lot, %(mass)s, becomes the lot %(part)s, which is dispatched.")


def _contents(understood: Understood, style: NumberStyle) -> Iterable[tuple[str, str]]:
    """The mass of each element that an assay gives its lot."""
    outputs = understood.partial.get("outputs")
    rows = enumerate(outputs) if isinstance(outputs, list) else ()
    for number, output in rows:
        at = draft_row(understood.fields, "outputs", number)
        typed = understood.fields["outputs"][at].get("assay", {})
        yield from _of_assay(output, typed, f"/outputs/{at}/assay", style)
    if "assay" in understood.partial and "mass_kg" in understood.partial:
        yield from _of_assay(understood.partial, understood.fields.get("assay", {}), "/assay", style)


@computing()
def _of_assay(lot: Mapping[str, Any], typed: Mapping[str, Any], path: str, style: NumberStyle) -> list[tuple[str, str]]:
    found = []
    assay = lot.get("assay") or {}
    share = Decimal(str(assay.get("treo_pct", 100))) / 100
    for number, row in enumerate(assay.get("rows", ())):
        if "mass_kg" in lot and row.keys() >= {"species", "content_pct"}:
            species = species_of(str(row["species"]))
            mass = Decimal(lot["mass_kg"]) * Decimal(row["content_pct"]) * share / 100 * species.element_per_kg
            at = draft_row(typed, "rows", number)
            found.append((f"{path}/rows/{at}/content_pct", f"= {_kg(round_places(mass, 3), style)} {species.element}"))
    return found


def _kg(mass: Decimal, style: NumberStyle) -> str:
    return f"{shown(mass, style)}\u202fkg"
