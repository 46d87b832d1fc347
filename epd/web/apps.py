"""The pages of declarations: their templates; the look is that of traceability.web."""

from django.apps import AppConfig


class EpdWebConfig(AppConfig):
    """Registers the room with Django; it has no models."""

    name = "epd.web"
    label = "epd_web"
    verbose_name = "Pages of declarations"
