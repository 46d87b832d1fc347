"""Drafts and statements about keys that are signed with keys which the organisation holds itself, by lodestone-sign."""

import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.accounts.people import browser, member
from traceability.ledger import envelope, signing
from traceability.ledger.errors import RecordError
from traceability.ledger.identifiers import b64url_encode
from traceability.ledger.signing import KeySigner
from traceability.models import Draft, KeyEntry, KeyName, Notice, Statement
from traceability.selectors import exceptions
from traceability.services import acceptance, drafts, integrator, outbox, own_keys, own_signing, said_drafts
from traceability.services.offline_verifier import signer as signer_program
from traceability.services.own_signing import NotTheDraft
from traceability.services.submissions import SignedSubmission
from traceability.signer import files
from traceability.signer.files import Signed, ToSign
from traceability.signer.signing import HiddenValue, NotYourKey, SpareValue, look, sign

SEED = bytes(range(32))


@pytest.fixture
def dana(market):
    return member(market.mine.organisation, "dana")


def signed(found: list[ToSign], *signers: KeySigner) -> list[Signed]:
    return files.read_signed(files.signed_bytes((sign(one, signers), one.disclosures) for one in found))


def key_of(signer: KeySigner) -> str:
    return signing.key_id(signer.public_key)


def bring_in(actor: Any, seed: bytes = SEED, **more: str) -> KeySigner:
    signer = KeySigner(seed)
    offered = own_keys.offer_key(actor=actor, public_key=signer.public_key, **more)
    own_keys.take(actor=actor, signed=signed([offered], signer))
    integrator.drain()
    return signer


def platform_key(actor: Any) -> str:
    row = KeyEntry.objects.get(organisation=actor.organisation, custody="platform", ended=None)
    return f"sha256:{bytes(row.pk).hex()}"


def draft_of(market: Any, actor: Any, **changes: Any) -> Draft:
    return said_drafts.begin_saying(
        actor=actor, act=market.act(actor, "lot.source", market.source_body(market_lot(), **changes))
    )


def market_lot() -> str:
    from tests.services.market import urn

    return urn()


def test_a_draft_is_signed_by_its_holder_alone(market, queue_empty, dana):
    signer = bring_in(dana, name="Office laptop", replaces=platform_key(dana))
    assert not own_keys.platform_signs(dana)
    draft = draft_of(market, dana)
    assert drafts.check(actor=dana, draft=draft).mistakes == ()  # though the platform could not sign it
    found = own_signing.offer(actor=dana, draft_id=draft.pk, key=key_of(signer))
    row = own_signing.take(actor=dana, draft_id=draft.pk, signed=signed(found, signer))
    assert f"sha256:{bytes(row.digest).hex()}" == look(found[0]).statement.digest
    written = envelope.parse_envelope(bytes(row.envelope))
    signing.verify(signer.public_key, envelope.pae(written.payload), written.signatures[0].sig)
    assert not Draft.objects.filter(pk=draft.pk).exists()
    again = own_signing.take(actor=dana, draft_id=draft.pk, signed=signed(found, signer))
    assert again.pk == row.pk
    assert Statement.objects.filter(urn=draft.pk).count() == 1


def test_what_is_confidential_stays_so(market, queue_empty, dana):
    signer = bring_in(dana)
    draft = draft_of(market, dana, lot_number="SECRET-1")
    [found] = own_signing.offer(actor=dana, draft_id=draft.pk, key=key_of(signer))
    assert b"SECRET-1" not in found.payload
    shown = look(found)
    assert shown.opened["body"]["lot_number"] == "SECRET-1"
    assert "/body/lot_number" in shown.confidential


def test_another_draft_or_a_changed_one_is_not_taken(market, queue_empty, dana):
    signer = bring_in(dana)
    one, other = draft_of(market, dana), draft_of(market, dana, lot_number="ORE-2")
    found = own_signing.offer(actor=dana, draft_id=one.pk, key=key_of(signer))
    with pytest.raises(NotTheDraft):
        own_signing.take(actor=dana, draft_id=other.pk, signed=signed(found, signer))
    drafts.save(actor=dana, draft=one, typed={"lot_number": "ORE-9"})
    with pytest.raises(NotTheDraft):
        own_signing.take(actor=dana, draft_id=one.pk, signed=signed(found, signer))
    assert Draft.objects.filter(pk__in=[one.pk, other.pk]).count() == 2
    assert not Statement.objects.filter(kind="lot.source").exists()


def test_a_signature_by_another_key_is_refused(market, queue_empty, dana):
    signer = bring_in(dana)
    draft = draft_of(market, dana)
    [found] = own_signing.offer(actor=dana, draft_id=draft.pk, key=key_of(signer))
    with pytest.raises(NotYourKey):
        sign(found, [KeySigner(bytes(32))])
    good = signed([found], signer)[0]
    wrong = json.loads(good.envelope)
    wrong["signatures"][0]["sig"] = "A" * 86 + "=="
    bad = Signed(json.dumps(wrong, sort_keys=True, separators=(",", ":")).encode(), good.disclosures)
    with pytest.raises(RecordError):
        own_signing.take(actor=dana, draft_id=draft.pk, signed=[bad])
    assert Draft.objects.filter(pk=draft.pk).exists()


