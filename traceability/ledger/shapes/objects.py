"""Shapes of objects and lists, and which of their fields and rows may be confidential (record-format.md section 3)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from enum import Enum

from traceability.ledger import canonical
from traceability.ledger.closed import CLOSED, CLOSED_ROW, is_digest_text
from traceability.ledger.errors import RecordError
from traceability.ledger.pointers import pointer
from traceability.ledger.shapes.base import (
    NOTHING_DISCLOSED,
    Disclosed,
    MissingField,
    NotClosable,
    OpenAndClosed,
    OutOfRange,
    Shape,
    UnknownField,
    WrongType,
    object_of,
)
from traceability.ledger.shapes.scalars import Binary, Text

EXT = "ext"
_DIGEST = Binary(32)
_WORDS = Text()


class Marking(Enum):
    """Whether a field may be confidential (record-format.md section 3)."""

    OPEN = "open"
    CLOSABLE = "closable"  # closed by default
    CHOICE = "choice"  # open by default


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an object: its shape, whether it must be there, whether it may be closed."""

    shape: Shape
    required: bool = True
    marking: Marking = Marking.OPEN


Fields = dict[str, Field | Shape]


def closable(shape: Shape, *, required: bool = True) -> Field:
    """A field that is confidential unless its issuer opens it."""
    return Field(shape, required, Marking.CLOSABLE)


def choice(shape: Shape, *, required: bool = True) -> Field:
    """A field that is open unless its issuer closes it."""
    return Field(shape, required, Marking.CHOICE)


def optional(shape: Shape) -> Field:
    """An open field that may be absent."""
    return Field(shape, required=False)


@dataclass(frozen=True, slots=True)
class Object:
    """An object with exactly these fields; `extensible` allows `ext` with fields under a `domain/name`.

    Of the names in `together` all are there, open or closed, or none.
    """

    fields: Mapping[str, Field | Shape]
    extensible: bool = False
    together: tuple[str, ...] = ()
    _by_name: dict[str, Field] = dataclass_field(init=False, repr=False, compare=False, default_factory=dict)
    _required: list[str] = dataclass_field(init=False, repr=False, compare=False, default_factory=list)

    def __post_init__(self) -> None:
        for name, given in self.fields.items():
            self._by_name[name] = given if isinstance(given, Field) else Field(given)
        self._required.extend(name for name, field in self._by_name.items() if field.required)

    def field(self, name: str) -> Field | None:
        """The field of that name."""
        return self._by_name.get(name)

    def check(self, value: object, path: str, disclosed: Disclosed) -> None:
        given = object_of(value, path)
        closed = self._closed(given, path) if CLOSED in given else {}
        for name, inner in given.items():
            field = self._by_name.get(name)
            if field is not None:
                field.shape.check(inner, f"{path}/{name}", disclosed)
            elif name == EXT and self.extensible:
                _check_extension(inner, f"{path}/{EXT}")
            elif name != CLOSED:
                raise _unknown(name, path)
        for name, digest in closed.items():
            if digest in disclosed:
                self._by_name[name].shape.check(disclosed[digest], f"{path}/{name}", NOTHING_DISCLOSED)
        self._check_missing(given, closed, path)

    def _closed(self, given: Mapping[str, object], path: str) -> Mapping[str, str]:
        """The digest of each closed field."""
        closed = object_of(given[CLOSED], f"{path}/{CLOSED}")
        for name, digest in closed.items():
            field = self._by_name.get(name)
            if field is None:
                raise _unknown(name, path)
            if field.marking is Marking.OPEN:
                raise NotClosable(f"{name} is always open.", path=f"{path}/{CLOSED}/{name}")
            if name in given:
                raise OpenAndClosed(f"{name} stands open and closed.", path=f"{path}/{name}")
            if not isinstance(digest, str) or not is_digest_text(digest):
                _DIGEST.check(digest, f"{path}/{CLOSED}/{name}", NOTHING_DISCLOSED)
        return {name: str(digest) for name, digest in closed.items()}

    def _check_missing(self, given: Mapping[str, object], closed: Mapping[str, str], path: str) -> None:
        for name in self._required:
            if name not in given and name not in closed:
                raise MissingField(f"{name} is missing.", path=f"{path}/{name}")
        if not self.together:
            return
        missing = [name for name in self.together if name not in given and name not in closed]
        if missing and len(missing) < len(self.together):
            raise MissingField(f"State {' and '.join(self.together)} together.", path=f"{path}/{missing[0]}")

    def schema(self) -> dict[str, object]:
        fields = self._by_name
        properties: dict[str, object] = {
            name: field.shape.schema() | {"x-marking": field.marking.value} for name, field in fields.items()
        }
        closables = [name for name, field in fields.items() if field.marking is not Marking.OPEN]
        if closables:
            properties[CLOSED] = _object_schema(dict.fromkeys(closables, _DIGEST.schema()))
        if self.extensible:
            properties[EXT] = _EXTENSION_SCHEMA
        found = _object_schema(properties)
        if required := [name for name, field in fields.items() if field.required and name not in closables]:
            found["required"] = required
        if conditions := list(self._conditions(fields, closables)):
            found["allOf"] = conditions
        return found

    def _conditions(self, fields: Mapping[str, Field], closables: Sequence[str]) -> Iterator[dict[str, object]]:
        for name in closables:
            both = [{"required": [name]}, _requires_closed(name)]
            yield {"oneOf": both} if fields[name].required else {"not": {"allOf": both}}
        for name in self.together:
            others = [one for one in self.together if one != name]
            yield {"if": _present(name, closables), "then": {"allOf": [_present(one, closables) for one in others]}}


