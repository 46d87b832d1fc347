"""Addresses of the books of an organisation: its material accounts, what stands behind them, its exceptions."""

from django.urls import path

from traceability.web import claims_views, exception_views, material_accounts

urlpatterns = [
    path("material-accounts/", material_accounts.show, name="material_accounts"),
    path("material-accounts/behind/", material_accounts.behind, name="material_behind"),
    path("material-accounts/claims/", claims_views.show, name="claims_accounts"),
    path("material-accounts/claims/<uuid:account_id>/", claims_views.account, name="claims_account"),
    path("exceptions/", exception_views.show, name="exceptions"),
]
