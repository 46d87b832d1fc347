"""Upstream declarations and tables of factors as background data: what is taken over, and what never is."""

import json
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest

from epd.documents.background import Allocated, Candidate, Terms, background_of
from epd.formats.factor_table import NotAFactorTable, read_table, template
from epd.formats.ilcd_zip import stream_archive
from epd.formats.reading import read_documents
from epd.formats.write_ilcd import Writing
from epd.formats.write_ilcd_zip import write_archive
from epd.formats.write_soda4lca import write_soda4lca
from epd.lca.factors import parse_factor
from tests.documents.samples import TODAY, changed, openepd, read, sample

TERMS = Terms(licence="CC BY 4.0")
FILE = "sha256:" + "0" * 64
ID = "57a4ae65-d305-421e-b21f-a3f0c35b8abe"
WRITING = Writing("2026-11-21T00:00:00+00:00", "1.3")


def taken(content: dict[str, Any], terms: Terms = TERMS) -> Candidate:
    return background_of(read(json.dumps(content).encode()), terms, TODAY, FILE)


def codes(one: Candidate) -> set[str]:
    return {finding.code for finding in one.findings}


def values(one: Candidate) -> dict[str, str]:
    assert one.body is not None
    return {row["indicator"]: row["value"] for row in one.body["indicators"]}


def test_every_indicator_of_an_upstream_declaration_stands_in_its_factor() -> None:
    found = taken(openepd())
    factor = parse_factor(json.loads(json.dumps(found.body)))
    assert (factor.unit, factor.values["gwp_total"], factor.values["ep_fw"]) == ("kg", Decimal(30), Decimal(2))
    assert found.body is not None
    assert len(found.body["declared"]) == 37
    assert found.body["document"]["valid_until"] == "2030-02-28"
    assert found.body["source"] == "Maker, Alloy, X-1, ec3test1, 1"


@pytest.mark.parametrize("kind", ["ilcd", "soda4lca", "openepd"])
def test_the_three_formats_give_one_factor(kind: str) -> None:
    document = read(json.dumps({**openepd(), "id": ID}).encode())
    write = {"ilcd": write_archive, "soda4lca": write_soda4lca}
    content = write[kind](document, WRITING) if kind in write else json.dumps({**openepd(), "id": ID}).encode()
    (again,) = read_documents(content)
    assert values(background_of(again, TERMS, TODAY, FILE)) == values(taken(openepd()))


def test_the_headline_out_of_parts_is_flagged_and_a_stated_one_is_not() -> None:
    found = taken(openepd())
    assert values(found)["gwp_ghg"] == "29.5"
    assert found.body is not None
    assert "gwp_ghg_of_parts" in found.body["limits"]
    content = openepd()
    content["impacts"]["EF 3.1"]["GWP_GHG"] = {"A1A2A3": {"mean": 29.75, "unit": "kgCO2e"}}
    stated = taken(content)
    assert values(stated)["gwp_ghg"] == "29.75"
    assert stated.body is not None
    assert "gwp_ghg_of_parts" not in stated.body["limits"]


def test_an_unknown_allocation_is_flagged_and_two_allocations_are_two_ids() -> None:
    limits = {one: taken(openepd(), Terms(licence="x", allocation=one)).body for one in Allocated}
    assert all(body is not None for body in limits.values())
    assert [body["limits"][0] for body in limits.values() if body] == [
        "allocation_unknown", "gwp_ghg_of_parts", "allocated_by_value", "allocated_by_mass",
    ]  # fmt: skip
    assert len({body["id"] for body in limits.values() if body}) == 4


def test_nd_is_a_gap_and_never_zero() -> None:
    content = openepd()
    content["impacts"]["EF 3.1"]["odp"].pop("A1A2A3")
    content["impacts"]["EF 3.1"]["odp"] |= {
        "A1": {"mean": 1, "unit": "kgCFC11e"},
        "A2": {"mean": 1, "unit": "kgCFC11e"},
    }
    found = taken(content)
    assert "odp" not in values(found)
    assert [(one.indicator, one.values) for one in found.findings if one.code == "gap"] == [
        ("ODP", {"modules": "A1, A2"})
    ]
    assert found.body is not None
    assert found.body["not_declared"] == ["ODP"]


def test_only_production_counts() -> None:
    content = openepd()
    for scopes in content["impacts"]["EF 3.1"].values():
        scopes["D"]["mean"] = -1000
    assert values(taken(content)) == values(taken(openepd()))


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("valid_until", "2024-01-01T00:00:00Z", "expires_before_issue"),
        ("declared_unit", {"qty": 1, "unit": "item"}, ""),
        ("declared_unit", {"qty": 0, "unit": "kg"}, "unit_not_usable"),
        ("impacts", {"EF 3.0": {}}, "nothing_declared"),
    ],
)
def test_what_cannot_be_added_is_refused(path: str, value: object, code: str) -> None:
    document = changed(path, value)
    found = background_of(document, TERMS, TODAY, FILE)
    if code:
        assert found.body is None
        assert found.findings[0].code in {code, "other_package"}
    else:
        assert found.body is not None  # the mass of the unit is stated beside it
        assert "per_kilogram" in codes(found)


