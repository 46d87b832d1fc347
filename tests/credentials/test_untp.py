"""UNTP credentials of others: the official samples are read, and each of their frequent defects has its code."""

import copy
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.standards import standards_path
from traceability.credentials import contexts, data_model, untp

SAMPLES = "credentials/untp-0.7.0/samples"
TYPES = ("dpp", "dte", "dfr", "dcc", "dia")


def samples() -> list[Path]:
    return sorted(file for name in TYPES for file in standards_path(f"{SAMPLES}/{name}").glob("*.json"))


def test_the_pinned_contexts_are_the_published_ones() -> None:
    for name, file in (
        ("https://www.w3.org/ns/credentials/v2", "credentials-v2"),
        (contexts.UNTP, "untp-context-0.7.0"),
    ):
        content = standards_path(f"credentials/untp-0.7.0/context/{file}.jsonld").read_bytes()
        assert contexts.PINNED[name] == f"sha256:{sha256(content).hexdigest()}"


def test_all_official_samples_are_there() -> None:
    assert len(samples()) == 17


@pytest.mark.parametrize("file", samples(), ids=lambda file: file.stem)
def test_an_official_sample_is_read(file: Path) -> None:
    credential = json.loads(file.read_text())
    data_model.check(credential)
    name = untp.type_of(credential)
    assert name is not None
    assert [one for one in untp.defects(credential, name) if one.grave] == []


def sample(path: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(standards_path(f"{SAMPLES}/{path}").read_text())
    return found


EVENT = "dte/DigitalTraceabilityEvent_smelter_make_instance.json"
PASSPORT = "dpp/DigitalProductPassport_instance.json"
INPUT = "/credentialSubject/0/inputProduct"
MATERIAL = "/credentialSubject/materialProvenance/0"
DEFECTS: list[tuple[str, str, str, Any]] = [
    (EVENT, "quantity_negative", f"{INPUT}/0/quantity/value", -1),
    (EVENT, "unit_unknown", f"{INPUT}/0/quantity/unit", "BANANA"),
    (EVENT, "empty_list", INPUT, []),
    (EVENT, "bad_moment", "/credentialSubject/0/eventDate", "yesterday"),
    (EVENT, "word_unknown", f"{INPUT}/0/disposition", "eaten"),
    (EVENT, "event_unknown", "/credentialSubject/0/type", ["StocktakeEvent"]),
    (EVENT, "wrong_kind", "/credentialSubject", {}),
    (PASSPORT, "issuer_without_did", "/issuer/id", "https://banana.example"),
    (PASSPORT, "bad_uri", "/issuer/id", "banana"),
    (PASSPORT, "property_misspelt", f"{MATERIAL}/recycledMasFraction", 1),
    (PASSPORT, "share_out_of_range", f"{MATERIAL}/massFraction", 1.5),
    (PASSPORT, "share_out_of_range", f"{MATERIAL}/recycledMassFraction", -0.1),
    (PASSPORT, "country_unknown", "/credentialSubject/countryOfProduction/countryCode", "XX"),
    (PASSPORT, "bad_day", "/credentialSubject/productionDate", "2025-02-30"),
    (PASSPORT, "property_missing", "/credentialSubject/idScheme", None),
    (PASSPORT, "wrong_kind", f"{MATERIAL}/hazardous", "no"),
    (PASSPORT, "property_unknown", f"{MATERIAL}/mass/currency", "EUR"),
    (PASSPORT, "context_missing", "/@context/1", "https://test.uncefact.org/vocabulary/untp/dpp/0.6.0/"),
]


@pytest.mark.parametrize(("file", "code", "place", "value"), DEFECTS, ids=[f"{one[1]} {one[2]}" for one in DEFECTS])
def test_each_defect_has_its_code_and_place(file: str, code: str, place: str, value: Any) -> None:
    credential = copy.deepcopy(sample(file))
    *way, last = [int(step) if step.isdigit() else step for step in place.split("/")[1:]]
    holder: Any = credential
    for step in way:
        holder = holder[step]
    if value is None:
        del holder[last]
    else:
        holder[last] = value
    found = untp.defects(credential, untp.type_of(credential) or "")
    assert (code, place) in {(one.code, one.path) for one in found if one.grave}


def test_mass_fractions_above_one_are_seen() -> None:
    credential = sample(PASSPORT)
    rows = credential["credentialSubject"]["materialProvenance"]
    rows[0]["massFraction"] = 0.6
    rows.append(rows[0])
    assert "mass_fractions_above_one" in {one.code for one in untp.defects(credential, "DigitalProductPassport")}
