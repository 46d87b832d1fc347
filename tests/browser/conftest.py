"""A headless Chromium that listens for complaints: an error in the console fails the test."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.visitor import PASSWORD, Clerks, Variant, Visit, Visitor, sign_in
from tests.demo_chain import Demo, Loaded

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext
    from pytest_django import Settings

    from tests.services.market import Market
    from traceability.selectors.access import Actor

CHROMIUM = os.environ.get("LODESTONE_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """The browser; without one the test is skipped."""
    if not os.path.exists(CHROMIUM):
        pytest.skip("needs Chromium: install it, or name it in LODESTONE_CHROMIUM")
    from playwright.sync_api import sync_playwright

    # Its event loop runs in this thread, and the tests read rows in the same one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What the consoles of all pages said; the test fails where that is anything."""
    heard: list[str] = []
    yield heard
    assert heard == []


@pytest.fixture
def context(chromium: "Browser", complaints: list[str]) -> Iterator["BrowserContext"]:
    """A fresh profile of the size of a desk; every page in it is listened to."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(30_000)
    context.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    yield context
    context.close()


@pytest.fixture
def chain_copy(
    loaded_demo: Loaded, ledger_db: dict[str, str], settings: "Settings", tmp_path: Path
) -> Iterator[dict[str, str]]:
    """A copy of the demonstration, the test's own: the environment with which another process serves it."""
    from tests.databases import fresh_copy

    settings.AUTHENTICATION_BACKENDS = [
        "django.contrib.auth.backends.ModelBackend",
        "allauth.account.auth_backends.AuthenticationBackend",
    ]
    settings.LODESTONE_HOME = folder = tmp_path / "chain"
    settings.MEDIA_ROOT = folder / "evidence"
    shutil.copytree(loaded_demo.home, folder, ignore=shutil.ignore_patterns("*.sqlite3*"))
    with fresh_copy(folder, loaded_demo.database) as environment:
        yield environment


@pytest.fixture
def chain(chain_copy: dict[str, str], loaded_demo: Loaded) -> Demo:
    """The demonstration chain behind the site."""
    return loaded_demo.demo


@pytest.fixture
def site(live_site: str, settings: "Settings") -> str:
    """The site under a name: browsers refuse passkeys on an address."""
    settings.LODESTONE_BASE_URL = live_site.replace("127.0.0.1", "localhost")
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    return str(settings.LODESTONE_BASE_URL)


@pytest.fixture
def variant() -> Variant:
    """A desk with script, where a test does not name its variants."""
    return Variant(1280, True)


@pytest.fixture
def visitors(chromium: "Browser", complaints: list[str], variant: Variant, site: str) -> Iterator[Visit]:
    """Makes visitors, each with a browser of his own."""
    made: list[Visitor] = []

    def visit() -> Visitor:
        made.append(Visitor(chromium, variant, site, complaints))
        return made[-1]

    yield visit
    for one in made:
        one.context.close()


@pytest.fixture
def visit(chain: Demo, visitors: Visit) -> Visit:
    """Makes visitors of the demonstration: of an organisation by its short name, or anybody."""

    def visit(organisation: str = "") -> Visitor:
        visitor = visitors()
        if organisation:
            visitor.page.close()
            visitor.page = sign_in(visitor.context, visitor.site, chain, organisation)
        return visitor

    return visit


@pytest.fixture
def market(ledger_db: dict[str, str]) -> "Market":
    """Mine and separator; Dana and Carl work for the mine, Maarja for the separator."""
    from tests.services.market import open_market

    market = open_market()
    for name, actor in (("dana", market.mine), ("carl", market.mine), ("maarja", market.separator)):
        employ(name, actor)
    return market


def employ(name: str, actor: "Actor") -> None:
    """Somebody works for an organisation and can sign in by his name."""
    from allauth.account.models import EmailAddress
    from django.contrib.auth import get_user_model

    from traceability.models import Membership

    user = get_user_model().objects.create_user(name, f"{name}@example.org", PASSWORD, first_name=name.title())
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    Membership.objects.create(user=user, organisation=actor.organisation, role=Membership.Role.SUBMITTER)


@pytest.fixture
def clerks(market: "Market", visitors: Visit) -> Clerks:
    """People of the market, signed in by their names."""

    def clerk(name: str) -> Visitor:
        return visitors().sign_in(f"{name}@example.org").reads("What waits for you")

    return clerk
