"""A draft as answers in plain words, each with the place of its value, so that one sees what stays confidential."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from traceability.intake.export import EXPORT
from traceability.ledger import groups
from traceability.models import Draft
from traceability.rules import papers
from traceability.selectors.slots import SLOTS
from traceability.services.draft_reading import SIGNERS, Understood
from traceability.services.partial_arrivals import ARRIVED
from traceability.services.parting import PART_NUMBER
from traceability.web import numbers, words
from traceability.web.clocks import local_moment
from traceability.web.countries import name as country_name
from traceability.web.forms import questions
from traceability.web.forms.flows import Flow, Section
from traceability.web.forms.offers import Offers
from traceability.web.forms.parts import Leaf, Part

if TYPE_CHECKING:
    from traceability.selectors.stock import LotNamed

THIN = numbers.THIN


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; `place` is that of its value in the statement."""

    title: str
    text: str
    place: str


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers of one section."""

    section: Section
    rows: Sequence[Answer]


@dataclass(frozen=True, slots=True)
class Names:
    """How people call lots, sites and partners."""

    lots: Mapping[str, LotNamed]
    offers: Offers
    called: Mapping[str, str] = field(default_factory=dict)
    """How a receipt calls lots that are not the reader's any more, such as those that he rejected."""

    def lot(self, urn: str) -> str:
        """The number of a lot, or its material."""
        found = self.lots.get(urn)
        return (found.number_here or found.material) if found else self.called.get(urn) or urn[-8:]

    def choice(self, leaf: Leaf, value: str) -> str:
        """The words of a choice."""
        for key, inner in leaf.choices(self.offers) if leaf.choices else ():
            for each, text in inner if isinstance(inner, list | tuple) else [(key, inner)]:
                if each == value:
                    return str(text)
        return value


def kg(value: Any) -> str:
    """A mass in kg with all its digits."""
    return f"{numbers.all_digits(str(value))}{THIN}kg"


def listed(draft: Draft, flow: Flow, understood: Understood, names: Names) -> list[Answers]:
    """The answers of every section that has some; none before everything that was asked for can be read."""
    if not understood.complete:
        return []
    found = []
    for section in flow.sections:
        if section.key == "documents":
            rows = list(_documents(draft.typed["documents"]))
        else:
            rows = list(_section(section, understood, names))
        found.append(Answers(section, rows))
    return [one for one in found if one.rows]


@dataclass(frozen=True, slots=True)
class Difference:
    """An answer that a correction changes; empty where it was not there before, or is not there any more."""

    title: str
    before: str
    after: str


def differences(before: Sequence[Answers], after: Sequence[Answers]) -> list[Difference]:
    """What differs between two readings of the same questions, in their order."""
    old, new = _by_title(before), _by_title(after)
    return [
        Difference(key[1], old.get(key, ""), new.get(key, ""))
        for key in dict.fromkeys([*old, *new])
        if old.get(key) != new.get(key)
    ]


def _by_title(found: Sequence[Answers]) -> dict[tuple[str, str, int], str]:
    """Texts by section, title, and how often the title stood there before."""
    texts: dict[tuple[str, str, int], str] = {}
    for one in found:
        for row in one.rows:
            seen = sum(key[:2] == (one.section.key, row.title) for key in texts)
            texts[one.section.key, row.title, seen] = row.text
    return texts


def _section(section: Section, understood: Understood, names: Names) -> Iterable[Answer]:
    values = {**(understood.header or {}), **(understood.body or {})}
    if understood.reason:
        values["correction_reason"] = understood.reason
    if SIGNERS in understood.fields:
        values[SIGNERS] = understood.fields[SIGNERS]
    if understood.part is not None:
        values[PART_NUMBER] = understood.part
    if understood.arrived_kg is not None:
        values[ARRIVED] = understood.arrived_kg
    if (stated := papers.stated_in(values.get("ext"))) is not None:
        values[EXPORT] = stated
    for part in section.parts:
        if part.name in values:
            yield from _part(part, values[part.name], names, understood)


def _part(part: Part, value: Any, names: Names, understood: Understood) -> Iterable[Answer]:
    special = _SPECIAL.get(part.name)
    if special is not None:
        yield from special(value, names, understood)
    elif isinstance(part, Leaf):
        yield Answer(str(part.label), _leaf(part, value, names, understood), f"/{part.name}")


def _leaf(part: Leaf, value: Any, names: Names, understood: Understood) -> str:
    if part.name in ("country", "destination"):
        return country_name(str(value))
    if part.choices is not None:
        return names.choice(part, str(value))
    if part.asking == "figure":
        unit = "kg" if part.units and "kg" in part.units else str(part.unit or "")
        return f"{numbers.all_digits(str(value))}{THIN}{unit}".strip()
    return ", ".join(value) if isinstance(value, list) else str(value)


