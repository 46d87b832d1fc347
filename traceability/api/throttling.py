"""Rate limits: so many requests a minute for each token, person or address, told in the headers of every answer."""

import time
from typing import TYPE_CHECKING

from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle

from traceability.models import ApiToken

if TYPE_CHECKING:
    from rest_framework.views import APIView  # it reads the settings that name this module

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class Rate(BaseThrottle):
    """Counts in windows that begin at whole multiples of the period: one counter each, whatever the limit is."""

    def allow_request(self, request: Request, view: "APIView") -> bool:
        scope, who = self._asker(request)
        limit, period_s = parse_rate(str(api_settings.DEFAULT_THROTTLE_RATES[scope]))
        now = time.time()
        self.left_s = period_s - now % period_s
        used = _count(f"rate:{scope}:{who}:{int(now // period_s)}", period_s)
        view.rate_headers = {  # type: ignore[attr-defined]
            "RateLimit-Limit": str(limit),
            "RateLimit-Remaining": str(max(0, limit - used)),
            "RateLimit-Reset": str(int(self.left_s) + 1),
        }
        return used <= limit

    def wait(self) -> float:
        return self.left_s

    def _asker(self, request: Request) -> tuple[str, object]:
        if isinstance(request.auth, ApiToken):
            return "user", request.auth.pk
        if request.user.is_authenticated:
            return "user", request.user.pk
        return "anon", self.get_ident(request)


def parse_rate(text: str) -> tuple[int, int]:
    """Requests and seconds of a rate such as `1200/min`."""
    count, _, period = text.partition("/")
    return int(count), _SECONDS[period[0]]


def _count(key: str, period_s: int) -> int:
    """How many requests this window saw, this one included; a cache that is away counts nothing."""
    if cache.add(key, 1, period_s):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # the window ended between the two calls
        return 1
