"""Attacks on keys and signatures (record-format.md sections 4 and 6)."""

import pytest

from tests.verifier.builder import Log, codes, signer, urn
from tests.verifier.stories import Story, attest, lot, mine_to_metal, smallest
from traceability.ledger import envelope
from traceability.ledger.envelope import Envelope, Signature
from traceability.ledger.identifiers import b64url_encode
from traceability.ledger.signing import key_id
from traceability.verifier.report import Verdict
from traceability.verifier.trust import Trust

HOLD = {"lot": urn("ore"), "reason": "x"}
ORE = lot("ore", "1000", stage="ore", origin="mined", country="US")


def new_key(name="new"):
    return {"public_key": b64url_encode(signer(name).public_key), "custody": "platform"}


def story_of(say, *, recovery=None, custody="platform", **register):
    """A lot of a miner, with what `say` makes him say about his keys."""
    log = Log()
    miner = log.register("miner", recovery=recovery, custody=custody, **register)
    story = Story(log, urn("ore"), {"operator": log.operator, "a": miner})
    story.said["source"] = log.say(miner, "lot.source", ORE)
    say(log, miner, story)
    log.commit()
    return story


def revoke(log, miner, key, start, *, with_key=None, by=None):
    body = {"key": key_id(key.public_key), "compromised_from_index": start, "reason": "stolen"}
    return log.say(by or miner, "key.revoke", body, subject=miner.urn, key=with_key)


def test_keys_come_go_and_are_replaced():
    def say(log, miner, story):
        added, rotated = signer("added"), signer("rotated")
        log.say(miner, "key.add", new_key("added"), subject=miner.urn, cosigned=[(miner, added)])
        log.say(miner, "lot.hold", {"lot": urn("ore"), "reason": "x"}, key=added)
        log.say(miner, "key.rotate", new_key("rotated"), subject=miner.urn, cosigned=[(miner, rotated)])
        log.say(miner, "lot.release", {"lot": urn("ore")}, key=rotated)
        revoke(log, miner, added, len(log.leaves), with_key=rotated)

    assert story_of(say).report().verdict is Verdict.VALID


@pytest.mark.parametrize(
    ("say", "code"),
    [
        (lambda log, m, s: log.say(m, "lot.hold", HOLD, key=signer("thief")), "key_unknown"),
        (lambda log, m, s: log.say(m, "key.add", new_key(), subject=m.urn), "proof_of_possession"),
        (lambda log, m, s: log.say(m, "key.add", new_key(), subject=m.urn, cosigned=[(m, signer("other"))]),
         "proof_of_possession"),
        (lambda log, m, s: log.say(m, "key.add", {"public_key": b64url_encode(m.key.public_key), "custody": "platform"},
                                   subject=m.urn, cosigned=[(m, m.key)]), "key_taken"),
        (lambda log, m, s: log.say(log.operator, "key.add", new_key(), subject=m.urn, cosigned=[(m, signer("new"))]),
         "recovery_forbidden"),
        (lambda log, m, s: log.say(log.operator, "key.rotate", new_key(), subject=m.urn, cosigned=[(m, signer("new"))]),
         "not_the_organisation"),
        (lambda log, m, s: revoke(log, m, m.key, 99), "compromise_in_future"),
        (lambda log, m, s: log.register("miner"), "already_registered"),
    ],
)  # fmt: skip
def test_a_key_that_may_not(say, code):
    report = story_of(say).report()
    assert report.verdict is Verdict.INVALID
    assert code in codes(report)


def test_a_revoked_key_signs_nothing_more():
    """Section 6, a key never returns after it was revoked: the thief's key after its revocation."""

    def say(log, miner, story):
        revoke(log, miner, miner.key, len(log.leaves))
        log.say(miner, "lot.hold", {"lot": urn("ore"), "reason": "x"})

    report = story_of(say).report()
    assert report.verdict is Verdict.INVALID
    assert "key_not_active" in codes(report)


def test_nobody_but_itself_revokes_the_recovery_key():
    recovery = signer("recovery")
    report = story_of(lambda log, m, s: revoke(log, m, recovery, 0), recovery=recovery).report()
    assert "not_allowed_to_revoke" in codes(report)


