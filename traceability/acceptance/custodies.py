"""The chain of a lot read as the custodies of one organisation: what came, what went, as entries of a material account.

The page of material accounts and the offline verifier read it in the same way.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final

from traceability.acceptance.accounts import require_assay
from traceability.acceptance.errors import ValueWithheld
from traceability.acceptance.world import Body
from traceability.ledger.quantity import computing
from traceability.material.accounting import ZERO, Entry, Flow, Holding
from traceability.material.composition import Composition, parse_assay, rows_of

_ENTERED: Final = {"mined": Flow.MADE, "opening_stock": Flow.ENTERED}
"""How a source lot came, by its origin; what was bought or collected is received."""


@dataclass(frozen=True, slots=True)
class Said:
    """A statement on the chain of a lot in its newest version, as one reader may read it."""

    kind: str
    digest: str
    issuer: str
    at: datetime
    body: Body
    makes: bool
    """Whether it made the lot."""
    has_process: bool


@dataclass(slots=True)
class _Custody:
    """One custody while its chain is read."""

    site: str
    composition: Composition | None
    entries: list[Entry]
    unknown: Entry | None = None
    """A receipt whose mass the sender keeps to himself: it is what balances the rest."""

    def holding(self, lot: str, stage: str, end_kg: Decimal | None) -> Holding:
        entries = self.entries
        if self.unknown is not None:
            if end_kg is None:
                raise ValueWithheld("A mass that the account needs is withheld.", path="/body/mass_kg")
            with computing():
                received_kg = end_kg - sum((one.change_kg for one in entries), ZERO)
            first = Entry(Flow.RECEIVED, self.unknown.at, self.unknown.statement, received_kg)
            entries = [first if one is self.unknown else one for one in entries]
        return Holding(lot, stage, self.site, self.composition, tuple(entries))


@dataclass(slots=True)
class Custodies:
    """The chain of one lot, read as the custodies of one organisation."""

    lot: str
    stage: str
    owner: str
    composition: Composition | None
    """The assay that the lot was made with, where the reader may see it."""
    last_site: str
    """Where a part stands whose own statement names no site."""
    found: list[_Custody] = field(default_factory=list)
    _shipped_kg: Decimal | None = None
    _sender: str = ""

    def holdings(self, end_kg: Decimal | None) -> list[Holding]:
        """The custodies; `end_kg` is what is left at the end of the last one, None where that is not told."""
        last = self.found[-1:]
        return [one.holding(self.lot, self.stage, end_kg if one in last else ZERO) for one in self.found]

    def add(self, said: Said) -> None:
        """Reads the next statement of the chain."""
        own = said.issuer == self.owner
        if said.kind == "lot.assay":
            self._assay(said, own=own)
        elif said.kind == "lot.dispatch":
            self._shipped_kg, self._sender = told_kg(said.body), said.issuer
            if own:
                self._move(said, Flow.DISPATCHED, -_needed(self._shipped_kg))
        elif said.kind in ("lot.reject", "lot.dispatch_cancel"):
            if self._sender == self.owner:
                self._move(said, Flow.RETURNED, _needed(self._shipped_kg))
        elif own and said.kind == "lot.receive":
            self._receive(said)
        elif own:
            self._do(said)

    def _do(self, said: Said) -> None:
        match said.kind:
            case "lot.source" | "lot.import" | "lot.transform":
                self._make_or_draw(said)
            case "lot.dispose":
                self._move(said, Flow.DISPOSED, -_needed(told_kg(said.body)))
            case "lot.adjust":
                self._move(said, Flow.ADJUSTED, _needed(told_kg(said.body, "change_kg")))
            case "lot.settle":
                self._settle(said)

    def _make_or_draw(self, said: Said) -> None:
        divides = said.kind == "lot.transform" and not said.has_process
        if said.makes:
            self._make(said, Flow.REGROUPED if divides else _came(said))
            return
        drawn = next(one for one in rows_of(said.body, "inputs", "/body") if one["lot"] == self.lot)
        self._move(said, Flow.REGROUPED if divides else Flow.USED, -_needed(told_kg(drawn)))

    def _make(self, said: Said, flow: Flow) -> None:
        site = site_of(said.body) or (self.last_site if flow is Flow.REGROUPED else "")
        self.found.append(_Custody(site, self.composition, []))
        self._move(said, flow, _needed(told_kg(row_of(said, self.lot))))

    def _receive(self, said: Said) -> None:
        custody = _Custody(site_of(said.body), self.composition, [])
        self.found.append(custody)
        self._move(said, Flow.RECEIVED, ZERO if self._shipped_kg is None else self._shipped_kg)
        if self._shipped_kg is None:
            custody.unknown = custody.entries[-1]

    def _settle(self, said: Said) -> None:
        with computing():
            less_kg = ZERO if self._shipped_kg is None else _needed(told_kg(said.body)) - self._shipped_kg
        self._move(said, Flow.SETTLED, less_kg)

    def _assay(self, said: Said, *, own: bool) -> None:
        self.composition = told_composition(said.body.get("assay"))
        if own and self.found:
            self._enter(Entry(Flow.ASSAYED, said.at, said.digest, ZERO, self.composition))

    def _move(self, said: Said, flow: Flow, change_kg: Decimal) -> None:
        self._enter(Entry(flow, said.at, said.digest, change_kg, reason=str(said.body.get("reason", ""))))

    def _enter(self, entry: Entry) -> None:
        if self.found:
            self.found[-1].entries.append(entry)


def row_of(said: Said, lot: str) -> Mapping[str, object]:
    """What the statement that made a lot says of it, as far as it is told."""
    if said.kind in ("lot.source", "lot.import"):
        return said.body
    return next((row for row in rows_of(said.body, "outputs", "/body") if row.get("lot") == lot), {})


def told_composition(assay: object) -> Composition | None:
    """The contents of an opened assay; None where there is none, or not all of it is told."""
    body = assay if isinstance(assay, dict) else {}
    try:
        require_assay(body)
    except (KeyError, ValueWithheld):
        return None
    return parse_assay(body, path="/body/assay").composition()


def site_of(body: Body) -> str:
    """The facility that a statement names."""
    return str(body.get("facility") or "")


def told_kg(body: Mapping[str, object], name: str = "mass_kg") -> Decimal | None:
    """A mass; None where it is not told."""
    return Decimal(str(body[name])) if name in body else None


def _came(said: Said) -> Flow:
    """How a lot came into the stock: made in a step, or by the origin of its source."""
    return Flow.MADE if said.kind == "lot.transform" else _ENTERED.get(str(said.body.get("origin")), Flow.RECEIVED)


def _needed(mass_kg: Decimal | None) -> Decimal:
    if mass_kg is None:
        raise ValueWithheld("A mass that the account needs is withheld.", path="/body/mass_kg")
    return mass_kg
