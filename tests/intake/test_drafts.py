"""Drafts: what people type becomes the opened body, or every mistake at its place."""

import copy
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.material import demo
from traceability.intake.drafts import BODIES, NoForm, read_draft, read_occurrence
from traceability.intake.numbers import NumberStyle
from traceability.material.composition import parse_lot

POINT, COMMA = NumberStyle.POINT, NumberStyle.COMMA
NOW = datetime(2026, 12, 1, 6, tzinfo=UTC)
THIN = "\u202f"
DIGEST = "sha256:" + "0" * 64


def urn(number: int) -> str:
    return f"urn:uuid:01930000-0000-7000-8000-{number:012d}"


TYPED: dict[str, dict[str, Any]] = {
    "lot.source": {
        "lot": urn(1),
        "material": "bastnaesite concentrate",
        "stage": "concentrate",
        "lot_number": "C-17",
        "mass_kg": "",
        "wet_mass_kg": "129,966",
        "wet_mass_kg_unit": "t",
        "moisture_pct": "6 %",
        "assay": {
            "basis": "treo",
            "treo_pct": "36,9",
            "rows": [{"species": "La2O3", "content_pct": "25,5"}, {"species": "", "content_pct": ""}],
        },
        "origin": "mined",
        "country": "australia",
        "inventory": [{"flow": "diesel", "role": "fuel", "amount": "300", "unit": "GJ", "basis": "metered"}],
    },
    "lot.transform": {
        "inputs": [{"lot": urn(2), "mass_kg": "4.000,000"}, {"lot": "", "mass_kg": ""}],
        "outputs": [
            {"lot": "", "mass_kg": "", "mass_kg_unit": "kg"},
            {
                "lot": urn(3),
                "material": "strip-cast alloy",
                "stage": "alloy",
                "mass_kg": "12 878,168",
                "class": "product",
                "assay": {
                    "basis": "dry_mass",
                    "rows": [{"species": "Nd", "content_pct": "23,112", "sdev_rel_pct": "0,1"}],
                },
                "price": {
                    "value_per_kg": "90",
                    "currency": "usd",
                    "period": "2026-06",
                    "date": "30.06.2026",
                    "source": "illustrative",
                },
            },
        ],
        "losses": [{"kind": "melt loss", "mass_kg": "196,114", "elements": [{"species": "Nd", "content_pct": "23"}]}],
        "wip_change": [{"species": "Nd", "mass_kg": "-1,5"}],
        "inventory": [
            {
                "flow": "sulfuric acid",
                "role": "ancillary",
                "amount": "90 t",
                "concentration": "96 %",
                "factors": "acid.h2so4, acid.transport",
                "basis": "apportioned",
                "apportionment": {"key": "mass", "period": "2026-06"},
            }
        ],
        "exclusions": [{"flow": "capital goods", "reason": "below 1 %"}],
    },
    "lot.import": {
        "lot": urn(1),
        "material": "didymium oxide",
        "stage": "oxide",
        "lot_number": "FROM-1",
        "mass_kg": "10",
        "assay": {"basis": "dry_mass", "rows": [{"species": "Nd", "content_pct": "84,8"}]},
        "log": "log.example/there",
        "organisation": urn(9),
        "dispatch": DIGEST,
        "custody_hash": DIGEST,
        "bundle": DIGEST,
        "public_key": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    },
    "lot.assay": {"lot": urn(1), "assay": {"basis": "dry_mass", "rows": [{"species": "Dy", "content_pct": "0,5"}]}},
    "lot.dispatch": {"lot": urn(1), "to": urn(9), "mass_kg": "122 168,022", "tolerance_pct": ""},
    "lot.dispatch_cancel": {"lot": urn(1), "reason": "Wrong lot."},
    "lot.receive": {
        "lot": urn(1),
        "dispatch": DIGEST,
        "dispatched_mass_kg": "122168,022",
        "tolerance_pct": "0,05",
        "weighed_wet_mass_kg": "129 946,809",
        "moisture_pct": "6",
        "legs": [{"mode": "sea", "distance_km": "4.300", "factors": ["transport.sea"]}],
        "packaging_kg": "0",
    },
    "lot.reject": {"lot": urn(1), "dispatch": DIGEST, "reason": "Seal broken."},
    "lot.settle": {"lot": urn(1), "mass_kg": "122 000"},
    "lot.adjust": {"lot": urn(1), "change_kg": "−2,5", "reason": "Stock-take."},
    "lot.dispose": {"lot": urn(1), "mass_kg": "500 g", "route": "landfill"},
    "lot.hold": {"lot": urn(1), "reason": "Assay in doubt."},
    "lot.release": {"lot": urn(1), "reason": ""},
    "lot.recall": {"lot": urn(1), "reason": "Wrong feed."},
    "facility.register": {
        "facility": urn(8),
        "country": "EE",
        "name": "Paldiski works",
        "address": "Rae 1\nPaldiski",
        "latitude_deg": "59,35",
        "longitude_deg": "-24,05",
        "processes": "melt, cast",
    },
    "facility.certificate": {
        "facility": urn(8),
        "standard": "ISO 14001:2015",
        "certifier": "Example Cert GmbH",
        "number": "EC-104 221",
        "scope": "Electrolysis\nand casting",
        "valid_from": "2025-03-01",
        "valid_until": "2028-02-29",
        "renews": "",
    },
    "account.open": {
        "account": urn(7),
        "name": "Recycled neodymium",
        "model": "mass_balance",
        "method": "credit",
        "facility": urn(8),
        "materials_in": ["NdFeB scrap"],
        "materials_out": ["NdPr metal"],
        "element": "Nd",
        "characteristic": {"source": "post_consumer", "country": "DE"},
        "conversion_factor": "0,95",
        "period_months": "3",
    },
    "account.credit": {
        "account": urn(7),
        "lot": urn(1),
        "result": DIGEST,
        "content_kg": "1 250,5",
        "share": "0,4",
        "amount_kg": "475,19",
    },
    "account.claim": {"account": urn(7), "lot": urn(2), "content_kg": "300", "amount_kg": "300", "claimant": ""},
    "account.expire": {"account": urn(7), "credit": DIGEST, "amount_kg": "175,19", "reason": "End of the period."},
}


