"""Goods of which only a part arrived: what the receiver rejected, so that the sender sends the part by itself."""

import uuid

from django.db import models

from traceability.models.log import Statement
from traceability.models.lots import Lot
from traceability.models.organisations import Organisation


class PartialArrival(models.Model):
    """How much of a delivery arrived. Only its two parties see it; what is signed is the rejection."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="partial_arrivals")
    rejection = models.OneToOneField(Statement, on_delete=models.PROTECT, related_name="partial_arrival")
    sender = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    receiver = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    arrived_kg = models.DecimalField(max_digits=15, decimal_places=3)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at", "pk"]

    def __str__(self) -> str:
        return f"{self.arrived_kg} kg of {self.lot_id}"
