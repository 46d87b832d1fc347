"""The market with its clients, as the tests of the API know it."""

from tests.api.conftest import _asleep, api, ledger_api

__all__ = ["_asleep", "api", "ledger_api"]
