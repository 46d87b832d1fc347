"""The answer on a credential: named checks, each with a result, a code, a sentence and its place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from traceability.ledger.errors import RecordError

FORMAT: Final = "lodestone-credential-answer/1"


class Result(StrEnum):
    """From the best to the worst."""

    PASS = "pass"  # noqa: S105
    NOT_APPLICABLE = "not_applicable"
    WARNING = "warning"
    NOT_ESTABLISHED = "not_established"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """One check with its answer; `where` points into the credential."""

    id: str
    name: str
    result: Result
    code: str
    message: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class CredentialAnswer:
    """All checks of a credential; the verdict is the worst of them, and a check that does not apply is no answer."""

    form: str
    id: str
    types: tuple[str, ...]
    issuer: str
    checked_at: datetime
    checks: tuple[Check, ...]

    @property
    def verdict(self) -> Result:
        """The worst result."""
        counted = [one.result for one in self.checks if one.result is not Result.NOT_APPLICABLE]
        return max(counted, key=list(Result).index)

    def to_value(self) -> dict[str, Any]:
        """The answer as JSON."""
        checks = [
            {"id": one.id, "name": one.name, "result": one.result.value, "code": one.code, "message": one.message,
             "where": one.where}
            for one in self.checks
        ]  # fmt: skip
        return {
            "format": FORMAT,
            "verdict": self.verdict.value,
            "secured_as": self.form,
            "id": self.id,
            "types": list(self.types),
            "issuer": self.issuer,
            "checked_at": self.checked_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "checks": checks,
        }


NAMES: Final = {
    "form": "Form of a credential",
    "issuer": "Key of the issuer",
    "proof": "Signature",
    "period": "Within its validity",
    "status": "Not taken back",
    "contexts": "Known contexts",
    "profile": "UNTP 0.7.0",
}
_PASSED: Final = {
    "form": "The credential is written as version 2.0 of the data model asks.",
    "issuer": "The issuer lists the key for what it was used for.",
    "proof": "The signature is of this credential under this key.",
    "period": "Its time has begun and is not over.",
    "status": "The issuer did not take it back, by its list of now.",
    "contexts": "Every context is one that is known here by its digest.",
    "profile": "It is written as its UNTP type asks.",
}


def passed(name: str) -> Check:
    """The check as one that holds."""
    return Check(name, NAMES[name], Result.PASS, "pass", _PASSED[name])


def skipped(name: str) -> Check:
    """The check as one that was not made."""
    sentence = "It was not looked at, because a check before it did not pass."
    return Check(name, NAMES[name], Result.NOT_ESTABLISHED, "not_looked_at", sentence)


def refused(name: str, error: RecordError, open_ones: Iterable[type[RecordError]] = ()) -> Check:
    """The check with what speaks against it; the open ones say that something could not be established."""
    result = Result.NOT_ESTABLISHED if isinstance(error, tuple(open_ones)) else Result.FAIL
    return Check(name, NAMES[name], result, error.code, error.sentence, error.path)
