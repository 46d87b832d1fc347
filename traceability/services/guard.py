"""The newest signed checkpoint, kept outside the main database, so that a restored backup cannot fork the log.

A checkpoint is shown to anybody only after it took the place of the one before it here. Another place (an object store
with conditional writes, a database of its own) needs the same two methods and no more.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from django.conf import settings


class Guard(Protocol):
    """A place that holds one note and changes it only for those who know what it holds."""

    def read(self) -> str | None:
        """The note that was signed last, or None where no log was opened yet."""

    def compare_and_swap(self, expected: str | None, new: str) -> bool:
        """Whether `expected` was held and `new` is held now, durably; otherwise nothing has changed."""


class FileGuard:
    """A guard in a directory of its own, which is never part of the backup that restores the database."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._file = directory / "checkpoint"

    def read(self) -> str | None:
        """The note in the file, or None when there is no file."""
        try:
            return self._file.read_bytes().decode()
        except FileNotFoundError:
            return None

    def compare_and_swap(self, expected: str | None, new: str) -> bool:
        """Replaces the file when it holds `expected`; a crash leaves the old note or the new one, never a part."""
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._locked():
            if self.read() != expected:
                return False
            draft = self._file.with_suffix(".draft")
            with draft.open("wb") as file:
                file.write(new.encode())
                file.flush()
                os.fsync(file.fileno())
            draft.rename(self._file)
            self._fsync_directory()
        return True

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self._directory / "lock").open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _fsync_directory(self) -> None:
        directory = os.open(self._directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def configured_guard() -> Guard:
    """The guard of this instance."""
    return FileGuard(settings.LODESTONE_HOME / "guard")
