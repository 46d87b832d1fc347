"""Moments of the record on the clock of the place where it happened."""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

from traceability.ledger import moments


def local_moment(header: Mapping[str, object], name: str) -> datetime:
    """A moment of a header on the clock that its `utc_offset` names."""
    offset = str(header.get("utc_offset", "+00:00"))
    minutes = int(offset[1:3]) * 60 + int(offset[4:6])
    zone = timezone(timedelta(minutes=-minutes if offset[0] == "-" else minutes))
    return moments.parse_moment(str(header[name])).astimezone(zone)
