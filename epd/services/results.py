"""Results of lots: computed from signed statements tier by tier, and checked again whenever one is submitted."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import transaction

from epd.lca import algorithms
from epd.lca.assembly import Assembled, assemble
from epd.lca.bodies import result_to_body
from epd.lca.result import LotResult
from epd.lca.rollup import recompute, require_inventory
from epd.lca.share_tables import long_tables, roots_of, write_table
from epd.models import LotResultRow, ShareTable
from epd.selectors.share_tables import figures_of
from epd.services import background, factors
from traceability.acceptance.versions import corrected_body
from traceability.ledger import identifiers
from traceability.ledger.custody import NotMaker
from traceability.ledger.errors import RecordError
from traceability.ledger.statement import Statement
from traceability.models import Lot, OpeningRule
from traceability.selectors import access
from traceability.selectors.access import Actor
from traceability.selectors.counting import NumberOf
from traceability.services import acceptance, clock, rows_world
from traceability.services.acceptance import Accepted
from traceability.services.drafts import require_no_approval
from traceability.services.rows_world import RowsWorld, uuid_of
from traceability.services.submissions import Act, Body, Receipt


class ResultMismatch(RecordError):
    """The stated figures are not those that the signed statements give."""

    code = "result_mismatch"


class ResultUnknown(RecordError):
    code = "result_unknown"


class PeriodBackwards(RecordError):
    """A period of data that ends before it begins."""

    code = "period_backwards"


class ResultClosed(RecordError):
    code = "result_closed"


def publish_result(*, actor: Actor, lot: Lot) -> Receipt:
    """The receipt of the lot.result of a lot that the actor's organisation made."""
    return publish_results(actor=actor, lots=[lot])[0]


def publish_results(*, actor: Actor, lots: list[Lot]) -> list[Receipt]:
    """Receipts of the results of these lots, each computed on the ones before it; all or none."""
    if not actor.program:
        require_no_approval(actor)
    moment = clock.now()
    factors_digest = factors.newest_digest(actor.organisation.pk)
    receipts: list[Receipt] = []
    with transaction.atomic():
        for lot in lots:
            prepared = prepare(actor=actor, lot=lot, factors_digest=factors_digest)
            act = Act("lot.result", actor.organisation.pk, prepared.body, (moment, moment))
            receipts += acceptance.accept(actor=actor, submissions=[act])
    return receipts


@dataclass(frozen=True, slots=True)
class Prepared:
    """A result that nobody signed yet, and the factors that its own step names."""

    body: Body
    figures: LotResult
    factor_ids: frozenset[str]


def prepare(*, actor: Actor, lot: Lot, factors_digest: str = "") -> Prepared:
    """What would be signed as the result of a lot of the actor's organisation now."""
    if lot.maker_id != actor.organisation.pk:
        raise NotMaker("Only the maker of a lot states its result.", lot=lot.urn)
    _require_readable(actor, lot)
    prepared = _compute(lot.urn, factors_digest or factors.newest_digest(actor.organisation.pk))
    background.require_valid(prepared.factor_ids, lot)
    return prepared


def _require_readable(actor: Actor, lot: Lot) -> None:
    """A maker computes from what he may read: figures that a supplier keeps closed never flow into his own."""
    parents = lot.edges_up.filter(voided=False).values("parent_id")
    for row in LotResultRow.objects.filter(lot__in=parents).select_related("statement", "lot"):
        closed_to_him = row.statement.disclosures.filter(group=OpeningRule.Group.RESULT).exclude(text=None)
        readable = access.readable_disclosures(actor, [row.statement_id], clock.now().date())
        if closed_to_him.exclude(pk__in=readable.values("pk")).exists():
            raise ResultClosed(f"The maker of {row.lot} keeps its result closed. Ask him to open it to you.")


def body_of(lot: str, factors_digest: str) -> Body:
    """The opened body of the lot.result of a lot, from what is accepted now and the newest results of its inputs."""
    return _compute(lot, factors_digest).body


def _compute(lot: str, factors_digest: str) -> Prepared:
    assembled = assemble(lot, rows_world.reader(), newest_result)
    require_inventory(assembled.step)
    result = recompute(assembled.step, factors.by_digest(factors_digest))[lot]
    named = frozenset(one for exchange in assembled.step.exchanges for one in exchange.factor_ids)
    return Prepared(body_with(result, assembled, factors_digest), result, named)


