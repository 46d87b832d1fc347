"""Who names a lot of others in a draft learns nothing of its masses and contents; its name stands on every crate."""

import re
from decimal import Decimal
from typing import Any

import pytest

from tests.demo_chain import Demo

DAY = {"occurred_from": "2026-11-22T06:00:00Z", "occurred_to": "2026-11-22T06:00:00Z", "utc_offset": "+00:00"}
MADE = {"lot": "urn:uuid:01a20000-0000-7000-8000-000000000001", "material": "m", "stage": "magnet", "class": "product",
        "mass_kg": "0.9", "assay": {"basis": "dry_mass", "rows": [{"species": "Nd", "content_pct": "90"}]}}  # fmt: skip
OTHER = MADE | {"lot": "urn:uuid:01a20000-0000-7000-8000-000000000002"}
STEP = {"process": [{"step": "pressing", "country": "CH"}]}


def acts(lot: str, to: str) -> dict[str, dict[str, Any]]:
    """What somebody might say to have the site weigh it against the lot."""
    step = STEP | {"kind": "lot.transform"}
    return {
        "a step with too much of an element": step | {"body": {"inputs": [{"lot": lot, "mass_kg": "1"}],
                                                               "outputs": [MADE]}},
        "a step with too much of all": step | {"body": {"inputs": [{"lot": lot, "mass_kg": "99999"}],
                                                        "outputs": [MADE]}},
        "a split": {"kind": "lot.transform", "body": {"inputs": [{"lot": lot, "mass_kg": "99999"}],
                                                      "outputs": [MADE, OTHER]}},
        "a dispatch of a part": {"kind": "lot.dispatch", "part_number": "P-1", "body": {
            "lot": lot, "to": to, "mass_kg": "1", "tolerance_pct": "0.05"}},
        "a disposal": {"kind": "lot.dispose", "body": {"lot": lot, "mass_kg": "99999", "route": "landfill"}},
    }  # fmt: skip


@pytest.mark.parametrize(("who", "lot"), [("nordwind", "MAG-1"), ("baltika", "ALLOY-1")])
@pytest.mark.parametrize("name", acts("", ""))
def test_a_draft_weighs_nothing_against_a_lot_of_others(
    demo: Demo, changing: None, who: str, lot: str, name: str
) -> None:
    """Nordwind never had to do with the magnets; Baltika has sold the alloy, and it is used up since."""
    row, client = demo.lot(lot), demo.client(who)
    act = acts(row.urn, demo.organisation("selat").urn)[name]
    made = client.post("/api/v1/drafts", DAY | act, content_type="application/json")
    assert made.status_code == 201, made.content
    said = [made.content.decode()]
    for place in ("check/", "inputs/", "outputs/", "details/"):
        page = client.get(f"/record/{made.json()['id']}/{place}")
        said += [page.content.decode()] if page.status_code == 200 else []
    assert len(said) > 1
    [mistake] = made.json()["mistakes"]
    assert mistake["code"] in ("lot_unknown", "not_holder")
    secrets = {figure for one in known(row) for figure in figures(one)}
    assert len(secrets) > 3
    assert figures(" ".join(said)) & secrets == set()


def known(lot: Any) -> list[str]:
    """What the record holds of a lot that nobody is to learn: masses, and what of each element is in 1 kg."""
    contents = [Decimal(one[0]) for one in lot.record["made"]["composition"].values()]
    masses = [lot.mass_kg, lot.remaining_kg, lot.remaining_kg - 1, lot.mass_kg - 1]
    return [*map(str, masses), *(f"{one / 100:.3f}" for one in contents)]


def figures(text: str) -> set[str]:
    """All numbers of at least four digits, without spaces and trailing zeros."""
    bare = re.sub("[\u202f\u00a0]", "", re.sub("<[^>]+>", " ", text))
    return {one.rstrip("0").rstrip(".") for one in re.findall(r"[0-9]+\.[0-9]+|[0-9]{4,}", bare)}
