"""Audit bundles from the page of a lot to the page that checks them: policy, trust file, verdict."""

import io
import json
import zipfile
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.demo_chain import Demo
from tests.web.pages import Page
from tests.web.test_lot_pages import words
from traceability.ledger.bundle import MANIFEST_NAME, README_NAME, write_bundle

ADDRESS = "/verify/bundle/"


@pytest.fixture(autouse=True)
def _nobody_was_here() -> None:
    cache.clear()


@pytest.fixture(scope="module")
def taken(demo: Demo) -> dict[str, bytes]:
    """What the auditor takes with him from the page of the magnet."""
    auditor, lot = demo.client("auditor"), f"/lots/{demo.ids['MAG-1']}/"
    found = {name: auditor.get(lot + name) for name in ("bundle", "trust.json")}
    found["policy"] = demo.client().get("/about/verifier/policy")
    assert {answer.status_code for answer in found.values()} == {200}
    return {
        name: b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        for name, answer in found.items()
    }


def bring(demo: Demo, who: str = "", **files: bytes | str) -> Any:
    given = {name: SimpleUploadedFile(name, one) if isinstance(one, bytes) else one for name, one in files.items()}
    answer = demo.client(who).post(ADDRESS, given)
    assert Page(answer.content.decode()).faults == []
    return answer


def test_anybody_checks_a_bundle_with_files_of_his_own(demo: Demo, taken: dict[str, bytes]) -> None:
    answer = bring(demo, bundle=taken["bundle"], trust=taken["trust.json"], policy=taken["policy"])
    text = words(answer.content.decode())
    assert "Valid" in text
    assert "16 pass" in text
    assert "Attested by Alder Assurance; no verifier has signed. Without one this is not an EPD." in text
    assert "Recomputed, of total rare earths: 52.4 % US, 27.5 % AU, 20.1 % recycled." in text


def test_what_one_bought_is_compared(demo: Demo, taken: dict[str, bytes]) -> None:
    brought = {"bundle": taken["bundle"], "trust": taken["trust.json"], "policy": taken["policy"]}
    text = words(bring(demo, **brought, purchase=b'{"mass_kg": "500"}').content.decode())
    assert "A check fails" in text
    assert "You bought mass_kg 500; this is " in text
    refused = bring(demo, **brought, purchase=b'{"mass": "500"}')
    assert (refused.status_code, "There is no field mass here" in words(refused.content.decode())) == (422, True)


def test_without_a_trust_file_nothing_is_valid(demo: Demo, taken: dict[str, bytes]) -> None:
    text = words(bring(demo, bundle=taken["bundle"]).content.decode())
    assert "Incomplete" in text
    assert "trust_self_asserted" in text
    assert "You brought no policy, so the keys of the log of this site count." in text


def test_one_byte_more_is_not_valid(demo: Demo, taken: dict[str, bytes]) -> None:
    changed = bytearray(taken["bundle"])
    changed[len(changed) // 2] ^= 1
    text = words(bring(demo, bundle=bytes(changed), trust=taken["trust.json"]).content.decode())
    assert "Not valid" in text


def test_a_bundle_about_something_else_than_expected_is_not_valid(demo: Demo, taken: dict[str, bytes]) -> None:
    text = words(bring(demo, bundle=taken["bundle"], trust=taken["trust.json"], expect="0" * 64).content.decode())
    assert "Not valid" in text


def test_the_report_is_taken_away_as_json(demo: Demo, taken: dict[str, bytes]) -> None:
    html = bring(demo, bundle=taken["bundle"], trust=taken["trust.json"]).content.decode()
    address = html.partition('href="/verify/reports/')[2].partition('"')[0]
    report = json.loads(demo.client().get(f"/verify/reports/{address}").content)
    assert (report["verdict"], len(report["checks"])) == ("VALID", 19)
    assert demo.client().get(f"/verify/reports/{'0' * 64}.json").status_code == 404


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"expect": "0" * 64}, "Choose an audit bundle: a file *.custody.zip."),
        ({"bundle": b""}, "The submitted file is empty."),
        ({"bundle": b"x", "trust": b"{"}, "The trust file is not JSON."),
        ({"bundle": b"x", "policy": b"nonsense\n"}, "A line is a log, a witness, a group or the quorum."),
        ({"bundle": b"x", "expect": "abc"}, "64 lower-case hexadecimal digits"),
        ({"bundle": b"x" * (10 * 2**20 + 1)}, "Check it with the offline verifier on your own machine."),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field(demo: Demo, files: dict[str, Any], said: str) -> None:
    answer = bring(demo, **files)
    assert answer.status_code == 422
    assert said in words(answer.content.decode())


