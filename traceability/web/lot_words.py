"""What a statement on a lot says, in one or two plain sentences; a gap is a word."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from traceability.acceptance.world import Body
from traceability.selectors.names import Names
from traceability.selectors.statements import Told
from traceability.web import countries, figures, words
from traceability.web.numbers import withheld_by

MOST_CONTENTS: Final = 6
"""Contents of an assay that a sentence names; the statement's page has all."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names of organisations, and how people call the lots of the page."""

    names: Names
    labels: Mapping[UUID, str]

    def lot(self, urn: object) -> str:
        one = _uuid(urn)
        return self.labels.get(one, _("lot …%(end)s") % {"end": str(urn)[-4:]}) if one else _("a lot")

    def organisation(self, urn: object) -> str:
        one = _uuid(urn)
        return self.names.of(one) if one else _("outside this record")


def _uuid(urn: object) -> UUID | None:
    return UUID(urn[9:]) if isinstance(urn, str) and urn.startswith("urn:uuid:") else None


def withholder(vocabulary: Vocabulary, issuer: UUID) -> str:
    """Who keeps a value: by name where the reader knows it."""
    name = vocabulary.names.of(issuer)
    country = vocabulary.names.countries.get(issuer, "")
    if issuer in vocabulary.names or not country:
        return name
    return _("its issuer in %(country)s") % {"country": countries.name(country)}


@dataclass(frozen=True, slots=True)
class Sentence:
    """What one statement says; `by` is whose gaps its withheld values are."""

    body: Body
    by: str
    vocabulary: Vocabulary
    lot: str

    def kg(self, name: str, row: Mapping[str, Any] | None = None) -> SafeString:
        """A mass in kg, or who withholds it."""
        value = (self.body if row is None else row).get(name)
        return figures.number(str(value), "kg") if value is not None else figures.gap(withheld_by(self.by))

    def text(self, name: str) -> SafeString:
        value = self.body.get(name)
        return format_html("{}", value) if value is not None else SafeString("")


def title(told: Told, urn: str, vocabulary: Vocabulary) -> str:
    """The heading of a statement on the chain of a lot."""
    row, body = told.original.row, told.body
    if row.kind != "lot.transform":
        return str(words.kind(row.kind))
    inputs = [str(one["lot"]) for one in _rows(body, "inputs")]
    outputs = [str(one["lot"]) for one in _rows(body, "outputs")]
    processed = bool(told.claim.get("process"))
    if urn in inputs:
        form = _("Went into %(lots)s") if processed else _("Split or merged into %(lots)s")
        return form % {"lots": _listed(outputs, vocabulary)}
    form = _("Made from %(lots)s") if processed else _("Split off or merged from %(lots)s")
    return form % {"lots": _listed(inputs, vocabulary)}


def _listed(lots: list[str], vocabulary: Vocabulary) -> str:
    named = ", ".join(vocabulary.lot(one) for one in lots[:3])
    return _("%(list)s and %(n)d more") % {"list": named, "n": len(lots) - 3} if len(lots) > 3 else named


def describe(told: Told, urn: str, vocabulary: Vocabulary) -> SafeString:
    """What the statement says of the lot, as far as the reader may see it."""
    row = told.original.row
    said = Sentence(told.body, withholder(vocabulary, row.issuer), vocabulary, urn)
    tell = _SENTENCES.get(row.kind)
    if row.kind == "lot.transform":
        return _joined((process(told), *_transform(said)))
    return _joined(tell(said)) if tell else SafeString("")


def process(told: Told) -> str:
    """The steps of a transform in order, with their countries."""
    steps = list(told.claim.get("process", ()))
    if not steps:
        return ""
    lands = list(dict.fromkeys(countries.name(str(one["country"])) for one in steps))
    said = ", ".join(str(one["step"]) for one in steps)
    return _("%(steps)s, in %(countries)s") % {"steps": f"{said[:1].upper()}{said[1:]}", "countries": ", ".join(lands)}


def _transform(said: Sentence) -> Iterable[SafeString]:
    for row in _rows(said.body, "inputs"):
        if row["lot"] == said.lot:
            yield format_html(_("Drawn: {mass}"), mass=said.kg("mass_kg", row))
    for row in _rows(said.body, "outputs"):
        if row["lot"] == said.lot:
            yield format_html(_("{mass} of {material}"), mass=said.kg("mass_kg", row), material=row["material"])
            yield format_html("{}", words.output_class(str(row["class"])))
            if "assay" in row:
                yield contents(row["assay"], said.by)


