"""Kinds that speak of results and declarations. The figures are those of epd/lca/bodies.py; here stands their shape."""

from typing import Protocol

from traceability.ledger.errors import RecordError
from traceability.ledger.kinds.kind import LOT, SUBJECT, Body, Kind, one, urn_at
from traceability.ledger.kinds.lots import EXCLUSIONS, ROLES
from traceability.ledger.shapes import (
    Computed,
    Date,
    Digest,
    Field,
    Fields,
    Flag,
    ListOf,
    Marking,
    Object,
    OneOf,
    Quantity,
    Shape,
    Text,
    Urn,
    Whole,
    Word,
    closable,
    optional,
)

REASON = Text(1000)
BASES = ("economic", "mass")
INDICATORS = (
    "gwp_ghg", "gwp_total", "gwp_fossil", "gwp_biogenic", "gwp_luluc", "odp", "ap", "ep_fw", "ep_mar", "ep_ter", "pocp",
    "adpe", "adpf", "wdp", "pm",
)  # fmt: skip
TABLE_ROWS = 100
"""Longer share tables stand as {count, root} and travel beside the statement: a disclosure has at most 16 KiB."""


class Mark(Protocol):
    """How the fields of a body are marked: closable or open."""

    def __call__(self, shape: Shape, *, required: bool) -> Field: ...


_BASIS = Word(BASES)
_NAME = Text(200)
_INDICATOR = Object(
    {
        "indicator": Word(INDICATORS),
        "a1": optional(Computed()),
        "a2": optional(Computed()),
        "a3": optional(Computed()),
        "a1_a3": optional(Computed()),
        "partial": optional(Flag()),
        "mass_covered_kg": Computed(),
        "energy_covered_mj": Computed(),
        "gap_mass": Computed(),
        "gap_energy": Computed(),
    }
)
_GWP = Object(
    {
        "primary": Computed(),
        "illustrative": Computed(),
        "second_hand": Computed(),
        "vintages": optional(ListOf(Object({"vintage": Text(40), "gwp": Computed()}), most=10)),
        "quality": optional(Object({"weight": Computed(), "te": Computed(), "ge": Computed(), "ti": Computed()})),
    }
)
_BASIS_RESULT = Object(
    {
        "basis": _BASIS,
        "mass_total_kg": Computed(),
        "energy_total_mj": Computed(),
        "gwp": _GWP,
        "indicators": optional(ListOf(_INDICATOR, most=len(INDICATORS))),
    }
)
_CAUSES = Object(
    {
        "basis": _BASIS,
        "by_cause": optional(ListOf(Object({"cause": _NAME, "gwp": Computed()}), most=40)),
        "by_country": optional(ListOf(Object({"country": Text(2, "[A-Z]{2}", "DE"), "gwp": Computed()}), most=100)),
        "sensitivities": optional(
            ListOf(Object({"factor": Text(120), "per_kg": Computed(), "gwp": Computed()}), most=20)
        ),
        "rest": optional(Computed()),
    }
)
_NOT_DECLARED = Object({"basis": _BASIS, "indicator": optional(Word(INDICATORS)), "reason": Text(60, "[a-z_]+")})
_MISSING = Object(
    {
        "flow": _NAME,
        "role": Word((*ROLES, "transport", "input")),
        "amount": Computed(),
        "unit": Text(10),
        "indicators": ListOf(Word(INDICATORS), most=len(INDICATORS)),
    }
)
_ALLOCATION = Object(
    {
        "choice": Text(60, "[a-z_]+"),
        "shares": ListOf(Object({"basis": _BASIS, "lot": Urn(), "share": Computed()}), most=1000),
    }
)
_ELSEWHERE = Object({"count": Whole(1), "root": Digest()})
_SOURCE = Text(60)  # a urn, or `unknown`


def _table(row: Object) -> OneOf:
    return OneOf((ListOf(row, most=TABLE_ROWS), _ELSEWHERE))


