"""The XML schemas of InData judge the samples, and our names of elements are theirs."""

import re
from pathlib import Path

import pytest

from epd.formats.ilcd_names import EPD_2013, EPD_2019, EPD_2024, EXTENSIONS
from tests.documents.samples import REAL_XML, sample
from tests.documents.schemas import faults
from tests.standards import standards_path

XSD = standards_path("epd/xsd")


@pytest.mark.parametrize("name", [*REAL_XML, "EPDv1.3_example_57a4ae65-d305-421e-b21f-a3f0c35b8abe.xml"])
def test_published_data_sets_are_valid(name: str) -> None:
    assert faults(sample(name).read_bytes()) == []


def test_the_sample_with_an_unknown_element_is_not() -> None:
    found = faults(sample("sample_EPD.xml").read_bytes())
    assert len(found) == 1
    assert "serviceLife" in found[0]


@pytest.mark.parametrize(
    ("file", "namespace"),
    [("EPD_Extensions_2013", EPD_2013), ("EPD_Extensions_2019", EPD_2019), ("EPD_Extensions_2024", EPD_2024)],
)
def test_the_elements_of_an_extension_are_those_of_its_schema(file: str, namespace: str) -> None:
    text = (Path(XSD) / f"{file}.xsd").read_text()
    assert f'targetNamespace="{namespace}"' in text
    assert frozenset(re.findall(r'<xs:element\s[^>]*name="([^"]+)"', text)) == EXTENSIONS[namespace]
