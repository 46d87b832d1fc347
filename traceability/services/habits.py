"""A person chooses how he writes."""

from traceability.intake.numbers import NumberStyle
from traceability.models import WritingHabit


def write_numbers(*, user_id: int, style: NumberStyle | None) -> None:
    """From now on texts of this person that can be read in two ways are read so; None: as his browser says."""
    if style is None:
        WritingHabit.objects.filter(user=user_id).delete()
    else:
        WritingHabit.objects.update_or_create(user_id=user_id, defaults={"numbers": style.value})
