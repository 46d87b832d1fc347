"""Reports of checks that can be taken away for an hour; who does not know the name of one does not find it."""

import hashlib
import json
from typing import Any, Final

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

KEPT_S: Final = 3600


def keep(value: dict[str, Any]) -> str:
    """The name under which a report is kept."""
    text = json.dumps(value, indent=2) + "\n"
    name = hashlib.sha256(text.encode()).hexdigest()
    cache.set(f"report:{name}", text, KEPT_S)
    return name


@require_safe
def report(request: HttpRequest, name: str) -> HttpResponse:
    """A report as JSON, as the command prints it with --json."""
    text = cache.get(f"report:{name}")
    if text is None:
        raise Http404("Reports are kept for an hour. Check the file again.")
    headers = {"Content-Disposition": 'attachment; filename="report.json"'}
    return HttpResponse(text, content_type="application/json", headers=headers)
