"""Reference declarations: a product of a site over twelve months, out of its lots, meters, stock and prices.

Whoever publishes one says what the record does not: the meters, the stock and the prices. All else follows, and the
door computes it again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from epd.lca import algorithms
from epd.lca.bodies import declared_headline
from epd.lca.indicators import Basis
from epd.lca.members import rows
from epd.lca.period import period_of, unexplained
from epd.lca.reference import Period
from epd.lca.result import DECLARED_UNIT, LotResult
from epd.lca.site_year import SiteYear, belongs, site_year
from epd.models import Declaration
from epd.rules.profiles import profile_of
from epd.rules.references import members
from epd.services import factors
from epd.services.citing import KIND, ValidTooLong
from epd.services.declarations import (
    FiguresDiffer,
    OverAtOnce,
    check_name,
    check_title,
    reference_of,
    title_of,
)
from epd.services.results import newest_result, require_period, result_by_digest
from traceability.acceptance.world import Effective
from traceability.ledger.errors import RecordError
from traceability.ledger.statement import Statement
from traceability.models import Facility, Lot
from traceability.models import Statement as StatementRow
from traceability.selectors.access import Actor
from traceability.services import acceptance, clock, rows_world, sealing
from traceability.services.acceptance import Accepted
from traceability.services.drafts import require_no_approval
from traceability.services.rows_world import RowsWorld, urn_of, uuid_of
from traceability.services.submissions import Act, Body, Receipt

LONGEST_YEARS: Final = 5
MOST: Final = 500
"""So many steps and lots a statement can name."""
_ALGORITHMS: Final = {**algorithms.TEXTS, **algorithms.OF_PERIODS}
Tell = Callable[[int, int], None]


class StepsLeftOut(RecordError):
    """Not every step of the site in the period is named."""

    code = "steps_left_out"


class GapUnexplained(RecordError):
    """A gap above 1 % of which nothing is said."""

    code = "gap_unexplained"


class TooManyLots(RecordError):
    """More lots or steps than a reference can name."""

    code = "too_many_lots"


class PeriodNotOver(RecordError):
    """A period that is not over."""

    code = "period_not_over"


@dataclass(frozen=True, slots=True)
class Said:
    """What the declarant says; everything else follows from the record."""

    facility: str
    material: str
    stage: str
    period: Period
    product: str
    stock: Mapping[str, str]
    profile: str
    valid_until: date
    meters: Sequence[Mapping[str, Any]] = ()
    """Flow and unit, what was metered, work in progress, disposals, overhead; of a flow that no lot states its role
    and factors too."""
    prices: Sequence[Mapping[str, Any]] = ()
    """Material, stage and price."""
    explanation: str = ""
    illustrative: bool = False


def publish(*, actor: Actor, said: Said, id: UUID | None = None) -> tuple[Declaration, Receipt]:
    """The reference declaration, and the receipt of its statement."""
    if not actor.program:
        require_no_approval(actor)
    moment = clock.now()
    return sign(actor=actor, body=body_of(actor=actor, said=said, id=id or sealing.new_id(moment)))


def sign(*, actor: Actor, body: Body) -> tuple[Declaration, Receipt]:
    """The reference declaration of a body that was prepared."""
    moment = clock.now()
    [receipt] = acceptance.accept(actor=actor, submissions=[Act(KIND, actor.organisation.pk, body, (moment, moment))])
    return Declaration.objects.get(pk=uuid_of(str(body["declaration"]))), receipt


def rehearse(*, actor: Actor, body: Body) -> None:
    """Refuses what the door would refuse."""
    moment = clock.now()
    acceptance.rehearse(actor=actor, acts=[Act(KIND, actor.organisation.pk, body, (moment, moment))])


def body_of(*, actor: Actor, said: Said, id: UUID, tell: Tell = lambda done, total: None) -> Body:
    """The opened body of declaration.reference."""
    world = rows_world.reader()
    steps = steps_of(actor.organisation.pk, said.facility, said.period)
    read = _Newest(tell)
    digest = factors.newest_digest(actor.organisation.pk)
    typed: dict[str, Any] = {
        "declaration": sealing.urn(id),
        "title": title_of(illustrative=said.illustrative),
        "product": said.product,
        "declarant": actor.organisation.name,
        "country": actor.organisation.country,
        "profile": said.profile,
        "declared_unit": DECLARED_UNIT,
        "illustrative": said.illustrative,
        "factors": digest,
        "algorithms": algorithms.references(_ALGORITHMS),
        "facility": said.facility,
        "material": said.material,
        "stage": said.stage,
        "period": {"from": said.period.first.isoformat(), "to": said.period.last.isoformat()},
        "valid_until": said.valid_until.isoformat(),
        "stock": dict(said.stock),
        "computed_from": {"statements": sorted(one.newest for one in steps)},
        **({"explanation": said.explanation} if said.explanation else {}),
    }
    asked = typed | {"meters": list(said.meters), "products": list(said.prices)}
    product = (said.material, said.stage)
    read.total = sum((row["material"], row["stage"]) == product for one in steps for row in rows(one.body, "outputs"))
    found = members(asked, actor.organisation.urn, world, read, factors.by_digest(digest))
    typed["computed_from"]["results"] = read.named()
    return typed | found


@dataclass
class _Newest:
    """Reads the newest results of lots, and keeps which."""

    tell: Tell
    total: int = 0
    found: dict[str, str] = field(default_factory=dict)

    def __call__(self, lot: str) -> tuple[str, LotResult] | None:
        read = newest_result(lot)
        if read is not None:
            self.found[lot] = read[0]
            self.tell(len(self.found), self.total)
        return read

    def named(self) -> list[dict[str, str]]:
        """The member `results`."""
        return [{"lot": lot, "statement": digest} for lot, digest in sorted(self.found.items())]


def steps_of(organisation: UUID, facility: str, period: Period) -> list[Effective]:
    """The steps of a site in a period."""
    day = timedelta(days=1)
    rows_found = StatementRow.objects.filter(
        kind="lot.transform", issuer=organisation,
        lots_made__made_at__date__gte=period.first - day, lots_made__made_at__date__lte=period.last + day,
    )  # fmt: skip
    known = {row.pk: row for row in rows_found}
    found = [one for one in rows_world.effective_versions(list(known.values()))
             if belongs(one, urn_of(organisation), facility, period)]  # fmt: skip
    if len(found) > MOST:
        raise TooManyLots(f"A reference names at most {MOST} steps, and this site had {len(found)} in the period.")
    return found


def site(organisation: UUID, facility: str, period: Period, steps: Sequence[Effective]) -> SiteYear:
    """What the steps of a site made and used in a period."""
    named = sorted(one.newest for one in steps)
    return site_year(urn_of(organisation), facility, period, named, rows_world.reader())


def facilities(actor: Actor) -> list[Facility]:
    """The sites of the actor's organisation."""
    return list(Facility.objects.filter(organisation=actor.organisation, voided=False))


