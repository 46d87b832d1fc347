"""The form of a credential by the W3C Verifiable Credentials Data Model 2.0, without a JSON-LD processor.

Contexts are never fetched and never expanded. So a type counts as mapped when it is one of the model, an address, or
when a context is named that can map it: one inside the document, or an address behind the first.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from traceability.credentials.moments import check_moment
from traceability.ledger.errors import RecordError

CONTEXT: Final = "https://www.w3.org/ns/credentials/v2"
TYPES: Final = frozenset({
    "VerifiableCredential", "VerifiablePresentation", "EnvelopedVerifiableCredential", "JsonSchema",
    "DataIntegrityProof", "JsonSchemaCredential", "BitstringStatusList", "BitstringStatusListCredential",
    "BitstringStatusListEntry",
})  # fmt: skip
"""What the base context itself maps."""
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+", re.ASCII)
_NAMED: Final = ("name", "description")
_WITH_TYPE: Final = ("credentialStatus", "credentialSchema", "refreshService", "termsOfUse", "evidence", "proof")
_LANGUAGE: Final = frozenset({"@value", "@language", "@direction"})


class BadContext(RecordError):
    """Contexts that are missing, in another order, not addresses, or that give a term of the model another meaning."""

    code = "bad_context"


class BadCredentialType(RecordError):
    """Types that are missing or that nothing explains."""

    code = "bad_credential_type"


class BadIdentifier(RecordError):
    """An identifier that is no address."""

    code = "bad_identifier"


class BadIssuer(RecordError):
    """An issuer that is missing or no address."""

    code = "bad_issuer"


class BadSubject(RecordError):
    """A credential that says nothing."""

    code = "bad_subject"


class BadMember(RecordError):
    """A member of a credential that is not written as the model asks."""

    code = "bad_member"


class BadPeriod(RecordError):
    """A credential that ends before it begins."""

    code = "valid_until_before_valid_from"


def check(credential: Mapping[str, Any]) -> None:
    """Refuses what is no credential of version 2.0, with the place of the first defect."""
    contexts = _check_contexts(credential.get("@context"))
    _check_types(credential.get("type"), contexts, "VerifiableCredential", "/type")
    if "id" in credential:
        _check_url(credential["id"], "/id")
    _check_texts(credential, "")
    _check_issuer(credential.get("issuer"))
    period(credential)
    _check_subjects(credential.get("credentialSubject"))
    for name in _WITH_TYPE:
        for place, member in _members(credential, name):
            _check_member(name, member, contexts, place)


def issuer_of(credential: Mapping[str, Any]) -> str:
    """The identifier of the issuer."""
    issuer = credential.get("issuer")
    return str(issuer.get("id") if isinstance(issuer, Mapping) else issuer)


def period(credential: Mapping[str, Any]) -> tuple[datetime | None, datetime | None]:
    """From when and until when a credential is valid, as far as it says."""
    begins, ends = (
        check_moment(credential[name], path=f"/{name}") if name in credential else None
        for name in ("validFrom", "validUntil")
    )
    if begins is not None and ends is not None and ends < begins:
        raise BadPeriod("The credential ends before it begins.", path="/validUntil")
    return begins, ends


def is_url(text: object) -> bool:
    """Whether a text is an absolute address or another URI, as its scheme says."""
    if not isinstance(text, str) or not _SCHEME.fullmatch(text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme not in ("http", "https") or bool(parts.hostname)


def _check_contexts(contexts: object) -> Sequence[Any]:
    if not isinstance(contexts, list) or not contexts or contexts[0] != CONTEXT:
        raise BadContext(f"The first context is {CONTEXT}.", path="/@context")
    meanings: dict[str, object] = {}
    for at, context in enumerate(contexts[1:], 1):
        if isinstance(context, Mapping):
            _check_terms(context, meanings, f"/@context/{at}")
        elif not is_url(context):
            raise BadContext("A context is an address or an object.", path=f"/@context/{at}")
    return contexts


def _check_terms(context: Mapping[str, Any], meanings: dict[str, object], place: str) -> None:
    for term, meaning in context.items():
        if term in TYPES or (term in meanings and meanings[term] != meaning):
            raise BadContext("A context gives a term another meaning than it has already.", path=place)
        if term == "@protected":
            continue
        named = meaning.get("@id") if isinstance(meaning, Mapping) else meaning
        if isinstance(named, str) and not term.startswith("@") and not (is_url(named) or named.startswith("@")):
            raise BadContext("A context maps a term to something that is no address.", path=place)
        if not term.startswith("@"):
            meanings[term] = meaning


def _check_types(types: object, contexts: Sequence[Any], wanted: str, place: str) -> None:
    listed = types if isinstance(types, list) else [types]
    if not listed or (wanted and wanted not in listed):
        raise BadCredentialType(f"The type of a credential is {wanted} among others.", path=place)
    if not all(_is_mapped(one, contexts) for one in listed):
        raise BadCredentialType("No context says what this type means.", path=place)


def _is_mapped(kind: object, contexts: Sequence[Any]) -> bool:
    if not isinstance(kind, str) or not kind or " " in kind:
        return False
    if kind in TYPES or is_url(kind) or any(isinstance(one, Mapping) and kind in one for one in contexts):
        return True
    # Version 2.0 itself has no vocabulary for all other words; a context by address may map it.
    return any(isinstance(one, str) for one in contexts[1:])


def _check_issuer(issuer: object) -> None:
    if isinstance(issuer, Mapping):
        _check_texts(issuer, "/issuer")
        issuer = issuer.get("id")
    if not is_url(issuer):
        raise BadIssuer("The issuer is a DID or another address.", path="/issuer")


def _check_subjects(subject: object) -> None:
    subjects = subject if isinstance(subject, list) else [subject]
    if not subjects or not all(isinstance(one, Mapping) and one for one in subjects):
        raise BadSubject("A credential says something of each subject.", path="/credentialSubject")
    for one in subjects:
        if isinstance(one, Mapping) and "id" in one:
            _check_url(one["id"], "/credentialSubject/id")


def _members(credential: Mapping[str, Any], name: str) -> Iterator[tuple[str, Any]]:
    found = credential.get(name, [])
    if isinstance(found, list):
        yield from ((f"/{name}/{at}", one) for at, one in enumerate(found))
    else:
        yield f"/{name}", found


def _check_member(name: str, member: object, contexts: Sequence[Any], place: str) -> None:
    if not isinstance(member, Mapping) or "type" not in member:
        raise BadMember("This member is an object with a type.", path=place)
    _check_types(member["type"], contexts, "", f"{place}/type")
    if name == "credentialSchema" and "id" not in member:
        raise BadMember("A schema is named by its id.", path=place)
    if "id" in member:
        _check_url(member["id"], f"{place}/id")


def _check_url(value: object, place: str) -> None:
    if not is_url(value):
        raise BadIdentifier("An identifier is one address, such as urn:uuid: or https.", path=place)


def _check_texts(holder: Mapping[str, Any], place: str) -> None:
    for name in _NAMED:
        found = holder.get(name, "")
        for one in found if isinstance(found, list) else [found]:
            if isinstance(one, Mapping) and (not set(one) <= _LANGUAGE or not isinstance(one.get("@value"), str)):
                raise BadMember("A text in a language has @value, @language and @direction.", path=f"{place}/{name}")
            if not isinstance(one, str | Mapping):
                raise BadMember("This member is a text.", path=f"{place}/{name}")
