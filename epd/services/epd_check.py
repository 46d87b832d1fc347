"""What our rules say of a declaration that somebody brings, in any format; nothing of it is kept."""

from typing import Final

from epd.documents.checking import Asked
from epd.documents.document import Document
from epd.documents.report import Checked, report
from epd.formats.reading import MOST_BYTES, read_documents
from traceability.ledger.errors import RecordError
from traceability.services import clock

__all__ = ["ACTION", "MOST_BYTES", "check"]

ACTION: Final = "check_epd"
"""Its limit stands in ACCOUNT_RATE_LIMITS: a check costs computing."""


class SeveralDocuments(RecordError):
    """An earlier document that cannot be one, because the file holds several."""

    code = "several_documents"


def check(content: bytes, previous: bytes | None = None, upstream: tuple[bytes, ...] = ()) -> tuple[Checked, ...]:
    """The answers to each declaration in a file, compared with an earlier one and with upstream ones if brought."""
    others = tuple(document for one in upstream for document in read_documents(one))
    earlier = None if previous is None else _only(read_documents(previous))
    return report(read_documents(content), Asked(clock.now().date(), earlier, others))


def _only(documents: tuple[Document, ...]) -> Document:
    if len(documents) != 1:
        raise SeveralDocuments("Bring the earlier declaration alone. This file holds several.")
    return documents[0]
