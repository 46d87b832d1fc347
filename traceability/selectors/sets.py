"""Sets that are found once, as a part of another question: `rows.filter(pk__in_set=...)`.

PostgreSQL cannot know how large a set is, and where it believes that a page is soon full it goes through the set again
for each row; as an array it is found once, and looked up by the index. SQLite does so by itself.
"""

from typing import Any, Final

from django.db.models import Field
from django.db.models.lookups import In

FOUND_ONCE: Final = {"postgresql": "SELECT unnest(ARRAY({}))", "sqlite": "{}"}
"""The same for a part of a condition that is only sometimes asked, around the query in SQL."""


class InSet(In):
    """Rows whose indexed field is one of the values of a query."""

    lookup_name = "in_set"

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        """On PostgreSQL one of an array."""
        return f"= ANY(ARRAY{rhs})" if connection.vendor == "postgresql" else super().get_rhs_op(connection, rhs)


Field.register_lookup(InSet)
