"""Kinds that speak of results and declarations. The figures are those of epd/lca/bodies.py; here stands their shape."""

from typing import Protocol

from traceability.ledger.kinds.kind import LOT, SUBJECT, Kind, one
from traceability.ledger.kinds.lots import EXCLUSIONS, FACTOR_IDS, PRICE, ROLES, STAGES, UNITS
from traceability.ledger.kinds.verification import check_successor
from traceability.ledger.shapes import (
    MASS_KG,
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
_DECLARED: Fields = {
    "declaration": Urn(),
    "title": Text(200),
    "product": Text(200),
    "declarant": Text(200),
    "country": Text(2, "[A-Z]{2}", "DE"),
    "profile": Text(120),
    "declared_unit": Object({"amount": Quantity(above_zero=True), "unit": Word(("kg",))}),
    "illustrative": Flag(),
    "factors": Digest(),
    "algorithms": _ALGORITHMS,
}
_DEVIATION = Object(
    {
        "basis": _BASIS,
        "indicator": Word(INDICATORS),
        "deviation": optional(Computed()),
        "worse_by_tenth": optional(Flag()),
    }
)
PUBLISH = Object(
    {
        **_DECLARED,
        "lot": Urn(),
        "custody_hash": Digest(),
        "result": Digest(),
        "period": optional(_PERIOD),
        "valid_until": optional(Date()),
        "reference": optional(
            Object(
                {
                    "declaration": Urn(),
                    "statement": Digest(),
                    "justification": Text(1000),
                    "deviations": optional(ListOf(_DEVIATION, most=2 * len(INDICATORS))),
                }
            )
        ),
        **_figures(_open, rows=Marking.OPEN),
    },
    extensible=True,
)


_METER = Object(
    {
        "flow": Text(200),
        "unit": Word(UNITS),
        "role": Word(ROLES),
        "factors": optional(FACTOR_IDS),
        "compartment": optional(Text(80)),
        "metered": optional(Quantity()),
        "stated": Computed(),
        "in_progress": optional(Quantity(least="-999999999999.999999999")),
        "disposals": optional(Quantity()),
        "overhead": optional(Quantity()),
    }
)
_GAP = Object(
    {
        "flow": Text(200),
        "unit": Word(UNITS),
        "share": optional(Computed()),
        "finding": optional(Word(("not_metered", "gap_too_large"))),
    }
)
_MADE = Object(
    {
        "lot": Urn(),
        "made_on": Date(),
        "made_kg": MASS_KG,
        "disposed_kg": optional(Quantity(places=3, most="100000000000")),
    }
)
_PRODUCT = Object({"material": Text(120), "stage": Word(STAGES), "kg": Quantity(), "price": optional(PRICE)})
REFERENCE = Object(
    {
        **_DECLARED,
        "facility": Urn(),
        "material": Text(120),
        "stage": Word(STAGES),
        "period": _PERIOD,
        "valid_until": Date(),
        "computed_from": _COMPUTED_FROM,
        "made_lots": Whole(1),
        "lots": ListOf(_MADE, rows=Marking.CLOSABLE, distinct_by="lot"),
        "meters": optional(ListOf(_METER, rows=Marking.CLOSABLE)),
        "gaps": optional(ListOf(_GAP)),
        "stock": closable(Object({name: Quantity() for name in ("opening_kg", "shipped_kg", "closing_kg")})),
        "stock_gap": optional(Computed()),
        "products": ListOf(_PRODUCT, rows=Marking.CLOSABLE),
        "explanation": optional(Text(1000)),
        **_figures(_open, rows=Marking.OPEN),
    },
    extensible=True,
)
"""A product of a site over twelve months. Meters, lots, stock and prices may be confidential, gaps never."""


DECLARING = ("declaration.publish", "declaration.reference")
"""The kinds that open the chain of a declaration."""

DECLARATION_KINDS = (
    Kind("lot.result", RESULT, one("lot", LOT), correctable=True, voidable=True),
    Kind("declaration.publish", PUBLISH, one("declaration", SUBJECT)),
    Kind("declaration.reference", REFERENCE, one("declaration", SUBJECT)),
    Kind("declaration.withdraw", Object({"declaration": Urn(), "reason": REASON}), one("declaration", SUBJECT)),
    Kind(
        "declaration.supersede",
        Object({"declaration": Urn(), "successor": Urn(), "reason": REASON}),
        one("declaration", SUBJECT),
        rule=check_successor,
    ),
)
