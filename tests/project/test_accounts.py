"""Second factors at rest."""

import pytest
from cryptography.fernet import InvalidToken

from config.accounts import SecondFactorAdapter


def test_a_second_factor_is_stored_encrypted(settings):
    adapter = SecondFactorAdapter()
    stored = adapter.encrypt("JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in stored
    assert stored != adapter.encrypt("JBSWY3DPEHPK3PXP")
    assert adapter.decrypt(stored) == "JBSWY3DPEHPK3PXP"
    settings.LODESTONE_MASTER_KEY = bytes(32)
    with pytest.raises(InvalidToken):
        adapter.decrypt(stored)
