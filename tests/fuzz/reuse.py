"""Fast answers to one question: does any check object? What a flip does not touch is not checked again.

Pure functions repeat what they gave for the true bundle, the archive is not read anew, and the first finding that is
more than a note ends the run: findings only add up, so nothing after it could make the bundle VALID.
"""

import io
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from types import MappingProxyType
from typing import Any

import pytest

from traceability.ledger import closed, envelope
from traceability.ledger.bundle import Bundle
from traceability.verifier import entries, log
from traceability.verifier.checks import gather
from traceability.verifier.facts import Facts, Topic
from traceability.verifier.report import Asked, Finding, Level

Key = Callable[..., Hashable]
# By name, with all that the answer rests on. A digest stands for the value whose hash it is.
PURE: tuple[tuple[Any, str, Key], ...] = (
    (envelope, "parse_envelope", lambda content: content),
    (closed, "parse_disclosure", lambda text: text),
    (entries, "parse_statement", lambda payload, disclosed: (payload, frozenset(disclosed))),
    (log, "_verified", lambda content, policy: (content, id(policy))),
    (entries.signing, "verify", lambda key, message, signature: (key, message, signature)),
)


class Remembered:
    """A pure function and what it gave while it was learning."""

    def __init__(self, function: Callable[..., Any], key: Key) -> None:
        self.function, self.key = function, key
        self.answers: dict[Hashable, Any] = {}
        self.learning = True

    def __call__(self, *arguments: Any) -> Any:
        key = self.key(*arguments)
        if not self.learning:
            return self.answers[key] if key in self.answers else self.function(*arguments)
        return self.answers.setdefault(key, self.function(*arguments))


@contextmanager
def reusing(run: Callable[[], object]) -> Iterator[None]:
    """Within the block the answers of one `run`, of the true bundle, are used again."""
    with pytest.MonkeyPatch.context() as patch:
        functions = [Remembered(getattr(module, name), key) for module, name, key in PURE]
        for (module, name, _), function in zip(PURE, functions, strict=True):
            patch.setattr(module, name, function)
        run()
        for function in functions:
            function.learning = False
        yield


class Objection(Exception):
    """The first finding that is more than a note."""


class Listening(Facts):
    """Facts that end with the first objection."""

    def say(self, topic: Topic, finding: Finding) -> None:
        if finding.level is not Level.NOTE:
            raise Objection(finding.code)
        super().say(topic, finding)


def objection(bundle: Bundle, asked: Mapping[str, Any]) -> str:
    """The code of the first finding that is more than a note; empty where nothing was found before the last checks."""
    try:
        gather(Listening(bundle, asked=Asked(), **asked))
    except Objection as found:
        return str(found)
    return ""


def with_member(bundle: Bundle, name: str, content: bytes) -> Bundle:
    """The bundle as it would be read from an archive in which one member of the same size is another one."""
    file = io.BytesIO()
    bundle._file.seek(0)
    file.write(bundle._file.read())
    file.seek(bundle.members[name].start)
    file.write(content)
    member = replace(bundle.members[name], sha256=sha256(content).digest())
    return Bundle(bundle.target, bundle.custody_hash, MappingProxyType({**bundle.members, name: member}), file)
