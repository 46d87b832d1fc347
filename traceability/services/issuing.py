"""Credentials signed for an organisation with the key that the platform holds for it."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from traceability.credentials import data_integrity, jose
from traceability.ledger.canonical import encode_rfc8785
from traceability.ledger.errors import RecordError
from traceability.ledger.signing import Signer, key_id
from traceability.models import KeyEntry, PlatformKey
from traceability.selectors import did_documents
from traceability.services import vault

TOKEN: Final = jose.MEDIA_TYPE
DOCUMENT: Final = "application/vc"
FORMS: Final = (TOKEN, DOCUMENT)


class IssuerHoldsItsKeys(RecordError):
    """A credential that the platform cannot sign, because it holds no key of the organisation."""

    code = "issuer_holds_its_keys"


def issue(credential: Mapping[str, Any], organisation: UUID, form: str, created: str) -> bytes:
    """The credential of an organisation as a token or with an embedded proof that says when it was made."""
    signer = signer_of(organisation)
    if form == TOKEN:
        return jose.sign(credential, did_documents.key_url(organisation, signer.public_key), signer).encode()
    method = did_documents.multikey_url(organisation, signer.public_key)
    options = {"created": created, "verificationMethod": method}
    return encode_rfc8785(data_integrity.create(credential, options, signer))


def signer_of(organisation: UUID) -> Signer:
    """The newest key in force of an organisation that the platform holds."""
    held = PlatformKey.objects.filter(organisation=organisation).values("key_id")
    active = KeyEntry.objects.filter(
        organisation=organisation, ended=None, recovery=False, key_id__in=held, since__entry__isnull=False
    )
    entry = active.order_by("-since").first()
    if entry is None:
        raise IssuerHoldsItsKeys("This organisation holds its keys itself: the platform signs no credential for it.")
    return vault.signer_for(key_id(bytes(entry.public_key)))
