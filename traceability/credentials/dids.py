"""Decentralised identifiers: did:key from itself, did:web as an address, and the keys of a DID document.

CID 1.0; did:web and did:key method texts. Nothing is fetched here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote, unquote, urlsplit

from traceability.credentials.data_integrity import WrongPurpose
from traceability.credentials.moments import check_moment
from traceability.credentials.public_keys import PublicKey, of_jwk, of_multikey
from traceability.ledger.errors import RecordError

CONTEXTS: Final = (
    "https://www.w3.org/ns/did/v1",
    "https://w3id.org/security/multikey/v1",
    "https://w3id.org/security/jwk/v1",
)
MOST_METHODS: Final = 100
LONGEST: Final = 500
_DID: Final = re.compile(r"did:[a-z0-9]+:[A-Za-z0-9._:%-]*[A-Za-z0-9._%-]", re.ASCII)
_SEGMENT: Final = re.compile(r"(?:[A-Za-z0-9._-]|%[0-9A-Fa-f]{2})+", re.ASCII)


class BadDid(RecordError):
    """A text that is no DID."""

    code = "bad_did"


class DidMethodUnknown(RecordError):
    """A DID of a method that is not resolved here."""

    code = "did_method_unknown"


class BadDidDocument(RecordError):
    """A document that is not the one of the DID, or not written as such."""

    code = "bad_did_document"


class KeyNotInDocument(RecordError):
    """A key that the document of its DID does not list."""

    code = "key_not_in_did_document"


class KeyExpired(RecordError):
    """A key that its owner had replaced before the signature was made."""

    code = "key_expired"


class KeyRevoked(RecordError):
    """A key that its owner took back."""

    code = "key_revoked"


@dataclass(frozen=True, slots=True)
class Method:
    """A key of a DID document, and until when it speaks."""

    key: PublicKey
    asserts: bool
    expires: datetime | None
    revoked: datetime | None

    def check_at(self, signed_at: datetime | None) -> None:
        """Refuses the key for what says it was signed then (None: it does not say); a revoked one for anything."""
        if self.revoked is not None:
            raise KeyRevoked("The issuer revoked this key: who signed, and when, nobody can say.")
        if not self.asserts:
            raise WrongPurpose("The issuer does not list this key to assert with.")
        if self.expires is not None and (signed_at is None or signed_at >= self.expires):
            raise KeyExpired("The issuer had replaced this key by then.")


def did_of(url: str) -> str:
    """The DID of a DID URL."""
    did = re.split("[#?/]", url, maxsplit=1)[0]
    if len(url) > LONGEST or not _DID.fullmatch(did):
        raise BadDid("Write the identifier as did:web: or did:key: and what follows.")
    return did


def web_address(did: str) -> str:
    """Where the document of a did:web lies."""
    host, *path = did_of(did).removeprefix("did:web:").split(":")
    if not did.startswith("did:web:") or not all(map(_SEGMENT.fullmatch, (host, *path))):
        raise BadDid("A did:web names a host and, after colons, a path.")
    place = "/".join(path) if path else ".well-known"
    if any(unquote(one) in (".", "..") or "/" in unquote(one) for one in path):
        raise BadDid("The path of a did:web has no steps back and no slashes.")
    return f"https://{unquote(host)}/{place}/did.json"


def web_did(base_url: str, path: str) -> str:
    """The did:web of a path without slashes at its ends, below a site."""
    host = quote(urlsplit(base_url).netloc, safe="")
    return ":".join(("did:web", host, *path.split("/")))


def key_document(did: str) -> dict[str, Any]:
    """The document of a did:key, which its text says whole."""
    name = did_of(did).removeprefix("did:key:")
    of_multikey(name)
    method = f"{did}#{name}"
    key = {"id": method, "type": "Multikey", "controller": did, "publicKeyMultibase": name}
    return {"id": did, "verificationMethod": [key], "assertionMethod": [method]}


def find_method(document: object, url: str) -> Method:
    """The key that a DID URL names in the document of its DID."""
    did = did_of(url)
    if not isinstance(document, Mapping) or document.get("id") != did:
        raise BadDidDocument("This document is about another identifier.", path="/id")
    listed, asserting = _listed(document, "verificationMethod"), _listed(document, "assertionMethod")
    own = [one for one in (*listed, *asserting) if isinstance(one, Mapping)]
    found = [one for one in own if _absolute(one.get("id"), did) == url]
    if not found:
        raise KeyNotInDocument("The document of the issuer does not list this key.")
    if len(found) > 1:
        raise BadDidDocument("The document lists two keys under one name.", path="/verificationMethod")
    [one] = found
    if one.get("controller") != did:
        raise BadDidDocument("The key is controlled by somebody else.", path="/verificationMethod")
    names = {_absolute(it.get("id") if isinstance(it, Mapping) else it, did) for it in asserting}
    ends = {name: check_moment(one[name]) if name in one else None for name in ("expires", "revoked")}
    return Method(_key(one), url in names, ends["expires"], ends["revoked"])


def _key(method: Mapping[str, Any]) -> PublicKey:
    match method.get("type"):
        case "Multikey":
            return of_multikey(method.get("publicKeyMultibase"))
        case "JsonWebKey" | "JsonWebKey2020":
            return of_jwk(method.get("publicKeyJwk"))
    raise BadDidDocument("Keys are read as Multikey or JsonWebKey.", path="/verificationMethod")


def _listed(document: Mapping[str, Any], name: str) -> list[Any]:
    found = document.get(name, [])
    if not isinstance(found, list) or len(found) > MOST_METHODS:
        raise BadDidDocument(f"Keys are a list of at most {MOST_METHODS}.", path=f"/{name}")
    return found


def _absolute(name: object, did: str) -> str:
    text = name if isinstance(name, str) else ""
    return did + text if text.startswith("#") else text
