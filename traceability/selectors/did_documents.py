"""The DID document of each organisation, as the order of the log left its keys; and every version before it.

`did:web` has no history of its own. Here each statement about the keys of an organisation makes a version, named by its
index in the log, and all versions follow from the signed statements.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import F

from traceability.credentials.dids import CONTEXTS, web_did
from traceability.credentials.public_keys import ed25519
from traceability.ledger import keys
from traceability.ledger.envelope import parse_envelope
from traceability.ledger.keys import KEY_KINDS, KeyRecord, KeyRing
from traceability.ledger.statement import parse_header
from traceability.models import Organisation, Statement
from traceability.selectors.access import NotFound


@dataclass(frozen=True, slots=True)
class Version:
    """The keys after a statement about them; `moments` says when those statements were accepted, `before` names the
    version before.
    """

    index: int
    at: datetime
    ring: KeyRing
    moments: dict[int, datetime]
    before: int | None


def did_of(organisation: UUID) -> str:
    """The DID of an organisation of this record."""
    return web_did(settings.LODESTONE_BASE_URL, f"organisations/{organisation}")


def organisation_of(did: str) -> UUID | None:
    """The organisation of this record that a DID names; None for any other."""
    own = web_did(settings.LODESTONE_BASE_URL, "organisations/")
    try:
        found = UUID(did.removeprefix(own)) if did.startswith(own) else None
    except ValueError:
        return None
    return found if found is not None and did_of(found) == did else None


def key_url(organisation: UUID, public_key: bytes) -> str:
    """The name of a key as JSON Web Key, which tokens bear."""
    return f"{did_of(organisation)}#jwk-{ed25519(public_key).multikey}"


def multikey_url(organisation: UUID, public_key: bytes) -> str:
    """The name of the same key as Multikey, which embedded proofs bear."""
    return f"{did_of(organisation)}#{ed25519(public_key).multikey}"


def versions(organisation: UUID) -> list[Version]:
    """The versions of a document, oldest first; NotFound where no key of such an organisation is in the log."""
    about = Statement.objects.filter(links__subject=organisation, kind__in=sorted(KEY_KINDS), entry__isnull=False)
    rows = about.annotate(log_index=F("entry__index")).order_by("entry__index")
    operator = Organisation.objects.filter(is_operator=True).values_list("pk", flat=True).first()
    ring: KeyRing | None = None
    moments: dict[int, datetime] = {}
    found: list[Version] = []
    for row in rows:
        statement = parse_header(parse_envelope(bytes(row.envelope)).payload)
        ring = keys.advance(statement, row.log_index, ring, operator=f"urn:uuid:{operator}", owner_of=lambda key: None)
        moments[row.log_index] = row.accepted_at
        if ring is not None:
            before = found[-1].index if found else None
            found.append(Version(row.log_index, row.accepted_at, ring, dict(moments), before))
    if not found:
        raise NotFound("There is no such organisation, or none of its keys is in the log.")
    return found


def version_at(organisation: UUID, *, at: datetime | None = None, index: int | None = None) -> Version:
    """The newest version, the one of a moment, or the one with this index; NotFound where there was none."""
    wanted = [
        one
        for one in versions(organisation)
        if (at is None or one.at <= at) and (index is None or one.index == index)
    ]  # fmt: skip
    if not wanted:
        raise NotFound("There was no document of this organisation then.")
    return wanted[-1]


def document(organisation: UUID, version: Version) -> dict[str, Any]:
    """The DID document: each key as Multikey and as JsonWebKey; a replaced one with its end, a revoked one for none."""
    did = did_of(organisation)
    spoken = [one for one in version.ring.keys.values() if not one.recovery]
    methods = [method for one in spoken for method in _methods(did, one, version)]
    asserting = [name for one in spoken if one.compromised_from is None for name in _names(did, one)]
    return {
        "@context": list(CONTEXTS),
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": asserting,
    }


def _names(did: str, key: KeyRecord) -> tuple[str, str]:
    multikey = ed25519(key.public_key).multikey
    return f"{did}#{multikey}", f"{did}#jwk-{multikey}"


def _methods(did: str, key: KeyRecord, version: Version) -> Iterator[dict[str, Any]]:
    public = ed25519(key.public_key)
    ends: dict[str, str] = {}
    if key.ended is not None:
        name = "expires" if key.compromised_from is None else "revoked"
        ends[name] = version.moments[key.ended].astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    multikey, jwk = _names(did, key)
    yield {"id": multikey, "type": "Multikey", "controller": did, "publicKeyMultibase": public.multikey, **ends}
    yield {"id": jwk, "type": "JsonWebKey", "controller": did, "publicKeyJwk": public.jwk, **ends}
