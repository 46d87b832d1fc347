"""Addresses of the books of an organisation: its material accounts, what stands behind them, its exceptions."""

from django.urls import path

from traceability.web import exception_views, material_accounts

urlpatterns = [
    path("material-accounts/", material_accounts.show, name="material_accounts"),
    path("material-accounts/behind/", material_accounts.behind, name="material_behind"),
    path("exceptions/", exception_views.show, name="exceptions"),
]
