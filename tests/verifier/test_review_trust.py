"""Whom a reader trusts: operators who speak as makers, keys that they added, attestations that a thief corrected."""

import io
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tests.verifier.builder import Log, codes, pack, signer, urn
from tests.verifier.stories import Story, attest, lot, mine_to_metal, smallest
from traceability.ledger.identifiers import b64url_encode
from traceability.ledger.signing import key_id
from traceability.verifier import command
from traceability.verifier.checks import all_checks
from traceability.verifier.report import Verdict
from traceability.verifier.trust import Trust

ORE = lot("ore", "1000", stage="ore", origin="mined", country="US")
LETTER = [{"name": "letter.pdf", "media_type": "application/pdf", "bytes": 9, "sha256": f"sha256:{'0' * 64}"}]


def test_an_operator_who_speaks_of_lots_is_an_organisation_like_others():
    story = smallest()
    named = Trust(organisations={urn("somebody"): ""}, operators={story.log.operator.urn: ""})
    assert codes(story.report(trust=named)) == {"organisation_not_accepted"}
    named = Trust(organisations={story.log.operator.urn: ""})
    assert story.report(trust=named).verdict is Verdict.VALID


def test_who_names_no_organisation_is_told_so():
    sentence = next(check.sentence for check in smallest().report().checks if check.name == "Issuers")
    assert "Your trust file names none" in sentence


# Keys that the operator added


def offered(name: str) -> dict[str, object]:
    return {"public_key": b64url_encode(signer(name).public_key), "custody": "holder"}


@pytest.mark.parametrize("laundered", ["", "key.rotate", "key.add"])
def test_a_key_that_came_through_one_of_the_operators_is_never_holder_held(laundered: str):
    """He calls the key holder-held, and brings in another one under it."""
    log = Log()
    miner = log.register("miner", custody="holder")
    body = offered("his") | {"by": "operator", "reason": "lost"}
    log.say(log.operator, "key.add", body, subject=miner.urn, cosigned=[(miner, signer("his"))], evidence=LETTER)
    key = signer("his")
    if laundered:
        key = signer("clean")
        log.say(miner, laundered, offered("clean"), subject=miner.urn, cosigned=[(miner, key)], key=signer("his"))
        if laundered == "key.add":
            said = {"key": key_id(signer("his").public_key), "compromised_from_index": len(log.leaves), "reason": "old"}
            log.say(miner, "key.revoke", said, subject=miner.urn, key=key)
    log.say(miner, "lot.source", ORE, key=key)
    log.commit()
    story = Story(log, urn("ore"))
    report = story.report(trust=Trust(holder_keys_required=True))
    assert report.verdict is Verdict.INCOMPLETE
    assert "operator_added_key" in codes(report)
    assert "operator_added_key" in {one.code for one in story.report().findings()}


# An attestation that removes a doubt


def doubted(*, corrected: str) -> tuple[Story, Trust]:
    """An auditor objects; the key of the miner is revoked; then the attestation is corrected to its opposite."""
    story = mine_to_metal(commit=False)
    log, a = story.log, story.parties["a"]
    auditor = log.register("auditor", roles=["auditor"])
    attest(story, auditor, "source", opinion="does_not_conform")
    said = {"key": a.key_id, "compromised_from_index": story.said["source"].index, "reason": "stolen"}
    if corrected == "before":
        _conforms(story, auditor)
    added = signer("added")
    log.say(a, "key.add", offered("added"), subject=a.urn, cosigned=[(a, added)])
    log.say(a, "key.revoke", said, subject=a.urn, key=added)
    if corrected == "after":
        _conforms(story, auditor)
    if corrected == "by a thief":
        at = len(log.leaves)
        _conforms(story, auditor)
        new = signer("auditor's new")
        log.say(auditor, "key.add", offered("auditor's new"), subject=auditor.urn, cosigned=[(auditor, new)])
        ended = {"key": auditor.key_id, "compromised_from_index": at, "reason": "stolen"}
        log.say(auditor, "key.revoke", ended, subject=auditor.urn, key=new)
    log.commit()
    return story, Trust(auditors={auditor.urn: "Auditor"})


