"""Where the rare earths of the target come from, recomputed from the newest versions (`lodestone-shares/1`).

The accounts are folded once more, statement by statement, because a correction changes what was drawn after it. Where a
value is withheld nothing is computed from there on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from traceability.acceptance import matter
from traceability.acceptance.errors import ValueWithheld
from traceability.acceptance.world import Body, Effective
from traceability.ledger.errors import RecordError
from traceability.ledger.quantity import parse_quantity
from traceability.material.composition import composition_of_rows, element_masses, parse_rows, rows_of
from traceability.material.findings import Finding
from traceability.material.shares import (
    ElementMasses,
    ElementShares,
    Feed,
    Process,
    Shares,
    Source,
    SourceClass,
    drawn_element_kg,
    lot_shares,
    mixed_shares,
    own_shares,
    source_of_origin,
    total_shares,
    unknown_feed,
)
from traceability.material.step import ROLES_IN
from traceability.material.stock import Draw, StockState
from traceability.verifier.facts import Facts


@dataclass(frozen=True, slots=True)
class Provenance:
    """Shares of total rare earths of the target by source, and what the sources are."""

    shares: Shares
    elements: ElementShares
    sources: Mapping[str, Source]
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class _Fold:
    """Accounts, and shares of what the lots hold, after the statements so far."""

    facts: Facts
    accounts: dict[str, StockState | None] = field(default_factory=dict)
    shares: dict[str, ElementShares] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    scrap_of: dict[str, Process] = field(default_factory=dict)  # the process that a secondary lot came from
    findings: dict[str, tuple[Finding, ...]] = field(default_factory=dict)

    def take(self, version: Effective) -> None:
        """The effect of one statement in its newest version."""
        made = [chain.subject for chain in version.original.chains if chain.role == "output"]
        wanted = [urn for urn in made if urn in self.accounts]
        if version.original.kind == "lot.source" and wanted:
            self._source(version.body, wanted[0])
        elif version.original.kind == "lot.import" and wanted:
            self._import(version.body, wanted[0])
        elif version.original.kind == "lot.transform" and wanted:
            self._transform(version, wanted)
        if version.original.kind == "lot.transform":
            self._draw(version)
        else:
            self._change(version, version.original.chains[0].subject)

    def _source(self, body: Body, lot: str) -> None:
        account = self._make(lot)
        self.sources[lot] = source_of_origin(lot, str(body["origin"]), str(body["country"]))
        if account is not None:
            self.shares[lot] = own_shares(lot, elements_of(account))

    def _import(self, body: Body, lot: str) -> None:
        """The sources that the bundle of the other log proves; where it proves none they are not known."""
        account, proven = self._make(lot), self.facts.world.foreigns.get(str(body["bundle"]))
        if account is None:
            return
        if proven is None or proven.shares is None:
            self.sources[lot] = Source(lot, SourceClass.UNKNOWN, "")
            self.shares[lot] = own_shares(lot, elements_of(account))
            return
        self.sources |= proven.sources
        self.shares[lot] = {one: proven.shares[one] for one in elements_of(account) if one in proven.shares}

    def _make(self, lot: str) -> StockState | None:
        known = self.facts.world.lot(lot)
        self.accounts[lot] = None if known is None else known.made
        return self.accounts[lot]

    def _draw(self, version: Effective) -> None:
        for row in rows_of(version.body, "inputs", "/body"):
            lot = str(row["lot"])
            account, chain = self.accounts.get(lot), version.original.chain(lot)
            if account is not None and "mass_kg" in row:
                rest = chain is not None and chain.role == "input_rest"
                self.accounts[lot] = Draw(parse_quantity(row["mass_kg"]), rest).after(account)
            elif account is not None:
                self.accounts[lot] = None

    def _change(self, version: Effective, lot: str) -> None:
        account = self.accounts.get(lot)
        if account is None or version.original.chains[0].role == "output":
            return
        try:
            change = matter.change_of(version.original, version.body, lot)
        except ValueWithheld:
            self.accounts[lot] = None
            return
        if change is not None:
            self.accounts[lot] = change.after(account)

    def _transform(self, version: Effective, outputs: list[str]) -> None:
        feeds = self._feeds(version)
        mixed = None if feeds is None else mixed_shares(feeds)
        for lot in outputs:
            account = self._make(lot)
            if mixed is not None and account is not None:
                self.shares[lot], self.findings[lot] = lot_shares(mixed, elements_of(account))
        self._mark_secondary(version, outputs)

    def _mark_secondary(self, version: Effective, outputs: list[str]) -> None:
        """Production scrap keeps the process that it came from, also after it was split or merged."""
        if version.process:
            rows = rows_of(version.body, "outputs", "/body")
            secondary = {str(row["lot"]) for row in rows if row.get("class") == "secondary"}
            self.scrap_of |= {lot: _process(version) for lot in outputs if lot in secondary}
            return
        inputs = [chain.subject for chain in version.original.chains if chain.role != "output"]
        if all(lot in self.scrap_of for lot in inputs):
            self.scrap_of |= dict.fromkeys(outputs, self.scrap_of[inputs[0]])

    def _feeds(self, version: Effective) -> list[Feed] | None:
        """What each input and each bearing reagent brings; None where something of it is withheld."""
        if not version.whole:
            return None
        feeds = list(_reagents(version.body))
        for row in rows_of(version.body, "inputs", "/body"):
            lot = str(row["lot"])
            account = self.accounts.get(lot)
            if account is None or account.composition is None or lot not in self.shares:
                return None
            elements = drawn_element_kg(parse_quantity(row["mass_kg"]), account.custody_kg, elements_of(account))
            feeds.append(Feed(lot, elements, self._shares_of(lot, version, elements)))
        return feeds

    def _shares_of(self, lot: str, version: Effective, elements: ElementMasses) -> ElementShares:
        """What a lot brings of its sources; production scrap that is used in another process is a source itself."""
        scrap_of = self.scrap_of.get(lot)
        if scrap_of is None or not version.process or _process(version).is_same(scrap_of):
            return self.shares[lot]
        self.sources[lot] = Source(lot, SourceClass.PRE_CONSUMER, "")
        return own_shares(lot, elements)


def elements_of(account: StockState) -> ElementMasses:
    """kg of each element in the lot as it was made or received; none where it was never assayed."""
    return {} if account.composition is None else element_masses(account.custody_kg, account.composition)


def _process(version: Effective) -> Process:
    facility = version.body.get("facility")
    steps = frozenset(one.step for one in version.process)
    return Process(version.original.issuer, facility if isinstance(facility, str) else None, steps)


def _reagents(body: Body) -> Iterator[Feed]:
    for number, row in enumerate(rows_of(body, "inventory", "/body")):
        if row.get("role") in ROLES_IN and "elements" in row:
            place = f"/body/inventory/{number}"
            composition = composition_of_rows(parse_rows(rows_of(row, "elements", place), path=place))
            yield unknown_feed(place, element_masses(parse_quantity(row["amount"]), composition))


def provenance(facts: Facts) -> Provenance | None:
    """The provenance of the target; None where values that it needs are withheld or cannot be."""
    fold = _Fold(facts, accounts=dict.fromkeys(facts.lots))
    try:
        for version in facts.world.versions.values():
            if not version.withdrawn and version.original.kind.startswith("lot."):
                fold.take(version)
    except RecordError:
        return None  # the rule that it breaks is reported where it is judged
    account = fold.accounts.get(facts.target)
    if account is None or facts.target not in fold.shares:
        return None
    shares = fold.shares[facts.target]
    totals = total_shares(elements_of(account), shares)
    return Provenance(totals, shares, fold.sources, fold.findings.get(facts.target, ()))