def _shares(mark: Mark) -> Object:
    """Shares of total rare earths and per element; which source stands behind them is always closable."""
    element = Object({"element": Text(2, "[A-Z][a-z]?"), "source": _SOURCE, "share": Computed()})
    source = Object({"source": _SOURCE, "class": Text(20, "[a-z_]+"), "country": Text(20)})
    classes = ListOf(Object({"class": Text(20, "[a-z_]+"), "share": Computed()}), most=10)
    countries = ListOf(Object({"country": Text(20), "share": Computed()}), most=300)
    return Object(
        {
            "basis": Word(("total_rare_earths",)),
            "elements": closable(_table(element), required=False),
            "totals": closable(_table(Object({"source": _SOURCE, "share": Computed()})), required=False),
            "sources": closable(_table(source), required=False),
            "classes": mark(classes, required=False),
            "countries": mark(countries, required=False),
            "recycled": mark(Object({"post_consumer": Computed(), "pre_consumer": Computed()}), required=False),
        }
    )


_COMPUTED_FROM = Object(
    {
        "statements": ListOf(Digest(), distinct=True),
        "results": optional(ListOf(Object({"lot": Urn(), "statement": Digest()}))),
        "receipts": optional(ListOf(Object({"lot": Urn(), "statement": Digest()}))),
    }
)
_ALGORITHMS = ListOf(Object({"id": Text(60, "lodestone-[a-z]+/[0-9]+"), "text": Digest()}), most=20)
_PERIOD = Object({"from": Date(), "to": Date()})


def _open(shape: Shape, *, required: bool) -> Field:
    return Field(shape, required)


def _figures(mark: Mark, *, rows: Marking) -> Fields:
    """The members that epd/lca/bodies.py writes, marked closable in a result and open in a declaration.

    Bases and missing flows are closed row by row: as one value they would nest deeper, or be longer, than a disclosure
    may.
    """
    return {
        "electricity_module": mark(Word(("a1", "a3")), required=True),
        "bases": optional(ListOf(_BASIS_RESULT, most=2, rows=rows)),
        "causes": closable(ListOf(_CAUSES, most=2), required=False),
        "not_declared": mark(ListOf(_NOT_DECLARED, most=60), required=False),
        "missing_upstream": mark(ListOf(Urn()), required=False),
        "missing": optional(ListOf(_MISSING, rows=rows)),
        "exclusions": mark(EXCLUSIONS, required=False),
        "allocation": mark(_ALLOCATION, required=False),
        "shares": optional(_shares(mark)),
        "flags": mark(ListOf(Text(80, "[a-z_]+"), most=60), required=False),
    }


RESULT = Object(
    {
        "lot": Urn(),
        "computed_from": _COMPUTED_FROM,
        "factors": Digest(),
        "algorithms": _ALGORITHMS,
        "period": closable(_PERIOD, required=False),
        **_figures(closable, rows=Marking.CLOSABLE),
    },
    extensible=True,
)
PUBLISH = Object(
    {
        "declaration": Urn(),
        "lot": Urn(),
        "custody_hash": Digest(),
        "result": Digest(),
        "title": Text(200),
        "product": Text(200),
        "declarant": Text(200),
        "country": Text(2, "[A-Z]{2}", "DE"),
        "profile": Text(120),
        "declared_unit": Object({"amount": Quantity(above_zero=True), "unit": Word(("kg",))}),
        "illustrative": Flag(),
        "factors": Digest(),
        "algorithms": _ALGORITHMS,
        "period": optional(_PERIOD),
        "valid_until": optional(Date()),
        **_figures(_open, rows=Marking.OPEN),
    },
    extensible=True,
)


class SucceedsItself(RecordError):
    """A declaration that is its own successor."""

    code = "succeeds_itself"


def _check_successor(body: Body, path: str) -> None:
    """The successor is another declaration."""
    if urn_at(body, "successor") == urn_at(body, "declaration"):
        raise SucceedsItself("Name the declaration that takes its place.", path=f"{path}/successor")


DECLARATION_KINDS = (
    Kind("lot.result", RESULT, one("lot", LOT), correctable=True, voidable=True),
    Kind("declaration.publish", PUBLISH, one("declaration", SUBJECT)),
    Kind("declaration.withdraw", Object({"declaration": Urn(), "reason": REASON}), one("declaration", SUBJECT)),
    Kind(
        "declaration.supersede",
        Object({"declaration": Urn(), "successor": Urn(), "reason": REASON}),
        one("declaration", SUBJECT),
        rule=_check_successor,
    ),
)
