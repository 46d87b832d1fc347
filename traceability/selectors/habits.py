"""How a person writes, where he has chosen."""

from traceability.intake.numbers import NumberStyle
from traceability.models import WritingHabit


def number_style(user_id: int) -> NumberStyle | None:
    """How this person parts decimals; None where his browser decides."""
    chosen = WritingHabit.objects.filter(user=user_id).values_list("numbers", flat=True).first()
    return NumberStyle(chosen) if chosen else None