def _source(said: Sentence) -> Iterable[SafeString]:
    country = countries.name(str(said.body["country"]))
    yield format_html("{}, {}", words.origin(str(said.body["origin"])), country)
    yield format_html(_("{mass} of {material}"), mass=said.kg("mass_kg"), material=said.body["material"])
    if "assay" in said.body:
        yield contents(said.body["assay"], said.by)


def contents(assay: object, by: str) -> SafeString:
    """The contents of an assay in one line."""
    stated = assay if isinstance(assay, dict) else {}
    if "rows" not in stated:
        return format_html(_("Assay: {withheld}"), withheld=figures.gap(withheld_by(by)))
    basis = _("of total rare-earth oxides") if stated.get("basis") == "treo" else _("of dry mass")
    rows = stated["rows"]
    named = format_html_join(
        ", ", "{}\u202f{}", ((one["species"], figures.number(one["content_pct"], "%")) for one in rows[:MOST_CONTENTS])
    )
    if len(rows) > MOST_CONTENTS:
        return format_html(_("{list} and {n} more {basis}"), list=named, n=len(rows) - MOST_CONTENTS, basis=basis)
    return format_html("{} {}", named, basis)


def _dispatch(said: Sentence) -> Iterable[SafeString]:
    to = said.body["to"]
    receiver = to.get("organisation") if isinstance(to, dict) else to
    to_whom = said.vocabulary.organisation(receiver)
    yield format_html(_("{mass} to {receiver}"), mass=said.kg("mass_kg"), receiver=to_whom)


def _receive(said: Sentence) -> Iterable[SafeString]:
    within = said.body["difference"] == "within"
    difference = (
        _("within the tolerance of the dispatch") if within else _("beyond the tolerance: blocked until settled")
    )
    yield format_html(_("Weighed {mass}, {difference}"), mass=said.kg("weighed_mass_kg"), difference=difference)


def _figures(said: Sentence) -> Iterable[SafeString]:
    bases = [one for one in _rows(said.body, "bases") if "basis" in one]
    if not bases:
        yield format_html(_("Figures: {withheld}"), withheld=figures.gap(withheld_by(said.by)))
    for one in bases:
        whole = next((row.get("a1_a3") for row in _rows(one, "indicators") if row["indicator"] == "gwp_ghg"), None)
        form = _("GWP-GHG by economic value: {figure}")
        if one["basis"] != "economic":
            form = _("GWP-GHG by mass: {figure}")
        yield format_html(form, figure=figures.number(whole, _("kg CO₂e per kg")))


def _reason(said: Sentence) -> Iterable[SafeString]:
    yield said.text("reason")


def _mass_and_reason(name: str) -> Callable[[Sentence], Iterable[SafeString]]:
    def tell(said: Sentence) -> Iterable[SafeString]:
        yield said.kg(name)
        yield said.text("reason")
        yield said.text("route")

    return tell


def _assay(said: Sentence) -> Iterable[SafeString]:
    yield contents(said.body["assay"], said.by)


def _credited(said: Sentence) -> Iterable[SafeString]:
    yield format_html(_("{amount} credited; it is mass balance from here on"), amount=said.kg("amount_kg"))


def _claimed(said: Sentence) -> Iterable[SafeString]:
    yield format_html(_("{amount} claimed, apart from what the lot holds"), amount=said.kg("amount_kg"))


def _imported(said: Sentence) -> Iterable[SafeString]:
    yield format_html(_("{mass} came from another record, {log}"), mass=said.kg("mass_kg"), log=said.body["log"])
    if "assay" in said.body:
        yield contents(said.body["assay"], said.by)


_SENTENCES: Final[Mapping[str, Callable[[Sentence], Iterable[SafeString]]]] = {
    "lot.source": _source,
    "lot.import": _imported,
    "lot.assay": _assay,
    "lot.result": _figures,
    "lot.dispatch": _dispatch,
    "lot.receive": _receive,
    "lot.settle": _mass_and_reason("mass_kg"),
    "lot.dispose": _mass_and_reason("mass_kg"),
    "lot.adjust": _mass_and_reason("change_kg"),
    "lot.reject": _reason,
    "lot.dispatch_cancel": _reason,
    "lot.hold": _reason,
    "lot.release": _reason,
    "lot.recall": _reason,
    "account.credit": _credited,
    "account.claim": _claimed,
}


def _joined(parts: Iterable[str]) -> SafeString:
    said = format_html_join(". ", "{}", ((part,) for part in parts if part))
    return format_html("{}.", said) if said and not said.endswith(".") else said


def _rows(body: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = body.get(name)
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
