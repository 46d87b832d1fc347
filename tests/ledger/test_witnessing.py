"""What a witness answers to each request, in the order in which it looks, and what its answer is worth."""

import pytest

from tests.ledger.log_keys import LOG, LOG_ML, ORIGIN, WITNESSES, note_signer
from traceability.ledger import merkle, tiles
from traceability.ledger.checkpoint import Checkpoint, sign_checkpoint
from traceability.ledger.errors import RecordError
from traceability.ledger.merkle import EMPTY_ROOT, TreeHead
from traceability.ledger.notes import ED25519, add_signatures, format_note, parse_note
from traceability.ledger.witnessing import (
    BadRequest,
    Forked,
    NotByLog,
    OtherSize,
    Request,
    UnknownOrigin,
    answer_lines,
    cosignatures,
    format_request,
    judge,
    parse_request,
    parse_size,
)

LEAVES = [merkle.leaf_hash(bytes([n])) for n in range(20)]
LOGS = {ORIGIN: [LOG.key, LOG_ML.key]}


def head(size, leaves=LEAVES):
    return TreeHead(size, merkle.root_of(leaves[:size]))


def path(old, new, leaves=LEAVES):
    if old in (0, new):
        return ()
    store = tiles.grow(0, leaves[:new], lambda tile: b"")
    return merkle.consistency_path(old, new, tiles.subtree_reader(new, store.__getitem__))


def note(size, *, leaves=LEAVES, signer=LOG, origin=ORIGIN):
    return sign_checkpoint(Checkpoint(origin, head(size, leaves)), [signer], time=1_800_000_000)


def asked(old, new, **more):
    return Request(old, path(old, new, more.get("leaves", LEAVES)), note(new, **more))


@pytest.mark.parametrize(("old", "new"), [(0, 0), (0, 1), (0, 20), (1, 2), (3, 20), (16, 17), (20, 20)])
def test_a_tree_that_grew_is_cosigned(old, new):
    request = parse_request(format_request(asked(old, new)))
    assert judge(request, LOGS, {ORIGIN: head(old)}).checkpoint.head == head(new)


FORK = [*LEAVES[:5], *LEAVES[6:], LEAVES[5]]


@pytest.mark.parametrize(
    ("request_", "known", "error", "status"),
    [
        (
            asked(0, 5, origin="elsewhere.example", signer=note_signer("elsewhere.example", ED25519)),
            0,
            UnknownOrigin,
            404,
        ),
        (asked(0, 5, signer=note_signer(ORIGIN, ED25519, "thief")), 0, NotByLog, 403),
        (Request(9, (), note(5)), 9, BadRequest, 400),
        (asked(3, 9), 4, OtherSize, 409),
        (asked(0, 9), 4, OtherSize, 409),
        (Request(5, (), note(5)), 9, OtherSize, 409),  # a log that was rolled back
        (asked(6, 20, leaves=FORK), 6, Forked, 422),
        (asked(6, 6, leaves=FORK), 6, Forked, 422),
        (Request(3, (bytes(32),), note(9)), 3, Forked, 422),
        (Request(0, (bytes(32),), note(9)), 0, Forked, 422),
        (Request(3, (), note(9)), 3, Forked, 422),
    ],
)
def test_everything_else_has_its_status(request_, known, error, status):
    with pytest.raises(error) as refused:
        judge(request_, LOGS, {ORIGIN: head(known)})
    assert refused.value.status == status


def test_a_signature_that_is_wrong_beside_a_right_one_is_refused():
    good = parse_note(sign_checkpoint(Checkpoint(ORIGIN, head(3)), [LOG, LOG_ML], time=1))
    wrong = format_note(good).replace(str(good.signatures[0]).encode(), str(parse_note(note(4)).signatures[0]).encode())
    with pytest.raises(NotByLog):
        judge(Request(0, (), wrong), LOGS, {})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"old 3\n\n",
        b"new 3\n\n" + note(3),
        b"old 03\n\n" + note(3),
        b"old +3\n\n" + note(3),
        b"old 3\nAAAA\n\n" + note(3),
        b"old 3\n" + b"A" * 43 + b"=\n" * 64 + b"\n" + note(3),
        b"old 3\n\nlog\n",
        b"old 3\n\n" + note(3)[:-1],
        b"old \xd9\xa3\n\n" + note(3),
    ],
)
def test_what_is_no_request_is_refused(body):
    with pytest.raises(BadRequest):
        parse_request(body)


def test_its_lines_count_only_under_its_key_and_for_this_checkpoint():
    mine, other = WITNESSES[:2]
    content = note(7)
    signed = add_signatures(parse_note(content), [mine, other], time=1_800_000_001)
    answer = answer_lines(signed.signatures[1:])
    [line] = cosignatures(content, answer, mine.key)
    assert line == signed.signatures[1]
    assert cosignatures(content, answer, WITNESSES[2].key) == ()
    with pytest.raises(RecordError):
        cosignatures(note(8), answer, mine.key)


def test_the_empty_tree_has_one_root():
    assert head(0).root == EMPTY_ROOT
    assert parse_size("12\n") == 12
    for wrong in ("", "012\n", "-1", "1 2"):
        with pytest.raises(RecordError):
            parse_size(wrong)
