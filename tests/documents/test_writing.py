"""What is read is written and read again: every cell of published declarations, in every format that can hold it."""

import json
import zipfile
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pytest
from jsonschema import Draft202012Validator

from epd.documents.document import Document, Reference, Result, numbers
from epd.documents.indicators import INDICATORS, Group, Package
from epd.formats.tree import read_tree
from epd.formats.write_ilcd import Writing, write_process
from epd.formats.write_ilcd_zip import NoDeclaredUnit, write_archive
from epd.formats.write_openepd import NotInOpenEpd, write_openepd
from epd.formats.write_soda4lca import write_soda4lca
from tests.documents.samples import REAL_XML, answers, openepd, read, sample
from tests.documents.schemas import faults
from tests.standards import standards_path

JSONS = [path.name for path in sorted(standards_path("epd/samples/ilcd_json").iterdir())]
ARCHIVE = "ilcd_zip_environdec_with_dependencies.zip"
OLD = Writing("2026-11-21T00:00:00+00:00", "1.2", Reference("Signed declaration 7Q4K-2M9X, sha256:00"))
NEW = Writing("2026-11-21T00:00:00+00:00", "1.3")
SCHEMAS = {"contacts": "ILCD_ContactDataSet", "sources": "ILCD_SourceDataSet", "flows": "ILCD_FlowDataSet",
           "flowproperties": "ILCD_FlowPropertyDataSet", "unitgroups": "ILCD_UnitGroupDataSet",
           "processes": "EPD_DataSet", "lciamethods": "ILCD_LCIAMethodDataSet"}  # fmt: skip
KEPT = ("name", "uuid", "version", "registration", "subtype", "location", "published", "expires_year",
        "reference_year", "rules", "compliance", "owner", "author", "operator", "review", "reviewers", "scenarios",
        "materials", "results")  # fmt: skip


def same(one: Document, other: Document) -> None:
    assert list(numbers(one)) == list(numbers(other))
    for name in KEPT:
        assert getattr(one, name) == getattr(other, name), name


@pytest.mark.parametrize("name", [*REAL_XML, *JSONS])
@pytest.mark.parametrize("writing", [OLD, NEW], ids=["1.2", "1.3"])
def test_a_process_is_valid_and_holds_every_cell(name: str, writing: Writing) -> None:
    before = read(sample(name))
    written = write_process(before, writing)
    assert faults(written) == []
    same(before, read(written))


@pytest.mark.parametrize("name", [*REAL_XML, *JSONS])
def test_the_json_of_soda4lca_holds_every_cell(name: str) -> None:
    before = read(sample(name))
    written = write_soda4lca(before, OLD)
    same(before, read(written))
    reference = json.loads(written)["exchanges"]["exchange"][0]
    assert all(one["name"] for one in reference["flowProperties"])  # other readers refuse one without


@pytest.mark.parametrize("name", [ARCHIVE, *JSONS])
@pytest.mark.parametrize("writing", [OLD, NEW], ids=["1.2", "1.3"])
def test_an_archive_holds_every_data_set_that_it_refers_to(name: str, writing: Writing) -> None:
    before = read(sample(name))
    packed = write_archive(before, writing)
    after = read(packed)
    same(before, after)
    assert (after.declared_unit, after.carbon_kg) == (before.declared_unit, before.carbon_kg)
    assert write_archive(before, writing) == packed
    with zipfile.ZipFile(BytesIO(packed)) as archive:
        contents = {part: archive.read(part) for part in archive.namelist()}
    for part, one in contents.items():
        assert faults(one, f"{SCHEMAS[part.split('/')[1]]}.xsd") == [], part
    there = {part.split("/")[-1].partition("_")[0] for part in contents}
    assert {uuid for one in contents.values() for uuid in _references(one)} <= there


def _references(content: bytes) -> list[str]:
    return [one.attributes["refObjectId"] for one in read_tree([content]).walk() if "refObjectId" in one.attributes]