def changed(raw: Mapping[str, Any], path: str, value: object) -> dict[str, Any]:
    found: Any = copy.deepcopy(dict(raw))
    place = found
    *parents, last = [int(step) if step.isdecimal() else step for step in path.strip("/").split("/")]
    for step in parents:
        place = place[step]
    place[last] = value
    return found  # type: ignore[no-any-return]


def test_there_is_a_draft_of_every_kind_that_people_type():
    assert set(TYPED) == set(BODIES)


@pytest.mark.parametrize("kind", TYPED)
def test_a_good_draft_becomes_a_body(kind):
    reading = read_draft(kind, TYPED[kind], COMMA)
    assert reading.errors == ()
    assert reading.body == reading.partial


@pytest.mark.parametrize("kind", TYPED)
def test_a_body_is_a_draft_of_itself_so_that_the_api_needs_no_rules_of_its_own(kind):
    body = read_draft(kind, TYPED[kind], COMMA).body
    assert body is not None
    again = read_draft(kind, body, POINT)
    assert again.errors == ()
    assert again.body == body


def test_source_as_it_is_understood():
    reading = read_draft("lot.source", TYPED["lot.source"], COMMA)
    assert reading.body == {
        "lot": urn(1),
        "material": "bastnaesite concentrate",
        "stage": "concentrate",
        "lot_number": "C-17",
        "wet_mass_kg": "129966",
        "moisture_pct": "6",
        "mass_kg": "122168.04",
        "assay": {"basis": "treo", "treo_pct": "36.9", "rows": [{"species": "La2O3", "content_pct": "25.5"}]},
        "origin": "mined",
        "country": "AU",
        "inventory": [{"flow": "diesel", "role": "fuel", "amount": "300000", "unit": "MJ", "basis": "metered"}],
    }
    assert reading.understood == {
        "/wet_mass_kg": f"129,966{THIN}t = 129{THIN}966{THIN}kg",
        "/moisture_pct": f"6{THIN}%",
        "/mass_kg": f"122{THIN}168,04{THIN}kg dry",
        "/assay/treo_pct": f"36,9{THIN}%",
        "/assay/rows/0/content_pct": f"25,5{THIN}%",
        "/country": "Australia (AU)",
        "/inventory/0/amount": f"300{THIN}GJ = 300{THIN}000{THIN}MJ",
    }