def _when(value: Any, names: Names, understood: Understood) -> Iterable[Answer]:
    header = understood.header or {}
    begins, ends = local_moment(header, "occurred_from"), local_moment(header, "occurred_to")
    text = date_format(begins, "SHORT_DATETIME_FORMAT")
    if ends != begins:
        text = _("%(first)s to %(last)s") % {
            "first": text,
            "last": date_format(ends, "TIME_FORMAT" if ends.date() == begins.date() else "SHORT_DATETIME_FORMAT"),
        }
    clock = _("local time %(offset)s") % {"offset": header["utc_offset"]}
    yield Answer(_("When"), f"{text}, {clock}", "/occurred_from")


def _nothing(value: Any, names: Names, understood: Understood) -> Iterable[Answer]:
    """What is said elsewhere."""
    return ()


def _process(value: Any, names: Names, understood: Understood) -> Iterable[Answer]:
    for number, row in enumerate(value):
        yield Answer(_("Step %(number)s") % {"number": number + 1} if len(value) > 1 else _("What"),
                     f"{row['step']}, {country_name(row['country'])}", "/process")  # fmt: skip


def _lot(value: Any, names: Names, understood: Understood) -> Iterable[Answer]:
    if str(value) in names.lots:
        found = names.lots[str(value)]
        yield Answer(_("Lot"), f"{names.lot(str(value))}, {found.material}", "/lot")


def _part_of_lot(value: Any, names: Names, understood: Understood) -> Iterable[Answer]:
    """The split that is signed with a dispatch; the places are those of its own statement."""
    yield Answer(_("Split off first, as the lot"), value.number, "/outputs/0/lot_number")
    yield Answer(_("Stays in %(lot)s") % {"lot": names.lot(value.whole.custody.urn)}, kg(value.left_kg),
                 "/inputs/0/mass_kg")  # fmt: skip


def _inputs(value: Any, names: Names, understood: Understood) -> Iterable[Answer]:
    for number, row in enumerate(value):
        account = understood.drawn[row["lot"]].stock if row["lot"] in understood.drawn else None
        if understood.act == "correct":  # what remained then is not what remains now
            account = None
        of = _(" of %(mass)s") % {"mass": kg(account.remaining_kg)} if account else ""
        yield Answer(names.lot(row["lot"]), f"{kg(row['mass_kg'])}{of}", f"/inputs/{number}/mass_kg")


def _outputs(value: Any, names: Names, understood: Understood) -> Iterable[Answer]:
    for number, row in enumerate(value):
        title = row.get("lot_number") or _("Lot %(number)s") % {"number": number + 1}
        kind = words.output_class(row["class"]) if row.get("class", "product") != "product" else ""
        text = f"{kg(row['mass_kg'])} {row['material']}" + (f", {kind}" if kind else "")
        yield Answer(title, text, f"/outputs/{number}/mass_kg")
        if "price" in row:
            price = row["price"]
            text = f"{numbers.all_digits(price['value_per_kg'])}{THIN}{price['currency']}/kg, {price['period']}"
            yield Answer(_("Price of %(lot)s") % {"lot": title}, text, f"/outputs/{number}/price")
        if "assay" in row:
            yield from _assay_of(row["assay"], f"/outputs/{number}", _("Assay of %(lot)s") % {"lot": title})


def _assay(value: Any, names: Names, understood: Understood) -> Iterable[Answer]:
    yield from _assay_of(value, "", _("Assay"))


def _assay_of(value: Mapping[str, Any], place: str, title: str) -> Iterable[Answer]:
    contents = _of_contents(value["rows"])
    basis = _("of dry mass")
    if "treo_pct" in value:
        treo = numbers.all_digits(value["treo_pct"])
        basis = _("of the rare-earth oxides, which are %(treo)s per cent of dry mass") % {"treo": treo}
    yield Answer(title, f"{contents} {basis}", f"{place}/assay/rows")
    for name, label in (("laboratory", _("Laboratory")), ("report", _("Report")), ("method", _("Method"))):
        if name in value:
            yield Answer(label, str(value[name]), f"{place}/assay/{name}")


def _losses(value: Any, names: Names, understood: Understood) -> Iterable[Answer]:
    for number, row in enumerate(value):
        contents = _of_contents(row.get("elements", ()))
        yield Answer(row["kind"], kg(row["mass_kg"]) + (f", {contents}" if contents else ""),
                     f"/losses/{number}/mass_kg")  # fmt: skip


