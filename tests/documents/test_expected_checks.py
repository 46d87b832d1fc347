"""The verdicts on published declarations are those that were measured on them before this code was written."""

import csv
from decimal import Decimal

import pytest

from epd.documents.checks.sums import ENERGY_SUMS, GWP_PARTS, closed, difference
from epd.documents.document import Document
from epd.documents.finding import Severity
from epd.documents.stages import PRODUCTION
from tests.documents.samples import CLEAN, REAL_XML, answers, read, sample
from tests.standards import standards_path

with standards_path("epd/samples/expected_checks.csv").open() as lines:
    EXPECTED = [row for row in csv.DictReader(lines) if row["file"] != "sample_EPD.xml"]
ROUNDING = Decimal("1e-9")
"""Below it the expected figures are those of floating point."""


def worst(document: Document, total: str, parts: tuple[str, ...]) -> tuple[Decimal, str] | None:
    sums = closed(document.of_method(""), total, parts)
    found = [(difference(first, rest), str(stage)) for stage, terms in sums for first, *rest in [list(terms.values())]]
    return max(found, key=lambda one: one[0]) if found else None


@pytest.mark.parametrize("row", EXPECTED, ids=lambda row: row["file"][:20])
def test_sums_differ_as_measured(row: dict[str, str]) -> None:
    document = read(sample(row["file"]))
    assert len(document.results) == int(row["indicators"])
    assert (document.package() == "EN 15804+A1") is (row["en15804_version"] == "A1")
    for name, total, parts in (
        ("gwp_sum", "GWP-total", GWP_PARTS),
        ("pert", *ENERGY_SUMS[0]),
        ("penrt", *ENERGY_SUMS[1]),
    ):
        expected = row[f"{name}_max_rel_diff"]
        found = worst(document, total, parts)
        if not expected:
            assert found is None
            continue
        assert found is not None
        if Decimal(expected) > ROUNDING:
            assert (f"{float(found[0]):.2e}", found[1]) == (expected, row[f"{name.removesuffix('_sum')}_worst_module"])
        else:
            assert found[0] < ROUNDING


def test_production_is_the_sum_of_its_modules_where_all_are_stated() -> None:
    found = answers(read(sample("f63ac879-fa7d-4f91-813e-e816cbdf1927.json")))["P3"]
    assert (found.word, found.count) == ("pass", 25)
    for row in EXPECTED:
        document = read(sample(row["file"]))
        whole = [one for one in document.results if {"A1-A3", *PRODUCTION} <= {stage.module for stage, _ in one.cells}]
        assert len(whole) == int(row["n_indicators_with_A1_A2_A3_and_A1A3"])


@pytest.mark.parametrize("name", CLEAN)
def test_clean_declarations_have_no_error(name: str) -> None:
    errors = [
        (rule, one.code)
        for rule, answer in answers(read(sample(name))).items()
        for one in answer.findings
        if one.severity is Severity.ERROR
    ]
    assert errors == []


def errors(name: str, rule: str) -> set[str]:
    return {
        f"{one.indicator} {one.stage}"
        for one in answers(read(sample(name)))[rule].findings
        if one.severity is Severity.ERROR
    }


def test_errors_of_published_declarations_are_found() -> None:
    plasterboard, foam, steel, parquet, shutters = REAL_XML
    assert errors(plasterboard, "P2") == {"PERT A1-A3", "PERT C1", "PENRT C1"}
    assert {one.partition(" ")[0] for one in errors(foam, "P2")} == {"PERT", "PENRT"}
    assert (errors(steel, "P1"), errors(steel, "P2")) == ({"GWP-total C3"}, set())
    assert errors(parquet, "P1") | errors(parquet, "P2") | errors(shutters, "P2") == set()
    assert len(errors("0e80e6e7-6882-47be-8bd8-5cd869a746d9.json", "P2")) == 18
    demo = "EPDv1.3_example_57a4ae65-d305-421e-b21f-a3f0c35b8abe.xml"
    assert len(errors(demo, "P1")) > 5
    assert len(errors(demo, "P2")) > 10


def test_the_sample_that_no_schema_accepts_names_its_element() -> None:
    found = answers(read(sample("sample_EPD.xml")))
    assert {one.values["written"] for one in found["S1"].findings} == {"serviceLife", "years"}
    assert [one.code for one in found["P14"].findings] == ["not_verified"]


def test_a_unit_text_that_contradicts_its_unit_group_is_said() -> None:
    found = answers(read(sample(CLEAN[0])))["S2"]
    assert [(one.code, one.severity, one.indicator) for one in found.findings] == [
        ("wrong_unit", Severity.WARNING, "EP-freshwater")
    ]