def test_the_recovery_key_signs_nothing_but_keys():
    recovery = signer("recovery")
    report = story_of(
        lambda log, m, s: log.say(m, "lot.hold", {"lot": urn("ore"), "reason": "x"}, key=recovery), recovery=recovery
    ).report()
    assert "key_not_active" in codes(report)


LETTER = [{"name": "letter.pdf", "media_type": "application/pdf", "bytes": 9, "sha256": f"sha256:{'0' * 64}"}]


def test_an_organisation_may_rule_out_recovery_by_the_operator():
    body = new_key() | {"by": "operator", "reason": "lost"}
    say = lambda log, m, s: log.say(  # noqa: E731
        log.operator, "key.add", body, subject=m.urn, cosigned=[(m, signer("new"))], evidence=LETTER
    )
    allowed = story_of(say).report()
    assert "recovery_forbidden" not in codes(allowed)
    forbidden = story_of(say, operator_recovery=False).report()
    assert "recovery_forbidden" in codes(forbidden)


def test_what_is_signed_after_the_operator_added_a_key_says_so():
    def say(log, miner, story):
        body = new_key() | {"by": "operator", "reason": "lost"}
        new = [(miner, signer("new"))]
        log.say(log.operator, "key.add", body, subject=miner.urn, cosigned=new, evidence=LETTER)
        log.say(miner, "lot.hold", {"lot": urn("ore"), "reason": "x"}, key=signer("new"))

    assert "operator_added_key" in {one.code for one in story_of(say).report().findings()}


class WeakKey:
    """A key of small order, under which one signature fits many messages."""

    public_key = bytes(32)  # y = 0, a point of order 4

    def sign(self, message):
        return self.public_key + bytes(32)


def test_a_small_order_key_is_refused():
    """Section 6, refused are small-order public keys: under such a one a signature fits many messages."""
    story = smallest()
    weak = story.log.register("weak", key=WeakKey())
    attest(story, weak, "source")
    story.log.commit()
    report = story.report()
    assert report.verdict is Verdict.INVALID
    assert "small_order_key" in codes(report)


def resigned(change):
    """The smallest story with another envelope around its lot."""
    log = Log()
    said = log.say(log.operator, "lot.source", ORE)
    log.said.pop()
    log.leaves.pop()
    log.heads.pop(urn("ore"))
    log.log(change(envelope.parse_envelope(said.envelope)))
    log.commit()
    log.said[1].disclosures = said.disclosures
    return Story(log, urn("ore"), {"operator": log.operator}).report()


L = 2**252 + 27742317777372353535851937790883648493


def malleable(sealed):
    one = sealed.signatures[0]
    s = int.from_bytes(one.sig[32:], "little") + L
    return Envelope(sealed.payload, (Signature(one.keyid, one.sig[:32] + s.to_bytes(32, "little")),))


def flipped(sealed):
    one = sealed.signatures[0]
    return Envelope(sealed.payload, (Signature(one.keyid, bytes([one.sig[0] ^ 1]) + one.sig[1:]),))


def doubled(sealed):
    return Envelope(sealed.payload, sealed.signatures * 2)


def by_another(sealed):
    return envelope.seal(sealed.payload, [signer("another")])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (malleable, "signature_not_canonical"),
        (flipped, "bad_signature"),
        (doubled, "wrong_signers"),
        (by_another, "wrong_signers"),
    ],
)
def test_a_signature_that_does_not_hold(change, code):
    report = resigned(lambda sealed: envelope.encode_envelope(change(sealed)))
    assert report.verdict is Verdict.INVALID
    assert codes(report) & {code, "signature_not_canonical" if change is flipped else code}


def test_an_envelope_has_one_form():
    story = smallest()
    members = story.log.members()
    name = story.said["source"].name
    members[name] = members[name].replace(b'","payloadType"', b'", "payloadType"')
    report = story.report(members)
    assert report.verdict is Verdict.INVALID
    assert "envelope_not_canonical" in codes(report)


def test_a_statement_is_not_signed_twice_under_one_id():
    log = Log()
    log.say(log.operator, "lot.source", ORE, id=urn("one id"))
    log.say(log.operator, "lot.hold", {"lot": urn("ore"), "reason": "x"}, id=urn("one id"))
    log.commit()
    report = Story(log, urn("ore")).report()
    assert report.verdict is Verdict.INVALID
    assert "id_taken" in codes(report)


