"""What programmes and product category rules ask of a declaration, as data (programmes.json).

What nobody could confirm is None and named in `unconfirmed`: nothing is asked for it, and nothing counts as fulfilled
by it. Whoever has the text enters it with its source (`complete`); what is confirmed cannot be changed so.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from epd.documents.stages import MODULES
from traceability.ledger.errors import RecordError

ALLOCATIONS: Final = ("subdivision", "physical", "economic")
_UNITS: Final = ("any", "kg", "t", "piece")


class ProgrammeUnreadable(RecordError):
    """A programme, or what completes one, that is not as this module reads it."""

    code = "programme_unreadable"


@dataclass(frozen=True, slots=True)
class CutOff:
    """The largest share of mass or energy that may be left out."""

    step: Decimal
    module: Decimal


@dataclass(frozen=True, slots=True)
class AskedModules:
    """Modules that must be declared, and those for which an exemption is possible."""

    required: tuple[str, ...]
    unless_exempt: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Programme:
    """What a declaration under it states; None is not confirmed."""

    id: str
    name: str
    source: str
    methods: tuple[str, ...] | None
    """Packages of characterisation, one of which all results are of."""
    declared_unit: str | None
    """A unit, or "any"."""
    modules: AskedModules | None
    required: tuple[str, ...] | None
    """Codes of indicators: of EN 15804, or keys of openEPD."""
    optional: tuple[str, ...] | None
    names_rules: bool
    """Whether a declaration names its product category rules."""
    validity_years: int | None
    data_months: int | None
    cut_off: CutOff | None
    allocation: tuple[str, ...] | None
    """Ways of allocation, the first that is possible is taken."""
    unconfirmed: tuple[str, ...]
    """Fields whose text nobody could show."""
    completed_from: str = ""
    """The source of fields that the operator entered."""


def read(value: Mapping[str, Any]) -> Programme:
    """A programme from its JSON; ProgrammeUnreadable names what is wrong."""
    names = {one.name for one in fields(Programme)} - {"completed_from"}
    if value.keys() != names:
        odd = ", ".join(sorted(value.keys() ^ names))
        raise ProgrammeUnreadable(f"A programme has exactly these fields; these are missing or too many: {odd}.")
    plain = {name: value[name] for name in ("id", "name", "source", "names_rules")}
    given = {name: _field(name, value[name]) for name in names - plain.keys() - {"unconfirmed"}}
    unconfirmed = tuple(value["unconfirmed"])
    if set(unconfirmed) != {name for name, one in given.items() if one is None}:
        raise ProgrammeUnreadable("Fields are unconfirmed exactly where they are null.", path=f"/{value['id']}")
    return Programme(**plain, **given, unconfirmed=unconfirmed)


def complete(programme: Programme, given: Mapping[str, Any]) -> Programme:
    """The programme with fields that were not confirmed; `given` has them and their `source`."""
    source = given.get("source")
    if not isinstance(source, str) or not source.strip():
        raise ProgrammeUnreadable("Name the source of what you enter.", path=f"/{programme.id}/source")
    rest = {name: value for name, value in given.items() if name != "source"}
    for name in rest:
        if name not in programme.unconfirmed:
            raise ProgrammeUnreadable(
                f"Only what is not confirmed can be entered: {', '.join(programme.unconfirmed) or 'nothing'}.",
                path=f"/{programme.id}/{name}",
            )
    entered = {name: _field(name, value) for name, value in rest.items() if value is not None}
    left = tuple(name for name in programme.unconfirmed if name not in entered)
    return replace(programme, **entered, unconfirmed=left, completed_from=source.strip())


def all_programmes(given: Mapping[str, Any] | None = None) -> tuple[Programme, ...]:
    """Every programme that we know, completed by what an operator entered, by id."""
    rest = dict(given or {})
    text = Path(__file__).with_name("programmes.json").read_text(encoding="utf-8")
    found = tuple(_completed(read(one), rest.pop(one["id"], None)) for one in json.loads(text))
    if rest:
        raise ProgrammeUnreadable(f"There are no such programmes: {', '.join(sorted(rest))}.")
    return found


def _completed(programme: Programme, given: object) -> Programme:
    if given is None:
        return programme
    if not isinstance(given, Mapping):
        raise ProgrammeUnreadable("Enter an object with fields and their source.", path=f"/{programme.id}")
    return complete(programme, given)


def _field(name: str, value: Any) -> Any:
    """A field in its type; None stays None."""
    if value is None:
        return None
    try:
        return _READERS[name](value)
    except (KeyError, TypeError, ValueError, InvalidOperation):
        raise ProgrammeUnreadable("This cannot be read. See docs/programmes.md.", path=f"/{name}") from None


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str) or not all(isinstance(one, str) for one in value):
        raise ValueError
    if len(set(value)) != len(value):
        raise ValueError
    return tuple(value)


def _of(known: Sequence[str]) -> Any:
    def read_texts(value: Any) -> tuple[str, ...]:
        found = _texts(value)
        if not set(found) <= set(known):
            raise ValueError
        return found

    return read_texts


def _count(value: Any) -> int:
    if type(value) is not int or not 0 < value <= 120:
        raise ValueError
    return value


def _unit(value: Any) -> str:
    [(key, unit)] = value.items() if isinstance(value, Mapping) else []
    if key != "is" or unit not in _UNITS:
        raise ValueError
    return str(unit)


def _modules(value: Any) -> AskedModules:
    read_modules = _of(MODULES)
    return AskedModules(read_modules(value["required"]), read_modules(value["unless_exempt"]))


def _cut_off(value: Any) -> CutOff:
    found = CutOff(Decimal(value["step"]), Decimal(value["module"]))
    if not 0 <= found.step <= found.module <= 1:
        raise ValueError
    return found


_READERS: Final[Mapping[str, Any]] = {
    "methods": _texts,
    "declared_unit": _unit,
    "modules": _modules,
    "required": _texts,
    "optional": _texts,
    "validity_years": _count,
    "data_months": _count,
    "cut_off": _cut_off,
    "allocation": _of(ALLOCATIONS),
}
