"""Real files of others are read as an independent parse reads them."""

import csv
import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from epd.documents.document import Format
from epd.documents.indicators import INDICATORS, Package
from epd.documents.stages import Stage
from epd.documents.units import same_unit, unit_key
from tests.documents.samples import REAL_XML, openepd, read, sample
from tests.standards import standards_path

NAMES = {
    "process": "http://lca.jrc.it/ILCD/Process",
    "common": "http://lca.jrc.it/ILCD/Common",
    "epd": "http://www.iai.kit.edu/EPD/2013",
}
JSONS = [path.name for path in sorted(standards_path("epd/samples/ilcd_json").iterdir())]
Cell = tuple[str, str, str, Decimal | None]


def cells_of_xml(name: str) -> Iterator[Cell]:
    root = ElementTree.parse(sample(name)).getroot()  # noqa: S314  (a vector that we keep)
    for one in (*root.iterfind(".//process:exchange", NAMES), *root.iterfind(".//process:LCIAResult", NAMES)):
        uuid = one[0].attrib["refObjectId"]
        for amount in one.iterfind("common:other/epd:amount", NAMES):
            module, scenario = (amount.get(f"{{{NAMES['epd']}}}{key}") or "" for key in ("module", "scenario"))
            yield uuid, module, scenario, Decimal(amount.text) if amount.text and amount.text.strip() else None


def cells_of_json(name: str) -> Iterator[Cell]:
    root = json.loads(sample(name).read_text())
    for one in root["exchanges"]["exchange"] + root["LCIAResults"]["LCIAResult"]:
        reference = one.get("referenceToFlowDataSet") or one["referenceToLCIAMethodDataSet"]
        for amount in (one.get("other") or {}).get("anies", ()):
            if "module" in amount:
                value = amount.get("value")
                yield (
                    reference["refObjectId"],
                    amount["module"],
                    amount.get("scenario", ""),
                    Decimal(value) if value else None,
                )


@pytest.mark.parametrize("name", [*REAL_XML, "EPDv1.3_example_57a4ae65-d305-421e-b21f-a3f0c35b8abe.xml", *JSONS])
def test_every_cell_is_the_one_of_an_independent_parse(name: str) -> None:
    expected = list(cells_of_xml(name) if name.endswith(".xml") else cells_of_json(name))
    found = [
        (one.uuid, stage.module, stage.scenario, value)
        for one in read(sample(name)).results
        for stage, value in one.cells
    ]
    assert sorted(map(str, found)) == sorted(map(str, expected))
    assert len(expected) > 100


def test_nd_is_neither_zero_nor_absent() -> None:
    toxicity = next(one for one in read(sample(REAL_XML[3])).results if one.code == "ETP-fw")
    assert [value for _, value in toxicity.cells] == [None] * 11
    assert (toxicity.cells[6][0], toxicity.values()) == (Stage("C3", "S1"), {})


def test_an_archive_brings_the_flow_of_the_declared_unit() -> None:
    alone, packed = read(sample(REAL_XML[0])), read(sample("ilcd_zip_environdec_with_dependencies.zip"))
    assert alone.declared_unit.is_elsewhere
    assert (packed.declared_unit.amount, packed.declared_unit.unit, packed.declared_unit.mass_kg) == (1, "m2", None)
    assert packed.results == alone.results
    assert packed.parts == 20


@pytest.mark.parametrize(
    ("name", "amount", "unit", "kilograms"),
    [
        ("0e80e6e7-6882-47be-8bd8-5cd869a746d9.json", 1, "m2", "15.02"),
        ("335241f9-db84-486c-9a19-cd5ebb791903.json", 1, "m3", "2297"),
        ("0aa8b645-02d9-41b4-8aa3-70335af2a9e7.json", 1, "m3", "2265"),
        ("0cb92770-9007-48c6-bc03-466af8894419.json", 1, "kg", "1"),
    ],
)
def test_the_mass_of_a_declared_unit(name: str, amount: int, unit: str, kilograms: str) -> None:
    found = read(sample(name)).declared_unit
    assert (found.amount, found.unit, found.mass_kg) == (amount, unit, Decimal(kilograms))


