"""What all tests share. Tests of the pure cores alone run without Django: nothing here imports it at the top.

Databases: SQLite in a file, or PostgreSQL when DATABASE_URL is set. `db` rolls back; `ledger_db` is for tests with
real transactions and gives each its own copy, because ledger tables refuse the DELETE and TRUNCATE of a flush.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from tests.beginnings import _api, _market, _people, _town, api, asleep, made_once, market, people, town  # noqa: F401
from tests.demo_chain import changing, demo, loaded_demo  # noqa: F401  fixtures
from tests.project.site import site  # noqa: F401  fixture

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker, Settings

TESTS = Path(__file__).parent
PURE_AREAS = (
    "ledger", "material", "acceptance", "rules", "intake", "formats", "credentials",
    "documents", "lca", "verifier", "oracles",
)  # fmt: skip
KEPT = ("LODESTONE_STANDARDS", "LODESTONE_STANDARDS_REQUIRED")
HOME = pytest.StashKey[Path]()


# The same examples on every run and machine, so that a red run is red for everybody; `make fuzz` looks for new ones.
hypothesis.settings.register_profile("same", derandomize=True, deadline=None)
hypothesis.settings.register_profile("fuzz", max_examples=5000, deadline=None, print_blob=True)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


def pytest_configure(config: pytest.Config) -> None:
    """Loads Django with settings for tests, unless only tests of the pure cores were asked for."""
    if all(_is_pure(Path(argument.partition("::")[0])) for argument in config.args):
        return
    config.stash[HOME] = Path(tempfile.mkdtemp(prefix="lodestone-tests-"))
    for name in [name for name in os.environ if name.startswith("LODESTONE_") and name not in KEPT]:
        del os.environ[name]
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "LODESTONE_HOME": str(config.stash[HOME]),
        "LODESTONE_STATIC_HASHED": "0",
        "LODESTONE_LOG_LEVEL": "WARNING",
    }
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MFA_PASSKEY_LOGIN_ENABLED = True  # allauth reads it once, when its forms are first imported


@pytest.fixture(autouse=True)
def language() -> Iterator[None]:
    """What a request chose does not last longer than its test."""
    yield
    if translation := sys.modules.get("django.utils.translation"):
        translation.deactivate()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Removes what the run left on disk."""
    if home := config.stash.get(HOME, None):
        shutil.rmtree(home, ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuses tests that would end in a flush."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        fixtures = getattr(item, "fixturenames", ())
        if {"transactional_db", "live_server"} & set(fixtures) or (marker and marker.kwargs.get("transaction")):
            raise pytest.UsageError(f"{item.nodeid}: ledger tables cannot be flushed. Use ledger_db or live_site.")


def _is_pure(path: Path) -> bool:
    resolved = path.resolve()
    return resolved.is_relative_to(TESTS) and resolved != TESTS and resolved.relative_to(TESTS).parts[0] in PURE_AREAS


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker: "DjangoDbBlocker",
) -> Iterator[None]:
    """The migrated test database: the one that `db` rolls back and that `ledger_db` copies."""
    from django.test.utils import setup_databases, teardown_databases

    with django_db_blocker.unblock():
        databases = setup_databases(verbosity=0, interactive=False, serialized_aliases=set())
    yield
    with django_db_blocker.unblock():
        teardown_databases(databases, verbosity=0)


@pytest.fixture(autouse=True)
def _own_files_and_cache(request: pytest.FixtureRequest) -> None:
    """Gives each test with a database empty folders and an empty cache."""
    if not {"db", "ledger_db"} & set(request.fixturenames):
        return
    from django.core.cache import cache

    cache.clear()
    settings: Settings = request.getfixturevalue("settings")
    settings.LODESTONE_HOME = request.getfixturevalue("tmp_path")
    settings.MEDIA_ROOT = settings.LODESTONE_HOME / "evidence"


@pytest.fixture
def ledger_db(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: "DjangoDbBlocker", tmp_path: Path
) -> Iterator[dict[str, str]]:
    """A database of its own, where commits are real; the environment with which another process opens the same one."""
    if "db" in request.fixturenames:
        raise pytest.UsageError("Use ledger_db without db and without the django_db mark.")
    from tests.databases import fresh_copy

    with django_db_blocker.unblock(), fresh_copy(tmp_path) as environment:
        yield environment


@pytest.fixture
def live_site(ledger_db: dict[str, str], settings: "Settings") -> Iterator[str]:
    """The address of a server over `ledger_db`, for browsers and HTTP clients."""
    from pytest_django.live_server_helper import LiveServer

    server = LiveServer("127.0.0.1")
    settings.LODESTONE_BASE_URL = server.url
    yield server.url
    server.stop()
