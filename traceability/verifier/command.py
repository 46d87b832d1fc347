"""The verifier as a program: files in, a report out, the verdict as exit code (record-format.md section 8)."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple, NoReturn, TypeVar

from traceability.ledger import identifiers, moments, policy
from traceability.ledger.errors import RecordError
from traceability.verifier import together, trust
from traceability.verifier.checks import Check, Examined, examine_file
from traceability.verifier.report import Asked, Verdict
from traceability.verifier.text import to_text

Read = TypeVar("Read")

USAGE = 64
_BY_WEIGHT = (0, 2, 3, 1)
"""Exit codes, the lightest first."""
INTERNAL = 70


class Said(NamedTuple):
    """The report, or the answer to a buyer, both ways."""

    value: dict[str, object]
    text: str
    exit_code: int


Answers = Callable[[bytes], Callable[[Examined], Said]]
"""What answers a buyer, of the bytes of his purchase file; the room above brings it."""


class BadUsage(RecordError):
    """Arguments or files that cannot be used."""

    code = "bad_usage"


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise BadUsage(f"{message}\n{self.format_usage()}")


def main(arguments: Sequence[str], checks: Sequence[Check], answers: Answers | None = None) -> int:
    """The exit code: 0 valid, 2 valid with warnings, 3 incomplete, 1 invalid, 64 wrong usage, 70 a fault in here."""
    try:
        return _verify(_parser(answers).parse_args(arguments), checks, answers)
    except (RecordError, OSError) as error:
        print(f"lodestone-verify: {error}", file=sys.stderr)
        return USAGE
    except Exception as error:  # noqa: BLE001 (the edge: a fault in the program must never look like a verdict)
        print(f"lodestone-verify: internal error, no verdict: {type(error).__name__}: {error}", file=sys.stderr)
        return INTERNAL


def _verify(given: argparse.Namespace, checks: Sequence[Check], answers: Answers | None) -> int:
    asked = Asked(
        at=None if given.at is None else moments.parse_moment(given.at, path="--at"),
        expect=None if given.expect is None else _custody_hash(given.expect),
    )
    accepted = None if given.policy is None else _read(given.policy, policy.parse_policy)
    trusted = None if given.trust is None else _read(given.trust, trust.parse_trust)
    say: Callable[[Examined], Said] = _report
    if answers is not None and (given.answer or given.purchase is not None):
        say = answers(b"{}") if given.purchase is None else _read(given.purchase, answers)
    with Path(given.bundle).open("rb") as file:
        examined = examine_file(file, trusted, accepted, asked=asked, checks=checks)
    said = say(examined)
    if given.consistent_with is not None:
        proof = None if given.consistency is None else _read(given.consistency, together.read_proof)
        with Path(given.consistent_with).open("rb") as file:
            other = examine_file(file, trusted, accepted, asked=Asked(at=asked.at), checks=checks)
        said = _together(said, examined, other, proof)
    _print(json.dumps(said.value, indent=2, ensure_ascii=True) + "\n" if given.json else said.text)
    return said.exit_code


def _report(examined: Examined) -> Said:
    report = examined.report
    return Said(report.to_value(), to_text(report), report.verdict.exit_code)


def _together(said: Said, one: Examined, other: Examined, proof: Sequence[bytes] | None) -> Said:
    """What is said of the bundle, and of it and another one together."""
    found = together.compare(one.facts, other.facts, proof)
    worst = together.worst([Verdict(one.report.verdict), Verdict(other.report.verdict), found.verdict])
    exit_code = max(said.exit_code, worst.exit_code, key=_BY_WEIGHT.index)
    value = {**said.value, "other_bundle": other.report.verdict.value, "together": found.to_value()}
    text = f"{said.text}other bundle: {other.report.verdict.value}\ntogether: {found.code}. {found.sentence}\n"
    return Said(value, text, exit_code)


def _read(name: str, parse: Callable[[bytes], Read]) -> Read:
    """What a file of the reader says; a mistake in it names the file."""
    content = Path(name).read_bytes()
    try:
        return parse(content)
    except RecordError as error:
        raise BadUsage(f"{name}: {error}") from error


def _print(text: str) -> None:
    """Writes the report; what the terminal cannot show is escaped, and a reader who has seen enough is no fault."""
    encoding = sys.stdout.encoding or "ascii"
    try:
        sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left is not written at the end


def _custody_hash(text: str) -> str:
    return identifiers.check_digest(text if ":" in text else f"sha256:{text}", path="--expect")


def _parser(answers: Answers | None) -> argparse.ArgumentParser:
    parser = _Parser(prog="lodestone-verify", description="Verifies a Lodestone custody bundle, offline.")
    parser.add_argument("bundle", help="the file *.custody.zip")
    parser.add_argument("--policy", help="whose log and which witnesses you trust (c2sp.org/tlog-policy)")
    parser.add_argument("--trust", help="which organisations, auditors and verifiers you accept (trust.json)")
    parser.add_argument("--expect", metavar="HASH", help="the custody hash that you read, for example from a QR code")
    parser.add_argument("--at", metavar="MOMENT", help="your moment, as 2026-11-05T08:30:00Z: the age is judged by it")
    parser.add_argument("--consistent-with", metavar="BUNDLE", help="another bundle: do both come from one history?")
    parser.add_argument("--consistency", metavar="FILE", help="the proof of the log for that, where it is needed")
    parser.add_argument("--json", action="store_true", help="print JSON")
    if answers is not None:
        parser.add_argument("--answer", action="store_true", help="answer a buyer: sixteen named checks")
        parser.add_argument("--purchase", metavar="FILE", help="the same by what you bought and ask for")
    return parser
