"""Lots of other records on the pages: trusted by the operator, uploaded, read, signed by both, at home here."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.web.pages import Page

if TYPE_CHECKING:
    from tests.services.elsewhere import Elsewhere
    from tests.web.suppliers import People


@pytest.fixture
def operator(people: "People") -> Client:
    from tests.web.suppliers import person

    return person(people.market.operator.organisation)


@pytest.fixture
def there(people: "People") -> Iterator["Elsewhere"]:
    from tests.services.elsewhere import Elsewhere

    return Elsewhere(people.market.separator.organisation.urn)


def page(client: Client, address: str, **posted: Any) -> str:
    """The text of a page without faults, or where a form leads."""
    found = client.post(address, posted, follow=True) if posted else client.get(address)
    assert found.status_code == 200
    text = str(found.content.decode())
    assert Page(text).faults == []
    return text


def upload(client: Client, content: bytes) -> str:
    """The address of the page of a bundle."""
    found = client.post("/imports/", {"bundle": SimpleUploadedFile("ore.custody.zip", content)})
    assert found.status_code == 302, found.content.decode()
    return str(found["Location"])


def trust(operator: Client, there: "Elsewhere", **changes: str) -> str:
    return page(operator, "/operator/records/", **{"name": "There", "policy": there.policy, **changes})


def test_the_operator_trusts_a_log_and_trusts_it_no_longer(
    people: "People", operator: Client, there: "Elsewhere"
) -> None:
    from traceability.models import AuditEvent, TrustedLog

    assert "No other record is trusted." in page(operator, "/operator/records/")
    assert "log.example/there" in trust(operator, there)
    row = TrustedLog.objects.get()
    revoke = f"/operator/records/{row.pk}/revoke"
    assert people.owner.get("/operator/records/").status_code == 404
    assert people.owner.post(revoke, {"reason": "mine"}).status_code == 404
    assert "an answer is needed" in page(operator, revoke, reason="")
    assert "keys stolen" in page(operator, revoke, reason="keys stolen")
    assert AuditEvent.objects.filter(kind="trusted_log").count() == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"policy": "quorum none"}, "names the keys of one log"),
        ({"policy": "log nonsense"}, ""),
        ({"trust": "{}"}, ""),
    ],
)
def test_files_that_name_no_log_are_refused(
    operator: Client, there: "Elsewhere", changes: dict[str, str], sentence: str
) -> None:
    from traceability.models import TrustedLog

    text = trust(operator, there, **changes)
    assert "errors" in text
    assert sentence in text
    assert not TrustedLog.objects.exists()


def test_a_lot_of_another_record_comes_in(people: "People", operator: Client, there: "Elsewhere") -> None:
    trust(operator, there)
    address = upload(people.partner, there.content)
    text = page(people.partner, address)
    for said in ("Verified", "mined, Australia", "separate", "10 kg", "Sign first", "What the verifier says"):
        assert said in text
    assert "Tick that you have checked" in page(people.partner, address, sign="")
    assert "The sender signs second" in page(people.partner, address, sign="", agreed="on", lot_number="FROM-1")
    file = people.partner.get(f"{address}file")
    assert file["Content-Disposition"].endswith('-to-the-sender.import.json"')
    assert "has not signed this file yet" in answered(people.partner, address, file.content)
    text = answered(people.partner, address, there.countersigned(file.content))
    assert "Signed by both and recorded." in text
    lot = people.market.lot(there.lot)
    text = page(people.partner, f"/lots/{lot.pk}/")
    for said in ("FROM-1", "It came from another record.", "came from another record, log.example/there"):
        assert said in text
    assert "Australia" in page(people.partner, f"/lots/{lot.pk}/origin/")
    assert "The lot is here" in page(people.partner, address)
    said = lot.made_by
    for other in (
        f"/receipts/{said.urn}/",
        f"/statements/{bytes(said.digest).hex()}/",
        f"/lots/{lot.pk}/rules/",
        f"/lots/{lot.pk}/recall/",
        "/stock/",
        "/receipts/",
        "/imports/",
    ):
        assert people.partner.get(other).status_code == 200, other
    assert "Proof fails" not in page(people.partner, f"/lots/{lot.pk}/")
    for act in ("correct", "void"):
        assert people.partner.post(f"/receipts/{said.urn}/{act}", follow=True).status_code == 200, act
    assert "An import rests on this bundle." in page(people.partner, address, discard="")


def test_a_later_bundle_shows_what_changed_since(people: "People", operator: Client, there: "Elsewhere") -> None:
    trust(operator, there)
    address = upload(people.partner, there.content)
    page(people.partner, address, sign="", agreed="on")
    answered(people.partner, address, there.countersigned(people.partner.get(f"{address}file").content))
    lot = f"/lots/{people.market.lot(there.lot).pk}/"
    text = page(people.partner, upload(people.partner, there.packed()))
    assert "Nothing: neither the lot nor what went into it was recalled" in text
    assert "Changed in another record" not in page(people.partner, lot)
    later = upload(people.partner, there.later("lot.recall", reason="cracked in the furnace"))
    for where in (later, lot):
        text = page(people.partner, where)
        for said in (
            "Changed in another record",
            "There: The lot was recalled. cracked in the furnace",
            "Who has of it",
        ):
            assert said in text, where
    found = people.partner.get(f"/api/v1/foreign-bundles{later.removeprefix('/imports').rstrip('/')}").json()
    assert [one["kind"] for one in found["changes"]] == ["lot.recall"]
    assert "It tells what changed" in page(people.partner, later, discard="")


def test_an_import_is_corrected_on_its_page(people: "People", operator: Client, there: "Elsewhere") -> None:
    from tests.web.suppliers import sign
    from traceability.models import Draft

    trust(operator, there)
    address = upload(people.partner, there.content)
    page(people.partner, address, sign="", agreed="on", lot_number="FROM-1")
    answered(people.partner, address, there.countersigned(people.partner.get(f"{address}file").content))
    receipt = f"/receipts/{people.market.lot(there.lot).made_by.urn}/"
    assert "Correct it" in page(people.partner, receipt)
    people.partner.post(f"{receipt}correct")
    draft = Draft.objects.get(kind="correct")
    when = {"occurred_from": "2026-11-22 08:00", "utc_offset": "+00:00"}
    page(people.partner, f"/record/{draft.pk}/why/", correction_reason="a slip of the pen")
    page(people.partner, f"/record/{draft.pk}/details/", lot_number="FROM-2", facility="", **when)
    assert "FROM-2" in page(people.partner, f"/record/{draft.pk}/check/")
    sign(people.partner, draft)
    lot = people.market.lot(there.lot)
    assert (lot.number, str(lot.mass_kg)) == ("FROM-2", "10.000")


def answered(client: Client, address: str, content: bytes) -> str:
    file = SimpleUploadedFile("a.import.json", content)
    return page(client, address, finish="", file=file)


def test_what_is_refused_says_why_and_is_looked_at_again(
    people: "People", operator: Client, there: "Elsewhere"
) -> None:
    address = upload(people.partner, there.content)
    assert "log_not_trusted" in page(people.partner, address)
    trust(operator, there)
    assert "Sign first" in page(people.partner, address, again="")
    assert "No bundle was brought yet." in page(people.partner, address, discard="")


def test_others_do_not_see_a_bundle(people: "People", there: "Elsewhere") -> None:
    address = upload(people.partner, there.content)
    for client in (people.owner, people.outsider):
        assert client.get(address).status_code == 404
        assert client.post(address, {"discard": ""}).status_code == 404
        assert client.get(f"{address}file").status_code == 404
        assert "ore.custody.zip" not in page(client, "/imports/")
    assert people.viewer.get("/imports/").status_code == 403


def test_what_is_no_bundle_is_said_at_the_field(people: "People") -> None:
    found = people.partner.post("/imports/", {"bundle": SimpleUploadedFile("a.custody.zip", b"%PDF")})
    assert "This is no audit bundle." in found.content.decode()
    assert "Choose an audit bundle" in page(people.partner, "/imports/", nothing="")


def test_a_file_that_is_no_import_is_not_signed_second(people: "People") -> None:
    for content in (b"{}", b"\xff", json.dumps({"format": "lodestone-import/1", "envelope": {}}).encode()):
        file = SimpleUploadedFile("a.import.json", content)
        assert "This file is no import of a lot" in page(people.owner, "/imports/countersign/", read="", file=file)
