"""Named slots: what the rooms above (environmental declarations) tell of a lot or offer in a form.

`config/wiring.py` fills them; an empty slot tells nothing.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from traceability.models import Lot, Statement, SubjectHead
from traceability.selectors.access import Actor


@dataclass(frozen=True, slots=True)
class FactorChoice:
    """A factor with which one computes, as a form offers it."""

    id: str
    name: str
    unit: str
    geography: str
    illustrative: bool
    compartment: str = ""
    """Where an emission goes that it is for; empty for what is no emission."""


@dataclass(frozen=True, slots=True)
class DeclarationLink:
    """A declaration of a lot, and the page that shows it."""

    reference: str
    product: str
    status: str
    href: str


Factors = Callable[[UUID | None], Sequence[FactorChoice]]
"""The factors that an organisation can name; those of everybody where None asks."""
NoteReading = Callable[[Actor, Sequence[tuple[Statement, int]]], None]
"""Keeps that the actor was shown so many confidential values of each of these statements of others."""
WithoutResult = Callable[[UUID, int], tuple[Sequence[Lot], int]]
"""The oldest lots of an organisation without result, at most so many, and how many there are in all."""
Declarations = Callable[[Actor, Collection[UUID]], Mapping[UUID, Sequence[DeclarationLink]]]
DeclarationLinks = Callable[[Collection[UUID]], Mapping[UUID, DeclarationLink]]
"""The pages of these declarations; they are open to anybody."""
AllDeclarations = Callable[[], QuerySet[Any]]
"""The rows of all declarations, whose keys are those of their chains; they are open to anybody."""
DeclarationByReference = Callable[[str], tuple[UUID, DeclarationLink] | None]
"""The declaration that is called so by its short reference, however it is typed."""
OwnDeclarations = Callable[[UUID], Sequence[tuple[UUID, UUID, DeclarationLink]]]
"""The declarations of an organisation that are in force, newest first, each with its lot."""
DeclarationsInBundle = Callable[[Collection[UUID]], Collection[int]]
"""The ids of the statements that published declarations of these lots."""
FactorsInBundle = Callable[[Sequence[Statement], Collection[str]], Mapping[str, bytes]]
"""Members that hold the factors with these ids, of the factor sets that these statements published."""
TablesInBundle = Callable[[Collection[Mapping[str, Any]]], Mapping[str, bytes]]
"""Members that hold the tables that these opened bodies state by their root alone."""


LabelFile = Callable[[Actor, Lot, str], bytes]
"""The label of a lot that the actor may see, drawn as `svg` or `pdf` in the language of who asks."""


@dataclass(slots=True)
class Slots:
    """What is filled in so far."""

    factors: Factors = lambda organisation: ()
    note_reading: NoteReading = lambda actor, read: None
    lots_without_result: WithoutResult = lambda organisation, most: ((), 0)
    declarations: Declarations = lambda actor, lots: {}
    declaration_links: DeclarationLinks = lambda declarations: {}
    all_declarations: AllDeclarations = SubjectHead.objects.none
    declaration_link: Callable[[Any], DeclarationLink] = lambda row: DeclarationLink("", "", "", "")
    """The link of one of those rows."""
    declaration_by_reference: DeclarationByReference = lambda reference: None
    own_declarations: OwnDeclarations = lambda organisation: ()
    declarations_in_bundle: DeclarationsInBundle = lambda lots: ()
    factors_in_bundle: FactorsInBundle = lambda published, factor_ids: {}
    tables_in_bundle: TablesInBundle = lambda bodies: {}
    label_file: LabelFile = lambda actor, lot, kind: b""


SLOTS = Slots()
