"""Envelopes that come from outside: stored byte for byte, and refused where a signature, digest or place is wrong."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from tests.services.market import Market, day, urn
from tests.services.test_acceptance import refused
from traceability.ledger import canonical, closed, envelope, keys, signing
from traceability.ledger.errors import RecordError
from traceability.ledger.statement import parse_statement
from traceability.models import Disclosure, Statement
from traceability.services import acceptance, organisations, rows_world, sealing, vault
from traceability.services.acceptance import newest_checkpoint
from traceability.services.needs import needs_of
from traceability.services.submissions import SignedSubmission


def sealed(market: Market, kind: str = "lot.source", body: dict[str, Any] | None = None) -> sealing.Sealed:
    """An envelope as a client with the mine's key would make it, with its disclosures."""
    act = market.act(market.mine, kind, body or market.source_body(urn()))
    world = rows_world.load(needs_of([act], [None]))
    return sealing.seal(act, world, seen=newest_checkpoint(world.origin, None), now=day(90)[0])


def submission(found: sealing.Sealed) -> SignedSubmission:
    return SignedSubmission(found.written, tuple(one.text for one in found.disclosures.values()))


def offer(market: Market, found: sealing.Sealed | SignedSubmission) -> Any:
    one = found if isinstance(found, SignedSubmission) else submission(found)
    return acceptance.accept(actor=market.mine, submissions=[one])[0]


def test_an_envelope_is_stored_byte_for_byte_and_repeats_its_receipt(market: Market) -> None:
    found = sealed(market)
    first = offer(market, found)
    again = offer(market, found)
    assert bytes(Statement.objects.get(kind="lot.source").envelope) == found.written
    assert (again.digest, again.custody_hashes, again.repeated) == (first.digest, first.custody_hashes, True)
    assert Statement.objects.filter(kind="lot.source").count() == 1


def test_a_used_id_with_other_content_is_refused(market: Market) -> None:
    act = market.act(market.mine, "lot.source", market.source_body(urn()), id=sealing.new_id(day(1)[0]))
    acceptance.accept(actor=market.mine, submissions=[act])
    acceptance.accept(actor=market.mine, submissions=[act])  # a double click
    other = replace(act, body=market.source_body(urn()))
    assert refused(lambda: acceptance.accept(actor=market.mine, submissions=[other])) == "id_taken"


def test_a_needed_disclosure_is_required(market: Market) -> None:
    found = sealed(market)
    short = SignedSubmission(found.written, ())
    assert refused(lambda: offer(market, short)) == "disclosure_required"


def test_a_spare_disclosure_is_refused(market: Market) -> None:
    spare = closed.disclose(bytes(16), "42", name="mass_kg").text
    one = submission(sealed(market))
    more = SignedSubmission(one.envelope, (*one.disclosures, spare))
    assert refused(lambda: offer(market, more)) == "spare_disclosure"


def test_a_changed_signature_is_refused(market: Market) -> None:
    one = submission(sealed(market))
    parsed = envelope.parse_envelope(one.envelope)
    sig = bytearray(parsed.signatures[0].sig)
    sig[5] ^= 1
    broken = envelope.Envelope(parsed.payload, (envelope.Signature(parsed.signatures[0].keyid, bytes(sig)),))
    code = refused(lambda: offer(market, SignedSubmission(envelope.encode_envelope(broken), one.disclosures)))
    assert code in ("bad_signature", "signature_not_canonical")


def test_the_platform_signs_with_no_key_but_an_active_one(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was sealed here is not verified again, but who signed it is looked at (docs/adr/0023)."""
    foreign = vault.signer_for(signing.key_id(vault.create_key(market.mine.organisation.pk)))
    monkeypatch.setattr(vault, "signer_for", lambda key: foreign)
    act = market.act(market.mine, "lot.source", market.source_body(urn()))
    assert refused(lambda: acceptance.accept(actor=market.mine, submissions=[act])) == "wrong_signers"


def test_what_the_platform_signs_verifies(market: Market) -> None:
    market.source()
    for row in Statement.objects.all():
        found = envelope.parse_envelope(bytes(row.envelope))
        rings = rows_world.reader().ring
        envelope.verify_envelope(found, keys.signers(parse_statement(found.payload), rings))


def test_a_broken_previous_hash_is_refused_with_the_new_head(market: Market) -> None:
    ore = market.source()
    stale = sealed(market, "lot.hold", {"lot": ore, "reason": "sampling"})
    market.say(market.mine, "lot.hold", {"lot": ore, "reason": "second sample"})
    with pytest.raises(RecordError) as caught:
        offer(market, stale)
    assert caught.value.code == "head_moved"
    assert caught.value.fields["seq"] == 2


def test_a_revoked_key_signs_no_more(market: Market) -> None:
    found = sealed(market)
    key = parse_statement(envelope.parse_envelope(found.written).payload).key
    organisations.rotate_key(actor=market.mine)
    assert refused(lambda: offer(market, found)) == "key_not_active"
    organisations.revoke_key(actor=market.mine, key=key, compromised_from_index=0, reason="laptop stolen")


def test_a_statement_for_another_log_is_refused(market: Market, settings: Any) -> None:
    found = sealed(market)
    settings.LODESTONE_LOG_ORIGIN = "other.example/log"
    assert refused(lambda: offer(market, found)) == "foreign_log"


def test_nobody_submits_for_another_organisation(market: Market) -> None:
    found = submission(sealed(market))
    code = refused(lambda: acceptance.accept(actor=market.separator, submissions=[found]))
    assert code == "not_member_of_issuer"


def test_a_viewer_signs_nothing(market: Market) -> None:
    viewer = replace(market.mine, role="viewer")
    act = market.act(market.mine, "lot.source", market.source_body(urn()))
    assert refused(lambda: acceptance.accept(actor=viewer, submissions=[act])) == "not_allowed"


def test_a_digest_copied_from_another_statement_is_refused(market: Market) -> None:
    """Taking over a closed value under its digest would let one claim what one never saw (section 3)."""
    offer(market, sealed(market))
    taken = Disclosure.objects.get(path="/body/lot_number")
    second = sealed(market)
    signed = parse_statement(envelope.parse_envelope(second.written).payload)
    body = dict(signed.body)
    body["closed"] = {**body["closed"], "lot_number": taken.digest}  # type: ignore[dict-item]
    payload = canonical.encode({**signed.content, "body": body})
    forged = envelope.encode_envelope(envelope.seal(payload, [vault.signer_for(signed.key)]))
    own = [one.text for one in second.disclosures.values() if one.name != "lot_number"]
    for texts in (own, [*own, str(taken.text)]):  # not knowing the value, and knowing it
        forgery = SignedSubmission(forged, tuple(texts))
        assert refused(partial(offer, market, forgery)) == "digest_twice"
