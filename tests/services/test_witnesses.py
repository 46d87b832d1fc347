"""The log asks the witnesses of its policy, one of ours answers, a monitor follows; forks and rollbacks are seen."""

import io
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from traceability.ledger import checkpoint, policy
from traceability.ledger.checkpoint import Checkpoint as Body
from traceability.ledger.merkle import TreeHead
from traceability.ledger.policy import parse_policy
from traceability.management.commands import monitor as command
from traceability.models import Checkpoint, Cosignature, LogEntry, OutboxTask, Statement, Witness
from traceability.selectors import log
from traceability.services import clock, export, integrator, monitor, outbox, publisher, vault, witness, witnesses
from traceability.services.monitor import Seen
from traceability.services.rows_world import uuid_of
from traceability.verifier.checks import all_checks, run_file
from traceability.verifier.report import Asked, Verdict
from traceability.verifier.trust import Trust


@pytest.fixture
def watched(market, settings, tmp_path) -> Iterator[Path]:
    """A witness of ours that watches the log of the market on a port of this machine."""
    settings.LODESTONE_LOOPBACK_WEBHOOKS = True
    settings.LODESTONE_WITNESSES = tmp_path / "witnesses"
    publisher.open_log()
    integrator.drain()
    key = witness.make_key(tmp_path / "key.json", "north.example/w1")
    one = witness.Witness(witness.read_key(tmp_path / "key.json"), log.verifier_keys()[:2], tmp_path / "state")
    with witness.server(one, ("127.0.0.1", 0)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        (tmp_path / "witnesses").write_text(f"witness north {key} {url}\nquorum north\n")
        yield tmp_path
        server.shutdown()


def cosigned(folder: Path, other: str = "") -> policy.Policy:
    """The policy of a reader who asks for the foreign witness, or for another one."""
    logs = log.verifier_keys()[:2]
    if other and not (folder / "other.json").exists():
        witness.make_key(folder / "other.json", other)
    key = witness.read_key(folder / ("other.json" if other else "key.json")).key
    return parse_policy("".join([*(f"log {one}\n" for one in logs), f"witness north {key}\nquorum north\n"]).encode())


def test_what_is_published_is_cosigned_served_and_bundled(market, watched):
    lot = market.source()
    integrator.drain()
    outbox.drain(names=(witnesses.TASK,))
    newest = log.newest_checkpoint()
    note = Client().get("/log/checkpoint").content
    assert cosigned(watched).verify(note).checkpoint.size == newest.size
    assert b"north.example/w1" in log.inclusion_proof(newest_digest()).checkpoint
    assert (Witness.objects.get().size, Witness.objects.get().problem) == (newest.size, "")

    market.source(lot_number="ORE-2")  # the next tree is proven to have grown out of the one before
    integrator.drain()
    outbox.drain(names=(witnesses.TASK,))
    assert Cosignature.objects.filter(checkpoint=log.newest_checkpoint()).count() == 1
    file = io.BytesIO()
    export.export_bundle(actor=market.mine, lot=uuid_of(lot), file=file)
    trusting = run_file(file, Trust(), cosigned(watched), asked=Asked(), checks=all_checks())
    assert trusting.verdict is Verdict.VALID_WITH_WARNINGS  # the time key is not in this policy
    assert "quorum_not_reached" not in {one.code for one in trusting.findings()}
    stranger = cosigned(watched, "south.example/w2")
    report = run_file(file, Trust(), stranger, asked=Asked(), checks=all_checks())
    assert report.verdict is Verdict.INCOMPLETE
    assert "quorum_not_reached" in {one.code for one in report.findings()}


def newest_digest() -> str:
    row = LogEntry.objects.order_by("index")[0].statement
    return f"sha256:{bytes(row.digest).hex()}"


def test_a_witness_that_was_elsewhere_is_asked_from_there_and_one_that_is_gone_blocks_nothing(market, watched):
    market.source()
    integrator.drain()
    outbox.drain(names=(witnesses.TASK,))
    Witness.objects.update(size=1)  # we forgot where it stands
    market.source(lot_number="ORE-2")
    integrator.drain()
    outbox.drain(names=(witnesses.TASK,))
    assert Cosignature.objects.filter(checkpoint=log.newest_checkpoint()).exists()
    lines = (watched / "witnesses").read_text()
    (watched / "witnesses").write_text(lines[: lines.index("http")] + "http://127.0.0.1:9\nquorum north\n")
    market.source(lot_number="ORE-3")
    assert integrator.drain() == 1
    outbox.drain(names=(witnesses.TASK,))
    assert "Connection refused" in Witness.objects.get().problem
    assert OutboxTask.objects.filter(name=witnesses.TASK, state=OutboxTask.State.WAITING).exists()


def test_a_witness_refuses_a_rollback_and_a_fork_also_after_a_restart(market, watched):
    market.source()
    integrator.drain()
    first = log.newest_checkpoint()
    outbox.drain(names=(witnesses.TASK,))
    again = witness.Witness(witness.read_key(watched / "key.json"), log.verifier_keys()[:2], watched / "state")
    forked = Body(first.note.split("\n")[0], TreeHead(first.size, bytes(32)))
    note = checkpoint.sign_checkpoint(forked, vault.log_signers(), time=int(clock.now().timestamp()))
    status, _, said = again.add_checkpoint(f"old {first.size}\n\n".encode() + note)
    assert (status, said.split(b":")[0]) == (422, b"log_forked")
    early = Checkpoint.objects.filter(size__lt=first.size, size__gt=0).first()
    if early is not None:
        status, kind, said = again.add_checkpoint(f"old {early.size}\n\n{early.note}".encode())
        assert (status, kind, said) == (409, "text/x.tlog.size", f"{first.size}\n".encode())
    next((watched / "state").glob("*.json")).write_text("{}")
    with pytest.raises(witness.BadWitnessFile):
        again.add_checkpoint(f"old {first.size}\n\n{first.note}".encode())


# --- The monitor


def get_of(client: Client):
    def get(path: str) -> bytes | None:
        answer = client.get(path)
        return b"".join(answer) if answer.status_code == 200 else None

    return get


def own_policy() -> policy.Policy:
    return parse_policy(log.own_policy().encode())


def codes(get, seen, *, replay=False, now=None):
    found = monitor.look(get, own_policy(), seen, now=now or clock.now(), replay=replay)
    return [one.code for one in found]


def test_a_monitor_follows_and_sees_forks_rollbacks_and_the_future(market, tmp_path):
    publisher.open_log()
    market.source()
    integrator.drain()
    get, seen, file = get_of(Client()), Seen(), tmp_path / "seen.json"
    assert codes(get, seen) == []
    seen.write(file)
    seen = Seen.read(file)
    before = log.newest_checkpoint()
    market.source(lot_number="ORE-2")
    integrator.drain()
    assert codes(get, seen) == []
    assert seen.frontier.size == log.newest_checkpoint().size
    assert codes(get, seen, now=clock.now() - timedelta(hours=1)) == ["checkpoint_from_future"]
    assert codes(get, seen, now=clock.now() + timedelta(days=1)) == ["stale"]

    def other(path, note):
        return note if path == "/log/checkpoint" else get(path)

    assert "rollback" in codes(lambda path: other(path, before.note.encode()), seen)
    newest = log.newest_checkpoint()
    origin, now = newest.note.split("\n")[0], int(clock.now().timestamp())
    fork = checkpoint.sign_checkpoint(Body(origin, TreeHead(newest.size, bytes(32))), vault.log_signers(), time=now)
    assert codes(lambda path: other(path, fork), seen) == ["fork"]
    late = Seen.read(file)  # the fork is one of a tree that grew
    assert codes(lambda path: other(path, fork), late) == ["fork"]
    assert late.frontier.size == before.size  # it does not move on to another history
    assert codes(lambda path: None if "entries" in path else get(path), Seen.read(file)) == ["entries_missing"]
    file.write_text("{")
    with pytest.raises(monitor.BadState):
        Seen.read(file)


def test_a_monitor_with_access_makes_the_heads_again(market):
    publisher.open_log()
    lot = market.source()
    market.send(lot)
    integrator.drain()
    anybody = Seen()
    assert codes(get_of(Client()), anybody, replay=True) == ["replay_incomplete"]

    def get(path: str) -> bytes | None:
        if path.startswith("/api/v1/statements/"):
            return bytes(Statement.objects.get(digest=bytes.fromhex(path.rpartition(":")[2])).envelope)
        return get_of(Client())(path)

    seen = Seen()
    assert codes(get, seen, replay=True) == []
    seen.heads.popitem()  # as if the log had left a subject out of its map
    market.source(lot_number="ORE-2")
    integrator.drain()
    assert codes(get, seen, replay=True) == ["false_heads"]


def test_the_command_prints_json_and_its_exit_code(market, tmp_path, capsys, monkeypatch):
    reach = command._reader
    monkeypatch.setattr(command, "_reader", lambda url, token: get_of(Client()))
    publisher.open_log()
    market.source()
    integrator.drain()
    (tmp_path / "policy").write_text(log.own_policy())
    options = {"url": "https://log.example", "policy": tmp_path / "policy", "state": tmp_path / "state"}
    call_command("monitor", **options)
    assert json.loads(capsys.readouterr().out)["code"] == "ok"
    monkeypatch.setattr(command, "_reader", reach)
    wrong = {**options, "url": "http://127.0.0.1:9"}
    with pytest.raises(CommandError) as refused:
        call_command("monitor", **wrong)
    assert refused.value.returncode == 1
    assert json.loads(capsys.readouterr().out)["code"] == "unreachable"
