"""All addresses. Each room keeps its own list; an address never changes once a QR code may carry it."""

from importlib.util import find_spec

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path

from config import health

handler400 = "config.error_pages.bad_request"
handler404 = "config.error_pages.not_found"
handler500 = "config.error_pages.server_error"

# The same door for everybody: the second factor counts for the administration too.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


def _room(prefix: str, package: str) -> list[URLPattern | URLResolver]:
    """The addresses of `package`.urls under `prefix`, if the room stands."""
    stands = find_spec(package) and find_spec(f"{package}.urls")
    return [path(prefix, include(f"{package}.urls"))] if stands else []


def favicon(request: HttpRequest) -> HttpResponse:
    """What browsers ask for on their own where they show what is no page, such as JSON."""
    return redirect(static("lodestone/favicon.svg"))


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("favicon.ico", favicon, name="favicon"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("log/", include("traceability.api.log")),
    *_room("api/v1/", "epd.api"),
    *_room("api/v1/", "traceability.api"),
    *_room("epcis/v2/", "traceability.api.epcis"),
    *_room("", "epd.web"),
    *_room("", "traceability.web"),
    *_room("", "traceability.web.account"),
    path("", include("traceability.web.lot_urls")),
    path("", include("traceability.web.lineage_urls")),
    path("", include("traceability.web.sheet_urls")),
    path("", include("traceability.web.import_urls")),
    path("", include("traceability.web.arrival_urls")),
    path("", include("traceability.web.lab_urls")),
    path("", include("traceability.web.notice_urls")),
    path("", include("traceability.web.asking_urls")),
    path("", include("traceability.web.operator_urls")),
    path("", include("traceability.web.auditing_urls")),
    path("", include("traceability.web.books_urls")),
]
