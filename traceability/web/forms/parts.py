"""What a section asks: single answers, groups of them, and rows that people add and take away.

Parts name places of the draft (record-format.md section 5, in the opened shape); reading what was typed there is the
business of `traceability.intake`, so no part knows a rule.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from traceability.web.forms.offers import Choice, Offers, Words

Asking = Literal["text", "long", "figure", "choice", "radio", "moment"]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One answer. `units` to choose from stand under `<name>_unit`, or `unit_name`; a fixed `unit` is only shown."""

    name: str
    label: Words
    asking: Asking = "text"
    help: Words = ""
    required: bool = True
    unit: Words = ""
    units: tuple[str, ...] = ()
    unit_name: str = ""
    choices: Callable[[Offers], Sequence[Choice]] | None = None
    empty: Words = ""
    """The words of the choice that is none; without them the first choice is taken."""
    default: str = ""

    @property
    def beside(self) -> str:
        """The name of the field in which the unit is chosen."""
        return (self.unit_name or f"{self.name}_unit") if self.units else ""


@dataclass(frozen=True, slots=True)
class Group:
    """Answers under one name, such as an assay."""

    name: str
    parts: "tuple[Part, ...]"


@dataclass(frozen=True, slots=True)
class Rows:
    """A list. `presets` gives the first answer of that many first rows, such as the elements of an assay."""

    name: str
    parts: "tuple[Part, ...]"
    noun: Words
    add: Words
    least: int = 1
    presets: Callable[[Offers], Sequence[str]] | None = None


Part = Leaf | Group | Rows
