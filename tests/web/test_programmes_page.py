"""Lists of programmes beside a declaration: on its page, by the API, in its files."""

import json
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.demo_chain import Demo
from tests.web.pages import Page
from tests.web.test_lot_pages import words
from tests.web.test_printed import fetch
from tests.web.test_printed import words as words_of_pdf

pytestmark = pytest.mark.django_db
LISTS = ("international-epd-list/1", "en-15804-a2-full/1", "iso-21930-traci/1", "epd-international-rare-earths/1",
         "china-rare-earth-metals/1")  # fmt: skip


def test_the_page_says_what_is_declared_and_why_not(demo: Demo) -> None:
    html = demo.client().get(f"/d/{demo.declaration.reference}").content.decode()
    assert Page(html).faults == []
    text = words(html)
    assert "products other than construction: Not fulfilled, 1 of 20 indicators" in text
    assert "EN 15804+A2, all 37 indicators: Not fulfilled, 0 of 37 indicators" in text
    assert "To fulfil a list is not to be registered." in text
    assert "AP ND, not declared Acidification, required, a part of the chain has no value" in text
    assert "PERE ND, not declared" in text
    assert "not computed by the method of this declaration" in text
    assert "gwp absent required" in text
    assert "Not asked, because the text of the programme is not at hand: methods" in text


@pytest.mark.parametrize("basis", ["economic", "mass"])
def test_programs_read_the_same(demo: Demo, basis: str) -> None:
    address = f"/api/v1/declarations/{demo.declaration.reference}"
    found = demo.client().get(f"{address}/programmes?basis={basis}").json()
    assert (found["basis"], [one["id"] for one in found["programmes"]]) == (basis, list(LISTS))
    first = found["programmes"][0]
    assert (first["outcome"], first["declared"], first["required"]) == ("not_fulfilled", 1, 20)
    lines = {one["code"]: one for one in first["indicators"]}
    assert lines["GWP-GHG"] == {"code": "GWP-GHG", "required": True, "state": "declared", "modules": [], "reason": ""}
    assert (lines["AP"]["state"], lines["AP"]["modules"], lines["AP"]["reason"]) == (
        "not_declared",
        ["A1-A3"],
        "partial",
    )
    assert lines["SM"]["reason"] == "not_computed"
    assert found["programmes"][2]["indicators"][0]["state"] == "absent"
    openepd = json.loads(demo.client().get(f"{address}/files/openepd.json?basis={basis}").content)
    told = openepd["ext"]["lodestone"]["programmes"]
    assert [(one["id"], one["outcome"], one["declared"]) for one in told] == [
        (one["id"], one["outcome"], one["declared"]) for one in found["programmes"]
    ]
    assert demo.client().get(f"{address}/programmes?basis=x").status_code == 400


def test_the_pdf_has_them_too(demo: Demo) -> None:
    text = words_of_pdf(fetch(demo))
    assert "8 Lists of programmes" in text
    assert "1 of 20" in text
    assert "registered under none of them" in text


def test_what_the_operator_entered_is_shown_with_its_source(
    demo: Demo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: pytest.FixtureRequest
) -> None:
    from epd.services import programmes

    file = tmp_path / "programmes.json"
    entered = {"source": "Rules, edition 1, page 3", "required": ["GWP-GHG"], "methods": ["EF 3.1"]}
    file.write_text(json.dumps({LISTS[3]: entered}))
    monkeypatch.setattr(settings, "LODESTONE_PROGRAMMES", str(file))
    programmes.known.cache_clear()
    try:
        text = words(demo.client().get(f"/d/{demo.declaration.reference}").content.decode())
        assert "Entered by the operator from: Rules, edition 1, page 3" in text
        assert "Magnets (EPD International): Not fulfilled, 1 of 1 indicators" in text
        file.write_text("{")
        programmes.known.cache_clear()
        with pytest.raises(ImproperlyConfigured, match="which is no readable JSON"):
            programmes.known()
        file.write_text(json.dumps({LISTS[0]: entered}))
        with pytest.raises(
            ImproperlyConfigured, match=r"LODESTONE_PROGRAMMES, /international-epd-list/1/required: Only"
        ):
            programmes.known()
    finally:
        programmes.known.cache_clear()
