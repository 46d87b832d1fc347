"""Every kind: one valid statement with every field it has, and the shape of each field, one mutation at a time."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.ledger.statements import BODIES, LOT, body_of, closed_form, payload, said, urn
from traceability.ledger import groups
from traceability.ledger.errors import RecordError
from traceability.ledger.kinds import KINDS, RESERVED, ReservedKind, UnknownKind, kind_of
from traceability.ledger.shapes import NOTHING_DISCLOSED, Field, Marking, Object, ShapeError, marking_at
from traceability.ledger.shapes.objects import ListOf, OneOf
from traceability.ledger.shapes.scalars import (
    Binary,
    Computed,
    Date,
    Digest,
    Flag,
    Later,
    Moment,
    Quantity,
    Text,
    Urn,
    UtcOffset,
    Whole,
    Word,
)
from traceability.ledger.statement import parse_statement


def test_every_kind_in_use_has_an_example() -> None:
    assert BODIES.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_is_valid_open_and_closed(kind: str) -> None:
    assert said(kind).kind == kind
    signed, disclosures = closed_form(KINDS[kind], body_of(kind))
    values = {one.digest: one.value for one in disclosures}
    parse_statement(payload(kind, signed), values)


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_has_every_field_that_the_kind_has(kind: str) -> None:
    """So that every rule of every field is tried below."""
    assert _absent(KINDS[kind].body, BODIES[kind], "") == []


def _absent(shape: object, value: Any, path: str) -> list[str]:
    if isinstance(shape, Object):
        missing = [f"{path}/{name}" for name in shape.fields if name not in value]
        inner = ((shape.field(name), value[name], f"{path}/{name}") for name in shape.fields if name in value)
        return missing + [one for field, held, at in inner if field for one in _absent(field.shape, held, at)]
    if isinstance(shape, ListOf):
        return _absent(shape.item, value[0], f"{path}/0")
    return []


def places(shape: object, value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Field]]:
    """Every field of a value with its place; of lists the first row."""
    if isinstance(shape, Object):
        for name in shape.fields:
            field = shape.field(name)
            if field is not None and name in value:
                yield (*path, name), field
                yield from places(field.shape, value[name], (*path, name))
    elif isinstance(shape, ListOf):
        yield (*path, 0), Field(shape.item)
        yield from places(shape.item, value[0], (*path, 0))


WRONG: dict[type, list[Any]] = {
    Text: [7, "", " \u3000", "x" * 2001],
    Word: [True, "", "something else"],
    Quantity: [1, "1.0", "1e3", "01", "-0", "9999999999999", "+1"],
    Computed: [1, "1.50", "1e-3", "", "-0"],
    Whole: ["1", True, -1, 2**53],
    Flag: ["true", 1],
    Urn: [1, "urn:uuid:6BA7B810-9DAD-11D1-80B4-00C04FD430C8", "urn:isbn:1"],
    Digest: ["sha256:" + "A" * 64, "sha256:" + "0" * 63, "0" * 64],
    Binary: ["AAAA", "A" * 42 + "B", "A" * 43 + "="],
    Date: ["2026-02-30", "30.06.2026", 20260630],
    Moment: ["2026-11-02", "2026-11-02T12:00:00+00:00", "2026-02-30T12:00:00Z"],
    UtcOffset: ["Z", "+2", "-00:00"],
    Later: ["", [1]],
    Object: ["", [1]],
    ListOf: ["", {"a": 1}],
    OneOf: ["nowhere", 7],
}


def put(body: dict[str, Any], place: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """The body with another value at a place."""
    changed: dict[str, Any] = json.loads(json.dumps(body))
    at: Any = changed
    for step in place[:-1]:
        at = at[step]
    at[place[-1]] = value
    return changed


CASES = [
    pytest.param(kind, place, wrong, id=f"{kind} {'/'.join(map(str, place))} {str(wrong)[:24]}")
    for kind in KINDS
    for place, field in places(KINDS[kind].body, BODIES[kind])
    for wrong in WRONG[type(field.shape)]
]


@pytest.mark.parametrize(("kind", "place", "wrong"), CASES)
def test_a_wrong_value_is_refused_at_its_place(kind: str, place: tuple[Any, ...], wrong: Any) -> None:
    with pytest.raises(RecordError) as caught:
        KINDS[kind].check(put(BODIES[kind], place, wrong), "/body", NOTHING_DISCLOSED)
    assert caught.value.sentence
    assert caught.value.path.startswith("/body/" + "/".join(map(str, place)))


REQUIRED = [
    pytest.param(kind, place, id=f"{kind} {'/'.join(map(str, place))}")
    for kind in KINDS
    for place, field in places(KINDS[kind].body, BODIES[kind])
    if field.required and place[-1] != 0
]


@pytest.mark.parametrize(("kind", "place"), REQUIRED)
def test_a_required_field_is_missed(kind: str, place: tuple[Any, ...]) -> None:
    body = json.loads(json.dumps(BODIES[kind]))
    at: Any = body
    for step in place[:-1]:
        at = at[step]
    del at[place[-1]]
    with pytest.raises(RecordError) as caught:
        KINDS[kind].check(body, "/body", NOTHING_DISCLOSED)
    assert caught.value.code == "missing_field"


@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_field_is_refused(kind: str) -> None:
    with pytest.raises(ShapeError) as caught:
        KINDS[kind].check(body_of(kind, colour="red"), "/body", NOTHING_DISCLOSED)
    assert caught.value.code == "unknown_field"


LIMITS: dict[str, tuple[str, dict[str, Any]]] = {
    "a mass of nothing": ("lot.dispose", {"mass_kg": "0"}),
    "a mass finer than a gram": ("lot.dispose", {"mass_kg": "0.0001"}),
    "a negative mass": ("lot.dispose", {"mass_kg": "-1"}),
    "a moisture above 100 %": ("lot.receive", {"moisture_pct": "100.1"}),
    "a tolerance above 0.5 %": ("lot.dispatch", {"tolerance_pct": "0.51"}),
    "a concentration above 1": ("lot.source", {"inventory": [{**BODIES["lot.source"]["inventory"][0],
                                                              "concentration": "1.1"}]}),
    "wet mass without moisture": ("lot.source", {"moisture_pct": None}),
    "moisture without wet mass": ("lot.source", {"wet_mass_kg": None}),
    "an input named twice": ("lot.transform", {"inputs": [{"lot": LOT, "mass_kg": "1"}, {"lot": LOT, "mass_kg": "2"}]}),
    "an output named twice": ("lot.transform", {"outputs": BODIES["lot.transform"]["outputs"] * 2}),
    "an output that is an input": ("lot.transform", {"inputs": [{"lot": LOT, "mass_kg": "1"}]}),
    "a declaration that succeeds itself": ("declaration.supersede", {"successor": urn("declaration")}),
    "a registration that succeeds itself": ("declaration.refuse", {"successor": urn("declaration")}),
    "a submission approved by who entered it": ("declaration.submit", {"approved_by": urn("who entered")}),
    "a point of the check list left out": (
        "declaration.verify", {"points": BODIES["declaration.verify"]["points"][1:]}),
    "a point answered twice": (
        "declaration.verify", {"points": [*BODIES["declaration.verify"]["points"][1:],
                                          {"point": "pfc", "answer": "remark"}]}),
    "a digest named twice": ("statement.attest", {"statements": BODIES["statement.attest"]["statements"][:1] * 2}),
    "a role named twice": ("organisation.register", {"roles": ["supplier", "supplier"]}),
    "a share table above 100 rows": ("lot.result", {"shares": {
        "basis": "total_rare_earths", "totals": [{"source": "unknown", "share": "0"}] * 101}}),
    "501 inputs": ("lot.transform", {"inputs": [{"lot": urn(f"in {n}"), "mass_kg": "1"} for n in range(501)]}),
    "ext with two namespaces": ("lot.hold", {"ext": {"a.example/x": {"a": 1}, "b.example/x": {"b": 1}}}),
    "ext without a domain": ("lot.hold", {"ext": {"quality": {"a": 1}}}),
    "ext that holds no object": ("lot.hold", {"ext": {"a.example/x": "A"}}),
    "ext with a long text": ("lot.hold", {"ext": {"a.example/x": {"a": "x" * 501}}}),
    "ext with something closed": ("lot.hold", {"ext": {"a.example/x": {"closed": {"a": "A" * 43}}}}),
    "ext where there is none": ("log.heads", {"ext": {"a.example/x": {"a": 1}}}),
}  # fmt: skip


@pytest.mark.parametrize("case", LIMITS)
def test_what_the_shape_does_not_allow_is_refused(case: str) -> None:
    kind, changes = LIMITS[case]
    with pytest.raises(RecordError):
        KINDS[kind].check(body_of(kind, **changes), "/body", NOTHING_DISCLOSED)


def test_what_the_shape_just_allows_is_accepted() -> None:
    allowed: tuple[tuple[str, dict[str, Any]], ...] = (
        ("lot.dispatch", {"tolerance_pct": "0.5"}),
        ("lot.dispatch", {"to": "outside"}),
        ("lot.dispatch", {"to": urn("other")}),
        ("lot.source", {"wet_mass_kg": None, "moisture_pct": None}),
        ("lot.transform", {"inputs": [{"lot": urn(f"in {n}"), "mass_kg": "1"} for n in range(500)]}),
        ("lot.hold", {"ext": {"a.example/x": {"a": "x" * 500, "deep": [{"b": 1}]}}}),
        ("lot.dispose", {"mass_kg": "0.001"}),
    )
    for kind, changes in allowed:
        KINDS[kind].check(body_of(kind, **changes), "/body", NOTHING_DISCLOSED)


def test_a_disclosed_value_is_of_its_shape_too() -> None:
    signed, disclosures = closed_form(KINDS["lot.dispose"], body_of("lot.dispose"))
    values = {one.digest: "12 kg" for one in disclosures if one.name == "mass_kg"}
    with pytest.raises(RecordError) as caught:
        KINDS["lot.dispose"].check(signed, "/body", values)
    assert (caught.value.code, caught.value.path) == ("bad_quantity", "/body/mass_kg")


def test_kinds_that_nobody_may_use_yet_have_an_error_of_their_own() -> None:
    for name in RESERVED:
        with pytest.raises(ReservedKind):
            kind_of(name)
    with pytest.raises(UnknownKind) as caught:
        kind_of("lot.paint")
    assert caught.value.code == "unknown_kind"


# Section 3: what may be confidential.

ALWAYS_OPEN = {
    "lot.source": ("lot", "material", "stage", "origin", "country", "facility", "custody_model", "inventory/0/flow",
                   "inventory/0/role"),
    "lot.transform": ("inputs/0/lot", "outputs/0/lot", "outputs/0/material", "outputs/0/stage", "outputs/0/class",
                      "custody_model", "inventory/0/flow", "inventory/0/role", "facility"),
    "lot.import": ("lot", "material", "stage", "log", "organisation", "dispatch", "custody_hash", "bundle",
                   "public_key", "facility"),
    "lot.dispatch": ("lot", "to", "tolerance_pct"),
    "lot.receive": ("lot", "dispatch", "difference", "facility"),
    "lot.reject": ("lot", "dispatch", "reason"),
    "lot.result": ("lot", "computed_from", "factors", "algorithms"),
    "account.open": ("account", "model", "method", "facility", "materials_in", "element", "characteristic",
                     "conversion_factor", "period_months"),
    "account.credit": ("account", "lot", "result", "claim"),
    "account.claim": ("account", "lot"),
    "account.expire": ("account", "credit", "reason"),
    "organisation.register": ("public_key", "recovery_public_key", "custody", "operator_recovery", "roles", "country"),
    "facility.register": ("facility", "country"),
    "facility.certificate": ("facility", "standard", "valid_from", "valid_until", "renews"),
    "statement.attest": ("attestation", "statements", "scope", "opinion"),
    "statement.void": ("voids", "reason"),
    "statement.correct": ("replaces", "newest", "reason"),
    "key.revoke": ("key", "compromised_from_index", "reason"),
    "declaration.publish": ("declaration", "lot", "custody_hash", "result", "title", "bases", "bases/0", "not_declared",
                            "missing_upstream", "missing", "exclusions", "allocation", "flags", "electricity_module",
                            "period", "shares/classes", "shares/countries", "shares/recycled",
                            "reference/declaration", "reference/deviations"),
    "declaration.reference": ("facility", "material", "stage", "period", "computed_from", "made_lots", "gaps",
                              "stock_gap", "explanation", "bases/0", "not_declared"),
}  # fmt: skip
CLOSABLE = {
    "organisation.register": ("name", "lei", "did", "domain"),
    "facility.register": ("name", "address", "latitude_deg", "longitude_deg"),
    "lot.source": ("lot_number", "mass_kg", "wet_mass_kg", "moisture_pct", "assay/rows", "assay/treo_pct", "supplier",
                   "inventory/0/amount", "inventory/0/concentration", "inventory/0/elements"),
    "lot.transform": ("inputs/0/mass_kg", "outputs/0/mass_kg", "outputs/0/lot_number", "outputs/0/assay/rows",
                      "outputs/0/price", "losses/0/mass_kg", "losses/0/elements", "wip_change/0/mass_kg",
                      "inventory/0/amount"),
    "lot.import": ("lot_number", "mass_kg", "assay/rows"),
    "lot.assay": ("assay/rows", "assay/treo_pct", "assay/laboratory", "assay/report"),
    "lot.dispatch": ("mass_kg", "reference"),
    "lot.receive": ("weighed_mass_kg", "legs", "packaging_kg", "moisture_pct"),
    "lot.settle": ("mass_kg",),
    "lot.adjust": ("change_kg",),
    "lot.dispose": ("mass_kg",),
    "lot.result": ("electricity_module", "bases/0", "causes", "not_declared", "missing_upstream",
                   "missing/0", "exclusions", "allocation", "flags", "period",
                   "shares/elements", "shares/totals", "shares/sources",
                   "shares/classes", "shares/countries", "shares/recycled"),
    "declaration.publish": ("causes", "shares/elements", "shares/totals", "shares/sources"),
    "declaration.reference": ("causes", "lots/0", "meters/0", "stock", "products/0"),
}  # fmt: skip
CHOICE = {"lot.source": ("inventory/0",), "lot.transform": ("inventory/0", "losses/0", "wip_change/0"),
          "facility.certificate": ("certifier", "number", "scope")}  # fmt: skip


@pytest.mark.parametrize(
    ("marking", "kind", "place"),
    [
        (marking, kind, place)
        for marking, table in ((Marking.OPEN, ALWAYS_OPEN), (Marking.CLOSABLE, CLOSABLE), (Marking.CHOICE, CHOICE))
        for kind, found in table.items()
        for place in found
    ],
)
def test_fields_are_marked_as_the_format_says(marking: Marking, kind: str, place: str) -> None:
    assert marking_at(KINDS[kind].body, f"/{place}") is marking


def test_an_open_field_is_not_closed() -> None:
    body = body_of("lot.dispatch", to=None, closed={"to": "A" * 43})
    with pytest.raises(ShapeError) as caught:
        KINDS["lot.dispatch"].check(body, "/body", NOTHING_DISCLOSED)
    assert caught.value.code == "not_closable"


def test_a_field_is_not_open_and_closed() -> None:
    body = body_of("lot.dispose", closed={"mass_kg": "A" * 43})
    with pytest.raises(ShapeError) as caught:
        KINDS["lot.dispose"].check(body, "/body", NOTHING_DISCLOSED)
    assert caught.value.code == "open_and_closed"


def test_nothing_is_closed_that_the_kind_does_not_have() -> None:
    with pytest.raises(ShapeError) as caught:
        KINDS["lot.dispose"].check(body_of("lot.dispose", closed={"colour": "A" * 43}), "/body", NOTHING_DISCLOSED)
    assert caught.value.code == "unknown_field"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"closed_row": "A" * 43, "flow": "acid"}, "open_and_closed"),
        ({"closed_row": "A" * 42 + "B"}, "bad_base64"),
        ({"closed_row": 7}, "wrong_type"),
    ],
)
def test_a_closed_row_is_one_digest(row: dict[str, Any], code: str) -> None:
    with pytest.raises(RecordError) as caught:
        KINDS["lot.source"].check(body_of("lot.source", inventory=[row]), "/body", NOTHING_DISCLOSED)
    assert caught.value.code == code


def test_rows_of_chains_and_shares_are_open() -> None:
    body = body_of("lot.transform", inputs=[{"closed_row": "A" * 43}])
    with pytest.raises(ShapeError) as caught:
        KINDS["lot.transform"].check(body, "/body", NOTHING_DISCLOSED)
    assert caught.value.code == "not_closable"


GROUPS = {
    ("lot.source", "/body/lot_number"): groups.NAMES,
    ("lot.source", "/body/mass_kg"): groups.MASS,
    ("lot.source", "/body/assay/rows"): groups.ASSAY,
    ("lot.source", "/body/inventory/0"): groups.INVENTORY,
    ("lot.source", "/body/inventory/0/elements"): groups.INVENTORY,
    ("lot.source", "/evidence/0"): groups.EVIDENCE,
    ("lot.transform", "/body/inputs/0/mass_kg"): groups.MASS,
    ("lot.transform", "/body/losses/0/mass_kg"): groups.INVENTORY,
    ("lot.transform", "/body/wip_change/0/mass_kg"): groups.INVENTORY,
    ("lot.transform", "/body/outputs/0/price"): groups.PRICES,
    ("lot.receive", "/body/legs"): groups.INVENTORY,
    ("lot.adjust", "/body/change_kg"): groups.MASS,
    ("lot.result", "/body/bases/0"): groups.RESULT,
    ("lot.result", "/body/causes"): groups.CAUSES,
    ("declaration.publish", "/body/shares/sources"): groups.CAUSES,
    ("declaration.reference", "/body/lots/3"): groups.MASS,
    ("declaration.reference", "/body/stock"): groups.MASS,
    ("declaration.reference", "/body/meters/0"): groups.INVENTORY,
    ("declaration.reference", "/body/products/0"): groups.PRICES,
    ("declaration.reference", "/body/causes"): groups.CAUSES,
    ("statement.correct", "/body/as/body/mass_kg"): groups.MASS,
    ("statement.correct", "/body/as/evidence/0"): groups.EVIDENCE,
    ("organisation.register", "/body/lei"): groups.NAMES,
}


@pytest.mark.parametrize(("kind", "place"), GROUPS)
def test_each_confidential_place_is_in_one_group(kind: str, place: str) -> None:
    assert groups.group_of(kind, place) == GROUPS[kind, place]
