"""What a reader may know of the matter of lots: mass, contents, what each step drew, and whether steps balance.

The numbers come from the index; whether they may be shown is read off the opened statements that state them. A value
that the reader may not see makes everything that rests on it unknown, never zero.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Count, Min, Q, QuerySet
from django.db.models.expressions import RawSQL

from traceability.acceptance.matter import withheld_for_rules
from traceability.ledger.errors import RecordError
from traceability.ledger.quantity import computing
from traceability.material.balance import Balance, balance_of
from traceability.material.composition import Composition, Content, LotMatter, rows_of
from traceability.material.elements import RARE_EARTHS
from traceability.material.step import parse_step, unstated_of
from traceability.models import Lot, LotEdge, Statement
from traceability.selectors import access, lot_facts, names, statements
from traceability.selectors.access import Actor
from traceability.selectors.lot_facts import LotFacts
from traceability.selectors.lot_statements import said_of
from traceability.selectors.statements import Told

DRY_MASS: Final = "mass"
"""Stands in the place of an element where the dry mass itself is asked for."""
CHUNK: Final = 900
PARTIES_AND_MAKING: Final = ("maker", "holder", "receiver", "made_by")
_DIVISIONS: Final = """
    WITH RECURSIVE division(id, parent_id) AS (
        SELECT id, parent_id FROM traceability_lotedge WHERE child_id IN ({marks}) AND division AND NOT voided
        UNION SELECT edge.id, edge.parent_id FROM traceability_lotedge edge
        JOIN division ON edge.child_id = division.parent_id WHERE edge.division AND NOT edge.voided)
    SELECT id FROM division"""


@dataclass(frozen=True, slots=True)
class LotView:
    """A lot as one reader sees it; None is withheld, or was never stated where `assayed` is false."""

    row: Lot
    facts: LotFacts
    composition: Composition | None
    assayed: bool

    @property
    def label(self) -> str:
        """How people call the lot."""
        return lot_facts.label_of(self.row, self.facts)

    @property
    def elements(self) -> list[str]:
        """The elements that the reader may know of, those with most matter first, rare earths before the others."""
        contents = self.composition or {}
        held = [element for element, content in contents.items() if content.element_pct]
        return sorted(held, key=lambda one: (one not in RARE_EARTHS, -contents[one].element_pct, one))

    @computing()
    def element_kg(self, element: str) -> Decimal | None:
        """kg of an element in the lot as it was made; of DRY_MASS the dry mass. None is withheld or not stated."""
        return self.element_in(element, self.facts.mass_kg)

    @computing()
    def element_in(self, element: str, mass_kg: Decimal | None) -> Decimal | None:
        """kg of an element in so much of the lot."""
        if mass_kg is None or element == DRY_MASS:
            return mass_kg
        if self.composition is None:
            return None
        content = self.composition.get(element)
        return Decimal(0) if content is None else mass_kg * content.element_pct / 100

    @property
    @computing()
    def rare_earths_pct(self) -> Decimal | None:
        """Contained rare earths in % of the dry mass."""
        if self.composition is None:
            return None
        held = [content.element_pct for element, content in self.composition.items() if element in RARE_EARTHS]
        return sum(held, Decimal(0))


@dataclass(frozen=True, slots=True)
class Matter:
    """Lots as one reader sees them, the statements that made them, and what was split or merged from what."""

    views: Mapping[UUID, LotView]
    made: Mapping[int, Told]
    divided_from: Mapping[UUID, Sequence[UUID]]
    beside: Sequence[tuple[UUID, str, Told | None]] = ()
    """What was asked for beside, oldest first: lot, kind, and what it says where it is told."""

    def country(self, lot: UUID) -> str:
        """The country of the step that made the lot; of a part that of the whole, of a mixture none."""
        found = self.views[lot].row.country
        whole = self.divided_from.get(lot, ())
        return found if found or len(whole) != 1 else self.country(whole[0])

    def facility(self, lot: UUID) -> str:
        """The urn of the facility where the lot was made, of a part where its whole was; empty where none is named."""
        named = self.made[self.views[lot].row.made_by_id].body.get("facility")
        whole = self.divided_from.get(lot, ())
        return str(named or "") if named or len(whole) != 1 else self.facility(whole[0])


@dataclass(frozen=True, slots=True)
class Beside:
    """Statements to read with the matter of lots."""

    which: Q
    """A condition on statements and their `links`."""
    is_told: Callable[[Any, LotFacts], bool]
    """Whether one of them, a row with its `lot`, is opened for the reader, who may know so much of the lot."""


def matter_of(
    actor: Actor,
    ids: Collection[UUID],
    today: date,
    *,
    read: Iterable[Lot] = (),
    all_opened: bool = True,
    divided_from: Mapping[UUID, Sequence[UUID]] | None = None,
    beside: Beside | None = None,
) -> Matter:
    """These lots and the statements that made them, in a number of queries that does not grow with them.

    `read` are those of them that the caller has already, with `made_by`. Without `all_opened`, for lists of
    views, what the actor's organisation said itself is not opened to show that he may read it; `made` is not whole.
    A caller who says what was divided from what names all of these lots.
    """
    rows = {row.pk: row for row in read}
    if divided_from is None:
        divisions = divisions_of(ids)
        divided_from = _by_child((edge.child_id, edge.parent_id) for edge in divisions)
        rows = {edge.parent_id: edge.parent for edge in divisions} | rows
    if missing := set(ids) - rows.keys():
        rows |= {row.pk: row for row in Lot.objects.select_related(*PARTIES_AND_MAKING).filter(pk__among=missing)}
    facts = lot_facts.facts_of(actor, list(rows.values()), today)
    makers = {row.made_by_id: row.made_by for row in rows.values()}
    found = said_of(rows, makers, beside.which if beside else None)
    assays, versions = found.assays, found.versions
    said = {row.pk: row for row in assays.values()} | makers
    known = frozenset() if all_opened else _readable_whole(actor, said, versions, found.gone)
    said |= {row.pk: row for row in found.beside if beside and beside.is_told(row, facts[row.lot])}
    unopened = [row for pk, row in said.items() if pk not in known]
    told = statements.told(actor, unopened, today, [one for one in versions if one[0] in said.keys() - known])
    made = {pk: told[pk] for pk in makers.keys() - known}
    voided = {original for original, row in versions if row.kind == "statement.void"}
    newest = {lot: row.pk for lot, row in assays.items() if row.pk not in voided}
    open_assays = _open_assays(rows, told, known, newest, divided_from)
    views = {
        pk: LotView(
            row,
            facts[pk],
            composition_in_force(row) if pk in open_assays else None,
            composition_in_force(row) is not None,
        )
        for pk, row in rows.items()
    }
    return Matter(views, made, divided_from, [(row.lot, row.kind, told.get(row.pk)) for row in found.beside])


def _by_child(pairs: Iterable[tuple[UUID, UUID]]) -> dict[UUID, list[UUID]]:
    """Parents by their child."""
    found: dict[UUID, list[UUID]] = {}
    for child, parent in pairs:
        found.setdefault(child, []).append(parent)
    return found


def _readable_whole(
    actor: Actor, said: Mapping[int, Statement], versions: Sequence[tuple[int, Statement]], gone: Collection[int]
) -> frozenset[int]:
    """Those of these statements that the actor's organisation issued, with versions, and of which no value is gone."""
    told = [*said.items(), *versions]
    return frozenset(
        said.keys() - {original for original, row in told if row.issuer != actor.organisation.pk or row.pk in gone}
    )


