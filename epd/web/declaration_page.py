"""Everything that the page of a declaration shows, as its reader may see it; and of one that is not yet published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from epd.models import Declaration, FactorSetRow
from epd.rules.profiles import profile_of
from epd.selectors import declarations, stages, verification
from epd.selectors.share_tables import figures_of
from epd.services import exchange, history
from epd.services.checked import History, Word
from epd.services.standing import Standing, standing_of, title_of
from epd.services.uncertainty import Spread, spread_of
from epd.web import programme_lines, words
from epd.web.figures import Figures
from epd.web.reference_page import Cited, Production, cited_by
from epd.web.spread_page import Uncertain
from epd.web.verifying_words import level_of, stage_of
from traceability.acceptance.world import Body
from traceability.ledger.errors import RecordError
from traceability.ledger.identifiers import digest_bytes
from traceability.material.composition import parse_assay
from traceability.material.elements import RARE_EARTHS
from traceability.models import Lot, Organisation
from traceability.selectors import access, approvals, lots, statements
from traceability.selectors.access import Actor
from traceability.services import export
from traceability.web import countries, lot_map
from traceability.web.pictures import stack
from traceability.web.pictures.svg import Picture
from traceability.web.spoken import spoken
from traceability.web.words import Words
from traceability.web.words import kind as kind_words

STAGE_WORDS = {
    "ore": gettext_lazy("Mining"),
    "concentrate": gettext_lazy("Mining and concentrate"),
    "compound": gettext_lazy("Compounds"),
    "oxide": gettext_lazy("Separation"),
    "metal": gettext_lazy("Metal"),
    "alloy": gettext_lazy("Alloy"),
    "powder": gettext_lazy("Powder"),
    "magnet": gettext_lazy("Magnet"),
}


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind the figures, sorted by who says so."""

    proven: tuple[str, ...]
    claimed: tuple[str, ...]
    open: tuple[str, ...]


