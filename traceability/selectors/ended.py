"""What of an organisation's words no longer stands, at any moment: by their places in the log."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from traceability.ledger.kinds.verification import REFUSE, VERIFY
from traceability.models import ChainLink, Statement, Version
from traceability.selectors import did_documents
from traceability.selectors.access import NotFound
from traceability.selectors.slots import SLOTS

ENDS: Final = ("declaration.withdraw", "declaration.supersede")
SAID: Final = ("declaration.publish", "declaration.reference", VERIFY)
"""Kinds on the chain of a declaration whose words end with it."""


def ended(organisation: UUID, at: datetime) -> set[int]:
    """The log indexes of the organisation's statements that were, by then, corrected, withdrawn, ended or in doubt."""
    own = Statement.objects.filter(issuer=organisation, entry__isnull=False)
    links = ChainLink.objects.filter(statement__accepted_at__lte=at)
    over = links.filter(statement__kind__in=ENDS).values("subject")
    found = own.filter(pk__in=Version.objects.filter(statement__accepted_at__lte=at).values("original"))
    rows = [found, own.filter(kind__in=SAID, links__subject__in=over), _recalled(own, links)]
    indexes = {index for one in rows for index in one.values_list("entry__index", flat=True)}
    return indexes | _replaced(own, links) | _doubtful(own, organisation, at)


def _recalled(own: QuerySet[Statement], links: QuerySet[ChainLink]) -> QuerySet[Statement]:
    """What was declared of recalled lots."""
    lots = set(links.filter(statement__kind="lot.recall").values_list("subject", flat=True))
    published = SLOTS.declarations_in_bundle(lots) if lots else ()
    declarations = ChainLink.objects.filter(statement__in=published).values("subject")
    return own.filter(kind__in=SAID, links__subject__in=declarations)


def _replaced(own: QuerySet[Statement], links: QuerySet[ChainLink]) -> set[int]:
    """Verifications after which the same declaration was verified again, or refused."""
    mine = own.filter(kind=VERIFY).values("links__subject")
    later: set[UUID] = set()
    found = set()
    spoken = links.filter(statement__kind__in=(VERIFY, REFUSE), subject__in=mine).order_by("-seq")
    issuer = own.values_list("issuer", flat=True).first()
    for subject, kind, by, index in spoken.values_list(
        "subject", "statement__kind", "statement__issuer", "statement__entry__index"
    ):
        if subject in later and kind == VERIFY and by == issuer and index is not None:
            found.add(index)
        later.add(subject)
    return found


def _doubtful(own: QuerySet[Statement], organisation: UUID, at: datetime) -> set[int]:
    """What was signed in the doubtful window of a key that was revoked by then."""
    try:
        ring = did_documents.version_at(organisation, at=at).ring
    except NotFound:
        return set()
    found: set[int] = set()
    for key in ring.keys.values():
        if key.compromised_from is not None:
            signed = own.filter(key_id=bytes.fromhex(key.key.removeprefix("sha256:")))
            found |= set(signed.filter(entry__index__gte=key.compromised_from).values_list("entry__index", flat=True))
    return found
