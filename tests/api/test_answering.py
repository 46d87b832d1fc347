"""The sixteen answers by program: of what is with one, and of a bundle that one sends."""

import json
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.demo_chain import Demo
from traceability.selectors import log

ADDRESS = "/api/v1/verify"


def ask(client: Client, **body: object) -> tuple[int, dict[str, object]]:
    cache.clear()
    answer = client.post(ADDRESS, json.dumps(body), content_type="application/json")
    return answer.status_code, answer.json()


def send(**parts: object) -> tuple[int, dict[str, object]]:
    cache.clear()
    files = {name: SimpleUploadedFile(name, part) if isinstance(part, bytes) else part for name, part in parts.items()}
    answer = Client().post(ADDRESS, files)
    return answer.status_code, answer.json()


def results(answer: dict[str, object]) -> dict[str, str]:
    return {check["id"]: check["result"] for check in answer["checks"]}


@pytest.fixture
def bundle(demo: Demo) -> bytes:
    return b"".join(demo.client("isarmagnet").get(f"/api/v1/lots/{demo.lot('MAG-1').pk}/bundle"))


def test_a_lot_is_meant_by_each_of_its_names(demo: Demo) -> None:
    client, lot = demo.client("isarmagnet"), demo.lot("MAG-1")
    declaration = lot.declarations.get()
    custody_hash = ask(client, subject=lot.urn)[1]["custody_hash"]
    digest = f"sha256:{bytes(declaration.statement.digest).hex()}"
    for subject in (lot.urn, declaration.urn, declaration.reference, custody_hash, digest):
        status, answer = ask(client, subject=subject)
        assert (status, answer["target"], answer["custody_hash"]) == (200, lot.urn, custody_hash)
    assert [check["number"] for check in answer["checks"]] == list(range(1, 17))
    assert results(answer)["anchors"] == "not_established"
    assert answer["verdict"] == "not_established"


def test_what_the_buyer_brings_counts(demo: Demo) -> None:
    client, lot = demo.client("isarmagnet"), demo.lot("MAG-1")
    brought = {
        "trust": {"format": "lodestone-trust/1"},
        "policy": log.own_policy(),
        "purchase": {"lot": lot.urn, "mass_kg": "1"},
    }
    status, answer = ask(client, subject=lot.urn, **brought)
    found = results(answer)
    assert (status, found["anchors"], found["purchase"]) == (200, "pass", "fail")
    assert answer["verdict"] == "fail"
    assert ask(client, subject=lot.urn, expect="sha256:" + "0" * 64)[1]["verdict"] == "fail"


def test_a_bundle_of_anybody_with_files_of_ones_own(bundle: bytes) -> None:
    status, answer = send(bundle=bundle, trust=b'{"format": "lodestone-trust/1"}', purchase=b'{"mass_kg": "1"}')
    assert (status, results(answer)["purchase"], results(answer)["anchors"]) == (200, "fail", "pass")
    status, answer = send(bundle=bundle[: len(bundle) // 2])
    assert (status, answer["verdict"], results(answer)["signed"]) == (200, "fail", "fail")


def test_nobody_learns_of_a_lot_that_is_not_with_him(demo: Demo) -> None:
    lot, other = demo.lot("MAG-1"), "urn:uuid:01a205fa-0000-7000-8000-000000000000"
    asked = (lot.urn, other, "sha256:" + "0" * 64)
    refused = [ask(demo.client("redgum"), subject=subject) for subject in asked]
    assert [status for status, _ in refused] == [404] * 3
    assert len({(answer["detail"], answer["path"]) for _, answer in refused}) == 1
    assert ask(Client(), subject=lot.urn)[0] == 401


def test_of_a_published_declaration_anybody_is_told_what_the_server_may_say(demo: Demo) -> None:
    declaration = demo.lot("MAG-1").declarations.get()
    digest = f"sha256:{bytes(declaration.statement.digest).hex()}"
    for client, subject in ((Client(), declaration.reference), (demo.client("redgum"), digest)):
        status, answer = ask(client, subject=subject)
        assert (status, answer["format"], answer["target"]) == (200, "lodestone-answer/1", declaration.urn)
    found = results(answer)
    assert [check["number"] for check in answer["checks"]] == list(range(1, 17))
    assert {id for id, result in found.items() if result == "pass"} >= {"signed", "keys", "log", "figures", "current"}
    assert {found[id] for id in ("issuer", "anchors", "origin", "verified", "offline")} == {"not_established"}
    assert (answer["verdict"], found["purchase"]) == ("not_established", "not_applicable")
    for purchase, result in (({"max_gwp_ghg": "0.1"}, "fail"), ({"mass_kg": "1"}, "not_established")):
        assert results(ask(Client(), subject=declaration.urn, purchase=purchase)[1])["purchase"] == result


def test_what_one_may_rely_on(demo: Demo) -> None:
    reference = demo.lot("MAG-1").declarations.get().reference
    answer = Client().get(f"/api/v1/declarations/{reference}/confidence")
    rows = {one["id"]: one for one in answer.json()["checks"]}
    assert answer.status_code == 200
    assert rows["figures"]["standing"] == "proven"
    assert rows["complete"]["standing"] == "claimed"
    assert rows["verified"]["standing"] == "open"
    assert all(one["rests_on"] for one in rows.values())
    page = Client().get(f"/d/{reference}/confidence").content.decode()
    assert all(one["name"] in page for one in rows.values() if one["result"] != "not_applicable")


@pytest.mark.parametrize(
    ("body", "status", "path"),
    [
        ({}, 400, "/subject"),
        ({"subject": "7Q4K-2M9X"}, 404, "/subject"),
        ({"subject": "sha256:" + "0" * 64}, 404, "/subject"),
        ({"subject": "x", "colour": "red"}, 400, "/colour"),
        ({"subject": "x", "trust": {"format": "other"}}, 400, "/trust/format"),
    ],
)
def test_a_wrong_question_is_named(demo: Demo, body: dict[str, object], status: int, path: str) -> None:
    found, answer = ask(demo.client("isarmagnet"), **body)
    assert (found, answer.get("path")) == (status, path)


@pytest.mark.parametrize(
    ("more", "path"),
    [({"trust": {"format": "other"}}, "/trust/format"), ({"policy": "nonsense"}, "/policy"),
     ({"purchase": {"mass_kg": "1,5"}}, "/purchase/mass_kg")],
)  # fmt: skip
def test_a_mistake_in_what_the_buyer_brings_is_named(demo: Demo, more: dict[str, object], path: str) -> None:
    found, answer = ask(demo.client("isarmagnet"), subject=demo.lot("MAG-1").urn, **more)
    assert found in (400, 422)
    assert str(answer["path"]).startswith(path)


@pytest.mark.django_db
def test_a_form_with_other_parts_is_refused() -> None:
    assert send(bundle=b"x", colour=b"red")[1]["code"] == "unknown_part"
    assert send(trust=b"{}")[1]["code"] == "unknown_part"
    assert send(bundle=b"a" * (10 * 2**20 + 1))[0] == 413
    assert send(bundle=b"x", expect="y")[0] == 400


def test_the_page_names_each_check() -> None:
    from epd.verifier.sixteen import NAMED, OFFLINE

    page = (Path(__file__).parents[2] / "docs/formats/answer.md").read_text(encoding="utf-8")
    rows = [f"| {number} | `{one.id}` | {one.name} |" for number, one in enumerate((*NAMED, OFFLINE), start=1)]
    assert all(row in page for row in rows)
