"""Samples that anybody can draw again: `lodestone-sample/1` (docs/algorithms/lodestone-sample-1.md)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

ALGORITHM: Final = "lodestone-sample/1"
WEIGHT: Final = 3
"""How many times as likely a marked unit is drawn, where the sizes allow it."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What may be drawn: its digest as the log names it, and whether something about it asks for a second look."""

    digest: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """A unit that was drawn, as one of `drawn` out of the `of` units of its stratum."""

    unit: Unit
    drawn: int
    of: int


def draw(units: Collection[Unit], *, size: int, seed: str) -> list[Drawn]:
    """The sample of at most `size` units, marked ones first, each stratum in the order of its ranks."""
    marked = [one for one in units if one.marked]
    others = [one for one in units if not one.marked]
    size = min(size, len(units))
    if size < 2 or not marked or not others:
        return _lowest(units, size, seed)
    count = marked_count(len(marked), len(others), size)
    return [*_lowest(marked, count, seed), *_lowest(others, size - count, seed)]


def marked_count(marked: int, others: int, size: int) -> int:
    """How many of the sample are marked units: at least one, and never so many that none of the others is drawn."""
    share = -(-size * WEIGHT * marked // (WEIGHT * marked + others))
    return max(min(share, marked, size - 1), size - others)


def rank(seed: str, digest: str) -> bytes:
    """The place of a unit in the order of a seed: 32 bytes, the lowest are drawn."""
    return sha256(f"{ALGORITHM}\n{seed}\n{digest}\n".encode()).digest()


def _lowest(units: Collection[Unit], count: int, seed: str) -> list[Drawn]:
    ordered: Iterable[Unit] = sorted(units, key=lambda one: rank(seed, one.digest))
    return [Drawn(one, count, len(units)) for one, _ in zip(ordered, range(count), strict=False)]
