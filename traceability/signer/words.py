"""A statement in plain words, for who is about to sign it: what, when, with which key, every value, its digest."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from traceability.signer.signing import Shown

KINDS: Final[Mapping[str, str]] = {
    "lot.source": "A lot enters the record: it comes from outside",
    "lot.transform": "Lots are made of other lots",
    "lot.assay": "A lot was analysed",
    "lot.dispatch": "A lot is handed to somebody else",
    "lot.dispatch_cancel": "A dispatch is cancelled",
    "lot.receive": "Goods have arrived and were weighed",
    "lot.reject": "Goods are sent back",
    "lot.settle": "A weighed difference is settled",
    "lot.adjust": "The mass of a lot is adjusted",
    "lot.dispose": "Matter leaves as waste",
    "lot.hold": "A lot is put on hold",
    "lot.release": "A lot is released",
    "lot.recall": "A lot is recalled",
    "facility.register": "A facility is registered",
    "facility.certificate": "A facility has a certificate",
    "statement.correct": "An earlier statement is corrected",
    "statement.void": "An earlier statement is declared void",
    "key.add": "A new key may speak for your organisation, beside those it has",
    "key.rotate": "A new key takes over; the key that signs first never signs again",
    "key.revoke": "A key is revoked for ever, and what it signed from a place in the log on is in doubt",
}
_WIDTH: Final = 40


def told(shown: Shown) -> str:
    """The statement in lines; each value stands with its place, and a mark where it will be confidential."""
    said = shown.statement
    head = [
        f"{KINDS.get(said.kind, 'A statement')} ({said.kind})",
        f"  organisation   {said.issuer}",
        f"  happened from  {shown.opened['occurred_from']}",
        f"  happened to    {shown.opened['occurred_to']} (local {said.content['utc_offset']})",
        f"  signed first   {said.key}",
        *(f"  signed then    {one.key}" for one in said.cosigners),
        *(f"  place          {one.subject} {one.role}, number {one.seq}" for one in said.chains),
        f"  log            {said.seen.origin}, entries {said.seen.size}",
    ]
    claims = {name: shown.opened[name] for name in ("process", "body", "evidence") if name in shown.opened}
    lines = [_line(place, value, shown.confidential) for place, value in _leaves(claims, "")]
    return "\n".join([*head, "  it says:", *lines, f"  digest         {said.digest}", ""])


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}/{name}")
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _leaves(inner, f"{path}/{number}")
    else:
        yield path, value


def _line(place: str, value: Any, confidential: frozenset[str]) -> str:
    mark = "  [confidential]" if any(place == one or place.startswith(f"{one}/") for one in confidential) else ""
    name = place.removeprefix("/body/").lstrip("/")
    return f"    {name:<{_WIDTH}} {value}{mark}"
