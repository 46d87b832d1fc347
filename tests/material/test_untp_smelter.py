"""The official smelter sample of UNTP makes copper: 30 t of concentrate with 30 % Cu become 10 t of 99.99 % cathode."""

import json
import re
from decimal import Decimal
from typing import Any

import pytest

from tests.standards import standards_path
from traceability.material.balance import MatterCreated, Verdict, balance_of, require_conserved
from traceability.material.composition import LotMatter, composition_of_rows, parse_rows
from traceability.material.step import Step, parse_step

SAMPLE = "credentials/untp-0.7.0/samples/dte/DigitalTraceabilityEvent_smelter_make_instance.json"
FEED, MADE = "urn:uuid:01930000-0000-7000-8000-0000000000aa", "urn:uuid:01930000-0000-7000-8000-0000000000bb"


def event() -> dict[str, Any]:
    return dict(json.loads(standards_path(SAMPLE).read_text(encoding="utf-8"))["credentialSubject"][0])


def cu(pct: str) -> list[dict[str, str]]:
    return [{"species": "Cu", "content_pct": pct}]


def smelting(out_kg: str) -> Step:
    """The step of the sample, with another mass of cathode."""
    said = event()
    feed, made = said["inputProduct"][0], said["outputProduct"][0]
    fed = re.search(r"Cu (\d+)%", feed["product"]["name"])
    pure = re.search(r"Cu (\d+\.\d+)%", said["description"])
    assert fed
    assert pure
    assert (feed["quantity"]["unit"], made["quantity"]["unit"]) == ("KGM", "KGM")
    composition = composition_of_rows(parse_rows(cu(fed[1]), path=""))
    lots = {FEED: LotMatter(FEED, "concentrate", "concentrate", Decimal(feed["quantity"]["value"]), composition)}
    assay = {"basis": "dry_mass", "rows": cu(pure[1])}
    row = {"lot": MADE, "material": "cathode", "stage": "metal", "class": "product", "mass_kg": out_kg, "assay": assay}
    body = {"inputs": [{"lot": FEED, "mass_kg": str(feed["quantity"]["value"])}], "outputs": [row]}
    return parse_step(body, ["smelting", "electrolytic refining"], lots)


def test_the_sample_makes_a_tonne_of_copper_out_of_nothing() -> None:
    stated_kg = str(event()["outputProduct"][0]["quantity"]["value"])
    balance = balance_of(smelting(stated_kg))
    assert balance.elements["Cu"].in_kg == 9000
    assert balance.elements["Cu"].verdict is Verdict.REFUSED
    with pytest.raises(MatterCreated):
        require_conserved(balance)


def test_with_8900_kg_it_passes() -> None:
    balance = balance_of(smelting("8900"))
    require_conserved(balance)
    assert balance.elements["Cu"].verdict is Verdict.OK
