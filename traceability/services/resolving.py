"""Where the documents of foreign issuers come from: this record, the identifier itself, or one guarded request."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from traceability.credentials import dids, jose
from traceability.credentials.dids import BadDidDocument, DidMethodUnknown
from traceability.credentials.verifying import AddressRefused, NotReachable
from traceability.ledger.canonical import MAX_BYTES, read_rfc8785
from traceability.selectors import did_documents
from traceability.selectors.access import NotFound
from traceability.services import clock, safe_fetch, status_lists
from traceability.services.issuing import IssuerHoldsItsKeys

MOST_DOCUMENT_BYTES: Final = 64 * 1024
MOST_LOOK_UPS: Final = 6
"""Requests to other sites for one credential."""


class GuardedResolver:
    """Resolves did:key and the organisations of this record without a request, did:web of others with one."""

    def __init__(self) -> None:
        self._left = MOST_LOOK_UPS

    def did_document(self, did: str) -> Mapping[str, Any]:
        """The document of a DID."""
        if did.startswith("did:key:"):
            return dids.key_document(did)
        if organisation := did_documents.organisation_of(did):
            return self._own(organisation)
        if not did.startswith("did:web:"):
            raise DidMethodUnknown("Identifiers are resolved by did:web and did:key.")
        content = self._get(dids.web_address(did), "application/did+json, application/json", MOST_DOCUMENT_BYTES)
        found = read_rfc8785(content, max_depth=jose.MAX_DEPTH)
        if not isinstance(found, dict):
            raise BadDidDocument("A DID document is an object.")
        return found

    def status_list(self, url: str) -> bytes:
        """What lies at the address of a status list; one of this record is made here."""
        own = f"{settings.LODESTONE_BASE_URL}/organisations/"
        organisation, _, number = url.removeprefix(own).partition("/status/")
        with suppress(ValueError):
            if url == status_lists.address(UUID(organisation), int(number)):
                return self._own_list(UUID(organisation), int(number))
        return self._get(url, f"{jose.MEDIA_TYPE}, application/vc", 2 * MAX_BYTES)

    def _own_list(self, organisation: UUID, number: int) -> bytes:
        try:
            return status_lists.signed(organisation, number, jose.MEDIA_TYPE, at=clock.now(), past=False)
        except (NotFound, IssuerHoldsItsKeys) as error:
            raise NotReachable(error.sentence) from None

    def _own(self, organisation: UUID) -> Mapping[str, Any]:
        try:
            return did_documents.document(organisation, did_documents.version_at(organisation))
        except NotFound as error:
            raise NotReachable(error.sentence) from None

    def _get(self, url: str, accept: str, most_bytes: int) -> bytes:
        if not self._left:
            raise NotReachable("The credential needs more documents of others than are fetched for one.")
        self._left -= 1
        try:
            return safe_fetch.get(url, accept=accept, most_bytes=most_bytes)
        except safe_fetch.BadAddress as error:
            raise AddressRefused(error.sentence) from None
        except safe_fetch.NotReached as error:
            raise NotReachable(error.sentence) from None