def test_other_packages_are_refused_by_name() -> None:
    for name in ("0cb92770-9007-48c6-bc03-466af8894419.json", "f63ac879-fa7d-4f91-813e-e816cbdf1927.json"):
        found = background_of(read(sample(name)), TERMS, TODAY, FILE)
        assert found.body is None
        assert found.findings[0].code == "other_package"
    mixed = openepd()
    mixed["impacts"]["EF 3.0"] = {"gwp": mixed["impacts"]["EF 3.1"].pop("gwp")}
    assert taken(mixed).body is None
    assert "mixed_packages" in codes(taken(mixed))


def test_a_figure_that_cannot_be_negative_is_left_out() -> None:
    found = background_of(changed("impacts/EF 3.1/ap/A1A2A3/mean", -2), TERMS, TODAY, FILE)
    assert "ap" not in values(found)
    assert {"negative", "negative_left_out"} <= codes(found)
    assert (
        values(background_of(changed("impacts/EF 3.1/gwp-biogenic/A1A2A3/mean", -1), TERMS, TODAY, FILE))[
            "gwp_biogenic"
        ]
        == "-1"
    )


@pytest.mark.parametrize(("unit", "size", "per"), [("t", "1000", "0.03"), ("g", "0.001", "30000"), ("KG", "1", "30")])
def test_text_variants_of_a_unit_are_one_unit(unit: str, size: str, per: str) -> None:
    found = background_of(changed("declared_unit", {"qty": 1, "unit": unit}), TERMS, TODAY, FILE)
    assert values(found)["gwp_total"] == per
    assert found.body is not None
    assert found.body["unit"] == "kg"


def test_a_unit_that_nobody_knows_is_left_out() -> None:
    found = background_of(changed("impacts/EF 3.1/ap/A1A2A3/unit", "bananas"), TERMS, TODAY, FILE)
    assert "unit_unsure" in codes(found)
    assert "ap" not in values(found)


def test_a_process_without_its_flow_asks_for_the_archive() -> None:
    found = background_of(read(sample("EPDv1.3_example_57a4ae65-d305-421e-b21f-a3f0c35b8abe.xml")), TERMS, TODAY, FILE)
    assert found.body is None
    assert "unit_not_usable" in codes(found)


def test_an_id_is_made_of_the_content() -> None:
    one, same = taken(openepd()).body, taken(openepd()).body
    other = background_of(changed("impacts/EF 3.1/ap/A1A2A3/mean", 3), TERMS, TODAY, FILE).body
    assert one is not None
    assert same is not None
    assert other is not None
    assert one["id"] == same["id"] != other["id"]
    assert one["id"].startswith("own.alloy.")


def test_a_streamed_archive_gives_what_a_read_one_gives() -> None:
    packed = write_archive(read(json.dumps({**openepd(), "id": ID}).encode()), WRITING)
    assert list(stream_archive(BytesIO(packed))) == list(read_documents(packed))


# Tables


def table(**cells: str) -> tuple[Candidate, ...]:
    row = {"name": "FeSi", "unit": "kg", "geography": "NO", "year": "2024", "source": "s", "licence": "l",
           "gwp_ghg [kg CO2 eq]": "4.5"} | cells  # fmt: skip
    return read_table(f"{';'.join(row)}\n{';'.join(row.values())}\n".encode(), Terms(), FILE)


def test_the_template_is_a_table() -> None:
    (found,) = read_table(template(), Terms(), FILE)
    factor = parse_factor(json.loads(json.dumps(found.body)))
    assert factor.values == {"gwp_ghg": Decimal("4.5"), "gwp_fossil": Decimal("4.48")}
    assert factor.limits == ("allocation_unknown",)


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"unit": "bananas"}, "unit"), ({"year": "24"}, "year"), ({"licence": ""}, "licence"), ({"name": ""}, "name"),
        ({"source": ""}, "source"), ({"gwp_ghg [kg CO2 eq]": "4,5"}, "gwp_ghg"), ({"ap": "x"}, "ap"),
        ({"ap": "-1"}, "ap"), ({"te": "6"}, "te"), ({"includes": "all"}, "includes"), 
        ({"allocation": "no"}, "allocation"),
        ({"valid_until": "tomorrow"}, "valid_until"), ({"ap": "1e70"}, "ap"), ({"gwp_vintage": "AR9"}, "gwp_vintage"),
    ],
)  # fmt: skip
def test_a_cell_that_cannot_be_is_named(cells: dict[str, str], column: str) -> None:
    (found,) = table(**cells)
    assert found.body is None
    assert [one.indicator for one in found.findings] == [column]


def test_an_empty_cell_is_not_declared() -> None:
    (found,) = table(ap="", odp="ND", pocp="0")
    assert values(found) == {"gwp_ghg": "4.5", "pocp": "0"}
    (empty,) = table(**{"gwp_ghg [kg CO2 eq]": ""})
    assert codes(empty) == {"nothing_declared"}


@pytest.mark.parametrize(
    "content",
    [b"a;b\n1;2", b"name;unit\nx;kg", b"name;name\nx;x", b"name;unit;geography;year;gwp_ghg [g CO2 eq]\nx;kg;NO;2024;1",
     b"name;unit;geography;year"],
)  # fmt: skip
def test_another_table_is_refused(content: bytes) -> None:
    with pytest.raises(NotAFactorTable):
        read_table(content, Terms(), FILE)