@pytest.mark.parametrize(
    ("package", "other"), [(Package.EF_31, Package.EF_30), (Package.EF_30, Package.EF_31)], ids=["EF 3.1", "EF 3.0"]
)
def test_an_archive_names_the_methods_of_its_package_by_uuid_and_version(package: Package, other: Package) -> None:
    before = read(json.dumps({**openepd(), "id": "57a4ae65-d305-421e-b21f-a3f0c35b8abe"}).encode())
    methods = [one for one in INDICATORS if package in one.packages and one.group in (Group.CORE, Group.ADDITIONAL)]
    results = [Result(one.code, one, (), one.uuid, one.versions[package], one.unit.text, one.unit.group)
               for one in methods]  # fmt: skip
    packed = write_archive(replace(before, results=tuple(results)), OLD)
    with zipfile.ZipFile(BytesIO(packed)) as archive:
        names = {name.split("/")[-1] for name in archive.namelist() if "/lciamethods/" in name}
    assert names == {f"{one.uuid}_{one.versions[package]}.xml" for one in methods}
    assert len(names) == 19
    alone = {one.uuid for one in INDICATORS if one.packages == {other}}
    assert not alone & {name.partition("_")[0] for name in names}


def test_an_end_of_validity_is_a_day_in_1_3_and_a_year_in_1_2() -> None:
    before = read(json.dumps({**openepd(), "id": "57a4ae65-d305-421e-b21f-a3f0c35b8abe"}).encode())
    assert (read(write_process(before, NEW)).expires, read(write_process(before, OLD)).expires) == (
        before.expires,
        None,
    )
    assert read(write_process(before, OLD)).expires_year == 2030


def test_an_archive_needs_a_declared_unit() -> None:
    with pytest.raises(NoDeclaredUnit):
        write_archive(read(sample(REAL_XML[0])), OLD)


SCHEMA = json.loads(standards_path("epd/openepd_schema/openepd-8.0.0-light-epd.schema.json").read_text())


def test_openepd_is_valid_and_holds_every_number() -> None:
    content = openepd()
    content["impacts"]["EF 3.1"]["ep-fresh"]["C3"]["mean"] = 0.123456789012345
    content["impacts"]["EF 3.1"]["gwp"]["C_scenarios"] = [{"name": "Landfill", "C4": {"mean": 5, "unit": "kgCO2e"}}]
    before = read(json.dumps(content).encode())
    written = write_openepd(before, {"statement": "sha256:00"})
    Draft202012Validator(SCHEMA).validate(json.loads(written))
    after = read(written)
    assert list(numbers(after)) == list(numbers(before))
    assert json.loads(written)["ext"] == {"lodestone": {"statement": "sha256:00"}}
    assert [id_ for id_, one in answers(after).items() if one.word == "error"] == ["S4"]  # one indicator has Landfill


def test_phosphorus_leaves_as_phosphate_and_comes_back() -> None:
    written = json.loads(write_openepd(read(json.dumps(openepd()).encode())))
    there = written["impacts"]["EF 3.1"]["ep-fresh"]["A1A2A3"]
    assert there["unit"] == "kgPO4e"
    assert there["mean"] / 2 == pytest.approx(3.0662, abs=1e-4)
    back = next(one for one in read(json.dumps(written).encode()).results if one.code == "EP-freshwater")
    assert abs(next(iter(back.values().values())) - 2) < Decimal("1e-12")


def test_more_digits_than_a_float_has_are_kept() -> None:
    text = json.dumps(openepd()).replace('"mean": 30', '"mean": 30.1234567890123456789', 1)
    assert b"30.1234567890123456789" in write_openepd(read(text.encode()))


def test_what_openepd_cannot_say_is_refused() -> None:
    for name in (REAL_XML[0], "EPDv1.3_example_57a4ae65-d305-421e-b21f-a3f0c35b8abe.xml"):
        with pytest.raises(NotInOpenEpd):
            write_openepd(read(sample(name)))


def test_a_document_of_ef_3_0_goes_through_all_formats() -> None:
    before = read(sample("0cb92770-9007-48c6-bc03-466af8894419.json"))
    for written in (write_archive(before, OLD), write_soda4lca(before, NEW), write_process(before, NEW)):
        assert list(numbers(read(written))) == list(numbers(before))
    from_openepd = {
        (one.code, stage): value for one in read(write_openepd(before)).results for stage, value in one.cells
    }
    assert from_openepd == {(one.code, stage): value for one in before.results for stage, value in one.values().items()}
