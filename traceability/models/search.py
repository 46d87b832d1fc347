"""The index of words: what was said, by whom it may be read, in plain words; it can be rebuilt."""

from collections.abc import Sequence
from typing import Final

from django.db import connection, models
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _


class SearchText(models.Model):
    """Plain words that stand in one place of the record and are read by the same people.

    `text` without `disclosure` is as open as what it belongs to; with one it is as closed as that confidential value,
    and a trigger takes it away when the value is erased. Another trigger, or an index, finds rows by their words.
    """

    class Kind(models.TextChoices):
        STATEMENT = "statement", _("Statement")
        PARTNER = "partner", _("Partner")
        DOCUMENT = "document", _("Document")

    kind = models.CharField(max_length=9, choices=Kind)
    source = models.BigIntegerField()  # the row of the statement or document; 0 for a partner
    subject = models.UUIDField(db_index=True)  # the lot or declaration, else the statement; the organisation
    disclosure = models.CharField(max_length=43, blank=True)  # the digest of the confidential value
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "source", "subject", "disclosure"], name="one_search_text")
        ]
        indexes = [models.Index(fields=["disclosure"], condition=~models.Q(disclosure=""), name="search_disclosure")]

    def __str__(self) -> str:
        return f"{self.kind} {self.source} of {self.subject}"


WORDS: Final = "traceability_searchtext_words"
"""On SQLite the FTS5 table beside the table, on PostgreSQL the GIN index of it."""
VECTOR: Final = "array_to_tsvector(string_to_array(text, ' '))"
_MATCH: Final = {
    "postgresql": f"SELECT id FROM traceability_searchtext WHERE {VECTOR} @@ %s::tsquery",  # noqa: S608
    "sqlite": f"SELECT rowid FROM {WORDS} WHERE {WORDS} MATCH %s",  # noqa: S608
}


def matching(words: Sequence[str]) -> models.QuerySet[SearchText]:
    """The rows in which all these plain words stand, or words that begin with them; a single letter only itself."""
    parts = [_part(word) for word in words]
    query = " & ".join(parts) if connection.vendor == "postgresql" else " AND ".join(parts)
    return SearchText.objects.filter(pk__in=RawSQL(_MATCH[connection.vendor], [query]))  # noqa: S611


def _part(word: str) -> str:
    begins = len(word) > 1
    if connection.vendor == "postgresql":
        return f"'{word}':*" if begins else f"'{word}'"
    return f'"{word}"*' if begins else f'"{word}"'
