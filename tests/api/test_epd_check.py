"""The check of a declaration by program, and by the command."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client

from tests.documents.samples import CLEAN, REAL_XML, openepd, sample

pytestmark = pytest.mark.django_db
Answered = tuple[int, dict[str, object]]


def check(content: bytes, media_type: str = "application/octet-stream", query: str = "") -> Answered:
    cache.clear()
    answer = Client().post(f"/api/v1/epd/check{query}", content, content_type=media_type)
    return answer.status_code, answer.json()


def command(*arguments: str | Path) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("epd_check", *map(str, arguments), stdout=out)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_the_command_and_the_api_answer_alike() -> None:
    path = sample(REAL_XML[2])
    status, found = check(path.read_bytes(), "application/xml")
    code, said = command(path, "--json")
    assert (status, code) == (200, 1)
    assert json.loads(said) == found
    (document,) = found["documents"]  # type: ignore[misc]
    sums = next(rule for rule in document["rules"] if rule["id"] == "P1")
    assert (sums["word"], sums["compared"]) == ("error", 8)
    assert sums["findings"][0] == {
        "code": "gwp_sum", "severity": "error",
        "sentence": "The total is not the sum of its parts. Correct the wrong figure.",
        "indicator": "GWP-total", "module": "C3", "scenario": "",
        "values": {"GWP-total": "1.7", "GWP-fossil": "1.6", "GWP-biogenic": "0.0485", "GWP-luluc": "0.0036",
                   "sum": "1.6521", "difference": "2.82 %"},
    }  # fmt: skip


@pytest.mark.parametrize("name", CLEAN)
def test_clean_declarations_end_well(name: str) -> None:
    code, said = command(sample(name))
    assert code == 0
    assert "ERROR" not in said
    assert "Not checked:" in said


def test_an_archive_is_checked_with_its_flows() -> None:
    status, found = check(sample("ilcd_zip_environdec_with_dependencies.zip").read_bytes(), "application/zip")
    assert status == 200
    (document,) = found["documents"]  # type: ignore[misc]
    unit = next(rule for rule in document["rules"] if rule["id"] == "P7")
    assert [one["code"] for one in unit["findings"]] == ["no_mass"]


def test_the_command_compares_with_others(tmp_path: Path) -> None:
    now, before = tmp_path / "now.json", tmp_path / "before.json"
    content = openepd()
    before.write_text(json.dumps(content))
    content["impacts"]["EF 3.1"]["ap"]["C3"]["mean"] = 0.23
    now.write_text(json.dumps({**content, "version": 2}))
    code, said = command(now, "--previous", before, "--upstream", sample(CLEAN[0]))
    assert code == 1
    assert "worse: " in said
    assert "upstream_package: " in said
    assert "version_not_raised" not in said


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    large = tmp_path / "large.json"
    with large.open("wb") as file:
        file.truncate(200 * 10**6)
    for path, code in ((large, 3), (tmp_path / "none", 2)):
        with pytest.raises(CommandError) as refused:
            command(path)
        assert refused.value.returncode == code
    assert check(b"%PDF")[0] == 422
    assert check(b"%PDF")[1]["code"] == "not_an_epd_file"
    assert check(b"{}", "text/plain")[0] == 415
    assert check(b"{}", query="?x=1")[0] == 400
    assert check(b"a" * (10 * 2**20 + 1))[0] == 413


def test_checks_are_limited() -> None:
    cache.clear()
    found = [Client().post("/api/v1/epd/check", b"{}", content_type="application/json") for _ in range(12)]
    assert found[-1].status_code == 429