def twelve_months(today: date) -> Period:
    """The last twelve whole months before a day."""
    last = today.replace(day=1) - timedelta(days=1)
    after = last + timedelta(days=1)
    return Period(after.replace(year=after.year - 1), last)


def years_after(day: date, years: int = LONGEST_YEARS) -> date:
    """The day so many years later; 28 February for the 29th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


# The door


def check_reference(statement: Statement, body: Body, world: RowsWorld) -> None:
    """Refuses a reference that leaves a step out, or says other than what the record and its own meters give."""
    today = statement.issued_at.date()
    require_period(body)
    period = period_of(body)
    if period.last >= today:
        raise PeriodNotOver("The period is not over yet. Choose one that is.", path="/body/period/to")
    check_title(str(body["title"]), illustrative=body["illustrative"] is True)
    check_name(statement.issuer, body, world)
    check_validity(date.fromisoformat(str(body["valid_until"])), today)
    _check_steps(statement.issuer, body, period)
    check_figures(statement.issuer, body, world)
    if unexplained(body):
        raise GapUnexplained("A gap is above 1 %. Say where it is from.", path="/body/explanation")


def check_validity(last: date, today: date) -> None:
    """Refuses a last day that is over, or more than five years away."""
    if last < today:
        raise OverAtOnce("This day is over. Choose a later day.", path="/body/valid_until")
    if last > years_after(today):
        raise ValidTooLong("A declaration is valid for at most five years.", path="/body/valid_until")


def _check_steps(issuer: str, body: Body, period: Period) -> None:
    named = _named(body, "statements")
    missing = {one.newest for one in steps_of(uuid_of(issuer), str(body["facility"]), period)} - set(named)
    if missing:
        raise StepsLeftOut(f"Name every step of the site in the period: {len(missing)} are left out.",
                           path="/body/computed_from/statements")  # fmt: skip
    if list(named) != sorted(named):
        raise FiguresDiffer("Name the steps in ascending order.", path="/body/computed_from/statements")


def _named(body: Body, name: str) -> list[Any]:
    source = body["computed_from"]
    found = source.get(name, []) if isinstance(source, dict) else []
    return list(found)


def check_figures(issuer: str, body: Body, world: RowsWorld) -> None:
    """Refuses figures that are not, digit by digit, those that the record and the meters give."""
    if body["declared_unit"] != DECLARED_UNIT:
        raise FiguresDiffer("The figures of a result are per kilogram: declare 1 kg.", path="/body/declared_unit")
    if body["algorithms"] != algorithms.references(_ALGORITHMS):
        raise FiguresDiffer("Name the algorithms of this release.", path="/body/algorithms")
    profile_of(str(body["profile"]))
    named = {str(row["lot"]): str(row["statement"]) for row in _named(body, "results")}
    used: set[str] = set()

    def read(lot: str) -> tuple[str, LotResult] | None:
        used.add(lot)
        return (named[lot], result_by_digest(named[lot], lot, world)) if lot in named else None

    expected = members(body, issuer, world, read, factors.by_digest(str(body["factors"])))
    if used != named.keys():
        raise FiguresDiffer("Name the results of the lots of the period alone.", path="/body/computed_from/results")
    for name in sorted(expected.keys() | (body.keys() & COMPUTED)):
        if expected.get(name) != body.get(name):
            raise FiguresDiffer("This is not what the record and the meters give. Compute it again.",
                                path=f"/body/{name}")  # fmt: skip


COMPUTED: Final = frozenset({
    "lots", "products", "gaps", "made_lots", "meters", "stock_gap", "electricity_module", "bases", "causes",
    "not_declared", "missing_upstream", "missing", "exclusions", "allocation", "shares", "flags",
})  # fmt: skip
"""Members that follow from the others."""


def store_reference(one: Accepted) -> None:
    """The row that finds a reference declaration."""
    body = one.opened
    key = uuid_of(str(body["declaration"]))
    headline = declared_headline(body, Basis.ECONOMIC)
    Declaration.objects.create(
        pk=key,
        declarant_id=uuid_of(one.statement.issuer),
        statement=one.row,
        reference=reference_of(key),
        product=str(body["product"]),
        country=str(body["country"]),
        gwp_ghg=headline if headline is not None else declared_headline(body, Basis.MASS),
        illustrative=body["illustrative"] is True,
        material=str(body["material"]),
        lot_stage=str(body["stage"]),
        published_at=one.row.accepted_at,
    )


def results_named(body: Body) -> list[str]:
    """The results that a declaration states the figures of, by digest."""
    return [str(body["result"])] if "result" in body else [str(row["statement"]) for row in _named(body, "results")]


def lots_of(declaration: Declaration) -> list[Lot]:
    """The lots whose figures a declaration states: one, or all of a reference."""
    if declaration.lot is not None:
        return [declaration.lot]
    [opened] = rows_world.effective_versions([declaration.statement])
    return list(Lot.objects.filter(pk__in=[uuid_of(str(row["lot"])) for row in _named(opened.body, "results")]))
