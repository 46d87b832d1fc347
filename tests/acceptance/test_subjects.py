"""Who may append to which chain, and what a statement may name."""

from typing import Any

import pytest

from tests.acceptance.town import AUDITOR, MINE, OPERATOR, ORIGIN, WORKS, Town, WholeWorld, codes
from tests.ledger.statements import NOON, body_of, digest, urn
from tests.ledger.test_keys import id_of, offer
from traceability.ledger.errors import RecordError
from traceability.ledger.statement import Chain, Seen, Statement


@pytest.fixture
def town() -> Town:
    return Town()


def code_of(town: Town, statement: Statement) -> str:
    with pytest.raises(RecordError) as caught:
        town.decide(statement)
    assert caught.value.sentence
    return caught.value.code


def register(organisation: str) -> dict[str, Any]:
    return {"public_key": offer(organisation), "custody": "holder", "roles": ["supplier"], "country": "DE", "name": "N"}


def test_the_operator_registers_first() -> None:
    empty = Town.__new__(Town)
    empty.world, empty.count = WholeWorld(), 0
    first = empty.build(MINE, "organisation.register", register(MINE), key=id_of(MINE))
    assert code_of(empty, first) == "operator_first"
    operator = empty.build(OPERATOR, "organisation.register", register(OPERATOR), key=id_of(OPERATOR))
    assert empty.decide(operator).ring


def test_who_is_not_registered_says_nothing(town: Town) -> None:
    assert code_of(town, town.build(urn("nobody"), "lot.source", town.source_body("ore"))) == "not_registered"


def test_a_statement_for_another_log_is_refused(town: Town) -> None:
    elsewhere = Seen("other.example/log", 4, digest("root"))
    found = town.build(MINE, "lot.source", town.source_body("ore"), seen=elsewhere)
    assert code_of(town, found) == "foreign_log"


def test_the_heads_pass_no_queue(town: Town) -> None:
    assert code_of(town, town.build(OPERATOR, "log.heads", body_of("log.heads"))) == "heads_pass_no_queue"


# A urn names one thing for ever.


def opening(town: Town, kind: str, subject: str) -> Statement:
    """A statement that opens this subject, at its present head."""
    match kind:
        case "lot.source":
            return town.build(MINE, kind, town.source_body("ore", lot=subject))
        case "lot.transform":
            feed = f"feed {town.count}"
            town.source(feed)
            outputs = [{"lot": subject, "material": "ore", "stage": "ore", "class": "product", "mass_kg": "1"}]
            return town.build(MINE, kind, {"inputs": [{"lot": urn(feed), "mass_kg": "1"}], "outputs": outputs})
        case "organisation.attest":
            body = {"attestation": subject, "organisation": WORKS, "checked": ["identity"]}
        case "statement.attest":
            said = town.source(f"ore {town.count}")
            body = {"attestation": subject, "statements": [said.digest], "scope": ["matter"], "opinion": "conforms"}
        case "factors.publish":
            body = body_of(kind, subject=subject)
        case "declaration.publish":
            body = body_of(kind, declaration=subject)
        case "declaration.reference":
            town.take(town.build(MINE, "facility.register", {"facility": urn("site"), "country": "US", "name": "Site"}))
            body = body_of(kind, declaration=subject, facility=urn("site"))
        case "facility.register":
            body = {"facility": subject, "country": "US", "name": "Works"}
        case _:
            return town.build(subject, kind, register(subject), key=id_of(subject))
    return town.build(MINE, kind, body)


OPENING = ("lot.source", "lot.transform", "organisation.attest", "statement.attest", "factors.publish",
           "declaration.publish", "facility.register", "organisation.register")  # fmt: skip


@pytest.mark.parametrize("second", OPENING)
@pytest.mark.parametrize("first", OPENING)
def test_a_urn_names_one_thing_for_ever(town: Town, first: str, second: str) -> None:
    subject = urn("one urn for two things")
    town.take(opening(town, first, subject))
    code = code_of(town, opening(town, second, subject))
    assert code in ("subject_taken", "lot_exists", "not_your_subject", "already_registered", "not_the_organisation")