def divisions_of(ids: Collection[UUID]) -> list[LotEdge]:
    """What these lots were split or merged from, and those again: their assay is inherited."""
    if not ids:
        return []
    keys = list(ids) if connection.vendor == "postgresql" else [one.hex for one in ids]
    edges = RawSQL(_DIVISIONS.format(marks=", ".join(["%s"] * len(keys))), keys)  # noqa: S611  (marks alone)
    return list(LotEdge.objects.filter(pk__in=edges).select_related(*(f"parent__{one}" for one in PARTIES_AND_MAKING)))


def _open_assays(
    rows: Mapping[UUID, Lot],
    told: Mapping[int, Told],
    known: Collection[int],
    newest: Mapping[UUID, int],
    parents: Mapping[UUID, Sequence[UUID]],
) -> set[UUID]:
    """The lots whose assay in force the reader may see; `known` are statements that he may read whole."""

    def is_open(lot: UUID) -> bool:
        if lot in newest:
            return newest[lot] in known or shows_contents(told[newest[lot]].body.get("assay"))
        if lot in parents:
            return all(parent in rows and is_open(parent) for parent in parents[lot])
        maker = rows[lot].made_by_id
        return maker in known or shows_contents(lot_row(told[maker], rows[lot].urn).get("assay"))

    return {lot for lot in rows if is_open(lot)}


