"""How a person writes, in whichever organisation he works."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class WritingHabit(models.Model):
    """What a person has chosen; where there is no row, the language of his browser decides."""

    class Numbers(models.TextChoices):
        POINT = "point", _("With a decimal point")
        COMMA = "comma", _("With a decimal comma")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+")
    numbers = models.CharField(max_length=5, choices=Numbers)

    def __str__(self) -> str:
        return f"{self.user}: {self.numbers}"
