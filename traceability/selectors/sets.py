"""Large sets, as a part of a question: found by another question (`pk__in_set=`), or sent along (`pk__among=`).

What is found is found once. PostgreSQL cannot know how large a set is, and where it believes that a page is soon full
it goes through the set again for each row; as an array it is found once, and looked up by the index. SQLite does so by
itself.
"""

import json
from typing import Any, Final
from uuid import UUID

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


class Among(In):
    """Rows whose field is one of these ids or numbers, however many there are: they are sent as one parameter.

    With `in` each is a parameter of its own, which costs more than the answer, and there is a most of them.
    """

    lookup_name = "among"

    def get_prep_lookup(self) -> set[UUID | int]:
        """The set as it is: every value is what the field holds."""
        return set(self.rhs)

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[object]]:
        """One of an array."""
        lhs, params = self.process_lhs(compiler, connection)
        return f"{lhs} = ANY(%s)", [*params, list(self.rhs)]

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[object]]:
        """One of a JSON list; ids stand in the database as hexadecimal digits."""
        lhs, params = self.process_lhs(compiler, connection)
        sent = json.dumps([one.hex if isinstance(one, UUID) else one for one in self.rhs])
        return f"{lhs} IN (SELECT value FROM json_each(%s))", [*params, sent]  # noqa: S608  (a column)


Field.register_lookup(InSet)
Field.register_lookup(Among)