def test_something_else_than_a_bundle_is_not_valid(demo: Demo) -> None:
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../etc/passwd", "x" * 10**6)
    for content in (b"<script>alert(1)</script>", other.getvalue()):
        answer = bring(demo, bundle=content)
        assert "Not valid" in words(answer.content.decode())
        assert b"<script>alert" not in answer.content


def test_checks_are_limited(demo: Demo) -> None:
    codes = [bring(demo, bundle=b"x").status_code for _ in range(12)]
    assert codes[:10] == [200] * 10
    assert codes[11] == 429


def test_the_trust_file_names_who_speaks_in_the_bundle(demo: Demo, taken: dict[str, bytes]) -> None:
    trust = json.loads(taken["trust.json"])
    suppliers = ("juniper-flat", "redgum", "selat", "rheinkreis", "baltika", "isarmagnet")
    assert {one["urn"] for one in trust["organisations"]} == {f"urn:uuid:{demo.ids[one]}" for one in suppliers}
    assert [one["name"] for one in trust["auditors"]] == ["Alder Assurance"]
    assert trust["operators"] == trust["factor_publishers"]


@pytest.mark.parametrize(("who", "status"), [("", 302), ("nordwind", 404), ("redgum", 404), ("isarmagnet", 200)])
def test_only_who_exports_the_bundle_gets_its_trust_file(demo: Demo, who: str, status: int) -> None:
    for name in ("trust.json", "bundle"):
        answer = demo.client(who).get(f"/lots/{demo.ids['MAG-1']}/{name}")
        answer.close()
        assert answer.status_code == status


def test_the_site_offers_the_verifier_that_make_builds(demo: Demo) -> None:
    from traceability.services.browser_verifier import page
    from traceability.services.offline_verifier import program

    for name, content in (("lodestone-verify.pyz", program()), ("lodestone-verify.html", page())):
        answer = demo.client().get(f"/about/verifier/{name}")
        assert answer.content == content
        assert "attachment" in answer["Content-Disposition"]


def test_a_bundle_without_the_lines_of_the_time_key_is_incomplete(demo: Demo, taken: dict[str, bytes]) -> None:
    stripped = _without_time(taken["bundle"])
    html = bring(demo, bundle=stripped, trust=taken["trust.json"], policy=taken["policy"]).content.decode()
    assert "Incomplete" in words(html)
    assert "quorum_not_reached" in words(html)


def _without_time(content: bytes) -> bytes:
    """The bundle without the line of the time key in any checkpoint, packed anew with a manifest that fits."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        members = {one.filename: file.read(one) for one in file.infolist()}
    manifest = json.loads(members[MANIFEST_NAME])
    for name in [one for one in members if one.startswith("checkpoints/")]:
        lines = members[name].decode().splitlines(keepends=True)
        members[name] = "".join(one for one in lines if not (one.startswith("\u2014 ") and "/time " in one)).encode()
    told = {name: members[name] for name in members if name not in (README_NAME, MANIFEST_NAME)}
    return b"".join(write_bundle(told, target=manifest["target"], custody_hash=manifest["custody_hash"]))
