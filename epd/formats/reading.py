"""A file of any format, read to documents by what it is, not by its name."""

from typing import Final

from epd.documents.document import Document
from epd.formats.defects import NotADocument
from epd.formats.ilcd import read_process
from epd.formats.ilcd_zip import read_archive
from epd.formats.json_text import Node, load
from epd.formats.openepd import read_openepd
from epd.formats.soda4lca import is_soda4lca, read_soda4lca
from traceability.ledger.errors import RecordError

MOST_BYTES: Final = 10 * 2**20
_ZIP: Final = b"PK\x03\x04"
_BLANK: Final = b"\xef\xbb\xbf \t\r\n"
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")


class FileTooLarge(RecordError):
    """A file with more bytes than are read."""

    code = "file_too_large"


def sniffed(content: bytes) -> bool:
    """Whether a file begins as one of these formats does; a table of factors does not."""
    begins = content.lstrip(_BLANK)[:1]
    return content.startswith(_ZIP) or begins in (b"<", b"{") or (content.startswith(_UTF_16) and b"<" in content[:8])


def read_documents(content: bytes) -> tuple[Document, ...]:
    """The declarations in a file: openEPD, ILCD+EPD (XML or ZIP) or the JSON of soda4LCA. Refuses anything else."""
    if len(content) > MOST_BYTES:
        raise FileTooLarge(f"Bring a file of at most {MOST_BYTES // 2**20} MiB. Nothing was read.")
    if content.startswith(_ZIP):
        return read_archive(content)
    begins = content.lstrip(_BLANK)[:1]
    if begins == b"<" or content.startswith(_UTF_16):
        return (read_process([content]),)
    if begins == b"{":
        root = Node(load(content))
        return (read_soda4lca(root) if is_soda4lca(root) else read_openepd(root),)
    raise NotADocument("Bring a declaration as openEPD (JSON), ILCD+EPD (XML or ZIP) or JSON of soda4LCA.")