def test_a_lot_begins_its_own_chain(town: Town) -> None:
    """Not somebody else's at the second place, where the heads would not show who opened it."""
    attestation = opening(town, "organisation.attest", urn("attestation"))
    town.take(attestation)
    found = town.build(MINE, "lot.source", town.source_body("ore", lot=urn("attestation")))
    assert found.chains[0].seq == 1
    assert code_of(town, found) == "subject_taken"


# Chains.


def test_a_link_follows_the_head(town: Town) -> None:
    town.source("ore")
    hold = {"lot": urn("ore"), "reason": "x"}
    right = town.chain(urn("ore"), "lot")
    for wrong in (
        Chain(right.subject, "lot", right.seq + 1, right.previous),
        Chain(right.subject, "lot", right.seq, digest("another head")),
        Chain(right.subject, "lot", 0, None),
    ):
        assert code_of(town, town.build(MINE, "lot.hold", hold, chains=[wrong])) == "head_moved"


def test_an_organisation_speaks_on_its_own_chain(town: Town) -> None:
    body = {"facility": urn("new facility"), "country": "US", "name": "W"}
    assert code_of(town, town.build(MINE, "facility.register", body, subject=WORKS)) == "not_your_subject"
    attestation = opening(town, "organisation.attest", urn("attestation"))
    town.take(attestation)
    assert code_of(town, town.build(MINE, "facility.register", body, subject=urn("attestation"))) == "not_your_subject"


@pytest.mark.parametrize(("kind", "role"), [("statement.void", "subject"), ("statement.correct", "subject")])
def test_later_versions_have_the_role_of_their_subject(town: Town, kind: str, role: str) -> None:
    source = town.source("ore")
    found = town.voiding(source) if kind == "statement.void" else town.correction(source)
    chains = [Chain(chain.subject, role, chain.seq, chain.previous) for chain in found.chains]
    wrong = town.build(MINE, kind, found.body, chains=chains)
    assert code_of(town, wrong) == "wrong_chain_role"


# Declarations.


def declare(town: Town, name: str, by: str = MINE) -> Statement:
    return town.say(by, "declaration.publish", body_of("declaration.publish", declaration=urn(name)))


def supersede(town: Town, first: str, second: str, by: str = MINE) -> Statement:
    body = {"declaration": urn(first), "successor": urn(second), "reason": "new figures"}
    return town.build(by, "declaration.supersede", body)


def test_a_declaration_is_superseded_by_a_living_one_of_the_same_declarant(town: Town) -> None:
    for name in ("first", "second", "third"):
        declare(town, name)
    declare(town, "of another", WORKS)
    assert code_of(town, supersede(town, "first", "nothing")) == "not_a_successor"
    assert code_of(town, supersede(town, "first", "of another")) == "not_a_successor"
    town.say(MINE, "declaration.withdraw", {"declaration": urn("third"), "reason": "x"})
    assert code_of(town, supersede(town, "first", "third")) == "not_a_successor"
    town.take(supersede(town, "first", "second"))
    assert code_of(town, supersede(town, "first", "second")) == "subject_ended"


def test_only_the_declarant_ends_a_declaration(town: Town) -> None:
    declare(town, "first")
    declare(town, "of another", WORKS)
    body = {"declaration": urn("first"), "reason": "x"}
    assert code_of(town, town.build(WORKS, "declaration.withdraw", body)) == "not_your_subject"
    assert code_of(town, supersede(town, "first", "of another", WORKS)) == "not_your_subject"
    none = {"declaration": urn("nothing"), "reason": "x"}
    assert code_of(town, town.build(MINE, "declaration.withdraw", none)) == "not_your_subject"


# What is named.


