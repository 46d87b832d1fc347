"""The demonstration chain as acts to be signed, out of chain.json; its member `reading` says what stands where."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("chain.json")


@dataclass(frozen=True, slots=True)
class Act:
    """One statement of the demonstration, with keys where the signed statement has urns and digests."""

    key: str
    kind: str
    actor: str
    issued_at: str
    body: Mapping[str, object]
    occurred_from: str
    occurred_to: str
    process: tuple[Mapping[str, str], ...] = ()
    roles: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Demonstration:
    """The acts in the order of signing, where each kind of number comes from, and the figures to arrive at."""

    title: str
    sources: Mapping[str, Mapping[str, str]]
    acts: tuple[Act, ...]
    expected: Mapping[str, object]

    def of_kind(self, kind: str) -> tuple[Act, ...]:
        """The acts of one kind, in order."""
        return tuple(act for act in self.acts if act.kind == kind)


def demonstration() -> Demonstration:
    """The demonstration chain of this release."""
    stored = json.loads(FILE.read_text(encoding="utf-8"))
    return Demonstration(
        title=stored["title"],
        sources=stored["sources"],
        acts=tuple(_act(row) for row in stored["acts"]),
        expected=stored["expected"],
    )


def _act(row: dict[str, object]) -> Act:
    issued_at = str(row["at"])
    return Act(
        key=str(row["key"]),
        kind=str(row["kind"]),
        actor=str(row["actor"]),
        issued_at=issued_at,
        body=row["body"],  # type: ignore[arg-type]
        occurred_from=str(row.get("occurred_from", issued_at)),
        occurred_to=str(row.get("occurred_to", issued_at)),
        process=tuple(row.get("process", ())),  # type: ignore[arg-type]
        roles=row.get("roles"),  # type: ignore[arg-type]
    )