def test_transform_as_it_is_understood():
    reading = read_draft("lot.transform", TYPED["lot.transform"], COMMA)
    assert reading.body is not None
    assert reading.body["inputs"] == [{"lot": urn(2), "mass_kg": "4000"}]
    assert reading.body["wip_change"] == [{"species": "Nd", "mass_kg": "-1.5"}]
    row: Any = next(iter(reading.body["inventory"]))  # type: ignore[call-overload]
    assert (row["amount"], row["unit"], row["concentration"]) == ("90000", "kg", "0.96")
    assert row["factors"] == ["acid.h2so4", "acid.transport"]
    assert reading.understood["/outputs/1/mass_kg"] == f"12{THIN}878,168{THIN}kg"


def test_difference_follows_from_the_masses_of_the_dispatch():
    raw = TYPED["lot.receive"]
    body = read_draft("lot.receive", raw, COMMA).body or {}
    assert (body["weighed_mass_kg"], body["difference"]) == ("122150", "within")
    assert read_draft("lot.receive", raw, COMMA).understood["/difference"] == f"within the tolerance of 0,05{THIN}%"
    lighter = changed(raw, "weighed_wet_mass_kg", "129 800")
    assert (read_draft("lot.receive", lighter, COMMA).body or {})["difference"] == "beyond"


def test_a_dispatch_to_another_log_or_out_of_the_record():
    elsewhere = {"origin": "log.example/2026", "organisation": urn(7)}
    for to in (elsewhere, "outside"):
        body = read_draft("lot.dispatch", TYPED["lot.dispatch"] | {"to": to}, COMMA).body or {}
        assert body["to"] == to
        assert body["tolerance_pct"] == "0.05"


def test_fields_of_another_namespace_pass_through():
    extension = {"example.org/quality": {"grade": "A"}}
    reading = read_draft("lot.hold", TYPED["lot.hold"] | {"ext": extension}, COMMA)
    assert reading.body is not None
    assert reading.body["ext"] == extension


