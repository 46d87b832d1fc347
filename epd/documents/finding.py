"""One finding about a document."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from epd.documents.stages import Stage


class Severity(StrEnum):
    """How much a finding matters; a note says what could not be checked."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, where, and what was compared. The sentence says what to do."""

    code: str
    severity: Severity
    sentence: str
    indicator: str = ""
    stage: Stage | None = None
    values: Mapping[str, str] = field(default_factory=dict)
