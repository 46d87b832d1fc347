"""The header of a statement: one valid payload, one mutation per failure (record-format.md sections 1, 2 and 4)."""

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest

from tests.ledger.statements import ISSUER, LOT, NOON, body_of, digest, header, payload, said, urn
from traceability.ledger import canonical
from traceability.ledger.errors import RecordError
from traceability.ledger.kinds import KINDS
from traceability.ledger.statement import (
    Chain,
    Cosigner,
    ProcessStep,
    build_statement,
    custody_hash,
    parse_header,
    parse_statement,
)


def changed(kind: str, /, **changes: Any) -> bytes:
    """The payload of a kind with these members of the header changed; None removes one."""
    content = json.loads(payload(kind)) | changes
    return canonical.encode({name: value for name, value in content.items() if value is not None})


def code_of(written: bytes) -> str:
    with pytest.raises(RecordError) as caught:
        parse_statement(written)
    assert caught.value.sentence
    return caught.value.code


def test_a_statement_is_read_as_it_was_written() -> None:
    found = said("lot.transform")
    assert found.process == (ProcessStep("leach", "MY"), ProcessStep("separate", "MY"))
    assert (found.issued_at, found.occurred_from) == (NOON, NOON)
    assert found.digest == "sha256:" + hashlib.sha256(found.payload).hexdigest()
    assert [chain.subject for chain in found.chains] == sorted([LOT, urn("in 1"), urn("in 2")])


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_statement_is_built_as_it_would_be_read(kind: str) -> None:
    built = build_statement(**header(kind, body_of(kind)))
    assert built == parse_statement(built.payload) == said(kind)


def test_what_is_built_obeys_what_is_read() -> None:
    parts = header("lot.source", body_of("lot.source"))
    for change, code in (
        ({"nonce": "short"}, "bad_base64"),
        ({"body": body_of("lot.source") | {"spare": "1"}}, "unknown_field"),
        ({"body": body_of("lot.source") | {"ext": {"example.org/a": {"b": ["x" * 500] * 600}}}}, "too_large"),
        ({"issued_at": NOON - timedelta(days=1)}, "time_order"),
    ):
        with pytest.raises(RecordError) as refused:
            build_statement(**(parts | change))
        assert refused.value.code == code


def test_the_custody_hash_is_that_of_section_2() -> None:
    found = said("lot.hold")
    text = f"lodestone-custody/1\n{LOT}\n3\n{found.digest[7:]}\n"
    assert found.custody_hash(LOT) == "sha256:" + hashlib.sha256(text.encode()).hexdigest()
    assert custody_hash(LOT, 3, found.digest) == found.custody_hash(LOT)