@pytest.mark.parametrize(
    ("kind", "path", "value", "code"),
    [
        ("lot.dispatch", "/mass_kg", "", "missing"),
        ("lot.dispatch", "/mass_kg", "a lot", "not_a_number"),
        ("lot.dispatch", "/mass_kg", "-5", "out_of_bounds"),
        ("lot.dispatch", "/mass_kg", "0", "out_of_bounds"),
        ("lot.dispatch", "/mass_kg", "1000000001", "out_of_bounds"),
        ("lot.dispatch", "/mass_kg", "1000001 t", "out_of_bounds"),
        ("lot.dispatch", "/mass_kg", "1,0001", "too_fine"),
        ("lot.dispatch", "/mass_kg", "0,4 g", "too_fine"),
        ("lot.dispatch", "/mass_kg", "3 ton", "unknown_unit"),
        ("lot.dispatch", "/mass_kg", 5, "not_text"),
        ("lot.dispatch", "/tolerance_pct", "0,6", "out_of_bounds"),
        ("lot.dispatch", "/to", "Nordwind", "not_a_urn"),
        ("lot.dispatch", "/lot", "", "missing"),
        ("lot.dispatch", "/reference", "x" * 121, "bad_text"),
        ("lot.dispatch", "/reference", "a\u200bb", "bad_text"),
        ("lot.dispatch", "/weight", "5", "unknown_field"),
        ("lot.source", "/moisture_pct", "101", "out_of_bounds"),
        ("lot.source", "/moisture_pct", "", "missing"),
        ("lot.source", "/moisture_pct", "100", "out_of_bounds"),
        ("lot.source", "/wet_mass_kg", "", "missing"),
        ("lot.source", "/mass_kg", "122168,022", "dry_mass_mismatch"),
        ("lot.source", "/stage", "dust", "unknown_choice"),
        ("lot.source", "/country", "Ruritania", "unknown_country"),
        ("lot.source", "/assay/treo_pct", "101", "out_of_bounds"),
        ("lot.source", "/assay/treo_pct", "", "treo_missing"),
        ("lot.source", "/assay/rows/0/content_pct", "100,5", "out_of_bounds"),
        ("lot.source", "/assay/rows/0/species", "LaO", "unknown_species"),
        ("lot.source", "/assay/rows/0/species", "La", "treo_needs_oxides"),
        ("lot.source", "/assay/rows", "La 25", "not_text"),
        ("lot.source", "/assay", "25 % La", "not_text"),
        ("lot.source", "/inventory/0/unit", "kWp", "unknown_unit"),
        ("lot.source", "/inventory/0/unit", "", "missing"),
        ("lot.source", "/inventory/0/amount", "-1", "out_of_bounds"),
        ("lot.source", "/inventory/0/amount", "0,0000000000001", "too_fine"),
        ("lot.transform", "/inputs", [], "missing"),
        ("lot.transform", "/inputs/0", "all of it", "not_text"),
        ("lot.transform", "/outputs/1/class", "", "missing"),
        ("lot.transform", "/outputs/1/assay/rows/0/content_pct", "101", "out_of_bounds"),
        ("lot.transform", "/outputs/1/price/date", "30/06/2026", "not_a_day"),
        ("lot.transform", "/outputs/1/price/currency", "U$D", "wrong_type"),
        ("lot.transform", "/inventory/0/concentration", "96", "out_of_bounds"),
        ("lot.transform", "/inventory/0/factors", "Acid!", "wrong_type"),
        ("lot.transform", "/inventory/0/factors", ["\u200b"], "bad_text"),
        ("lot.transform", "/inventory/0/factors", {"a": "b"}, "not_text"),
        ("lot.receive", "/dispatch", "yesterday", "wrong_type"),
        ("lot.receive", "/difference", "beyond", "difference_misstated"),
        ("lot.receive", "/moisture_pct", "", "missing"),
        ("lot.receive", "/weighed_mass_kg", "5", "dry_mass_mismatch"),
        ("lot.receive", "/legs/0/distance_km", "100001", "out_of_bounds"),
        ("lot.adjust", "/change_kg", "0", "out_of_bounds"),
        ("facility.register", "/latitude_deg", "91", "out_of_bounds"),
        ("facility.certificate", "/valid_until", "", "missing"),
        ("facility.certificate", "/valid_until", "2026-13-01", "not_a_day"),
        ("facility.certificate", "/valid_until", "2025-02-28", "ends_before_it_begins"),
        ("facility.certificate", "/renews", "the last one", "wrong_type"),
    ],
)
def test_a_mistake_stands_at_its_place(kind, path, value, code):
    reading = read_draft(kind, changed(TYPED[kind], path, value), COMMA)
    assert reading.body is None
    assert code in [mistake.code for mistake in reading.errors]
    mistake = next(mistake for mistake in reading.errors if mistake.code == code)
    assert mistake.path == path or mistake.path.startswith(f"{path}/")
    assert mistake.sentence.endswith(".")


def test_every_mistake_is_found_at_once():
    raw = {"lot": "", "to": urn(9), "mass_kg": "-1", "tolerance_pct": "9"}
    reading = read_draft("lot.dispatch", raw, COMMA)
    assert {mistake.path for mistake in reading.errors} == {"/lot", "/mass_kg", "/tolerance_pct"}
    assert reading.partial == {"to": urn(9), "tolerance_pct": "0.05"}


