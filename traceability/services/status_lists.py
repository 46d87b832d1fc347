"""The status lists of an organisation: one bit for each place in the log, set where its words no longer stand.

A credential is a view of one signed statement, so its bit is that statement's index. Nothing is stored: a list, one of
a moment long ago too, follows from the record.
"""

from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core.cache import cache

from traceability.credentials import status_list
from traceability.credentials.data_model import CONTEXT
from traceability.models import LogEntry, Statement
from traceability.selectors import did_documents
from traceability.selectors.access import NotFound
from traceability.selectors.ended import ended
from traceability.services import issuing

LIVES_S: Final = 300
"""How long a reader may keep a list."""


def address(organisation: UUID, number: int) -> str:
    """Where a list of an organisation lies."""
    return f"{settings.LODESTONE_BASE_URL}/organisations/{organisation}/status/{number}"


def entry(organisation: UUID, index: int) -> dict[str, Any]:
    """The status of a credential that is a view of the statement with this index of the log, as UNTP writes it."""
    number, at = divmod(index, status_list.ENTRIES)
    return {
        "type": status_list.ENTRY_TYPE,
        "statusPurpose": "revocation",
        "statusListIndex": at,
        "statusListCredential": address(organisation, number),
    }


def signed(organisation: UUID, number: int, form: str, *, at: datetime, past: bool) -> bytes:
    """The signed list of an organisation as of a moment; that of now comes from a cache until something is said."""
    newest = LogEntry.objects.order_by("-index").values_list("index", flat=True).first()
    if newest is None or number * status_list.ENTRIES > newest:
        raise NotFound("There is no such status list yet.")
    did_documents.versions(organisation)
    if past:
        return _made(organisation, number, form, at)
    said = Statement.objects.order_by("-pk").values_list("pk", flat=True).first()
    key = f"status-list/{organisation}/{number}/{form}/{said}"
    found: bytes | None = cache.get(key)
    if found is None:
        found = _made(organisation, number, form, at)
        cache.set(key, found, LIVES_S)
    return found


def _made(organisation: UUID, number: int, form: str, at: datetime) -> bytes:
    first = number * status_list.ENTRIES
    bits = [index - first for index in ended(organisation, at) if 0 <= index - first < status_list.ENTRIES]
    moment, url = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), address(organisation, number)
    credential = {
        "@context": [CONTEXT],
        "id": url,
        "type": ["VerifiableCredential", status_list.CREDENTIAL_TYPE],
        "issuer": did_documents.did_of(organisation),
        "validFrom": moment,
        "credentialSubject": {
            "id": f"{url}#list",
            "type": status_list.TYPE,
            "statusPurpose": "revocation",
            "encodedList": status_list.encode(bits),
            "ttl": LIVES_S * 1000,
        },
    }
    return issuing.issue(credential, organisation, form, moment)
