"""A person chooses how he reads and writes."""

from traceability.intake.numbers import NumberStyle
from traceability.models import WritingHabit


def write_numbers(*, user_id: int, style: NumberStyle | None) -> None:
    """From now on texts of this person that can be read in two ways are read so; None: as his browser says."""
    WritingHabit.objects.update_or_create(user_id=user_id, defaults={"numbers": style.value if style else ""})


def read_masses(*, user_id: int, unit: str) -> None:
    """From now on masses stand before this person in this unit, too, beside the signed kg; empty: in kg alone."""
    WritingHabit.objects.update_or_create(user_id=user_id, defaults={"mass_unit": unit})


def speak(*, user_id: int, language: str) -> None:
    """From now on this person reads pages and mails in this language, wherever he signs in."""
    WritingHabit.objects.update_or_create(user_id=user_id, defaults={"language": language})
