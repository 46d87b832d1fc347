"""Counting as a part of another question."""

from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery


class NumberOf(Subquery):
    """How many rows a query has."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()
    empty_result_set_value = 0

    def __init__(self, rows: QuerySet[Any]) -> None:
        super().__init__(rows.values("pk") if rows.query.is_sliced else rows.order_by().values("pk"))
