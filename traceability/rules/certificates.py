"""Certificates of facilities: in force or not on a day, by what was stated of them; definitions in docs/rules.md."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Validity(StrEnum):
    """What a certificate is on a day."""

    IN_FORCE = "in_force"
    TO_COME = "to_come"
    EXPIRED = "expired"
    RENEWED = "renewed"  # its last day is over, and what renews it has begun
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate as it is stated now; `digest` is that of the statement that first did."""

    digest: str
    facility: str
    standard: str
    valid_from: date
    valid_until: date
    renews: str = ""
    """The digest of the certificate in whose place it came."""
    withdrawn: bool = False


def validity(certificates: Sequence[Certificate], day: date) -> Mapping[str, Validity]:
    """What each certificate is on a day, by its digest; given in the order in which they were stated."""
    followed: set[str] = set()
    found: dict[str, Validity] = {}
    for one in reversed(certificates):  # what renews a certificate was stated after it
        has_begun = not one.withdrawn and one.valid_from <= day
        if has_begun or one.digest in followed:
            followed.add(one.renews)
        found[one.digest] = _validity(one, day, is_followed=one.digest in followed)
    return found


def _validity(one: Certificate, day: date, *, is_followed: bool) -> Validity:
    if one.withdrawn:
        return Validity.WITHDRAWN
    if day < one.valid_from:
        return Validity.TO_COME
    if day <= one.valid_until:
        return Validity.IN_FORCE
    return Validity.RENEWED if is_followed else Validity.EXPIRED
