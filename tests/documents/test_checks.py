"""Each rule: one valid document, and one change for each finding."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from epd.documents.checking import figure
from epd.documents.document import Document
from epd.documents.finding import Severity
from tests.documents.samples import CLEAN, REAL_XML, answers, changed, openepd, read, sample

VALID = openepd()
GWP = "impacts/EF 3.1"


def codes(document: Document, rule: str, *others: Document) -> list[str]:
    return [f"{one.severity} {one.code}" for one in answers(document, *others)[rule].findings]


def test_nothing_is_wrong_with_the_valid_document() -> None:
    found = answers(read(json.dumps(VALID).encode()))
    assert {id_: one.findings for id_, one in found.items() if one.findings} == {}
    assert {one.word for one in found.values()} == {"pass", "nothing to check"}
    counts = {id_: one.count for id_, one in found.items() if one.count}
    assert counts == {"S1": 1, "S2": 37, "S3": 37, "S4": 148, "P1": 4, "P2": 8, "P4": 1, "P5": 101, "P7": 1, "P8": 3,
                      "P9": 4, "P10": 1, "P12": 1, "P14": 1}  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "path", "value", "finding"),
    [
        ("S1", "doctype", "openIndustryEpd", "error wrong_doctype"),
        ("S1", "valid_until", "soon", "error unreadable_date"),
        ("S1", f"{GWP}/gwp/C3/unit", "kgCO2", "error mixed_units"),
        ("S2", "resource_uses/fw/A1A2A3/unit", "m2", "error wrong_unit"),
        ("S3", f"{GWP}/gwp-luluc", None, "error indicators_missing"),
        ("S3", f"{GWP}/PM", None, "warning full_list_incomplete"),
        ("S4", f"{GWP}/odp/C3", None, "error modules_differ"),
        ("S4", f"{GWP}/odp/C9", {"mean": 1, "unit": "kgCFC11e"}, "error unknown_module"),
        ("P1", f"{GWP}/gwp/C3/mean", 3.03, "warning gwp_sum"),
        ("P1", f"{GWP}/gwp/C3/mean", 3.07, "error gwp_sum"),
        ("P2", "resource_uses/pert/D/mean", -25, "error energy_sum"),
        ("P4", f"{GWP}/ADP-fossil/A1A2A3/mean", 110, "warning fossil_energy_differs"),
        ("P5", "output_flows/hwd/C3/mean", -1, "warning negative"),
        ("P7", "kg_per_declared_unit", {"qty": 1000, "unit": "bananas"}, ""),
        ("P7", "declared_unit", {"qty": 1, "unit": "m2"}, ""),
        ("P7", "declared_unit", {"qty": 0, "unit": "kg"}, "error no_declared_unit"),
        ("P7", "declared_unit", None, "error no_declared_unit"),
        ("P8", "date_of_issue", None, "warning no_publication_date"),
        ("P8", "date_of_issue", "2026-11-22T00:00:00Z", "error published_later"),
        ("P8", "valid_until", None, "warning no_expiry"),
        ("P8", "valid_until", "2025-02-28T00:00:00Z", "error expires_before_issue"),
        ("P8", "valid_until", "2030-03-02T00:00:00Z", "error valid_too_long"),
        ("P8", "valid_until", "2026-11-20T00:00:00Z", "warning expired"),
        ("P8", "pcr", None, "warning no_category_rules"),
        ("P8", "pcr/valid_until", "2024-01-01T00:00:00Z", "error rules_expired"),
        ("P8", "pcr/valid_until", "2026-01-01T00:00:00Z", "warning rules_status"),
        ("P10", f"{GWP}/gwp-fossil/A1A2A3/mean", 29000, "warning carbon_per_energy"),
        ("P12", "id", None, "warning no_identifier"),
        ("P13", "includes", [{"link": "a", "gwp_fraction": 0.7}, {"link": "b", "gwp_fraction": 0.6}],
         "error upstream_over_one"),
        ("P14", "third_party_verifier", None, "warning not_verified"),
        ("P14", "third_party_verifier", {"name": "M", "web_domain": "maker.example"}, "error verifier_not_independent"),
        ("P14", "third_party_verifier", {"name": "author"}, "error verifier_not_independent"),
        ("P16", "ec3", {"batch_specific": True}, "warning short_period"),
    ],
)  # fmt: skip
def test_one_change_is_one_finding(rule: str, path: str, value: Any, finding: str) -> None:
    found = codes(changed(path, value), rule)
    assert found[0].startswith(finding) if finding else found == []


def test_a_declared_unit_that_is_no_mass_needs_one() -> None:
    content = {**openepd(), "declared_unit": {"qty": 1, "unit": "m2"}}
    del content["kg_per_declared_unit"]
    assert codes(read(json.dumps(content).encode()), "P7") == ["error no_mass"]


def test_a_reason_is_enough_for_a_short_period() -> None:
    content = {**openepd(), "ec3": {"batch_specific": True}, "lca_discussion": "One run; a year differs by 4 %."}
    assert answers(read(json.dumps(content).encode()))["P16"].word == "pass"


def test_production_must_be_the_sum_of_its_modules() -> None:
    content = openepd()
    for scopes in (*content["impacts"]["EF 3.1"].values(), *content["resource_uses"].values(),
                   *content["output_flows"].values()):  # fmt: skip
        whole = scopes["A1A2A3"]
        scopes |= {
            name: {**whole, "mean": whole["mean"] * share} for name, share in (("A1", 0.5), ("A2", 0.2), ("A3", 0.3))
        }
    assert answers(read(json.dumps(content).encode()))["P3"].word == "pass"
    content["impacts"]["EF 3.1"]["pocp"]["A2"]["mean"] = 0.9
    assert codes(read(json.dumps(content).encode()), "P3") == ["error production_sum"]


def xml(change: Callable[[str], str], name: str = REAL_XML[3]) -> Document:
    before = sample(name).read_text()
    after = change(before)
    assert before != after
    return read(after.encode())


def replaced(*pairs: tuple[str, str]) -> Document:
    def change(text: str) -> str:
        for old, new in pairs:
            text = text.replace(old, new)
        return text

    return xml(change)


GWP_FOSSIL_30, GWP_FOSSIL_31 = "5f635281-343e-44fb-83df-1971b155e6b6", "a7ea19c0-9749-11ed-a8fc-0242ac120002"
EF_30_SOURCE, EF_31_SOURCE = "c0016b33-8cf7-415c-ac6e-deba0d21440d", "d4aa3ec7-b1d7-4a4a-a6cb-37af88dcc902"


def test_indicators_of_two_packages_are_an_error() -> None:
    found = answers(replaced((GWP_FOSSIL_30, GWP_FOSSIL_31)))["S2"].findings
    assert (found[0].code, found[0].values["EF 3.1"]) == ("mixed_packages", "GWP-fossil")


def test_openepd_that_spreads_its_indicators_over_two_packages_is_an_error() -> None:
    content = openepd()
    content["impacts"]["EF 3.0"] = {"gwp": content["impacts"]["EF 3.1"].pop("gwp")}
    assert "error mixed_packages" in codes(read(json.dumps(content).encode()), "S2")


def test_openepd_with_two_whole_packages_is_none() -> None:
    content = openepd()
    content["impacts"]["EF 3.0"] = content["impacts"]["EF 3.1"]
    found = answers(read(json.dumps(content).encode()))
    assert (found["S2"].word, found["P1"].count, found["P2"].count) == ("pass", 8, 16)


def test_the_standard_that_is_named_must_have_these_indicators() -> None:
    assert "error compliance_differs" in codes(replaced((EF_30_SOURCE, EF_31_SOURCE)), "S2")
    assert "warning no_compliance" in codes(replaced((EF_30_SOURCE, "0" * 8 + EF_30_SOURCE[8:])), "S2")


def test_a_unit_group_of_another_unit_is_an_error() -> None:
    document = replaced(("0429039d-a61d-4590-ba67-aa4a20a810a1", "67b5401d-873c-485f-bcf3-6ae83b918822"))
    assert "error wrong_unit_group" in codes(document, "S2")


def test_an_indicator_that_no_list_has_is_a_warning() -> None:
    assert codes(replaced((GWP_FOSSIL_30, "0" * 8 + GWP_FOSSIL_30[8:])), "S2")[0] == "warning unknown_indicator"


def test_the_version_of_another_package_is_a_warning() -> None:
    document = replaced(('refObjectId="b5c611c6-def3-11e6-bf01-fe55135034f3"',
                         'refObjectId="b5c611c6-def3-11e6-bf01-fe55135034f3" version="01.04.000"'))  # fmt: skip
    assert "warning version_of_other_package" in codes(document, "S2")


def test_a_cell_and_an_indicator_that_stand_twice_are_errors() -> None:
    assert "error cell_twice" in codes(replaced(('epd:module="C1"', 'epd:module="C2"')), "S4")
    assert "error indicator_twice" in codes(replaced((GWP_FOSSIL_30, "6a37f984-a4b3-458a-a20a-64418c145fa2")), "S4")


def test_modules_that_were_added_up_are_an_error_of_their_own() -> None:
    document = replaced(('epd:module="A1-A3"', 'epd:module="A1-D"'))
    assert (codes(document, "P9"), answers(document)["S4"].word) == (["error lumped"], "warning")


def test_a_module_that_is_zero_throughout_is_a_warning() -> None:
    assert codes(read(sample(CLEAN[0])), "S4") == ["warning all_zero"] * 2


def test_carbon_that_a_product_holds_was_taken_up_and_leaves() -> None:
    wood = {**openepd(), "kg_C_biogenic_per_declared_unit": {"qty": 0.5, "unit": "kg"}}
    biogenic = wood["impacts"]["EF 3.1"]["gwp-biogenic"]
    biogenic |= {"A1A2A3": {"mean": -1.8, "unit": "kgCO2e"}, "C3": {"mean": 1.75, "unit": "kgCO2e"},
                 "C4": {"mean": 0.05, "unit": "kgCO2e"}}  # fmt: skip
    for value, expected in ((-1.8, []), (-1.55, ["warning carbon_uptake"]), (1.8, ["error carbon_uptake"])):
        biogenic["A1A2A3"]["mean"] = value
        found = codes(read(json.dumps(wood).encode()), "P6")
        assert [one for one in found if "uptake" in one] == expected
    biogenic["A1A2A3"]["mean"], biogenic["C3"]["mean"] = -1.8, 0.5
    assert "warning carbon_not_released" in codes(read(json.dumps(wood).encode()), "P6")


def test_content_that_cannot_be_the_whole_is_an_error() -> None:
    name = "EPDv1.3_example_57a4ae65-d305-421e-b21f-a3f0c35b8abe.xml"
    assert answers(read(sample(name)))["P11"].word == "pass"
    document = xml(lambda text: text.replace('epd2:value="98.0"', 'epd2:value="97.0"'), name)
    assert codes(document, "P11") == ["error content_sum"]


def test_an_earlier_document_tells_what_is_worse_and_what_slipped() -> None:
    before = read(json.dumps(VALID).encode())
    worse = changed(f"{GWP}/ap/C3/mean", 0.23)
    assert codes(worse, "P15", before) == ["warning worse"]
    assert codes(worse, "P12", before) == ["error version_not_raised"]
    assert answers(before, before)["P12"].word == "pass"
    assert codes(changed(f"{GWP}/ap/C3/mean", 0.72), "P10", before) == ["warning unit_slip"]
    assert codes(changed(f"{GWP}/ap/C3/mean", 0.21), "P15", before) == []


def test_an_upstream_document_must_fit() -> None:
    document = read(
        json.dumps({**openepd(), "includes": [{"link": "https://x.example", "gwp_fraction": 0.5}]}).encode()
    )
    assert codes(document, "P13") == ["note upstream_not_brought"]
    fits = read(json.dumps(VALID).encode())
    assert [one.code for one in answers(document, None, fits)["P13"].findings] == []
    expired = changed("valid_until", "2025-02-01T00:00:00Z")
    other = read(sample(CLEAN[0]))
    found = answers(document, None, expired, other)["P13"].findings
    assert [one.code for one in found] == ["upstream_expired", "upstream_package"]


def test_every_finding_says_what_to_do_in_one_sentence() -> None:
    for name in (*REAL_XML, "sample_EPD.xml"):
        for answer in answers(read(sample(name))).values():
            for one in answer.findings:
                assert one.sentence[0].isupper()
                assert one.sentence.endswith(".")
                assert one.severity in Severity


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "0"),
        ("20", "20"),
        ("1.70", "1.7"),
        ("-0.0000289390", "-0.000028939"),
        ("1E-12", "1e-12"),
        ("1234567.8", "1.23457e+6"),
    ],
)
def test_figures_are_short(value: str, text: str) -> None:
    assert figure(Decimal(value)) == text
