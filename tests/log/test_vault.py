"""Private keys at rest: bound to their owner, opened by one master key, and never the log's beside an issuer's."""

import uuid

import pytest

from traceability.ledger import signing
from traceability.models import LogKey, PlatformKey
from traceability.services import vault

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forgotten():
    vault.signer_for.cache_clear()
    vault._log_key.cache_clear()


def test_a_key_signs_for_its_organisation():
    organisation = uuid.uuid4()
    public_key = vault.create_key(organisation)
    row = PlatformKey.objects.get(organisation=organisation)
    assert (bytes(row.public_key), bytes(row.key_id).hex()) == (public_key, signing.key_id(public_key)[7:])
    signer = vault.signer_for(signing.key_id(public_key))
    signing.verify(public_key, b"message", signer.sign(b"message"))


def test_a_sealed_key_does_not_hold_the_private_key():
    public_key = vault.create_key(uuid.uuid4())
    private = vault.signer_for(signing.key_id(public_key))._key.private_bytes_raw()
    assert private not in bytes(PlatformKey.objects.get().sealed_private)


def test_an_opened_key_stays_in_memory(django_assert_num_queries):
    key_id = signing.key_id(vault.create_key(uuid.uuid4()))
    first = vault.signer_for(key_id)
    with django_assert_num_queries(0):
        assert vault.signer_for(key_id) is first


def test_another_master_key_opens_nothing(settings):
    key_id = signing.key_id(vault.create_key(uuid.uuid4()))
    settings.LODESTONE_MASTER_KEY = bytes(32)
    with pytest.raises(vault.VaultLocked):
        vault.signer_for(key_id)


@pytest.mark.parametrize("moved", ["organisation", "sealed_private"])
def test_a_sealed_key_opens_only_in_its_own_row(moved):
    ours, theirs = (signing.key_id(vault.create_key(uuid.uuid4())) for _ in range(2))
    row = PlatformKey.objects.get(key_id=bytes.fromhex(ours[7:]))
    setattr(row, moved, getattr(PlatformKey.objects.get(key_id=bytes.fromhex(theirs[7:])), moved))
    row.save()
    with pytest.raises(vault.VaultLocked):
        vault.signer_for(ours)


def test_a_key_of_somebody_else_is_not_in_the_vault():
    with pytest.raises(vault.KeyNotInVault):
        vault.signer_for(f"sha256:{'0' * 64}")


def test_the_keys_of_the_log_sign_no_statement():
    vault.create_log_keys()
    assert [signer.key.type for signer in vault.log_signers()] == [0x01, 0x06, 0x04]
    for row in LogKey.objects.all():
        with pytest.raises(vault.KeyNotInVault):
            vault.signer_for(f"sha256:{bytes(row.key_id).hex()}")


def test_keys_of_the_log_that_are_lost_are_not_made_again():
    with pytest.raises(vault.KeyNotInVault):
        vault.log_signers()
