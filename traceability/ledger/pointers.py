"""JSON pointers (RFC 6901), and the one to what a strict decoder refused."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from traceability.ledger.errors import RecordError

Place = tuple[Any, ...]
"""() at the top, else (place of the holder, name or index): cheap to make, seldom read."""


def pointer(path: str, step: str | int) -> str:
    """The JSON pointer of what stands under a name or index of the value at `path`."""
    return f"{path}/{str(step).replace('~', '~0').replace('/', '~1')}"


def pointer_of(place: Place) -> str:
    """The JSON pointer of a place."""
    return pointer(pointer_of(place[0]), place[1]) if place else ""


def located(text: str, error: RecordError, hooks: Mapping[str, Callable[..., Any]]) -> RecordError:
    """What the hooks of a decoder refuse first in a text, with its place; `error` alone where the rest is no JSON."""
    kept: dict[str, Any] = {name: _kept(hook) for name, hook in hooks.items()}
    decoder = json.JSONDecoder(**kept)
    try:
        return next(_refusals(decoder.decode(text), ()), error)
    except json.JSONDecodeError:
        error.path = ""
        return error


def _kept(hook: Callable[..., Any]) -> Callable[..., Any]:
    """The hook, with its refusal as the value at the place of what it refuses."""

    def run(found: Any) -> Any:
        try:
            return hook(found)
        except RecordError as error:
            return error

    return run


def _refusals(value: object, place: Place) -> Iterator[RecordError]:
    if isinstance(value, RecordError):
        value.path = pointer_of(place) + value.path
        yield value
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield from _refusals(inner, (place, step))