def test_an_attestation_names_statements_of_this_log(town: Town) -> None:
    ore = town.source("ore")
    body = {"attestation": urn("a"), "statements": [ore.digest], "scope": ["matter"], "opinion": "conforms"}
    assert town.decide(town.build(AUDITOR, "statement.attest", body)).heads
    town.world.carried = frozenset({digest("never said")})
    unknown = body | {"statements": [ore.digest, digest("never said")]}
    assert code_of(town, town.build(AUDITOR, "statement.attest", unknown)) == "missing_reference"


def test_an_attestation_names_an_organisation_of_this_log(town: Town) -> None:
    body = {"attestation": urn("a"), "organisation": urn("nobody"), "checked": ["identity"]}
    assert code_of(town, town.build(OPERATOR, "organisation.attest", body)) == "unknown_organisation"


@pytest.mark.parametrize(
    ("to", "code"),
    [
        (urn("nobody"), "unknown_organisation"),
        (MINE, "dispatch_to_self"),
        ({"origin": ORIGIN, "organisation": WORKS}, "recipient_is_here"),
    ],
)
def test_a_dispatch_names_a_recipient_that_there_is(town: Town, to: Any, code: str) -> None:
    town.source("ore")
    body = {"lot": urn("ore"), "to": to, "mass_kg": "1000", "tolerance_pct": "0.05"}
    assert code_of(town, town.build(MINE, "lot.dispatch", body)) == code


@pytest.mark.parametrize("to", [WORKS, "outside", {"origin": "log.example/other", "organisation": WORKS}])
def test_a_dispatch_goes_to_others(town: Town, to: Any) -> None:
    town.source("ore")
    body = {"lot": urn("ore"), "to": to, "mass_kg": "1000", "tolerance_pct": "0.05"}
    assert town.decide(town.build(MINE, "lot.dispatch", body)).lots


def test_a_facility_is_ones_own_and_stands_before(town: Town) -> None:
    body = town.source_body("ore", facility=town.facility)
    assert town.decide(town.build(MINE, "lot.source", body)).lots
    assert code_of(town, town.build(WORKS, "lot.source", body)) == "facility_not_yours"
    assert code_of(town, town.build(MINE, "lot.source", body | {"facility": urn("none")})) == "facility_not_yours"


def test_a_facility_that_was_withdrawn_is_named_no_more(town: Town) -> None:
    body = {"facility": urn("second"), "country": "US", "name": "W"}
    second = town.say(MINE, "facility.register", body)
    ore = town.source("ore", facility=urn("second"))
    town.void(second)
    late = town.build(MINE, "lot.source", town.source_body("ore 2", facility=urn("second")))
    assert code_of(town, late) == "facility_not_yours"
    assert town.decide(town.correction(ore, mass_kg="900")).lots  # what a correction does not change may stay


def certificate(facility: str, **fields: Any) -> dict[str, Any]:
    plain = {"standard": "ISO 14001:2015", "certifier": "C", "valid_from": "2024-01-01", "valid_until": "2026-12-31"}
    return {"facility": facility, **plain, **fields}


def test_a_certificate_is_of_ones_own_facility(town: Town) -> None:
    body = certificate(town.facility)
    assert town.decide(town.build(MINE, "facility.certificate", body)).heads[0].subject == MINE
    assert code_of(town, town.build(WORKS, "facility.certificate", body)) == "facility_not_yours"
    assert code_of(town, town.build(MINE, "facility.certificate", certificate(urn("none")))) == "facility_not_yours"
    assert code_of(town, town.build(MINE, "facility.certificate", body, subject=WORKS)) == "not_your_subject"


