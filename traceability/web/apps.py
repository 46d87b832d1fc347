"""The pages: templates, static files and template tags; stands before allauth so that its pages wear our look."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Registers the room with Django; it has no models."""

    name = "traceability.web"
    label = "web"
    verbose_name = "Pages"

    def ready(self) -> None:
        from traceability.web import sign_ins

        sign_ins.connect()
