"""Files of attackers and broken files: each is refused with a sentence, or read with a finding."""

import json
import zipfile
from io import BytesIO

import pytest

from epd.formats import ilcd_zip, reading
from epd.formats.reading import read_documents
from tests.documents.samples import REAL_XML, answers, openepd, read, sample
from traceability.ledger.errors import RecordError

LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">
<!ENTITY a "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<processDataSet xmlns="http://lca.jrc.it/ILCD/Process">&b;</processDataSet>"""
OUTSIDE = b"""<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>"""


def packed(*names: str, content: bytes = b"<x/>") -> bytes:
    found = BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return found.getvalue()


def code_of(content: bytes) -> str:
    with pytest.raises(RecordError) as refused:
        read_documents(content)
    assert refused.value.sentence.endswith(".")
    return refused.value.code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (LAUGHS, "xml_document_type"),
        (OUTSIDE, "xml_document_type"),
        ('<?xml version="1.0" encoding="utf-8"?><x>é</x>'.encode("latin-1"), "not_xml"),
        (b'<?xml version="1.0" encoding="no-such"?><x/>', "not_xml"),
        (b'<?xml version="1.0" encoding="utf-7"?><x>+ADw-</x>', "not_xml"),
        (b"<x><y></x>", "not_xml"),
        (b"<x>" * 60 + b"</x>" * 60, "epd_file_too_large"),
        (b"<x>" + b"<y/>" * 200_001 + b"</x>", "epd_file_too_large"),
        (b"<html></html>", "not_an_epd_file"),
        (b"", "not_an_epd_file"),
        (b"%PDF-1.7", "not_an_epd_file"),
        (b"[1, 2]", "not_an_epd_file"),
        (b'{"a": ', "not_json"),
        (b'{"a": NaN}', "not_json"),
        (b'{"a": 1, "a": 2}', "not_json"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not_json"),
        (b'{"a": "\xff"}', "not_json"),
        (b'{"a":' + b"[" * 100_000, "not_json"),
        (b"PK\x03\x04" + b"\0" * 100, "not_a_zip"),
        (packed("ILCD/flows/a.xml"), "not_an_epd_file"),
        (packed("ILCD/processes/a.xml"), "not_an_epd_file"),
        (packed("ILCD/processes/a.xml", content=LAUGHS), "xml_document_type"),
        (packed("../../etc/processes/a.xml"), "path_outside"),
        (packed("/processes/a.xml"), "path_outside"),
        (packed("..\\processes\\a.xml"), "path_outside"),
        (packed("C:/processes/a.xml"), "path_outside"),
        (packed(*(f"ILCD/processes/{number}.xml" for number in range(21))), "epd_file_too_large"),
        (packed(*(f"{number}" for number in range(5001))), "zip_too_large"),
        (packed("ILCD/processes/a.xml", content=b" " * (ilcd_zip.MOST_UNPACKED + 1)), "zip_too_large"),
    ],
)
def test_it_is_refused(content: bytes, code: str) -> None:
    assert code_of(content) == code


def test_a_file_of_200_mb_is_refused_before_it_is_read() -> None:
    assert code_of(b"{" + b" " * (200 * 10**6)) == "file_too_large"
    assert reading.MOST_BYTES < 200 * 10**6


def test_an_archive_that_lies_about_its_sizes_is_refused() -> None:
    """The directory says that a part has 10 bytes; it unpacks to 200 MB."""
    content = bytearray(packed("ILCD/processes/a.xml", content=b" " * (ilcd_zip.MOST_UNPACKED * 2)))
    size = (ilcd_zip.MOST_UNPACKED * 2).to_bytes(4, "little")
    while (at := content.find(size)) >= 0:
        content[at : at + 4] = (10).to_bytes(4, "little")
    assert code_of(bytes(content)) in ("zip_damaged", "not_xml")


def test_an_empty_openepd_object_has_errors_not_an_exception() -> None:
    found = answers(read(b"{}"))
    assert {id_ for id_, one in found.items() if one.word == "error"} == {"S1", "S3", "P7"}
    assert found["P14"].word == "warning"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        *((text, "unreadable_value") for text in ("1,5", "NaN", "INF", "1E999", "0x10", "9" * 90)),
        *((text, "nd_as_text") for text in ("ND", "MNA")),
    ],
)
def test_an_amount_that_is_no_number_is_a_finding(written: str, code: str) -> None:
    xml = sample(REAL_XML[3]).read_text().replace(">-12.1</epd:amount>", f">{written}</epd:amount>")
    found = answers(read(xml.encode()))["S1"]
    assert [(one.code, one.indicator, str(one.stage)) for one in found.findings] == [(code, "GWP-biogenic", "A1-A3")]


@pytest.mark.parametrize("value", [{}, [], "x", True, None, {"mean": "x"}, {"mean": True}, {"mean": [1]}, 7])
def test_values_of_other_types_do_not_break_the_reader(value: object) -> None:
    content = openepd()
    for at in ("impacts", "pcr", "declared_unit", "includes", "manufacturer", "resource_uses"):
        answers(read(json.dumps({**content, at: value}).encode()))
    content["impacts"]["EF 3.1"]["gwp"]["A1A2A3"] = value
    content["impacts"]["EF 3.1"]["ap"] = value
    assert answers(read(json.dumps(content).encode()))


def test_text_in_utf_16_is_read() -> None:
    text = sample(REAL_XML[3]).read_text().replace('encoding="utf-8"', 'encoding="utf-16"')
    assert read(text.encode("utf-16")).results == read(sample(REAL_XML[3])).results
