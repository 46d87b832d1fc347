"""The fields of every kind as a text for people, generated from their shapes: docs/formats/fields.md."""

from collections.abc import Iterator

from traceability.ledger.kinds import KINDS, RESERVED, Kind
from traceability.ledger.shapes import (
    Binary,
    Computed,
    Field,
    ListOf,
    Marking,
    Object,
    OneOf,
    Quantity,
    Shape,
    Text,
    Whole,
    Word,
)

_WORDS = {
    "Date": "day",
    "Digest": "digest",
    "Flag": "true or false",
    "Later": "object, of the shape of the corrected kind",
    "Moment": "moment",
    "NewUrn": "urn, UUID version 7",
    "Urn": "urn",
    "UtcOffset": "offset",
}
_INTRODUCTION = """\
# Fields of every kind

Written by `manage.py record_schemas` from the shapes in `traceability/ledger/kinds/`; the rules are in
[record-1.md](record-1.md), the JSON schemas in [schemas/](schemas/). `[]` is a row of a list. Marking: `open` always,
`closable` (closed unless its issuer opens it), `choice` (open unless he closes it). What is inside a closed value is
closed with it. `ext`: the kind may hold fields of one namespace there.
"""


def fields_text() -> str:
    """The text of docs/formats/fields.md."""
    parts = [_INTRODUCTION, *(_of_kind(kind) for kind in KINDS.values())]
    reserved = ", ".join(f"`{name}`" for name in sorted(RESERVED))
    return "\n".join([*parts, f"## Reserved\nNot accepted yet (`reserved_kind`): {reserved}.\n"])


def _of_kind(kind: Kind) -> str:
    words = [
        word
        for word, is_so in (
            ("may be corrected", kind.correctable),
            ("may be withdrawn", kind.voidable),
            ("may carry `process`", kind.process),
            ("may have a second signer", kind.cosigned),
            ("`ext`", kind.body.extensible),
        )
        if is_so
    ]
    rule = "" if kind.rule is None else f" {(kind.rule.__doc__ or '').strip()}"
    about = f"{_sentence(words)}{rule}\n\n" if words or rule else ""
    rows = "\n".join(_rows(kind.body, "", Marking.OPEN))
    return f"## {kind.name}\n{about}| field | | value | marking |\n| --- | --- | --- | --- |\n{rows}\n"


def _sentence(words: list[str]) -> str:
    text = ", ".join(words)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _rows(shape: Object, path: str, held: Marking) -> Iterator[str]:
    for name in shape.fields:
        field = shape.field(name)
        if field is not None:
            yield from _row(field, f"{path}{name}", held)
    if shape.together:
        yield f"| {' and '.join(f'`{path}{name}`' for name in shape.together)} | together | | |"


def _row(field: Field, path: str, held: Marking) -> Iterator[str]:
    marking = field.marking if held is Marking.OPEN else held
    needed = "required" if field.required else "optional"
    inner = "" if field.marking is Marking.OPEN and held is not Marking.OPEN else marking.value
    yield f"| `{path}` | {needed} | {_words(field.shape)} | {inner} |"
    yield from _inside(field.shape, path, marking)


def _inside(shape: Shape, path: str, held: Marking) -> Iterator[str]:
    if isinstance(shape, Object):
        yield from _rows(shape, f"{path}/", held)
    elif isinstance(shape, ListOf):
        if shape.rows is not Marking.OPEN and held is Marking.OPEN:
            yield f"| `{path}[]` | | a row | {shape.rows.value} |"
        if isinstance(shape.item, Object):
            yield from _rows(shape.item, f"{path}[]/", held)
    elif isinstance(shape, OneOf):
        for one in shape.shapes:
            yield from _inside(one, path, held)


def _words(shape: Shape) -> str:
    match shape:
        case Word(words):
            return ", ".join(words)
        case Text(longest, pattern, example):
            return f"text like {example}" if pattern and example else f"text, at most {longest}"
        case Quantity(least, most, places, above_zero):
            start = "above 0" if above_zero else f"from {least}"
            return f"quantity {start} to {most}, {places} decimals"
        case Computed():
            return "computed number"
        case Whole(least, _):
            return f"whole number from {least}"
        case Binary(size):
            return f"{size} bytes, base64url"
        case Object():
            return "object"
        case ListOf():
            return _list_words(shape)
        case OneOf(shapes):
            return " or ".join(_words(one) for one in shapes)
    return _WORDS[type(shape).__name__]


def _list_words(shape: ListOf) -> str:
    once = f", each {shape.distinct_by or 'item'} once" if shape.distinct or shape.distinct_by else ""
    item = "rows" if isinstance(shape.item, Object) else _words(shape.item)
    return f"1 to {shape.most}: {item}{once}"
