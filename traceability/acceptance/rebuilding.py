"""After a correction or withdrawal: every account that rests on it, made again (record-format.md section 5).

The corrected statement must itself be possible where it stands. What later statements then lack is a finding, never a
refusal. Parts of a split or merge follow the assay of what they came from.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from traceability.acceptance import custody_models, dates
from traceability.acceptance.accounts import Past, takes_from_process
from traceability.acceptance.custody_models import model_of
from traceability.acceptance.errors import AssayInUse, ValueWithheld
from traceability.acceptance.given import require_drawn, require_nothing_back
from traceability.acceptance.making import check_first_assay, first_assay, lot_rows, made_again
from traceability.acceptance.world import Effective, LotRecord, World
from traceability.ledger.custody import LotCustody
from traceability.ledger.errors import RecordError
from traceability.ledger.kinds.kind import DRAW, Body
from traceability.ledger.kinds.lots import MAKING
from traceability.ledger.statement import Statement
from traceability.material import stock
from traceability.material.composition import Composition, parse_mass, rows_of
from traceability.material.division import merged_composition
from traceability.material.findings import Finding
from traceability.material.stock import StockState

_CHANGES_MATTER = frozenset({*MAKING, "lot.assay", "lot.adjust", "lot.dispose", "lot.receive"})
_CHANGES_ASSAYS = frozenset({*MAKING, "lot.assay"})


@dataclass(slots=True)
class Rebuilt:
    """The lots after a correction or withdrawal, and what was built on what it changed."""

    lots: dict[str, LotRecord] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    established: bool = True


def rebuild(statement: Statement, opened: Body, lots: Mapping[str, LotCustody], world: World) -> Rebuilt:
    """The lots of the corrected or withdrawn statement and all parts of them, with their accounts made again."""
    after = world.with_version(statement, opened)
    version = after.effective(str(opened.get("replaces") or opened.get("voids")))
    if version is None or version.original.kind not in _CHANGES_MATTER:
        return Rebuilt()
    return _Rebuilding(version, lots, after).run(statement)


class _Rebuilding:
    """One walk from a changed statement to everything that rests on it."""

    def __init__(self, version: Effective, lots: Mapping[str, LotCustody], world: World) -> None:
        self.version = version
        self.custody = lots
        self.world = world
        self.anew: dict[str, StockState] = {}
        self.past = Past(world, self.anew)
        self.found = Rebuilt()
        self.to_weigh: dict[str, Effective] = {}

    def run(self, statement: Statement) -> Rebuilt:
        known = self._make_anew()
        self._check_times()
        for chain in statement.chains:
            self._account(chain.subject, known=known)
        if self.version.original.kind in _CHANGES_ASSAYS:
            self._check_assays()
            self._follow([chain.subject for chain in statement.chains])
            self._find_steps_in_process()
        for step in self.to_weigh.values():
            self._weigh(step)
        return self.found

    def _make_anew(self) -> bool:
        """Whether what the changed statement makes is known here; then `anew` holds it."""
        made = [chain.subject for chain in self.version.original.chains if chain.role == "output"]
        if self.version.withdrawn:
            return True
        try:
            if not any(self.world.sees(urn) for urn in made):
                seen = {chain.subject for chain in self.version.original.chains if self.world.sees(chain.subject)}
                require_drawn(self.version, seen)  # what it made is on chains that are not at hand
                return True
            again = made_again(self.version, self.past)
            if self.version.original.kind == "lot.transform":
                require_nothing_back(self.version, self.past)
        except ValueWithheld:
            self.found.established = False
            return False
        self.anew |= again.accounts()
        self.found.findings += again.findings
        self.found.findings += custody_models.findings(self.version.original, self.version.body, self.world)
        self.found.established &= again.established
        return True

    def _account(self, urn: str, *, known: bool) -> None:
        """The record of one lot of the changed statement."""
        lot = self.world.lot(urn)
        if lot is None:
            return
        account, made = None, self.anew.get(urn, lot.made)
        if known:
            account = self._replayed(urn)
        elif lot.custody.created_by == self.version.original.digest:
            made = None
        self.found.lots[urn] = replace(self._described(lot), stock=account, made=made)

    def _described(self, lot: LotRecord) -> LotRecord:
        """The record with the words and times of the newest version, and with the custody after it."""
        urn = lot.custody.urn
        custody = self.custody.get(urn, lot.custody)
        if self.version.withdrawn or lot.custody.created_by != self.version.original.digest:
            return replace(lot, custody=custody)
        stages = {str(row["lot"]): str(row["stage"]) for row in lot_rows(self.version.original, self.version.body)}
        model = model_of(self.version.original, self.version.body, self.world)
        return replace(lot, custody=custody, stage=stages[urn], made_at=self.version.occurred_to, model=model)

    def _replayed(self, urn: str) -> StockState | None:
        """The account of a lot after its whole history, with a finding for each change that it no longer allows."""
        try:
            account, changes = self.past.account(urn)
        except ValueWithheld:
            self.found.established = False
            return None
        if account is None:
            return None
        account, refusals = stock.replay(account, [change for _, change in changes])
        for refusal in refusals:
            if changes[refusal.position][0] == self.version.original.digest:
                raise refusal.error
            self._built_on(refusal.error)
        return account

    def _built_on(self, error: RecordError) -> None:
        """Keeps the finding without the sentence of the error: that may tell masses of somebody else's lot."""
        sentence = f"A later statement rests on what was changed, and would be refused now: {error.code}."
        self.found.findings.append(Finding("built_on_corrected", sentence))

    def _check_times(self) -> None:
        """A use that now ended before its lot was made: refused where it is the changed statement's own."""
        if self.version.withdrawn:
            return
        original, ended, path = self.version.original, self.version.occurred_to, "/body/as/occurred_to"
        dates.require_made(original, ended, self.world, path=path)
        self.found.findings += dates.back_dated(original, ended, self.world, path=path)
        for urn in [chain.subject for chain in original.chains if chain.role == "output"]:
            for later in self.world.history(urn):
                if not later.withdrawn and dates.rests_on(later.original, urn) and later.occurred_to < ended:
                    self._built_on(dates.before_made(later.original, path))

    def _draws_of(self, urn: str) -> Iterator[Effective]:
        """The transforms and disposals that drew from a lot, as far as they stand."""
        for one in self.world.history(urn):
            chain = one.original.chain(urn)
            if not one.withdrawn and chain is not None and chain.role in DRAW:
                yield one

    # Assays that were given after their lot was made

    def _check_assays(self) -> None:
        """The first assay of each lot that the change may have left without one, or with another one."""
        for urn, lot in self.found.lots.items():
            before = self.world.lot(urn)
            if lot.made is None or before is None or lot.stock is None:
                continue
            try:
                self._check_assayed(before, lot.stock)
                self._check_first_assay(lot, lot.made)
            except ValueWithheld:
                self.found.established = False

    def _check_assayed(self, before: LotRecord, after: StockState) -> None:
        """What was drawn with an assay is never left without one: else nothing could be told of it any more."""
        if before.stock is None or before.stock.composition is None or after.composition is not None:
            return
        if any(one.original.digest != self.version.original.digest for one in self._draws_of(after.lot)):
            raise AssayInUse("Matter was drawn with this assay. Correct it instead.", path="/body", lot=after.lot)

    def _check_first_assay(self, lot: LotRecord, made: StockState) -> None:
        own = self.version.original.kind == "lot.assay"
        concerned = own or lot.custody.created_by == self.version.original.digest
        composition = first_assay(made.lot, self.past) if concerned and made.composition is None else None
        if composition is None:
            return
        try:
            check_first_assay(lot, composition, self.past)
        except ValueWithheld:
            raise
        except RecordError as error:
            if own or self._took_the_assay_away(made.lot):
                raise
            self._built_on(error)

    def _took_the_assay_away(self, urn: str) -> bool:
        """Whether the lot was made with an assay before: then what came later was not judged as a first one."""
        before = self.world.lot(urn)
        return before is not None and before.made is not None and before.made.composition is not None

    # What came of the lots

    def _follow(self, lots: list[str]) -> None:
        """Parts of a split or merge get the assay that they would get now; other steps are to be weighed again."""
        waiting = list(lots)
        while waiting:
            for step in self._draws_of(waiting.pop(0)):
                if step.original.kind != "lot.transform" or step.original.digest == self.version.original.digest:
                    continue
                if step.original.process:
                    self.to_weigh[step.original.digest] = step
                else:
                    waiting += self._divided(step)

    def _divided(self, step: Effective) -> Iterable[str]:
        """The parts whose assay is another one now."""
        try:
            composition = self._inherited(step)
        except ValueWithheld:
            self.found.established = False
            return
        for row in rows_of(step.body, "outputs", "/body"):
            urn = str(row["lot"])
            lot = self.found.lots.get(urn) or self.world.lot(urn)
            if lot is None or lot.made is None or lot.made.composition == composition:
                continue
            self.anew[urn] = made = stock.created(urn, lot.made.custody_kg, composition)
            self.found.lots[urn] = replace(lot, made=made, stock=self._replayed(urn))
            yield urn

    def _inherited(self, step: Effective) -> Composition | None:
        """What the parts of a split or merge are made of."""
        drawn = self.past.drawn(step)
        rows = rows_of(step.body, "inputs", "/body")
        parts = [(drawn[str(row["lot"])], parse_mass(row.get("mass_kg"))) for row in rows]
        return parts[0][0].composition if len(parts) == 1 else merged_composition(parts)

    def _find_steps_in_process(self) -> None:
        """Later steps that took matter out of process at the same facility are to be weighed again, too."""
        facility = self.version.body.get("facility")
        if facility is None or self.version.original.kind != "lot.transform":
            return
        later = False
        for step in self.world.steps_in_process(str(facility)) or ():
            if later and not step.withdrawn and takes_from_process(step.body):
                self.to_weigh[step.original.digest] = step
            later = later or step.original.digest == self.version.original.digest

    def _weigh(self, step: Effective) -> None:
        """Nothing follows a step with process: its lots have assays of their own. Whether it still holds is said."""
        try:
            made_again(step, self.past)
        except ValueWithheld:
            self.found.established = False
        except RecordError as error:
            self._built_on(error)
