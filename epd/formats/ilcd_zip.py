"""ILCD archives: data sets in folders (`ILCD/processes/...`), of which the processes are read with their flows."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO, Final

from epd.documents.document import Document
from epd.formats.defects import DocumentTooLarge, NotADocument
from epd.formats.ilcd import document_of, flows_named, is_flow, read_process
from epd.formats.tree import Element, read_tree
from traceability.formats.archive import Archive
from traceability.ledger.errors import RecordError

MOST_PARTS: Final = 5_000
MOST_UNPACKED: Final = 100 * 2**20
MOST_PROCESSES: Final = 20
MOST_FLOWS: Final = 500
MOST_STREAMED_PARTS: Final = 200_000
MOST_STREAMED: Final = 20 * 2**30
"""Of an archive that an operator reads from his own disk, one data set at a time."""
_NO_PROCESS: Final = "This archive has no folder “processes” with data sets, so it holds no declaration."


class PathOutside(RecordError):
    """A part of the archive that would be unpacked somewhere else."""

    code = "path_outside"


def read_archive(content: bytes) -> tuple[Document, ...]:
    """The documents in an archive, in the order of their names."""
    archive = Archive(content, most_parts=MOST_PARTS, most_unpacked=MOST_UNPACKED)
    for name in archive.names:
        _refuse_outside(name)
    processes = list(_in_folder(archive, "processes"))
    if not processes:
        raise NotADocument(_NO_PROCESS)
    if len(processes) > MOST_PROCESSES:
        raise DocumentTooLarge(f"Bring at most {MOST_PROCESSES} declarations in one archive. Nothing was read.")
    flows = list(_flows(archive))
    return tuple(read_process(archive.pieces(name), flows) for name in processes)


def stream_archive(file: BinaryIO) -> Iterator[Document]:
    """The documents of an archive one after the other, each with its own flows: only one is in memory at a time."""
    archive = Archive(file, most_parts=MOST_STREAMED_PARTS, most_unpacked=MOST_STREAMED)
    for name in archive.names:
        _refuse_outside(name)
    flows = {PurePosixPath(name).stem.partition("_")[0].lower(): name for name in _in_folder(archive, "flows")}
    is_empty = True
    for name in _in_folder(archive, "processes"):
        is_empty = False
        root = read_tree(archive.pieces(name))
        wanted = [flows[one.lower()] for one in flows_named(root) if one.lower() in flows]
        yield document_of(root, [read_tree(archive.pieces(one)) for one in wanted])
    if is_empty:
        raise NotADocument(_NO_PROCESS)


def _refuse_outside(name: str) -> None:
    parts = PurePosixPath(name.replace("\\", "/"))
    if parts.is_absolute() or ".." in parts.parts or ":" in name or "\0" in name:
        raise PathOutside("A part of this archive leads out of it. Nothing was read.", path=name[:80])


def _in_folder(archive: Archive, folder: str) -> Iterator[str]:
    for name in sorted(set(archive.names)):
        path = PurePosixPath(name)
        if path.suffix.lower() == ".xml" and path.parent.name == folder:
            yield name


def _flows(archive: Archive) -> Iterator[Element]:
    """The flow data sets; a broken one is refused as a whole, because a declared unit may hang on it."""
    for number, name in enumerate(_in_folder(archive, "flows")):
        if number == MOST_FLOWS:
            raise DocumentTooLarge(f"This archive has more than {MOST_FLOWS} flows. Nothing was read.")
        root = read_tree(archive.pieces(name))
        if is_flow(root):
            yield root