def _inventory(value: Any, names: Names, understood: Understood) -> Iterable[Answer]:
    known = {one.id: one.name for one in SLOTS.factors(names.offers.actor.organisation.pk)}
    for number, row in enumerate(value):
        factors = "; ".join(known.get(one, one) for one in row.get("factors", ()))
        amount = f"{numbers.all_digits(row['amount'])}{THIN}{row['unit']}"
        note = factors or _("no factor: not declared")
        yield Answer(row["flow"], f"{amount}, {words.inside(words.basis(row['basis']))}. {note}",
                     f"/inventory/{number}/amount")  # fmt: skip
        yield from _more_of_flow(row, f"/inventory/{number}")


def _more_of_flow(row: Mapping[str, Any], place: str) -> Iterable[Answer]:
    """What few rows of an inventory have."""
    said = {"flow": row["flow"]}
    if "compartment" in row:
        where = str(words.compartment(row["compartment"]))
        yield Answer(_("%(flow)s: compartment") % said, where, f"{place}/compartment")
    if "concentration" in row:
        percent = f"{numbers.all_digits(str(Decimal(row['concentration']) * 100))}{THIN}%"
        yield Answer(_("%(flow)s: concentration") % said, percent, f"{place}/concentration")
    if "apportionment" in row:
        shared = row["apportionment"]
        text = f"{shared['key']}, {shared['period']}"
        yield Answer(_("%(flow)s: apportioned") % said, text, f"{place}/apportionment")
    if "elements" in row:
        yield Answer(_("%(flow)s: what is in it") % said, _of_contents(row["elements"]), f"{place}/elements")


def _of_contents(rows: Iterable[Mapping[str, Any]]) -> str:
    return ", ".join(f"{one['species']} {numbers.all_digits(one['content_pct'])}{THIN}%" for one in rows)


def _in_process(value: Any, names: Names, understood: Understood) -> Iterable[Answer]:
    for number, row in enumerate(value):
        yield Answer(_("%(element)s left in process") % {"element": row["species"]}, kg(row["mass_kg"]),
                     f"/wip_change/{number}/mass_kg")  # fmt: skip


def _exclusions(value: Any, names: Names, understood: Understood) -> Iterable[Answer]:
    for number, row in enumerate(value):
        yield Answer(_("Left out: %(flow)s") % {"flow": row["flow"]}, row["reason"], f"/exclusions/{number}/reason")


def _legs(value: Any, names: Names, understood: Understood) -> Iterable[Answer]:
    for row in value:
        yield Answer(str(words.mode(row["mode"])), f"{numbers.all_digits(row['distance_km'])}{THIN}km", "/legs")


def _export(value: Any, names: Names, understood: Understood) -> Iterable[Answer]:
    for leaf in questions.EXPORT.parts:
        if isinstance(leaf, Leaf) and leaf.name in value:
            yield Answer(str(leaf.label), _leaf(leaf, value[leaf.name], names, understood), "/ext")


def _documents(rows: Iterable[Mapping[str, Any]]) -> Iterable[Answer]:
    for number, row in enumerate(rows):
        yield Answer(row["name"], numbers.size(row["bytes"]), f"/evidence/{number}")


_SPECIAL = {
    "occurred_from": _when, "occurred_to": _nothing, "utc_offset": _nothing,
    "process": _process, "lot": _lot, "inputs": _inputs, "outputs": _outputs, "assay": _assay, "losses": _losses,
    "inventory": _inventory, "legs": _legs, "wip_change": _in_process, "exclusions": _exclusions,
    PART_NUMBER: _part_of_lot, EXPORT: _export,
}  # fmt: skip


def see(place: str, closed_places: Collection[str], *, corrects: bool, names_are_open: bool = False) -> str:
    """Whether the value at a place of the body is open or confidential in the statement that will be signed.

    A site stands in it by an identifier; its name stays as confidential as its register made it.
    """
    if place == "/facility":
        return "open" if names_are_open else "confidential"
    if place in (f"/{SIGNERS}", f"/{ARRIVED}"):  # no part of the statement
        return ""
    return "confidential" if pointer_at(place, closed_places, corrects=corrects) else "open"


def pointer_at(place: str, places: Collection[str], *, corrects: bool) -> str:
    """Which of these places of the statement holds the value of an answer; empty where none does."""
    header = place.startswith(("/evidence", "/process", "/occurred"))
    full = ("/body/as" if corrects else "") + (place if header else f"/body{place}")
    steps = full.split("/")
    around = ["/".join(steps[:length]) for length in range(2, len(steps) + 1)]
    return next((one for one in around if one in places), "")


def groups_closed(kind: str, closed_places: Collection[str]) -> list[str]:
    """The groups of confidential values that a statement has, in a fixed order."""
    found = {groups.group_of(kind, place) for place in closed_places}
    return [one for one in words.GROUPS if one in found]
