"""What was said of lots: their assays, what is asked for beside, and every later version of it, in one query."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, UUIDField, Value

from traceability.ledger.immutable import immutable
from traceability.models import Disclosure, Statement

ASSAYING: Final = ("lot.assay",)


@immutable
class Said:
    """Statements about lots, as rows that nobody has opened yet."""

    assays: Mapping[UUID, Statement]
    """The newest of each lot."""
    beside: Sequence[Any]
    """What was asked for beside, oldest first, each with its `lot`; once for each lot that it is about."""
    versions: Sequence[tuple[int, Statement]]
    """The versions of all of these and of the makers, oldest first, each after the id of its original."""
    gone: Collection[int]
    """The ids of those of which a value was erased, or never given."""


def said_of(lots: Collection[UUID], makers: Collection[int], beside: Q | None = None) -> Said:
    """What was said of these lots, which were made by these statements; `beside` is a condition on `links`."""
    gone = Exists(Disclosure.objects.filter(statement=OuterRef("pk"), text=None))
    assaying = Q(kind__in=ASSAYING, links__subject__among=set(lots))
    about = Statement.objects.filter(assaying if beside is None else assaying | beside)
    originals = Q(version_of__original__pk__among=set(makers)) | Q(version_of__original__in=about.values("pk"))
    no_lot, nothing = Value(None, UUIDField()), Value(None, BigIntegerField())
    told = about.annotate(lot=F("links__subject"), seq=F("links__seq"), original=nothing, gone=gone)
    later = Statement.objects.filter(originals).annotate(
        lot=no_lot, seq=nothing, original=F("version_of__original"), gone=gone
    )
    torn = Statement.objects.filter(gone, pk__among=set(makers)).annotate(
        lot=no_lot, seq=nothing, original=nothing, gone=Value(True)
    )
    found = sorted(told.union(later, torn, all=True), key=lambda one: (one.seq or 0, one.pk))
    return Said(
        {one.lot: one for one in found if one.lot is not None and one.kind in ASSAYING},
        [one for one in found if one.lot is not None and one.kind not in ASSAYING],
        [(one.original, one) for one in found if one.original is not None],
        {one.pk for one in found if one.gone},
    )