def _unknown(name: str, path: str) -> UnknownField:
    return UnknownField(f"There is no field {name} here. Remove it.", path=pointer(path, name))


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of 1 to `most` items; unless `rows` is OPEN, `{"closed_row": digest}` may stand for a row.

    `distinct`: each item once; `distinct_by`: each value of that field of the rows once.
    """

    item: Shape
    most: int = 500
    rows: Marking = Marking.OPEN
    distinct: bool = False
    distinct_by: str = ""

    def check(self, value: object, path: str, disclosed: Disclosed) -> None:
        if not isinstance(value, list):
            raise WrongType("Use a list.", path=path)
        if not 1 <= len(value) <= self.most:
            raise OutOfRange(f"Use a list of 1 to {self.most} items.", path=path)
        for number, inner in enumerate(value):
            self._check_item(inner, f"{path}/{number}", disclosed)
        if self.distinct and len({str(inner) for inner in value}) != len(value):
            raise OutOfRange("Name each item once.", path=path)
        if self.distinct_by:
            named = [row[self.distinct_by] for row in value if isinstance(row, dict) and self.distinct_by in row]
            if len(set(named)) != len(named):
                raise OutOfRange(f"Name each {self.distinct_by} once.", path=path)

    def _check_item(self, inner: object, path: str, disclosed: Disclosed) -> None:
        if not (isinstance(inner, dict) and CLOSED_ROW in inner):
            self.item.check(inner, path, disclosed)
            return
        if self.rows is Marking.OPEN:
            raise NotClosable("Rows of this list are always open.", path=path)
        if len(inner) != 1:
            raise OpenAndClosed("A confidential row has no open fields.", path=path)
        _DIGEST.check(inner[CLOSED_ROW], f"{path}/{CLOSED_ROW}", NOTHING_DISCLOSED)
        if inner[CLOSED_ROW] in disclosed:
            self.item.check(disclosed[inner[CLOSED_ROW]], path, NOTHING_DISCLOSED)

    def schema(self) -> dict[str, object]:
        closed_row = _object_schema({CLOSED_ROW: _DIGEST.schema()}) | {"required": [CLOSED_ROW]}
        open_rows = self.rows is Marking.OPEN
        item = self.item.schema() if open_rows else {"oneOf": [self.item.schema(), closed_row]}
        found: dict[str, object] = {"type": "array", "minItems": 1, "maxItems": self.most, "items": item}
        if self.distinct:
            found["uniqueItems"] = True
        if self.distinct_by:
            found["description"] = f"Each {self.distinct_by} stands once."
        return found


@dataclass(frozen=True, slots=True)
class OneOf:
    """A value that has one of these shapes; refused with the reason of the last."""

    shapes: tuple[Shape, ...]

    def check(self, value: object, path: str, disclosed: Disclosed) -> None:
        failure: RecordError | None = None
        for shape in self.shapes:
            try:
                return shape.check(value, path, disclosed)
            except RecordError as error:
                failure = error
        raise failure or WrongType("This value is not allowed here.", path=path)

    def schema(self) -> dict[str, object]:
        return {"anyOf": [shape.schema() for shape in self.shapes]}


def marking_at(shape: Shape, pointer: str) -> Marking:
    """How the field or row at this JSON pointer of a value of this shape is marked; OPEN where nothing is said."""
    marking = Marking.OPEN
    for name in pointer.split("/")[1:]:
        if isinstance(shape, Object):
            field = shape.field(name)
            if field is None:
                return Marking.OPEN
            marking, shape = field.marking, field.shape
        elif isinstance(shape, ListOf):
            marking, shape = shape.rows, shape.item
        else:
            return Marking.OPEN
    return marking


def _check_extension(value: object, path: str) -> None:
    """`ext` holds the open fields of one namespace; the record asks no more of them than of any value."""
    names = list(object_of(value, path))
    if len(names) != 1 or not canonical.is_extension_name(names[0]):
        raise WrongType("ext holds the fields of one namespace, named like example.org/quality.", path=path)
    fields = object_of(value, path)[names[0]]
    place = pointer(path, names[0])
    _check_stated(object_of(fields, place), place)


def _check_stated(value: object, path: str) -> None:
    if isinstance(value, str):
        _WORDS.check(value, path, NOTHING_DISCLOSED)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name in (CLOSED, CLOSED_ROW):
                raise NotClosable("Fields of ext are always open.", path=f"{path}/{name}")
            _check_stated(inner, pointer(path, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            _check_stated(inner, f"{path}/{number}")


_EXTENSION_SCHEMA: dict[str, object] = {
    "type": "object",
    "minProperties": 1,
    "maxProperties": 1,
    "propertyNames": {"pattern": f"^{canonical.EXTENSION_NAME}$"},
    "additionalProperties": {"type": "object", "minProperties": 1},
    "description": "Fields of one namespace, shown as not evaluated: open, texts of at most 500 characters.",
}


def _object_schema(properties: Mapping[str, object]) -> dict[str, object]:
    return {"type": "object", "additionalProperties": False, "minProperties": 1, "properties": properties}


def _requires_closed(name: str) -> dict[str, object]:
    return {"required": [CLOSED], "properties": {CLOSED: {"type": "object", "required": [name]}}}


def _present(name: str, closables: Sequence[str]) -> dict[str, object]:
    """The schema of objects that hold a field, open or closed."""
    stands: dict[str, object] = {"required": [name]}
    return {"anyOf": [stands, _requires_closed(name)]} if name in closables else stands
