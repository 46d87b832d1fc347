"""Zip archives of other people, read part by part within bounds that hold for hostile files too."""

import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO, Final

from traceability.ledger.errors import RecordError

_PIECE: Final = 2**18


class NotAZip(RecordError):
    """The file is no zip archive."""

    code = "not_a_zip"


class ZipTooLarge(RecordError):
    """The archive unpacks to more than is read, or has more parts."""

    code = "zip_too_large"


class ZipDamaged(RecordError):
    """A part is missing, broken or locked with a password."""

    code = "zip_damaged"


class Archive:
    """The parts of an archive: no more than `most_unpacked` bytes of them are ever read, whatever it declares."""

    def __init__(self, content: bytes | BinaryIO, *, most_parts: int, most_unpacked: int) -> None:
        try:
            self._archive = zipfile.ZipFile(BytesIO(content) if isinstance(content, bytes) else content)
            infos = self._archive.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            raise NotAZip("This is no zip archive.") from None
        self._left = self._most = most_unpacked
        if len(infos) > most_parts:
            raise ZipTooLarge(f"This archive has more than {most_parts} parts. Nothing was read.")
        if sum(one.file_size for one in infos) > most_unpacked:
            self._refuse()
        self.names = tuple(one.filename for one in infos)

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a part, piece by piece."""
        try:
            with self._archive.open(name) as part:
                while piece := part.read(_PIECE):
                    self._left -= len(piece)
                    if self._left < 0:
                        self._refuse()
                    yield piece
        except RecordError:
            raise
        except (KeyError, zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, ValueError,
                NotImplementedError, RuntimeError, zlib.error):  # fmt: skip
            raise ZipDamaged("A part of this archive is damaged or locked with a password. Pack it anew.") from None

    def _refuse(self) -> None:
        raise ZipTooLarge(f"This archive unpacks to more than {self._most // 2**20} MiB. Nothing was read.")
