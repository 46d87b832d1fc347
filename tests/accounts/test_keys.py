"""Keys of an organisation on its page, and a new one in the place of one that the platform holds."""

import re

import pytest
from django.urls import reverse

from tests.accounts.people import browser, member, newcomer, operator
from tests.web.pages import Page
from traceability.ledger.keys import KeyNotActive
from traceability.models import AuditEvent, KeyEntry, Membership, Organisation, PlatformKey, Statement
from traceability.selectors import keys
from traceability.selectors.access import NotFound
from traceability.services import integrator, organisations

Role = Membership.Role


@pytest.fixture
def dana(market):
    return member(market.mine.organisation, "dana")


def digits(organisation):
    """The fingerprint of the key in force."""
    return bytes(organisation.keys.get(ended=None).key_id).hex()


def replace(client, key):
    return client.post(reverse("key_replace", args=[key]), follow=True)


def test_the_page_says_what_happens_and_the_new_key_signs(market, dana):
    old, at = digits(dana.organisation), browser(dana)
    asked = at.get(reverse("key_replace", args=[old])).content.decode()
    assert old in asked
    assert "never signs again" in asked
    assert Page(asked).faults == []
    page = replace(at, old).content.decode()
    assert "The key is replaced." in page
    assert "Replaced by the next key" in page
    assert Page(page).faults == []
    new = digits(dana.organisation)
    assert new != old
    market.source()
    assert bytes(Statement.objects.latest("pk").key_id).hex() == new
    rotation = Statement.objects.get(kind="key.rotate")
    assert bytes(rotation.key_id).hex() == old


def test_a_form_sent_twice_replaces_one_key_once(dana):
    old, at = digits(dana.organisation), browser(dana)
    replace(at, old)
    again = replace(at, old).content.decode()
    assert "not in force any more" in again
    assert Statement.objects.filter(kind="key.rotate").count() == 1


def test_a_key_that_ended_meanwhile_is_not_replaced_by_the_service_either(dana):
    old = digits(dana.organisation)
    organisations.rotate_key(actor=dana, key=f"sha256:{old}")
    with pytest.raises(KeyNotActive):
        organisations.rotate_key(actor=dana, key=f"sha256:{old}")
    assert KeyEntry.objects.filter(organisation=dana.organisation).count() == 2


def test_a_key_of_somebody_else_does_not_exist(market, dana):
    foreign = digits(market.separator.organisation)
    with pytest.raises(NotFound):
        organisations.rotate_key(actor=dana, key=f"sha256:{foreign}")
    for wrong in (foreign, "0" * 64, "no-digits"):
        assert browser(dana).get(reverse("key_replace", args=[wrong])).status_code == 404
    assert not Statement.objects.filter(kind="key.rotate").exists()


def test_the_log_index_stands_there_once_the_log_has_it(market, queue_empty, dana):
    organisations.rotate_key(actor=dana)
    waiting = browser(dana).get(reverse("keys")).content.decode()
    assert waiting.count("on its way into the log") == 3  # since when, until when, and the statement itself
    integrator.drain()
    index = Statement.objects.get(kind="key.rotate").entry.index
    placed = browser(dana).get(reverse("keys")).content.decode()
    assert "on its way" not in placed
    assert placed.count(f"entry {index}<") == 3


def test_a_revoked_key_says_why_and_what_is_in_doubt(market, queue_empty, dana):
    old = f"sha256:{digits(dana.organisation)}"
    organisations.rotate_key(actor=dana)
    integrator.drain()
    after = Statement.objects.get(kind="key.rotate").entry.index + 1
    organisations.revoke_key(actor=dana, key=old, compromised_from_index=after, reason="A laptop was stolen.")
    page = browser(dana).get(reverse("keys")).content.decode()
    assert "A laptop was stolen." in page
    assert f"What it signed from entry {after} on is in doubt" in page
    assert Page(page).faults == []
    [live, ended] = keys.own(dana).keys
    assert (live.ended, live.replaceable, ended.replaceable) == (None, True, False)


def test_a_key_that_its_holder_has_is_shown_as_his_and_not_replaced_here(market, dana):
    KeyEntry.objects.filter(organisation=dana.organisation).update(custody="holder")
    PlatformKey.objects.filter(organisation=dana.organisation.pk).delete()
    at = browser(dana)
    page = at.get(reverse("keys")).content.decode()
    assert "by yourselves" in page
    assert "/replace/" not in page
    assert at.post(reverse("key_replace", args=[digits(dana.organisation)]))["Location"] == reverse("keys")
    assert not Statement.objects.filter(kind="key.rotate").exists()


def test_who_cannot_sign_is_told_before_he_tries(dana):
    Organisation.objects.filter(pk=dana.organisation.pk).update(standing="suspended")
    at, old = browser(dana), digits(dana.organisation)
    assert "/replace/" not in at.get(reverse("keys")).content.decode()
    assert "Nothing was signed." in at.get(reverse("key_replace", args=[old])).content.decode()
    assert at.post(reverse("key_replace", args=[old])).status_code == 403
    assert not Statement.objects.filter(kind="key.rotate").exists()


