"""What is wrong with a UNTP 0.7.0 credential: stricter than its JSON Schemas, where misspelt words pass."""

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from traceability.credentials import data_model
from traceability.credentials.contexts import UNTP
from traceability.credentials.moments import check_moment
from traceability.credentials.untp_classes import CLASSES, SUBJECTS, WORDS
from traceability.intake.countries import NAMES
from traceability.ledger.errors import RecordError
from traceability.ledger.pointers import pointer

EVENTS: Final = ("MakeEvent", "MoveEvent", "ModifyEvent")
MOST_DEFECTS: Final = 50
NOT_NEGATIVE: Final = frozenset({"quantity", "mass", "weight", "length", "width", "height", "volume"})
_UNIT: Final = re.compile(r"[A-Z0-9]{2,3}", re.ASCII)
_OWN: Final = ("id", "type", "@context")
"""Names that JSON-LD allows in every object."""


@dataclass(frozen=True, slots=True)
class Defect:
    """A defect with its place; one that is not grave is worth a look and does not make the credential wrong."""

    code: str
    path: str
    sentence: str
    grave: bool = True


@dataclass(frozen=True, slots=True)
class _Member:
    kind: str
    listed: bool
    required: bool


def type_of(credential: Mapping[str, Any]) -> str | None:
    """Which of the five types a credential is of; None for any other."""
    kinds = credential.get("type")
    return next((name for name in SUBJECTS if isinstance(kinds, list) and name in kinds), None)


def defects(credential: Mapping[str, Any], name: str) -> list[Defect]:
    """The first defects of a credential of this type, in the order in which they stand."""
    found = []
    for one in _all(credential, name):
        found.append(one)
        if len(found) == MOST_DEFECTS:
            break
    return found


def _all(credential: Mapping[str, Any], name: str) -> Iterator[Defect]:
    if credential["@context"][1:2] != [UNTP]:
        yield Defect("context_missing", "/@context/1", "The second context is the one of UNTP 0.7.0.")
    for member in ("id", "validFrom", "name"):
        if member not in credential:
            yield _missing("", member)
    issuer = credential.get("issuer")
    if not isinstance(issuer, Mapping):
        yield Defect("wrong_kind", "/issuer", "The issuer is an object with id and name.")
    else:
        yield from _object(issuer, "CredentialIssuer", "/issuer")
        if not data_model.issuer_of(credential).startswith("did:"):
            yield Defect("issuer_without_did", "/issuer/id", "The issuer is named by a DID.")
    if isinstance(credential.get("credentialStatus"), list):
        yield Defect("wrong_kind", "/credentialStatus", "A UNTP credential has one status, not a list.")
    subject, place = credential.get("credentialSubject"), "/credentialSubject"
    kind, more = SUBJECTS[name]
    if kind.startswith("["):
        yield from _events(subject, place)
    elif not isinstance(subject, Mapping):
        yield Defect("wrong_kind", place, "This credential has one subject.")
    else:
        for member in more.split():
            if member not in subject:
                yield _missing(place, member)
        yield from _object(subject, kind, place)


def _events(events: object, place: str) -> Iterator[Defect]:
    if not isinstance(events, list) or not events:
        yield Defect("wrong_kind", place, "The subject is a list of events.")
        return
    for at, event in enumerate(events):
        kinds = event.get("type", []) if isinstance(event, Mapping) else []
        kind = next((one for one in EVENTS if one in kinds), None)
        if kind is None:
            yield Defect("event_unknown", f"{place}/{at}/type", "An event makes, moves or modifies.")
        else:
            yield from _object(event, kind, f"{place}/{at}")


def _object(value: object, name: str, place: str) -> Iterator[Defect]:
    if not isinstance(value, Mapping):
        yield Defect("wrong_kind", place, "This is an object.")
        return
    members, closed = _class(name)
    for member, rule in members.items():
        if member in value:
            yield from _member(value[member], rule, f"{name}.{member}", pointer(place, member))
        elif rule.required:
            yield _missing(place, member)
    for member in value:
        if member not in members and member not in _OWN:
            yield _unknown(member, members, closed=closed, place=pointer(place, member))
    yield from _MORE.get(name, _nothing)(value, place)


def _unknown(member: str, members: Mapping[str, _Member], *, closed: bool, place: str) -> Defect:
    if difflib.get_close_matches(member, members, 1, 0.85):
        return Defect("property_misspelt", place, "This word is not known, and one that is known is nearly the same.")
    return Defect("property_unknown", place, "This word is not one of the profile.", grave=closed)


def _member(value: object, rule: _Member, name: str, place: str) -> Iterator[Defect]:
    if not rule.listed:
        yield from _value(value, rule.kind, name, place)
    elif not isinstance(value, list):
        yield Defect("wrong_kind", place, "This is a list.")
    elif rule.required and not value:
        yield Defect("empty_list", place, "This list must not be empty.")
    else:
        for at, one in enumerate(value):
            yield from _value(one, rule.kind, name, f"{place}/{at}")