class Published:
    """What a published declaration and the preview of one have in common: an opened body."""

    def __init__(self, body: Body, lot: Lot | None, actor: Actor | None, today: date) -> None:
        self.body: Mapping[str, Any] = body
        self.lot, self.actor, self.today = lot, actor, today
        self.figures = Figures(figures_of({"lot": "-", **body}), profile_of(str(body["profile"])))

    @property
    def product(self) -> str:
        said = str(self.body["product"])
        return said[:1].upper() + said[1:]

    @property
    def kind(self) -> str:
        """The kind of document, in large: never more than it is."""
        return spoken(str(self.body["title"]))

    @property
    def lead(self) -> str:
        said = {"declarant": self.body["declarant"], "country": self.country}
        return _("%(declarant)s, %(country)s. Declared unit: 1 kg of product at the gate.") % said

    @property
    def is_illustrative(self) -> bool:
        return self.body["illustrative"] is True

    @cached_property
    def production(self) -> Production | None:
        """The production of a site that a reference speaks of."""
        return Production(self.body) if "facility" in self.body else None

    @cached_property
    def cited(self) -> Cited | None:
        return cited_by(self.body)

    @property
    def valid_until(self) -> date | None:
        return date.fromisoformat(self.body["valid_until"]) if "valid_until" in self.body else None

    @property
    def country(self) -> str:
        return countries.name(str(self.body["country"]))

    # The lot

    @cached_property
    def lot_row(self) -> Mapping[str, Any]:
        """What the maker says of the lot, as far as the reader may see it; nothing of a reference."""
        if self.lot is None:
            return {}
        creator = statements.told(self.actor, [self.lot.made_by], self.today)[self.lot.made_by_id]
        return lots.lot_row(creator, self.lot.urn)

    @property
    def lot_number(self) -> str:
        return str(self.lot_row.get("lot_number", ""))

    @property
    def mass_kg(self) -> str:
        return str(self.lot_row.get("mass_kg", ""))

    @property
    def rare_earths_pct(self) -> Decimal | None:
        """Contained rare earths in % of dry mass; None where the assay is withheld."""
        assay = self.lot_row.get("assay")
        if not isinstance(assay, dict) or "rows" not in assay:
            return None
        try:
            contents = parse_assay(assay).composition()
        except RecordError:
            return None
        return sum((one.element_pct for name, one in contents.items() if name in RARE_EARTHS), Decimal(0))

    @property
    def lot_href(self) -> str:
        """The page of the lot, for those who may see it."""
        if self.actor is None or self.lot is None:
            return ""
        try:
            access.lot(self.actor, self.lot.pk, self.today)
        except access.NotFound:
            return ""
        return reverse("lot", args=[self.lot.pk])

    @property
    def recycled(self) -> tuple[Decimal, Decimal] | None:
        """Post- and pre-consumer shares of total rare earths."""
        found = self.body.get("shares", {}).get("recycled")
        return None if found is None else (Decimal(found["post_consumer"]), Decimal(found["pre_consumer"]))

    @property
    def origins(self) -> Picture | None:
        """Where the rare earths were mined, or that they are recycled."""
        rows = self.body.get("shares", {}).get("countries")
        if not rows:
            return None
        named = sorted(rows, key=lambda row: -Decimal(row["share"]))
        parts = [
            stack.Part(
                _origin(str(row["country"])), Decimal(row["share"]), paint=self.figures.palette.paint(row["country"])
            )
            for row in named
        ]
        return stack.shares(parts, name="origins", title=_("Where the rare earths are from"))

    @cached_property
    def map(self) -> Picture | None:
        """The countries of the steps: joined for those who may see the lot; for others what the declaration names."""
        if self.actor is not None and self.lot is not None and self.lot_href:
            return lot_map.of_lot(self.actor, self.lot, self.today)
        mined = sorted(self.body.get("shares", {}).get("countries", []), key=lambda row: -Decimal(row["share"]))
        named = [str(row["country"]) for row in mined]
        named += [*self.figures.step_countries, str(self.body["country"])]
        return lot_map.of_countries(named, self.figures.palette)

    # The method

    @property
    def factor_set(self) -> FactorSetRow | None:
        digest = digest_bytes(str(self.body["factors"]))
        return FactorSetRow.objects.filter(statement__digest=digest).select_related("statement").first()

    @property
    def factor_publisher(self) -> str:
        found = self.factor_set
        row = Organisation.objects.filter(pk=found.statement.issuer).first() if found else None
        return row.name if row is not None and row.is_operator else ""

    @property
    def factors_named(self) -> list[str]:
        """The factors that the declaration names among what its figures depend on most."""
        rows = (row for one in self.body.get("causes", ()) for row in one.get("sensitivities", ()))
        return [str(row["factor"]) for row in rows]

    @property
    def factor_count(self) -> int:
        found = self.factor_set
        return found.factors.count() if found else 0

    @property
    def algorithms(self) -> Iterable[Mapping[str, str]]:
        found: list[dict[str, str]] = self.body["algorithms"]
        return [{**one, "file": one["id"].replace("/", "-")} for one in found]

    @property
    def exclusions(self) -> Iterable[Mapping[str, str]]:
        rows: list[dict[str, str]] = self.body.get("exclusions", [])
        return rows

    @cached_property
    def chain(self) -> stages.Chain | None:
        """The lots behind the lot, as the reader may see them; None for anybody, and of a reference."""
        return stages.chain_seen(self.actor, self.lot, self.today)

    @cached_property
    def by_stage(self) -> Picture | None:
        """The headline by stage; None where the reader may not read every step of the chain."""
        if self.chain is None or self.lot is None:
            return None
        found = stages.by_stage(self.chain, self.lot, self.figures.basis)
        if not found:
            return None
        parts = [stack.Part(str(STAGE_WORDS.get(name) or words.cause(name)), value) for name, value in found]
        return stack.stages(parts, name="by-stage", title=_("GWP-GHG by stage"), unit=_("kg CO₂e per kg"))

    @cached_property
    def allocations(self) -> list[stages.Shared]:
        """How each step upstream shares its burden, as far as the reader may read its results."""
        if self.actor is None or self.chain is None:
            return []
        return stages.allocations(self.actor, self.chain, self.today)