def _conforms(story: Story, auditor) -> None:
    original = next(one for one in story.log.said if one.kind == "statement.attest")
    content = json.loads(original.payload)
    claim = {name: content[name] for name in ("occurred_from", "occurred_to", "utc_offset")}
    body = content["body"] | {"opinion": "conforms"}
    said = {"replaces": original.digest, "newest": original.digest, "reason": "typing error",
            "as": claim | {"body": body}}  # fmt: skip
    story.log.say(auditor, "statement.correct", said)


@pytest.mark.parametrize("corrected", ["before", "after", "by a thief"])
def test_an_attestation_counts_from_the_version_that_says_so(corrected: str):
    story, trust = doubted(corrected=corrected)
    source = story.said["source"].name
    found = {one.code for one in story.report(trust=trust).findings() if one.where == source}
    confirmed = "signed_in_compromise_window_confirmed_by" in found
    assert confirmed is (corrected == "before"), found


# The program


def test_a_time_beyond_all_calendars_is_no_time():
    story = smallest()
    story.log.now = story.log.now.replace(year=2099, month=12, day=31, hour=23)
    for late in (1 << 40, 1):
        time = int(story.log.now.timestamp()) + 3600 * late
        story.log.checkpoints[max(story.log.checkpoints)] = _signed_at(story.log, time)
        report = story.report(at=story.log.now - timedelta(days=1))
        assert report.verdict is Verdict.INVALID
        assert "bad_checkpoint" in codes(report)


def _signed_at(log: Log, time: int) -> bytes:
    from traceability.ledger import merkle
    from traceability.ledger.checkpoint import Checkpoint, sign_checkpoint
    from traceability.ledger.merkle import TreeHead

    return sign_checkpoint(Checkpoint(log.origin, TreeHead(len(log.leaves), merkle.root_of(log.leaves))),
                           log.signers, time=time)  # fmt: skip


@pytest.fixture
def audit(tmp_path: Path) -> list[str]:
    story = smallest()
    (tmp_path / "bundle.zip").write_bytes(pack(story.log.members(), story.target, story.custody_hash))
    (tmp_path / "policy").write_text("".join(f"log {one.key}\n" for one in story.log.signers[:2]) + "quorum none\n")
    names = [{"urn": urn("nobody"), "name": "Società Ökoß 磁石"}]
    trusted = {"format": "lodestone-trust/1", "organisations": names}
    (tmp_path / "trust.json").write_text(json.dumps(trusted, ensure_ascii=False), encoding="utf-8")
    return [str(tmp_path / "bundle.zip"), "--policy", str(tmp_path / "policy"), "--trust", str(tmp_path / "trust.json")]


def test_what_a_terminal_cannot_show_is_escaped(audit: list[str], monkeypatch: pytest.MonkeyPatch):
    narrow = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", narrow)
    monkeypatch.setattr("traceability.verifier.report.NOT_DETECTABLE", ("磁石",))
    monkeypatch.setattr("traceability.verifier.text.NOT_DETECTABLE", ("磁石",))
    assert command.main(audit, all_checks()) == Verdict.INCOMPLETE.exit_code
    narrow.seek(0)
    assert "\\u78c1\\u77f3" in narrow.read()


@pytest.mark.parametrize("place", [2, 4], ids=["policy", "trust"])
def test_a_wrong_file_of_the_reader_is_named(audit: list[str], place: int, capsys: pytest.CaptureFixture[str]):
    Path(audit[place]).write_text("nonsense\n")
    assert command.main(audit, all_checks()) == command.USAGE
    assert capsys.readouterr().err.startswith(f"lodestone-verify: {audit[place]}: ")


def test_a_reader_who_has_seen_enough_is_no_fault(audit: list[str]):
    """The other end of the pipe is closed before the report is written: the verdict is the exit code all the same."""
    code = (
        "import sys, time; sys.stdin.read();"
        "from traceability.verifier import command; from traceability.verifier.checks import all_checks;"
        f"sys.exit(command.main({audit!r}, all_checks()))"
    )
    program = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, cwd=Path(__file__).parents[2])  # fmt: skip
    for stream in (program.stdout, program.stdin):
        assert stream is not None
        stream.close()
    assert program.stderr is not None
    error = program.stderr.read()
    program.stderr.close()
    assert (program.wait(), error) == (Verdict.INCOMPLETE.exit_code, b"")
