"""Corrections and voids: what may be said again, and what never changes (record-format.md section 5, "Corrections")."""

from collections.abc import Mapping
from dataclasses import replace

from traceability.acceptance.errors import (
    KindNotCorrectable,
    KindNotVoidable,
    MissingReference,
    NeverChanged,
    NotNewestVersion,
    OriginalWithdrawn,
)
from traceability.acceptance.world import Body, Effective, World
from traceability.ledger import moments
from traceability.ledger.kinds import Kind, kind_of
from traceability.ledger.kinds.kind import corrected_body as corrected_body
from traceability.ledger.kinds.kind import rows_at
from traceability.ledger.shapes import Disclosed
from traceability.ledger.statement import ProcessStep, Statement, TimeOrder

KINDS = frozenset({"statement.correct", "statement.void"})
_FIXED = {
    "organisation.register": (
        "public_key", "recovery_public_key", "custody", "operator_recovery", "roles", "country",
    ),
    "facility.register": ("facility",),
    "facility.certificate": ("facility", "renews"),
    "organisation.attest": ("organisation",),
    "statement.attest": ("statements",),
    "lot.receive": ("dispatch", "difference"),
    "lot.import": ("log", "organisation", "dispatch", "custody_hash", "bundle", "public_key"),
    "factors.publish": ("count", "root"),
    "account.open": (
        "model", "method", "facility", "materials_in", "materials_out", "element", "characteristic",
        "conversion_factor", "period_months",
    ),
    "account.credit": ("result", "claim"),
    "account.expire": ("credit",),
}  # fmt: skip
"""Open fields that a correction must repeat, beside the urns of the chains."""


def check(statement: Statement, world: World, disclosed: Disclosed) -> None:
    """Raises when a correction or void does not fit the statement that it names; other kinds pass."""
    if statement.kind == "statement.correct":
        _check_correction(statement, world, disclosed)
    elif statement.kind == "statement.void":
        found = _named(statement, "voids", world)
        if not kind_of(found.original.kind).voidable:
            raise KindNotVoidable(f"A {found.original.kind} cannot be withdrawn.", path="/body/voids")


def _named(statement: Statement, field: str, world: World) -> Effective:
    found, path = world.effective(str(statement.body[field])), f"/body/{field}"
    if found is None:
        raise MissingReference("There is no such statement in this log, or it is itself a correction.", path=path)
    if found.withdrawn:
        raise OriginalWithdrawn("This statement was withdrawn already.", path=path)
    return found


def _check_correction(statement: Statement, world: World, disclosed: Disclosed) -> None:
    found = _named(statement, "replaces", world)
    kind = kind_of(found.original.kind)
    if not kind.correctable:
        raise KindNotCorrectable(f"A {kind.name} is not corrected; it has kinds of its own.", path="/body/replaces")
    if statement.body["newest"] != found.newest:
        raise NotNewestVersion("Somebody corrected this first. Name the newest version.", path="/body/newest")
    claimed = corrected_body(statement.body)
    kind.check(claimed, "/body/as/body", disclosed)
    _check_fixed(kind, found.original.body, claimed)
    _check_times(statement)
    if found.original.kind.startswith("account."):
        _check_same_time(statement, found)
    if bool(claimed_process(statement.body)) != bool(found.original.process):
        raise NeverChanged("A correction never makes a step of a split or merge, or a split of a step.",
                           path="/body/as/process")  # fmt: skip


def _check_times(statement: Statement) -> None:
    claim = _claim(statement.body)
    first, last = (moments.parse_moment(claim[name]) for name in ("occurred_from", "occurred_to"))
    if not first <= last <= statement.issued_at:
        raise TimeOrder("It must start before it ends, and end before it is signed.", path="/body/as/occurred_from")


def claimed_process(body: Body) -> tuple[ProcessStep, ...]:
    """The process that a correction claims."""
    return tuple(ProcessStep(str(row["step"]), str(row["country"])) for row in rows_at(_claim(body), "process"))


def _check_same_time(statement: Statement, before: Effective) -> None:
    """A claims account counts by the time of its entries."""
    if moments.parse_moment(_claim(statement.body)["occurred_to"]) != before.occurred_to:
        raise NeverChanged("A correction never changes when an entry was made.", path="/body/as/occurred_to")


def _claim(body: Body) -> Body:
    claim = body["as"]
    return claim if isinstance(claim, dict) else {}


def _check_fixed(kind: Kind, original: Body, claimed: Body) -> None:
    for name in _FIXED.get(kind.name, ()):
        if original.get(name) != claimed.get(name):
            raise NeverChanged(f"A correction never changes {name}.", path=f"/body/as/body/{name}")
    if kind.subjects is not None and _subjects(kind, original) != _subjects(kind, claimed):
        raise NeverChanged("A correction never changes the lots or their roles.", path="/body/as/body")


def _subjects(kind: Kind, body: Body) -> Mapping[str, tuple[str, ...]]:
    return {} if kind.subjects is None else kind.subjects(body)


def newer(before: Effective, statement: Statement, opened: Body, *, whole: bool = True) -> Effective:
    """The effective version after a correction or void of it; `whole`: no value that the rules need is withheld."""
    if statement.kind == "statement.void":
        return replace(before, withdrawn=True)
    claim = _claim(opened)
    return replace(
        before,
        newest=statement.digest,
        body=corrected_body(opened),
        occurred_from=moments.parse_moment(claim["occurred_from"]),
        occurred_to=moments.parse_moment(claim["occurred_to"]),
        whole=whole,
        claimed_process=claimed_process(opened),
        earlier=(*before.earlier, before.body),
    )