class DeclarationPage(Published):
    """A published declaration."""

    def __init__(self, declaration: Declaration, actor: Actor | None, today: date) -> None:
        self.declaration = declaration
        self.told = declarations.told(declaration, actor, today)
        super().__init__(self.told.body, declaration.lot, actor, today)

    @property
    def reference(self) -> str:
        return self.declaration.reference

    @property
    def heading(self) -> str:
        if not self.lot_number:
            return self.product
        return _("%(product)s, lot %(number)s") % {"product": self.product, "number": self.lot_number}

    @property
    def ancestry(self) -> str:
        found = self.history
        if not found or not found.lots:
            return ""
        said = {"lots": found.lots, "countries": found.countries}
        return _("From %(lots)s ancestor lots in %(countries)s countries.") % said

    @property
    def declarant(self) -> str:
        return str(self.body["declarant"])

    @property
    def is_declarant(self) -> bool:
        return self.actor is not None and self.actor.organisation.pk == self.declaration.declarant_id

    @property
    def kind(self) -> str:
        """The kind of document: as it was signed, until a verification stands that is not over."""
        return spoken(title_of(self.declaration, str(self.body["title"]), self.standing))

    @cached_property
    def standing(self) -> Standing | None:
        """The verification and registration that stand and are not over; whom to accept, the reader judges."""
        return standing_of(self.declaration, self.today)

    @cached_property
    def spread(self) -> Spread:
        """What its headlines are made of, as far as the reader may see it."""
        return spread_of(self.declaration, self.body, self.chain)

    @cached_property
    def uncertain(self) -> Uncertain | None:
        """How far the headline may lie off; None where none is declared."""
        value = self.figures.headline.value
        return None if value is None else Uncertain(self.spread, self.figures.basis, value)

    @property
    def state(self) -> str:
        """How far it has come."""
        checked = self.declaration.stage == Declaration.Stage.CHECKED
        return _("Published") if checked else stage_of(self.declaration, self.today)

    @property
    def is_verification_over(self) -> bool:
        until = self.declaration.verified_until
        return until is not None and until < self.today

    @property
    def said_of_it(self) -> list[tuple[Words, verification.Said, Words]]:
        """Everything that was signed on it; nothing where only its publication was."""
        rows = verification.history_of(self.declaration)
        return [(kind_words(one.kind), one, level_of(one)) for one in rows] if len(rows) > 1 else []

    @property
    def workbench_href(self) -> str:
        """Where it is verified or registered, for the two who have to do with that."""
        try:
            if self.actor is not None and verification.partner_of(self.actor, self.declaration):
                return reverse("verification", args=[self.reference])
        except access.NotFound:
            pass
        return ""

    @property
    def previous(self) -> Declaration | None:
        """The declaration in whose place it stands."""
        return Declaration.objects.filter(successor=self.declaration.pk).order_by("-published_at").first()

    @cached_property
    def changes(self) -> list[tuple[str, Decimal, Decimal, Decimal | None]]:
        """What differs from the previous one: indicator, before, now, and the change in per cent."""
        before = self.previous
        if before is None:
            return []
        old = DeclarationPage(before, None, self.today).figures
        found = []
        for place, cell in self.figures.cells.items():
            was = old.cells[place].a1_a3 if place in old.cells else None
            now = cell.a1_a3
            if cell.basis is self.figures.basis and was is not None and now is not None and was != now:
                name = words.INDICATORS[cell.indicator][0] if cell.indicator in words.INDICATORS else cell.indicator
                found.append((name, was, now, (now - was) / abs(was) * 100 if was else None))
        return found

    @property
    def is_own(self) -> bool:
        """Whether the reader may withdraw or supersede it."""
        return self.is_declarant and self.declaration.status == Declaration.Status.PUBLISHED

    @property
    def end_waits(self) -> str:
        """The address where a colleague reads and signs its end; empty where none waits."""
        row = approvals.of_end(self.actor, self.declaration.pk) if self.actor and self.is_own else None
        if row is None or row.sent_back_at is not None:
            return ""
        return reverse(f"declaration_{row.what}", args=[self.declaration.reference])

    @property
    def export_href(self) -> str:
        """Where the audit bundle of its lot is exported, for those with whom the lot is."""
        if self.actor is None:
            return ""
        if self.declaration.lot_id is None:
            return reverse("declaration_bundle", args=[self.reference]) if self.is_declarant else ""
        if not export.is_with(self.actor, self.declaration.lot_id, self.today):
            return ""
        return reverse("lot_bundle", args=[self.declaration.lot_id])

    @property
    def exchange_files(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The files for other programs, with their names, for each allocation; none of what was withdrawn."""
        if self.declaration.status == Declaration.Status.WITHDRAWN:
            return []
        address = {kind: reverse("declaration_file", args=[self.declaration.reference, kind]) for kind in words.FILES}
        return [
            (str(name), [(str(words.FILES[kind]), f"{href}?basis={basis}") for kind, href in address.items()])
            for basis, name in words.BASES.items()
        ]

    @property
    def programmes(self) -> list[programme_lines.Listed]:
        """What it states of what each programme asks for."""
        export = exchange.export_of(self.declaration, self.figures.basis, self.body)
        return programme_lines.of(export.programmes())

    @property
    def successor(self) -> Declaration | None:
        return declarations.successor_of(self.declaration)

    @property
    def address(self) -> str:
        """What the QR code leads to."""
        return f"{settings.LODESTONE_BASE_URL}{reverse('declaration', args=[self.reference])}"

    @property
    def api_href(self) -> str:
        """Where programs find it."""
        return f"{settings.LODESTONE_BASE_URL}/api/v1/declarations/{self.reference}"

    @property
    def digest(self) -> str:
        return bytes(self.declaration.statement.digest).hex()

    @property
    def statement_octets(self) -> int:
        return len(self.declaration.statement.envelope)

    @cached_property
    def history(self) -> History | None:
        """The checks of everything behind it; None where that is too long for a page."""
        try:
            return history.of_declaration(self.declaration)
        except history.HistoryTooLong:
            return None

    @property
    def behind(self) -> Behind:
        """Proven is only what this server has just recomputed; the rest says whose word it is, or that it is open."""
        found = self.history
        if found is None:
            return Behind((), self._claimed(), (_("The history is too long to be checked here: verify it offline."),))
        return Behind(tuple(_proven(found)), self._claimed(), (*_open(found, self.standing), *self._gaps()))

    def _claimed(self) -> tuple[str, ...]:
        kinds = self.figures.kinds
        said = [_("Masses and assays, as weighed and measured by the makers"),
                _("Energy, reagents and emissions, as stated by the makers")]  # fmt: skip
        if second := kinds.get("second_hand"):
            said.append(
                _("Background factors with source and date; %(share)s of the headline uses second-hand ones")
                % {"share": _percent(second)}
            )
        else:
            said.append(_("Background factors, each with source and date"))
        if invented := kinds.get("illustrative"):
            said.append(
                _("%(share)s of the headline uses illustrative factors, invented for demonstration")
                % {"share": _percent(invented)}
            )
        return tuple(said)

    def _gaps(self) -> Iterable[str]:
        undeclared = self.figures.undeclared
        if undeclared:
            of = {"n": undeclared, "all": len(self.figures.profile.indicators)}
            yield _("%(n)s of %(all)s indicators are not declared") % of
        if self.figures.result.missing_upstream:
            yield _("%(n)s lots upstream have no result") % {"n": len(self.figures.result.missing_upstream)}
        excluded = len(list(self.exclusions))
        if excluded:
            yield ngettext(
                "%(n)d thing is left out, named below", "%(n)d things are left out, named below", excluded
            ) % {"n": excluded}
        yield _("What the uncertainty of the headline rests on: assumed deviations of factors and amounts")


def _proven(found: History) -> Iterable[str]:
    if found.holds("signatures", "issuers", "keys", "chains", "in_log"):
        said = _("Lots, dates and issuers: signed by %(n)s organisations and in the log")
        yield said % {"n": found.organisations}
    if found.holds("sources"):
        yield _("Every path leads back to a mine or to collected scrap")
    if found.holds("balance"):
        yield _("Element balance closes in all %(n)s steps") % {"n": found.steps}
    if found.holds("shares", "figures"):
        yield _("Every number on this page recomputed from those lots, to the last digit")


def _open(found: History, standing: Standing | None) -> Iterable[str]:
    if standing is not None:
        yield _("Whether %(name)s, who verified it, is independent and accredited") % {"name": standing.verifier.name}
    elif not found.holds("verified"):
        yield _("No independent verifier has signed")
    for one in found.checks:
        if one.id != "verified" and one.word in (Word.FAIL, Word.WARN, Word.NOT_ESTABLISHED):
            yield spoken(one.sentence).rstrip(".。")


def _percent(share: Decimal) -> str:
    return f"{round(share * 100)} %"


def _origin(code: str) -> str:
    if len(code) == 2:
        return _("Mined, %(country)s") % {"country": countries.name(code)}
    return {"recycled": _("Recycled"), "unproven": _("Origin not proven")}.get(code, _("No source in the record"))
