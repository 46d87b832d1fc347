"""Rule sets as dated data: what a file holds, with its digest, and which version is in force on a day."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any

from traceability.ledger.errors import RecordError


class Status(StrEnum):
    """Whether a version binds anybody on the days that it covers."""

    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    NOT_YET = "not_yet"
    UNKNOWN = "unknown"


class BadRuleSet(RecordError):
    """A file that is not a rule set."""

    code = "bad_rule_set"


@dataclass(frozen=True, slots=True)
class Source:
    """Where facts of a rule set are from; `status`: read, secondary, recalled or not_found."""

    text: str
    read: str
    status: str


@dataclass(frozen=True, slots=True)
class Version:
    """What a rule set says from one day to another; None is without end."""

    version: str
    since: date | None
    until: date | None
    status: Status
    note: str
    parameters: Mapping[str, Any]

    def covers(self, day: date) -> bool:
        """Whether the day is one of its days."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    def begins_after(self, day: date) -> bool:
        """Whether it is still to come on that day."""
        return self.since is not None and self.since > day

    def words(self, name: str) -> tuple[str, ...]:
        """A list of words among its parameters."""
        return tuple(map(str, self.parameters.get(name, ())))

    def share(self, name: str) -> Decimal:
        """A share among its parameters."""
        return Decimal(str(self.parameters[name]))


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A rule set; `function` names the pure function that evaluates it."""

    id: str
    title: str
    short: str
    """What heads of columns call it."""
    jurisdiction: str
    about: str
    function: str
    sources: tuple[Source, ...]
    not_decided: tuple[str, ...]
    versions: tuple[Version, ...]
    digest: str
    """SHA-256 of the file, so that an answer names exactly what it was computed with."""

    def version_on(self, day: date) -> Version | None:
        """The version that covers a day."""
        return next((one for one in self.versions if one.covers(day)), None)

    def later_than(self, day: date) -> Iterator[Version]:
        """The versions that begin after a day."""
        return (one for one in self.versions if one.begins_after(day))


def parse_rule_set(content: bytes) -> RuleSet:
    """The rule set of a file; refuses one without sources, or with two versions for one day."""
    try:
        found = json.loads(content)
        rule_set = RuleSet(
            id=found["id"],
            title=found["title"],
            short=found["short"],
            jurisdiction=found["jurisdiction"],
            about=found["about"],
            function=found["function"],
            sources=tuple(Source(**one) for one in found["sources"]),
            not_decided=tuple(found["not_decided"]),
            versions=tuple(map(_version, found["versions"])),
            digest=f"sha256:{sha256(content).hexdigest()}",
        )
    except (ValueError, KeyError, TypeError) as error:
        raise BadRuleSet(f"This is not a rule set: {error}.") from error
    if not rule_set.sources or not rule_set.versions:
        raise BadRuleSet("A rule set names its sources and has at least one version.")
    for before, after in zip(rule_set.versions, rule_set.versions[1:], strict=False):
        if before.until is None or after.since is None or not before.until < after.since:
            raise BadRuleSet("The versions of a rule set follow each other, and no two hold on one day.")
    return rule_set


def _version(found: Mapping[str, Any]) -> Version:
    return Version(
        version=found["version"],
        since=_day(found, "from"),
        until=_day(found, "until"),
        status=Status(found["status"]),
        note=found["note"],
        parameters=found["parameters"],
    )


def _day(found: Mapping[str, Any], name: str) -> date | None:
    return date.fromisoformat(found[name]) if name in found else None
