"""A file that says how far it was read, so that long work on it shows that its worker is there."""

import time
from collections.abc import Callable
from io import FileIO
from pathlib import Path
from typing import Final

EVERY_S: Final = 2.0
"""It is told no more often."""


class HeardFile(FileIO):
    """Tells how many bytes were read of it so far, whichever; read twice they count twice."""

    def __init__(self, path: Path, tell: Callable[[int], None]) -> None:
        super().__init__(path)
        self._say, self._done, self._next = tell, 0, 0.0

    def read(self, size: int | None = -1) -> bytes:
        found = super().read(-1 if size is None else size) or b""
        self._done += len(found)
        if (now := time.monotonic()) >= self._next:
            self._next = now + EVERY_S
            self._say(self._done)
        return found