def shows_contents(assay: object) -> bool:
    """Whether the contents of an opened assay are all there."""
    return isinstance(assay, dict) and "rows" in assay and (assay.get("basis") != "treo" or "treo_pct" in assay)


def lot_row(creator: Told, urn: str) -> Mapping[str, Any]:
    """What the statement that made a lot says of it, as far as the reader may see."""
    body = creator.body
    if creator.original.row.kind in ("lot.source", "lot.import"):
        return body
    return next((row for row in rows_of(body, "outputs", "/body") if row.get("lot") == urn), {})


def composition_in_force(row: Lot) -> Composition | None:
    """The assay in force as the index has it, whoever may see it."""
    return contents_of((row.record.get("stock") or {}).get("composition"))


def contents_of(stored: Mapping[str, Sequence[Any]] | None) -> Composition | None:
    """The composition that a column of a record holds."""
    if stored is None:
        return None
    return {
        element: Content(Decimal(element_pct), Decimal(written_pct), None if sdev is None else Decimal(sdev))
        for element, (element_pct, written_pct, sdev) in stored.items()
    }


def drawn_kg(creator: Told) -> dict[UUID, Decimal]:
    """What a transform drew of each input, as far as the reader may see."""
    rows = rows_of(creator.body, "inputs", "/body")
    return {UUID(str(row["lot"])[9:]): Decimal(str(row["mass_kg"])) for row in rows if "mass_kg" in row}


@dataclass(frozen=True, slots=True)
class StepBalance:
    """The balance of one step as the reader may compute it; None where values that it needs are withheld."""

    creator: Told
    balance: Balance | None

    @property
    def process(self) -> list[str]:
        """The words of its steps."""
        return [str(one["step"]) for one in self.creator.claim.get("process", ())]


def step_balance(creator: Told, matter: Matter) -> StepBalance | None:
    """The balance of a transform with process; None for every other statement.

    What stayed in process before is not looked up: a step that takes from it is not evaluated here.
    """
    row = creator.original.row
    process = [str(one["step"]) for one in creator.claim.get("process", ())]
    if row.kind != "lot.transform" or not process:
        return None
    drawn = {urn: lot for urn in _inputs(creator) if (lot := _drawable(urn, matter)) is not None}
    if withheld_for_rules(row.kind, creator.withheld) or len(drawn) < len(_inputs(creator)):
        return StepBalance(creator, None)
    # Reagents whose amounts are withheld bear no element: rows that do are never drawn up without them.
    rows = rows_of(creator.body, "inventory", "/body")
    inventory = [one for one in rows if "amount" in one]
    try:
        step = parse_step({**creator.body, "inventory": inventory}, process, drawn)
    except RecordError:
        return StepBalance(creator, None)
    return StepBalance(creator, balance_of(replace(step, unstated=unstated_of(rows)), in_process_kg=None))


