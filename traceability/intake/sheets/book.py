"""What the names in the cells of a sheet mean to the organisation that fills it in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from traceability.intake.numbers import NumberStyle

Document = Mapping[str, Any]
"""A document as a statement names it."""


@dataclass(frozen=True, slots=True)
class Book:
    """What names in cells mean. All names are casefolded; a number may name several lots."""

    now: datetime
    """Nothing that is told happened later."""
    style: NumberStyle = NumberStyle.POINT
    utc_offset: str = "+00:00"
    lots: Mapping[str, Sequence[str]] = field(default_factory=dict)
    facilities: Mapping[str, Sequence[str]] = field(default_factory=dict)
    partners: Mapping[str, Sequence[str]] = field(default_factory=dict)
    countries: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    """Words of closed lists in the reader's languages, as `column key:word`, to the words of the record."""
    numbers: frozenset[str] = frozenset()
    """Lot numbers that the organisation has given already."""
    about: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What a lot answers for its own act, by urn: the dispatch that brought it, what remains of it, what it is."""
    factors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Ids of factors, by id and by name."""
    documents: Mapping[str, Sequence[Document]] = field(default_factory=dict)
    """Stored documents by name and by SHA-256, as a statement names them."""
