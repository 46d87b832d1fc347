"""The time of the record: whole seconds in UTC."""

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """This moment, without fractions of a second."""
    return timezone.now().replace(microsecond=0)