def body_with(result: LotResult, assembled: Assembled, factors_digest: str) -> Body:
    """The opened body of a lot.result out of its figures and what they were computed from."""
    return {
        **result_to_body(result),
        "computed_from": assembled.computed_from(),
        "factors": factors_digest,
        "algorithms": algorithms.references(),
    }


def newest_result(lot: str) -> tuple[str, LotResult] | None:
    """The newest result of a lot: the digest of its newest version, and the figures."""
    row = LotResultRow.objects.filter(lot=uuid_of(lot)).select_related("statement").last()
    if row is None:
        return None
    [effective] = rows_world.effective_versions([row.statement])
    return None if effective.withdrawn else (effective.newest, figures_of(effective.body))


def check_result(statement: Statement, body: Body, world: RowsWorld) -> None:
    """Refuses a lot.result without an inventory, or other than what its named sources give, string by string."""
    result, assembled = _computed(body, world)
    require_inventory(assembled.step)
    require_period(body)
    expected = body_with(result, assembled, str(body["factors"]))
    for name in sorted(expected.keys() | (body.keys() - {"period", "ext"})):
        if expected.get(name) != body.get(name):
            raise ResultMismatch("This is not what the signed statements give. Compute it again.", path=f"/body/{name}")


def require_period(body: Body) -> None:
    """Refuses figures over a period that ends before it begins."""
    period = body.get("period")
    if isinstance(period, dict) and str(period["from"]) > str(period["to"]):
        raise PeriodBackwards("The period ends before it begins. Check the days.", path="/body/period/to")


def _computed(body: Body, world: RowsWorld) -> tuple[LotResult, Assembled]:
    """What the sources that a result names give for its lot."""
    named = _named_results(body)

    def read(lot: str) -> tuple[str, LotResult] | None:
        return (named[lot], result_by_digest(named[lot], lot, world)) if lot in named else None

    assembled = assemble(str(body["lot"]), world, read)
    return recompute(assembled.step, factors.by_digest(str(body["factors"])))[str(body["lot"])], assembled


def _named_results(body: Body) -> Mapping[str, str]:
    source = body["computed_from"]
    rows = source.get("results", []) if isinstance(source, dict) else []
    return {str(row["lot"]): str(row["statement"]) for row in rows}


def result_by_digest(digest: str, lot: str, world: RowsWorld) -> LotResult:
    """The figures of the newest version of a result of this lot, by the digest of that version."""
    found = world.effective_version(digest)
    if found is None or found.original.kind != "lot.result" or found.body["lot"] != lot:
        raise ResultUnknown("There is no such result of an input, or it was corrected.", path="/body/computed_from")
    return figures_of(found.body)


def store_result(one: Accepted) -> None:
    """The row that finds a result by its lot, and the tables that it states by their root."""
    store_row(one)
    _store_tables(one, one.opened)


def store_row(one: Accepted) -> None:
    """The row that finds a result by its lot."""
    LotResultRow.objects.create(statement=one.row, lot_id=uuid_of(str(one.statement.body["lot"])))


def store_correction(one: Accepted) -> None:
    """The tables that a corrected result states by their root."""
    if one.kind == "lot.result":
        _store_tables(one, corrected_body(one.opened))


def _store_tables(one: Accepted, body: Body) -> None:
    """Computes the tables once more, from what was accepted before: the statement itself holds their roots alone."""
    wanted = roots_of(body)
    if not wanted:
        return
    shares = _computed(body, replace(rows_world.reader(), before=one.row.pk))[0].shares
    tables = {} if shares is None else long_tables(shares)
    ShareTable.objects.bulk_create(
        [
            ShareTable(statement=one.row, root=identifiers.digest_bytes(root), content=write_table(tables[root]))
            for root in sorted(set(wanted))
            if root in tables
        ]
    )


def lots_without_result(organisation: UUID, most: int) -> tuple[list[Lot], int]:
    """The oldest lots that an organisation made and has given no result, and how many there are in all."""
    rows = Lot.objects.filter(maker=organisation, results=None).exclude(state="void")
    found = list(rows.annotate(number_of_all=NumberOf(rows)).order_by("made_by_id", "pk")[:most])
    return list(found), found[0].number_of_all if found else 0
