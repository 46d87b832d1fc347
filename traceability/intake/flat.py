"""Flat names of a form or a sheet ("outputs/0/mass_kg") to the tree that a draft is."""

from collections.abc import Mapping
from typing import Final

from traceability.ledger.errors import RecordError

MOST_ROWS: Final = 500
MOST_STEPS: Final = 7


class BadFieldName(RecordError):
    """A name is too deep, has a row number above 499, or is at once a field and a group of fields."""

    code = "bad_field_name"


def nested(flat: Mapping[str, str]) -> dict[str, object]:
    """The tree of the flat names; numbers make lists, and rows that nobody typed are blank."""
    tree: dict[str, object] = {}
    for name in sorted(flat):
        steps = name.strip("/").split("/")
        if len(steps) > MOST_STEPS or not all(steps):
            raise BadFieldName("Use names such as outputs/0/mass_kg.", path=f"/{name[:80]}")
        _branch(tree, steps[:-1], name)[steps[-1]] = flat[name]
    return {name: _with_lists(value) for name, value in tree.items()}


def _branch(tree: dict[str, object], steps: list[str], name: str) -> dict[str, object]:
    for step in steps:
        inner = tree.setdefault(step, {})
        if not isinstance(inner, dict):
            raise BadFieldName("This name is a field and a group of fields at once.", path=f"/{name[:80]}")
        tree = inner
    return tree


def _with_lists(value: object) -> object:
    if not isinstance(value, dict):
        return value
    inner = {name: _with_lists(member) for name, member in value.items()}
    if not inner or not all(name.isdecimal() and name.isascii() for name in inner):
        return inner
    rows = {int(name): member for name, member in inner.items()}
    if max(rows) >= MOST_ROWS:
        raise BadFieldName(f"Use row numbers below {MOST_ROWS}.")
    return [rows.get(number, {}) for number in range(max(rows) + 1)]
