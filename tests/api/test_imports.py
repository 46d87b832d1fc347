"""Lots of other records by program: a bundle is sent, an import signed first, and recorded with the sender's answer."""

import json
from typing import Any

from django.test import Client

from tests.api.clients import Clients
from tests.services.elsewhere import Elsewhere


def send(secret: str, method: str, path: str, body: bytes = b"", kind: str = "application/json", **more: str) -> Any:
    headers = {"HTTP_AUTHORIZATION": f"Bearer {secret}", **more}
    return Client().generic(method, f"/api/v1/{path}", body, kind, **headers)


def there(api: Clients) -> Elsewhere:
    """Another record that is trusted, from which a lot was dispatched to the owner."""
    from traceability.models import Organisation

    found = Elsewhere(f"urn:uuid:{send(api.owner.secret, 'GET', 'organisations/me').json()['id']}")
    found.trusted(Organisation.objects.get(is_operator=True))
    return found


def brought(api: Clients, content: bytes, **more: str) -> Any:
    return send(api.owner.secret, "POST", "foreign-bundles?name=a.custody.zip", content, "application/zip", **more)


def test_a_program_takes_a_lot_in(api: Clients) -> None:
    other, secret = there(api), api.owner.secret
    made = brought(api, other.content)
    assert (made.status_code, made.json()["state"]) == (201, "verified")
    place = f"foreign-bundles/{made.json()['id']}"
    assert made["Location"] == f"/api/v1/{place}"
    shown = send(secret, "GET", place).json()
    assert shown["report"]["verdict"] == "VALID"
    assert shown["proven"]["mass_kg"] == "10"
    assert send(secret, "GET", f"{place}/import").json()["code"] == "import_not_begun"
    signed = send(secret, "POST", f"{place}/import", json.dumps({"lot_number": "FROM-1"}).encode())
    assert (signed.status_code, signed.json()["format"]) == (201, "lodestone-import/1")
    assert send(secret, "GET", f"{place}/import").json() == signed.json()
    again = send(secret, "POST", f"{place}/import", b"{}")
    assert (again.status_code, again.json()["code"]) == (409, "import_begun")
    reply = other.countersigned(signed.content)
    for _ in range(2):
        recorded = send(secret, "POST", f"{place}/import/reply", reply)
        assert recorded.status_code == 200, recorded.content
    digest = recorded.json()["statement"]
    assert send(secret, "GET", f"statements/{digest}").status_code == 200
    assert send(secret, "GET", f"lots/{other.lot[9:]}").json()["number"] == "FROM-1"
    assert send(secret, "DELETE", f"{place}/import").json()["code"] == "import_recorded"
    assert send(secret, "DELETE", place).json()["code"] == "bundle_in_use"
    assert [one["lot"] for one in send(secret, "GET", "foreign-bundles?state=verified").json()["results"]] == [
        other.lot
    ]


def test_the_same_upload_is_one_bundle_that_nobody_else_sees(api: Clients) -> None:
    other = there(api)
    first, second = brought(api, other.content, HTTP_IDEMPOTENCY_KEY="a"), brought(api, other.content)
    assert first.json()["id"] == second.json()["id"]
    place = f"foreign-bundles/{first.json()['id']}"
    for method, path in (("GET", place), ("POST", f"{place}/verify"), ("POST", f"{place}/import"), ("DELETE", place)):
        assert send(api.outsider.secret, method, path, b"{}").status_code == 404
    assert send(api.owner.secret, "DELETE", place).status_code == 204
    assert send(api.owner.secret, "GET", place).status_code == 404


def test_what_is_wrong_has_a_code(api: Clients) -> None:
    assert brought(api, b"no zip").json()["code"] == "not_a_bundle"
    assert send(api.owner.secret, "POST", "foreign-bundles", b"PK", "application/zip").status_code == 400
    assert send(api.owner.secret, "POST", "foreign-bundles?name=a", b"PK", "text/plain").status_code == 415
    assert send(api.owner.secret, "POST", "countersignatures", b"{}").json()["code"] == "not_an_import"
    row = brought(api, b"PK\x03\x04").json()
    assert (row["state"], row["code"]) == ("refused", "bundle_invalid")
    refused = send(api.owner.secret, "POST", f"foreign-bundles/{row['id']}/import", b"{}")
    assert (refused.status_code, refused.json()["code"]) == (422, "bundle_not_verified")
    wrong = send(api.owner.secret, "POST", f"foreign-bundles/{row['id']}/import", b'{"arrived_on": "soon"}')
    assert wrong.status_code == 400