def test_a_certificate_renews_one_of_the_same_facility(town: Town) -> None:
    first = town.say(MINE, "facility.certificate", certificate(town.facility))
    town.say(MINE, "facility.register", {"facility": urn("second"), "country": "US", "name": "W"})
    town.say(WORKS, "facility.register", {"facility": urn("a site of the works"), "country": "US", "name": "W"})
    ore = town.source("ore")

    def code_to(renews: str, issuer: str = MINE, facility: str = town.facility) -> str:
        return code_of(town, town.build(issuer, "facility.certificate", certificate(facility, renews=renews)))

    assert code_to(first.digest, facility=urn("second")) == "not_that_certificate"
    assert code_to(first.digest, issuer=WORKS, facility=urn("a site of the works")) == "not_that_certificate"
    assert code_to(ore.digest) == "not_that_certificate"
    assert code_to(digest("none")) == "not_that_certificate"
    again = town.say(MINE, "facility.certificate", certificate(town.facility, renews=first.digest))
    town.void(first)
    assert code_to(first.digest) == "not_that_certificate"
    assert code_of(town, town.correction(again, renews=digest("none"))) == "never_changed"
    assert code_of(town, town.correction(again, valid_until="2023-12-31")) == "ends_before_it_begins"
    assert town.decide(town.correction(again, valid_until="2027-12-31")).heads


def test_a_correction_names_another_facility_under_the_same_rule(town: Town) -> None:
    ore = town.source("ore")
    assert code_of(town, town.correction(ore, facility=urn("none"))) == "facility_not_yours"
    assert town.decide(town.correction(ore, facility=town.facility)).lots


def test_a_draw_that_ended_before_its_lot_was_made_is_refused(town: Town) -> None:
    town.source("ore")
    for kind, body in (
        ("lot.dispose", {"lot": urn("ore"), "mass_kg": "1", "route": "landfill"}),
        ("lot.transform", {"inputs": [{"lot": urn("ore"), "mass_kg": "1"}],
                           "outputs": [{"lot": urn("p"), "material": "ore", "stage": "ore", "class": "product",
                                        "mass_kg": "1"}]}),
    ):  # fmt: skip
        assert code_of(town, town.build(MINE, kind, body, at=NOON)) == "used_before_made"


def test_a_dispatch_that_ended_before_its_lot_was_made_is_refused(town: Town) -> None:
    ore = town.source("ore")
    sent = {"lot": urn("ore"), "to": WORKS, "mass_kg": "1000", "tolerance_pct": "0.05"}
    assert code_of(town, town.build(MINE, "lot.dispatch", sent, at=NOON)) == "used_before_made"
    later = {"occurred_from": "2026-11-10T00:00:00Z", "occurred_to": "2026-11-10T00:00:00Z"}
    town.source("time passes")
    town.take(town.correction(ore, claim=later))
    assert code_of(town, town.build(MINE, "lot.dispatch", sent, at=ore.occurred_to)) == "used_before_made"
    assert town.decide(town.build(MINE, "lot.dispatch", sent)).findings == ()


def test_an_assay_that_ended_before_its_lot_was_made_is_refused(town: Town) -> None:
    ore = town.source("ore")
    body = {"lot": urn("ore"), "assay": {"basis": "dry_mass", "rows": [{"species": "Nd2O3", "content_pct": "0.6"}]}}
    assert code_of(town, town.build(MINE, "lot.assay", body, at=NOON)) == "assayed_before_made"
    town.take(town.build(MINE, "lot.assay", body, at=ore.occurred_to))
    later = {"occurred_from": "2026-11-10T00:00:00Z", "occurred_to": "2026-11-10T00:00:00Z"}
    town.source("time passes")
    assert [one.code for one in town.take(town.correction(ore, claim=later)).findings] == ["built_on_corrected"]


@pytest.mark.parametrize("kind", ["lot.receive", "lot.reject"])
def test_an_answer_that_ended_before_the_goods_were_sent_is_a_finding(town: Town, kind: str) -> None:
    town.source("ore")
    sent = town.send("ore", "1000")
    body = {"lot": urn("ore"), "dispatch": sent.digest}
    body |= {"weighed_mass_kg": "1000", "difference": "within"} if kind == "lot.receive" else {"reason": "wet"}
    for moment, expected in ((NOON, ["back_dated"]), (sent.occurred_to, [])):
        assert codes(town.decide(town.build(WORKS, kind, body, at=moment))) == expected
