"""The timeline of a lot: each statement with its proof, its key, what was said about it, and what replaced it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from traceability.models import ChainLink, Finding, Lot, Statement
from traceability.selectors import statements
from traceability.selectors.access import Actor
from traceability.selectors.lot_facts import labels_of
from traceability.selectors.names import Names, names_of
from traceability.selectors.statements import Opened, Proof, SigningKey, Told
from traceability.web import lot_body, lot_words
from traceability.web.lot_words import Vocabulary
from traceability.web.spoken import spoken

FINDING_WORDS: Final = {
    "mass_gain": _("More mass leaves the step than came in."),
    "gain_within_uncertainty": _("More of an element leaves than came in, within the uncertainty."),
    "yield_unusual": _("Less of an element is in the lots made than is usual for this process."),
    "fingerprint_broken": _("The rare earths do not stand in the ratio of the feed."),
    "oxide_short": _("More metal leaves than the oxide can give."),
    "electricity_short": _("Less electricity is stated than the charge for the metal takes."),
    "fuel_unit": _("A fuel in kg fits the stated CO₂ only if it is read as MJ."),
    "co2_over_carbon": _("More CO₂ is stated than all inputs could make."),
    "fuel_counted_twice": _("The CO₂ of a fuel may be counted twice."),
    "n2o_like_nox": _("Nitrous oxide is stated in the amounts of nitrogen oxides."),
    "concentration_unstated": _("The concentration of an acid or base is not stated."),
    "acid_left_over": _("More acid is used than the bases and the lots can bind."),
    "base_left_over": _("More base is used than the acids and the lots can bind."),
    "sulfur_over_inputs": _("More sulphur leaves in the gases than went in."),
    "fluorine_over_inputs": _("More fluorine leaves in the gases than went in."),
    "electricity_unusual": _("Far more electricity is stated than is usual for this process."),
    "heat_unusual": _("Far more heat is stated than is usual for this process."),
    "account_short": _("More is claimed from the account than it has."),
    "built_on_corrected": _("A later statement rests on what was corrected."),
    "back_dated": _("The goods arrived, as claimed, before they were sent."),
    "settled_alone": _("The receiver settled the difference alone."),
}
"""What a finding says to those who may not read the figures in its sentence."""
SCOPES: Final = {"custody": _("custody"), "matter": _("matter"), "inventory": _("inventory"), "result": _("result")}
"""What an auditor looked at."""


@dataclass(frozen=True, slots=True)
class Change:
    """A correction or withdrawal of a statement, with what it says differently."""

    opened: Opened
    digest: str
    reason: str
    rows: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Opinion:
    """An auditor's word on a statement."""

    by: str
    scope: str
    conforms: bool
    digest: str


@dataclass(frozen=True, slots=True)
class Line:
    """One statement of the timeline."""

    told: Told
    link: ChainLink
    title: str
    said: str
    by: str
    key: SigningKey | None
    proof: Proof
    changes: tuple[Change, ...]
    opinions: tuple[Opinion, ...]
    findings: tuple[str, ...]

    @property
    def digest(self) -> str:
        return bare(self.told.original)

    @property
    def state(self) -> str:
        return "void" if self.told.withdrawn else ""


def bare(opened: Opened) -> str:
    """The digest of a statement as its address has it."""
    return bytes(opened.row.digest).hex()


def sentence(finding: Finding, told: Mapping[int, Told]) -> str:
    """What a finding says: its sentence where the reader may see every figure of the statement, else plain words."""
    about = told.get(finding.statement_id)
    if about is not None and not about.original.withheld:
        return spoken(finding.sentence)
    return str(FINDING_WORDS.get(finding.code, finding.code.replace("_", " ").capitalize() + "."))


class Timeline:
    """Statements on the chain of a lot, as one reader sees them."""

    def __init__(self, actor: Actor, lot: Lot, today: date, vocabulary: Vocabulary) -> None:
        self.actor, self.lot, self.today = actor, lot, today
        self.vocabulary = vocabulary

    def lines(self, links: Sequence[ChainLink]) -> list[Line]:
        """One line for each link, in their order."""
        rows = [link.statement for link in links]
        told = statements.told(self.actor, rows, self.today)
        opened = self._attestations(rows)
        self._learn_names({row.issuer for row in rows} | _receivers(told.values()))
        self._learn_lots(_named(told.values()))
        names, urn = self.vocabulary.names, self.lot.urn
        proofs, keys = statements.check_proofs(rows).by_row, statements.signing_keys(rows)
        found = statements.findings(rows)
        return [
            Line(
                told=told[row.pk],
                link=link,
                title=lot_words.title(told[row.pk], urn, self.vocabulary),
                said=lot_words.describe(told[row.pk], urn, self.vocabulary),
                by=names.of(row.issuer),
                key=keys.get(row.pk),
                proof=proofs[row.pk],
                changes=tuple(changes(told[row.pk])),
                opinions=tuple(_opinion(one, names) for one in opened.get(row.pk, ())),
                findings=tuple(sentence(one, told) for one in found.get(row.pk, ())),
            )
            for link, row in zip(links, rows, strict=True)
        ]

    def _attestations(self, rows: Sequence[Statement]) -> dict[int, list[Opened]]:
        attested = statements.attestations(rows)
        said = {row.pk: row for group in attested.values() for row in group}
        opened = {one.row.pk: one for one in statements.open_rows(self.actor, said.values(), self.today)}
        self._learn_names({one.issuer for one in opened.values()})
        return {pk: [opened[row.pk] for row in group] for pk, group in attested.items()}

    def _learn_names(self, organisations: set[UUID]) -> None:
        names = self.vocabulary.names
        new = names_of(self.actor, organisations - names.countries.keys(), self.today)
        known = Names({**names.known, **new.known}, {**names.countries, **new.countries})
        self.vocabulary = Vocabulary(known, self.vocabulary.labels)

    def _learn_lots(self, found: set[UUID]) -> None:
        """How people call lots that are no part of this history: what was made of it, as far as the reader sees it."""
        new = found - self.vocabulary.labels.keys()
        if new:
            labels = labels_of(self.actor, new, self.today)
            self.vocabulary = Vocabulary(self.vocabulary.names, {**labels, **self.vocabulary.labels})


def changes(told: Told) -> Iterable[Change]:
    """What each later version of a statement says differently from the one before it."""
    before = told.original
    for one in told.versions:
        reason = str(one.body.get("reason", ""))
        rows: Sequence[tuple[str, str, str]] = ()
        if one.row.kind == "statement.correct":
            rows = lot_body.differences(statements.version_body(before), statements.version_body(one))
            before = one
        yield Change(one, bare(one), reason, rows)


def _opinion(opened: Opened, names: Names) -> Opinion:
    scope = opened.body.get("scope")
    said = ", ".join(str(SCOPES.get(one, one)) for one in scope) if isinstance(scope, list) else ""
    return Opinion(names.of(opened.issuer), said, opened.body.get("opinion") == "conforms", bare(opened))


def _named(told: Iterable[Told]) -> set[UUID]:
    sides = (one.body.get(side) for one in told for side in ("inputs", "outputs"))
    rows = (row for side in sides if isinstance(side, list) for row in side)
    return {UUID(row["lot"][9:]) for row in rows if isinstance(row, dict) and "lot" in row}


def _receivers(told: Iterable[Told]) -> set[UUID]:
    found = set()
    for one in told:
        to = one.body.get("to")
        if isinstance(to, str) and to.startswith("urn:uuid:"):
            found.add(UUID(to[9:]))
    return found
