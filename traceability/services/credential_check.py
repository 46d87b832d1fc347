"""What is established of a credential that somebody brings; nothing of it is kept."""

from typing import Final

from traceability.credentials.answer import CredentialAnswer
from traceability.credentials.verifying import verify
from traceability.ledger.canonical import MAX_BYTES
from traceability.services import clock
from traceability.services.resolving import GuardedResolver

MOST_BYTES: Final = 2 * MAX_BYTES


def check(credential: bytes) -> CredentialAnswer:
    """The answer on a credential of anybody, now."""
    return verify(credential, GuardedResolver(), clock.now())
