"""How a person reads and writes, where he has chosen."""

from django.conf import settings

from traceability.intake.numbers import NumberStyle
from traceability.models import WritingHabit


def habit(user_id: int) -> WritingHabit:
    """What this person has chosen; where that is nothing, a row that is not stored."""
    return WritingHabit.objects.filter(user=user_id).first() or WritingHabit(user_id=user_id)


def number_style(user_id: int) -> NumberStyle | None:
    """How this person parts decimals; None where his browser decides."""
    chosen = habit(user_id).numbers
    return NumberStyle(chosen) if chosen else None


def language(user_id: int) -> str:
    """The language in which this person gets mail: the one he chose."""
    return _offered(habit(user_id).language) or settings.LANGUAGE_CODE


def language_at(address: str) -> str:
    """The language of the person with this address; empty where nobody here has it, or he has chosen none."""
    people = WritingHabit.objects.filter(user__email__iexact=address, user__is_active=True)
    return _offered(people.values_list("language", flat=True).first() or "")


def _offered(code: str) -> str:
    return code if code in dict(settings.LANGUAGES) else ""
