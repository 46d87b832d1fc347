"""The account by API: keys, GTINs, what an organisation says of itself, its rules and its end."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client
from django.utils import timezone

from tests.accounts.people import NEWCOMER, PASSWORD, browser, letters, member, newcomer
from tests.api.clients import Clients
from traceability.ledger.identifiers import b64_decode, b64_encode, b64url_encode
from traceability.ledger.signing import key_id
from traceability.models import (
    AuditEvent,
    KeyEntry,
    Mandate,
    Membership,
    Opening,
    OpeningRule,
    Organisation,
    Statement,
)
from traceability.selectors import access
from traceability.services import integrator

JSON = "application/json"
START_DAY, END_DAY = "2026-01-01", "2027-01-01"


@pytest.fixture
def dana(api: Clients) -> Client:
    return browser(member(api.market.mine.organisation, "dana"))


@pytest.fixture
def vera(api: Clients) -> Client:
    """Who only reads."""
    return browser(member(api.market.mine.organisation, "vera", Membership.Role.VIEWER))


@pytest.fixture
def maarja(api: Clients) -> Client:
    """An administrator of another organisation."""
    return browser(member(api.market.separator.organisation, "maarja"))


def read(client: Client, path: str, **query: str) -> Any:
    return client.get(f"/api/v1/{path}", query)


def send(client: Client, path: str, body: object = None, **headers: str) -> Any:
    return client.post(f"/api/v1/{path}", body or {}, content_type=JSON, headers=headers)


def put(client: Client, path: str, body: object) -> Any:
    return client.put(f"/api/v1/{path}", body, content_type=JSON)


def key_of(api: Clients) -> str:
    return f"sha256:{bytes(KeyEntry.objects.get(organisation=api.market.mine.organisation, ended=None).key_id).hex()}"


def test_a_key_is_replaced_once(api: Clients, dana: Client) -> None:
    key = key_of(api)
    once = {"Idempotency-Key": "r1"}
    first = send(dana, f"keys/{key}/replacement", **once)
    assert (first.status_code, first.json()["kind"]) == (201, "key.rotate")
    assert send(dana, f"keys/{key}/replacement", **once).json() == first.json()
    over = send(dana, f"keys/{key}/replacement")
    assert (over.status_code, over.json()["code"]) == (409, "key_over")
    assert key_of(api) != key
    assert Statement.objects.filter(kind="key.rotate").count() == 1


def test_a_key_that_the_organisation_holds_is_brought_in_by_both_keys(api: Clients, dana: Client, vera: Client) -> None:
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    said = {"public_key": b64url_encode(public)}
    offer = send(dana, "keys/holder", said).json()
    assert not KeyEntry.objects.filter(public_key=public).exists()  # nothing is recorded yet
    envelope = offer["envelope"]
    half = api.owner.send("statements", {"envelope": envelope})
    assert half.status_code in (400, 422)
    second = {"keyid": key_id(public), "sig": b64_encode(private.sign(b64_decode(offer["to_sign"])))}
    whole = {**envelope, "signatures": [*envelope["signatures"], second]}
    answer = api.owner.send("statements", {"envelope": whole})
    assert (answer.status_code, answer.json()["kind"]) == (201, "key.add")
    entry = KeyEntry.objects.get(public_key=public)
    assert (entry.custody, entry.ended) == ("holder", None)
    assert send(vera, "keys/holder", said).status_code == 403
    for wrong in ("A", b64url_encode(b"short"), b64url_encode(bytes(32))):  # the last is a point of small order
        refused = send(dana, "keys/holder", {"public_key": wrong})
        assert (refused.status_code // 100, refused.json()["path"]) == (4, "/public_key"), wrong


def test_a_revocation_is_looked_at_and_then_signed(api: Clients, dana: Client) -> None:
    integrator.integrate()
    place = f"keys/{key_of(api)}/revocation"
    plan = read(dana, place).json()
    assert plan.keys() == {"compromised_from_index", "statements", "other_keys", "keys_left"}
    assert (plan["statements"], plan["other_keys"], plan["keys_left"]) == (0, [], 0)
    earlier = read(dana, place, since="2020-01-01T00:00:00Z").json()
    assert earlier["compromised_from_index"] == 0
    assert earlier["statements"] >= 1
    assert read(dana, place, since="2098-01-01T00:00:00Z").json()["code"] == "bad_moment"
    assert read(dana, place, since="yesterday").status_code == 400
    signed = send(dana, place, {"compromised_from_index": plan["compromised_from_index"], "reason": "laptop lost"})
    assert (signed.status_code, signed.json()["kind"]) == (201, "key.revoke")
    assert not KeyEntry.objects.filter(organisation=api.market.mine.organisation, ended=None, recovery=False).exists()


def test_keys_are_ended_by_administrators_of_their_own_alone(
    api: Clients, dana: Client, vera: Client, maarja: Client
) -> None:
    key, body = key_of(api), {"compromised_from_index": 0, "reason": "a"}
    for path in (f"keys/{key}/replacement", f"keys/{key}/revocation"):
        assert send(maarja, path, body).status_code == 404
        assert send(vera, path, body).status_code == 403
        assert send(api.owner, path, body).status_code == 403  # a program
        assert send(api.anybody, path, body).status_code == 401
    assert not Statement.objects.filter(kind__in=("key.rotate", "key.revoke")).exists()


def test_gtins_are_given_listed_and_ended(api: Clients, dana: Client, vera: Client, maarja: Client) -> None:
    api.market.source()
    said = {"material": "bastnaesite ore", "gtin": "4012345678901"}
    assert send(vera, "product-numbers", said).status_code == 403
    assert send(dana, "product-numbers", said | {"material": "gold"}).json()["code"] == "material_not_made"
    given = send(dana, "product-numbers", said)
    assert (given.status_code, given.json()["gtin"]) == (201, "04012345678901")
    assert send(dana, "product-numbers", said).json() == given.json()
    assert read(api.owner, "product-numbers", state="in_use").json()["results"] == [given.json()]
    assert read(maarja, "product-numbers").json()["results"] == []
    assert maarja.delete("/api/v1/product-numbers/04012345678901").status_code == 404
    assert vera.delete("/api/v1/product-numbers/04012345678901").status_code == 403
    assert dana.delete("/api/v1/product-numbers/04012345678901").status_code == 204
    assert read(dana, "product-numbers", state="in_use").json()["results"] == []
    assert "ended_at" in read(dana, "product-numbers", gtin="04012345678901").json()["results"][0]


def test_an_organisation_says_again_what_it_is(api: Clients, dana: Client) -> None:
    nele = newcomer()
    client = browser(nele)
    said = read(client, "organisations/me/application").json()
    assert (said["name"], said["website"], said["standing"]) == (NEWCOMER.name, NEWCOMER.website, "waiting")
    again = {"name": "Hafen Magnete", "country": "DE", "roles": ["supplier"], "about": "Magnets."}
    assert put(client, "organisations/me/application", again | {"website": "javascript:1"}).json()["path"] == "/website"
    assert put(client, "organisations/me/application", again | {"country": "Germany"}).status_code == 400
    assert put(client, "organisations/me/application", again).status_code == 204
    assert read(client, "organisations/me/application").json()["name"] == "Hafen Magnete"
    assert put(dana, "organisations/me/application", again).json()["code"] == "not_waiting"
    viewer = browser(member(nele.organisation, "vito", Membership.Role.VIEWER))
    assert put(viewer, "organisations/me/application", again).status_code == 403


def test_an_invitation_is_sent_again(
    api: Clients, dana: Client, vera: Client, maarja: Client, django_capture_on_commit_callbacks: Any
) -> None:
    made = send(dana, "invitations", {"email": "ole@example.org", "role": "viewer"}).json()
    place = f"invitations/{made['id']}/resend"
    assert send(maarja, place).status_code == 404
    assert send(vera, place).status_code in (403, 404)
    with django_capture_on_commit_callbacks(execute=True):
        assert send(dana, place).json()["id"] == made["id"]
    assert len(letters("ole@example.org")) == 1


def test_an_account_is_closed_with_its_name_and_a_password(api: Clients, dana: Client, vera: Client) -> None:
    place, name = "organisations/me/closing", api.market.mine.organisation.name
    integrator.integrate()
    assert read(vera, place).status_code == 403
    assert read(api.owner, place).status_code == 403
    assert read(dana, place).json() == {"obstacles": []}
    assert send(dana, place, {"name": "Other", "password": PASSWORD}).json()["path"] == "/name"
    wrong = send(dana, place, {"name": name, "password": "guess"})
    assert (wrong.status_code, wrong.json()["code"]) == (403, "not_your_password")
    assert send(vera, place, {"name": name, "password": PASSWORD}).status_code == 403
    closed = send(dana, place, {"name": name, "password": PASSWORD})
    assert closed.status_code == 200, closed.content
    assert {one["kind"] for one in closed.json()["receipts"]} == {"key.revoke"}
    assert Organisation.objects.get(pk=api.market.mine.organisation.pk).standing == "closed"
    assert read(dana, place).json()["code"] == "no_organisation"
    assert read(api.owner, "lots").status_code == 401


def test_what_waits_keeps_an_account_open(api: Clients, dana: Client) -> None:
    api.market.source()
    assert read(dana, "organisations/me/closing").json()["obstacles"][0]["code"] == "queued"
    body = {"name": api.market.mine.organisation.name, "password": PASSWORD}
    refused = send(dana, "organisations/me/closing", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "not_yet")


def test_rules_are_read_and_changed_by_administrators(api: Clients, dana: Client, vera: Client, maarja: Client) -> None:
    place = "organisations/me/opening-rules"
    assert read(vera, place).json()["prices"] == "auditor"
    assert put(vera, place, {"prices": "anybody"}).status_code == 403
    assert put(dana, place, {"prices": "friends"}).status_code == 400
    assert put(dana, place, {"colours": "nobody"}).status_code == 400
    api.market.source()
    readable = access.all_readable_disclosures(None, timezone.now().date())
    assert not readable.exists()
    changed = put(dana, place, {"mass": "nobody", "assay": "anybody", "prices": "auditor"}).json()
    assert (changed["mass"], changed["assay"], changed["prices"]) == ("nobody", "anybody", "auditor")
    assert read(maarja, place).json()["mass"] == "customer"
    assert OpeningRule.objects.count() == 2
    assert set(readable.values_list("group", flat=True)) == {"assay"}  # of what was signed before, too
    events = AuditEvent.objects.filter(note__startswith="Standing rule").order_by("pk").values_list("kind", "note")
    assert list(events) == [
        ("closed", "Standing rule for mass: nobody, was customer"),
        ("opened", "Standing rule for assay: anybody, was customer"),
    ]
    put(dana, place, {"mass": "nobody"})
    assert AuditEvent.objects.filter(note__startswith="Standing rule").count() == 2


def test_openings_and_mandates_are_ended_by_who_gave_them(
    api: Clients, dana: Client, vera: Client, maarja: Client
) -> None:
    lot = api.market.source()
    row = Statement.objects.get(kind="lot.source", links__subject=lot[9:])
    mine, buyer = api.market.mine.organisation, api.market.separator.organisation
    opening = Opening.objects.create(
        disclosure=row.disclosures.order_by("pk")[0], organisation=buyer, opened_at=row.accepted_at
    )
    [shown] = read(api.owner, "openings", partner=str(buyer.pk)).json()["results"]
    assert (shown["id"], shown["to"]["urn"], shown["path"]) == (opening.pk, buyer.urn, opening.disclosure.path)
    assert read(api.owner, "openings", partner=str(mine.pk)).json()["results"] == []
    assert read(maarja, "openings").json()["results"] == []
    assert maarja.delete(f"/api/v1/openings/{opening.pk}").status_code == 404
    assert vera.delete(f"/api/v1/openings/{opening.pk}").status_code == 403
    assert api.owner.delete(f"/api/v1/openings/{opening.pk}").status_code == 204
    assert not Opening.objects.exists()
    mandate = Mandate.objects.create(giver=mine, holder=buyer, valid_from=START_DAY, valid_until=END_DAY)
    [given] = read(dana, "mandates", whose="given").json()["results"]
    assert (given["id"], given["in_force"]) == (mandate.pk, True)
    assert read(dana, "mandates", whose="held").json()["results"] == []
    assert maarja.delete(f"/api/v1/mandates/{mandate.pk}").status_code == 404
    assert vera.delete(f"/api/v1/mandates/{mandate.pk}").status_code == 403
    assert dana.delete(f"/api/v1/mandates/{mandate.pk}").status_code == 204
    assert dana.delete(f"/api/v1/mandates/{mandate.pk}").status_code == 204
    assert read(maarja, "mandates").json()["results"][0]["in_force"] is False


def test_an_administrator_gives_a_mandate(api: Clients, dana: Client, vera: Client, maarja: Client) -> None:
    buyer, today = api.market.separator.organisation, timezone.now().date()
    wanted = {"holder": buyer.urn, "purpose": "audit", "valid_from": str(today), "valid_until": str(today)}

    def give(who: Client, **changed: str) -> Any:
        return who.post("/api/v1/mandates", wanted | changed, content_type="application/json",
                        headers={"Idempotency-Key": changed.pop("key", "one")})  # fmt: skip

    assert give(vera).status_code == 403
    assert give(dana, valid_until="2020-01-01").json()["code"] == "bad_mandate"
    assert give(dana, holder="urn:uuid:00000000-0000-4000-8000-000000000000").status_code == 404
    assert not Mandate.objects.exists()
    first, again = give(dana), give(dana)
    assert (first.status_code, first.json()) == (201, again.json())
    assert Mandate.objects.count() == 1
    assert read(maarja, "mandates", whose="held").json()["results"] == [first.json()]


def test_what_one_signed_is_listed(api: Clients) -> None:
    first, second = api.market.source(), api.market.source(lot_number="ORE-2")
    found = read(api.owner, "statements", kind="lot.source").json()["results"]
    assert len(found) == 2
    assert "index" not in found[0]
    integrator.integrate()
    found = read(api.owner, "statements", kind="lot.source").json()["results"]
    assert [one["index"] for one in found] == sorted((one["index"] for one in found), reverse=True)
    assert read(api.owner, "statements", kind="lot.recall").json()["results"] == []
    assert first != second
    assert api.owner.get(found[0]["links"]["receipt"]).json()["id"] == found[0]["id"]
    assert read(api.customer, "statements", kind="lot.source").json()["results"] == []


def test_nobody_signs_alone_by_his_session_where_programs_may(api: Clients) -> None:
    from tests.api.clients import act, urn

    own = api.market.mine.organisation
    Organisation.objects.filter(pk=own.pk).update(approval_wanted=True, programs_sign=True)
    ada = browser(member(own, "ada", Membership.Role.APPROVER))
    said = act("lot.source", api.market.source_body(urn()))
    assert send(ada, "statements", said).json()["code"] == "approval_wanted"
    assert api.owner.send("statements", said).status_code == 201


def test_the_key_of_webhooks_is_replaced_and_the_audit_log_asked_by_day(
    api: Clients, dana: Client, vera: Client
) -> None:
    before = read(dana, "webhooks/key").json()["public_key"]
    assert send(vera, "webhooks/key").status_code in (403, 404)
    assert send(dana, "webhooks/key").json()["public_key"] != before
    assert len(read(dana, "audit", kind="webhook", since="2026-01-01").json()["results"]) == 1
    assert read(dana, "audit", kind="webhook", until="2020-01-01").json()["results"] == []
    assert read(dana, "audit", since="soon").status_code == 400
