"""Findings of matter: what is not refused, but must be shown wherever the lot is shown (record-format.md section 8)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """An observation with a stable code, the place it concerns and a sentence for people."""

    code: str
    sentence: str
    path: str = ""
