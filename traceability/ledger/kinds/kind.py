"""What a kind of statement is: the shape of its body, the subjects that it advances, who may correct it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from traceability.ledger.shapes import Disclosed, Object

Body = Mapping[str, object]
Subjects = Callable[[Body], Mapping[str, tuple[str, ...]]]
"""The subjects that a body names, each with the roles that its chain may have."""

Rule = Callable[[Body, str], None]

LOT = ("lot",)
SUBJECT = ("subject",)
OUTPUT = ("output",)
DRAW = ("input", "input_rest")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of statement.

    `subjects` is None where only the chains tell (corrections, voids, organisations); `rule` is what fields demand of
    each other beyond their shapes.
    """

    name: str
    body: Object
    subjects: Subjects | None
    correctable: bool = False
    voidable: bool = False
    process: bool = False  # may carry `process`
    cosigned: bool = False  # may have a second signer
    rule: Rule | None = None

    def check(self, body: object, path: str, disclosed: Disclosed) -> None:
        """Raises a RecordError when this is no body of the kind, in its signed form."""
        self.body.check(body, path, disclosed)
        if self.rule is not None and isinstance(body, dict):
            self.rule(body, path)


def urn_at(body: Body, name: str) -> str:
    """The urn in a field that the shape guarantees; "" where a body that was not checked yet has none."""
    found = body.get(name)
    return found if isinstance(found, str) else ""


def rows_at(body: Body, name: str) -> list[Body]:
    """The open rows of a list, as objects; closed rows and absent lists give none."""
    found = body.get(name)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def one(field: str, roles: tuple[str, ...]) -> Subjects:
    """Subjects of a body that names its one subject in `field`."""

    def subjects(body: Body) -> Mapping[str, tuple[str, ...]]:
        return {urn_at(body, field): roles}

    return subjects


def corrected_body(body: Body) -> Body:
    """The body that a statement.correct claims instead, in the form in which its own `body` is given."""
    claim = body.get("as")
    inner = claim.get("body") if isinstance(claim, dict) else None
    return inner if isinstance(inner, dict) else {}
