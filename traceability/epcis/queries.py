"""What is asked of events: the query parameters of EPCIS 2.0 (8.2.7), out of an address or a named query."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from traceability.epcis import vocabulary as words
from traceability.epcis.checks import is_uri, time
from traceability.epcis.facts import LASTING, MEASURED, PAPERS, SENSED, SENSED_WHEN, paper_field, sensed_text
from traceability.epcis.names import CBV, normal_name, normal_word
from traceability.ledger.errors import RecordError

ORDERS: Final = ("eventTime", "recordTime")
DIRECTIONS: Final = ("ASC", "DESC")
MOST_PER_PAGE: Final = 1000
USUAL_PER_PAGE: Final = 30
MOST_VALUES: Final = 200

EPC: Final = "epc"
CLASS: Final = "class"
MATCHES: Final[Mapping[str, tuple[str, ...]]] = {
    "MATCH_epc": (EPC,),
    "MATCH_parentID": ("parent",),
    "MATCH_inputEPC": ("input",),
    "MATCH_outputEPC": ("output",),
    "MATCH_anyEPC": (EPC, "parent", "input", "output"),
    "MATCH_epcClass": (CLASS,),
    "MATCH_inputEPCClass": ("inputClass",),
    "MATCH_outputEPCClass": ("outputClass",),
    "MATCH_anyEPCClass": (CLASS, "inputClass", "outputClass"),
    "MATCH_any": (EPC, "parent", "input", "output", CLASS, "inputClass", "outputClass"),
}
"""In which roles each parameter looks for a name. The last is ours: a thing or class in any role."""
_WORDS: Final = {"EQ_bizStep": f"{CBV}BizStep-", "EQ_disposition": f"{CBV}Disp-"}
_COLUMNS: Final = {
    "eventType": "event_type",
    "EQ_action": "action",
    "EQ_bizStep": "biz_step",
    "EQ_disposition": "disposition",
    "EQ_readPoint": "read_point",
    "EQ_bizLocation": "biz_location",
    "EQ_transformationID": "transformation_id",
    "EQ_eventID": "event_id",
}
_PLACES: Final = ("EQ_readPoint", "EQ_bizLocation", "EQ_transformationID")
_TIMES: Final = {
    "GE_eventTime": "event_time__gte",
    "LT_eventTime": "event_time__lt",
    "GE_recordTime": "record_time__gte",
    "LT_recordTime": "record_time__lt",
}
_COUNTS: Final = ("eventCountLimit", "maxEventCount")
_WITHIN: Final = {"WD_readPoint": "read_point", "WD_bizLocation": "biz_location"}
_COMPARISONS: Final = {"EQ": "exact", "GT": "gt", "GE": "gte", "LT": "lt", "LE": "lte"}
EXISTS: Final = ("EXISTS_sensorElementList", "EXISTS_ilmd")
_TEXTS: Final = frozenset(
    f"EQ_{name}"
    for name in (*SENSED, "errorReason", "correctiveEventID", *(f"persistentDisposition_{one}" for one in LASTING))
)
_MOMENTS: Final = frozenset(
    f"{comparison}_{name}"
    for name in (*SENSED_WHEN, "errorDeclarationTime", "errorDeclaration_Time")
    for comparison in ("GE", "LT")
)
KNOWN: Final = frozenset(
    (
        *_COLUMNS,
        *_WITHIN,
        *_TIMES,
        *MATCHES,
        *_COUNTS,
        "orderBy",
        "orderDirection",
        "EXISTS_errorDeclaration",
        "@context",
    )
)
_NOT_ANSWERED: Final = re.compile(r"(?:EQ|GT|GE|LT|LE|WD|EXISTS|HASATTR|EQATTR)_.*:.*|(?:HASATTR|EQATTR)_.+")
"""Extensions and attributes of master data."""


class QueryParameter(RecordError):
    """A parameter of a query of events that does not exist, or with a value that it cannot have."""

    code = "epcis_query_parameter"


class QueryTooComplex(RecordError):
    """A parameter of EPCIS that this repository does not answer."""

    code = "epcis_query_too_complex"


@dataclass(frozen=True, slots=True)
class Asked:
    """A fact that events must have, or must not: one of these texts, or a number so compared."""

    field: str
    comparison: str
    values: tuple[str | float, ...]
    wanted: bool = True


@dataclass(frozen=True, slots=True)
class Query:
    """What events are wanted; `columns` and `times` are named as the rows name them."""

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    times: Mapping[str, datetime] = field(default_factory=dict)
    matches: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()
    """Roles and names; each of them must be met."""
    declared_wrong: bool | None = None
    within: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Columns and the places of which one must be theirs, or around theirs."""
    asked: tuple[Asked, ...] = ()
    order_by: str = "event_time"
    descending: bool = True
    limit: int | None = None
    """At most so many events in all."""
    refuse_above: int | None = None
    """With more than so many events the query is refused."""


