"""Which processes feed each other, and the exact inverse of such a loop (docs/algorithms/lodestone-systems-1.md)."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import lcm

Matrix = list[list[Fraction]]


def loops(suppliers: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """The strongly connected components of a graph, each by name, suppliers before those who use them (Tarjan)."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    waiting: list[str] = []
    on_stack: set[str] = set()
    for root in suppliers:
        if root in order:
            continue
        path = [(root, iter(suppliers[root]))]
        order[root] = lowest[root] = len(order)
        waiting.append(root)
        on_stack.add(root)
        while path:
            name, rest = path[-1]
            step = next(rest, None)
            if step is None:
                path.pop()
                if path:
                    lowest[path[-1][0]] = min(lowest[path[-1][0]], lowest[name])
                if lowest[name] == order[name]:
                    at = waiting.index(name)
                    found, waiting = waiting[at:], waiting[:at]
                    on_stack.difference_update(found)
                    yield tuple(sorted(found))
            elif step not in order:
                order[step] = lowest[step] = len(order)
                waiting.append(step)
                on_stack.add(step)
                path.append((step, iter(suppliers[step])))
            elif step in on_stack:
                lowest[name] = min(lowest[name], order[step])


def inverse(matrix: Matrix) -> Matrix | None:
    """The exact inverse, None where there is none: Gauss-Jordan in whole numbers, divided without rest (Bareiss)."""
    size = len(matrix)
    scales = [lcm(*(value.denominator for value in row)) for row in matrix]
    rows = [
        [*(int(value * scale) for value in row), *(int(at == n) for n in range(size))]
        for at, (row, scale) in enumerate(zip(matrix, scales, strict=True))
    ]
    before = 1
    for column in range(size):
        pivot = next((at for at in range(column, size) if rows[at][column]), None)
        if pivot is None:
            return None
        rows[column], rows[pivot] = rows[pivot], rows[column]
        head, chosen = rows[column][column], rows[column]
        for at, row in enumerate(rows):
            if at != column:
                factor = row[column]
                rows[at] = [(head * a - factor * b) // before for a, b in zip(row, chosen, strict=True)]
        before = head
    return [[Fraction(row[size + n] * scales[n], before) for n in range(size)] for row in rows]
