"""Submission, workbench and register as their people use them."""

import io
import json
import re
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from epd.models import Declaration
from epd.services import declarations
from tests.demo_chain import Demo
from tests.web.pages import Page
from traceability.ledger.kinds.verification import POINTS
from traceability.models import ChainLink
from traceability.services import clock

pytestmark = pytest.mark.usefixtures("changing")


def text(client: Any, address: str) -> str:
    found = client.get(address)
    assert found.status_code == 200, address
    html: str = found.content.decode()
    assert Page(html).faults == []
    return html


def hidden(html: str) -> dict[str, str]:
    return dict(re.findall(r'name="(approval|digest)" value="([^"]*)"', html))


def taken_out(client: Any, name: str) -> Any:
    answer = client.post(reverse("export"))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        return json.loads(archive.read(name))


def submit(demo: Demo, to: str) -> None:
    """Lena asks, Erik signs."""
    lena, erik = demo.client("isarmagnet"), demo.client("isarmagnet-2")
    address = f"/d/{demo.declaration.reference}/submit"
    assert lena.post(address, {"to": demo.ids[to], "ask": ""}).status_code == 302
    assert "Take it back" in text(lena, address)
    assert address in text(erik, "/")
    read = text(erik, address)
    lena.post(address, hidden(read) | {"approve": ""})
    assert demo.declaration.submitted_to != demo.organisation(to).pk
    signed = erik.post(address, hidden(read) | {"approve": ""}, follow=True).content.decode()
    assert "Signed. The page of the declaration says so" in signed
    assert demo.declaration.submitted_to == demo.organisation(to).pk


VERIFY = {
    "level": "limited", "scope": "declaration", "standards": "ISO 14025:2026\nEN 15804:2012+A2:2019",
    "valid_until": "2031-10-31", "accreditation": "AB-1, invented", "sampled": "", "note": "", "verify": "",
    **{f"answer_{one}": "conforms" for one in POINTS}, "note_pfc": "measured at the stack",
}  # fmt: skip
REGISTER = {
    "programme": "Norrland programme", "number": "NP-0001", "pcr_name": "Rare-earth products", "pcr_number": "",
    "pcr_valid_until": "", "published": "2026-11-23", "valid_until": "2031-10-31", "register": "",
}  # fmt: skip


def verified(demo: Demo) -> Any:
    submit(demo, "verifier")
    anna = demo.client("verifier")
    bench = f"/verifications/{demo.declaration.reference}/"
    assert anna.post(bench, VERIFY).status_code == 302
    return anna


def test_a_declaration_goes_to_the_register(demo: Demo) -> None:
    place = f"/d/{demo.declaration.reference}"
    assert "Not verified" in text(demo.client(), place)
    verified(demo)
    page = text(demo.client(), place)
    assert "Not verified" not in page
    assert "Linde Verification" in page
    assert "It is not registered with a programme" in page
    assert "their claim" in page
    assert "Level of assurance: Limited" in page
    assert "AB-1, invented" in page
    [verification] = ChainLink.objects.filter(subject=demo.declaration.pk, statement__kind="declaration.verify")
    signed = text(demo.client("verifier"), f"/statements/{bytes(verification.statement.digest).hex()}/")
    for words in ("Limited", "Conforms", "PFCs of electrolysis"):
        assert words in signed
    again = text(demo.client("isarmagnet"), f"{place}/submit?again")
    assert "The verification that stands ends with it" in again
    submit(demo, "operator")
    waits = text(demo.client("isarmagnet"), f"{place}/submit")
    assert "A programme operator gives it a number" in waits
    assert "has not answered yet" in waits
    assert f">{demo.declaration.reference}<" in text(demo.client(), "/declarations/?valid=1")
    sam = demo.client("operator")
    assert "Verified, waits for the programme" in text(demo.client(), place)
    bench, day = f"/verifications/{demo.declaration.reference}/", clock.now().date()
    early = sam.post(bench, {**REGISTER, "published": (day + timedelta(days=1)).isoformat()}).content.decode()
    assert "The day of publication is still to come." in early
    assert 'href="#id_published"' in early
    assert sam.post(bench, {**REGISTER, "published": day.isoformat()}).status_code == 302
    page = text(demo.client(), place)
    assert "NP-0001" in page
    assert "measured at the stack" in page
    material = demo.declaration.lot.material
    for query, there in (
        (f"stage=registered&valid=1&material={material}&lot_stage=magnet&gwp_from=0.001&gwp_to=1000", True),
        ("stage=checked", False), ("gwp_from=100000", False), ("lot_stage=alloy", False), ("gwp_to=x", True),
    ):  # fmt: skip
        assert (f">{demo.declaration.reference}<" in text(demo.client(), f"/declarations/?{query}")) is there, query
    sam.post(
        f"/verifications/{demo.declaration.reference}/", {"reason": "a wrong meter", "successor": "", "take_back": ""}
    )
    assert demo.declaration.status == Declaration.Status.WITHDRAWN
    assert "a wrong meter" in text(demo.client(), place)
    assert f">{demo.declaration.reference}<" not in text(demo.client(), "/declarations/?valid=1")
    for query in ("verified_on=2027-01-01", "registered_on=2027-01-01"):
        assert demo.client().get(f"/api/v1/declarations?{query}").json()["results"] == []