def _value(value: object, kind: str, name: str, place: str) -> Iterator[Defect]:
    if kind in _KINDS:
        if not _KINDS[kind](value):
            code, sentence = _WRONG.get(kind, ("wrong_kind", "This is written in another way than asked for."))
            yield Defect(code, place, sentence)
    elif kind == "word":
        if value not in WORDS[name].split():
            yield Defect("word_unknown", place, "This is not one of the words of the profile.")
    elif kind in CLASSES or f"{kind}=" in CLASSES:
        yield from _object(value, kind, place)
        negative = isinstance(value, Mapping) and _is_number(value.get("value")) and value["value"] < 0
        if kind == "Measure" and name.rpartition(".")[2] in NOT_NEGATIVE and negative:
            yield Defect("quantity_negative", f"{place}/value", "A quantity is not negative.")


def _measure(value: Mapping[str, Any], place: str) -> Iterator[Defect]:
    unit = value.get("unit")
    if isinstance(unit, str) and not _UNIT.fullmatch(unit):
        yield Defect("unit_unknown", f"{place}/unit", "A unit is a code of UN/ECE Recommendation 20, such as KGM.")


def _product(value: Mapping[str, Any], place: str) -> Iterator[Defect]:
    materials = value.get("materialProvenance")
    listed = materials if isinstance(materials, list) else []
    shares = [one.get("massFraction") for one in listed if isinstance(one, Mapping)]
    if sum(float(one) for one in shares if isinstance(one, int | float)) > 1.000001:
        yield Defect("mass_fractions_above_one", f"{place}/materialProvenance", "The mass fractions are more than all.")
    if value.get("idGranularity") == "model" and "batchNumber" in value:
        yield Defect("batch_of_model", f"{place}/idGranularity", "A model has no batch number.", grave=False)


def _country(value: Mapping[str, Any], place: str) -> Iterator[Defect]:
    if value.get("countryCode") not in NAMES:
        yield Defect("country_unknown", f"{place}/countryCode", "There is no country with this code.")


def _period(value: Mapping[str, Any], place: str) -> Iterator[Defect]:
    begins, ends = value.get("startDate"), value.get("endDate")
    if _is_date(begins) and _is_date(ends) and str(ends) < str(begins):
        yield Defect("period_reversed", f"{place}/endDate", "The period ends before it begins.")


def _event_product(value: Mapping[str, Any], place: str) -> Iterator[Defect]:
    product = value.get("product")
    if isinstance(product, Mapping) and "idGranularity" not in product:
        yield _missing(f"{place}/product", "idGranularity")


def _nothing(value: Mapping[str, Any], place: str) -> Iterator[Defect]:
    yield from ()


_MORE: Final[Mapping[str, Callable[[Mapping[str, Any], str], Iterator[Defect]]]] = {
    "Measure": _measure,
    "Product": _product,
    "Country": _country,
    "Period": _period,
    "EventProduct": _event_product,
}


def _missing(place: str, member: str) -> Defect:
    return Defect("property_missing", pointer(place, member), "This has to be there.")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_date(value: object) -> bool:
    try:
        return isinstance(value, str) and len(value) == 10 and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _is_moment(value: object) -> bool:
    try:
        check_moment(value)
    except RecordError:
        return False
    return True


def _is_share(value: object) -> bool:
    return _is_number(value) and 0 <= value <= 1  # type: ignore[operator]


_KINDS: Final[Mapping[str, Callable[[object], bool]]] = {
    "any": lambda value: True,
    "text": lambda value: isinstance(value, str),
    "uri": data_model.is_url,
    "date": _is_date,
    "moment": _is_moment,
    "number": _is_number,
    "share": _is_share,
    "whole": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "flag": lambda value: isinstance(value, bool),
}
_WRONG: Final = {
    "uri": ("bad_uri", "This is an absolute address, such as https or urn:uuid:."),
    "date": ("bad_day", "Write the day as 2026-11-23."),
    "moment": ("bad_moment", "Write the moment with date, time and time zone: 2026-11-23T04:16:12Z."),
    "share": ("share_out_of_range", "A share is a number from 0 to 1."),
    "number": ("wrong_kind", "This is a number."),
}


@cache
def _class(name: str) -> tuple[dict[str, _Member], bool]:
    """The members of a class, and whether it has no others."""
    closed = f"{name}=" in CLASSES
    members = {}
    for one in CLASSES[f"{name}=" if closed else name].split():
        member, _, kind = one.partition(":")
        members[member.rstrip("!")] = _Member(kind.lstrip("["), kind.startswith("["), member.endswith("!"))
    return members, closed
