"""The epd application: life-cycle results and environmental declarations over the ledger."""

from django.apps import AppConfig


class EpdConfig(AppConfig):
    """Registers the application with Django."""

    name = "epd"
    verbose_name = "Environmental declarations"
