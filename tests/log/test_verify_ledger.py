"""verify_ledger: silent on a sound ledger, and names what was changed behind the triggers."""

import io
import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from traceability.ledger.statement import Seen
from traceability.models import (
    ChainLink,
    Checkpoint,
    LedgerCheck,
    LogEntry,
    LogState,
    MapTile,
    QueueEntry,
    Statement,
    Tile,
)
from traceability.services import ledger_check, ledger_rebuild, publisher
from traceability.services.ledger_check import check_ledger
from traceability.services.ledger_checkpoints import CheckpointCheck, Difference


@pytest.fixture
def filled(long_log):
    """305 entries in two batches, a renewed checkpoint, one statement that waits."""
    operator, rows = long_log
    publisher.renew()
    operator.hold(f"urn:uuid:{rows[0].links.get().subject}")


@pytest.fixture
def unguarded(filled):
    """Behind the back of the database: no triggers, no foreign keys."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
        else:
            cursor.execute("PRAGMA foreign_keys = OFF")
            for (name,) in cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                cursor.execute(f"DROP TRIGGER {name}")


def found():
    return [str(each) for each in check_ledger()]


def flipped(stored, at=-1):
    changed = bytearray(stored)
    changed[at] ^= 1
    return bytes(changed)


def change(rows, **values):
    (row,) = rows
    rows.update(**{name: value(getattr(row, name)) for name, value in values.items()})


def remove(rows):
    assert rows._raw_delete("default") == 1


def logged(index):
    return Statement.objects.filter(entry__index=index)


def link(index):
    return ChainLink.objects.filter(statement__entry__index=index)


def entry(index):
    return LogEntry.objects.filter(index=index)


def swap_entries(first, second):
    one, two = (LogEntry.objects.get(index=index) for index in (first, second))
    remove(entry(first))
    remove(entry(second))
    LogEntry.objects.create(index=first, statement_id=two.statement_id, leaf_hash=two.leaf_hash)
    LogEntry.objects.create(index=second, statement_id=one.statement_id, leaf_hash=one.leaf_hash)


def newest():
    return Checkpoint.objects.filter(pk=Checkpoint.objects.latest("id").pk)


def remove_whole(index):
    row = logged(index).get()
    remove(link(index))
    remove(entry(index))
    remove(Statement.objects.filter(pk=row.pk))


def other_hash(value):
    return bytes(32)


def test_a_sound_ledger_has_no_differences(filled):
    seen: list[int] = []
    assert list(check_ledger(seen.append)) == []
    assert seen == [305]


TAMPERED = {
    "a byte of a payload": (
        lambda: change(logged(5), envelope=lambda stored: flipped(stored, 400)),
        r"log index 5, statement 6 \(lot.hold\): (envelope|digest)",
    ),
    "a byte of a signature": (
        lambda: change(logged(5), envelope=lambda stored: flipped(stored, -20)),
        r"log index 5, statement 6 \(lot.hold\): (envelope|signature|leaf_hash)",
    ),
    "a byte of the operator's register": (
        lambda: change(logged(0), envelope=lambda stored: flipped(stored, 400)),
        r"log index 0, statement 1 \(organisation.register\): ",
    ),
    "a digest": (lambda: change(logged(7), digest=flipped), r"log index 7, .*: digest is "),
    "a leaf hash": (lambda: change(logged(7), leaf_hash=flipped), r"log index 7, .*: leaf_hash is "),
    "a key id": (lambda: change(logged(7), key_id=flipped), r"log index 7, .*: key_id is "),
    "a kind": (lambda: change(logged(7), kind=lambda kind: "lot.release"), r"log index 7, .*: kind is lot.release"),
    "an issuer": (lambda: change(logged(7), issuer=lambda stored: logged(8).get().urn), r"log index 7, .*: issuer is "),
    "a urn": (lambda: change(logged(7), urn=lambda stored: stored.__class__(int=1)), r"log index 7, .*: urn is "),
    "a statement gone": (lambda: remove(logged(7)), r"log index 7: its statement 8 is missing"),
    "an entry gone": (lambda: remove(entry(7)), r"log index 7: the entry is missing"),
    "the last entry gone": (lambda: remove(entry(304)), r"checkpoint 3 of size 305: the log has 304 entries"),
    "all of a statement gone": (lambda: remove_whole(7), r"log index 7: the entry is missing"),
    "the leaf hash of an entry": (
        lambda: change(entry(7), leaf_hash=flipped),
        r"log index 7, .*: the entry has the leaf hash ",
    ),
    "two entries changed places": (lambda: swap_entries(7, 8), r"checkpoint 3 of size 305: its root is "),
    "a custody hash": (lambda: change(link(7), custody_hash=flipped), r"log index 7, .*: link .*custody_hash is "),
    "a place in a chain": (lambda: change(link(7), seq=lambda seq: 5), r"log index 7, .*: link .* is lot at 5"),
    "a role": (lambda: change(link(7), role=lambda role: "output"), r"log index 7, .*: link .* is output at 0"),
    "a link gone": (lambda: remove(link(7)), r"log index 7, .*: the link of .* is missing"),
    "a link before gone": (lambda: remove(link(1)), r"log index 2, .*: the link before it is missing"),
    "a spare link": (
        lambda: ChainLink.objects.create(
            statement=logged(7).get(), subject=logged(7).get().urn, seq=0, role="lot", custody_hash=bytes(32)
        ),
        r"log index 7, .*: a link of .* which the statement does not advance",
    ),
    "the root of a checkpoint": (lambda: change(newest(), root=other_hash), r"checkpoint 4 of size 305: its root is 0"),
    "a note": (
        lambda: change(newest(), note=lambda note: note.replace("\n305\n", "\n304\n")),
        r"checkpoint 4 .*: note:",
    ),
    "a note of another": (
        lambda: change(newest(), note=lambda note: Checkpoint.objects.get(pk=2).note),
        r"checkpoint 4 .*: note: it states another origin, size, root or time",
    ),
    "the time of a checkpoint": (
        lambda: change(newest(), cosigned_at=lambda moment: moment - timedelta(hours=1)),
        r"checkpoint 4 .*: its time .* is before",
    ),
    "the newest checkpoint gone": (
        lambda: remove(newest()),
        r"guard: it holds a checkpoint that this database does not have",
    ),
    "the first checkpoint gone": (
        lambda: remove(Checkpoint.objects.filter(pk=1)),
        r"checkpoint of size 0: it is missing; the opening of the log was signed with it",
    ),
    "all but the newest checkpoint gone": (
        lambda: Checkpoint.objects.exclude(pk=Checkpoint.objects.latest("id").pk)._raw_delete("default"),
        r"checkpoint of size \d+: it is missing; log.heads was signed with it",
    ),
    "the frontier": (lambda: LogState.objects.update(frontier=b"x"), r"log state: it is not that of a tree of 305"),
    "the size": (lambda: LogState.objects.update(size=304), r"log state: it is not that of a tree of 305"),
    "nothing published": (lambda: LogState.objects.update(published=None), r"log state: no checkpoint is published"),
    "a tile": (lambda: change(Tile.objects.filter(level=1), hashes=flipped), r"tile/1/000.p/1: the stored hashes"),
    "a tile gone": (lambda: remove(Tile.objects.filter(level=0, number=0)), r"tile/0/000: the stored hashes"),
    "a tile too long": (
        lambda: change(Tile.objects.filter(level=0, number=1), hashes=lambda hashes: bytes(hashes) + bytes(32)),
        r"tile/0/001.p/49: this is not the end",
    ),
    "a spare tile": (
        lambda: Tile.objects.create(level=2, number=0, hashes=bytes(32)),
        r"tiles: there are tiles on levels that the tree does not have",
    ),
    "a tile of the heads": (
        lambda: change(MapTile.objects.filter(prefix=b""), content=flipped),
        r"heads map tile root: it is not what the chains give",
    ),
    "a tile of the heads gone": (
        lambda: remove(MapTile.objects.filter(prefix=b"")),
        r"heads map: \d+ tiles are stored",
    ),
    "a statement lost from the queue": (
        lambda: remove(QueueEntry.objects.all()),
        r"statement 306 \(lot.hold\): it is neither in the log nor in the queue",
    ),
    "a statement queued twice": (
        lambda: QueueEntry.objects.create(statement=logged(7).get()),
        r"statement 8: it is in the log and in the queue",
    ),
    "a waiting statement": (
        lambda: change(Statement.objects.filter(waiting__isnull=False), digest=flipped),
        r"waiting statement 306 \(lot.hold\): digest is ",
    ),
    "a waiting statement gone": (
        lambda: remove(Statement.objects.filter(waiting__isnull=False)),
        r"queue entry 306: its statement is missing",
    ),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_what_was_changed_is_named(unguarded, name):
    tamper, expected = TAMPERED[name]
    tamper()
    differences = found()
    assert any(re.match(expected, each) for each in differences), differences


def test_each_missing_checkpoint_is_named_once(unguarded):
    kept = Checkpoint.objects.latest("id")
    sizes = list(Checkpoint.objects.exclude(size=kept.size).values_list("size", flat=True))
    assert len(sizes) >= 2
    for size in sizes:
        row = Checkpoint.objects.get(size=size)
        remove(Checkpoint.objects.filter(pk=row.pk))
        (named,) = found()
        assert named.startswith(f"checkpoint of size {size}: it is missing; ")
        row.save(force_insert=True)
    assert found() == []


def test_a_checkpoint_that_statements_have_seen_is_named(unguarded):
    root = "sha256:" + "ab" * 32
    check = CheckpointCheck()
    (named,) = check.seen(Seen("localhost/log", 17, root))
    assert str(named) == f"checkpoint of size 17: it is missing; statements have seen it with the root {root}"
    assert list(check.seen(Seen("localhost/log", 17, root))) == []
    stored = Checkpoint.objects.get(pk=2)
    assert list(check.seen(Seen("localhost/log", stored.size, f"sha256:{bytes(stored.root).hex()}"))) == []


def test_the_guard_is_compared(filled, settings):
    guard = settings.LODESTONE_HOME / "guard" / "checkpoint"
    for note, expected in (
        (
            guard.read_text().replace("\n305\n", "\n400\n"),
            "guard: it holds a checkpoint that this database does not have",
        ),
        (Checkpoint.objects.get(pk=2).note, "guard: it holds checkpoint 2, which is older than the published 4"),
    ):
        guard.write_text(note)
        assert found() == [expected]
    guard.unlink()
    assert found() == ["guard: it is empty, though checkpoints were published"]


def test_the_command_ends_with_1_and_names_the_differences(unguarded):
    out, err = io.StringIO(), io.StringIO()
    call_command("verify_ledger", stdout=out, stderr=err)
    assert out.getvalue() == "The ledger of 305 entries is what its signed bytes give.\n"
    assert err.getvalue() == "305 of 305 entries\n"
    change(logged(7), digest=flipped)
    change(logged(9), digest=flipped)
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_ledger", "--most=1", stdout=out, stderr=io.StringIO())
    assert ended.value.code == 1
    assert re.fullmatch(r"log index 7, .*\nThere may be more than 1 differences.\n", out.getvalue())


def test_the_result_is_kept_for_the_operator(unguarded):
    call_command("verify_ledger", stdout=io.StringIO(), stderr=io.StringIO())
    sound = LedgerCheck.objects.get()
    assert (sound.differences, sound.named, sound.stopped_early) == (0, [], False)
    assert sound.entries == LogState.objects.get().size
    change(logged(7), envelope=flipped)
    change(logged(9), envelope=flipped)
    with pytest.raises(SystemExit):
        call_command("verify_ledger", "--most=1", stdout=io.StringIO(), stderr=io.StringIO())
    newest = LedgerCheck.objects.first()
    assert (newest.differences, newest.stopped_early, len(newest.named)) == (1, True, 1)


def test_tiles_are_rebuilt_from_entries_and_links(unguarded, monkeypatch):
    monkeypatch.setattr(ledger_rebuild, "CHUNK", 100)
    change(Tile.objects.filter(level=1), hashes=flipped)
    remove(Tile.objects.filter(level=0, number=0))
    change(MapTile.objects.filter(prefix=b""), content=flipped)
    LogState.objects.update(frontier=b"x")
    call_command("rebuild_tiles", stdout=io.StringIO())
    assert found() == []


@pytest.mark.parametrize("rows", [lambda: entry(7), lambda: link(7)], ids=["entry", "link"])
def test_tiles_are_not_rebuilt_from_rows_that_were_changed(unguarded, rows):
    column = "leaf_hash" if rows().model is LogEntry else "custody_hash"
    change(rows(), **{column: flipped})
    before = list(Tile.objects.order_by("level", "number").values()), list(MapTile.objects.order_by("pk").values())
    with pytest.raises(CommandError, match="verify_ledger"):
        call_command("rebuild_tiles")
    assert before == (
        list(Tile.objects.order_by("level", "number").values()),
        list(MapTile.objects.order_by("pk").values()),
    )


def test_rooms_above_add_their_checks(filled, monkeypatch):
    monkeypatch.setattr(ledger_check, "CHECKS", [lambda: [Difference("lot 1", "its balance is broken")]])
    assert found() == ["lot 1: its balance is broken"]


def test_a_log_that_was_never_opened_is_named(ledger_db):
    assert found() == ["log state: it is not that of a tree of 0 leaves", "log state: no checkpoint is published"]