def test_hidden_and_spare_values_are_refused_by_the_signer(market, queue_empty, dana):
    signer = bring_in(dana)
    [found] = own_signing.offer(actor=dana, draft_id=draft_of(market, dana).pk, key=key_of(signer))
    with pytest.raises(HiddenValue):
        look(ToSign(found.payload, (), found.disclosures[1:]))
    spare = b64url_encode(json.dumps([b64url_encode(bytes(16)), "mass_kg", "2"], separators=(",", ":")).encode())
    with pytest.raises(SpareValue):
        look(ToSign(found.payload, (), (*found.disclosures, spare)))


def test_several_keys_rotate_and_one_is_reported_stolen(market, queue_empty, dana):
    first = bring_in(dana, name="Office", replaces=platform_key(dana))
    offered = own_keys.offer_key(
        actor=dana, public_key=KeySigner(bytes([7]) * 32).public_key, name="Phone", sign_with=key_of(first)
    )
    assert offered.signatures == ()
    second = KeySigner(bytes([7]) * 32)
    own_keys.take(actor=dana, signed=signed([offered], first, second))
    third = KeySigner(bytes([9]) * 32)
    offered = own_keys.offer_key(actor=dana, public_key=third.public_key, name="Phone 2", replaces=key_of(second))
    own_keys.take(actor=dana, signed=signed([offered], second, third))
    integrator.drain()
    index = Statement.objects.get(kind="key.rotate", key_id=bytes.fromhex(key_of(second)[7:])).entry.index
    stolen = own_keys.offer_revocation(
        actor=dana, key=key_of(third), compromised_from_index=index, reason="stolen", sign_with=key_of(first)
    )
    own_keys.take(actor=dana, signed=signed([stolen], first))
    entry = KeyEntry.objects.get(pk=bytes.fromhex(key_of(third)[7:]))
    assert (entry.compromised_from, entry.ended is not None) == (index, True)
    assert set(KeyName.objects.values_list("name", flat=True)) == {"Office", "Phone", "Phone 2"}
    assert [bytes(one.pk).hex() for one in own_keys.in_force(dana)] == [key_of(first)[7:]]


def test_each_use_is_told_once_for_a_batch_and_can_be_switched_off(market, queue_empty, dana):
    signer = bring_in(dana)
    outbox.drain()
    Notice.objects.all().delete()
    draft = draft_of(market, dana)
    found = own_signing.offer(actor=dana, draft_id=draft.pk, key=key_of(signer))
    own_signing.take(actor=dana, draft_id=draft.pk, signed=signed(found, signer))
    market.source(lot_number="BY-PLATFORM")
    outbox.drain()
    [notice] = Notice.objects.filter(kind=Notice.Kind.KEY_USED)
    assert notice.organisation == dana.organisation
    assert notice.statement.urn == draft.pk
    page = browser(dana).get(reverse("notices")).content.decode()
    assert "A key that you hold yourselves signed" in page
    assert key_of(signer)[7:15] in page
    assert "key.used" in browser(dana).get(reverse("notice_preferences")).content.decode()


# --- lodestone-sign


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("dist") / "lodestone-sign.pyz"
    file.write_bytes(signer_program())
    return file


ALONE = """
import sys, runpy, importlib.abc
class Refuse(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("django", "celery", "rest_framework", "msgspec", "socket"):
            raise ImportError("blocked: " + name)
class NoNetwork(Refuse): pass
sys.path[:] = [one for one in sys.path if "work" not in one or "site-packages" in one]
sys.meta_path.insert(0, Refuse())
sys.argv = {argv!r}
runpy.run_path({program!r}, run_name="__main__")
"""


