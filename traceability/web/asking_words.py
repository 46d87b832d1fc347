"""Requests between partners in words: what is asked for, and which value of a statement it is."""

import json
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from traceability.models import PartnerRequest
from traceability.selectors.asking import Shown, Value
from traceability.web import words
from traceability.web.lot_body import words_of

LONGEST_VALUE: Final = 120
TELLING: Final = ("flow", "species", "material", "indicator", "element")


def title(line: Shown) -> str:
    """What is asked for."""
    row = line.request
    if row.what == PartnerRequest.What.DECLARATION:
        return _("A declaration of %(what)s") % {"what": row.product or line.lot or _("a lot")}
    kind = words.kind(row.statement.kind) if row.statement else ""
    count = len(row.places)
    return ngettext("%(n)d value of “%(kind)s”", "%(n)d values of “%(kind)s”", count) % {"n": count, "kind": kind}


def place(pointer: str, payload: Mapping[str, Any]) -> str:
    """A place of a statement: `/body/inventory/0/amount` is "Inventory 1 (electricity): Amount"."""
    parts: list[str] = []
    here: Any = payload
    for name in pointer.strip("/").split("/"):
        if name.isdecimal():
            here = here[int(name)] if isinstance(here, list) and int(name) < len(here) else {}
            parts[-1:] = [f"{' '.join(parts[-1:])} {int(name) + 1}{_called(here)}"]
            continue
        here = here.get(name, {}) if isinstance(here, dict) else {}
        if name not in ("body", "as"):
            parts.append(words_of(name))
    return ": ".join(parts)


def _called(row: object) -> str:
    """What tells a row of a list from the others, in brackets, where it says so in the open."""
    named = [row[name] for name in TELLING if isinstance(row.get(name), str)] if isinstance(row, dict) else []
    return f" ({named[0]})" if named else ""


def _unit(pointer: str, payload: Mapping[str, Any]) -> str:
    """The unit that stands beside an amount."""
    here: Any = payload
    for name in pointer.strip("/").split("/")[:-1]:
        here = here[int(name)] if isinstance(here, list) else here.get(name, {})
    unit = here.get("unit") if isinstance(here, dict) and pointer.endswith("/amount") else None
    return f" {unit}" if isinstance(unit, str) else ""


def value(one: Value, payload: Mapping[str, Any]) -> str:
    """A place with what stands there, for who decides on it."""
    said = one.value if isinstance(one.value, str) else json.dumps(one.value, ensure_ascii=False)
    said += _unit(one.place, payload)
    return f"{place(one.place, payload)}: {said if len(said) <= LONGEST_VALUE else said[:LONGEST_VALUE] + '…'}"