def test_a_newcomer_has_no_key_yet(market):
    assert "No key yet." in browser(newcomer()).get(reverse("keys")).content.decode()


def test_a_viewer_reads_and_replaces_nothing(market):
    vera = browser(member(market.mine.organisation, "vera", Role.VIEWER))
    page = vera.get(reverse("keys")).content.decode()
    assert "by the platform" in page
    assert "/replace/" not in page


def test_the_operator_sees_the_keys_of_a_tenant_and_replaces_none(market):
    own = market.mine.organisation
    page = browser(operator(market)).get(reverse("tenant", args=[own.pk])).content.decode()
    assert digits(own) in page
    assert "/replace/" not in page
    assert Page(page).faults == []


def test_replacing_stands_in_the_audit_log(dana):
    replace(browser(dana), digits(dana.organisation))
    event = AuditEvent.objects.get(organisation=dana.organisation, kind=AuditEvent.Kind.KEY)
    assert (event.user_id, event.note) == (dana.user_id, f"replaced by sha256:{digits(dana.organisation)}")


def test_all_keys_are_listed(dana):
    for _ in range(8):
        organisations.rotate_key(actor=dana)
    page = browser(dana).get(reverse("keys")).content.decode()
    assert page.count("by the platform") == 9


TODAY = {"reason": "The laptop was stolen.", "since": "now"}


def test_revoking_is_checked_before_it_is_signed(market, queue_empty, dana):
    organisations.rotate_key(actor=dana)
    old = digits_of(dana, ended=True)
    address, at = reverse("key_revoke", args=[old]), browser(dana)
    assert "is on its way into the log" in at.post(address, TODAY).content.decode()
    integrator.drain()
    assert Page(at.get(address).content.decode()).faults == []
    checked = at.post(address, TODAY).content.decode()
    assert Page(checked).faults == []
    assert "The laptop was stolen." in checked
    assert "That is where the log stands now." in checked
    assert "No key is left" not in checked
    assert not Statement.objects.filter(kind="key.revoke").exists()
    assert "<textarea" in at.post(address, TODAY | {"change": ""}).content.decode()
    index = re.search(r'name="index" value="(\d+)"', checked)[1]
    page = at.post(address, TODAY | {"index": index, "sign": ""}, follow=True).content.decode()
    assert "It never signs again." in page
    assert KeyEntry.objects.get(key_id=bytes.fromhex(old)).compromised_from == int(index)
    again = at.post(address, TODAY | {"index": index, "sign": ""}, follow=True).content.decode()
    assert "revoked already" in again
    assert Statement.objects.filter(kind="key.revoke").count() == 1
    assert AuditEvent.objects.filter(kind=AuditEvent.Kind.KEY, note__contains="revoked").exists()


def test_what_a_lost_key_signed_and_brought_in_falls_with_it(market, queue_empty, dana):
    market.source()
    integrator.drain()
    old, at = digits(dana.organisation), browser(dana)
    organisations.rotate_key(actor=dana)
    integrator.drain()
    new = digits(dana.organisation)
    lost = {"reason": "Lost.", "since": "moment", "at": "2020-01-01 00:00"}
    page = at.post(reverse("key_revoke", args=[old]), lost).content.decode()
    assert "from entry 0 of the log on" in page
    assert new in page
    assert "No key is left afterwards." in page
    in_doubt = Statement.objects.filter(issuer=dana.organisation.pk).count()
    assert f"{in_doubt} statements." in page


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"reason": ""}, "reason_error"),
        ({"since": "moment"}, "Enter a day"),
        ({"since": "moment", "at": "2099-01-01 00:00"}, "Enter a moment that has passed."),
    ],
)
def test_what_is_wrong_stands_beside_the_field_and_nothing_is_lost(dana, wrong, sentence):
    address = reverse("key_revoke", args=[digits(dana.organisation)])
    page = browser(dana).post(address, TODAY | wrong).content.decode()
    assert sentence in page
    assert wrong.get("reason", TODAY["reason"]) in page
    assert wrong.get("at", "") in page
    assert not Statement.objects.filter(kind="key.revoke").exists()


def test_a_foreign_key_is_not_revoked(market, dana):
    foreign = digits(market.separator.organisation)
    assert browser(dana).post(reverse("key_revoke", args=[foreign]), TODAY | {"sign": ""}).status_code == 404
    with pytest.raises(NotFound):
        organisations.revoke_key(actor=dana, key=f"sha256:{foreign}", compromised_from_index=0, reason="a")


def digits_of(actor, *, ended):
    """The fingerprint of a key that ended, or did not."""
    return bytes(actor.organisation.keys.get(ended__isnull=not ended).key_id).hex()