def _inputs(creator: Told) -> list[str]:
    return [str(row["lot"]) for row in rows_of(creator.body, "inputs", "/body")]


def _drawable(urn: str, matter: Matter) -> LotMatter | None:
    """An input with what may be drawn of it: never more of an element than any of its assays gave."""
    view = matter.views.get(UUID(urn[9:]))
    if view is None or (view.assayed and view.composition is None):
        return None
    ceiling = contents_of((view.row.record.get("stock") or {}).get("ceiling")) or {}
    composition = {
        element: min(content, ceiling[element], key=lambda one: one.element_pct)
        for element, content in (view.composition or {}).items()
        if element in ceiling
    }
    matter_kg = Decimal(0) if view.facts.mass_kg is None else view.facts.mass_kg
    return LotMatter(urn, view.row.material, view.row.stage, matter_kg, composition if view.assayed else None)


# Lists


@dataclass(frozen=True, slots=True)
class Ancestry:
    """What everybody may know of all that went into a lot: origins and countries are open fields."""

    origins: Mapping[str, int]
    """How many of them are sources of which origin."""
    countries: Sequence[str]
    """Those of mines first, then those of the steps and those of other sources, each as they came into the record."""


def ancestry(lot: UUID) -> Ancestry:
    """What everybody may know of the ancestors of a lot, in one query."""
    rows = Lot.objects.filter(pk__in=access.ancestors(lot)).order_by().values_list("origin", "country")
    return _ancestry(rows.annotate(number=Count("pk"), first=Min("made_by")))


def ancestry_among(rows: Iterable[Lot]) -> Ancestry:
    """The same of ancestors that were read already."""
    return _ancestry((row.origin, row.country, 1, row.made_by_id) for row in rows)


def _ancestry(rows: Iterable[tuple[str, str, int, int]]) -> Ancestry:
    """Out of origins and countries, with how many lots have both, and the first statement that made such a lot."""
    found = sorted(rows, key=lambda row: (row[0] != "mined", row[0] != "", row[3]))
    origins: Counter[str] = Counter()
    for origin, _, number, _ in found:
        origins[origin] += number
    del origins[""]
    return Ancestry(origins, tuple(dict.fromkeys(country for _, country, _, _ in found if country)))


def visible(actor: Actor, today: date, *, words: str = "", stage: str = "", giver: UUID | None = None) -> QuerySet[Lot]:
    """The lots that the actor sees of his own right or by a mandate, narrowed by what is asked for.

    `number_told`, `mass_told_kg` and `maker_told` order them by what the actor may read.
    """
    found = access.lots(actor, today).select_related("made_by")
    found = found.alias(
        number_told=lot_facts.number_told(actor, today),
        mass_told_kg=lot_facts.mass_told_kg(actor, today),
        maker_told=names.name_told(actor, "maker", today),
    )
    if giver is not None:
        found = found.filter(Q(maker=giver) | Q(holder=giver) | Q(receiver=giver))
    if stage:
        found = found.filter(stage=stage)
    for word in words.split():
        found = found.filter(called(actor, today, word))
    return found


def called(actor: Actor, today: date, word: str) -> Q:
    """The lots in whose material or number, where the actor may read it, the word stands, or whose urn it is."""
    named = Q(number__icontains=word) & lot_facts.number_is_readable(actor, today)
    return named | Q(material__icontains=word) | _by_urn(word)


def _by_urn(word: str) -> Q:
    try:
        return Q(pk=UUID(word.removeprefix("urn:uuid:")))
    except ValueError:
        return Q(pk__in=[])


def newest_told(actor: Actor | None, lot: Lot, kind: str, today: date) -> Told | None:
    """The newest statement of one kind on a lot's chain that was not withdrawn, as the actor may read it."""
    rows = Statement.objects.filter(links__subject=lot.pk, kind=kind).order_by("-links__seq")[:20]
    told = statements.told(actor, rows, today)
    return next((told[row.pk] for row in rows if not told[row.pk].withdrawn), None)
