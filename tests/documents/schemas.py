"""The verdict of the XML schemas of InData, by `xmlschema` and without a network."""

from functools import cache
from io import BytesIO
from typing import Any

import pytest

from tests.standards import standards_path


@cache
def schema(file: str) -> Any:
    xmlschema = pytest.importorskip("xmlschema")
    folder = standards_path("epd/xsd")
    return xmlschema.XMLSchema10(str(folder / file), allow="local")


def faults(content: bytes, file: str = "EPD_DataSet.xsd") -> list[str]:
    """What is wrong with a data set, as sentences."""
    return [str(one.reason) for one in schema(file).iter_errors(BytesIO(content))]