# The doubtful window of a key that was stolen


def stolen(say_before=None, say_after=None):
    """The miner's key was in the hands of a thief from his lot on; he revokes it with another one."""
    story = mine_to_metal(commit=False)
    log, a = story.log, story.parties["a"]
    if say_before:
        say_before(story)
    spare = signer("spare")
    log.say(a, "key.add", new_key("spare"), subject=a.urn, cosigned=[(a, spare)])
    # The key that was added while the thief had the first one falls with it, so the operator helps.
    revoke(log, a, a.key, story.said["dispatch"].index, by=log.operator)
    if say_after:
        say_after(story)
    log.commit()
    return story


def test_what_a_thief_could_have_signed_is_in_doubt():
    """Section 6, statements in the doubtful window: the thief's key before its revocation."""
    story = mine_to_metal(commit=False)
    log, a = story.log, story.parties["a"]
    revoke(log, a, a.key, story.said["split"].index)
    log.commit()
    report = story.report()
    assert report.verdict is Verdict.VALID_WITH_WARNINGS
    assert codes(report) == {"signed_in_compromise_window", "signed_in_compromise_window_confirmed_by"}


def test_a_receipt_confirms_and_one_of_the_trust_file_removes_the_doubt():
    story = stolen()
    confirmed = codes(story.report())
    assert "signed_in_compromise_window_confirmed_by" in confirmed
    trusted = story.report(trust=Trust(organisations={story.parties[one].urn: "" for one in "ab"}))
    assert codes(trusted) == {"signed_in_compromise_window"}  # the key.add itself: nobody confirms it


def test_an_attestation_before_the_revocation_confirms():
    def before(story):
        story.parties["auditor"] = story.log.register("auditor", roles=["auditor"])
        attest(story, story.parties["auditor"], "dispatch")

    story = stolen(before)
    trust = Trust(auditors={story.parties["auditor"].urn: "Auditor"})
    doubts = [one for one in story.report(trust=trust).findings() if one.code.startswith("signed_in_compromise")]
    assert {(one.code, one.level.name) for one in doubts if one.where == story.said["dispatch"].name} == {
        ("signed_in_compromise_window_confirmed_by", "NOTE")
    }


def test_an_attestation_after_the_revocation_confirms_nothing():
    def after(story):
        auditor = story.log.register("auditor", roles=["auditor"])
        attest(story, auditor, "split")

    story = mine_to_metal(commit=False)
    log, a = story.log, story.parties["a"]
    revoke(log, a, a.key, story.said["split"].index)
    after(story)
    log.commit()
    trust = Trust(auditors={urn("auditor"): ""})
    found = {one.where: one.code for one in story.report(trust=trust).findings() if one.level}
    assert found[story.said["split"].name] == "signed_in_compromise_window"


def test_re_attestation_by_the_issuer_under_another_key_repairs():
    story = mine_to_metal(commit=False)
    log, a = story.log, story.parties["a"]
    spare = signer("spare")
    log.say(a, "key.add", new_key("spare"), subject=a.urn, cosigned=[(a, spare)])
    start = len(log.leaves)
    story.said["release"] = log.say(a, "lot.recall", {"lot": urn("con/1"), "reason": "said by a thief"})
    revoke(log, a, a.key, start, with_key=spare)
    a.key = spare
    attest(story, a, "release", scope=["custody"])
    log.commit()
    assert codes(story.report()) == {"recall"}


@pytest.mark.parametrize(
    ("trust", "code"),
    [
        (Trust(holder_keys_required=True), "platform_keys"),
        (Trust(operators={urn("another"): ""}), "operator_not_accepted"),
        (Trust(organisations={urn("another"): ""}), "organisation_not_accepted"),
        (None, "trust_self_asserted"),
    ],
)
def test_what_the_reader_does_not_accept_is_never_valid(trust, code):
    report = mine_to_metal().report(trust=trust)
    assert report.verdict is Verdict.INCOMPLETE
    assert codes(report) == {code}


def test_holder_keys_are_said_only_where_every_key_was_holder_held():
    report = story_of(lambda log, m, s: None, custody="holder").report()
    assert {one.where for one in report.findings() if one.code == "platform_keys"} == {urn("operator")}
