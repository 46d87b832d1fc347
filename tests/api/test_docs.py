"""Every example of docs/api.md runs, in order, against a live server."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.test import Client

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
BLOCK = re.compile(r"(<!-- not run -->\n)?```(sh|python)\n(.*?)```", re.DOTALL)


def examples() -> Iterator[tuple[int, str, str]]:
    """The line, the language and the text of each example that runs."""
    text = PAGE.read_text()
    for found in BLOCK.finditer(text):
        if not found[1]:
            yield text.count("\n", 0, found.start()) + 1, found[2], found[3]


@pytest.fixture
def environment(live_site: str, tmp_path: Path) -> dict[str, str]:
    """What the examples expect: an address, a token, and an organisation that holds its own key."""
    from epd.factors import shipped_factors
    from epd.services import factors
    from tests.services.market import open_market
    from traceability.services import publisher

    publisher.open_log()
    market = open_market()
    factors.by_digest.cache_clear()
    factors.publish(actor=market.operator, factors=shipped_factors())
    private = Ed25519PrivateKey.generate()
    holder = register_holder(private)
    return os.environ | {
        "LODESTONE_URL": live_site,
        "LODESTONE_TOKEN": make_token("Juniper Flat"),
        "HOLDER_KEY": private.private_bytes_raw().hex(),
        "HOLDER_TOKEN": make_token(holder),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
    }


def make_token(organisation: str, scope: str = "submit") -> str:
    out = StringIO()
    call_command("make_token", organisation, scope=[scope], stdout=out)
    return out.getvalue().strip()


def register_holder(private: Ed25519PrivateKey) -> str:
    """The uuid of an organisation that registered with a key of its own."""
    from traceability.ledger import envelope, identifiers, signing
    from traceability.ledger.statement import Chain, Seen, build_payload
    from traceability.models import Organisation
    from traceability.selectors import log
    from traceability.services import acceptance, organisations, sealing
    from traceability.services.clock import now
    from traceability.services.submissions import SignedSubmission

    signer = signing.KeySigner(private.private_bytes_raw())
    organisation = Organisation.objects.create(name="Own Key", country="DE", id=sealing.new_id(now()))
    seen = log.newest_checkpoint()
    body = {
        "public_key": identifiers.b64url_encode(signer.public_key),
        "custody": "holder",
        "roles": ["supplier"],
        "country": "DE",
        "name": "Own Key",
    }
    payload = build_payload(
        id=sealing.urn(sealing.new_id(now())),
        nonce=identifiers.b64url_encode(os.urandom(16)),
        kind="organisation.register",
        issuer=organisation.urn,
        key=signing.key_id(signer.public_key),
        occurred=(now() - timedelta(days=90), now() - timedelta(days=90)),
        utc_offset="+00:00",
        issued_at=now(),
        seen=Seen(seen.note.split("\n")[0], seen.size, f"sha256:{bytes(seen.root).hex()}"),
        chains=[Chain(organisation.urn, "subject", 0, None)],
        body=body,
    )
    written = envelope.encode_envelope(envelope.seal(payload, [signer]))
    acceptance.accept(actor=organisations.on_behalf_of(organisation), submissions=[SignedSubmission(written)])
    return str(organisation.pk)


@pytest.mark.skipif(not shutil.which("curl"), reason="The examples need curl.")
def test_every_example_of_the_page_runs(environment: dict[str, str], tmp_path: Path) -> None:
    found = list(examples())
    assert {language for _, language, _ in found} == {"sh", "python"}
    for line, language, text in found:
        command = [sys.executable, "-c", text] if language == "python" else ["bash", "-euo", "pipefail", "-c", text]
        ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
        assert ran.returncode == 0, f"docs/api.md:{line}\n{ran.stdout}\n{ran.stderr}"


def test_a_declaration_is_verified_in_three_calls_without_a_token() -> None:
    [section] = re.findall(r"^### Verify a declaration in three calls\n(.*?)^## ", PAGE.read_text(), re.M | re.S)
    assert len(re.findall(r"^curl ", section, re.M)) == 3
    assert "Authorization" not in section


@pytest.mark.django_db
def test_the_site_leads_to_this_page(client: Client) -> None:
    formats = client.get("/about/formats/").content.decode()
    assert 'href="/about/api.md"' in formats
    assert formats.count("curl ") == 3
    assert client.get("/about/api.md").content == PAGE.read_bytes()


@pytest.mark.django_db
def test_a_token_is_made_for_one_organisation_that_exists(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="0 organisations are called Nobody"):
        call_command("make_token", "Nobody")