def test_what_a_data_set_says_of_itself() -> None:
    parquet = read(sample(REAL_XML[3]))
    assert (parquet.name, parquet.version, parquet.registration) == (
        "2-layer parquet", "00.01.000", "EPD-HAM-20220202-ICD1-DE",
    )  # fmt: skip
    assert (parquet.published, parquet.expires, parquet.expires_year) == (date(2022, 10, 10), None, 2027)
    assert (parquet.package(), parquet.review) == (Package.EF_30, "Accredited third party review")
    assert [one.name for one in parquet.scenarios] == ["S1", "S2"]
    demo = read(sample("EPDv1.3_example_57a4ae65-d305-421e-b21f-a3f0c35b8abe.xml"))
    assert (demo.expires, len(demo.materials)) == (date(2024, 5, 8), 5)
    concrete = read(sample("335241f9-db84-486c-9a19-cd5ebb791903.json"))
    assert (concrete.published, [one.most for one in concrete.materials][:2]) == (date(2023, 10, 19), [17, 10])


def test_openepd_is_read_with_phosphorus_instead_of_phosphate() -> None:
    found = read(json.dumps(openepd()).encode())
    eutrophication = next(one for one in found.results if one.code == "EP-freshwater")
    assert (eutrophication.unit, eutrophication.values()[Stage("A1-A3")]) == ("kgPe", Decimal(2))
    assert (found.format, found.package(), len(found.results)) == (Format.OPENEPD, Package.EF_31, 37)


def test_openepd_scenarios_are_scenarios() -> None:
    content = openepd()
    content["impacts"]["EF 3.1"]["gwp"]["C_scenarios"] = [
        {"name": "Landfill", "likelihood": 1, "C4": {"mean": 5, "unit": "kgCO2e"}}
    ]
    gwp = next(one for one in read(json.dumps(content).encode()).results if one.code == "GWP-total")
    assert gwp.values()[Stage("C4", "Landfill")] == 5


def test_our_table_of_indicators_is_that_of_the_lists() -> None:
    for file, package in (
        ("EN15804+A1_indicators", Package.A1),
        ("EN15804+A2_EF3.0_indicators", Package.EF_30),
        ("EN15804+A2_EF3.1_indicators", Package.EF_31),
    ):
        with standards_path(f"epd/identifiers/{file}.csv").open() as lines:
            rows = {row["UUID"]: row for row in csv.DictReader(lines) if row["UUID"].count("-") == 4}
        ours = {one.uuid: one for one in INDICATORS if package in one.packages and one.group != "national"}
        assert ours.keys() == rows.keys()
        for uuid, one in ours.items():
            assert f"({one.code})" in rows[uuid]["Name (en)"]
            assert one.unit.group == rows[uuid]["UnitGroup UUID"]
            assert same_unit(one.unit, rows[uuid]["Unit (en)"])
            assert one.versions.get(package, "") == (rows[uuid].get("Version") or "")


@pytest.mark.parametrize(
    ("written", "key"),
    [("kg CO_(2)-Äq.", "kgCO2e"), ("kg CO2 eq", "kgCO2e"), ("mol H^(+)-Äq.", "molHe"), ("kg CFC 11-Äquiv.", "kgCFC11e"),
     ("kg R11 eq.", "kgCFC11e"), ("kg PO_(4)^(3)-Äq.", "kgPO4e"), ("kg Phosphat-Äqv.", "kgPO4e"), ("kg P eqv.", "kgPe"),
     ("m^(3) Welt-Äq. entzogen", "m3AWARE"), ("m3 world eqv.", "m3AWARE"), ("Krankheitsfälle", "AnnualPerCapita"),
     ("kBq U235 eq.", "kBqU235e"), ("SQP", "Point"), ("kWh", "kWh"), ("bananas", None), ("-", None)],
)  # fmt: skip
def test_units_are_known_in_the_ways_they_are_written(written: str, key: str | None) -> None:
    assert unit_key(written) == key
