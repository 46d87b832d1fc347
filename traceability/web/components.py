"""The markup of a component, out of templates/components/."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe


def part(name: str, **context: Any) -> SafeString:
    """The component of this name."""
    return mark_safe(render_to_string(f"components/{name}.html", context))  # noqa: S308  (a template escapes)
