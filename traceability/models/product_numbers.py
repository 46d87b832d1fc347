"""What a maker calls his products towards others, beside the record."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from traceability.models.organisations import Organisation


class ProductNumber(models.Model):
    """The GTIN of a material that an organisation makes. It is never deleted: labels that carry it lead to the lot."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="product_numbers")
    material = models.CharField(max_length=120)  # as its lots name it
    gtin = models.CharField(max_length=14, unique=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # new labels do not carry it any more

    class Meta:
        ordering = ["material", "given_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "material"], condition=Q(ended_at=None), name="one_gtin_of_a_material"
            )
        ]

    def __str__(self) -> str:
        return f"{self.gtin} {self.material}"
