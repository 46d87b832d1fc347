"""How a person reads and writes, in whichever organisation he works."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class WritingHabit(models.Model):
    """What a person has chosen; what is empty the language of his browser decides."""

    class Numbers(models.TextChoices):
        POINT = "point", _("With a decimal point")
        COMMA = "comma", _("With a decimal comma")

    class MassUnit(models.TextChoices):
        TONNE = "t", _("tonnes (t)")
        GRAM = "g", _("grams (g)")
        POUND = "lb", _("pounds (lb)")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+")
    numbers = models.CharField(max_length=5, choices=Numbers, blank=True)
    mass_unit = models.CharField(max_length=2, choices=MassUnit, blank=True, default="", db_default="")
    language = models.CharField(max_length=12, blank=True, default="", db_default="")

    def __str__(self) -> str:
        return f"{self.user}: {self.numbers}"