def test_a_mistake_behind_blank_rows_keeps_the_number_of_its_row():
    rows = [{"species": ""}, {"species": "Nd", "content_pct": "60"}, {"species": "Nd2O3", "content_pct": "10"}]
    raw = changed(TYPED["lot.transform"], "/outputs/1/assay/rows", rows)
    (mistake,) = read_draft("lot.transform", raw, COMMA).errors
    assert (mistake.path, mistake.code) == ("/outputs/1/assay/rows/2/species", "element_twice")


def test_pounds_are_rounded_to_the_gram_and_both_are_shown():
    reading = read_draft("lot.dispatch", TYPED["lot.dispatch"] | {"mass_kg": "28 lb"}, COMMA)
    assert (reading.body or {})["mass_kg"] == "12.701"
    assert reading.understood["/mass_kg"] == f"28{THIN}lb = 12,701{THIN}kg"


def test_a_kind_that_nobody_types_has_no_draft():
    with pytest.raises(NoForm):
        read_draft("log.heads", {}, POINT)


def test_the_lots_of_the_demonstration_chain_can_be_typed():
    for lot in demo.lots().values():
        raw = demo.lot_fields(lot) | {"origin": "mined", "country": lot.country}
        body = read_draft("lot.source", raw, POINT).body
        assert body is not None
        assert parse_lot(body) == parse_lot(raw)


def test_when_it_happened():
    raw = {
        "occurred_from": "2026-11-16 06:10",
        "occurred_to": "16.11.2026 15:40",
        "utc_offset": "+02:00",
        "process": [{"step": "melt", "country": "ee"}, {"step": "", "country": ""}],
    }
    reading = read_occurrence(raw, COMMA, now=NOW)
    assert reading.body == {
        "occurred_from": "2026-11-16T04:10:00Z",
        "occurred_to": "2026-11-16T13:40:00Z",
        "utc_offset": "+02:00",
        "process": [{"step": "melt", "country": "EE"}],
    }
    assert reading.understood["/occurred_to"] == "2026-11-16 13:40:00 UTC"
    short = read_occurrence({"occurred_from": "2026-11-16 06:10", "utc_offset": "+02:00"}, COMMA, now=NOW).body or {}
    assert short["occurred_to"] == short["occurred_from"]


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("/occurred_from", "", "missing"),
        ("/occurred_from", "yesterday", "not_a_moment"),
        ("/occurred_to", "2026-11-16 06:09", "out_of_bounds"),
        ("/occurred_from", "2026-12-01 08:11", "out_of_bounds"),
        ("/occurred_to", "2026-12-01 08:11", "out_of_bounds"),
        ("/utc_offset", "", "missing"),
        ("/utc_offset", "CET", "bad_utc_offset"),
    ],
)
def test_a_wrong_time_is_refused_at_its_place(path, value, code):
    raw = {"occurred_from": "2026-11-16 06:10", "occurred_to": "", "utc_offset": "+02:00"}
    errors = read_occurrence(changed(raw, path, value), COMMA, now=NOW).errors
    assert [(mistake.path, mistake.code) for mistake in errors] == [(path, code)]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.data())
def test_no_draft_breaks_the_reader(data):
    kind = data.draw(st.sampled_from(sorted(TYPED)))
    raw = copy.deepcopy(TYPED[kind])
    raw[data.draw(st.sampled_from(sorted(raw)))] = data.draw(anything)
    reading = read_draft(kind, raw, data.draw(st.sampled_from(list(NumberStyle))))
    assert (reading.body is None) == bool(reading.errors)


@pytest.mark.parametrize("months", ["0", "13", "3,5", "-1", "0000000000012", True, 13, -1, 2.0, ["3"]])
def test_a_count_is_a_whole_number_within_its_bounds(months):
    reading = read_draft("account.open", changed(TYPED["account.open"], "/period_months", months), COMMA)
    assert [(one.path, one.code) for one in reading.errors] == [("/period_months", "out_of_bounds")]
