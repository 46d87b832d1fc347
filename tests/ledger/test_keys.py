"""Keys by order in the log: registration, rotation, recovery, windows of doubt (record-format.md section 6)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import pytest

from tests.ledger.statements import digest, said, urn
from traceability.ledger import identifiers, keys, signing
from traceability.ledger.errors import RecordError
from traceability.ledger.keys import KeyRing, in_doubt
from traceability.ledger.statement import Chain, Cosigner, Statement

OPERATOR, COMPANY, OTHER = urn("operator"), urn("company"), urn("other company")
EVIDENCE: list[object] = [
    {"name": "letter.pdf", "media_type": "application/pdf", "bytes": 9, "sha256": digest("letter")}
]


def key(name: str) -> signing.KeySigner:
    return signing.KeySigner(sha256(f"key {name}".encode()).digest())


def id_of(name: str) -> str:
    return signing.key_id(key(name).public_key)


def offer(name: str) -> str:
    return identifiers.b64url_encode(key(name).public_key)


@dataclass
class Town:
    """The rings of all organisations; every statement takes the next index."""

    rings: dict[str, KeyRing] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    index: int = 0

    def take(self, statement: Statement) -> KeyRing:
        """The ring after a statement, whose signers must be allowed to sign."""
        keys.signers(statement, self.rings.get)
        subject = keys.subject_organisation(statement)
        ring = keys.advance(statement, self.index, self.rings.get(subject), operator=OPERATOR, owner_of=self.owners.get)
        assert ring is not None
        self.rings[subject] = ring
        self.owners |= dict.fromkeys(ring.keys, subject)
        self.index += 1
        return ring

    def register(self, organisation: str = COMPANY, first: str = "first", recovery: str = "", **more: Any) -> KeyRing:
        body = {"public_key": offer(first), "custody": "holder", "roles": ["supplier"], "country": "EE", "name": "X"}
        signers = []
        if recovery:
            body["recovery_public_key"] = offer(recovery)
            signers = [Cosigner(organisation, id_of(recovery))]
        return self.take(spoken("organisation.register", body | more, organisation, first, signers))

    def add(self, new: str, signer: str, /, *, issuer: str = COMPANY, about: str = COMPANY, **more: Any) -> KeyRing:
        evidence = more.pop("evidence", EVIDENCE)
        body = {"public_key": offer(new), "custody": "holder", **more}
        return self.take(spoken("key.add", body, issuer, signer, [Cosigner(about, id_of(new))], about, evidence))

    def rotate(self, new: str, by: str) -> KeyRing:
        body = {"public_key": offer(new), "custody": "holder"}
        return self.take(spoken("key.rotate", body, COMPANY, by, [Cosigner(COMPANY, id_of(new))]))

    def revoke(self, victim: str, since: int, by: str, *, issuer: str = COMPANY) -> KeyRing:
        body = {"key": id_of(victim), "compromised_from_index": since, "reason": "stolen"}
        return self.take(spoken("key.revoke", body, issuer, by, about=COMPANY))


def spoken(
    kind: str,
    body: Mapping[str, Any],
    issuer: str,
    by: str,
    cosigners: list[Cosigner] | None = None,
    about: str = "",
    evidence: list[object] | None = None,
) -> Statement:
    chain = Chain(about or issuer, "subject", 0, None) if kind == "organisation.register" else None
    chains = [chain or Chain(about or issuer, "subject", 4, digest("head"))]
    return said(
        kind, dict(body), issuer=issuer, key=id_of(by), chains=chains, cosigners=cosigners or [], evidence=evidence
    )


@pytest.fixture
def town() -> Town:
    """The operator is leaf 0, the company leaf 1, with a recovery key."""
    found = Town()
    found.register(OPERATOR, "of the operator")
    found.register(recovery="recovery")
    return found


def refused(code: str) -> Any:
    return pytest.raises(RecordError, check=lambda error: error.code == code)


def active(ring: KeyRing) -> set[str]:
    return {name for name in NAMES if (record := ring.keys.get(id_of(name))) and record.active}


NAMES = ("first", "second", "third", "fourth", "recovery", "recovery 2", "thief", "new")


# Registration.


def test_the_register_activates_its_first_key_and_its_recovery_key(town: Town) -> None:
    ring = town.rings[COMPANY]
    assert active(ring) == {"first", "recovery"}
    assert [record.recovery for record in ring.keys.values()] == [False, True]
    assert [record.since for record in ring.keys.values()] == [1, 1]


def test_an_organisation_registers_once(town: Town) -> None:
    with refused("already_registered"):
        town.register(first="second")


def test_nobody_registers_for_another(town: Town) -> None:
    body = {"public_key": offer("thief"), "custody": "holder", "roles": ["supplier"], "country": "EE", "name": "X"}
    with refused("not_the_organisation"):
        town.take(spoken("organisation.register", body, OTHER, "thief", about=urn("victim")))


def test_a_key_belongs_to_one_organisation(town: Town) -> None:
    for taken in ("first", "recovery"):
        with refused("key_taken"):
            town.register(OTHER, taken)


def test_the_recovery_key_is_another_key() -> None:
    with refused("proof_of_possession"):
        Town().register(recovery="first")


def test_the_header_names_the_key_that_the_body_offers(town: Town) -> None:
    with refused("proof_of_possession"):
        town.register(OTHER, "third", public_key=offer("fourth"))


def test_a_recovery_key_signs_second() -> None:
    body = {"public_key": offer("first"), "custody": "holder", "roles": ["supplier"], "country": "EE", "name": "X"}
    with refused("proof_of_possession"):
        Town().take(spoken("organisation.register", body | {"recovery_public_key": offer("third")}, COMPANY, "first"))
    with refused("proof_of_possession"):
        Town().take(spoken("organisation.register", body, COMPANY, "first", [Cosigner(COMPANY, id_of("third"))]))


@pytest.mark.parametrize("public_key", [bytes(32), b"\x01" + bytes(31), b"\xff" * 32])
def test_a_weak_key_is_refused(public_key: bytes) -> None:
    with pytest.raises(RecordError):
        Town().register(public_key=identifiers.b64url_encode(public_key))


# Adding and rotating.


def test_a_key_is_added_by_an_active_key_and_proves_itself(town: Town) -> None:
    assert active(town.add("second", "first")) == {"first", "second", "recovery"}
    with refused("proof_of_possession"):
        body = {"public_key": offer("third"), "custody": "holder"}
        town.take(spoken("key.add", body, COMPANY, "first", about=COMPANY))


def test_a_proof_of_possession_is_for_this_organisation(town: Town) -> None:
    body = {"public_key": offer("third"), "custody": "holder"}
    with refused("proof_of_possession"):
        town.take(spoken("key.add", body, COMPANY, "first", [Cosigner(OPERATOR, id_of("third"))]))


def test_a_rotated_key_speaks_no_more_and_never_returns(town: Town) -> None:
    assert active(town.rotate("second", "first")) == {"second", "recovery"}
    with refused("key_not_active"):
        town.add("third", "first")
    with refused("key_taken"):
        town.rotate("first", "second")


def test_an_unknown_key_says_nothing(town: Town) -> None:
    with refused("key_unknown"):
        town.add("second", "thief")


def test_holder_held_is_said_of_keys_that_are_all_holder_held(town: Town) -> None:
    assert town.rings[COMPANY].holder_held()
    assert not town.add("second", "first", custody="platform").holder_held()
    assert town.revoke("second", 1, "first").holder_held()


# The recovery key.


def test_the_recovery_key_speaks_only_about_keys(town: Town) -> None:
    hold = said("lot.hold", issuer=COMPANY, key=id_of("recovery"))
    with refused("key_not_active"):
        keys.signers(hold, town.rings.get)
    settle = said("lot.settle", issuer=OPERATOR, key=id_of("of the operator"),
                  cosigners=[Cosigner(COMPANY, id_of("recovery"))])  # fmt: skip
    with refused("key_not_active"):
        keys.signers(settle, town.rings.get)
    assert active(town.add("second", "recovery")) == {"first", "second", "recovery"}


def test_the_recovery_key_replaces_itself_and_nobody_else_does(town: Town) -> None:
    ring = town.rotate("recovery 2", "recovery")
    assert active(ring) == {"first", "recovery 2"}
    assert ring.keys[id_of("recovery 2")].recovery
    with refused("not_allowed_to_revoke"):
        town.revoke("recovery 2", 0, "first")
    with refused("not_allowed_to_revoke"):
        town.revoke("recovery 2", 0, "of the operator", issuer=OPERATOR)


def test_the_recovery_key_does_not_fall_with_the_key_that_a_thief_took(town: Town) -> None:
    town.add("thief", "first")
    assert "recovery" in active(town.revoke("first", 0, "recovery"))


# Revocation.


def test_with_a_key_falls_what_it_brought_in_from_that_index_on(town: Town) -> None:
    town.add("second", "first")  # index 2
    town.add("thief", "first")  # 3
    town.add("third", "thief")  # 4
    town.rotate("fourth", "second")  # 5: brought in by a key from before the window
    ring = town.revoke("first", 3, "recovery")
    assert active(ring) == {"fourth", "recovery"}
    assert [in_doubt(ring.keys[id_of("first")], index) for index in (2, 3, 9)] == [False, True, True]
    assert in_doubt(ring.keys[id_of("third")], 4)
    assert not in_doubt(ring.keys[id_of("second")], 4)


def test_the_window_starts_at_the_latest_with_the_revocation(town: Town) -> None:
    with refused("compromise_in_future"):
        town.revoke("first", 3, "recovery")
    town.revoke("first", 2, "recovery")


def test_a_key_may_be_doubted_after_it_was_rotated_away(town: Town) -> None:
    town.rotate("second", "first")
    ring = town.revoke("first", 1, "second")
    assert (ring.keys[id_of("first")].ended, ring.keys[id_of("first")].compromised_from) == (2, 1)
    assert active(ring) == {"recovery"}  # the second key came through the first


def test_between_two_revocations_by_the_recovery_key_the_first_decides(town: Town) -> None:
    town.add("second", "first")
    town.revoke("first", 2, "recovery")
    with refused("first_revocation_decides"):
        town.revoke("first", 0, "recovery")


def test_what_the_recovery_key_decided_stands_when_its_parent_falls_later(town: Town) -> None:
    town.add("second", "first")  # 2
    town.add("third", "second")  # 3
    town.revoke("third", 4, "recovery")
    ring = town.revoke("second", 2, "recovery")
    assert ring.keys[id_of("third")].compromised_from == 4


def test_doubt_never_becomes_less(town: Town) -> None:
    town.add("second", "first")
    town.revoke("first", 1, "second")
    ring = town.revoke("first", 3, "recovery")
    assert ring.keys[id_of("first")].compromised_from == 1


def test_only_keys_of_the_organisation_are_revoked(town: Town) -> None:
    with refused("key_unknown"):
        town.revoke("of the operator", 0, "first")
    town.register(OTHER, "third")
    with refused("not_the_organisation"):
        town.revoke("first", 0, "third", issuer=OTHER)


# The operator.


def test_the_operator_brings_a_key_to_who_has_lost_his_and_it_is_said_for_ever(town: Town) -> None:
    ring = town.add("new", "of the operator", issuer=OPERATOR, by="operator", reason="insolvency")
    assert ring.keys[id_of("new")].by_operator
    assert ring.under_operator_key()
    assert not town.rings[OPERATOR].under_operator_key()


@pytest.mark.parametrize("left_out", ["by", "reason", "evidence"])
def test_the_operator_says_that_it_was_he_and_why(town: Town, left_out: str) -> None:
    words: dict[str, Any] = {"by": "operator", "reason": "insolvency", "evidence": EVIDENCE}
    words[left_out] = None
    given = {name: value for name, value in words.items() if value is not None or name == "evidence"}
    with refused("recovery_forbidden"):
        town.add("new", "of the operator", issuer=OPERATOR, **given)


def test_nobody_else_says_that_the_operator_brought_a_key(town: Town) -> None:
    with refused("not_the_organisation"):
        town.add("new", "first", by="operator")


def test_an_organisation_may_rule_the_operator_out() -> None:
    town = Town()
    town.register(OPERATOR, "of the operator")
    town.register(operator_recovery=False)
    with refused("recovery_forbidden"):
        town.add("new", "of the operator", issuer=OPERATOR, by="operator", reason="insolvency")
    assert active(town.revoke("first", 0, "of the operator", issuer=OPERATOR)) == set()


def test_the_operator_revokes_but_does_not_rotate(town: Town) -> None:
    body = {"public_key": offer("new"), "custody": "platform"}
    with refused("not_the_organisation"):
        town.take(spoken("key.rotate", body, OPERATOR, "of the operator", [Cosigner(COMPANY, id_of("new"))], COMPANY))
    assert active(town.revoke("first", 0, "of the operator", issuer=OPERATOR)) == {"recovery"}


def test_other_organisations_have_no_power_over_keys(town: Town) -> None:
    town.register(OTHER, "third")
    with refused("not_the_organisation"):
        town.add("new", "third", issuer=OTHER, by="operator", reason="x")


def test_about_an_unknown_organisation_nothing_is_said(town: Town) -> None:
    body = {"public_key": offer("new"), "custody": "holder", "by": "operator", "reason": "x"}
    with refused("key_unknown"):
        town.take(
            spoken("key.add", body, OPERATOR, "of the operator", [Cosigner(OTHER, id_of("new"))], OTHER, EVIDENCE)
        )
