"""Addresses of the books of an organisation: its material accounts and what stands behind them."""

from django.urls import path

from traceability.web import material_accounts

urlpatterns = [
    path("material-accounts/", material_accounts.show, name="material_accounts"),
    path("material-accounts/behind/", material_accounts.behind, name="material_behind"),
]
