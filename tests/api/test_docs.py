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
from typing import TYPE_CHECKING

import pytest
import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.test import Client

if TYPE_CHECKING:
    from traceability.models import Organisation

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
    from tests.accounts.people import PASSWORD, newcomer
    from tests.services.market import open_market
    from traceability.services import publisher

    publisher.open_log()
    market = open_market()
    factors.by_digest.cache_clear()
    factors.publish(actor=market.operator, factors=shipped_factors())
    private = Ed25519PrivateKey.generate()
    holder = register_holder(private)
    newcomer()
    return os.environ | {
        "LODESTONE_LOGIN": login(market.mine.organisation, "dana"),
        "LODESTONE_PASSWORD": PASSWORD,
        "OPERATOR_LOGIN": login(market.operator.organisation, "sam"),
        "OPERATOR_PASSWORD": PASSWORD,
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


def login(organisation: "Organisation", name: str) -> str:
    """The address with which an administrator signs in."""
    from tests.accounts.people import member

    member(organisation, name)
    return f"{name}@example.org"


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


CELL = re.compile(r"`([^`]+)`")


def rows() -> list[list[str]]:
    """The cells of the table of pages and calls."""
    [table] = re.findall(r"^## Which page is which call\n.*?\| --- .*?\n(.*?)\n\n", PAGE.read_text(), re.M | re.S)
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table.splitlines()]


def test_every_page_stands_in_the_table() -> None:
    from django.urls import get_resolver

    from tests.project.routes import classes

    pages = [one.partition("{")[0] for row in rows() for one in CELL.findall(row[0]) if one.startswith("/")]
    known = get_resolver().reverse_dict
    for name in sorted(classes()):
        if name.startswith(("api-", "log-")) or name in ("healthz", "readyz", "favicon"):
            continue
        address = "/" + known.getlist(name)[0][0][0][0].partition("%")[0]
        assert any(address.startswith(page) if page != "/" else address == "/" for page in pages), address


def test_every_call_of_the_table_is_one() -> None:
    described = yaml.safe_load((PAGE.parent / "openapi.yaml").read_text())["paths"]
    called = re.compile(r"(?:((?:GET|POST|PUT|DELETE)) )?([a-z][a-z-]*(?:/[a-z{}-]+)*)(?:\?.*)?")
    for row in rows():
        for cell in row[1:]:
            for text in CELL.findall(cell):
                found = called.fullmatch(text)
                if found and found[1]:
                    path = re.sub(r"{\w+}", "{}", f"/api/v1/{found[2]}")
                    places = {re.sub(r"{\w+}", "{}", one): methods for one, methods in described.items()}
                    assert found[1].lower() in places.get(path, ()), text


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
