"""The check of a bundle by program."""

from io import BytesIO

import pytest
from django.core.cache import cache
from django.test import Client

from tests.demo_chain import Demo

ZIP = "application/zip"


def check(content: bytes, media_type: str = ZIP, query: str = "") -> tuple[int, dict[str, object]]:
    cache.clear()
    answer = Client().post(f"/api/v1/bundles/check{query}", content, content_type=media_type)
    return answer.status_code, answer.json()


def test_a_bundle_is_checked_as_the_offline_verifier_does(demo: Demo) -> None:
    lot = demo.lot("MAG-1")
    bundle = b"".join(demo.client("isarmagnet").get(f"/api/v1/lots/{lot.pk}/bundle"))
    status, report = check(bundle)
    assert (status, report["verdict"], report["target"]) == (200, "INCOMPLETE", lot.urn)
    other = "sha256:" + "0" * 64
    assert check(bundle, query=f"?expect={other}")[1]["verdict"] == "INVALID"
    broken = BytesIO(bundle)
    broken.seek(len(bundle) // 2)
    broken.write(b"\0" * 9)
    assert check(broken.getvalue())[1]["verdict"] == "INVALID"


@pytest.mark.django_db
def test_what_is_no_bundle_is_invalid_or_refused() -> None:
    assert check(b"no zip")[1]["verdict"] == "INVALID"
    assert check(b"a", "text/plain")[0] == 415
    assert check(b"a", query="?expect=x")[0] == 400
    assert check(b"a" * (10 * 2**20 + 1))[0] == 413


@pytest.mark.django_db
def test_checks_are_limited() -> None:
    cache.clear()
    found = [Client().post("/api/v1/bundles/check", b"a", content_type=ZIP).status_code for _ in range(12)]
    assert found[-1] == 429
