"""Events as a reader may see them: those that his organisation captured, and signed statements about lots he sees."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from heapq import merge
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db.models import Q, QuerySet

from traceability.epcis.queries import Asked, Query
from traceability.models import ChainLink, EpcisEvent, EpcisFact, EpcisLotEvent, EpcisName, Statement
from traceability.selectors import access, epcis_lots, statements
from traceability.selectors.access import Actor

CAPTURED: Final = 0
OF_LOTS: Final = 1
_NAMED: Final = {
    "bizSteps": "biz_step",
    "bizLocations": "biz_location",
    "readPoints": "read_point",
    "dispositions": "disposition",
}
_LOT_COLUMNS: Final = ("event_type", "action", "biz_step", "disposition")


@dataclass(frozen=True, order=True, slots=True)
class Place:
    """Where an event stands in the order of an answer: its time, its source, its number there."""

    time: datetime
    source: int
    number: int


def captured(actor: Actor, today: date) -> QuerySet[EpcisEvent]:
    """The events that the actor's organisation captured, or one that gave it a mandate."""
    return EpcisEvent.objects.filter(organisation__in=access.organisations_seen_as(actor, today))


def of_lots(actor: Actor, today: date) -> QuerySet[EpcisLotEvent]:
    """The signed statements about lots that the actor may see, as events."""
    return EpcisLotEvent.objects.filter(statement__in=statements.visible(actor, today).values("pk"))


def places(actor: Actor, query: Query, today: date, *, after: Place | None, limit: int) -> list[Place]:
    """The first so many events that the query finds behind a place, in its order."""
    sources = (
        (CAPTURED, _captured(actor, query, today), "id"),
        (OF_LOTS, _of_lots(actor, query, today), "statement_id"),
    )
    found = [_first(rows, query, (source, number, after), limit) for source, rows, number in sources]
    return list(merge(*found, reverse=query.descending))[:limit]


def by_id(actor: Actor, event_id: str, today: date) -> list[Place]:
    """The events of one eventID: the event, and the same with a declaration that it is wrong, if there is one."""
    query = Query(columns={"event_id": (event_id,)})
    return places(actor, query, today, after=None, limit=2)


def names(actor: Actor, resource: str, today: date, *, after: str, most: int) -> list[str]:
    """The names that events use of one kind of resource, in their order, behind a name."""
    own = captured(actor, today)
    if resource == "epcs":
        rows = EpcisName.objects.filter(event__in=own, name__gt=after)
        found = set(rows.order_by("name").values_list("name", flat=True).distinct()[:most])
        lots = epcis_lots.behind(access.lots(actor, today), after).order_by("pk").values_list("pk", flat=True)
        return sorted(found | {epcis_lots.name_of(f"urn:uuid:{pk}") for pk in lots[:most]})[:most]
    column = _NAMED[resource]
    rows_of = own.filter(**{f"{column}__gt": after}).order_by(column)
    words = set(rows_of.values_list(column, flat=True).distinct()[:most])
    if column in _LOT_COLUMNS:
        words |= set(of_lots_words(actor, column, today)) - {""}
    return sorted(one for one in words if one > after)[:most]


def of_lots_words(actor: Actor, column: str, today: date) -> Sequence[str]:
    """The words of a column that events of lots use."""
    return list(of_lots(actor, today).order_by(column).values_list(column, flat=True).distinct())


def count(actor: Actor, query: Query, today: date) -> int:
    """How many events the query finds."""
    return _captured(actor, query, today).count() + _of_lots(actor, query, today).count()


def _first(rows: QuerySet[Any], query: Query, where: tuple[int, str, Place | None], limit: int) -> list[Place]:
    source, number, after = where
    comparison, sign = ("lt", "-") if query.descending else ("gt", "")
    if after is not None:
        beyond = Q(**{f"{query.order_by}__{comparison}": after.time})
        if source == after.source:
            beyond |= Q(**{query.order_by: after.time, f"{number}__{comparison}": after.number})
        elif (source < after.source) == query.descending:
            beyond |= Q(**{query.order_by: after.time})
        rows = rows.filter(beyond)
    ordered = rows.order_by(f"{sign}{query.order_by}", f"{sign}{number}").values_list(query.order_by, number)
    return [Place(time, source, pk) for time, pk in ordered[:limit]]


def _captured(actor: Actor, query: Query, today: date) -> QuerySet[EpcisEvent]:
    return _asked(captured(actor, today), query)


def _asked(rows: QuerySet[EpcisEvent], query: Query) -> QuerySet[EpcisEvent]:
    for column, values in query.columns.items():
        rows = rows.filter(**{f"{column}__in": values})
    rows = rows.filter(**query.times)
    if query.declared_wrong is not None:
        rows = rows.filter(declared_wrong=query.declared_wrong)
    for column, around in query.within.items():
        inside = Q(**{f"{column}__in": around})
        for place in around:
            inside |= Q(**{f"{column}__startswith": f"{place.rstrip('/')}/"})
        rows = rows.filter(inside)
    for asked in query.asked:
        rows = _with_fact(rows, asked)
    for roles, names in query.matches:
        rows = rows.filter(pk__in=EpcisName.objects.filter(role__in=roles, name__in=names).values("event"))
    return rows