def read_query(given: Mapping[str, Any]) -> Query:
    """The query that these parameters make; values are texts with bars between them, or lists, as in JSON."""
    asked = tuple(_asked(name, given[name]) for name in given if name not in KNOWN)
    columns = {_COLUMNS[name]: _values(name, given[name]) for name in _COLUMNS if name in given}
    matches = tuple(
        (MATCHES[name], tuple(map(normal_name, _names(name, given[name])))) for name in MATCHES if name in given
    )
    order_by = _one_of("orderBy", given.get("orderBy", ORDERS[0]), ORDERS)
    limit, most = (_count(name, given.get(name)) for name in _COUNTS)
    if limit is not None and most is not None:
        raise QueryParameter("Use eventCountLimit or maxEventCount, not both.", path="/maxEventCount")
    return Query(
        columns=columns,
        times={_TIMES[name]: _moment(name, given[name]) for name in _TIMES if name in given},
        matches=matches,
        declared_wrong=_exists("EXISTS_errorDeclaration", given.get("EXISTS_errorDeclaration")),
        within={_WITHIN[name]: _places(name, given[name]) for name in _WITHIN if name in given},
        asked=asked,
        order_by={"eventTime": "event_time", "recordTime": "record_time"}[order_by],
        descending=_one_of("orderDirection", given.get("orderDirection", "DESC"), DIRECTIONS) == "DESC",
        limit=limit,
        refuse_above=most,
    )


def _unknown(name: str) -> RecordError:
    if _NOT_ANSWERED.fullmatch(name):
        return QueryTooComplex(f"This repository does not answer {name[:60]}. Ask without it.", path=f"/{name[:60]}")
    return QueryParameter(f"There is no parameter {name[:60]}.", path=f"/{name[:60]}")


def _asked(name: str, value: Any) -> Asked:
    """What a parameter asks of the facts of events."""
    comparison, _, field_ = name.partition("_")
    head, _, rest = field_.partition("_")
    if name in EXISTS:
        return Asked("exists", "in", (field_,), wanted=_exists(name, value) is not False)
    if comparison in _COMPARISONS and (field_ == "quantity" or (head in MEASURED and rest)):
        return Asked(field_, _COMPARISONS[comparison], (_number(name, value),))
    if name in _MOMENTS:
        return Asked(field_.replace("_", ""), _COMPARISONS[comparison], (_moment(name, value).timestamp(),))
    if comparison == "EQ" and head in PAPERS and rest:
        return Asked(paper_field(head, rest), "in", tuple(map(normal_name, _names(name, value))))
    if name in _TEXTS:
        return Asked(field_, "in", tuple(_text(field_, one) for one in _texts(name, value)))
    raise _unknown(name)


def _texts(name: str, value: Any) -> tuple[str, ...]:
    return _names(name, "true" if value is True else "false" if value is False else value)


def _text(field_: str, value: str) -> str:
    if field_.startswith("persistentDisposition"):
        return normal_word(value, f"{CBV}Disp-")
    return normal_word(value, f"{CBV}ER-") if field_ == "errorReason" else sensed_text(field_, value)


def _number(name: str, value: Any) -> float:
    try:
        found = float(value)
    except (TypeError, ValueError):
        found = math.nan
    if isinstance(value, bool) or not math.isfinite(found):
        raise QueryParameter(f"Give {name[:60]} a number.", path=f"/{name[:60]}")
    return found


def _names(name: str, value: Any) -> tuple[str, ...]:
    found = value.split("|") if isinstance(value, str) else value
    if (
        not isinstance(found, list)
        or not 1 <= len(found) <= MOST_VALUES
        or not all(isinstance(one, str) for one in found)
    ):
        raise QueryParameter(f"Give {name} between 1 and {MOST_VALUES} texts.", path=f"/{name}")
    if name.startswith(("MATCH_", "EQ_eventID", *_PLACES, *_WITHIN)) and not all(map(is_uri, found)):
        raise QueryParameter(f"Give {name} URIs.", path=f"/{name}")
    return tuple(found)


def _values(name: str, value: Any) -> tuple[str, ...]:
    found = _names(name, value)
    allowed: Callable[[str], bool]
    if name == "EQ_action":
        allowed = words.ACTIONS.__contains__
    elif name == "eventType":
        allowed = lambda one: one in words.EVENT_TYPES or is_uri(one)  # noqa: E731
    elif name in _WORDS:
        vocabulary = words.BIZ_STEPS if name == "EQ_bizStep" else words.DISPOSITIONS
        allowed = lambda one: one in vocabulary or is_uri(one)  # noqa: E731
    else:
        return tuple(map(normal_name, found)) if name in _PLACES else found
    for one in found:
        if not allowed(one):
            raise QueryParameter(f"{one[:60]} is no value of {name}.", path=f"/{name}")
    return tuple(normal_word(one, _WORDS[name]) for one in found) if name in _WORDS else found


def _places(name: str, value: Any) -> tuple[str, ...]:
    return tuple(map(normal_name, _names(name, value)))


def _moment(name: str, value: Any) -> datetime:
    if not time(value):
        try:
            return datetime.fromisoformat(value.upper())
        except (ValueError, OverflowError):
            pass
    raise QueryParameter(f"Give {name} a moment with its offset, such as 2026-11-22T10:00:00Z.", path=f"/{name}")


def _one_of(name: str, value: Any, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise QueryParameter(f"Use one of: {', '.join(allowed)}.", path=f"/{name}")
    return str(value)


def _count(name: str, value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < math.pow(10, 9):
        raise QueryParameter(f"Give {name} a whole number above zero.", path=f"/{name}")
    return value


def _exists(name: str, value: Any) -> bool | None:
    """Whether something must be there; a bare parameter means that it must."""
    if value is None:
        return None
    if value in ("", "true", True, 1):
        return True
    if value in ("false", False, 0):
        return False
    raise QueryParameter("Use true or false.", path=f"/{name}")