def test_the_workbench_shows_the_evidence_of_each_point(demo: Demo) -> None:
    submit(demo, "verifier")
    anna = demo.client("verifier")
    assert demo.declaration.reference in text(anna, "/verifications/")
    page = text(anna, f"/verifications/{demo.declaration.reference}/")
    for one in POINTS:
        assert f'id="point-{one}"' in page
    assert "Draw a sample" in page
    assert "/statements/" in page
    missing = anna.post(f"/verifications/{demo.declaration.reference}/", VERIFY | {"answer_pfc": ""})
    assert missing.status_code == 200
    assert "PFCs of electrolysis: an answer is needed" in missing.content.decode()
    assert Page(missing.content.decode()).faults == []
    assert demo.declaration.stage == Declaration.Stage.SUBMITTED


def test_a_refusal_is_read_by_everybody(demo: Demo) -> None:
    submit(demo, "verifier")
    anna, bench = demo.client("verifier"), f"/verifications/{demo.declaration.reference}/"
    assert anna.post(bench, {"reason": "no gypsum", "refuse": ""}).status_code == 302
    page = text(demo.client(), f"/d/{demo.declaration.reference}")
    assert "Verification refused" in page
    assert "no gypsum" in page


def test_both_sides_write_and_only_they_read(demo: Demo) -> None:
    submit(demo, "verifier")
    bench = f"/verifications/{demo.declaration.reference}/"
    anna, lena = demo.client("verifier"), demo.client("isarmagnet")
    anna.post(bench, {"kind": "change", "point": "swarf", "text": "Which swarf?", "remark": ""})
    page = text(lena, bench)
    assert "Which swarf?" in page
    assert "Sign the verification" not in page
    [remark] = re.findall(r'name="done" value="([^"]*)"', text(anna, bench))
    anna.post(bench, {"done": remark})
    assert 'name="open"' in text(anna, bench)
    for client in (anna, lena):
        [taken] = taken_out(client, "remarks.json")
        assert (taken["text"], taken["point"]) == ("Which swarf?", "swarf")
    outsider = demo.client("redgum")
    assert taken_out(outsider, "remarks.json") == []
    assert outsider.get(bench).status_code == 404
    assert outsider.post(bench, VERIFY).status_code == 404
    assert demo.client().get(bench).status_code == 302


def test_what_waits_is_over_one_day(demo: Demo) -> None:
    verified(demo)
    Declaration.objects.update(verified_until="2026-01-01")
    page = text(demo.client(), f"/d/{demo.declaration.reference}")
    assert "Its verification ended on" in page
    assert "Not verified" in page
    assert "<td>Expired</td>" in text(demo.client(), "/declarations/")
    assert "<td>Expired</td>" in text(demo.client("verifier"), "/verifications/")


def test_a_newer_version_says_what_differs(demo: Demo) -> None:
    actor, old = demo.actor("isarmagnet"), demo.declaration
    new, _ = declarations.publish(actor=actor, lot=old.lot, product="sintered magnets, second issue", illustrative=True)
    declarations.supersede(actor=actor, declaration=old, successor=new, reason="a typing error")
    page = text(demo.client(), f"/d/{new.reference}")
    assert f"/d/{old.reference}" in page
    assert "No declared figure differs" in page


def test_files_say_what_stands_and_never_more(demo: Demo) -> None:
    """ "Not verified" until a verification stands, and again once it is over."""
    from epd.services import checks, epd_check, exchange
    from epd.web.pdf import printed

    def files() -> tuple[str, dict[str, Any], str]:
        row = demo.declaration
        said = json.loads(exchange.write(row, "openepd.json").content)
        text = json.dumps(printed.content(exchange.export_of(row)), default=str)
        return said["product_name"], said, text

    name, said, text = files()
    assert "not verified" in name
    assert "Not verified" in text
    verified(demo)
    name, said, text = files()
    assert "not verified" not in name
    assert said["third_party_verifier"]["name"] == "Linde Verification"
    assert "Not verified" not in text
    assert "their claim" in text
    [checked] = epd_check.check(exchange.write(demo.declaration, "ilcd.zip").content)
    assert [one.findings for one in checked.answers if one.rule.id == "P14"] == [()]
    verdict = checks.check_declaration(demo.declaration, checks.Criteria(verified=True))
    assert "Linde Verification" in verdict.checks[-1].sentence
    Declaration.objects.update(verified_until="2026-01-01")
    assert "not verified" in files()[0]
