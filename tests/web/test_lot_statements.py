"""Pages of statements, their files, the log, and the pages of documentation."""

import hashlib
import re

import pytest

from tests.demo_chain import Demo
from tests.web.test_lot_pages import read, words

DOCUMENTATION = ("/about/record/", "/about/formats/", "/about/verifier/", "/about/accessibility/", "/log/")


def digest_of(demo: Demo, act: str) -> str:
    return demo.digests[act].removeprefix("sha256:")


def made(demo: Demo, name: str) -> str:
    return bytes(demo.lot(name).made_by.digest).hex()


def test_owner_and_auditor_read_the_opened_body(demo: Demo) -> None:
    for who in ("isarmagnet", "auditor"):
        text = words(read(demo, who, f"/statements/{made(demo, 'MAG-1')}/"))
        assert "9272.281" in text
        assert "hydrogen decrepitation" in text
        assert "Signature matches" in text
        assert "In the log" in text


def test_a_partner_reads_what_is_open_and_sees_who_withholds_the_rest(demo: Demo) -> None:
    text = words(read(demo, "isarmagnet", f"/statements/{made(demo, 'MET-NDPR')}/"))
    assert "withheld by Baltika Metals" in text
    assert "4464.415" not in text
    assert "fluoride-oxide electrolysis" in text


@pytest.mark.parametrize("file", ["", "envelope", "payload", "proof"])
def test_for_an_outsider_the_statement_does_not_exist(demo: Demo, file: str) -> None:
    address = f"/statements/{made(demo, 'MAG-1')}/{file}"
    assert demo.client("nordwind").get(address).status_code == 404
    assert demo.client("redgum").get(address).status_code == 404


@pytest.mark.parametrize("digest", ["0" * 64, "f" * 64])
def test_an_unknown_digest_is_not_found(demo: Demo, digest: str) -> None:
    assert demo.client("auditor").get(f"/statements/{digest}/").status_code == 404


def test_the_envelope_is_served_byte_for_byte(demo: Demo) -> None:
    row = demo.lot("MAG-1").made_by
    answer = demo.client("isarmagnet").get(f"/statements/{made(demo, 'MAG-1')}/envelope")
    assert answer.content == bytes(row.envelope)
    assert answer["Content-Disposition"].startswith("attachment")


def test_the_payload_has_the_digest_of_its_address(demo: Demo) -> None:
    digest = made(demo, "MAG-1")
    assert hashlib.sha256(demo.client("auditor").get(f"/statements/{digest}/payload").content).hexdigest() == digest


def test_the_proof_is_a_file_that_leads_to_the_checkpoint(demo: Demo) -> None:
    from traceability.ledger.tlogproof import parse_proof

    proof = parse_proof(demo.client("auditor").get(f"/statements/{made(demo, 'MAG-1')}/proof").content)
    assert proof.index == 166  # each act before it, and the heads of the log after each


def test_before_it_has_a_place_there_is_no_proof_and_the_page_says_so(demo: Demo, changing: None) -> None:
    from epd.services import results

    receipt = results.publish_result(actor=demo.actor("isarmagnet"), lot=demo.lot("MAG-1"))
    digest = receipt.digest.removeprefix("sha256:")
    assert demo.client("isarmagnet").get(f"/statements/{digest}/proof").status_code == 404
    assert "Not in a checkpoint yet" in words(read(demo, "isarmagnet", f"/statements/{digest}/"))
    assert "Waits for the log" in words(read(demo, "isarmagnet", f"/lots/{demo.ids['MAG-1']}/"))


def test_a_statement_whose_bytes_were_changed_fails_its_proof(demo: Demo) -> None:
    """The check is made, not assumed: other bytes under the same row do not pass."""
    from traceability.models import Statement
    from traceability.selectors import statements

    row = Statement.objects.get(pk=demo.lot("MAG-1").made_by_id)
    row.envelope = bytes(demo.lot("ALLOY-1").made_by.envelope)
    assert statements.check_proofs([row]).by_row[row.pk].outcome == "fail"


@pytest.mark.parametrize("kind", [
    "organisation.register", "organisation.attest", "facility.register", "factors.publish", "lot.source",
    "lot.transform", "lot.dispatch", "lot.receive", "lot.result", "statement.attest", "declaration.publish",
    "log.heads",
])  # fmt: skip
def test_every_kind_has_a_page(demo: Demo, kind: str) -> None:
    from traceability.models import Statement

    row = Statement.objects.filter(kind=kind).first()
    assert row is not None
    read(demo, "auditor", f"/statements/{bytes(row.digest).hex()}/")


def test_a_result_that_is_withheld_is_named_as_withheld(demo: Demo) -> None:
    from epd.models import LotResultRow

    row = LotResultRow.objects.filter(lot=demo.lot("MET-NDPR")).last()
    text = words(read(demo, "isarmagnet", f"/statements/{bytes(row.statement.digest).hex()}/"))  # type: ignore[union-attr]
    assert "withheld by Baltika Metals" in text
    assert "37.08" not in text


# Documentation


@pytest.mark.parametrize("address", DOCUMENTATION)
def test_anybody_reads_the_documentation(demo: Demo, address: str) -> None:
    read(demo, "", address)


def test_no_page_of_documentation_says_what_is_not_true(demo: Demo) -> None:
    for address in DOCUMENTATION:
        text = words(read(demo, "", address)).lower()
        assert "blockchain" not in text
        assert "100 % transparent" not in text


def test_the_log_page_shows_the_newest_checkpoint(demo: Demo) -> None:
    from traceability.selectors import log

    html = read(demo, "", "/log/")
    assert log.newest_checkpoint().note.splitlines()[2] in html
    assert "186" in html


def test_the_digest_of_the_verifier_stands_beside_it(demo: Demo) -> None:
    from traceability.services.offline_verifier import program

    digest = hashlib.sha256(program()).hexdigest()
    assert digest in re.sub(r"[\s]", "", read(demo, "", "/about/verifier/"))
