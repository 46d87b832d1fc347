"""Kinds by which a declaration is submitted, verified or refused, and registered (record-format.md section 2)."""

from typing import Final

from traceability.ledger.errors import RecordError
from traceability.ledger.kinds.kind import SUBJECT, Body, Kind, one, rows_at, urn_at
from traceability.ledger.shapes import Date, Digest, ListOf, Object, Text, Urn, Word, optional

SUBMIT: Final = "declaration.submit"
VERIFY: Final = "declaration.verify"
REFUSE: Final = "declaration.refuse"
REGISTER: Final = "declaration.register"
VERIFICATION: Final = "verification"
REGISTRATION: Final = "registration"
POINTS: Final = (
    "neutralisation", "calcination", "pfc", "swarf", "prices", "energy", "residues", "electricity", "exclusions",
    "production",
)  # fmt: skip
"""What a verifier answers, each once: the check list of declarations of rare earths."""
ANSWERS: Final = ("conforms", "remark", "not_applicable")
SCOPES: Final = ("declaration", "process", "tool")
LEVELS: Final = ("limited", "reasonable")
_REASON = Text(1000)
_NAME = Text(200)


class SamePerson(RecordError):
    """One person in two of the roles that different people have."""

    code = "same_person"


class PointsIncomplete(RecordError):
    """A check list that leaves a point out, or answers one twice."""

    code = "points_incomplete"


class SucceedsItself(RecordError):
    """A declaration that is its own successor."""

    code = "succeeds_itself"


def check_successor(body: Body, path: str) -> None:
    """The successor is another declaration."""
    if "successor" in body and urn_at(body, "successor") == urn_at(body, "declaration"):
        raise SucceedsItself("Name the declaration that takes its place.", path=f"{path}/successor")


def _check_people(body: Body, path: str) -> None:
    """Who approves is another person than who entered it."""
    if urn_at(body, "entered_by") == urn_at(body, "approved_by"):
        raise SamePerson("Who approves is another person than who entered it.", path=f"{path}/approved_by")


def _check_points(body: Body, path: str) -> None:
    """Each point of the check list stands once."""
    if sorted(str(row["point"]) for row in rows_at(body, "points")) != sorted(POINTS):
        raise PointsIncomplete("Answer each point of the check list once.", path=f"{path}/points")


_POINT = Object({"point": Word(POINTS), "answer": Word(ANSWERS), "note": optional(Text(500))})
_PCR = Object({"name": _NAME, "number": optional(Text(60)), "valid_until": optional(Date())})

VERIFICATION_KINDS = (
    Kind(
        SUBMIT,
        Object(
            {
                "declaration": Urn(),
                "to": Urn(),
                "asks": Word((VERIFICATION, REGISTRATION)),
                "entered_by": Urn(),
                "approved_by": Urn(),
            },
            extensible=True,
        ),
        one("declaration", SUBJECT),
        rule=_check_people,
    ),
    Kind(
        VERIFY,
        Object(
            {
                "declaration": Urn(),
                "publication": Digest(),
                "verified_by": Urn(),
                "scope": Word(SCOPES),
                "level": Word(LEVELS),
                "standards": ListOf(Text(120), most=10, distinct=True),
                "valid_until": Date(),
                "accreditation": optional(_NAME),
                "points": ListOf(_POINT, most=len(POINTS)),
                "sampled": optional(ListOf(Digest(), distinct=True)),
                "note": optional(_REASON),
            },
            extensible=True,
        ),
        one("declaration", SUBJECT),
        rule=_check_points,
    ),
    Kind(
        REFUSE,
        Object({"declaration": Urn(), "reason": _REASON, "successor": optional(Urn())}),
        one("declaration", SUBJECT),
        rule=check_successor,
    ),
    Kind(
        REGISTER,
        Object(
            {
                "declaration": Urn(),
                "verification": Digest(),
                "registered_by": Urn(),
                "programme": _NAME,
                "number": Text(60),
                "pcr": _PCR,
                "published": Date(),
                "valid_until": Date(),
            },
            extensible=True,
        ),
        one("declaration", SUBJECT),
    ),
)