def run(program: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    code = ALONE.format(argv=[str(program), *arguments], program=str(program))
    return subprocess.run([sys.executable, "-I", "-c", code], cwd=folder, capture_output=True, text=True)


def test_the_program_makes_a_key_shows_and_signs_without_network(market, queue_empty, dana, program, tmp_path):
    (tmp_path / "pass").write_text("a long enough passphrase\n")
    sealed = ("--passphrase-file", "pass")
    made = run(program, tmp_path, "make-key", "key.pem", *sealed)
    assert made.returncode == 0, made.stderr
    public = made.stdout.split("public key")[1].split()[0]
    assert (tmp_path / "key.pem").stat().st_mode & 0o077 == 0
    assert b"ENCRYPTED" in (tmp_path / "key.pem").read_bytes()
    assert run(program, tmp_path, "make-key", "key.pem", *sealed).returncode == 64  # never written over

    at = browser(dana)
    task = at.post(reverse("key_own"), {"name": "Vault PC", "public_key": public, "to_sign": ""})
    assert task["Content-Disposition"].endswith('.to-sign.json"')
    (tmp_path / "task.json").write_bytes(task.content)
    shown = run(program, tmp_path, "show", "task.json")
    assert "A new key may speak for your organisation" in shown.stdout
    done = run(program, tmp_path, "sign", "task.json", "--key", "key.pem", *sealed, "--yes", "--out", "signed.json")
    assert done.returncode == 0, done.stderr
    upload(at, reverse("key_own"), tmp_path / "signed.json")
    entry = KeyEntry.objects.get(custody="holder")
    integrator.drain()

    draft = draft_of(market, dana)
    page = at.get(reverse("draft_check", args=[draft.pk])).content.decode()
    assert "Vault PC" in page
    file = at.get(reverse("api-draft-to-sign", args=[draft.pk]), {"key": f"sha256:{bytes(entry.pk).hex()}"})
    (tmp_path / "draft.json").write_bytes(file.content)
    shown = run(program, tmp_path, "show", "draft.json")
    assert "[confidential]" in shown.stdout
    assert run(program, tmp_path, "sign", "draft.json", "--key", "key.pem", *sealed).returncode == 64  # no --out
    signs = ("sign", "draft.json", "--key", "key.pem", *sealed, "--yes", "--out", "draft.signed.json")
    assert run(program, tmp_path, *signs).returncode == 0
    landed = upload(at, reverse("draft_check", args=[draft.pk]), tmp_path / "draft.signed.json")
    assert landed.redirect_chain[-1][0] == reverse("receipt", args=[draft.pk])
    row = Statement.objects.get(urn=draft.pk)
    assert f"sha256:{bytes(row.digest).hex()}" in shown.stdout
    statement = at.get(reverse("statement", args=[bytes(row.digest).hex()])).content.decode()
    assert "Held by the platform" in statement  # the platform's key is in force too, so it could have signed


def upload(at: Client, address: str, file: Path) -> Any:
    content = io.BytesIO(file.read_bytes())
    content.name = file.name
    return at.post(address, {"signed": content, "bring": ""}, follow=True)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda task: task | {"format": "other"}, "/format"),
        (lambda task: task | {"send_to": "https://elsewhere.example/"}, "/send_to"),
        (lambda task: task | {"statements": []}, "/statements"),
        (lambda task: task | {"statements": [{"envelope": {}}]}, "/statements/0/envelope"),
    ],
)
def test_a_file_of_another_form_is_refused_by_name(change, said):
    task = files.task_value([ToSign(b"{}")], send_to="/api/v1/keys/signed")
    with pytest.raises(RecordError) as refused:
        files.read_task(json.dumps(change(task)).encode())
    assert refused.value.path == said


def test_a_wrong_file_on_the_page_changes_nothing(market, queue_empty, dana, tmp_path):
    bring_in(dana)
    draft = draft_of(market, dana)
    (tmp_path / "wrong.json").write_text("{}")
    page = upload(browser(dana), reverse("draft_check", args=[draft.pk]), tmp_path / "wrong.json").content.decode()
    assert "This is not a file that lodestone-sign wrote." in page
    assert Draft.objects.filter(pk=draft.pk).exists()


def test_the_doubtful_window_is_listed_and_attesting_again_clears_it(market, queue_empty, dana):
    signer = bring_in(dana)
    before = market.source()
    integrator.drain()
    market.source(lot_number="ORE-2")
    integrator.drain()
    doubtful = Statement.objects.filter(kind="lot.source").latest("pk")
    said = {"compromised_from_index": doubtful.entry.index, "reason": "stolen", "sign_with": key_of(signer)}
    revocation = own_keys.offer_revocation(actor=dana, key=platform_key(dana), **said)
    own_keys.take(actor=dana, signed=signed([revocation], signer))
    integrator.drain()
    assert in_doubt(dana) == [doubtful.pk]  # and not what the key signed before
    assert Statement.objects.filter(links__subject=before[9:]).exists()
    address = reverse("exceptions")
    page = browser(dana).get(address, {"kind": "key_in_doubt"}).content.decode()
    assert "Its key counts as compromised" in page
    csv = b"".join(browser(dana).get(address, {"kind": "key_in_doubt", "format": "csv"})).decode()
    assert f"sha256:{bytes(doubtful.digest).hex()}" in csv
    by_api = browser(dana).get("/api/v1/exceptions", {"kind": "key_in_doubt"}).json()["results"]
    assert [one["statement"] for one in by_api] == [f"sha256:{bytes(doubtful.digest).hex()}"]

    body = {
        "attestation": market_lot(),
        "statements": [f"sha256:{bytes(doubtful.digest).hex()}"],
        "scope": ["custody"],
        "opinion": "conforms",
    }
    act = replace(market.act(dana, "statement.attest", body), key=key_of(signer))
    [found] = acceptance.rehearse(actor=dana, acts=[act])
    [one] = signed([ToSign(found.statement.payload, (), found.disclosures)], signer)
    acceptance.accept(actor=dana, submissions=[SignedSubmission(one.envelope, one.disclosures)])
    integrator.drain()
    assert in_doubt(dana) == []


def in_doubt(actor: Any) -> list[int]:
    today = timezone.now().date()
    found = exceptions.exceptions(actor, actor.organisation, exceptions.Asked(today, today), today)
    return [one.statement.pk for one in found if one.kind is exceptions.Kind.KEY_IN_DOUBT]
