"""The traceability application: a signed ledger of lots from ore to magnet."""

from django.apps import AppConfig


class TraceabilityConfig(AppConfig):
    """Registers the application with Django."""

    name = "traceability"
    verbose_name = "Traceability"
