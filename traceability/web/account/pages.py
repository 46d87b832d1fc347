"""Pages about accounts that anybody may read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """What an organisation agrees to when it signs up."""
    return render(request, "accounts/terms.html")
