"""Addresses of requests between partners, and of what is open to them."""

from django.urls import path, re_path

from traceability.web import asking_views, opening_rule_views, opening_views
from traceability.web.lot_urls import STATEMENT

urlpatterns = [
    path("requests/", asking_views.show, name="requests"),
    path("requests/new/", asking_views.ask_for_product, name="request_product"),
    path("requests/<uuid:request_id>/", asking_views.one, name="request"),
    path("openings/", opening_views.show, name="openings"),
    path("openings/rules/", opening_rule_views.change, name="opening_rules"),
    path("openings/<int:opening>/close/", opening_views.close, name="opening_close"),
    path("openings/mandates/give/", opening_views.give_mandate, name="mandate_give"),
    path("openings/mandates/<int:mandate>/end/", opening_views.end_mandate, name="mandate_end"),
    path("lots/<uuid:lot_id>/ask/", asking_views.ask_for_declaration, name="request_declaration"),
    re_path(rf"{STATEMENT}/ask/$", asking_views.ask_for_opening, name="request_opening"),
]
