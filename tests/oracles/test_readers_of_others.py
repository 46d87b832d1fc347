"""What we write is read by other people's programs: the models of openEPD 8.0.0 and the reader of LCAx 3.8.0.

openEPD accepts nearly everything, so that it accepts ours says that the syntax is right, not that the figures are.
"""

import copy
import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from epd.documents.document import Document
from epd.documents.own import NAMES
from epd.formats.write_ilcd import Writing
from epd.formats.write_openepd import NotInOpenEpd, write_openepd
from epd.formats.write_soda4lca import write_soda4lca
from tests.documents.samples import openepd, read, sample
from tests.standards import standards_path

JSONS = [path.name for path in sorted(standards_path("epd/samples/ilcd_json").iterdir())]
WRITING = Writing("2026-11-21T00:00:00+00:00")
LCAX = {
    "GWP-total": "gwp", "GWP-fossil": "gwp_fos", "GWP-biogenic": "gwp_bio", "GWP-luluc": "gwp_lul", "ODP": "odp",
    "AP": "ap", "EP-freshwater": "ep_fw", "EP-marine": "ep_mar", "EP-terrestrial": "ep_ter", "POCP": "pocp",
    "ADPE": "adpe", "ADPF": "adpf", "WDP": "wdp", "PM": "pm", "IRP": "irp", "ETP-fw": "etp_fw", "HTP-c": "htp_c",
    "HTP-nc": "htp_nc", "SQP": "sqp", "PERE": "pere", "PERM": "perm", "PERT": "pert", "PENRE": "penre",
    "PENRM": "penrm", "PENRT": "penrt", "SM": "sm", "RSF": "rsf", "NRSF": "nrsf", "FW": "fw", "HWD": "hwd",
    "NHWD": "nhwd", "RWD": "rwd", "CRU": "cru", "MFR": "mrf", "MER": "mer", "EEE": "eee", "EET": "eet",
}  # fmt: skip
"""The 37 indicators by the names that LCAx gives them."""


def whole() -> Document:
    """A document with all 37 indicators, each with a value of its own."""
    found = replace(read(json.dumps(openepd()).encode()), uuid="57a4ae65-d305-421e-b21f-a3f0c35b8abe",
                    reference_year=2025, location="DE")  # fmt: skip
    results = [
        replace(
            one,
            name=f"{NAMES[one.code]} ({one.code})",
            cells=tuple((stage, Decimal(number) + Decimal("0.125")) for stage, _ in one.cells),
        )
        for number, one in enumerate(found.results, 1)
    ]
    return replace(found, results=tuple(results))


def test_openepd_accepts_ours_and_gives_every_field_back() -> None:
    epd = pytest.importorskip("openepd.model.epd")
    written = json.loads(write_openepd(whole(), {"statement": "sha256:00", "title": "Declaration, not verified"}))
    model = epd.Epd.model_validate(copy.deepcopy(written))  # it writes into what it is given
    again = model.to_serializable(exclude_none=True)
    assert again["ext"] == written["ext"]
    assert _numbers(again) == _numbers(written)
    assert len(_numbers(written)) == 37 * 4
    assert written.keys() <= again.keys()


@pytest.mark.parametrize("name", JSONS)
def test_openepd_accepts_what_it_can_say_of_published_declarations(name: str) -> None:
    epd = pytest.importorskip("openepd.model.epd")
    try:
        written = json.loads(write_openepd(read(sample(name))))
    except NotInOpenEpd:
        pytest.skip("openEPD has no place for the indicators of EN 15804+A1, or for scenarios of the use stage.")
    assert _numbers(epd.Epd.model_validate(copy.deepcopy(written)).to_serializable(exclude_none=True))


def test_our_units_are_those_that_openepd_allows() -> None:
    validation = pytest.importorskip("openepd.model.lcia")
    allowed = set()
    for one in vars(validation).values():
        units = getattr(one, "allowed_units", ()) if isinstance(one, type) else ()
        allowed |= {units} if isinstance(units, str) else set(units or ())
    ours = {one.indicator.unit.key for one in whole().results if one.indicator and one.indicator.openepd}
    assert ours - {"kgPe"} - allowed <= {"kg", "m3", "MJ"}
    assert "kgPO4e" in allowed
    assert "kgPe" not in allowed


def _numbers(value: dict[str, Any]) -> dict[tuple[str, str], float]:
    sections = {**next(iter(value["impacts"].values())), **value["resource_uses"], **value["output_flows"]}
    return {
        (name, scope): float(one["mean"])
        for name, scopes in sections.items()
        if isinstance(scopes, dict)
        for scope, one in scopes.items()
        if isinstance(one, dict) and "mean" in one
    }


def test_lcax_reads_37_equal_values_of_ours() -> None:
    lcax = pytest.importorskip("lcax")
    document = whole()
    read_there = json.loads(lcax.convert_ilcd(write_soda4lca(document, WRITING).decode()).dumps())
    impacts = {name: one for name, one in read_there["impacts"].items() if one}
    found = {one.code: next(iter(one.values().values())) for one in document.results}
    assert len(impacts) == 37
    assert {code: impacts[name]["a1a3"] for code, name in LCAX.items()} == {code: float(found[code]) for code in LCAX}
    assert (read_there["name"], read_there["id"]) == (document.name, document.uuid)


@pytest.mark.parametrize("name", JSONS)
def test_lcax_reads_the_same_of_a_published_declaration_and_of_our_writing_of_it(name: str) -> None:
    lcax = pytest.importorskip("lcax")
    original = sample(name).read_text()
    ours = write_soda4lca(read(sample(name)), WRITING).decode()
    there, here = (json.loads(lcax.convert_ilcd(one).dumps())["impacts"] for one in (original, ours))
    assert len(there) in (25, 37)
    assert here == there


def test_the_unit_trap_of_phosphorus_holds_in_both_directions() -> None:
    """1 kg P is 3.0662 kg PO4 (94.97 / 30.97), and comes back as 1 within 1e-4; no other indicator is converted."""
    document = whole()
    one = next(one for one in document.results if one.code == "EP-freshwater")
    document = replace(document, results=(replace(one, cells=((one.cells[0][0], Decimal(1)),)),))
    written = json.loads(write_openepd(document))
    (scopes,) = written["impacts"]["EF 3.1"].values()
    assert abs(scopes["A1A2A3"]["mean"] - 3.0662) < 1e-4
    assert scopes["A1A2A3"]["unit"] == "kgPO4e"
    (back,) = read(json.dumps(written).encode()).results
    assert abs(next(iter(back.values().values())) - 1) < Decimal("1e-4")
