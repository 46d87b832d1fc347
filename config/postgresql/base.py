"""The connection to PostgreSQL: whether the server is still there is seen without asking it."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Django asks `SELECT 1` before each request; that costs as much as the request's own query."""

    def is_usable(self) -> bool:
        """Whether the server still holds the connection open.

        A server that goes says so, and closes: then there is something to read where nothing was asked, and only then
        is it asked.
        """
        if self.connection is not None and not self.connection.closed and not _says_something(self.connection.fileno()):
            return True
        return bool(super().is_usable())


def _says_something(line: int) -> bool:
    waiting = select.poll()
    waiting.register(line, select.POLLIN)
    return bool(waiting.poll(0))
