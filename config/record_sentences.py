"""Finds the sentences that the pure cores and the services form, for the catalogues (traceability/web/spoken.py).

A sentence is a text of the code, with or without parameters, that begins with a capital and ends with a full stop.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.conf import settings

from traceability.intake.countries import NAMES
from traceability.intake.sheets.columns import PLANS
from traceability.ledger.kinds import KINDS
from traceability.material.elements import SPECIES, element_name
from traceability.rules.activities import ACTIVITIES
from traceability.rules.catalogue import all_rule_sets
from traceability.rules.hs_codes import HS_CODES
from traceability.web.lot_body import NAMES as SHORT
from traceability.web.lot_body import UNITS, plain
from traceability.web.spoken import CONTEXT, PARAMETER

ROOMS: Final = (
    "traceability/ledger", "traceability/material", "traceability/acceptance", "traceability/formats",
    "traceability/intake", "traceability/rules", "traceability/verifier", "traceability/selectors",
    "traceability/services",
    "epd/documents", "epd/formats", "epd/lca", "epd/rules", "epd/verifier", "epd/selectors", "epd/services",
)  # fmt: skip
NO_READER: Final = re.compile(
    r"ledger/(bundle_readme|field_tables|schemas|tiles|witnessing)\.py|services/(forgetting|guard|index_check|index_upgrade|integrator"
    r"|ledger_\w+|log_watch|monitor|publisher|witness|witnesses)\.py|verifier/(command|text)\.py|(documents|services)/programmes\.py"
    r"|documents/own\.py|formats/write_untp\.py"
)
"""What these say goes to programs and operators of the machine, not to readers of pages."""
PHRASES: Final = re.compile(r"services/(history|declarations|standing)\.py|verifier/(checks|report|sixteen)\.py")
"""Where every text counts, not whole sentences alone: titles of checks, and words that stand beside them."""
_PHRASE: Final = re.compile(r"[A-Z][a-z]+|[A-Za-z][A-Za-z' ,()-]+ [A-Za-z' ,()-]+")
COUNTED: Final = "_many"
"""The function that writes a number with what it counts."""
_NOTHING: Final = re.compile(r"(?!)")
_WORD: Final = re.compile(r"[A-Za-z]{3}")
_SENTENCE: Final = re.compile(r"[A-Z{“].* .*[.:?]", re.DOTALL)


def as_code() -> str:
    """Lines that xgettext reads: each sentence once, with the file that forms it, and the names of countries."""
    lines = ["from django.utils.translation import pgettext"]
    for sentence, place in sentences().items():
        lines += [f"# Translators: {place}", f"pgettext({CONTEXT!r}, {sentence!r})"]
    lines += [f"pgettext({CONTEXT!r}, {name!r})" for name in words()]
    return "\n".join(lines) + "\n"


def sentences() -> dict[str, str]:
    """Each sentence, with the file that forms it first."""
    found: dict[str, str] = {}
    shapes: set[str] = set()
    for room in ROOMS:
        for file in sorted((settings.BASE_DIR / room).rglob("*.py")):
            place = file.relative_to(settings.BASE_DIR).as_posix()
            if not NO_READER.search(place):
                for one in _in_file(file, _PHRASE if PHRASES.search(place) else _NOTHING):
                    shape = PARAMETER.sub("{}", one)  # alike but for the names of parameters is the same
                    if shape not in shapes:
                        shapes.add(shape)
                        found[one] = place
    return found


def words() -> list[str]:
    """The names of countries, elements, fields and columns of sheets, and the words of rule sets."""
    return [*NAMES.values(), *_elements(), *_fields(), *_columns(), *_rules()]


def _rules() -> list[str]:
    """What the rule sets say of themselves."""
    found = (
        text
        for one in all_rule_sets()
        for text in (one.title, one.short, one.about, *one.not_decided, *(version.note for version in one.versions))
    )
    return [*ACTIVITIES, *HS_CODES.values(), *dict.fromkeys(found)]


def _columns() -> list[str]:
    return list(dict.fromkeys(column.name for plan in PLANS.values() for column in plan.columns))


def _elements() -> list[str]:
    return [element_name(symbol) for symbol in dict.fromkeys(one.element for one in SPECIES.values())]


def _fields() -> list[str]:
    """The names of all fields of the record, with and without their units, in words."""
    names = {name for kind in KINDS.values() for name in _named(kind.body.schema())}
    stems = {name.rpartition("_")[0] for name in names if name.rpartition("_")[2] in UNITS}
    return sorted({plain(name) for name in names | stems if name and name not in SHORT})


def _named(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
    for inner in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from _named(inner)


def parameters(form: str) -> list[str]:
    """The names in braces."""
    return PARAMETER.findall(form)


def _in_file(file: Path, more: re.Pattern[str]) -> Iterator[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
    parts = {id(one) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for one in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == COUNTED:
            yield from _counted(node)
        if id(node) in told | parts:
            continue
        text = _pattern(node)
        if more.fullmatch(text) or (_SENTENCE.fullmatch(text) and _WORD.search(PARAMETER.sub("", text))):
            yield text


def _counted(node: ast.Call) -> Iterator[str]:
    """What a number counts, as one and as many."""
    word = node.args[1]
    if isinstance(word, ast.Constant) and isinstance(word.value, str):
        yield from (word.value, word.value + "s")


def _pattern(node: ast.AST) -> str:
    """The text of a node with its parameters in braces; empty for what is no text."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if not isinstance(node, ast.JoinedStr):
        return ""
    names: list[str] = []
    text = ""
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            names.append(_name(part.value, names))
            text += f"{{{names[-1]}}}"
        elif isinstance(part, ast.Constant):
            text += str(part.value)
    return text


def _name(node: ast.expr, taken: list[str]) -> str:
    """What the parameter is called: the last name of its expression, with a number where that is taken."""
    names = re.findall(r"[A-Za-z]\w*", re.sub(r"'[^']*'", "", ast.unparse(node)))
    name = names[-1].lower() if names else "value"
    return next(one for one in (name, *(f"{name}_{n}" for n in range(2, 99))) if one not in taken)
