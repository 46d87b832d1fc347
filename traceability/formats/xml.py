"""XML of other people, parsed as a stream; document types, which can unfold without end, are refused."""

from collections.abc import Callable, Iterable
from xml.parsers import expat

from traceability.ledger.errors import RecordError

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]


class NotXml(RecordError):
    """The text is no well-formed XML in the encoding that it states."""

    code = "not_xml"


class HasDocumentType(RecordError):
    """The text holds a document type, through which entities come."""

    code = "xml_document_type"


def parse(
    pieces: Iterable[bytes], start: Start, end: End | None, text: Callable[[str], None] | None, *, separator: str = ""
) -> None:
    """Calls the handlers for each element; with a separator, names begin with their namespace and it."""
    parser = expat.ParserCreate(namespace_separator=separator or None)
    parser.buffer_text = True
    parser.StartElementHandler = start
    if end is not None:
        parser.EndElementHandler = end
    if text is not None:
        parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _no_document_type
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except RecordError:
        raise
    except (expat.ExpatError, ValueError, LookupError):
        where = f"line {parser.CurrentLineNumber}, column {parser.CurrentColumnNumber}"
        raise NotXml("This is no well-formed XML in the encoding that it states.", path=where) from None


def _no_document_type(*_: object) -> None:
    raise HasDocumentType("This file holds a document type, which no data set needs. It was not read.")