BAD_HEADERS: dict[str, tuple[dict[str, Any], str]] = {
    "another format": ({"format": "lodestone-statement/2"}, "unknown_format"),
    "no format": ({"format": None}, "unknown_format"),
    "an unknown kind": ({"kind": "lot.paint"}, "unknown_kind"),
    "a reserved kind": ({"kind": "lot.pack"}, "reserved_kind"),
    "an unknown member": ({"colour": "red"}, "unknown_field"),
    "no id": ({"id": None}, "missing_field"),
    "an id of another version": ({"id": "urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8"}, "wrong_type"),
    "a nonce of 15 bytes": ({"nonce": "A" * 20}, "bad_base64"),
    "a nonce in a second writing": ({"nonce": "A" * 21 + "B"}, "bad_base64"),
    "no nonce": ({"nonce": None}, "missing_field"),
    "no key": ({"key": None}, "missing_field"),
    "no seen": ({"seen": None}, "missing_field"),
    "a seen without root": ({"seen": {"origin": "a", "size": 1}}, "missing_field"),
    "a negative size": ({"seen": {"origin": "a", "size": -1, "root": digest("a")}}, "out_of_range"),
    "no chains": ({"chains": None}, "bad_header"),
    "no body": ({"body": None}, "bad_header"),
    "an offset that no clock has": ({"utc_offset": "+25:00"}, "bad_utc_offset"),
    "cosigners where nobody cosigns": ({"cosigners": [{"organisation": ISSUER, "key": digest("k")}]},
                                       "cosigners_not_allowed"),
    "a process where there is none": ({"process": [{"step": "leach", "country": "MY"}]}, "process_not_allowed"),
    "an end before the start": ({"occurred_from": "2026-11-02T12:00:01Z"}, "time_order"),
    "a signature before the end": ({"issued_at": "2026-11-02T11:59:59Z"}, "time_order"),
    "evidence without a digest": ({"evidence": [{"name": "a", "media_type": "b", "bytes": 1}]}, "missing_field"),
    "evidence with a decoy": ({"evidence": [{"closed": {"name": "A" * 43}}]}, "not_closable"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD_HEADERS)
def test_a_bad_header_is_refused(case: str) -> None:
    changes, code = BAD_HEADERS[case]
    assert code_of(changed("lot.hold", **changes)) == code


def test_the_times_may_be_the_same() -> None:
    later = NOON + timedelta(days=9)
    assert said("lot.hold", issued_at=later, occurred=(NOON, later)).issued_at == later


@pytest.mark.parametrize("kind", [kind for kind in KINDS if KINDS[kind].cosigned])
def test_one_other_signs_at_most(kind: str) -> None:
    two = [{"organisation": urn(name), "key": digest(name)} for name in ("one", "two")]
    assert code_of(changed(kind, cosigners=two)) == "out_of_range"
    assert parse_statement(changed(kind, cosigners=two[:1])).cosigners == (Cosigner(urn("one"), digest("one")),)


HOLD = {"subject": LOT, "role": "lot", "seq": 3, "previous": digest("before")}
OTHER = {**HOLD, "subject": urn("another")}
BAD_CHAINS: dict[str, tuple[list[dict[str, Any]], str]] = {
    "none": ([], "out_of_range"),
    "another lot": ([OTHER], "bad_chains"),
    "one more lot": (sorted([HOLD, OTHER], key=lambda chain: str(chain["subject"])), "bad_chains"),
    "the lot twice": ([HOLD, HOLD], "bad_chains"),
    "no previous after seq 0": ([{name: HOLD[name] for name in ("subject", "role", "seq")}], "bad_chains"),
    "a previous at seq 0": ([{**HOLD, "seq": 0}], "bad_chains"),
    "a role of draws": ([{**HOLD, "role": "input"}], "bad_chains"),
    "a role that is none": ([{**HOLD, "role": "owner"}], "out_of_range"),
    "an unknown member": ([{**HOLD, "note": "x"}], "unknown_field"),
}


@pytest.mark.parametrize("case", BAD_CHAINS)
def test_bad_chains_are_refused(case: str) -> None:
    chains, code = BAD_CHAINS[case]
    assert code_of(changed("lot.hold", chains=chains)) == code


def test_chains_stand_in_the_order_of_their_subjects() -> None:
    content = json.loads(payload("lot.transform"))
    content["chains"].reverse()
    assert code_of(canonical.encode(content)) == "bad_chains"


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        ("lot.source", "lot"),
        ("lot.dispose", "lot"),
        ("lot.assay", "output"),
        ("statement.attest", "lot"),
        ("facility.register", "lot"),
        ("organisation.register", "output"),
        ("statement.void", "input"),
    ],
)
def test_each_kind_has_roles_of_its_own(kind: str, role: str) -> None:
    content = json.loads(payload(kind))
    content["chains"][0]["role"] = role
    assert code_of(canonical.encode(content)) == "bad_chains"


def test_a_transform_gives_each_lot_the_role_that_the_body_gives_it() -> None:
    body = body_of("lot.transform")
    chains = [Chain(urn("in 1"), "input", 3, digest("b")), Chain(urn("in 2"), "input_rest", 3, digest("b"))]
    assert said("lot.transform", body, chains=[*chains, Chain(LOT, "output", 0, None)]).chain(LOT)
    swapped = [*chains[:1], Chain(urn("in 2"), "output", 0, None), Chain(LOT, "input", 3, digest("b"))]
    assert code_of(payload("lot.transform", body, chains=swapped)) == "bad_chains"


def test_a_split_has_at_most_499_parts() -> None:
    row = {"material": "concentrate", "stage": "concentrate", "class": "product", "closed": {"mass_kg": "A" * 43}}

    def split(parts: int) -> bytes:
        outputs = [{**row, "lot": urn(f"part {n}")} for n in range(parts)]
        return payload("lot.transform", {"inputs": [{"lot": urn("in 1"), "mass_kg": "1"}], "outputs": outputs})

    assert len(parse_statement(split(499)).chains) == 500
    assert code_of(split(500)) == "out_of_range"


def test_only_the_heads_of_the_log_advance_nothing() -> None:
    assert said("log.heads").chains == ()
    content = json.loads(payload("log.heads")) | {"chains": [HOLD]}
    assert code_of(canonical.encode(content)) == "bad_chains"


def test_an_organisation_statement_advances_one_chain() -> None:
    content = json.loads(payload("facility.register"))
    content["chains"] = sorted(
        [content["chains"][0], {**OTHER, "role": "subject"}], key=lambda one: str(one["subject"])
    )
    assert code_of(canonical.encode(content)) == "bad_chains"


def test_the_header_of_an_unknown_kind_can_be_read() -> None:
    written = changed("lot.hold", kind="lot.paint", body={"colour": "red"})
    assert parse_header(written).kind == "lot.paint"
    assert parse_header(changed("lot.hold", format="lodestone-statement/9")).chains[0].subject == LOT


def test_the_bytes_are_the_one_writing() -> None:
    assert code_of(payload("lot.hold") + b"\n") == "not_canonical"
    assert code_of(b" " + payload("lot.hold")) == "not_canonical"
    assert code_of(payload("lot.hold").replace(b'"kind"', b'"kind":"lot.hold","kind"')) == "duplicate_field"