def _with_fact(rows: QuerySet[EpcisEvent], asked: Asked) -> QuerySet[EpcisEvent]:
    facts = EpcisFact.objects.filter(field=asked.field)
    if asked.comparison == "in":
        facts = facts.filter(text__in=asked.values)
    else:
        facts = facts.filter(**{f"number__{asked.comparison}": asked.values[0]})
    here = Q(pk__in=facts.values("event"))
    return rows.filter(here if asked.wanted else ~here)


def _of_lots(actor: Actor, query: Query, today: date) -> QuerySet[EpcisLotEvent]:
    """Events of lots: places and transformations they do not name, wrong ones are told by their versions.

    By quantities and other facts they are not asked for: what a reader may not see would show in what is found.
    """
    if query.within or query.asked:
        return EpcisLotEvent.objects.none()
    rows = of_lots(actor, today).filter(**query.times)
    for column, values in query.columns.items():
        if column == "event_id":
            rows = rows.filter(statement__urn__in=list(_uuids(values)))
        elif column in _LOT_COLUMNS:
            rows = rows.filter(**{f"{column}__in": values})
        else:
            return rows.none()
    if query.declared_wrong is not None:
        with_versions = Q(statement__versions__isnull=False)
        rows = rows.filter(with_versions).distinct() if query.declared_wrong else rows.exclude(with_versions)
    for roles, names in query.matches:
        rows = rows.filter(_names_lots(roles, names))
    return rows


def _names_lots(roles: Sequence[str], names: Sequence[str]) -> Q:
    """Whether a statement names one of these lots in one of these roles."""
    lots = epcis_lots.lots_named(names)
    found = Q(pk__in=[])
    links = ChainLink.objects.filter(subject__in=lots)
    if "class" in roles:
        found |= Q(pk__in=links.values("statement")) & ~Q(event_type="TransformationEvent")
    for role, ends in (("inputClass", ("input", "input_rest")), ("outputClass", ("output",))):
        if role in roles:
            found |= Q(pk__in=links.filter(role__in=ends).values("statement"), event_type="TransformationEvent")
    return found


def _uuids(names: Sequence[str]) -> Iterator[UUID]:
    for name in names:
        try:
            yield UUID(name.removeprefix("urn:uuid:"))
        except ValueError:
            continue


# --- documents --------------------------------------------------------------------------------------------------------


def texts(actor: Actor, found: Sequence[Place], today: date) -> tuple[list[Any], list[str]]:
    """The context of a document with these events, and each event as JSON in their order.

    What the sender wrote stays as it is; an eventID and a recordTime are added where he left them out.
    """
    own = {one.number for one in found if one.source == CAPTURED}
    rows = {row.pk: row for row in EpcisEvent.objects.filter(pk__in=own).select_related("capture")}
    statement_rows = Statement.objects.filter(pk__in={one.number for one in found if one.source == OF_LOTS})
    of_statements = epcis_lots.events(actor, list(statement_rows), today)
    shared = Contexts()
    if of_statements or not rows:
        shared.add(epcis_lots.context())
    written = []
    for one in found:
        if one.source == CAPTURED:
            row = rows[one.number]
            written.append(event_text(row, apart=not shared.add(row.capture.context)))
        else:
            written.append(msgspec.json.encode(of_statements[one.number]).decode())
    return shared.parts(), written


def newer(organisation: UUID, query: Query, seen_until: int, *, most: int) -> list[EpcisEvent]:
    """The events that an organisation captured behind a number and that a query finds, in their order."""
    rows = EpcisEvent.objects.filter(organisation=organisation, pk__gt=seen_until).select_related("capture")
    return list(_asked(rows, query).order_by("pk")[:most])


def texts_of(rows: Sequence[EpcisEvent]) -> tuple[list[Any], list[str]]:
    """The context of a document with these captured events, and each as JSON."""
    shared = Contexts()
    if not rows:
        shared.add(epcis_lots.context())
    written = [event_text(row, apart=not shared.add(row.capture.context)) for row in rows]
    return shared.parts(), written


class Contexts:
    """The contexts of several documents as one, as long as no prefix would mean two things."""

    def __init__(self) -> None:
        self._addresses: list[str] = []
        self._names: dict[str, Any] = {}

    def add(self, context: Any) -> bool:
        """Whether this context is part of the whole now; False where it says otherwise of a name."""
        parts = context if isinstance(context, list) else [context]
        names: dict[str, Any] = {}
        for part in parts:
            if isinstance(part, dict):
                names |= part
        if any(self._names.get(name, meaning) != meaning for name, meaning in names.items()):
            return False
        self._names |= names
        self._addresses += [one for one in parts if isinstance(one, str) and one not in self._addresses]
        return True

    def parts(self) -> list[Any]:
        """The whole."""
        return [*self._addresses, *([self._names] if self._names else [])]


def event_text(row: EpcisEvent, *, apart: bool) -> str:
    """An event as it was sent, with eventID and recordTime where they were left out; `apart` with its own context."""
    sent = msgspec.json.decode(row.body)
    added: dict[str, Any] = {} if row.has_own_id else {"eventID": row.event_id}
    if "recordTime" not in sent:
        added["recordTime"] = row.record_time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if apart and "@context" not in sent:
        added["@context"] = row.capture.context
    if not added:
        return row.body
    return f"{row.body.rstrip()[:-1]},{msgspec.json.encode(added).decode()[1:]}"
