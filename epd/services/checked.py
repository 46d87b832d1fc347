"""What the checks of a history found: words, sentences and counts, never a confidential value."""

from dataclasses import dataclass
from enum import StrEnum


class Word(StrEnum):
    """What a check found."""

    PASS = "pass"  # noqa: S105
    WARN = "warn"
    FAIL = "fail"
    NOT_ESTABLISHED = "none"
    NOT_APPLICABLE = "na"


@dataclass(frozen=True, slots=True)
class Checked:
    """One check; `id` never changes."""

    id: str
    group: str
    title: str
    word: Word
    sentence: str


@dataclass(frozen=True, slots=True)
class History:
    """All checks of what is behind a lot, and how much there is."""

    checks: tuple[Checked, ...]
    lots: int
    sources: int
    countries: int
    organisations: int
    steps: int
    size: int | None
    """Leaves of the checkpoint that the checks rest on."""

    def tally(self) -> dict[str, int]:
        """How many checks found what."""
        return {word.value: sum(1 for one in self.checks if one.word is word) for word in Word}

    @property
    def worst(self) -> Word:
        """One failure fails; then what could not be established, then warnings."""
        found = {one.word for one in self.checks}
        return next((one for one in (Word.FAIL, Word.NOT_ESTABLISHED, Word.WARN) if one in found), Word.PASS)

    def holds(self, *ids: str) -> bool:
        """Whether all of these checks passed."""
        return all(one.word is Word.PASS for one in self.checks if one.id in ids)

    def named(self, id: str) -> Checked | None:
        return next((one for one in self.checks if one.id == id), None)
